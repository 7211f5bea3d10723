"""Small data sets and settings that several tests share."""

from __future__ import annotations

from pathlib import Path

import torch

from styleflow_trainer.data.dataset import open_dataset
from styleflow_trainer.data.write_dataset import write_dataset
from styleflow_trainer.stages.detector_stage import DetectorConfig, DetectorTask, detector_task
from styleflow_trainer.stages.style_gru_stage import StyleGruConfig, StyleGruTask, style_gru_task
from styleflow_trainer.synthetic.flicker import flicker_samples
from styleflow_trainer.synthetic.style_jump import style_jump_samples
from styleflow_trainer.training.config import config_of

CPU = torch.device("cpu")

SMALL_GRU = {
    "steps": 20,
    "batch_size": 8,
    "hidden": 8,
    "dense": 8,
    "learning_rate": 0.005,
    "loader_workers": 0,
    "validate_every": 10,
    "save_every": 100,
    "log_every": 5,
}
SMALL_DETECTOR = {
    "steps": 6,
    "batch_size": 4,
    "width": 2,
    "heads": 1,
    "feed_forward": 16,
    "input_side": 32,
    "warmup_steps": 2,
    "compress": 0.0,
    "loader_workers": 0,
    "validate_every": 6,
    "save_every": 100,
    "log_every": 2,
    "validation_clips": 1,
}


def made_codes(folder: Path, count: int = 16, shuffled: bool = False, seed: int = 1) -> Path:
    write_dataset(folder, style_jump_samples(count, 4, seed, shuffled), clips_per_shard=20)
    return folder


def made_clips(folder: Path, count: int = 4, shuffled: bool = False, seed: int = 1) -> Path:
    write_dataset(folder, flicker_samples(count, seed, shuffled), clips_per_shard=6)
    return folder


def gru_task(data: Path, **changes: object) -> StyleGruTask:
    config = config_of(StyleGruConfig, {**SMALL_GRU, **changes}, StyleGruConfig())
    return style_gru_task(config, open_dataset(data))


def small_detector(data: Path, **changes: object) -> DetectorTask:
    config = config_of(DetectorConfig, {**SMALL_DETECTOR, **changes}, DetectorConfig())
    return detector_task(config, open_dataset(data))
