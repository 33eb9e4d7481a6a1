"""Choosing a backend and a precision for a model: what cannot be chosen is there too, and says why."""

from __future__ import annotations

from collections.abc import Mapping

from engines.backend import PRECISIONS
from engines.keeper import EngineState
from engines.registry import BACKENDS
from gui.backend_facts import BackendFacts
from gui.engine_words import backend_title
from gui.qt import QtCore, QtGui, QtWidgets, Signal

_PRECISION_WORDS = {"file": "as in its file"}


class EngineChoice(QtWidgets.QWidget):
    """Two lists, and a button that asks for what stands in them."""

    applied = Signal(str)
    """The policy that was asked for, such as ``openvino:int8``."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: Mapping[str, BackendFacts] = {}
        self._model = ""
        self._runs = ""
        self._closed = ""  # why nothing can be changed at all
        self.backends = _list("Backend")
        self.precisions = _list("Precision")
        for name, info in BACKENDS.items():
            self.backends.addItem(info.title, name)
        for precision in PRECISIONS:
            self.precisions.addItem(_PRECISION_WORDS.get(precision, precision), precision)
        self.apply = QtWidgets.QPushButton("&Apply")
        self.apply.setAutoDefault(False)
        self.apply.clicked.connect(lambda: self.applied.emit(self.wish))
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for words, widget, stretch in (("&Run it on", self.backends, 3), ("in", self.precisions, 1)):
            label = QtWidgets.QLabel(words)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget, stretch)
        row.addWidget(self.apply)
        self.backends.currentIndexChanged.connect(self._changed)
        self.precisions.currentIndexChanged.connect(self._changed)

    @property
    def wish(self) -> str:
        """What stands in the lists, as a policy spells it."""
        backend, precision = self.backends.currentData(), self.precisions.currentData()
        return str(backend) if precision == "file" else f"{backend}:{precision}"

    @property
    def why_not(self) -> str:
        """Why what stands in the lists cannot be asked for; empty when it can."""
        backend, precision = self.backends.currentData(), self.precisions.currentData()
        barred = self._barred(backend) or _no_precision(backend, precision)
        return self._closed or barred or (f"{self.wish} runs already." if self.wish == self._runs else "")

    @property
    def caution(self) -> str:
        """What whoever asks for it must know; or empty."""
        facts = self._facts.get(self.backends.currentData())
        return "" if facts is None else facts.unverified

    def show_state(self, state: EngineState | None, facts: Mapping[str, BackendFacts], closed: str) -> None:
        """Another model puts the lists where it stands; the same one leaves them where the operator put them.

        Args:
            facts: which backends can be chosen, as far as is known.
            closed: why nothing can be changed at all; or empty.
        """
        self._facts, self._closed = facts, closed
        self._runs = "" if state is None else state.wish
        if state is not None and state.model != self._model:
            self._model = state.model
            backend, _, precision = state.wish.partition(":")
            self.backends.setCurrentIndex(self.backends.findData(backend))
            self.precisions.setCurrentIndex(self.precisions.findData(precision or "file"))
        self._changed()

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
        self.apply.setToolTip(why or f"Load {self.wish} beside the picture, and let it take over between two frames.")


def _no_precision(backend: str, precision: str) -> str:
    able = BACKENDS[backend].precisions
    if precision in able:
        return ""
    return f"{backend_title(backend)} computes in {', '.join(p for p in able if p != 'file')}, not in {precision}."


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
