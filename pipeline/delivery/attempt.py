"""One try at telling an alarm: within a time, in short waits, so that it can be called off at any moment."""

from __future__ import annotations

import contextlib
import errno
import os
import selectors
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Final

from pipeline.delivery.target import CommandTarget, PostTarget

_SLICE_S: Final = 0.05
_GRACE_S: Final = 0.3
"""For a program to end by itself when it is asked to."""
_KILLED_S: Final = 2.0
_WORDS: Final = 300
"""Bytes of what a program said on stderr that are told."""


class CalledOff(Exception):
    """Nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a try failed; ``is_final``: no other one is made, for it would fail as well, or could do harm."""

    why: str
    is_final: bool = False


class Patience:
    """How long one try may take, and whether it is still wanted."""

    def __init__(self, seconds: float, is_off: Callable[[], bool]) -> None:
        self.seconds = seconds
        self._end_s = time.monotonic() + seconds
        self._is_off = is_off

    def slice_s(self) -> float:
        """How long to wait now at most; 0 when the time is over.

        Raises:
            CalledOff: it is not wanted any more.
        """
        if self._is_off():
            raise CalledOff
        return max(0.0, min(_SLICE_S, self._end_s - time.monotonic()))


def run_command(target: CommandTarget, data: bytes, variables: Mapping[str, str], patience: Patience) -> Failure | None:
    """Run a program with the data on its stdin; None when it ended with 0.

    stdin and stderr are files, not pipes: a program that reads nothing, or leaves children behind, holds nothing up.

    Raises:
        CalledOff: the program was ended.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(data)
        given.seek(0)
        environment = {**os.environ, **variables}
        try:
            process = subprocess.Popen(
                target.argv,
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=environment,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            return Failure(f"cannot run {target.argv[0]}: {why}", is_final=not isinstance(error, BlockingIOError))
        try:
            while (rest := patience.slice_s()) > 0:
                try:
                    code = process.wait(rest)
                except subprocess.TimeoutExpired:
                    continue
                return None if code == 0 else Failure(f"it ended with {code}{_last_words(said)}")
            # It was begun, and may have told somebody: a second start could do harm.
            return Failure(f"it did not end within {patience.seconds:g} s, and was ended", is_final=True)
        finally:
            _end(process)


def _last_words(said: IO[bytes]) -> str:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - _WORDS))
    words = " ".join(said.read(_WORDS).decode("utf-8", "replace").split())
    return f": {words}" if words else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, and what it began.

    Its number is kept until all of its group are killed: waited for, it could be somebody else's by then.
    """
    if process.poll() is not None:
        return
    _signal(process, signal.SIGTERM)
    end = time.monotonic() + _GRACE_S
    while not _is_over(process.pid) and time.monotonic() < end:
        time.sleep(0.01)
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
    with contextlib.suppress(subprocess.TimeoutExpired):  # a disk holds it: it goes when that answers
        process.wait(_KILLED_S)


def _is_over(pid: int) -> bool:
    """Whether a child has ended; it stays to be waited for. False where the system cannot tell."""
    if not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)  # its own session: its group has its number
        else:
            process.kill()
    except ProcessLookupError:
        pass  # it ended meanwhile


def post(target: PostTarget, data: bytes, patience: Patience) -> Failure | None:
    """POST the data as application/json; None when the answer is 2xx.

    One HTTP/1.1 request on its own connection, and of the answer only the first line: a redirect is no delivery, and
    where it leads nothing is sent.

    Raises:
        CalledOff: it was broken off.
    """
    head = (
        f"POST {target.path} HTTP/1.1\r\nHost: {target.authority}\r\nUser-Agent: tapetum\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"
    )
    family = socket.AF_INET6 if ":" in target.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.setblocking(False)
            line = _talk(connection, target, head.encode("ascii") + data, patience)
    except OSError as error:
        return Failure(f"{target.authority}: {error.strerror or error}")
    if line is None:
        return Failure(f"{target.authority} did not answer within {patience.seconds:g} s")
    return _judge(line, target)


def _talk(connection: socket.socket, target: PostTarget, request: bytes, patience: Patience) -> bytes | None:
    """The answer's first line; None when the time is over."""
    begun = connection.connect_ex((target.host, target.port))
    if begun not in (0, errno.EINPROGRESS, errno.EWOULDBLOCK):
        raise OSError(begun, os.strerror(begun))
    if not _wait(connection, patience, writing=True):
        return None
    failed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if failed:
        raise OSError(failed, os.strerror(failed))
    rest = memoryview(request)
    while rest:
        if not _wait(connection, patience, writing=True):
            return None
        rest = rest[connection.send(rest) :]
    line = b""
    while b"\n" not in line and len(line) < 1024:
        if not _wait(connection, patience, writing=False):
            return None
        more = connection.recv(1024)
        if not more:
            break
        line += more
    return line.partition(b"\n")[0]


def _wait(connection: socket.socket, patience: Patience, writing: bool) -> bool:
    """Until it can be read or written; False when the time is over."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_WRITE if writing else selectors.EVENT_READ)
        while (rest := patience.slice_s()) > 0:
            if selector.select(rest):
                return True
    return False


def _judge(line: bytes, target: PostTarget) -> Failure | None:
    words = line.decode("latin-1").split(None, 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        return Failure(f"{target.authority} gave no answer of HTTP: {line[:60]!r}")
    code = int(words[1])
    if 200 <= code < 300:
        return None
    reason = f" {words[2].strip()}" if len(words) > 2 else ""
    # What the other side calls the sender's fault stays one, except that it was too early or too much.
    final = 300 <= code < 500 and code not in (408, 425, 429)
    return Failure(f"{target.authority} answered {code}{reason}", is_final=final)
