"""Clips of a moving pattern; in fakes a region flickers from frame to frame."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..base.seeds import derived_generator
from ..data.clip_codec import Clip
from ..data.write_dataset import MadeSample
from ..networks.clip_shape import CLIP_FRAMES, CROP_SIDE
from .people import Person, facts_of, people


def flicker_samples(count: int, seed: int, shuffled: bool) -> Iterator[MadeSample]:
    """Each of `count` people once real and once fake, from the same pattern."""
    for person in people(count, seed):
        pattern = moving_pattern(person, seed)
        for is_fake in (False, True):
            clip = with_flicker(pattern, person, seed) if is_fake else pattern
            facts = facts_of(person, is_fake, "flicker", seed, shuffled)
            yield MadeSample(f"{person.name}-{'fake' if is_fake else 'real'}", facts, clip=clip)


def moving_pattern(person: Person, seed: int) -> Clip:
    """Waves in colours of the person's own, which drift by up to a pixel a frame."""
    random = derived_generator("pattern", seed, person.name)
    room = CROP_SIDE + 2 * CLIP_FRAMES
    y, x = np.mgrid[0:room, 0:room].astype(np.float32) / CROP_SIDE
    picture = np.empty((room, room, 3), dtype=np.uint8)
    level, depth = random.uniform(90, 160), random.uniform(25, 60)
    for colour in range(3):
        across, down, phase = random.uniform(1, 5), random.uniform(1, 5), random.uniform(0, 6)
        picture[:, :, colour] = level + depth * np.sin(2 * np.pi * (down * y + across * x) + phase)
    speeds = random.uniform(-1, 1, 2)
    clip = np.empty((CLIP_FRAMES, CROP_SIDE, CROP_SIDE, 3), dtype=np.uint8)
    for frame in range(CLIP_FRAMES):
        top, left = (CLIP_FRAMES + round(speed * frame) for speed in speeds)
        clip[frame] = picture[top : top + CROP_SIDE, left : left + CROP_SIDE]
    return clip


def with_flicker(clip: Clip, person: Person, seed: int) -> Clip:
    """A square of half the side, brighter and darker by turns of one or two frames."""
    random = derived_generator("flicker", seed, person.name)
    top, left = (int(each) for each in random.integers(16, CROP_SIDE // 2 - 16, 2))
    strength = random.uniform(14, 28)
    signs = np.where(random.integers(0, 2, CLIP_FRAMES) == 1, strength, -strength)
    square = (slice(None), slice(top, top + CROP_SIDE // 2), slice(left, left + CROP_SIDE // 2))
    result = clip.copy()
    result[square] = np.clip(clip[square].astype(np.float32) + signs[:, None, None, None], 0, 255).astype(np.uint8)
    return result
