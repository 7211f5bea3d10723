"""Judges the network as it is on the fixed clips, all ranks together."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from ..base.ranks import gather_objects, rank, world_size
from ..data.dataset import Sample
from ..data.loader import load_batches
from .judging import Judgement, judge
from .task import Task, on_device


@torch.no_grad()
def validate(task: Task, network: nn.Module, clips: Sequence[Sample], device: torch.device) -> Judgement:
    """`network` in evaluation mode; each rank judges every n-th clip, and every rank answers the whole judgement."""
    own = range(rank(), len(clips), world_size())
    size = max(1, task.config.batch_size // task.config.accumulate // world_size())
    batches = [list(own[at : at + size]) for at in range(0, len(own), size)]
    logits: dict[int, float] = {}
    loaded = load_batches(lambda index: task.load_fixed(clips[index]), batches, task.config.loader_workers)
    for indexes, batch in zip(batches, loaded):
        values = task.logits(network, on_device(batch, device)).float().cpu()
        logits.update(zip(indexes, values.tolist()))
    together: dict[int, float] = {}
    for part in gather_objects(logits):
        together.update(part)
    order = sorted(together)
    return judge([together[index] for index in order], [clips[index].facts for index in order])
