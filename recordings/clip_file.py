"""One clip on the disk: its name, its description, its writing."""

from __future__ import annotations

import dataclasses
import datetime
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Final

from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.layout import SessionLayout
from recordings.session import SessionInfo
from recordings.stored import StoredFrame
from recordings.writer import SessionWriter

CLIP_NOTE: Final = "clip_of"
"""Note of a session that is a clip: the name of its recording."""

_MAX_SLUG: Final = 40
_CLIP_TAIL: Final = r"-clip-\d{8}T\d{6}\.\d{3}Z-[a-z0-9-]+"


def clip_name(recording: str, event: str, host_ns: int) -> str:
    """``<recording>-clip-<UTC time>-<event>``, without the suffix: ``night-clip-20261121T034512.345Z-face``."""
    slug = re.sub(r"[^a-z0-9]+", "-", event.lower()).strip("-")[:_MAX_SLUG].strip("-") or "event"
    return f"{recording}-clip-{_utc(host_ns):%Y%m%dT%H%M%S}.{host_ns // 10**6 % 1000:03d}Z-{slug}"


def is_clip_of(recording: str, stem: str) -> bool:
    """Whether a file's name (without its suffix) is one that :func:`clip_name` gives for that recording."""
    return re.fullmatch(re.escape(recording) + _CLIP_TAIL, stem) is not None


class ClipFile:
    """Writes one clip. For one thread.

    Args:
        folder: where; it exists.
        recording: the recording's name.
        event: what the clip is made for.
        event_ns: when that began, on the host clock.
        begin_ns: the earliest host time wanted.
        info: of the recording; the clip's is made of it.
        layout: how the frames' chunks are written.
        notes: more words for the clip's description.
        run: what results in the clip are made with.
        packers: threads that compress chunks.

    Raises:
        SessionWriteError: the file cannot be made.
    """

    def __init__(
        self,
        folder: Path,
        recording: str,
        event: Event,
        event_ns: int,
        begin_ns: int,
        info: SessionInfo,
        *,
        layout: SessionLayout = "compact",
        notes: Mapping[str, str] | None = None,
        run: Mapping[str, Any] | None = None,
        packers: Executor | None = None,
    ) -> None:
        path = _free_path(folder, clip_name(recording, event.name, event_ns))
        described = dataclasses.replace(
            info,
            id=uuid.uuid4().hex,
            title=path.stem,
            created_utc=f"{_utc(begin_ns):%Y-%m-%dT%H:%M:%SZ}",
            notes={
                **info.notes,
                CLIP_NOTE: recording,
                "event": event.name,
                "event_host_ns": str(event_ns),
                **(notes or {}),
            },
        )
        self.path = path
        self.frames: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        self.first: StoredFrame | None = None
        self.newest: StoredFrame | None = None
        self._lost_from = self._lost_to = 0
        self._told_bytes = 0
        self._writer = SessionWriter(path, described, layout, packers=packers, reserve=True)
        try:
            if run is not None:
                self._writer.write_run(run)
        except BaseException:  # whatever it was, also an interrupt: nothing may stay behind
            self._writer.abort()
            raise

    def write(self, frames: Iterable[StoredFrame]) -> None:
        """Append frames.

        Raises:
            SessionWriteError: the disk refuses.
        """
        for stored in frames:
            self._writer.write_stored(stored)
            self.frames[stored.info.name] += 1
            if self.first is None or stored.host_ns < self.first.host_ns:
                self.first = stored
            if self.newest is None or stored.host_ns > self.newest.host_ns:
                self.newest = stored

    def write_observation(self, data: bytes, host_ns: int) -> None:
        self._writer.write_observation_bytes(data, host_ns)

    def write_event(self, event: Event) -> None:
        self._writer.write_event(event)

    def say(self, name: str, note: str) -> None:
        """Write what is wrong with the clip into it, as an event over the whole of it."""
        begin = 0 if self.first is None else self.first.device_ns
        end = begin if self.newest is None else max(begin, self.newest.device_ns)
        self._writer.write_event(Event(name, begin, end, None, note))
        self._writer.write_log("warning", f"{name}: {note}")

    def count_lost(self, stream: str, device_ns: int) -> None:
        """A frame that belongs into the clip could not be had."""
        if not self.lost:
            self._lost_from = self._lost_to = device_ns
        self.lost[stream] += 1
        self._lost_from, self._lost_to = min(self._lost_from, device_ns), max(self._lost_to, device_ns)

    def say_lost(self, name: str) -> str:
        """Write down the frames counted as lost; '' when there are none."""
        if not self.lost:
            return ""
        note = "frames not in it: " + ", ".join(f"{n} of {stream}" for stream, n in sorted(self.lost.items()))
        self._writer.write_event(Event(name, self._lost_from, self._lost_to, None, note))
        return note

    def new_bytes(self) -> int:
        """How much the file has grown since this was asked last."""
        grown = self._writer.bytes_written - self._told_bytes
        self._told_bytes += grown
        return grown

    def flush(self) -> None:
        """Bring everything to the disk.

        Raises:
            SessionWriteError: the disk refuses.
        """
        self._writer.flush()

    def finish(self) -> None:
        """Give it its final name.

        Raises:
            SessionWriteError: the disk refuses; :meth:`end` keeps what was written.
        """
        self._writer.close(keep=True)

    def end(self, reason: str) -> int:
        """Finish it after trouble, with what was written; gives how many frames were accepted and could not be kept.

        Raises:
            SessionWriteError: not even that; the words say where the rest lies.
        """
        return sum(self._writer.end(reason).frames.values())

    def discard(self) -> None:
        """Leave nothing."""
        self._writer.abort()


def _free_path(folder: Path, stem: str) -> Path:
    """A path that neither a session nor one being written has."""
    for n in range(1, 1000):
        path = folder / (f"{stem}.mcap" if n == 1 else f"{stem}-{n}.mcap")
        if not path.exists() and not path.with_name(path.name + ".part").exists():
            return path
    raise SessionWriteError(f"{folder / stem}.mcap and 998 more of that name exist already; move them elsewhere")


def _utc(host_ns: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(host_ns // 10**9, datetime.UTC)
