"""What runs each model, why not the others, what is on its way; and, while cameras run, another engine for a model.

The dialog stands beside the picture and is filled by the window's own poll. Nothing here waits.
"""

from __future__ import annotations

from collections.abc import Sequence

from engines.engine_state import EngineState
from gui.feed import FeedStatus, Mode, Phase
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.status.backend_facts import BackendLook
from gui.status.engine_choice import EngineChoice
from gui.status.engine_kept import EngineKept
from gui.status.engine_orders import Answer, EngineOrders
from gui.status.engine_page import page_html
from gui.status.engine_strip import Cancel, EngineStrip
from gui.status.engine_words import model_title, pace_badge, pace_words, state_text, troubles, wish_title
from gui.words import mark, tr

REPLAY_WORDS = mark(
    "Engines are changed while cameras run. A replay is computed by the same engines from its beginning to its end, so "
    "that its results can be compared; for others, set the policy in the configuration or in TAPETUM_BACKEND and open "
    "it again."
)
_COLUMNS = (mark("model"), mark("runs on"), mark("device"), mark("in"), mark("state"))
_NAME = QtCore.Qt.ItemDataRole.UserRole


class EnginesDialog(QtWidgets.QDialog):
    """One row a model; below, all that is known of the chosen one.

    Args:
        orders: of other engines; what is remembered.
        cancel: gives builds up; None where that is not possible.
        look: what is known of the backends; None looks it up.
    """

    def __init__(
        self,
        orders: EngineOrders,
        cancel: Cancel | None,
        parent: QtWidgets.QWidget | None = None,
        look: BackendLook | None = None,
    ) -> None:
        super().__init__(parent)
        self._orders = orders
        self._look = look or BackendLook()
        self._status: FeedStatus | None = None
        self._asked = ("", "", False)  # of which model what was said last, and whether it stands out
        self._passed: dict[str, Answer] = {}  # model -> an answer, since when the operator looks at another choice
        self._html = ""
        self._table: object = None  # what stands in it
        self.setWindowTitle(tr("Engines"))
        self.setModal(False)
        room = QtWidgets.QApplication.primaryScreen().availableGeometry()
        self.resize(min(1140, room.width() - 20), min(800, room.height() - 40))

        self.pace = _line(tr("Latency budget"))
        self.models = _table()
        self.models.currentItemChanged.connect(lambda *_: self._show_chosen())
        self.strip = EngineStrip(cancel, self._say)
        self.page = QtWidgets.QTextBrowser()
        self.page.setAccessibleName(tr("Why the others do not run"))
        self.page.setOpenLinks(False)
        theme.sized(self.page, theme.BASE_PT + 1)
        self.choice = EngineChoice()
        self.choice.applied.connect(lambda wish: self._apply([self.chosen], wish))
        self.choice.applied_to_all.connect(lambda wish: self._apply(self._states(), wish))
        self.choice.looked.connect(self._pass_answer)
        self.kept = EngineKept(orders)
        self.kept.undone.connect(self._undo)
        self.said = _line(tr("Answer"))
        copy = QtWidgets.QPushButton(tr("&Copy all of it"))
        copy.setAutoDefault(False)
        copy.setToolTip(tr("Everything that is known of the engines, as text for a report."))
        copy.clicked.connect(self.copy)
        close = QtWidgets.QPushButton(tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)

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
            (self.strip, 0),
            (self.page, 1),
            (self.choice, 0),
            (self.kept, 0),
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
        self._orders.follow(status)
        self._show_pace(status)
        self._show_models(status)
        self.strip.show_coming(status.engines)
        self._show_chosen()

    def copy(self) -> None:
        """Everything, as text, to the clipboard."""
        status = self._status
        if status is None:
            return
        parts = [state_text(state) for state in status.engines]
        parts += [tr("{name}: missing. {why}", name=model_title(name), why=why) for name, why in status.missing.items()]
        parts += [status.pace.note] if status.pace.note else []
        parts += (
            [tr("{n} FrameSets could not be computed by any engine", n=status.not_computed)]
            if status.not_computed
            else []
        )
        QtWidgets.QApplication.clipboard().setText("\n\n".join(parts) + "\n")
        self._say(tr("Copied."), False)

    # -- showing ------------------------------------------------------------------------------------------------------

    def _show_pace(self, status: FeedStatus) -> None:
        words = (
            [tr("{n} frames could not be computed by any engine.", n=status.not_computed)]
            if status.not_computed
            else []
        )
        badge = pace_badge(status.pace)
        if status.pace.note:
            words.append(f"{pace_words(status.pace)}.")
        elif status.mode is Mode.LIVE:
            words.append(tr("No latency budget: every model runs on every frame."))
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
        rows = [self._row(name, status) for name in names]
        told = (names, rows, theme.now())
        if told == self._table:
            return
        self._table = told
        for index, (cells, warn, tip) in enumerate(rows):
            _fill(self.models.topLevelItem(index), cells, warn, tip)
        height = max(self.models.sizeHintForRow(0), 30) * max(len(names), 1)
        self.models.setFixedHeight(min(self.models.header().sizeHint().height() + height + 8, 300))
        for column in range(len(_COLUMNS) - 1):
            self.models.resizeColumnToContents(column)
            self.models.setColumnWidth(column, min(self.models.columnWidth(column) + 18, 210))

    def _row(self, name: str, status: FeedStatus) -> tuple[tuple[str, ...], bool, str]:
        """A model's cells behind its name, whether they stand out, and their tooltip."""
        state = self._state(name)
        if state is None:
            why = status.missing.get(name, "")
            return (tr("missing"), "", "", why), True, why
        wrong = troubles(state)
        words = [*wrong, *([tr("coming: {what}", what=wish_title(state.coming))] if state.coming else [])]
        kept = self._orders.memory.of(name) == state.wish
        asked = tr("as remembered") if kept else tr("as asked for")
        cells = (wish_title(state.wish), state.device, state.precision, " · ".join(words) or asked)
        return cells, bool(wrong), state_text(state)

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
        closed = self._why_closed(status, state)
        self.choice.show_state(state, facts, closed, status.engines)
        self.kept.show_kept(state, status.engines, closed)
        model, words, warn = self._asked
        if not words or model != name:
            answer = self._orders.answer(name)
            words, warn = answer.words, answer.warn
            if answer == self._passed.get(name):
                words = ""
        if not words:
            words = closed or self.choice.caution
            warn = self._orders.swap is not None and bool(closed or self.choice.is_unverified)
        _put(self.said, words, warn=warn)

    def _why_closed(self, status: FeedStatus, state: EngineState | None) -> str:
        """Why no engine can be changed now; empty when it can."""
        if self._orders.swap is None:
            return tr(REPLAY_WORDS)
        if status.phase is not Phase.RUNNING:
            return tr("Engines are changed while cameras run: {phase}.", phase=tr(str(status.phase)))
        return "" if state is not None else tr("This model is missing: no engine can run it.")

    # -- asking -------------------------------------------------------------------------------------------------------

    def _pass_answer(self) -> None:
        """Another choice is looked at: what became of the last one is read."""
        if (state := self.chosen) is not None:
            self._passed[state.model] = self._orders.answer(state.model)
            self._asked = ("", "", False)
            self._show_chosen()

    def _apply(self, states: Sequence[EngineState | None], wish: str) -> None:
        there = [state for state in states if state is not None]
        self._asked = ("", "", False)
        self._passed.clear()
        self._orders.ask([state for state in there if state.wish != wish or state.coming], wish)
        self._look_again()

    def _undo(self, of_all: bool) -> None:
        self._asked = ("", "", False)
        self._passed.clear()
        states = self._states() if of_all else [state for state in (self.chosen,) if state is not None]
        self._orders.as_configured([state for state in states if self._orders.memory.is_there(state.model)])
        self._look_again()

    def _look_again(self) -> None:
        if self._status is not None:
            self.show_status(self._status)

    def _say(self, words: str, warn: bool) -> None:
        """Stands until another model is chosen or something else is asked."""
        item = self.models.currentItem()
        self._asked = ("" if item is None else item.data(0, _NAME), words, warn)
        _put(self.said, words, warn=warn)

    def _states(self) -> Sequence[EngineState]:
        return () if self._status is None else self._status.engines

    def _state(self, name: str) -> EngineState | None:
        return next((state for state in self._states() if state.model == name), None)


def _table() -> QtWidgets.QTreeWidget:
    table = QtWidgets.QTreeWidget()
    table.setAccessibleName(tr("Models and their engines"))
    table.setHeaderLabels([tr(words) for words in _COLUMNS])
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setAllColumnsShowFocus(True)
    table.header().setStretchLastSection(True)
    theme.sized(table, theme.BASE_PT + 2)
    return table


def _fill(item: QtWidgets.QTreeWidgetItem, cells: tuple[str, ...], warn: bool, tip: str) -> None:
    color = QtGui.QColor(theme.now().warn if warn else theme.now().text)
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
