"""What is wrong in the published code of stage 1, and is right here."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from made import CPU, gru_task, made_codes

from styleflow_trainer.checkpoints.load import load_style_gru
from styleflow_trainer.data.dataset import open_dataset
from styleflow_trainer.data.draws import fixed_clips
from styleflow_trainer.data.sample_facts import SampleFacts
from styleflow_trainer.networks.sample_dropout import LatentDropout, sample_seeds
from styleflow_trainer.networks.style_gru import style_flow
from styleflow_trainer.training.judging import judge
from styleflow_trainer.training.loop import Ending, train


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_codes(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def run(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ending]:
    folder = tmp_path_factory.mktemp("run")
    return folder, train(gru_task(data, steps=10, log_every=2, loader_workers=1), "style-gru", folder, CPU)


def test_the_number_of_loader_processes_is_a_setting_that_exists(run: tuple[Path, Ending]) -> None:
    assert run[1].is_finished


def test_the_best_judgement_is_a_number_from_the_first_comparison_on(run: tuple[Path, Ending]) -> None:
    assert isinstance(run[1].best, float) and 0 <= run[1].best <= 1


def test_a_saved_checkpoint_can_be_loaded_back_under_plain_names(run: tuple[Path, Ending]) -> None:
    assert "gru.weight_ih_l0" in torch.load(run[0] / "best.pth")["state_dict"]
    assert load_style_gru(run[0] / "best.pth").gru.hidden_size == 8


def test_the_authors_own_form_is_read_too(run: tuple[Path, Ending], tmp_path: Path) -> None:
    tensors = torch.load(run[0] / "best.pth")["state_dict"]
    theirs = {"epoch": 3, "state_dict": {f"module.model.{name}": value for name, value in tensors.items()}}
    torch.save(theirs, tmp_path / "theirs.pth")
    assert torch.equal(load_style_gru(tmp_path / "theirs.pth").hidden_state, tensors["hidden_state"])


def test_the_optimizer_is_kept_with_the_run(run: tuple[Path, Ending]) -> None:
    assert torch.load(run[0] / "state.pth")["optimizer"]["state"]


def test_accuracy_is_taken_at_logit_0_where_the_probability_is_one_half() -> None:
    facts = [SampleFacts(label, "test", f"v{at}", None, None) for at, label in enumerate(("real", "fake"))]
    assert judge([-0.1, 0.2], facts).accuracy == 1.0


def test_every_clip_of_a_batch_has_its_own_latent_mask_and_the_same_one_in_every_batch() -> None:
    dropout = LatentDropout(0.5)
    flow = torch.ones(2, 31, 40)
    with sample_seeds([1, 2]):
        together = dropout(flow)
    with sample_seeds([2]):
        alone = dropout(flow[:1])
    assert not torch.equal(together[0], together[1])
    assert torch.equal(together[1], alone[0])
    # As published: one mask for both halves and for every frame.
    assert torch.equal(together[0, :, :20], together[0, :, 20:])
    assert torch.equal(together[0, 0], together[0, 30])


def test_differences_are_taken_while_training_as_well(data: Path) -> None:
    task = gru_task(data, latent_dropout=0.0, dropout=0.0)
    item = task.load(0)
    batch = {"codes": item["codes"][None], "label": item["label"][None], "seed": [item["seed"]]}
    seen = []
    task.network.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    task.loss(task.network, batch)
    assert torch.equal(seen[0], style_flow(item["codes"])) and seen[0].shape[1] == 31


def test_validation_judges_the_same_clips_every_time(data: Path) -> None:
    samples = open_dataset(data).of_split("validation")
    first, second = (fixed_clips(samples, 1) for _ in range(2))
    assert [each.key for each in first] == [each.key for each in second]


def test_labels_belong_to_clips_by_their_keys_and_not_by_the_order_of_folders(data: Path) -> None:
    samples = open_dataset(data).samples
    assert all(sample.key.endswith(sample.facts.label) for sample in samples)
    reordered = sorted(samples, key=lambda sample: sample.key[::-1])
    assert {each.key: each.facts for each in reordered} == {each.key: each.facts for each in samples}


def test_anomaly_detection_is_off(run: tuple[Path, Ending]) -> None:
    assert not torch.is_anomaly_enabled()


def test_the_last_and_the_best_are_kept_and_not_every_epoch(run: tuple[Path, Ending]) -> None:
    assert sorted(path.name for path in run[0].glob("*.pth")) == ["best.pth", "last.pth", "state.pth"]


def test_the_loss_that_is_logged_is_the_loss_whatever_the_log_step(run: tuple[Path, Ending]) -> None:
    with (run[0] / "train.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == [2, 4, 6, 8, 10]
    logged = [float(row["loss"]) for row in rows]
    assert np.allclose(logged, run[1].losses[1::2], rtol=1e-4)
