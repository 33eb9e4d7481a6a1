"""Bookmarks beside a session: kept through torn files, other sessions, folders without write access, many writers."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recordings.bookmarks import MOST, Bookmark, BookmarkError, Bookmarks
from recordings.file_lock import FileLock, LockTimeoutError

S = 1_000_000_000


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "night.mcap"
    path.write_bytes(b"evidence")
    return path


def of(session: Path, identity: str = "abc") -> Bookmarks:
    return Bookmarks(session, identity, session.parent / "user")


def test_they_stand_beside_the_session_which_is_not_touched(session: Path) -> None:
    of(session).add(Bookmark.create(5 * S, "über die Straße"))
    (kept,) = of(session).load()
    assert (kept.host_ns, kept.note) == (5 * S, "über die Straße")
    assert session.read_bytes() == b"evidence"
    assert {p.name for p in session.parent.iterdir()} == {"night.mcap", "night.mcap.bookmarks.json"}


def test_notes_are_changed_and_bookmarks_deleted_by_any_window(session: Path) -> None:
    one, other = of(session), of(session)
    first, second = Bookmark.create(S, "a"), Bookmark.create(2 * S, "b")
    one.add(first)
    assert [b.note for b in other.add(second)] == ["a", "b"]
    one.edit(first, "a thought")
    assert [b.note for b in other.delete(second)] == ["a thought"]
    assert [b.note for b in one.add(second)] == ["a thought"], "an older state does not bring back what was deleted"


def test_writers_in_many_threads_lose_nothing(session: Path) -> None:
    def write(n: int) -> None:
        store = of(session)
        for k in range(5):
            store.add(Bookmark.create(n * S + k, f"{n}.{k}"))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(of(session).load()) == 30


def test_writers_in_two_processes_lose_nothing(session: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from recordings.bookmarks import Bookmark, Bookmarks\n"
        "s = Path(sys.argv[1]); b = Bookmarks(s, 'abc', s.parent / 'user')\n"
        "for k in range(15): b.add(Bookmark.create(k, sys.argv[2]))"
    )
    root = Path(__file__).parents[2]
    running = [subprocess.Popen([sys.executable, "-c", code, str(session), name], cwd=root) for name in "ab"]
    assert [p.wait(60) for p in running] == [0, 0]
    assert sorted(b.note for b in of(session).load()) == ["a"] * 15 + ["b"] * 15


def test_the_file_of_another_session_is_not_shown_and_not_lost(session: Path) -> None:
    of(session, "first").add(Bookmark.create(S, "of the first"))
    second = of(session, "second")
    assert second.load() == ()
    assert "belongs to another session" in second.notes[0]
    second.add(Bookmark.create(2 * S, "of the second"))
    assert [b.note for b in second.load()] == ["of the second"]
    aside = session.with_name("night.mcap.bookmarks.json.other")
    assert "of the first" in aside.read_text("utf-8")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema_version": 1, "session": "abc", "bookmarks": [3]}'])
def test_a_broken_file_is_kept_aside_and_said(session: Path, content: bytes) -> None:
    store = of(session)
    store.beside.write_bytes(content)
    assert store.load() == ()
    assert "cannot be read" in store.notes[0]
    assert store.beside.read_bytes() == content, "reading moves nothing"
    store.add(Bookmark.create(S))
    assert "it is kept as night.mcap.bookmarks.json.broken" in store.notes[0]
    assert store.beside.with_name(store.beside.name + ".broken").read_bytes() == content
    assert len(of(session).load()) == 1


@given(cut=st.integers(0, 2000))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_torn_anywhere_neither_crashes_nor_gives_half_a_bookmark(session: Path, cut: int) -> None:
    for path in session.parent.glob("night.mcap.*"):
        path.unlink()
    store = of(session)
    for n in range(3):
        store.add(Bookmark.create(n, f"note {n}"))
    whole = store.beside.read_bytes()
    store.beside.write_bytes(whole[:cut])
    assert len(of(session).load()) in ((3,) if cut >= len(whole) else (0,))


def test_what_a_newer_version_wrote_is_left_alone(session: Path) -> None:
    store = of(session)
    store.beside.write_text(json.dumps({"schema_version": 9, "session": "abc", "bookmarks": []}), "utf-8")
    before = store.beside.read_bytes()
    for call in (store.load, lambda: store.add(Bookmark.create(S))):
        with pytest.raises(BookmarkError, match="update tapetum"):
            call()
    assert store.beside.read_bytes() == before


def test_where_the_folder_cannot_be_written_they_stand_with_the_user_and_it_is_said(tmp_path: Path) -> None:
    # A session whose folder is no folder at all refuses every file, also to root.
    wall = tmp_path / "wall"
    wall.write_bytes(b"")
    session = wall / "night.mcap"
    store = Bookmarks(session, "abc", tmp_path / "user")
    store.add(Bookmark.create(S, "kept"))
    assert "cannot be written" in store.notes[0]
    assert str(store.elsewhere) in store.notes[0]
    assert [b.note for b in Bookmarks(session, "abc", tmp_path / "user").load()] == ["kept"]
    assert Bookmarks(session, "other", tmp_path / "user").load() == ()


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    wall = tmp_path / "wall"
    wall.write_bytes(b"")
    with pytest.raises(BookmarkError, match="not saved: neither"):
        Bookmarks(wall / "night.mcap", "abc", wall / "user").add(Bookmark.create(S))


def test_nothing_is_written_into_the_programs_own_folder(tmp_path: Path) -> None:
    from recordings.samples import bundled_session

    session = bundled_session()
    store = Bookmarks(session, "abc", tmp_path)
    store.add(Bookmark.create(S))
    assert not store.beside.exists()
    assert store.elsewhere.is_file()


def test_a_lock_that_nobody_lets_go_of_ends_in_words(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recordings.bookmarks.LOCK_S", 0.05)
    lock = session.with_name(".night.mcap.bookmarks.json.lock")
    with FileLock(lock, 1.0), pytest.raises(BookmarkError, match="try again"):
        of(session).add(Bookmark.create(S))
    assert not lock.exists()
    of(session).add(Bookmark.create(S))


def test_the_lock_of_a_dead_program_holds_nobody_up(session: Path) -> None:
    lock = session.with_name(".night.mcap.bookmarks.json.lock")
    lock.write_bytes(b"")  # as kill -9 leaves it
    assert len(of(session).add(Bookmark.create(S))) == 1


def test_a_lock_is_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with FileLock(path, 0.1), pytest.raises(LockTimeoutError, match="has held"), FileLock(path, 0.05):
        pass
    with FileLock(path, 0.1):
        assert path.exists()
    assert not list(tmp_path.iterdir())


def test_there_is_an_end_to_how_many(session: Path) -> None:
    store = of(session)
    many = [Bookmark.create(n).to_json() | {"id": str(n)} for n in range(MOST)]
    text = json.dumps({"schema_version": 1, "session": "abc", "bookmarks": many})
    store.beside.write_text(text, "utf-8")
    with pytest.raises(BookmarkError, match="at most"):
        store.add(Bookmark.create(S))
    assert store.beside.read_text("utf-8") == text
