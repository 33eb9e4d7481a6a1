"""A recorder keeps what it takes, tells what it cannot take, and leaves whole files whatever happens to the disk."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from drivers.host_clock import now_ns
from recordings.config import RecordConfig
from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.part_file import PartFile
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from recordings.retention import mark_keep
from recordings.segments import RECORDING_NOTE, SEGMENT_NOTE
from tests.recordings.sessions import ALL_KINDS, DEPTH, EPOCH, GRAY, MS, assert_same, frame_of

ROOT = Path(__file__).resolve().parents[2]
ROOMY = RecordConfig(min_free_mib=0.0)
WIDE = StreamInfo("depth", StreamKind.DEPTH, 320, 240, "uint16", 30.0, unit_m=0.001)


@pytest.fixture(autouse=True)
def none_left_running() -> Iterator[None]:
    """A test that fails must not leave a recorder behind."""
    yield
    for recorder in RECORDERS:
        recorder.close()
    RECORDERS.clear()


RECORDERS: list[Recorder] = []


def recorder_at(path: Path, streams: Sequence[StreamInfo], config: RecordConfig = ROOMY, **others: Any) -> Recorder:
    recorder = Recorder(path, streams, config, **others)
    RECORDERS.append(recorder)
    return recorder


def noisy(number: int) -> Frame:
    """150 kB that do not compress."""
    pixels = np.random.default_rng(number).integers(0, 65536, WIDE.shape).astype(np.uint16)
    return Frame(WIDE, pixels, number, 1 + number * 33 * MS, EPOCH + number * 33 * MS)


def record_until_it_fails(recorder: Recorder, most: int = 400) -> int:
    """Frames put until the recording failed."""
    for number in range(most):
        recorder.take(noisy(number))
        if recorder.has_failed:
            break
        time.sleep(0.002)
    assert recorder.close()
    return number + 1


def test_what_four_cameras_give_is_what_is_read_back(tmp_path: Path) -> None:
    recorder = recorder_at(tmp_path / "a.mcap", ALL_KINDS, ROOMY)
    given = {s.name: [frame_of(s, n) for n in range(40)] for s in ALL_KINDS}

    def camera(frames: list[Frame]) -> None:
        for frame in frames:
            assert recorder.take(frame) is frame
            time.sleep(0.001)

    threads = [threading.Thread(target=camera, args=(frames,)) for frames in given.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.put_event(Event("mark", 5, 5, None, "here"))
    assert recorder.close()
    status = recorder.status()
    assert (status.state, status.frames, dict(status.lost)) == ("ended", 200, {})
    with SessionReader(tmp_path / "a.mcap") as session:
        for stream, frames in given.items():
            assert session.count(stream) == 40
            for n, frame in enumerate(frames):
                assert_same(session.frame(stream, n), frame)
        assert [e.note for e in session.events()] == ["here"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mcap"]


@pytest.mark.parametrize("layout", ["viewable", "compact"])
def test_a_slow_disk_costs_frames_but_no_memory_and_every_one_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str
) -> None:
    write = PartFile.write

    def slow(self: PartFile, data: bytes) -> None:
        time.sleep(0.05)
        write(self, data)

    monkeypatch.setattr(PartFile, "write", slow)
    told: list[str] = []
    config = RecordConfig(min_free_mib=0.0, queue_mib=1.0, layout=layout, encoders=1)
    recorder = recorder_at(tmp_path / "a.mcap", [WIDE], config, on_trouble=told.append)
    kept = []
    for number in range(120):
        if recorder.take(noisy(number)) is not None:
            kept.append(number)
        assert recorder.status().queue_bytes <= 1 << 20
        time.sleep(0.001)
    assert recorder.close(30.0)
    lost = recorder.status().lost["depth"]
    assert lost == 120 - len(kept) > 0
    assert told[0].startswith("frames of depth are lost"), "as soon as it happens"
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("depth").number.tolist() == kept
        notes = [e.note for e in session.events() if e.name == "frames not recorded"]
        assert sum(int(note.split(": ")[1].split()[0]) for note in notes) == lost
        after_gap = [n for n, before in zip(kept[1:], kept[:-1], strict=True) if n != before + 1]
        flagged = [n for n, f in zip(kept, session.flags("depth"), strict=True) if f & FrameFlag.DROPPED_BEFORE]
        assert flagged == after_gap


@pytest.mark.parametrize(
    "limit", [{"segment_minutes": 1.0 / 60}, {"segment_gib": 0.4 / 1024}], ids=["by time", "by size"]
)
def test_segments_hold_every_frame_exactly_once(tmp_path: Path, limit: dict[str, float]) -> None:
    recorder = recorder_at(tmp_path / "a.mcap", [WIDE, GRAY], RecordConfig(min_free_mib=0.0, flush_s=0.05, **limit))
    for number in range(70):
        for frame in (noisy(number), frame_of(GRAY, number, host_ns=EPOCH + number * 33 * MS + 1)):
            assert recorder.take(frame) is not None
        time.sleep(0.004)
    assert recorder.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) >= 3
    assert [f.name for f in files] == ["a-0002.mcap", *(f"a-{k:04d}.mcap" for k in range(3, len(files) + 1)), "a.mcap"]
    in_order = [files[-1], *files[:-1]]
    numbers: dict[str, list[int]] = {"depth": [], "gray": []}
    recordings = set()
    for k, path in enumerate(in_order, 1):
        with SessionReader(path) as session:
            for stream, known in numbers.items():
                known += session.times(stream).number.tolist()
            recordings.add(session.info.notes[RECORDING_NOTE])
            assert session.info.notes[SEGMENT_NOTE] == str(k)
    assert numbers == {"depth": list(range(70)), "gray": list(range(70))}
    assert len(recordings) == 1
    assert recorder.status().files == len(files)


def test_a_host_clock_that_steps_back_loses_nothing_and_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    recorder = recorder_at(tmp_path / "a.mcap", [DEPTH], ROOMY, on_trouble=told.append)
    times = [EPOCH, EPOCH + 33 * MS, EPOCH - 3600 * 1000 * MS, EPOCH - 3500 * 1000 * MS, EPOCH + 66 * MS]
    taken = [recorder.take(frame_of(DEPTH, n, host_ns=t)) for n, t in enumerate(times)]
    assert recorder.close()
    assert len(told) == 1
    assert "stepped back by 3600.033 s" in told[0]
    with SessionReader(tmp_path / "a.mcap") as session:
        for n, frame in enumerate(taken):
            assert frame is not None
            assert_same(session.frame("depth", n), frame)
        assert session.times("depth").device_ns.tolist() == [5_000 * MS + n * 33 * MS for n in range(5)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"needs the right to mount a small disk: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("layout", ["viewable", "compact"])
def test_a_full_disk_ends_the_recording_and_what_was_written_is_whole(small_disk: Path, layout: str) -> None:
    told: list[str] = []
    config = RecordConfig(min_free_mib=0.0, layout=layout)
    recorder = recorder_at(small_disk / "a.mcap", [WIDE], config, on_trouble=told.append)
    put = record_until_it_fails(recorder)
    status = recorder.status()
    assert status.state == "failed"
    assert "No space left" in status.reason
    assert any("recording ended" in words for words in told)
    assert [p.name for p in small_disk.iterdir()] == ["a.mcap"]
    with SessionReader(small_disk / "a.mcap") as session:
        numbers = session.times("depth").number.tolist()
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > 20
        for n in range(len(numbers)):
            assert_same(session.frame("depth", n), noisy(n))
        assert "No space left" in next(e.note for e in session.events() if e.name == "recording ended")
    assert status.frames == len(numbers)
    assert status.lost["depth"] >= put - len(numbers) - 1  # one may have come after the end


def test_a_disk_that_runs_low_ends_the_recording_before_it_is_full(small_disk: Path) -> None:
    recorder = recorder_at(small_disk / "a.mcap", [WIDE], RecordConfig(min_free_mib=3.0))
    for number in range(2000):
        if recorder.has_failed:
            break
        recorder.take(noisy(number if number < 20 else 20 + number))
        time.sleep(0.08 if number > 8 else 0.001)
    assert recorder.close()
    assert "are left on the disk" in recorder.status().reason
    with SessionReader(small_disk / "a.mcap") as session:
        assert session.count("depth") > 5


def test_a_disk_with_too_little_room_is_refused_before_anything_is_recorded(small_disk: Path) -> None:
    with pytest.raises(SessionWriteError, match="free some space"):
        Recorder(small_disk / "a.mcap", [WIDE], RecordConfig(min_free_mib=1e6))
    assert list(small_disk.iterdir()) == []


def test_a_limit_on_the_size_of_files_ends_the_recording_whole(tmp_path: Path) -> None:
    """Another way in which a system refuses: a quota on one file, set by the system itself."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, before[1]))  # Python ignores SIGXFSZ: writes fail
    try:
        recorder = recorder_at(tmp_path / "a.mcap", [WIDE], ROOMY)
        record_until_it_fails(recorder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert recorder.status().state == "failed"
    with SessionReader(tmp_path / "a.mcap") as session:
        n = session.count("depth")
        assert n > 10
        assert session.frame("depth", n - 1).number == n - 1


def test_a_disk_that_breaks_leaves_what_was_written_to_be_recovered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = PartFile.write

    def broken(self: PartFile, data: bytes) -> None:
        if self.size > 2 << 20:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        write(self, data)

    monkeypatch.setattr(PartFile, "write", broken)
    told: list[str] = []
    recorder = recorder_at(tmp_path / "a.mcap", [WIDE], ROOMY, on_trouble=told.append)
    record_until_it_fails(recorder)
    assert "Read-only file system" in recorder.status().reason
    assert any("session recover" in words and "a.mcap.part" in words for words in told)
    assert [p.name for p in tmp_path.iterdir()] == ["a.mcap.part"]


def test_the_screen_learns_how_long_the_disk_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recordings.disk_space._LEAST_S", 0.4)
    monkeypatch.setattr("recordings.disk_space._APART_S", 0.05)
    recorder = recorder_at(tmp_path / "a.mcap", [WIDE], RecordConfig(min_free_mib=1.0, flush_s=0.05))
    assert recorder.status().hours_left is None, "not known before it was measured"
    for number in range(60):
        recorder.take(noisy(number))
        recorder.status()
        time.sleep(0.02)
    status = recorder.status()
    assert recorder.close()
    assert status.state == "recording"
    assert status.bytes_per_second is not None
    assert status.free_bytes is not None
    assert status.hours_left is not None
    expected = (status.free_bytes - (1 << 20)) / status.bytes_per_second / 3600
    assert status.hours_left == pytest.approx(expected, rel=0.01)


def test_nothing_is_left_running_and_closing_twice_does_no_harm(tmp_path: Path) -> None:
    before = {t.name for t in threading.enumerate()}
    recorder = recorder_at(tmp_path / "a.mcap", [DEPTH], ROOMY)
    recorder.take(frame_of(DEPTH, 0))
    assert recorder.close()
    assert recorder.close()
    assert recorder.take(frame_of(DEPTH, 1)) is None
    assert recorder.status().lost == {}, "what comes after the end is not lost, nobody asked for it"
    assert {t.name for t in threading.enumerate()} <= before


def test_a_file_that_exists_is_not_recorded_over(tmp_path: Path) -> None:
    (tmp_path / "a.mcap").write_bytes(b"precious")
    with pytest.raises(SessionWriteError, match="exists already"):
        Recorder(tmp_path / "a.mcap", [DEPTH], ROOMY)
    assert (tmp_path / "a.mcap").read_bytes() == b"precious"


def live_frames(recorder: Recorder, seconds: float) -> list[Frame]:
    """Frames at 30 a second on the present clock; what was taken."""
    taken = []
    for n in range(round(seconds * 30)):
        frame = frame_of(DEPTH, n, host_ns=now_ns())
        kept = recorder.take(frame)
        assert kept is not None
        taken.append(kept)
        time.sleep(1 / 30)
    return taken


def clips_in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*.mcap") if "-clip-" in p.name)


@pytest.mark.parametrize("profile", ["evidence", "watch", "events"])
def test_a_mark_makes_a_lossless_clip_round_it_whatever_else_is_kept(tmp_path: Path, profile: str) -> None:
    config = RecordConfig(min_free_mib=0.0, profile=profile, clips=True, before_s=0.4, after_s=0.3)
    recorder = recorder_at(tmp_path / "night.mcap", [DEPTH], config)
    taken = live_frames(recorder, 0.8)
    marked = now_ns()
    assert recorder.put_event(Event("mark", taken[-1].device_ns, None, None, "there"), clip=True, host_ns=marked)
    taken += [f for f in (recorder.take(frame_of(DEPTH, 100 + n, host_ns=now_ns())) for n in range(3)) if f]
    for n in range(20):
        time.sleep(1 / 30)
        frame = recorder.take(frame_of(DEPTH, 200 + n, host_ns=now_ns()))
        assert frame is not None
        taken.append(frame)
    assert recorder.close()
    (clip,) = clips_in(tmp_path)
    wanted = [f for f in taken if marked - 4 * 10**8 <= f.host_ns <= marked + 3 * 10**8]
    with SessionReader(clip) as session:
        assert session.count("depth") == len(wanted)
        for n, frame in enumerate(wanted):
            assert_same(session.frame("depth", n), frame)
        assert "there" in [e.note for e in session.events()]
    status = recorder.status()
    assert (status.clips, status.clip_problems) == (1, 0)
    main = tmp_path / "night.mcap"
    assert main.exists() == (profile != "events")
    if profile == "evidence":
        with SessionReader(main) as session:
            assert session.count("depth") == len(taken)
            assert not any(f & FrameFlag.LOSSY for f in session.flags("depth"))
    if profile == "watch":
        with SessionReader(main) as session:
            assert 2 <= session.count("depth") <= 5, "two a second"
            assert all(f & FrameFlag.LOSSY for f in session.flags("depth"))


def test_a_quota_deletes_the_oldest_segments_and_nothing_that_is_marked(tmp_path: Path) -> None:
    config = RecordConfig(min_free_mib=0.0, flush_s=0.05, segment_gib=0.4 / 1024, quota_gib=3.0 / 1024)
    recorder = recorder_at(tmp_path / "a.mcap", [WIDE], config)
    first = 0
    while not (tmp_path / "a.mcap").exists():
        recorder.take(noisy(first))
        first += 1
        time.sleep(0.03)
    mark_keep(tmp_path / "a.mcap")
    for number in range(first, first + 30):
        recorder.take(noisy(number))
        time.sleep(0.03)
    assert recorder.close()
    names = sorted(p.name for p in tmp_path.glob("*.mcap"))
    assert "a.mcap" in names, "marked to keep"
    assert "a-0002.mcap" not in names, "the oldest of the others went"
    assert recorder.status().files > len(names)
    assert sum(p.stat().st_size for p in tmp_path.glob("*.mcap")) < 5 << 20
    for name in names:
        with SessionReader(tmp_path / name) as session:
            assert session.frame("depth", 0).number >= 0


def test_a_program_that_ends_without_closing_still_records_what_its_cameras_give(tmp_path: Path) -> None:
    """Python shuts its executors down when the main thread ends; other threads go on until they end."""
    script = f"""
import threading, time
from pathlib import Path
from recordings.recorder import Recorder
from tests.recordings.sessions import DEPTH, frame_of
recorder = Recorder(Path({str(tmp_path / "a.mcap")!r}), [DEPTH])
def camera():
    time.sleep(0.3)
    for n in range(50):
        recorder.take(frame_of(DEPTH, n))
    recorder.close()
threading.Thread(target=camera).start()
raise SystemExit("the main thread ends here")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("depth").number.tolist() == list(range(50))
