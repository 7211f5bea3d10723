"""What people see of a run: one line that moves on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from datetime import timedelta


class Progress:
    def __init__(self, first: int, steps: int, clips_per_step: int, speaks: bool) -> None:
        self._first = first
        self._steps = steps
        self._clips = clips_per_step
        self._speaks = speaks
        self._moves = speaks and sys.stderr.isatty()
        self._started = time.monotonic()

    def rate(self, done: int) -> float:
        """Clips a second since the start of this process."""
        return (done - self._first) * self._clips / max(1e-9, self.seconds())

    def seconds(self) -> float:
        return time.monotonic() - self._started

    def tell(self, done: int, loss: float) -> str:
        """The line after `done` steps."""
        each = self.seconds() / max(1, done - self._first)
        left = timedelta(seconds=round(each * (self._steps - done)))
        line = f"step {done}/{self._steps}  loss {loss:.4f}  {self.rate(done):.1f} clips/s  {left} left"
        if self._moves:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
        elif self._speaks:
            print(line, file=sys.stderr, flush=True)
        return line

    def say(self, line: str) -> None:
        if self._speaks:
            print(f"\r\x1b[K{line}" if self._moves else line, file=sys.stderr, flush=True)
