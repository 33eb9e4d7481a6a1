"""Webcams are found and told apart, and one that cannot be opened says why."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from drivers.cameras import v4l2
from drivers.cameras.webcam import WebcamCamera
from drivers.errors import CameraBusyError, CameraNotFoundError, CameraPermissionError, SdkMissingError
from drivers.frame import StreamKind
from tests.drivers.cameras.fake_v4l2 import FakeKernel
from tests.drivers.cameras.fake_webcam import GREY, webcam
from tests.drivers.cameras.v4l2_opener import opener

Opener = Callable[..., WebcamCamera]


@pytest.fixture
def opened(kernel: FakeKernel) -> Iterator[Opener]:
    with opener(kernel, WebcamCamera) as open_one:
        yield open_one


def test_no_such_camera_lists_those_there_are(kernel: FakeKernel) -> None:
    with pytest.raises(CameraNotFoundError, match="no camera at all"):
        WebcamCamera("").open()
    kernel.plug(webcam(name="Night Eye", serial="N77"))
    with pytest.raises(CameraNotFoundError, match=r"video0 \(Night Eye, serial N77, USB port 1-2\)"):
        WebcamCamera("/dev/video9").open()


def test_a_busy_camera_says_so_and_how_to_find_who_has_it(kernel: FakeKernel) -> None:
    device = webcam()
    kernel.plug(device)
    device.busy = True
    with pytest.raises(CameraBusyError, match="fuser"):
        WebcamCamera("").open()
    device.busy = False
    camera = WebcamCamera("")
    camera.open()
    camera.close()


def test_a_device_that_may_not_be_opened_names_the_group_and_the_command(
    kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kernel.plug(webcam())
    plain = v4l2.os.open

    def refuse(name: object, flags: int, *rest: int) -> int:
        if str(name) == str(path):
            raise PermissionError(errno.EACCES, "not allowed")
        return plain(name, flags, *rest)  # type: ignore[arg-type]  # passed on as it is

    monkeypatch.setattr(v4l2.os, "open", refuse)
    with pytest.raises(CameraPermissionError, match=r"sudo usermod -aG \w+ \$USER, then log in again"):
        WebcamCamera("").open()


def test_without_its_library_it_names_the_extra(kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel.plug(webcam())
    monkeypatch.setattr(v4l2.importlib.util, "find_spec", lambda _: None)
    assert "tapetum[video]" in WebcamCamera.why_unavailable()
    assert WebcamCamera.discover() == []
    with pytest.raises(SdkMissingError, match=r"pip install .*tapetum\[video\]"):
        WebcamCamera("").open()


def test_two_of_a_kind_are_told_apart_by_serial_number_wherever_they_are_plugged_in(kernel: FakeKernel) -> None:
    left, right = webcam(serial="L1", port="1-1"), webcam(serial="R2", port="1-2")
    kernel.plug(left)
    kernel.plug(right)
    assert [c.source for c in WebcamCamera.discover()] == ["webcam:L1", "webcam:R2"]
    kernel.unplug(left)
    kernel.unplug(right)
    kernel.plug(right, number=0)
    kernel.plug(left, number=4)
    camera = WebcamCamera("L1")
    camera.open()
    assert camera.options()["device"].endswith("video4")
    camera.close()


def test_cameras_with_one_serial_number_are_told_apart_by_their_ports(kernel: FakeKernel) -> None:
    for port in ("1-1", "1-2.3"):
        kernel.plug(webcam(serial="0000", port=port))
    assert [c.source for c in WebcamCamera.discover()] == ["webcam:1-1", "webcam:1-2.3"]
    camera = WebcamCamera("1-2.3")
    camera.open()
    assert camera.options()["usb_port"] == "1-2.3"
    camera.close()


def test_metadata_is_no_camera_and_a_second_sensor_is_one(kernel: FakeKernel) -> None:
    kernel.plug(webcam(serial="S"), index=0)
    kernel.plug(webcam(serial="S", captures=False), index=1)
    kernel.plug(webcam([GREY], serial="S"), index=2)
    assert [c.source for c in WebcamCamera.discover()] == ["webcam:S", "webcam:S?node=1"]
    camera = WebcamCamera("S?node=1")
    camera.open()
    assert camera.streams()[0].kind is StreamKind.GRAY
    camera.close()
    with pytest.raises(CameraNotFoundError, match="node=2"):
        WebcamCamera("S?node=2").open()


def test_thermal_and_depth_cameras_are_left_to_their_own_families(kernel: FakeKernel) -> None:
    kernel.plug(webcam(name="PureThermal 2", usb_id="1e4e:0100", port="1-1"))
    kernel.plug(webcam(name="Intel(R) RealSense(TM) 435", port="1-2"))
    kernel.plug(webcam(name="bcm2835-isp-capture0", port=""))
    kernel.plug(webcam(name="HD Webcam", port="1-3"))
    assert [c.title for c in WebcamCamera.discover()] == ["HD Webcam"]
    assert WebcamCamera("").is_present()


def test_a_link_to_a_device_means_the_device(kernel: FakeKernel, tmp_path: Path) -> None:
    path = kernel.plug(webcam())
    link = tmp_path / "by-id-webcam"
    link.symlink_to(path)
    camera = WebcamCamera(str(link))
    camera.open()
    assert camera.read(5.0).number == 0
    camera.close()


def test_options_name_the_camera(opened: Opener) -> None:
    options: Mapping[str, str] = opened(webcam(serial="N77", product="Night Eye")).options()
    assert (options["model"], options["serial"], options["driver"]) == ("Night Eye", "N77", "uvcvideo")


def test_only_the_camera_that_is_meant_is_opened(kernel: FakeKernel) -> None:
    meant, other = webcam(serial="A1", port="1-1"), webcam(serial="B2", port="1-2")
    kernel.plug(other)
    kernel.plug(meant)
    camera = WebcamCamera("A1")
    camera.open()
    camera.close()
    assert meant.asked
    assert not other.asked
