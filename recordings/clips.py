"""Lossless clips round events: each begins exactly so long before its event, and ends exactly so long after it.

    recorder -> push -> FrameRing -> "tapetum-clips" -> one session file an event
    whoever sees something -> trigger, extend, end

The ring is the only queue: an open clip follows it, so that what waits for a slow disk is bounded by the ring's bytes,
and what had to go is counted and told in the clip. Nobody who calls here waits for the disk.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Final

from recordings.clip_book import ClipBook
from recordings.clip_budget import LosslessBudget
from recordings.clip_file import ClipFile
from recordings.clip_settings import ClipSettings, ClipStatus
from recordings.errors import RecordingError
from recordings.event import Event
from recordings.layout import SessionLayout
from recordings.open_clip import OpenClip
from recordings.ring import FrameRing
from recordings.session import SessionInfo
from recordings.stored import StoredFrame

__all__ = ["ClipRecorder", "ClipSettings", "ClipStatus"]

log = logging.getLogger(__name__)

_POLL_S: Final = 0.02


class ClipRecorder:
    """Writes a clip of its own for each event.

    A clip holds precisely the pushed frames of every stream from ``before_s`` before its event's host time to
    ``after_s`` after its end, both included. What falls short of that is said in the clip by an event.

    Args:
        folder: where the clips go; it exists.
        name: of the recording; the clips' names begin with it.
        info: of the recording: its streams, source and notes go into the clips'.
        ring: at least ``settings.ring_s`` long; frames are pushed through :meth:`push` alone.
        settings: how clips are cut.
        layout: of the clips' chunks (``compact`` where the frames are).
        budget: what clips of faces may take; None for no bound.
        on_event: called with what the recording should say of clips, in the thread of the clips; must not block.
        run: what observations in the clips are made with, if any.
        packers: threads that compress chunks.
        clock: monotonic seconds, for cameras that fall silent.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        info: SessionInfo,
        ring: FrameRing,
        settings: ClipSettings | None = None,
        *,
        layout: SessionLayout = "compact",
        budget: LosslessBudget | None = None,
        on_event: Callable[[Event], None] | None = None,
        run: Mapping[str, Any] | None = None,
        packers: Executor | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings or ClipSettings()
        self._folder, self._name, self._info, self._ring = folder, name, info, ring
        self._layout, self._run_record, self._packers = layout, run, packers
        self._on_event = on_event or (lambda event: None)
        streams = [s.name for s in info.streams]
        self._book = ClipBook(ring, streams, self.settings, budget, self._open_file, clock)
        self._give_up_s: float | None = None
        self._thread = threading.Thread(target=self._run, name="tapetum-clips")
        self._thread.start()

    # -- from any thread -----------------------------------------------------------------------------------------

    def push(self, stored: StoredFrame) -> None:
        """Take a frame of the recording. Never blocks. From one thread."""
        if self._ring.push(stored):
            self._book.pushed(stored.host_ns, stored.device_ns)

    def push_observation(self, data: bytes, host_ns: int) -> None:
        """Take the stored bytes of an observation: it goes into the clips that hold its host time."""
        self._book.push_word((host_ns, data))

    def push_event(self, event: Event, host_ns: int) -> None:
        """Take an event that wants no clip of its own: it goes into the clips that hold its host time."""
        self._book.push_word((host_ns, event))

    def trigger(self, event: Event, host_ns: int, until_ns: int | None = None, *, on_budget: bool | None = None) -> int:
        """Ask for a clip of an event. Never blocks.

        Args:
            event: goes into the clip; where it lasts, with its end.
            host_ns: when it began, on the host clock; may be in the past.
            until_ns: when it ended; ``host_ns`` for a moment, None while it lasts (:meth:`extend`, :meth:`end`).
            on_budget: keep to the budget; by default faces do.

        Returns:
            The event's number, for :meth:`extend` and :meth:`end`.
        """
        return self._book.trigger(event, host_ns, until_ns, on_budget)

    def extend(self, number: int, host_ns: int) -> bool:
        """The event still lasts at this host time. Never blocks.

        A face whose clip the budget ended, or prevented, gets another clip once there is enough again.

        Returns:
            False when the event is over (ended, or not extended for ``patience_s``): trigger it again.
        """
        return self._book.extend(number, host_ns)

    def end(self, number: int, host_ns: int) -> bool:
        """The event ended at this host time (or where it was extended to, if that is later). Never blocks.

        Returns:
            False when it was over already.
        """
        return self._book.end(number, host_ns)

    def close(self, deadline_s: float = 10.0) -> bool:
        """Finish what is open with the frames that are there, end the thread. Safe to call twice.

        Returns:
            False when the disk took longer; the thread ends as soon as the disk lets it go.
        """
        # A part of the time is for finishing the files themselves.
        self._give_up_s = time.monotonic() + 0.8 * deadline_s
        self._book.close()
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def status(self) -> ClipStatus:
        return self._book.status()

    # -- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (work := self._book.wait()) is not None:
            notices, clips = work
            for event in notices:
                self._tell(event)
            moved = [self._serve(clip) for clip in clips]
            if clips and not any(moved):
                self._book.rest(_POLL_S)

    def _serve(self, clip: OpenClip) -> bool:
        """Bring one clip a step further; False when it waits for frames."""
        limit_ns = self._book.limit_of(clip)
        try:
            moved = not self._must_give_up() and clip.step(limit_ns, lambda until: self._book.words_of(clip, until))
            if not clip.closed or moved:
                self._book.spent(clip)
                return moved
            clip.finish(limit_ns, lambda until: self._book.words_of(clip, until), self._must_give_up)
            self._book.finished(clip, limit_ns)
        except (RecordingError, OSError) as error:
            self._fail(clip, str(error))
        except Exception as error:  # the edge of a thread: one clip's failure is not the next one's
            log.exception("a clip failed")
            self._fail(clip, f"{type(error).__name__}: {error}")
        return True

    def _must_give_up(self) -> bool:
        return self._give_up_s is not None and time.monotonic() > self._give_up_s

    def _open_file(self, event: Event, host_ns: int, begin_ns: int) -> ClipFile:
        return ClipFile(
            self._folder,
            self._name,
            event,
            host_ns,
            begin_ns,
            self._info,
            layout=self._layout,
            notes={"before_s": f"{(host_ns - begin_ns) / 1e9:g}", "after_s": f"{self.settings.after_s:g}"},
            run=self._run_record,
            packers=self._packers,
        )

    def _fail(self, clip: OpenClip, reason: str) -> None:
        log.error("a clip ended: %s", reason)
        clip.give_up()
        lost = 0
        if clip.file is not None:
            # A clip that cannot go on keeps what it has, and says why.
            try:
                lost = clip.file.end(reason)
            except (RecordingError, OSError) as error:
                reason = str(error)
        self._book.failed(clip, reason, lost)

    def _tell(self, event: Event) -> None:
        try:
            self._on_event(event)
        except Exception:  # the listener is other code: its fault ends no clip
            log.exception("nobody could be told of %s", event.name)
