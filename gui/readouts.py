"""The truth of the machine: step times, rates, drops, and what runs each model and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gui import theme
from gui.feed import FeedStatus, Mode, Phase, Shown
from gui.qt import QtCore, QtGui, QtWidgets

_MODEL_WORDS = {
    "gray_to_depth": "Gray to depth",
    "depth_to_color": "Depth to color",
    "face_landmarks": "Face landmarks",
}
_TOTAL = "all steps"
_DROP_WORDS = {"synchronise": "queue full", "process": "overtaken", "recorder": "not recorded"}
_DROP_NOTES = {
    "synchronise": "Frames that found the queue before synchronising full.",
    "process": "FrameSets that a newer one overtook before they were processed, so that the picture stays live.",
    "recorder": "Frames that found the queue of the recorder full: they are not in the file.",
}


class Readouts(QtWidgets.QFrame):
    """Speed, streams and models as small tables, filled again a few times a second."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._speed = _Table(("Speed", "now", "median", "95 %"))
        self._streams = _Table(("Streams", "frames/s", "lost", "state"))
        self._models = _Table(("Models", "runs on"))
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(14)
        for table in (self._speed, self._streams, self._models):
            layout.addWidget(table)
        layout.addStretch(1)

    def show_status(self, status: FeedStatus, shown: Shown | None, screen_fps: float) -> None:
        self._show_speed(status, shown, screen_fps)
        rows = []
        for s in status.streams:
            rate = f"{s.fps:.1f}" if s.fps else "–"
            rows.append(_Row((s.info.name, rate, str(s.lost), s.state), s.note, warn=bool(s.note or s.lost)))
        for name, count in status.drops.items():
            if count:
                note = _DROP_NOTES.get(name, "")
                rows.append(_Row((_DROP_WORDS.get(name, f"at {name}"), "", str(count), ""), note))
        self._streams.show_rows(rows)
        self._models.show_rows([row for name, m in status.models.items() for row in _model_rows(name, m)])

    def _show_speed(self, status: FeedStatus, shown: Shown | None, screen_fps: float) -> None:
        rows: list[_Row] = []
        meter = status.meter
        timings: Mapping[str, float] = {} if shown is None else shown.timings
        if meter is not None:
            names = [n for n in meter.steps if n != _TOTAL]
            total = f"{1e3 * sum(timings.values()):.1f}" if timings else ""
            for name in [*names, *([_TOTAL] if _TOTAL in meter.steps else [])]:
                step = meter.steps[name]
                now = total if name == _TOTAL else f"{1e3 * timings[name]:.1f}" if name in timings else ""
                words = (name, now, f"{step.median_ms:.1f}", f"{step.p95_ms:.1f} ms")
                rows.append(_Row(words, f"{step.calls} calls, worst {step.worst_ms:.1f} ms", strong=name == _TOTAL))
            if timings and _TOTAL not in meter.steps:
                rows.append(_Row((_TOTAL, f"{total} ms", "", ""), "the sum of the steps, this time", strong=True))
            rate = meter.rates_hz.get("processed", 0.0)
            rows.append(_Row(("processed", "", "", f"{rate:.1f} /s"), "FrameSets that went through the steps"))
        rows.append(_Row(("screen", "", "", f"{screen_fps:.1f} /s"), "new pictures shown"))
        if status.mode is Mode.REPLAY and status.phase is Phase.LOADING and meter is not None and not meter.steps:
            rows = [_Row(("loading the models", "", "", ""), "")]
        self._speed.show_rows(rows)


class _Row:
    """A table's row: its words, a tooltip, and whether it stands out."""

    __slots__ = ("strong", "tip", "warn", "words")

    def __init__(self, words: tuple[str, ...], tip: str, warn: bool = False, strong: bool = False) -> None:
        self.words = words
        self.tip = tip
        self.warn = warn
        self.strong = strong


class _Table(QtWidgets.QWidget):
    """Words in columns; labels are made once and filled again."""

    def __init__(self, heads: tuple[str, ...]) -> None:
        super().__init__()
        self._grid = QtWidgets.QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(0, 1)
        self._columns = len(heads)
        self._rows: list[list[QtWidgets.QLabel]] = []
        self._wide_last = len(heads) == 2
        for column, head in enumerate(heads):
            label = QtWidgets.QLabel(head)
            label.setProperty("tone", "heading")
            self._grid.addWidget(label, 0, column, self._side(column))
        self.setAccessibleName(heads[0])

    def _side(self, column: int) -> QtCore.Qt.AlignmentFlag:
        flag = QtCore.Qt.AlignmentFlag
        return flag.AlignLeft if column == 0 else flag.AlignRight

    def show_rows(self, rows: list[_Row]) -> None:
        while len(self._rows) < len(rows):
            labels = []
            for column in range(self._columns):
                label = QtWidgets.QLabel()
                self._grid.addWidget(label, len(self._rows) + 1, column, self._side(column))
                labels.append(label)
            self._rows.append(labels)
        for index, labels in enumerate(self._rows):
            row = rows[index] if index < len(rows) else None
            for column, label in enumerate(labels):
                label.setVisible(row is not None)
                if row is None:
                    continue
                words = row.words[column] if column < len(row.words) else ""
                if label.text() != words:
                    label.setText(words)
                label.setToolTip(row.tip)
                theme.set_tone(label, "warn" if row.warn else "" if column == 0 or row.strong else "dim")


def _model_rows(name: str, described: Mapping[str, Any]) -> list[_Row]:
    """A model, what runs it, and why the others don't; or why it is missing."""
    title = _MODEL_WORDS.get(name, name)
    if "missing" in described:
        return [_Row((title, "missing"), str(described["missing"]), warn=True)]
    backend = str(described.get("backend", "?"))
    precision = str(described.get("precision", ""))
    reasons = described.get("reasons") or {}
    lines = [
        f"{described.get('name', name)} {described.get('version', '')} ({described.get('preset', '')})",
        f"{backend} {described.get('backend_version', '')} on {described.get('device', '')}, "
        f"{described.get('threads', '?')} threads",
        f"engine {described.get('engine_key', '')}",
        *(f"not {other}: {why}" for other, why in reasons.items()),
    ]
    rows = [_Row((title, f"{backend} {precision}".strip()), "\n".join(lines))]
    if described.get("is_fallback"):
        rows += [_Row((f"   not {other}", _short(str(why))), str(why), warn=True) for other, why in reasons.items()]
    return rows


def _short(text: str, most: int = 34) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def elide(label: QtWidgets.QLabel, text: str, width: int) -> None:
    """Set a label's text, cut with an ellipsis where it is wider than ``width`` px; the whole is its tooltip."""
    metrics = QtGui.QFontMetrics(label.font())
    label.setText(metrics.elidedText(text, QtCore.Qt.TextElideMode.ElideRight, width))
    label.setToolTip(text if metrics.horizontalAdvance(text) > width else "")
