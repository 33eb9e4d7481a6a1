"""What an operator does with bookmarks in a replay."""

from __future__ import annotations

from collections.abc import Callable

from gui.actions.keys import keys_of
from gui.part import Desk
from gui.replay.bookmark_keeper import BookmarkKeeper
from gui.replay.event_list import EventList
from gui.replay.marks import Marks
from gui.replay.note_dialog import NoteDialog
from gui.replay.timeline_bar import TimelineBar, clock
from gui.replay.timeline_paint import Flag
from gui.words import tr
from recordings.bookmarks import Bookmark


class BookmarkControl:
    """Between the keys, the time line, the list and the keeper.

    Args:
        go: goes to a position.
    """

    def __init__(self, desk: Desk, events: EventList, go: Callable[[int], None]) -> None:
        self._desk = desk
        self._events = events
        self._go = go
        self._keeper: BookmarkKeeper | None = None
        self._marks: Marks | None = None
        self._seen = -1
        self.note: NoteDialog | None = None
        events.edited.connect(self._edit)
        events.deleted.connect(self._delete)

    @property
    def all(self) -> tuple[Bookmark, ...]:
        return () if self._keeper is None else self._keeper.all()

    def open(self, keeper: BookmarkKeeper, marks: Marks) -> None:
        """Of the session that is shown now."""
        self._keeper, self._marks, self._seen = keeper, marks, -1

    def show(self, bar: TimelineBar) -> bool:
        """Show what there is; True when it changed."""
        keeper, marks = self._keeper, self._marks
        if keeper is None or marks is None:
            return False
        self._desk.tell("bookmarks", keeper.problem)
        if keeper.version == self._seen:
            return False
        self._seen = keeper.version
        found = keeper.all()
        places = [(b, marks.position_of_host(b.host_ns)) for b in found]
        bar.show_bookmarks([Flag(marks.time_ns(p), b.note) for b, p in places if p is not None])
        return True

    def add(self, position: int) -> None:
        """At once, without a note."""
        if self._keeper is None or self._marks is None:
            self._desk.say(tr("the recording is not open yet"), True)
            return
        self._keeper.add(self._marks.host_ns(position))
        words = tr("bookmark at {time}", time=clock(self._marks.time_ns(position)))
        keys = keys_of(self._desk.actions.get("add_bookmark_note"))
        self._desk.say(tr("{words}; {keys} adds one with a note", words=words, keys=keys) if keys else words)

    def add_with_note(self, position: int) -> None:
        """The note is typed; the moment stays this one."""
        if self._keeper is None or self._marks is None:
            self._desk.say(tr("the recording is not open yet"), True)
            return
        keeper, host_ns, where = self._keeper, self._marks.host_ns(position), clock(self._marks.time_ns(position))

        def keep(note: str) -> None:
            keeper.add(host_ns, note)
            self._desk.say(tr("bookmark at {time}: {note}", time=where, note=note))

        if self.note is None:
            self.note = NoteDialog(self._desk.window)
        self.note.ask(where, "", keep)

    def next(self, position: int) -> None:
        places = [p for p in self._places() if p > position]
        self._go_to(min(places, default=None), tr("no bookmark after this frame"))

    def previous(self, position: int) -> None:
        places = [p for p in self._places() if p < position]
        self._go_to(max(places, default=None), tr("no bookmark before this frame"))

    def close(self) -> None:
        if self.note is not None:
            self.note.close()

    def _places(self) -> list[int]:
        marks = self._marks
        if marks is None:
            return []
        return [p for b in self.all if (p := marks.position_of_host(b.host_ns)) is not None]

    def _go_to(self, position: int | None, otherwise: str) -> None:
        if position is None:
            self._desk.say(otherwise, True)
            return
        assert self._marks is not None  # there are places in it
        self._go(position)
        notes = [b.note for b in self.all if self._marks.position_of_host(b.host_ns) == position]
        self._desk.say("; ".join(filter(None, notes)) or tr("bookmark"))

    def _edit(self, key: str, note: str) -> None:
        found = self._found(key)
        if found is not None and self._keeper is not None and found.note != note:
            self._keeper.edit(found, note)

    def _delete(self, key: str) -> None:
        found = self._found(key)
        if found is not None and self._keeper is not None:
            self._keeper.delete(found)
            self._desk.say(tr("bookmark deleted: {note}", note=found.note or tr("without a note")))

    def _found(self, key: str) -> Bookmark | None:
        return next((b for b in self.all if b.id == key), None)
