"""The forger's arguments."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ..base.faults import InputFault, RunFault
from ..base.keep_memory import keep_freed_memory
from .forge_dataset import Forging, forge_dataset
from .write_videos import write_videos


def run(arguments: Sequence[str]) -> int:
    """The exit code, with what went wrong as one line on stderr."""
    options = _parser().parse_args(arguments)
    # The forging processes are forks of this one and keep to it.
    keep_freed_memory()
    forging = Forging(
        seed=options.seed,
        per_clip=options.per_clip,
        strength=options.strength,
        method=options.method,
        pictures=options.pictures,
        workers=options.workers,
    )
    try:
        clips = forge_dataset(options.dataset, options.out, forging, lambda line: print(line, file=sys.stderr, flush=True))
        splits = ("train", "validation", "test") if options.videos == "all" else (options.videos,)
        videos = None if options.videos is None else write_videos(options.out, splits, options.seed, options.workers)
    except InputFault as fault:
        print(f"error: invalid_request: {fault}", file=sys.stderr)
        return 2
    except RunFault as fault:
        print(f"error: internal: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: canceled: interrupted; the same command goes on where it stopped", file=sys.stderr)
        return 2
    print(f"{options.out}: {clips} forged clips beside what {options.dataset} has; pictures in {options.out / 'pictures'}")
    if videos is not None:
        print(f"videos of the clips, for styleflow evaluate: {videos}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="styleflow dataset forge",
        description="Makes fakes of the real clips of a data set by blending faces into themselves.",
    )
    parser.add_argument("dataset", type=Path, help="folder of a data set")
    parser.add_argument("--out", type=Path, required=True, help="folder of the new one: the old one and the fakes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-clip", type=_from_one, default=1, help="fakes of each real clip")
    parser.add_argument("--strength", type=_strength, default=1.0, help="scales every difference, 0 to 2")
    parser.add_argument("--method", type=_method, default="forged", help="what the fakes are called")
    parser.add_argument("--pictures", type=int, default=12, help="how many are drawn beside their real clip")
    about = "also write the clips of a split, real and forged, as videos with a manifest for styleflow evaluate"
    parser.add_argument("--videos", choices=("train", "validation", "test", "all"), help=about)
    parser.add_argument("--workers", type=_from_one, default=os.cpu_count() or 1, help="processes")
    return parser


def _from_one(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("allowed: a whole number from 1")
    return value


def _strength(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 2:
        raise argparse.ArgumentTypeError("allowed: a number from 0 to 2")
    return value


def _method(text: str) -> str:
    if not text.isascii() or not text.replace("-", "").isalnum():
        raise argparse.ArgumentTypeError("allowed: letters, digits and -")
    return text
