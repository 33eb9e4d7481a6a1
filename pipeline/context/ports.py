"""Where lines come in: a UDP port, a serial line. Opening one says at once what is wrong with it."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import socket
from collections.abc import Sequence
from typing import Any, Final, Protocol

from pipeline.context.source import SerialSource, Source, UdpSource
from pipeline.context.units import ContextError

log = logging.getLogger(__name__)

WAIT_S: Final = 0.2
"""For bytes; whoever closes waits so long."""
MOST_BYTES: Final = 8192
"""Of one datagram, and of a serial line without an end."""
_MOST_SKIPPED: Final = 1000
_WAITING_BYTES: Final = 32 * 1024
"""In the system's queue: what waits there longer is old, and must not be taken for new."""


class Port(Protocol):
    """For one thread."""

    def lines(self) -> Sequence[bytes]:
        """What has come, after :data:`WAIT_S` at most.

        Raises:
            OSError: it is gone.
        """
        ...

    def skip(self) -> int:
        """Leave out what waits: how many lines that were, as far as that is known. What comes then is new.

        Raises:
            OSError: it is gone.
        """
        ...

    def close(self) -> None: ...


def open_port(source: Source) -> Port:
    """Listen.

    Raises:
        ContextError: it is taken, not there, or not allowed; in words.
    """
    return UdpPort(source) if isinstance(source, UdpSource) else SerialPort(source)


class UdpPort:
    """Datagrams, each of one or more lines."""

    def __init__(self, source: UdpSource) -> None:
        self._has_refused = False
        self._socket = socket.socket(socket.AF_INET6 if source.is_v6 else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WAITING_BYTES)
            self._socket.bind((source.host, source.port))
            self._socket.settimeout(WAIT_S)
        except OSError as error:
            self._socket.close()
            raise ContextError(f"{source} cannot be listened at: {_why(error, source)}") from error

    def lines(self) -> Sequence[bytes]:
        try:
            data, sender = self._socket.recvfrom(MOST_BYTES + 1)
        except TimeoutError:
            return ()
        return data.splitlines() if self._is_near(str(sender[0])) else ()

    def skip(self) -> int:
        self._socket.setblocking(False)
        count = 0
        try:
            while count < _MOST_SKIPPED:
                count += max(1, self._socket.recv(MOST_BYTES).count(b"\n"))
        except BlockingIOError:
            pass
        finally:
            self._socket.settimeout(WAIT_S)
        return count

    def close(self) -> None:
        self._socket.close()

    def _is_near(self, sender: str) -> bool:
        """Whoever listens to the network listens to the local one."""
        near = is_near(sender)
        if not near and not self._has_refused:
            self._has_refused = True
            log.warning("what %s sends is left out: it is an address of the internet", sender)
        return near


def is_near(address: str) -> bool:
    """Whether an address is of this machine or of the local network."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    found = found if mapped is None else mapped
    return found.is_loopback or found.is_private or found.is_link_local


class SerialPort:
    """A receiver at a serial line."""

    def __init__(self, source: SerialSource) -> None:
        try:
            import serial
        except ImportError as error:
            raise ContextError(f'{source} needs the package pyserial: pip install "tapetum[gps]" ({error})') from error
        self._rest = b""
        self._lost: tuple[type[Exception], ...] = (OSError, serial.SerialException, TypeError)
        try:
            # Two that read one line get half a sentence each.
            self._line: Any = serial.Serial(source.device, source.baud, timeout=WAIT_S, exclusive=os.name == "posix")
        except (OSError, ValueError, serial.SerialException) as error:
            raise ContextError(f"{source} cannot be opened: {_why_not_serial(error, source)}") from error

    def lines(self) -> Sequence[bytes]:
        try:
            data = self._rest + self._line.read(max(1, min(self._line.in_waiting, MOST_BYTES)))
        except self._lost as error:  # pyserial stumbles over its own handle when the line goes in a read: TypeError
            raise OSError(f"it is gone ({error})") from error
        whole: list[bytes]
        *whole, self._rest = data.split(b"\n")
        if len(self._rest) > MOST_BYTES:
            whole, self._rest = [*whole, self._rest], b""
        return whole

    def skip(self) -> int:
        return 0  # no line is fast enough

    def close(self) -> None:
        self._line.close()


def _why(error: OSError, source: UdpSource) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"the port {source.port} is taken by another program; end that one, or choose another port"
    if error.errno == errno.EACCES:
        return f"the port {source.port} is the system's; choose one from 1024 on"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{source.host} is no address of this machine; listen at 127.0.0.1"
    return error.strerror or str(error)


def _why_not_serial(error: Exception, source: SerialSource) -> str:
    number = getattr(error, "errno", None)
    if number == errno.ENOENT or "FileNotFoundError" in str(error):
        there = ", ".join(_serial_lines()) or "none"
        return f"there is no {source.device}; serial lines here: {there}"
    if number == errno.EACCES:
        return f"nobody may read {source.device} but its group; on Debian: sudo usermod -aG dialout $USER"
    if number in (errno.EAGAIN, errno.EBUSY) or "exclusively lock" in str(error):
        return f"another program reads {source.device}; end that one (gpsd takes receivers for itself)"
    return str(error)


def _serial_lines() -> list[str]:
    from serial.tools.list_ports import comports

    return sorted(str(port.device) for port in comports())
