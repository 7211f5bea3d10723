"""Logistic regression on a handful of facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .file_facts import FileFacts

Floats: TypeAlias = NDArray[np.float64]

# Weight of the squared coefficients: enough that a fact which parts the classes wholly does not run away.
RIDGE = 0.1
STEPS = 30


def fit_and_score(train: Sequence[FileFacts], is_fake: Sequence[bool], others: Sequence[FileFacts]) -> Floats:
    """Logits of the others by what the training files taught. Squares are facts, too: a fake may lie on either side."""
    plain = np.asarray([facts.numbers for facts in train], dtype=np.float64)
    middle, spread = plain.mean(axis=0), plain.std(axis=0)
    known = sorted({(at, word) for facts in train for at, word in enumerate(facts.words)})

    def features(files: Sequence[FileFacts]) -> Floats:
        numbers = np.asarray([facts.numbers for facts in files], dtype=np.float64) - middle
        # What is equal in all training files teaches nothing, and would be divided by zero.
        scaled = np.where(spread > 1e-9, numbers / np.where(spread > 1e-9, spread, 1), 0).clip(-5, 5)
        words = np.asarray([[float(facts.words[at] == word) for at, word in known] for facts in files])
        return np.concatenate([np.ones((len(files), 1)), scaled, scaled**2, words], axis=1)

    weights = _newton(features(train), np.asarray(is_fake, dtype=np.float64))
    return features(others) @ weights


def _newton(facts: Floats, wanted: Floats) -> Floats:
    weights = np.zeros(facts.shape[1])
    ridge = RIDGE * np.eye(facts.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(facts @ weights).clip(-30, 30)))
        slope = facts.T @ (chance - wanted) + RIDGE * weights
        curve = (facts * (chance * (1 - chance))[:, None]).T @ facts + ridge
        weights = weights - np.linalg.solve(curve, slope)
    return weights
