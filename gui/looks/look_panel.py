"""How the chosen stream is shown, in a panel beside the pictures: palette, range, isotherm, gamma, CLAHE, readouts."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.frame import StreamInfo, StreamKind
from gui.look import theme
from gui.look.buttons import plain_button
from gui.looks.look import (
    CLAHE_RANGE,
    CLAHE_USUAL,
    GAMMA_RANGE,
    PALETTE_WORDS,
    Beyond,
    Isotherm,
    palette_of,
    palettes_of,
)
from gui.looks.looks import Looks
from gui.looks.marks_table import MarksTable
from gui.looks.panel_controls import fill, labelled, new_combo, new_form, new_spin, swatch
from gui.looks.scale import TEMPERATURE_UNITS, shown_unit, shown_value, stored_value
from gui.looks.spot_tool import Placing
from gui.looks.spots import Reading
from gui.qt import QtCore, QtWidgets, Signal
from gui.words import mark, tr

_BEYOND_WORDS = {
    "": mark("Off"),
    Beyond.ABOVE: mark("Above"),
    Beyond.BELOW: mark("Below"),
    Beyond.BETWEEN: mark("Between"),
}

_WITH_RANGE = (StreamKind.DEPTH, StreamKind.THERMAL, StreamKind.GRAY, StreamKind.INFRARED)


class LookPanel(QtWidgets.QWidget):
    """Shows and changes the look of one stream at a time; everything that is not of its kind is hidden."""

    stream_asked = Signal(str)
    placing_asked = Signal(object)
    """A :class:`Placing`: what the next press on the picture makes."""

    def __init__(self, looks: Looks, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._looks = looks
        self._info: StreamInfo | None = None
        self._filling = False
        self._streams: tuple[str, ...] = ()
        self._is_night = theme.now().is_night
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(8)
        column.addLayout(self._make_head())
        self.range_box = self._make_range()
        self.isotherm_box = self._make_isotherm()
        self.eye_box = self._make_eye()
        self.marks_box = self._make_marks()
        for box in (self.range_box, self.isotherm_box, self.eye_box, self.marks_box):
            column.addWidget(box)
        column.addWidget(self._make_all())
        column.addStretch(1)
        self.setEnabled(False)

    # -- building -----------------------------------------------------------------------------------------------

    def _make_head(self) -> QtWidgets.QFormLayout:
        form = new_form()
        self.stream = new_combo(tr("Stream"), tr("Which stream's look this is."))
        self.stream.activated.connect(lambda _: self.stream_asked.emit(self.stream.currentText()))
        self.palette_box = new_combo(tr("Palette"), tr("Colors of depth and thermal (C: the next one)."))
        self.palette_box.setIconSize(QtCore.QSize(72, 14))
        self.palette_box.activated.connect(lambda _: self._change(palette=self.palette_box.currentData()))
        form.addRow(labelled(tr("Stream"), self.stream), self.stream)
        self._palette_label = labelled(tr("Palette"), self.palette_box)
        form.addRow(self._palette_label, self.palette_box)
        return form

    def _make_range(self) -> QtWidgets.QGroupBox:
        box = QtWidgets.QGroupBox(tr("Range"))
        grid = QtWidgets.QGridLayout(box)
        self.lock = QtWidgets.QCheckBox(tr("Lock"))
        self.lock.setToolTip(tr("Keep the range as it is; otherwise it follows the picture slowly."))
        self.lock.setAccessibleName(tr("Lock the range"))
        self.lock.toggled.connect(self._lock)
        self.unit = QtWidgets.QLabel("")
        self.unit.setProperty("tone", "dim")
        grid.addWidget(self.lock, 0, 0, 1, 2)
        grid.addWidget(self.unit, 0, 2, 1, 2, QtCore.Qt.AlignmentFlag.AlignRight)
        self.low = new_spin(tr("Low"), tr("Value of the first color."))
        self.high = new_spin(tr("High"), tr("Value of the last color."))
        self.level = new_spin(tr("Level"), tr("Value in the middle of the colors."))
        self.span = new_spin(tr("Span"), tr("From the first color to the last."))
        for i, (spin, word) in enumerate(
            ((self.low, tr("Low")), (self.high, tr("High")), (self.level, tr("Level")), (self.span, tr("Span")))
        ):
            grid.addWidget(labelled(word, spin), 1 + i // 2, 2 * (i % 2))
            grid.addWidget(spin, 1 + i // 2, 2 * (i % 2) + 1)
            spin.valueChanged.connect(self._take_ends if i < 2 else self._take_level)
        return box

    def _make_isotherm(self) -> QtWidgets.QGroupBox:
        box = QtWidgets.QGroupBox(tr("Isotherm"))
        grid = QtWidgets.QGridLayout(box)
        self.beyond = new_combo(tr("Isotherm"), tr("Paint these values in one color over the palette."))
        for key, word in _BEYOND_WORDS.items():
            self.beyond.addItem(tr(word), str(key))
        self.beyond.activated.connect(lambda _: self._take_isotherm())
        self.from_value = new_spin(tr("Isotherm from"), tr("Lowest value that is painted."))
        self.to_value = new_spin(tr("Isotherm to"), tr("Highest value that is painted."))
        for spin in (self.from_value, self.to_value):
            spin.valueChanged.connect(lambda _: self._take_isotherm())
        grid.addWidget(self.beyond, 0, 0)
        grid.addWidget(self.from_value, 0, 1)
        grid.addWidget(self.to_value, 0, 2)
        return box

    def _make_eye(self) -> QtWidgets.QGroupBox:
        box = QtWidgets.QGroupBox(tr("For the eye"))
        box.setToolTip(tr("Only what is shown changes: the models always get the camera's own pixels."))
        form = new_form()
        box.setLayout(form)
        self.gamma = new_spin(tr("Gamma"), tr("Above 1 lifts the shadows; 1 leaves the picture as it is."))
        self.gamma.setRange(*GAMMA_RANGE)
        self.gamma.setSingleStep(0.1)
        self.gamma.setDecimals(1)
        self.gamma.valueChanged.connect(lambda v: self._change(gamma=round(v, 2)))
        self.clahe = QtWidgets.QCheckBox(tr("CLAHE"))
        self.clahe.setToolTip(tr("Contrast is raised in each part of the picture by itself."))
        self.clahe.toggled.connect(lambda on: self._change(clahe=self.clahe_limit.value() if on else 0.0))
        self.clahe_limit = new_spin(tr("Limit of CLAHE"), tr("How far contrast is raised at most."))
        self.clahe_limit.setRange(*CLAHE_RANGE)
        self.clahe_limit.setSingleStep(0.5)
        self.clahe_limit.setDecimals(1)
        self.clahe_limit.setValue(CLAHE_USUAL)
        self.clahe_limit.valueChanged.connect(lambda v: self._change(clahe=v) if self.clahe.isChecked() else None)
        form.addRow(labelled(tr("Gamma"), self.gamma), self.gamma)
        form.addRow(self.clahe, self.clahe_limit)
        return box

    def _make_marks(self) -> QtWidgets.QGroupBox:
        box = QtWidgets.QGroupBox(tr("Readouts"))
        column = QtWidgets.QVBoxLayout(box)
        row = QtWidgets.QHBoxLayout()
        self.spot = plain_button(tr("Spot"), tr("Then click on the picture: reads one pixel."))
        self.area = plain_button(tr("Area"), tr("Then draw on the picture: reads the lowest, mean and highest value."))
        for button, placing in ((self.spot, Placing.SPOT), (self.area, Placing.AREA)):
            button.setCheckable(True)
            button.clicked.connect(lambda on, p=placing: self.placing_asked.emit(p if on else Placing.NOTHING))
            row.addWidget(button)
        self.delete = plain_button(tr("Delete"), tr("Take the chosen spot or area away (Delete in the list)."))
        row.addWidget(self.delete)
        column.addLayout(row)
        row = QtWidgets.QHBoxLayout()
        self.hottest = QtWidgets.QCheckBox(tr("Highest"))
        self.hottest.setToolTip(tr("Follow the hottest (in depth: the farthest) pixel."))
        self.hottest.toggled.connect(lambda on: self._change(hottest=on))
        self.coldest = QtWidgets.QCheckBox(tr("Lowest"))
        self.coldest.setToolTip(tr("Follow the coldest (in depth: the nearest) pixel."))
        self.coldest.toggled.connect(lambda on: self._change(coldest=on))
        row.addWidget(self.hottest)
        row.addWidget(self.coldest)
        row.addStretch(1)
        column.addLayout(row)
        self.table = MarksTable()
        self.table.marks_asked.connect(lambda marks: self._change(marks=tuple(marks)))
        self.delete.clicked.connect(self.table.delete_chosen)
        column.addWidget(self.table)
        self.note = QtWidgets.QLabel("")
        self.note.setProperty("tone", "warn")
        self.note.setWordWrap(True)
        self.note.hide()
        column.addWidget(self.note)
        return box

    def _make_all(self) -> QtWidgets.QWidget:
        box = QtWidgets.QWidget()
        form = new_form()
        box.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
        self.temperatures = new_combo(tr("Temperatures in"), tr("In which unit temperatures are written everywhere."))
        self.temperatures.addItems(TEMPERATURE_UNITS)
        self.temperatures.activated.connect(self._take_temperatures)
        self.red = QtWidgets.QCheckBox(tr("Red pictures at night"))
        self.red.setToolTip(tr("In the night theme pictures are red too, so that eyes stay used to the dark."))
        self.red.toggled.connect(self._take_red)
        form.addRow(labelled(tr("Temperatures in"), self.temperatures), self.temperatures)
        form.addRow(self.red)
        return box

    # -- what it shows ------------------------------------------------------------------------------------------

    @property
    def info(self) -> StreamInfo | None:
        """The stream whose look is shown."""
        return self._info

    def show_streams(self, names: Sequence[str]) -> None:
        """Which streams there are."""
        if tuple(names) != self._streams:
            self._streams = tuple(names)
            self.stream.clear()
            self.stream.addItems(list(names))
            if self._info is not None:
                self.stream.setCurrentText(self._info.name)

    def show_look(self, info: StreamInfo) -> None:
        """Show the look of a stream as it is now."""
        self._filling = True
        is_other = self._info is None or (self._info.name, self._info.kind) != (info.name, info.kind)
        is_other = is_other or self._is_night != theme.now().is_night
        self._is_night = theme.now().is_night
        self._info = info
        kind, look = info.kind, self._looks.look(info)
        self.setEnabled(True)
        self.stream.setCurrentText(info.name)
        offered = palettes_of(kind)
        if is_other:
            self.palette_box.clear()
            for name in offered:
                self.palette_box.addItem(swatch(name), tr(PALETTE_WORDS[name]), name)
            has_palette = len(offered) > 1
            self.palette_box.setVisible(has_palette)
            self._palette_label.setVisible(has_palette)
            self.range_box.setVisible(kind in _WITH_RANGE)
            is_measured = kind in (StreamKind.DEPTH, StreamKind.THERMAL)
            self.isotherm_box.setVisible(is_measured)
            self.isotherm_box.setTitle(tr("Isotherm") if kind is StreamKind.THERMAL else tr("Mark distances"))
            self.eye_box.setVisible(kind in (StreamKind.GRAY, StreamKind.INFRARED))
            self.marks_box.setVisible(kind is not StreamKind.COLOR)
        if look.palette is not None or offered:
            self.palette_box.setCurrentIndex(max(self.palette_box.findData(palette_of(look, kind)), 0))
        self.gamma.setValue(look.gamma)
        self.clahe.setChecked(look.clahe > 0)
        if look.clahe:
            self.clahe_limit.setValue(look.clahe)
        self.hottest.setChecked(look.hottest)
        self.coldest.setChecked(look.coldest)
        self.temperatures.setCurrentText(self._looks.temperatures)
        self.red.setChecked(self._looks.red_at_night)
        self.table.show_marks(look.marks, info.width, info.height)
        self._fill_isotherm(info)
        self._filling = False
        self.show_range()

    def show_range(self) -> None:
        """The range as it is now: while it follows the picture, it moves."""
        info = self._info
        if info is None:
            return
        self._filling = True
        self.lock.setChecked(self._looks.is_locked(info))
        unit, to = self._looks.scale(info).unit, self._looks.temperatures
        self.unit.setText(tr("in {unit}", unit=shown_unit(unit, to)))
        values = self._looks.values(info)
        if values is not None:
            low, high = (shown_value(v, unit, to) for v in values)
            for spin, value in ((self.low, low), (self.high, high), (self.level, (low + high) / 2)):
                fill(spin, value, unit)
            fill(self.span, high - low, unit)
        self._filling = False

    def _fill_isotherm(self, info: StreamInfo) -> None:
        look, scale = self._looks.look(info), self._looks.scale(info)
        it = look.isotherm if look.holds_in(scale.unit) else None
        self.beyond.setCurrentIndex(max(self.beyond.findData("" if it is None else it.beyond.value), 0))
        self.from_value.setVisible(it is not None and it.beyond is not Beyond.BELOW)
        self.to_value.setVisible(it is not None and it.beyond is not Beyond.ABOVE)
        if it is not None:
            for spin, value in ((self.from_value, it.low), (self.to_value, it.high)):
                fill(spin, shown_value(value, scale.unit, self._looks.temperatures), scale.unit)

    def show_readings(self, readings: Sequence[Reading], chosen: str, age: str, why_no_degrees: str) -> None:
        """What the marks read now."""
        if self._info is not None:
            unit = self._looks.scale(self._info).unit
            self.table.show_readings(readings, chosen, unit, self._looks.temperatures, age)
            note = why_no_degrees or (tr("the picture is {age} old", age=age) if age else "")
            if note != self.note.text():
                self.note.setText(note)
                self.note.setVisible(bool(note))

    def show_placing(self, placing: Placing) -> None:
        """What the next press on the picture makes."""
        self.spot.setChecked(placing is Placing.SPOT)
        self.area.setChecked(placing is Placing.AREA)

    # -- what is changed ----------------------------------------------------------------------------------------

    def _change(self, **values: object) -> None:
        if not self._filling and self._info is not None:
            self._looks.change(self._info, **values)

    def _lock(self, on: bool) -> None:
        if not self._filling and self._info is not None:
            self._looks.lock(self._info, on)

    def _value(self, spin: QtWidgets.QDoubleSpinBox) -> float:
        assert self._info is not None
        return stored_value(spin.value(), self._looks.scale(self._info).unit, self._looks.temperatures)

    def _take_ends(self) -> None:
        if not self._filling and self._info is not None and self.low.value() < self.high.value():
            self._looks.set_range(self._info, self._value(self.low), self._value(self.high))

    def _take_level(self) -> None:
        if self._filling or self._info is None:
            return
        unit, to = self._looks.scale(self._info).unit, self._looks.temperatures
        level, half = self.level.value(), self.span.value() / 2
        self._looks.set_range(self._info, stored_value(level - half, unit, to), stored_value(level + half, unit, to))

    def _take_isotherm(self) -> None:
        info = self._info
        if self._filling or info is None:
            return
        kind = self.beyond.currentData()
        if not kind:
            self._looks.change(info, isotherm=None)
            return
        look, scale = self._looks.look(info), self._looks.scale(info)
        old = look.isotherm if look.holds_in(scale.unit) else None
        if old is None:
            low, high = self._looks.values(info) or (0.0, 1.0)
            # The warmest third to begin with (in depth the nearest): something is seen at once.
            third = (high - low) / 3
            first, last = (low, low + third) if info.kind is StreamKind.DEPTH else (high - third, high)
            if kind == Beyond.BELOW and info.kind is not StreamKind.DEPTH:
                first, last = low, low + third
        else:
            first, last = sorted((self._value(self.from_value), self._value(self.to_value)))
        self._looks.change(info, isotherm=Isotherm(Beyond(kind), first, last))

    def _take_temperatures(self) -> None:
        if not self._filling:
            self._looks.temperatures = self.temperatures.currentText()

    def _take_red(self, on: bool) -> None:
        if not self._filling:
            self._looks.red_at_night = on
