"""One thread a camera: it keeps the camera going, says what happens, and always ends."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.camera import CameraState
from drivers.errors import (
    CalibrationError,
    CameraLostError,
    CameraOpenError,
    FrameError,
    SdkMissingError,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.frame import Frame, FrameFlag, KelvinMap, StreamInfo, StreamKind
from drivers.member import members_of
from drivers.supervisor import Patience, Supervisor
from tests.drivers.fake_camera import (
    DEPTH,
    GRAY,
    FakeCamera,
    FindableCamera,
    Give,
    Hang,
    Pause,
    Quiet,
    gives,
    wait_until,
)

QUICK = Patience(read_s=0.01, stall_s=0.04, reopen_s=30.0, back_off_s=0.01, back_off_limit_s=0.04, presence_s=0.01)
S = CameraState
HEAT = StreamInfo("heat", StreamKind.THERMAL, 4, 3, "uint16", kelvin=KelvinMap(0.01))


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
    assert watched.states == [S.OPENING, S.WAITING, S.OPENING, S.WAITING, S.OPENING, S.STREAMING, S.ENDED]
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
    assert S.WAITING in watched.states


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
    assert status.state is S.GONE
    assert status.note == "pip install 'tapetum[realsense]'"
    assert watched.camera.calls.count("open") == 1
    assert watched.supervisor.stop(1.0)


def test_a_source_that_never_was_one_is_not_waited_for():
    watched = Watched(FakeCamera([], open_errors=[UnusableSourceError("there is no such file")]))
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().has_given_up, "the thread to give up")
    assert watched.supervisor.status().state is S.GONE
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
    patience = Patience(read_s=0.005, stall_s=0.01, reopen_s=0.03, back_off_s=0.01, back_off_limit_s=0.02)
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


def test_a_stall_is_noticed_within_three_frame_periods_or_a_fifth_of_a_second():
    def stall_s(fps: float) -> float:
        supervisor = Supervisor(FakeCamera([], streams=[replace(DEPTH, fps=fps)]), [])
        supervisor._open()
        return supervisor._stall_s()

    assert stall_s(120.0) == stall_s(30.0) == stall_s(0.0) == 0.2
    assert stall_s(9.0) == pytest.approx(1 / 3)
    assert stall_s(2.0) == 1.5


def test_a_pause_that_the_camera_announces_is_no_stall():
    quiet = Quiet()
    camera = FakeCamera([Give(0), quiet, Give(1)])
    camera.pause_s = 0.2
    watched = Watched(camera)
    watched.supervisor.start()
    wait_until(lambda: watched.numbers == [0], "the frame")
    time.sleep(0.1)
    assert watched.supervisor.status().state is S.STREAMING
    camera.pause_s = 0.0
    wait_until(lambda: S.STALLED in watched.states, "the stall after the pause")
    quiet.until.set()
    wait_until(lambda: S.ENDED in watched.states, "the end")
    assert watched.supervisor.stop(5.0)


def test_a_camera_that_is_unplugged_is_said_to_be_gone_and_opened_when_it_is_back():
    camera = FindableCamera([Give(0), Quiet(), Give(1)])
    patient = QUICK.model_copy(update={"back_off_s": 3600.0, "back_off_limit_s": 3600.0})
    watched = Watched(camera, patient)
    watched.supervisor.start()
    wait_until(lambda: watched.numbers == [0], "the frame")
    camera.present = False
    camera.script.pop(0)
    camera.script.insert(0, CameraLostError("unplugged"))
    wait_until(lambda: S.GONE in watched.states, "the loss")
    assert "waiting until it is plugged in" in watched.supervisor.status().note
    assert camera.calls.count("open") == 1
    camera.present = True  # an hour's back-off would be left
    wait_until(lambda: S.ENDED in watched.states, "the end")
    assert watched.supervisor.stop(5.0)
    assert watched.numbers == [0, 1]
    assert watched.states[-3:] == [S.OPENING, S.STREAMING, S.ENDED]


def test_attempts_are_given_up_at_their_limit():
    watched = Watched(
        FakeCamera([], open_errors=[CameraOpenError("no power")] * 9), QUICK.model_copy(update={"attempts": 3})
    )
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().has_given_up, "the thread to give up")
    assert watched.camera.calls.count("open") == 3
    status = watched.supervisor.status()
    assert status.state is S.GONE
    assert status.note == "no power; given up after 3 attempts"
    assert watched.supervisor.stop(1.0)


def test_a_calibration_of_another_camera_is_not_waited_for():
    watched = Watched(FakeCamera([Give(0)]))

    def relabel(stream: StreamInfo, options: Mapping[str, str]) -> StreamInfo:
        raise CalibrationError("it belongs to serial 12, this is 13")

    watched.supervisor = Supervisor(watched.camera, [], watched._on_state, QUICK, relabel)
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().has_given_up, "the thread to give up")
    assert watched.supervisor.status().note == "it belongs to serial 12, this is 13"
    assert watched.camera.calls[-1] == "close"


def test_another_camera_does_not_take_the_place_of_the_first():
    camera = FakeCamera([Give(0), CameraLostError("unplugged"), Give(1)])
    camera.serials = ["A1", "B2", "A1"]
    watched = Watched(camera)
    watched.run_to_the_end()
    assert watched.numbers == [0, 1]
    assert any("serial number B2, it was A1" in note for note in watched.notes)
    assert camera.calls.count("open") == 3


def test_a_camera_that_comes_back_with_other_streams_is_refused():
    camera = FakeCamera([Give(0), CameraLostError("unplugged"), Give(1)])
    watched = Watched(camera)
    opened = camera.open

    def open_smaller_once() -> None:
        opened()
        camera._streams = (GRAY, DEPTH) if camera.calls.count("open") != 2 else (replace(GRAY, width=2), DEPTH)

    camera.open = open_smaller_once  # type: ignore[method-assign]  # this one camera opens otherwise
    watched.run_to_the_end()
    assert any("gray 2x3 uint8" in note and "gray 4x3 uint8" in note for note in watched.notes)
    assert watched.numbers == [0, 1]


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


def test_one_stream_that_dies_is_told_and_opened_again_in_the_end():
    camera = FakeCamera([])
    camera.script = [Give(0, DEPTH), *gives(*range(100_000))]
    camera.beat_s = 0.002
    watched = Watched(camera, QUICK.model_copy(update={"stall_s": 0.03, "stream_reopen_s": 0.15}))
    watched.supervisor.start()
    wait_until(lambda: "depth" in watched.supervisor.status().silent, "the silent stream")
    wait_until(lambda: watched.supervisor.status().reopened >= 1, "the reopening")
    assert watched.supervisor.stop(5.0)
    assert any("stream depth gave no frame for" in note for note in watched.notes)


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


@pytest.mark.parametrize("again", [Give(7), Give(6)], ids=["its last frame", "an older one"])
def test_a_camera_that_gives_an_old_frame_for_ever_is_stalled_and_opened_again(again: Give):
    camera = FakeCamera([*gives(*range(8)), *([again] * 100_000)])
    camera.beat_s = 0.002
    watched = Watched(camera, QUICK.model_copy(update={"reopen_s": 0.1}))
    watched.supervisor.start()
    wait_until(lambda: S.STALLED in watched.states, "the stall")
    wait_until(lambda: watched.supervisor.status().reopened >= 1, "the reopening")
    assert watched.supervisor.stop(5.0)
    counts = watched.supervisor.status().counts["gray"]
    assert counts.duplicates + counts.out_of_order > 5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DEPTH, replace(DEPTH, unit_m=0.0001)),
        (HEAT, replace(HEAT, kelvin=KelvinMap(0.1))),
        (HEAT, replace(HEAT, kelvin=None)),
    ],
    ids=["another unit", "another gain", "not radiometric any more"],
)
def test_counts_that_change_their_meaning_are_never_shown_by_the_old_one(before: StreamInfo, after: StreamInfo):
    camera = FakeCamera([Give(0, before), Give(1, after), Give(2, before)], streams=[before])
    watched = Watched(camera)
    watched.run_to_the_end()
    assert [f.info for f in watched.frames] == [before, before]
    assert watched.numbers == [0, 2]
    assert any("changed what its pixels mean" in note for note in watched.notes)


def test_what_changes_beside_the_meaning_goes_on_under_the_name_in_the_rig():
    slower = replace(GRAY, fps=15.0)
    watched = Watched(FakeCamera([Give(0), Give(1, slower)]))
    member, _ = members_of([watched.camera, FakeCamera([])])
    watched.supervisor = Supervisor(watched.camera, [watched.frames.append], watched._on_state, QUICK, member.relabel)
    watched.run_to_the_end()
    assert [(f.stream, f.info.fps) for f in watched.frames] == [("fake/gray", 0.0), ("fake/gray", 15.0)]


def test_a_stream_that_does_not_come_back_is_told_and_the_camera_opened_again_ever_more_rarely(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("drivers.stream_counts._GRACE_S", 0.05)
    camera = FakeCamera(gives(*range(100_000)))  # depth never comes
    camera.beat_s = 0.002
    watched = Watched(camera, QUICK.model_copy(update={"stream_reopen_s": 0.1}))
    begun = time.monotonic()
    watched.supervisor.start()
    wait_until(lambda: "depth" in watched.supervisor.status().silent, "the silent stream")
    wait_until(lambda: watched.supervisor.status().reopened >= 2, "two reopenings")
    assert time.monotonic() - begun >= 0.1 + 0.2
    assert watched.supervisor.stop(5.0)


def test_the_right_camera_is_opened_when_it_is_back_after_a_wrong_one():
    camera = FakeCamera([Give(0), CameraLostError("unplugged"), Give(1)])
    camera.serials = ["A1", "B2", "A1"]
    watched = Watched(camera)

    def relabel(stream: StreamInfo, options: Mapping[str, str]) -> StreamInfo:
        if options["serial"] != "A1":
            raise CalibrationError(f"it belongs to serial A1, this is {options['serial']}")
        return stream

    watched.supervisor = Supervisor(watched.camera, [watched.frames.append], watched._on_state, QUICK, relabel)
    watched.run_to_the_end()
    assert watched.numbers == [0, 1]
    assert any("serial A1, this is B2" in note for note in watched.notes)


def test_a_size_that_the_camera_does_not_have_is_told_at_once():
    watched = Watched(FakeCamera([], open_errors=[UnsupportedFeatureError("it has 640x480")]))
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().has_given_up, "the thread to give up")
    assert watched.supervisor.status().note == "it has 640x480"


def test_what_finds_no_room_is_counted_as_dropped_by_us():
    watched = Watched(FakeCamera(gives(0, 1, 2, 3)))
    watched.supervisor = Supervisor(watched.camera, [lambda f: f.number % 2 == 0], watched._on_state, QUICK)
    watched.run_to_the_end()
    count = watched.supervisor.status().counts["gray"]
    assert (count.received, count.dropped_by_us, count.dropped_by_device) == (2, 2, 0)


def test_a_long_stall_ends_in_reopening():
    watched = Watched(
        FakeCamera([Give(0), Quiet()]),
        Patience(read_s=0.01, stall_s=0.02, reopen_s=0.06, back_off_s=0.01, back_off_limit_s=0.02),
    )
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().reopened >= 2, "the second reopening")
    assert watched.supervisor.stop(5.0)
    assert {S.STALLED, S.WAITING} <= set(watched.states)
    assert watched.states[-1] is S.CLOSED


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
