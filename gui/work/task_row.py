"""One task in the panel."""

from __future__ import annotations

from gui.look import theme
from gui.look.buttons import plain_button
from gui.qt import QtCore, QtWidgets, Signal
from gui.words import tr
from gui.work.orders import SESSION
from gui.work.task_words import answer_words, is_bad, state_words, title
from gui.work.tasks import TaskState, TaskView

_STEPS = 1000


class TaskRow(QtWidgets.QFrame):
    """What it is, how far it is, what came of it, and what can be done with it."""

    cancel = Signal(int)
    opened = Signal(int)

    def __init__(self, view: TaskView) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Maximum)
        self.number = view.number
        self._view: TaskView | None = None
        self.head = _label(tr("Task"))
        theme.sized(self.head, theme.BASE_PT, bold=True)
        self.state = _label(tr("State of the task"))
        self.answer = _label(tr("What came of it"))
        self.answer.setWordWrap(True)
        self.answer.setTextInteractionFlags(
            QtCore.Qt.TextInteractionFlag.TextSelectableByMouse | QtCore.Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.bar = QtWidgets.QProgressBar()
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setRange(0, _STEPS)
        self.cancel_button = plain_button(tr("Cancel"), tr("Stop this task. What it began to write is taken away."))
        self.cancel_button.clicked.connect(lambda: self.cancel.emit(self.number))
        self.open_button = plain_button(tr("Open"), tr("Open what it made."))
        self.open_button.clicked.connect(lambda: self.opened.emit(self.number))
        self.copy_button = plain_button(
            tr("Copy command"), tr("Copy the command line that does the same, for a terminal or a script.")
        )
        self.copy_button.clicked.connect(self.copy_command)

        words = QtWidgets.QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self.head)
        words.addWidget(self.state)
        words.addWidget(self.bar)
        words.addWidget(self.answer)
        buttons = QtWidgets.QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.copy_button, self.open_button, self.cancel_button):
            buttons.addWidget(button, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addLayout(buttons)
        self.show_view(view)

    def show_view(self, view: TaskView) -> None:
        """A few times a second; what has not changed is left alone."""
        if view == self._view:
            return
        self._view = view
        self.head.setText(title(view.order))
        self.head.setToolTip(view.order.command_line)
        self.state.setText(state_words(view))
        theme.set_tone(self.state, "warn" if is_bad(view) else "dim")
        answer = answer_words(view)
        if answer != self.answer.text():
            self.answer.setText(answer)
            self.answer.setToolTip("\n".join(view.lines[-40:]))
        theme.set_tone(self.answer, "warn" if is_bad(view) else "")
        self.answer.setVisible(bool(answer))
        is_running = view.state in (TaskState.RUNNING, TaskState.STOPPING)
        self.bar.setVisible(is_running)
        # Without a share the bar only says that it goes on.
        self.bar.setRange(0, 0 if view.share is None and view.state is TaskState.RUNNING else _STEPS)
        if view.share is not None:
            self.bar.setValue(int(_STEPS * view.share))
        self.cancel_button.setVisible(not view.state.is_over)
        self.cancel_button.setEnabled(view.state is not TaskState.STOPPING)
        made = view.state in (TaskState.DONE, TaskState.NO) and view.order.result is not None
        self.open_button.setVisible(made)
        if made:
            self.open_button.setToolTip(
                tr("Show {file} in this window.", file=str(view.order.result))
                if view.order.makes == SESSION
                else tr("Show {file} with the program that your system has for it.", file=str(view.order.result))
            )

    def copy_command(self) -> None:
        """Its command line to the clipboard, without passwords."""
        if self._view is not None:
            QtWidgets.QApplication.clipboard().setText(self._view.order.command_line)


class BuildRow(QtWidgets.QFrame):
    """An engine that is built beside the picture."""

    cancel = Signal()

    def __init__(self, model: str) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Maximum)
        self.model = model
        self.head = _label(tr("Task"))
        theme.sized(self.head, theme.BASE_PT, bold=True)
        self.state = _label(tr("State of the task"))
        theme.set_tone(self.state, "dim")
        self.bar = QtWidgets.QProgressBar()
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setRange(0, _STEPS)
        self.cancel_button = plain_button(tr("Cancel"), tr("Give this build up; what runs now goes on."))
        self.cancel_button.clicked.connect(self.cancel)
        words = QtWidgets.QVBoxLayout()
        words.setSpacing(3)
        for widget in (self.head, self.state, self.bar):
            words.addWidget(widget)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.cancel_button)

    def show_build(self, head: str, state: str, share: float) -> None:
        """A few times a second."""
        self.head.setText(head)
        self.state.setText(state)
        self.bar.setValue(int(_STEPS * share))


def _label(name: str) -> QtWidgets.QLabel:
    label = QtWidgets.QLabel()
    label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    label.setAccessibleName(name)
    label.setMinimumWidth(60)
    return label
