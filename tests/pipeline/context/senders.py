"""Who sends to a run, and waiting for what comes of it."""

from __future__ import annotations

import functools
import json
import operator
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

LIMIT_S = 20.0


def free_port() -> int:
    """Of the loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(true: Callable[[], object], what: str = "") -> None:
    """Wait for it."""
    deadline = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < deadline, what or "it never came"
        time.sleep(0.002)


def sentence(body: str) -> bytes:
    """With its checksum."""
    checksum = functools.reduce(operator.xor, body.encode())
    return f"${body}*{checksum:02X}\r\n".encode()


class Sender:
    """Datagrams to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, **values: Any) -> None:
        self.raw(json.dumps(values).encode())

    def raw(self, data: bytes) -> None:
        self._socket.sendto(data, self._to)
