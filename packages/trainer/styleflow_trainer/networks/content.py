"""
The content network: an I3D ResNet-50 whose convolutions see time alone. Only max pools and the final mean mix space
(FTCN, Zheng et al., ICCV 2021, section 3.2: the fully temporal convolution network), cut after stage 4.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from .batch_norm import BatchNorm

# Bottleneck blocks of the stages 2, 3 and 4.
BLOCKS = (3, 4, 6)


class TemporalConv(nn.Module):
    """A convolution over time, kernel (k, 1, 1), without bias. The number of steps stays."""

    def __init__(self, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, kernel, 1, 1))
        nn.init.kaiming_normal_(self.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        # Height and width as one axis: the same sums, and two-dimensional convolutions are quicker everywhere.
        kernel = self.weight.squeeze(-1)
        y = F.conv2d(x.flatten(3), kernel, padding=(kernel.shape[2] // 2, 0))
        return y.unflatten(3, x.shape[3:])


class SpatialPool(nn.Module):
    """The largest of each square of pixels, step by step."""

    def __init__(self, side: int, padding: int = 0) -> None:
        super().__init__()
        self.side = side
        self.padding = padding

    def forward(self, x: Tensor) -> Tensor:
        y = F.max_pool2d(x.flatten(1, 2), self.side, stride=2, padding=self.padding)
        return y.unflatten(1, x.shape[1:3])


def pooled_norm(channels: int, pools: bool) -> nn.Module:
    """A norm; where the picture is halved, the pool stands behind it, and the norm's names gain a `.0`."""
    norm = BatchNorm(channels)
    return nn.Sequential(norm, SpatialPool(2)) if pools else norm


class Stem(nn.Module):
    """Convolution of 5 steps, norm, pool, ReLU, pool: a quarter of the side."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = TemporalConv(3, width, 5)
        self.bn = pooled_norm(width, True)
        self.pool = SpatialPool(3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.pool(F.relu(self.bn(self.conv(x))))


class Branch(nn.Module):
    """a (temporal) → b → c, each with its norm; a pool behind b's where the block halves the picture."""

    def __init__(self, inputs: int, inner: int, outputs: int, kernel: int, pools: bool) -> None:
        super().__init__()
        self.a = TemporalConv(inputs, inner, kernel)
        self.a_bn = BatchNorm(inner)
        self.b = TemporalConv(inner, inner, 1)
        self.b_bn = pooled_norm(inner, pools)
        self.c = TemporalConv(inner, outputs, 1)
        self.c_bn = BatchNorm(outputs)
        # A fresh block begins as its shortcut (Goyal et al., 2017). Otherwise forty norms one behind the other magnify what
        # rounding leaves until no two runs are alike after a few steps.
        nn.init.zeros_(self.c_bn.weight)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.a_bn(self.a(x)))
        x = F.relu(self.b_bn(self.b(x)))
        return self.c_bn(self.c(x))


class Block(nn.Module):
    """A bottleneck block. The first of a stage has a convolution in its shortcut."""

    def __init__(self, inputs: int, inner: int, outputs: int, kernel: int, projects: bool, pools: bool) -> None:
        super().__init__()
        if projects:
            self.branch1 = TemporalConv(inputs, outputs, 1)
            self.branch1_bn = pooled_norm(outputs, pools)
        self.projects = projects
        self.branch2 = Branch(inputs, inner, outputs, kernel, pools)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = self.branch1_bn(self.branch1(x)) if self.projects else x
        return F.relu(shortcut + self.branch2(x))


class Stage(nn.Module):
    """Blocks one after the other, named as the published code names them."""

    def __init__(self, inputs: int, inner: int, outputs: int, kernels: Sequence[int], pools: bool) -> None:
        super().__init__()
        for index, kernel in enumerate(kernels):
            first = index == 0
            block = Block(inputs if first else outputs, inner, outputs, kernel, first, pools and first)
            self.add_module(f"pathway0_res{index}", block)

    def forward(self, x: Tensor) -> Tensor:
        for block in self.children():
            x = block(x)
        return x


class StemStage(nn.Module):
    """The stem, under the name that the published code has for it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.pathway0_stem = Stem(width)

    def forward(self, x: Tensor) -> Tensor:
        return self.pathway0_stem(x)


def kernels_of(stage: int) -> list[int]:
    """Steps that the blocks of a stage see: 3 throughout stage 2; 3, 1, 3, 1, … behind it."""
    return [3 if stage == 0 or block % 2 == 0 else 1 for block in range(BLOCKS[stage])]


class ContentBody(nn.Module):
    """
    Frames [B, 3, 32, side, side], ImageNet-normalised RGB → tokens [B, 16, C]. `inner` and `outputs` are the channels of
    stages 2, 3 and 4. With `saves_memory`, stages are computed again in the backward pass instead of being kept.
    """

    def __init__(self, width: int, inner: Sequence[int], outputs: Sequence[int], saves_memory: bool = False) -> None:
        super().__init__()
        self.s1 = StemStage(width)
        self.s2 = Stage(width, inner[0], outputs[0], kernels_of(0), False)
        self.s3 = Stage(outputs[0], inner[1], outputs[1], kernels_of(1), True)
        self.s4 = Stage(outputs[1], inner[2], outputs[2], kernels_of(2), True)
        self.saves_memory = saves_memory

    def tokens(self, frames: Tensor) -> Tensor:
        x = self.s1(frames)
        x = self._stage(self.s2, x)
        # Half of the time steps.
        x = F.max_pool2d(x.flatten(3), (2, 1)).unflatten(3, x.shape[3:])
        x = self._stage(self.s3, x)
        x = self._stage(self.s4, x)
        x = x.float() if x.element_size() < 4 else x
        return x.mean((3, 4)).transpose(1, 2)

    def _stage(self, stage: nn.Module, x: Tensor) -> Tensor:
        if not (self.saves_memory and self.training and x.requires_grad):
            return stage(x)
        # Block by block. Norms see a block's values twice then, so their statistics move by two steps of equal aim.
        for block in stage.children():
            x = checkpoint(block, x, use_reentrant=False, preserve_rng_state=False)
        return x
