"""Settings of a run: a flat JSON object, `--set NAME=VALUE` on top of it, defaults below."""

from __future__ import annotations

import dataclasses
import difflib
import json
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ..base.faults import InputFault


@dataclass(frozen=True)
class RunConfig:
    """What both stages have. Batches are of all ranks together."""

    seed: int = 0
    steps: int = 1000
    batch_size: int = 16
    # A batch is worked through in this many parts, so that less memory is needed at once.
    accumulate: int = 1
    # fp32, bf16, or fp16 with a scaled loss.
    precision: str = "fp32"
    # adam, adamw or sgd.
    optimizer: str = "adam"
    learning_rate: float = 5e-4
    weight_decay: float = 0.0
    momentum: float = 0.9
    # constant or cosine, both after the warm-up.
    schedule: str = "constant"
    warmup_steps: int = 0
    # Longer gradients are cut to this length; 0: none is.
    gradient_norm: float = 0.0
    # Share of the old in the moving average of the weights, which is what is judged and saved; 0: no average.
    average: float = 0.0
    # Which parts rest until which step: [{"until": 1000, "parts": ["content"]}]; "until": null for the whole run.
    freeze: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    # Batch norms keep their statistics throughout.
    freeze_norms: bool = False
    validate_every: int = 500
    # Clips of each video at most that are judged; 0: all.
    validation_clips: int = 8
    save_every: int = 500
    log_every: int = 20
    loader_workers: int = 2


# May differ when a run is resumed: they change what is written, never what is learned.
MAY_CHANGE = ("validate_every", "save_every", "log_every", "loader_workers")

Config = TypeVar("Config", bound=RunConfig)

CHOICES = {
    "precision": ("fp32", "bf16", "fp16"),
    "optimizer": ("adam", "adamw", "sgd"),
    "schedule": ("constant", "cosine"),
    "objective": ("triplet", "contrastive"),
}
AT_LEAST = {"steps": 1, "batch_size": 1, "accumulate": 1, "validate_every": 1, "save_every": 1, "log_every": 1}
SHARES = ("average", "dropout", "latent_dropout", "flip", "colour", "compress", "blur", "erase", "frames")


def read_config(kind: type[Config], path: Path | None, assignments: Sequence[str], defaults: Config) -> Config:
    """Raises InputFault that names the setting and what is allowed."""
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise InputFault(f"the settings {path} cannot be read: {error}") from error
        if not isinstance(values, dict):
            raise InputFault(f"the settings {path} are no JSON object")
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise InputFault(f"--set {assignment}: expected NAME=VALUE")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return config_of(kind, values, defaults)


def config_of(kind: type[Config], values: Mapping[str, Any], defaults: Config) -> Config:
    """Checks names, types and ranges."""
    hints = typing.get_type_hints(kind)
    for name, value in values.items():
        if name not in hints:
            near = difflib.get_close_matches(name, hints, n=1)
            raise InputFault(f"there is no setting {name}{f': did you mean {near[0]}?' if near else ''}")
        _check_type(name, value, hints[name])
    # A whole number is a number, too.
    typed = {name: float(value) if hints[name] is float else value for name, value in values.items()}
    config = dataclasses.replace(defaults, **typed)
    for name in hints:
        _check_range(name, getattr(config, name))
    if config.batch_size % config.accumulate != 0:
        raise InputFault(f"batch_size {config.batch_size} cannot be cut into accumulate = {config.accumulate} parts")
    return config


def _check_type(name: str, value: Any, hint: Any) -> None:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        if value is None:
            return
        hint = typing.get_args(hint)[0]
    if hint is float:
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    elif hint is int:
        fits = isinstance(value, int) and not isinstance(value, bool)
    elif hint in (bool, str):
        fits = isinstance(value, hint)
    else:
        fits = isinstance(value, (list, tuple))
    if not fits:
        raise InputFault(f"{name} is {value!r}, expected {getattr(hint, '__name__', 'a list')}")


def _check_range(name: str, value: Any) -> None:
    if name in CHOICES and value not in CHOICES[name]:
        raise InputFault(f"{name} is {value!r}, expected one of {', '.join(CHOICES[name])}")
    if name in SHARES and not 0 <= value < 1:
        raise InputFault(f"{name} is {value}, expected at least 0 and less than 1")
    if isinstance(value, (int, float)) and value < AT_LEAST.get(name, 0):
        raise InputFault(f"{name} is {value}, expected at least {AT_LEAST.get(name, 0)}")


def print_config(config: RunConfig) -> str:
    return json.dumps(dataclasses.asdict(config), indent=2) + "\n"
