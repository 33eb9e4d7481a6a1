"""The controls that the look panel is made of; each has a name and a tooltip."""

from __future__ import annotations

import numpy as np

from gui.look import theme
from gui.looks.scale import CELSIUS, METRES
from gui.looks.tables import red_shades
from gui.qt import QtGui, QtWidgets
from pipeline.colormap import palette_colors


def new_form() -> QtWidgets.QFormLayout:
    """Rows of words and controls; controls take the width."""
    form = QtWidgets.QFormLayout()
    form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def labelled(words: str, buddy: QtWidgets.QWidget) -> QtWidgets.QLabel:
    """Words that stand before a control."""
    label = QtWidgets.QLabel(words)
    label.setBuddy(buddy)
    return label


def new_combo(name: str, tip: str) -> QtWidgets.QComboBox:
    """A choice."""
    combo = QtWidgets.QComboBox()
    combo.setAccessibleName(name)
    combo.setToolTip(tip)
    return combo


def new_spin(name: str, tip: str) -> QtWidgets.QDoubleSpinBox:
    """A number that counts when it is typed to its end."""
    spin = QtWidgets.QDoubleSpinBox()
    spin.setAccessibleName(name)
    spin.setToolTip(tip)
    spin.setRange(-1e5, 1e5)
    spin.setKeyboardTracking(False)
    spin.setMinimumWidth(60)
    return spin


def fill(spin: QtWidgets.QDoubleSpinBox, value: float, unit: str) -> None:
    """A value with the digits of its unit; not while somebody types there."""
    if spin.hasFocus() and spin.lineEdit().isModified():
        return
    digits, step = {METRES: (2, 0.1), CELSIUS: (1, 0.5)}.get(unit, (0, 10.0))
    if spin.decimals() != digits:
        spin.setDecimals(digits)
    spin.setSingleStep(step)
    spin.setValue(value)


def swatch(name: str) -> QtGui.QIcon:
    """A palette as an icon; at night by its brightness alone."""
    colors = palette_colors(name)
    if theme.now().is_night:
        colors = red_shades(colors.mean(axis=1) / 255)
    ramp = np.ascontiguousarray(np.repeat(colors[None], 14, axis=0))
    image = QtGui.QImage(ramp.data, 256, 14, 768, QtGui.QImage.Format.Format_RGB888).copy()
    return QtGui.QIcon(QtGui.QPixmap.fromImage(image.scaled(72, 14)))
