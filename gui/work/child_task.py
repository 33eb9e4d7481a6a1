"""One command of the program in a process of its own: heard, bounded, and ended with a limit. No Qt here."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gui.work import leash

PROGRAM: Final = (sys.executable, "-P", "-m", "tapetum")
"""What runs a command line of this program, from the same interpreter."""

LINES_KEPT: Final = 200
LINE_CHARS: Final = 500

_POLL_S: Final = 0.2
_SPARE_S: Final = 2.0
_MOST_ANSWER: Final = 16 << 20
_MOST_LINE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended.

    Attributes:
        code: its exit code, negative for a signal; None when it could not be started, or not be ended.
        answer: the JSON object on the last line of its stdout; None when there is none.
        words: what went wrong beyond what the command says itself; or empty.
    """

    code: int | None
    answer: dict[str, Any] | None = None
    words: str = ""


class ChildTask:
    """Runs one command.

    Args:
        arguments: the whole command line.
        on_told: called in the thread of :meth:`run` with each JSON object that it writes to stderr.
        on_line: called there with each other line.
        environment: added to that of this process.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        on_told: Callable[[dict[str, Any]], None],
        on_line: Callable[[str], None],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._arguments = tuple(arguments)
        self._on_told = on_told
        self._on_line = on_line
        self._environment = dict(environment or {})
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stop: tuple[float, float] | None = None
        self._over_s = float("inf")
        self._code: int | None = None

    @property
    def pid(self) -> int | None:
        """Of the leash, which is the number of the group that the command runs in; None before it was started."""
        with self._lock:
            return None if self._process is None else self._process.pid

    def stop(self, terminate_s: float = 8.0, kill_s: float = 4.0) -> None:
        """Interrupt it, as Ctrl-C does; returns at once. May be said again with less time.

        Args:
            terminate_s: after so long it is asked to terminate.
            kill_s: so long after that it is killed, and all that it started.
        """
        with self._lock:
            self._stop = (terminate_s, kill_s)
            self._over_s = min(self._over_s, time.monotonic() + terminate_s + kill_s + _SPARE_S)
            self._say_stop()

    def kill(self) -> None:
        """End it at once, and all that it started: for a command that leaves nothing half done. Returns at once."""
        self.stop(0.0, 0.0)
        with self._lock:
            process = self._process
            if process is not None and process.poll() is None:
                with contextlib.suppress(OSError):  # it has just gone
                    os.killpg(process.pid, signal.SIGKILL)

    def run(self) -> Ending:
        """Start it, hear it to its end, and leave nothing of it behind. Once, in a thread of the caller's."""
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(dict.fromkeys(filter(None, (root, *sys.path))))
        environment = {**os.environ, "TAPETUM_PROGRESS": "json", "PYTHONPATH": path, **self._environment}
        with self._lock:
            if self._stop is not None:
                return Ending(None, words="it was stopped before it began")
            try:
                process = self._process = leash.start(self._arguments, environment)
            except OSError as error:
                return Ending(None, words=f"it cannot be started: {error.strerror or error}")
        out = _LastLine()
        try:
            self._hear(process, out)
            return self._reap(process, out)
        finally:
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def _say_stop(self) -> None:
        process, stop = self._process, self._stop
        if process is not None and process.stdin is not None and stop is not None and not process.stdin.closed:
            with contextlib.suppress(OSError, ValueError):  # it is gone already
                os.write(process.stdin.fileno(), f"stop {stop[0]} {stop[1]}\n".encode())

    def _hear(self, process: subprocess.Popen[bytes], out: _LastLine) -> None:
        """Until both pipes end, or the leash is gone: what the command left behind may hold them open."""
        assert process.stdout is not None
        assert process.stderr is not None
        lines = _Lines(self._hear_line)
        takers: dict[int, Callable[[bytes], None]] = {
            process.stdout.fileno(): out.feed,
            process.stderr.fileno(): lines.feed,
        }
        with selectors.DefaultSelector() as ready:
            for number in takers:
                ready.register(number, selectors.EVENT_READ)
            while ready.get_map():
                found = ready.select(_POLL_S)
                for key, _ in found:
                    data = os.read(key.fd, 65536)
                    takers[key.fd](data)
                    if not data:
                        ready.unregister(key.fd)
                if process.poll() is not None:
                    if not found:
                        break
                    with self._lock:
                        self._over_s = min(self._over_s, time.monotonic() + _SPARE_S)
                if not threading.main_thread().is_alive():
                    self.stop(2.0, 1.0)
                if time.monotonic() > self._over_s:
                    break
        lines.end()

    def _hear_line(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()
        if text.startswith("{"):
            with contextlib.suppress(ValueError):
                told = json.loads(text)
                if leash.ENDED in told:
                    self._code = int(told[leash.ENDED])
                else:
                    self._on_told(told)
                return
        if text.strip():
            self._on_line(text[:LINE_CHARS])

    def _reap(self, process: subprocess.Popen[bytes], out: _LastLine) -> Ending:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(_SPARE_S, min(30.0, self._over_s - time.monotonic())))
        if process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_SPARE_S)
        if process.poll() is None:
            return Ending(None, words="it cannot be ended: it hangs in the system, on a disk that does not answer")
        code = process.returncode if self._code is None else self._code
        return Ending(code, out.answer(), _died_of(code))


class _LastLine:
    """Keeps the last line of what is fed to it."""

    def __init__(self) -> None:
        self._kept = b""

    def feed(self, data: bytes) -> None:
        self._kept += data
        ended = self._kept[:-1].rfind(b"\n")
        if ended >= 0:
            self._kept = self._kept[ended + 1 :]
        self._kept = self._kept[: _MOST_ANSWER + 1]

    def answer(self) -> dict[str, Any] | None:
        try:
            found = json.loads(self._kept)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


class _Lines:
    """Hands on whole lines; of one without an end, its beginning."""

    def __init__(self, on_line: Callable[[bytes], None]) -> None:
        self._on_line = on_line
        self._rest = b""

    def feed(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            self._on_line(line)
        self._rest = self._rest[:_MOST_LINE]

    def end(self) -> None:
        self._on_line(self._rest)
        self._rest = b""


def bounded_lines() -> deque[str]:
    """Where lines of a command are kept."""
    return deque(maxlen=LINES_KEPT)


def _died_of(code: int) -> str:
    if code >= 0:
        return ""
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"it was ended by {name}" + (" (the machine may have run out of memory)" if name == "SIGKILL" else "")
