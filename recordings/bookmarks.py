"""Bookmarks of a session: moments with a note, in a file beside it. The session itself is evidence and never changed.

They stand in ``night.mcap.bookmarks.json``; where its folder cannot be written, in the user's data folder under the
session's id. Every change reads the file, changes one bookmark and replaces the file as a whole, under a lock, so that
two windows on one session do not lose each other's. What is deleted stays as a mark of that, for the same reason.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from recordings.errors import RecordingError
from recordings.file_lock import FileLock, LockTimeoutError
from recordings.part_file import sync_folder

SCHEMA_VERSION: Final = 1

SUFFIX: Final = ".bookmarks.json"

MOST: Final = 10_000
LONGEST_NOTE: Final = 2_000
LOCK_S: Final = 3.0
_MOST_BYTES: Final = 64 << 20


class BookmarkError(RecordingError):
    """Bookmarks cannot be read or written; what was there is still there."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A moment of a session.

    Attributes:
        id: unique, for machines.
        host_ns: when the moment's leading frame reached the recorder.
        note: free words; may be empty.
        made_ns, changed_ns: when it was made and changed, by the wall clock.
        deleted: it is gone; only that is kept of it.
    """

    id: str
    host_ns: int
    note: str
    made_ns: int
    changed_ns: int
    deleted: bool = False

    @classmethod
    def create(cls, host_ns: int, note: str = "") -> Bookmark:
        """A new one, made now."""
        now = time.time_ns()
        return cls(uuid.uuid4().hex, host_ns, note[:LONGEST_NOTE], now, now)

    def with_note(self, note: str) -> Bookmark:
        """The same moment with another note."""
        return replace(self, note=note[:LONGEST_NOTE], changed_ns=_after(self))

    def gone(self) -> Bookmark:
        """What is kept of it when it is deleted."""
        return replace(self, note="", deleted=True, changed_ns=_after(self))

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "host_ns": self.host_ns,
            "note": self.note,
            "made_ns": self.made_ns,
            "changed_ns": self.changed_ns,
            "deleted": self.deleted,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Bookmark:
        """Back from JSON.

        Raises:
            ValueError: a field is missing or wrong.
        """
        times = [data.get(name) for name in ("host_ns", "made_ns", "changed_ns")]
        words = [data.get(name) for name in ("id", "note")]
        if not all(isinstance(t, int) and not isinstance(t, bool) and abs(t) < 1 << 63 for t in times):
            raise ValueError(f"a bookmark's times are whole numbers of ns: {dict(data)}")
        if not all(isinstance(w, str) for w in words) or not isinstance(data.get("deleted"), bool):
            raise ValueError(f"a bookmark is incomplete: {dict(data)}")
        return cls(data["id"], data["host_ns"], data["note"], data["made_ns"], data["changed_ns"], data["deleted"])


class Bookmarks:
    """Of one session. Every method reads or writes files: not for a thread that must not wait.

    Args:
        session: the session's file.
        session_id: its identity, as :attr:`recordings.session.SessionInfo.id`.
        data_dir: the folder for what cannot stand beside a session; by default the user's.

    Attributes:
        notes: what is worth telling of the last call, in words: a file that was kept aside, one of another session,
            another place.
    """

    def __init__(self, session: Path, session_id: str, data_dir: Path | None = None) -> None:
        self.beside = session.with_name(session.name + SUFFIX)
        folder = user_data_dir() if data_dir is None else data_dir
        self.elsewhere = folder / "bookmarks" / f"{_plain(session_id)}.json"
        self._session_id = session_id
        self._avoid_beside = _is_bundled(session)
        self.notes: tuple[str, ...] = ()

    def load(self) -> tuple[Bookmark, ...]:
        """All that are not deleted, in the order of time.

        Raises:
            BookmarkError: a file cannot be read, or a newer version wrote it.
        """
        self.notes = ()
        return _shown(_merged(self._read(self.beside, mend=False), self._read(self.elsewhere, mend=False)))

    def add(self, bookmark: Bookmark) -> tuple[Bookmark, ...]:
        """Keep a new one, or one as it was changed; gives all of them, those of other windows too.

        Raises:
            BookmarkError: no place can be written, or there are too many.
        """

        def put(kept: dict[str, Bookmark]) -> None:
            if bookmark.id not in kept and sum(not b.deleted for b in kept.values()) >= MOST:
                raise BookmarkError(f"a session has at most {MOST} bookmarks; delete some")
            found = kept.get(bookmark.id)
            if found is None or found.changed_ns <= bookmark.changed_ns:
                kept[bookmark.id] = bookmark

        return self._change(put)

    def edit(self, bookmark: Bookmark, note: str) -> tuple[Bookmark, ...]:
        """Give one another note.

        Raises:
            BookmarkError: as :meth:`add`.
        """
        return self.add(bookmark.with_note(note))

    def delete(self, bookmark: Bookmark) -> tuple[Bookmark, ...]:
        """Take one away.

        Raises:
            BookmarkError: as :meth:`add`.
        """
        return self.add(bookmark.gone())

    def stamp(self) -> tuple[int, ...]:
        """Another one than before says that a file was changed."""
        out: list[int] = []
        for path in (self.beside, self.elsewhere):
            with contextlib.suppress(OSError):
                found = path.stat()
                out += [found.st_mtime_ns, found.st_size, found.st_ino]
        return tuple(out)

    # -- files ----------------------------------------------------------------------------------------------------

    def _change(self, change: Callable[[dict[str, Bookmark]], None]) -> tuple[Bookmark, ...]:
        self.notes = ()
        places = [self.elsewhere] if self._avoid_beside else [self.beside, self.elsewhere]
        problem: OSError | None = None
        for place in places:
            try:
                if place is self.elsewhere:
                    place.parent.mkdir(parents=True, exist_ok=True)
                other = self.elsewhere if place is self.beside else self.beside
                with FileLock(place.with_name(f".{place.name}.lock"), LOCK_S):
                    kept = self._read(place, mend=True)
                    change(kept)
                    _replace(place, self._bytes(kept))
                if problem is not None:
                    self._note(
                        f"{self.beside.parent} cannot be written ({problem.strerror}); bookmarks stand in {place}"
                    )
                return _shown(_merged(self._read(other, mend=False), kept))
            except LockTimeoutError as error:
                raise BookmarkError(f"the bookmark was not saved: {error}; try again") from error
            except OSError as error:
                problem = error
        assert problem is not None  # a place that could be written returned
        raise BookmarkError(
            f"the bookmark was not saved: neither {places[0]} nor {places[-1]} can be written "
            f"({problem.strerror or problem}); free some room or give write access to one of the folders"
        ) from problem

    def _bytes(self, kept: Mapping[str, Bookmark]) -> bytes:
        ordered = sorted(kept.values(), key=lambda b: (b.host_ns, b.made_ns, b.id))
        data = {
            "schema_version": SCHEMA_VERSION,
            "session": self._session_id,
            "bookmarks": [b.to_json() for b in ordered],
        }
        return json.dumps(data, indent=1, ensure_ascii=False).encode()

    def _read(self, place: Path, mend: bool) -> dict[str, Bookmark]:
        """What a file holds for this session; ``mend`` moves one that is broken, or another session's, aside."""
        try:
            with place.open("rb") as file:
                raw = file.read(_MOST_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise BookmarkError(f"the bookmarks in {place} cannot be read: {error.strerror or error}") from error
        try:
            if len(raw) > _MOST_BYTES:
                raise ValueError(f"it is larger than {_MOST_BYTES >> 20} MiB")
            data = json.loads(raw)
            if not isinstance(data, dict) or not isinstance(data.get("bookmarks"), list):
                raise ValueError("it holds no list of bookmarks")
            version = data.get("schema_version")
            if isinstance(version, int) and version > SCHEMA_VERSION:
                raise BookmarkError(
                    f"{place} has schema version {version}, this program reads up to {SCHEMA_VERSION}; update tapetum"
                )
            if data.get("session") != self._session_id:
                self._keep_aside(place, "other", "belongs to another session: its bookmarks are not shown", mend)
                return {}
            found = [Bookmark.from_json(b) for b in data["bookmarks"]]
        except (ValueError, AttributeError, RecursionError) as error:
            self._keep_aside(place, "broken", f"cannot be read ({error})", mend)
            return {}
        return {b.id: b for b in found}

    def _keep_aside(self, place: Path, why: str, words: str, mend: bool) -> None:
        if not mend:
            self._note(f"{place} {words}; it is kept aside when a bookmark is made")
            return
        for aside in _names_aside(place, why):
            if not aside.exists():
                place.rename(aside)
                self._note(f"{place} {words}; it is kept as {aside.name}")
                return

    def _note(self, words: str) -> None:
        if words not in self.notes:
            self.notes += (words,)


def user_data_dir() -> Path:
    """Where the program keeps what is the user's; ``TAPETUM_DATA`` names another folder."""
    given = os.environ.get("TAPETUM_DATA")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "tapetum"


def _replace(place: Path, data: bytes) -> None:
    """Write the whole file under another name first, so that a crash leaves the one or the other.

    Raises:
        OSError
    """
    new = place.with_name(f".{place.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}.new")
    try:
        with new.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(place)
        sync_folder(place.parent)
    finally:
        new.unlink(missing_ok=True)


def _merged(one: Mapping[str, Bookmark], other: Mapping[str, Bookmark]) -> dict[str, Bookmark]:
    """Of both files; of the same bookmark as it was changed last."""
    out = dict(one)
    for key, bookmark in other.items():
        if key not in out or out[key].changed_ns <= bookmark.changed_ns:
            out[key] = bookmark
    return out


def _shown(kept: Mapping[str, Bookmark]) -> tuple[Bookmark, ...]:
    return tuple(sorted((b for b in kept.values() if not b.deleted), key=lambda b: (b.host_ns, b.made_ns, b.id)))


def _after(bookmark: Bookmark) -> int:
    """Now, and later than its last change also where the clock was set back."""
    return max(time.time_ns(), bookmark.changed_ns + 1)


def _names_aside(place: Path, why: str) -> Iterator[Path]:
    yield place.with_name(f"{place.name}.{why}")
    yield from (place.with_name(f"{place.name}.{why}-{n}") for n in range(2, 1000))


def _plain(session_id: str) -> str:
    """An id as a file's name."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in session_id)[:120] or "_"


def _is_bundled(session: Path) -> bool:
    """Whether a session lies in the program's own folder, which is not for what a user writes."""
    return Path(__file__).parent / "samples" in session.resolve().parents
