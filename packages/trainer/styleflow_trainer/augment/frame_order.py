"""Frames that are lost or shown twice, as streams do it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def frame_order(frames: int, random: np.random.Generator) -> NDArray[np.int64]:
    """
    Which frame is shown at each place. Up to three places each show the frame before once more (a repeat), or leave one out
    so that all later ones come earlier (a drop; the last frame then stands still).
    """
    order = np.arange(frames)
    for _ in range(int(random.integers(1, 4))):
        at = int(random.integers(1, frames))
        if random.integers(2):
            order[at] = order[at - 1]
        else:
            order[at:-1] = order[at + 1 :]
    return order
