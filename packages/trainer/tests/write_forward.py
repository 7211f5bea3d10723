"""
Writes checkpoints with random weights and what the trainer's networks make of them, for the comparison with the imported
graph: `python tests/write_forward.py OUT [published]`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch
from places import TINY
from torch import nn

from styleflow_trainer.checkpoints.write import save_checkpoint
from styleflow_trainer.networks.clip_frames import content_frames
from styleflow_trainer.networks.detector import ContentNetwork, build_style_gru
from styleflow_trainer.networks.style_gru import style_flow
from styleflow_trainer.networks.widths import PUBLISHED_CONTENT, PUBLISHED_STYLE_GRU, ContentWidths, StyleGruWidths

# Of the tiny pSp whose codes lie beside its clip.
STYLE_DIM = 32


def randomise(network: nn.Module) -> None:
    """Nothing at its beginning: statistics of norms, zero layers and biases, too."""
    for name, value in network.state_dict().items():
        if name.endswith("running_var"):
            value.uniform_(0.5, 1.5)
        elif value.dim() == 1 and value.is_floating_point():
            value.add_(torch.randn_like(value) * 0.1)
        elif name.endswith("lp.weight") or name == "hidden_state":
            value.normal_(0, 0.1)


@torch.no_grad()
def main(out: Path, is_published: bool) -> None:
    torch.manual_seed(3)
    if is_published:
        content_widths = PUBLISHED_CONTENT
        gru_widths = StyleGruWidths(18 * STYLE_DIM, PUBLISHED_STYLE_GRU.hidden, PUBLISHED_STYLE_GRU.dense)
    else:
        content_widths, gru_widths = ContentWidths.of(3, 2, 40, True), StyleGruWidths(18 * STYLE_DIM, 192, 24)
    content, gru = ContentNetwork(content_widths).eval(), build_style_gru(gru_widths).eval()
    for network in (content, gru):
        randomise(network)
    save_checkpoint(out / "content.pth", content.state_dict(), 1)
    save_checkpoint(out / "style-gru.pth", gru.state_dict(), 1)
    flow = style_flow(torch.from_numpy(np.load(TINY / "codes.npy"))[None])
    frames = content_frames(torch.from_numpy(np.load(TINY / "clips.npy")))
    tokens = content.resnet.tokens(frames)
    embedding, style_logit = gru(flow)
    logit, attention = content.resnet.head(tokens, embedding)
    values = {"logit": logit, "attention": attention, "embedding": embedding, "style_logit": style_logit}
    values |= {"tokens": tokens, "flow": flow}
    (out / "expected.json").write_text(json.dumps({name: value.flatten().tolist() for name, value in values.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] == ["published"])
