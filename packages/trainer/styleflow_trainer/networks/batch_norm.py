"""Batch norm over the clips of all ranks. PyTorch's own synchronised one refuses CPUs, so the sums are ours."""

from __future__ import annotations

from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn

from ..base.ranks import is_distributed, world_size

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
        statistics = (self.running_mean, self.running_var)
        if not (self.training and is_distributed()):
            return F.batch_norm(x, *statistics, self.weight, self.bias, self.training, MOMENTUM, EPS)
        normed, mean, variance = _NormOverRanks.apply(x, self.weight, self.bias)
        with torch.no_grad():
            count = _count(x)
            self.running_mean.lerp_(mean.to(self.running_mean.dtype), MOMENTUM)
            self.running_var.lerp_((variance * count / max(1, count - 1)).to(self.running_var.dtype), MOMENTUM)
        return normed


class _NormOverRanks(torch.autograd.Function):
    """
    Sums are taken in float64, as PyTorch's own norm takes them on a CPU. In float32 the means that the backward pass
    subtracts are not quite those of the gradient, and behind forty norms the gradient was wrong by a hundredth.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        values = x.float() if x.element_size() < 4 else x
        mean = _mean(values)
        centred = values - _beside(mean, values)
        variance = _mean(centred * centred)
        deviation = torch.rsqrt(variance + EPS)
        ctx.save_for_backward(x, weight, mean, deviation)
        ctx.mark_non_differentiable(mean, variance)
        normed = centred * _beside(deviation * weight, values) + _beside(bias, values)
        return normed.to(x.dtype), mean, variance

    @staticmethod
    def backward(ctx: Any, gradient: Tensor, *_: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x, weight, mean, deviation = ctx.saved_tensors
        values = x.float() if x.element_size() < 4 else x
        slope = gradient.to(values.dtype)
        normed = (values - _beside(mean, values)) * _beside(deviation, values)
        # The parameters' gradients are this rank's alone; they are exchanged with all others.
        for_bias, for_weight = _sum(slope), _sum(slope * normed)
        shared = torch.stack([for_bias, for_weight])
        dist.all_reduce(shared)
        shared /= _count(x)
        inner = slope - _beside(shared[0], values) - normed * _beside(shared[1], values)
        for_x = inner * _beside(deviation * weight, values)
        return for_x.to(x.dtype), for_weight.to(weight.dtype), for_bias.to(weight.dtype)


def _count(x: Tensor) -> int:
    """Values of a channel on all ranks, which hold equally many."""
    return x.numel() // x.shape[1] * world_size()


def _sum(values: Tensor) -> Tensor:
    return values.sum([dim for dim in range(values.dim()) if dim != 1], dtype=torch.float64)


def _mean(values: Tensor) -> Tensor:
    total = _sum(values)
    dist.all_reduce(total)
    return total / _count(values)


def _beside(channels: Tensor, values: Tensor) -> Tensor:
    return channels.to(values.dtype).view([-1 if dim == 1 else 1 for dim in range(values.dim())])
