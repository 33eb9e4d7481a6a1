"""Cameras are given the time they need to open, an error says what each is at, and all are closed at once."""

from __future__ import annotations

import threading

import pytest

from drivers.errors import CameraNotFoundError
from drivers.patience import Patience
from drivers.supervisor import Supervisor
from engines.loading import Models
from pipeline import opening
from pipeline.errors import LiveError
from pipeline.opening import not_open, open_timeout_s, stop_cameras, wait_for_streams
from pipeline.run import LiveRun
from tests.drivers.broken_camera import broken
from tests.drivers.fake_camera import FakeCamera, FindableCamera, Quiet, wait_until

SOON = Patience(back_off_s=0.01, back_off_limit_s=0.02, presence_s=0.01)


class SlowFamily(FakeCamera):
    open_timeout_s = 20.0


def supervised(camera: FakeCamera) -> Supervisor:
    supervisor = Supervisor(camera, [lambda frame: True], patience=SOON)
    supervisor.start()
    return supervisor


def test_nobody_is_waited_for_less_than_it_may_take() -> None:
    assert open_timeout_s([FakeCamera([])]) == 10.0
    assert open_timeout_s([FakeCamera([]), SlowFamily([])]) > 20.0
    assert open_timeout_s([broken("", open_timeout_s=30.0)]) > 30.0


def test_a_library_that_hangs_is_named_with_the_place_where_it_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "OPEN_S", 0.1)
    run = LiveRun([broken("hang=open", open_timeout_s=1.0)], Models())
    with pytest.raises(LiveError, match=r"broken:\?hang=open: .*it hung while opening it"):
        run.start()


def test_a_library_that_is_still_opening_says_at_what_it_is() -> None:
    supervisor = Supervisor(broken("hang=open", open_timeout_s=20.0), [lambda frame: True])
    supervisor.start()
    try:
        with pytest.raises(LiveError, match=r"opening (starting its process|loading its library|opening it)"):
            wait_for_streams([supervisor], 0.5)
    finally:
        assert stop_cameras([supervisor])


def test_a_camera_that_is_not_there_is_waited_for_and_told() -> None:
    camera = FindableCamera([Quiet()])
    camera.present = False
    supervisor = supervised(camera)
    told: list[dict[str, str]] = []

    def plug_in(missing: object) -> None:
        told.append(dict(missing))  # type: ignore[call-overload]  # a mapping
        camera.present = True

    try:
        assert [s.name for s in wait_for_streams([supervisor], float("inf"), on_wait=plug_in)] == ["gray", "depth"]
        assert not not_open([supervisor])
    finally:
        assert stop_cameras([supervisor])
    assert "there is no such camera; waiting until it is plugged in" in told[0]["fake:"]


def test_whoever_waits_for_ever_can_be_stopped() -> None:
    stopping = threading.Event()
    stopping.set()
    supervisor = supervised(FakeCamera([], open_errors=[CameraNotFoundError("not there")] * 1000))
    try:
        with pytest.raises(LiveError, match="stopped"):
            wait_for_streams([supervisor], float("inf"), stopping)
    finally:
        assert stop_cameras([supervisor])


def test_every_camera_is_asked_to_close_before_any_is_waited_for() -> None:
    """The first one's library comes back only when the last one is closed."""
    last_is_closed = threading.Event()

    class Last(FakeCamera):
        def close(self) -> None:
            super().close()
            last_is_closed.set()

    cameras = [FakeCamera([Quiet()], close_hangs=last_is_closed), Last([Quiet()])]
    supervisors = [supervised(camera) for camera in cameras]
    wait_until(lambda: all("open" in camera.calls for camera in cameras), "both are open")
    try:
        assert stop_cameras(supervisors)
    finally:
        last_is_closed.set()


def test_several_libraries_that_hang_are_ended_together() -> None:
    supervisors = [Supervisor(broken("hang_in_c=read"), [lambda frame: True]) for _ in range(3)]
    for supervisor in supervisors:
        supervisor.start()
    wait_until(lambda: all(s.status().frames.get("depth", 0) >= 3 for s in supervisors), "all give frames")
    assert stop_cameras(supervisors)
