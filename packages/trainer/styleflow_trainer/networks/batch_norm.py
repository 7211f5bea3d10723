"""Batch norm over the clips of all ranks. PyTorch's own synchronised one refuses CPUs, so the sums are ours."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..base.ranks import is_distributed, sum_over_ranks, world_size

EPS = 1e-5
MOMENTUM = 0.1


class BatchNorm(nn.Module):
    """
    Batch norm of [B, channels, …] with the names and the arithmetic of PyTorch's. While training on several ranks, mean
    and variance are those of the whole batch: so two ranks with half a batch each do what one does with all of it.
    """

    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.register_buffer("num_batches_tracked", torch.tensor(0, dtype=torch.long))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            self.num_batches_tracked.add_(1)
        if self.training and is_distributed():
            return self._over_all_ranks(x)
        statistics = (self.running_mean, self.running_var)
        return F.batch_norm(x, *statistics, self.weight, self.bias, self.training, MOMENTUM, EPS)

    def _over_all_ranks(self, x: Tensor) -> Tensor:
        dims = [dim for dim in range(x.dim()) if dim != 1]
        shape = [-1 if dim == 1 else 1 for dim in range(x.dim())]
        values = x.float()
        mean = sum_over_ranks(values.mean(dims)) / world_size()
        centred = values - mean.view(shape)
        # From the centred values: the difference of two large sums would lose what a small variance is made of.
        variance = sum_over_ranks((centred * centred).mean(dims)) / world_size()
        with torch.no_grad():
            count = x.numel() // x.shape[1] * world_size()
            self.running_mean.lerp_(mean, MOMENTUM)
            self.running_var.lerp_(variance * (count / max(1, count - 1)), MOMENTUM)
        scale = self.weight * torch.rsqrt(variance + EPS)
        return (centred * scale.view(shape) + self.bias.view(shape)).to(x.dtype)
