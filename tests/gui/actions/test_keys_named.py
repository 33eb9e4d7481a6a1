"""Sentences name the keys that an action has now: those of the table can be given others."""

from __future__ import annotations

import re

import pytest
from pytestqt.qtbot import QtBot

from gui.actions import keys, table
from gui.feed import Mode
from gui.qt import QtWidgets
from gui.translations.literals import literals
from gui.words import mark
from gui.work.fields import WorkDialog
from gui.work.welcome import WelcomeStrip, explain_html
from tests.gui.actions.made_desk import MadeDesk

FIXED = {
    "Tick the cameras to show. Space ticks; Enter shows.": "of Qt's lists",
    "Which pictures are in it. Space switches one.": "of Qt's lists",
    "Shift and the arrows move the chosen one, Ctrl+Shift by ten pixels; Delete takes it away.": "of that table",
    "Up and Down go through them; F2 changes a bookmark's note, Delete takes it away.": "of Qt's lists",
    "Empty\nRight-click, or Shift+F10: choose what it shows.\nOr drag another tile here by its head.": "of the desktop",
    "What the colors mean. Drag an end, or between them to move both; wheel: level, Ctrl+wheel: span; double click: "
    "type an end; the padlock locks the range or lets it follow the picture.": "of the mouse",
    "Drag it onto another tile: they change places. Double click: this tile alone. Right click: more.": "of the mouse",
    "End the recording": "is a verb",
    "Fill the screen (F11)": "of a tile in a window of its own, which has it for itself",
}
"""Sentences with keys that nobody can change, and whose they are."""


def named(text: str) -> list[str]:
    """Keys of the table, and whatever else looks like keys, in a text."""
    of_table = {key for row in table.ACTIONS for key in row.shortcuts}
    long = sorted((key for key in of_table if len(key) > 1), key=len, reverse=True)
    some = [rf"(?<![\w+]){re.escape(key)}(?![\w+])" for key in long]
    some += [r"\b(?:Ctrl|Alt|Shift|Meta)\+\S", r"\bF\d{1,2}\b"]
    letters = "".join(sorted(key for key in of_table if len(key) == 1 and key.isalpha()))
    some += [rf"\([{letters}]\)", rf"(?<![\w{{°])[{letters.replace('I', '').replace('A', '')}] (?=[a-z]+s\b)"]
    return re.findall("|".join(some), text)


def test_the_scan_finds_keys_and_leaves_words_alone() -> None:
    for text in (
        "Ctrl+J shows it",
        "see the tasks (Ctrl+J)",
        "F1 is the help",
        "Space plays",
        "it (X): so",
        "V opens it",
    ):
        assert named(text), text
    for text in ("Play it", "a fifth F", "{keys} shows it", "A face that was found", "I see", "{n} s", "the R channel"):
        assert not named(text), text


def test_no_sentence_names_a_key_that_may_have_changed() -> None:
    found = {text: files for text, files in literals().texts.items() if named(text)}
    strange = {text: files for text, files in found.items() if text not in FIXED}
    assert not strange, "say it by gui/actions/keys.py: sentence, told"


@pytest.fixture
def desk(qtbot: QtBot) -> MadeDesk:
    desk = MadeDesk(Mode.REPLAY)
    qtbot.addWidget(desk.window)
    return desk


def give(desk: MadeDesk, key: str, *wanted: str) -> None:
    row = next(row for row in table.ACTIONS if row.key == key)
    keys.give(row, wanted, desk.settings)
    keys.apply(desk.actions, table.ACTIONS, desk.mode, desk.settings)


def test_a_sentence_names_the_keys_of_now_or_none(desk: MadeDesk) -> None:
    with_keys, without = mark("{n} tasks; {keys} shows them"), mark("{n} tasks")
    tasks = desk.actions["tasks"]
    assert keys.sentence(tasks, with_keys, without, n=2) == "2 tasks; Ctrl+J shows them"
    give(desk, "tasks", "F7")
    assert keys.sentence(tasks, with_keys, without, n=2) == "2 tasks; F7 shows them"
    give(desk, "tasks")
    assert keys.sentence(tasks, with_keys, without, n=2) == "2 tasks"
    assert keys.sentence(None, with_keys, without, n=2) == "2 tasks"


def test_tooltips_follow_keys_while_the_window_is_open(desk: MadeDesk, qtbot: QtBot) -> None:
    strip = WelcomeStrip(desk.actions)
    form = WorkDialog("Export", "A file is written.", "Begin", desk.window)
    for widget in (strip, form):
        qtbot.addWidget(widget)
    assert "(Ctrl+O)" in strip.buttons["open"].toolTip()
    assert "(Ctrl+J)" in form.begin.toolTip()
    give(desk, "open", "F7")
    give(desk, "tasks")
    assert "(F7)" in strip.buttons["open"].toolTip()
    assert "(" not in form.begin.toolTip()


def test_a_widget_may_go_before_its_action(desk: MadeDesk, qtbot: QtBot) -> None:
    button = QtWidgets.QPushButton("Tasks")
    tasks = desk.actions["tasks"]
    keys.follow(button, tasks, lambda: keys.told("Tasks", tasks))
    with qtbot.waitSignal(button.destroyed, timeout=20_000):
        button.deleteLater()
    give(desk, "tasks", "F7")


def test_the_first_page_names_the_keys_of_now(desk: MadeDesk) -> None:
    page = explain_html(desk.actions)
    for words in ("Space plays and pauses", "Ctrl+K finds everything", "F1 shows all keys"):
        assert words in page
    give(desk, "play", "F7")
    give(desk, "help")
    page = explain_html(desk.actions)
    assert "F7 plays and pauses" in page
    assert "shows all keys" not in page


def test_the_action_of_a_dialogs_window_is_found(desk: MadeDesk, qtbot: QtBot) -> None:
    dialog = QtWidgets.QDialog(desk.window)
    inner = QtWidgets.QDialog(dialog)
    label = QtWidgets.QLabel("words", inner)
    alone = QtWidgets.QLabel("words")
    for widget in (dialog, alone):
        qtbot.addWidget(widget)
    assert keys.action_of(label, "tasks") is desk.actions["tasks"]
    assert keys.action_of(desk.window, "no such") is None
    assert keys.action_of(alone, "tasks") is None
    assert keys.action_of(None, "tasks") is None
