"""
What a loader process does in a second: `python tests/measure_loader.py` (CPU seconds of this process and of the ffmpeg that
it starts, so that a busy machine changes little).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from made import made_clips, small_detector
from places import CLIPS

from styleflow_trainer.augment.compression import through_h264, through_jpeg
from styleflow_trainer.data.clip_codec import decode_clip, encode_clip

ROUNDS = 5


def cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measure(name: str, work: Callable[[], object]) -> None:
    work()
    started, elapsed = cpu_seconds(), time.monotonic()
    for _ in range(ROUNDS):
        work()
    each = (cpu_seconds() - started) / ROUNDS
    wall = (time.monotonic() - elapsed) / ROUNDS
    rate = f"{1 / each:6.1f} clips/s a core"
    print(f"{name:32} {each * 1000:7.0f} ms of CPU  {rate}  ({wall * 1000:.0f} ms elapsed)", flush=True)


def main() -> None:
    torch.set_num_threads(1)
    random = np.random.default_rng(1)
    y, x = np.mgrid[0:256, 0:256]
    waves = 128 + 50 * np.sin(x / 30)[None, ..., None] + 40 * np.cos(y / 41)[None, ..., None]
    clip = np.clip(waves + random.normal(0, 3, (32, 256, 256, 3)), 0, 255).astype(np.uint8)
    first, golden = encode_clip(clip), (CLIPS / "clip.sfc2").read_bytes()
    print(f"version 1, noisy: {len(first) / 1e6:.2f} MB; version 2, the golden clip: {len(golden) / 1e6:.2f} MB")
    measure("unpack version 1 (noisy)", lambda: decode_clip(first, "first"))
    measure("unpack version 2 (golden, smooth)", lambda: decode_clip(golden, "golden"))
    measure("H.264 there and back", lambda: through_h264(clip, 28))
    measure("JPEG there and back", lambda: through_jpeg(clip, 8))
    with tempfile.TemporaryDirectory() as folder:
        data = made_clips(Path(folder), 4)
        for name, changes in (("item, default chances", {"compress": 0.3}), ("item, no compression", {"compress": 0.0})):
            task = small_detector(data, **changes)
            places = iter(range(10_000))
            measure(name, lambda: [task.load(next(places)) for _ in range(4)])
            print(f"{'':32} (four items each)")


if __name__ == "__main__":
    main()
