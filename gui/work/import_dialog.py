"""Another program's recording becomes a session: which format, where to, and what the file does not say itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from gui.qt import QtCore, QtWidgets
from gui.words import mark, tr
from gui.work.fields import PathField, WorkDialog, check, given, number_field, output_problem, words_field, words_of
from gui.work.orders import Order, import_order

_NUMBERS: Final = (
    # option, label, least, most, decimals, unit, tip
    ("fps", mark("Frames a second"), 0.0, 1000.0, 2, " /s", mark("Where the source has no clock of its own.")),
    ("unit_mm", mark("Depth unit"), 0.0, 1000.0, 4, " mm", mark("Millimetres a depth count.")),
    ("hfov_deg", mark("Field of view"), 0.0, 179.0, 1, "°", mark("Horizontal, where there is no calibration.")),
    ("fx", mark("Focal length x"), 0.0, 100_000.0, 2, " px", mark("Where there is no calibration.")),
    ("fy", mark("Focal length y"), 0.0, 100_000.0, 2, " px", mark("Where there is no calibration.")),
    ("cx", mark("Center x"), 0.0, 100_000.0, 2, " px", mark("Where there is no calibration.")),
    ("cy", mark("Center y"), 0.0, 100_000.0, 2, " px", mark("Where there is no calibration.")),
)


class ImportDialog(WorkDialog):
    """
    Args:
        source: the file or folder.
        recognised: names of formats that it looks like, the most likely first.
        formats: what can be imported, as ``tapetum session formats --json`` tells it.
        folder: where the session is suggested to be written.
    """

    def __init__(
        self,
        source: Path,
        recognised: Sequence[str],
        formats: Sequence[Mapping[str, Any]],
        folder: Path,
        parent: QtWidgets.QWidget | None = None,
    ) -> None:
        super().__init__(
            tr("Import {name}", name=source.name),
            tr("{name} becomes a session of this program. The original is not changed.", name=source.name),
            tr("Import"),
            parent,
        )
        self._source = source
        self._formats = {str(one["name"]): one for one in formats}
        self.formats = QtWidgets.QComboBox()
        for name in [*recognised, *(n for n in self._formats if n not in recognised)]:
            one = self._formats.get(name)
            if one is not None:
                likely = tr("  (looks like it)") if name in recognised else ""
                self.formats.addItem(f"{one['title']}{likely}", name)
        self.formats.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.formats.setMinimumContentsLength(24)
        self.row(tr("&Format"), self.formats, tr("What the file is. The first is what it looks like."))
        self.output = PathField(tr("Session"), tr("The session to write."), "save", tr("Sessions (*.mcap)"))
        self.output.set_path(folder / f"{source.stem if source.suffix else source.name}.mcap")
        self.row(tr("&Session"), self.output)
        self.numbers: dict[str, QtWidgets.QDoubleSpinBox] = {}
        for key, label, low, high, decimals, unit, tip in _NUMBERS:
            self.numbers[key] = number_field(low, high, decimals, unit, tr("as the source says"))
            self.row(tr(label), self.numbers[key], tr(tip))
        self.layouts = QtWidgets.QComboBox()
        self.layouts.addItem(tr("viewable: Foxglove and Rerun show it"), "viewable")
        self.layouts.addItem(tr("compact: smaller"), "compact")
        self.row(tr("&Layout"), self.layouts, tr("How pixels are stored; nothing is lost either way."))
        self.extra = words_field(())
        self.row(tr("&Options"), self.extra, tr("Further options of this format: key=value with spaces between."))
        self.overwrite = check(tr("Replace a session of that name"), tr("What is there under that name is lost."))
        self.form.addRow(self.overwrite)
        self.loses = QtWidgets.QLabel()
        self.loses.setWordWrap(True)
        self.loses.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.loses.setAccessibleName(tr("What is not kept"))
        self.form.addRow(self.loses)
        self.formats.currentIndexChanged.connect(lambda _: self._show_format())
        self.output.changed.connect(self._check)
        self.overwrite.toggled.connect(lambda _: self._check())
        self.extra.textChanged.connect(lambda _: self._check())
        self._show_format()
        self.fit(660, 620)

    @property
    def _format(self) -> Mapping[str, Any]:
        return self._formats.get(str(self.formats.currentData()), {})

    @property
    def _extra_keys(self) -> list[str]:
        return [key for key in self._format.get("options", ()) if key not in self.numbers]

    def order(self) -> Order:
        """What was asked for.

        Raises:
            ValueError: an option makes no sense.
        """
        used = self._format.get("options", ())
        numbers = {key: value for key, box in self.numbers.items() if key in used and (value := given(box)) is not None}
        path = self.output.path
        if path is None:
            raise ValueError(tr("Say where to write."))
        return import_order(
            self._source,
            path,
            str(self.formats.currentData()),
            numbers,
            words_of(self.extra.text(), self._extra_keys),
            str(self.layouts.currentData()),
            self.overwrite.isChecked(),
        )

    def _show_format(self) -> None:
        used = self._format.get("options", ())
        for key, box in self.numbers.items():
            self._show_row(box, key in used)
        keys = self._extra_keys
        self.extra.setPlaceholderText("  ".join(f"{key}=…" for key in keys))
        self._show_row(self.extra, bool(keys))
        lost = self._format.get("not_kept") or ()
        self.loses.setText(tr("Not kept: {what}.", what="; ".join(lost)) if lost else "")
        self._check()

    def _show_row(self, field: QtWidgets.QWidget, on: bool) -> None:
        field.setVisible(on)
        label = self.form.labelForField(field)
        if label is not None:
            label.setVisible(on)

    def _check(self) -> None:
        problem = ""
        if not self._format.get("available", True):
            problem = tr("This format needs something first: {how}", how=self._format.get("install") or "")
        problem = problem or output_problem(self.output.path, ".mcap", self.overwrite.isChecked())
        try:
            words_of(self.extra.text(), self._extra_keys)
        except ValueError as error:
            problem = problem or str(error)
        self.show_problem(problem)
