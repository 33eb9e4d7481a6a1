"""Which events have, share or wait for a clip: the book that a clip recorder keeps. It knows no file and no thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from recordings.clip_budget import LosslessBudget
from recordings.clip_file import ClipFile
from recordings.clip_settings import ClipSettings, ClipStatus
from recordings.event import Event
from recordings.open_clip import ENDED_EARLY, MAX_WORDS, SHARED, Happening, OpenClip, Word
from recordings.ring import FrameRing

FACE_EVENT: Final = "face"
"""The name of events that keep to the budget."""

CLIP: Final = "clip"
NO_CLIP: Final = "event without clip"
CLIP_FAILED: Final = "clip failed"
"""The names of the events that a recording is told beside those that stand in the clip itself."""

_MAX_NOTICES: Final = 1000
_MAX_LAST: Final = 100
_MAX_SHARING: Final = 256
_DONE: Final = 16


class ClipBook:
    """Safe from any thread; nothing here waits for anything but other calls of the same few microseconds.

    Args:
        ring: where the frames are.
        streams: the names of those that may have frames.
        settings: how clips are cut.
        budget: what clips of faces may take; None for no bound.
        open_file: makes a clip's file, given its event, that one's host time, and the clip's earliest; called later,
            by whoever writes.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        ring: FrameRing,
        streams: Sequence[str],
        settings: ClipSettings,
        budget: LosslessBudget | None,
        open_file: Callable[[Event, int, int], ClipFile],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.changed = threading.Condition()
        """Notified when there is something to do."""
        self._ring, self._streams, self._budget = ring, tuple(streams), budget
        self._open_file, self._clock = open_file, clock
        self._before_ns, self._after_ns, self._settle_ns, self._patience_ns, self._ring_ns = (
            round(seconds * 1e9)
            for seconds in (
                settings.before_s,
                settings.after_s,
                settings.settle_s,
                settings.patience_s,
                settings.ring_s,
            )
        )
        self._clips: list[OpenClip] = []
        self._lasting: dict[int, Happening] = {}
        self._next_number = 1
        self._words: deque[Word] = deque(maxlen=MAX_WORDS)
        self._notices: deque[Event] = deque(maxlen=_MAX_NOTICES)
        self._done: deque[tuple[int, int]] = deque(maxlen=_DONE)
        self._last: deque[Path] = deque(maxlen=_MAX_LAST)
        self._written = self._bytes = self._lost = self._late = self._failed = 0
        self._pushed_s: float | None = None
        self._newest_device_ns = 0
        self._closing = False

    # -- what happens --------------------------------------------------------------------------------------------

    def pushed(self, host_ns: int, device_ns: int) -> None:
        """A frame went into the ring."""
        self._pushed_s = self._clock()
        self._newest_device_ns = device_ns
        if any(begin <= host_ns <= stop for begin, stop in tuple(self._done)):
            self._late += 1

    def push_word(self, word: Word) -> None:
        """An observation or event for all clips that hold its host time."""
        with self.changed:
            self._words.append(word)
            while self._words and self._words[0][0] < word[0] - self._ring_ns:
                self._words.popleft()
            for clip in self._clips:
                clip.add_word(word)

    def trigger(self, event: Event, host_ns: int, until_ns: int | None, on_budget: bool | None) -> int:
        """See :meth:`recordings.clips.ClipRecorder.trigger`."""
        if host_ns < 0 or (until_ns is not None and until_ns < host_ns):
            raise ValueError(f"an event cannot go from {host_ns} to {until_ns} ns")
        budgeted = event.name == FACE_EVENT if on_budget is None else on_budget
        with self.changed:
            number, self._next_number = self._next_number, self._next_number + 1
            if self._closing:
                return number
            seen_ns = host_ns if until_ns is None else until_ns
            happening = Happening(number, event, host_ns, seen_ns, until_ns, budgeted and self._budget is not None)
            if until_ns is None:
                self._forget_the_abandoned()
                self._lasting[number] = happening
            self._begin(happening, host_ns)
            self.changed.notify()
            return number

    def extend(self, number: int, host_ns: int) -> bool:
        """See :meth:`recordings.clips.ClipRecorder.extend`."""
        with self.changed:
            happening = self._lasting.get(number)
            if happening is None or self._closing:
                return False
            happening.seen_ns = max(happening.seen_ns, host_ns)
            if happening.clip is None and not happening.given_up:
                self._begin(happening, host_ns)
            self.changed.notify()
            return True

    def end(self, number: int, host_ns: int) -> bool:
        """See :meth:`recordings.clips.ClipRecorder.end`."""
        with self.changed:
            happening = self._lasting.pop(number, None)
            if happening is None:
                return False
            happening.seen_ns = happening.end_ns = max(happening.seen_ns, host_ns)
            self.changed.notify()
            return True

    def close(self) -> None:
        """No frame and no event comes any more."""
        with self.changed:
            self._closing = True
            self.changed.notify()

    def status(self) -> ClipStatus:
        with self.changed:
            return ClipStatus(
                len(self._clips), self._written, tuple(self._last), self._bytes, self._lost, self._late, self._failed
            )

    # -- what is to be done, for the thread that writes ----------------------------------------------------------

    def wait(self) -> tuple[list[Event], list[OpenClip]] | None:
        """Wait until there is something to do: what to tell the recording, clips to write. None at the very end."""
        with self.changed:
            while not self._notices and not self._clips:
                if self._closing:
                    return None
                self.changed.wait()
            notices = list(self._notices)
            self._notices.clear()
            return notices, list(self._clips)

    def rest(self, seconds: float) -> None:
        """Wait for more frames, which tell nobody that they came."""
        with self.changed:
            if not self._closing:
                self.changed.wait(seconds)

    def limit_of(self, clip: OpenClip) -> int:
        """Up to which host time a clip can be written now; closes it when its last frame has come."""
        with self.changed:
            if not clip.closed and self._is_complete(clip):
                clip.closed = True
                self._say_how_it_ends(clip)
            return clip.limit_ns(self._after_ns)

    def words_of(self, clip: OpenClip, until_ns: int) -> list[Word]:
        """Take a clip's observations and events up to a host time."""
        with self.changed:
            return clip.due_words(until_ns)

    def spent(self, clip: OpenClip) -> None:
        """A clip was written to: what that leaves of the budget."""
        file = clip.file
        if file is None or file.newest is None:
            return
        grown = file.new_bytes()
        with self.changed:
            self._bytes += grown
            if self._budget is None:
                return
            now = self._ring.newest_ns or file.newest.host_ns
            self._budget.spend(grown, now)
            if clip.on_budget and clip.stop_ns is None and not clip.closed and self._budget.for_faces(now) <= 0:
                note = "the budget for lossless clips was used up"
                clip.cut(file.newest.host_ns, note)
                self._notice(ENDED_EARLY, f"{file.path.name}: {note}", clip.happenings[0].event.face)

    def finished(self, clip: OpenClip, limit_ns: int) -> None:
        """A clip's file is complete, or there is none because no frame came."""
        self.spent(clip)
        file = clip.file
        with self.changed:
            self._clips.remove(clip)
            self._done.append((clip.begin_ns, limit_ns))
            face = clip.happenings[0].event.face
            names = ", ".join(dict.fromkeys(h.event.name for h in clip.happenings))
            if file is None or file.first is None or file.newest is None:
                self._lost += clip.missed
                if clip.missed:
                    self._notice(CLIP_FAILED, f"{names}: the disk took none of its {clip.missed} frames", face)
                else:
                    self._notice(NO_CLIP, f"{names}: no frame came in its time", face)
                return
            self._written += 1
            self._last.append(file.path)
            self._lost += sum(file.lost.values())
            for name, note in clip.short_of:
                self._notice(name, f"{file.path.name}: {note}", face)
            note = f"{file.path.name}: {names}"
            self._notices.append(Event(CLIP, file.first.device_ns, file.newest.device_ns, face, note))

    def failed(self, clip: OpenClip, reason: str, lost: int) -> None:
        """A clip could not be written on; so many of its frames were accepted and are not in it."""
        with self.changed:
            self._clips.remove(clip)
            self._failed += 1
            self._lost += lost
            self._notice(CLIP_FAILED, reason, clip.happenings[0].event.face)
            for happening in clip.happenings:
                happening.clip, happening.given_up = None, True

    # -- under the lock ------------------------------------------------------------------------------------------

    def _begin(self, happening: Happening, host_ns: int) -> None:
        """A clip from ``before_s`` before this moment on; none when the budget does not allow it."""
        begin_ns = max(0, host_ns - self._before_ns, happening.covered_ns + 1)
        free = [c for c in self._clips if not c.closed and c.stop_ns is None]
        if len(free) >= self.settings.max_open:
            reaching = [c for c in free if c.begin_ns <= begin_ns]
            self._share((reaching or free)[-1], happening, len(free), begin_ns)
        elif happening.on_budget and not self._budget_allows(host_ns):
            if happening.covered_ns < 0 and not happening.waits:
                happening.waits = True
                note = f"{happening.event.name}: the budget for lossless clips is used up"
                self._notice(NO_CLIP, note, happening.event.face)
        else:
            happening.clip = OpenClip(
                happening,
                self._ring.follow(begin_ns),
                lambda: self._open_file(happening.event, host_ns, begin_ns),
                [w for w in self._words if w[0] >= begin_ns],
            )
            self._clips.append(happening.clip)

    def _share(self, clip: OpenClip, happening: Happening, count: int, begin_ns: int) -> None:
        if len(clip.happenings) >= _MAX_SHARING:
            clip.turned_away += 1
            happening.given_up = True
            self._notice(NO_CLIP, f"{happening.event.name}: too many events at once", happening.event.face)
            return
        clip.happenings.append(happening)
        happening.clip = clip
        clip.on_budget = clip.on_budget and happening.on_budget
        note = f"{happening.event.name} has no clip of its own, for {count} are open"
        if clip.begin_ns > begin_ns:
            note += f"; it wanted {(clip.begin_ns - begin_ns) / 1e9:.3f} s more before it"
        clip.says.append((SHARED, note))
        self._notice(SHARED, note, happening.event.face)

    def _budget_allows(self, host_ns: int) -> bool:
        """Whether there is enough for the shortest clip at the present rate."""
        if self._budget is None:
            return True
        needed = self._ring.bytes_per_second() * (self.settings.before_s + self.settings.after_s)
        now = self._ring.newest_ns
        left = self._budget.for_faces(host_ns if now is None else now)
        return left > 0 and left >= min(needed, self._budget.most_for_faces)

    def _forget_the_abandoned(self) -> None:
        """Events without a clip that nobody extends any more (those with one end by themselves)."""
        now = self._now_ns()
        for number, happening in tuple(self._lasting.items()):
            if happening.clip is None and now is not None and now > happening.seen_ns + self._patience_ns:
                del self._lasting[number]

    def _is_complete(self, clip: OpenClip) -> bool:
        """Whether its end is known and no frame up to there will come any more."""
        if self._closing:
            return True
        now = self._now_ns()
        if now is None:
            return False
        for happening in clip.happenings:
            if happening.end_ns is None and now > happening.seen_ns + self._patience_ns:
                happening.end_ns = happening.seen_ns
                self._lasting.pop(happening.number, None)
        if clip.lasts:
            return False
        limit_ns = clip.limit_ns(self._after_ns)
        return self._ring.all_passed(limit_ns, self._streams) or now > limit_ns + self._settle_ns

    def _say_how_it_ends(self, clip: OpenClip) -> None:
        newest, limit_ns = self._ring.newest_ns, clip.limit_ns(self._after_ns)
        if clip.lasts:
            clip.says.append((ENDED_EARLY, "the recording ended while the event lasted"))
        elif self._closing and newest is not None and newest < limit_ns:
            clip.says.append((ENDED_EARLY, f"by {(limit_ns - newest) / 1e9:.3f} s: the recording ended"))

    def _now_ns(self) -> int | None:
        """The host clock as far as frames tell: the newest one, and what has passed since it came."""
        newest = self._ring.newest_ns
        if newest is None or self._pushed_s is None:
            return None
        return newest + max(0, round((self._clock() - self._pushed_s) * 1e9))

    def _notice(self, name: str, note: str, face: int | None = None) -> None:
        self._notices.append(Event(name, self._newest_device_ns, self._newest_device_ns, face, note))
