"""Which RealSense cameras there are: told apart by serial number, found on the USB bus without the SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.cameras import realsense_devices
from drivers.cameras.realsense import RealSenseCamera
from drivers.cameras.realsense_devices import describe, find, is_plugged_in, listed
from drivers.errors import CameraNotFoundError
from tests.drivers.cameras.software_realsense import SoftwareRealSense

rs = pytest.importorskip(
    "pyrealsense2", reason="needs pyrealsense2 and libusb (apt install libusb-1.0-0)", exc_type=ImportError
)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realsense_devices, "USB_SERIALS", {})


def device(serial: str, **info: str) -> object:
    return SoftwareRealSense(info={"serial_number": serial, **info}).device


def test_cameras_are_told_apart_by_their_serial_numbers() -> None:
    first, second = device("111"), device("222", asic_serial_number="999")
    assert find(rs, [first, second], "") is first
    assert find(rs, [first, second], "222") is second
    assert find(rs, [first, second], "999") is second  # what is on the USB cable
    with pytest.raises(CameraNotFoundError, match=r"serial number 333 here; .*\(serial 111, USB 3\.2.*serial 222"):
        find(rs, [first, second], "333")


def test_a_camera_on_usb_2_or_with_old_firmware_says_so() -> None:
    words = describe(rs, device("111", usb_type_descriptor="2.1", recommended_firmware_version="5.17.0.9"))
    assert words.is_usb2
    assert "on USB 2" in words.notes[0]
    assert words.notes[1] == "firmware 5.16.0.1, recommended is 5.17.0.9 (rs-fw-update)"
    soft = SoftwareRealSense(info={"usb_type_descriptor": "2.1"})
    camera = RealSenseCamera("", lambda: soft.device)
    camera.open()
    soft.push(1)
    camera.read(2.0)
    assert "USB 3 port and cable" in camera.health().note
    camera.close()
    assert describe(rs, device("111", recommended_firmware_version="5.9.9.9")).notes == []


def test_looking_without_a_camera_finds_none_here_and_in_a_process() -> None:
    assert listed() == []
    assert RealSenseCamera.discover() == []


def bus(root: Path, *cameras: dict[str, str]) -> Path:
    for at, attributes in enumerate(({"idVendor": "1d6b", "product": "xHCI Host Controller"}, *cameras)):
        folder = root / f"2-{at}"
        folder.mkdir(parents=True)
        for name, text in attributes.items():
            (folder / name).write_text(text + "\n")
    (root / "2-0:1.0").mkdir()  # an interface has none of these
    return root


REALSENSE = {"idVendor": "8086", "manufacturer": "Intel(R) RealSense(TM) Depth Camera 435", "serial": "999"}


def test_presence_is_what_the_usb_bus_says(tmp_path: Path) -> None:
    empty = bus(tmp_path / "empty", {"idVendor": "8086", "product": "Bluetooth wireless interface"})
    there = bus(tmp_path / "there", REALSENSE)
    assert is_plugged_in("", empty) is False
    assert is_plugged_in("", there) is True
    assert is_plugged_in("222", there) is True  # it may be: the number on the cable is another one
    realsense_devices.USB_SERIALS["222"] = "999"
    realsense_devices.USB_SERIALS["333"] = "998"
    assert is_plugged_in("222", there) is True
    assert is_plugged_in("333", there) is False  # told by the SDK once, so it is known
    assert is_plugged_in("222", tmp_path / "no sysfs") is None
