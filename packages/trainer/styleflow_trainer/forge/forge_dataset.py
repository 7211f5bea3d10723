"""A data set → the same one with forged fakes of its real clips: shards are copied, and each gets a forged one beside it."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..base.faults import InputFault
from ..base.seeds import derived_generator
from ..data.clip_codec import decode_clip, encode_clip
from ..data.dataset import Dataset, digest_of, open_dataset, read_manifest
from ..data.tar_shard import Place, places_in, write_shard
from .earlier_forging import finished_before, refuse_same_method, refuse_unfinished_other
from .forge_clip import forge_clip
from .picture import draw_pair
from .strengths import draw_strengths


@dataclass(frozen=True)
class Forging:
    """What is asked for. The same on the same data set gives the same bytes."""

    seed: int = 1
    per_clip: int = 1
    strength: float = 1.0
    method: str = "forged"
    pictures: int = 12
    workers: int = 1

    def told(self) -> dict[str, Any]:
        told = {"seed": self.seed, "perClip": self.per_clip, "strength": self.strength, "method": self.method}
        return {"version": 1, **told}


@dataclass(frozen=True)
class _Task:
    shard: Path
    key: str
    clip: Place
    facts: Place
    copy: int
    picture: Path | None


def forge_dataset(source: Path, out: Path, forging: Forging, say: Callable[[str], None]) -> int:
    """
    How many clips were forged. Shard by shard; what an earlier run has finished is left alone. `dataset.json` comes last,
    so a folder that was left half-way is no data set. Raises InputFault where there is nothing to forge of, and where `out`
    holds something else.
    """
    if source.resolve() == out.resolve():
        raise InputFault("--out is the data set itself; choose another folder")
    data = open_dataset(source)
    manifest = read_manifest(source)
    if not any(not sample.facts.is_fake and sample.clip for sample in data.samples):
        raise InputFault(f"{source} has no real clips to forge of")
    refuse_same_method(data, forging.method)
    wish = {**forging.told(), "of": data.digests["dataset.json"]}
    notes = out / "building"
    finished = finished_before(out, wish)
    if finished is not None:
        shutil.rmtree(notes, ignore_errors=True)
        return _clips_beside(data, finished["shards"])
    notes.mkdir(parents=True, exist_ok=True)
    refuse_unfinished_other(notes / "forging.json", wish)
    _write_whole(notes / "forging.json", json.dumps(wish, sort_keys=True).encode())
    drawn = 0
    shards: list[dict[str, Any]] = []
    with ProcessPoolExecutor(max_workers=max(1, forging.workers)) as pool:
        for entry in manifest["shards"]:
            _copy(source / entry["path"], out / entry["path"], entry["sha256"])
            shards.append(entry)
            note = notes / f"{entry['path']}.json"
            if note.is_file():
                forged = json.loads(note.read_text("utf-8"))
            else:
                tasks = list(_tasks(source / entry["path"], out, forging, drawn))
                path = f"{forging.method}-{entry['path']}"
                forged = _forge_shard(tasks, out / path, path, forging, pool)
                _write_whole(note, json.dumps(forged).encode())
            drawn += min(forged["clips"], max(0, forging.pictures - drawn))
            if forged["clips"] > 0:
                shards.append(forged)
            say(f"{entry['path']}: {forged['clips']} forged clips")
    for name, sha256 in (manifest.get("files") or {}).items():
        _copy(source / name, out / name, sha256)
    made: dict[str, Any] = dict(manifest)
    counts = _counts(out, shards)
    made.update(shards=shards, forged=wish, counts=counts, **_splits_with(manifest, counts))
    _write_whole(out / "dataset.json", (json.dumps(made, indent=2, ensure_ascii=False) + "\n").encode())
    shutil.rmtree(notes)
    return _clips_beside(data, shards)


def _clips_beside(data: Dataset, shards: list[dict[str, Any]]) -> int:
    """Clips of the shards that the data set lacks: it may hold those of an earlier forging itself."""
    return sum(int(shard["clips"]) for shard in shards if shard["path"] not in data.digests["shards"])


def _tasks(shard: Path, out: Path, forging: Forging, drawn: int) -> Iterator[_Task]:
    for key, files in sorted(places_in(shard).items()):
        if "clip" not in files or "json" not in files:
            continue
        facts = json.loads(files["json"].read())
        if facts.get("label") != "real":
            continue
        if len(facts.get("points") or ()) != 32:
            raise InputFault(f"{key}.json of {shard} has no points of 32 frames: forging needs to know where the face is")
        for copy in range(forging.per_clip):
            picture = out / "pictures" / f"{key}-{copy}.png" if drawn < forging.pictures else None
            drawn += 1
            yield _Task(shard, key, files["clip"], files["json"], copy, picture)


def _forge_shard(
    tasks: list[_Task], path: Path, name: str, forging: Forging, pool: ProcessPoolExecutor
) -> dict[str, Any]:
    files: dict[str, bytes] = {}
    for made in pool.map(_forge_one, tasks, [forging] * len(tasks)):
        files.update(made)
    if not files:
        return {"path": name, "bytes": 0, "sha256": "", "clips": 0, "forged": True}
    draft = path.with_name(f".{path.name}.part")
    write_shard(draft, files)
    facts = {"path": name, "bytes": draft.stat().st_size, "sha256": digest_of(draft), "clips": len(tasks), "forged": True}
    os.replace(draft, path)
    return facts


def _forge_one(task: _Task, forging: Forging) -> dict[str, bytes]:
    """In a process of its own. The key that its randomness is drawn by does not depend on the shard that it lies in."""
    facts = json.loads(task.facts.read())
    real = decode_clip(task.clip.read(), f"{task.key}.clip")
    words = (facts["video"], facts.get("track"), facts.get("clip"), task.key, task.copy)
    random = derived_generator("forge", forging.seed, *words)
    strengths = draw_strengths(random, forging.strength)
    forged, masks = forge_clip(real, facts["points"], strengths, random)
    if task.picture is not None:
        draw_pair(task.picture, real, forged, masks)
    key = f"{task.key}-{forging.method}{task.copy}"
    told = {**facts, "label": "fake", "method": forging.method, "forged": {"of": task.key, **strengths.told()}}
    return {f"{key}.clip": encode_clip(forged), f"{key}.json": json.dumps(told, ensure_ascii=False).encode()}


def _copy(source: Path, target: Path, sha256: str) -> None:
    """A link where the disk allows one: shards are never written again."""
    if target.is_file() and digest_of(target) == sha256:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        os.link(source, draft)
    except OSError:
        shutil.copyfile(source, draft)
    os.replace(draft, target)


def _splits_with(manifest: dict[str, Any], counts: list[dict[str, Any]]) -> dict[str, Any]:
    """What the plan noted of the splits, less what the forged clips have mended: that a split has no fakes."""
    splits = manifest.get("splits")
    if not isinstance(splits, dict):
        return {}
    mended = {f"{count['split']} has real videos alone" for count in counts if count["label"] == "fake"}
    return {"splits": {**splits, "notes": [note for note in splits.get("notes") or [] if note not in mended]}}


def _counts(out: Path, shards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By split, label and method, as `dataset build` writes them."""
    clips: Counter[tuple[str, str, str]] = Counter()
    hours: Counter[tuple[str, str, str]] = Counter()
    videos: dict[tuple[str, str, str], set[str]] = {}
    for shard in shards:
        for files in places_in(out / shard["path"]).values():
            facts = json.loads(files["json"].read())
            kind = (facts["split"], facts["label"], facts.get("method") or "")
            seconds = facts.get("seconds") or [0]
            clips[kind] += 1
            hours[kind] += (max(seconds) - min(seconds)) / 3600
            videos.setdefault(kind, set()).add(facts["video"])
    return [
        {
            **{"split": kind[0], "label": kind[1], "method": kind[2] or None},
            **{"videos": len(videos[kind]), "clips": clips[kind], "hours": round(hours[kind], 6)},
        }
        for kind in sorted(clips)
    ]


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(content)
    os.replace(draft, path)
