"""Flip, blur and erase."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..data.clip_codec import Clip


def flipped(clip: Clip) -> Clip:
    return np.ascontiguousarray(clip[:, :, ::-1])


def blurred(clip: Clip, random: np.random.Generator) -> Clip:
    """A Gaussian of one width for the whole clip."""
    matrix = _gaussian(clip.shape[1], float(random.uniform(0.4, 1.8)))
    # As products with a band matrix: far quicker than a convolution of single planes.
    values = np.ascontiguousarray(clip.transpose(0, 3, 1, 2)).astype(np.float32)
    values = np.ascontiguousarray((values @ matrix.T).swapaxes(2, 3)) @ matrix.T
    frames = np.clip(np.rint(values, out=values), 0, 255, out=values).astype(np.uint8)
    return np.ascontiguousarray(frames.transpose(0, 3, 2, 1))


def _gaussian(side: int, sigma: float) -> NDArray[np.float32]:
    """Rows that sum to 1, edges included."""
    at = np.arange(side)
    weights = np.exp(-0.5 * ((at[:, None] - at[None, :]) / sigma) ** 2)
    weights[np.abs(at[:, None] - at[None, :]) > 3 * sigma] = 0
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def erased(clip: Clip, random: np.random.Generator) -> Clip:
    """One rectangle of 2 to 20 % of the picture in the clip's mean colour, where it is in every frame."""
    side = clip.shape[1]
    area, ratio = random.uniform(0.02, 0.2) * side * side, np.exp(random.uniform(np.log(0.4), np.log(2.5)))
    height, width = (int(min(side - 1, max(1, np.sqrt(each)))) for each in (area * ratio, area / ratio))
    top, left = int(random.integers(side - height)), int(random.integers(side - width))
    result = clip.copy()
    result[:, top : top + height, left : left + width] = clip.mean((0, 1, 2)).astype(np.uint8)
    return result
