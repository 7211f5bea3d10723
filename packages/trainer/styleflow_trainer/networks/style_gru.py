"""
StyleGRU (StyleFlow, section 3.2): the steps of the style codes of a clip → one embedding, by two bidirectional layers of
gated recurrent units that start from a learned state; and a classifier on it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .batch_norm import BatchNorm
from .clip_shape import FLOW_STEPS
from .sample_dropout import LatentDropout, SampleDropout


def style_flow(codes: Tensor) -> Tensor:
    """Codes [B, 32, 18, S] → their steps from frame to frame [B, 31, 18·S]: while training, too, not in tests alone."""
    flat = codes.flatten(2)
    return flat[:, 1:] - flat[:, :-1]


class DenseBlock(nn.Module):
    def __init__(self, width: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(width, inner), nn.ReLU(), SampleDropout(dropout, "gru.inner"), nn.Linear(inner, width)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


class DenseResidual(nn.Module):
    def __init__(self, fn: nn.Module) -> None:
        super().__init__()
        self.fn = fn

    def forward(self, x: Tensor) -> Tensor:
        return x + self.fn(x)


class StyleGru(nn.Module):
    """Flow [B, 31, F] → embedding [B, 4·H] and logit [B]."""

    def __init__(
        self, features: int, hidden: int, dense: int, latent_dropout: float = 0.0, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.latent_dropout = LatentDropout(latent_dropout)
        # Its channels are the 31 steps: it evens out batch and features.
        self.bn = BatchNorm(FLOW_STEPS)
        self.hidden_state = nn.Parameter(torch.zeros(4, 1, hidden))
        self.gru = nn.GRU(features, hidden, num_layers=2, bidirectional=True, batch_first=True)
        residual = DenseResidual(DenseBlock(4 * hidden, dense, dropout))
        self.dense = nn.Sequential(
            nn.Identity(), residual, SampleDropout(dropout, "gru.out"), nn.Linear(4 * hidden, 1)
        )

    def forward(self, flow: Tensor) -> tuple[Tensor, Tensor]:
        normed = self.bn(self.latent_dropout(flow))
        start = self.hidden_state.expand(-1, flow.shape[0], -1).contiguous()
        _, final = self.gru(normed, start)
        embedding = final.transpose(0, 1).flatten(1)
        return embedding, self.dense(embedding)[:, 0]
