"""Whoever holds a virtual camera pauses, steps, seeks and changes its speed, and every frame comes that should."""

from __future__ import annotations

import math

import pytest

from drivers.camera import CameraState
from drivers.errors import CameraLostError, CameraTimeoutError, EndOfStream, UnsupportedFeatureError
from recordings.virtual import VirtualCamera, VirtualOptions
from tests.recordings.control_cases import STEP, Recorded, key, rest
from tests.recordings.sessions import MS
from tests.recordings.still_pace import StillPace


def test_paused_it_gives_nothing_and_resumed_it_goes_on_where_it_was(
    recorded: Recorded, camera: VirtualCamera, pace: StillPace
) -> None:
    seen = [key(camera.read(1)) for _ in range(5)]
    camera.pause()
    start = pace.now
    for _ in range(3):
        with pytest.raises(CameraTimeoutError, match=r"gave nothing within 2 s: it is paused at 0\.033 s"):
            camera.read(2)
    assert pace.now - start == 6_000 * MS
    assert "paused at 0.033 s" in camera.health().note
    camera.resume()
    assert not camera.health().note
    start = pace.now
    assert [*seen, key(camera.read(1))] == recorded.keys[:6]
    assert pace.now - start == recorded.offsets[5] - recorded.offsets[4], "as if no pause had been"
    assert [*recorded.keys[:6], *rest(camera)] == recorded.keys


def test_a_pause_within_an_interval_keeps_what_is_left_of_it(camera: VirtualCamera, pace: StillPace) -> None:
    for _ in range(3):
        camera.read(1)  # all of the first instant
    with pytest.raises(CameraTimeoutError):
        camera.read(0.010)
    camera.pause()
    pace.now += 60_000 * MS
    camera.resume()
    start = pace.now
    camera.read(1)
    assert pace.now - start == STEP - 10 * MS - MS  # the thermal frame came 1 ms after the others


def test_a_step_gives_exactly_so_many_frames_at_once(
    recorded: Recorded, camera: VirtualCamera, pace: StillPace
) -> None:
    camera.step()
    camera.step(4)
    start = pace.now
    assert [key(camera.read(0)) for _ in range(5)] == recorded.keys[:5]
    assert pace.now == start
    with pytest.raises(CameraTimeoutError, match="paused"):
        camera.read(0.5)
    camera.step(2)
    camera.pause()  # forgets them
    with pytest.raises(CameraTimeoutError):
        camera.read(0)
    camera.resume()
    assert rest(camera) == recorded.keys[5:]


@pytest.mark.parametrize("n", [0, -3])
def test_a_step_goes_forward(camera: VirtualCamera, n: int) -> None:
    with pytest.raises(UnsupportedFeatureError, match="1 or more frames"):
        camera.step(n)


def test_the_end_ends_paused_or_not(recorded: Recorded, camera: VirtualCamera) -> None:
    camera.seek_frame("depth", 8, 2)
    camera.pause()
    camera.step(2)
    assert [camera.read(0).stream for _ in range(2)] == ["depth", "cabin/infrared"]
    with pytest.raises(CameraTimeoutError):
        camera.read(0)  # whoever paused may still go back
    camera.step()
    for _ in range(2):
        with pytest.raises(EndOfStream):
            camera.read(0)
    camera.resume()
    with pytest.raises(EndOfStream):
        camera.read(0)
    assert camera.health().state is CameraState.ENDED
    camera.pause()
    with pytest.raises(EndOfStream):
        camera.read(0)
    camera.seek_time(0)
    assert camera.health().state is CameraState.STREAMING
    camera.resume()
    assert rest(camera) == recorded.keys


def test_another_speed_counts_from_now_on(camera: VirtualCamera, pace: StillPace) -> None:
    assert (camera.read(1).stream, camera.read(1).stream, camera.read(1).stream)[0] == "depth"
    start = pace.now
    camera.set_speed(0.1)
    camera.read(60)
    assert pace.now - start == pytest.approx(10 * (STEP - MS), abs=2)
    camera.read(60)
    camera.set_speed(16)
    start = pace.now
    camera.read(60)
    assert pace.now - start == pytest.approx(STEP / 16, abs=2)
    camera.set_speed(math.inf)
    start = pace.now
    for _ in range(20):
        camera.read(0)
    assert pace.now == start


def test_a_reader_that_was_late_is_not_made_to_catch_up_after_a_pause(camera: VirtualCamera, pace: StillPace) -> None:
    for _ in range(3):
        camera.read(1)
    pace.now += 300 * MS
    camera.pause()
    camera.resume()
    times = []
    for _ in range(4):
        camera.read(1)
        times.append(pace.now)
    assert times[0] == times[1]
    assert times[2] - times[0] == STEP


def test_what_is_not_open_cannot_be_controlled(recorded: Recorded) -> None:
    camera = VirtualCamera(recorded.path)
    for ask in (camera.pause, camera.resume, camera.step, lambda: camera.seek_time(0), lambda: camera.seek_event(0)):
        with pytest.raises(CameraLostError, match="not open"):
            ask()
    camera.open()
    camera.close()
    with pytest.raises(CameraLostError, match="not open"):
        camera.pause()


def test_options_are_those_of_the_source() -> None:
    camera = VirtualCamera("a.mcap", options=VirtualOptions(from_event="phone & hand", to_s=9.0))
    assert camera.options() == {"file": "a.mcap", "to_s": "9", "from_event": "phone & hand"}
