"""Dropout whose masks belong to samples: a clip loses the same values on whichever rank, in whichever batch it comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from ..base.seeds import derived_seed

_current: list[Sequence[int]] = []


@contextmanager
def sample_seeds(seeds: Sequence[int]) -> Iterator[None]:
    """Within it, row i of every batch draws its dropout from seed i."""
    _current.append(seeds)
    try:
        yield
    finally:
        _current.pop()


def row_generators(place: str) -> Iterator[torch.Generator]:
    """A generator on the CPU for each row, by its seed and the place in the network."""
    if not _current:
        raise RuntimeError("dropout needs sample_seeds() around the forward pass")
    for seed in _current[-1]:
        generator = torch.Generator()
        generator.manual_seed(derived_seed("dropout", place, seed))
        yield generator


class SampleDropout(nn.Module):
    """Sets values to zero with probability `rate` while training and scales the others up. It has no parameters."""

    def __init__(self, rate: float, place: str) -> None:
        super().__init__()
        self.rate = rate
        self.place = place

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return x
        kept = [torch.rand(x.shape[1:], generator=generator) >= self.rate for generator in row_generators(self.place)]
        return x * torch.stack(kept).to(x.device, x.dtype) / (1 - self.rate)


class LatentDropout(nn.Module):
    """
    Dropout of style codes [B, steps, F]: what is dropped of one half of the positions is dropped of the other half and in
    every step, as published; but each clip has a mask of its own, where the published code has one for the whole batch.
    """

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, flow: Tensor) -> Tensor:
        if not self.training or self.rate == 0:
            return flow
        half = flow.shape[2] // 2
        kept = torch.stack([torch.rand(half, generator=each) >= self.rate for each in row_generators("latent")])
        mask = torch.cat([kept, kept], dim=1).to(flow.device, flow.dtype)
        return flow * mask.unsqueeze(1) / (1 - self.rate)
