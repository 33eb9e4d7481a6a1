"""Clips of alarms: the seconds before and after an event's beginning, kept while it is looked at.

    process thread -> want -> the event with its clip's place      (nothing waits, no disk is asked)
                        "tapetum-alarm-clips" -> a session file out of the last seconds in memory, when they are whole

Where a recording that is on holds those seconds the clip is that stretch of it, and nothing is written twice.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pipeline.clip_shelf import ClipsConfig, ClipShelf, clip_file_name
from pipeline.errors import ConfigError
from pipeline.live_recording import free_name
from pipeline.live_recordings import Recordings
from recordings.errors import RecordingError
from recordings.event import Event
from recordings.last_seconds import Held, LastSeconds
from recordings.save_last import save_held

log = logging.getLogger(__name__)

DELETED: Final = "alarm clip deleted"
"""The name of the event that says so."""
NOTHING_KEPT: Final = "no clip: nothing is recorded, and nothing is kept in memory"
TOO_MANY: Final = "no clip: too many alarms at once"
ENDED_EARLY: Final = "the recording ended before the clip did"
STOPPED: Final = "no clip: the cameras have ended"

_MOST_WAITING: Final = 64
"""Clips that are to be written; a stretch of a recording costs nothing."""
_SETTLE_NS: Final = 300_000_000
"""Streams may be so far behind the newest frame."""
_PATIENCE_S: Final = 2.0
"""So much longer than expected is waited for frames of cameras that fall silent."""
_LONGEST_S: Final = 60.0
"""Of a clip that several events share."""
_SPARE_S: Final = 1.0
"""Until a clip that is due is read out of the memory."""
_POLL_S: Final = 0.1
_NOT_WHOLE_NS: Final = 500_000_000
_TOLD: Final = 16
_CLOSE_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class ClipsNow:
    """How clips of alarms fare.

    Attributes:
        written, failed, deleted: so far.
        waiting: that are not complete yet.
        problem: why the last one could not be written; '' where it could.
        deleted_last: the name of the clip that went last to make room.
    """

    written: int = 0
    failed: int = 0
    deleted: int = 0
    waiting: int = 0
    problem: str = ""
    deleted_last: str = ""


@dataclass(slots=True)
class _Wanted:
    """A stretch of host time, and the events that share it."""

    path: Path
    from_ns: int
    to_ns: int
    late_s: float
    """By the monotonic clock: when it is written although frames are missing."""
    events: list[Event] = field(default_factory=list)
    recording: Path | None = None
    has_ended: bool = False
    """That recording, before the stretch did."""


class AlarmClips:
    """``want`` belongs to the process thread, everything else is for any.

    Args:
        config: whether, where and how many.
        last: what holds the last seconds, once it does.
        recordings: those of the run.
        run: gives what results are made with; called in a thread of the clips' own.
        source: what is live, for people.
        clock: monotonic seconds.

    Attributes:
        told: called in the thread of the clips with an event whose clip turned out otherwise than it was told.
        said: called there with events of the clips themselves, such as one that was deleted.
        beside: writes there what belongs beside a clip that was written, such as series; raises a RecordingError.

    Raises:
        ConfigError: the folder is in the home of somebody unknown here.
    """

    def __init__(
        self,
        config: ClipsConfig,
        last: Callable[[], LastSeconds | None],
        recordings: Recordings,
        run: Callable[[], Mapping[str, Any]],
        source: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config = config
        self._last, self._recordings, self._run_record, self._source = last, recordings, run, source
        self._clock = clock
        self.told: Callable[[Event], None] = lambda event: None
        self.said: Callable[[Event], None] = lambda event: None
        self.beside: Callable[[Path], None] | None = None
        self._folder = _whole(config.folder) if config.folder else None
        self._suggested = Path.home() / "Tapetum" / "alarms"
        self._waiting: deque[_Wanted] = deque()
        self._writing: _Wanted | None = None
        self._now = ClipsNow()
        self._newest_device_ns = 0
        self._beside: Path | None = None
        """The recording that held a clip last."""
        self._changed = threading.Condition()
        self._closing_s: float | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def folder(self) -> Path:
        """Where clips go that no recording holds."""
        return self._folder or self._suggested

    def suggest(self, folder: Path) -> None:
        """Another place than the usual one; the configuration's counts more."""
        self._suggested = folder

    def status(self) -> ClipsNow:
        """Never blocks for long."""
        with self._changed:
            return replace(self._now, waiting=len(self._waiting) + (self._writing is not None))

    def want(self, event: Event, host_ns: int) -> Event:
        """The event with the place of its clip, which is complete when its last second has come. Never waits.

        Args:
            event: that has begun; where its rule asked for no clip it is given back as it is.
            host_ns: when it began, by our clock.
        """
        clip = event.clip
        if clip is None or not self._config.enabled:
            return event
        self._newest_device_ns = event.begin_ns
        before_ns, after_ns = event.begin_ns - clip.begin_ns, clip.end_ns - event.begin_ns
        from_ns, to_ns = host_ns - before_ns, host_ns + after_ns
        late_s = self._clock() + after_ns / 1e9 + _PATIENCE_S
        last = self._last()
        with self._changed:
            if self._closing_s is not None:
                return replace(event, clip=replace(clip, problem=STOPPED))
            recording = self._recordings.holding(None if last is None else from_ns)
            if recording is None and last is None:
                # A recording of clips alone has one of this event, too, under a name of its own.
                is_kept = self._recordings.is_on
                return event if is_kept else replace(event, clip=replace(clip, problem=NOTHING_KEPT))
            if recording is not None:
                self._beside = recording
                placed = replace(event, clip=replace(clip, file=recording.name))
                wanted = _Wanted(recording, from_ns, to_ns, late_s, [placed], recording)
            else:
                assert last is not None, "else nothing is kept"
                shared = self._shared(last, from_ns, to_ns, late_s)
                path = self.folder / clip_file_name(event.name, event.face, host_ns) if shared is None else shared.path
                placed = replace(event, clip=replace(clip, file=str(path)))
                if shared is not None:
                    shared.events.append(placed)
                    return placed
                wanted = _Wanted(path, from_ns, to_ns, late_s, [placed])
            if recording is None and sum(one.recording is None for one in self._waiting) >= _MOST_WAITING:
                self._count(failed=1, problem=TOO_MANY)
                return replace(event, clip=replace(clip, problem=TOO_MANY))
            self._waiting.append(wanted)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="tapetum-alarm-clips")
                self._thread.start()
            self._changed.notify_all()
            return placed

    def path_of(self, event: Event) -> Path | None:
        """The whole path of an event's clip, for others; None where there is none."""
        return None if event.clip is None else event.clip.path(self._beside)

    def close(self, within_s: float = 5.0) -> bool:
        """Write what waits with the seconds that are there; False when the disk takes longer. Safe to call twice."""
        with self._changed:
            if self._closing_s is None:
                self._closing_s = self._clock()
            self._changed.notify_all()
            thread = self._thread
        if thread is None:
            return True
        thread.join(_CLOSE_SHARE * within_s)
        self._stop.set()
        thread.join(max(0.1, (1 - _CLOSE_SHARE) * within_s))
        return not thread.is_alive()

    # -- under the lock -----------------------------------------------------------------------------------------------

    def _shared(self, memory: LastSeconds, from_ns: int, to_ns: int, late_s: float) -> _Wanted | None:
        """A clip that waits, overlaps, and may grow to hold this stretch, too: one person, one clip. Not beyond what
        the memory holds: its beginning would be gone before its end has come."""
        held = memory.status()
        reach_s = held.reach_s if held.is_bounded_by_bytes else memory.seconds
        longest_ns = min(_LONGEST_S, reach_s - _SPARE_S) * 1e9
        for one in self._waiting:
            first, last = min(one.from_ns, from_ns), max(one.to_ns, to_ns)
            overlap = one.recording is None and from_ns <= one.to_ns and one.from_ns <= to_ns
            if overlap and last - first <= longest_ns:
                one.from_ns, one.to_ns, one.late_s = first, last, max(one.late_s, late_s)
                return one
        return None

    def _count(self, written: int = 0, failed: int = 0, problem: str = "") -> None:
        was = self._now
        self._now = replace(was, written=was.written + written, failed=was.failed + failed, problem=problem)

    # -- in the thread ------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while (wanted := self._next()) is not None:
            try:
                if wanted.recording is None:
                    self._write(wanted)
                else:
                    self._look_after(wanted)
            except (RecordingError, OSError) as error:
                self._fail(wanted, str(error))
            except Exception as error:  # the edge of a thread: the next alarm wants its clip, too
                log.exception("a clip of an alarm failed")
                self._fail(wanted, f"{type(error).__name__}: {error}")
            with self._changed:
                self._writing = None

    def _next(self) -> _Wanted | None:
        """The next clip whose seconds have come; None at the end."""
        with self._changed:
            while True:
                if not self._waiting:
                    if self._closing_s is not None:
                        return None
                    self._changed.wait()
                    continue
                newest_ns = self._newest_ns()
                for one in self._waiting:
                    if self._closing_s is not None or self._is_due(one, newest_ns):
                        self._waiting.remove(one)
                        self._writing = one
                        return one
                self._changed.wait(_POLL_S)

    def _is_due(self, one: _Wanted, newest_ns: int) -> bool:
        now_s = self._clock()
        if newest_ns >= one.to_ns + _SETTLE_NS or now_s >= one.late_s:
            return True
        if one.recording is None:
            return False
        # Asked while the stretch goes on: a recording that ends after it has all of it.
        is_over = now_s >= one.late_s - _PATIENCE_S
        one.has_ended = not is_over and self._recordings.holding(None) != one.recording
        return is_over or one.has_ended

    def _newest_ns(self) -> int:
        last = self._last()
        return 0 if last is None else last.held(0.0).newest_ns

    def _look_after(self, wanted: _Wanted) -> None:
        """Of a stretch of a recording: whether that went on for so long."""
        if wanted.has_ended:
            self._tell(wanted, ENDED_EARLY)

    def _write(self, wanted: _Wanted) -> None:
        last = self._last()
        assert last is not None, "it was there when the clip was asked for"
        held = _part(last, wanted.from_ns, wanted.to_ns)
        if not held.items:
            self._fail(wanted, "no frame came in its time")
            return
        size = sum(one.weight for one in held.items)
        shelf = ClipShelf(self._config, wanted.path.parent)
        gone, why = shelf.make_room(size)
        self._say_gone(gone)
        if why:
            self._fail(wanted, why)
            return
        first_ns, path = min(one.host_ns for one in held.items), free_name(wanted.path)
        notes = {"event": ", ".join(dict.fromkeys(event.name for event in wanted.events))}
        seconds = (wanted.to_ns - wanted.from_ns) / 1e9
        run = self._run_record()
        save_held(held, last, path, seconds, source=self._source, run=run, stop=self._stop, notes=notes)
        with self._changed:
            self._count(written=1)
        log.info("the clip of an alarm was written: %s", path)
        self._write_beside(path)
        late_ns = first_ns - wanted.from_ns
        problem = f"it begins {late_ns / 1e9:.1f} s late: nothing was kept before" if late_ns > _NOT_WHOLE_NS else ""
        if problem or path != wanted.path:
            self._tell(wanted, problem, path)

    def _write_beside(self, path: Path) -> None:
        """The clip is whole without it."""
        try:
            if self.beside is not None:
                self.beside(path)
        except (RecordingError, OSError) as error:
            log.warning("what belongs beside the clip %s could not be stored: %s", path.name, error)

    def _fail(self, wanted: _Wanted, why: str) -> None:
        log.warning("an alarm has no clip: %s", why)
        with self._changed:
            self._count(failed=1, problem=why)
        self._tell(wanted, f"no clip: {why}", Path())

    def _tell(self, wanted: _Wanted, problem: str, path: Path | None = None) -> None:
        """To whoever told the events: what is other about their clips; an empty path is no file."""
        for event in wanted.events:
            if event.clip is None:
                continue
            file = event.clip.file if path is None else "" if path == Path() else str(path)
            self.told(replace(event, clip=replace(event.clip, file=file, problem=problem)))

    def _say_gone(self, gone: list[Path]) -> None:
        for path in gone:
            most = f"at most {self._config.most} clips and {self._config.most_gib:g} GiB are kept"
            log.warning("%s was deleted: %s", path.name, most)
            with self._changed:
                self._now = replace(self._now, deleted=self._now.deleted + 1, deleted_last=path.name)
            now_ns = self._newest_device_ns
            self.said(Event(DELETED, now_ns, now_ns, None, f"{path.name}: {most}"))


def _whole(folder: str) -> Path:
    try:
        return Path(folder).expanduser()
    except RuntimeError as error:
        raise ConfigError(
            f"watch.clips.folder {folder!r}: there is no such home; give the whole path, from /"
        ) from error


def _part(last: LastSeconds, from_ns: int, to_ns: int) -> Held:
    """What is held of a stretch of host time. Takes no copy of any image."""
    held = last.held(last.seconds)
    return Held(deque(one for one in held.items if from_ns <= one.host_ns <= to_ns), held.newest_ns)
