"""The settings dialog: what is changed here holds at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gui.actions.keys_page import KeysPage
from gui.actions.row import Action
from gui.actions.settings_table import KEYS, SETTINGS, Kind, Setting, pages
from gui.qt import QtCore, QtGui, QtWidgets
from gui.settings import Settings
from gui.words import tr
from gui.work import file_dialog


class SettingsDialog(QtWidgets.QDialog):
    """A page for each subject.

    Args:
        rows: the actions whose keys can be changed.
        keys_changed: called when an action was given other keys.
    """

    def __init__(
        self,
        settings: Settings,
        rows: Sequence[Action],
        keys_changed: Callable[[], object],
        parent: QtWidgets.QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self._settings = settings
        self.fields: dict[str, SettingField] = {}
        self.pages = QtWidgets.QListWidget()
        self.pages.setAccessibleName(tr("Pages"))
        self.pages.setToolTip(tr("What can be set"))
        self.stack = QtWidgets.QStackedWidget()
        for page in pages():
            self._add(page, self._form([s for s in SETTINGS if s.page == page]))
        self.keys = KeysPage(rows, settings, keys_changed)
        self._add(KEYS, self.keys)
        self.pages.setFixedWidth(self.pages.sizeHintForColumn(0) + 44)
        self.pages.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.pages.setCurrentRow(0)

        box = QtWidgets.QDialogButtonBox()
        self.reset = box.addButton(tr("Defaults"), QtWidgets.QDialogButtonBox.ButtonRole.ResetRole)
        self.reset.setToolTip(tr("Set everything on this page as it was at first"))
        self.reset.clicked.connect(self._reset_page)
        self.shut = box.addButton(tr("Close"), QtWidgets.QDialogButtonBox.ButtonRole.RejectRole)
        self.shut.setToolTip(tr("What was changed holds already"))
        for button in (self.reset, self.shut):
            button.setAutoDefault(False)
            button.setIcon(QtGui.QIcon())
            button.setAccessibleName(button.text())
        box.rejected.connect(self.reject)

        middle = QtWidgets.QHBoxLayout()
        middle.addWidget(self.pages)
        middle.addWidget(self.stack, 1)
        column = QtWidgets.QVBoxLayout(self)
        column.addLayout(middle, 1)
        column.addWidget(box)
        self.resize(800, 560)

    def _add(self, name: str, widget: QtWidgets.QWidget) -> None:
        self.pages.addItem(tr(name))
        self.stack.addWidget(widget)

    def _form(self, settings: Sequence[Setting]) -> QtWidgets.QScrollArea:
        inside = QtWidgets.QWidget()
        form = QtWidgets.QFormLayout(inside)
        form.setVerticalSpacing(6)
        form.setHorizontalSpacing(18)
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setRowWrapPolicy(QtWidgets.QFormLayout.RowWrapPolicy.WrapLongRows)
        for setting in settings:
            field = self.fields[setting.name] = SettingField(setting, self._settings)
            label = QtWidgets.QLabel(tr(setting.text))
            label.setBuddy(field.control)
            form.addRow(label, field)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        return scroll

    def _reset_page(self) -> None:
        page = [*pages(), KEYS][self.stack.currentIndex()]
        if page == KEYS:
            self.keys.reset()
        for field in self.fields.values():
            if field.setting.page == page:
                field.reset()


class SettingField(QtWidgets.QWidget):
    """The control of one setting, and under it what it does, or why what stands there cannot be."""

    def __init__(self, setting: Setting, settings: Settings) -> None:
        super().__init__()
        self.setting = setting
        self._settings = settings
        self.note = QtWidgets.QLabel(tr(setting.tip))
        self.note.setWordWrap(True)
        self.note.setProperty("tone", "dim")
        row = QtWidgets.QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        self.control = self._make(row)
        self.control.setAccessibleName(tr(setting.text))
        self.control.setAccessibleDescription(tr(setting.tip))
        self.control.setToolTip(tr(setting.tip))
        self.control.installEventFilter(self)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 10)
        column.setSpacing(3)
        column.addLayout(row)
        column.addWidget(self.note)
        settings.watch(setting.name, self._show)

    def _make(self, row: QtWidgets.QHBoxLayout) -> QtWidgets.QWidget:
        setting, value = self.setting, self.setting.value(self._settings)
        if setting.kind is Kind.CHOICE:
            box = QtWidgets.QComboBox()
            for choice, words in setting.choices:
                box.addItem(tr(words), choice)
            box.setCurrentIndex(box.findData(value))
            box.currentIndexChanged.connect(lambda _: self._take(box.currentData()))
            row.addWidget(box)
            row.addStretch(1)
            return box
        if setting.kind is Kind.NUMBER:
            whole = isinstance(setting.default, int)
            spin = QtWidgets.QSpinBox() if whole else QtWidgets.QDoubleSpinBox()
            kind = int if whole else float
            if not whole:
                spin.setDecimals(1)
            spin.setRange(kind(setting.low), kind(setting.high))
            spin.setSingleStep(kind(setting.step))
            spin.setSuffix(f" {setting.unit}")
            spin.setKeyboardTracking(False)
            spin.setValue(value)
            spin.valueChanged.connect(self._take)
            spin.setMinimumWidth(110)
            row.addWidget(spin)
            row.addStretch(1)
            return spin
        field = QtWidgets.QLineEdit(str(value))
        field.setPlaceholderText("~/Tapetum")
        field.textEdited.connect(self._take)
        choose = QtWidgets.QPushButton(tr("Choose …"))
        choose.setAccessibleName(tr("Choose a folder"))
        choose.setToolTip(tr("Choose a folder"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        row.addWidget(field, 1)
        row.addWidget(choose)
        return field

    def _take(self, value: object) -> None:
        """What the operator chose; what cannot be is not kept, and said."""
        if isinstance(value, float):
            value = round(value, 3)
        problem = self.setting.problem(value)
        self.note.setText(tr(problem or self.setting.tip))
        self._tone("warn" if problem else "dim")
        if problem:
            return
        if value == self.setting.default:
            self._settings.forget(self.setting.name)
        else:
            self._settings.set(self.setting.name, value)

    def _tone(self, tone: str) -> None:
        if self.note.property("tone") != tone:
            for widget, name, value in ((self.note, "tone", tone), (self.control, "wrong", tone == "warn")):
                widget.setProperty(name, value)
                widget.style().unpolish(widget)
                widget.style().polish(widget)

    def _show(self, _: object = None) -> None:
        """The value was changed, here or elsewhere."""
        value = self.setting.value(self._settings)
        control = self.control
        blocked = control.blockSignals(True)
        if isinstance(control, QtWidgets.QComboBox):
            control.setCurrentIndex(control.findData(value))
        elif isinstance(control, QtWidgets.QLineEdit):
            if control.text() != value and not control.hasFocus():
                control.setText(value)
        elif control.value() != value:
            control.setValue(value)
        control.blockSignals(blocked)

    def reset(self) -> None:
        """As it was at first."""
        self._settings.forget(self.setting.name)
        if isinstance(self.control, QtWidgets.QLineEdit):
            self.control.setText(str(self.setting.default))
        self._take(self.setting.default)
        self._show()

    def _choose(self) -> None:
        now = str(self.setting.value(self._settings)) or str(Path.home())
        name = file_dialog.open_folder(self, tr("Choose a folder"), str(Path(now).expanduser()))
        if name:
            self.control.setText(name)
            self._take(name)

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """The wheel scrolls the page; it changes nothing that was not chosen first."""
        if event.type() == QtCore.QEvent.Type.Wheel and watched is self.control and not self.control.hasFocus():
            event.ignore()
            return True
        return bool(super().eventFilter(watched, event))
