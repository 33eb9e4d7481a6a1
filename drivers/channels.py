"""The two ways a frame can wait: Latest keeps the newest, Lossless keeps all. Both are bounded, both count.

For both, at any moment ``put == taken + dropped + depth``. Safe with any number of producers and consumers.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


class ChannelClosed(Exception):
    """The channel was closed and nothing waits in it any more."""


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """A snapshot of what went through a channel.

    Attributes:
        put: items that producers offered, the refused ones too.
        taken: items that consumers got.
        dropped: items that were replaced, or refused because the channel was full or closed.
        depth: items that wait now.
        capacity: items that can wait.
        high_water: the most that ever waited.
    """

    put: int
    taken: int
    dropped: int
    depth: int
    capacity: int
    high_water: int


class _Channel(Generic[T]):
    """What both channels share: a bounded line of items under one lock, and the counts."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"a channel holds at least 1 item, was asked for {capacity}")
        self._capacity = capacity
        self._items: deque[T] = deque()
        self._lock = threading.Lock()
        self._not_empty = threading.Condition(self._lock)
        self._not_full = threading.Condition(self._lock)
        self._closed = False
        self._waiting = 0
        """Consumers that wait for an item."""
        self._put = self._taken = self._dropped = self._high_water = 0

    def take(self, timeout_s: float) -> T:
        """The next item, waiting for at most ``timeout_s`` seconds.

        Raises:
            queue.Empty: nothing came in time.
            ChannelClosed: closed, and nothing waits any more.
        """
        deadline = time.monotonic() + timeout_s
        with self._lock:
            while not self._items:
                if self._closed:
                    raise ChannelClosed("the channel is closed and empty")
                left = deadline - time.monotonic()
                if left <= 0:
                    raise queue.Empty
                self._waiting += 1
                try:
                    self._not_empty.wait(left)
                finally:
                    self._waiting -= 1
            item = self._items.popleft()
            self._taken += 1
            self._not_full.notify()
            return item

    def close(self) -> None:
        """Take nothing more; what waits can still be taken. Wakes everybody. Safe to call twice."""
        with self._lock:
            self._closed = True
            self._not_empty.notify_all()
            self._not_full.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    def count(self) -> ChannelCount:
        with self._lock:
            return ChannelCount(
                self._put, self._taken, self._dropped, len(self._items), self._capacity, self._high_water
            )

    def _append(self, item: T) -> None:
        self._items.append(item)
        self._high_water = max(self._high_water, len(self._items))
        self._not_empty.notify()


class Latest(_Channel[T]):
    """Holds one item, the newest. An unread one is replaced and counted as dropped.

    What comes together waits together, where a consumer has time for it: see :meth:`put_together`.

    Args:
        on_drop: called with each dropped item, in the producer's thread, outside the lock.
        together: items that may wait where they came together.
        choose: which item is kept of those that wait (in their order; the newest is the last), where one alone can
            be; it also gets the one that was taken last, or None. The newest by default.
    """

    def __init__(
        self,
        on_drop: Callable[[T], None] | None = None,
        together: int = 1,
        choose: Callable[[Sequence[T], T | None], T] | None = None,
    ) -> None:
        super().__init__(together)
        self._on_drop = on_drop
        self._choose = choose or (lambda items, _last: items[-1])
        self._last: T | None = None

    def take(self, timeout_s: float) -> T:
        item = super().take(timeout_s)
        if self._capacity > 1:  # else nobody chooses, and what was taken need not be held
            self._last = item
        return item

    def put(self, item: T) -> None:
        """Make this the newest. Never blocks. After ``close`` the item itself is dropped."""
        self.put_together((item,))

    def put_together(self, items: Sequence[T]) -> None:
        """Items that came at once, the newest last. Never blocks. After ``close`` they are dropped.

        Where a consumer waits idle, it gets them all, one after the other: it had time for each, had they come apart.
        Where none does, one is kept, in place of all that wait. So a consumer that is too slow never works off a
        queue: what it takes is never older than what came last, but for what ``choose`` prefers.
        """
        if not items:
            return
        with self._lock:
            self._put += len(items)
            if self._closed:
                dropped = list(items)
            else:
                waiting = [*self._items, *items]
                is_awaited = self._waiting > 0 and not self._items
                kept = waiting[-self._capacity :] if is_awaited else [self._choose(waiting, self._last)]
                dropped = [one for one in waiting if not any(one is k for k in kept)]
                self._items.clear()
                for one in kept:
                    self._append(one)
            self._dropped += len(dropped)
        if self._on_drop is not None:
            for one in dropped:
                self._on_drop(one)


class Lossless(_Channel[T]):
    """Holds up to ``capacity`` items in the order they came. Refuses, and counts, what finds it full.

    Args:
        capacity: items that may wait.
        max_cost: what all that wait may cost together, where items differ (bytes, say); one item alone may cost more.
        cost: of an item.
    """

    def __init__(self, capacity: int, max_cost: int | None = None, cost: Callable[[T], int] | None = None) -> None:
        super().__init__(capacity)
        self._max_cost = max_cost
        self._cost_of = cost
        self._costs: deque[int] = deque()
        self._cost = 0

    @property
    def cost(self) -> int:
        """Of everything that waits; 0 when items cost nothing."""
        return self._cost

    def take(self, timeout_s: float) -> T:
        item = super().take(timeout_s)
        if self._cost_of is not None:
            with self._lock:
                self._cost -= self._costs.popleft()
                self._not_full.notify()
        return item

    def _has_room(self, item: T) -> bool:
        if len(self._items) >= self._capacity:
            return False
        if self._max_cost is None or self._cost_of is None or not self._items:
            return True
        return self._cost + self._cost_of(item) <= self._max_cost

    def _append(self, item: T) -> None:
        if self._cost_of is not None:
            self._costs.append(self._cost_of(item))
            self._cost += self._costs[-1]
        super()._append(item)

    def put(self, item: T) -> bool:
        """Add an item. Never blocks: False, counted as dropped, when full or closed."""
        with self._lock:
            self._put += 1
            if self._closed or not self._has_room(item):
                self._dropped += 1
                return False
            self._append(item)
            return True

    def put_wait(self, item: T, timeout_s: float) -> bool:
        """Add an item, waiting for room: for producers that may wait, such as a file reader.

        Returns:
            False when no room came within ``timeout_s`` seconds. The item stays with the caller, nothing is counted.

        Raises:
            ChannelClosed: closed before there was room.
        """
        deadline = time.monotonic() + timeout_s
        with self._lock:
            while not self._closed and not self._has_room(item):
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._not_full.wait(left)
            if self._closed:
                raise ChannelClosed("the channel is closed")
            self._put += 1
            self._append(item)
            return True
