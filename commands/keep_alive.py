"""A window that records is looked after: one that is killed or crashes is opened again, and the recording with it.

The keeper is a small process that opens no camera and no window. It starts the command again as its child, waits for
it, and hands on its exit code. When the child is ended by a signal that does not mean "stop" (SIGKILL, SIGSEGV...),
it is started again at once, with the recording going to a new file beside the first. When the keeper itself is killed,
the window and its recording go on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from commands.terminal import NO, err

KEPT: Final = "TAPETUM_KEPT"
"""Environment of the window's process: the number of its start, from 1."""

_ASKED: Final = ("SIGINT", "SIGTERM", "SIGHUP")
_QUICK_S: Final = 20.0
_MOST_QUICK: Final = 3
"""Starts in a row that lasted no longer than that: what kills it is in what it does."""
_WINDOWS_CRASH: Final = 0xC0000000


def is_kept() -> bool:
    """Whether this process is a window that somebody looks after."""
    return KEPT in os.environ


def recording_of_this_start(path: Path) -> Path:
    """The file of this start of the window: ``path`` the first time, then ``NAME-again2.mcap`` and so on."""
    start = int(os.environ.get(KEPT, "1"))
    while start > 1:
        other = path.with_name(f"{path.stem}-again{start}{path.suffix}")
        if not other.exists() and not other.with_name(f"{other.name}.part").exists():
            return other
        start += 1
    return path


def keep(arguments: Sequence[str]) -> int:
    """Run ``tapetum ARGUMENTS`` until it ends by itself.

    Returns:
        Its exit code; 1 when it crashed again and again at once.
    """
    quick = start = 0
    while True:
        start += 1
        began = time.monotonic()
        # From the same interpreter, and -P: a folder of that name in the working directory must not come first.
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "tapetum", *arguments], env={**os.environ, KEPT: str(start)}
        )
        with _handed_on(child):
            code = child.wait()
        if not _was_killed(code):
            return code
        quick = quick + 1 if time.monotonic() - began < _QUICK_S else 0
        how = signal.Signals(-code).name if code < 0 else f"exit code {code:#x}"
        if quick >= _MOST_QUICK:
            err.print(f"tapetum: the window ended by {how} {quick} times in a row; given up", markup=False)
            return NO
        err.print(
            f"tapetum: the window was ended by {how}; it is opened again, and the recording goes on in a new file. "
            "What was written until then is kept in the .part file: tapetum session recover FILE.part",
            markup=False,
        )


def _was_killed(code: int) -> bool:
    asked = {-getattr(signal, name) for name in _ASKED if hasattr(signal, name)}
    return (code < 0 and code not in asked) or code >= _WINDOWS_CRASH


@contextlib.contextmanager
def _handed_on(child: subprocess.Popen[Any]) -> Iterator[None]:
    """Who asks the keeper to stop asks the window. Ctrl-C reaches both by itself."""
    signals = [getattr(signal, name) for name in _ASKED if hasattr(signal, name)]

    def hand_on(number: int, frame: Any) -> None:
        if number != signal.SIGINT:
            with contextlib.suppress(ProcessLookupError):
                child.send_signal(number)

    before = {number: signal.signal(number, hand_on) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
