"""Two pieces of work of one FrameSet at once: one in the caller's thread, one in a thread beside it.

What comes out is the same as one after the other, whichever ends first: pieces that go beside each other share nothing
that either changes.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

Mine = TypeVar("Mine")
Other = TypeVar("Other")


def in_turn(mine: Callable[[], Mine], other: Callable[[], Other]) -> tuple[Mine, Other]:
    """Both, one after the other, in the caller's thread: what there is without a thread beside it."""
    return mine(), other()


class Beside:
    """A thread, ``tapetum-beside``, that begins with the first work. One caller at a time.

    Call it with two pieces of work, as :func:`in_turn`.
    """

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def __call__(self, mine: Callable[[], Mine], other: Callable[[], Other]) -> tuple[Mine, Other]:
        """Both at once; ``mine`` in this thread. Returns when both have ended, also where one failed.

        Raises:
            Exception: what ``mine`` raised; else what ``other`` did.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="tapetum-beside")
            self._thread.start()
        self._work.put(other)
        try:
            result = mine()
        finally:
            found, error = self._done.get()
        if error is not None:
            raise error
        return result, found

    def close(self) -> None:
        """End the thread. Safe to call twice; a later call begins another one."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._work.put(None)
            thread.join()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                self._done.put((work(), None))
            except BaseException as error:  # noqa: BLE001 - the edge of a thread: the caller raises it
                self._done.put((None, error))
            del work  # what it holds is not held until the next one comes
