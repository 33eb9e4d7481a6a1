"""The recorded observation beside the one computed now, in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.replay.differences import COLUMNS, UNITS, FaceDifference, FrameDifference, Summary, Verdict
from gui.replay.track_values import unit_words
from gui.replay.tracks_paint import label_of
from gui.words import mark, tr
from pipeline.tolerances import tolerance_of

MOST_FACES = 4

_FIELDS = {
    "distance": "faces[].distance_m",
    "yaw": "faces[].pose.yaw_deg",
    "pitch": "faces[].pose.pitch_deg",
    "roll": "faces[].pose.roll_deg",
    "eye_right": "faces[].eyes.right",
    "eye_left": "faces[].eyes.left",
    "points": "faces[].landmarks.points[][]",
}
_DIGITS = {"m": 3, "deg": 1, "openness": 2, "px": 2}

VERDICTS = {
    Verdict.NOT_YET: mark("not compared yet"),
    Verdict.NOT_PROCESSED: mark("not processed when it was recorded: nothing to compare with"),
    Verdict.NOT_STORED: mark("processed when it was recorded, but no observation of it can be read"),
    Verdict.EQUAL: mark("equal to the last byte"),
    Verdict.WITHIN: mark("equal within the tolerances"),
    Verdict.ELSEWHERE: mark("differs; tracking began elsewhere than when it was recorded, which alone may do that"),
    Verdict.BEYOND: mark("differs beyond the tolerances"),
}


class ComparePanel(QtWidgets.QFrame):
    """A line that says what is found, a table of the faces, and what is worth knowing of both runs."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Recorded beside computed now"))
        self.verdict = _label(tr("What comparing found"))
        theme.sized(self.verdict, theme.BASE_PT + 1, bold=True)
        self.summary = _label(tr("What was compared so far"))
        self.provenance = _label(tr("What differs between then and now"))
        self.table = QtWidgets.QTableWidget(0, len(COLUMNS) + 1)
        self.table.setAccessibleName(tr("Differences of the faces"))
        self.table.setToolTip(tr("recorded → computed now; orange is beyond the tolerance"))
        self.table.setEditTriggers(QtWidgets.QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.NoSelection)
        self.table.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(26)
        self.table.setVerticalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        names = [tr("face"), *(tr("landmarks") if n == "points" else label_of(n) for n in COLUMNS)]
        self.table.setHorizontalHeaderLabels(names)
        self.table.horizontalHeader().setSectionResizeMode(QtWidgets.QHeaderView.ResizeMode.Stretch)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(3)
        column.addWidget(self.verdict)
        column.addWidget(self.table)
        column.addWidget(self.summary)
        column.addWidget(self.provenance)
        theme.set_tone(self.summary, "dim")
        self._shown: FrameDifference | None = None
        theme.changes.changed.connect(self._fill_again)

    def show_difference(self, found: FrameDifference | None) -> None:
        """Of the FrameSet that is shown; None: it is not compared yet."""
        if found is not None and found is self._shown:
            return
        self._shown = found
        verdict = Verdict.NOT_YET if found is None else found.verdict
        words = tr(VERDICTS[verdict])
        if found is not None and found.words:
            words = f"{words}: {found.words}"
        self.verdict.setText(words)
        tones = {Verdict.BEYOND: "warn", Verdict.NOT_STORED: "warn"}
        theme.set_tone(self.verdict, tones.get(verdict, "dim" if verdict <= Verdict.NOT_STORED else ""))
        self._fill(() if found is None else found.faces)

    def show_summary(
        self, counts: Summary, largest: Mapping[str, float], count: int, is_part: bool, share: float
    ) -> None:
        """Over all that was compared, or over the part."""
        where = tr("part") if is_part else tr("so far")
        said = [
            tr("{where}: {n} of {count} compared", where=where, n=counts.compared, count=count),
            tr("{n} equal", n=counts.equal),
            tr("{n} within", n=counts.within),
            tr("{n} beyond", n=counts.beyond),
        ]
        if counts.elsewhere:
            said.append(tr("{n} where tracking began elsewhere", n=counts.elsewhere))
        if counts.gained or counts.lost:
            said.append(tr("faces gained {gained}, lost {lost}", gained=counts.gained, lost=counts.lost))
        self.summary.setText(" · ".join(said))
        most = [
            f"{tr('landmarks') if n == 'points' else label_of(n)} {value:.{_DIGITS[UNITS[n]]}f}{unit_words(UNITS[n])}"
            for n, value in largest.items()
        ]
        if most:
            self.summary.setToolTip(tr("largest differences: {list}", list=", ".join(most)))

    def show_provenance(self, reasons: Sequence[str], chain_start: int) -> None:
        """What differs between the run then and this one, so that nobody takes it for a fault."""
        told = list(reasons)
        if chain_start > 0:
            told.append(tr("tracking began at frame {n}: go to the start to compare a whole run", n=chain_start))
        self.provenance.setText("; ".join(told))
        self.provenance.setVisible(bool(told))
        theme.set_tone(self.provenance, "warn" if told else "dim")

    def _fill_again(self) -> None:
        self._fill(() if self._shown is None else self._shown.faces)

    def _fill(self, faces: Sequence[FaceDifference]) -> None:
        shown = faces[:MOST_FACES]
        if self.table.rowCount() != len(shown):
            self.table.setRowCount(len(shown))
            height = sum(self.table.rowHeight(r) for r in range(len(shown)))
            self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + height + 4)
        for row, face in enumerate(shown):
            self._cell(row, 0, _who(face), face.then is None or face.now is None)
            apart = face.apart()
            for column, (name, (then, now)) in enumerate(face.values().items(), 1):
                self._cell(row, column, *_told(face, name, then, now, apart.get(name)))

    def _cell(self, row: int, column: int, words: str, beyond: bool) -> None:
        item = self.table.item(row, column)
        if item is None:
            item = QtWidgets.QTableWidgetItem()
            item.setTextAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
            self.table.setItem(row, column, item)
        if item.text() != words:
            item.setText(words)
        item.setForeground(QtGui.QColor(theme.now().alarm if beyond else theme.now().text))


def _who(face: FaceDifference) -> str:
    if face.then is None:
        return tr("#{id} only now", id=face.now.id if face.now else "")
    if face.now is None:
        return tr("#{id} only recorded", id=face.then.id)
    return f"#{face.then.id}" if face.then.id == face.now.id else f"#{face.then.id} → #{face.now.id}"


def _told(
    face: FaceDifference, name: str, then: float | None, now: float | None, apart: float | None
) -> tuple[str, bool]:
    unit = UNITS[name]
    digits, behind = _DIGITS[unit], unit_words(unit)
    if name == "points":
        return ("–" if now is None else f"{now:.{digits}f}{behind}"), _is_beyond(face, name, now, apart)
    words = [("–" if v is None else f"{v:.{digits}f}") for v in (then, now)]
    if then is None and now is None:
        return "–", False
    if words[0] == words[1]:
        return f"{words[0]}{behind}", False
    return f"{words[0]} → {words[1]}{behind}", then is None or now is None or _is_beyond(face, name, then, apart)


def _is_beyond(face: FaceDifference, name: str, then: float | None, apart: float | None) -> bool:
    tolerance = tolerance_of(_FIELDS[name])
    if tolerance is None or apart is None or face.then is None or then is None:
        return False
    box = face.then.box
    stored = {"box": [box.x, box.y, box.w, box.h], "distance_m": face.then.distance_m}
    return apart > tolerance.limit(stored, then)


class _Line(QtWidgets.QLabel):
    """One line, cut off where there is no room; its tooltip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred)

    def setText(self, words: str) -> None:
        super().setText(words)
        self.setToolTip(words)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        words = self.fontMetrics().elidedText(self.text(), QtCore.Qt.TextElideMode.ElideRight, self.width())
        self.style().drawItemText(
            painter,
            self.rect(),
            int(QtCore.Qt.AlignmentFlag.AlignVCenter | QtCore.Qt.AlignmentFlag.AlignLeft),
            self.palette(),
            True,
            words,
            self.foregroundRole(),
        )
        painter.end()


def _label(name: str) -> QtWidgets.QLabel:
    label = _Line()
    label.setAccessibleName(name)
    return label
