"""Files that appear whole: written beside their place, flushed, then renamed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor


def save_whole(value: Any, path: Path) -> None:
    """torch.save, so that a run that is killed meanwhile leaves the file of before."""
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as file:
        torch.save(value, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def save_checkpoint(path: Path, tensors: Mapping[str, Tensor], step: int) -> None:
    """A checkpoint as everybody expects it: `{step, state_dict}` with plain names, on the CPU."""
    plain = {name: value.detach().to("cpu", copy=True) for name, value in tensors.items()}
    save_whole({"step": step, "state_dict": plain}, path)
