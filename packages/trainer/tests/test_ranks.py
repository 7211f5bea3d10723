"""Processes that train together do what one does alone."""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from made import made_codes
from rank_runs import CASES, resume, run_and_lose_one, run_case, run_cases

from styleflow_trainer.base.faults import InputFault
from styleflow_trainer.data.loader import StepPositions


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made_codes(tmp_path_factory.mktemp("data"))
    # Its StyleGRU checkpoint is made once, before several processes look for it.
    from frames_task import frames_task

    frames_task(folder, style=True, width=2)
    return folder


def start_ranks(work: Callable[..., None], data: Path, out: Path) -> list[Any]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    context = multiprocessing.get_context("spawn")
    ranks = [context.Process(target=work, args=(rank, 2, port, data, out)) for rank in range(2)]
    for each in ranks:
        each.start()
    for each in ranks:
        each.join(240)
        if each.is_alive():
            each.kill()
    return [each.exitcode for each in ranks]


@pytest.fixture(scope="module")
def together(data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    out = tmp_path_factory.mktemp("together")
    assert start_ranks(run_cases, data, out) == [0, 0]
    return [torch.load(out / f"rank{rank}.pt") for rank in range(2)]


@pytest.mark.parametrize("case", CASES)
def test_two_processes_do_what_one_does_with_the_same_batch_for_20_steps(
    case: str, data: Path, tmp_path: Path, together: list[dict[str, Any]]
) -> None:
    alone = run_case(case, data, tmp_path)
    assert len(alone["losses"]) == 20
    for other in (each[case] for each in together):
        assert max(abs(a - b) for a, b in zip(alone["losses"], other["losses"])) <= 1e-5
        # A rank order turns over where two scores differ by rounding alone: one pair of eight people's.
        assert abs(alone["best"] - other["best"]) <= 1 / 16
        for name, value in alone["tensors"].items():
            # Keys that all shift alike change no attention: their slope is zero but for rounding.
            if not name.endswith("STA.w_k.bias"):
                apart = (value - other["tensors"][name]).abs() / value.abs().clamp(min=1)
                assert float(apart.max()) <= 1e-5, name
    first, second = (each[case]["tensors"] for each in together)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_killed_process_stops_the_others_with_a_sentence_and_the_run_goes_on_later(data: Path, tmp_path: Path) -> None:
    codes = start_ranks(run_and_lose_one, data, tmp_path)
    assert codes[1] == -9
    assert "another process of this run has ended" in (tmp_path / "rank0.txt").read_text()
    assert start_ranks(resume, data, tmp_path) == [0, 0]
    assert (tmp_path / "resumed0.txt").read_text() == "20 True"


def test_a_batch_that_cannot_be_shared_is_refused_with_what_can() -> None:
    with pytest.raises(InputFault, match="batch_size 10 cannot be shared by 4 processes in accumulate = 1 parts"):
        StepPositions(0, 5, 10, 1, 0, 4)


def test_all_ranks_together_work_on_the_positions_of_one() -> None:
    alone = list(StepPositions(3, 5, 12, 2, 0, 1))
    shared = [StepPositions(3, 5, 12, 2, rank, 3) for rank in range(3)]
    assert alone == [[position for rank in shared for position in rank[part]] for part in range(len(alone))]
    assert alone[0][0] == 36
