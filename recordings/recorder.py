"""The recorder: frames from cameras that must not wait, to a disk that may be slow.

    cameras -> Lossless (bounded in bytes) -> "tapetum-recorder" -> SessionWriter
                                                   |  ^
                                                   v  |
                                     "tapetum-encode" threads            "tapetum-disk": fdatasync, closing, quota

Whoever finds the queue full is told so at once, and the loss stands in the session as an event within a second.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drivers.channels import ChannelClosed, ChannelCount, Lossless
from drivers.frame import Frame, FrameFlag, StreamInfo
from recordings.config import RecordConfig
from recordings.disk_worker import DiskWorker
from recordings.errors import RecordingError, SessionWriteError
from recordings.observation import Event, Observation
from recordings.segments import Segments
from recordings.session import ScheduleEntry
from recordings.stored import StoredFrame, encode_frame

log = logging.getLogger(__name__)

_MAX_ITEMS: Final = 1 << 16
_ENCODING_AHEAD: Final = 4
"""Frames an encoder may have before it: bounds the memory, and with it what a kill costs."""

_MAX_EVENTS: Final = 4096
_MIB: Final = 1 << 20
_LAST_WORDS_S: Final = 60.0
"""For finishing segments and the last sync."""


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """A snapshot for the screen and the log.

    Attributes:
        path: the first file of the recording.
        profile: evidence, watch or events.
        state: ``recording``, ``ended`` (closed by request) or ``failed``.
        reason: why it failed; '' otherwise.
        frames: frames written, all streams.
        lost: stream -> frames that were not recorded.
        bytes_written: of all files so far.
        bytes_per_second: over the last seconds; None until measured.
        free_bytes: on the disk; None where it cannot be told.
        hours_left: until the disk is full at this rate; None until measured, inf when a quota keeps it from filling.
        queue: what waits for the recorder, and queue_bytes.
        files: written so far, the present one included.
        clips: written so far.
    """

    path: Path
    profile: str
    state: str
    reason: str
    frames: int
    lost: Mapping[str, int]
    bytes_written: int
    bytes_per_second: float | None
    free_bytes: int | None
    hours_left: float | None
    queue: ChannelCount
    queue_bytes: int
    files: int
    clips: int


@dataclass(frozen=True, slots=True)
class _Results:
    """An observation and the schedule entry that belongs to it."""

    observation: Observation
    entry: ScheduleEntry


_Item = Frame | _Results


@dataclass(slots=True)
class _Loss:
    """Frames of one stream that were lost since it was last written down."""

    count: int
    first_device_ns: int
    last_device_ns: int


class Recorder:
    """Records frames and results into one or more session files. Frames may come from any thread.

    Args:
        path: the first file; further segments are ``<stem>-0002.mcap`` and so on.
        streams: what may come.
        config: settings.
        source: what is recorded, for people.
        run: what results are made with (models, configuration); None where there will be none.
        on_trouble: called with words at once when something is lost or the recording ends by itself; from any
            thread, must not block.

    Raises:
        SessionWriteError: the first file cannot be made.
    """

    def __init__(
        self,
        path: Path,
        streams: Sequence[StreamInfo],
        config: RecordConfig | None = None,
        *,
        source: str = "",
        run: Mapping[str, Any] | None = None,
        on_trouble: Callable[[str], None] | None = None,
    ) -> None:
        self.path = path
        self.config = config or RecordConfig()
        self._on_trouble = on_trouble or (lambda words: None)
        workers = self.config.encoders or max(1, (os.cpu_count() or 2) - 1)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="tapetum-encode")
        self._ahead = workers * _ENCODING_AHEAD
        self._inbox: Lossless[_Item] = Lossless(_MAX_ITEMS, round(self.config.queue_mib * _MIB), _cost)
        self._lock = threading.Lock()
        self._last_host_ns = {s.name: -1 for s in streams}
        self._has_gap = {s.name: False for s in streams}
        self._lost = {s.name: 0 for s in streams}
        self._losses: dict[str, _Loss] = {}
        self._frames = 0
        self._failure = ""
        self._closing = False
        self._stepped_back: set[str] = set()
        self._events: list[Event] = []
        self._encoding: deque[Future[StoredFrame] | _Results] = deque()
        self._disk = DiskWorker(path.parent, self.config, self._disk_trouble)
        try:
            self._segments = Segments(
                path, streams, self.config, source=source, run=run, packers=self._pool, disk=self._disk
            )
        except BaseException:
            self._disk.stop(1.0)
            self._pool.shutdown(wait=False)
            raise
        self._thread = threading.Thread(target=self._run, name="tapetum-recorder")
        self._thread.start()

    # -- from any thread -----------------------------------------------------------------------------------------

    def take(self, frame: Frame) -> Frame | None:
        """Take a frame to record. Never blocks.

        Returns:
            The frame as it will be recorded: its host time made to rise where a clock stepped back, flagged when
            frames before it were lost. None when it is lost, which is counted and told.
        """
        name = frame.stream
        told = ""
        with self._lock:
            last = self._last_host_ns[name]
            host_ns, flags = frame.host_ns, frame.flags
            if host_ns <= last:
                host_ns = last + 1
                if name not in self._stepped_back:
                    self._stepped_back.add(name)
                    told = f"stream {name}: the host clock stepped back by {(last - frame.host_ns) / 1e9:.3f} s"
            if self._has_gap[name]:
                flags |= FrameFlag.DROPPED_BEFORE
            if host_ns != frame.host_ns or flags != frame.flags:
                frame = dataclasses.replace(frame, host_ns=host_ns, flags=flags)
            taken = not self._failure and self._inbox.put(frame)
            if taken:
                self._last_host_ns[name], self._has_gap[name] = host_ns, False
            elif not self._closing:
                told = self._count_loss(frame) or told
        if told:
            log.warning("%s", told)
            self._on_trouble(told)
        return frame if taken else None

    def put_results(self, observation: Observation, entry: ScheduleEntry, timeout_s: float = 5.0) -> bool:
        """Take what the pipeline says of frames already taken; may wait for room, False when none came."""
        if self._failure:
            return False
        with contextlib.suppress(ChannelClosed):
            return self._inbox.put_wait(_Results(observation, entry), timeout_s)
        return False

    def put_event(self, event: Event) -> bool:
        """Take an event; it is written within a second. Never blocks; False when the recording has ended."""
        with self._lock:
            if self._failure or self._inbox.closed or len(self._events) >= _MAX_EVENTS:
                return False
            self._events.append(event)
            return True

    @property
    def has_failed(self) -> bool:
        """Whether the recording ended by itself; ``status().reason`` says why."""
        return bool(self._failure)

    def status(self) -> RecorderStatus:
        """Never blocks for long."""
        with self._lock:
            frames, lost, failure = self._frames, {n: c for n, c in self._lost.items() if c}, self._failure
        written = self._segments.bytes_written
        rate, free, hours = self._disk.outlook(written)
        running = self._thread.is_alive() and not failure
        return RecorderStatus(
            path=self.path,
            profile=self.config.profile,
            state="failed" if failure else "recording" if running else "ended",
            reason=failure,
            frames=frames,
            lost=lost,
            bytes_written=written,
            bytes_per_second=rate,
            free_bytes=free,
            hours_left=hours if running else None,
            queue=self._inbox.count(),
            queue_bytes=self._inbox.cost,
            files=self._segments.count,
            clips=0,
        )

    def finish(self) -> None:
        """Take nothing more; what was taken is written, then the files are finished. Does not wait."""
        with self._lock:
            self._closing = True
        self._inbox.close()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is written and finished; False when the time ran out first."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def close(self, deadline_s: float = 10.0) -> bool:
        """:meth:`finish` and :meth:`join`."""
        self.finish()
        return self.join(deadline_s)

    # -- the recorder's thread -----------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._work()
        finally:
            if not self._disk.stop(_LAST_WORDS_S):
                self._disk_trouble(f"the disk did not finish within {_LAST_WORDS_S:.0f} s")
            self._pool.shutdown(wait=True)

    def _work(self) -> None:
        flushed = time.monotonic()
        try:
            while True:
                wait = flushed + self.config.flush_s - time.monotonic()
                if wait <= 0:
                    self._flush()
                    flushed = time.monotonic()
                    continue
                try:
                    self._begin(self._inbox.take(wait))
                except queue.Empty:
                    continue
        except ChannelClosed:
            self._finish()
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the status
            self._fail(str(error) if isinstance(error, RecordingError) else f"{type(error).__name__}: {error}")

    def _begin(self, item: _Item) -> None:
        """Give a frame to an encoder; everything is written in the order in which it was taken."""
        self._encoding.append(self._pool.submit(self._encode, item) if isinstance(item, Frame) else item)
        while self._encoding and (len(self._encoding) > self._ahead or self._is_ready(self._encoding[0])):
            self._write(self._encoding.popleft())

    def _encode(self, frame: Frame) -> StoredFrame:
        return encode_frame(frame, "compact" if self.config.layout == "compact" else "raw")

    @staticmethod
    def _is_ready(item: Future[StoredFrame] | _Results) -> bool:
        return not isinstance(item, Future) or item.done()

    def _write(self, item: Future[StoredFrame] | _Results) -> None:
        if isinstance(item, Future):
            stored = item.result()
            writer = self._segments.writer_for(stored)
            with self._lock:
                # Before it is written: a writer whose disk refuses has taken the frame, and counts it among the lost.
                self._frames += 1
            writer.write_stored(stored)
        else:
            self._segments.writer.write_schedule(item.entry)
            self._segments.writer.write_observation(item.observation)

    def _drain(self) -> None:
        while self._encoding:
            self._write(self._encoding.popleft())

    def _flush(self) -> None:
        self._drain()
        self._write_losses()
        self._segments.writer.flush(sync=False)
        self._disk.sync(self._segments.writer)
        problem = self._disk.problem()
        if problem:
            raise SessionWriteError(problem)

    def _finish(self) -> None:
        try:
            self._drain()
            self._write_losses()
            problem = self._disk.problem()
            if problem:
                raise SessionWriteError(problem)
            self._segments.close()
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the status
            self._fail(str(error) if isinstance(error, RecordingError) else f"{type(error).__name__}: {error}")

    def _fail(self, reason: str) -> None:
        """The recording cannot go on: keep what was written, and tell."""
        with self._lock:
            self._failure = reason
        self._inbox.close()
        waiting = list(self._encoding)
        self._encoding.clear()
        with contextlib.suppress(ChannelClosed, queue.Empty):
            while True:
                item = self._inbox.take(0.0)
                if isinstance(item, Frame):
                    with self._lock:
                        self._count_loss(item)
        for one in waiting:
            if isinstance(one, Future):
                with contextlib.suppress(Exception):
                    stored = one.result()
                    with self._lock:
                        self._count_loss(stored)
        words = f"recording ended: {reason}"
        try:
            lost = self._segments.end(reason)
            with self._lock:
                for name, count in lost.items():
                    self._lost[name] += count
                    self._frames -= count
        except (RecordingError, OSError) as error:
            words = f"{words}; {error}"
        log.error("%s", words)
        self._on_trouble(words)

    def _disk_trouble(self, words: str) -> None:
        log.warning("%s", words)
        self._on_trouble(words)

    # -- losses --------------------------------------------------------------------------------------------------

    def _count_loss(self, frame: Frame | StoredFrame) -> str:
        """Under the lock. Words for people when it is the first of a burst."""
        name = frame.info.name
        self._lost[name] += 1
        self._has_gap[name] = True
        loss = self._losses.get(name)
        if loss is None:
            self._losses[name] = _Loss(1, frame.device_ns, frame.device_ns)
            if self._failure:
                return ""
            waiting = self._inbox.cost / _MIB
            return f"frames of {name} are lost: the recorder is behind by {waiting:.0f} MiB (a slow disk or machine)"
        loss.count += 1
        loss.last_device_ns = frame.device_ns
        return ""

    def _write_losses(self) -> None:
        with self._lock:
            losses, self._losses = self._losses, {}
            events, self._events = self._events, []
        for event in events:
            self._segments.writer.write_event(event)
        for name, loss in sorted(losses.items()):
            note = f"{name}: {loss.count} frames found the recorder's queue full"
            event = Event("frames not recorded", loss.first_device_ns, loss.last_device_ns, None, note)
            self._segments.writer.write_event(event)
            self._segments.writer.write_log("error", note)


def _cost(item: _Item) -> int:
    """Bytes in memory, about."""
    if isinstance(item, Frame):
        return item.pixels.nbytes + (0 if item.encoded is None else len(item.encoded))
    return 16 << 10
