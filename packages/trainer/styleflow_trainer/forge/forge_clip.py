"""One real clip → one forged clip, and the share of the copy in every pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..augment.compression import through_h264, through_jpeg
from ..data.clip_codec import Clip
from .face_mask import draw_outline, face_mask, frame_axes
from .filters import blurred, moved, recoloured, rescaled, sharpened
from .strengths import Strengths

Floats: TypeAlias = NDArray[np.float32]
Points = Sequence[Sequence[Sequence[float]]]


def forge_clip(clip: Clip, points: Points, strengths: Strengths, random: np.random.Generator) -> tuple[Clip, Floats]:
    """
    clip: uint8 [32, 256, 256, 3]; points: [32][5][2], pixels of the crop. Answers the forged clip and the masks
    [32, 256, 256]. Raises RunFault where ffmpeg is needed and missing.
    """
    frames, side = clip.shape[0], clip.shape[1]
    outline = draw_outline(random)
    masks = np.stack([face_mask(each, side, outline, strengths) for each in points]) * np.float32(strengths.opacity)
    shake = _shake(random, frames, strengths.jitter)
    inside = _moved_in_time(_encoded(clip, strengths).astype(np.float32), points, shake, strengths)
    inside = inside * _flicker(random, frames, strengths.flicker)[:, None, None, None]
    outside = clip.astype(np.float32)
    if strengths.changes_inside:
        inside = _changed_look(inside, strengths)
    else:
        outside = _changed_look(outside, strengths)
    share = masks[..., None]
    blended = share * inside + (1 - share) * outside
    return np.clip(np.rint(blended), 0, 255).astype(np.uint8), masks


def _encoded(clip: Clip, strengths: Strengths) -> Clip:
    if strengths.codec == "h264":
        return through_h264(clip, strengths.codec_quality)
    if strengths.codec == "jpeg":
        return through_jpeg(clip, strengths.codec_quality)
    return clip


def _changed_look(pictures: Floats, strengths: Strengths) -> Floats:
    out = recoloured(pictures, strengths.gains, strengths.offsets, strengths.gamma, strengths.saturation)
    out = sharpened(blurred(out, strengths.blur), strengths.sharpen)
    return rescaled(out, strengths.rescale)


def _moved_in_time(pictures: Floats, points: Points, shake: Floats, strengths: Strengths) -> Floats:
    """
    The inside of every frame: taken from the frame that is due (late, or held), put where the face is now, and grown, turned
    and shifted. So its parts no longer move as the head does.
    """
    middles = np.stack([eyes + 0.5 * down for eyes, _, down in (frame_axes(each) for each in points)])
    out = np.empty_like(pictures)
    for frame in range(len(pictures)):
        due = max(0, frame - strengths.lag)
        due -= due % strengths.hold
        follow = middles[frame] - middles[due]
        shift = follow + shake[frame] + np.asarray(strengths.shift, dtype=np.float32)
        if due == frame and strengths.size == 1 and strengths.turn == 0 and not shift.any():
            out[frame] = pictures[frame]
        else:
            out[frame] = moved(pictures[due], middles[due], strengths.size, strengths.turn, shift)
    return out


def _shake(random: np.random.Generator, frames: int, pixels: float) -> Floats:
    """[frames, 2]: half of it wanders, half is new in every frame."""
    fresh = random.normal(0, 1, (frames, 2))
    wander = np.zeros((frames, 2))
    for frame in range(1, frames):
        wander[frame] = 0.8 * wander[frame - 1] + 0.6 * random.normal(0, 1, 2)
    shaken: Floats = (pixels * (0.5 * fresh + 0.5 * wander)).astype(np.float32)
    return shaken


def _flicker(random: np.random.Generator, frames: int, share: float) -> Floats:
    levels: Floats = (1 + share * random.normal(0, 1, frames)).clip(0.7, 1.3).astype(np.float32)
    return levels
