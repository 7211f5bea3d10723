"""`python -m styleflow_trainer.forge DATASET --out DIR`: fakes from the real clips of a data set."""

import sys

OLDEST = (3, 10)


def main():  # type: ignore[no-untyped-def]
    """Exit codes: 0 done, 1 failed, 2 what was given was refused."""
    try:
        if sys.version_info < OLDEST:
            raise ImportError("Python %d.%d or newer" % OLDEST)
        __import__("numpy")
    except ImportError as error:
        sys.stderr.write("error: invalid_request: %s needs Python 3.10 and numpy: %s\n" % (sys.executable, error))
        return 2
    from styleflow_trainer.forge.command_line import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
