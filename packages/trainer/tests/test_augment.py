"""Changes are the same for every frame of a clip, and the same for an item whenever it comes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from styleflow_trainer.augment.colour import changed_colours
from styleflow_trainer.augment.compression import through_h264, through_jpeg
from styleflow_trainer.augment.frame_order import frame_order
from styleflow_trainer.augment.recipe import Chances, augment
from styleflow_trainer.augment.spatial import blurred, erased, flipped
from styleflow_trainer.base.faults import RunFault
from styleflow_trainer.data.clip_codec import Clip

Values = NDArray[np.uint8]


@pytest.fixture(scope="module")
def still() -> Clip:
    """A clip that stands still: what differs between its frames afterwards was not the same for all."""
    y, x = np.mgrid[0:256, 0:256]
    squares = (x // 9 + y // 7) % 2 * 90
    frame = np.stack([x // 2 + squares, y // 2 + squares, (x + y) // 4 + squares], axis=2).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(frame, (32, 256, 256, 3)))


def test_colour_blur_and_erase_change_every_frame_alike(still: Clip) -> None:
    for change in (changed_colours, blurred, erased):
        changed = change(still, np.random.default_rng(3))
        assert changed.shape == still.shape and changed.dtype == np.uint8
        assert not np.array_equal(changed, still)
        assert all(np.array_equal(frame, changed[0]) for frame in changed)
    assert np.array_equal(flipped(flipped(still)), still)


def test_a_blur_keeps_a_flat_picture_flat_to_its_edges() -> None:
    flat = np.full((2, 256, 256, 3), 77, dtype=np.uint8)
    assert np.array_equal(blurred(flat, np.random.default_rng(1)), flat)


def test_dropped_and_repeated_frames_keep_the_length_and_the_order() -> None:
    for seed in range(50):
        order = frame_order(32, np.random.default_rng(seed))
        steps = np.diff(order)
        assert len(order) == 32 and steps.min() >= 0 and steps.max() <= 4 and not np.array_equal(order, np.arange(32))


def test_codecs_give_back_a_clip_of_the_same_size_that_is_no_longer_the_same(still: Clip) -> None:
    for changed in (through_h264(still, 30), through_jpeg(still, 10)):
        error = np.abs(changed.astype(int) - still.astype(int))
        assert changed.shape == still.shape and 0 < error.mean() < 12


def test_without_ffmpeg_compression_says_what_to_install(still: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RunFault, match="install it, or set compress = 0"):
        through_jpeg(still, 5)


def test_an_item_is_changed_by_its_seed_alone_and_another_chance_leaves_the_rest() -> None:
    clip = np.random.default_rng(2).integers(0, 256, (32, 256, 256, 3), dtype=np.uint8)
    chances = Chances(flip=0.5, colour=0, compress=0, blur=0, erase=0.5, frames=0.5)
    one, order = augment(clip, chances, 11)
    other, _ = augment(clip, chances, 11)
    assert np.array_equal(one, other)
    orders = [augment(clip[:, :8, :8], Chances(0, 0, 0, 0, 0, 0.5), seed)[1] for seed in range(12)]
    assert len({tuple(each) for each in orders}) > 3
    assert np.array_equal(order, augment(clip[:, :8, :8], Chances(0, 0, 0, 0, 0, 0.5), 11)[1])
