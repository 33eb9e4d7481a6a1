"""Holds one command on a leash: it goes when it is told to, when who started it goes, and takes its children along.

Run by its path in a process of its own (``python -I -S leash.py -- COMMAND...``), so that nothing of the command can
hang it. What it reads on stdin: ``stop A B``: interrupt the command now, ask it to terminate after A s, and kill all of
it after B s more. The end of stdin is the end of the program that started it, and means the same. The last line that it
writes to stderr says how the command ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

ENDED = "tapetum-leash-ended"
"""The key of the last line on stderr: the command's exit code, negative for a signal, as subprocess tells it."""

ALONE = (5.0, 3.0)
"""Seconds that a command has after its starter is gone, see ``stop``."""

_POLL_S = 0.1
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


def main(arguments: Sequence[str]) -> int:
    """Run the command until it ends or is ended."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # they are for the command, which is in the same group
    with contextlib.suppress(OSError):
        os.nice(10)
    me = os.getpid()
    try:
        child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, preexec_fn=lambda: _die_with(me))
    except OSError as error:
        print(f"{arguments[0]} cannot be started: {error.strerror or error}", file=sys.stderr)  # noqa: T201 - said to the starter
        return _end(127)
    plan: list[tuple[float, int]] = []
    is_held = True
    words = b""
    while child.poll() is None:
        if is_held and select.select([0], [], [], _POLL_S)[0]:
            data = os.read(0, 4096)
            is_held = bool(data)
            words += data
            if b"\n" in words or not data:
                plan = _sharper(plan, _deadlines(words))
                words = b""
        elif not is_held:
            time.sleep(_POLL_S)
        while plan and time.monotonic() >= plan[0][0]:
            number = plan.pop(0)[1]
            if number == signal.SIGKILL:
                _say(-signal.SIGKILL)
            with contextlib.suppress(OSError):
                os.killpg(0, number)
    return _end(child.returncode)


def _die_with(leash: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != leash:
        os._exit(1)


def _deadlines(words: bytes) -> tuple[float, float]:
    parts = words.split()
    try:
        return float(parts[1]), float(parts[2])
    except (IndexError, ValueError):
        return ALONE


def _sharper(plan: list[tuple[float, int]], given: tuple[float, float]) -> list[tuple[float, int]]:
    """A plan to end, never later than what was planned before."""
    now = time.monotonic()
    new: list[tuple[float, int]] = [
        (now, signal.SIGINT),
        (now + given[0], signal.SIGTERM),
        (now + sum(given), signal.SIGKILL),
    ]
    if not plan:
        return new
    sent = {number for _, number in new} - {number for _, number in plan}
    return [(at, number) for at, number in new if number not in sent] if new[-1][0] < plan[-1][0] else plan


def _say(code: int) -> None:
    with contextlib.suppress(OSError):
        os.write(2, b"\n" + json.dumps({ENDED: code}).encode() + b"\n")


def _end(code: int) -> int:
    """Say it, and leave nobody of the group behind, this process neither."""
    _say(code)
    with contextlib.suppress(OSError):
        os.killpg(0, signal.SIGKILL)
    return 0


def command(arguments: Sequence[str]) -> list[str]:
    """The command line that holds another one."""
    return [sys.executable, "-I", "-S", __file__, "--", *arguments]


def start(arguments: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a command on its leash, in a group of its own.

    Raises:
        OSError: not even the leash can be started.
    """
    apart: dict[str, Any] = {"start_new_session": True}
    return subprocess.Popen(
        command(arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=environment,
        **apart,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
