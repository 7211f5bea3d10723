"""How strongly a clip is forged, drawn once for each clip: the same seed and key give the same forgery."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

REGIONS = ("face", "inner", "mouth", "eyes")
_REGION_SHARES = (0.5, 0.2, 0.2, 0.1)
CODECS = ("none", "h264", "jpeg")


@dataclass(frozen=True)
class Strengths:
    """Zero (or one, for factors) leaves its respect as it is. Pixels are those of the crop."""

    region: str
    # Which side of the border is changed in look; what is changed in time is always the inside.
    changes_inside: bool
    # How much of the copy is mixed in, 0..1, and how wide the border is, in radii of the region.
    opacity: float
    border: float
    # Exponent of the region's outline (2: an ellipse) and how far it wobbles, in radii.
    roundness: float
    wobble: float
    # Colour: factor and offset (0..255) of each channel, exponent of brightness, factor of saturation.
    gains: tuple[float, float, float]
    offsets: tuple[float, float, float]
    gamma: float
    saturation: float
    # Sharpness: sigma of a blur, amount of sharpening, and the scale that it went through (1: none).
    blur: float
    sharpen: float
    rescale: float
    # Place: factor of size, degrees, pixels.
    size: float
    turn: float
    shift: tuple[float, float]
    # Time: shake in pixels, frames by which the inside lags, frames that each picture of it is held, brightness from
    # frame to frame (share), and what it was encoded with.
    jitter: float
    lag: int
    hold: int
    flicker: float
    codec: str
    codec_quality: int

    def told(self) -> dict[str, Any]:
        """For KEY.json, rounded."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


def draw_strengths(random: np.random.Generator, strength: float) -> Strengths:
    """
    `strength` scales every difference: 1 as published self-blending roughly is, 0 none. Each respect is changed in only some
    of the clips, but never none of them all.
    """
    level = strength * random.uniform(0.4, 1.0)
    looks = _some_of(random, ("colour", "sharpness", "place"), 0.6)
    times = _some_of(random, ("jitter", "lag", "hold", "flicker", "codec"), 0.35)

    def around(middle: float, spread: float, when: bool) -> float:
        return middle + (random.uniform(-spread, spread) * level if when else 0.0)

    def upto(most: float, when: bool) -> float:
        return random.uniform(0.3, 1.0) * most * level if when else 0.0

    colour, sharp, place = (name in looks for name in ("colour", "sharpness", "place"))
    kind = random.choice(("blur", "sharpen", "rescale"))
    codec = str(random.choice(CODECS[1:])) if "codec" in times else "none"
    return Strengths(
        region=str(random.choice(REGIONS, p=_REGION_SHARES)),
        changes_inside=bool(random.random() < 0.7),
        opacity=float(random.choice((0.6, 0.8, 1.0, 1.0, 1.0))),
        border=float(random.uniform(0.03, 0.2)),
        roundness=float(random.uniform(1.7, 3.0)),
        wobble=float(random.uniform(0.0, 0.08)),
        gains=(around(1, 0.12, colour), around(1, 0.12, colour), around(1, 0.12, colour)),
        offsets=(around(0, 10, colour), around(0, 10, colour), around(0, 10, colour)),
        gamma=around(1, 0.2, colour),
        saturation=around(1, 0.35, colour),
        blur=upto(1.6, sharp and kind == "blur"),
        sharpen=upto(1.2, sharp and kind == "sharpen"),
        rescale=1 - upto(0.6, sharp and kind == "rescale"),
        size=around(1, 0.05, place),
        turn=around(0, 2.0, place),
        shift=(around(0, 4, place), around(0, 4, place)),
        jitter=upto(1.5, "jitter" in times),
        lag=int(random.integers(1, 4)) if "lag" in times and level > 0 else 0,
        hold=int(random.integers(2, 4)) if "hold" in times and level > 0 else 1,
        flicker=upto(0.06, "flicker" in times),
        codec=codec if level > 0 else "none",
        codec_quality=_quality(random, codec, level),
    )


def _some_of(random: np.random.Generator, names: tuple[str, ...], share: float) -> set[str]:
    """Each with that chance, at least one."""
    chosen = {name for name in names if random.random() < share}
    return chosen or {str(random.choice(names))}


def _quality(random: np.random.Generator, codec: str, level: float) -> int:
    if codec == "h264":
        return int(round(22 + 16 * level * random.uniform(0.4, 1.0)))
    if codec == "jpeg":
        return int(round(4 + 20 * level * random.uniform(0.3, 1.0)))
    return 0


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, (tuple, list)):
        return [_rounded(each) for each in value]
    return value
