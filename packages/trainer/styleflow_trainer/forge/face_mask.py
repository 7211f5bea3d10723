"""Where the copy is blended in: a region of the face by its five points, as shares of 0..1 of each pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .strengths import Strengths

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class _Shape:
    """Middle along the way from eyes (0) to mouth (1), half height in such ways, half width in distances of the eyes."""

    middle: float
    half_height: float
    half_width: float


# Proportions of a frontal face: brows a good quarter above the eyes, chin three quarters below the mouth.
_SHAPES = {
    "face": _Shape(0.62, 1.12, 1.02),
    "inner": _Shape(0.55, 0.85, 0.82),
    "mouth": _Shape(1.08, 0.42, 0.62),
    "eyes": _Shape(0.0, 0.32, 0.95),
}
_HARMONICS = 4


@dataclass(frozen=True)
class Outline:
    """How the region's border wobbles: cosines around it, the same in every frame."""

    heights: Floats
    phases: Floats


def draw_outline(random: np.random.Generator) -> Outline:
    heights = random.normal(0, 1, _HARMONICS) / np.arange(1, _HARMONICS + 1)
    phases = random.uniform(0, 2 * np.pi, _HARMONICS)
    return Outline(heights.astype(np.float32), phases.astype(np.float32))


def frame_axes(points: Sequence[Sequence[float]]) -> tuple[Floats, Floats, Floats]:
    """Middle of the eyes, the way from eye to eye, the way from the eyes to the mouth. Points as KEY.json has them."""
    eye, other, _, corner, opposite = (np.asarray(point, dtype=np.float32) for point in points)
    eyes = (eye + other) / 2
    return eyes, other - eye, (corner + opposite) / 2 - eyes


def face_mask(points: Sequence[Sequence[float]], side: int, outline: Outline, strengths: Strengths) -> Floats:
    """[side, side]; 1 well inside, 0 well outside."""
    shape = _SHAPES[strengths.region]
    eyes, across, down = frame_axes(points)
    middle = eyes + shape.middle * down
    # Coordinates in the face's own axes, of which a profile may have nearly parallel ones.
    width, height = max(float(np.hypot(*across)), 8.0), max(float(np.hypot(*down)), 8.0)
    turn = float(np.arctan2(across[1], across[0]))
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    dx, dy = x - middle[0], y - middle[1]
    u = (dx * np.cos(turn) + dy * np.sin(turn)) / (shape.half_width * width)
    v = (dy * np.cos(turn) - dx * np.sin(turn)) / (shape.half_height * height)
    power = strengths.roundness
    radius = (np.abs(u) ** power + np.abs(v) ** power) ** (1 / power)
    angle = np.arctan2(v, u)
    border = np.ones_like(radius)
    for at, (wave, phase) in enumerate(zip(outline.heights, outline.phases), start=1):
        border += strengths.wobble * wave * np.cos(at * angle + phase)
    steep = np.clip((radius / np.maximum(border, 0.3) - 1) / strengths.border * 4, -30, 30)
    return (1 / (1 + np.exp(steep))).astype(np.float32)
