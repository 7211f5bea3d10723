"""What lies in --out, or in the data set itself, of a forging before this one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..base.faults import InputFault
from ..data.dataset import Dataset, open_dataset, read_manifest


def finished_before(out: Path, wish: dict[str, Any]) -> dict[str, Any] | None:
    """
    The manifest of the same forging that is finished in `out`; None where none is. Raises InputFault where another data set
    is: its list of shards must not stand over the shards of this one.
    """
    if not (out / "dataset.json").exists():
        return None
    manifest = read_manifest(out)
    if manifest.get("forged") != wish:
        other = json.dumps(manifest.get("forged"))
        raise InputFault(f"{out} holds another, finished data set (forged: {other}); choose another --out")
    open_dataset(out)
    return manifest


def refuse_unfinished_other(path: Path, wish: dict[str, Any]) -> None:
    """Raises InputFault where the note `path` of an unfinished forging tells of another one."""
    if path.is_file() and path.read_text("utf-8") != json.dumps(wish, sort_keys=True):
        other = path.read_text("utf-8")
        raise InputFault(f"{path.parent.parent} holds another, unfinished forging ({other}); choose another --out")


def refuse_same_method(data: Dataset, method: str) -> None:
    """Raises InputFault where the data set has clips or shards of the names that this method gives to its own."""
    shards = set(data.digests["shards"])
    taken = [f"the shard {method}-{path}" for path in sorted(shards) if f"{method}-{path}" in shards]
    taken += [f"{sample.key} of this method" for sample in data.samples if sample.facts.method == method]
    if taken:
        raise InputFault(f"{data.folder} already has {taken[0]}; choose another --method than {method}")
