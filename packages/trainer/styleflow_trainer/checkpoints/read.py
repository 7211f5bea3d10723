"""Any checkpoint file → its tensors by name. Nothing that a file holds is run."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..base.faults import InputFault

# Keys under which trainers put the weights beside other things, the first that is there wins.
WRAPPINGS = ("state_dict", "model_state_dict", "model", "net", "network", "module", "weights", "params", "model_ema")
DEEPEST = 4

_SAFETENSORS_TYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "I64": np.int64, "I32": np.int32}


def read_tensors(path: Path) -> dict[str, Tensor]:
    """
    The dict of tensors of a `.pth`, `.pt` (zip or legacy) or `.safetensors` file, found inside what wraps it.
    Raises InputFault, naming the file.
    """
    if not path.is_file():
        raise InputFault(f"there is no checkpoint {path}")
    if path.suffix == ".safetensors":
        return _read_safetensors(path)
    try:
        root = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError, AttributeError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputFault(
            f"{path} cannot be read as weights alone ({why}): save its tensors as a dict or as safetensors"
        ) from error
    return _tensors_in(root, path)


def _tensors_in(root: Any, path: Path) -> dict[str, Tensor]:
    level = root
    for _ in range(DEEPEST):
        if not isinstance(level, Mapping):
            break
        tensors = {str(name): value for name, value in level.items() if isinstance(value, Tensor)}
        inner = next((level[key] for key in WRAPPINGS if isinstance(level.get(key), Mapping)), None)
        # A stray tensor or two lie beside the weights (latent_avg).
        if inner is None or len(tensors) > len(inner):
            if tensors:
                return tensors
            break
        level = inner
    raise InputFault(f"{path} holds no dict of tensors")


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    """8 bytes of length, a JSON header of names with types, shapes and places, then the values."""
    content = path.read_bytes()
    try:
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + length])
        tensors = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            begin, end = entry["data_offsets"]
            piece = content[8 + length + begin : 8 + length + end]
            values = np.frombuffer(piece, dtype=_SAFETENSORS_TYPES[entry["dtype"]]).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(values.copy())
    except (ValueError, KeyError, TypeError) as error:
        raise InputFault(f"{path} is no whole safetensors file ({error})") from error
    return tensors
