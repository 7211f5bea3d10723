"""A small data set from samples in memory: for synthetic problems and tests. Real ones come from `styleflow dataset`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .clip_codec import Clip, encode_clip
from .dataset import FORMAT
from .tar_shard import write_shard


@dataclass(frozen=True)
class MadeSample:
    key: str
    facts: dict[str, object]
    clip: Clip | None = None
    codes: NDArray[np.float32] | None = None

    def files(self) -> Iterator[tuple[str, bytes]]:
        if self.clip is not None:
            yield f"{self.key}.clip", encode_clip(self.clip)
        if self.codes is not None:
            content = BytesIO()
            np.save(content, self.codes.astype(np.float32))
            yield f"{self.key}.codes.npy", content.getvalue()
        yield f"{self.key}.json", json.dumps(self.facts, sort_keys=True).encode()


def write_dataset(folder: Path, samples: Iterable[MadeSample], clips_per_shard: int = 256) -> None:
    """Shards and then `dataset.json`, so that a folder that was left half-way is no data set."""
    folder.mkdir(parents=True, exist_ok=True)
    rest = iter(samples)
    shards: list[dict[str, object]] = []
    while part := list(islice(rest, clips_per_shard)):
        path = folder / f"{len(shards):05d}.tar"
        write_shard(path, dict(file for sample in part for file in sample.files()))
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        shards.append({"path": path.name, "bytes": len(content), "sha256": digest, "clips": len(part)})
    manifest = {"format": FORMAT, "shards": shards}
    (folder / "dataset.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
