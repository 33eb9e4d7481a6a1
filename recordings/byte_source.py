"""The bytes of a file that may be damaged: any range, a window at a time, and zeros where the disk cannot read."""

from __future__ import annotations

import errno
import io
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from recordings.errors import SessionFormatError, SessionNotFoundError

WINDOW: Final = 1 << 20
_PAGE: Final = 4096
_UNREADABLE: Final = frozenset({errno.EIO, getattr(errno, "EREMOTEIO", errno.EIO)})


class ByteSource:
    """A file, open for reading; its size is that of the moment of opening. A context manager; for one thread.

    Read instead of mapped: a bad sector, or a recorder that cuts the file back meanwhile, would end a program that
    maps it.

    Raises:
        SessionNotFoundError: there is no file at the path, or it may not be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unreadable = 0
        """Bytes that the disk could not give, so far; zeros stand for them."""
        if path.is_dir():
            raise SessionNotFoundError(f"{path} is a folder, no session file")
        try:
            self._file = path.open("rb", buffering=0)
        except FileNotFoundError as error:
            raise SessionNotFoundError(f"there is no file {path}; check the path") from error
        except OSError as error:
            raise SessionNotFoundError(f"{path} cannot be opened: {error.strerror or error}") from error
        self.size = self._file.seek(0, io.SEEK_END)
        self._window = b""
        self._at = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        self._file.close()

    def read(self, offset: int, length: int) -> bytes:
        """``length`` bytes from ``offset`` on; fewer at the end of the file, none beyond it."""
        length = min(length, self.size - offset)
        if length <= 0:
            return b""
        begin = offset - self._at
        if begin >= 0 and begin + length <= len(self._window):
            return self._window[begin : begin + length]
        if length > WINDOW // 2:
            return self._load(offset, length)
        self._at = offset
        self._window = self._load(offset, min(WINDOW, self.size - offset))
        return self._window[:length]

    def _load(self, offset: int, length: int) -> bytes:
        try:
            return self._load_whole(offset, length)
        except OSError as error:
            if error.errno not in _UNREADABLE:
                raise SessionFormatError(f"{self.path} cannot be read: {error.strerror or error}") from error
        return b"".join(
            self._load_page(at, min(_PAGE, offset + length - at)) for at in range(offset, offset + length, _PAGE)
        )

    def _load_page(self, offset: int, length: int) -> bytes:
        try:
            return self._load_whole(offset, length)
        except OSError:
            self.unreadable += length
            return bytes(length)

    def _load_whole(self, offset: int, length: int) -> bytes:
        """All of it; zeros for what a file that became shorter no longer has."""
        self._file.seek(offset)
        out = bytearray(length)
        view = memoryview(out)
        done = 0
        while done < length:
            got = self._file.readinto(view[done:])
            if not got:
                break
            done += got
        return bytes(out)
