"""Which RealSense cameras there are: as the SDK lists them, and as the USB bus does without the SDK."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drivers.cameras.realsense_words import FAMILY, explained, sdk
from drivers.errors import CameraNotFoundError

USB: Final = Path("/sys/bus/usb/devices")
_MAKERS: Final = ("8086",)
"""USB vendor numbers; Intel makes many things, so the product's or the maker's name has to say RealSense."""

USB_SERIALS: Final[dict[str, str]] = {}
"""The camera's serial number -> the one on its USB cable (that of its board), as far as the SDK told both here."""


@dataclass(frozen=True, slots=True)
class DeviceWords:
    """What the SDK says of a device."""

    title: str
    serial: str
    usb_serial: str
    firmware: str
    newer_firmware: str
    usb: str
    port: str
    line: str

    @property
    def detail(self) -> str:
        """For people."""
        said = [f"serial {self.serial}" if self.serial else "", f"USB {self.usb}" if self.usb else ""]
        said.append(f"firmware {self.firmware}" if self.firmware else "")
        return ", ".join(filter(None, said))

    @property
    def is_usb2(self) -> bool:
        return self.usb.startswith("2")

    @property
    def notes(self) -> list[str]:
        """What people should know before they wonder."""
        out = []
        if self.is_usb2:
            out.append("on USB 2: fewer sizes and rates; use a USB 3 port and cable")
        if _numbers(self.newer_firmware) > _numbers(self.firmware) > ():
            out.append(f"firmware {self.firmware}, recommended is {self.newer_firmware} (rs-fw-update)")
        return out


def describe(rs: Any, device: Any) -> DeviceWords:
    """What the device says of itself; what it does not say is empty."""

    def word(name: str) -> str:
        key = getattr(rs.camera_info, name, None)
        try:
            return str(device.get_info(key)) if key is not None and device.supports(key) else ""
        except RuntimeError:  # it says that it can and then cannot: a camera in recovery mode
            return ""

    words = DeviceWords(
        word("name"), word("serial_number"), word("asic_serial_number"), word("firmware_version"),
        word("recommended_firmware_version"), word("usb_type_descriptor"), word("physical_port"), word("product_line"),
    )  # fmt: skip
    if words.serial and words.usb_serial:
        USB_SERIALS[words.serial] = words.usb_serial
    return words


def find(rs: Any, devices: Iterable[Any], serial: str) -> Any:
    """The device with this serial number, or the first.

    Raises:
        CameraNotFoundError: it is not there; the message lists those that are.
    """
    known = [(device, describe(rs, device)) for device in devices]
    for device, words in known:
        if (words.serial and serial in ("", words.serial)) or (serial and serial == words.usb_serial):
            return device
    if not serial and known:
        return known[0][0]
    there = "; ".join(f"{w.title} ({w.detail})" for _, w in known)
    if not there and on_usb():
        there = "none that the SDK can open, but the USB bus has one: another program may hold it, or a udev rule lacks"
    wanted = f"with the serial number {serial} " if serial else ""
    raise CameraNotFoundError(
        f"there is no RealSense camera {wanted}here; the SDK finds {there or 'none: check the cable and the port'}"
    )


def listed() -> list[dict[str, str]]:
    """What is plugged in, for discovery in a child process: source, title, detail, serial.

    Raises:
        SdkMissingError
        CameraError: the SDK cannot look.
    """
    rs = sdk()
    try:
        every = [describe(rs, device) for device in rs.context().query_devices()]
    except RuntimeError as error:
        raise explained(error, f"{FAMILY}:", "looking for cameras") from error
    return [
        {
            "source": f"{FAMILY}:{words.serial}",
            "title": words.title or "RealSense",
            "detail": "; ".join([words.detail, *words.notes]),
            "serial": words.serial,
            "usb_serial": words.usb_serial,
        }
        for words in every
    ]


def on_usb(root: Path = USB) -> list[str] | None:
    """The serial numbers on the USB cables of the RealSense cameras that are plugged in; None where nobody can tell."""
    try:
        entries = list(root.iterdir())
    except OSError:
        return None
    out = []
    for entry in entries:
        if _text(entry / "idVendor") not in _MAKERS:
            continue
        name = f"{_text(entry / 'manufacturer')} {_text(entry / 'product')}".lower()
        if "realsense" in name:
            out.append(_text(entry / "serial"))
    return out


def is_plugged_in(serial: str, root: Path = USB) -> bool | None:
    """Whether a camera with this serial number (empty: any) is on the USB bus, by what Linux knows of it.

    A camera's own number and that on its cable differ; while the SDK has not told both, any RealSense may be it.
    """
    there = on_usb(root)
    if there is None:
        return None
    known = USB_SERIALS.get(serial)
    if known is not None:
        return known in there
    return bool(there)


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(int(p) for p in parts) if all(p.isdigit() for p in parts) else ()
