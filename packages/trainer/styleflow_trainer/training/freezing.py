"""Which parts of a network rest at which step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import nn

from ..base.faults import InputFault
from ..networks.batch_norm import BatchNorm
from .config import RunConfig

Parts = Mapping[str, Sequence[nn.Module]]


def check_freeze(config: RunConfig, parts: Parts) -> None:
    """Raises InputFault for a schedule that names no part, or is none."""
    for entry in config.freeze:
        if not isinstance(entry, Mapping) or set(entry) != {"until", "parts"} or not isinstance(entry["parts"], list):
            raise InputFault('freeze: expected entries of the form {"until": STEP or null, "parts": [NAME, …]}')
        if entry["until"] is not None and not isinstance(entry["until"], int):
            raise InputFault(f"freeze: until is {entry['until']!r}, expected a step or null")
        for name in entry["parts"]:
            if name not in parts:
                raise InputFault(f"freeze: there is no part {name!r}, only {', '.join(parts)}")


def frozen_at(step: int, config: RunConfig) -> frozenset[str]:
    """Names of the parts that rest at a step."""
    resting: set[str] = set()
    for entry in config.freeze:
        if entry["until"] is None or step < entry["until"]:
            resting.update(entry["parts"])
    return frozenset(resting)


def set_frozen(network: nn.Module, parts: Parts, frozen: frozenset[str], freeze_norms: bool) -> None:
    """Training mode, where resting parts neither learn nor move their norms' statistics."""
    network.train()
    network.requires_grad_(True)
    for name in frozen:
        for part in parts[name]:
            part.eval()
            part.requires_grad_(False)
    if freeze_norms:
        for module in network.modules():
            if isinstance(module, BatchNorm):
                module.eval()
