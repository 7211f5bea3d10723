"""Which network a checkpoint holds, by names that only one network has, and its tensors without what stands before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from torch import Tensor

from ..base.faults import InputFault

Role = Literal["content", "style-gru"]

MARKS: Mapping[Role, str] = {"content": "s1.pathway0_stem.conv.weight", "style-gru": "gru.weight_ih_l0"}
# What PyTorch puts into names of modules that are compiled, parallel or sharded.
WRAPPERS = ("_orig_mod", "module", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
AVERAGES = ("ema", "swa", "shadow", "average", "averaged")


def plain_name(name: str) -> str:
    """The name without wrappers."""
    return ".".join(segment for segment in name.split(".") if segment not in WRAPPERS)


def tensors_of_role(tensors: Mapping[str, Tensor], role: Role, path: Path) -> dict[str, Tensor]:
    """The network's tensors by its own names. Raises InputFault when the file holds another network, or none."""
    plain = {plain_name(name): value for name, value in tensors.items()}
    prefix = _prefix_of(plain, MARKS[role])
    if prefix is None:
        other = next((each for each, mark in MARKS.items() if _prefix_of(plain, mark) is not None), None)
        what = f"it is a {other} checkpoint" if other else f"it has no tensor {MARKS[role]}"
        raise InputFault(f"{path} cannot be the {role} checkpoint: {what}")
    return {name[len(prefix) :]: value for name, value in plain.items() if name.startswith(prefix)}


def _prefix_of(names: Iterable[str], mark: str) -> str | None:
    prefixes = [name[: -len(mark)] for name in names if name == mark or name.endswith(f".{mark}")]
    trained = [each for each in prefixes if not any(word in each.lower().split(".") for word in AVERAGES)]
    found = sorted(trained or prefixes, key=len)
    return found[0] if found else None
