"""What goes wrong while a clip is written is counted and told, and stops nothing else."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from drivers.frame import StreamInfo
from recordings.clip_book import CLIP_FAILED
from recordings.clip_file import ClipFile
from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.open_clip import BEGINS_LATE, ENDED_EARLY, INCOMPLETE
from recordings.part_file import PartFile
from recordings.ring import OVERHEAD_BYTES, FrameRing
from tests.recordings.clip_cases import S, Told, clips_in, content, depth_frames, events_of, expected, wait_for
from tests.recordings.sessions import DEPTH, EPOCH, MS, info_of
from tests.recordings.stored_frames import real_frame


class Gate:
    """Stands in for a disk that takes nothing until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        write = ClipFile.write

        def gated(file: ClipFile, frames: Any) -> None:
            self.reached.set()
            assert self.open.wait(20)
            write(file, frames)

        monkeypatch.setattr(ClipFile, "write", gated)


def test_frames_that_a_slow_disk_costs_are_counted_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    frames = depth_frames(60)
    size = max(len(f.data) for f in frames) + OVERHEAD_BYTES
    ring = FrameRing(100.0, 10 * size)
    with clips_in(tmp_path, ring, streams=[DEPTH]) as clips:
        for frame in frames[:3]:
            clips.push(frame)
        number = clips.trigger(Event("alarm", 0), EPOCH + 500 * MS)
        assert gate.reached.wait(20)
        for frame in frames[3:]:
            clips.push(frame)
        clips.extend(number, EPOCH + 5 * S)
        clips.end(number, EPOCH + 5 * S)
        assert ring.status().bytes <= 10 * size
        gate.open.set()
    (path,) = tmp_path.iterdir()
    assert content(path) == expected([*frames[:3], *frames[50:54]], 0, 1 << 62)
    told = [e for e in events_of(path) if e.name == INCOMPLETE]
    assert [(e.note, e.begin_ns, e.end_ns) for e in told] == [
        ("frames not in it: 47 of depth", frames[3].device_ns, frames[49].device_ns)
    ]
    assert clips.status().lost == 47


def test_nobody_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    with clips_in(tmp_path) as clips:
        clips.push(depth_frames(1)[0])
        clips.trigger(Event("mark", 0), EPOCH, EPOCH)
        assert gate.reached.wait(20)
        # all of these would hang for ever if they waited
        for frame in depth_frames(30)[1:]:
            clips.push(frame)
        number = clips.trigger(Event("face", 0), EPOCH)
        clips.extend(number, EPOCH + S)
        clips.end(number, EPOCH + S)
        clips.push_observation(b"{}", EPOCH)
        assert clips.status().open == 2
        assert not clips.close(0.05)
        gate.open.set()
    assert clips.status().open == 0


def test_what_a_deadline_cuts_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    with clips_in(tmp_path, streams=[DEPTH]) as clips:
        for frame in depth_frames(3):
            clips.push(frame)
        number = clips.trigger(Event("alarm", 0), EPOCH)
        assert gate.reached.wait(20)
        for frame in depth_frames(20)[3:]:
            clips.push(frame)
        clips.extend(number, EPOCH + 2 * S)
        assert not clips.close(0.01)
        time.sleep(0.02)
        gate.open.set()
        assert clips._thread.join(20) is None
    (path,) = tmp_path.iterdir()
    told = {e.name: e.note for e in events_of(path)}
    assert told[INCOMPLETE] == "frames not in it: 17 of depth"
    assert told[ENDED_EARLY] == "the disk was too slow to finish it in time"


BIG = StreamInfo("depth", DEPTH.kind, 400, 400, "uint16", 30.0, unit_m=0.001)


def test_a_full_disk_ends_the_clip_and_keeps_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told()
    write = PartFile.write

    def full(file: PartFile, data: Any) -> None:
        if file.size + len(data) > 2_000_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(file, data)

    monkeypatch.setattr(PartFile, "write", full)
    frames = [real_frame(BIG, n, EPOCH + n * 100 * MS) for n in range(20)]  # 320 kB of noise each
    with clips_in(tmp_path, streams=[BIG], on_event=told) as clips:
        for frame in frames:
            clips.push(frame)
        number = clips.trigger(Event("face", 0), EPOCH + 100 * MS)
        clips.extend(number, EPOCH + 1900 * MS)
        wait_for(lambda: clips.status().failed == 1)
        assert clips.extend(number, EPOCH + 1950 * MS)  # and no second clip of it is tried
    assert clips.status().written == 0
    (path,) = tmp_path.iterdir()
    kept = content(path)
    assert kept == expected(frames[: len(kept)], 0, 1 << 62)
    assert 1 <= len(kept) < 20
    assert any(e.name == "recording ended" and "No space left" in e.note for e in events_of(path))
    assert told.names() == [CLIP_FAILED]
    assert "No space left" in told.events[0].note


def test_a_folder_that_is_gone_fails_the_clip_and_not_the_recorder(tmp_path: Path) -> None:
    told = Told()
    folder = tmp_path / "gone"
    with clips_in(folder, on_event=told, streams=[DEPTH]) as clips:
        clips.push(depth_frames(1)[0])
        clips.trigger(Event("mark", 0), EPOCH, EPOCH)
        wait_for(lambda: clips.status().failed == 1)
        folder.mkdir()
        clips.trigger(Event("mark", 0), EPOCH, EPOCH)
    assert told.names()[0] == CLIP_FAILED
    assert "does not exist" in told.events[0].note
    assert len(list(folder.iterdir())) == 1


def test_a_file_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(SessionWriteError, match="does not exist"):
        ClipFile(tmp_path / "no", "night", Event("mark", 0), EPOCH, EPOCH, info_of([DEPTH]))


def test_the_recording_is_told_what_its_clips_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But not of a clip that begins with the recording: nothing is missing there."""
    frames = depth_frames(31)
    size = max(len(f.data) for f in frames) + OVERHEAD_BYTES
    for folder, held, name in (("small", 3, BEGINS_LATE), ("large", 100, "")):
        told = Told()
        (tmp_path / folder).mkdir()
        with clips_in(tmp_path / folder, FrameRing(100.0, held * size), streams=[DEPTH], on_event=told) as clips:
            for frame in frames:
                clips.push(frame)
            clips.trigger(Event("mark", 0), EPOCH + 300 * MS * (10 if name else 1), EPOCH + 3 * S)
        (path,) = (tmp_path / folder).iterdir()
        assert told.names() == ([name] if name else []) + ["clip"]
        assert all(path.name in e.note for e in told.events)
    gate, told = Gate(monkeypatch), Told()
    (tmp_path / "slow").mkdir()
    with clips_in(tmp_path / "slow", FrameRing(100.0, 3 * size), streams=[DEPTH], on_event=told) as clips:
        clips.push(frames[0])
        clips.trigger(Event("mark", 0), EPOCH, EPOCH + 2 * S)
        assert gate.reached.wait(20)
        for frame in frames[1:]:
            clips.push(frame)
        gate.open.set()
    assert [e.note.split(": ", 1)[1] for e in told.events if e.name == INCOMPLETE] == ["frames not in it: 23 of depth"]
