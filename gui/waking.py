"""How a feed can say that it has something new, so that the window need not ask again and again. The window still
takes it itself, when it has time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from drivers.frame import FrameSet
from gui.qt import QtCore, Signal


@runtime_checkable
class Telling(Protocol):
    """A feed that says when ``newest()`` has something."""

    def tell(self, call: Callable[[], None] | None) -> None:
        """Have this called from now on, from a thread of the feed's, when something new is there; None for nothing.
        After it has returned, what was told before is not called any more."""
        ...


@runtime_checkable
class Foretelling(Protocol):
    """A feed that says which FrameSet comes next while that is still being computed."""

    def foretell(self, call: Callable[[FrameSet], None] | None) -> None:
        """Have this called from now on, from a thread of the feed's which it must not hold up; None for nothing."""
        ...


class Wake(QtCore.QObject):
    """Calls something on the Qt thread soon after :meth:`ring`, once for however many rings."""

    _rung = Signal()

    def __init__(self, call: Callable[[], None], parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self._call = call
        self._waits = False
        self._rung.connect(self._answer, QtCore.Qt.ConnectionType.QueuedConnection)

    def ring(self) -> None:
        """From any thread."""
        if not self._waits:
            self._waits = True
            self._rung.emit()

    def _answer(self) -> None:
        self._waits = False  # first: what comes from now on rings again
        self._call()
