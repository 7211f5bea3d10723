"""All of a run that decides how it goes on: a run that is stopped and goes on ends with the same bits."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ..base.faults import InputFault
from ..checkpoints.write import save_whole
from .config import MAY_CHANGE, RunConfig
from .weight_average import WeightAverage


@dataclass
class RunParts:
    """What learns and remembers."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    average: WeightAverage
    scaler: torch.cuda.amp.GradScaler


def save_state(path: Path, parts: RunParts, *, step: int, best: float, config: RunConfig, digests: Any) -> None:
    """Which clips come next follows from the step (data/draws.py), so that the sampler has no state of its own."""
    save_whole(
        {
            "step": step,
            "best": best,
            "config": asdict(config),
            "data": _fingerprint(digests),
            "network": parts.network.state_dict(),
            "optimizer": parts.optimizer.state_dict(),
            "average": parts.average.state(),
            "scaler": parts.scaler.state_dict(),
            "random": {
                "python": random.getstate(),
                "numpy": np.random.get_state(),
                "torch": torch.get_rng_state(),
                "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
            },
        },
        path,
    )


def restore_state(path: Path, parts: RunParts, config: RunConfig, digests: Any) -> tuple[int, float]:
    """
    The step that comes next, and the best judgement so far. The file is one of our own: it is read as such.
    Raises InputFault when the run was made with other settings or data.
    """
    try:
        state = torch.load(path, map_location="cpu")
    except (RuntimeError, EOFError, OSError) as error:
        raise InputFault(f"{path} cannot be read: {error}") from error
    before, now = state["config"], json.loads(json.dumps(asdict(config)))
    before = json.loads(json.dumps(before))
    for name, value in now.items():
        if name not in MAY_CHANGE and before.get(name) != value:
            raise InputFault(f"the run was made with {name} = {before.get(name)!r}, and is resumed with {value!r}")
    if state["data"] != _fingerprint(digests):
        raise InputFault("the run was made with other data: the digests of its shards differ")
    parts.network.load_state_dict(state["network"])
    parts.optimizer.load_state_dict(state["optimizer"])
    parts.average.restore(state["average"])
    parts.scaler.load_state_dict(state["scaler"])
    drawn = state["random"]
    random.setstate(drawn["python"])
    np.random.set_state(drawn["numpy"])
    torch.set_rng_state(drawn["torch"])
    if drawn["cuda"] and len(drawn["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(drawn["cuda"])
    return int(state["step"]), float(state["best"])


def _fingerprint(digests: Any) -> str:
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
