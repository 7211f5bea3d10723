"""What goes wrong in a run is told with what to do, and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from frames_task import frames_task
from made import CPU, gru_task, made_codes

from styleflow_trainer.base.faults import InputFault, RunFault
from styleflow_trainer.training.loop import train


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_codes(tmp_path_factory.mktemp("data"))


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_batch(data: Path, tmp_path: Path) -> None:
    task = gru_task(data)
    load = task.load

    def load_spoilt(position: int) -> Any:
        item = load(position)
        if position == 2 * 8 + 3:
            item["codes"] = item["codes"] * float("nan")
        return item

    task.load = load_spoilt  # type: ignore[assignment]
    with pytest.raises(RunFault, match="the loss is no number at step 2: the batch and the weights before it are in"):
        train(task, "style-gru", tmp_path, CPU)
    kept = torch.load(tmp_path / "not-a-number-rank0.pth")
    assert kept["batches"][0]["codes"][3].isnan().all() and len(kept["batches"][0]["key"]) == 8
    # Statistics of norms have seen the batch; weights have not.
    weights = (value for name, value in kept["network"].items() if "running" not in name)
    assert all(value.isfinite().all() for value in weights)


def test_out_of_memory_says_which_settings_help(data: Path, tmp_path: Path) -> None:
    task = frames_task(data)

    def hungry(network: object, batch: object) -> torch.Tensor:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")

    task.loss = hungry  # type: ignore[assignment]
    with pytest.raises(RunFault, match=r"out of memory\. Raise accumulate \(now 1: each process holds 4 clips at once\)"):
        train(task, "detector", tmp_path, CPU)


def test_a_clip_that_cannot_be_read_is_named_from_a_loader_process_as_well(data: Path, tmp_path: Path) -> None:
    task = gru_task(data, loader_workers=1)
    load = task.load

    def load_none(position: int) -> Any:
        if position == 9:
            raise InputFault("person0001.codes.npy is no npy file")
        return load(position)

    task.load = load_none  # type: ignore[assignment]
    with pytest.raises(InputFault, match=r"^person0001\.codes\.npy is no npy file$"):
        train(task, "style-gru", tmp_path, CPU)


def test_a_freeze_schedule_is_checked_and_followed(data: Path, tmp_path: Path) -> None:
    with pytest.raises(InputFault, match="there is no part 'body', only stem"):
        train(frames_task(data, freeze=[{"until": 3, "parts": ["body"]}]), "detector", tmp_path / "a", CPU)
    everything = ["content", "transformer"]
    with pytest.raises(InputFault, match="every part rests at step 0"):
        train(frames_task(data, freeze=[{"until": 3, "parts": everything}]), "detector", tmp_path / "b", CPU)
    task = frames_task(data, steps=3, freeze=[{"until": None, "parts": ["content"]}])
    before = {name: value.clone() for name, value in task.network.state_dict().items()}
    train(task, "detector", tmp_path / "c", CPU)
    after = task.network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before if ".s1." in name or ".s4." in name)
    assert not torch.equal(before["content.resnet.head.time_T.cls_token"], after["content.resnet.head.time_T.cls_token"])


def test_half_precision_learns_on_a_cpu_too(data: Path, tmp_path: Path) -> None:
    ending = train(frames_task(data, style=True, steps=2, precision="bf16"), "detector", tmp_path, CPU)
    assert ending.is_finished and all(map(torch.isfinite, map(torch.tensor, ending.losses)))


def test_one_class_alone_is_refused(tmp_path: Path) -> None:
    from styleflow_trainer.data.write_dataset import write_dataset
    from styleflow_trainer.synthetic.style_jump import style_jump_samples

    real = [each for each in style_jump_samples(8, 4, 1, False) if each.facts["label"] == "real"]
    write_dataset(tmp_path / "data", real)
    with pytest.raises(InputFault, match=r"the split train holds one class alone \(real\)"):
        gru_task(tmp_path / "data")


def test_codes_of_another_psp_and_widths_that_do_not_fit_are_refused(data: Path, tmp_path: Path) -> None:
    from places import TINY

    gru = str(TINY / "style-gru-tiny.pth")
    with pytest.raises(InputFault, match=r"steps of 576 values, and the data set's have 72 \(18 × 4\)"):
        gru_task(data, style_gru=gru)
    with pytest.raises(InputFault, match=r"4·H = 512 \(H = 128\) must equal 16·C = 256 \(C = 16\)"):
        frames_task(data, style_gru=gru)
    with pytest.raises(InputFault, match="has a style attention: give its StyleGRU"):
        frames_task(data, content=str(TINY / "style-content-tiny.pth"))


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("learning_rat", 1, "there is no setting learning_rat: did you mean learning_rate"),
        ("steps", "many", "steps is 'many', expected int"),
        ("steps", 0, "steps is 0, expected at least 1"),
        ("precision", "fp8", "precision is 'fp8', expected one of fp32, bf16, fp16"),
        ("dropout", 1.0, "dropout is 1.0, expected at least 0 and less than 1"),
        ("accumulate", 3, "batch_size 8 cannot be cut into accumulate = 3 parts"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_name(data: Path, setting: str, value: object, message: str) -> None:
    with pytest.raises(InputFault, match=message):
        gru_task(data, **{setting: value})
