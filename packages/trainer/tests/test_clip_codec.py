"""Python reads the clips that the workers write, against the files that they are tested with."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from places import CLIPS

from styleflow_trainer.base.faults import InputFault
from styleflow_trainer.data import brotli_stream
from styleflow_trainer.data.clip_codec import CLIP_BYTES, decode_clip, encode_clip

GOLDEN = "02a60fea3b721f09c09e5de6495392ca9cb71bdf2a6401c3e01af959796f3fd4"


@pytest.mark.parametrize("name", ["clip.sfc1", "clip.sfc2"])
def test_a_clip_of_either_version_is_read_as_it_was_written(name: str) -> None:
    clip = decode_clip((CLIPS / name).read_bytes(), name)
    assert clip.shape == (32, 256, 256, 3)
    assert hashlib.sha256(clip.tobytes()).hexdigest() == GOLDEN


def test_what_is_written_is_read_again_to_the_byte() -> None:
    clip = np.random.default_rng(1).integers(0, 256, (32, 256, 256, 3), dtype=np.uint8)
    assert np.array_equal(decode_clip(encode_clip(clip), "noise"), clip)


def test_both_ways_to_unpack_brotli_give_the_same_values() -> None:
    packed = (CLIPS / "clip.sfc2").read_bytes()[20:]
    ways = [way for way in (brotli_stream.system_unpacker(), brotli_stream.package_unpacker()) if way is not None]
    assert ways, "neither libbrotlidec nor the package brotli is here"
    values = [way(packed, CLIP_BYTES) for way in ways]
    assert all(each == values[0] for each in values)


def test_a_clip_that_is_cut_short_damaged_or_none_is_refused_by_name() -> None:
    first, second = ((CLIPS / name).read_bytes() for name in ("clip.sfc1", "clip.sfc2"))
    damaged = bytearray(second)
    damaged[len(second) // 2] ^= 1
    for stored in (first[: len(first) // 2], second[: len(second) // 2], bytes(damaged), b"", b"JFIF and more"):
        with pytest.raises(InputFault, match="x/1.clip"):
            decode_clip(stored, "x/1.clip")


def test_a_clip_of_another_size_is_refused_with_its_size() -> None:
    import zlib

    with pytest.raises(InputFault, match=r"x\.clip has 300 values, expected 6291456"):
        decode_clip(b"SFC1" + zlib.compress(bytes(300)), "x.clip")
    with pytest.raises(InputFault, match=r"expected 6291456"):
        decode_clip(b"SFC1" + zlib.compress(bytes(CLIP_BYTES + 3)), "x.clip")
