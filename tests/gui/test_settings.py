"""What the window remembers, and what becomes of a file that is broken, foreign, locked away or too large."""

from __future__ import annotations

import errno
import json
import math
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.settings import LARGEST_BYTES, Settings, Trouble, settings_path

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tapetum" / "window.json"


def in_file(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def test_what_is_set_is_there_at_the_next_start(path: Path) -> None:
    settings = Settings(path)
    settings.set("look.theme", "red")
    settings.set("tiles.layout", {"rows": [1, 2]})
    assert settings.save()
    assert Settings(path).get("look.theme") == "red"
    assert Settings(path).get("tiles.layout") == {"rows": [1, 2]}
    assert settings.problem == ""


def test_it_is_written_a_moment_after_the_change_without_being_asked(path: Path) -> None:
    settings = Settings(path)
    settings.set("a", 1)
    until = time.monotonic() + 10
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert in_file(path) == {"a": 1}
    settings.save()
    assert not [t for t in threading.enumerate() if t.name == "tapetum-settings"]


def test_without_a_file_nothing_is_written_and_no_thread_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings()
    settings.set("a", 1)
    assert settings.get("a") == 1
    assert not [t for t in threading.enumerate() if t.name == "tapetum-settings"]
    assert settings.save()


def test_setting_what_it_is_already_writes_nothing(path: Path) -> None:
    first = Settings(path)
    first.set("a", [1])
    first.save()
    before = path.stat().st_mtime_ns
    again = Settings(path)
    again.set("a", [1])
    assert again.save()
    assert path.stat().st_mtime_ns == before


def test_a_kept_value_is_a_copy(path: Path) -> None:
    settings, value = Settings(), [1]
    settings.set("a", value)
    value.append(2)
    assert settings.get("a") == [1]


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError):
        Settings().set("a", object())


@given(name=st.text(max_size=20), value=JSON)
def test_any_value_comes_back_as_it_was(name: str, value: Any) -> None:
    settings = Settings()
    settings.set(name, value)
    assert settings.get(name) == value


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[1]", b"null", b'"x"', b"\xff\xfe\x00", b"[" * 100_000, b"{}" + b" " * LARGEST_BYTES]
)
def test_a_broken_file_is_kept_aside_and_said(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(raw)
    settings = Settings(path)
    assert settings.trouble is Trouble.BROKEN
    assert settings.aside == path.with_name("window.json.broken")
    assert settings.aside.read_bytes() == raw
    assert str(settings.aside) in settings.problem
    assert settings.get("look.theme", "dark") == "dark"
    settings.set("look.theme", "red")
    assert settings.save()
    assert in_file(path) == {"look.theme": "red"}
    assert Settings(path).problem == ""


@given(raw=st.binary(max_size=60))
def test_any_bytes_in_the_file_leave_a_window_with_something(tmp_path_factory: Any, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "window.json"
    path.write_bytes(raw)
    settings = Settings(path)
    assert 80 <= settings.get_number("look.text", 100, 80, 200) <= 200
    settings.set("a", 1)
    assert settings.save()
    assert in_file(path)["a"] == 1


@given(value=JSON)
def test_readers_give_the_default_for_whatever_makes_no_sense(value: Any) -> None:
    settings = Settings()
    settings.set("x", value)
    number = settings.get_number("x", 30, 1, 600)
    assert isinstance(number, int)
    assert 1 <= number <= 600
    assert settings.get_choice("x", "C", ("C", "F", "K")) in ("C", "F", "K")
    assert isinstance(settings.get_flag("x", True), bool)
    text = settings.get_text("x", "none", 5)
    assert text == "none" or len(text) <= 5


def test_readers_take_what_makes_sense() -> None:
    settings = Settings()
    for name, value in (("n", 12.5), ("c", "F"), ("t", "here"), ("f", False), ("nan", math.nan), ("yes", True)):
        settings.set(name, value)
    assert settings.get_number("n", 1.0, 0, 20) == 12.5
    assert settings.get_number("n", 1.0, 0, 10) == 1.0
    assert settings.get_number("nan", 3.0, 0, 10) == 3.0
    assert settings.get_number("yes", 3.0, 0, 10) == 3.0
    assert settings.get_choice("c", "C", ("C", "F")) == "F"
    assert settings.get_text("t") == "here"
    assert settings.get_flag("f", True) is False


def test_what_a_newer_version_wrote_is_kept(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"from.tomorrow": {"deep": [1]}}))
    settings = Settings(path)
    settings.set("a", 1)
    settings.save()
    assert in_file(path) == {"a": 1, "from.tomorrow": {"deep": [1]}}


def test_two_windows_do_not_lose_each_others_values(path: Path) -> None:
    one, two = Settings(path), Settings(path)
    one.set("one", 1)
    one.set("both", "one")
    one.save()
    two.set("two", 2)
    two.set("both", "two")
    two.save()
    assert in_file(path) == {"one": 1, "two": 2, "both": "two"}


def test_many_windows_that_save_at_once_lose_nothing(path: Path) -> None:
    def write(number: int) -> None:
        settings = Settings(path)
        settings.set(f"w{number}", number)
        settings.save()

    threads = [threading.Thread(target=write, args=(n,), name=f"writer-{n}") for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert in_file(path) == {f"w{n}": n for n in range(8)}


def test_a_forgotten_value_is_gone_from_the_file(path: Path) -> None:
    settings = Settings(path)
    settings.set("a", 1)
    settings.set("b", 2)
    settings.save()
    settings.forget("a")
    settings.forget("never")
    assert settings.save()
    assert in_file(path) == {"b": 2}
    assert settings.get("a", "default") == "default"


def test_where_nothing_can_be_written_it_goes_on_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    settings = Settings(tmp_path / "file" / "window.json")
    settings.set("a", 1)
    assert not settings.save()
    assert settings.get("a") == 1
    assert settings.trouble in (Trouble.UNWRITABLE, Trouble.UNREADABLE)
    assert "window.json" in settings.problem


def test_a_full_disk_leaves_the_old_file_and_is_over_when_there_is_room(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(path)
    settings.set("a", 1)
    settings.save()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        settings.set("a", 2)
        assert not settings.save()
        assert settings.trouble is Trouble.UNWRITABLE
        assert "no space left" in settings.problem
        assert in_file(path) == {"a": 1}
        assert sorted(p.name for p in path.parent.iterdir()) == ["window.json", "window.json.lock"]
    settings.set("b", 3)
    assert settings.save()
    assert settings.problem == ""
    assert in_file(path) == {"a": 2, "b": 3}


def test_what_cannot_be_read_is_not_written_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir(parents=True)
    path.write_text('{"precious": 1}')
    real_open = Path.open

    def locked(self: Path, mode: str = "r", **more: Any) -> Any:
        if self == path.resolve() and mode == "rb":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real_open(self, mode, **more)

    monkeypatch.setattr(Path, "open", locked)
    settings = Settings(path)
    assert settings.trouble is Trouble.UNREADABLE
    assert "permission denied" in settings.problem
    settings.set("a", 1)
    assert not settings.save()
    monkeypatch.undo()
    assert in_file(path) == {"precious": 1}


def test_a_link_to_the_file_stays_a_link(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir(parents=True)
    target = tmp_path / "elsewhere.json"
    target.write_text("{}")
    path.symlink_to(target)
    settings = Settings(path)
    settings.set("a", 1)
    settings.save()
    assert path.is_symlink()
    assert in_file(target) == {"a": 1}


def test_who_watches_a_value_is_told_until_it_is_gone() -> None:
    class Reader:
        def __init__(self) -> None:
            self.told: list[Any] = []

        def take(self, value: Any) -> None:
            self.told.append(value)

    settings, reader = Settings(), Reader()
    settings.watch("units", reader.take)
    settings.set("units", "F")
    settings.set("units", "F")
    settings.set("other", 1)
    settings.forget("units")
    assert reader.told == ["F", None]
    told = reader.told
    del reader
    settings.set("units", "K")
    assert told == ["F", None]


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TAPETUM_CONFIG", str(tmp_path))
    assert settings_path() == tmp_path / "window.json"
    monkeypatch.delenv("TAPETUM_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert settings_path() == tmp_path / "config" / "tapetum" / "window.json"


def test_who_watched_and_is_gone_takes_no_memory_though_the_value_never_changes() -> None:
    class Reader:
        def take(self, value: object) -> None:
            raise AssertionError("nothing changes")

    settings = Settings()
    kept = Reader()
    settings.watch("units", kept.take)
    for _ in range(50):
        settings.watch("units", Reader().take)
    assert len(settings._watchers["units"]) <= 2, "the one that is there, and the last that came"
