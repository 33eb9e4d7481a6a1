"""One child process, from its start to its end: started, heard and reaped by one thread of its own.

The child dies with this process, whatever happens to either; this process never dies with the child. What the child
says on its own channel are messages; what a library prints there, to stdout or stderr, is kept and logged.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from drivers.host_clock import for_a_child
from drivers.isolate_words import Messages

log = logging.getLogger(__name__)

WHERE_S: Final = 0.3
"""How long a hanging child is given to say where it hangs, before it is killed."""

_POLL_S: Final = 0.25
_LINES_KEPT: Final = 200
_LINES_LOGGED: Final = 200
_LINE_CHARS: Final = 500

_PLACE: Final = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+) in (?P<function>.+)$')
_FATAL: Final = "Fatal Python error:"

OnMessage = Callable[[bytes, bytes], None]
OnEnd = Callable[[str, str, str], None]


class ChildProcess:
    """Runs ``python -m drivers.isolate_child``.

    Args:
        name: of the camera, for people: without passwords.
        request: what it is to do, as JSON.
        on_message: called in this child's thread with the kind and the content of each message.
        on_end: called there once, when the process is gone, with how it ended, where in its code (or ""), and the last
            line that its libraries printed (or "").
        inherited: file descriptors that it gets.
    """

    def __init__(
        self,
        name: str,
        request: Mapping[str, Any],
        on_message: OnMessage,
        on_end: OnEnd,
        inherited: Sequence[int] = (),
    ) -> None:
        self._name = name
        self._request = dict(request)
        self._on_message = on_message
        self._on_end = on_end
        self._inherited = tuple(inherited)
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_ended = False
        self._killed = ""
        self._lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._logged = 0
        # Linux ends a child with the thread that started it: so that must be one that lives as long as the child. It is
        # a daemon, so that a camera that nobody closed does not keep the program from ending (the child ends with it).
        self._thread = threading.Thread(target=self._run, name=f"child of {name}", daemon=True)

    def start(self) -> None:
        """Start it; does not wait."""
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Of the process while there is one."""
        with self._lock:
            return None if self._child is None or self._is_ended else self._child.pid

    def send(self, message: Mapping[str, Any]) -> bool:
        """Never blocks; False when the child is gone or does not listen."""
        data = json.dumps(message).encode() + b"\n"
        with self._lock:
            child = self._child
            if child is None or child.stdin is None or child.stdin.closed or self._is_ended:
                return False
            try:
                return os.write(child.stdin.fileno(), data) == len(data)
            except OSError:  # it is gone, or its pipe is full since it does not read
                return False

    def kill(self, reason: str) -> str:
        """End it, and what it started, now. Takes :data:`WHERE_S` at most.

        Args:
            reason: how it ended, for :meth:`wait` and ``on_end``.

        Returns:
            Where in its code it was, as ``cameras/x.py, line 12 in function``; empty when it could not say.
        """
        with self._lock:
            before = self._logged
            self._killed = self._killed or reason
            child = self._child
            if child is None or self._is_ended:
                return ""
            asked = _signal(child, "SIGUSR1", group=False)  # faulthandler answers, whoever holds Python's lock
        where = ""
        deadline = time.monotonic() + WHERE_S
        while asked and not where and time.monotonic() < deadline and not self._is_ended:
            time.sleep(0.01)
            with self._lock:
                new = self._logged - before
                where = _place_in(list(self._lines)[-new:]) if new else ""
        with self._lock:
            if not self._is_ended:
                _signal(child, "SIGKILL", group=True)
        return where

    def join(self, timeout_s: float) -> bool:
        """Wait until it is gone and its thread is at its end; False when it is not in time."""
        if self._thread.ident is None:
            return True
        if self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # -- the child's thread -------------------------------------------------------------------------------------------

    def _run(self) -> None:
        how, where, said = "ended", "", ""
        try:
            try:
                child = self._start()
            except OSError as error:
                how = f"could not be started ({error.strerror})"
                return
            output = threading.Thread(target=self._keep, args=(child,), name=f"output of {self._name}", daemon=True)
            output.start()
            garbage = self._hear(child)
            ending = self._reap(child)
            output.join(2 * _POLL_S + 1.0)
            how = self._killed or garbage or ending
            where, said = self._last_words()
        finally:
            self._on_end(how, where, said)

    def _start(self) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(dict.fromkeys(filter(None, (root, *sys.path))))
        apart: dict[str, Any] = {"start_new_session": True, "pass_fds": self._inherited}  # Ctrl-C reaches us only
        if sys.platform == "win32":  # pragma: no cover - Windows
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "drivers.isolate_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, **for_a_child(), "PYTHONPATH": path},
            **apart,
        )
        data = json.dumps({**self._request, "parent": os.getpid()}).encode() + b"\n"
        assert child.stdin is not None
        with suppress(OSError):  # it died at once: how it ended says more
            child.stdin.write(data)
        if sys.platform != "win32":
            os.set_blocking(child.stdin.fileno(), False)
        with self._lock:
            self._child = child
            if self._killed:
                _signal(child, "SIGKILL", group=True)
        return child

    def _hear(self, child: subprocess.Popen[bytes]) -> str:
        """Every message until the channel ends; what came that was none."""
        messages = Messages()
        assert child.stdout is not None
        for data in _chunks(child, child.stdout):
            try:
                for kind, content in messages.feed(data):
                    self._on_message(kind, content)
            except Exception as error:  # a child gone mad says anything; it must not take the reader along
                log.exception("%s: what its process said makes no sense", self._name)
                return f"spoke nonsense ({type(error).__name__}: {error})"
        return ""

    def _reap(self, child: subprocess.Popen[bytes]) -> str:
        """It has nothing more to say: make sure that it is gone, and close what was between us."""
        with suppress(subprocess.TimeoutExpired):
            child.wait(_POLL_S)
        with self._lock:
            late = child.returncode is None
            _signal(child, "SIGKILL", group=True)  # it, or what it left behind
        returncode = child.wait()
        with self._lock:
            self._is_ended = True
            for pipe in (child.stdin, child.stdout):
                assert pipe is not None
                with suppress(OSError):
                    pipe.close()
        return "closed its channel and did not end" if late else _ending(returncode)

    def _keep(self, child: subprocess.Popen[bytes]) -> None:
        rest = b""
        assert child.stderr is not None
        try:
            for data in _chunks(child, child.stderr):
                *lines, rest = (rest + data).replace(b"\r\n", b"\n").split(b"\n")
                for line in lines:
                    self._keep_line(line)
                rest = rest[-_LINE_CHARS:]
            self._keep_line(rest)
        finally:
            with suppress(OSError):
                child.stderr.close()

    def _keep_line(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip()[:_LINE_CHARS]
        if not text.strip():
            return
        with self._lock:
            self._lines.append(text)
            self._logged += 1
        if self._logged <= _LINES_LOGGED:
            log.info("%s: %s", self._name, text)
        elif self._logged == _LINES_LOGGED + 1:
            log.info("%s: its library prints more; the rest is not logged", self._name)

    def _last_words(self) -> tuple[str, str]:
        """Where it crashed, and the last line that was printed before it did."""
        with self._lock:
            lines = list(self._lines)
        fatal = next((n for n, line in enumerate(lines) if line.startswith(_FATAL)), len(lines))
        return _place_in(lines[fatal:]), lines[fatal - 1].strip() if fatal else ""


def _chunks(child: subprocess.Popen[bytes], pipe: IO[bytes]) -> Iterator[bytes]:
    """What comes out of a pipe until it ends. A process that the child left behind may hold it open for ever: so it
    ends for us with the child, too."""
    if sys.platform == "win32":  # pragma: no cover - Windows, where a pipe cannot be polled
        while data := pipe.read(65536):
            yield data
        return
    import select

    fd = pipe.fileno()
    ready = select.poll()
    ready.register(fd, select.POLLIN)
    while True:
        if ready.poll(_POLL_S * 1000):
            data = os.read(fd, 65536)
            if not data:
                return
            yield data
        elif _is_gone(child):
            return


def _is_gone(child: subprocess.Popen[bytes]) -> bool:
    """Whether it is dead, without reaping it: until then nobody else gets its number."""
    if child.returncode is not None:
        return True
    if not hasattr(os, "waitid"):  # pragma: no cover - macOS before Python 3.13
        return child.poll() is not None
    try:
        return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _signal(child: subprocess.Popen[bytes], name: str, group: bool) -> bool:
    """Send a signal to a child that was not reaped yet, or to the group that it leads."""
    if sys.platform == "win32":  # pragma: no cover - Windows
        if name == "SIGKILL":
            child.kill()
        return False
    number = getattr(signal, name)
    with suppress(ProcessLookupError, PermissionError):
        if group:
            os.killpg(child.pid, number)
        elif child.returncode is None:
            os.kill(child.pid, number)
        return True
    return False


def _place_in(lines: Sequence[str]) -> str:
    """The innermost place that a report of faulthandler names, of the thread that it is about."""
    wanted = True
    for line in lines:
        if line.startswith("Thread "):
            wanted = False
        elif line.startswith(("Current thread ", "Stack ")):
            wanted = True
        found = _PLACE.match(line)
        if found and wanted:
            file = "/".join(Path(found["file"]).parts[-2:])
            return f"{file}, line {found['line']} in {found['function']}"
    return ""


def _ending(returncode: int) -> str:
    if returncode >= 0:
        return f"ended with exit code {returncode}"
    try:
        what = signal.Signals(-returncode).name
    except ValueError:
        what = f"signal {-returncode}"
    hint = " (the machine may have run out of memory)" if what == "SIGKILL" else ""
    return f"died of {what}{hint}"
