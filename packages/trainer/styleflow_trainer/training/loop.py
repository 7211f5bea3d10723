"""The loop of both stages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from ..base.faults import InputFault, RunFault
from ..base.ranks import is_distributed, is_first, rank, sum_over_ranks, world_size
from ..checkpoints.write import save_checkpoint, save_whole
from ..data.draws import fixed_clips, groups_of
from ..data.loader import Batch, StepPositions, load_batches
from ..networks.sample_dropout import sample_seeds
from .freezing import check_freeze, frozen_at, set_frozen
from .judging import Judgement
from .learning_rate import build_optimizer, rate_at, set_rate
from .mishaps import StopRequest, explain
from .progress import Progress
from .run_folder import TRAIN_COLUMNS, VALIDATION_COLUMNS, RunFolder
from .run_state import RunParts, restore_state, save_state
from .task import Task, facts_of_run, on_device
from .validate import validate
from .weight_average import WeightAverage

HALVES = {"bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True)
class Ending:
    """Where a run stands at its end."""

    step: int
    is_finished: bool
    best: float
    losses: list[float]


def train(
    task: Task, stage: str, out: Path, device: torch.device, *, resumes: bool = False, stop_after: int | None = None
) -> Ending:
    """
    Runs a task to its end, to a stop request, or to the end of the step `stop_after`.
    Raises InputFault, or RunFault with what to do.
    """
    request = StopRequest()
    run = _Run(task, stage, RunFolder(out), device, request)
    request.listen()
    try:
        return run.go(resumes, stop_after)
    except (RuntimeError, MemoryError) as error:
        told = explain(error, task.config)
        if told is None:
            raise
        raise told from error
    finally:
        request.stop_listening()
        run.folder.close()


class _Run:
    def __init__(self, task: Task, stage: str, folder: RunFolder, device: torch.device, request: StopRequest) -> None:
        self.task, self.stage, self.folder, self.device, self.request = task, stage, folder, device, request
        self.config = task.config
        check_freeze(self.config, task.parts())
        judged = task.data.of_split("validation")
        groups_of(judged, "validation")
        self.judged = fixed_clips(judged, self.config.validation_clips)
        self.network = task.network.to(device)
        optimizer = build_optimizer(self.network, self.config)
        average = WeightAverage(self.network, self.config.average)
        scaler = torch.cuda.amp.GradScaler(enabled=self.config.precision == "fp16" and device.type == "cuda")
        self.parts = RunParts(self.network, optimizer, average, scaler)
        self.frozen: frozenset[str] | None = None
        self.wrapped: nn.Module = self.network
        self.best = -math.inf

    def go(self, resumes: bool, stop_after: int | None) -> Ending:
        config = self.config
        # Before anything is written: a batch that cannot be shared is refused here.
        StepPositions(0, config.steps, config.batch_size, config.accumulate, rank(), world_size())
        start = 0
        if is_first():
            self.folder.begin(config, facts_of_run(self.task, self.stage), resumes)
        if resumes:
            start, self.best = restore_state(self.folder.state, self.parts, config, self.task.data.digests)
            if is_first():
                self.folder.rewind(start)
        end = config.steps if stop_after is None else min(config.steps, stop_after)
        clips = config.batch_size * self.task.clips_per_position
        self.progress = Progress(start, config.steps, clips, is_first())
        batches = self._batches(start)
        losses = []
        for step in range(start, config.steps):
            if step >= end:
                break
            loss, norm, stops = self._step(step, batches)
            losses.append(loss)
            self._tell(step + 1, loss, norm)
            if (step + 1) % config.validate_every == 0 or step + 1 == config.steps:
                self._judge(step + 1)
            if stops or step + 1 == end or (step + 1) % config.save_every == 0:
                self._save(step + 1)
            if stops:
                end = step + 1
        done = max(start, end)
        if done < config.steps:
            self.progress.say(f"stopped after step {done} of {config.steps}: --resume goes on")
        return Ending(done, done >= config.steps, self.best, losses)

    def _batches(self, start: int) -> Iterator[Batch]:
        config = self.config
        positions = StepPositions(start, config.steps, config.batch_size, config.accumulate, rank(), world_size())
        return load_batches(self.task.load, positions, config.loader_workers)

    def _step(self, step: int, batches: Iterator[Batch]) -> tuple[float, float, bool]:
        config, parts = self.config, self.parts
        self._thaw(step)
        set_rate(parts.optimizer, rate_at(step, config))
        parts.optimizer.zero_grad(set_to_none=True)
        total = torch.zeros((), device=self.device)
        seen = []
        for part in range(config.accumulate):
            batch = next(batches)
            seen.append(batch)
            loss = self._loss(on_device(batch, self.device), is_last=part + 1 == config.accumulate)
            total += loss.detach()
        told = torch.stack([total, torch.tensor(float(self.request.is_made), device=self.device)])
        told = sum_over_ranks(told) / world_size()
        loss_value, stops = float(told[0]), float(told[1]) > 0
        parts.scaler.unscale_(parts.optimizer)
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), config.gradient_norm or math.inf)
        norm_value = float(norm)
        # A scaled loss may overflow its gradients; the scaler then leaves the step out by itself.
        if not math.isfinite(loss_value) or not (math.isfinite(norm_value) or parts.scaler.is_enabled()):
            self._stop_at_nan(step, seen, loss_value)
        parts.scaler.step(parts.optimizer)
        parts.scaler.update()
        parts.average.update(step)
        return loss_value, norm_value, stops

    def _loss(self, batch: Batch, is_last: bool) -> Tensor:
        half = HALVES.get(self.config.precision)
        computes = torch.autocast(self.device.type, dtype=half) if half else nullcontext()
        wrapped = self.wrapped
        # Gradients are exchanged once a step.
        waits = isinstance(wrapped, DistributedDataParallel) and not is_last
        with wrapped.no_sync() if waits else nullcontext():  # type: ignore[operator]
            with computes, sample_seeds(self.task.seeds(batch)):
                loss = self.task.loss(wrapped, batch) / self.config.accumulate
            self.parts.scaler.scale(loss).backward()
        return loss

    def _thaw(self, step: int) -> None:
        """Sets what rests at this step; the wrapper that exchanges gradients has to know it."""
        frozen = frozen_at(step, self.config)
        if frozen == self.frozen:
            return
        set_frozen(self.network, self.task.parts(), frozen, self.config.freeze_norms)
        self.frozen = frozen
        if not any(each.requires_grad for each in self.network.parameters()):
            raise InputFault(f"freeze: every part rests at step {step}, and nothing would be learned")
        if is_distributed():
            # Norms are synchronised by themselves. The classifier of a StyleGRU that learns in stage 2 is not asked there.
            unused = "style-gru" in self.task.parts() and "style-gru" not in frozen
            self.wrapped = DistributedDataParallel(
                self.network, broadcast_buffers=False, find_unused_parameters=unused
            )

    def _judge(self, step: int) -> None:
        self.network.eval()
        with self.parts.average.swapped_in():
            judged = validate(self.task, self.network, self.judged, self.device)
            if is_first():
                self._save_checkpoints("last", step)
                if judged.auc > self.best:
                    self._save_checkpoints("best", step)
        set_frozen(self.network, self.task.parts(), self.frozen or frozenset(), self.config.freeze_norms)
        self.best = max(self.best, judged.auc)
        if is_first():
            self._tell_judgement(step, judged)

    def _save_checkpoints(self, name: str, step: int) -> None:
        for suffix, tensors in self.task.exports().items():
            save_checkpoint(self.folder.folder / f"{name}{suffix}.pth", tensors, step)

    def _save(self, step: int) -> None:
        if is_first():
            digests = self.task.data.digests
            save_state(
                self.folder.state, self.parts, step=step, best=self.best, config=self.config, digests=digests
            )
            with self.parts.average.swapped_in():
                self._save_checkpoints("last", step)

    def _tell(self, done: int, loss: float, norm: float) -> None:
        if not is_first() or (done % self.config.log_every != 0 and done != self.config.steps):
            return
        row = {
            "step": done,
            "loss": loss,
            "learning_rate": rate_at(done - 1, self.config),
            "gradient_norm": norm,
            "clips_per_second": self.progress.rate(done),
            "seconds": self.progress.seconds(),
        }
        self.folder.add_row("train.csv", TRAIN_COLUMNS, row)
        self.folder.log(self.progress.tell(done, loss))

    def _tell_judgement(self, step: int, judged: Judgement) -> None:
        row: dict[str, float] = {
            "step": step,
            "auc": judged.auc,
            "auc_low": judged.low,
            "auc_high": judged.high,
            "clip_auc": judged.clip_auc,
            "accuracy": judged.accuracy,
            "videos": judged.videos,
            "clips": judged.clips,
        }
        self.folder.add_row("validation.csv", VALIDATION_COLUMNS, row)
        methods = ", ".join(f"{name} {auc:.3f}" for name, auc in judged.by_method.items())
        line = f"validation after step {step}: {judged.told()} over {judged.videos} videos, protocol original ({methods})"
        self.folder.log(line)
        self.progress.say(line)

    def _stop_at_nan(self, step: int, seen: list[Batch], loss: float) -> None:
        kept: dict[str, Any] = {"step": step, "loss": loss, "batches": seen, "network": self.network.state_dict()}
        path = self.folder.folder / f"not-a-number-rank{rank()}.pth"
        self.folder.folder.mkdir(parents=True, exist_ok=True)
        save_whole(kept, path)
        what = "the loss" if not math.isfinite(loss) else "a gradient"
        raise RunFault(
            f"{what} is no number at step {step}: the batch and the weights before it are in {path}; lower learning_rate, "
            "set gradient_norm, or look for damaged clips among its keys"
        )
