"""The whole detector: content and, when it has one, style, joined before the temporal transformer."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .content import ContentBody
from .style_attention import StyleAttention
from .style_gru import StyleGru, style_flow
from .time_transformer import TimeTransformer
from .widths import ContentWidths, StyleGruWidths


class Head(nn.Module):
    """Style attention, where there is a style, then the transformer. Names as published."""

    def __init__(self, widths: ContentWidths, dropout: float) -> None:
        super().__init__()
        token = widths.token
        self.time_T = TimeTransformer(token, widths.depth, widths.heads, widths.feed_forward, dropout)
        self.STA = StyleAttention(token) if widths.style else None

    def forward(self, tokens: Tensor, embedding: Tensor | None) -> tuple[Tensor, Tensor | None]:
        attention = None
        if self.STA is not None:
            if embedding is None:
                raise ValueError("a detector with style needs the style embedding")
            tokens, attention = self.STA(tokens, embedding)
        return self.time_T(tokens), attention


class ResNet(ContentBody):
    def __init__(self, widths: ContentWidths, dropout: float, saves_memory: bool) -> None:
        super().__init__(widths.width, widths.inner, widths.outputs, saves_memory)
        self.head = Head(widths, dropout)


class ContentNetwork(nn.Module):
    """What a content checkpoint holds: every name begins with `resnet.`."""

    def __init__(self, widths: ContentWidths, dropout: float = 0.0, saves_memory: bool = False) -> None:
        super().__init__()
        self.resnet = ResNet(widths, dropout, saves_memory)
        self.widths = widths

    def forward(self, frames: Tensor, embedding: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        return self.resnet.head(self.resnet.tokens(frames), embedding)


class Detector(nn.Module):
    """Frames [B, 3, 32, side, side] and, with style, codes [B, 32, 18, S] → logit [B]."""

    def __init__(self, content: ContentNetwork, style_gru: StyleGru | None) -> None:
        super().__init__()
        self.content = content
        self.style_gru = style_gru

    def forward(self, frames: Tensor, codes: Tensor | None = None) -> Tensor:
        embedding = None
        if self.style_gru is not None and codes is not None:
            # The recurrence would round once in each of 31 steps: in float32, whatever the rest computes in.
            with torch.autocast(frames.device.type, enabled=False):
                embedding, _ = self.style_gru(style_flow(codes.float()))
        logit, _ = self.content(frames, embedding)
        return logit


def build_style_gru(widths: StyleGruWidths, latent_dropout: float = 0.0, dropout: float = 0.0) -> StyleGru:
    return StyleGru(widths.features, widths.hidden, widths.dense, latent_dropout, dropout)
