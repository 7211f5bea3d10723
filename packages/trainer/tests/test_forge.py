"""Forged fakes: the same seed gives the same bytes, only what is asked for changes, and the data set stays whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from styleflow_trainer.base.faults import InputFault
from styleflow_trainer.base.seeds import derived_generator
from styleflow_trainer.baseline.file_facts import read_file_facts
from styleflow_trainer.data.clip_codec import Clip
from styleflow_trainer.data.dataset import digest_of, open_dataset
from styleflow_trainer.data.write_dataset import MadeSample, write_dataset
from styleflow_trainer.forge.face_mask import draw_outline, face_mask
from styleflow_trainer.forge.forge_clip import forge_clip
from styleflow_trainer.forge.forge_dataset import Forging, forge_dataset
from styleflow_trainer.forge.strengths import Strengths, draw_strengths
from styleflow_trainer.forge.write_videos import write_videos

# Where alignment puts eyes, nose and corners of the mouth.
FACE = ((86.0, 86.0), (169.0, 84.0), (128.0, 137.0), (91.0, 175.0), (167.0, 173.0))
NOTHING = Strengths(
    region="face",
    changes_inside=True,
    opacity=1.0,
    border=0.05,
    roundness=2.0,
    wobble=0.0,
    gains=(1.0, 1.0, 1.0),
    offsets=(0.0, 0.0, 0.0),
    gamma=1.0,
    saturation=1.0,
    blur=0.0,
    sharpen=0.0,
    rescale=1.0,
    size=1.0,
    turn=0.0,
    shift=(0.0, 0.0),
    jitter=0.0,
    lag=0,
    hold=1,
    flicker=0.0,
    codec="none",
    codec_quality=0,
)


def clip_of(seed: int) -> Clip:
    """Soft stripes that move, so that place and time are seen."""
    y, x = np.mgrid[0:256, 0:256]
    frames = [128 + 60 * np.sin((x + 2 * frame) / 9 + seed) + 40 * np.cos(y / 13) for frame in range(32)]
    return np.repeat(np.stack(frames)[..., None], 3, axis=-1).clip(0, 255).astype(np.uint8)


def points_of(drift: float = 0.0) -> list[list[list[float]]]:
    return [[[x + drift * frame, y] for x, y in FACE] for frame in range(32)]


def random(*words: object) -> np.random.Generator:
    return derived_generator("test", *words)


def test_without_any_strength_the_clip_stays_as_it_is() -> None:
    real = clip_of(1)
    forged, masks = forge_clip(real, points_of(), NOTHING, random())
    assert np.abs(forged.astype(int) - real.astype(int)).max() <= 1
    assert masks.shape == (32, 256, 256)


@pytest.mark.parametrize("region", ["face", "inner", "mouth", "eyes"])
def test_the_mask_covers_its_region_and_leaves_the_corners_alone(region: str) -> None:
    mask = face_mask(FACE, 256, draw_outline(random()), replace(NOTHING, region=region, wobble=0.08))
    middle = {"face": (128, 128), "inner": (128, 128), "mouth": (128, 176), "eyes": (128, 85)}[region]
    assert mask[middle[1], middle[0]] > 0.95
    assert max(mask[0, 0], mask[0, -1], mask[-1, 0], mask[-1, -1]) < 0.01


def test_a_turned_face_has_a_turned_mask() -> None:
    turned = [(float(255 - y), float(x)) for x, y in FACE]
    upright = face_mask(FACE, 256, draw_outline(random()), replace(NOTHING, region="mouth"))
    mask = face_mask(turned, 256, draw_outline(random()), replace(NOTHING, region="mouth"))
    assert np.abs(mask - np.rot90(upright, -1)).max() < 0.02


@pytest.mark.parametrize(
    ("change", "differs_from"),
    [({"lag": 2}, 1), ({"hold": 2}, 1), ({"jitter": 1.5}, 0), ({"flicker": 0.05}, 0), ({"gains": (1.2, 1.0, 0.9)}, 0)],
)
def test_each_respect_changes_the_inside_alone(change: dict[str, object], differs_from: int) -> None:
    real = clip_of(2)
    forged, masks = forge_clip(real, points_of(), replace(NOTHING, **change), random())  # type: ignore[arg-type]
    difference = np.abs(forged.astype(int) - real.astype(int)).max(axis=-1)
    assert difference[masks > 0.99].max() > 8
    assert difference[masks < 0.001].max() <= 1
    assert difference[:differs_from].max(initial=0) <= 1


def test_a_lagging_inside_follows_the_head_and_only_its_content_is_late() -> None:
    real = clip_of(3)
    forged, _ = forge_clip(real, points_of(drift=0.5), replace(NOTHING, lag=2), random())
    # Two frames earlier, one pixel further to the right.
    expected = real[8, 120:140, 119:139].astype(int)
    assert np.abs(forged[10, 120:140, 120:140].astype(int) - expected).max() <= 1


def test_strengths_are_drawn_alike_from_one_seed_and_never_none_of_them() -> None:
    drawn = [draw_strengths(random(n), 1.0) for n in range(200)]
    assert drawn[7] == draw_strengths(random(7), 1.0)
    for each in drawn:
        timed = each.jitter > 0 or each.lag > 0 or each.hold > 1 or each.flicker > 0 or each.codec != "none"
        looked = each.gains != (1, 1, 1) or each.blur > 0 or each.sharpen > 0 or each.rescale < 1 or each.size != 1
        assert timed and looked
    assert {each.region for each in drawn} == {"face", "inner", "mouth", "eyes"}


def made(key: str, label: str, split: str, seed: int) -> MadeSample:
    facts = {"label": label, "split": split, "video": f"v{seed}", "method": None, "identity": f"p{seed}"}
    more = {"track": 0, "clip": 0, "points": points_of(), "seconds": [n / 25 for n in range(32)]}
    return MadeSample(key, {**facts, **more}, clip=clip_of(seed))


def test_a_data_set_gets_a_fake_of_each_real_clip_in_the_same_split_and_the_same_bytes_again(tmp_path: Path) -> None:
    source = tmp_path / "real"
    write_dataset(source, [made("a", "real", "train", 1), made("b", "fake", "train", 2), made("c", "real", "test", 3)], 2)
    digests = []
    for out, workers in ((tmp_path / "one", 1), (tmp_path / "two", 2)):
        # ffmpeg is for another test: the draws of this seed need none.
        assert forge_dataset(source, out, Forging(seed=SEED, workers=workers, pictures=1), lambda _: None) == 2
        data = open_dataset(out, verify=True)
        assert [(each.key, each.facts.group, each.facts.split) for each in data.samples] == [
            ("a", "real", "train"),
            ("a-forged0", "fake/forged", "train"),
            ("b", "fake/unknown", "train"),
            ("c", "real", "test"),
            ("c-forged0", "fake/forged", "test"),
        ]
        assert (data.samples[0].read_clip() != data.samples[1].read_clip()).any()
        assert len(list((out / "pictures").glob("*.png"))) == 1
        manifest = json.loads((out / "dataset.json").read_text())
        assert manifest["forged"]["seed"] == SEED and len(manifest["counts"]) == 5
        digests.append([digest_of(path) for path in sorted(out.glob("*.tar"))])
    assert digests[0] == digests[1]


SEED = 5


def test_an_interrupted_forging_goes_on_and_another_one_is_not_mixed_with_it(tmp_path: Path) -> None:
    source, out = tmp_path / "real", tmp_path / "out"
    write_dataset(source, [made("a", "real", "train", 1), made("c", "real", "test", 3)], 1)
    manifest = json.loads((source / "dataset.json").read_text())
    manifest["splits"] = {"notes": ["train has real videos alone", "validation is empty", "test has real videos alone"]}
    (source / "dataset.json").write_text(json.dumps(manifest))

    def stop(line: str) -> None:
        raise KeyboardInterrupt(line)

    with pytest.raises(KeyboardInterrupt):
        forge_dataset(source, out, Forging(seed=SEED), stop)
    assert not (out / "dataset.json").exists()
    with pytest.raises(InputFault, match="holds another, unfinished forging"):
        forge_dataset(source, out, Forging(seed=SEED + 1), lambda _: None)
    assert forge_dataset(source, out, Forging(seed=SEED), lambda _: None) == 2
    assert len(open_dataset(out).samples) == 4
    assert json.loads((out / "dataset.json").read_text())["splits"]["notes"] == ["validation is empty"]


def test_a_finished_forging_is_left_alone_and_another_wish_or_source_is_refused(tmp_path: Path) -> None:
    source, out = tmp_path / "real", tmp_path / "out"
    write_dataset(source, [made("a", "real", "test", 1)])
    assert forge_dataset(source, out, Forging(seed=SEED), lambda _: None) == 1
    written = (out / "forged-00000.tar").stat().st_mtime_ns
    assert forge_dataset(source, out, Forging(seed=SEED, workers=2), lambda _: None) == 1
    with pytest.raises(InputFault, match="holds another, finished data set"):
        forge_dataset(source, out, Forging(seed=SEED, strength=0.5), lambda _: None)
    write_dataset(tmp_path / "other", [made("a", "real", "test", 2)])
    with pytest.raises(InputFault, match="holds another, finished data set"):
        forge_dataset(tmp_path / "other", out, Forging(seed=SEED), lambda _: None)
    assert (out / "forged-00000.tar").stat().st_mtime_ns == written
    assert len(open_dataset(out, verify=True).samples) == 2


def test_a_forged_set_is_forged_again_by_another_method_alone(tmp_path: Path) -> None:
    source, once, twice = tmp_path / "real", tmp_path / "once", tmp_path / "twice"
    write_dataset(source, [made("a", "real", "test", 1)])
    forge_dataset(source, once, Forging(seed=SEED), lambda _: None)
    with pytest.raises(InputFault, match="already has the shard forged-00000\\.tar; choose another --method than forged"):
        forge_dataset(once, twice, Forging(seed=SEED + 1), lambda _: None)
    assert not twice.exists()
    assert forge_dataset(once, twice, Forging(seed=SEED, method="other"), lambda _: None) == 1
    assert [each.key for each in open_dataset(twice).samples] == ["a", "a-forged0", "a-other0"]


def test_a_shard_with_the_name_of_a_forged_one_is_refused(tmp_path: Path) -> None:
    write_dataset(tmp_path, [made("a", "real", "test", 1), made("b", "real", "test", 2)], 1)
    manifest = json.loads((tmp_path / "dataset.json").read_text())
    (tmp_path / "00001.tar").rename(tmp_path / "forged-00000.tar")
    manifest["shards"][1]["path"] = "forged-00000.tar"
    (tmp_path / "dataset.json").write_text(json.dumps(manifest))
    with pytest.raises(InputFault, match=r"already has the shard forged-00000\.tar"):
        forge_dataset(tmp_path, tmp_path / "out", Forging(seed=SEED), lambda _: None)


def test_videos_of_other_clips_with_the_same_keys_are_not_kept(tmp_path: Path) -> None:
    write_dataset(tmp_path, [made("a", "real", "test", 1)])
    video = write_videos(tmp_path, ["test"], SEED, 1).parent / "a.mp4"
    first = digest_of(video)
    video.write_bytes(b"kept")
    write_videos(tmp_path, ["test"], SEED, 1)
    assert video.read_bytes() == b"kept"
    write_dataset(tmp_path, [made("a", "real", "test", 2)])
    write_videos(tmp_path, ["test"], SEED, 1)
    assert digest_of(video) != first and video.read_bytes() != b"kept"


def test_clips_become_videos_with_a_manifest_real_and_forged_by_the_same_encoder(tmp_path: Path) -> None:
    out, forged = tmp_path / "out", made("c-forged0", "fake", "test", 4)
    forged.facts.update(identity="p3", method="forged", forged={"of": "c"})
    write_dataset(out, [made("a", "real", "train", 1), made("c", "real", "test", 3), forged], 2)
    manifest = write_videos(out, ["test"], SEED, 1)
    assert manifest.read_text().splitlines() == [
        "source,id,truth_label,method,identity,split,dataset",
        "c.mp4,c,real,,p3,test,out",
        "c-forged0.mp4,c-forged0,fake,forged,p3,test,out",
    ]
    real, fake = (read_file_facts(manifest.parent / name) for name in ("c.mp4", "c-forged0.mp4"))
    assert real.words == fake.words and real.numbers[:4] == fake.numbers[:4]
    with pytest.raises(InputFault, match="has no clips in validation to make videos of"):
        write_videos(out, ["validation"], SEED, 1)


def test_keys_with_folders_are_forged_and_become_videos_in_folders(tmp_path: Path) -> None:
    source, out = tmp_path / "real", tmp_path / "out"
    write_dataset(source, [made("tape/a", "real", "test", 1)])
    assert forge_dataset(source, out, Forging(seed=SEED, pictures=1), lambda _: None) == 1
    manifest = write_videos(out, ["test"], SEED, 1)
    assert [line.split(",")[0] for line in manifest.read_text().splitlines()[1:]] == ["tape/a.mp4", "tape/a-forged0.mp4"]
    assert (manifest.parent / "tape" / "a-forged0.mp4").is_file()


def test_what_cannot_be_forged_is_refused(tmp_path: Path) -> None:
    lacking = made("a", "real", "train", 1)
    lacking.facts["points"] = []
    write_dataset(tmp_path / "pointless", [lacking])
    with pytest.raises(InputFault, match="has no points of 32 frames"):
        forge_dataset(tmp_path / "pointless", tmp_path / "out", Forging(), lambda _: None)
    write_dataset(tmp_path / "fakes", [made("a", "fake", "train", 1)])
    with pytest.raises(InputFault, match="has no real clips"):
        forge_dataset(tmp_path / "fakes", tmp_path / "out2", Forging(), lambda _: None)
    with pytest.raises(InputFault, match="is the data set itself"):
        forge_dataset(tmp_path / "fakes", tmp_path / "fakes", Forging(), lambda _: None)
