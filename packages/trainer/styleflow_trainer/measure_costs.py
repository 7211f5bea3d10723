"""How fast this machine loads clips and trains on them: whether the loader keeps the card busy, and how long a run takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import torch

from .data.loader import load_batches
from .networks.sample_dropout import sample_seeds
from .stages.detector_stage import DetectorTask
from .training.loop import HALVES
from .training.task import on_device


@dataclass(frozen=True)
class Costs:
    """Seconds a clip: of one loader process, of the forward pass, of both passes."""

    load: float
    forward: float
    both: float
    clips_at_once: int

    @property
    def loaders(self) -> float:
        """Loader processes that keep one training process busy."""
        return self.load / self.both

    def sentences(self) -> list[str]:
        return [
            f"loader: {1 / self.load:.1f} clips a second of one process",
            f"training: {1 / self.both:.2f} clips a second, {self.clips_at_once} at once "
            f"(forward alone {1 / self.forward:.2f}; both passes cost {self.both / self.forward:.1f} times as much)",
            f"{self.loaders:.2f} loader processes keep one training process busy",
        ]


def measure_costs(task: DetectorTask, device: torch.device, clips: int) -> Costs:
    """Loads `clips` clips as a run would, in this process, and takes the best of three passes of one part of a batch."""
    at_once = max(1, task.config.batch_size // task.config.accumulate)
    task.load(0)
    load = _seconds(lambda: [task.load(position) for position in range(clips)], device) / clips
    batch = on_device(next(load_batches(task.load, [list(range(at_once))], 0)), device)
    network = task.network.to(device).train()
    half = HALVES.get(task.config.precision)

    def forward() -> torch.Tensor:
        with torch.autocast(device.type, dtype=half) if half else nullcontext(), sample_seeds(task.seeds(batch)):
            return task.loss(network, batch)

    def ahead() -> None:
        with torch.no_grad():
            forward()

    ahead()
    alone = min(_seconds(ahead, device) for _ in range(3))
    both = min(_seconds(lambda: forward().backward(), device) for _ in range(3))
    return Costs(load, alone / at_once, both / at_once, at_once)


def _seconds(work: Callable[[], object], device: torch.device) -> float:
    _wait(device)
    started = time.perf_counter()
    work()
    _wait(device)
    return time.perf_counter() - started


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
