"""A data set's folder: `dataset.json` and its shards, opened, checked and listed (docs/training.md, "The data set")."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base.faults import InputFault
from ..networks.clip_shape import CLIP_FRAMES, STYLE_LAYERS
from .clip_codec import Clip, decode_clip
from .names_within import leads_outside
from .sample_facts import SampleFacts, parse_facts
from .tar_shard import Place, places_in

FORMAT = 1
_PIECE = 1 << 22


@dataclass(frozen=True)
class Sample:
    """A clip of the data set, not read yet."""

    key: str
    facts: SampleFacts
    clip: Place | None
    codes: Place | None

    def read_clip(self) -> Clip:
        if self.clip is None:
            raise InputFault(f"{self.key} has no pixels ({self.key}.clip): this data set is for style-gru alone")
        return decode_clip(self.clip.read(), f"{self.key}.clip")

    def read_codes(self) -> NDArray[np.float32]:
        """[32, 18, S]."""
        if self.codes is None:
            raise InputFault(f"{self.key} has no style codes ({self.key}.codes.npy): build the data set with a pSp")
        name = f"{self.key}.codes.npy"
        try:
            codes = np.load(BytesIO(self.codes.read()), allow_pickle=False)
        except ValueError as error:
            raise InputFault(f"{name} is no npy file: {error}") from error
        if codes.ndim != 3 or codes.shape[:2] != (CLIP_FRAMES, STYLE_LAYERS) or codes.dtype != np.float32:
            raise InputFault(f"{name} is {codes.dtype} {list(codes.shape)}, expected float32 [32, 18, S]")
        return codes


@dataclass(frozen=True)
class Dataset:
    """Samples in the order of their keys, and what identifies the data."""

    folder: Path
    samples: Sequence[Sample]
    digests: dict[str, Any]

    def of_split(self, split: str) -> list[Sample]:
        return [sample for sample in self.samples if sample.facts.split == split]


def open_dataset(folder: Path, verify: bool = False) -> Dataset:
    """
    Reads what lies in every shard, not the clips. `verify` also takes every shard's SHA-256, which reads all bytes.
    Raises InputFault for shards that are missing, cut short or others, and for splits that leak.
    """
    manifest = read_manifest(folder)
    samples = []
    for entry in manifest["shards"]:
        shard = folder / entry["path"]
        _check_shard(shard, entry, verify)
        found = [_sample(key, files, shard) for key, files in sorted(places_in(shard).items())]
        if "clips" in entry and len(found) != entry["clips"]:
            raise InputFault(f"shard {shard} has {len(found)} clips, dataset.json says {entry['clips']}")
        samples.extend(found)
    samples.sort(key=lambda sample: sample.key)
    _refuse_twice(samples)
    _refuse_leaks(samples)
    digests = {
        "dataset.json": hashlib.sha256((folder / "dataset.json").read_bytes()).hexdigest(),
        "shards": {entry["path"]: entry["sha256"] for entry in manifest["shards"]},
    }
    return Dataset(folder, samples, digests)


def read_manifest(folder: Path) -> dict[str, Any]:
    """`dataset.json`. Raises InputFault where it lists no shards, or names what lies outside of the folder."""
    path = folder / "dataset.json"
    if not path.is_file():
        raise InputFault(f"{folder} is no data set: it has no dataset.json")
    try:
        manifest = json.loads(path.read_text("utf-8"))
        shards = manifest["shards"]
        for entry in shards:
            if not (isinstance(entry["path"], str) and isinstance(entry["sha256"], str)):
                raise ValueError("a shard's path and sha256 are texts")
            if int(entry["bytes"]) < 0:
                raise ValueError("a shard's bytes are a number")
            if leads_outside(entry["path"]):
                raise ValueError(f"the shard {entry['path']} lies outside the data set")
        for name, sha256 in (manifest.get("files") or {}).items():
            if not isinstance(sha256, str):
                raise ValueError("a file's sha256 is a text")
            if leads_outside(name):
                raise ValueError(f"the file {name} lies outside the data set")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputFault(f"{path} lists no shards as expected ({error})") from error
    if manifest.get("format") != FORMAT:
        raise InputFault(f"{path} has the format {manifest.get('format')!r}, and this trainer reads {FORMAT}")
    if len(shards) == 0:
        raise InputFault(f"{path} lists no shards")
    return dict(manifest)


def _check_shard(shard: Path, entry: dict[str, Any], verify: bool) -> None:
    if not shard.is_file():
        raise InputFault(f"shard {shard} is missing")
    size = shard.stat().st_size
    if size != entry["bytes"]:
        what = "cut short" if size < entry["bytes"] else "another"
        raise InputFault(f"shard {shard} is {what}: it has {size} bytes, dataset.json says {entry['bytes']}")
    if verify and digest_of(shard) != entry["sha256"]:
        raise InputFault(f"shard {shard} is damaged: its SHA-256 is not the one in dataset.json")


def digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _sample(key: str, files: dict[str, Place], shard: Path) -> Sample:
    if "json" not in files:
        raise InputFault(f"shard {shard}: {key} has no {key}.json")
    if "clip" not in files and "codes.npy" not in files:
        raise InputFault(f"shard {shard}: {key} has neither {key}.clip nor {key}.codes.npy")
    facts = parse_facts(files["json"].read(), f"{shard.name}: {key}.json")
    return Sample(key, facts, files.get("clip"), files.get("codes.npy"))


def _refuse_twice(samples: Sequence[Sample]) -> None:
    for before, sample in zip(samples, samples[1:]):
        if before.key == sample.key:
            raise InputFault(f"the clip {sample.key} is there twice")


def _refuse_leaks(samples: Sequence[Sample]) -> None:
    """A face that is trained on and then judged makes the judgement worthless."""
    seen: dict[tuple[str, str], Sample] = {}
    for sample in samples:
        for what, name in (("video", sample.facts.video), *(("identity", person) for person in sample.facts.people)):
            other = seen.setdefault((what, name), sample)
            if other.facts.split != sample.facts.split:
                raise InputFault(
                    f"the split leaks: the {what} {name} is in {other.facts.split} ({other.key}) "
                    f"and in {sample.facts.split} ({sample.key})"
                )
