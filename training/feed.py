"""Batches for training, made in a thread beside the training steps."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.faces.sample import VALIDATION_MODULUS, Tag
from training.faces.shards import ShardError, ShardSet

Item = dict[str, NDArray]
Batch = dict[str, NDArray]

REFRESH_S = 45.0


class FeedError(Exception):
    """There is nothing to train on, or the thread that makes batches has failed."""


class FaceStore:
    """Samples on disk with the few columns that decide which to take kept in memory.

    Raises:
        ShardError: the folder does not exist or a shard is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._shards = ShardSet(folder)
        self.refresh()

    def refresh(self) -> int:
        """Pick up shards finished since the last look; returns how many samples were added."""
        added = self._shards.refresh()
        self.identity = self._shards.column("identity")
        self.tags = self._shards.column("tags")
        self.toward = self._shards.column("toward_camera")
        self.pose = self._shards.column("pose_deg")
        held_out = self.identity % VALIDATION_MODULUS == 0
        faceless = (self.tags & Tag.FACELESS) != 0
        self.train_faces = np.flatnonzero(~held_out & ~faceless)
        self.train_averted = self.train_faces[self.toward[self.train_faces] == 0]
        self.train_clutter = np.flatnonzero(~held_out & faceless)
        self.held_out_faces = np.flatnonzero(held_out & ~faceless)
        self.held_out_clutter = np.flatnonzero(held_out & faceless)
        return added

    def __len__(self) -> int:
        return len(self._shards)

    def get(self, field: str, index: int) -> NDArray:
        """One field of one sample, as it lies on disk."""
        shard, row = self._shards.locate(int(index))
        return self._shards.arrays(field)[shard][row]


class Feed:
    """Makes batches from `make_item` in one thread; use it as a context manager and iterate over it.

    The queue holds at most `depth` batches; the thread waits when it is full. Shards that are finished while it runs
    are picked up every REFRESH_S.

    Raises:
        FeedError: while iterating, if the thread failed (its error is the cause).
    """

    def __init__(
        self,
        store: FaceStore,
        make_item: Callable[[np.random.Generator], Item],
        batch_size: int,
        seed: int,
        depth: int = 6,
    ) -> None:
        if len(store.train_faces) == 0:
            raise FeedError("There are no training faces yet; render some: python -m training.faces.render --help")
        self._store = store
        self._make_item = make_item
        self._batch_size = batch_size
        self._rng = np.random.default_rng(seed)
        self._queue: queue.Queue[Batch] = queue.Queue(maxsize=depth)
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="training-feed")

    def __enter__(self) -> Feed:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)
        if self._thread.is_alive():
            raise FeedError("The thread that makes batches did not stop within 30 s.")

    def __iter__(self) -> Iterator[Batch]:
        while True:
            try:
                yield self._queue.get(timeout=0.5)
            except queue.Empty:
                if self._error is not None:
                    raise FeedError(f"Making a batch failed: {self._error}") from self._error

    @property
    def waiting(self) -> int:
        """Batches that are ready (0 most of the time means that the feed is the bottleneck)."""
        return self._queue.qsize()

    def _work(self) -> None:
        refreshed = time.monotonic()
        try:
            while not self._stop.is_set():
                if time.monotonic() - refreshed > REFRESH_S:
                    self._store.refresh()
                    refreshed = time.monotonic()
                batch = collate([self._make_item(self._rng) for _ in range(self._batch_size)])
                while not self._stop.is_set():
                    try:
                        self._queue.put(batch, timeout=0.2)
                        break
                    except queue.Full:
                        continue
        except Exception as error:  # noqa: BLE001  # handed to the thread that trains, which raises it
            self._error = error


def collate(items: list[Item]) -> Batch:
    """Stack the fields of items along a new first axis."""
    return {field: np.stack([item[field] for item in items]) for field in items[0]}


__all__ = ["Batch", "FaceStore", "Feed", "FeedError", "Item", "ShardError", "collate"]
