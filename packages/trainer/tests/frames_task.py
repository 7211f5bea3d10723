"""Stage 2 on small random pictures that are drawn, not read: the network, the loss and the loop are the real ones."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from styleflow_trainer.base.seeds import derived_generator, derived_seed
from styleflow_trainer.checkpoints.write import save_checkpoint
from styleflow_trainer.data.dataset import Sample, open_dataset
from styleflow_trainer.data.loader import Batch, Item
from styleflow_trainer.networks.detector import build_style_gru
from styleflow_trainer.networks.widths import StyleGruWidths
from styleflow_trainer.stages.detector_stage import DetectorConfig, DetectorTask
from styleflow_trainer.training.config import config_of

from made import SMALL_DETECTOR

SIDE = 16


def frames_of(*words: object) -> Tensor:
    values = derived_generator("frames", *words).normal(0, 1, (3, 32, SIDE, SIDE))
    return torch.from_numpy(values).float()


class FramesTask(DetectorTask):
    def load(self, position: int) -> Item:
        sample = self._draws.at(position)
        item: Item = {
            "frames": frames_of(position),
            "label": torch.tensor(float(sample.facts.is_fake)),
            "seed": derived_seed("item", self.config.seed, position),
            "key": sample.key,
        }
        if self._has_style:
            item["codes"] = torch.from_numpy(sample.read_codes())
        return item

    def load_fixed(self, sample: Sample) -> Item:
        item: Item = {"frames": frames_of(sample.key)}
        if self._has_style:
            item["codes"] = torch.from_numpy(sample.read_codes())
        return item

    def logits(self, network: nn.Module, batch: Batch) -> Tensor:
        logits: Tensor = network(batch["frames"], batch.get("codes"))
        return logits


def frames_task(data: Path, style: bool = False, **changes: object) -> FramesTask:
    """On a data set of codes. With `style` the StyleGRU learns along, with H = 64·width, so that 4·H = 16·C."""
    settings: dict[str, object] = {**SMALL_DETECTOR, "width": 1, "steps": 20, "validate_every": 20, "dropout": 0.2}
    width = int(str(changes.get("width", 1)))
    if style:
        path = data / f"gru{width}.pth"
        if not path.exists():
            torch.manual_seed(7)
            save_checkpoint(path, build_style_gru(StyleGruWidths(18 * 4, 64 * width, 8)).state_dict(), 0)
        settings.update(style_gru=str(path), freeze=[])
    config = config_of(DetectorConfig, {**settings, **changes}, DetectorConfig())
    return FramesTask(config, open_dataset(data))
