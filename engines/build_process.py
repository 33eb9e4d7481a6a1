"""Runs one build's child process to its end, within its limits. What goes wrong in the child is an error here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import engines.errors
from engines.build_memory import resident_bytes
from engines.errors import BuildCancelledError, BuildError, BuildLimitError, EngineError

_POLL_S = 0.05
_TAIL_BYTES = 8192
_LINE_BYTES = 1 << 20
_ADDRESSES_ABOVE = 4 << 30
"""Libraries reserve addresses that they never touch: the limit on addresses is twice that on memory and this more."""


@dataclass(frozen=True, slots=True)
class BuildLimits:
    """What one build may take.

    Attributes:
        time_s: seconds, waiting for another builder included.
        memory_bytes: of physical memory; None: no limit.
    """

    time_s: float = 1800.0
    memory_bytes: int | None = 8 << 30

    def __post_init__(self) -> None:
        if not self.time_s > 0 or (self.memory_bytes is not None and self.memory_bytes < 1):
            raise BuildError(
                f"a build needs some time and memory, was given {self.time_s} s, {self.memory_bytes} bytes"
            )


@dataclass(slots=True)
class _Heard:
    """What the child has said so far."""

    answer: dict[str, Any] = field(default_factory=dict)
    tail: bytearray = field(default_factory=bytearray)


def run_child(
    request: Mapping[str, Any],
    limits: BuildLimits,
    stop: Callable[[], bool],
    on_progress: Callable[[float, str], None],
    on_memory: Callable[[int], None],
    began: float,
) -> dict[str, Any]:
    """Run :mod:`engines.build_child` to its end.

    Args:
        request: for the child; its own process and the bound on its addresses are added here.
        limits: see :class:`BuildLimits`.
        stop: asked often; True ends the child.
        on_progress, on_memory: called with the share done and the phase, and with its memory in bytes.
        began: ``time.monotonic()`` when the time began to count.

    Returns:
        ``artefact`` (a file's name in the request's folder) and ``check`` (a report, or None).

    Raises:
        BuildCancelledError: ``stop`` said so.
        BuildLimitError: it took too long or too much memory.
        BuildError: it crashed, or failed without a better word for it; the last lines that it wrote are in the message.
        EngineError: the kind that the build itself raised.
    """
    name = str(request["name"])
    bounded = limits.memory_bytes if request["bounded_addresses"] else None
    sent = {
        **request,
        "parent": os.getpid(),
        "address_bytes": None if bounded is None else 2 * bounded + _ADDRESSES_ABOVE,
    }
    child = _start()
    heard = _Heard()
    readers = [
        threading.Thread(target=_hear, args=(child.stdout, heard, on_progress), name=f"build {name}: answers"),
        threading.Thread(target=_keep_tail, args=(child.stderr, heard.tail), name=f"build {name}: output"),
    ]
    for reader in readers:
        reader.start()
    try:
        with suppress(BrokenPipeError):  # it died at once: its exit code says more
            assert child.stdin is not None
            child.stdin.write(json.dumps(sent).encode() + b"\n")
            child.stdin.flush()
        _watch(child, name, limits, stop, on_memory, began)
    finally:
        _end(child)
        for reader in readers:
            reader.join()
        for pipe in (child.stdin, child.stdout, child.stderr):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
    return _understood(name, child.returncode, heard, limits)


def _start() -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(dict.fromkeys(filter(None, (root, *sys.path))))
    apart: dict[str, Any] = {"start_new_session": True}  # Ctrl-C reaches us, and we end the child
    if sys.platform == "win32":  # pragma: no cover - Windows
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "engines.build_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            **apart,
        )
    except OSError as error:
        raise BuildError(f"no process for the build could be started ({error.strerror})") from error


def _watch(
    child: subprocess.Popen[bytes],
    name: str,
    limits: BuildLimits,
    stop: Callable[[], bool],
    on_memory: Callable[[int], None],
    began: float,
) -> None:
    while True:
        with suppress(subprocess.TimeoutExpired):
            child.wait(_POLL_S)
            return
        if stop():
            raise BuildCancelledError(f"the build of {name} was cancelled")
        if time.monotonic() - began > limits.time_s:
            raise BuildLimitError(f"the build of {name} took longer than its {limits.time_s:.0f} s and was ended")
        held = resident_bytes(child.pid)
        if held is None:
            continue
        on_memory(held)
        if limits.memory_bytes is not None and held > limits.memory_bytes:
            raise BuildLimitError(
                f"the build of {name} took {held / 2**30:.2f} GiB of memory, it was given "
                f"{limits.memory_bytes / 2**30:.2f} GiB, and was ended"
            )


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child, and what it started, whatever they do."""
    if sys.platform == "win32":  # pragma: no cover - Windows
        child.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _hear(pipe: IO[bytes], heard: _Heard, on_progress: Callable[[float, str], None]) -> None:
    while line := pipe.readline(_LINE_BYTES):
        try:
            message = json.loads(line)
        except ValueError:  # a library that found our descriptor
            continue
        if not isinstance(message, dict):
            continue
        if "progress" in message:
            on_progress(float(message["progress"]), str(message.get("phase", "")))
        else:
            heard.answer = message


def _keep_tail(pipe: IO[bytes], tail: bytearray) -> None:
    while block := pipe.read1(65536):  # type: ignore[attr-defined]  # a BufferedReader, which subprocess does not tell
        tail += block
        del tail[:-_TAIL_BYTES]


def _understood(name: str, returncode: int, heard: _Heard, limits: BuildLimits) -> dict[str, Any]:
    done, failed = heard.answer.get("done"), heard.answer.get("failed")
    if isinstance(done, dict):
        return done
    lines = [line.strip() for line in heard.tail.decode("utf-8", "replace").splitlines() if line.strip()]
    last = f"; it last wrote: {' | '.join(lines[-3:])[-600:]}" if lines else ""
    if isinstance(failed, dict):
        kind = getattr(engines.errors, str(failed["kind"]), None)
        message = str(failed["message"])
        if isinstance(kind, type) and issubclass(kind, EngineError):
            # the build's own words; of an unforeseen error the type stands before them
            raise kind(message if kind is not BuildError else f"the build of {name} failed: {message}")
        out_of_memory = failed["kind"] == "MemoryError"
    else:
        out_of_memory = "bad_alloc" in last or "MemoryError" in last
    if out_of_memory:
        given = "" if limits.memory_bytes is None else f" with the {limits.memory_bytes / 2**30:.2f} GiB it was given"
        raise BuildLimitError(f"the build of {name} found no more memory{given}")
    raise BuildError(f"the build of {name} {_ending(returncode)}{last}")


def _ending(returncode: int) -> str:
    if returncode >= 0:
        return f"ended with exit code {returncode} and no answer"
    try:
        what = signal.Signals(-returncode).name
    except ValueError:
        what = f"signal {-returncode}"
    hint = " (the machine may have run out of memory)" if what == "SIGKILL" else ""
    return f"crashed by {what}{hint}"
