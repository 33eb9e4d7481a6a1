"""Files that only this user may write: folders and files that are checked before anything in them is trusted.

A plan is code: whoever can write one into the store runs what they like with this user's rights. On Windows the folder
lies in the user's own profile, whose access lists keep others out; modes and owners are not looked at there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engines.errors import PlanError, StoreError

_CHUNK = 1 << 20
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
"""What a system says when a disk, or this user's share of it, is full."""

_POSIX = sys.platform != "win32"


def make_private_folder(folder: Path) -> Path:
    """Make a folder that only this user may enter, with its parents; one that is there is checked and closed.

    Raises:
        StoreError: see :func:`check_private_folder`; or it cannot be made.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        check_private_folder(folder)
        if _POSIX and stat.S_IMODE(folder.lstat().st_mode) != 0o700:
            folder.chmod(0o700)  # others could look, not write: nothing in it can have been planted
    except OSError as error:
        raise StoreError(
            f"the folder {folder} cannot be made ({error.strerror}); set TAPETUM_CACHE to one that can"
        ) from error
    return folder


def check_private_folder(folder: Path) -> None:
    """Prove that nobody else can have put anything into a folder.

    Raises:
        StoreError: it is a link or no folder, another user's, or others may write into it or replace it.
    """
    try:
        found, above = folder.lstat(), folder.parent.stat()
    except OSError as error:
        raise StoreError(f"the folder {folder} cannot be looked at ({error.strerror})") from error
    wrong = _wrong(found, stat.S_ISDIR, "no folder")
    if not wrong and _POSIX and above.st_mode & stat.S_IWOTH and not above.st_mode & stat.S_ISVTX:
        wrong = f"in a folder ({folder.parent}) that everybody may write to"
    if wrong:
        raise StoreError(
            f"the folder {folder} of built engines is {wrong}; nothing in it is used. Delete it, or set TAPETUM_CACHE "
            "to a folder of your own"
        )


def check_entry(folder: Path, names: tuple[str, ...]) -> None:
    """Prove that nobody else can have written an entry: its folder and the files with these names in it.

    Raises:
        PlanError: a file is missing, a link, another user's, or others may write to it.
    """
    for path, kind, word in (
        (folder, stat.S_ISDIR, "no folder"),
        *((folder / n, stat.S_ISREG, "no file") for n in names),
    ):
        try:
            wrong = _wrong(path.lstat(), kind, word)
        except OSError as error:
            raise PlanError(f"the built engine {path} cannot be read ({error.strerror}); build it again") from error
        if wrong:
            raise PlanError(f"the built engine {path} is {wrong}; it is not used. Delete it and build it again")


def _wrong(found: os.stat_result, is_kind: Callable[[int], bool], otherwise: str) -> str:
    if stat.S_ISLNK(found.st_mode):
        return "a link"
    if not is_kind(found.st_mode):
        return otherwise
    if not _POSIX:
        return ""
    if found.st_uid != os.geteuid():
        return f"another user's (number {found.st_uid}, this is {os.geteuid()})"
    if found.st_mode & 0o022:
        return f"writable by others (mode {stat.S_IMODE(found.st_mode):o})"
    return ""


def read_small(path: Path, limit: int = 1 << 20) -> bytes:
    """The bytes of a small file, never through a link.

    Raises:
        OSError: it is not there, a link, or cannot be read.
        ValueError: it is larger than ``limit`` bytes.
    """
    with open_unlinked(path) as fd:
        data = os.read(fd, limit + 1)
        while len(data) <= limit and (more := os.read(fd, limit + 1 - len(data))):
            data += more
    if len(data) > limit:
        raise ValueError(f"larger than {limit} bytes")
    return data


@contextmanager
def open_unlinked(path: Path) -> Iterator[int]:
    """A file descriptor to read from; a link is an OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    fd = os.open(path, flags)
    try:
        yield fd
    finally:
        os.close(fd)


def digest(path: Path) -> tuple[str, int]:
    """SHA-256 (hexadecimal) and size in bytes of a file.

    Raises:
        OSError: it cannot be read.
    """
    sha, size = hashlib.sha256(), 0
    with open_unlinked(path) as fd:
        while block := os.read(fd, _CHUNK):
            sha.update(block)
            size += len(block)
    return sha.hexdigest(), size


def write_atomically(path: Path, data: bytes) -> None:
    """Put a file of this user's (mode 600) in its place as a whole, or leave what was there.

    Raises:
        StoreError: the disk is full, or the folder cannot be written.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def seal(path: Path) -> None:
    """Close a file to others (mode 600) and bring it to the disk.

    Raises:
        OSError: that failed.
    """
    if _POSIX:
        path.chmod(0o600)
    fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk.

    Raises:
        OSError: that failed.
    """
    if not _POSIX:  # Windows opens no folder
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def cannot_write(path: Path, error: OSError) -> StoreError:
    """What a failed write means."""
    if error.errno in FULL:
        return StoreError(f"the disk of {path.parent} is full; free some space, or run: tapetum engines clear")
    return StoreError(f"{path} cannot be written ({error.strerror or error})")
