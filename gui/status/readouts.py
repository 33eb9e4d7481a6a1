"""The truth of the machine: the few numbers that matter, large; then step times, rates, drops, and what runs each model
and why."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

from gui.feed import FeedStatus, Mode, Phase, Shown
from gui.look import theme
from gui.qt import QtCore, QtWidgets
from gui.status.camera_words import state_words
from gui.status.engine_words import model_title
from gui.status.latency import Latency
from gui.status.limits import Limits
from gui.status.quiet_label import QuietLabel
from gui.status.vitals_panel import VitalsPanel
from gui.status.vitals_words import Vitals
from gui.words import mark, tr

_TOTAL = "all steps"
_DROP_WORDS = {
    "synchronise": mark("queue full"),
    "process": mark("overtaken"),
    "recorder": mark("not recorded"),
}
_DROP_NOTES = {
    "synchronise": mark("Frames that found the queue before synchronising full."),
    "process": mark("FrameSets that a newer one overtook before they were processed, so that the picture stays live."),
    "recorder": mark("Frames that found the queue of the recorder full: they are not in the file."),
}


class Readouts(QtWidgets.QFrame):
    """What matters large, painted a few times a second; under it speed, streams and models as small tables, of which
    one is filled again each time.

    Args:
        limits: from where on a number stands out.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._vitals = Vitals(limits or Limits())
        self._turn = -1
        self.vitals = VitalsPanel()
        self._speed = _Table((tr("Speed"), tr("now"), tr("median"), "95 %"))
        self._streams = _Table((tr("Streams"), tr("frames/s"), tr("lost"), tr("state")))
        self._models = _Table((tr("Models"), tr("runs on")))
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(14)
        layout.addWidget(self.vitals)
        for table in (self._speed, self._streams, self._models):
            layout.addWidget(table)
        layout.addStretch(1)

    @property
    def limits(self) -> Limits:
        """From where on a number stands out."""
        return self._vitals.limits

    def set_limits(self, limits: Limits) -> None:
        """They hold from the next status on."""
        self._vitals.limits = limits

    def show_status(
        self,
        status: FeedStatus,
        shown: Shown | None,
        screen_fps: float,
        idle: bool,
        latency: Latency | None = None,
        each: Sequence[Latency] = (),
    ) -> None:
        """Called a few times a second.

        Args:
            screen_fps: new pictures shown a second.
            idle: nothing comes any more, whatever the last rate was.
            latency: from the camera to the screen, of the slowest stream; ``each``: of all.
        """
        self.vitals.show_vitals(self._vitals.of(status, latency, each, screen_fps, idle, time.monotonic()))
        first = self._turn < 0
        self._turn = (self._turn + 1) % 4
        if first or self._turn == 1:
            self._show_speed(status, shown, screen_fps, idle)
        if first or self._turn == 2:
            self._show_streams(status, idle)
        if first or self._turn == 3:
            self._models.show_rows(_model_rows(status.models))

    def _show_streams(self, status: FeedStatus, idle: bool) -> None:
        rows = []
        for s in status.streams:
            tip = "\n".join(filter(None, (s.note, s.facts)))
            rate = f"{s.fps:.1f}" if math.isfinite(s.fps) else "?"
            words = (
                s.info.name,
                "0.0" if idle and status.mode is Mode.LIVE else rate,
                str(s.lost),
                state_words(s.state),
            )
            rows.append(_Row(words, tip, warn=bool(s.note or s.lost)))
        for name, count in status.drops.items():
            if count:
                note = tr(_DROP_NOTES[name]) if name in _DROP_NOTES else ""
                words = tr(_DROP_WORDS[name]) if name in _DROP_WORDS else tr("at {place}", place=name)
                rows.append(_Row((words, "", str(count), ""), note))
        self._streams.show_rows(rows)

    def _show_speed(self, status: FeedStatus, shown: Shown | None, screen_fps: float, idle: bool) -> None:
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
                rows.append(
                    _Row(
                        words,
                        tr("{n} calls, worst {ms} ms", n=step.calls, ms=f"{step.worst_ms:.1f}"),
                        strong=name == _TOTAL,
                    )
                )
            if timings and _TOTAL not in meter.steps:
                rows.append(_Row((_TOTAL, f"{total} ms", "", ""), tr("the sum of the steps, this time"), strong=True))
            rate = 0.0 if idle else meter.rates_hz.get("processed", 0.0)
            rows.append(_Row((tr("processed"), "", "", f"{rate:.1f} /s"), tr("FrameSets that went through the steps")))
        rows.append(_Row((tr("screen"), "", "", f"{screen_fps:.1f} /s"), tr("new pictures shown")))
        if status.mode is Mode.REPLAY and status.phase is Phase.LOADING and meter is not None and not meter.steps:
            rows = [_Row((tr("loading the models"), "", "", ""), "")]
        self._speed.show_rows(rows)


class _Row:
    """A table's row: its words (a single one takes the whole width), a tooltip, and whether it stands out."""

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
        self._filled: list[tuple[object, ...] | None] = []
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
            line = len(self._rows) + 1
            labels: list[QtWidgets.QLabel] = [QuietLabel(side=self._side(n)) for n in range(self._columns)]
            for column, label in enumerate(labels):
                self._grid.addWidget(label, line, column, self._side(column))
            wide = QtWidgets.QLabel()
            wide.setWordWrap(True)
            wide.hide()
            self._grid.addWidget(wide, line, 0, 1, self._columns)
            self._rows.append([*labels, wide])
            self._filled.append(())
        for index, labels in enumerate(self._rows):
            row = rows[index] if index < len(rows) else None
            told = None if row is None else (row.words, row.tip, row.warn, row.strong)
            if told != self._filled[index]:
                self._filled[index] = told
                self._fill(labels, row)

    def _fill(self, labels: list[QtWidgets.QLabel], row: _Row | None) -> None:
        single = row is not None and len(row.words) == 1
        *cells, wide = labels
        for column, label in enumerate([*cells, wide]):
            is_wide = label is wide
            shown = row is not None and is_wide == single
            if label.isHidden() == shown:
                label.setVisible(shown)
            if row is None or not shown:
                continue
            words = row.words[0] if is_wide else row.words[column] if column < len(row.words) else ""
            if label.text() != words:
                label.setText(words)
            if label.toolTip() != row.tip:
                label.setToolTip(row.tip)
            theme.set_tone(label, "warn" if row.warn else "" if column == 0 or row.strong else "dim")


def _model_rows(models: Mapping[str, Mapping[str, Any]]) -> list[_Row]:
    """Each model and what runs it or why it is missing; then, once each, why other backends do not."""
    rows: list[_Row] = []
    others: dict[str, bool] = {}
    for name, described in models.items():
        title = model_title(name)
        if "missing" in described:
            rows.append(_Row((title, tr("missing")), str(described["missing"]), warn=True))
            continue
        reasons = described.get("reasons") or {}
        fallback = bool(described.get("is_fallback"))
        for other, why in reasons.items():
            words = tr("not {other}: {why}", other=other, why=why)
            others[words] = others.get(words, False) or fallback
        runs = f"{described.get('backend', '?')} {described.get('precision', '')}".strip()
        rows.append(_Row((title, runs), _model_tip(name, described), warn=fallback))
    return rows + [_Row((words,), words, warn=fallback) for words, fallback in others.items()]


def _model_tip(name: str, described: Mapping[str, Any]) -> str:
    lines = [
        f"{described.get('name', name)} {described.get('version', '')} ({described.get('preset', '')})",
        tr(
            "{backend} {version} on {device}, {n} threads",
            backend=described.get("backend", "?"),
            version=described.get("backend_version", ""),
            device=described.get("device", ""),
            n=described.get("threads", "?"),
        ),
        tr("engine {key}", key=described.get("engine_key", "")),
        *(tr("not {other}: {why}", other=o, why=why) for o, why in (described.get("reasons") or {}).items()),
    ]
    return "\n".join(lines)
