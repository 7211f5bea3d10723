"""Batches, read by processes beside the one that trains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset as TorchDataset

from ..base.faults import InputFault

Item = dict[str, Any]
Batch = dict[str, Any]


class _Items(TorchDataset):
    """Items by position. A fault travels as a value: raised in a worker it would arrive as a text with a stack."""

    def __init__(self, load: Callable[[int], Item]) -> None:
        self._load = load

    def __getitem__(self, position: int) -> Item | InputFault:
        try:
            return self._load(position)
        except InputFault as fault:
            return fault


def _stack(items: Sequence[Item | InputFault]) -> Batch | InputFault:
    for item in items:
        if isinstance(item, InputFault):
            return item
    kept = [item for item in items if not isinstance(item, InputFault)]
    batch: Batch = {}
    for name in kept[0]:
        values = [item[name] for item in kept]
        batch[name] = torch.stack(values) if isinstance(values[0], torch.Tensor) else values
    return batch


def _start_worker(_: int) -> None:
    # One process a core is what the workers are for.
    torch.set_num_threads(1)


def load_batches(load: Callable[[int], Item], positions: Sequence[Sequence[int]], workers: int) -> Iterator[Batch]:
    """Batches of the items at these positions, in their order. Raises InputFault for an item that cannot be read."""
    loader = DataLoader(
        _Items(load),
        batch_sampler=positions,
        num_workers=workers,
        collate_fn=_stack,
        worker_init_fn=_start_worker,
        pin_memory=torch.cuda.is_available(),
        # Otherwise the seed of the workers would be drawn from the generator that is saved with a run.
        generator=torch.Generator(),
    )
    for batch in loader:
        if isinstance(batch, InputFault):
            raise batch
        yield batch


class StepPositions(Sequence[Sequence[int]]):
    """
    The positions of this rank for each part of each step, from `start` on. Rank r of n takes the r-th of n equal pieces of
    each part, so that all ranks together work on the same clips as one alone.
    """

    def __init__(self, start: int, steps: int, batch_size: int, accumulate: int, rank: int, world: int) -> None:
        if batch_size % (accumulate * world) != 0:
            raise InputFault(
                f"batch_size {batch_size} cannot be shared by {world} processes in accumulate = {accumulate} parts: "
                f"take a multiple of {accumulate * world}"
            )
        self._first = start * accumulate
        self._length = max(0, steps * accumulate - self._first)
        self._part = batch_size // accumulate
        self._own = self._part // world
        self._rank = rank

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: Any) -> Any:
        if index >= self._length:
            raise IndexError(index)
        begin = (self._first + index) * self._part + self._rank * self._own
        return list(range(begin, begin + self._own))
