"""The faces beside the pictures: a card each, and a word when there is none."""

from __future__ import annotations

from drivers.frame import FrameSet
from gui.faces.face_card import FaceCard
from gui.look import theme
from gui.looks.scale import CELSIUS
from gui.qt import QtCore, QtWidgets
from gui.reasons import reason_words
from gui.tiles.picture_worker import Pictures
from gui.words import tr
from pipeline.not_computed import NOT_COMPUTED
from pipeline.overlay_temperature import Thermometer
from recordings.observation import Face, Observation

MOST_CARDS = 12

MOST_NEW = 3
"""Cards that are made at once: one takes some milliseconds. Where more are needed, the others follow, and whatever
else waits for the Qt thread comes between."""

LEAST_MS = 100
"""Numbers are written no more often than this: nobody reads faster. A face that comes or goes is shown at once, and
what stands there in the end is the newest."""


class FaceColumn(QtWidgets.QWidget):
    """Cards under each other; faded when what they say is old. Beyond twelve faces the nearest have a card."""

    def __init__(self, worker: Pictures | None = None) -> None:
        """
        Args:
            worker: makes the generated pictures; by default they are made where they are painted.
        """
        super().__init__()
        self._worker = worker
        self.cards: list[FaceCard] = []
        self._ids: tuple[int, ...] | None = None
        self._waiting: tuple[Observation, FrameSet | None] | None = None
        self._last = QtCore.QElapsedTimer()
        self._later = QtCore.QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._show_waiting)
        self._shown: tuple[Observation, FrameSet | None] | None = None
        self._more = QtCore.QTimer(self)
        self._more.setSingleShot(True)
        self._more.timeout.connect(self._show_more)
        self._none = QtWidgets.QLabel(tr("no face"))
        self._none.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self._none.setProperty("tone", "dim")
        self._none.setMinimumHeight(60)
        self._none.setWordWrap(True)
        theme.sized(self._none, theme.BASE_PT + 4)
        self._column = QtWidgets.QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._none)
        self._column.addStretch(1)
        self._temperatures = CELSIUS
        self._asked: frozenset[str] = frozenset()
        self._fade = QtWidgets.QGraphicsOpacityEffect(self)
        self._fade.setOpacity(0.45)
        self._fade.setEnabled(False)
        self.setGraphicsEffect(self._fade)

    @property
    def is_faded(self) -> bool:
        return bool(self._fade.isEnabled())

    def set_faded(self, faded: bool) -> None:
        if self.is_faded != faded:
            self._fade.setEnabled(faded)

    def set_temperatures(self, unit: str) -> None:
        """In which unit they are written, at once."""
        self._temperatures = unit
        for card in self.cards:
            card.set_temperatures(unit)

    def show_faces(
        self, observation: Observation, frame_set: FrameSet | None = None, asked: frozenset[str] = frozenset()
    ) -> None:
        """Show what was seen; where the same faces are seen many times a second, the newest a few times a second.

        Args:
            frame_set: where it was seen, for the temperatures; None says nothing of them.
            asked: signals that rules ask for.
        """
        self._asked = asked
        faces = chosen_faces(observation)
        self._later.stop()
        ids = tuple(face.id for face in faces)
        if ids == self._ids and self._last.isValid() and self._last.elapsed() < LEAST_MS:
            self._waiting = (observation, frame_set)
            self._later.start(max(1, LEAST_MS - self._last.elapsed()))
            return
        self._waiting = None
        self._ids = ids
        self._last.start()
        self._show(observation, frame_set, faces)

    def _show_waiting(self) -> None:
        if self._waiting is not None:
            (observation, frame_set), self._waiting = self._waiting, None
            self._last.start()
            self._show(observation, frame_set, chosen_faces(observation))

    def _show(self, observation: Observation, frame_set: FrameSet | None, faces: list[Face]) -> None:
        self._shown = observation, frame_set
        self._make_cards(len(faces))
        self._fill(faces, frame_set, 0)
        self._say(observation, len(observation.faces) - len(faces))

    def _make_cards(self, count: int) -> None:
        """As many as are needed, or some of them now and the others soon."""
        for _ in range(min(count - len(self.cards), MOST_NEW)):
            card = FaceCard(self._worker)
            card.set_temperatures(self._temperatures)
            self._column.insertWidget(self._column.count() - 1, card)
            self.cards.append(card)
        if len(self.cards) < count:
            self._more.start(0)
        else:
            self._more.stop()

    def _show_more(self) -> None:
        """Cards of faces that had none yet; the others stay as they are."""
        if self._shown is None:
            return
        observation, frame_set = self._shown
        faces, first = chosen_faces(observation), len(self.cards)
        self._make_cards(len(faces))
        self._fill(faces, frame_set, first)

    def _fill(self, faces: list[Face], frame_set: FrameSet | None, first: int) -> None:
        """The cards from the first of these on."""
        thermometer = None if frame_set is None else Thermometer(frame_set)
        for index, card in enumerate(self.cards[first:], first):
            if card.isHidden() == (index < len(faces)):
                card.setVisible(index < len(faces))
            if index < len(faces):
                heat = None if thermometer is None else thermometer.of(faces[index])
                card.show_face(faces[index], heat, self._asked)

    def _say(self, observation: Observation, more: int) -> None:
        status = observation.status
        if more > 0:
            words = tr("{n} more faces, farther away", n=more)
        elif observation.faces:
            words = ""
        else:
            words = tr("no face") if status == "ok" else reason_words(status)
        if words != self._none.text():
            self._none.setText(words)
        if self._none.isHidden() == bool(words):
            self._none.setVisible(bool(words))
        theme.set_tone(self._none, "warn" if status.startswith(NOT_COMPUTED) else "dim")


def chosen_faces(observation: Observation) -> list[Face]:
    """The faces that have a card, in the order of their ids: all, or the largest where there are too many."""
    faces = observation.faces
    if len(faces) <= MOST_CARDS:
        return list(faces)
    largest = sorted(faces, key=lambda face: -face.box.area if face.box.area == face.box.area else 0.0)[:MOST_CARDS]
    return sorted(largest, key=lambda face: face.id)
