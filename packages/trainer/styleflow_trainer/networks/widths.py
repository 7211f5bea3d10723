"""The widths that tell a small family from the published one, read off a checkpoint's shapes or set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from .clip_shape import CLIP_TOKENS, HEAD_WIDTH


@dataclass(frozen=True)
class ContentWidths:
    """Channels behind the stem, inside and behind the blocks of stages 2 to 4; the transformer's depth and widths."""

    width: int
    inner: tuple[int, int, int]
    outputs: tuple[int, int, int]
    heads: int
    feed_forward: int
    depth: int = 1
    style: bool = False

    @staticmethod
    def of(width: int, heads: int, feed_forward: int, style: bool) -> ContentWidths:
        """The published proportions at the given width (64 is the published one)."""
        inner = (width, 2 * width, 4 * width)
        outputs = (4 * width, 8 * width, 16 * width)
        return ContentWidths(width, inner, outputs, heads, feed_forward, 1, style)

    @property
    def token(self) -> int:
        return self.outputs[2]


@dataclass(frozen=True)
class StyleGruWidths:
    """Values of a step (18·S), of a state, and inside the classifier."""

    features: int
    hidden: int
    dense: int


PUBLISHED_CONTENT = ContentWidths.of(64, 16, 2048, True)
PUBLISHED_STYLE_GRU = StyleGruWidths(18 * 512, 4096, 4096)


def content_widths_of(tensors: Mapping[str, Tensor]) -> ContentWidths:
    """Of a content checkpoint's tensors, named without prefix."""
    inner = tuple(tensors[f"s{stage}.pathway0_res0.branch2.a.weight"].shape[0] for stage in (2, 3, 4))
    outputs = tuple(tensors[f"s{stage}.pathway0_res0.branch2.c.weight"].shape[0] for stage in (2, 3, 4))
    root = "head.time_T.transformer.layers"
    depth = 0
    while f"{root}.{depth}.0.fn.norm.weight" in tensors:
        depth += 1
    return ContentWidths(
        width=tensors["s1.pathway0_stem.conv.weight"].shape[0],
        inner=(inner[0], inner[1], inner[2]),
        outputs=(outputs[0], outputs[1], outputs[2]),
        heads=tensors[f"{root}.0.0.fn.fn.to_qkv.weight"].shape[0] // (3 * HEAD_WIDTH),
        feed_forward=tensors[f"{root}.0.1.fn.fn.net.0.weight"].shape[0],
        depth=depth,
        style="head.STA.w_q.weight" in tensors,
    )


def style_gru_widths_of(tensors: Mapping[str, Tensor]) -> StyleGruWidths:
    """Of a StyleGRU checkpoint's tensors, named without prefix."""
    return StyleGruWidths(
        features=tensors["gru.weight_ih_l0"].shape[1],
        hidden=tensors["hidden_state"].shape[2],
        dense=tensors["dense.1.fn.net.0.weight"].shape[0],
    )


def fits(style: StyleGruWidths, content: ContentWidths) -> bool:
    """Whether the embedding can be cut into tokens as wide as the content's."""
    return 4 * style.hidden == CLIP_TOKENS * content.token
