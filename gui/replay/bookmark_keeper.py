"""The bookmarks of the session that is shown, kept by a thread: the window never waits for a disk. No Qt here."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import replace

from recordings.bookmarks import Bookmark, BookmarkError, Bookmarks

POLL_S = 2.0
"""How often another window's changes are looked for."""


class BookmarkKeeper:
    """What is asked is seen at once and saved a moment later; what could not be saved is told and tried again.

    Args:
        store: the files.
    """

    def __init__(self, store: Bookmarks) -> None:
        self._store = store
        self._wanted: queue.Queue[Bookmark | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="tapetum-bookmarks")
        self._lock = threading.Lock()
        self._saved: dict[str, Bookmark] = {}
        self._unsaved: dict[str, Bookmark] = {}
        self._stamp: tuple[int, ...] | None = None
        self._version = 0
        self._problem = ""
        self._notes: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        """Another one than before says that there are others."""
        return self._version

    @property
    def problem(self) -> str:
        """Why something is not saved, or not shown; for the message bar."""
        with self._lock:
            return "\n".join(filter(None, (self._problem, *self._notes)))

    @property
    def unsaved(self) -> int:
        """How many changes are not on the disk yet."""
        with self._lock:
            return len(self._unsaved)

    def all(self) -> tuple[Bookmark, ...]:
        """Those that are not deleted, in the order of time."""
        with self._lock:
            merged = self._saved | self._unsaved
        return tuple(sorted((b for b in merged.values() if not b.deleted), key=lambda b: (b.host_ns, b.made_ns, b.id)))

    def add(self, host_ns: int, note: str = "") -> Bookmark:
        """A new one at a moment."""
        bookmark = Bookmark.create(host_ns, note)
        self._want(bookmark)
        return bookmark

    def edit(self, bookmark: Bookmark, note: str) -> None:
        self._want(bookmark.with_note(note))

    def delete(self, bookmark: Bookmark) -> None:
        self._want(bookmark.gone())

    def restore(self, bookmark: Bookmark) -> None:
        """Take a deletion back."""
        self._want(replace(bookmark.gone(), deleted=False, note=bookmark.note))

    def start(self) -> None:
        self._thread.start()

    def close(self, deadline_s: float) -> bool:
        """Save what is left and end; False when that did not happen in time."""
        if self._thread.ident is None:
            return True
        self._wanted.put(None)
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    # -- within -----------------------------------------------------------------------------------------------------

    def _want(self, bookmark: Bookmark) -> None:
        with self._lock:
            self._unsaved[bookmark.id] = bookmark
            self._version += 1
        self._wanted.put(bookmark)

    def _run(self) -> None:
        self._look()
        while True:
            try:
                wanted = self._wanted.get(timeout=POLL_S)
            except queue.Empty:
                self._save_all()
                if self._store.stamp() != self._stamp:
                    self._look()
                continue
            self._save_all()
            if wanted is None:
                return

    def _save_all(self) -> None:
        with self._lock:
            waiting = list(self._unsaved.values())
        for bookmark in waiting:
            found = self._try(lambda bookmark=bookmark: self._store.add(bookmark))
            if found is None:
                return
            with self._lock:
                if self._unsaved.get(bookmark.id) is bookmark:
                    del self._unsaved[bookmark.id]

    def _look(self) -> None:
        self._try(self._store.load)

    def _try(self, call: Callable[[], tuple[Bookmark, ...]]) -> tuple[Bookmark, ...] | None:
        try:
            found = call()
        except BookmarkError as error:
            with self._lock:
                self._problem = str(error)
            return None
        with self._lock:
            self._problem, self._notes = "", tuple(dict.fromkeys((*self._notes, *self._store.notes)))
            self._saved = {b.id: b for b in found}
            self._version += 1
        self._stamp = self._store.stamp()
        return found
