"""How signals over time are painted: a row for each quantity, a line for each face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from gui.alarms.signal_phrases import label_words
from gui.look import theme
from gui.qt import QtCore, QtGui, pg
from gui.reasons import reason_words
from gui.replay.limits import Limit
from gui.replay.marks import EventMark, Marks
from gui.replay.time_view import TimeView
from gui.replay.track_values import LABELS, scale, unit_words, value_words, with_limits
from gui.replay.tracks import LANES, Columns, Tracks
from gui.words import tr

PAD = 4
"""Above and below the line of a row, px."""

NO_LIMITS: Final[Mapping[str, Sequence[Limit]]] = {}
MOST_LIMIT_WORDS = 3

DENSE = 0.5
"""Columns with a value for each px, from which on a track is painted plainly."""

GUTTER = 226
"""Left of the rows: names, scales and the values of the moment, px at the usual size of words."""

SCALE = 64
"""Of that, for the scales."""

TWO_LINES = 1.7
"""Of the height of a line: the two lines of a row stand a little nearer than those of a text."""


def lane_pen(lane: int, width: float = 1.6) -> QtGui.QPen:
    """A face's line. Colors are few, and all one at night: the dashes tell faces apart as well."""
    t = theme.now()
    color = (t.accent, t.text, t.event, t.dim)[lane % LANES]
    pen = QtGui.QPen(QtGui.QColor(color), width)
    pen.setCapStyle(QtCore.Qt.PenCapStyle.FlatCap)
    if lane % LANES:
        pen.setDashPattern(((), (4.0, 2.0), (1.5, 1.5), (6.0, 2.0, 1.5, 2.0))[lane % LANES])
    return pen


def label_of(name: str) -> str:
    """A quantity's name for people; a stored signal's own."""
    if name in LABELS:
        return tr(LABELS[name])
    plain = name.removesuffix("_s")
    return f"{plain.replace('_', ' ')} (s)" if plain != name else name.replace("_", " ")


def rows_ground(
    painter: QtGui.QPainter,
    tracks: Tracks,
    names: Sequence[str],
    view: TimeView,
    place: QtCore.QRectF,
    row: float,
    other: Tracks | None = None,
    marks: Marks | None = None,
    limits: Mapping[str, Sequence[Limit]] = NO_LIMITS,
) -> None:
    """Everything but the moment that is shown.

    Args:
        place: of all rows, px.
        row: height of one, px.
        other: what is compared with it, painted as a broad pale band under it.
        limits: signal -> what rules compare it with, as dashed lines.
    """
    t = theme.now()
    for index, name in enumerate(names):
        box = QtCore.QRectF(place.left(), place.top() + index * row, place.width(), row)
        painter.fillRect(box.adjusted(0, 1, 0, -1), QtGui.QColor(t.window))
        if marks is not None:
            _gaps(painter, marks, view, box)
        found = [r for r in (tracks.range_of(name), None if other is None else other.range_of(name)) if r is not None]
        reach = (min(r[0] for r in found), max(r[1] for r in found)) if found else None
        unit = tracks.units.get(name, "" if other is None else other.units.get(name, ""))
        reach = with_limits(reach, [limit.value for limit in limits.get(name, ())], unit)
        low, high = scale(name, unit, reach)
        if low < 0 < high:
            y = box.bottom() - PAD + low / (high - low) * (row - 2 * PAD)
            painter.fillRect(QtCore.QRectF(box.left(), y, box.width(), 1), QtGui.QColor(t.line))
        painter.save()
        painter.setClipRect(box)
        if other is not None:
            for lane in other.lanes(name):
                pen = QtGui.QPen(lane_pen(lane).color(), 5.0)
                color = pen.color()
                color.setAlpha(105)
                pen.setColor(color)
                _line(painter, other, name, lane, view, box, (low, high), pen)
        for lane in reversed(tracks.lanes(name)):
            _line(painter, tracks, name, lane, view, box, (low, high), lane_pen(lane))
        _limit_lines(painter, limits.get(name, ()), box, low, high)
        painter.restore()
        _scale_words(painter, tracks.units.get(name, ""), low, high, box)


def _line(
    painter: QtGui.QPainter,
    tracks: Tracks,
    name: str,
    lane: int,
    view: TimeView,
    box: QtCore.QRectF,
    reach: tuple[float, float],
    pen: QtGui.QPen,
) -> None:
    columns = tracks.columns(name, lane, view.begin_ns, view.end_ns, max(int(box.width()), 1))
    if columns is None:
        return
    painter.save()
    painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
    if len(columns.x) > DENSE * box.width():
        # Column beside column there is nothing to smooth, and thin plain lines are painted thirty times as fast.
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
        pen = QtGui.QPen(pen.color(), 0)
    painter.setPen(pen)
    if columns.unsure.any():
        painter.drawPath(path_of(columns.only(~columns.unsure), box, *reach))
        doubtful = QtGui.QPen(QtGui.QColor(theme.now().dim), pen.widthF() if pen.widthF() < 4 else pen.widthF() / 2)
        doubtful.setDashPattern((2.0, 2.0))
        painter.setPen(doubtful)
        painter.drawPath(path_of(columns.only(columns.unsure), box, *reach))
    else:
        painter.drawPath(path_of(columns, box, *reach))
    painter.restore()


def _limit_lines(painter: QtGui.QPainter, limits: Sequence[Limit], box: QtCore.QRectF, low: float, high: float) -> None:
    """What rules compare the row with; the worst of equal ones on top."""
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing, False)
    t = theme.now()
    for limit in sorted(limits, key=lambda one: ("notice", "warning", "alarm").index(one.severity)):
        if not low <= limit.value <= high:
            continue
        y = box.bottom() - PAD - (limit.value - low) / (high - low) * (box.height() - 2 * PAD)
        pen = QtGui.QPen(QtGui.QColor({"alarm": t.alarm, "warning": t.warn}.get(limit.severity, t.event)), 1)
        pen.setDashPattern((6.0, 4.0))
        painter.setPen(pen)
        painter.drawLine(QtCore.QPointF(box.left(), round(y)), QtCore.QPointF(box.right(), round(y)))


def path_of(columns: Columns, box: QtCore.QRectF, low: float, high: float) -> QtGui.QPainterPath:
    """A track's line in a box: from the highest to the lowest value in every column, and on to the next one."""
    factor = (box.height() - 2 * PAD) / (high - low if high > low else 1.0)
    known = ~np.isnan(columns.low)
    top = box.bottom() - PAD - (np.nan_to_num(columns.high) - low) * factor
    bottom = box.bottom() - PAD - (np.nan_to_num(columns.low) - low) * factor
    # A single value is a dot: a line of no length would not be seen.
    alone = known & ~columns.joined & ~np.concatenate(([False], columns.joined[:-1])) & (bottom - top < 1.5)
    top, bottom = np.where(alone, top - 1.0, top), np.where(alone, bottom + 1.0, bottom)
    # Up and down in turn, so that what leads from column to column does not cross it.
    odd = np.arange(len(top)) % 2 == 1
    y = np.stack([np.where(odd, bottom, top), np.where(odd, top, bottom)], 1).ravel()
    x = np.repeat(box.left() + columns.x, 2)
    connect = np.stack([known, columns.joined], 1).ravel()
    return pg.functions.arrayToQPath(x, y, connect=connect.astype(np.int32), finiteCheck=False)


def _gaps(painter: QtGui.QPainter, marks: Marks, view: TimeView, box: QtCore.QRectF) -> None:
    for gap in marks.gaps:
        if gap.end_ns < view.begin_ns or gap.begin_ns > view.end_ns:
            continue
        left, right = (box.left() + min(max(view.share(t), 0), 1) * box.width() for t in (gap.begin_ns, gap.end_ns))
        hole = QtCore.QRectF(left, box.top() + 1, max(right - left, 1.0), box.height() - 2)
        color = QtGui.QColor(theme.now().line)
        painter.fillRect(hole, QtGui.QBrush(color, QtCore.Qt.BrushStyle.BDiagPattern))


def _scale_words(painter: QtGui.QPainter, unit: str, low: float, high: float, box: QtCore.QRectF) -> None:
    """Both ends of the scale, left of the row; where there is no room for both in letters that can be read, none."""
    font = QtGui.QFont(painter.font())
    font.setBold(False)
    metrics = QtGui.QFontMetricsF(font)
    if box.height() < TWO_LINES * metrics.height():
        return
    painter.save()
    painter.setFont(font)
    painter.setPen(QtGui.QColor(theme.now().dim))
    words = [f"{value:g}{unit_words(unit)}" for value in (round(high, 6), round(low, 6))]
    for text, y in zip(words, (box.top() + metrics.ascent(), box.bottom() - metrics.descent()), strict=True):
        painter.drawText(QtCore.QPointF(box.left() - 6 - metrics.horizontalAdvance(text), y), text)
    painter.restore()


def moment(
    painter: QtGui.QPainter, tracks: Tracks, name: str, position: int, box: QtCore.QRectF, font: QtGui.QFont
) -> None:
    """A quantity's name and its values at a position, in the gutter left of the row."""
    t = theme.now()
    painter.setFont(font)
    metrics = QtGui.QFontMetricsF(font)
    two = box.height() >= TWO_LINES * metrics.height()
    y = box.top() + metrics.ascent() + (0 if two else (box.height() - metrics.height()) / 2)
    found = [(lane, told) for lane in tracks.lanes(name) if (told := tracks.at(name, lane, position)) is not None]
    words = [(lane, _told(tracks, name, told)) for lane, told in found] or [(None, "–")]
    room = box.width() if two else box.width() - metrics.horizontalAdvance(words[0][1]) - 8
    label = metrics.elidedText(label_of(name), QtCore.Qt.TextElideMode.ElideRight, max(room, 0.0))
    painter.setPen(QtGui.QColor(t.dim))
    painter.drawText(QtCore.QPointF(box.left(), y), label)
    x = box.left() if two else box.left() + metrics.horizontalAdvance(label) + 8
    y = box.bottom() - metrics.descent() if two else y
    for lane, text in words:
        if x + metrics.horizontalAdvance(text) > box.right() and lane:
            painter.setPen(QtGui.QColor(t.dim))
            painter.drawText(QtCore.QPointF(x, y), "…")
            return
        painter.setPen(QtGui.QColor(t.dim) if lane is None else QtGui.QPen(lane_pen(lane).color()))
        painter.drawText(QtCore.QPointF(x, y), text)
        x += metrics.horizontalAdvance(text) + 8


def _told(tracks: Tracks, name: str, told: tuple[float, float, int]) -> str:
    low, high, _ = told
    unit = tracks.units.get(name, "")
    words = value_words(low, unit), value_words(high, unit)
    return words[0] if words[0] == words[1] else f"{words[0].removesuffix(unit_words(unit))} … {words[1]}"


def hover_words(
    tracks: Tracks, names: Sequence[str], position: int, limits: Mapping[str, Sequence[Limit]] = NO_LIMITS
) -> list[str]:
    """What the tracks say at a position, a line for each quantity that is known there."""
    lines = []
    for name in names:
        told, reasons = [], []
        for lane in range(LANES):
            found, text = tracks.at(name, lane, position), tracks.text(name, lane, position)
            if found is not None:
                told.append(" ".join([_told(tracks, name, found), *_about(tracks, name, lane, position, found[2])]))
            elif text:
                reasons.append(reason_words(text))
        if told:
            lines.append(f"{label_of(name)}: {', '.join(told)}")
        elif reasons:
            why = "; ".join(dict.fromkeys(reasons))
            lines.append(tr("{name}: not known: {why}", name=label_of(name), why=why))
        elif tracks.looked_at(position):
            lines.append(tr("{name}: not known", name=label_of(name)))
        else:
            continue
        lines += [
            tr(
                "   rule {rule}: {limit}{unit}",
                rule=one.rule,
                limit=one.words,
                unit=unit_words(tracks.units.get(name, "")),
            )
            for one in limits.get(name, ())[:MOST_LIMIT_WORDS]
        ]
    if not lines:
        lines.append(tr("nothing is known of this frame: it was not processed"))
    return lines


def _about(tracks: Tracks, name: str, lane: int, position: int, face: int) -> list[str]:
    """The value's word, whose it is, and how sure it is."""
    text, sure = tracks.text(name, lane, position), tracks.confidence(name, lane, position)
    return [
        *([label_words(text)] if text else []),
        *([f"(#{face})"] if face >= 0 and name != "faces" else []),
        *([tr("{n} % sure", n=f"{100 * sure:.0f}")] if sure is not None else []),
    ]


def evidence_lines(event: EventMark) -> list[str]:
    """What the signals said when an event began."""
    lines = []
    for name, said in event.evidence:
        if not said.is_valid:
            lines.append(tr("{name}: not known: {why}", name=label_of(name), why=reason_words(said.reason)))
            continue
        word = f" {label_words(said.label)}" if said.label else ""
        value = value_words(said.value, said.unit)
        sure = tr("{n} % sure", n=f"{100 * said.confidence:.0f}")
        lines.append(f"{label_of(name)}: {value}{word}, {sure}")
    return lines
