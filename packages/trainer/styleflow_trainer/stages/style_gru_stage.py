"""Stage 1: StyleGRU learns to tell fake from real by the steps of the style codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..base.faults import InputFault
from ..base.seeds import derived_seed
from ..checkpoints.load import load_style_gru
from ..data.dataset import Dataset, Sample
from ..data.draws import BalancedDraws, TripletDraws
from ..data.loader import Batch, Item
from ..networks.clip_shape import STYLE_LAYERS
from ..networks.detector import build_style_gru
from ..networks.style_gru import StyleGru, style_flow
from ..networks.widths import StyleGruWidths
from ..objectives.contrastive import supervised_contrast
from ..objectives.triplet import triplet_objective
from ..training.config import RunConfig


@dataclass(frozen=True)
class StyleGruConfig(RunConfig):
    """
    Defaults are the published settings where they are known: Adam at 5e-4 without decay or schedule, 100 epochs of 50,000
    triplets in batches of 128. The rates of the dropouts are not.
    """

    steps: int = 39_063
    batch_size: int = 128
    learning_rate: float = 5e-4
    validate_every: int = 1000
    save_every: int = 500
    # triplet, as the published code has it, or contrastive (supervised), as the paper names it.
    objective: str = "triplet"
    contrast_weight: float = 1.0
    temperature: float = 0.1
    # Width of a state, and inside the classifier.
    hidden: int = 4096
    dense: int = 4096
    latent_dropout: float = 0.1
    dropout: float = 0.1
    # A checkpoint to begin from; its widths are then taken.
    style_gru: str | None = None


class StyleGruTask:
    """Items are triplets of codes [3, 32, 18, S], or with supervised contrast single ones [1, 32, 18, S]."""

    def __init__(self, config: StyleGruConfig, data: Dataset) -> None:
        self.config = config
        self.data = data
        samples = data.of_split("train")
        self._is_triplet = config.objective == "triplet"
        self.clips_per_position = 3 if self._is_triplet else 1
        self._triplets = TripletDraws(samples, config.seed)
        self._clips = BalancedDraws(samples, config.seed)
        self.style_dim = int(samples[0].read_codes().shape[2])
        self.network: nn.Module = self._build()

    def _build(self) -> StyleGru:
        config = self.config
        torch.manual_seed(derived_seed("weights", config.seed) % 2**63)
        if config.style_gru is None:
            widths = StyleGruWidths(STYLE_LAYERS * self.style_dim, config.hidden, config.dense)
            return build_style_gru(widths, config.latent_dropout, config.dropout)
        network = load_style_gru(
            Path(config.style_gru), latent_dropout=config.latent_dropout, dropout=config.dropout
        )
        if network.gru.input_size != STYLE_LAYERS * self.style_dim:
            raise InputFault(
                f"{config.style_gru} is for steps of {network.gru.input_size} values, and the data set's have "
                f"{STYLE_LAYERS * self.style_dim} (18 × {self.style_dim}): they come from different pSp encoders"
            )
        return network

    def parts(self) -> Mapping[str, Sequence[nn.Module]]:
        network = self.network
        return {"gru": [network.bn, network.gru], "classifier": [network.dense]}  # type: ignore[list-item]

    def load(self, position: int) -> Item:
        drawn = self._triplets.at(position) if self._is_triplet else (self._clips.at(position),)
        codes = torch.stack([torch.from_numpy(self._codes(sample)) for sample in drawn])
        return {
            "codes": codes,
            "label": torch.tensor(float(drawn[0].facts.is_fake)),
            "seed": [derived_seed("item", self.config.seed, position, at) for at in range(len(drawn))],
            "key": [sample.key for sample in drawn],
        }

    def load_fixed(self, sample: Sample) -> Item:
        return {"codes": torch.from_numpy(self._codes(sample))[None]}

    def _codes(self, sample: Sample):  # type: ignore[no-untyped-def]
        codes = sample.read_codes()
        if codes.shape[2] != self.style_dim:
            raise InputFault(f"{sample.key} has codes of {codes.shape[2]} values, others of {self.style_dim}")
        return codes

    def seeds(self, batch: Batch) -> Sequence[int]:
        return [seed for item in batch["seed"] for seed in item]

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        codes, labels = batch["codes"], batch["label"]
        roles = codes.shape[1]
        embeddings, logits = network(style_flow(codes.flatten(0, 1)))
        if self._is_triplet:
            by_role = embeddings.unflatten(0, (-1, roles)).transpose(0, 1)
            return triplet_objective(by_role.float(), logits.view(-1, roles).T.float(), labels)
        assert isinstance(self.config, StyleGruConfig)
        contrast = supervised_contrast(embeddings.float(), labels, self.config.temperature)
        return F.binary_cross_entropy_with_logits(logits.float(), labels) + self.config.contrast_weight * contrast

    def logits(self, network: nn.Module, batch: Batch) -> Tensor:
        _, logits = network(style_flow(batch["codes"][:, 0]))
        return logits

    def exports(self) -> Mapping[str, Mapping[str, Tensor]]:
        return {"": self.network.state_dict()}


def style_gru_task(config: StyleGruConfig, data: Dataset) -> StyleGruTask:
    """Raises InputFault when the data has no codes, one class alone, or the checkpoint does not fit."""
    if not data.of_split("train"):
        raise InputFault(f"{data.folder} has no clips in the split train")
    return StyleGruTask(config, data)
