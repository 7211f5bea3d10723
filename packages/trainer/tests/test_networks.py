"""The networks give the numbers of the original code, and have the names and shapes of its checkpoints."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from places import ODD, PACKAGES, TINY

from styleflow_trainer.base.faults import InputFault
from styleflow_trainer.checkpoints.load import load_content, load_style_gru
from styleflow_trainer.checkpoints.read import read_tensors
from styleflow_trainer.networks.clip_frames import content_frames
from styleflow_trainer.networks.detector import ContentNetwork, build_style_gru
from styleflow_trainer.networks.style_gru import style_flow
from styleflow_trainer.networks.widths import PUBLISHED_CONTENT, PUBLISHED_STYLE_GRU


def reference(folder: Path, name: str) -> torch.Tensor:
    return torch.from_numpy(np.load(folder / f"{name}.npy"))


def assert_reference(actual: torch.Tensor, expected: torch.Tensor) -> None:
    """Within 1e-5 + 1e-4 of the reference's largest value, as the imported graphs are held to."""
    bound = 1e-5 + 1e-4 * float(expected.abs().max())
    assert float((actual - expected.view_as(actual)).abs().max()) <= bound


@pytest.fixture(scope="module")
def frames() -> torch.Tensor:
    return content_frames(reference(TINY, "clips"))


def test_frames_are_resized_to_the_byte_as_pillow_does() -> None:
    clip = reference(TINY, "clips")[:, :1]
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    values = content_frames(clip)[0, :, 0].permute(1, 2, 0)
    ours = ((values * deviation + mean) * 255).round().to(torch.uint8)
    assert torch.equal(ours, reference(TINY, "frames_224_pil_default_first").view_as(ours))


@torch.no_grad()
def test_every_network_gives_the_numbers_of_the_original_code(frames: torch.Tensor) -> None:
    content = load_content(TINY / "style-content-tiny.pth").eval()
    gru = load_style_gru(TINY / "style-gru-tiny.pth").eval()
    tokens = content.resnet.tokens(frames)
    assert_reference(tokens, reference(TINY, "tokens"))
    flow = style_flow(reference(TINY, "codes")[None])
    assert_reference(flow.unflatten(2, (18, -1)).norm(dim=3), reference(TINY, "flow_layer_norms"))
    embedding, style_logit = gru(flow)
    assert_reference(embedding, reference(TINY, "embedding"))
    assert_reference(style_logit, reference(TINY, "style_logit"))
    logit, attention = content.resnet.head(tokens, embedding)
    assert_reference(attention, reference(TINY, "attention"))
    assert_reference(logit, reference(TINY, "logit"))
    alone = load_content(TINY / "content-tiny.pth").eval()
    assert_reference(alone(frames)[0], reference(TINY, "content_logit"))


@torch.no_grad()
def test_a_family_of_odd_widths_and_two_layers_is_read_off_its_shapes(frames: torch.Tensor) -> None:
    content = load_content(ODD / "content.safetensors").eval()
    gru = load_style_gru(ODD / "style-gru.safetensors").eval()
    assert (content.widths.depth, content.widths.inner, content.widths.outputs) == (2, (2, 3, 4), (5, 7, 5))
    embedding, style_logit = gru(style_flow(reference(ODD, "codes")[None]))
    assert_reference(style_logit, reference(ODD, "style_logit"))
    logit, attention = content(frames, embedding)
    assert_reference(attention, reference(ODD, "attention"))
    assert_reference(logit, reference(ODD, "logit"))


def test_at_published_size_names_and_shapes_are_those_of_the_published_checkpoints() -> None:
    published = json.loads((PACKAGES / "trainer" / "fixtures" / "published-shapes.json").read_text())
    content = ContentNetwork(PUBLISHED_CONTENT).state_dict()
    assert {name: list(value.shape) for name, value in content.items()} == published["content"]
    # 3 GB of StyleGRU: its shapes without its memory.
    with torch.no_grad():
        small = build_style_gru(PUBLISHED_STYLE_GRU.__class__(9216, 64, 64)).state_dict()
    assert {name: list(value.shape) for name, value in small.items()} == published["style-gru-64"]


def test_a_checkpoint_of_another_network_or_widths_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputFault, match="cannot be the content checkpoint: it is a style-gru checkpoint"):
        load_content(TINY / "style-gru-tiny.pth")
    tensors = read_tensors(TINY / "content-tiny.pth")
    name = next(each for each in tensors if each.endswith("s3.pathway0_res1.branch2.b.weight"))
    torch.save({**tensors, name: torch.zeros(3, 3, 1, 1, 1)}, tmp_path / "wide.pth")
    with pytest.raises(InputFault, match=r"tensor s3\.pathway0_res1\.branch2\.b\.weight has the shape \[3, 3, 1, 1, 1\]"):
        load_content(tmp_path / "wide.pth")
    torch.save({each: value for each, value in tensors.items() if each != name}, tmp_path / "less.pth")
    with pytest.raises(InputFault, match=r"tensor s3\.pathway0_res1\.branch2\.b\.weight is missing"):
        load_content(tmp_path / "less.pth")
    (tmp_path / "text.pth").write_text("no weights")
    with pytest.raises(InputFault, match="cannot be read as weights alone"):
        load_content(tmp_path / "text.pth")


def test_a_checkpoint_that_would_run_something_is_refused_and_nothing_runs(tmp_path: Path) -> None:
    class Attack:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (tmp_path / "marker",)  # type: ignore[return-value]

    torch.save({"state_dict": {"weight": torch.zeros(1)}, "opts": Attack()}, tmp_path / "attack.pth")
    with pytest.raises(InputFault, match="cannot be read as weights alone"):
        read_tensors(tmp_path / "attack.pth")
    assert not (tmp_path / "marker").exists()
