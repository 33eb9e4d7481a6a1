"""A camera that does not open or is lost is tried again with the reason on show, and given up where that is no use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import (
    CameraLostError,
    CameraOpenError,
    SdkMissingError,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.supervisor import Patience
from tests.drivers.fake_camera import FakeCamera, FindableCamera, Give, Quiet, gives, wait_until
from tests.drivers.supervised import QUICK, S, Watched


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


def test_a_size_that_the_camera_does_not_have_is_told_at_once():
    watched = Watched(FakeCamera([], open_errors=[UnsupportedFeatureError("it has 640x480")]))
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().has_given_up, "the thread to give up")
    assert watched.supervisor.status().note == "it has 640x480"


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_back_off_grows_to_its_limit_and_jitters_by_half(failures: int, jitter: float):
    patience = Patience()
    wait = patience.back_off(failures, jitter)
    full = patience.back_off(failures, 0.0)
    assert full / 2 <= wait <= full <= patience.back_off_limit_s
    assert patience.back_off(failures + 1, jitter) >= wait
    assert patience.back_off(1, 0.0) == patience.back_off_s
