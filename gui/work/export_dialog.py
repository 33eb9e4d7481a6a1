"""A part of a recording, or all of it, as a session of its own or in another form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gui.look import theme
from gui.qt import QtCore, QtWidgets
from gui.words import tr
from gui.work.fields import PathField, WorkDialog, check, output_problem, words_field, words_of
from gui.work.orders import WHOLE, Order, Span, cut_order, export_order

CUT: Final = "cut"


@dataclass(frozen=True, slots=True)
class Exportable:
    """A session that something is made of.

    Attributes:
        path: its file.
        streams: (name, kind) of each.
        seconds: from its first to its last frame.
        part_s: the marked part in seconds, None when nothing is marked.
        cursor_s: what is shown now.
        folder: where something is suggested to be written; None is beside the session.
    """

    path: Path
    streams: tuple[tuple[str, str], ...]
    seconds: float
    part_s: tuple[float, float] | None = None
    cursor_s: float | None = None
    folder: Path | None = None


class ExportDialog(WorkDialog):
    """
    Args:
        what: the session.
        formats: what can be exported, as ``tapetum session formats --json`` tells it.
    """

    def __init__(
        self, what: Exportable, formats: Sequence[Mapping[str, Any]], parent: QtWidgets.QWidget | None = None
    ) -> None:
        super().__init__(
            tr("Export from {name}", name=what.path.name),
            tr("Write a part of this recording, or all of it. The recording itself is not changed."),
            tr("Export"),
            parent,
        )
        self._what = what
        self._formats = {str(one["name"]): one for one in formats}
        self._suggested = Path()
        self.ranges = QtWidgets.QComboBox()
        if what.part_s is not None:
            begin, end = what.part_s
            self.ranges.addItem(tr("the marked part: {a} to {b}", a=_clock(begin), b=_clock(end)), "part")
        self.ranges.addItem(tr("all of it: {s}", s=_clock(what.seconds)), "all")
        if what.cursor_s is not None:
            self.ranges.addItem(tr("around what is shown now ({t})", t=_clock(what.cursor_s)), "around")
        self.ranges.addItem(tr("from … to …"), "typed")
        self.row(tr("&Range"), self.ranges, tr("Mark a part on the time line with the keys I and O."))
        self.around = _seconds(tr("Seconds before and after"), 3600.0, 5.0)
        self.row(tr("Seconds before and after"), self.around)
        self.begin_s = _seconds(tr("From second"), what.seconds, 0.0)
        self.end_s = _seconds(tr("To second"), what.seconds, what.seconds)
        self.row(tr("From second"), self.begin_s)
        self.row(tr("To second"), self.end_s)

        self.streams = QtWidgets.QListWidget()
        self.streams.setAccessibleName(tr("Streams"))
        self.streams.setMaximumHeight(28 * min(6, max(2, len(what.streams))) + 10)
        for name, kind in what.streams:
            item = QtWidgets.QListWidgetItem(f"{name}   ({kind})" if kind != name else name)
            item.setData(QtCore.Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | QtCore.Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(QtCore.Qt.CheckState.Checked)
            self.streams.addItem(item)
        self.row(tr("&Streams"), self.streams, tr("Which pictures are in it. Space switches one."))

        self.forms = QtWidgets.QComboBox()
        self.forms.addItem(tr("session (.mcap): everything as it was recorded"), CUT)
        for name, one in self._formats.items():
            self.forms.addItem(str(one["title"]), name)
        self.forms.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.forms.setMinimumContentsLength(24)
        self.row(tr("&Form"), self.forms, tr("A session that this program replays, or something for other programs."))
        self.extra = words_field(())
        self.row(tr("&Options"), self.extra, tr("Further options of this form: key=value with spaces between."))
        self.output = PathField(tr("Write to"), tr("The file or folder to write."), "save")
        self.row(tr("&Write to"), self.output)
        self.overwrite = check(tr("Replace what is there"), tr("What is there under that name is lost."))
        self.form.addRow(self.overwrite)
        self.note = QtWidgets.QLabel()
        self.note.setWordWrap(True)
        self.note.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.note.setAccessibleName(tr("What to know"))
        theme.set_tone(self.note, "dim")
        self.form.addRow(self.note)

        self.ranges.currentIndexChanged.connect(lambda _: self._show_range())
        self.forms.currentIndexChanged.connect(lambda _: self._show_form())
        self.output.changed.connect(self._check)
        for signal in (self.overwrite.toggled, self.extra.textChanged, self.streams.itemChanged):
            signal.connect(lambda *_: self._check())
        for box in (self.around, self.begin_s, self.end_s):
            box.valueChanged.connect(lambda _: self._check())
        self._show_range()
        self._show_form()
        self.fit(680, 640)

    @property
    def span(self) -> Span:
        """The chosen part."""
        chosen = self.ranges.currentData()
        if chosen == "part" and self._what.part_s is not None:
            return Span(*self._what.part_s)
        if chosen == "around" and self._what.cursor_s is not None:
            middle, side = self._what.cursor_s, self.around.value()
            return Span(max(0.0, middle - side), min(self._what.seconds, middle + side))
        if chosen == "typed":
            return Span(self.begin_s.value(), self.end_s.value())
        return WHOLE

    @property
    def chosen_streams(self) -> list[str] | None:
        """Their names; None for all."""
        items = [self.streams.item(k) for k in range(self.streams.count())]
        ticked = [i for i in items if i.checkState() == QtCore.Qt.CheckState.Checked]
        names = [str(i.data(QtCore.Qt.ItemDataRole.UserRole)) for i in ticked]
        return None if len(names) == len(items) else names

    def order(self) -> Order:
        """What was asked for.

        Raises:
            ValueError: an option makes no sense.
        """
        path = self.output.path
        if path is None:
            raise ValueError(tr("Say where to write."))
        name, replace = str(self.forms.currentData()), self.overwrite.isChecked()
        if name == CUT:
            return cut_order(self._what.path, path, self.span, self.chosen_streams, replace)
        extra = words_of(self.extra.text(), self._formats[name].get("options", ()))
        return export_order(self._what.path, path, name, self.span, self.chosen_streams, extra, replace)

    @property
    def _form(self) -> Mapping[str, Any]:
        return self._formats.get(str(self.forms.currentData()), {})

    @property
    def _suffix(self) -> str:
        makes = ".mcap" if self.forms.currentData() == CUT else str(self._form.get("makes") or "folder")
        return "" if makes == "folder" else makes

    def _show_range(self) -> None:
        chosen = self.ranges.currentData()
        for field, on in ((self.around, "around"), (self.begin_s, "typed"), (self.end_s, "typed")):
            field.setVisible(chosen == on)
            self.form.labelForField(field).setVisible(chosen == on)
        self._check()

    def _show_form(self) -> None:
        keys = list(self._form.get("options", ()))
        self.extra.setPlaceholderText("  ".join(f"{key}=…" for key in keys))
        self.extra.setVisible(bool(keys))
        self.form.labelForField(self.extra).setVisible(bool(keys))
        if self.output.path in (None, self._suggested):
            stem = self._what.path.stem
            tail = "part" if self.forms.currentData() == CUT else str(self.forms.currentData())
            self._suggested = (self._what.folder or self._what.path.parent) / f"{stem}-{tail}{self._suffix}"
            self.output.set_path(self._suggested)
        lost = self._form.get("not_kept") or ()
        words = [tr("Generated images keep the word GENERATED.")] if self.forms.currentData() != CUT else []
        words += [tr("Not kept: {what}.", what="; ".join(lost))] if lost else []
        self.note.setText(" ".join(words))
        self._check()

    def _check(self) -> None:
        problem = ""
        span = self.span
        if not self._form.get("available", True):
            problem = tr("This form needs something first: {how}", how=self._form.get("install") or "")
        elif self.chosen_streams == []:
            problem = tr("Choose at least one stream.")
        elif span.from_s is not None and span.to_s is not None and span.to_s <= span.from_s:
            problem = tr("The range ends before it begins.")
        elif self.output.path == self._what.path:
            problem = tr("That is the recording itself: choose another name.")
        else:
            problem = output_problem(self.output.path, self._suffix, self.overwrite.isChecked())
        try:
            words_of(self.extra.text(), self._form.get("options", ()))
        except ValueError as error:
            problem = problem or str(error)
        self.show_problem(problem)


def _seconds(name: str, most: float, value: float) -> QtWidgets.QDoubleSpinBox:
    box = QtWidgets.QDoubleSpinBox()
    box.setAccessibleName(name)
    box.setDecimals(3)
    box.setRange(0.0, max(most, 0.001))
    box.setSingleStep(0.5)
    box.setSuffix(" s")
    box.setValue(value)
    box.setMaximumWidth(240)
    return box


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0.0, seconds), 60)
    return f"{int(minutes)}:{rest:04.1f}"
