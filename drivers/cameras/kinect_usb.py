"""Kinects on the USB bus, as Linux lists them: without a library, without opening anything."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.errors import CameraPermissionError

MICROSOFT: Final = "045e"
SYSFS: Final = Path("/sys/bus/usb/devices")
NODES: Final = Path("/dev/bus/usb")


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """One device: its ids as four hexadecimal digits, its serial number ("" when hidden), and its node under /dev."""

    product: str
    serial: str
    port: str
    node: Path


def usb_devices(products: Collection[str], sysfs: Path = SYSFS, nodes: Path = NODES) -> list[UsbDevice] | None:
    """Microsoft's devices with one of these product ids, by port; None where the system has no such list."""
    if not sysfs.is_dir():
        return None
    found = []
    for folder in sorted(sysfs.iterdir()):
        if _text(folder, "idVendor") != MICROSOFT or (product := _text(folder, "idProduct")) not in products:
            continue
        bus, number = _text(folder, "busnum"), _text(folder, "devnum")
        node = nodes / bus.zfill(3) / number.zfill(3)
        found.append(UsbDevice(product, _text(folder, "serial"), folder.name, node))
    return found


def check_permission(devices: Collection[UsbDevice], title: str) -> None:
    """Refuse a device whose node this user may not write, before a library fails on it in its own words.

    Raises:
        CameraPermissionError: says which node, and the udev rule that opens it.
    """
    for device in devices:
        if device.node.exists() and not os.access(device.node, os.R_OK | os.W_OK):
            rule = (
                f'SUBSYSTEM=="usb", ATTR{{idVendor}}=="{MICROSOFT}", ATTR{{idProduct}}=="{device.product}", MODE="0666"'
            )
            raise CameraPermissionError(
                f"the {title} at USB port {device.port} is there, but {device.node} may not be opened by this user; "
                f"write {rule} into /etc/udev/rules.d/51-kinect.rules, `udevadm control --reload`, and plug it again"
            )


def is_linux() -> bool:
    """Whether the USB bus can be looked at here."""
    return sys.platform.startswith("linux")


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
