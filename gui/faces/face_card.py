"""A face as a card: who, how far, which way, eyes, temperature, signals, what is not known, and what the models imagine
it looks like."""

from __future__ import annotations

import math

from gui.alarms.signal_phrases import say
from gui.faces.eye_bar import EyeBar
from gui.faces.generated_view import GeneratedPicture, sureness
from gui.faces.reading import Reading
from gui.looks.scale import CELSIUS, in_unit
from gui.qt import QtWidgets
from gui.reasons import line_words
from gui.tiles.picture_worker import Pictures
from gui.words import tr
from pipeline.overlay import degrees, doubt_of, reasons_of
from pipeline.overlay_temperature import FaceTemperature
from pipeline.overlay_words import following_of, is_sure, metres, percent
from pipeline.signal_words import briefs_of
from recordings.observation import Face

MOST_SIGNALS = 6
"""That a card has room for; the rest is counted."""


class FaceCard(QtWidgets.QFrame):
    """One face. Made once and filled again for every result, since cards outlive faces. Only what has changed is
    touched: a card costs a fraction of a millisecond a frame."""

    def __init__(self, worker: Pictures | None = None) -> None:
        """
        Args:
            worker: makes the generated pictures; by default they are made where they are painted.
        """
        super().__init__()
        self._worker = worker
        self.setObjectName("panel")
        policy = QtWidgets.QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Maximum)
        self._face: Face | None = None
        self._name = ""
        self._doubt: str | None = None
        self._heat_tip = ""
        self._heat: FaceTemperature | None = None
        self._temperatures = CELSIUS
        self.title = Reading(tr("Face {id}", id="000"), 4, bold=True)
        self.confidence = Reading(tr("{share} sure", share="100 %"), name=tr("confidence"))
        self.distance = Reading("00.00 m", 9, bold=True, align="right", name=tr("distance"))
        head = QtWidgets.QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.distance)
        self.temperature = Reading(
            tr("hottest {value} {unit}", value="000.0", unit="°C"), 1, align="right", name=tr("temperature")
        )
        second = QtWidgets.QHBoxLayout()
        second.setSpacing(10)
        second.addWidget(self.confidence, 1)
        second.addWidget(self.temperature)

        self.angles: dict[str, Reading] = {}
        pose = QtWidgets.QGridLayout()
        pose.setHorizontalSpacing(6)
        pose.setVerticalSpacing(0)
        tips = {
            "yaw": (tr("yaw"), tr("positive: turns to the person's own left")),
            "pitch": (tr("pitch"), tr("positive: looks up")),
            "roll": (tr("roll"), tr("positive: tilts to the person's own right")),
        }
        for column, (key, (name, tip)) in enumerate(tips.items()):
            caption = QtWidgets.QLabel(name)
            caption.setProperty("tone", "dim")
            caption.setToolTip(tip)
            value = Reading("+000°", 4, bold=True, name=name)
            value.setToolTip(tip)
            pose.addWidget(caption, 0, column)
            pose.addWidget(value, 1, column)
            pose.setColumnStretch(column, 1)
            self.angles[key] = value

        self.eyes = {"right": EyeBar("right"), "left": EyeBar("left")}
        eyes = QtWidgets.QHBoxLayout()
        eyes.setSpacing(8)
        for bar in self.eyes.values():
            eyes.addWidget(bar)

        self.signals: list[Reading] = []
        self._signals = QtWidgets.QVBoxLayout()
        self._signals.setSpacing(1)
        self._reasons = QtWidgets.QLabel()
        self._reasons.setWordWrap(True)
        self._reasons.setProperty("tone", "warn")
        self.sureness = Reading("", name=tr("how sure the models are"))
        self._pictures: list[GeneratedPicture] = []
        self._row = QtWidgets.QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)

        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addLayout(second)
        layout.addLayout(pose)
        layout.addLayout(eyes)
        layout.addLayout(self._signals)
        layout.addWidget(self._reasons)
        layout.addLayout(self._row)
        layout.addWidget(self.sureness)
        for part in (self.temperature, self._reasons, self.sureness):
            part.hide()

    @property
    def pictures(self) -> list[GeneratedPicture]:
        return [p for p in self._pictures if p.isVisibleTo(self)]

    @property
    def reasons(self) -> str:
        """What is not known and why, as it stands there."""
        return self._reasons.text() if self._reasons.isVisibleTo(self) else ""

    def set_temperatures(self, unit: str) -> None:
        """In which unit they are written, at once."""
        if unit != self._temperatures:
            self._temperatures = unit
            self._show_heat(self._heat)

    def show_face(self, face: Face, heat: FaceTemperature | None = None, asked: frozenset[str] = frozenset()) -> None:
        """Show a face as it is now.

        Args:
            heat: how warm it is; None where nothing is to be said of that.
            asked: signals that rules ask for; some are told only then.
        """
        if face is self._face:
            self._show_heat(heat)
            return
        self._face = face
        doubt = doubt_of(face)
        # Values that were carried on, or that are not believed, are dim: they never look like measured ones.
        tone = "dim" if doubt or following_of(face) else ""
        if doubt != self._doubt:
            self._doubt = doubt
            self.title.setToolTip(doubt)
        self.title.show_words(tr("Face {id}", id=face.id), "dim" if doubt else "")
        self._show_confidence(face, doubt)
        self.distance.show_words(metres(face.distance_m), _unsure(face, "distance_m", face.distance_m, tone))
        pose = face.pose
        values = {} if pose is None else {"yaw": pose.yaw_deg, "pitch": pose.pitch_deg, "roll": pose.roll_deg}
        for name, reading in self.angles.items():
            value = values.get(name, math.nan)
            reading.show_words(degrees(value), _unsure(face, "pose", value, tone))
        eyes = None if doubt else face.eyes
        self.eyes["right"].show_value(None if eyes is None else eyes.right)
        self.eyes["left"].show_value(None if eyes is None else eyes.left)
        self._show_heat(heat)
        self._show_signals(face, asked)
        unit = in_unit(self._temperatures)
        reasons = "\n".join(line_words(line, unit) for line in reasons_of(face)) if face.invalid else ""
        if reasons != self._reasons.text():
            self._reasons.setText(reasons)
        _set_shown(self._reasons, bool(reasons))
        self._show_generated(face)
        name = tr("Face {id}", id=face.id)
        if name != self._name:
            self._name = name
            self.setAccessibleName(name)

    def _show_confidence(self, face: Face, doubt: str) -> None:
        words = tr("{share} sure", share=percent(face.confidence))
        if doubt:
            self.confidence.show_words(f"{words}, " + tr("not believed"), "warn")
        elif not is_sure(face.confidence):
            self.confidence.show_words(f"{words}, " + tr("uncertain"), "warn")
        else:
            self.confidence.show_words(words, "dim")

    def _show_heat(self, heat: FaceTemperature | None) -> None:
        _set_shown(self.temperature, heat is not None)
        self._heat = heat
        if heat is None:
            return
        value, unit = in_unit(self._temperatures)(heat.celsius)
        self.temperature.show_words(
            tr("hottest {value} {unit}", value=value, unit=unit), "dim" if heat.celsius is None else ""
        )
        tip = heat.reason or tr(
            "95th percentile of the apparent temperature within the face in {stream}: no body temperature.",
            stream=heat.stream,
        )
        if tip != self._heat_tip:
            self._heat_tip = tip
            self.temperature.setToolTip(tip)

    def _show_signals(self, face: Face, asked: frozenset[str]) -> None:
        items = briefs_of(face.signals, say, in_unit(self._temperatures), asked)
        rows = [(brief.words, "warn" if brief.is_notable else "") for brief in items[:MOST_SIGNALS]]
        if len(items) > MOST_SIGNALS:
            rows.append((tr("{n} more signals", n=len(items) - MOST_SIGNALS), "dim"))
        while len(self.signals) < len(rows):
            reading = Reading("")
            self._signals.addWidget(reading)
            self.signals.append(reading)
        for index, reading in enumerate(self.signals):
            _set_shown(reading, index < len(rows))
            if index < len(rows):
                reading.show_words(*rows[index])

    def _show_generated(self, face: Face) -> None:
        images = face.generated
        while len(self._pictures) < len(images):
            picture = GeneratedPicture()
            if self._worker is not None:
                picture.use(self._worker)
            self._row.insertWidget(len(self._pictures), picture)
            self._pictures.append(picture)
        for index, picture in enumerate(self._pictures):
            _set_shown(picture, index < len(images))
            if index < len(images):
                picture.show_image(images[index])
        _set_shown(self.sureness, bool(images))
        if images:
            self.sureness.show_words(sureness(*images), "dim")


def _unsure(face: Face, field: str, value: float | None, tone: str) -> str:
    """How a value looks: dim where it is not known, or a reason stands against it."""
    return tone or ("dim" if value is None or not math.isfinite(value) or field in face.invalid else "")


def _set_shown(widget: QtWidgets.QWidget, shown: bool) -> None:
    """Show or hide; asking first is much cheaper than telling again."""
    if widget.isHidden() == shown:
        widget.setVisible(shown)
