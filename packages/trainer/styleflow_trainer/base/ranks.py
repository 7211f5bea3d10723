"""The processes that train together, one a card. Without torch.distributed there is one, and every sum is its own."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

# How long a rank waits for the others before it takes them for dead. A lost connection is noticed at once; this is for
# one that hangs.
PATIENCE = timedelta(minutes=10)


def is_distributed() -> bool:
    return dist.is_available() and dist.is_initialized()


def world_size() -> int:
    return dist.get_world_size() if is_distributed() else 1


def rank() -> int:
    return dist.get_rank() if is_distributed() else 0


def is_first() -> bool:
    """Whether this process writes files and speaks for all."""
    return rank() == 0


def join_ranks(device: str) -> torch.device:
    """
    Joins the processes that torchrun started, as its variables tell (RANK, WORLD_SIZE, LOCAL_RANK); alone, nothing is
    joined. `device`: `auto`, `cpu` or `cuda`. Cards talk by nccl, CPUs by gloo.
    """
    use_cuda = device == "cuda" or (device == "auto" and torch.cuda.is_available())
    local = int(os.environ.get("LOCAL_RANK", "0"))
    if use_cuda:
        torch.cuda.set_device(local)
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not is_distributed():
        dist.init_process_group("nccl" if use_cuda else "gloo", timeout=PATIENCE)
    return torch.device("cuda", local) if use_cuda else torch.device("cpu")


def leave_ranks() -> None:
    if is_distributed():
        dist.destroy_process_group()


class _Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:
        total = value.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        # Every rank's loss depends on every rank's value.
        total = gradient.clone()
        dist.all_reduce(total)
        return total


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:
        parts = [torch.empty_like(value) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, value.contiguous())
        ctx.rows = value.shape[0]
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        total = gradient.contiguous().clone()
        dist.all_reduce(total)
        return total.narrow(0, dist.get_rank() * ctx.rows, ctx.rows)


def sum_over_ranks(value: Tensor) -> Tensor:
    """The sum of every rank's value; gradients flow back to all of them."""
    return _Sum.apply(value) if is_distributed() else value


def gather_over_ranks(value: Tensor) -> Tensor:
    """Every rank's rows, in the order of ranks; gradients flow back. All ranks must hold equally many."""
    return _Gather.apply(value) if is_distributed() else value


def gather_objects(value: Any) -> list[Any]:
    """Every rank's value, in the order of ranks, on every rank."""
    if not is_distributed():
        return [value]
    parts: list[Any] = [None] * world_size()
    dist.all_gather_object(parts, value)
    return parts
