"""A recording that must fit: into a quota, onto a disk, between the files of earlier nights."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from drivers.frame import Frame, StreamInfo, StreamKind
from recordings import quota_keeper
from recordings.config import RecordConfig
from recordings.errors import RecordingError, SessionNotFoundError
from recordings.part_file import PartFile
from recordings.quota_keeper import QuotaKeeper
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from recordings.retention import RetentionReport, mark_keep
from recordings.segments import SEGMENT_NOTE
from tests.recordings.sessions import DEPTH, EPOCH, MS, frame_of, simple_session

WIDE = StreamInfo("depth", StreamKind.DEPTH, 320, 240, "uint16", 30.0, unit_m=0.001)
MIB = 1 / 1024
"""In GiB."""


def noisy(number: int) -> Frame:
    """150 kB that do not compress."""
    pixels = np.random.default_rng(number).integers(0, 65536, WIDE.shape).astype(np.uint16)
    return Frame(WIDE, pixels, number, 1 + number * 33 * MS, EPOCH + number * 33 * MS)


def wait_for(true: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it did not come in 20 s"
        time.sleep(0.002)


def give(recorder: Recorder, numbers: range) -> None:
    """Frames as fast as they are written and the files of the past finished."""
    for n in numbers:
        assert recorder.take(noisy(n)) is not None, recorder.status().reason
        wait_for(lambda n=n: recorder.status().frames > n - 4 or recorder.has_failed)  # type: ignore[misc]  # bound now
        wait_for(lambda: len([*recorder.path.parent.glob("*.part")]) < 3 or recorder.has_failed)


def all_numbers(folder: Path) -> list[int]:
    out: list[int] = []
    for path in folder.glob("*.mcap"):
        with SessionReader(path) as session:
            out += [int(n) for n in session.times("depth").number]
    return sorted(out)


def test_files_of_an_earlier_night_are_stepped_over(tmp_path: Path) -> None:
    """Its first file went by the quota, say, and the same name is given again."""
    old = [simple_session(tmp_path / f"a-{n:04d}.mcap").read_bytes() for n in (2, 3)]
    (tmp_path / "a-0004.mcap.part").write_bytes(b"torn")
    config = RecordConfig(min_free_mib=0.0, segment_minutes=1 / 60)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], config)
    for n in range(80):
        recorder.take(frame_of(DEPTH, n))
    assert recorder.close()
    assert recorder.status().state == "ended"
    assert [(tmp_path / f"a-{n:04d}.mcap").read_bytes() for n in (2, 3)] == old
    numbers, segments = [], []
    for name in ("a.mcap", "a-0005.mcap", "a-0006.mcap"):
        with SessionReader(tmp_path / name) as session:
            numbers += session.times("depth").number.tolist()
            segments.append(session.info.notes[SEGMENT_NOTE])
    assert numbers == list(range(80))
    assert segments == ["1", "2", "3"]


def test_a_new_file_that_cannot_be_made_costs_nothing_the_old_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    opened = Path.open

    def refuses(self: Path, *arguments: Any, **named: Any) -> Any:
        if "-0002" in self.name:
            raise OSError(24, "Too many open files")
        return opened(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", refuses)
    config = RecordConfig(min_free_mib=0.0, segment_minutes=1 / 60)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], config, on_trouble=told.append)
    for n in range(200):
        recorder.take(frame_of(DEPTH, n))
    assert recorder.close()
    assert recorder.status().state == "ended"
    assert [words for words in told if "Too many open files" in words and "a.mcap goes on" in words] == told
    assert len(told) == 1, "once, and tried again after a minute"
    assert all_numbers(tmp_path) == list(range(200))


def test_a_quota_smaller_than_a_segment_is_kept_all_the_same(tmp_path: Path) -> None:
    config = RecordConfig(min_free_mib=0.0, flush_s=0.02, quota_gib=4 * MIB)
    assert config.segment_gib == 16.0
    told: list[str] = []
    recorder = Recorder(tmp_path / "a.mcap", [WIDE], config, on_trouble=told.append)
    give(recorder, range(80))  # 12 MB
    assert recorder.close()
    assert recorder.status().state == "ended"
    assert told == [], "what is only too much for a moment is not told"
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) < 6 << 20
    kept = all_numbers(tmp_path)
    assert kept == list(range(kept[0], 80)), "the newest, without a hole"


def test_a_disk_that_only_the_quota_keeps_from_filling_does_not_end_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quota is as large as the disk allows, and looks for what to delete as soon as room ends."""
    monkeypatch.setattr("recordings.disk_worker._CHECK_EVERY_S", 0.01)
    monkeypatch.setattr(quota_keeper, "_EVERY_S", 1000.0)
    monkeypatch.setattr(QuotaKeeper, "ask", asked := Asked(QuotaKeeper.ask))
    size = 10 << 20  # 2 must stay free, 4 are the quota's; what is being written and finished needs some, too

    def usage(folder: Path) -> SimpleNamespace:
        return SimpleNamespace(free=size - sum(p.stat().st_size for p in folder.iterdir() if p.exists()))

    monkeypatch.setattr("recordings.disk_space.shutil.disk_usage", usage)
    config = RecordConfig(min_free_mib=2.0, flush_s=0.02, quota_gib=4 * MIB)
    recorder = Recorder(tmp_path / "a.mcap", [WIDE], config)
    give(recorder, range(100))
    assert recorder.status().state == "recording", recorder.status().reason
    assert recorder.close()
    assert asked.count > 0


class Asked:
    """Counts the calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function, self.count = function, 0

    def __get__(self, owner: Any, kind: type) -> Any:
        def call() -> Any:
            self.count += 1
            return self._function(owner)

        return call


def test_a_disk_that_the_quota_cannot_keep_from_filling_ends_the_recording_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recordings.disk_worker._CHECK_EVERY_S", 0.01)
    free = [10 << 20]
    monkeypatch.setattr("recordings.disk_space.shutil.disk_usage", lambda folder: SimpleNamespace(free=free[0]))
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], RecordConfig(min_free_mib=2.0, flush_s=0.02, quota_gib=1.0))
    recorder.take(frame_of(DEPTH, 0))
    free[0] = 1 << 20
    wait_for(lambda: recorder.has_failed)
    assert "only 1 MiB are left" in recorder.status().reason
    assert recorder.close()
    assert all_numbers(tmp_path) == [0]


def test_a_quota_that_marks_keep_from_being_held_promises_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota_keeper, "_TELL_AFTER_S", 0.0)
    told: list[str] = []
    config = RecordConfig(min_free_mib=0.0, flush_s=0.02, quota_gib=2 * MIB)
    recorder = Recorder(tmp_path / "a.mcap", [WIDE], config, on_trouble=told.append)
    assert recorder.status().quota_holds
    done, marked = 0, 0
    while marked <= 2 << 20:
        give(recorder, range(done, done + 5))
        done += 5
        for path in tmp_path.glob("*.mcap"):
            with contextlib.suppress(SessionNotFoundError):  # the quota was faster
                mark_keep(path)
        marked = sum(p.with_suffix("").stat().st_size for p in tmp_path.glob("*.keep") if p.with_suffix("").exists())
        assert done < 500
    recorder._disk._quota.ask()  # what else keeps it from being held now does not count
    wait_for(lambda: any("marked to keep" in words for words in told))
    wait_for(lambda: not recorder.status().quota_holds)
    assert recorder.status().state == "recording"
    assert recorder.close()


@pytest.mark.parametrize("error", [RecordingError("cannot be looked into"), ZeroDivisionError("unforeseen")])
def test_a_quota_that_cannot_be_kept_is_told_and_ends_no_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*arguments: Any) -> RetentionReport:
        raise error

    monkeypatch.setattr(quota_keeper, "apply_retention", fails)
    monkeypatch.setattr(quota_keeper, "_TELL_AFTER_S", 0.0)
    told: list[str] = []
    config = RecordConfig(min_free_mib=0.0, flush_s=0.01, max_age_days=1.0)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], config, on_trouble=told.append)
    wait_for(lambda: told)
    for n in range(20):
        recorder.take(frame_of(DEPTH, n))
    assert recorder.close()
    assert recorder.status().state == "ended"
    assert str(error) in told[0]
    assert all_numbers(tmp_path) == list(range(20))


def test_thousands_of_files_to_look_into_keep_nothing_from_being_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, done, synced = threading.Event(), threading.Event(), list[float]()

    def slow(*arguments: Any) -> RetentionReport:
        looking.set()
        done.wait(20)
        return RetentionReport((), 0, 0, 0)

    monkeypatch.setattr(quota_keeper, "apply_retention", slow)
    monkeypatch.setattr(PartFile, "sync", lambda self: synced.append(time.monotonic()))
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], RecordConfig(min_free_mib=0.0, flush_s=0.01, quota_gib=1.0))
    try:
        assert looking.wait(20)
        for n in range(3):
            before = len(synced)
            recorder.take(frame_of(DEPTH, n))
            wait_for(lambda before=before: len(synced) > before)  # type: ignore[misc]  # bound now
        assert not done.is_set()
    finally:
        done.set()
        assert recorder.close()


def test_a_clock_set_forward_makes_no_file_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], RecordConfig(min_free_mib=0.0))
    recorder.take(frame_of(DEPTH, 0))
    assert recorder.close()
    true_time = time.time
    keeper = QuotaKeeper(tmp_path, RecordConfig(max_age_days=1.0), print)
    try:
        monkeypatch.setattr("recordings.quota_keeper.time.time", lambda: true_time() + 50 * 365 * 86400)
        number = keeper.ask()
        wait_for(lambda: keeper.has_looked(number))
    finally:
        monkeypatch.undo()
        assert keeper.stop(20)
    assert (tmp_path / "a.mcap").exists()


@pytest.mark.parametrize("name", ["segment_gib", "quota_gib", "queue_mib", "max_age_days", "ring_mib"])
def test_settings_without_end_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        RecordConfig.model_validate({name: float("inf")})
