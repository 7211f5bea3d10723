"""What is done to a clip, drawn from the seed of its item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..base.seeds import derived_generator
from ..data.clip_codec import Clip
from .colour import changed_colours
from .compression import through_h264, through_jpeg
from .frame_order import frame_order
from .spatial import blurred, erased, flipped


@dataclass(frozen=True)
class Chances:
    """How often each change is made."""

    flip: float
    colour: float
    compress: float
    blur: float
    erase: float
    frames: float


def augment(clip: Clip, chances: Chances, seed: int) -> tuple[Clip, NDArray[np.int64]]:
    """
    The changed clip, and which of its frames now stands where (for style codes, which go along). Each change draws from a
    generator of its own, so that one more or less leaves the others as they are.
    """

    def drawn(name: str) -> np.random.Generator:
        return derived_generator("augment", name, seed)

    def happens(name: str) -> bool:
        return bool(derived_generator("happens", name, seed).random() < getattr(chances, name))

    order = np.arange(len(clip))
    if happens("frames"):
        order = frame_order(len(clip), drawn("frames"))
        clip = np.ascontiguousarray(clip[order])
    if happens("flip"):
        clip = flipped(clip)
    if happens("colour"):
        clip = changed_colours(clip, drawn("colour"))
    if happens("blur"):
        clip = blurred(clip, drawn("blur"))
    if happens("compress"):
        random = drawn("compress")
        if random.integers(2):
            clip = through_h264(clip, int(random.integers(18, 36)))
        else:
            clip = through_jpeg(clip, int(random.integers(2, 16)))
    # Last: a codec would soften its edge.
    if happens("erase"):
        clip = erased(clip, drawn("erase"))
    return clip, order
