"""A few words of GigE Vision's control protocol (GVCP, UDP port 3956): who is there, and one register.

Enough to say within a tenth of a second whether a camera answers, without the library that streams from it. The layout
of the packets and of the bootstrap registers is that of the GigE Vision specification, as Wireshark dissects it.
"""

from __future__ import annotations

import array
import contextlib
import ipaddress
import select
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Self

PORT: Final = 3956
CONTROL_PRIVILEGE: Final = 0x0A00
"""The register that says whether an application controls the camera: 0 means none does."""
HEARTBEAT_MS: Final = 0x0938
"""The register that says after how many silent milliseconds the camera lets go of its application."""

_HEAD: Final = struct.Struct(">BBHHH")
_DISCOVERY, _DISCOVERY_ACK = 0x0002, 0x0003
_READ_REGISTER, _READ_REGISTER_ACK = 0x0080, 0x0081
_KEY: Final = 0x42
_ACK_WANTED: Final = 0x01
_BROADCAST_ACK: Final = 0x10
_DISCOVERY_BYTES: Final = 248

_SIOCGIFCONF, _SIOCGIFNETMASK = 0x8912, 0x891B
_IFREQ: Final = 40 if sys.maxsize > 2**32 else 32


@dataclass(frozen=True, slots=True)
class GigeCamera:
    """What a camera says of itself when it is asked who is there."""

    address: str
    vendor: str
    model: str
    version: str
    serial: str
    user_name: str
    mac: str

    @classmethod
    def from_answer(cls, data: bytes) -> Self:
        """From the payload of a discovery's answer: the first 248 bytes of the bootstrap registers."""

        def text(at: int, size: int) -> str:
            return data[at : at + size].split(b"\0", 1)[0].decode("utf-8", "replace").strip()

        return cls(
            address=str(ipaddress.IPv4Address(data[36:40])),
            vendor=text(72, 32),
            model=text(104, 32),
            version=text(136, 32),
            serial=text(216, 16),
            user_name=text(232, 16),
            mac=data[10:16].hex(":"),
        )

    def is_called(self, name: str) -> bool:
        """Whether a source's target means this camera: its serial number, address, name or MAC."""
        return bool(name) and name in (self.serial, self.address, self.user_name, self.mac)


def ask(address: str, timeout_s: float) -> GigeCamera | None:
    """Who is at this address; None when no camera answers in time."""
    data = _call(address, _DISCOVERY, b"", _DISCOVERY_ACK, timeout_s)
    return GigeCamera.from_answer(data) if data is not None and len(data) >= _DISCOVERY_BYTES else None


def read_register(address: str, register: int, timeout_s: float) -> int | None:
    """A register's 32 bits; None when the camera does not answer in time, or refuses."""
    data = _call(address, _READ_REGISTER, struct.pack(">I", register), _READ_REGISTER_ACK, timeout_s)
    return int.from_bytes(data[:4], "big") if data is not None and len(data) >= 4 else None


def look_around(timeout_s: float, wanted: Callable[[GigeCamera], bool] | None = None) -> list[GigeCamera]:
    """The cameras that answer a broadcast on this machine's networks.

    Args:
        wanted: return as soon as one is.
    """
    found: dict[tuple[str, str], GigeCamera] = {}
    with contextlib.ExitStack() as stack:
        waiting = []
        for network in networks():
            each = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            each.setblocking(False)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            with contextlib.suppress(OSError):  # an interface that is down or goes down: the others still count
                each.bind((str(network.ip), 0))
                each.sendto(_packet(_DISCOVERY, b"", 1, _BROADCAST_ACK), (_everyone(network), PORT))
                waiting.append(each)
        for data in _answers(waiting, _DISCOVERY_ACK, 1, timeout_s):
            if len(data) < _DISCOVERY_BYTES:
                continue
            camera = GigeCamera.from_answer(data)
            found[camera.address, camera.serial] = camera
            if wanted is not None and wanted(camera):
                break
    return list(found.values())


def networks() -> list[ipaddress.IPv4Interface]:
    """This machine's own IPv4 addresses with their networks; none where the system does not say (only Linux does)."""
    if sys.platform != "linux":
        return []
    import fcntl

    # struct ifconf is a length and a pointer to that many bytes; an entry of struct ifreq is a name, then an address.
    room = array.array("B", bytes(64 * _IFREQ))
    where, size = room.buffer_info()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        filled = fcntl.ioctl(asking.fileno(), _SIOCGIFCONF, struct.pack("@iP", size, where))
        entries = bytes(room)[: struct.unpack("@iP", filled)[0]]
        out = []
        for at in range(0, len(entries) - _IFREQ + 1, _IFREQ):
            with contextlib.suppress(OSError):  # an interface may go while it is asked
                mask = fcntl.ioctl(asking.fileno(), _SIOCGIFNETMASK, entries[at : at + _IFREQ])[20:24]
                out.append(ipaddress.IPv4Interface((entries[at + 20 : at + 24], str(ipaddress.IPv4Address(mask)))))
    return out


def subnet_hint(address: str) -> str:
    """What to do when an address lies in none of this machine's networks; empty when it lies in one."""
    here = networks()
    try:
        wanted = ipaddress.IPv4Address(address)
    except ValueError:
        return ""
    if not here or any(wanted in one.network for one in here):
        return ""
    words = ", ".join(str(one) for one in here)
    return (
        f"; {address} lies in none of this machine's networks ({words}): give the network card an address beside the "
        "camera's, or the camera one beside the card's"
    )


def _everyone(network: ipaddress.IPv4Interface) -> str:
    # The loopback interface has no broadcast: a camera there (a simulated one) is asked at the address itself.
    return str(network.ip if network.ip.is_loopback else network.network.broadcast_address)


def _packet(command: int, payload: bytes, number: int, flags: int = 0) -> bytes:
    return _HEAD.pack(_KEY, _ACK_WANTED | flags, command, len(payload), number) + payload


def _call(address: str, command: int, payload: bytes, wanted: int, timeout_s: float) -> bytes | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setblocking(False)
        try:
            asking.connect((address, PORT))
            asking.send(_packet(command, payload, 1))
        except OSError:  # no route, or it was refused: nobody is there
            return None
        return next(_answers([asking], wanted, 1, timeout_s), None)


def _answers(sockets: list[socket.socket], command: int, number: int, timeout_s: float) -> Iterator[bytes]:
    deadline = time.monotonic() + timeout_s
    while sockets and (left := deadline - time.monotonic()) > 0:
        for ready in select.select(sockets, [], [], left)[0]:
            try:
                data = ready.recv(2048)
            except OSError:  # "port unreachable" comes back as an error of the socket
                sockets = [one for one in sockets if one is not ready]
                continue
            if len(data) < _HEAD.size:
                continue
            status, answer, length, which = struct.unpack_from(">HHHH", data)
            if status == 0 and answer == command and which == number and len(data) >= _HEAD.size + length:
                yield data[_HEAD.size : _HEAD.size + length]
