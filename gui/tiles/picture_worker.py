"""Pictures are made in a thread of their own, so that the Qt thread has only to show them.

Whoever shows pictures has an :class:`Easel`. What is ordered there is made in the worker's thread, and what was made
is handed over on the Qt thread. An order that waits is replaced by a newer one of the same easel: of each, one waits at
most, and what was made and not fetched yet is replaced likewise.
"""

from __future__ import annotations

import itertools
import logging
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gui.qt import QtCore, Signal, is_alive
from gui.tiles.failure_log import FailureLog

log = logging.getLogger(__name__)

Make = Callable[[], Any]
"""Makes a picture; called in the worker's thread. It must hold no widget."""

DEADLINE_S = 5.0
"""So long the end of a picture that is being made is waited for."""


@dataclass(frozen=True, slots=True)
class Failed:
    """In place of a picture that could not be made."""

    error: Exception


class Worker:
    """The thread. No Qt here.

    Args:
        tell: called in the thread when something was made, once until it is fetched.
        begin: called in the thread when it begins; what it gives is called after each round of pictures.
    """

    def __init__(self, tell: Callable[[], None], begin: Callable[[], Callable[[], object]] | None = None) -> None:
        self._tell = tell
        self._begin = begin
        self._wake = threading.Condition()
        self._orders: dict[int, tuple[int, Make]] = {}
        self._made: dict[int, tuple[int, Any]] = {}
        self._awaited: dict[int, int] = {}  # key -> the last order that was not handed over
        self._dropped: dict[int, int] = {}  # key -> orders up to this one are not wanted
        self._numbers = itertools.count(1)
        self._ahead: Callable[[], None] | None = None
        self._closing = False
        self._thread: threading.Thread | None = None

    def order(self, key: int, make: Make) -> None:
        """Make this for a key; what waits for the same key is forgotten."""
        with self._wake:
            if self._closing:
                return
            number = self._awaited[key] = next(self._numbers)
            self._orders[key] = (number, make)
            self._begin_or_wake()

    def prepare(self, make: Callable[[], None]) -> None:
        """Have something made ahead when nothing is ordered, in place of what waits for that."""
        with self._wake:
            if not self._closing:
                self._ahead = make
                self._begin_or_wake()

    @property
    def has_orders(self) -> bool:
        """Whether something was ordered that is not being made yet."""
        with self._wake:
            return bool(self._orders)

    def _begin_or_wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="tapetum-pictures")
            self._thread.start()
        self._wake.notify()

    def drop(self, key: int) -> None:
        """Nothing that was ordered for a key is wanted any more, not even what is being made now."""
        with self._wake:
            self._dropped[key] = next(self._numbers)
            for kept in (self._awaited, self._orders, self._made):
                kept.pop(key, None)

    def forget(self, key: int) -> None:
        """The key is gone."""
        with self._wake:
            for kept in (self._awaited, self._orders, self._made, self._dropped):
                kept.pop(key, None)

    @property
    def is_busy(self) -> bool:
        """Whether something was ordered and not fetched yet."""
        with self._wake:
            return bool(self._awaited)

    def fetch(self) -> dict[int, Any]:
        """What was made since the last time, by key; failures as :class:`Failed`."""
        with self._wake:
            made, self._made = self._made, {}
            for key, (number, _) in made.items():
                if self._awaited.get(key) == number:
                    del self._awaited[key]
            return {key: value for key, (_, value) in made.items()}

    def close(self, deadline_s: float = DEADLINE_S) -> bool:
        """Make nothing more; False where the thread did not end in time."""
        with self._wake:
            self._closing = True
            for kept in (self._orders, self._made, self._awaited):
                kept.clear()
            self._ahead = None
            self._wake.notify()
        if self._thread is None:
            return True
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        tidy = None if self._begin is None else self._begin()
        failures = FailureLog(log, "a picture could not be made")
        while True:
            with self._wake:
                while not self._orders and self._ahead is None and not self._closing:
                    self._wake.wait()
                if self._closing:
                    return
                keys = list(self._orders)  # what came together is shown together
                if not keys:
                    ahead, self._ahead = self._ahead, None
            if not keys:
                if ahead is not None:
                    _made(ahead, failures)
                    ahead = None  # what it stands on is let go of
                continue
            made: dict[int, tuple[int, Any]] = {}
            for key in keys:
                with self._wake:
                    taken = self._orders.pop(key, None)  # the newest of it by now
                if taken is not None:
                    made[key] = (taken[0], _made(taken[1], failures))
                    del taken  # what it stands on is let go of here, not at the next order
            with self._wake:
                if self._closing:
                    return
                # What was ordered anew meanwhile is shown until that is there; what was dropped is not.
                current = {key: one for key, one in made.items() if one[0] > self._dropped.get(key, 0)}
                tell = bool(current) and not self._made
                self._made.update(current)
            if tell:
                self._tell()
            if tidy is not None:
                tidy()


def _made(make: Make, failures: FailureLog) -> Any:
    try:
        return make()
    except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the screen
        failures.tell(error)
        return Failed(error)


def _tidying() -> Callable[[], object]:
    """Qt keeps fonts for each thread, and tidies them by a timer: it needs somebody who looks after events there."""
    loop = QtCore.QEventLoop()
    return lambda: loop.processEvents()


class Pictures(QtCore.QObject):
    """The worker for the pictures of a window. Everything but the making on the Qt thread."""

    _ready = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._worker = Worker(self._ready.emit, _tidying)
        self._keys = itertools.count(1)
        self.prepare = self._worker.prepare
        """Have something made ahead, from any thread: see :meth:`Worker.prepare`."""
        self._takers: dict[int, weakref.WeakMethod[Callable[[Any], None]]] = {}
        self._ready.connect(self._hand_over, QtCore.Qt.ConnectionType.QueuedConnection)

    def easel(self, take: Callable[[Any], None]) -> Easel:
        """An easel for whoever has the method ``take``, which is not kept alive by it."""
        for gone in [key for key, taker in self._takers.items() if taker() is None]:
            del self._takers[gone]  # nothing may ever be made for it, while tiles come and go
            self._worker.forget(gone)
        key = next(self._keys)
        self._takers[key] = weakref.WeakMethod(take)
        return Easel(self._worker, key)

    @property
    def is_busy(self) -> bool:
        """Whether something was ordered that has not come yet."""
        return self._worker.is_busy

    @property
    def has_orders(self) -> bool:
        """Whether something was ordered that is not being made yet."""
        return self._worker.has_orders

    def close(self, deadline_s: float = DEADLINE_S) -> bool:
        """The window goes; False where the thread did not end in time."""
        self._takers.clear()
        return self._worker.close(deadline_s)

    def _hand_over(self) -> None:
        """To all; what one of them raises keeps nothing from the others, and is raised after them."""
        raised: list[Exception] = []
        for key, made in self._worker.fetch().items():
            taker = self._takers.get(key)
            if taker is None:
                continue
            take = taker()
            if take is None or not is_alive(take.__self__):
                del self._takers[key]
                self._worker.forget(key)
            else:
                try:
                    take(made)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is raised below
                    raised.append(error)
        for error in raised[1:]:
            log.error("what was made could not be shown", exc_info=error)
        if raised:
            raise raised[0]


class Easel:
    """Where one picture after the other is made for one place on the screen."""

    def __init__(self, worker: Worker, key: int) -> None:
        self._worker, self._key = worker, key

    def order(self, make: Make) -> None:
        """Have something made in place of what was ordered before."""
        self._worker.order(self._key, make)

    def drop(self) -> None:
        """Nothing of what was ordered will come."""
        self._worker.drop(self._key)
