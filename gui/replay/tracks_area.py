"""The room that signals over time have: rows that do not fit are scrolled to, and none is made too low to be read."""

from __future__ import annotations

from typing import Final

from gui.qt import QtCore, QtWidgets, event_pos
from gui.replay.tracks_view import TracksView
from gui.words import tr

_FEWEST: Final = 2
"""Rows that are seen however low the window is, where there are so many."""


class TracksArea(QtWidgets.QScrollArea):
    """As many whole rows as there is room for. The arrow keys, the wheel over the names, and the bar scroll; the wheel
    over the rows zooms as it does on the time line.

    Args:
        view: the rows.
    """

    def __init__(self, view: TracksView) -> None:
        super().__init__()
        self._view = view
        self._room = 0
        self.setWidget(view)
        self.setWidgetResizable(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        view.resized.connect(self._fit)
        view.installEventFilter(self)
        self._fit()

    @property
    def rows_seen(self) -> int:
        """Rows that there is room for at once."""
        count = len(self._view.names)
        return min(count, max(self._room // self._view.row_px, _FEWEST)) if self._room else count

    @property
    def scrolls(self) -> bool:
        """Some rows are out of sight."""
        return self.rows_seen < len(self._view.names)

    def set_room(self, height: int) -> None:
        """The most that all rows together may take, px; 0 for any."""
        if height != self._room:
            self._room = height
            self._fit()

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        is_wheel = watched is self._view and event.type() == QtCore.QEvent.Type.Wheel
        if is_wheel and self.scrolls and self._view.is_name(event_pos(event).x()):
            QtWidgets.QApplication.sendEvent(self.verticalScrollBar(), event)
            return True
        return bool(super().eventFilter(watched, event))

    def _fit(self) -> None:
        count, seen, scrolls = len(self._view.names), self.rows_seen, self.scrolls
        self.setFixedHeight(max(seen * self._view.row_px, 1))
        policies = QtCore.Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policies.ScrollBarAlwaysOn if scrolls else policies.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(self._view.row_px)
        # What has nothing to scroll is no stop on the way of the Tab key.
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus if scrolls else QtCore.Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Signals over time"))
        words = tr(
            "{n} of {count} signals are in sight; Up and Down, or the wheel over the names, show the others.",
            n=seen,
            count=count,
        )
        self.setAccessibleDescription(words if scrolls else "")
        self.setVisible(bool(count))
