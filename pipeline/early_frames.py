"""Frames that come before the threads that take them run: they wait here.

Until the recording begins (every camera is open, the models are there) the newest are kept and older ones let go: they
are no loss, since nothing has begun. From then on every frame belongs to it, and what finds no room is lost.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.frame import Frame
from recordings.event import Event

CAPACITY = 256
"""Frames that may come from the beginning on until they are let in."""

NEWEST_BYTES: Final = 64 << 20
NEWEST_FRAMES: Final = 4096
NEWEST_NS: Final = 10_000_000_000
"""The most that is kept of what came before the beginning: pixels, frames, and age (host clock)."""

_MOST_EVENTS: Final = 64
_AT_ONCE: Final = 16
_POLL_S: Final = 0.001


@dataclass(frozen=True, slots=True)
class Missed:
    """A frame that found no room."""

    stream: str
    device_ns: int


class EarlyFrames:
    """A buffer between cameras and whoever will take their frames. Safe from any thread; ``put`` never blocks long.

    Args:
        is_begun: the first frame that comes is the beginning; else :meth:`begin` says when.
    """

    def __init__(self, is_begun: bool) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Frame | Missed] = deque()
        self._events: deque[Event] = deque(maxlen=_MOST_EVENTS)
        self._bytes = 0
        self._room = CAPACITY
        self._is_begun = is_begun
        self._is_over = False

    def put(self, frame: Frame) -> bool | None:
        """Keep a frame until it is let in.

        Returns:
            True when it waits, False when it is lost, None when frames wait here no more: hand it on.
        """
        with self._lock:
            if self._is_over:
                return None
            if self._is_begun and self._room <= 0:
                self._waiting.append(Missed(frame.stream, frame.device_ns))
                return False
            self._waiting.append(frame)
            self._room -= self._is_begun
            if not self._is_begun:
                self._bytes += frame.pixels.nbytes
                self._let_old_ones_go(frame.host_ns)
            return True

    def put_event(self, event: Event) -> bool:
        """Keep an event, of very many the newest; False when nothing waits here any more."""
        with self._lock:
            if not self._is_over:
                self._events.append(event)
            return not self._is_over

    def begin(self) -> None:
        """From now on every frame counts. Safe to call twice."""
        with self._lock:
            self._is_begun = True

    def let_in(
        self,
        take: Callable[[Frame | Missed], object],
        has_room: Callable[[], bool],
        at_the_end: Callable[[Sequence[Event]], None],
        limit_s: float = 5.0,
    ) -> None:
        """Hand everything on in the order it came; frames that come meanwhile wait behind. Then nothing waits here.

        Args:
            take: gets each.
            has_room: whether ``take`` has room; waited for, within ``limit_s`` seconds.
            at_the_end: gets the events, before any frame that comes later is handed on.
        """
        end = time.monotonic() + limit_s
        while True:
            with self._lock:
                if not self._waiting or time.monotonic() > end:
                    for item in self._waiting:
                        take(item)
                    self._waiting.clear()
                    at_the_end(tuple(self._events))
                    self._is_over = True
                    return
                some = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
                self._room += sum(isinstance(item, Frame) for item in some)
            for item in some:
                while not has_room() and time.monotonic() < end:
                    time.sleep(_POLL_S)
                take(item)

    def _let_old_ones_go(self, now_ns: int) -> None:
        while self._waiting:
            oldest = self._waiting[0]
            assert isinstance(oldest, Frame), "nothing is missed before the beginning"
            is_new = now_ns - oldest.host_ns <= NEWEST_NS
            if is_new and self._bytes <= NEWEST_BYTES and len(self._waiting) <= NEWEST_FRAMES:
                return
            self._waiting.popleft()
            self._bytes -= oldest.pixels.nbytes
