"""What is drawn: methods evenly, videos each in turn, the same for the same place."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from styleflow_trainer.data.dataset import Sample
from styleflow_trainer.data.draws import BalancedDraws, TripletDraws, fixed_clips
from styleflow_trainer.data.sample_facts import SampleFacts
from styleflow_trainer.training.judging import area_under_curve, judge


def sample(label: str, method: str | None, video: str, clip: int) -> Sample:
    return Sample(f"{video}-{clip}", SampleFacts(label, "train", video, method, None), None, None)


@pytest.fixture()
def samples() -> list[Sample]:
    real = [sample("real", None, f"r{video}", clip) for video in range(3) for clip in range(2)]
    many = [sample("fake", "swap", f"s{video}", clip) for video in range(9) for clip in range(5)]
    few = [sample("fake", "reenact", "f0", 0)]
    return real + many + few


def test_half_is_real_and_each_method_is_drawn_as_often_as_every_other(samples: list[Sample]) -> None:
    draws = BalancedDraws(samples, 1)
    groups = Counter(draws.at(position).facts.group for position in range(400))
    assert groups == {"real": 200, "fake/swap": 100, "fake/reenact": 100}


def test_every_video_of_a_group_comes_once_before_one_comes_again(samples: list[Sample]) -> None:
    draws = BalancedDraws(samples, 1)
    real = [draws.at(position).facts.video for position in range(0, 12, 2)]
    assert sorted(real[:3]) == sorted(real[3:]) == ["r0", "r1", "r2"]


def test_the_same_place_gives_the_same_clips_and_another_seed_others(samples: list[Sample]) -> None:
    keys = [[BalancedDraws(samples, seed).at(position).key for position in range(60)] for seed in (1, 1, 2)]
    assert keys[0] == keys[1] != keys[2]


def test_a_triplet_has_another_clip_of_its_class_and_one_of_the_other(samples: list[Sample]) -> None:
    draws = TripletDraws(samples, 1)
    triplets = [draws.at(position) for position in range(300)]
    for anchor, positive, negative in triplets:
        assert anchor.facts.label == positive.facts.label != negative.facts.label
    fakes = [anchor for anchor, _, _ in triplets if anchor.facts.is_fake]
    assert 110 < len(fakes) < 190
    assert sum(anchor.key == positive.key for anchor, positive, _ in triplets if anchor.facts.label == "real") == 0


def test_the_clips_that_are_judged_are_spread_over_a_video(samples: list[Sample]) -> None:
    chosen = [each.key for each in fixed_clips(samples, 2) if each.facts.video == "s4"]
    assert chosen == ["s4-0", "s4-2"]
    assert len(fixed_clips(samples, 0)) == len(samples)


def test_the_area_under_the_curve_counts_pairs_and_half_of_ties() -> None:
    random = np.random.default_rng(4)
    scores, fake = random.integers(0, 6, 60).astype(float), random.integers(0, 2, 60) == 1
    pairs = [(f > r) + 0.5 * (f == r) for f in scores[fake] for r in scores[~fake]]
    assert area_under_curve(scores, fake) == pytest.approx(np.mean(pairs))
    assert np.isnan(area_under_curve(scores, np.ones(60, dtype=bool)))


def test_a_judgement_is_of_videos_by_method_with_an_interval_over_identities() -> None:
    facts = [
        SampleFacts(label, "test", f"{label}{video}", method, f"person{video % 10}")
        for label, method in (("real", None), ("fake", "swap"), ("fake", "reenact"))
        for video in range(20)
        for _ in range(2)
    ]
    random = np.random.default_rng(5)
    lift = {"real": 0.0, "fake/swap": 3.0, "fake/reenact": 0.5}
    judged = judge([lift[each.group] + random.normal() for each in facts], facts)
    assert (judged.videos, judged.clips) == (60, 120)
    assert judged.low < judged.auc < judged.high
    assert judged.by_method["swap"] > judged.by_method["reenact"]
