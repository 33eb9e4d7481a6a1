"""What the operating system says is said in the operator's language, with its number."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.alarms.problem_words import problem_words
from gui.feed import Mode
from gui.qt import QtWidgets
from gui.system_words import ERRORS, error_words, system_words
from gui.translations import load
from gui.window import Window
from tests.gui.test_window import StillFeed

NAMES = ("ENOENT", "EACCES", "ENOSPC", "EROFS", "EISDIR", "ENOTDIR", "EBUSY", "EIO")
NAMES += ("ECONNREFUSED", "EADDRINUSE", "ETIMEDOUT")


@pytest.mark.parametrize("name", NAMES)
def test_the_frequent_errors_have_words_of_ours_and_keep_their_number(name: str) -> None:
    number = getattr(errno, name)
    error = OSError(number, os.strerror(number), "night.mcap")
    ours = f"{ERRORS[number]} (error {number})"
    assert error_words(error) == f"{ours}: 'night.mcap'"
    assert system_words(f"cannot read night.mcap: {error.strerror}") == f"cannot read night.mcap: {ours}"
    assert system_words(f"night.mcap: {os.strerror(number).lower()}; try again") == f"night.mcap: {ours}; try again"


def test_what_the_system_really_says_is_known(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    tried = {errno.ENOENT: tmp_path / "gone", errno.EISDIR: tmp_path, errno.ENOTDIR: tmp_path / "file" / "x"}
    for number, path in tried.items():
        with pytest.raises(OSError, match=os.strerror(number)) as told:
            path.open("r+")
        assert error_words(told.value) == f"{ERRORS[number]} (error {number}): {str(path)!r}"


def test_it_is_said_in_the_language_of_the_window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    app = QtWidgets.QApplication.instance()
    monkeypatch.setattr(load, "can_show", lambda _language: True)
    text = "cannot run ./tell.sh: No such file or directory"
    try:
        said = {}
        for language in ("it", "zh"):
            assert load.use(app, language).language == language
            said[language] = problem_words(text)
            assert "No such file" not in said[language]
            assert "./tell.sh" in said[language]
            assert "2" in said[language]
        assert said["it"] != said["zh"]
    finally:
        load.use(app, "en")


@pytest.mark.parametrize(
    "text",
    [
        "it is a directory of sessions",
        "mine.toml: the name 'Permission denied by me' is long",
        "no space left on device A of the rig",
        "",
        "[Errno 95] Operation not supported",
    ],
)
def test_sentences_that_are_not_the_systems_stay(text: str) -> None:
    assert system_words(text) == text


@given(st.text())
def test_whatever_is_said_is_said_once(text: str) -> None:
    said = system_words(text)
    assert system_words(said) == said


def test_whoever_tells_the_window_what_the_system_said_it_stands_there_in_our_words(qtbot: QtBot) -> None:
    window = Window(StillFeed(0.0), Mode.LIVE, "tiny")
    qtbot.addWidget(window)
    window.tell("here", "night.mcap: [Errno 28] No space left on device")
    assert "night.mcap: the disk is full (error 28)" in window.messages.text.split("\n")
    window.tell("here", "")
    assert "night.mcap" not in window.messages.text
    window.say("cannot write night.mcap: Read-only file system")
    assert "nothing can be written there: the disk is read-only (error 30)" in window.line.note.text()
    window.close()


def test_a_number_that_stands_there_already_is_not_said_twice() -> None:
    assert system_words("nmea:/dev/gps: Permission denied (13)").count("13") == 1
