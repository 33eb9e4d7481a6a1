"""Which video nodes there are, by what the kernel shows in /sys: nothing is opened here.

A USB camera may have several nodes (the picture, a second sensor, metadata); whether a node gives pictures is told by
opening it, see drivers/cameras/v4l2.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.errors import CameraNotFoundError

SYS: Path = Path("/sys/class/video4linux")
DEV: Path = Path("/dev")

_NODE: Final = re.compile(r"video(\d+)")


@dataclass(frozen=True, slots=True)
class Node:
    """One /dev/videoN.

    Attributes:
        path: ``/dev/video0``.
        number: 0.
        name: what the driver calls it.
        index: of the node among those of one driver and device: the first is the picture, mostly.
        usb_id: ``1e4e:0100``, empty when it is no USB device.
        serial: of the USB device, empty when it has none.
        port: where the USB device is plugged in: ``1-2.4``.
        maker, product: of the USB device.
    """

    path: Path
    number: int
    name: str
    index: int = 0
    usb_id: str = ""
    serial: str = ""
    port: str = ""
    maker: str = ""
    product: str = ""

    def answers_to(self, target: str) -> bool:
        """Whether a source means this node: by path, number, serial number, USB port or a link to it."""
        if not target or target in (str(self.path), str(self.number), self.serial, self.port):
            return bool(target)
        return target.startswith("/") and Path(target).resolve() == self.path.resolve()

    def described(self) -> str:
        """For lists in messages."""
        words = [self.name or "a camera without a name"]
        words += [f"serial {self.serial}"] if self.serial else []
        words += [f"USB port {self.port}"] if self.port else []
        return f"{self.path} ({', '.join(words)})"


def nodes() -> list[Node]:
    """All of them, in the order of their numbers. Raises nothing."""
    try:
        folders = sorted(SYS.iterdir())
    except OSError:
        return []
    found = [_node(folder, int(match[1])) for folder in folders if (match := _NODE.fullmatch(folder.name))]
    return sorted(found, key=lambda node: node.number)


def address(node: Node, among: Sequence[Node]) -> str:
    """What stands after the colon to mean this camera wherever it is plugged in; else its port; else its path.

    Two cameras with one serial number are told apart by their ports. A second node of the same USB device is named by
    ``?node=1`` behind it.

    Args:
        among: the nodes that give pictures.
    """
    if not node.port:
        return str(node.path)
    same_serial = {n.port for n in among if n.serial == node.serial}
    name = node.serial if node.serial and len(same_serial) == 1 and _is_plain(node.serial) else node.port
    place = [n.number for n in among if n.port == node.port].index(node.number)
    return f"{name}?node={place}" if place else name


def choose(target: str, place: int, among: Sequence[Node], family: str, is_first: Callable[[Node], bool]) -> Node:
    """The node that a source means.

    Args:
        target: what stands after the colon, empty for the first that ``is_first`` accepts.
        place: which node of the USB device, 0 for its first.
        among: the nodes that give pictures.
        family: for messages.

    Raises:
        CameraNotFoundError: there is none; the message lists those there are.
    """
    found = [n for n in among if n.answers_to(target)] if target else [n for n in among if is_first(n)]
    if found and place:
        found = [n for n in among if n.port and n.port == found[0].port][place : place + 1]
    if found:
        return found[0]
    there = "; ".join(n.described() for n in among) or "there is no camera at all; plug one in (lsusb should show it)"
    wanted = f"{family}:{target}" + (f"?node={place}" if place else "")
    raise CameraNotFoundError(f"{wanted} is not plugged in. Cameras here: {there}")


def _node(folder: Path, number: int) -> Node:
    device = _usb_device(folder)
    text = _text(folder / "index")
    return Node(
        path=DEV / folder.name,
        number=number,
        name=_text(folder / "name"),
        index=int(text) if text.isdecimal() else 0,
        usb_id=f"{_text(device / 'idVendor')}:{_text(device / 'idProduct')}" if device else "",
        serial=_text(device / "serial") if device else "",
        port=device.name if device else "",
        maker=_text(device / "manufacturer") if device else "",
        product=_text(device / "product") if device else "",
    )


def _usb_device(folder: Path) -> Path | None:
    """The folder of the USB device behind a node: above the interface that its ``device`` link names."""
    try:
        place = (folder / "device").resolve(strict=True)
    except OSError:
        return None
    for above in (place, *place.parents):
        if (above / "idVendor").is_file():
            return above
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip().strip("\0")
    except OSError:
        return ""


def _is_plain(serial: str) -> bool:
    """Some makers' serial numbers are no names: the same for all, or with signs that a source gives a meaning."""
    number = serial.isdecimal() and len(serial) <= 3  # that means /dev/videoN
    return not re.search(r"[?&/\s]", serial) and not number
