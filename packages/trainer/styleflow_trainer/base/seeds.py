"""Seeds that are derived, never drawn: the same words give the same seed in every process and on every machine."""

from __future__ import annotations

import hashlib

import numpy as np


def derived_seed(*words: object) -> int:
    """A whole number of 63 bits from the words (what it is for, the run's seed, a sample's id)."""
    text = "\x1f".join(str(word) for word in words)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def derived_generator(*words: object) -> np.random.Generator:
    """numpy's generator on the seed of the words."""
    return np.random.Generator(np.random.PCG64(derived_seed(*words)))
