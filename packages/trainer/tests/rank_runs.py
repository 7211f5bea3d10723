"""What the processes of a run do, for tests that start several of them."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import torch
from frames_task import frames_task
from made import gru_task

from styleflow_trainer.base.faults import RunFault
from styleflow_trainer.base.ranks import join_ranks, leave_ranks
from styleflow_trainer.training.loop import train
from styleflow_trainer.training.task import Task

CASES = ("triplet", "contrastive", "detector", "frozen-norms")


def task_of(case: str, data: Path) -> Task:
    if case in ("triplet", "contrastive"):
        return gru_task(data, objective=case, latent_dropout=0.2, dropout=0.2)
    # Short steps: a deep network magnifies from step to step what rounding leaves.
    short = {"learning_rate": 0.0002, "gradient_norm": 1.0, "width": 2, "batch_size": 8}
    return frames_task(data, style=True, accumulate=2, freeze_norms=case == "frozen-norms", **short)


def run_case(case: str, data: Path, out: Path) -> dict[str, Any]:
    task = task_of(case, data)
    ending = train(task, case, out / case, torch.device("cpu"))
    tensors = {f"{suffix}{name}": value for suffix, part in task.exports().items() for name, value in part.items()}
    return {"losses": ending.losses, "best": ending.best, "tensors": tensors}


def become_rank(rank: int, world: int, port: int) -> None:
    torch.set_num_threads(1)
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(world), LOCAL_RANK=str(rank))
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    join_ranks("cpu")


def run_cases(rank: int, world: int, port: int, data: Path, out: Path) -> None:
    become_rank(rank, world, port)
    results = {case: run_case(case, data, out) for case in CASES}
    torch.save(results, out / f"rank{rank}.pt")
    leave_ranks()


def run_and_lose_one(rank: int, world: int, port: int, data: Path, out: Path) -> None:
    """Rank 1 is killed while it loads its fourth step; what rank 0 hears is written down. Then both go on."""
    become_rank(rank, world, port)
    task = gru_task(data, save_every=1)
    load = task.load

    def load_and_die(position: int) -> Any:
        if position // 8 == 3 and rank == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return load(position)

    task.load = load_and_die  # type: ignore[assignment]
    try:
        train(task, "style-gru", out / "run", torch.device("cpu"))
    except RunFault as fault:
        (out / f"rank{rank}.txt").write_text(str(fault))


def resume(rank: int, world: int, port: int, data: Path, out: Path) -> None:
    become_rank(rank, world, port)
    ending = train(gru_task(data, save_every=1), "style-gru", out / "run", torch.device("cpu"), resumes=True)
    (out / f"resumed{rank}.txt").write_text(f"{ending.step} {ending.is_finished}")
    leave_ranks()
