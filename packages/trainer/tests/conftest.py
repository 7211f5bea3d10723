"""One thread for every test: sums depend on how many there are. And a line for each test, for who counts them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import torch

from styleflow_trainer.base.keep_memory import keep_freed_memory

keep_freed_memory()
torch.set_num_threads(1)

REPORT = os.environ.get("STYLEFLOW_TEST_REPORT")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Set-up, call and tear-down of a test each report; what was skipped counts as failed, since nobody would see it."""
    if REPORT is None or (report.when != "call" and report.passed):
        return
    path, _, test = report.nodeid.partition("::")
    name = f"{Path(path).name}::{test.partition('[')[0]}"
    failure = "" if report.passed else f"{report.nodeid}\n{report.longreprtext}"
    with Path(REPORT).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"name": name, "failure": failure}) + "\n")
