"""Names that a data set gives to its files: none of them may lead out of its folder."""

from __future__ import annotations

from pathlib import Path


def leads_outside(name: str) -> bool:
    """Whether a file of this name might lie outside of the folder that it is joined to."""
    return Path(name).is_absolute() or ".." in Path(name).parts
