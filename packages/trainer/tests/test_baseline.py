"""What codec, rate and size alone tell: everything where fakes were encoded otherwise, nothing where they were not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from styleflow_trainer.augment.compression import write_h264
from styleflow_trainer.base.faults import InputFault
from styleflow_trainer.base.seeds import derived_generator
from styleflow_trainer.baseline.file_facts import FileFacts
from styleflow_trainer.baseline.judge_manifest import judge_manifest, sentences
from styleflow_trainer.baseline.logistic import fit_and_score
from styleflow_trainer.training.judging import area_under_curve


def files(count: int, fakes_are_smaller_by: float, seed: int) -> tuple[list[FileFacts], list[bool]]:
    random = derived_generator("files", seed)
    fakes = [bool(at % 2) for at in range(count)]
    sizes = [random.normal(10 - fakes_are_smaller_by * fake, 1) for fake in fakes]
    return [FileFacts((size, 12.0), ("h264",)) for size in sizes], fakes


@pytest.mark.parametrize(("smaller", "low", "high"), [(4.0, 0.97, 1.0), (0.0, 0.35, 0.65)])
def test_it_finds_a_difference_of_the_encoder_and_no_other(smaller: float, low: float, high: float) -> None:
    train, is_fake = files(200, smaller, 1)
    others, truth = files(200, smaller, 2)
    area = area_under_curve(fit_and_score(train, is_fake, others), np.asarray(truth))
    assert low <= area <= high


def test_it_reads_videos_by_their_manifest_and_names_what_is_wrong(tmp_path: Path) -> None:
    rows = ["source,truth_label,split,identity"]
    for at in range(4):
        label, split = ("real", "fake")[at % 2], ("train", "test")[at // 2]
        clip = derived_generator("noise", at).integers(0, 255, (5, 32, 32, 3)).astype(np.uint8)
        write_h264(clip, 10 if label == "real" else 45, tmp_path / f"{at}.mp4")
        rows.append(f"{at}.mp4,{label},{split},p{at // 2}")
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("\n".join(rows))
    judged = judge_manifest(manifest)
    assert list(sentences(judged)) == ["test: AUC 1.000 (one person: no interval) by codec, rate and size alone, 2 videos"]
    (tmp_path / "3.mp4").write_text("no video")
    with pytest.raises(InputFault, match=r"3\.mp4 is no video that ffprobe reads"):
        judge_manifest(manifest)
    manifest.write_text("\n".join([*rows[:3], "8.mp4,real,test,p"]))
    with pytest.raises(InputFault, match=r"line 4: there is no file .*8\.mp4"):
        judge_manifest(manifest)
    manifest.write_text("\n".join([rows[0], "0.mp4,maybe,train,p"]))
    with pytest.raises(InputFault, match="line 2: truth_label is 'maybe', expected one of real, fake"):
        judge_manifest(manifest)
