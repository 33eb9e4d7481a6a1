"""Theme, size of the words, and what is wrong with the settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.actions.settings_table import TEXT, THEME
from gui.look import theme
from gui.settings import Settings
from tests.gui.actions.made_desk import MadeDesk


@pytest.fixture(autouse=True)
def usual_look(qtbot: QtBot) -> Iterator[None]:
    yield
    theme.use("dark", 100)


def test_the_look_of_the_last_time_is_there_again(qtbot: QtBot) -> None:
    settings = Settings()
    settings.set(THEME, "light")
    settings.set(TEXT, 130)
    desk = MadeDesk(settings=settings)
    qtbot.addWidget(desk.window)
    assert theme.now().name == "light"
    assert theme.text_percent() == 130
    assert not desk.actions["night"].isChecked()


def test_the_night_key_goes_to_red_and_back_to_what_was_before(qtbot: QtBot) -> None:
    settings = Settings()
    settings.set(THEME, "light")
    desk = MadeDesk(settings=settings)
    qtbot.addWidget(desk.window)
    desk.actions["night"].trigger()
    assert theme.now().is_night
    assert settings.get(THEME) == "red"
    desk.actions["night"].trigger()
    assert theme.now().name == "light"


def test_the_night_switch_tells_what_the_settings_say(qtbot: QtBot) -> None:
    desk = MadeDesk()
    qtbot.addWidget(desk.window)
    desk.settings.set(THEME, "red")
    assert desk.actions["night"].isChecked()
    desk.settings.set(THEME, "dark")
    assert not desk.actions["night"].isChecked()


def test_words_grow_and_shrink_between_their_limits(qtbot: QtBot) -> None:
    desk = MadeDesk()
    qtbot.addWidget(desk.window)
    for _ in range(20):
        desk.actions["text_larger"].trigger()
    assert theme.text_percent() == 200
    for _ in range(30):
        desk.actions["text_smaller"].trigger()
    assert theme.text_percent() == 80
    desk.actions["text_usual"].trigger()
    assert theme.text_percent() == 100
    assert desk.said[-1] == "text size 100 %"


def test_a_broken_settings_file_is_said_in_the_window_once(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_text("{broken")
    desk = MadeDesk(settings=Settings(path))
    qtbot.addWidget(desk.window)
    desk.part.show_status(None)
    assert "window.json.broken" in desk.told["settings"]
    desk.told.clear()
    desk.part.show_status(None)
    assert not desk.told


def test_settings_that_cannot_be_written_are_said_and_the_window_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    desk = MadeDesk(settings=Settings(tmp_path / "file" / "window.json"))
    qtbot.addWidget(desk.window)
    desk.actions["night"].trigger()
    assert not desk.settings.save()
    desk.part.show_status(None)
    assert "forgotten" in desk.told["settings"] or "defaults" in desk.told["settings"]
    assert theme.now().is_night
