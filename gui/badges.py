"""The corner of the window: what the feed does, and what the recording does."""

from __future__ import annotations

import html

from gui import theme
from gui.feed import FeedStatus, Phase, RecordingStatus
from gui.qt import QtWidgets
from gui.recording_words import badge_words, detail_words


class Badges(QtWidgets.QWidget):
    """Two labels; that of the recording blinks while it loses something or has failed."""

    def __init__(self) -> None:
        super().__init__()
        self.recording = QtWidgets.QLabel()
        self.recording.setAccessibleName("Recording")
        self.state = QtWidgets.QLabel()
        self.state.setAccessibleName("State")
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for label in (self.recording, self.state):
            label.setContentsMargins(9, 3, 9, 3)
            theme.sized(label, theme.BASE_PT + 1, bold=True)
            row.addWidget(label)
        self.recording.hide()
        self._beat = False

    def show_status(self, status: FeedStatus, all_old: bool) -> bool:
        """Called a few times a second; True when the badges need another width.

        Args:
            all_old: every live picture is old.
        """
        width = self.sizeHint().width()
        words, warn = _state_words(status, all_old)
        if words != self.state.text():
            self.state.setText(words)
        theme.set_tone(self.state, "badge-warn" if warn else "badge")
        if status.recording is not None:
            self._show_recording(status.recording)
        if self.sizeHint().width() == width:
            return False
        self.adjustSize()
        return True

    def _show_recording(self, status: RecordingStatus) -> None:
        self._beat = not self._beat
        trouble = status.is_in_trouble
        alarm = trouble and self._beat
        words = html.escape(badge_words(status))
        if not status.is_over:
            words = f"<span style='color: {'#ffffff' if alarm else theme.DARK.record}'>●</span> {words}"
        if words != self.recording.text():
            self.recording.setText(words)
        detail = detail_words(status)
        if detail != self.recording.toolTip():
            self.recording.setToolTip(detail)
            self.recording.setAccessibleDescription(detail)
        quiet = "badge" if status.is_over and not trouble else "badge-record"
        theme.set_tone(self.recording, "badge-alarm" if alarm else quiet)
        self.recording.show()


def _state_words(status: FeedStatus, all_old: bool) -> tuple[str, bool]:
    """What the feed does, and whether that needs attention."""
    if status.replay is not None and status.phase is Phase.RUNNING:
        return ("REPLAY" if status.replay.playing else "END" if status.replay.at_end else "PAUSED"), False
    if status.phase is not Phase.RUNNING:
        return str(status.phase).upper(), status.phase is Phase.FAILED
    states = {s.state for s in status.streams}
    words = "LIVE" if states <= {"streaming", ""} else "  ".join(sorted(s.upper() for s in states))
    if words == "LIVE" and all_old:
        words = "STALE"
    return words, words != "LIVE"
