"""
Clips of a forged data set as videos with a manifest: what `styleflow evaluate` judges a detector on. Real and forged ones go
through the same encoder at the same quality, so that the encoder tells them apart as little as it can.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..augment.compression import write_h264
from ..base.faults import InputFault
from ..base.seeds import derived_generator
from ..data.clip_codec import decode_clip
from ..data.dataset import digest_of, read_manifest
from ..data.tar_shard import Place, places_in

# A face detector looks for a face with something around it: the crop's edge is drawn out by this many pixels.
BORDER = 64
# x264's constant quality, drawn once for a real clip and all that is forged of it.
QUALITIES = (18, 23, 28)
COLUMNS = ("source", "id", "truth_label", "method", "identity", "split", "dataset")


@dataclass(frozen=True)
class _Task:
    key: str
    clip: Place
    quality: int
    path: Path


def write_videos(dataset: Path, splits: Sequence[str], seed: int, workers: int) -> Path:
    """
    The manifest, written last. Videos of an earlier run of the same data set and seed stay.
    Raises InputFault where no clip is in the splits.
    """
    folder = dataset / "videos"
    folder.mkdir(exist_ok=True)
    tasks, rows = [], []
    manifest = read_manifest(dataset)
    for entry in manifest["shards"]:
        for key, files in sorted(places_in(dataset / entry["path"]).items()):
            facts = json.loads(files["json"].read())
            if facts["split"] not in splits or "clip" not in files:
                continue
            real = facts.get("forged", {}).get("of", key)
            quality = int(derived_generator("video", seed, real).choice(QUALITIES))
            tasks.append(_Task(key, files["clip"], quality, folder / f"{key}.mp4"))
            rows.append({**_row(key, facts), "dataset": manifest.get("name") or dataset.name})
    if not tasks:
        raise InputFault(f"{dataset} has no clips in {', '.join(splits)} to make videos of")
    _remove_others(folder, {"dataset": digest_of(dataset / "dataset.json"), "seed": seed})
    with ProcessPoolExecutor(max_workers=workers) as pool:
        list(pool.map(_write_one, [task for task in tasks if not task.path.is_file()]))
    path = folder / "manifest.csv"
    draft = path.with_name(".manifest.csv.part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(draft, path)
    return path


def _remove_others(folder: Path, made_of: dict[str, Any]) -> None:
    """Videos of other clips may have the same names."""
    note = folder / "made-of.json"
    text = json.dumps(made_of, sort_keys=True)
    if note.is_file() and note.read_text("utf-8") == text:
        return
    note.unlink(missing_ok=True)
    for video in folder.rglob("*.mp4"):
        video.unlink()
    draft = note.with_name(".made-of.json.part")
    draft.write_text(text, "utf-8")
    os.replace(draft, note)


def _row(key: str, facts: dict[str, Any]) -> dict[str, str]:
    texts = {name: facts.get(name) or "" for name in ("method", "identity", "split")}
    return {"source": f"{key}.mp4", "id": key, "truth_label": facts["label"], **texts}


def _write_one(task: _Task) -> None:
    clip = decode_clip(task.clip.read(), f"{task.key}.clip")
    framed = np.pad(clip, ((0, 0), (BORDER, BORDER), (BORDER, BORDER), (0, 0)), mode="edge")
    task.path.parent.mkdir(parents=True, exist_ok=True)
    draft = task.path.with_name(f".{task.path.name}.part")
    write_h264(framed, task.quality, draft)
    os.replace(draft, task.path)
