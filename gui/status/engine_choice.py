"""Choosing a backend and a precision for a model: what cannot be chosen is there too, and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engines.backend import PRECISIONS
from engines.engine_state import EngineState
from engines.registry import BACKENDS
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.status.backend_facts import BackendFacts
from gui.status.build_words import before_words
from gui.status.engine_words import backend_title
from gui.words import mark, tr

_PRECISION_WORDS = {"file": mark("as in its file")}


class EngineChoice(QtWidgets.QWidget):
    """Two lists, a button that asks for what stands in them, and one that asks for it for every model."""

    applied = Signal(str)
    """The policy that was asked for, such as ``openvino:int8``."""

    applied_to_all = Signal(str)
    looked = Signal()
    """The operator looks at another backend or precision."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: Mapping[str, BackendFacts] = {}
        self._model = ""
        self._runs = ""
        self._all_run: tuple[str, ...] = ()
        self._state: EngineState | None = None
        self._closed = ""  # why nothing can be changed at all
        self._told: object = None
        self.backends = _list(tr("Backend"))
        self.precisions = _list(tr("Precision"))
        for name, info in BACKENDS.items():
            self.backends.addItem(info.title, name)
        for precision in PRECISIONS:
            self.precisions.addItem(
                tr(_PRECISION_WORDS[precision]) if precision in _PRECISION_WORDS else precision, precision
            )
        self.apply = QtWidgets.QPushButton(tr("&Apply"))
        self.apply.setAutoDefault(False)
        self.apply.clicked.connect(lambda: self.applied.emit(self.wish))
        self.apply_to_all = QtWidgets.QPushButton(tr("To a&ll models"))
        self.apply_to_all.setAutoDefault(False)
        self.apply_to_all.clicked.connect(lambda: self.applied_to_all.emit(self.wish))
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for words, widget, stretch in ((tr("&Run it on"), self.backends, 3), (tr("in"), self.precisions, 1)):
            label = QtWidgets.QLabel(words)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget, stretch)
        row.addWidget(self.apply)
        row.addWidget(self.apply_to_all)
        self.backends.currentIndexChanged.connect(self._moved)
        self.precisions.currentIndexChanged.connect(self._moved)

    @property
    def wish(self) -> str:
        """What stands in the lists, as a policy spells it."""
        backend, precision = self.backends.currentData(), self.precisions.currentData()
        return str(backend) if precision == "file" else f"{backend}:{precision}"

    @property
    def why_not(self) -> str:
        """Why what stands in the lists cannot be asked for; empty when it can."""
        runs = tr("{wish} runs already.", wish=self.wish) if self.wish == self._runs else ""
        return self._closed or self._cannot() or runs

    @property
    def why_not_all(self) -> str:
        """The same, of all models at once."""
        runs = bool(self._all_run) and all(wish == self.wish for wish in self._all_run)
        words = tr("{wish} runs every model already.", wish=self.wish) if runs else ""
        return self._closed or self._cannot() or words

    @property
    def caution(self) -> str:
        """What whoever asks for it must know: that nobody verified it, how long its build takes; or empty."""
        facts = self._facts.get(self.backends.currentData())
        if self.why_not or self._state is None:
            return "" if facts is None else facts.unverified
        build = before_words(self._state, self.wish)
        return "  ".join(filter(None, ("" if facts is None else facts.unverified, build)))

    @property
    def is_unverified(self) -> bool:
        """Nobody has checked that backend on its real device."""
        facts = self._facts.get(self.backends.currentData())
        return facts is not None and bool(facts.unverified)

    def show_state(
        self,
        state: EngineState | None,
        facts: Mapping[str, BackendFacts],
        closed: str,
        all_states: Sequence[EngineState] = (),
    ) -> None:
        """Another model puts the lists where it stands; the same one leaves them where the operator put them.

        Args:
            facts: which backends can be chosen, as far as is known.
            closed: why nothing can be changed at all; or empty.
            all_states: of every model that is loaded.
        """
        all_run = tuple(one.wish for one in all_states)
        told = (None if state is None else (state.model, state.wish), dict(facts), closed, all_run)
        self._state = state
        if told == self._told:
            return
        self._told = told
        self._facts, self._closed, self._all_run = facts, closed, all_run
        self._runs = "" if state is None else state.wish
        if state is not None and state.model != self._model:
            self._model = state.model
            backend, _, precision = state.wish.partition(":")
            for box, data in ((self.backends, backend), (self.precisions, precision or "file")):
                box.blockSignals(True)
                box.setCurrentIndex(box.findData(data))
                box.blockSignals(False)
        self._changed()

    def _moved(self) -> None:
        self._changed()
        self.looked.emit()

    def _cannot(self) -> str:
        backend, precision = self.backends.currentData(), self.precisions.currentData()
        return self._barred(backend) or _no_precision(backend, precision)

    def _barred(self, backend: str) -> str:
        facts = self._facts.get(backend)
        return "" if facts is None else facts.barred

    def _changed(self) -> None:
        backend = self.backends.currentData()
        for index in range(self.backends.count()):
            name = self.backends.itemData(index)
            facts = self._facts.get(name, BackendFacts())
            _allow(self.backends, index, facts.barred, facts.unverified or BACKENDS[name].title)
        for index in range(self.precisions.count()):
            precision = self.precisions.itemData(index)
            _allow(self.precisions, index, _no_precision(backend, precision), "")
        open_ = not self._closed
        for widget in (self.backends, self.precisions):
            widget.setEnabled(open_)
        why = self.why_not
        self.apply.setEnabled(not why)
        self.apply.setToolTip(
            why or tr("Load {wish} beside the picture, and let it take over between two frames.", wish=self.wish)
        )
        why = self.why_not_all
        self.apply_to_all.setEnabled(not why)
        self.apply_to_all.setToolTip(
            why or tr("Let {wish} run every model that it can; one after the other takes over.", wish=self.wish)
        )


def _no_precision(backend: str, precision: str) -> str:
    able = BACKENDS[backend].precisions
    if precision in able:
        return ""
    return tr(
        "{backend} computes in {able}, not in {precision}.",
        backend=backend_title(backend),
        able=", ".join(p for p in able if p != "file"),
        precision=precision,
    )


def _allow(box: QtWidgets.QComboBox, index: int, why_not: str, tip: str) -> None:
    model = box.model()
    assert isinstance(model, QtGui.QStandardItemModel)  # what a QComboBox makes for itself
    item = model.item(index)
    if item.isEnabled() == bool(why_not):
        item.setEnabled(not why_not)
    words = why_not or tip
    if item.toolTip() != words:
        item.setToolTip(words)
        item.setData(words, QtCore.Qt.ItemDataRole.AccessibleDescriptionRole)


def _list(name: str) -> QtWidgets.QComboBox:
    box = QtWidgets.QComboBox()
    box.setAccessibleName(name)
    box.setMinimumContentsLength(6)
    return box
