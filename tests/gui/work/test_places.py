"""Where files go and what they are called."""

from __future__ import annotations

import datetime
import threading
from pathlib import Path

import pytest

from gui.settings import Settings
from gui.work import places
from gui.work.errands import MOST, Errands


def settings(**values: object) -> Settings:
    out = Settings()
    for name, value in values.items():
        out.set(getattr(places, name), value)
    return out


def test_files_go_to_the_home_folder_unless_the_settings_make_sense(tmp_path: Path) -> None:
    home = Path.home() / "Tapetum"
    for broken in (None, 5, "", "  ", "relative/path", ["x"]):
        assert places.folder_of(settings(FOLDER=broken)) == home
    assert places.folder_of(settings(FOLDER=str(tmp_path))) == tmp_path
    assert places.folder_of(settings(FOLDER="~/night")) == Path.home() / "night"


@pytest.mark.parametrize("broken", [None, "30", True, 0, -5, 1e9, float("nan"), [30]])
def test_seconds_that_make_no_sense_are_the_usual_ones(broken: object) -> None:
    assert places.last_s_of(settings(LAST_S=broken)) == 30
    assert places.last_s_of(settings(LAST_S=12.4)) == 12


def test_choices_that_are_none_are_left_to_the_configuration() -> None:
    assert places.choice_of(settings(PROFILE="watch"), places.PROFILE, places.PROFILES) == "watch"
    for broken in ("everything", 3, None, ["watch"]):
        assert places.choice_of(settings(PROFILE=broken), places.PROFILE, places.PROFILES) == ""


def test_no_name_comes_twice_within_a_second() -> None:
    now = datetime.datetime(2031, 5, 6, 7, 8, 9, tzinfo=datetime.UTC)
    names = [places.new_name("last-30s", now) for _ in range(3)]
    assert names == [f"tapetum-20310506-070809-last-30s{end}" for end in ("", "-2", "-3")]


def test_room_is_told_also_where_the_folder_is_not_there_yet(tmp_path: Path) -> None:
    assert places.free_bytes(tmp_path / "a" / "b") > 0
    assert places.short(Path.home() / "Tapetum" / "a.mcap") == "~/Tapetum/a.mcap"
    assert places.short(Path("/data/a.mcap")) == "/data/a.mcap"


def test_errands_are_done_in_a_thread_and_told_to_who_looks() -> None:
    errands, told, names = Errands("tapetum-test"), [], []

    def fail() -> None:
        raise OSError("gone")

    try:
        assert errands.run(lambda: names.append(threading.current_thread().name) or 5, told.append)
        assert errands.run(fail, told.append)
        while len(told) < 2:
            errands.look()
        assert told[0] == 5
        assert isinstance(told[1], OSError)
        assert names == ["tapetum-test"]
    finally:
        assert errands.close()
    assert not errands.run(lambda: 1, told.append)


def test_only_a_few_errands_wait_and_a_disk_that_hangs_is_waited_for_with_a_limit() -> None:
    errands, hold = Errands("tapetum-test"), threading.Event()
    try:
        accepted = [errands.run(lambda: hold.wait(20.0), lambda _: None) for _ in range(MOST + 2)]
        assert accepted == [True] * MOST + [False] * 2
        assert not errands.close(0.05)
    finally:
        hold.set()
        assert errands.close(10.0)
