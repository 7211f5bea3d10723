"""The folder of a run: what is needed to repeat it, and what came of it."""

from __future__ import annotations

import csv
import json
import os
import platform
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .. import __version__
from ..base.faults import InputFault
from ..base.ranks import world_size
from .config import RunConfig, print_config

TRAIN_COLUMNS = ("step", "loss", "learning_rate", "gradient_norm", "clips_per_second", "seconds")
VALIDATION_COLUMNS = ("step", "auc", "auc_low", "auc_high", "clip_auc", "accuracy", "videos", "clips")


class RunFolder:
    """
    `config.json`, `run.json` (data digests, git revision, environment), `log.txt`, `train.csv`, `validation.csv`, the
    checkpoints, and `state.pth`, from which the run goes on. Only the first rank writes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state.pth"
        self._board: Any = None

    def begin(self, config: RunConfig, facts: dict[str, Any], resumes: bool) -> None:
        """Raises InputFault when the folder holds a run already that shall not go on."""
        if self.state.exists() and not resumes:
            raise InputFault(f"{self.folder} holds a run: go on with --resume, or take another --out")
        if resumes and not self.state.exists():
            raise InputFault(f"{self.folder} holds no run to resume: there is no state.pth")
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "config.json").write_text(print_config(config), "utf-8")
        run = {**facts, "startedAt": _now(), "environment": environment()}
        (self.folder / "run.json").write_text(json.dumps(run, indent=2) + "\n", "utf-8")
        self._open_board()

    def rewind(self, step: int) -> None:
        """Drops rows of steps that will be made again."""
        for name in ("train.csv", "validation.csv"):
            path = self.folder / name
            if not path.exists():
                continue
            with path.open(newline="") as file:
                rows = list(csv.reader(file))
            kept = rows[:1] + [row for row in rows[1:] if int(row[0]) <= step]
            with path.open("w", newline="") as file:
                csv.writer(file).writerows(kept)

    def add_row(self, name: str, columns: tuple[str, ...], row: dict[str, float]) -> None:
        path = self.folder / name
        is_new = not path.exists()
        with path.open("a", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow(columns)
            writer.writerow([_printed(row[column]) for column in columns])
        if self._board is not None:
            for column in columns[1:]:
                self._board.add_scalar(f"{Path(name).stem}/{column}", row[column], int(row["step"]))

    def log(self, line: str) -> None:
        with (self.folder / "log.txt").open("a", encoding="utf-8") as file:
            file.write(f"{_now()} {line}\n")

    def _open_board(self) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            return
        self._board = SummaryWriter(str(self.folder / "tensorboard"))

    def close(self) -> None:
        if self._board is not None:
            self._board.close()


def environment() -> dict[str, Any]:
    cards = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return {
        "trainer": __version__,
        "gitRevision": _first_line(["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]),
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "cuda": torch.version.cuda,
        "cards": cards,
        "processes": world_size(),
        "threads": torch.get_num_threads(),
        "cpus": os.cpu_count(),
        "machine": platform.platform(),
        "ffmpeg": _first_line(["ffmpeg", "-version"]),
        "command": sys.argv,
    }


def _first_line(command: list[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.splitlines()[0] if done.returncode == 0 and done.stdout else None


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _printed(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.6g}"
