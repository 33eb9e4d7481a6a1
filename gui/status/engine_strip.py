"""What is on its way to take over: how far it is, how long it takes, and the buttons that give it up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engines.engine_state import EngineState
from gui.look import theme
from gui.qt import QtCore, QtWidgets
from gui.status.engine_words import coming_words, model_title
from gui.words import tr

Cancel = Callable[[bool], bool]
"""Give the running build up, and (True) what waits for its turn; False when there was nothing."""

_STEPS = 1000


class EngineStrip(QtWidgets.QFrame):
    """Hidden while nothing is on its way.

    Args:
        cancel: None where nothing can be given up.
        say: told what became of it.
    """

    def __init__(self, cancel: Cancel | None, say: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._cancel, self._say = cancel, say
        self.setObjectName("panel")
        self.words = QtWidgets.QLabel()
        self.words.setAccessibleName(tr("On its way"))
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.sized(self.words, theme.BASE_PT + 1)
        self.bar = QtWidgets.QProgressBar()
        self.bar.setAccessibleName(tr("Progress of the build"))
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(14)
        self.cancel = _button(tr("Cancel the &build"), tr("Give this build up; what runs now goes on."))
        self.cancel.clicked.connect(lambda: self._give_up(False))
        self.cancel_all = _button(
            tr("Cancel all"), tr("Give up the build and everything that waits for its turn; what runs now goes on.")
        )
        self.cancel_all.clicked.connect(lambda: self._give_up(True))
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.words)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.cancel_all)
        column.addLayout(row)
        self.hide()

    def show_coming(self, states: Sequence[EngineState]) -> None:
        """A few times a second."""
        coming = [state for state in states if state.coming or state.build is not None]
        self.setVisible(bool(coming))
        if not coming:
            return
        first = next((state for state in coming if state.build is not None), coming[0])
        then = ", ".join(model_title(state.model) for state in coming if state is not first)
        words = f"{model_title(first.model)}: {coming_words(first)}"
        words += f"\n{tr('Then: {models}', models=then)}" if then else ""
        if words != self.words.text():
            self.words.setText(words)
        build = first.build
        steps = 0 if build is None else _STEPS  # 0 to 0: it moves, and says nothing of how far
        if self.bar.maximum() != steps:
            self.bar.setRange(0, steps)
        if build is not None:
            self.bar.setValue(round(_STEPS * build.fraction))
        self.cancel.setVisible(build is not None and self._cancel is not None)
        self.cancel_all.setVisible(len(coming) > 1 and self._cancel is not None)

    def _give_up(self, with_waiting: bool) -> None:
        if self._cancel is not None:
            given_up = self._cancel(with_waiting)
            self._say(tr("The build is being given up.") if given_up else tr("Nothing is being built any more."), False)


def _button(words: str, tip: str) -> QtWidgets.QPushButton:
    button = QtWidgets.QPushButton(words)
    button.setAutoDefault(False)
    button.setToolTip(tip)
    return button
