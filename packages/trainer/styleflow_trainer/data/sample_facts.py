"""What `KEY.json` says of a clip. Further fields (boxes, times, points) are kept as they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..base.faults import InputFault

LABELS = ("real", "fake")
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class SampleFacts:
    """A clip's label, who and how, and which part of the data set it belongs to."""

    label: str
    split: str
    # SHA-256 of the video that the clip was cut from.
    video: str
    method: str | None
    identity: str | None

    @property
    def is_fake(self) -> bool:
        return self.label == "fake"

    @property
    def people(self) -> tuple[str, ...]:
        """Whoever is seen: a face swap names two, divided by `;`."""
        return tuple(name.strip() for name in (self.identity or "").split(";") if name.strip())

    @property
    def group(self) -> str:
        """What is drawn equally often: the real clips, and each method of fakes."""
        return f"fake/{self.method or 'unknown'}" if self.is_fake else "real"


def parse_facts(content: bytes, name: str) -> SampleFacts:
    """Raises InputFault, naming the file and the field."""
    try:
        fields = json.loads(content)
    except ValueError as error:
        raise InputFault(f"{name} is no JSON: {error}") from error
    if not isinstance(fields, dict):
        raise InputFault(f"{name} is no JSON object")
    return SampleFacts(
        label=_one_of(fields, "label", LABELS, name),
        split=_one_of(fields, "split", SPLITS, name),
        video=_text(fields, "video", name),
        method=_optional_text(fields, "method", name),
        identity=_optional_text(fields, "identity", name),
    )


def _text(fields: dict[str, Any], field: str, name: str) -> str:
    value = fields.get(field)
    if not isinstance(value, str) or value == "":
        raise InputFault(f"{name}: {field} is {value!r}, expected a text")
    return value


def _optional_text(fields: dict[str, Any], field: str, name: str) -> str | None:
    return None if fields.get(field) is None else _text(fields, field, name)


def _one_of(fields: dict[str, Any], field: str, allowed: tuple[str, ...], name: str) -> str:
    value = _text(fields, field, name)
    if value not in allowed:
        raise InputFault(f"{name}: {field} is {value!r}, expected one of {', '.join(allowed)}")
    return value
