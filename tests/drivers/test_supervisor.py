"""One thread a camera: it keeps the camera going, says what happens, and always ends."""

from __future__ import annotations

import logging
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.camera import CameraState
from drivers.errors import CameraLostError, CameraOpenError, SdkMissingError, UnusableSourceError
from drivers.frame import Frame, FrameFlag
from drivers.supervisor import Patience, Supervisor
from tests.drivers.fake_camera import DEPTH, FakeCamera, Give, Hang, Pause, Quiet, gives, wait_until

QUICK = Patience(read_s=0.01, stall_s=0.04, reopen_s=30.0, back_off_s=0.01, back_off_limit_s=0.04)
S = CameraState


class Watched:
    """A supervised fake camera, its frames and its states."""

    def __init__(self, camera: FakeCamera, patience: Patience = QUICK) -> None:
        self.camera = camera
        self.frames: list[Frame] = []
        self.states: list[CameraState] = []
        self.notes: list[str] = []
        self.supervisor = Supervisor(camera, [self.frames.append], self._on_state, patience)

    def _on_state(self, state: CameraState, note: str) -> None:
        self.states.append(state)
        self.notes.append(note)

    @property
    def numbers(self) -> list[int]:
        return [frame.number for frame in self.frames]

    def run_to_the_end(self) -> None:
        self.supervisor.start()
        wait_until(lambda: S.ENDED in self.states, "the end")
        assert self.supervisor.stop(5.0)


def test_every_frame_reaches_every_sink_in_order_and_the_end_is_clean():
    more: list[int] = []
    watched = Watched(FakeCamera(gives(*range(50))))
    watched.supervisor = Supervisor(
        watched.camera,
        [watched.frames.append, lambda f: more.append(f.number)],
        watched._on_state,
        QUICK,
    )
    watched.run_to_the_end()
    assert watched.numbers == more == list(range(50))
    assert watched.states == [S.OPENING, S.STREAMING, S.ENDED]
    status = watched.supervisor.status()
    assert status.state is S.ENDED
    assert status.frames == {"gray": 50, "depth": 0}
    assert status.dropped == {"gray": 0, "depth": 0}
    assert status.reopened == 0
    assert status.last_frame_age_s is not None
    assert watched.camera.calls == ["open", "close"]
    assert [s.name for s in watched.supervisor.streams()] == ["gray", "depth"]


def test_a_camera_that_does_not_open_is_tried_again_with_the_reason_on_show():
    errors = [CameraOpenError("no power"), CameraOpenError("still no power")]
    watched = Watched(FakeCamera(gives(0, 1), open_errors=errors))
    watched.run_to_the_end()
    assert watched.states == [S.OPENING, S.LOST, S.OPENING, S.LOST, S.OPENING, S.STREAMING, S.ENDED]
    assert watched.notes[1].startswith("no power; trying again in ")
    assert watched.numbers == [0, 1]
    assert watched.supervisor.status().reopened == 0  # it had never been open


def test_a_lost_camera_is_closed_and_opened_again():
    watched = Watched(FakeCamera([*gives(0, 1), CameraLostError("unplugged"), *gives(7, 8)]))
    watched.run_to_the_end()
    assert watched.numbers == [0, 1, 7, 8]
    assert watched.camera.calls == ["open", "close", "open", "close"]
    status = watched.supervisor.status()
    assert status.reopened == 1
    assert status.dropped["gray"] == 0  # the numbers of another opening tell nothing
    assert S.LOST in watched.states


def test_whatever_a_vendors_library_raises_the_camera_is_tried_again(caplog: pytest.LogCaptureFixture):
    watched = Watched(FakeCamera([Give(0), RuntimeError("xioctl(VIDIOC_DQBUF) failed"), Give(1)]))
    watched.run_to_the_end()
    assert watched.numbers == [0, 1]
    assert any("RuntimeError: xioctl" in note for note in watched.notes)
    assert "xioctl" in caplog.text


def test_a_missing_library_is_not_waited_for():
    watched = Watched(FakeCamera([], open_errors=[SdkMissingError("pip install 'tapetum[realsense]'")]))
    watched.supervisor.start()
    wait_until(lambda: not watched.supervisor._thread.is_alive(), "the thread to give up")
    status = watched.supervisor.status()
    assert status.state is S.LOST
    assert status.note == "pip install 'tapetum[realsense]'"
    assert watched.camera.calls.count("open") == 1
    assert watched.supervisor.stop(1.0)


def test_a_source_that_never_was_one_is_not_waited_for():
    watched = Watched(FakeCamera([], open_errors=[UnusableSourceError("there is no such file")]))
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().has_given_up, "the thread to give up")
    assert watched.supervisor.status().state is S.LOST
    assert watched.supervisor.status().note == "there is no such file"
    assert watched.camera.calls.count("open") == 1
    assert watched.supervisor.stop(1.0)


def test_a_source_that_was_there_is_waited_for():
    camera = FakeCamera([Give(0), CameraLostError("the disk is gone"), Give(1)])
    watched = Watched(camera)
    camera.open_errors = []
    opened = camera.open

    def open_or_fail() -> None:
        if camera.calls.count("open") == 1:
            camera.calls.append("open")
            raise UnusableSourceError("there is no such file")
        opened()

    camera.open = open_or_fail  # type: ignore[method-assign]  # this one camera opens otherwise
    watched.run_to_the_end()
    assert watched.numbers == [0, 1]
    assert camera.calls.count("open") == 3


def test_a_stall_is_said_and_taken_back():
    quiet = Quiet()
    watched = Watched(FakeCamera([Give(0), quiet, Give(1)]))
    watched.supervisor.start()
    wait_until(lambda: S.STALLED in watched.states, "the stall")
    assert watched.supervisor.status().state is S.STALLED
    assert "no frame for" in watched.supervisor.status().note
    quiet.until.set()
    wait_until(lambda: S.ENDED in watched.states, "the end")
    assert watched.supervisor.stop(5.0)
    assert watched.states == [S.OPENING, S.STREAMING, S.STALLED, S.STREAMING, S.ENDED]
    assert watched.numbers == [0, 1]


def test_a_camera_that_says_it_is_paused_is_neither_stalled_nor_reopened():
    pause = Pause()
    patience = Patience(0.005, 0.01, reopen_s=0.03, back_off_s=0.01, back_off_limit_s=0.02)
    watched = Watched(FakeCamera([Give(0), pause, Give(1)]), patience)
    watched.supervisor.start()
    wait_until(lambda: S.PAUSED in watched.states, "the pause")
    time.sleep(0.1)  # three times as long as a silent camera is waited for
    assert watched.supervisor.status().state is S.PAUSED
    pause.until.set()
    wait_until(lambda: S.ENDED in watched.states, "the end")
    assert watched.supervisor.stop(5.0)
    assert watched.states == [S.OPENING, S.STREAMING, S.PAUSED, S.STREAMING, S.ENDED]
    assert watched.camera.calls.count("open") == 1


def test_a_stall_is_noticed_within_a_second_by_default():
    patience = Patience()
    assert patience.stall_s + patience.read_s < 1.0


def test_a_slow_camera_is_not_called_stalled():
    slow = FakeCamera([], streams=[DEPTH.__class__("t", DEPTH.kind, 4, 3, "uint16", fps=2.0, unit_m=0.001)])
    supervisor = Supervisor(slow, [])
    supervisor._open()
    assert supervisor._stall_s == 1.5


def test_a_long_stall_ends_in_reopening():
    watched = Watched(
        FakeCamera([Give(0), Quiet()]), Patience(0.01, 0.02, reopen_s=0.06, back_off_s=0.01, back_off_limit_s=0.02)
    )
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().reopened >= 2, "the second reopening")
    assert watched.supervisor.stop(5.0)
    assert {S.STALLED, S.LOST} <= set(watched.states)
    assert watched.states[-1] is S.CLOSED


def test_a_library_that_hangs_in_a_read_shows_as_stalled_and_is_abandoned(caplog: pytest.LogCaptureFixture):
    hang = Hang()
    watched = Watched(FakeCamera([Give(0), hang]))
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().state is S.STALLED, "the stall")
    with caplog.at_level(logging.WARNING):
        assert not watched.supervisor.stop(0.05)
    assert "abandoned" in watched.supervisor.status().note
    assert "did not close within" in caplog.text
    hang.until.set()
    assert watched.supervisor.stop(5.0)


def test_a_close_that_hangs_is_abandoned_after_the_deadline(caplog: pytest.LogCaptureFixture):
    release = threading.Event()
    watched = Watched(FakeCamera([Give(0), Quiet()], close_hangs=release))
    watched.supervisor.start()
    wait_until(lambda: watched.numbers == [0], "the frame")
    with caplog.at_level(logging.WARNING):
        assert not watched.supervisor.stop(0.05)
    assert "abandoned" in watched.supervisor.status().note
    assert "its thread is abandoned" in caplog.text
    release.set()
    assert watched.supervisor.stop(5.0)
    assert watched.states[-1] is S.CLOSED


def test_stopping_does_not_wait_for_the_back_off():
    patient = Patience(read_s=0.01, back_off_s=3600.0, back_off_limit_s=3600.0)
    watched = Watched(FakeCamera([], open_errors=[CameraOpenError("no power")]), patient)
    watched.supervisor.start()
    wait_until(lambda: S.LOST in watched.states, "the loss")
    assert watched.supervisor.stop(5.0)
    assert watched.camera.calls.count("open") == 1


def test_a_supervisor_that_never_started_is_already_stopped():
    assert Watched(FakeCamera([])).supervisor.stop(0.0)


def test_a_sink_that_fails_stops_neither_the_camera_nor_the_others(caplog: pytest.LogCaptureFixture):
    def fails(frame: Frame) -> None:
        raise ValueError("full of holes")

    seen: list[int] = []
    ended = threading.Event()
    supervisor = Supervisor(
        FakeCamera(gives(0, 1, 2)),
        [fails, lambda f: seen.append(f.number)],
        lambda state, _: ended.set() if state is S.ENDED else None,
        QUICK,
    )
    supervisor.start()
    assert ended.wait(10)
    assert supervisor.stop(5.0)
    assert seen == [0, 1, 2]
    assert "3 frames failed in a sink" in supervisor.status().note
    assert len([r for r in caplog.records if r.message.endswith("a sink failed")]) == 1


def test_a_listener_that_fails_does_not_stop_the_camera():
    def fails(state: CameraState, note: str) -> None:
        raise ValueError("no listener")

    seen: list[int] = []
    supervisor = Supervisor(FakeCamera(gives(0, 1)), [lambda f: seen.append(f.number)], fails, QUICK)
    supervisor.start()
    wait_until(lambda: supervisor.status().state is S.ENDED, "the end")
    assert supervisor.stop(5.0)
    assert seen == [0, 1]


def test_a_sink_may_ask_for_the_stop():
    answers: list[bool] = []
    watched = Watched(FakeCamera([Give(0), Quiet()]))
    watched.supervisor = Supervisor(
        watched.camera, [lambda _: answers.append(watched.supervisor.stop(5.0))], watched._on_state, QUICK
    )
    watched.supervisor.start()
    wait_until(lambda: S.CLOSED in watched.states, "the end")
    assert watched.supervisor.stop(5.0)
    assert answers == [False]


def test_lost_frames_are_counted_by_number_and_by_flag():
    script = [Give(3), Give(4), Give(7), Give(8, flags=FrameFlag.DROPPED_BEFORE), Give(1, DEPTH), Give(2, DEPTH)]
    watched = Watched(FakeCamera(script))
    watched.run_to_the_end()
    assert watched.supervisor.status().dropped == {"gray": 3, "depth": 0}


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_back_off_grows_to_its_limit_and_jitters_by_half(failures: int, jitter: float):
    patience = Patience()
    wait = patience.back_off(failures, jitter)
    full = patience.back_off(failures, 0.0)
    assert full / 2 <= wait <= full <= patience.back_off_limit_s
    assert patience.back_off(failures + 1, jitter) >= wait
    assert patience.back_off(1, 0.0) == patience.back_off_s
