"""Style codes that drift; in fakes they jump once, in the fine layers, along one direction."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..base.seeds import derived_generator
from ..data.write_dataset import MadeSample
from ..networks.clip_shape import CLIP_FRAMES, STYLE_LAYERS
from .people import Person, facts_of, people

FINE = 7


def style_jump_samples(count: int, style_dim: int, seed: int, shuffled: bool) -> Iterator[MadeSample]:
    """Each of `count` people once real and once fake. `shuffled`: labels are drawn anew, and nothing can be learned."""
    for person in people(count, seed):
        for is_fake in (False, True):
            codes = drifting_codes(person, style_dim, seed)
            if is_fake:
                random = derived_generator("jump", seed, person.name)
                at = int(random.integers(4, CLIP_FRAMES - 4))
                codes[at:, FINE:] += np.float32(random.uniform(0.25, 0.6)) * direction(style_dim)
            facts = facts_of(person, is_fake, "jump", seed, shuffled)
            yield MadeSample(f"{person.name}-{'fake' if is_fake else 'real'}", facts, codes=codes)


def direction(style_dim: int) -> np.ndarray:
    """Where every jump goes, of length 1 in each layer's value on average."""
    return derived_generator("direction").normal(0, 1, (STYLE_LAYERS - FINE, style_dim)).astype(np.float32)


def drifting_codes(person: Person, style_dim: int, seed: int) -> np.ndarray:
    random = derived_generator("codes", seed, person.name)
    base = random.normal(0, 1, (STYLE_LAYERS, style_dim))
    steps = random.normal(0, 0.05 * random.uniform(0.7, 1.3), (CLIP_FRAMES, STYLE_LAYERS, style_dim))
    return (base + np.cumsum(steps, axis=0)).astype(np.float32)
