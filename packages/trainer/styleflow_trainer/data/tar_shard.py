"""A tar shard: where each file of it lies, so that any clip can be read without the others."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..base.faults import InputFault
from .names_within import leads_outside


@dataclass(frozen=True)
class Place:
    """Bytes of a shard."""

    shard: Path
    start: int
    length: int

    def read(self) -> bytes:
        """Raises InputFault when the shard ends before."""
        with self.shard.open("rb", buffering=0) as file:
            content = os.pread(file.fileno(), self.length, self.start)
        if len(content) < self.length:
            raise InputFault(f"shard {self.shard} is cut short: it ends within a file at byte {self.start}")
        return content


def places_in(shard: Path) -> dict[str, dict[str, Place]]:
    """
    Key → ending → place, as the WebDataset convention names files: `KEY.ENDING`, where the key ends at the first dot of
    the file's name. Raises InputFault for a shard that is cut short or no tar, and for names that lead out of a folder.
    """
    found: dict[str, dict[str, Place]] = {}
    size = shard.stat().st_size
    try:
        with tarfile.open(shard, "r:") as tar:
            for member in tar:
                if not member.isfile():
                    continue
                if member.offset_data + member.size > size:
                    raise InputFault(f"shard {shard} is cut short: it ends within {member.name}")
                if leads_outside(member.name):
                    raise InputFault(f"shard {shard} names {member.name}, which lies outside the data set")
                folder, _, name = member.name.rpartition("/")
                key, _, ending = name.partition(".")
                whole = f"{folder}/{key}" if folder else key
                files = found.setdefault(whole, {})
                if ending in files:
                    raise InputFault(f"shard {shard} has {member.name} twice")
                files[ending] = Place(shard, member.offset_data, member.size)
    except tarfile.TarError as error:
        raise InputFault(f"shard {shard} is cut short or no tar: {error}") from error
    return found


def write_shard(shard: Path, files: Mapping[str, bytes]) -> None:
    """A shard of these files, in their order and without dates: the same files give the same bytes."""
    from io import BytesIO

    with tarfile.open(shard, "w:", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mode = 0o644
            tar.addfile(entry, BytesIO(content))
