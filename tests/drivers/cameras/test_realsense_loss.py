"""A RealSense camera that goes silent, is unplugged, is in use or crashes is told, and opened again."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from drivers.camera import CameraState
from drivers.cameras.realsense import RealSenseCamera
from drivers.errors import CameraBusyError, CameraLostError, CameraNotFoundError, CameraTimeoutError
from drivers.frame import Frame
from drivers.isolate import IsolatedCamera
from drivers.patience import Patience
from drivers.supervisor import Supervisor
from tests.drivers.cameras.realsense_cases import Opener, opener, pushed, read_all
from tests.drivers.cameras.software_realsense import SoftwareRealSense
from tests.drivers.fake_camera import wait_until

pytest.importorskip(
    "pyrealsense2", reason="needs pyrealsense2 and libusb (apt install libusb-1.0-0)", exc_type=ImportError
)


@pytest.fixture
def opened() -> Iterator[Opener]:
    with opener() as open_one:
        yield open_one


def test_a_camera_that_stops_sending_is_slow_first_and_lost_then_and_can_be_opened_again(
    soft: SoftwareRealSense, opened: Opener
) -> None:
    camera = opened(soft, "?lost_after_s=0.5")
    pushed(soft, camera, 1)
    with pytest.raises(CameraTimeoutError):
        camera.read(0.2)
    assert camera.health().state is CameraState.STREAMING
    with pytest.raises(CameraLostError, match=r"no frame for 0\.\d s; it is taken as lost"):
        camera.read(5.0)
    assert camera.health().state is CameraState.GONE
    camera.open()
    assert pushed(soft, camera, 2)["depth"].number == 2


def test_each_opening_makes_the_device_anew() -> None:
    made: list[SoftwareRealSense] = []

    def device() -> Any:
        made.append(SoftwareRealSense())
        return made[-1].device

    camera = RealSenseCamera("", device)
    for number in (1, 2, 3):
        camera.open()
        made[-1].push(number)
        assert camera.read(2.0).number == number
    camera.close()
    assert len(made) == 3


def test_a_camera_whose_removal_the_sdk_reports_is_lost_at_once(soft: SoftwareRealSense, opened: Opener) -> None:
    camera = opened(soft)
    soft.push(1, only=["depth"])
    # A software device raises no such event, so it is made by hand.
    camera._connection._devices_changed(SimpleNamespace(was_removed=lambda device: device is soft.device))
    assert camera.read(1.0).number == 1  # what came before it
    with pytest.raises(CameraLostError, match="was unplugged"):
        camera.read(1.0)


def test_a_silent_camera_that_the_sdk_calls_disconnected_is_lost_before_its_time(
    soft: SoftwareRealSense, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = opened(soft, "?lost_after_s=3600")
    pushed(soft, camera, 1)
    # A software device calls itself connected for ever.
    monkeypatch.setattr(camera._connection, "is_connected", lambda: False)
    with pytest.raises(CameraLostError, match="was unplugged"):
        camera.read(10.0)


@pytest.mark.parametrize(("query", "is_on", "clock"), [("", 0.0, "realsense:SOFT0001"), ("?time=global", 1.0, "host")])
def test_the_time_is_the_cameras_own_unless_it_is_asked_for(
    query: str, is_on: float, clock: str, soft: SoftwareRealSense, opened: Opener
) -> None:
    rs = soft.rs
    limits = rs.option_range()
    limits.min, limits.max, limits.step, limits.default = 0, 1, 1, 1 - is_on
    for module in soft.modules.values():
        module.add_option(rs.option.global_time_enabled, limits, True)
    camera = opened(soft, query)
    assert [m.get_option(rs.option.global_time_enabled) for m in soft.modules.values()] == [is_on, is_on]
    assert {s.clock for s in camera.streams()} == {clock}


def test_a_new_camera_may_take_its_time_for_the_first_frame(soft: SoftwareRealSense, opened: Opener) -> None:
    camera = opened(soft)
    assert camera.health().pause_s > 1.0
    pushed(soft, camera, 1)
    assert camera.health().pause_s == 0.0


def test_a_camera_in_use_says_so(soft: SoftwareRealSense, opened: Opener) -> None:
    opened(soft)
    with pytest.raises(CameraBusyError, match="in use"):
        RealSenseCamera("", lambda: soft.device).open()


def test_no_camera_at_all_is_told() -> None:
    with pytest.raises(CameraNotFoundError, match="no RealSense camera with the serial number 123 here"):
        RealSenseCamera("123").open()


def test_opening_and_closing_leaves_nothing_behind(soft: SoftwareRealSense, recording: Path) -> None:
    def residents() -> tuple[int, int]:
        return len(list(Path("/proc/self/task").iterdir())), len(list(Path("/proc/self/fd").iterdir()))

    counts = []
    for at in range(12):
        for camera in (RealSenseCamera("", lambda: soft.device), RealSenseCamera(f"{recording}")):
            camera.open()
            soft.push(at + 1)
            camera.read(2.0)
            camera.close()
        counts.append(residents())
    assert counts[-1] == counts[2], counts
    assert not [t for t in threading.enumerate() if t is not threading.main_thread()]


@pytest.mark.slow
def test_supervised_it_streams_again_after_every_silence_and_leaves_nothing_behind() -> None:
    """Unplugged and plugged in, as far as software can: the device goes silent, and is made anew when it is back."""
    there = threading.Event()
    there.set()
    made: list[SoftwareRealSense] = []

    def device() -> Any:
        if not there.is_set():
            raise CameraNotFoundError("nothing is plugged in")
        made[:] = [SoftwareRealSense()]
        return made[0].device

    def push(number: int) -> None:
        if there.is_set() and made:
            made[0].push(number)

    frames: list[Frame] = []
    patience = Patience(stall_s=0.2, reopen_s=0.3, back_off_s=0.05, back_off_limit_s=0.1)
    camera = RealSenseCamera("", device)
    watched = Supervisor(camera, [lambda frame: frames.append(frame)], patience=patience)
    residents: list[int] = []
    clock = SoftwareRealSense()
    watched.start()
    with clock.streaming(100, push=push):
        for _ in range(12):
            wait_until(lambda: len(frames) > 9, "frames")
            residents.append(len(list(Path("/proc/self/task").iterdir())))
            there.clear()
            wait_until(lambda: watched.status().state in (CameraState.WAITING, CameraState.GONE), "the loss")
            frames.clear()
            there.set()
    assert watched.stop(5.0)
    assert watched.status().reopened >= 11
    assert residents[-1] == residents[1], residents


def test_a_crash_of_the_sdk_takes_only_its_own_process(recording: Path) -> None:
    camera = RealSenseCamera.from_source(f"{recording}?loop=on")
    assert isinstance(camera, IsolatedCamera)
    camera.open()
    camera.read(5.0)
    assert camera.pid is not None
    os.kill(camera.pid, signal.SIGSEGV)
    with pytest.raises(CameraLostError, match="SIGSEGV"):
        read_all(camera)
    began = time.monotonic()
    camera.open()
    camera.read(5.0)
    assert time.monotonic() - began < 5
    camera.close()
