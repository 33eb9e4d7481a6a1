"""Short works that touch a disk: done by a thread, told on the thread that looks. No Qt here."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Final

log = logging.getLogger(__name__)

MOST: Final = 8
_JOIN_S: Final = 2.0
_IDLE_S: Final = 1.0


class Errands:
    """One thread, which lives only while there is something to do.

    Args:
        name: of the thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._work: queue.SimpleQueue[tuple[Callable[[], Any], Callable[[Any], None]]] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Any, Callable[[Any], None]]] = queue.SimpleQueue()
        self._waiting = 0
        self._thread: threading.Thread | None = None
        self._closing = False

    def run(self, work: Callable[[], Any], then: Callable[[Any], None]) -> bool:
        """Do something; ``then`` gets what it gave, or the exception, from :meth:`look`. False when too much waits."""
        with self._lock:
            if self._closing or self._waiting >= MOST:
                return False
            self._waiting += 1
            self._work.put((work, then))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name)
                self._thread.start()
        return True

    def look(self) -> None:
        """Tell what is done. From the thread that asked."""
        while True:
            try:
                found, then = self._done.get_nowait()
            except queue.Empty:
                return
            then(found)

    def close(self, deadline_s: float = _JOIN_S) -> bool:
        """Finish what was asked for; False when the disk takes longer. Nobody is told any more."""
        with self._lock:
            self._closing = True
            thread = self._thread
        if thread is not None:
            thread.join(deadline_s)
        return thread is None or not thread.is_alive()

    def _run(self) -> None:
        idle = time.monotonic()
        while True:
            try:
                work, then = self._work.get(timeout=0.05)
            except queue.Empty:
                with self._lock:
                    if self._work.empty() and (self._closing or time.monotonic() - idle > _IDLE_S):
                        self._thread = None
                        return
                continue
            try:
                found: Any = work()
            except Exception as error:  # noqa: BLE001 - the edge of a thread: whoever asked is told
                found = error
            self._done.put((found, then))
            with self._lock:
                self._waiting -= 1
            idle = time.monotonic()
