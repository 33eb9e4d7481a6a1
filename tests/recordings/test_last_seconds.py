"""The last seconds in memory: bounded, whole, and saved as a session that can be checked."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drivers.frame import Frame, StreamInfo, StreamKind
from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.integrity import check_session
from recordings.last_seconds import LastSeconds, LastStatus, wait_until_encoded
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.recording_files import Results
from recordings.save_last import SavingStoppedError, save_held
from recordings.session import ScheduleEntry
from recordings.stored import StoredFrame, encode_frame
from recordings.writer import SessionWriter

GRAY = StreamInfo("gray", StreamKind.GRAY, 64, 48, "uint8", 30.0)
DEPTH = StreamInfo("depth", StreamKind.DEPTH, 32, 24, "uint16", 30.0, unit_m=0.001)
START_NS = 1_700_000_000_000_000_000
STEP_NS = 33_333_333


def frame(info: StreamInfo, number: int, host_ns: int | None = None, encoded: bytes | None = None) -> Frame:
    pixels = np.random.default_rng(number).integers(0, 250, info.shape).astype(info.dtype)
    at_ns = START_NS + number * STEP_NS
    return Frame(info, pixels, number, at_ns, at_ns if host_ns is None else host_ns, encoded=encoded)


def observation(number: int, *infos: StreamInfo) -> Results:
    numbers = {info.name: number for info in infos}
    at_ns = START_NS + number * STEP_NS
    return Results(Observation(number, at_ns, at_ns, 0, numbers, ()), ScheduleEntry(number, numbers))


def filled(last: LastSeconds, count: int) -> None:
    for number in range(count):
        assert last.push(frame(GRAY, number))
        if number % 2 == 0:
            assert last.push(frame(DEPTH, number))
            last.push_results(observation(number, GRAY, DEPTH))


def test_it_holds_the_seconds_and_not_more() -> None:
    last = LastSeconds([GRAY, DEPTH], 1.0, 1 << 30)
    try:
        filled(last, 20)
        assert last.status().reach_s == pytest.approx(19 / 30, abs=0.01)
        filled_to = 90
        for number in range(20, filled_to):
            last.push(frame(GRAY, number))
        status = last.status()
        assert 0.95 < status.reach_s <= 1.0
        assert status.frames in (30, 31)
        assert not status.is_bounded_by_bytes
        assert next(one.host_ns for one in last.held(0.5).items) >= START_NS + round(89 * STEP_NS - 0.5e9)
    finally:
        assert last.close()
    assert not last.push(frame(GRAY, 500))
    assert not last.push_event(Event("mark", 0, 0, None, ""), START_NS)
    assert last.status() == LastStatus(0.0, 0, 0, 0, False)


@settings(deadline=None, max_examples=30)
@given(st.integers(2_000, 60_000), st.lists(st.booleans(), min_size=1, max_size=60))
@example(3584, [False])  # fits as it came, and not when it is encoded
def test_its_bytes_are_bounded_and_what_is_held_has_no_hole(max_bytes: int, kinds: list[bool]) -> None:
    last = LastSeconds([GRAY, DEPTH], 60.0, max_bytes)
    try:
        for number, is_depth in enumerate(kinds):
            last.push(frame(DEPTH if is_depth else GRAY, number))
            assert last.status().bytes <= max_bytes
        assert wait_until_encoded(last, 10.0)
        held = [one.content for one in last.held(60.0).items]
        numbers = [one.number for one in held if isinstance(one, Frame | StoredFrame)]
        assert numbers == list(range(len(kinds) - len(numbers), len(kinds)))
        assert last.status().bytes <= max_bytes
    finally:
        assert last.close()


def test_an_encoder_that_falls_behind_costs_reach_and_nobody_waits_for_it() -> None:
    hold = threading.Event()

    def slow(one: Frame) -> StoredFrame:
        hold.wait(20.0)
        return encode_frame(one, "compact")

    last = LastSeconds([GRAY, DEPTH], 60.0, 40_000, slow)
    try:
        begun = time.monotonic()
        for number in range(200):
            last.push(frame(GRAY, number))
        assert time.monotonic() - begun < 5.0
        status = last.status()
        assert status.encoded <= 1
        assert status.bytes <= 40_000
        assert status.is_bounded_by_bytes
    finally:
        hold.set()
        assert last.close()


def test_what_is_held_is_saved_as_a_whole_session(tmp_path: Path) -> None:
    last = LastSeconds([GRAY, DEPTH], 60.0, 1 << 30)
    try:
        filled(last, 30)
        last.push_event(Event("mark", START_NS, START_NS, None, "here"), START_NS + 29 * STEP_NS)
        saved = save_held(last.held(0.5), last, tmp_path / "a.mcap", 0.5, source="tests", run={"models": {}})
        assert (saved.frames, saved.observations) == (24, 8)
        assert saved.seconds == pytest.approx(0.5, abs=0.04)
        assert last.status().frames == 45, "it goes on"
    finally:
        assert last.close()
    with SessionReader(tmp_path / "a.mcap") as reader:
        assert check_session(reader).problems == ()
        assert not check_session(reader).bad_frames
        first = int(reader.times("gray").number[0])
        assert list(reader.times("gray").number) == list(range(first, 30))
        for index, number in enumerate(reader.times("gray").number):
            assert np.array_equal(reader.frame("gray", index).pixels, frame(GRAY, int(number)).pixels)
        assert [e.frame_set for e in reader.schedule()] == list(range(first + first % 2, 30, 2))
        assert [e.note for e in reader.events()] == ["here"]
        assert (reader.run() or {})["replayable"] is False


def test_results_whose_frames_are_not_all_held_are_left_out(tmp_path: Path) -> None:
    last = LastSeconds([GRAY, DEPTH], 60.0, 1 << 30)
    try:
        last.push(frame(GRAY, 5))
        last.push_results(observation(5, GRAY, DEPTH))
        last.push(frame(DEPTH, 6))
        last.push_results(observation(6, DEPTH))
        saved = save_held(last.held(60.0), last, tmp_path / "a.mcap", 60.0)
    finally:
        assert last.close()
    assert saved.observations == 1


def test_a_clock_that_is_set_back_and_frames_that_no_session_holds(tmp_path: Path) -> None:
    last = LastSeconds([GRAY], 60.0, 1 << 30)
    try:
        assert last.push(frame(GRAY, 0))
        assert last.push(frame(GRAY, 1, START_NS - 3_600_000_000_000))
        assert last.push(frame(GRAY, 2, START_NS - 3_600_000_000_000 + STEP_NS))
        assert not last.push(frame(DEPTH, 3)), "of no stream"
        assert not last.push(frame(GRAY, 4, -5)), "no time"
        save_held(last.held(60.0), last, tmp_path / "a.mcap", 60.0)
    finally:
        assert last.close()
    with SessionReader(tmp_path / "a.mcap") as reader:
        times = reader.times("gray").host_ns
        assert len(times) == 3
        assert (np.diff(times) > 0).all()


def test_jpeg_of_a_camera_is_held_and_saved_as_it_came(tmp_path: Path) -> None:
    import cv2

    done, data = cv2.imencode(".jpg", frame(GRAY, 0).pixels)
    assert done
    decoded = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    last = LastSeconds([GRAY], 60.0, 1 << 30)
    try:
        for number in range(3):
            at_ns = START_NS + number * STEP_NS
            last.push(Frame(GRAY, decoded, number, at_ns, at_ns, encoded=data.tobytes()))
        assert wait_until_encoded(last, 10.0)
        assert last.status().bytes < 3 * (len(data) + 1000), "the pixels are let go"
        save_held(last.held(60.0), last, tmp_path / "a.mcap", 60.0)
    finally:
        assert last.close()
    with SessionReader(tmp_path / "a.mcap") as reader:
        assert reader.frame("gray", 1).encoded == data.tobytes()


def test_a_disk_that_refuses_leaves_nothing_and_what_is_held_can_be_saved_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = SessionWriter.write_stored
    written = 0

    def full(self: SessionWriter, stored: StoredFrame) -> None:
        nonlocal written
        written += 1
        if written == 10:
            raise SessionWriteError("no space left on the disk")
        write(self, stored)

    monkeypatch.setattr(SessionWriter, "write_stored", full)
    last = LastSeconds([GRAY, DEPTH], 60.0, 1 << 30)
    try:
        filled(last, 30)
        with pytest.raises(SessionWriteError, match="no space left"):
            save_held(last.held(60.0), last, tmp_path / "a.mcap", 60.0)
        assert list(tmp_path.iterdir()) == []
        assert save_held(last.held(60.0), last, tmp_path / "b.mcap", 60.0).frames == 45
        stop = threading.Event()
        stop.set()
        with pytest.raises(SavingStoppedError):
            save_held(last.held(60.0), last, tmp_path / "c.mcap", 60.0, stop=stop)
        assert [path.name for path in tmp_path.iterdir()] == ["b.mcap"]
    finally:
        assert last.close()
    with pytest.raises(SessionWriteError, match="no frame has come"):
        save_held(last.held(60.0), last, tmp_path / "d.mcap", 60.0)


def test_it_is_asked_for_something() -> None:
    with pytest.raises(ValueError, match="some seconds and some bytes"):
        LastSeconds([GRAY], 0.0, 5)
