"""The lossless clip format, both versions (docs/clip-format.md): a stored object ⇄ uint8 [32, 256, 256, 3], RGB."""

from __future__ import annotations

import hashlib
import zlib
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..base.faults import InputFault
from ..networks.clip_shape import CLIP_FRAMES, CROP_SIDE
from .brotli_stream import brotli_unpacker

Clip: TypeAlias = NDArray[np.uint8]

SHAPE = (CLIP_FRAMES, CROP_SIDE, CROP_SIDE, 3)
CLIP_BYTES = CLIP_FRAMES * CROP_SIDE * CROP_SIDE * 3
DIGEST_BYTES = 16


def decode_clip(stored: bytes, name: str) -> Clip:
    """Raises InputFault, naming the clip, for what is no clip, of another size, cut short or damaged."""
    magic = stored[:4]
    if magic == b"SFC2":
        return _from_planes(_unpacked_planes(stored, name))
    if magic == b"SFC1":
        return _from_pixels(_unpacked_pixels(stored, name))
    raise InputFault(f"{name} is no clip: it begins with {magic!r}, expected SFC1 or SFC2 (docs/clip-format.md)")


def encode_clip(clip: Clip) -> bytes:
    """Version 1, which needs nothing but zlib: for data sets that the trainer makes itself."""
    if clip.shape != SHAPE or clip.dtype != np.uint8:
        raise ValueError(f"a clip is uint8 {SHAPE}, not {clip.dtype} {clip.shape}")
    in_time = clip.copy()
    in_time[1:] -= clip[:-1]
    flat = in_time.reshape(-1, 3)
    steps = flat.copy()
    steps[1:] -= flat[:-1]
    steps[:, 0] -= steps[:, 1]
    steps[:, 2] -= steps[:, 1]
    packer = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    return b"SFC1" + packer.compress(steps.tobytes()) + packer.flush()


def _unpacked_planes(stored: bytes, name: str) -> NDArray[np.uint8]:
    packed = stored[4 + DIGEST_BYTES :]
    if hashlib.sha256(packed).digest()[:DIGEST_BYTES] != stored[4 : 4 + DIGEST_BYTES]:
        raise InputFault(f"{name} is damaged: its digest is another")
    try:
        values = brotli_unpacker()(packed, CLIP_BYTES)
    except ValueError as error:
        raise InputFault(f"{name} is damaged or of another size: {error}") from error
    return _whole(values, name).reshape(3, CLIP_FRAMES, CROP_SIDE * CROP_SIDE)


def _unpacked_pixels(stored: bytes, name: str) -> NDArray[np.uint8]:
    unpacker = zlib.decompressobj()
    try:
        # One byte more than a clip has, to notice a longer one.
        values = unpacker.decompress(stored[4:], CLIP_BYTES + 1)
    except zlib.error as error:
        raise InputFault(f"{name} is damaged: {error}") from error
    if not unpacker.eof and len(values) <= CLIP_BYTES:
        values += unpacker.flush()
        if not unpacker.eof:
            raise InputFault(f"{name} is cut short")
    return _whole(values, name).reshape(-1, 3)


def _whole(values: bytes, name: str) -> NDArray[np.uint8]:
    if len(values) != CLIP_BYTES:
        raise InputFault(f"{name} has {len(values)} values, expected {CLIP_BYTES} (32 × 256 × 256 × 3)")
    return np.frombuffer(values, dtype=np.uint8)


def _from_planes(planes: NDArray[np.uint8]) -> Clip:
    """Differences in planes of a colour, red and blue less green → values."""
    clip = np.empty((CLIP_FRAMES, CROP_SIDE * CROP_SIDE, 3), dtype=np.uint8)
    green = planes[1]
    for colour in range(3):
        plane = green if colour == 1 else planes[colour] + green
        steps = np.cumsum(plane.reshape(-1), dtype=np.uint8).reshape(CLIP_FRAMES, -1)
        clip[:, :, colour] = _added_in_time(steps)
    return clip.reshape(SHAPE)


def _from_pixels(pixels: NDArray[np.uint8]) -> Clip:
    clip = np.empty((CLIP_FRAMES, CROP_SIDE * CROP_SIDE, 3), dtype=np.uint8)
    for colour in range(3):
        plane = pixels[:, 1] if colour == 1 else pixels[:, colour] + pixels[:, 1]
        steps = np.cumsum(plane, dtype=np.uint8).reshape(CLIP_FRAMES, -1)
        clip[:, :, colour] = _added_in_time(steps)
    return clip.reshape(SHAPE)


def _added_in_time(steps: NDArray[np.uint8]) -> NDArray[np.uint8]:
    # Frame by frame in place: a cumulative sum along the first axis would stride through memory.
    for frame in range(1, CLIP_FRAMES):
        steps[frame] += steps[frame - 1]
    return steps
