"""What stops a run from outside, told as sentences with what to do."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from ..base.faults import RunFault
from ..base.ranks import is_distributed, world_size
from .config import RunConfig

_MEMORY = ("out of memory", "can't allocate memory", "cannot allocate memory", "DefaultCPUAllocator")
_PEERS = ("connection closed", "connection reset", "nccl", "gloo", "timed out", "broken pipe", "socket", "peer")


class StopRequest:
    """SIGTERM and Ctrl-C end a run after the step that is under way, with everything saved."""

    def __init__(self) -> None:
        self.is_made = False
        self._former: dict[int, Any] = {}

    def listen(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._former[number] = signal.signal(number, self._hear)

    def stop_listening(self) -> None:
        for number, former in self._former.items():
            signal.signal(number, former)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.is_made = True


def explain(error: BaseException, config: RunConfig) -> RunFault | None:
    """A sentence for an error that is no defect of the trainer; None for one that is."""
    text = str(error)
    if isinstance(error, MemoryError) or any(each.lower() in text.lower() for each in _MEMORY):
        each = config.batch_size // config.accumulate // world_size()
        remedies = [f"accumulate (now {config.accumulate}: each process holds {each} clips at once)"]
        if getattr(config, "saves_memory", True) is False:
            remedies.append("saves_memory = true (slower by about a third)")
        if config.precision == "fp32":
            remedies.append("precision = bf16")
        return RunFault(f"out of memory. Raise {', or set '.join(remedies)}; then --resume or begin anew")
    if "DataLoader worker" in text and "killed" in text:
        return RunFault(f"a loader process was killed, maybe for memory: lower loader_workers (now {config.loader_workers})")
    if is_distributed() and isinstance(error, RuntimeError) and any(each in text.lower() for each in _PEERS):
        return RunFault("another process of this run has ended or is out of reach: start all again with --resume")
    return None
