"""One thread a camera: it keeps the camera going, says what happens, and always ends."""

from __future__ import annotations

import logging
import threading

import pytest

from drivers.camera import CameraState
from drivers.errors import CameraOpenError, FrameError
from drivers.frame import Frame, FrameFlag
from drivers.member import members_of
from drivers.supervisor import Patience, Supervisor
from tests.drivers.fake_camera import DEPTH, FakeCamera, Give, Hang, Quiet, gives, wait_until
from tests.drivers.supervised import QUICK, S, Watched


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


def test_streams_go_by_their_names_in_the_rig():
    watched = Watched(FakeCamera([Give(0), Give(2)]))
    (member, other) = members_of([watched.camera, FakeCamera([])])
    watched.supervisor = Supervisor(watched.camera, [watched.frames.append], watched._on_state, QUICK, member.relabel)
    watched.run_to_the_end()
    assert {f.stream for f in watched.frames} == {"fake/gray"}
    assert [(s.name, s.clock) for s in watched.supervisor.streams()] == [("fake/gray", "fake"), ("fake/depth", "fake")]
    status = watched.supervisor.status()
    assert status.frames["fake/gray"] == 2
    assert status.dropped["fake/gray"] == 1
    assert set(status.clocks) == {"fake/gray", "fake/depth"}
    assert other.name == "fake2"


def test_what_finds_no_room_is_counted_as_dropped_by_us():
    watched = Watched(FakeCamera(gives(0, 1, 2, 3)))
    watched.supervisor = Supervisor(watched.camera, [lambda f: f.number % 2 == 0], watched._on_state, QUICK)
    watched.run_to_the_end()
    count = watched.supervisor.status().counts["gray"]
    assert (count.received, count.dropped_by_us, count.dropped_by_device) == (2, 2, 0)


def test_lost_frames_are_counted_by_number_and_by_flag():
    script = [Give(3), Give(4), Give(7), Give(8, flags=FrameFlag.DROPPED_BEFORE), Give(1, DEPTH), Give(2, DEPTH)]
    watched = Watched(FakeCamera(script))
    watched.run_to_the_end()
    assert watched.supervisor.status().dropped == {"gray": 3, "depth": 0}


def test_frames_that_are_none_of_their_stream_are_refused_and_counted():
    wrong = FrameError("stream gray promises uint8 (3, 4), frame 1 is uint8 (2, 2)")
    watched = Watched(FakeCamera([Give(0), wrong, Give(2)]))
    watched.run_to_the_end()
    assert watched.numbers == [0, 2]
    assert watched.camera.calls.count("open") == 1
    assert watched.supervisor.status().counts["gray"].refused == 1


def test_nothing_but_wrong_frames_is_a_lost_camera():
    wrong = [FrameError("stream gray promises uint8 (3, 4), frame 1 is uint8 (2, 2)") for _ in range(30)]
    watched = Watched(FakeCamera([Give(0), *wrong, Give(31)]))
    watched.run_to_the_end()
    assert watched.camera.calls.count("open") == 2
    assert watched.numbers == [0, 31]


def test_a_library_that_hangs_in_a_read_shows_as_stalled_and_is_told(caplog: pytest.LogCaptureFixture):
    hang = Hang()
    watched = Watched(FakeCamera([Give(0), hang]))
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().state is S.STALLED, "the stall")
    with caplog.at_level(logging.WARNING):
        assert not watched.supervisor.stop(0.05)
    assert "hangs" in watched.supervisor.status().note
    assert "did not close within" in caplog.text
    hang.until.set()
    assert watched.supervisor.stop(5.0)


def test_an_opening_that_takes_long_does_not_hold_up_the_stop():
    opening = threading.Event()

    def open_slowly() -> None:
        opening.set()
        camera.ended.wait(30.0)
        raise CameraOpenError("given up")

    class Interruptible(FakeCamera):
        ended = threading.Event()

        def interrupt(self) -> None:
            self.ended.set()

    camera = Interruptible([])
    camera.open = open_slowly  # type: ignore[method-assign]  # this one camera opens otherwise
    watched = Watched(camera)
    watched.supervisor.start()
    assert opening.wait(10.0)
    assert watched.supervisor.stop(1.0)


def test_a_close_that_hangs_is_told_after_the_deadline(caplog: pytest.LogCaptureFixture):
    release = threading.Event()
    watched = Watched(FakeCamera([Give(0), Quiet()], close_hangs=release))
    watched.supervisor.start()
    wait_until(lambda: watched.numbers == [0], "the frame")
    with caplog.at_level(logging.WARNING):
        assert not watched.supervisor.stop(0.05)
    assert "hangs" in watched.supervisor.status().note
    assert "did not close within" in caplog.text
    release.set()
    assert watched.supervisor.stop(5.0)
    assert watched.states[-1] is S.CLOSED


def test_stopping_does_not_wait_for_the_back_off():
    patient = Patience(read_s=0.01, back_off_s=3600.0, back_off_limit_s=3600.0)
    watched = Watched(FakeCamera([], open_errors=[CameraOpenError("no power")]), patient)
    watched.supervisor.start()
    wait_until(lambda: S.WAITING in watched.states, "the loss")
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
