"""The drawer of long work, and its few words in the status line."""

from __future__ import annotations

from collections.abc import Sequence

from engines.keeper import EngineState
from gui.actions.keys import action_of, follow, told
from gui.look import theme
from gui.look.dock_title import DockTitle
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.status.build_words import build_words
from gui.status.engine_words import model_title
from gui.words import tr
from gui.work.task_row import BuildRow, TaskRow
from gui.work.tasks import TaskState, TaskView

HEIGHT = 200


class TaskPanel(QtWidgets.QDockWidget):
    """Every task. It stands under the pictures, or floats."""

    cancel = Signal(int)
    opened = Signal(int)
    clear = Signal()
    cancel_build = Signal()
    seen = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(tr("Tasks"), parent)
        self.setObjectName("tasks-panel")
        self.setAccessibleName(tr("Tasks"))
        self.setAllowedAreas(
            QtCore.Qt.DockWidgetArea.BottomDockWidgetArea | QtCore.Qt.DockWidgetArea.RightDockWidgetArea
        )
        self.rows: dict[int, TaskRow] = {}
        self.builds: dict[str, BuildRow] = {}
        self.empty = QtWidgets.QLabel(
            tr("No task. Imports, exports, batches and other long work show here how far they are.")
        )
        self.empty.setWordWrap(True)
        self.empty.setAccessibleName(tr("No task"))
        theme.set_tone(self.empty, "dim")
        self.clear_button = QtWidgets.QPushButton(tr("Clear what is over"))
        self.clear_button.setAccessibleName(tr("Clear what is over"))
        self.clear_button.setToolTip(tr("Take tasks that are over off this list; what they made stays."))
        self.clear_button.setAutoDefault(False)
        self.clear_button.clicked.connect(self.clear)

        inside = QtWidgets.QWidget()
        self._column = QtWidgets.QVBoxLayout(inside)
        self._column.setContentsMargins(8, 6, 8, 6)
        self._column.setSpacing(6)
        self._column.addWidget(self.empty)
        self._column.addWidget(self.clear_button, 0, QtCore.Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("List of tasks"))
        scroll.setWidget(inside)
        scroll.setMinimumHeight(110)
        self.setWidget(scroll)
        title = DockTitle(self)
        tasks = action_of(parent, "tasks")
        follow(title.close_button, tasks, lambda: told(tr("Close the panel; the tasks go on"), tasks))
        self.setTitleBarWidget(title)
        self.visibilityChanged.connect(lambda shown: self.seen.emit() if shown else None)

    def sizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(700, HEIGHT)

    def show_tasks(self, views: Sequence[TaskView], engines: Sequence[EngineState]) -> None:
        """A few times a second while it is open."""
        wanted = {view.number for view in views}
        for number in [n for n in self.rows if n not in wanted]:
            self._drop(self.rows.pop(number))
        for view in views:
            row = self.rows.get(view.number)
            if row is None:
                row = self.rows[view.number] = TaskRow(view)
                row.cancel.connect(self.cancel)
                row.opened.connect(self.opened)
            row.show_view(view)
        self._show_builds(engines)
        for place, view in enumerate(sorted(views, key=_place), len(self.builds)):
            row = self.rows[view.number]
            if self._column.indexOf(row) != place:
                self._column.removeWidget(row)
                self._column.insertWidget(place, row)
        self.empty.setVisible(not self.rows and not self.builds)
        self.clear_button.setVisible(any(view.state.is_over for view in views))

    def first_control(self) -> QtWidgets.QWidget:
        """What the keys go to when it is opened."""
        buttons = [r.cancel_button for r in self.rows.values()] + [r.copy_button for r in self.rows.values()]
        return next((b for b in buttons if b.isVisibleTo(self)), self.clear_button)

    def _show_builds(self, engines: Sequence[EngineState]) -> None:
        building = {e.model: e for e in engines if e.build is not None}
        for model in [m for m in self.builds if m not in building]:
            self._drop(self.builds.pop(model))
        for model, engine in building.items():
            build = engine.build
            assert build is not None
            row = self.builds.get(model)
            if row is None:
                row = self.builds[model] = BuildRow(model)
                row.cancel.connect(self.cancel_build)
                self._column.insertWidget(0, row)
            row.show_build(
                tr("Build an engine: {model}", model=model_title(model)),
                build_words(build),
                build.fraction,
            )

    def _drop(self, row: QtWidgets.QWidget) -> None:
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def _place(view: TaskView) -> tuple[int, int]:
    """What runs stands first, then what waits in its order, then what is over, the newest first."""
    if view.state.is_over:
        return 2, -view.number
    return int(view.state is TaskState.QUEUED), view.number


class TaskIndicator(QtWidgets.QToolButton):
    """A few words in the status line; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Tasks"))
        self.setToolTip(tr("Long work: show the tasks"))
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self._said: tuple[str, bool] = ("", False)
        self.hide()

    def show_words(self, words: str, warn: bool) -> None:
        """Say it."""
        if (words, warn) == self._said:
            return
        self._said = (words, warn)
        self.setText(words)
        self.setAccessibleDescription(words)
        font = self.font()
        font.setBold(True)
        self.setFont(font)
        palette = self.palette()
        color = QtGui.QColor(theme.now().warn if warn else theme.now().text)
        palette.setColor(QtGui.QPalette.ColorRole.ButtonText, color)
        self.setPalette(palette)
        # The style sheet of the window has the last word on colors of buttons.
        self.setStyleSheet(f"color: {theme.now().warn};" if warn else "")
        self.setVisible(bool(words))
