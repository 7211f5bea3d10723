"""
Which clips a place in the training is made of: a function of the run's seed and the place alone. So a run that goes on
after a stop, or on other ranks, sees the same clips in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..base.faults import InputFault
from ..base.seeds import derived_generator
from .dataset import Sample

# Group → its videos → their clips, each in the order of names.
Groups = dict[str, list[list[Sample]]]


def groups_of(samples: Sequence[Sample], split: str) -> Groups:
    """Raises InputFault when one class is missing: nothing could be learned."""
    nested: dict[str, dict[str, list[Sample]]] = {}
    for sample in samples:
        nested.setdefault(sample.facts.group, {}).setdefault(sample.facts.video, []).append(sample)
    kinds = {"real" if group == "real" else "fake" for group in nested}
    if kinds != {"real", "fake"}:
        there = ", ".join(sorted(kinds)) or "nothing"
        raise InputFault(f"the split {split} holds one class alone ({there}): it needs real and fake clips")
    return {group: [videos[video] for video in sorted(videos)] for group, videos in sorted(nested.items())}


class BalancedDraws:
    """
    Real and fake by turns, and each method of fakes as often as every other. Within a group every video comes once before
    one comes again, with a clip drawn anew.
    """

    def __init__(self, samples: Sequence[Sample], seed: int) -> None:
        self._groups = groups_of(samples, "train")
        self._methods = [group for group in self._groups if group != "real"]
        self._seed = seed
        self._order = lru_cache(maxsize=64)(self._order_of)

    def at(self, position: int) -> Sample:
        turn, is_fake = divmod(position, 2)
        if not is_fake:
            return self._draw("real", turn)
        turn, method = divmod(turn, len(self._methods))
        return self._draw(self._methods[method], turn)

    def _draw(self, group: str, turn: int) -> Sample:
        videos = self._groups[group]
        cycle, place = divmod(turn, len(videos))
        clips = videos[int(self._order(group, cycle)[place])]
        chosen = derived_generator("clip", self._seed, clips[0].facts.video, group, cycle).integers(len(clips))
        return clips[int(chosen)]

    def _order_of(self, group: str, cycle: int) -> NDArray[np.int64]:
        return derived_generator("order", self._seed, group, cycle).permutation(len(self._groups[group]))


class TripletDraws:
    """Anchor, positive of its class, negative of the other; the anchor's class is drawn evenly."""

    def __init__(self, samples: Sequence[Sample], seed: int) -> None:
        self._groups = groups_of(samples, "train")
        self._methods = [group for group in self._groups if group != "real"]
        self._seed = seed

    def at(self, position: int) -> tuple[Sample, Sample, Sample]:
        random = derived_generator("triplet", self._seed, position)
        is_fake = bool(random.integers(2))
        anchor = self._draw(is_fake, random)
        positive = self._draw(is_fake, random)
        # A clip is no evidence about itself. A class of one clip has no other.
        for _ in range(8):
            if positive.key != anchor.key:
                break
            positive = self._draw(is_fake, random)
        return anchor, positive, self._draw(not is_fake, random)

    def _draw(self, is_fake: bool, random: np.random.Generator) -> Sample:
        group = self._methods[int(random.integers(len(self._methods)))] if is_fake else "real"
        videos = self._groups[group]
        clips = videos[int(random.integers(len(videos)))]
        return clips[int(random.integers(len(clips)))]


def fixed_clips(samples: Sequence[Sample], per_video: int) -> list[Sample]:
    """The clips that every validation judges: of each video the same ones, spread evenly over it."""
    videos: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        videos.setdefault((sample.facts.group, sample.facts.video), []).append(sample)
    chosen: list[Sample] = []
    for _, clips in sorted(videos.items()):
        count = len(clips) if per_video == 0 else min(per_video, len(clips))
        chosen.extend(clips[index * len(clips) // count] for index in range(count))
    return chosen
