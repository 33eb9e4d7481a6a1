"""Batches for training, made beside the training steps: in a thread, or in several processes."""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces.sample import VALIDATION_MODULUS, Tag
from training.faces.shards import ShardError, ShardSet
from training.presence import is_averted

Item = dict[str, NDArray[Any]]
Batch = dict[str, NDArray[Any]]
MakeItem = Callable[[np.random.Generator], Item]

REFRESH_S = 45.0
PER_PROCESS = 3
"""Batches that a process has ready."""


WIDE_MOUTH = 0.17
"""Of the distance from the nose's root to the chin: the lips of a yawn are farther apart."""


class FeedError(Exception):
    """There is nothing to train on, or the thread or process that makes batches has failed."""


class Batches(Protocol):
    """What the trainer takes its batches from: a context manager that yields them without end."""

    def __enter__(self) -> Batches: ...

    def __exit__(self, *_: object) -> None: ...

    def __iter__(self) -> Iterator[Batch]: ...

    @property
    def waiting(self) -> int:
        """Batches that are ready (0 most of the time means that the feed is the bottleneck)."""
        ...


def mouth_is_wide(points: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(N,) whether the faces with these (N, 68, 2) points hold their mouths open as wide as in a yawn."""
    gap = np.linalg.norm(points[:, 62] - points[:, 66], axis=-1)
    return gap > WIDE_MOUTH * np.linalg.norm(points[:, 27] - points[:, 8], axis=-1)


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
        added: int = self._shards.refresh()
        self.identity = self._shards.column("identity")
        self.tags = self._shards.column("tags")
        self.toward = self._shards.column("toward_camera")
        self.pose = self._shards.column("pose_deg")
        averted = is_averted(self.pose)
        held_out = self.identity % VALIDATION_MODULUS == 0
        faceless = (self.tags & Tag.FACELESS) != 0
        self.train_faces = np.flatnonzero(~held_out & ~faceless)
        self.train_averted = self.train_faces[averted[self.train_faces]]
        self.train_yawning = self.train_faces[mouth_is_wide(self._shards.column("landmarks")[self.train_faces])]
        self.train_clutter = np.flatnonzero(~held_out & faceless)
        self.held_out_faces = np.flatnonzero(held_out & ~faceless)
        self.held_out_averted = self.held_out_faces[averted[self.held_out_faces]]
        self.held_out_clutter = np.flatnonzero(held_out & faceless)
        return added

    def __len__(self) -> int:
        return len(self._shards)

    def get(self, field: str, index: int) -> NDArray[Any]:
        """One field of one sample, as it lies on disk."""
        shard, row = self._shards.locate(int(index))
        value: NDArray[Any] = self._shards.arrays(field)[shard][row]
        return value


class Feed:
    """Makes batches from `make_item` in one thread; use it as a context manager and iterate over it.

    The queue holds at most `depth` batches; the thread waits when it is full. Shards that are finished while it runs
    are picked up every REFRESH_S.

    Args:
        seed: of the random numbers that items are drawn with; equal ones give equal batches while no shard is added.

    Raises:
        FeedError: while iterating, if the thread failed (its error is the cause).
    """

    def __init__(
        self, store: FaceStore, make_item: MakeItem, batch_size: int, seed: int | list[int], depth: int = 6
    ) -> None:
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


class ProcessFeed:
    """Makes batches in `workers` processes, each with its own store and random numbers, and takes turns among them.

    For devices that would wait for one thread. The order does not hang on which process is faster.

    Args:
        open_items: called in each process, returns the store and what makes an item of it; must be picklable.
        seed: as for Feed; each process adds its number.

    Raises:
        FeedError: while iterating, if a process failed; the message has its error.
    """

    def __init__(
        self,
        open_items: Callable[[], tuple[FaceStore, MakeItem]],
        batch_size: int,
        seed: int | list[int],
        workers: int,
    ) -> None:
        context = multiprocessing.get_context("spawn")
        seeds = [seed] if isinstance(seed, int) else seed
        self._queues: list[Any] = [context.Queue(PER_PROCESS) for _ in range(workers)]
        self._processes = [
            context.Process(target=_feed, args=(open_items, batch_size, [*seeds, number], one), daemon=True)
            for number, one in enumerate(self._queues)
        ]

    def __enter__(self) -> ProcessFeed:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
        for one in self._queues:
            one.close()

    def __iter__(self) -> Iterator[Batch]:
        for process, one in cycle(list(zip(self._processes, self._queues, strict=True))):
            while True:
                try:
                    made = one.get(timeout=0.5)
                    break
                except queue.Empty:
                    if process.exitcode is not None:
                        raise FeedError(
                            f"A process that makes batches ended with {process.exitcode}, out of memory perhaps; "
                            "try fewer --workers"
                        ) from None
            if isinstance(made, str):
                raise FeedError(f"Making a batch failed: {made}")
            yield made

    @property
    def waiting(self) -> int:
        """Batches that are ready; -1 where the system can't tell (macOS)."""
        try:
            return sum(one.qsize() for one in self._queues)
        except NotImplementedError:
            return -1


def _feed(open_items: Callable[[], tuple[FaceStore, MakeItem]], batch_size: int, seed: list[int], out: Any) -> None:
    """One process of a ProcessFeed: batches into `out`, or the words of an error and the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that trains
    cv2.setNumThreads(0)
    parent = multiprocessing.parent_process()
    try:
        store, make_item = open_items()
        rng, refreshed = np.random.default_rng(seed), time.monotonic()
        while parent is None or parent.is_alive():
            if time.monotonic() - refreshed > REFRESH_S:
                store.refresh()
                refreshed = time.monotonic()
            batch = collate([make_item(rng) for _ in range(batch_size)])
            while parent is None or parent.is_alive():
                try:
                    out.put(batch, timeout=1.0)
                    break
                except queue.Full:
                    continue
        out.cancel_join_thread()  # nobody reads any more
    except Exception as error:  # noqa: BLE001  # handed to the process that trains, which raises it
        out.put(f"{type(error).__name__}: {error}")


def collate(items: list[Item]) -> Batch:
    """Stack the fields of items along a new first axis."""
    return {field: np.stack([item[field] for item in items]) for field in items[0]}


__all__ = ["Batch", "Batches", "FaceStore", "Feed", "FeedError", "Item", "ProcessFeed", "ShardError", "collate"]
