"""The file under a session while it is written: ``<name>.part``, which becomes ``<name>`` when it is whole.

A reserve on the disk beside it (``<name>.reserve``) keeps room for the index at the end, so that a recording that fills
the disk can still be finished.
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path
from typing import BinaryIO, Final

from recordings.errors import SessionWriteError

_CANNOT: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF})
"""What file systems say that do not sync folders (network shares, memory cards): they have no more to offer."""


class PartFile:
    """Writes at its end only. Not safe for several threads, except :meth:`sync`, which may run beside a write.

    Raises:
        SessionWriteError: the folder is missing, the file exists already (and ``overwrite`` is not said), or the disk
            refuses.
    """

    def __init__(self, final: Path, *, overwrite: bool = False) -> None:
        self.final = final
        self.path = final.with_name(final.name + ".part")
        self.size = 0
        self._overwrite = overwrite
        self._reserve = final.with_name(final.name + ".reserve")
        self._reserved = 0
        self._is_listed = False
        self._closing = threading.Lock()
        if final.is_dir():
            raise SessionWriteError(f"{final} is a folder; name a file such as {final / 'session.mcap'}")
        if final.exists() and not overwrite:
            raise SessionWriteError(
                f"{final} exists already; choose another name, or --overwrite where the command has it"
            )
        try:
            self._file: BinaryIO = self.path.open("wb" if overwrite else "xb", buffering=0)
        except FileExistsError as error:
            raise SessionWriteError(
                f"{self.path} was left by a recording that did not finish (or is being written); save it with "
                f"`tapetum session recover {self.path} -o NAME.mcap`, then remove it"
            ) from error
        except FileNotFoundError as error:
            raise SessionWriteError(f"the folder {self.path.parent} does not exist; make it first") from error
        except OSError as error:
            raise SessionWriteError(f"{self.path} cannot be made: {error.strerror or error}") from error

    @property
    def is_closed(self) -> bool:
        return self._file.closed

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append.

        Raises:
            OSError: the disk refuses; a part may have been written, :meth:`truncate` takes it back.
        """
        left = memoryview(data)
        while left:  # an unbuffered write may be short
            done = self._file.write(left)
            self.size += done
            left = left[done:]

    def truncate(self, size: int) -> None:
        """Throw away what was written after ``size`` bytes.

        Raises:
            OSError: the disk refuses even that.
        """
        self._file.seek(size)
        self._file.truncate(size)
        self.size = size

    def sync(self) -> None:
        """Bring what was written to the disk itself. Releases the GIL while it waits.

        Raises:
            OSError: the disk refuses; ValueError when the file is closed already.
        """
        with self._closing:
            getattr(os, "fdatasync", os.fsync)(self._file.fileno())
        if not self._is_listed:
            # Once: after a power cut the data must have a name, too.
            self._is_listed = True
            sync_folder(self.path.parent)

    def reserve(self, size: int) -> None:
        """Make the reserve at least so large, where the disk allows it; never smaller."""
        if size <= self._reserved:
            return
        try:
            with self._reserve.open("ab") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, size)
                else:
                    file.write(bytes(size - file.tell()))
        except OSError:
            return  # a disk this full is reported by the next write; what is reserved so far stays
        self._reserved = size

    def release_reserve(self) -> None:
        """Give the reserve's room back to the disk, where it lets us."""
        with contextlib.suppress(OSError):
            self._reserve.unlink(missing_ok=True)
        self._reserved = 0

    def publish(self) -> None:
        """Sync, close, give it its final name.

        Raises:
            SessionWriteError: somebody made a file of that name meanwhile.
            OSError: the disk refuses.
        """
        with self._closing:
            os.fsync(self._file.fileno())
            self._file.close()
        if self.final.exists() and not self._overwrite:
            raise SessionWriteError(f"{self.final} appeared while the session was written; nothing was replaced")
        self.path.replace(self.final)
        self.release_reserve()
        sync_folder(self.final.parent)

    def leave(self) -> None:
        """Close and leave the ``.part`` file as it is. Safe to call twice."""
        with self._closing:
            self._file.close()
        self.release_reserve()

    def discard(self) -> None:
        """Close and remove it. Safe to call twice."""
        with self._closing:
            self._file.close()
        self.path.unlink(missing_ok=True)
        self.release_reserve()


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut (POSIX; Windows does so by itself and cannot open folders)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(handle)
