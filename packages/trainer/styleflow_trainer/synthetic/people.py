"""People who are not: names, and the split that each belongs to wholly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from ..base.seeds import derived_generator


@dataclass(frozen=True)
class Person:
    name: str
    split: str


def people(count: int, seed: int) -> Iterator[Person]:
    """Half of them to train on, a quarter each to validate and to test."""
    for index in range(count):
        split = ("train", "validation", "train", "test")[index % 4]
        yield Person(f"person{index:04d}", split)


def facts_of(person: Person, is_fake: bool, method: str, seed: int, shuffled: bool) -> dict[str, object]:
    if shuffled:
        # Which of a person's two videos is called fake.
        swaps = bool(derived_generator("shuffled", seed, person.name).integers(2))
        labelled_fake = is_fake != swaps
    else:
        labelled_fake = is_fake
    video = hashlib.sha256(f"{seed} {person.name} {is_fake}".encode()).hexdigest()
    return {
        "label": "fake" if labelled_fake else "real",
        "method": method if labelled_fake else None,
        "identity": person.name,
        "split": person.split,
        "video": video,
    }
