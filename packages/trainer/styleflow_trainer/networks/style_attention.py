"""
Style attention (StyleFlow, section 3.3), the learned form with one head: the content asks, the style answers, and the
answer is added to the content.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .clip_shape import CLIP_TOKENS


class StyleAttention(nn.Module):
    """Tokens [B, 16, C], embedding [B, 16·C] → tokens, and attention [B, 16, 16], whose rows sum to 1."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.w_q = nn.Linear(width, width)
        self.w_k = nn.Linear(width, width)
        self.w_v = nn.Linear(width, width)
        self.lp = nn.Linear(width, width)
        # Training begins at the detector without style.
        nn.init.zeros_(self.lp.weight)
        nn.init.zeros_(self.lp.bias)

    def forward(self, tokens: Tensor, embedding: Tensor) -> tuple[Tensor, Tensor]:
        style = embedding.reshape(tokens.shape[0], CLIP_TOKENS, -1)
        products = self.w_q(tokens) @ self.w_k(style).transpose(1, 2)
        attention = torch.softmax(products * tokens.shape[2] ** -0.5, dim=-1)
        return tokens + self.lp(attention @ self.w_v(style)), attention
