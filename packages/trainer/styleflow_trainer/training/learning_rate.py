"""The optimizer and its rate at each step."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import nn

from .config import RunConfig


def rate_at(step: int, config: RunConfig) -> float:
    """The learning rate of a step (from 0): up in a line, then constant or down to zero along half a cosine."""
    if step < config.warmup_steps:
        return config.learning_rate * (step + 1) / config.warmup_steps
    if config.schedule == "constant":
        return config.learning_rate
    share = (step - config.warmup_steps) / max(1, config.steps - config.warmup_steps)
    return config.learning_rate * 0.5 * (1 + math.cos(math.pi * share))


def build_optimizer(network: nn.Module, config: RunConfig) -> torch.optim.Optimizer:
    """Vectors (norms, biases) do not decay, only matrices and kernels do."""
    parameters = list(network.parameters())
    groups = [
        {"params": [each for each in parameters if each.dim() > 1], "weight_decay": config.weight_decay},
        {"params": [each for each in parameters if each.dim() <= 1], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    if config.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=config.learning_rate, momentum=config.momentum)
    kind = torch.optim.AdamW if config.optimizer == "adamw" else torch.optim.Adam
    return kind(groups, lr=config.learning_rate)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    groups: Iterable[dict] = optimizer.param_groups
    for group in groups:
        group["lr"] = rate
