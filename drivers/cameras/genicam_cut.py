"""Cuts Aravis' line to a GigE Vision camera that is gone.

Aravis writes to a camera's registers when it closes it, and asks five times in 2.5 s for an answer, register by
register: closing a lost camera takes 7.5 s. Once its socket leads nowhere each write fails at once. Aravis does not say
which socket it is, so it is the one that appears while the camera is opened; where that is not plain, nothing is cut.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_OWN: Final = Path("/proc/self/fd")


class ControlLine:
    """The socket that a library opens while this is entered."""

    def __init__(self) -> None:
        self._before: frozenset[tuple[int, str]] = frozenset()
        self._found: tuple[int, str] | None = None

    def __enter__(self) -> Self:
        self._before = _udp_sockets()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        new = _udp_sockets() - self._before
        self._found = next(iter(new)) if len(new) == 1 else None

    def cut(self) -> bool:
        """Let the socket lead nowhere; False when it is not known, or not open any more."""
        found, self._found = self._found, None
        if found is None or found not in _udp_sockets():
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as nowhere:
            os.dup2(nowhere.fileno(), found[0], inheritable=False)
        return True


def _udp_sockets() -> frozenset[tuple[int, str]]:
    """This process's own: descriptor and what the system calls it (which no other socket is called)."""
    if sys.platform != "linux":
        return frozenset()
    out = []
    for entry in _OWN.iterdir():
        with contextlib.suppress(OSError):  # it was closed meanwhile, or is no socket
            name = str(entry.readlink())
            if name.startswith("socket:") and _is_udp(int(entry.name)):
                out.append((int(entry.name), name))
    return frozenset(out)


def _is_udp(descriptor: int) -> bool:
    with socket.socket(fileno=os.dup(descriptor)) as one:
        return one.family == socket.AF_INET and one.type == socket.SOCK_DGRAM
