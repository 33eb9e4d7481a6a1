"""However a recording ends, what was written of it is kept: under its name, or where the words say."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mcap.stream_reader import StreamReader

from drivers.frame import Frame, StreamInfo, StreamKind
from recordings.config import RecordConfig
from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.part_file import PartFile
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from recordings.recover import recover_session
from recordings.writer import SessionWriter
from tests.recordings.sessions import DEPTH, EPOCH, MS, frame_of, info_of

ROOMY = RecordConfig(min_free_mib=0.0)
SMALL = StreamInfo("depth", StreamKind.DEPTH, 100, 20, "uint16", 30.0, unit_m=0.001)
WIDE = StreamInfo("depth", StreamKind.DEPTH, 320, 240, "uint16", 30.0, unit_m=0.001)


def noisy(number: int) -> Frame:
    """150 kB that do not compress."""
    pixels = np.random.default_rng(number).integers(0, 65536, WIDE.shape).astype(np.uint16)
    return Frame(WIDE, pixels, number, 1 + number * 33 * MS, EPOCH + number * 33 * MS)


def numbers_in(path: Path) -> list[int]:
    with SessionReader(path) as session:
        return [int(n) for n in session.times("depth").number]


def events_in(path: Path) -> dict[str, str]:
    with SessionReader(path) as session:
        return {e.name: e.note for e in session.events()}


def test_a_disk_that_is_full_only_when_the_index_is_written_costs_no_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reserve is there for this: it is given back to the disk, and the index goes into its room."""
    write, told = PartFile.write, list[str]()

    def full(self: PartFile, data: bytes) -> None:
        if finishing and self._reserved:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, data)

    monkeypatch.setattr(PartFile, "write", full)
    finishing = False
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], ROOMY, on_trouble=told.append)
    for n in range(20):
        recorder.take(frame_of(DEPTH, n))
    recorder._inbox.close()
    finishing = True
    assert recorder.close()
    assert [p.name for p in tmp_path.iterdir()] == ["a.mcap"]
    kept = numbers_in(tmp_path / "a.mcap")
    status = recorder.status()
    assert kept == list(range(len(kept)))
    assert len(kept) + status.lost.get("depth", 0) == 20
    assert status.frames == len(kept)
    assert "No space left" in status.reason
    assert "No space left" in events_in(tmp_path / "a.mcap")["recording ended"]


def test_the_frames_of_a_recording_outlive_a_disk_that_cannot_sync_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def broken(handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with Recorder(tmp_path / "a.mcap", [DEPTH], ROOMY, on_trouble=told.append) as recorder:
        for n in range(20):
            recorder.take(frame_of(DEPTH, n))
        monkeypatch.setattr("recordings.part_file.os.fsync", broken)
    monkeypatch.undo()
    assert recorder.status().state == "failed"
    assert any("a.mcap.part" in words and "session recover" in words for words in told)
    recover_session(tmp_path / "a.mcap.part", tmp_path / "saved.mcap")
    assert numbers_in(tmp_path / "saved.mcap") == list(range(20))


def test_a_file_that_takes_the_name_during_the_recording_costs_neither(tmp_path: Path) -> None:
    told: list[str] = []
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], ROOMY, on_trouble=told.append)
    for n in range(20):
        recorder.take(frame_of(DEPTH, n))
    (tmp_path / "a.mcap").write_bytes(b"somebody else's")
    assert recorder.close()
    assert (tmp_path / "a.mcap").read_bytes() == b"somebody else's"
    assert recorder.status().state == "failed"
    assert any("appeared" in words and "a.mcap.part" in words for words in told)
    (tmp_path / "a.mcap.part").rename(tmp_path / "b.mcap")
    assert numbers_in(tmp_path / "b.mcap") == list(range(20)), "it is whole, only its name was taken"


def test_a_segment_that_cannot_be_finished_is_kept_and_ends_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, told = PartFile.publish, list[str]()

    def fails_once(self: PartFile) -> None:
        if self.final.name == "a.mcap" and not told:
            told.append("failed")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        publish(self)

    monkeypatch.setattr(PartFile, "publish", fails_once)
    config = RecordConfig(min_free_mib=0.0, segment_minutes=1 / 60, flush_s=0.02)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], config)
    for n in range(70):
        recorder.take(frame_of(DEPTH, n))
    assert recorder.close()
    assert recorder.status().state == "failed", "though everything was written when it was found"
    first = numbers_in(tmp_path / "a.mcap")
    assert first == list(range(len(first)))
    assert len(first) >= 30
    assert numbers_in(tmp_path / "a-0002.mcap")[0] == first[-1] + 1
    assert "recording ended" in events_in(tmp_path / "a.mcap")


@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EIO])
def test_a_clip_that_cannot_be_finished_is_kept_and_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: int
) -> None:
    publish, failed, told = PartFile.publish, list[str](), list[str]()

    def fails_once(self: PartFile) -> None:
        if not failed:
            failed.append(self.final.name)
            raise OSError(problem, os.strerror(problem))
        publish(self)

    monkeypatch.setattr(PartFile, "publish", fails_once)
    config = RecordConfig(min_free_mib=0.0, profile="events", before_s=10)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], config, on_trouble=told.append)
    for n in range(20):
        recorder.take(frame_of(DEPTH, n))
    recorder.put_event(Event("mark", 0), clip=True, host_ns=EPOCH + 500 * MS)
    assert recorder.close()
    (clip,) = tmp_path.iterdir()
    assert numbers_in(clip) == list(range(20))
    assert os.strerror(problem) in events_in(clip)["recording ended"]
    assert recorder.status().clip_problems == 1
    assert any("clip failed" in words and os.strerror(problem) in words for words in told)


def test_a_thread_that_breaks_in_an_unforeseen_way_keeps_what_was_written_and_ends_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    recorder = Recorder(
        tmp_path / "a.mcap", [DEPTH], RecordConfig(min_free_mib=0.0, clips=True), on_trouble=told.append
    )
    for n in range(20):
        recorder.take(frame_of(DEPTH, n))

    def breaks(*arguments: Any) -> None:
        raise ZeroDivisionError("unforeseen")

    monkeypatch.setattr(recorder._files, "finish", breaks)
    monkeypatch.setattr(recorder._files, "close_clips", breaks)
    assert recorder.close()
    assert any("unforeseen" in words for words in told)
    assert numbers_in(tmp_path / "a.mcap") == list(range(20))
    assert not recorder._disk._thread.is_alive()
    monkeypatch.undo()
    assert recorder._files.close_clips(5.0)


@pytest.mark.parametrize("room", [0, 250, 500, 1000, 1500, 2000, 3000, 4000, 8000])
def test_a_session_ended_on_a_full_disk_is_whole_byte_by_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """However little room is left behind a chunk: the last ones make room for the index, and nothing stands between."""
    write, sizes = PartFile.write, set[int]()
    writer = SessionWriter(tmp_path / "free.mcap", info_of([SMALL]), "compact")
    written = 0
    while len(sizes) < 3:
        writer.write_frame(frame_of(SMALL, written))
        written += 1
        sizes.add(writer.bytes_written)
    writer.abort()
    cap = max(sizes) + room

    def full(self: PartFile, data: bytes) -> None:
        if self.size + len(data) > cap:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, data)

    monkeypatch.setattr(PartFile, "write", full)
    path = tmp_path / "a.mcap"
    writer = SessionWriter(path, info_of([SMALL]), "compact")
    written = 0
    with pytest.raises(SessionWriteError):  # noqa: PT012 - until it is full
        while True:
            writer.write_frame(frame_of(SMALL, written))
            written += 1
    lost = writer.end("the disk is full").frames["depth"]
    assert numbers_in(path) == list(range(len(numbers_in(path))))
    # the frame whose chunk found no room was taken, though its writing was refused
    assert len(numbers_in(path)) + lost in (written, written + 1)
    with path.open("rb") as file:
        records = [type(r).__name__ for r in StreamReader(file, record_size_limit=None).records]
    assert records.count("Footer") == 1
    assert records.count("Attachment") <= 1


@pytest.mark.parametrize("problem", [errno.EINVAL, errno.EIO])
def test_a_file_system_that_syncs_no_folders_is_no_reason_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: int
) -> None:
    fsync, folders = os.fsync, list[int]()

    def refuses(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            folders.append(handle)
            raise OSError(problem, os.strerror(problem))
        fsync(handle)

    monkeypatch.setattr("recordings.part_file.os.fsync", refuses)
    told: list[str] = []
    recorder = Recorder(
        tmp_path / "a.mcap", [DEPTH], RecordConfig(min_free_mib=0.0, flush_s=0.5), on_trouble=told.append
    )
    for n in range(20):
        recorder.take(frame_of(DEPTH, n))
    assert recorder.close()
    assert folders, "after a power cut the files must have their names"
    assert recorder.status().state == ("ended" if problem == errno.EINVAL else "failed")
    assert bool(told) == (problem == errno.EIO)
    monkeypatch.undo()
    assert numbers_in(tmp_path / "a.mcap") == list(range(20))


def test_a_power_cut_finds_the_recording_under_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Synced once with the first data, not with each flush."""
    synced: list[Path] = []
    monkeypatch.setattr("recordings.part_file.sync_folder", synced.append)
    writer = SessionWriter(tmp_path / "a.mcap", info_of([DEPTH]))
    for n in range(3):
        writer.write_frame(frame_of(DEPTH, n))
        writer.flush()
    assert synced == [tmp_path]
    writer.close()
    assert synced == [tmp_path, tmp_path]
