"""The oldest files of recordings go, and nothing else ever does."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.session_keep import session_keep
from recordings import retention
from recordings.clip_file import ClipFile
from recordings.errors import SessionFormatError, SessionNotFoundError, SessionWriteError
from recordings.event import Event
from recordings.retention import apply_retention, is_kept, mark_keep
from recordings.segments import RECORDING_NOTE, SEGMENT_NOTE
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.recordings.sessions import DEPTH, EPOCH, frame_of, simple_session
from tests.recordings.stored_frames import real_frame

NOW = 2_000_000_000.0


def recorded(folder: Path, name: str, number: int = 1, age_s: float = 0.0) -> Path:
    """A segment as a recorder leaves it."""
    path = folder / (f"{name}.mcap" if number == 1 else f"{name}-{number:04d}.mcap")
    info = SessionInfo.create([DEPTH], title=name, source="tests")
    info = dataclasses.replace(info, notes={RECORDING_NOTE: "an id", SEGMENT_NOTE: str(number)})
    with SessionWriter(path, info) as writer:
        writer.write_frame(frame_of(DEPTH, 0))
    return aged(path, age_s)


def clip_of(folder: Path, name: str, age_s: float = 0.0) -> Path:
    info = SessionInfo.create([DEPTH], title=name, source="tests", notes={RECORDING_NOTE: "an id"})
    clip = ClipFile(folder, name, Event("mark", 0), EPOCH, EPOCH, info)
    clip.write([real_frame(DEPTH, 0, EPOCH)])
    clip.finish()
    return aged(clip.path, age_s)


def aged(path: Path, age_s: float) -> Path:
    os.utime(path, (NOW - age_s, NOW - age_s))
    return path


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_the_oldest_go_until_the_quota_holds(tmp_path: Path) -> None:
    paths = [recorded(tmp_path, "night", n, age_s=100 - n) for n in range(1, 6)]
    clip = clip_of(tmp_path, "night", age_s=97.5)
    size = {p: p.stat().st_size for p in (*paths, clip)}
    quota = sum(size.values()) - size[paths[0]] - size[paths[1]] - 1
    report = apply_retention(tmp_path, quota, now_s=NOW, recording="night")
    assert report.deleted == (paths[0], paths[1], clip)
    assert report.freed_bytes == size[paths[0]] + size[paths[1]] + size[clip]
    assert report.left_bytes == sum(size.values()) - report.freed_bytes <= quota
    assert report.problem == ""
    assert names(tmp_path) == {p.name for p in paths[2:]}
    again = apply_retention(tmp_path, quota, now_s=NOW, recording="night")
    assert again.deleted == ()


@given(st.lists(st.tuples(st.integers(0, 1000), st.booleans()), max_size=6), st.integers(0, 30_000))
@settings(max_examples=25, deadline=None)
def test_what_stays_is_the_newest_that_fits_and_all_that_is_kept(files: list[tuple[int, bool]], quota: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = {}
        for n, (age, kept) in enumerate(files, 1):
            path = recorded(folder, "night", n, age_s=age)
            mark_keep(path, kept)
            made[path] = (path.stat().st_size, NOW - age, kept)
        total = sum(size for size, _, _ in made.values())
        report = apply_retention(folder, quota, now_s=NOW)
        left = {p for p in made if p.exists()}
        assert set(made) - left == set(report.deleted)
        assert all(kept is False or p in left for p, (_, _, kept) in made.items())
        assert report.left_bytes == sum(made[p][0] for p in left)
        assert report.kept_bytes == sum(size for size, _, kept in made.values() if kept)
        assert bool(report.problem) == (report.left_bytes > quota)
        if report.problem:
            assert all(made[p][2] for p in left)
        if report.deleted:
            # no more than needed: without the last deletion the quota did not hold
            assert report.left_bytes + made[report.deleted[-1]][0] > quota
            newest = made[report.deleted[-1]][1]
            assert all(made[p][2] or made[p][1] >= newest for p in left)
        else:
            assert total == report.left_bytes


def test_what_is_too_old_goes(tmp_path: Path) -> None:
    old, kept, new = (recorded(tmp_path, "night", n, age_s=a) for n, a in ((1, 101.0), (2, 500.0), (3, 99.0)))
    mark_keep(kept)
    report = apply_retention(tmp_path, max_age_s=100.0, now_s=NOW)
    assert report.deleted == (old,)
    assert {p for p in (old, kept, new) if p.exists()} == {kept, new}
    assert apply_retention(tmp_path, now_s=NOW).deleted == ()  # nothing asked for


def test_only_what_a_recorder_wrote_under_that_name_goes(tmp_path: Path) -> None:
    recorded(tmp_path, "night", 2)
    clip_of(tmp_path, "night")
    kept_names = {
        "other.mcap",
        "night-drive.mcap",
        "night-0003.mcap",
        "mine.mcap",
        "night-0004.mcap",
        "night-0005.mcap",
        "night-0006.mcap.part",
        "night-0007.mcap",
        "night-0008.mcap",
        "notes.txt",
    }
    recorded(tmp_path, "other")
    recorded(tmp_path, "night-drive")
    simple_session(tmp_path / "night-0003.mcap", 2)  # imported or cut: no recorder's
    recorded(tmp_path, "night").rename(tmp_path / "mine.mcap")  # renamed
    (tmp_path / "night-0004.mcap").write_bytes(b"another program's")
    (tmp_path / "night-0005.mcap").mkdir()
    recorded(tmp_path, "night", 6).rename(tmp_path / "night-0006.mcap.part")
    (tmp_path / "night-0007.mcap").symlink_to(tmp_path / "mine.mcap")
    torn = recorded(tmp_path, "night", 8)
    torn.write_bytes(torn.read_bytes()[:-50])
    (tmp_path / "notes.txt").write_text("night")
    report = apply_retention(tmp_path, 0, now_s=NOW, recording="night")
    assert len(report.deleted) == 2
    assert names(tmp_path) == kept_names
    assert "being written" in report.problem
    # without a name all recordings are meant, and still nothing else
    report = apply_retention(tmp_path, 0, now_s=NOW)
    assert {p.name for p in report.deleted} == {"other.mcap", "night-drive.mcap"}


def test_files_being_written_count_and_stay(tmp_path: Path) -> None:
    old = recorded(tmp_path, "night", 1, age_s=10)
    part = tmp_path / "night-0002.mcap.part"
    part.write_bytes(bytes(1_000_000))
    (tmp_path / "day.mcap.part").write_bytes(bytes(5_000_000))  # another recording's
    report = apply_retention(tmp_path, 900_000, now_s=NOW, recording="night")
    assert report.deleted == (old,)
    assert report.left_bytes == 1_000_000
    assert "0.00 GiB are being written" in report.problem
    assert part.exists()


def test_sidecars_go_with_their_session(tmp_path: Path) -> None:
    old = recorded(tmp_path, "night", 1, age_s=10)
    new = recorded(tmp_path, "night", 2)
    for session in (old, new):
        sidecar = tmp_path / (session.name + ".series")
        (sidecar / "deep").mkdir(parents=True)
        (sidecar / "deep" / "a.bin").write_bytes(bytes(1000))
    foreign = tmp_path / "elsewhere"
    foreign.mkdir()
    (foreign / "mine.txt").write_text("mine")
    third = recorded(tmp_path, "day", age_s=20)
    (tmp_path / "day.mcap.series").symlink_to(foreign)
    left = new.stat().st_size + 1000
    report = apply_retention(tmp_path, left, now_s=NOW)
    assert report.deleted == (third, old)
    assert report.left_bytes == left
    assert names(tmp_path) == {new.name, new.name + ".series", "elsewhere", "day.mcap.series"}
    assert (foreign / "mine.txt").exists()


def test_a_quota_that_cannot_be_held_is_told(tmp_path: Path) -> None:
    for n in (1, 2):
        mark_keep(recorded(tmp_path, "night", n))
    report = apply_retention(tmp_path, 10, now_s=NOW)
    assert report.deleted == ()
    assert "marked to keep" in report.problem
    assert "session keep --off" in report.problem
    assert json.loads(json.dumps(report.to_json()))["problem"] == report.problem


def test_a_file_that_cannot_be_deleted_is_told_and_the_next_one_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = recorded(tmp_path, "night", 1, age_s=10), recorded(tmp_path, "night", 2)
    unlink = Path.unlink

    def refusing(path: Path, missing_ok: bool = False) -> None:
        if path == first:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    report = apply_retention(tmp_path, 0, now_s=NOW)
    assert report.deleted == (second,)
    assert report.failed == {first: "Permission denied"}
    assert "could not be deleted (night.mcap: Permission denied)" in report.problem


def test_files_that_vanish_meanwhile_are_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [recorded(tmp_path, "night", n, age_s=10 - n) for n in range(1, 5)]
    sizes = [p.stat().st_size for p in paths]
    delete = retention._delete

    def with_a_rival(path: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            paths[1].unlink()
        delete(path)

    monkeypatch.setattr(retention, "_delete", with_a_rival)
    report = apply_retention(tmp_path, sizes[2] + sizes[3], now_s=NOW)
    assert report.deleted == (paths[0],)
    assert report.left_bytes == sizes[2] + sizes[3]
    shutil.rmtree(tmp_path)
    with pytest.raises(SessionNotFoundError, match="cannot be looked into"):
        apply_retention(tmp_path, 0)


def test_a_mark_set_while_the_quota_is_applied_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = recorded(tmp_path, "night", 1, age_s=10), recorded(tmp_path, "night", 2)
    delete = retention._delete

    def with_a_user(path: Path) -> None:
        mark_keep(second)
        delete(path)

    monkeypatch.setattr(retention, "_delete", with_a_user)
    report = apply_retention(tmp_path, 0, now_s=NOW)
    assert report.deleted == (first,)
    assert second.exists()


def test_marks(tmp_path: Path) -> None:
    path = recorded(tmp_path, "night")
    assert not is_kept(path)
    assert mark_keep(path)
    assert not mark_keep(path)
    assert is_kept(path)
    assert (tmp_path / "night.mcap.keep").exists()
    assert mark_keep(path, False)
    assert not mark_keep(path, False)
    assert not is_kept(path)
    with pytest.raises(SessionNotFoundError, match="does not exist"):
        mark_keep(tmp_path / "no.mcap")
    (tmp_path / "a.mcap").write_text("no session")
    with pytest.raises(SessionFormatError, match="no Tapetum session"):
        mark_keep(tmp_path / "a.mcap")
    (tmp_path / "b.mcap.part").write_text("being written")
    assert mark_keep(tmp_path / "b.mcap")
    (tmp_path / "night.mcap.keep").mkdir()
    with pytest.raises(SessionWriteError, match="could not be changed"):
        mark_keep(path, False)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, missing = recorded(tmp_path, "night"), tmp_path / "no.mcap"

    def run(*arguments: Any) -> tuple[int, dict[str, Any]]:
        code = session_keep(*arguments, True)
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    assert run([path], False) == (
        0,
        {"sessions": [{"session": str(path), "kept": True, "changed": True, "error": None}]},
    )
    assert is_kept(path)
    code, told = run([missing, path], True)
    assert code == 1
    assert "does not exist" in told["sessions"][0]["error"]
    assert told["sessions"][1] == {"session": str(path), "kept": False, "changed": True, "error": None}
    assert not is_kept(path)
    assert session_keep([path], False, False) == 0
    assert capsys.readouterr().out == f"{path} is kept\n"
