"""A recorded camera is sent to a moment, and plays a part of its recording."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from drivers.errors import CameraOpenError, UnsupportedFeatureError
from drivers.frame import FrameFlag
from recordings.play_order import ClockTimes
from recordings.virtual import FramePlace, VirtualCamera
from tests.recordings.control_cases import STEP, Recorded, key, rest
from tests.recordings.sessions import DEPTH, MS, simple_session
from tests.recordings.still_pace import StillPace, opened


@pytest.mark.parametrize("time_s", [0.0, 0.0005, 0.033, 0.2, 0.4, 4.0, 4.264])
def test_a_time_is_found(recorded: Recorded, camera: VirtualCamera, pace: StillPace, time_s: float) -> None:
    for _ in range(8):
        camera.read(1)
    start = pace.now
    camera.seek_time(time_s)
    first = camera.read(0)
    assert pace.now == start, "the first frame after a seek comes at once"
    assert [key(first), *rest(camera)] == recorded.keys[recorded.place_at(time_s) :]


def test_a_frame_is_found_by_the_cameras_own_number_also_when_it_counted_twice(
    recorded: Recorded, camera: VirtualCamera
) -> None:
    for occurrence in (2, 1):
        camera.seek_frame("depth", 3, occurrence)
        assert key(camera.read(0)) == recorded.keys[recorded.place("depth", 3, occurrence)]
    assert rest(camera) == recorded.keys[recorded.place("depth", 3) + 1 :]


def test_an_event_is_found_by_name_and_by_place(recorded: Recorded, camera: VirtualCamera) -> None:
    camera.seek_event("eyes closed")
    assert key(camera.read(0)) == recorded.keys[recorded.place("depth", 4)]
    camera.seek_event("phone & hand")
    assert key(camera.read(0)) == recorded.keys[recorded.place("depth", 2, 2)]
    camera.seek_event(2)
    assert rest(camera) == recorded.keys[recorded.place("depth", 5, 2) :]


@pytest.mark.parametrize(
    ("seek", "words"),
    [
        (lambda c: c.seek_time(4.3), r"played from 0\.000 to 4\.264 s; there is nothing at 4\.3 s"),
        (lambda c: c.seek_time(-1), "nothing at -1 s"),
        (lambda c: c.seek_time(math.nan), "nothing at nan s"),
        (lambda c: c.seek_frame("dept", 3), "no stream 'dept'; its streams: depth, cabin/infrared, thermal"),
        (lambda c: c.seek_frame("depth", 99), "number 99 of depth is not among its 21 frames, 0 to 11"),
        (lambda c: c.seek_frame("depth", 3, 3), "number 3 of depth is there 2 times, not 3"),
        (lambda c: c.seek_event("phone"), "no event 'phone'; it has 4: eyes closed, phone & hand"),
        (lambda c: c.seek_event(4), "no event 4; it has 4"),
        (lambda c: c.seek_event("long ago"), "has no place in the recording: it begins at -10000000000 ns"),
        (lambda c: c.set_speed(17), "not at 17"),
        (lambda c: c.set_speed(0), "plays at 0.1 to 16 times"),
    ],
)
def test_what_is_not_there_is_told_and_changes_nothing(
    recorded: Recorded, camera: VirtualCamera, seek: Callable[[VirtualCamera], None], words: str
) -> None:
    seen = [key(camera.read(1)) for _ in range(4)]
    with pytest.raises(UnsupportedFeatureError, match=words):
        seek(camera)
    assert seen + rest(camera) == recorded.keys


def test_a_seek_is_flagged_on_each_stream_that_does_not_follow_on_and_counts_no_loss(
    recorded: Recorded, camera: VirtualCamera
) -> None:
    for _ in range(10):
        camera.read(1)
    camera.seek_time(0.2)
    ahead = [camera.read(1) for _ in range(8)]
    camera.seek_time(0.2 + 1e-9)  # where the next instant begins anyhow
    again = [camera.read(1) for _ in range(3)]
    flagged = [f.stream for f in ahead if f.flags & FrameFlag.DROPPED_BEFORE]
    assert sorted(flagged) == sorted({f.stream for f in ahead}), "once each"
    assert again[0].flags & FrameFlag.DROPPED_BEFORE, "it went back"
    assert set(camera.health().dropped.values()) == {0}


def test_a_seek_to_the_very_next_frame_has_no_flag(recorded: Recorded, camera: VirtualCamera) -> None:
    for _ in range(7):
        camera.read(1)
    camera.seek_frame(*recorded.keys[7][:2])
    assert not any(camera.read(1).flags for _ in range(10))


def test_host_times_rise_over_every_seek(camera: VirtualCamera) -> None:
    times = []
    for time_s in (0.3, 0.0, 4.1, 0.0):
        camera.seek_time(time_s)
        times += [f.host_ns for f in (camera.read(10) for _ in range(6)) if f.stream == "depth"]
    assert times == sorted(set(times))


def test_a_part_is_played_and_nothing_else(recorded: Recorded, pace: StillPace) -> None:
    camera = opened(recorded.path, pace, from_s=0.1, to_s=4.033)
    frames = rest(camera)
    assert frames == [k for k, t in zip(recorded.keys, recorded.offsets, strict=True) if 100 * MS <= t <= 4_033 * MS]
    camera.open()
    with pytest.raises(UnsupportedFeatureError, match=r"played from 0\.100 to 4\.033 s"):
        camera.seek_time(0.05)
    with pytest.raises(UnsupportedFeatureError, match=r"frame depth:1 is at 0\.033 s"):
        camera.seek_frame("depth", 1)
    camera.close()


@pytest.mark.parametrize("begin", [{"from_frame": FramePlace("depth", 2, 2)}, {"from_event": "phone & hand"}])
def test_it_begins_at_a_frame_or_an_event(recorded: Recorded, pace: StillPace, begin: dict[str, object]) -> None:
    camera = opened(recorded.path, pace, **begin)
    start = pace.now
    first = camera.read(0)
    assert pace.now == start
    assert [key(first), *rest(camera)] == recorded.keys[recorded.place("depth", 2, 2) :]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"from_s": 5.0}, "no frame lies from 5 s to its end"),
        ({"from_s": 0.45, "to_s": 3.9}, r"no frame lies from 4\.000 s to 3\.9 s"),
        ({"from_frame": FramePlace("depth", 99)}, "number 99 of depth is not among"),
        ({"from_event": 9}, "no event 9"),
    ],
)
def test_a_part_that_is_not_there_cannot_be_opened(
    recorded: Recorded, pace: StillPace, options: dict[str, object], words: str
) -> None:
    with pytest.raises(CameraOpenError, match=words):
        opened(recorded.path, pace, **options)


def test_a_part_in_a_loop_goes_on_with_numbers_and_times(tmp_path: Path, pace: StillPace) -> None:
    camera = opened(simple_session(tmp_path / "a.mcap", 20, [DEPTH]), pace, from_s=0.1, to_s=0.2, loop=True)
    start = pace.now
    frames = [camera.read(1) for _ in range(9)]
    assert [f.number for f in frames] == list(range(4, 13))  # 4, 5, 6 lie in the part
    assert [f.device_ns - frames[0].device_ns for f in frames] == [n * STEP for n in range(9)]
    assert pace.now - start == 8 * STEP
    camera.seek_frame("depth", 5)
    back = camera.read(1)
    assert (back.number, bool(back.flags & FrameFlag.DROPPED_BEFORE)) == (5, True)
    camera.close()


def test_a_time_is_found_on_a_clock_that_began_anew() -> None:
    clock = ClockTimes(np.array([100, 101, 103, 0, 1, 2, 90, 95]) * 10**10)
    found = {t: clock.first_at(t * 10**10) for t in (0, 1, 50, 90, 92, 95, 97, 100, 102, 103, 104)}
    assert found == {0: 3, 1: 4, 50: 6, 90: 6, 92: 7, 95: 7, 97: None, 100: 0, 102: 2, 103: 2, 104: None}
    assert clock.first_at(-(10**9)) == 3, "just before the earliest"
    assert clock.first_at(103 * 10**10 + 10**9) == 2, "just after the latest"
    assert ClockTimes(np.zeros(0, np.int64)).first_at(0) is None
