"""A run that is stopped and goes on ends as one that was never stopped, to the bit."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest
import torch
from frames_task import frames_task
from made import CPU, gru_task, made_codes

from styleflow_trainer.base.faults import InputFault
from styleflow_trainer.training.loop import train
from styleflow_trainer.training.task import Task


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_codes(tmp_path_factory.mktemp("data"))


def same(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def built(kind: str, data: Path) -> Task:
    if kind == "style-gru":
        return gru_task(data, average=0.9, loader_workers=1)
    freeze = [{"until": 9, "parts": ["stem", "style-gru"]}]
    return frames_task(data, style=True, average=0.9, accumulate=2, freeze=freeze)


@pytest.mark.parametrize("kind", ["style-gru", "detector"])
def test_stopped_at_a_random_step_and_resumed_it_ends_with_the_same_bits(kind: str, data: Path, tmp_path: Path) -> None:
    stop = random.SystemRandom().randrange(1, 20)
    whole = train(built(kind, data), kind, tmp_path / "whole", CPU)
    train(built(kind, data), kind, tmp_path / "stopped", CPU, stop_after=stop)
    # Whatever else was drawn in between is not to matter.
    torch.manual_seed(random.SystemRandom().randrange(2**32))
    resumed = train(built(kind, data), kind, tmp_path / "stopped", CPU, resumes=True)
    assert whole.losses[stop:] == resumed.losses, f"stopped after step {stop}"
    for name in ("state.pth", "last.pth", "best.pth"):
        states = [torch.load(tmp_path / run / name) for run in ("whole", "stopped")]
        for state in states:
            state.pop("random", None)
        assert same(*states), f"{name}, stopped after step {stop}"
    for name in ("train.csv", "validation.csv"):
        texts = [(tmp_path / run / name).read_text() for run in ("whole", "stopped")]
        rows = [[line.split(",")[:2] for line in text.splitlines()] for text in texts]
        assert rows[0] == rows[1]


def test_sigterm_ends_a_run_after_its_step_with_everything_saved(data: Path, tmp_path: Path) -> None:
    task = gru_task(data)
    load = task.load

    def load_and_stop(position: int) -> Any:
        if position == 3 * 8:
            os.kill(os.getpid(), signal.SIGTERM)
        return load(position)

    task.load = load_and_stop  # type: ignore[assignment]
    ending = train(task, "style-gru", tmp_path / "run", CPU)
    assert (ending.step, ending.is_finished) == (4, False)
    assert train(gru_task(data), "style-gru", tmp_path / "run", CPU, resumes=True).is_finished


def test_other_settings_other_data_and_a_folder_in_use_are_refused(data: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    train(gru_task(data), "style-gru", run, CPU, stop_after=2)
    with pytest.raises(InputFault, match="holds a run: go on with --resume"):
        train(gru_task(data), "style-gru", run, CPU)
    with pytest.raises(InputFault, match="was made with learning_rate = 0.005, and is resumed with 0.1"):
        train(gru_task(data, learning_rate=0.1), "style-gru", run, CPU, resumes=True)
    with pytest.raises(InputFault, match="other data"):
        train(gru_task(made_codes(tmp_path / "other", seed=2)), "style-gru", run, CPU, resumes=True)
    with pytest.raises(InputFault, match="holds no run to resume"):
        train(gru_task(data), "style-gru", tmp_path / "none", CPU, resumes=True)


def test_the_run_folder_holds_what_is_needed_to_repeat_it(data: Path, tmp_path: Path) -> None:
    import json

    train(gru_task(data, steps=2), "style-gru", tmp_path, CPU)
    facts = json.loads((tmp_path / "run.json").read_text())
    assert len(facts["data"]["dataset.json"]) == 64 and facts["data"]["shards"]
    assert facts["environment"]["torch"] and facts["environment"]["command"]
    assert "gitRevision" in facts["environment"]
    assert json.loads((tmp_path / "config.json").read_text())["hidden"] == 8
    assert {"config.json", "run.json", "log.txt", "train.csv", "validation.csv", "last.pth", "best.pth", "state.pth"} <= {
        path.name for path in tmp_path.iterdir()
    }
