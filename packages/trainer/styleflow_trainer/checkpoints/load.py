"""Tensors of a checkpoint into a network, each by its name and shape, or a refusal that names it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from ..base.faults import InputFault
from ..networks.detector import ContentNetwork, build_style_gru
from ..networks.style_gru import StyleGru
from ..networks.widths import content_widths_of, style_gru_widths_of
from .read import read_tensors
from .recognise import tensors_of_role


def fill_network(network: nn.Module, tensors: Mapping[str, Tensor], path: Path, optional: str = "\0") -> list[str]:
    """
    Copies tensors into a network. Those whose names begin with `optional` may be absent, and are answered by name.
    Raises InputFault for one that is missing, extra or of another shape.
    """
    own = network.state_dict()
    counters = {name for name in own if name.endswith("num_batches_tracked")}
    absent = [name for name in own if name not in tensors and name not in counters]
    missing = [name for name in absent if not name.startswith(optional)]
    if missing:
        raise InputFault(f"{path}: tensor {missing[0]} is missing (expected {list(own[missing[0]].shape)})")
    extra = [name for name in tensors if name not in own]
    if extra:
        raise InputFault(f"{path}: tensor {extra[0]} {list(tensors[extra[0]].shape)} does not belong to this network")
    for name, value in tensors.items():
        if value.shape != own[name].shape:
            raise InputFault(
                f"{path}: tensor {name} has the shape {list(value.shape)}, expected {list(own[name].shape)}"
            )
    network.load_state_dict({**own, **dict(tensors)})
    return absent


def load_content(path: Path, *, dropout: float = 0.0, saves_memory: bool = False, style: bool = False) -> ContentNetwork:
    """
    The content network of a checkpoint at the checkpoint's own widths. `style` adds a style attention where the
    checkpoint has none, at its beginning: it then changes nothing.
    """
    tensors = tensors_of_role(read_tensors(path), "content", path)
    try:
        widths = content_widths_of(tensors)
    except KeyError as missing:
        raise InputFault(f"{path}: tensor {missing.args[0]} is missing") from missing
    if style and not widths.style:
        widths = dataclasses.replace(widths, style=True)
    network = ContentNetwork(widths, dropout, saves_memory)
    fill_network(network.resnet, tensors, path, optional="head.STA.")
    return network


def load_style_gru(path: Path, *, latent_dropout: float = 0.0, dropout: float = 0.0) -> StyleGru:
    """The StyleGRU of a checkpoint at its own widths."""
    tensors = tensors_of_role(read_tensors(path), "style-gru", path)
    try:
        widths = style_gru_widths_of(tensors)
    except KeyError as missing:
        raise InputFault(f"{path}: tensor {missing.args[0]} is missing") from missing
    network = build_style_gru(widths, latent_dropout, dropout)
    fill_network(network, tensors, path)
    return network
