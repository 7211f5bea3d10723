"""Stage 2: content network, style attention and temporal transformer, on a StyleGRU that rests or learns along."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..augment.recipe import Chances, augment
from ..base.faults import InputFault
from ..base.seeds import derived_seed
from ..checkpoints.load import load_content, load_style_gru
from ..data.dataset import Dataset, Sample
from ..data.draws import BalancedDraws
from ..data.loader import Batch, Item
from ..networks.clip_frames import content_frames
from ..networks.clip_shape import CONTENT_SIDE, STYLE_LAYERS
from ..networks.detector import ContentNetwork, Detector
from ..networks.style_gru import StyleGru
from ..networks.widths import ContentWidths, fits, style_gru_widths_of
from ..training.config import RunConfig


@dataclass(frozen=True)
class DetectorConfig(RunConfig):
    """What StyleFlow's paper does in stage 2 is not printed; the nearest evidence is FTCN's: SGD with momentum, a cosine."""

    steps: int = 20_000
    batch_size: int = 16
    optimizer: str = "sgd"
    learning_rate: float = 0.05
    weight_decay: float = 1e-4
    schedule: str = "cosine"
    warmup_steps: int = 1000
    average: float = 0.999
    validate_every: int = 1000
    save_every: int = 500
    freeze: Sequence[Mapping[str, Any]] = field(default_factory=lambda: ({"until": None, "parts": ["style-gru"]},))
    # Checkpoints to begin from; a detector has a style branch when a StyleGRU is given.
    content: str | None = None
    style_gru: str | None = None
    # Widths without a content checkpoint: channels behind the stem, heads of 64 and the inside of the transformer.
    width: int = 64
    heads: int = 16
    feed_forward: int = 2048
    dropout: float = 0.1
    # Side of the pictures; the imported graph sees 224, whatever was trained with.
    input_side: int = CONTENT_SIDE
    # Blocks are computed again in the backward pass instead of being kept.
    saves_memory: bool = False
    # Chances of the changes that are made to a clip.
    flip: float = 0.5
    colour: float = 0.5
    compress: float = 0.3
    blur: float = 0.2
    erase: float = 0.3
    frames: float = 0.2


# From a checkpoint: a low rate, and the body rests while a new head finds its place.
FINE_TUNE = dataclasses.replace(
    DetectorConfig(),
    steps=3000,
    optimizer="adamw",
    learning_rate=5e-5,
    weight_decay=0.01,
    warmup_steps=200,
    average=0.99,
    freeze=({"until": 300, "parts": ["content"]}, {"until": None, "parts": ["style-gru"]}),
)


class DetectorTask:
    """Items are clips uint8 [32, 256, 256, 3] and, with style, codes [32, 18, S]."""

    clips_per_position = 1

    def __init__(self, config: DetectorConfig, data: Dataset) -> None:
        self.config: DetectorConfig = config
        self.data = data
        samples = data.of_split("train")
        self._draws = BalancedDraws(samples, config.seed)
        self._chances = Chances(**{each.name: getattr(config, each.name) for each in dataclasses.fields(Chances)})
        self._has_style = config.style_gru is not None
        self.detector = self._build(samples[0])
        self.network: nn.Module = self.detector

    def _build(self, sample: Sample) -> Detector:
        config = self.config
        torch.manual_seed(derived_seed("weights", config.seed) % 2**63)
        if config.content is None:
            widths = ContentWidths.of(config.width, config.heads, config.feed_forward, self._has_style)
            content = ContentNetwork(widths, config.dropout, config.saves_memory)
        else:
            content = load_content(
                Path(config.content),
                dropout=config.dropout,
                saves_memory=config.saves_memory,
                style=self._has_style,
            )
        if content.widths.style and config.style_gru is None:
            raise InputFault(f"{config.content} has a style attention: give its StyleGRU, too (style_gru)")
        if config.style_gru is None:
            return Detector(content, None)
        path = Path(config.style_gru)
        gru = load_style_gru(path, dropout=config.dropout)
        self._check_widths(gru, content, sample, path)
        return Detector(content, gru)

    def _check_widths(self, gru: StyleGru, content: ContentNetwork, sample: Sample, path: Path) -> None:
        widths = style_gru_widths_of(gru.state_dict())
        if not fits(widths, content.widths):
            raise InputFault(
                f"StyleGRU and content do not fit together: 4·H = {4 * widths.hidden} (H = {widths.hidden}) must equal "
                f"16·C = {16 * content.widths.token} (C = {content.widths.token})"
            )
        values = STYLE_LAYERS * sample.read_codes().shape[2]
        if values != widths.features:
            raise InputFault(
                f"{path} is for steps of {widths.features} values, and the data set's have {values}: they come from "
                "different pSp encoders"
            )

    def parts(self) -> Mapping[str, Sequence[nn.Module]]:
        resnet = self.detector.content.resnet
        stages: dict[str, Sequence[nn.Module]] = {
            "stem": [resnet.s1],
            "stage2": [resnet.s2],
            "stage3": [resnet.s3],
            "stage4": [resnet.s4],
            "content": [resnet.s1, resnet.s2, resnet.s3, resnet.s4],
            "transformer": [resnet.head.time_T],
            # Named whether there is one or not, so that one configuration serves both.
            "style-attention": [resnet.head.STA] if resnet.head.STA is not None else [],
            "style-gru": [self.detector.style_gru] if self.detector.style_gru is not None else [],
        }
        return stages

    def load(self, position: int) -> Item:
        sample = self._draws.at(position)
        seed = derived_seed("item", self.config.seed, position)
        clip, order = augment(sample.read_clip(), self._chances, seed)
        # A copy: what numpy read from a file is not to be written to.
        item: Item = {"clip": torch.from_numpy(np.array(clip)), "seed": seed, "key": sample.key}
        item["label"] = torch.tensor(float(sample.facts.is_fake))
        if self._has_style:
            item["codes"] = torch.from_numpy(sample.read_codes()[order])
        return item

    def load_fixed(self, sample: Sample) -> Item:
        item: Item = {"clip": torch.from_numpy(sample.read_clip())}
        if self._has_style:
            item["codes"] = torch.from_numpy(sample.read_codes())
        return item

    def seeds(self, batch: Batch) -> Sequence[int]:
        seeds: Sequence[int] = batch["seed"]
        return seeds

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        return F.binary_cross_entropy_with_logits(self.logits(network, batch).float(), batch["label"])

    def logits(self, network: nn.Module, batch: Batch) -> Tensor:
        frames = content_frames(batch["clip"], self.config.input_side)
        logits: Tensor = network(frames, batch.get("codes"))
        return logits

    def exports(self) -> Mapping[str, Mapping[str, Tensor]]:
        files: dict[str, Mapping[str, Tensor]] = {"": self.detector.content.state_dict()}
        if self.detector.style_gru is not None:
            files["-style-gru"] = self.detector.style_gru.state_dict()
        return files


def detector_task(config: DetectorConfig, data: Dataset) -> DetectorTask:
    """Raises InputFault when the data has no pixels or codes, one class alone, or a checkpoint does not fit."""
    if not data.of_split("train"):
        raise InputFault(f"{data.folder} has no clips in the split train")
    return DetectorTask(config, data)
