"""Clips of events for tests: frames at their own pace, and what a clip must hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drivers.frame import StreamInfo
from recordings.clips import ClipRecorder, ClipSettings
from recordings.event import Event
from recordings.reader import SessionReader
from recordings.ring import FrameRing
from recordings.stored import StoredFrame
from tests.recordings.sessions import DEPTH, EPOCH, MS, info_of
from tests.recordings.stored_frames import STREAMS, real_frame

S = 10**9
EXACT = ClipSettings(before_s=0.5, after_s=0.3, max_open=100, patience_s=1e6)


class Told:
    """Collects what the recording would be told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def names(self) -> list[str]:
        return [e.name for e in self.events]


@contextmanager
def clips_in(
    folder: Path,
    ring: FrameRing | None = None,
    how: ClipSettings = EXACT,
    streams: Sequence[StreamInfo] = STREAMS,
    **options: Any,
) -> Iterator[ClipRecorder]:
    """A clip recorder whose clock stands still, so that only frames tell the time; closed at the end."""
    options.setdefault("clock", lambda: 0.0)
    recorder = ClipRecorder(folder, "night", info_of(streams), ring or FrameRing(1e6, 1 << 30), how, **options)
    try:
        yield recorder
        assert recorder.close(30)
    finally:
        recorder.close(1)


class Pace:
    """Lets the thread of the clips come up with everything that was pushed, so that nothing is left to chance."""

    def __init__(self, clips: ClipRecorder) -> None:
        self._clips = clips
        self._rests = 0
        rest = clips._book.rest

        def counted(seconds: float) -> None:
            self._rests += 1
            rest(0.0002)

        clips._book.rest = counted  # type: ignore[method-assign]  # the same, but counted and in a hurry

    def __call__(self) -> None:
        # A rest that began after now was preceded by a look at all clips that began after now.
        goal = self._rests + 2
        wait_for(lambda: self._rests >= goal or not self._clips.status().open)


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it did not come in 20 s"
        time.sleep(0.0002)


def content(path: Path) -> set[tuple[str, int, int, bytes]]:
    with SessionReader(path) as clip:
        return {
            (s.name, f.number, f.host_ns, f.data)
            for s in clip.streams
            for f in (clip.stored(s.name, i) for i in range(clip.count(s.name)))
        }


def expected(frames: Sequence[StoredFrame], begin_ns: int, stop_ns: int) -> set[tuple[str, int, int, bytes]]:
    return {(f.info.name, f.number, f.host_ns, f.data) for f in frames if begin_ns <= f.host_ns <= stop_ns}


def events_of(path: Path) -> list[Event]:
    with SessionReader(path) as clip:
        return list(clip.events())


def notes_of(path: Path) -> dict[str, str]:
    with SessionReader(path) as clip:
        return dict(clip.info.notes)


def depth_frames(count: int, every_ms: int = 100) -> list[StoredFrame]:
    return [real_frame(DEPTH, n, EPOCH + n * every_ms * MS) for n in range(count)]
