"""Locks on files, between threads and between processes. The system lets go of them when their process dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from engines.errors import StoreError

_POLL_S = 0.02
_SHARED_SLOTS = 4096
"""How many may share a lock where the system locks bytes (Windows): each takes one, an exclusive one takes them all."""


class FileLock:
    """One hold on a lock file, shared or exclusive. Not for two threads at once: each makes its own.

    A lock file may be deleted by whoever holds it exclusively: who waited for the deleted file notices and takes the
    new one.
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self.path = path
        self._shared = shared
        self._fd = -1

    @property
    def held(self) -> bool:
        return self._fd >= 0

    def try_acquire(self) -> bool:
        """Take the lock if it is free.

        Raises:
            StoreError: the file cannot be made or opened, or is a link.
        """
        while True:
            try:
                fd = os.open(self.path, os.O_RDWR | os.O_CREAT | _NO_LINKS, 0o600)
            except OSError as error:
                raise StoreError(f"the lock file {self.path} cannot be opened ({error.strerror})") from error
            try:
                taken = _lock(fd, self._shared)
            except OSError as error:
                os.close(fd)
                raise StoreError(
                    f"{self.path} cannot be locked ({error.strerror}): its file system has no locks; set TAPETUM_CACHE "
                    "to a folder on a local disk"
                ) from error
            if not taken:
                os.close(fd)
                return False
            if _same_file(fd, self.path):
                self._fd = fd
                return True
            os.close(fd)  # somebody deleted it between our opening and our locking

    def acquire(self, wait_s: float, stop: Callable[[], bool] = lambda: False) -> bool:
        """Take the lock, waiting for it; False when it was not free within ``wait_s`` seconds, or ``stop()`` is true.

        Raises:
            StoreError: the file cannot be made or opened, or is a link.
        """
        end = time.monotonic() + wait_s
        while not self.try_acquire():
            if stop() or time.monotonic() >= end:
                return False
            time.sleep(_POLL_S)
        return True

    def release(self, *, delete: bool = False) -> None:
        """Let go. Safe to call twice. ``delete`` takes the file away, too: only where the lock is exclusive."""
        if self._fd < 0:
            return
        if delete and not self._shared and sys.platform != "win32":  # Windows deletes no open file
            self.path.unlink(missing_ok=True)
        os.close(self._fd)  # which unlocks
        self._fd = -1


def _same_file(fd: int, path: Path) -> bool:
    try:
        there = path.lstat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(fd), there)


_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)

if sys.platform == "win32":  # pragma: no cover - the locks of Windows

    def _lock(fd: int, shared: bool) -> bool:
        import msvcrt

        slots = ((i, 1) for i in range(_SHARED_SLOTS)) if shared else ((0, _SHARED_SLOTS),)
        for offset, length in slots:
            os.lseek(fd, offset, os.SEEK_SET)
            try:
                msvcrt.locking(fd, msvcrt.LK_NBLCK, length)
            except OSError:
                continue
            return True
        return False

else:

    def _lock(fd: int, shared: bool) -> bool:
        import fcntl

        try:
            fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
