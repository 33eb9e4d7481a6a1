"""Whoever holds a virtual camera pauses, steps, seeks and changes its speed, and every frame comes that should."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.camera import CameraState
from drivers.channels import Lossless
from drivers.errors import (
    CameraError,
    CameraLostError,
    CameraOpenError,
    CameraTimeoutError,
    EndOfStream,
    UnsupportedFeatureError,
)
from drivers.frame import Frame, FrameFlag
from drivers.supervisor import Patience, Supervisor
from recordings.observation import Event
from recordings.play_order import ClockTimes
from recordings.virtual import FramePlace, VirtualCamera, VirtualOptions
from recordings.writer import SessionWriter
from tests.recordings.sessions import DEPTH, EPOCH, INFRARED, MS, THERMAL, frame_of, info_of, simple_session
from tests.recordings.still_pace import StillPace, all_frames, opened

STEP = 33 * MS
Key = tuple[str, int, int]


def key(frame: Frame) -> Key:
    return frame.stream, frame.number, frame.device_ns


class Recorded:
    """A session of three streams with a pause in it, after which the cameras count from zero on clocks that began
    anew, with events; and what it holds, in its order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        frames = []
        for part, (begin_ms, count) in enumerate(((0, 12), (4_000, 9))):
            for n in range(count):
                at = EPOCH + (begin_ms + 33 * n) * MS
                device_ns = (5_000 - 4_000 * part) * MS + n * STEP
                frames.append(frame_of(DEPTH, n, host_ns=at, device_ns=device_ns, seed=n))
                frames.append(frame_of(INFRARED, n, host_ns=at, device_ns=device_ns + 1, seed=n))
                if n % 3 == 0:
                    frames.append(frame_of(THERMAL, n // 3, host_ns=at + MS, device_ns=device_ns + 2))
        frames.sort(key=lambda f: f.host_ns)
        with SessionWriter(path, info_of([DEPTH, INFRARED, THERMAL])) as writer:
            for frame in frames:
                writer.write_frame(frame)
            writer.write_event(Event("eyes closed", 5_000 * MS + 4 * STEP, 5_000 * MS + 6 * STEP))
            writer.write_event(Event("phone & hand", 1_000 * MS + 2 * STEP - 5, None))
            writer.write_event(Event("eyes closed", 1_000 * MS + 5 * STEP))
            writer.write_event(Event("long ago", -(10**10)))
        order = {DEPTH.name: 0, INFRARED.name: 1, THERMAL.name: 2}
        frames.sort(key=lambda f: (f.host_ns, order[f.stream]))
        self.keys = [key(f) for f in frames]
        self.offsets = [f.host_ns - EPOCH for f in frames]

    def place(self, stream: str, number: int, occurrence: int = 1) -> int:
        return [i for i, k in enumerate(self.keys) if k[:2] == (stream, number)][occurrence - 1]

    def place_at(self, time_s: float) -> int:
        return next(i for i, t in enumerate(self.offsets) if t >= round(time_s * 1e9))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return Recorded(tmp_path_factory.mktemp("recorded") / "drive.mcap")


@pytest.fixture
def pace() -> StillPace:
    return StillPace()


@pytest.fixture
def camera(recorded: Recorded, pace: StillPace) -> Iterator[VirtualCamera]:
    camera = opened(recorded.path, pace)
    yield camera
    camera.close()


def rest(camera: VirtualCamera) -> list[Key]:
    return [key(f) for f in all_frames(camera)]


# -- pause and step -------------------------------------------------------------------------------------------------


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


# -- seek -----------------------------------------------------------------------------------------------------------


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


# -- speed ----------------------------------------------------------------------------------------------------------


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


# -- a part, in a loop ----------------------------------------------------------------------------------------------


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


# -- every course ---------------------------------------------------------------------------------------------------


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


# -- with other threads -----------------------------------------------------------------------------------------------


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


def test_what_is_not_open_cannot_be_controlled(recorded: Recorded) -> None:
    camera = VirtualCamera(recorded.path)
    for ask in (camera.pause, camera.resume, camera.step, lambda: camera.seek_time(0), lambda: camera.seek_event(0)):
        with pytest.raises(CameraLostError, match="not open"):
            ask()
    camera.open()
    camera.close()
    with pytest.raises(CameraLostError, match="not open"):
        camera.pause()


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


def test_options_are_those_of_the_source() -> None:
    camera = VirtualCamera("a.mcap", options=VirtualOptions(from_event="phone & hand", to_s=9.0))
    assert camera.options() == {"file": "a.mcap", "to_s": "9", "from_event": "phone & hand"}


def test_a_time_is_found_on_a_clock_that_began_anew() -> None:
    clock = ClockTimes(np.array([100, 101, 103, 0, 1, 2, 90, 95]) * 10**10)
    found = {t: clock.first_at(t * 10**10) for t in (0, 1, 50, 90, 92, 95, 97, 100, 102, 103, 104)}
    assert found == {0: 3, 1: 4, 50: 6, 90: 6, 92: 7, 95: 7, 97: None, 100: 0, 102: 2, 103: 2, 104: None}
    assert clock.first_at(-(10**9)) == 3, "just before the earliest"
    assert clock.first_at(103 * 10**10 + 10**9) == 2, "just after the latest"
    assert ClockTimes(np.zeros(0, np.int64)).first_at(0) is None
