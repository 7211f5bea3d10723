"""Stage 1 as published: each clip of a triplet is classified, and one of the same class shall lie nearer."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

MARGIN = 1.0


def triplet_objective(embeddings: Tensor, logits: Tensor, anchor_is_fake: Tensor) -> Tensor:
    """
    `embeddings` [3, B, 4·H] and `logits` [3, B] of anchors, positives (of the anchor's class) and negatives (of the other).
    Binary cross-entropy of all three and a margin of 1 between the Euclidean distances of the embeddings as they are.
    """
    labels = torch.stack([anchor_is_fake, anchor_is_fake, 1 - anchor_is_fake])
    classified = sum(F.binary_cross_entropy_with_logits(logits[i], labels[i]) for i in range(3))
    anchor, positive, negative = embeddings
    near, far = distance(anchor, positive), distance(anchor, negative)
    return classified + F.margin_ranking_loss(far, near, torch.ones_like(near), margin=MARGIN)


def distance(one: Tensor, other: Tensor) -> Tensor:
    # A root has no slope at zero.
    return ((one - other).pow(2).sum(dim=1) + 1e-12).sqrt()
