"""Questions that a part of the window waits for, without waiting."""

from __future__ import annotations

import time
from collections.abc import Callable

from gui.qt import QtCore
from gui.work.asking import Answer, Asking

_LOOK_MS = 40
_JOIN_S = 1.0
"""What was killed is gone in some ms; only a disk that does not answer holds it longer, and then it ends by itself."""

Then = Callable[[Answer], None]


class Questions(QtCore.QObject):
    """Calls back on the Qt thread when an answer is there."""

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._open: list[tuple[Asking, Then]] = []
        self._gone: list[Asking] = []
        """Given up, and perhaps not ended yet."""
        self._closed = False
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self._look)

    def ask(self, asking: Asking, then: Then) -> None:
        """Call ``then`` with its answer; never once this is closed."""
        if self._closed:
            asking.give_up()
            asking.join(_JOIN_S)
            return
        self._open.append((asking, then))
        self._timer.start(_LOOK_MS)

    @property
    def is_waiting(self) -> bool:
        return bool(self._open)

    def forget(self) -> None:
        """Nobody waits any more for what was asked so far. Returns at once."""
        self._timer.stop()
        self._gone = [asking for asking in self._gone if not asking.join(0.0)]
        for asking, _ in self._open:
            asking.give_up()
            self._gone.append(asking)
        self._open.clear()

    def close(self) -> None:
        """Nobody is told any more, and nothing runs any more unless its disk hangs."""
        self._closed = True
        self.forget()
        end = time.monotonic() + _JOIN_S
        for asking in self._gone:
            asking.join(max(0.0, end - time.monotonic()))
        self._gone.clear()

    def _look(self) -> None:
        ready = [(asking, then) for asking, then in self._open if asking.answer is not None]
        self._open = [pair for pair in self._open if pair not in ready]
        if not self._open:
            self._timer.stop()
        for asking, then in ready:
            if asking.answer is not None and not self._closed:  # what is told may close the window
                then(asking.answer)
