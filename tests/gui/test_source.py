"""What the window's source must hold to, so that it runs on every binding, in every language and in every theme."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.translations.literals import ROOT

FILES = sorted(ROOT.rglob("*.py"))

OWN = {"QtCore", "QtGui", "QtWidgets"}
BINDINGS = {"PyQt5", "PyQt6", "PySide2", "PySide6"}

SAID_BY = {
    "setText",
    "setToolTip",
    "setWindowTitle",
    "setAccessibleName",
    "setAccessibleDescription",
    "setPlaceholderText",
    "setStatusTip",
    "setWhatsThis",
    "setTitle",
    "setLabelText",
    "setHeaderLabels",
    "setSuffix",
    "setPrefix",
    "addAction",
    "addItem",
    "addTab",
    "addMenu",
    "say",
    "tell",
    "QLabel",
    "QPushButton",
    "QCheckBox",
    "QRadioButton",
    "QGroupBox",
}
"""What shows its words to the operator."""

NO_WORDS = re.compile(r"[^A-Za-z]*[A-Za-z]?[^A-Za-z]*|\W*(~/Tapetum|Tapetum|mm|\(Ctrl\+[A-Z]\)|\S+(:|/)\S+.*)")
"""Signs, one letter, units, keys, examples of sources: the same in every language."""


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_qt_is_taken_through_one_door_and_its_enums_by_their_full_names(path: Path) -> None:
    """PyQt6 knows no short names (``Qt.AlignLeft``), and nobody may import a binding beside pyqtgraph's."""
    tree = ast.parse(path.read_text("utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if path.name != "qt.py":
                found += [f"{node.lineno}: {n}" for n in names if n.split(".")[0] in BINDINGS | {"pyqtgraph"}]
        if isinstance(node, ast.Attribute) and (short := _short_enum(node)):
            found.append(f"{node.lineno}: {short}")
    assert not found


def _short_enum(node: ast.Attribute) -> str:
    """``QtCore.Qt.AlignLeft`` for ``QtCore.Qt.AlignmentFlag.AlignLeft``: a value in capitals straight on a class."""
    whole = ast.unparse(node)
    parts = whole.split(".")
    if len(parts) != 3 or parts[0] not in OWN or not parts[2][:1].isupper():
        return ""
    from gui import qt

    owner = getattr(getattr(qt, parts[0]), parts[1], None)
    return "" if isinstance(getattr(owner, parts[2], None), type) else whole


PLACES = {"pos", "globalPos", "localPos", "windowPos", "screenPos", "posF", "globalX", "globalY"}
"""Where an event happened, as Qt 5 says it: deprecated in Qt 6, and the warning leaves Qt's event in a traceback."""


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_where_an_event_happened_is_asked_in_a_way_that_every_binding_knows(path: Path) -> None:
    found = []
    for call in calls(path):
        of = call.func
        asked = isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name) and of.attr in PLACES
        if asked and ("event" in of.value.id.lower() or of.value.id in ("e", "ev")):
            found.append(f"{call.lineno}: {ast.unparse(call)}")
    assert not found, "event_pos(event) and global_pos(event) of gui.qt say it on every binding"


UNTRANSLATED: dict[str, int] = {}
"""File -> how many words still go to the screen in English alone. It may only shrink."""


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_word_that_is_shown_can_be_translated(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    assert len(words_without_tr(path)) <= UNTRANSLATED.get(name, 0), words_without_tr(path)


def words_without_tr(path: Path) -> list[str]:
    """Places where English goes to the screen as it stands."""
    found = []
    for call in calls(path):
        function = call.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name not in SAID_BY:
            continue
        shown = call.args[1:] if name == "tell" else call.args[:1]  # tell's first is a key, addItem's second is data
        for argument in shown:
            for part in _parts(argument):
                if not NO_WORDS.fullmatch(part):
                    found.append(f"{call.lineno}: {name}({part!r})")
    return found


def _parts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for value in node.values:
            if isinstance(value, ast.Constant):
                yield re.sub(r"<[^>]*>|&nbsp;", " ", str(value.value))
    elif isinstance(node, ast.IfExp):
        yield from _parts(node.body)
        yield from _parts(node.orelse)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            yield from _parts(item)
