"""Long work in the window: the panel, the words in the status line, and what happens when a task is over."""

from __future__ import annotations

from gui.actions.keys import follow, sentence, told
from gui.feed import FeedStatus, Mode
from gui.part import Desk, Part
from gui.qt import QtCore, QtGui, QtWidgets, is_alive
from gui.words import mark, tr
from gui.work.begin import begin, may_leave
from gui.work.orders import FOLDER, SESSION, build_order
from gui.work.task_panel import TaskIndicator, TaskPanel
from gui.work.task_words import indicator_words, kind_words, title
from gui.work.tasks import TaskBook, TaskState, TaskView, close_shared, shared_book

_connected_to: QtCore.QCoreApplication | None = None


class TasksPart(Part):
    """Shows the program's tasks. They outlive the window where something else takes its place, and end with the
    program."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.book: TaskBook = shared_book()
        self.panel: TaskPanel | None = None
        self.indicator = TaskIndicator()
        self.indicator.clicked.connect(lambda: self.show_tasks())
        self._unseen: dict[int, TaskView] = {}
        self._end_with_program()

    def ready(self) -> None:
        action = self.desk.actions.get("tasks")
        follow(self.indicator, action, lambda: told(tr("Long work: show the tasks"), action))
        bar = getattr(self.desk.window, "statusBar", None)
        if bar is not None:
            bar().addPermanentWidget(self.indicator)
        build = self.desk.actions.get("build_engines")
        if build is not None and self.desk.mode is Mode.LIVE:
            lets = mark("Build the engines that usually run, beside the picture. {keys} lets one of them take over.")
            alone = mark("Build the engines that usually run, beside the picture.")
            build.setToolTip(sentence(self.desk.actions.get("engines"), lets, alone))

    def show_tasks(self, _key: str = "", on: bool | None = None) -> None:
        """Show the panel, or hide it."""
        panel = self._made()
        show = not panel.isVisible() if on is None else on
        panel.setVisible(show)
        if show:
            self._fill()
            panel.raise_()
            rows = list(panel.rows.values())
            target = (
                rows[-1].cancel_button if rows and rows[-1].cancel_button.isVisibleTo(panel) else panel.clear_button
            )
            target.setFocus()
        else:
            self.desk.window.setFocus()

    def build_engines(self) -> None:
        """Build the engines that usually run, as a task."""
        begin(self.desk, build_order())

    def show_status(self, status: FeedStatus) -> None:
        for view in self.book.take_ended():
            self._unseen[view.number] = view
            self._over(view)
        panel = self.panel
        if panel is not None and panel.isVisible():
            self._unseen.clear()
            self._fill(status)
        self.indicator.show_words(*indicator_words(self.book.views(), list(self._unseen.values())))

    def may_close(self) -> bool:
        """Whether the window may go: asks when that would cancel something."""
        busy = [v for v in self.book.views() if not v.state.is_over]
        return not busy or self.ask_to_close(busy)

    def ask_to_close(self, busy: list[TaskView]) -> bool:
        """Names what would be cancelled."""
        box = QtWidgets.QMessageBox(self.desk.window)
        box.setWindowTitle(tr("Tasks are running"))
        box.setIcon(QtWidgets.QMessageBox.Icon.Question)
        box.setText(
            tr("Closing cancels {n} tasks that are not done.", n=len(busy))
            if len(busy) > 1
            else tr("Closing cancels a task that is not done.")
        )
        box.setInformativeText("\n".join(title(v.order) for v in busy[:8]))
        roles = QtWidgets.QMessageBox.ButtonRole
        close = box.addButton(tr("Close and cancel"), roles.DestructiveRole)
        stay = box.addButton(tr("Go on"), roles.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is close

    def close(self) -> None:
        if self.panel is not None and is_alive(self.panel):
            self.panel.close()

    # -- inside ---------------------------------------------------------------------------------------------------

    def _made(self) -> TaskPanel:
        if self.panel is None:
            panel = self.panel = TaskPanel(self.desk.window)
            panel.cancel.connect(self.book.cancel)
            panel.opened.connect(self._open)
            panel.clear.connect(self._clear)
            panel.cancel_build.connect(self._cancel_build)
            panel.seen.connect(self._unseen.clear)
            if isinstance(self.desk.window, QtWidgets.QMainWindow):
                self.desk.window.addDockWidget(QtCore.Qt.DockWidgetArea.BottomDockWidgetArea, panel)
            panel.hide()
        return self.panel

    def _fill(self, status: FeedStatus | None = None) -> None:
        status = status or self.desk.status
        if self.panel is not None:
            self.panel.show_tasks(self.book.views(), () if status is None else status.engines)

    def _clear(self) -> None:
        self.book.clear()
        self._fill()

    def _cancel_build(self) -> None:
        cancel = getattr(self.desk.feed, "cancel_build", None)
        if cancel is not None:
            cancel()

    def _over(self, view: TaskView) -> None:
        """Say what came of it; show what was made for being shown."""
        kind, tasks = kind_words(view.order), self.desk.actions.get("tasks")
        if view.state is TaskState.FAILED:
            self.desk.say(tr("{task} failed: {why}", task=kind, why=view.problem), True)
        elif view.state is TaskState.NO:
            shows = mark("{task} found problems; {keys} shows them")
            self.desk.say(sentence(tasks, shows, mark("{task} found problems"), task=title(view.order)), True)
        elif view.state is TaskState.CANCELLED:
            self.desk.say(tr("{task} is cancelled", task=title(view.order)))
        elif view.order.then_open and self.desk.mode is Mode.REPLAY:
            self._open(view.number)
        elif view.order.then_open:  # whoever watches cameras is not taken away from them
            self.desk.say(told(tr("{task} is done; open it from the tasks", task=title(view.order)), tasks))
        else:
            first = view.answer_lines[0] if view.answer_lines else tr("done")
            self.desk.say(f"{kind}: {first}")

    def _open(self, number: int) -> None:
        view = self.book.view(number)
        if view is None or view.order.result is None:
            return
        path = view.order.result
        if view.order.makes == SESSION:
            if may_leave(self.desk):
                self.desk.open_session(path)
            return
        # A video or a picture is opened; of what no program may know, its folder.
        known = view.order.makes == FOLDER or path.suffix.lower() in (".mp4", ".pdf", ".png")
        place = path if known else path.parent
        if not QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(place))):
            self.desk.say(tr("no program here opens {file}", file=str(place)), True)

    @staticmethod
    def _end_with_program() -> None:
        global _connected_to
        app = QtWidgets.QApplication.instance()
        if app is not None and app is not _connected_to:
            app.aboutToQuit.connect(_end_tasks)
            _connected_to = app


def _end_tasks() -> None:
    close_shared()
