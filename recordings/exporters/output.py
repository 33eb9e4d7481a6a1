"""Where an export is written: under a temporary name, and under its own name only when it is whole.

Nothing is replaced unless that was asked for, and then only a file of the right kind or a folder that an export made.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from recordings.errors import SessionExportError, SessionWriteError
from recordings.part_file import PartFile
from recordings.reader import SessionReader
from recordings.session import program_name

MANIFEST: Final = "export.json"
"""Stands in every exported folder: what it is, what it was made from, and what its pixels mean."""

MANIFEST_VERSION: Final = 1


@contextlib.contextmanager
def new_file(out: Path, session: SessionReader, suffix: str, overwrite: bool) -> Iterator[PartFile]:
    """A file that appears under its name when the block ends well, and leaves nothing when it does not.

    Raises:
        SessionExportError: the name is taken or wrong, or the disk refuses.
    """
    check_file(out, session, suffix, overwrite)
    try:
        file = PartFile(out, overwrite=overwrite)
    except SessionWriteError as error:
        raise SessionExportError(str(error)) from error
    try:
        yield file
        file.publish()
    except BaseException as error:  # whatever it was, also an interrupt: nothing may stay behind
        file.discard()
        if isinstance(error, OSError):
            raise refused(out, error) from error
        if isinstance(error, SessionWriteError):
            raise SessionExportError(str(error)) from error
        raise


def check_file(out: Path, session: SessionReader, suffix: str, overwrite: bool) -> None:
    """Refuse a name that is taken, of another kind of file, or the session's own.

    Raises:
        SessionExportError
    """
    if out.suffix.lower() != suffix:
        raise SessionExportError(f"this form is a {suffix} file, found the name {out.name}; give -o NAME{suffix}")
    if out.is_dir():
        raise SessionExportError(f"{out} is a folder; name a file such as {out / ('export' + suffix)}")
    if not out.parent.is_dir():
        raise SessionExportError(f"the folder {out.parent} does not exist; make it first")
    part = out.with_name(out.name + ".part")
    for there in (out, part):
        if there.exists() and there.samefile(session.path):
            raise SessionExportError(f"{there} is the session itself; choose another name")
    if not overwrite:
        if out.exists():
            raise SessionExportError(f"{out} exists already; choose another name, or --overwrite")
        if part.exists():
            raise SessionExportError(
                f"{part} is there: another export is writing it, or was stopped; --overwrite takes its place"
            )


@contextlib.contextmanager
def new_folder(
    out: Path, session: SessionReader, form: str, overwrite: bool, details: Mapping[str, Any]
) -> Iterator[NewFolder]:
    """A folder that appears under its name when the block ends well, and leaves nothing when it does not.

    Args:
        out: the folder's final name.
        session: what is exported; its description goes into the manifest.
        form: the exporter's name.
        overwrite: replace a folder that an export made, if nothing else is in it.
        details: further keys of the manifest.

    Raises:
        SessionExportError: the name is taken or its folder missing, or the disk refuses.
    """
    part = _check_folder(out, overwrite)
    manifest = {
        "tapetum_export": MANIFEST_VERSION,
        "format": form,
        "program": program_name(),
        "session": session.info.to_json(),
        **details,
    }
    try:
        if part.exists():
            shutil.rmtree(part)
        part.mkdir()
    except OSError as error:
        raise refused(out, error) from error
    try:
        # First of all, so that what is left by a power cut can be known as ours.
        _write_manifest(part, {**manifest, "entries": {}})
        folder = NewFolder(part, manifest)
        yield folder
        _write_manifest(part, {**folder.manifest, "entries": _entries(part)})
        _replace(part, out)
    except BaseException as error:  # whatever it was, also an interrupt: nothing may stay behind
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, OSError):
            raise refused(out, error) from error
        raise


class NewFolder:
    """A folder under its temporary name. ``manifest`` may get more keys until the block ends."""

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        self.path = path
        self.manifest = manifest


def bytes_of(folder: Path) -> int:
    """Of all files in a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def refused(out: Path, error: OSError) -> SessionExportError:
    """What the disk said, in words."""
    return SessionExportError(
        f"{out} could not be written: {error.strerror or error}; free some space or choose another place with -o"
    )


def write_lines(path: Path, lines: Sequence[str]) -> None:
    """A small text file, UTF-8."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """A small JSON file that people may read, too."""
    path.write_text(json.dumps(data, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    write_json(folder / MANIFEST, manifest)


def _check_folder(out: Path, overwrite: bool) -> Path:
    """The temporary name; both names must be free, or ours and to be replaced."""
    if not out.name:
        raise SessionExportError(f"{out} is no name for a new folder; give -o NAME")
    if not out.parent.is_dir():
        raise SessionExportError(f"the folder {out.parent} does not exist; make it first")
    part = out.with_name(out.name + ".part")
    for there in (out, part):
        if not there.exists() and not there.is_symlink():
            continue
        if there == out and there.is_dir() and not there.is_symlink() and not any(there.iterdir()):
            continue  # an empty folder is as good as none
        what = _foreign(there, is_part=there == part)
        if what:
            raise SessionExportError(f"{there} is there and was not made by an export ({what}); choose another name")
        if not overwrite:
            raise SessionExportError(f"{there} exists already; choose another name, or --overwrite")
    return part


def _foreign(folder: Path, is_part: bool) -> str:
    """Why a folder is none that an export made and nobody added to; '' when it is."""
    if folder.is_symlink() or not folder.is_dir():
        return "it is no folder"
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = manifest["entries"] if "tapetum_export" in manifest else None
    except (OSError, ValueError, KeyError, TypeError):
        known = None
    if not isinstance(known, dict):
        return f"it holds no {MANIFEST} of ours"
    if is_part:
        return ""  # never finished, so its list was never written
    for name, count in _entries(folder).items():
        if known.get(name) != count:
            return f"{name} is not as the export left it"
    return ""


def _entries(folder: Path) -> dict[str, int]:
    """What lies in a folder: names -> how many files are in it (1 for a file)."""
    return {
        p.name: sum(1 for f in p.rglob("*") if not f.is_dir()) if p.is_dir() else 1
        for p in sorted(folder.iterdir())
        if p.name != MANIFEST
    }


def _replace(part: Path, out: Path) -> None:
    """Put ``part`` under the final name; what was there goes only then."""
    if not out.exists():
        part.rename(out)
        return
    old = out.with_name(f".{out.name}.{os.getpid()}.old")
    out.rename(old)
    try:
        part.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
