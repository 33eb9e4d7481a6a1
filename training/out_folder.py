"""The folder that a command writes into: tried before the work begins, and its errors told with what to do."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path


class OutFolderError(Exception):
    """The folder can't be made or written into; the message names it and says what to do."""


@contextlib.contextmanager
def tried_folder(folder: Path) -> Iterator[None]:
    """Make `folder` and try to write into it; on leaving, folders made here that are still empty are taken away.

    Raises:
        OutFolderError: it is a file, can't be made, or nothing can be written into it.
    """
    made = make_folder(folder)
    try:
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise cannot_write(folder, error) from error
        yield
    finally:
        _take_away(made)


def make_folder(folder: Path) -> list[Path]:
    """Make `folder` and what is missing above it; returns what was made, the deepest first.

    Raises:
        OutFolderError: it is a file, or can't be made.
    """
    missing: list[Path] = []
    try:
        if folder.exists() and not folder.is_dir():
            raise OutFolderError(f"{folder} is a file; name a folder with --out")
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _take_away(missing)
        raise OutFolderError(
            f"the folder {folder} can't be made ({error.strerror or error}); name another --out"
        ) from error
    return missing


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` to a file beside `path`, then rename it: readers find the old file or the new one, whole.

    Raises:
        OutFolderError: it can't be written; what was there stays.
    """
    temporary = path.with_name(path.name + ".tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError, more: str = "") -> OutFolderError:
    """The error to raise where `path` can't be written; `more` follows what to do."""
    return OutFolderError(
        f"{path} can't be written ({error.strerror or error}); free some space or name another --out{more}"
    )


def _take_away(folders: list[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):  # something is in it, or it was never made
            folder.rmdir()
