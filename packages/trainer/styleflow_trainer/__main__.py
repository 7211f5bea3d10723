"""`python -m styleflow_trainer`: looks at the machine first, so that what it lacks is told as a sentence."""

import sys

OLDEST = (3, 10)


def main():  # type: ignore[no-untyped-def]
    """Exit codes: 0 done, 1 the run failed, 2 what was given was refused, 143 stopped on request with everything saved."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "error: invalid_request: the trainer needs Python %d.%d or newer, and this is Python %d.%d (%s)\n"
            % (OLDEST + sys.version_info[:2] + (sys.executable,))
        )
        return 2
    missing = []
    for name in ("torch", "numpy"):
        try:
            __import__(name)
        except ImportError:
            missing.append(name)
    if missing:
        sys.stderr.write(
            "error: invalid_request: %s lacks %s: apt-get install python3-torch python3-numpy (for Debian's python3), "
            "or %s -m pip install torch numpy\n" % (sys.executable, " and ".join(missing), sys.executable)
        )
        return 2
    from styleflow_trainer.command_line import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
