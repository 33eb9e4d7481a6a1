"""What backends reuse from call to call: arrays for the outputs, and whatever only one call may use at a time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

import numpy as np

from engines.backend import Arrays

Item = TypeVar("Item")

KEPT = 4
"""Sets of outputs that are kept for each number of faces: one in the caller's hands, one being filled, two to spare."""

SIZES = 8
"""Numbers of faces that sets are kept for; a ninth one makes the one be forgotten that was asked for longest ago."""


def _held(arrays: Arrays) -> int:
    """The largest number of references to one of these arrays, those of this function among them."""
    return max(sys.getrefcount(array) for array in arrays.values())


_OURS = _held({"nobody holds it": np.empty(1, np.float32)})
"""How many references are counted where no caller holds any: it differs between versions of Python."""


class OutputPool:
    """Arrays for a model's outputs, handed out to callers and taken back once nobody refers to them.

    A caller gets a view. numpy makes every further view, slice, reshape or buffer of it refer to the array that owns
    the memory, so that array's reference count says whether anybody can still see it. Its memory is never written
    while that is so. Safe from several threads.
    """

    def __init__(self, shapes: Mapping[str, Sequence[int]]) -> None:
        """shapes: output name -> its shape without the number of faces."""
        self._shapes = {name: tuple(shape) for name, shape in shapes.items()}
        self._lock = threading.Lock()
        self._sets: dict[int, list[Arrays]] = {}

    def take(self, faces: int) -> Arrays:
        """Float32 arrays (faces, ...) that are the caller's own as long as he holds them; their values are anything."""
        with self._lock:
            sets = self._sets.pop(faces, [])
            self._sets[faces] = sets  # the newest is last
            if len(self._sets) > SIZES:
                del self._sets[next(iter(self._sets))]
            for arrays in sets:
                if _held(arrays) <= _OURS:
                    return {name: array.view() for name, array in arrays.items()}
            made = {name: np.empty((faces, *shape), np.float32) for name, shape in self._shapes.items()}
            if len(sets) >= KEPT:
                sets.pop(0)  # a caller keeps its results for long: the oldest set is his from now on
            sets.append(made)
            return {name: array.view() for name, array in made.items()}


class Shared(Generic[Item]):
    """A fixed number of things that one call may use at a time. Who comes when all are in use waits for the first."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.count = len(items)
        self._free: SimpleQueue[Item] = SimpleQueue()
        for item in items:
            self._free.put(item)

    @contextmanager
    def one(self) -> Iterator[Item]:
        """One of them, waited for."""
        item = self._free.get()
        try:
            yield item
        finally:
            self._free.put(item)

    @contextmanager
    def several(self, wanted: int) -> Iterator[list[Item]]:
        """Up to `wanted` of them: the first is waited for, the others are taken where they are free.

        Nobody waits while he holds one, so that two who want all of them cannot block each other.
        """
        items = [self._free.get()]
        try:
            while len(items) < wanted:
                try:
                    items.append(self._free.get_nowait())
                except Empty:
                    break
            yield items
        finally:
            for item in items:
                self._free.put(item)
