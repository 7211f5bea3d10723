"""Brightness, contrast, saturation and a cast, as one matrix for every pixel of every frame."""

from __future__ import annotations

import numpy as np

from ..data.clip_codec import Clip

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def changed_colours(clip: Clip, random: np.random.Generator) -> Clip:
    saturation, contrast = random.uniform(0.6, 1.4), random.uniform(0.75, 1.25)
    cast = random.uniform(0.92, 1.08, 3).astype(np.float32)
    brightness = random.uniform(-25, 25)
    # out = contrast·(saturated − 128) + 128 + brightness; saturated = grey + saturation·(colour − grey).
    matrix = (saturation * np.eye(3) + (1 - saturation) * np.tile(LUMA, (3, 1))) * cast[:, None] * contrast
    shift = 128 * (1 - contrast) + brightness
    # Plane by plane, since a matrix product may round equal pixels of different frames differently.
    planes = [clip[..., colour].astype(np.float32) for colour in range(3)]
    result = np.empty_like(clip)
    for colour, row in enumerate(matrix.astype(np.float32)):
        values = planes[0] * row[0] + planes[1] * row[1] + planes[2] * row[2] + np.float32(shift)
        result[..., colour] = np.clip(np.rint(values, out=values), 0, 255, out=values)
    return result
