"""What the dialogs of work are made of: fields with names, a place to write to, and the two buttons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gui.actions.keys import action_of, follow, told
from gui.look import theme
from gui.qt import QtCore, QtWidgets, Signal
from gui.words import tr
from gui.work import file_dialog


class PathField(QtWidgets.QWidget):
    """A path that can be typed or chosen.

    Args:
        name: accessible name.
        tip: tooltip.
        kind: ``save`` (a file to write), ``file`` (one that is there), ``folder``.
        filter: of the file dialog.
    """

    changed = Signal()

    def __init__(self, name: str, tip: str, kind: str, filter: str = "") -> None:
        super().__init__()
        self._name, self._kind, self.filter = name, kind, filter
        self.line = QtWidgets.QLineEdit()
        self.line.setAccessibleName(name)
        self.line.setToolTip(tip)
        self.line.textChanged.connect(lambda _: self.changed.emit())
        self.button = QtWidgets.QPushButton(tr("Choose …"))
        self.button.setAccessibleName(tr("Choose: {what}", what=name))
        self.button.setToolTip(tip)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.choose)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)

    @property
    def path(self) -> Path | None:
        text = self.line.text().strip()
        return Path(text).expanduser() if text else None

    def set_path(self, path: Path) -> None:
        self.line.setText(str(path))

    def choose(self) -> None:
        """Through the file dialog."""
        start = self.line.text()
        if self._kind == "folder":
            found = file_dialog.open_folder(self, self._name, start)
        elif self._kind == "file":
            found = file_dialog.open_file(self, self._name, start, self.filter)
        else:
            found = file_dialog.save_file(self, self._name, start, self.filter, confirm=False)
        if found:
            self.line.setText(found)


class WorkDialog(QtWidgets.QDialog):
    """A form, a line that says what is wrong, and the buttons to begin or to leave.

    Args:
        title: of the window.
        intro: what will happen, in a sentence or two.
        begin: on the button.
    """

    def __init__(self, title: str, intro: str, begin: str, parent: QtWidgets.QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.intro = QtWidgets.QLabel(intro)
        self.intro.setWordWrap(True)
        self.intro.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.intro.setAccessibleName(tr("What this does"))
        self.form = QtWidgets.QFormLayout()
        self.form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.form.setRowWrapPolicy(QtWidgets.QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(8)
        self.wrong = QtWidgets.QLabel()
        self.wrong.setWordWrap(True)
        self.wrong.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.wrong.setAccessibleName(tr("What is missing or wrong"))
        theme.set_tone(self.wrong, "warn")
        self.begin = QtWidgets.QPushButton(begin)
        self.begin.setAccessibleName(begin)
        tasks = action_of(parent, "tasks")
        follow(self.begin, tasks, lambda: told(tr("Runs as a task beside the picture"), tasks))
        self.begin.setDefault(True)
        self.begin.clicked.connect(self.accept)
        leave = QtWidgets.QPushButton(tr("Cancel"))
        leave.setAccessibleName(tr("Cancel"))
        leave.setToolTip(tr("Do nothing."))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        buttons = QtWidgets.QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self.begin)

        inside = QtWidgets.QWidget()
        column = QtWidgets.QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        column.addWidget(self.intro)
        column.addLayout(self.form)
        column.addStretch(1)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 14)
        whole.setSpacing(10)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.wrong)
        whole.addLayout(buttons)

    def fit(self, width: int, height: int) -> None:
        """A size that the screen has room for."""
        screen = QtWidgets.QApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else QtCore.QRect(0, 0, width, height)
        self.resize(min(width, room.width() - 20), min(height, room.height() - 40))

    def row(self, label: str, field: QtWidgets.QWidget, tip: str = "") -> QtWidgets.QWidget:
        """A field with its label, which is also its accessible name."""
        text = QtWidgets.QLabel(label)
        text.setBuddy(field)
        if isinstance(field, QtWidgets.QComboBox):
            field.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        if not field.accessibleName():
            field.setAccessibleName(label.replace("&", ""))
        if tip:
            field.setToolTip(tip)
            text.setToolTip(tip)
        self.form.addRow(text, field)
        return field

    def show_problem(self, words: str) -> None:
        """What keeps it from beginning; nothing lets it begin."""
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))
        self.begin.setEnabled(not words)


def number_field(low: float, high: float, decimals: int, suffix: str, unset: str) -> QtWidgets.QDoubleSpinBox:
    """A number that need not be given: at its lowest it reads ``unset``."""
    box = QtWidgets.QDoubleSpinBox()
    box.setDecimals(decimals)
    box.setRange(low, high)
    box.setSpecialValueText(unset)
    box.setSuffix(suffix)
    box.setValue(low)
    box.setMaximumWidth(240)
    return box


def given(box: QtWidgets.QDoubleSpinBox) -> float | None:
    """What was typed; None where nothing was."""
    return None if box.value() <= box.minimum() else box.value()


def words_field(known: Sequence[str]) -> QtWidgets.QLineEdit:
    """A line for ``key=value`` words of a format."""
    line = QtWidgets.QLineEdit()
    line.setPlaceholderText("  ".join(f"{key}=…" for key in known))
    return line


def words_of(text: str, known: Sequence[str]) -> dict[str, str]:
    """``key=value`` words with spaces between.

    Raises:
        ValueError: one is not of that form, or not known; for people.
    """
    out = {}
    for word in text.split():
        key, equals, value = word.partition("=")
        if not equals or not key or not value:
            raise ValueError(tr("options are key=value with spaces between, found {word}", word=word))
        if key not in known:
            raise ValueError(tr("there is no option {key}; there are {known}", key=key, known=", ".join(known)))
        out[key] = value
    return out


def output_problem(path: Path | None, suffix: str, overwrite: bool) -> str:
    """Why nothing can be written there; '' when it can. Looks at the local disk alone."""
    if path is None:
        return tr("Say where to write.")
    if suffix and path.suffix.lower() != suffix:
        return tr("The name must end in {suffix}.", suffix=suffix)
    if path.exists() and not overwrite:
        return tr("{name} is there already: choose another name, or tick “replace”.", name=path.name)
    return ""


def check(text: str, tip: str, on: bool = False) -> QtWidgets.QCheckBox:
    """A box to tick."""
    box = QtWidgets.QCheckBox(text)
    box.setAccessibleName(text)
    box.setToolTip(tip)
    box.setChecked(on)
    return box
