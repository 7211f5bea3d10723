"""From the bytes of a clip to what the content network sees: Pillow's bicubic resize, to the byte, on any device."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from .clip_shape import CONTENT_SIDE

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)

# Pillow's weights are whole numbers of this many fraction bits.
FRACTION_BITS = 22
# Weights are split into PART·high + low, so that sums of either are whole numbers that a float32 holds.
PART = 1 << (FRACTION_BITS // 2)


def _cubic(x: float) -> float:
    x = abs(x)
    if x < 1:
        return (1.5 * x - 2.5) * x * x + 1
    if x < 2:
        return ((-0.5 * x + 2.5) * x - 4) * x + 2
    return 0.0


@lru_cache(maxsize=8)
def resize_weights(old: int, new: int) -> tuple[Tensor, Tensor]:
    """Matrices [new, old] of the high and low parts of Pillow's weights (bicubic, a = −0.5, antialiased)."""
    scale = old / new
    reach = 2.0 * max(scale, 1.0)
    whole = np.zeros((new, old), dtype=np.int64)
    for row in range(new):
        centre = (row + 0.5) * scale
        first = max(0, int(centre - reach + 0.5))
        last = min(old, int(centre + reach + 0.5))
        taps = [_cubic((at - centre + 0.5) / max(scale, 1.0)) for at in range(first, last)]
        total = sum(taps)
        for at, tap in enumerate(taps):
            value = tap / total * (1 << FRACTION_BITS)
            whole[row, first + at] = int(value - 0.5 if value < 0 else value + 0.5)
    high = whole // PART
    return torch.from_numpy(high.astype(np.float32)), torch.from_numpy((whole - high * PART).astype(np.float32))


def _resized_columns(pictures: Tensor, new: int) -> Tensor:
    """Bytes as floats [..., old] → [..., new], rounded and clipped as Pillow does between its passes."""
    high, low = (part.to(pictures.device) for part in resize_weights(pictures.shape[-1], new))
    rows = pictures.flatten(0, -2)
    sums = (rows @ high.T).to(torch.int32).mul_(PART).add_((rows @ low.T).to(torch.int32))
    resized = sums.add_(1 << (FRACTION_BITS - 1)).bitwise_right_shift_(FRACTION_BITS).clamp_(0, 255).float()
    return resized.view(*pictures.shape[:-1], new)


@torch.no_grad()
def content_frames(clips: Tensor, side: int = CONTENT_SIDE) -> Tensor:
    """Clips uint8 [B, 32, 256, 256, 3] → ImageNet-normalised float [B, 3, 32, side, side]."""
    with torch.autocast(clips.device.type, enabled=False):
        # Colour by colour: one copy of all at once takes several times as long.
        pictures = torch.stack([clips[..., colour].float() for colour in range(3)], dim=1)
        small = _resized_columns(pictures, side)
        small = _resized_columns(small.transpose(3, 4).contiguous(), side).transpose(3, 4)
        mean = torch.tensor(IMAGENET_MEAN, device=clips.device).view(3, 1, 1, 1)
        deviation = torch.tensor(IMAGENET_DEVIATION, device=clips.device).view(3, 1, 1, 1)
        return ((small / 255 - mean) / deviation).contiguous()
