"""Whether a GenICam camera is there, without opening it and without its library."""

from __future__ import annotations

import contextlib
import ipaddress
from pathlib import Path
from typing import Final

from drivers.cameras import genicam_gvcp as gvcp

_ASK_S: Final = 0.05
_LOOK_S: Final = 0.1
_USB: Final = Path("/sys/bus/usb/devices")
_USB3_VISION: Final = ("ef", "05")
"""Class and subclass of a USB3 Vision camera's interfaces, by its specification."""


class Presence:
    """Looks for one camera, and remembers where it was last seen.

    Args:
        target: of a source: an address, a serial number, or empty for any camera.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self._seen_at = ""

    def look(self) -> bool | None:
        """Whether it is there; None when this system cannot tell. Comes back within 0.2 s."""
        if self._target.startswith("Fake_"):
            return True  # a simulation of Aravis' own is always there
        if is_address(self._target):
            # Twice: one lost packet is no lost camera.
            return any(gvcp.ask(self._target, _ASK_S) is not None for _ in range(2))
        if self._seen_at:
            found = gvcp.ask(self._seen_at, _ASK_S)
            if found is not None and self._is_it(found):
                return True
        # It may have come back with another address.
        for one in gvcp.look_around(_LOOK_S, self._is_it):
            if self._is_it(one):
                self._seen_at = one.address
                return True
        usb = is_on_usb(self._target)
        if usb or not gvcp.networks():
            return usb or None
        return False

    def _is_it(self, one: gvcp.GigeCamera) -> bool:
        return not self._target or one.is_called(self._target)


def is_address(target: str) -> bool:
    """Whether a source's target is an IPv4 address."""
    try:
        ipaddress.IPv4Address(target)
    except ValueError:
        return False
    return True


def is_on_usb(serial: str, root: Path = _USB) -> bool:
    """Whether a USB3 Vision camera with this serial number is plugged in; any, when it is empty. Only Linux says."""
    for interface in root.glob("*:*"):
        with contextlib.suppress(OSError):  # it may be unplugged while it is looked at
            kind = tuple((interface / name).read_text().strip() for name in ("bInterfaceClass", "bInterfaceSubClass"))
            device = root / interface.name.partition(":")[0]
            if kind == _USB3_VISION and (not serial or (device / "serial").read_text().strip() == serial):
                return True
    return False
