"""A lock between processes, and between threads: a file that one of them holds at a time."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_POLL_S: Final = 0.005


class LockTimeoutError(Exception):
    """Somebody else held the lock for too long."""


class FileLock:
    """Held within a ``with``. The system lets go of it when its holder dies, however that was.

    Args:
        path: the file; it is there while the lock is held.
        limit_s: how long to wait for another holder.

    Raises (on entering):
        LockTimeoutError: another holder did not let go in time.
        OSError: the file cannot be made.
    """

    def __init__(self, path: Path, limit_s: float) -> None:
        self._path = path
        self._limit_s = limit_s
        self._handle = -1

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self._limit_s
        while True:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
            # Who held it before took the file away: then this lock is on a file that nobody else will find.
            if _try_lock(handle) and self._is_file_of(handle):
                self._handle = handle
                return self
            os.close(handle)
            if time.monotonic() > deadline:
                raise LockTimeoutError(f"another program has held {self._path} for {self._limit_s:g} s")
            time.sleep(_POLL_S)

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if sys.platform != "win32":  # which removes no open file; there it stays
            self._path.unlink(missing_ok=True)
        os.close(self._handle)
        self._handle = -1

    def _is_file_of(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self._path.stat())
        except OSError:
            return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
