"""The corner of the window: what the feed does, and what the recording does."""

from __future__ import annotations

from gui.feed import FeedStatus, Phase, RecordingStatus
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.status.camera_words import state_words
from gui.status.recording_words import badge_words, detail_words
from gui.words import mark, tr

PHASES = (mark("opening"), mark("loading models"), mark("running"), mark("ended"), mark("failed"))
"""How far a feed is."""


_SIDE, _DOT = 9, 10  # px


class RecordLabel(QtWidgets.QLabel):
    """Words behind a dot."""

    def __init__(self) -> None:
        super().__init__()
        self._dot = ""

    def set_dot(self, color: str) -> None:
        """Another color of the dot; none takes it away."""
        if color == self._dot:
            return
        if bool(color) != bool(self._dot):
            self.setContentsMargins(_SIDE + (_DOT + 6 if color else 0), 3, _SIDE, 3)
        self._dot = color
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        super().paintEvent(event)
        if self._dot:
            painter = QtGui.QPainter(self)
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(QtGui.QColor(self._dot))
            painter.drawEllipse(QtCore.QRectF(_SIDE, (self.height() - _DOT) / 2, _DOT, _DOT))
            painter.end()


class Badges(QtWidgets.QWidget):
    """Two labels; that of the recording blinks while it loses something or has failed."""

    def __init__(self) -> None:
        super().__init__()
        self.recording = RecordLabel()
        self.recording.setAccessibleName(tr("Recording"))
        self.state = QtWidgets.QLabel()
        self.state.setAccessibleName(tr("State"))
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for label in (self.recording, self.state):
            label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
            label.setContentsMargins(_SIDE, 3, _SIDE, 3)
            theme.sized(label, theme.BASE_PT + 1, bold=True)
            row.addWidget(label)
        self.recording.hide()
        self._beat = False
        self._told: tuple[object, ...] = ()
        self._width = 0

    def show_status(self, status: FeedStatus, all_old: bool) -> bool:
        """Called a few times a second; True when the badges need another width.

        Args:
            all_old: every live picture is old.
        """
        words, warn = _state_words(status, all_old)
        if words != self.state.text():
            self.state.setText(words)
        theme.set_tone(self.state, "badge-warn" if warn else "badge")
        if status.recording is not None:
            self._show_recording(status.recording)
        told = (self.state.text(), self.recording.text(), self.recording.isHidden(), theme.text_percent())
        if told == self._told:
            return False
        self._told = told
        width = self.sizeHint().width()
        if width == self._width:
            return False
        self._width = width
        self.adjustSize()
        return True

    def show_leaving(self) -> None:
        """What is shown ends; nothing on the screen is live any more."""
        self._told = ()
        self.state.setText(tr("CLOSING"))
        theme.set_tone(self.state, "badge-warn")
        self.recording.hide()
        self.adjustSize()

    def _show_recording(self, status: RecordingStatus) -> None:
        self._beat = not self._beat
        trouble = status.is_in_trouble
        alarm = trouble and self._beat
        words = badge_words(status)
        self.recording.set_dot("" if status.is_over else theme.now().on_record if alarm else theme.now().record)
        if words != self.recording.text():
            self.recording.setText(words)
        detail = detail_words(status)
        if detail != self.recording.toolTip():
            self.recording.setToolTip(detail)
            self.recording.setAccessibleDescription(detail)
        quiet = "badge" if status.is_over and not trouble else "badge-record"
        theme.set_tone(self.recording, "badge-alarm" if alarm else quiet)
        if self.recording.isHidden():
            self.recording.show()


def _state_words(status: FeedStatus, all_old: bool) -> tuple[str, bool]:
    """What the feed does, and whether that needs attention."""
    if status.replay is not None and status.phase is Phase.RUNNING:
        if status.replay.playing:
            return tr("REPLAY"), False
        return tr("END") if status.replay.at_end else tr("PAUSED"), False
    if status.phase is not Phase.RUNNING:
        return tr(str(status.phase)).upper(), status.phase is Phase.FAILED
    states = {s.state for s in status.streams}
    if others := states - {"streaming", ""}:  # those that stream need no words beside them
        return " · ".join(sorted(state_words(state).upper() for state in others)), True
    return (tr("STALE"), True) if all_old else (tr("LIVE"), False)
