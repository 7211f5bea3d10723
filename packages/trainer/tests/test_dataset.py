"""A data set is opened, or refused with what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from styleflow_trainer.base.faults import InputFault
from styleflow_trainer.data.dataset import open_dataset
from styleflow_trainer.data.write_dataset import MadeSample, write_dataset


def facts(**changes: object) -> dict[str, object]:
    return {"label": "real", "split": "train", "video": "v0", "method": None, "identity": None, **changes}


def sample(key: str, **changes: object) -> MadeSample:
    return MadeSample(key, facts(**changes), codes=np.full((32, 18, 2), 0.5, dtype=np.float32))


def test_samples_come_in_the_order_of_their_keys_whatever_shard_they_lie_in(tmp_path: Path) -> None:
    write_dataset(tmp_path, [sample(key) for key in ("c", "a", "b")], clips_per_shard=2)
    data = open_dataset(tmp_path, verify=True)
    assert [each.key for each in data.samples] == ["a", "b", "c"]
    assert data.samples[0].read_codes().shape == (32, 18, 2)
    assert set(data.digests["shards"]) == {"00000.tar", "00001.tar"}


def test_a_shard_that_is_cut_short_or_missing_or_changed_is_refused_by_name(tmp_path: Path) -> None:
    write_dataset(tmp_path, [sample("a"), sample("b")])
    shard = tmp_path / "00000.tar"
    whole = shard.read_bytes()
    shard.write_bytes(whole[:3000])
    with pytest.raises(InputFault, match=r"00000\.tar is cut short: it has 3000 bytes, dataset\.json says"):
        open_dataset(tmp_path)
    shard.write_bytes(whole[:600] + b"X" + whole[601:])
    with pytest.raises(InputFault, match=r"00000\.tar is damaged"):
        open_dataset(tmp_path, verify=True)
    shard.unlink()
    with pytest.raises(InputFault, match=r"00000\.tar is missing"):
        open_dataset(tmp_path)


def test_a_shard_that_was_already_cut_short_when_it_was_listed_is_refused(tmp_path: Path) -> None:
    write_dataset(tmp_path, [sample("a"), sample("b")])
    shard = tmp_path / "00000.tar"
    shard.write_bytes(shard.read_bytes()[:3000])
    manifest = json.loads((tmp_path / "dataset.json").read_text())
    manifest["shards"][0]["bytes"] = 3000
    (tmp_path / "dataset.json").write_text(json.dumps(manifest))
    with pytest.raises(InputFault, match=r"00000\.tar is cut short"):
        open_dataset(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "FAKE"}, r"a\.json: label is 'FAKE', expected one of real, fake"),
        ({"split": "val"}, r"a\.json: split is 'val', expected one of train, validation, test"),
        ({"video": ""}, r"a\.json: video is '', expected a text"),
        ({"method": 3}, r"a\.json: method is 3, expected a text"),
    ],
)
def test_facts_that_are_none_are_refused_by_field(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    write_dataset(tmp_path, [sample("a", **changes)])
    with pytest.raises(InputFault, match=message):
        open_dataset(tmp_path)


@pytest.mark.parametrize("field", ["identity", "video"])
def test_a_split_that_leaks_is_refused_with_the_name_that_is_in_both(tmp_path: Path, field: str) -> None:
    write_dataset(tmp_path, [sample("a", **{field: "ann"}), sample("b", split="test", **{"video": "v1", field: "ann"})])
    with pytest.raises(InputFault, match=rf"the split leaks: the {field} ann is in train \(a\) and in test \(b\)"):
        open_dataset(tmp_path)


def test_a_person_who_is_one_of_two_in_a_video_leaks_as_well(tmp_path: Path) -> None:
    write_dataset(tmp_path, [sample("a", identity="bob;ann"), sample("b", split="test", video="v1", identity="cat; ann")])
    with pytest.raises(InputFault, match=r"the split leaks: the identity ann is in train \(a\) and in test \(b\)"):
        open_dataset(tmp_path)


def test_a_folder_without_a_manifest_or_with_one_of_later_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFault, match="has no dataset.json"):
        open_dataset(tmp_path)
    (tmp_path / "dataset.json").write_text('{"format": 2, "shards": []}')
    with pytest.raises(InputFault, match="has the format 2"):
        open_dataset(tmp_path)
    outside = {"format": 1, "shards": [{"path": "../x.tar", "bytes": 1, "sha256": ""}]}
    (tmp_path / "dataset.json").write_text(json.dumps(outside))
    with pytest.raises(InputFault, match="lies outside the data set"):
        open_dataset(tmp_path)


@pytest.mark.parametrize("name", ["../x.csv", "/etc/x.csv", "a/../../x.csv"])
def test_names_of_files_and_keys_that_lead_out_of_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    write_dataset(tmp_path / "files", [sample("a")])
    path = tmp_path / "files" / "dataset.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "files": {name: "0" * 64}}))
    with pytest.raises(InputFault, match=r"the file .*x\.csv lies outside the data set"):
        open_dataset(tmp_path / "files")
    write_dataset(tmp_path / "keys", [sample(name.removesuffix(".csv"))])
    with pytest.raises(InputFault, match="which lies outside the data set"):
        open_dataset(tmp_path / "keys")


def test_codes_of_another_shape_are_refused(tmp_path: Path) -> None:
    write_dataset(tmp_path, [MadeSample("a", facts(), codes=np.zeros((31, 18, 2), dtype=np.float32))])
    with pytest.raises(InputFault, match=r"a\.codes\.npy is float32 \[31, 18, 2\], expected float32 \[32, 18, S\]"):
        open_dataset(tmp_path).samples[0].read_codes()
