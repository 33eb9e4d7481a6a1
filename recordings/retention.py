"""How much is kept: the oldest files of recordings go when there are too many bytes, or when they are too old.

Only what a recorder wrote goes: a finished session or clip whose description says so and whose name is the one it was
given then. What somebody cut, merged, imported, renamed or marked to keep (``<session>.keep`` beside it) stays, and so
does what is being written. Linked files and folders are not touched.
"""

from __future__ import annotations

import contextlib
import functools
import re
import shutil
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from recordings.clip_file import CLIP_NOTE, is_clip_of
from recordings.errors import RecordingError, SessionFormatError, SessionNotFoundError, SessionWriteError
from recordings.reader import SessionReader

KEEP_SUFFIX: Final = ".keep"
_PART_SUFFIX: Final = ".part"
_SIDECARS: Final = (".series",)
"""Folders beside a session that belong to it and go with it."""

_SEGMENT_TAIL: Final = r"(-\d{4,})?"


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What was done.

    Attributes:
        deleted: sessions that are gone, oldest first.
        freed_bytes: theirs.
        left_bytes: of what is still there, kept and unfinished files included.
        kept_bytes: of what is marked to keep.
        failed: session -> why it could not be deleted.
        problem: why the quota does not hold; '' when it does, or when there is none.
    """

    deleted: tuple[Path, ...]
    freed_bytes: int
    left_bytes: int
    kept_bytes: int
    failed: dict[Path, str] = field(default_factory=dict)
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "deleted": [str(p) for p in self.deleted],
            "freed_bytes": self.freed_bytes,
            "left_bytes": self.left_bytes,
            "kept_bytes": self.kept_bytes,
            "failed": {str(path): why for path, why in self.failed.items()},
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    bytes: int
    finished_s: float
    kept: bool


def apply_retention(
    folder: Path,
    quota_bytes: int | None = None,
    max_age_s: float | None = None,
    now_s: float | None = None,
    recording: str | None = None,
) -> RetentionReport:
    """Delete the oldest files of recordings until the quota holds and none is too old.

    Args:
        folder: where the recordings lie; folders in it are not looked into.
        quota_bytes: for all of them together, sidecar folders, kept and unfinished ones included; None for no quota.
        max_age_s: since a file was finished; None for any age.
        now_s: Unix time; the present by default.
        recording: the name of the recording whose segments and clips are meant (``night`` for ``night.mcap``,
            ``night-0002.mcap``, ``night-clip-...``); all recordings in the folder by default.

    Raises:
        SessionNotFoundError: there is no such folder.
    """
    now_s = time.time() if now_s is None else now_s
    found, unfinished = _look(folder, recording)
    left = unfinished + sum(f.bytes for f in found)
    deleted: list[Path] = []
    failed: dict[Path, str] = {}
    freed = kept = 0
    for session in sorted(found, key=lambda f: (f.finished_s, f.path.name)):
        too_old = max_age_s is not None and now_s - session.finished_s > max_age_s
        too_much = quota_bytes is not None and left > quota_bytes
        # Looked at again: somebody may have marked it since.
        if session.kept or is_kept(session.path):
            kept += session.bytes
        elif not session.path.exists():  # somebody else was faster
            left -= session.bytes
        elif too_old or too_much:
            try:
                _delete(session.path)
            except OSError as error:
                failed[session.path] = error.strerror or str(error)
            else:
                deleted.append(session.path)
                freed += session.bytes
                left -= session.bytes
    problem = ""
    if quota_bytes is not None and left > quota_bytes:
        problem = _problem(quota_bytes, left, kept, unfinished, failed)
    return RetentionReport(tuple(deleted), freed, left, kept, failed, problem)


def mark_keep(path: Path, keep: bool = True) -> bool:
    """Mark a session so that it is never deleted by age or quota, or take the mark away.

    A session that is still being written may be marked, too (by the name it will have).

    Returns:
        Whether that changed anything.

    Raises:
        SessionNotFoundError: there is no such session.
        SessionFormatError: the file is no session.
        SessionWriteError: the mark could not be set or taken away.
    """
    if not path.is_file():
        if not _part(path).is_file():
            raise SessionNotFoundError(f"{path} does not exist; name a session's file")
    elif not _has_profile(path):
        raise SessionFormatError(f"{path} is no Tapetum session; only sessions can be marked to keep")
    mark = _mark(path)
    was = mark.exists()
    try:
        if keep:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)
    except OSError as error:
        raise SessionWriteError(f"{mark} could not be changed: {error.strerror or error}") from error
    return was != keep


def is_kept(path: Path) -> bool:
    """Whether a session is marked to keep."""
    return _mark(path).exists()


def _mark(path: Path) -> Path:
    return path.with_name(path.name + KEEP_SUFFIX)


def _part(path: Path) -> Path:
    return path.with_name(path.name + _PART_SUFFIX)


def _look(folder: Path, recording: str | None) -> tuple[list[_Found], int]:
    """The finished sessions that may go or are marked, and the bytes of what is being written."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise SessionNotFoundError(f"{folder} cannot be looked into: {error.strerror or error}") from error
    found, unfinished = [], 0
    for path in paths:
        with contextlib.suppress(OSError):  # it vanished meanwhile
            state = path.lstat()
            if not stat.S_ISREG(state.st_mode):
                continue
            if path.name.endswith(".mcap" + _PART_SUFFIX):
                stem = path.name.removesuffix(".mcap" + _PART_SUFFIX)
                unfinished += state.st_size if recording is None or _belongs(stem, recording) else 0
            elif (
                path.suffix == ".mcap"
                and (recording is None or _belongs(path.stem, recording))
                and _is_recorded(path, state.st_mtime_ns, state.st_size, recording)
            ):
                size = state.st_size + sum(_size(s) for s in _sidecars(path))
                found.append(_Found(path, size, state.st_mtime_ns / 1e9, is_kept(path)))
    return found, unfinished


def _belongs(stem: str, recording: str) -> bool:
    """Whether a name is one that this recording's files get."""
    return re.fullmatch(re.escape(recording) + _SEGMENT_TAIL, stem) is not None or is_clip_of(recording, stem)


@functools.lru_cache(maxsize=1 << 14)
def _is_recorded(path: Path, mtime_ns: int, size: int, recording: str | None) -> bool:
    """Whether a recorder wrote this file (as it is since that time) under this name."""
    from recordings.segments import RECORDING_NOTE

    if not _has_profile(path):
        return False
    try:
        with SessionReader(path) as session:
            info = session.info
    except RecordingError:
        return False
    if CLIP_NOTE in info.notes:
        own = info.notes[CLIP_NOTE]
        return (recording is None or own == recording) and is_clip_of(own, path.stem)
    named = re.fullmatch(re.escape(info.title) + _SEGMENT_TAIL, path.stem) is not None
    return RECORDING_NOTE in info.notes and named and (recording is None or info.title == recording)


def _has_profile(path: Path) -> bool:
    """Whether a file begins as our sessions do: MCAP, and our profile in its header."""
    from recordings.container import MAGIC
    from recordings.schemas import PROFILE

    profile = PROFILE.encode()
    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC) + 1 + 8 + 4 + len(profile))
    except OSError:
        return False
    at = len(MAGIC) + 1 + 8
    return (
        head.startswith(MAGIC) and head[at : at + 4] == len(profile).to_bytes(4, "little") and head[at + 4 :] == profile
    )


def _sidecars(path: Path) -> list[Path]:
    beside = [path.with_name(path.name + suffix) for suffix in _SIDECARS]
    return [p for p in beside if p.is_dir() and not p.is_symlink()]


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            state = path.lstat()
            total += state.st_size if stat.S_ISREG(state.st_mode) else 0
    return total


def _delete(path: Path) -> None:
    """Sidecars first: what a crash leaves is then still a session, and goes the next time."""
    for folder in _sidecars(path):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)
    path.unlink(missing_ok=True)


def _problem(quota: int, left: int, kept: int, unfinished: int, failed: dict[Path, str]) -> str:
    parts = []
    if kept:
        parts.append(f"{kept / 2**30:.2f} GiB are marked to keep")
    if unfinished:
        parts.append(f"{unfinished / 2**30:.2f} GiB are being written")
    if failed:
        path, why = next(iter(failed.items()))
        parts.append(f"{len(failed)} files could not be deleted ({path.name}: {why})")
    return (
        f"{left / 2**30:.2f} GiB are there and the quota is {quota / 2**30:.2f}: {', '.join(parts)}; "
        "take marks away (`tapetum session keep --off`), or raise the quota"
    )
