"""Pictures for people: what was forged beside what it was forged from."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..data.clip_codec import Clip

_SHOWN = (0, 8, 16, 24, 31)


def draw_pair(path: Path, real: Clip, forged: Clip, masks: NDArray[np.float32]) -> None:
    """A PNG of four rows: the real crops, the forged ones, the mask, and four times the difference around grey."""
    rows = []
    difference = np.clip(128 + 4 * (forged.astype(np.int16) - real.astype(np.int16)), 0, 255).astype(np.uint8)
    grey = np.repeat(np.rint(masks * 255).astype(np.uint8)[..., None], 3, axis=-1)
    for pictures in (real, forged, grey, difference):
        rows.append(np.concatenate([pictures[frame] for frame in _SHOWN], axis=1))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_png(np.concatenate(rows, axis=0)))


def _png(pixels: NDArray[np.uint8]) -> bytes:
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, width * 3)], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
