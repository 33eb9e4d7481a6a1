"""Whatever is asked of a recorded camera, from whichever thread: every frame comes that should, and no other."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.camera import CameraState
from drivers.channels import Lossless
from drivers.errors import CameraError, CameraLostError, CameraTimeoutError, EndOfStream
from drivers.frame import Frame
from drivers.supervisor import Patience, Supervisor
from recordings.virtual import VirtualCamera
from tests.recordings.control_cases import STEP, Key, Recorded, key
from tests.recordings.sessions import DEPTH, INFRARED, MS, THERMAL, frame_of
from tests.recordings.still_pace import StillPace, opened


class Model:
    """What should come, said in the plainest way."""

    def __init__(self, recorded: Recorded, loop: bool) -> None:
        self.recorded, self.loop = recorded, loop
        self.place, self.paused, self.steps, self.ended = 0, False, 0, False

    def read(self) -> Key | type[CameraError]:
        if self.paused and not self.steps and not self.ended:
            return CameraTimeoutError
        if self.place == len(self.recorded.keys):
            if not self.loop:
                self.ended, self.steps = True, 0
                return EndOfStream
            self.place = 0
        self.place += 1
        self.steps -= bool(self.steps)
        return self.recorded.keys[self.place - 1]

    def seek(self, place: int) -> None:
        self.place, self.steps, self.ended = place, 0, False


commands = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.integers(1, 60)),
        st.tuples(st.just("wait"), st.integers(0, 3_000)),
        st.tuples(st.sampled_from(["pause", "resume"]), st.just(0)),
        st.tuples(st.just("step"), st.integers(1, 5)),
        st.tuples(st.just("time"), st.integers(0, 4_264)),
        st.tuples(st.just("frame"), st.integers(0, 1000)),
        st.tuples(st.just("event"), st.integers(0, 2)),
        st.tuples(st.just("speed"), st.sampled_from([0.1, 1.0, 16.0, math.inf])),
    ),
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(commands, st.booleans(), st.sampled_from([0.1, 1.0, math.inf]))
def test_whatever_is_asked_every_frame_comes_that_should_and_no_other(
    recorded: Recorded, asked: list[tuple[str, float]], loop: bool, speed: float
) -> None:
    pace = StillPace()
    with closing(opened(recorded.path, pace, loop=loop, speed=speed)) as camera:
        compare(recorded, camera, pace, Model(recorded, loop), asked)
        assert set(camera.health().dropped.values()) == {0}


def compare(
    recorded: Recorded, camera: VirtualCamera, pace: StillPace, model: Model, asked: list[tuple[str, float]]
) -> None:
    number_of_event = [recorded.place("depth", 4), recorded.place("depth", 2, 2), recorded.place("depth", 5, 2)]
    last_host: dict[str, int] = {}
    for what, value in asked:
        if what == "read":
            for _ in range(int(value)):
                expected = model.read()
                if isinstance(expected, tuple):
                    frame = camera.read(100)
                    # Loops add to numbers and times; the pixels tell which frame it is.
                    assert frame.stream == expected[0]
                    if not model.loop:
                        assert key(frame) == expected
                    assert frame.pixels.tobytes() == _pixels(recorded, expected)
                    assert frame.host_ns > last_host.get(frame.stream, 0)
                    last_host[frame.stream] = frame.host_ns
                else:
                    before = pace.now
                    with pytest.raises(expected):
                        camera.read(0.05)
                    assert pace.now - before == (50 * MS if expected is CameraTimeoutError else 0)
        elif what == "wait":
            pace.now += int(value) * MS
        elif what == "pause":
            camera.pause()
            model.paused, model.steps = True, 0
        elif what == "resume":
            camera.resume()
            model.paused, model.steps = False, 0
        elif what == "step":
            camera.step(int(value))
            model.steps = int(value) + (model.steps if model.paused else 0)
            model.paused, model.ended = True, False
        elif what == "time":
            camera.seek_time(value / 1000)
            model.seek(recorded.place_at(value / 1000))
        elif what == "frame":
            wanted = recorded.keys[int(value) % len(recorded.keys)]
            same = [i for i, k in enumerate(recorded.keys) if k[:2] == wanted[:2]]
            place = int(value) % len(recorded.keys)
            camera.seek_frame(wanted[0], wanted[1], same.index(place) + 1)
            model.seek(place)
        elif what == "event":
            camera.seek_event(int(value))
            model.seek(number_of_event[int(value)])
        else:
            camera.set_speed(value)


def _pixels(recorded: Recorded, wanted: Key) -> bytes:
    info = {s.name: s for s in (DEPTH, INFRARED, THERMAL)}[wanted[0]]
    return frame_of(info, wanted[1]).pixels.tobytes()


def test_closing_ends_a_read_that_is_paused_at_once(recorded: Recorded) -> None:
    camera = VirtualCamera(recorded.path)
    camera.open()
    camera.pause()
    ended = _reading(camera, 30)
    camera.close()
    error, after_s = ended()
    assert isinstance(error, CameraLostError)
    assert after_s < 5


@pytest.mark.parametrize("ask", [VirtualCamera.resume, VirtualCamera.step], ids=["resume", "step"])
def test_a_read_that_is_paused_gives_a_frame_as_soon_as_it_may(
    recorded: Recorded, ask: Callable[[VirtualCamera], None]
) -> None:
    camera = VirtualCamera(recorded.path)
    camera.open()
    camera.pause()
    ended = _reading(camera, 30)
    ask(camera)
    frame, after_s = ended()
    assert isinstance(frame, Frame)
    assert key(frame) == recorded.keys[0]
    assert after_s < 5
    camera.close()


def test_a_seek_ends_the_wait_for_a_frame_that_is_far_off(recorded: Recorded) -> None:
    camera = VirtualCamera(recorded.path, speed=0.1)
    camera.open()
    for _ in range(3):
        camera.read(5)
    camera.seek_frame(*recorded.keys[recorded.place_at(4.0) - 1][:2])  # the last frame before the pause of 3.6 s
    camera.read(5)
    ended = _reading(camera, 60)
    camera.seek_time(4.1)
    frame, after_s = ended()
    assert isinstance(frame, Frame)
    assert key(frame) == recorded.keys[recorded.place_at(4.1)]
    assert after_s < 20
    camera.close()


def test_as_fast_as_it_reads_a_lossless_consumer_gets_every_frame_once(recorded: Recorded) -> None:
    camera = VirtualCamera(recorded.path, speed=math.inf)
    channel: Lossless[Frame] = Lossless(4)

    def patient(frame: Frame) -> None:
        assert channel.put_wait(frame, 10)

    supervisor = Supervisor(camera, [patient])
    supervisor.start()
    seen = [key(channel.take(10)) for _ in recorded.keys]
    with pytest.raises(queue.Empty):
        channel.take(0.05)
    assert supervisor.stop(5)
    assert seen == recorded.keys
    assert supervisor.status().state is CameraState.ENDED


def test_a_paused_camera_is_neither_stalled_nor_reopened_and_plays_on(recorded: Recorded) -> None:
    camera = VirtualCamera(recorded.path, speed=math.inf)
    channel: Lossless[Frame] = Lossless(200)
    camera.open()
    camera.step(4)  # paused from the fifth frame on, before anybody reads
    camera.close()
    quick = Patience(read_s=0.01, stall_s=0.02, reopen_s=0.04, back_off_s=0.01, back_off_limit_s=0.02)
    supervisor = Supervisor(camera, [channel.put], patience=quick)
    supervisor.start()
    seen = [key(channel.take(10)) for _ in range(4)]
    deadline = time.monotonic() + 10
    while supervisor.status().state is not CameraState.PAUSED:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(0.1)  # longer than a silent camera is waited for
    assert supervisor.status().state is CameraState.PAUSED
    assert "paused at" in supervisor.status().note
    camera.resume()
    seen += [key(channel.take(10)) for _ in recorded.keys[4:]]
    assert supervisor.status().reopened == 0
    assert supervisor.stop(5)
    assert seen == recorded.keys


def test_what_was_paused_when_it_was_closed_stands_there_when_it_is_opened(recorded: Recorded, pace: StillPace) -> None:
    camera = opened(recorded.path, pace)
    for _ in range(4):
        camera.read(1)
    camera.pause()
    camera.close()
    with pytest.raises(CameraLostError, match="events are read from the open session"):
        camera.seek_event(0)
    pace.now += 60_000 * MS
    camera.resume()
    pace.now += 60_000 * MS
    camera.open()
    start = pace.now
    assert [key(camera.read(1)) for _ in range(3)] == recorded.keys[4:7]
    assert pace.now - start == STEP, "no frame is late for the time that it was closed"
    camera.close()


def _reading(camera: VirtualCamera, timeout_s: float) -> Callable[[], tuple[Frame | CameraError, float]]:
    """Read in another thread; call what is returned for what came of it, and after how many seconds from now."""
    out: list[tuple[Frame | CameraError, float]] = []

    def read() -> None:
        try:
            got: Frame | CameraError = camera.read(timeout_s)
        except CameraError as error:
            got = error
        out.append((got, time.monotonic()))

    thread = threading.Thread(target=read)
    thread.start()
    time.sleep(0.05)
    assert not out, "it waits"
    began = time.monotonic()

    def result() -> tuple[Frame | CameraError, float]:
        thread.join(timeout_s + 5)
        return out[0][0], out[0][1] - began

    return result
