"""Batches come in an order that hangs on the seed alone, from a thread or from processes; errors reach the trainer."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.shard_fixture import write_samples
from training.feed import WIDE_MOUTH, FaceStore, Feed, FeedError, Item, MakeItem, ProcessFeed, mouth_is_wide


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_samples(tmp_path_factory.mktemp("samples"))


def draw(store: FaceStore, rng: np.random.Generator) -> Item:
    index = int(rng.choice(store.train_faces))
    return {"index": np.array(index), "pixel": store.get("nir", index)[:2, :2]}


def opened(folder: Path) -> tuple[FaceStore, MakeItem]:
    store = FaceStore(folder)
    return store, partial(draw, store)


def ends_at_once(folder: Path) -> tuple[FaceStore, MakeItem]:
    os._exit(3)  # as the system ends a process that has taken too much memory


def first(feed: Feed | ProcessFeed, count: int) -> list[list[int]]:
    with feed:
        batches = iter(feed)
        return [next(batches)["index"].tolist() for _ in range(count)]


def test_the_same_seed_gives_the_same_batches(samples: Path) -> None:
    store, make_item = opened(samples)
    made = [first(Feed(store, make_item, 4, seed), 3) for seed in ([7, 0], [7, 0], [7, 1])]
    assert made[0] == made[1]
    assert made[0] != made[2], "a run that goes on draws others"
    assert not set(np.ravel(made)) & set(store.held_out_faces)


def test_processes_take_turns_and_give_the_same_again(samples: Path) -> None:
    made = [first(ProcessFeed(partial(opened, samples), 4, [7, 0], 2), 4) for _ in range(2)]
    assert made[0] == made[1]
    alone = first(ProcessFeed(partial(opened, samples), 4, [7, 0], 1), 2)
    assert [made[0][0], made[0][2]] == alone, "the first process draws the same, whatever the number of others"
    assert made[0][0] != made[0][1]


def test_an_error_in_the_thread_reaches_the_trainer(samples: Path) -> None:
    def broken(rng: np.random.Generator) -> Item:
        raise RuntimeError("torn sample")

    with Feed(FaceStore(samples), broken, 2, 0) as feed, pytest.raises(FeedError, match="torn sample"):
        next(iter(feed))


def test_errors_and_the_end_of_a_process_reach_the_trainer(samples: Path, tmp_path: Path) -> None:
    broken = ProcessFeed(partial(opened, tmp_path / "nowhere"), 2, 0, 1)
    with broken as feed, pytest.raises(FeedError, match="nowhere is no folder"):
        next(iter(feed))
    with ProcessFeed(partial(ends_at_once, samples), 2, 0, 1) as feed, pytest.raises(FeedError, match="ended with 3"):
        next(iter(feed))


def test_new_shards_are_picked_up(samples: Path, tmp_path: Path) -> None:
    folder = write_samples(tmp_path / "growing")
    store = FaceStore(folder)
    before = len(store)
    shutil.copytree(folder / "faces-00000", folder / "faces-00001")
    assert store.refresh() == 22
    assert len(store) == before + 22


@settings(max_examples=30, deadline=None)
@given(gap=st.floats(0.0, 60.0), scale=st.floats(0.2, 5.0), turn=st.floats(-3.0, 3.0))
def test_a_mouth_is_wide_or_not_at_any_size_and_angle(gap: float, scale: float, turn: float) -> None:
    points = np.zeros((68, 2))
    points[27], points[8] = (0, -30), (0, 90)
    points[62], points[66] = (0, 40 - gap / 2), (0, 40 + gap / 2)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    if abs(gap / 120 - WIDE_MOUTH) > 1e-3:
        assert mouth_is_wide((points @ rotation.T * scale)[None])[0] == (gap / 120 > WIDE_MOUTH)


def test_yawning_faces_are_known_and_none_of_them_is_held_out(tmp_path: Path) -> None:
    store = FaceStore(write_samples(tmp_path))
    assert set(store.train_yawning) <= set(store.train_faces)
    open_mouths = [mouth_is_wide(store.get("landmarks", int(i))[None])[0] for i in store.train_faces]
    assert len(store.train_yawning) == sum(open_mouths)
