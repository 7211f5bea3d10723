"""An exponential moving average of the weights, which is what is judged and saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class WeightAverage:
    """With `decay` 0 the average is the network itself, and nothing is kept twice."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._network = network
        self._decay = decay
        self._averages: dict[str, Tensor] = {}
        if decay > 0:
            self._averages = {name: value.detach().clone() for name, value in network.named_parameters()}

    @torch.no_grad()
    def update(self, step: int) -> None:
        # The first steps count for more: otherwise the average would be made of the random beginning for long.
        decay = min(self._decay, (1 + step) / (10 + step))
        for name, value in self._network.named_parameters():
            if name in self._averages:
                self._averages[name].lerp_(value.detach(), 1 - decay)

    @contextmanager
    def swapped_in(self) -> Iterator[None]:
        """Within it the network has the averaged weights. Statistics of norms are the network's own."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    @torch.no_grad()
    def _swap(self) -> None:
        for name, value in self._network.named_parameters():
            if name in self._averages:
                own = value.detach().clone()
                value.copy_(self._averages[name])
                self._averages[name] = own

    def state(self) -> dict[str, Tensor]:
        return self._averages

    def restore(self, state: dict[str, Tensor]) -> None:
        for name, value in state.items():
            self._averages[name].copy_(value)
