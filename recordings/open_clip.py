"""A clip between its trigger and its file's final name."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from recordings.clip_file import ClipFile
from recordings.event import Event
from recordings.ring import RingFollower
from recordings.stored import StoredFrame

BEGINS_LATE: Final = "clip begins late"
ENDED_EARLY: Final = "clip ended early"
INCOMPLETE: Final = "clip incomplete"
SHARED: Final = "clip shared"
"""The names of the events that say in a clip how it fared."""

Word = tuple[int, bytes | Event]
"""What goes into a clip beside frames, by host time: the stored bytes of an observation, or an event."""

_BATCH_BYTES: Final = 4 << 20
_FLUSH_S: Final = 0.4
MAX_WORDS: Final = 8192
"""Observations and events that may wait for a clip."""

_REASONS: Final = {
    "begin": "nothing had been recorded before",
    "age": "the event was told later than the ring reaches back",
    "bytes": "the ring's memory was too small for more",
}


@dataclass(slots=True, eq=False)
class Happening:
    """An event that has or wants a clip.

    Attributes:
        number: for whoever triggered it.
        event: as it was told.
        host_ns: when it began.
        seen_ns: until when it is known to last.
        end_ns: when it ended; None while it lasts.
        on_budget: it gets clips only as far as the budget allows.
        clip: the clip that holds it now.
        covered_ns: up to where an earlier clip of it goes.
        given_up: it gets no clip: one could not be written, or there were too many.
        waits: it was told already that the budget left it without a clip.
    """

    number: int
    event: Event
    host_ns: int
    seen_ns: int
    end_ns: int | None
    on_budget: bool
    clip: OpenClip | None = None
    covered_ns: int = -1
    given_up: bool = False
    waits: bool = False

    def told(self) -> Event:
        """The event as it is written: with its end, where that is known."""
        if self.event.end_ns is not None or self.end_ns is None:
            return self.event
        return dataclasses.replace(self.event, end_ns=self.event.begin_ns + self.end_ns - self.host_ns)


class OpenClip:
    """What a clip has to hold, and how far it has come.

    The happenings, words and stops are guarded by the lock of :class:`recordings.clips.ClipRecorder`; everything that
    touches the file is for its thread alone.

    Args:
        first: what it is made for.
        follower: of the ring, from the clip's beginning on.
        open_file: makes its file.
        words: what is known already for its time.
    """

    def __init__(
        self, first: Happening, follower: RingFollower, open_file: Callable[[], ClipFile], words: Sequence[Word]
    ) -> None:
        self.happenings = [first]
        self.on_budget = first.on_budget
        self.begin_ns = follower.from_ns
        self.stop_ns: int | None = None
        """Where it ends whatever happens; None while nothing cuts it short."""
        self.closed = False
        """No other event may share it any more."""
        self.says: list[tuple[str, str]] = []
        self.short_of: list[tuple[str, str]] = []
        """What it lacks although there was something: what the recording is told, too."""
        self.missed = 0
        """Frames that were lost so early that there is no file."""
        self.turned_away = 0
        """Events that there was no room for here either."""
        self.file: ClipFile | None = None
        self._follower = follower
        self._open_file = open_file
        self._words = list(words)
        self._words_lost = 0
        self._told: set[int] = set()
        self._flushed_s = time.monotonic()

    # -- under the recorder's lock -------------------------------------------------------------------------------

    def limit_ns(self, after_ns: int) -> int:
        """The last host time that is sure to belong into it, as far as known."""
        limit = max(h.seen_ns if h.end_ns is None else h.end_ns for h in self.happenings) + after_ns
        return limit if self.stop_ns is None else min(limit, self.stop_ns)

    @property
    def lasts(self) -> bool:
        """Its end is not known yet."""
        return self.stop_ns is None and any(h.end_ns is None for h in self.happenings)

    def cut(self, stop_ns: int, note: str) -> None:
        """It ends here; what it was made for may go on without it."""
        self.stop_ns = stop_ns
        self.says.append((ENDED_EARLY, note))
        for happening in self.happenings:
            happening.clip, happening.covered_ns = None, stop_ns

    def add_word(self, word: Word) -> None:
        if word[0] < self.begin_ns:
            return
        if len(self._words) < MAX_WORDS:
            self._words.append(word)
        else:
            self._words_lost += 1

    def due_words(self, limit_ns: int) -> list[Word]:
        """Take what is sure to belong into it."""
        due = [w for w in self._words if w[0] <= limit_ns]
        self._words = [w for w in self._words if w[0] > limit_ns]
        return due

    # -- in the recorder's thread --------------------------------------------------------------------------------

    def step(self, limit_ns: int, words: Callable[[int], list[Word]]) -> bool:
        """Write the next frames up to the limit; False when there is none now.

        Args:
            limit_ns: see :meth:`limit_ns`.
            words: takes :meth:`due_words` under the recorder's lock.

        Raises:
            SessionWriteError: the disk refuses.
        """
        frames = self._follower.take(limit_ns, _BATCH_BYTES)
        self._write(frames, limit_ns, words)
        return bool(frames)

    def finish(self, limit_ns: int, words: Callable[[int], list[Word]], give_up: Callable[[], bool]) -> None:
        """Write what is left up to the limit and finish the file. There is none when no frame came.

        Raises:
            SessionWriteError: the disk refuses.
        """
        rest = self._follower.take_rest(limit_ns)
        while rest and not give_up():
            batch, rest = _split(rest, _BATCH_BYTES)
            self._write(batch, limit_ns, words)
        self._write([], limit_ns, words)
        file = self.file
        if file is None:
            self.missed = len(rest) + len(self._follower.lost(limit_ns))
            return
        if rest:
            for stored in rest:
                file.count_lost(stored.info.name, stored.device_ns)
            self.says.append((ENDED_EARLY, "the disk was too slow to finish it in time"))
        self._say_how_it_fared(file, limit_ns)
        file.finish()

    def give_up(self) -> None:
        """Take nothing more."""
        self._follower.close()

    def _write(self, frames: Sequence[StoredFrame], limit_ns: int, words: Callable[[int], list[Word]]) -> None:
        if self.file is None:
            if not frames:
                return
            self.file = self._open_file()
        file = self.file
        file.write(frames)
        for lost in self._follower.lost(limit_ns):
            file.count_lost(lost.stream, lost.device_ns)
        for host_ns, word in words(limit_ns):
            if isinstance(word, Event):
                file.write_event(word)
            else:
                file.write_observation(word, host_ns)
        newest = -1 if file.newest is None else file.newest.host_ns
        for happening in tuple(self.happenings):
            if happening.end_ns is not None and happening.end_ns <= newest:
                self._tell(file, happening)
        if time.monotonic() - self._flushed_s >= _FLUSH_S:
            file.flush()
            self._flushed_s = time.monotonic()

    def _tell(self, file: ClipFile, happening: Happening) -> None:
        if happening.number not in self._told:
            self._told.add(happening.number)
            file.write_event(happening.told())

    def _say_how_it_fared(self, file: ClipFile, limit_ns: int) -> None:
        for happening in self.happenings:
            self._tell(file, happening)
        reaches, bound = self._follower.reaches_back_ns, self._follower.bound
        if reaches is None and file.first is not None:
            reaches = file.first.host_ns
        if reaches is not None and reaches > self.begin_ns:
            note = f"by {(reaches - self.begin_ns) / 1e9:.3f} s: {_REASONS[bound]}"
            file.say(BEGINS_LATE, note)
            if bound == "bytes":
                self.short_of.append((BEGINS_LATE, note))
        for name, note in self.says:
            file.say(name, note)
        if self.turned_away:
            file.say(SHARED, f"{self.turned_away} more events have no clip at all")
        if self._words_lost:
            file.say(INCOMPLETE, f"{self._words_lost} observations or events are not in it")
        lost = file.say_lost(INCOMPLETE)
        if lost:
            self.short_of.append((INCOMPLETE, lost))


def _split(frames: list[StoredFrame], size: int) -> tuple[list[StoredFrame], list[StoredFrame]]:
    """As many from the front as make that many bytes, at least one; the others."""
    total = 0
    for n, stored in enumerate(frames):
        total += len(stored.data)
        if total >= size:
            return frames[: n + 1], frames[n + 1 :]
    return frames, []
