"""A manifest with labels and splits → the AUC that codec, rate and size alone reach where they were not trained."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..base.faults import InputFault
from ..data.sample_facts import LABELS, SPLITS, SampleFacts
from ..training.judging import Judgement, judge
from .file_facts import read_file_facts
from .logistic import fit_and_score


@dataclass(frozen=True)
class _Row:
    path: Path
    facts: SampleFacts


def judge_manifest(manifest: Path) -> dict[str, Judgement]:
    """By split. Raises InputFault for rows without a file, label or split, and where train has one class alone."""
    rows = _read(manifest)
    train = [row for row in rows if row.facts.split == "train"]
    if len({row.facts.label for row in train}) < 2:
        raise InputFault(f"{manifest}: the split train needs both real and fake videos")
    seen = [read_file_facts(row.path) for row in train]
    judged = {}
    for split in SPLITS[1:]:
        others = [row for row in rows if row.facts.split == split]
        if len({row.facts.label for row in others}) == 2:
            files = [read_file_facts(row.path) for row in others]
            logits = fit_and_score(seen, [row.facts.is_fake for row in train], files)
            judged[split] = judge(logits.tolist(), [row.facts for row in others])
    if not judged:
        raise InputFault(f"{manifest}: neither validation nor test has both real and fake videos")
    return judged


def sentences(judged: dict[str, Judgement]) -> Sequence[str]:
    """For people."""
    return [
        f"{split}: {each.told()} by codec, rate and size alone, {each.videos} videos"
        for split, each in judged.items()
    ]


def _read(manifest: Path) -> list[_Row]:
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputFault(f"the manifest {manifest} cannot be read: {error}") from error
    return [_row(manifest, line, row) for line, row in enumerate(rows, 2)]


def _row(manifest: Path, line: int, row: dict[str, str | None]) -> _Row:
    label, split, source = (row.get(name) or "" for name in ("truth_label", "split", "source"))
    for name, value, allowed in (("truth_label", label, LABELS), ("split", split, SPLITS)):
        if value not in allowed:
            raise InputFault(f"{manifest}, line {line}: {name} is {value!r}, expected one of {', '.join(allowed)}")
    path = manifest.parent / source
    if not path.is_file():
        raise InputFault(f"{manifest}, line {line}: there is no file {path}")
    method, identity = row.get("method") or None, row.get("identity") or None
    return _Row(path, SampleFacts(label, split, row.get("id") or source, method, identity))
