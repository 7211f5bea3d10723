"""
The temporal transformer encoder (FTCN, section 3.3): a class token before the tokens, learned positions, blocks with the
norm first, and a linear layer on the normed class token.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .clip_shape import CLIP_TOKENS, HEAD_WIDTH
from .sample_dropout import SampleDropout


class Residual(nn.Module):
    def __init__(self, fn: nn.Module) -> None:
        super().__init__()
        self.fn = fn

    def forward(self, x: Tensor) -> Tensor:
        return x + self.fn(x)


class NormFirst(nn.Module):
    def __init__(self, width: int, fn: nn.Module) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.fn = fn

    def forward(self, x: Tensor) -> Tensor:
        return self.fn(self.norm(x))


class SelfAttention(nn.Module):
    """Every token asks every token; heads of 64 values, scaled by their square root."""

    def __init__(self, width: int, heads: int, dropout: float, place: str) -> None:
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Linear(width, 3 * heads * HEAD_WIDTH, bias=False)
        self.to_out = nn.Sequential(nn.Linear(heads * HEAD_WIDTH, width), SampleDropout(dropout, f"{place}.out"))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (
            part.unflatten(2, (self.heads, HEAD_WIDTH)).transpose(1, 2) for part in self.to_qkv(x).chunk(3, dim=2)
        )
        attention = torch.softmax(q @ k.transpose(2, 3) * HEAD_WIDTH**-0.5, dim=-1)
        return self.to_out((attention @ v).transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self, width: int, inner: int, dropout: float, place: str) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(width, inner),
            nn.GELU(),
            SampleDropout(dropout, f"{place}.inner"),
            nn.Linear(inner, width),
            SampleDropout(dropout, f"{place}.out"),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


class Blocks(nn.Module):
    def __init__(self, width: int, depth: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.ModuleList()
        for layer in range(depth):
            attention = SelfAttention(width, heads, dropout, f"transformer.{layer}.0")
            widening = FeedForward(width, inner, dropout, f"transformer.{layer}.1")
            parts = [Residual(NormFirst(width, attention)), Residual(NormFirst(width, widening))]
            self.layers.append(nn.ModuleList(parts))

    def forward(self, x: Tensor) -> Tensor:
        for attention, widening in self.layers:  # type: ignore[misc]
            x = widening(attention(x))
        return x


class TimeTransformer(nn.Module):
    """Tokens [B, 16, C] → logit [B], without a sigmoid."""

    def __init__(self, width: int, depth: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.pos_embedding = nn.Parameter(torch.randn(1, CLIP_TOKENS + 1, width) * 0.02)
        self.cls_token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.transformer = Blocks(width, depth, heads, inner, dropout)
        self.mlp_head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 1))

    def forward(self, tokens: Tensor) -> Tensor:
        first = self.cls_token.expand(tokens.shape[0], -1, -1)
        x = torch.cat([first, tokens], dim=1) + self.pos_embedding
        return self.mlp_head(self.transformer(x)[:, 0])[:, 0]
