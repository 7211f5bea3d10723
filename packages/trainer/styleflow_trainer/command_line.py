"""The trainer's commands."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

from .base.faults import InputFault, RunFault
from .base.keep_memory import keep_freed_memory
from .base.ranks import is_first, join_ranks, leave_ranks
from .baseline.judge_manifest import judge_manifest, sentences
from .checkpoints.read import read_tensors
from .checkpoints.recognise import MARKS, tensors_of_role
from .data.dataset import open_dataset
from .data.write_dataset import write_dataset
from .measure_costs import measure_costs
from .stages.detector_stage import FINE_TUNE, DetectorConfig, detector_task
from .stages.style_gru_stage import StyleGruConfig, style_gru_task
from .synthetic.flicker import flicker_samples
from .synthetic.style_jump import style_jump_samples
from .training.config import RunConfig, print_config, read_config
from .training.loop import train
from .training.task import Task

STOPPED = 143


def run(arguments: Sequence[str]) -> int:
    """The exit code, with what went wrong as one line on stderr."""
    options = parser().parse_args(arguments)
    keep_freed_memory()
    try:
        code: int = options.action(options)
        return code
    except InputFault as fault:
        return _fail("invalid_request", fault, 2)
    except RunFault as fault:
        return _fail("internal", fault, 1)
    finally:
        leave_ranks()


def _fail(code: str, fault: Exception, exit_code: int) -> int:
    print(f"error: {code}: {fault}", file=sys.stderr, flush=True)
    return exit_code


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="styleflow_trainer", description="From data sets to checkpoints.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, about, action in (
        ("style-gru", "stage 1: StyleGRU on style codes", train_style_gru),
        ("detector", "stage 2: content, style attention and transformer on clips", train_detector),
        ("fine-tune", "either network from a checkpoint, on data of one's own", fine_tune),
    ):
        command = commands.add_parser(name, help=about, description=about)
        _add_run_options(command)
        if name == "fine-tune":
            command.add_argument("--from", dest="begins", type=Path, required=True, metavar="FILE")
            command.add_argument("--style-gru", type=Path, metavar="FILE", help="of a detector with style")
        command.set_defaults(action=action)
    made = commands.add_parser("synthetic", help="writes a data set whose answer is known")
    made.add_argument("problem", choices=("style-jump", "flicker"))
    made.add_argument("--out", type=Path, required=True)
    made.add_argument("--people", type=int, default=200, help="each once real and once fake")
    made.add_argument("--style-dim", type=int, default=32)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--shuffled", action="store_true", help="labels say nothing")
    made.set_defaults(action=write_synthetic)
    measure = commands.add_parser("measure", help="how fast this machine loads clips and trains a detector on them")
    measure.add_argument("--data", type=Path, required=True, help="a data set's folder")
    measure.add_argument("--config", type=Path, help="settings of the detector as JSON")
    measure.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="one setting, on top")
    measure.add_argument("--clips", type=int, default=20, help="to load")
    measure.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    measure.set_defaults(action=measure_detector)
    baseline = commands.add_parser("baseline", help="what codec, rate and size alone tell of videos: the bar's lower edge")
    baseline.add_argument("manifest", type=Path, help="CSV with source, truth_label, split, identity")
    baseline.set_defaults(action=judge_baseline)
    settings = commands.add_parser("settings", help="prints the settings of a command and their defaults")
    settings.add_argument("command", choices=tuple(DEFAULTS))
    settings.set_defaults(action=print_settings)
    return top


def _add_run_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, help="a data set's folder")
    command.add_argument("--out", type=Path, required=True, help="the run's folder")
    command.add_argument("--config", type=Path, help="settings as JSON")
    command.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="one setting, on top")
    command.add_argument("--resume", action="store_true", help="go on with the run in --out")
    command.add_argument("--verify", action="store_true", help="take the SHA-256 of every shard first")
    command.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")


DEFAULTS: dict[str, RunConfig] = {
    "style-gru": StyleGruConfig(),
    "detector": DetectorConfig(),
    "fine-tune": FINE_TUNE,
}


def print_settings(options: argparse.Namespace) -> int:
    print(print_config(DEFAULTS[options.command]), end="")
    return 0


def measure_detector(options: argparse.Namespace) -> int:
    config = read_config(DetectorConfig, options.config, options.set, DetectorConfig())
    device = join_ranks(options.device)
    task = detector_task(config, open_dataset(options.data))
    print("\n".join(measure_costs(task, device, max(1, options.clips)).sentences()))
    return 0


def judge_baseline(options: argparse.Namespace) -> int:
    print("\n".join(sentences(judge_manifest(options.manifest))))
    return 0


def train_style_gru(options: argparse.Namespace) -> int:
    config = read_config(StyleGruConfig, options.config, options.set, StyleGruConfig())
    return _train("style-gru", options, config)


def train_detector(options: argparse.Namespace) -> int:
    config = read_config(DetectorConfig, options.config, options.set, DetectorConfig())
    return _train("detector", options, config)


def fine_tune(options: argparse.Namespace) -> int:
    """What the checkpoint holds decides what is trained."""
    begins: Path = options.begins
    tensors = read_tensors(begins)
    if _holds_style_gru(tensors, begins):
        low = dataclasses.replace(StyleGruConfig(), steps=2000, learning_rate=1e-4, style_gru=str(begins))
        return _train("style-gru", options, read_config(StyleGruConfig, options.config, options.set, low))
    tensors_of_role(tensors, "content", begins)
    style = None if options.style_gru is None else str(options.style_gru)
    defaults = dataclasses.replace(FINE_TUNE, content=str(begins), style_gru=style)
    return _train("detector", options, read_config(DetectorConfig, options.config, options.set, defaults))


def _holds_style_gru(tensors: dict[str, object], path: Path) -> bool:
    return any(name.endswith(MARKS["style-gru"]) for name in tensors)


def _train(stage: str, options: argparse.Namespace, config: RunConfig) -> int:
    device = join_ranks(options.device)
    data = open_dataset(options.data, verify=options.verify)
    task: Task
    if isinstance(config, StyleGruConfig):
        task = style_gru_task(config, data)
    else:
        assert isinstance(config, DetectorConfig)
        task = detector_task(config, data)
    ending = train(task, stage, options.out, device, resumes=options.resume)
    if not ending.is_finished:
        return STOPPED
    if is_first():
        print(f"best AUC {ending.best:.3f}; to a bundle: {import_command(stage, options.out)}")
    return 0


def import_command(stage: str, out: Path) -> str:
    """What makes a bundle of the best checkpoint."""
    if stage == "style-gru":
        return f"styleflow models import --parts --style-gru {out / 'best.pth'} --out BUNDLE"
    if (out / "best-style-gru.pth").exists():
        return (
            f"styleflow models import --content {out / 'best.pth'} --style-gru {out / 'best-style-gru.pth'} "
            "--psp PSP --out BUNDLE"
        )
    return f"styleflow models import --content {out / 'best.pth'} --out BUNDLE"


def write_synthetic(options: argparse.Namespace) -> int:
    if options.problem == "flicker":
        samples = flicker_samples(options.people, options.seed, options.shuffled)
    else:
        samples = style_jump_samples(options.people, options.style_dim, options.seed, options.shuffled)
    write_dataset(options.out, samples)
    print(f"{options.out}: {2 * options.people} clips")
    return 0
