"""Supervised contrast (Khosla et al., NeurIPS 2020), the term that StyleFlow's paper names, over the clips of all ranks."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..base.ranks import gather_over_ranks, rank


def supervised_contrast(embeddings: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """
    Embeddings [B, D] and labels [B] of this rank → the mean over its clips that have another of their class anywhere: how
    much nearer, by angle, those of the same class are than all others.
    """
    own = F.normalize(embeddings, dim=1)
    everyone = gather_over_ranks(own)
    classes = gather_over_ranks(labels.detach())
    similar = own @ everyone.T / temperature
    rows = torch.arange(len(own), device=own.device)
    itself = torch.zeros_like(similar, dtype=torch.bool)
    itself[rows, rows + rank() * len(own)] = True
    log_share = similar - torch.logsumexp(similar.masked_fill(itself, -torch.inf), dim=1, keepdim=True)
    same = (labels[:, None] == classes[None, :]) & ~itself
    count = same.sum(dim=1)
    each = -(log_share * same).sum(dim=1) / count.clamp(min=1)
    return each.sum() / len(own)
