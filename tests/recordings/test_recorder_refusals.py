"""What a recording cannot hold is refused, counted and told; the rest of it goes on."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.frame import Frame, FrameFlag
from recordings import keeping
from recordings.config import RecordConfig
from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.frame_gate import BEYOND, NO_JPEG, OTHERWISE, UNKNOWN
from recordings.observation import Box, Face, Observation
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from recordings.session import ScheduleEntry
from recordings.stored import StoredFrame, encode_frame
from tests.recordings.sessions import COLOR, DEPTH, EPOCH, GRAY, MS, THERMAL, frame_of

ROOMY = RecordConfig(min_free_mib=0.0)


def with_jpeg(frame: Frame) -> Frame:
    ok, data = cv2.imencode(".jpg", cv2.cvtColor(frame.pixels, cv2.COLOR_RGB2BGR))
    assert ok
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert decoded is not None
    pixels = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)
    return dataclasses.replace(frame, pixels=pixels, encoded=data.tobytes())


def recalibrated(frame: Frame) -> Frame:
    return dataclasses.replace(frame, info=dataclasses.replace(frame.info, unit_m=0.01))


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (lambda n: frame_of(GRAY, n), UNKNOWN),
        (lambda n: recalibrated(frame_of(DEPTH, n)), OTHERWISE),
        (lambda n: frame_of(DEPTH, n, host_ns=-1), BEYOND),
        (lambda n: frame_of(DEPTH, n, host_ns=1 << 63), BEYOND),
        (lambda n: frame_of(DEPTH, n, device_ns=1 << 63), BEYOND),
        (lambda n: dataclasses.replace(frame_of(DEPTH, n), number=1 << 64), BEYOND),
    ],
)
@pytest.mark.parametrize("profile", ["evidence", "watch", "events"])
def test_a_frame_that_no_session_can_hold_ends_no_recording(
    tmp_path: Path, bad: Callable[[int], Frame], why: str, profile: str
) -> None:
    told: list[str] = []
    config = RecordConfig(min_free_mib=0.0, profile=profile, watch_hz=60)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH, THERMAL], config, on_trouble=told.append)
    for n in range(10):
        assert recorder.take(frame_of(DEPTH, n)) is not None
        assert recorder.take(frame_of(THERMAL, n)) is not None
    assert recorder.take(bad(10)) is None, "and so it is not processed either"
    recorder.put_event(Event("mark", 0), clip=profile == "events", host_ns=EPOCH)
    for n in range(11, 20):
        assert recorder.take(frame_of(DEPTH, n)) is not None
    assert recorder.close()
    status = recorder.status()
    stream = "gray" if why is UNKNOWN else "depth"
    assert (status.state, dict(status.lost), status.frames) == ("ended", {stream: 1}, 29)
    assert [words for words in told if why in words] == [f"frames of {stream} are lost: they {why}"]
    (path,) = tmp_path.glob("*.mcap")
    with SessionReader(path) as session:
        assert session.times("depth").number.tolist() == [n for n in range(20) if n != 10]
        notes = [e.note for e in session.events() if e.name == "frames not recorded"]
        assert profile == "events" or notes == [f"{stream}: 1 frames {why}"]
        if stream == "depth":
            assert session.frame("depth", 10).flags & FrameFlag.DROPPED_BEFORE


def test_a_camera_whose_jpeg_is_missing_at_times_costs_those_frames_alone(tmp_path: Path) -> None:
    told: list[str] = []
    recorder = Recorder(tmp_path / "a.mcap", [COLOR], ROOMY, on_trouble=told.append)
    for n in range(10):
        frame = frame_of(COLOR, n)
        assert (recorder.take(frame if n == 5 else with_jpeg(frame)) is None) == (n == 5)
    assert recorder.close()
    assert dict(recorder.status().lost) == {"color": 1}
    assert NO_JPEG in told[0]
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("color").number.tolist() == [n for n in range(10) if n != 5]
        assert session.codec("color") == "jpeg"


@pytest.mark.parametrize("profile", ["evidence", "watch", "events"])
def test_a_camera_whose_first_jpeg_is_missing_loses_nothing(tmp_path: Path, profile: str) -> None:
    config = RecordConfig(min_free_mib=0.0, profile=profile)
    recorder = Recorder(tmp_path / "a.mcap", [COLOR], config)
    given = [frame_of(COLOR, 0), *(with_jpeg(frame_of(COLOR, n)) for n in range(1, 10))]
    for frame in given:
        assert recorder.take(frame) is not None
    recorder.put_event(Event("mark", 0), clip=True, host_ns=EPOCH + 100 * MS)
    assert recorder.close()
    assert recorder.status().clip_problems == 0
    path = next(p for p in tmp_path.glob("*.mcap") if profile == "evidence" or "-clip-" in p.name)
    with SessionReader(path) as session:
        for n, frame in enumerate(given):
            np.testing.assert_array_equal(session.frame("color", n).pixels, frame.pixels)


def test_a_frame_that_cannot_be_encoded_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def encode(frame: Frame, *arguments: object) -> StoredFrame:
        if frame.number in (4, 5):
            raise MemoryError("no room")
        return encode_frame(frame)

    monkeypatch.setattr(keeping, "encode_frame", encode)
    told: list[str] = []
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], ROOMY, on_trouble=told.append)
    for n in range(10):
        recorder.take(frame_of(DEPTH, n))
    assert recorder.close()
    status = recorder.status()
    assert (status.state, status.frames, dict(status.lost)) == ("ended", 8, {"depth": 2})
    assert "MemoryError" in told[0]
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("depth").number.tolist() == [0, 1, 2, 3, 6, 7, 8, 9]
        assert "MemoryError" in next(e.note for e in session.events())


def observation(number: int, confidence: float = 0.5) -> Observation:
    face = Face(1, "depth", Box(0.0, 0.0, 5.0, 5.0), confidence)
    return Observation(number, 0, EPOCH + number * 33 * MS, 0, {"depth": number}, (face,))


@pytest.mark.parametrize("profile", ["evidence", "watch"])
def test_results_that_are_no_numbers_are_told_and_the_frames_go_on(tmp_path: Path, profile: str) -> None:
    told: list[str] = []
    config = RecordConfig(min_free_mib=0.0, profile=profile)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], config, on_trouble=told.append)
    for n in range(10):
        recorder.take(frame_of(DEPTH, n))
        confidence = float("nan") if n == 5 else 0.5
        assert recorder.put_results(observation(n, confidence), ScheduleEntry(n, {"depth": n}, {}))
    assert recorder.close()
    assert recorder.status().state == "ended"
    assert recorder.status().frames == 10
    assert "FrameSet 5" in told[0]
    with SessionReader(tmp_path / "a.mcap") as session:
        assert [o.frame_set for o in session.observations()] == [0, 1, 2, 3, 4, 6, 7, 8, 9]
        assert [s.frame_set for s in session.schedule()] == [0, 1, 2, 3, 4, 6, 7, 8, 9], "all of it, or none"


@pytest.mark.parametrize("profile", ["evidence", "events"])
def test_an_event_that_cannot_be_stored_is_told_and_the_frames_go_on(tmp_path: Path, profile: str) -> None:
    told: list[str] = []
    config = RecordConfig(min_free_mib=0.0, profile=profile)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], config, on_trouble=told.append)
    recorder.take(frame_of(DEPTH, 0))
    bad = Event("mark", np.int64(5)) if profile == "evidence" else Event("mark", 5)  # type: ignore[arg-type]  # wrong on purpose
    recorder.put_event(bad, clip=True, host_ns=-5)
    recorder.put_event(Event("mark", 6, note="good"), clip=True, host_ns=EPOCH)
    recorder.take(frame_of(DEPTH, 1))
    assert recorder.close()
    assert recorder.status().state == "ended"
    assert any("'mark' could not be stored" in words for words in told)
    (path,) = tmp_path.glob("*.mcap")
    with SessionReader(path) as session:
        assert session.count("depth") == 2
        assert "good" in [e.note for e in session.events()]


def test_what_happens_before_the_first_frame_stands_at_its_time_and_not_in_1970(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], RecordConfig(min_free_mib=0.0, flush_s=0.01))
    recorder.put_event(Event("mark", 0))
    for _ in range(3):
        time.sleep(0.02)  # a flush or two
    recorder.take(frame_of(DEPTH, 0))
    assert recorder.close()
    from mcap.reader import make_reader

    with (tmp_path / "a.mcap").open("rb") as file:
        times = [message.log_time for _, _, message in make_reader(file).iter_messages()]
    assert min(times) == EPOCH


@pytest.mark.parametrize("profile", ["evidence", "watch", "events"])
def test_a_place_where_nothing_can_be_written_is_told_before_anything_is_lost(tmp_path: Path, profile: str) -> None:
    config = RecordConfig(min_free_mib=0.0, profile=profile)
    with pytest.raises(SessionWriteError, match="does not exist"):
        Recorder(tmp_path / "no" / "a.mcap", [DEPTH], config)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SessionWriteError, match="file"):
        Recorder(tmp_path / "file" / "a.mcap", [DEPTH], config)
    with pytest.raises(SessionWriteError, match=r"NAME\.mcap"):
        Recorder(tmp_path / "night", [DEPTH], config)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file"]


@pytest.mark.parametrize("profile", ["evidence", "watch", "events"])
def test_a_recording_without_a_frame_or_without_a_stream_is_whole(tmp_path: Path, profile: str) -> None:
    for name, streams in (("frames", [DEPTH, GRAY]), ("streams", [])):
        config = RecordConfig(min_free_mib=0.0, profile=profile)
        recorder = Recorder(tmp_path / f"{name}.mcap", streams, config)
        recorder.put_event(Event("mark", 0), clip=True)
        assert recorder.close()
        assert recorder.status().state == "ended"
        if profile != "events":
            with SessionReader(tmp_path / f"{name}.mcap") as session:
                assert [s.name for s in session.streams] == [s.name for s in streams]
                assert [e.name for e in session.events()] == ["mark"]


def test_a_frame_larger_than_the_whole_queue_is_recorded(tmp_path: Path) -> None:
    big = dataclasses.replace(DEPTH, width=2048, height=1024, intrinsics=None)
    recorder = Recorder(tmp_path / "a.mcap", [big], RecordConfig(min_free_mib=0.0, queue_mib=1.0))
    assert recorder.take(frame_of(big, 0)) is not None
    assert recorder.close()
    with SessionReader(tmp_path / "a.mcap") as session:
        np.testing.assert_array_equal(session.frame("depth", 0).pixels, frame_of(big, 0).pixels)


def test_a_camera_that_counts_from_zero_after_it_came_back_loses_nothing(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], ROOMY)
    for n in range(20):
        assert recorder.take(frame_of(DEPTH, n % 10, host_ns=EPOCH + n * 33 * MS, device_ns=n % 10 * 33 * MS))
    assert recorder.close()
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("depth").number.tolist() == [*range(10), *range(10)]
        np.testing.assert_array_equal(session.frame("depth", 13).pixels, frame_of(DEPTH, 3).pixels)
