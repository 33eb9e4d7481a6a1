"""Batches come in an order that hangs on the seed alone, from a thread or from processes; errors reach the trainer."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.training.shard_fixture import write_samples
from training.feed import FaceStore, Feed, FeedError, Item, MakeItem, ProcessFeed


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
