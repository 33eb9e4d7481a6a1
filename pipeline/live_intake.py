"""What camera threads bring into a live run: frames, and what cameras suffer. Nothing here waits.

A frame goes to the last seconds, to the recording, and to the synchroniser; an event to whatever is recorded or kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from drivers.camera import CameraState
from drivers.channels import Lossless
from drivers.frame import Frame
from drivers.host_clock import now_ns
from pipeline.early_frames import EarlyFrames, Missed
from pipeline.live_recordings import Recordings
from pipeline.live_status import RunState
from pipeline.meter import Meter
from recordings.event import Event
from recordings.last_seconds import LastSeconds

SYNC_CAPACITY = 128
"""Frames that may wait for the synchroniser."""

_TROUBLE: Final = {
    CameraState.STALLED: "camera stalled",
    CameraState.WAITING: "camera lost",
    CameraState.GONE: "camera lost",
    CameraState.PAUSED: "camera paused",
}
"""States in which a camera gives nothing -> what the event in the recording is called."""


class Intake:
    """Of one run.

    Args:
        state, meter, recordings: of the run.
        is_begun: see :class:`pipeline.early_frames.EarlyFrames`.

    Attributes:
        frames: what the synchroniser takes.
        early: where frames wait until the run is ready for them.
        last: what keeps the last seconds; None for nothing.
        has_several_clocks: of the run's streams.
    """

    def __init__(self, state: RunState, meter: Meter, recordings: Recordings, is_begun: bool) -> None:
        self._state, self._meter, self._recordings = state, meter, recordings
        self.frames: Lossless[Frame] = Lossless(SYNC_CAPACITY)
        self.early = EarlyFrames(is_begun)
        self.last: LastSeconds | None = None
        self.has_several_clocks = False
        self._troubles: dict[str, str] = {}
        """Of the cameras that gave no frame since; each supervisor's thread has its own key."""

    def take(self, source: str, frame: Frame) -> bool:
        """Every frame of a camera. False when there was no room for it."""
        self._meter.tick(f"camera {frame.stream}", time.monotonic())
        waits = self.early.put(frame)
        if waits is not None:
            if not waits:
                self._meter.count(f"dropped {frame.stream}")
            return waits
        has_room = self._let_in(frame)
        if self._troubles.pop(source, None) is not None:
            self.put_event("camera back", source)
        return has_room

    def let_early_ones_in(self) -> None:
        """What waited until the run was ready for it."""
        self.early.let_in(self._take_early, self._has_room, self._end_of_early)

    def changed(self, source: str, state: CameraState, note: str) -> None:
        """What a camera suffers stands in the recording as events."""
        trouble = _TROUBLE.get(state)
        if trouble is not None and self._troubles.get(source) != trouble:  # not again for each attempt to reopen it
            self._troubles[source] = trouble
            self.put_event(trouble, note if source in note else f"{source}: {note}")

    def fail(self, text: str) -> None:
        """What goes wrong in the run stands in its recording, too."""
        self._state.fail(text)
        with self._state.lock:
            processed = self._state.processed
        self.put_event("error", f"after {processed} FrameSets: {text}")

    def put_event(self, name: str, note: str) -> None:
        """An event at the newest frame's device time, where something is recorded or kept."""
        with self._state.lock:
            now = self._state.newest_ns
        event = Event(name, now, None, None, note)
        if not self.early.put_event(event):
            self._put(event)

    def _take_early(self, item: Frame | Missed) -> None:
        if isinstance(item, Frame):
            self._let_in(item)
        else:
            self._recordings.miss(item.stream, item.device_ns, "came while the recording was being begun")

    def _has_room(self) -> bool:
        return self.frames.count().depth < SYNC_CAPACITY // 2

    def _end_of_early(self, events: Sequence[Event]) -> None:
        for event in events:
            self._put(replace(event, begin_ns=self._state.newest_ns))

    def _let_in(self, frame: Frame) -> bool:
        if self.last is not None:
            self.last.push(frame)
        kept = self._recordings.take(frame)
        if kept is None:
            # What is not recorded is not processed either: a stored schedule must never name a frame that is lost.
            self._meter.count(f"not recorded {frame.stream}")
            return False
        with self._state.lock:
            # Several clocks have no time in common but ours.
            self._state.newest_ns = kept.host_ns if self.has_several_clocks else kept.device_ns
        if self.frames.put(kept):
            return True
        self._meter.count(f"dropped {frame.stream}")
        return False

    def _put(self, event: Event) -> None:
        self._recordings.put_event(event)
        if self.last is not None:
            self.last.push_event(event, now_ns())
