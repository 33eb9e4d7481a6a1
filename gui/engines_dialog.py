"""What runs each model, why not the others, what is on its way; and, while cameras run, another engine for a model.

The dialog stands beside the picture and is filled by the window's own poll. Nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable

from engines.errors import EngineError
from engines.keeper import EngineState
from gui import theme
from gui.backend_facts import BackendLook
from gui.engine_choice import EngineChoice
from gui.engine_page import page_html
from gui.engine_words import coming_words, model_title, pace_badge, pace_words, state_text, troubles, wish_title
from gui.feed import FeedStatus, Mode, Phase
from gui.qt import QtCore, QtGui, QtWidgets

Swap = Callable[[str, str], None]
"""Model and policy; returns at once."""

REPLAY_WORDS = (
    "Engines are changed while cameras run. A replay is computed by the same engines from its beginning to its end, so "
    "that its results can be compared; for others, set the policy in the configuration or in TAPETUM_BACKEND and open "
    "it again."
)
_COLUMNS = ("model", "runs on", "device", "in", "state")
_NAME = QtCore.Qt.ItemDataRole.UserRole


class EnginesDialog(QtWidgets.QDialog):
    """One row a model; below, all that is known of the chosen one.

    Args:
        swap: lets another engine take over; None where that is not possible.
        cancel: gives the running build up; None as above.
        look: what is known of the backends; None looks it up.
    """

    def __init__(
        self,
        swap: Swap | None,
        cancel: Callable[[], bool] | None,
        parent: QtWidgets.QWidget | None = None,
        look: BackendLook | None = None,
    ) -> None:
        super().__init__(parent)
        self._swap, self._cancel = swap, cancel
        self._look = look or BackendLook()
        self._status: FeedStatus | None = None
        self._asked = ("", "", False)  # of which model what was said last, and whether it stands out
        self._awaited = ("", "")  # a model, and the policy that was asked for it and has not been answered yet
        self._html = ""
        self.setWindowTitle("Engines")
        self.setModal(False)
        room = QtWidgets.QApplication.primaryScreen().availableGeometry()
        self.resize(min(1140, room.width() - 20), min(800, room.height() - 40))

        self.pace = _line("Latency budget")
        self.models = _table()
        self.models.currentItemChanged.connect(lambda *_: self._show_chosen())
        self.coming = _line("On its way")
        self.bar = QtWidgets.QProgressBar()
        self.bar.setAccessibleName("Progress of the build")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(14)
        self.cancel = QtWidgets.QPushButton("Cancel the &build")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self._cancel_build)
        self.page = QtWidgets.QTextBrowser()
        self.page.setAccessibleName("Why the others do not run")
        self.page.setOpenLinks(False)
        theme.sized(self.page, theme.BASE_PT + 1)
        self.choice = EngineChoice()
        self.choice.applied.connect(self._apply)
        self.said = _line("Answer")
        copy = QtWidgets.QPushButton("&Copy all of it")
        copy.setAutoDefault(False)
        copy.setToolTip("Everything that is known of the engines, as text for a report.")
        copy.clicked.connect(self.copy)
        close = QtWidgets.QPushButton("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)

        self._strip = QtWidgets.QFrame()
        self._strip.setObjectName("panel")
        strip = QtWidgets.QHBoxLayout(self._strip)
        strip.setContentsMargins(12, 8, 12, 8)
        strip.setSpacing(12)
        strip.addWidget(self.coming, 3)
        strip.addWidget(self.bar, 2)
        strip.addWidget(self.cancel)
        self._strip.hide()
        buttons = QtWidgets.QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for widget, stretch in (
            (self.pace, 0),
            (self.models, 0),
            (self._strip, 0),
            (self.page, 1),
            (self.choice, 0),
            (self.said, 0),
        ):
            column.addWidget(widget, stretch)
        column.addLayout(buttons)

    @property
    def chosen(self) -> EngineState | None:
        """The model that is chosen in the table; None when it was not loaded, or there is none."""
        item = self.models.currentItem()
        return None if item is None else self._state(item.data(0, _NAME))

    def show_status(self, status: FeedStatus) -> None:
        """Called a few times a second while the dialog is open."""
        self._status = status
        self._show_pace(status)
        self._show_models(status)
        self._show_coming(status)
        self._show_answer()
        self._show_chosen()

    def copy(self) -> None:
        """Everything, as text, to the clipboard."""
        status = self._status
        if status is None:
            return
        parts = [state_text(state) for state in status.engines]
        parts += [f"{model_title(name)}: missing. {why}" for name, why in status.missing.items()]
        parts += [status.pace.note] if status.pace.note else []
        parts += [f"{status.not_computed} FrameSets could not be computed by any engine"] if status.not_computed else []
        QtWidgets.QApplication.clipboard().setText("\n\n".join(parts) + "\n")
        self._say("Copied.", False)

    # -- showing ------------------------------------------------------------------------------------------------------

    def _show_pace(self, status: FeedStatus) -> None:
        words = [f"{status.not_computed} frames could not be computed by any engine."] if status.not_computed else []
        badge = pace_badge(status.pace)
        if status.pace.note:
            words.append(f"{pace_words(status.pace)}.")
        elif status.mode is Mode.LIVE:
            words.append("No latency budget: every model runs on every frame.")
        _put(self.pace, "  ".join(words), warn=bool(status.not_computed) or badge.warn)

    def _show_models(self, status: FeedStatus) -> None:
        names = [state.model for state in status.engines] + list(status.missing)
        if [self.models.topLevelItem(i).data(0, _NAME) for i in range(self.models.topLevelItemCount())] != names:
            chosen = self.models.currentItem()
            before = "" if chosen is None else chosen.data(0, _NAME)
            self.models.blockSignals(True)
            self.models.clear()
            for name in names:
                item = QtWidgets.QTreeWidgetItem([model_title(name)])
                item.setData(0, _NAME, name)
                self.models.addTopLevelItem(item)
            if names:
                self.models.setCurrentItem(self.models.topLevelItem(names.index(before) if before in names else 0))
            self.models.blockSignals(False)
        for index, name in enumerate(names):
            state = self._state(name)
            cells, warn, tip = ("missing", "", "", status.missing.get(name, "")), True, status.missing.get(name, "")
            if state is not None:
                words = [*troubles(state), *([f"coming: {wish_title(state.coming)}"] if state.coming else [])]
                cells = (wish_title(state.wish), state.device, state.precision, " · ".join(words) or "as asked for")
                warn, tip = bool(troubles(state)), state_text(state)
            _fill(self.models.topLevelItem(index), cells, warn, tip)
        rows = max(self.models.sizeHintForRow(0), 30) * max(len(names), 1)
        self.models.setFixedHeight(min(self.models.header().sizeHint().height() + rows + 8, 300))
        for column in range(len(_COLUMNS) - 1):
            self.models.resizeColumnToContents(column)
            self.models.setColumnWidth(column, min(self.models.columnWidth(column) + 18, 210))

    def _show_coming(self, status: FeedStatus) -> None:
        coming = [state for state in status.engines if state.coming or state.build is not None]
        self._strip.setVisible(bool(coming))
        if not coming:
            return
        _put(self.coming, "\n".join(f"{model_title(state.model)}: {coming_words(state)}" for state in coming))
        build = next((state.build for state in coming if state.build is not None), None)
        self.bar.setRange(0, 0 if build is None else 1000)  # 0 to 0: it moves, and says nothing of how far
        if build is not None:
            self.bar.setValue(round(1000 * build.fraction))
        self.cancel.setVisible(build is not None and self._cancel is not None)

    def _show_answer(self) -> None:
        """What became of the engine that was asked for last."""
        model, policy = self._awaited
        state = self._state(model)
        if state is None or state.coming or state.build is not None:
            return
        if state.trouble:
            self._asked = (model, f"{wish_title(state.wish)} goes on. {state.trouble}", True)
        elif state.wish == policy:
            self._asked = (model, f"{wish_title(policy)} runs now.", False)
        else:
            return
        self._awaited = ("", "")

    def _show_chosen(self) -> None:
        status, state, item = self._status, self.chosen, self.models.currentItem()
        if status is None:
            return
        name = "" if item is None else item.data(0, _NAME)
        facts = self._look.known()
        html = page_html(name, state, status.missing.get(name, ""), facts)
        if html != self._html:  # else what somebody has marked to copy would be gone
            where = self.page.verticalScrollBar().value()
            self._html = html
            self.page.setHtml(html)
            self.page.verticalScrollBar().setValue(where)
        self.choice.show_state(state, facts, self._why_closed(status, state))
        model, words, warn = self._asked
        if not words or model != name:
            words = self._why_closed(status, state) or self.choice.caution
            warn = self._swap is not None
        _put(self.said, words, warn=warn)

    def _why_closed(self, status: FeedStatus, state: EngineState | None) -> str:
        """Why no engine can be changed now; empty when it can."""
        if self._swap is None:
            return REPLAY_WORDS
        if status.phase is not Phase.RUNNING:
            return f"Engines are changed while cameras run: {status.phase}."
        return "" if state is not None else "This model is missing: no engine can run it."

    # -- asking -------------------------------------------------------------------------------------------------------

    def _apply(self, policy: str) -> None:
        state = self.chosen
        if state is None or self._swap is None:
            return
        try:
            self._swap(state.model, policy)
        except EngineError as error:
            self._say(str(error), True)
        else:
            self._awaited = (state.model, policy)
            self._say(f"Asked for {wish_title(policy)}; {wish_title(state.wish)} runs until it is there.", False)

    def _cancel_build(self) -> None:
        if self._cancel is not None:
            given_up = self._cancel()
            self._say("The build is being given up." if given_up else "Nothing is being built any more.", False)

    def _say(self, words: str, warn: bool) -> None:
        """Stands until another model is chosen or something else is asked."""
        item = self.models.currentItem()
        self._asked = ("" if item is None else item.data(0, _NAME), words, warn)
        _put(self.said, words, warn=warn)

    def _state(self, name: str) -> EngineState | None:
        states = () if self._status is None else self._status.engines
        return next((state for state in states if state.model == name), None)


def _table() -> QtWidgets.QTreeWidget:
    table = QtWidgets.QTreeWidget()
    table.setAccessibleName("Models and their engines")
    table.setHeaderLabels(list(_COLUMNS))
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setAllColumnsShowFocus(True)
    table.header().setStretchLastSection(True)
    theme.sized(table, theme.BASE_PT + 2)
    return table


def _fill(item: QtWidgets.QTreeWidgetItem, cells: tuple[str, ...], warn: bool, tip: str) -> None:
    color = QtGui.QColor(theme.DARK.warn if warn else theme.DARK.text)
    for column, words in enumerate(cells, start=1):
        if item.text(column) != words:
            item.setText(column, words)
    for column in (0, len(_COLUMNS) - 1):
        if item.foreground(column).color() != color:
            item.setForeground(column, color)
    for column in range(len(_COLUMNS)):
        item.setToolTip(column, tip)


def _line(name: str) -> QtWidgets.QLabel:
    label = QtWidgets.QLabel()
    label.setAccessibleName(name)
    label.setWordWrap(True)
    label.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
    theme.sized(label, theme.BASE_PT + 1)
    label.hide()
    return label


def _put(label: QtWidgets.QLabel, words: str, warn: bool = False) -> None:
    if label.text() != words:
        label.setText(words)
    theme.set_tone(label, "warn" if warn else "")
    label.setVisible(bool(words))
