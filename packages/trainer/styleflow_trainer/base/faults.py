"""The two ways in which a run ends early, each with a sentence for people."""

from __future__ import annotations


class InputFault(Exception):
    """What the user gave cannot be used: a data set, a checkpoint, a setting. Exit code 2."""


class RunFault(Exception):
    """The run cannot go on: memory, another process, numbers that are none. Exit code 1."""
