"""Both stages find what was planted, on people whom they have not seen, and find nothing where there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from made import CPU, gru_task, made_clips, made_codes, small_detector

from styleflow_trainer.training.loop import train

# Enough for these problems, and much too small for anything else.
GRU = {"steps": 60, "batch_size": 16, "hidden": 12, "dense": 12, "learning_rate": 0.01, "validate_every": 60}
WITHOUT_CHANGES = {"flip": 0.0, "colour": 0.0, "blur": 0.0, "erase": 0.0, "frames": 0.0, "dropout": 0.0}


@pytest.mark.parametrize("objective", ["triplet", "contrastive"])
def test_stage_1_finds_a_planted_jump_in_people_it_has_not_seen(tmp_path: Path, objective: str) -> None:
    data = made_codes(tmp_path / "data", count=120)
    ending = train(gru_task(data, objective=objective, **GRU), "style-gru", tmp_path / "run", CPU)
    assert ending.best > 0.95


def test_stage_1_finds_nothing_when_the_labels_say_nothing(tmp_path: Path) -> None:
    data = made_codes(tmp_path / "data", count=120, shuffled=True)
    train(gru_task(data, **GRU), "style-gru", tmp_path / "run", CPU)
    header, row = (line.split(",") for line in (tmp_path / "run" / "validation.csv").read_text().splitlines())
    judged = dict(zip(header, map(float, row)))
    assert judged["auc_low"] < 0.5 < judged["auc_high"]


def test_stage_2_finds_a_planted_flicker_in_people_it_has_not_seen(tmp_path: Path) -> None:
    data = made_clips(tmp_path / "data", count=24)
    settings = {"steps": 16, "batch_size": 8, "optimizer": "adam", "learning_rate": 0.01, "average": 0.5}
    task = small_detector(data, validate_every=16, **settings, **WITHOUT_CHANGES)
    assert train(task, "detector", tmp_path / "run", CPU).best > 0.95
