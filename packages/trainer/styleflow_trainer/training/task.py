"""What a stage tells the loop: its network, its items, its loss, its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from ..data.dataset import Dataset, Sample
from ..data.loader import Batch, Item
from .config import RunConfig


class Task(Protocol):
    """One stage of training, ready to run."""

    data: Dataset
    network: nn.Module
    # Clips that one position is made of.
    clips_per_position: int

    @property
    def config(self) -> RunConfig:
        """A stage has more settings than this."""

    def parts(self) -> Mapping[str, Sequence[nn.Module]]:
        """Parts that the freeze schedule can name."""

    def load(self, position: int) -> Item:
        """The item at a position of the training, in a loader process: tensors, `seed` for its randomness, `key`."""

    def load_fixed(self, sample: Sample) -> Item:
        """A clip as it is judged."""

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """The mean over the batch."""

    def seeds(self, batch: Batch) -> Sequence[int]:
        """The seed of each row that goes through the network."""

    def logits(self, network: nn.Module, batch: Batch) -> Tensor:
        """[B], for judging."""

    def exports(self) -> Mapping[str, Mapping[str, Tensor]]:
        """Suffix of the checkpoint's name → the network's tensors as they are now."""


def on_device(batch: Batch, device: torch.device) -> Batch:
    return {
        name: value.to(device, non_blocking=True) if isinstance(value, Tensor) else value
        for name, value in batch.items()
    }


def facts_of_run(task: Task, stage: str) -> dict[str, Any]:
    parameters = sum(each.numel() for each in task.network.parameters())
    return {"stage": stage, "data": {"folder": str(task.data.folder), **task.data.digests}, "parameters": parameters}
