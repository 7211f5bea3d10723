"""Both stages find what was planted, on people whom they have not seen, and find nothing where there is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import torch
from frames_task import FramesTask
from made import CPU, SMALL_DETECTOR, gru_task, made_clips, made_codes, small_detector

from styleflow_trainer.checkpoints.load import load_content
from styleflow_trainer.data.dataset import Sample, open_dataset
from styleflow_trainer.data.loader import Item
from styleflow_trainer.data.write_dataset import MadeSample, write_dataset
from styleflow_trainer.stages.detector_stage import DetectorConfig
from styleflow_trainer.synthetic.flicker import flicker_samples
from styleflow_trainer.training.config import config_of
from styleflow_trainer.training.loop import train

# Enough for these problems, and much too small for anything else.
GRU = {"steps": 60, "batch_size": 16, "hidden": 12, "dense": 12, "learning_rate": 0.01, "validate_every": 60}


@pytest.mark.parametrize("objective", ["triplet", "contrastive"])
def test_stage_1_finds_a_planted_jump_in_people_it_has_not_seen(tmp_path: Path, objective: str) -> None:
    data = made_codes(tmp_path / "data", count=120)
    # Contrast with all others needs a little longer than with one.
    steps = 60 if objective == "triplet" else 100
    task = gru_task(data, **{**GRU, "objective": objective, "steps": steps, "validate_every": steps})
    ending = train(task, "style-gru", tmp_path / "run", CPU)
    assert ending.best > 0.95


def test_stage_1_finds_nothing_when_the_labels_say_nothing(tmp_path: Path) -> None:
    data = made_codes(tmp_path / "data", count=120, shuffled=True)
    train(gru_task(data, **GRU), "style-gru", tmp_path / "run", CPU)
    header, row = (line.split(",") for line in (tmp_path / "run" / "validation.csv").read_text().splitlines())
    judged = dict(zip(header, map(float, row)))
    assert judged["auc_low"] < 0.5 < judged["auc_high"]


@lru_cache(maxsize=None)
def flicker_frames(people: int) -> tuple[list[MadeSample], dict[str, torch.Tensor]]:
    """The problem's clips, of every 16th pixel: what a CPU can learn from in seconds."""
    samples, frames = [], {}
    for sample in flicker_samples(people, 1, False):
        assert sample.clip is not None
        values = torch.from_numpy(sample.clip[:, 8::16, 8::16].astype(np.float32)) / 64 - 2
        frames[sample.key] = values.permute(3, 0, 1, 2).contiguous()
        samples.append(MadeSample(sample.key, sample.facts, codes=np.zeros((32, 18, 4), dtype=np.float32)))
    return samples, frames


class FlickerTask(FramesTask):
    frames: Mapping[str, torch.Tensor]

    def load(self, position: int) -> Item:
        sample = self._draws.at(position)
        label = torch.tensor(float(sample.facts.is_fake))
        return {"frames": self.frames[sample.key], "label": label, "seed": position, "key": sample.key}

    def load_fixed(self, sample: Sample) -> Item:
        return {"frames": self.frames[sample.key]}


def test_stage_2_finds_a_planted_flicker_in_people_it_has_not_seen(tmp_path: Path) -> None:
    samples, frames = flicker_frames(48)
    write_dataset(tmp_path / "data", samples)
    settings = {"steps": 140, "batch_size": 8, "optimizer": "adam", "learning_rate": 0.01, "average": 0.8}
    small = {**SMALL_DETECTOR, "width": 2, "dropout": 0.0, "validate_every": 70, "weight_decay": 0.0, "warmup_steps": 5}
    config = config_of(DetectorConfig, {**small, **settings}, DetectorConfig())
    task = FlickerTask(config, open_dataset(tmp_path / "data"))
    task.frames = frames
    assert train(task, "detector", tmp_path / "run", CPU).best > 0.95


def test_stage_2_goes_from_stored_clips_to_a_checkpoint(tmp_path: Path) -> None:
    data = made_clips(tmp_path / "data", count=4)
    chances = {"flip": 0.5, "colour": 0.5, "compress": 0.5, "frames": 0.5}
    task = small_detector(data, steps=2, batch_size=2, validate_every=2, loader_workers=1, **chances)
    assert train(task, "detector", tmp_path / "run", CPU).is_finished
    assert load_content(tmp_path / "run" / "best.pth").widths == task.detector.content.widths
