"""The line that says what is remembered of a model's engine, and the buttons that undo it."""

from __future__ import annotations

from collections.abc import Sequence

from engines.engine_state import EngineState
from engines.policy import OVERRIDE
from gui.look import theme
from gui.qt import QtCore, QtWidgets, Signal
from gui.status.engine_orders import EngineOrders
from gui.status.engine_words import wish_title
from gui.words import tr


class EngineKept(QtWidgets.QWidget):
    """One line and two buttons."""

    undone = Signal(bool)
    """What is configured is to run again: the chosen model, or (True) all of them."""

    def __init__(self, orders: EngineOrders) -> None:
        super().__init__()
        self._orders = orders
        self._told: object = None
        self.words = QtWidgets.QLabel()
        self.words.setAccessibleName(tr("Remembered"))
        self.words.setWordWrap(True)
        self.words.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        theme.sized(self.words, theme.BASE_PT + 1)
        self.undo = QtWidgets.QPushButton(tr("As con&figured"))
        self.undo_all = QtWidgets.QPushButton(tr("All as configure&d"))
        self.undo.clicked.connect(lambda: self.undone.emit(False))
        self.undo_all.clicked.connect(lambda: self.undone.emit(True))
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        for button in (self.undo, self.undo_all):
            button.setAutoDefault(False)
            row.addWidget(button)

    def show_kept(self, state: EngineState | None, all_states: Sequence[EngineState], closed: str) -> None:
        """A few times a second.

        Args:
            closed: why no engine can be changed now; what is remembered can be forgotten all the same.
        """
        memory = self._orders.memory
        kept = [one for one in all_states if memory.is_there(one.model)]
        told = (
            None if state is None else (state.model, state.configured, memory.of(state.model)),
            None if state is None else memory.problem(state.model),
            [one.model for one in kept],
            closed,
        )
        if told == self._told:
            return
        self._told = told
        self.setVisible(state is not None)
        if state is None:
            return
        words, warn = self._words(state)
        self.words.setText(words)
        theme.set_tone(self.words, "warn" if warn else "dim")
        is_kept = memory.is_there(state.model)
        self.undo.setEnabled(is_kept)
        self.undo.setToolTip(
            tr("Forget what is remembered, and let run what is configured: {policy}.", policy=state.configured)
            if is_kept
            else tr("Nothing is remembered of this model.")
        )
        self.undo_all.setEnabled(bool(kept))
        self.undo_all.setToolTip(tr("The same for every model.") if kept else tr("Nothing is remembered of any model."))

    def _words(self, state: EngineState) -> tuple[str, bool]:
        memory, policy = self._orders.memory, state.configured
        configured = tr("Configured is: {policy}.", policy=policy) if policy else ""
        if why := memory.problem(state.model):
            return " ".join((tr("What is remembered makes no sense: {why}.", why=why), configured)), True
        wish = memory.of(state.model)
        if not wish:
            return " ".join(filter(None, (tr("Nothing is remembered of this model."), configured))), False
        words = tr("Remembered: {wish}, for the next start too.", wish=wish_title(wish))
        if self._orders.overridden:
            words += " " + tr("Now {name} says what runs.", name=OVERRIDE)
        elif self._orders.swap is None:
            words += " " + tr("It counts where cameras run.")
        return f"{words} {configured}".strip(), False
