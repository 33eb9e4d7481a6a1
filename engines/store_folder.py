"""The folder of built engines: what lies in it, its locks, and how engines leave it.

    <cache>/engines/            mode 700
      <key>/                    64 hexadecimal digits: SHA-256 over the fields
        <plan, or ONNX + card>  raw: other tools read it, too
        meta.json               the fields in clear, SHA-256 and sizes, self-check, quarantine
        used                    empty; its time is that of the last use
      locks/                    one a build and one a use; the system frees them when their process dies
      new-<key>-...             a build under way; what a dead process left of one is swept away

An entry appears by one rename of a folder that is whole and on the disk, and goes by one rename, too.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engines.errors import PlanError, StoreError
from engines.store_entry import StoredEngine, read_entry
from engines.store_files import check_private_folder, make_private_folder
from engines.store_locks import FileLock

KEY = re.compile(r"[0-9a-f]{64}")
WAIT_S = 10.0
"""Longest wait for the store's own lock, which nobody holds for longer than it takes to rename and to delete."""


class StoreFolder:
    """See the top of this file.

    Args:
        path: of the folder; made when something is built.
        cap_bytes: what all engines together may take.
    """

    def __init__(self, path: Path, cap_bytes: int) -> None:
        self.path = path
        self.cap_bytes = cap_bytes

    def look(self) -> tuple[list[StoredEngine], dict[str, str]]:
        """The entries, the last used first; and key -> what is wrong with it, of those that cannot be used.

        Raises:
            StoreError: the folder is not this user's alone.
        """
        found: list[StoredEngine] = []
        broken: dict[str, str] = {}
        if not self.is_there():
            return found, broken
        for path in sorted(self.path.iterdir()):
            if not KEY.fullmatch(path.name):
                continue
            try:
                found.append(read_entry(path))
            except PlanError as error:
                if os.path.lexists(path):  # else somebody deleted it just now
                    broken[path.name] = str(error)
        return sorted(found, key=lambda e: (-e.used_ns, e.key)), broken

    def is_there(self) -> bool:
        """Whether anything was ever built here.

        Raises:
            StoreError: the folder is not this user's alone.
        """
        if not os.path.lexists(self.path):
            return False
        check_private_folder(self.path)
        return True

    def make(self) -> None:
        """Make the folder, closed to others.

        Raises:
            StoreError: it is not this user's alone, or cannot be made.
        """
        make_private_folder(self.path)
        make_private_folder(self.path / "locks")

    def lock(self, name: str, *, shared: bool = False) -> FileLock:
        """A lock, not yet taken: ``<key>.build`` for who builds, ``<key>.use`` for who uses (shared) or deletes."""
        self.make()
        return FileLock(self.path / "locks" / name, shared=shared)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else changes the entries meanwhile.

        Raises:
            StoreError: another process holds the store for too long.
        """
        lock = self.lock("store")
        if not lock.acquire(WAIT_S):
            raise StoreError(f"another process has held {self.path} for {WAIT_S:.0f} s; try again")
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def replacing(self, key: str) -> Iterator[bool]:
        """Nobody begins to use this engine meanwhile; False where somebody already does."""
        lock = self.lock(f"{key}.use")
        try:
            yield lock.try_acquire()
        finally:
            lock.release()

    def make_room(self, size: int, key: str = "") -> None:
        """Delete what is broken and then the longest unused, until ``size`` more bytes fit. Only within :meth:`alone`.

        Args:
            size: bytes.
            key: of the engine to come; an earlier build of it makes way in any case and is not counted.

        Raises:
            StoreError: what is in use leaves no room.
        """
        if size > self.cap_bytes:
            raise StoreError(f"this engine takes {size} bytes, the store may take {self.cap_bytes}")
        self._sweep()
        entries, broken = self.look()
        for name in broken:
            if name != key:
                self.remove(name)
        kept = [entry for entry in entries if entry.key != key]
        total = sum(entry.size for entry in kept) + size
        for entry in sorted(kept, key=lambda e: (e.used_ns, e.key)):
            if total <= self.cap_bytes:
                return
            if self.remove(entry.key):
                total -= entry.size
        if total > self.cap_bytes:
            raise StoreError(
                f"the store of built engines {self.path} may take {self.cap_bytes} bytes, and what is in use leaves no "
                f"room for {size} more"
            )

    def remove(self, key: str) -> bool:
        """Delete an entry; False when it is not there, or somebody uses or builds it. Only within :meth:`alone`."""
        building, using = self.lock(f"{key}.build"), self.lock(f"{key}.use")
        try:
            if not building.try_acquire() or not using.try_acquire():
                return False
            return self.take_away(key)
        finally:
            using.release(delete=True)
            building.release(delete=True)

    def take_away(self, key: str) -> bool:
        """Take an entry out of sight in one step, then delete it; whoever has it open reads on."""
        old = self.path / f"old-{key}-{os.urandom(4).hex()}"
        try:
            (self.path / key).rename(old)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreError(f"the built engine {self.path / key} cannot be deleted ({error.strerror})") from error
        _delete(old)
        return True

    def _sweep(self) -> None:
        for path in self.path.glob("old-*"):
            _delete(path)
        for path in self.path.glob("new-*-*"):
            lock = self.lock(f"{path.name.split('-')[1]}.build")
            if lock.try_acquire():  # whoever built this is dead
                _delete(path)
                lock.release(delete=True)
        for path in (self.path / "locks").glob("*.use"):
            if not (self.path / path.stem).exists():
                lock = self.lock(path.name)
                if lock.try_acquire():
                    lock.release(delete=True)


def _delete(path: Path) -> None:
    """Delete a folder, or whatever was put in its place; a link is deleted, never followed."""
    if path.is_symlink() or path.is_file():
        with suppress(OSError):
            path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
