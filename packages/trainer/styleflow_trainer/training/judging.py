"""How well scores tell fake from real: the area under the ROC curve, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..base.seeds import derived_generator
from ..data.sample_facts import SampleFacts

DRAWS = 400


@dataclass(frozen=True)
class Judgement:
    """
    AUC over videos, where a video's score is the mean of its clips' logits (the protocol `original`, over the clips that
    were judged), with the 95 % interval of a bootstrap over identities (without identities, over videos). Of one identity
    alone there is nothing to draw from: both ends are NaN.
    """

    auc: float
    low: float
    high: float
    clip_auc: float
    # Share of clips on the right side of logit 0, the classes weighing the same.
    accuracy: float
    by_method: dict[str, float]
    videos: int
    clips: int

    def told(self) -> str:
        """The AUC for people, with its interval where there is one."""
        interval = "(one person: no interval)" if np.isnan(self.low) else f"[{self.low:.3f}, {self.high:.3f}]"
        return f"AUC {self.auc:.3f} {interval}"


def area_under_curve(scores: NDArray[np.float64], is_fake: NDArray[np.bool_]) -> float:
    """The chance that a fake scores above a real one, half for a tie; NaN when a class is missing."""
    fakes, reals = int(is_fake.sum()), int((~is_fake).sum())
    if fakes == 0 or reals == 0:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[inverse]
    return float((ranks[is_fake].sum() - fakes * (fakes + 1) / 2) / (fakes * reals))


def judge(logits: Sequence[float], facts: Sequence[SampleFacts]) -> Judgement:
    """Of clips' logits and what is known of the clips."""
    clip_scores = np.asarray(logits, dtype=np.float64)
    clip_fake = np.asarray([each.is_fake for each in facts])
    videos: dict[tuple[str, str], list[int]] = {}
    for index, each in enumerate(facts):
        videos.setdefault((each.group, each.video), []).append(index)
    scores = np.asarray([clip_scores[indexes].mean() for indexes in videos.values()])
    firsts = [facts[indexes[0]] for indexes in videos.values()]
    fake = np.asarray([each.is_fake for each in firsts])
    low, high = _interval(scores, fake, [each.identity or each.video for each in firsts])
    methods = sorted({each.group for each in firsts if each.is_fake})
    by_method = {}
    for method in methods:
        taken = np.asarray([each.group in ("real", method) for each in firsts])
        by_method[method.removeprefix("fake/")] = area_under_curve(scores[taken], fake[taken])
    right = (clip_scores > 0) == clip_fake
    accuracy = float((right[clip_fake].mean() + right[~clip_fake].mean()) / 2)
    auc, clip_auc = area_under_curve(scores, fake), area_under_curve(clip_scores, clip_fake)
    return Judgement(auc, low, high, clip_auc, accuracy, by_method, len(scores), len(clip_scores))


def _interval(scores: NDArray[np.float64], fake: NDArray[np.bool_], names: Sequence[str]) -> tuple[float, float]:
    random = derived_generator("bootstrap")
    members: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        members.setdefault(name, []).append(index)
    people = list(members.values())
    if len(people) < 2:
        return float("nan"), float("nan")
    areas = []
    for _ in range(DRAWS):
        drawn = np.concatenate([people[at] for at in random.integers(len(people), size=len(people))])
        areas.append(area_under_curve(scores[drawn], fake[drawn]))
    known = [each for each in areas if not np.isnan(each)]
    if not known:
        return float("nan"), float("nan")
    return float(np.percentile(known, 2.5)), float(np.percentile(known, 97.5))
