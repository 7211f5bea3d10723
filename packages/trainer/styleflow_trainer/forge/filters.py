"""Pictures as float32 [..., height, width, 3], 0..255: blur, scale, turn and shift, with numpy alone."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]


def blurred(pictures: Floats, sigma: float) -> Floats:
    """A Gaussian in both directions; the border is continued."""
    if sigma < 0.05:
        return pictures
    reach = max(1, int(np.ceil(3 * sigma)))
    at = np.arange(-reach, reach + 1)
    weights = np.exp(-(at**2) / (2 * sigma**2))
    weights = (weights / weights.sum()).astype(np.float32)
    out = pictures
    for axis in (-3, -2):
        length = out.shape[axis]
        padding = [(0, 0)] * out.ndim
        padding[axis] = (reach, reach)
        wide = np.pad(out, padding, mode="edge")
        total = np.zeros_like(out)
        for n, weight in enumerate(weights):
            total += weight * np.take(wide, range(n, n + length), axis=axis)
        out = total
    return out


def sharpened(pictures: Floats, amount: float) -> Floats:
    """Unsharp masking."""
    if amount < 0.01:
        return pictures
    return np.clip(pictures + amount * (pictures - blurred(pictures, 1.2)), 0, 255).astype(np.float32)


def rescaled(pictures: Floats, factor: float) -> Floats:
    """Down to this factor of its size and back up, as if it came from a smaller picture."""
    side = pictures.shape[-2]
    small = max(16, int(round(side * factor)))
    if small >= side:
        return pictures
    # Before it shrinks, what the small one cannot hold is taken out.
    return _resized(_resized(blurred(pictures, 0.4 * side / small), small), side)


def _resized(pictures: Floats, side: int) -> Floats:
    out = pictures
    for axis in (-3, -2):
        length = out.shape[axis]
        places = np.clip((np.arange(side) + 0.5) * length / side - 0.5, 0, length - 1)
        low = np.floor(places).astype(int)
        high = np.minimum(low + 1, length - 1)
        part = (places - low).astype(np.float32)
        shape = [1] * out.ndim
        shape[axis] = side
        part = part.reshape(shape)
        out = np.take(out, low, axis=axis) * (1 - part) + np.take(out, high, axis=axis) * part
    return out.astype(np.float32)


def moved(picture: Floats, middle: Floats, size: float, degrees: float, shift: Floats) -> Floats:
    """One picture [height, width, 3]: grown and turned around `middle`, then shifted. Bilinear; the border is continued."""
    height, width, _ = picture.shape
    turn = np.deg2rad(degrees)
    cos, sin = np.cos(turn) / size, np.sin(turn) / size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    dx, dy = x - middle[0] - shift[0], y - middle[1] - shift[1]
    from_x = np.clip(cos * dx + sin * dy + middle[0], 0, width - 1)
    from_y = np.clip(cos * dy - sin * dx + middle[1], 0, height - 1)
    left, top = np.floor(from_x).astype(np.intp), np.floor(from_y).astype(np.intp)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    part_x, part_y = (from_x - left)[..., None], (from_y - top)[..., None]
    upper = picture[top, left] * (1 - part_x) + picture[top, right] * part_x
    lower = picture[bottom, left] * (1 - part_x) + picture[bottom, right] * part_x
    moved_picture: Floats = (upper * (1 - part_y) + lower * part_y).astype(np.float32)
    return moved_picture


def recoloured(
    pictures: Floats,
    gains: tuple[float, float, float],
    offsets: tuple[float, float, float],
    gamma: float,
    saturation: float,
) -> Floats:
    grey = pictures.mean(axis=-1, keepdims=True)
    out = grey + saturation * (pictures - grey)
    out = out * np.asarray(gains, dtype=np.float32) + np.asarray(offsets, dtype=np.float32)
    return (255 * (np.clip(out, 0, 255) / 255) ** np.float32(gamma)).astype(np.float32)
