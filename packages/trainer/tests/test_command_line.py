"""The commands, as people type them, and what they are told when something is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from made import SMALL_DETECTOR, SMALL_GRU, made_clips
from places import PACKAGES

from styleflow_trainer.command_line import run

TRAINER = PACKAGES / "trainer"


def test_from_a_synthetic_problem_to_a_checkpoint_by_commands(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data, out, config = tmp_path / "data", tmp_path / "run", tmp_path / "small.json"
    assert run(["synthetic", "style-jump", "--people", "8", "--style-dim", "2", "--out", str(data)]) == 0
    config.write_text(json.dumps(SMALL_GRU))
    common = ["--data", str(data), "--device", "cpu", "--config", str(config), "--set", "steps=2"]
    assert run(["style-gru", "--out", str(out), "--verify", *common]) == 0
    assert f"styleflow models import --parts --style-gru {out / 'best.pth'} --out BUNDLE" in capfd.readouterr().out
    begins = ["fine-tune", "--from", str(out / "best.pth"), "--out", str(tmp_path / "tuned")]
    assert run([*begins, *common]) == 0
    tuned = json.loads((tmp_path / "tuned" / "config.json").read_text())
    assert tuned["style_gru"] == str(out / "best.pth")


def test_what_is_refused_is_one_line_with_exit_code_2(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["detector", "--data", str(tmp_path), "--out", str(tmp_path / "run")]) == 2
    assert capfd.readouterr().err == f"error: invalid_request: {tmp_path} is no data set: it has no dataset.json\n"
    assert not (tmp_path / "run").exists()


def test_settings_are_printed_as_a_file_that_can_be_given_back(capfd: pytest.CaptureFixture[str]) -> None:
    for command in ("style-gru", "detector", "fine-tune"):
        assert run(["settings", command]) == 0
        assert json.loads(capfd.readouterr().out)["steps"] > 0


def test_one_command_tells_how_many_loaders_this_machine_needs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data, config = made_clips(tmp_path / "data", count=2), tmp_path / "small.json"
    config.write_text(json.dumps(SMALL_DETECTOR))
    small = ["--config", str(config), "--set", "batch_size=1", "--clips", "1", "--device", "cpu"]
    assert run(["measure", "--data", str(data), *small]) == 0
    told = capfd.readouterr().out
    assert "clips a second of one process" in told and "loader processes keep one training process busy" in told


def bare(code: str) -> subprocess.CompletedProcess[str]:
    """Python without site packages: PyTorch and numpy are not there."""
    environment = {"PYTHONPATH": str(TRAINER), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-S", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_without_pytorch_it_says_what_to_install() -> None:
    done = bare("import sys, styleflow_trainer.__main__ as m; sys.exit(m.main())")
    assert done.returncode == 2
    assert "lacks torch and numpy: apt-get install python3-torch python3-numpy" in done.stderr


def test_on_an_old_python_it_says_which_it_needs() -> None:
    done = bare("import sys, styleflow_trainer.__main__ as m; m.OLDEST = (99, 0); sys.exit(m.main())")
    assert done.returncode == 2
    assert "the trainer needs Python 99.0 or newer, and this is Python 3." in done.stderr
