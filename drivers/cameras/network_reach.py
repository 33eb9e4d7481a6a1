"""Whether somebody is there at all: names to addresses and a first connection, with limits that hold.

FFmpeg asks for names in a call that nothing can interrupt. So they are asked for here before, in a process of its own.
"""

from __future__ import annotations

import errno
import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from drivers.errors import CameraLostError, CameraNotFoundError, CameraOpenError

SocketAddress = tuple[str, int]
_SLICE_S: Final = 0.05
_ASK: Final = (
    "import json, socket, sys\n"
    "try:\n"
    "    found = socket.getaddrinfo(sys.argv[1], int(sys.argv[2]), type=socket.SOCK_STREAM)\n"
    "except (OSError, UnicodeError) as error:\n"
    "    sys.exit(str(error))\n"
    "print(json.dumps([f[4][0] for f in found]))\n"
)


def numeric(host: str, port: int) -> list[SocketAddress]:
    """A host that is an address already; nothing when it is a name. Asks nobody."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [(str(f[4][0]), port) for f in found]


def resolve(host: str, port: int, is_closing: Callable[[], bool], timeout_s: float) -> list[SocketAddress]:
    """The addresses of a host.

    Raises:
        CameraNotFoundError: nobody knows the name.
        CameraOpenError: nobody answered in time.
        CameraLostError: the camera was closed meanwhile.
    """
    known = numeric(host, port)
    if known:
        return known
    # The port comes last and the name is one argument: neither is read as anything else.
    command = [sys.executable, "-I", "-S", "-c", _ASK, host, str(port)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                said, _ = process.communicate(timeout=_SLICE_S)
                break
            except subprocess.TimeoutExpired:
                _check_closing(is_closing, host)
                if time.monotonic() > deadline:
                    raise CameraOpenError(
                        f"nobody said within {timeout_s:g} s what address {host} has; check the network and its DNS"
                    ) from None
    finally:
        process.kill()
        process.communicate()
    if process.returncode or not said:
        raise CameraNotFoundError(
            f"the name {host} is not known here; check its spelling and the network, or write the address"
        )
    return [(address, port) for address in dict.fromkeys(json.loads(said))]


def reach(addresses: Sequence[SocketAddress], place: str, is_closing: Callable[[], bool], timeout_s: float) -> None:
    """Come back when one of the addresses takes a connection.

    Args:
        place: for people.
        timeout_s: for all of them.

    Raises:
        CameraNotFoundError: nobody listens there, or there is no way to it.
        CameraOpenError: no answer in time.
        CameraLostError: the camera was closed meanwhile.
    """
    deadline = time.monotonic() + timeout_s
    code = errno.ETIMEDOUT
    for address in addresses:
        code = _knock(address, is_closing, deadline, place)
        if code == 0:
            return
    if code == errno.ECONNREFUSED:
        raise CameraNotFoundError(
            f"nobody listens at {place} (connection refused); is the camera on, and its RTSP server switched on at "
            "this port?"
        )
    if code == errno.ETIMEDOUT:
        raise CameraOpenError(
            f"{place} did not answer within {timeout_s:g} s; is the camera on, and is this its address?"
        )
    raise CameraNotFoundError(f"{place} cannot be reached ({errno.errorcode.get(code, code)}); check the network")


def is_there(addresses: Sequence[SocketAddress], timeout_s: float) -> bool:
    """Whether somebody listens at one of the addresses. Raises nothing."""
    deadline = time.monotonic() + timeout_s
    return any(_knock(a, lambda: False, deadline, "") == 0 for a in addresses)


def _knock(address: SocketAddress, is_closing: Callable[[], bool], deadline: float, place: str) -> int:
    """The error number of a connection; 0 when it came about."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as knocking, selectors.DefaultSelector() as answers:
            knocking.setblocking(False)
            code = knocking.connect_ex(address)
            if code not in (errno.EINPROGRESS, errno.EWOULDBLOCK):
                return code
            answers.register(knocking, selectors.EVENT_WRITE)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    return errno.ETIMEDOUT
                if answers.select(min(left, _SLICE_S)):
                    return knocking.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                _check_closing(is_closing, place)
    except OSError as error:
        return error.errno or errno.EIO


def _check_closing(is_closing: Callable[[], bool], place: str) -> None:
    if is_closing():
        raise CameraLostError(f"{place} was closed while it was opened")
