"""Somebody sets the machine's clock during a recording: everything goes on as if nobody had."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drivers.host_clock import now_ns
from recordings.config import RecordConfig
from recordings.event import Event
from recordings.host_clock import HostClock
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from tests.recordings.sessions import DEPTH, EPOCH, MS, THERMAL, frame_of

S = 10**9
HOUR = 3600 * S
ROOMY = RecordConfig(min_free_mib=0.0)


def record(path: Path, config: RecordConfig, set_by_ns: int, seconds: int = 20) -> Recorder:
    """30 frames a second of depth, 10 of thermal; half way the clock is set by so much."""
    recorder = Recorder(path, [DEPTH, THERMAL], config)
    for n in range(seconds * 30):
        wall = EPOCH + n * S // 30 + (set_by_ns if n >= seconds * 15 else 0)
        assert recorder.take(frame_of(DEPTH, n, host_ns=wall, seed=0)) is not None
        if n % 3 == 0:
            assert recorder.take(frame_of(THERMAL, n // 3, host_ns=wall + 1000, seed=0)) is not None
    return recorder


def test_time_goes_on_at_its_pace_and_the_streams_stay_side_by_side(tmp_path: Path) -> None:
    recorder = record(tmp_path / "a.mcap", ROOMY, -HOUR)
    assert recorder.close()
    with SessionReader(tmp_path / "a.mcap") as session:
        depth, thermal = session.times("depth").host_ns, session.times("thermal").host_ns
        (told,) = [e.note for e in session.events() if e.name == "host clock set back"]
    assert len(depth) == 600
    assert np.diff(depth).min() > 0
    assert np.abs(np.delete(np.diff(depth), 299) - S // 30).max() <= 1, "but where the clock was set"
    assert 0 < depth[300] - depth[299] < S // 30
    assert np.abs(thermal - depth[::3]).max() <= 1000
    assert "3599.967 s" in told


def test_a_clock_set_back_thins_out_no_more_than_before(tmp_path: Path) -> None:
    config = RecordConfig(min_free_mib=0.0, profile="watch", watch_hz=2.0)
    recorder = record(tmp_path / "a.mcap", config, -HOUR)
    assert recorder.close()
    with SessionReader(tmp_path / "a.mcap") as session:
        assert 39 <= session.count("depth") <= 42, "two a second, for twenty seconds"


def test_segments_fill_by_time_although_the_clock_was_set_back(tmp_path: Path) -> None:
    config = RecordConfig(min_free_mib=0.0, segment_minutes=0.1)
    recorder = record(tmp_path / "a.mcap", config, -HOUR)
    assert recorder.close()
    assert recorder.status().files == 4


def test_a_clip_ends_in_time_and_memory_stays_bounded_although_the_clock_was_set_back(tmp_path: Path) -> None:
    config = RecordConfig(min_free_mib=0.0, profile="events", before_s=2.0, after_s=1.0)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], config)
    clips = recorder._files.clips
    assert clips is not None
    for n in range(600):
        wall = EPOCH + n * S // 30 - (HOUR if n >= 300 else 0)
        frame = recorder.take(frame_of(DEPTH, n, host_ns=wall, seed=0))
        assert frame is not None
        if n == 450:
            assert recorder.put_event(Event("mark", frame.device_ns), clip=True, host_ns=wall)
            while not clips.status().open:
                time.sleep(0.01)
    assert recorder.close()
    (path,) = tmp_path.glob("*.mcap")
    with SessionReader(path) as session:
        assert session.times("depth").number.tolist() == list(range(450 - 60, 450 + 30 + 1))
    assert clips._ring.status().frames <= (2 + 3) * 30 + 2


def test_a_mark_given_now_is_beside_the_frames_of_now_although_the_clock_was_set_back(tmp_path: Path) -> None:
    config = RecordConfig(min_free_mib=0.0, profile="events", before_s=0.5, after_s=0.5)
    recorder = Recorder(tmp_path / "a.mcap", [DEPTH], config)
    ahead = now_ns() + HOUR
    recorder.take(frame_of(DEPTH, 0, host_ns=ahead - MS))
    recorder.take(frame_of(DEPTH, 1, host_ns=ahead))
    recorder.take(frame_of(DEPTH, 2, host_ns=now_ns()))
    assert recorder.put_event(Event("mark", 0), clip=True)
    recorder.take(frame_of(DEPTH, 3, host_ns=now_ns()))
    assert recorder.close()
    (path,) = tmp_path.glob("*.mcap")
    with SessionReader(path) as session:
        assert set(session.times("depth").number.tolist()) >= {2, 3}


def test_a_clock_set_forward_and_back_again_is_followed(tmp_path: Path) -> None:
    clock = HostClock(["a", "b"])

    def give(stream: str, wall: int) -> int:
        placed, _ = clock.place(stream, wall)
        clock.taken(stream, placed)
        return placed

    assert give("a", EPOCH) == EPOCH
    assert give("b", EPOCH + MS) == EPOCH + MS
    assert give("a", EPOCH + HOUR) == EPOCH + HOUR, "forward: as the clock says"
    assert give("b", EPOCH + HOUR + MS) == EPOCH + HOUR + MS
    back = give("a", EPOCH + 2 * S)
    assert back == EPOCH + HOUR + MS + 1
    assert give("b", EPOCH + 2 * S + MS) == back + MS
    late = give("b", EPOCH + HOUR + 2 * S)
    assert late == EPOCH + HOUR + 2 * S, "set right again"
    assert clock.at(EPOCH + HOUR + 3 * S) == EPOCH + HOUR + 3 * S


def test_a_frame_stamped_before_the_clock_was_set_keeps_its_place() -> None:
    clock = HostClock(["a", "b"])
    for stream, wall in (("a", EPOCH), ("b", EPOCH + MS), ("a", EPOCH + 33 * MS), ("a", EPOCH - HOUR)):
        clock.taken(stream, clock.place(stream, wall)[0])
    assert clock.place("b", EPOCH + 34 * MS)[0] == EPOCH + 34 * MS


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 100), st.integers(-10_000, 10_000)), max_size=60))
def test_times_rise_whatever_the_clock_does(steps: list[tuple[str, int, int]]) -> None:
    clock, wall, last = HostClock("ab"), EPOCH, {"a": -1, "b": -1}
    for stream, passed, set_by in steps:
        wall += passed * MS + set_by * (set_by % 7 == 0) * S
        placed, back = clock.place(stream, wall)
        assert placed > last[stream]
        assert back >= 0
        clock.taken(stream, placed)
        last[stream] = placed
