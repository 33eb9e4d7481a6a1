"""The faces beside the pictures: a card each, and a word when there is none."""

from __future__ import annotations

from gui import theme
from gui.face_card import FaceCard
from gui.qt import QtCore, QtWidgets
from pipeline.not_computed import NOT_COMPUTED
from recordings.observation import Observation

MOST_CARDS = 12


class FaceColumn(QtWidgets.QWidget):
    """Cards under each other; faded when what they say is old."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[FaceCard] = []
        self._none = QtWidgets.QLabel("no face")
        self._none.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self._none.setProperty("tone", "dim")
        self._none.setMinimumHeight(60)
        self._none.setWordWrap(True)
        theme.sized(self._none, theme.BASE_PT + 4)
        self._column = QtWidgets.QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._none)
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

    def show_faces(self, observation: Observation) -> None:
        faces = observation.faces[:MOST_CARDS]
        while len(self.cards) < len(faces):
            card = FaceCard()
            self._column.addWidget(card)
            self.cards.append(card)
        for index, card in enumerate(self.cards):
            card.setVisible(index < len(faces))
            if index < len(faces):
                card.show_face(faces[index])
        more = len(observation.faces) - len(faces)
        self._none.setVisible(not faces or more > 0)
        status = observation.status
        self._none.setText(f"{more} more faces" if more > 0 else "no face" if status == "ok" else status)
        theme.set_tone(self._none, "warn" if status.startswith(NOT_COMPUTED) else "dim")
