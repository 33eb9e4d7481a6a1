"""The recorder: frames from cameras that must not wait, to a disk that may be slow.

    cameras -> Lossless (bounded in bytes) -> "tapetum-recorder" -> the main session, and the ring for clips
                                                   |  ^                              \\-> "tapetum-clips"
                                                   v  |
                                     "tapetum-encode" threads        "tapetum-disk": fdatasync, finishing, quota

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from drivers.channels import ChannelClosed, Lossless
from drivers.frame import Frame, FrameFlag, StreamInfo
from drivers.host_clock import now_ns
from recordings.clip_book import CLIP_FAILED
from recordings.config import RecordConfig
from recordings.disk_worker import DiskWorker
from recordings.errors import RecordingError, SessionWriteError
from recordings.event import Event
from recordings.frame_gate import FrameGate
from recordings.host_clock import HostClock
from recordings.keeping import Keeping, Kept
from recordings.lost_frames import QUEUE_FULL, LostFrames
from recordings.observation import Observation
from recordings.open_clip import BEGINS_LATE, INCOMPLETE
from recordings.packers import submit
from recordings.recorder_status import RecorderStatus
from recordings.recording_files import Happened, RecordingFiles, Results
from recordings.session import ScheduleEntry

log = logging.getLogger(__name__)

_MAX_ITEMS: Final = 1 << 16
_MAX_EVENTS: Final = 4096
_ENCODING_AHEAD: Final = 4
"""Frames an encoder may have before it: bounds the memory, and with it what a kill costs."""

_MIB: Final = 1 << 20
_LAST_WORDS_S: Final = 60.0
"""For finishing segments and the last sync."""

_CLOCK_EVENT: Final = "host clock set back"
_CLIP_TROUBLES: Final = (CLIP_FAILED, BEGINS_LATE, INCOMPLETE)
_INT64: Final = 1 << 63

_Item = Frame | Results


@dataclass(frozen=True, slots=True)
class _Encoding:
    """A frame that an encoder has; its pixels are the encoder's alone."""

    stream: str
    device_ns: int
    kept: Future[Kept]


class Recorder:
    """Records frames and results into one or more session files. Frames may come from any thread. A context manager.

    Args:
        path: the first file; further segments are ``<stem>-0002.mcap`` and so on, clips ``<stem>-clip-...``.
        streams: what may come.
        config: settings.
        source: what is recorded, for people.
        run: what results are made with (models, configuration); None where there will be none.
        on_trouble: called with words at once when something is lost or the recording ends by itself; from any
            thread, must not block.

    Raises:
        SessionWriteError: the first file (a clip, where there is none else) cannot be made, its name does not end in
            ``.mcap``, or the disk has too little room to begin with.
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
        if path.suffix != ".mcap":
            raise SessionWriteError(f"a recording is called NAME.mcap, was asked for {path}: quotas look for that name")
        self.path = path
        self.config = config or RecordConfig()
        self._on_trouble = on_trouble or (lambda words: None)
        workers = self.config.encoders or max(1, (os.cpu_count() or 2) - 1)
        self._ahead = workers * _ENCODING_AHEAD
        self._inbox: Lossless[_Item] = Lossless(_MAX_ITEMS, round(self.config.queue_mib * _MIB), _cost)
        self._lock = threading.Lock()
        self._gate = FrameGate(streams)
        self._clock = HostClock(s.name for s in streams)
        self._has_gap: set[str] = set()
        self._losses = LostFrames()
        self._events: list[Happened] = []
        self._frames = 0
        self._failure = ""
        self._closing = False
        self._keeping = Keeping(self.config)
        self._encoding: deque[_Encoding | Results] = deque()
        self._disk = DiskWorker(path, self.config, self._tell, self._lose)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="tapetum-encode")
        try:
            self._files = RecordingFiles(
                path,
                streams,
                self.config,
                source=source,
                run=run,
                packers=self._pool,
                disk=self._disk,
                on_clip_event=self._clip_says,
                on_trouble=self._tell,
            )
        except BaseException:  # whatever it was: no thread may go on
            self._disk.stop(1.0)
            self._pool.shutdown(wait=False)
            raise
        self._thread = threading.Thread(target=self._run, name="tapetum-recorder")
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(_LAST_WORDS_S)

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
            why = self._gate.refusal(frame)
            set_back_ns = 0
            if not why:
                host_ns, set_back_ns = self._clock.place(name, frame.host_ns)
                flags = frame.flags | FrameFlag.DROPPED_BEFORE if name in self._has_gap else frame.flags
                if host_ns != frame.host_ns or flags != frame.flags:
                    frame = dataclasses.replace(frame, host_ns=host_ns, flags=flags)
                frame = self._gate.as_stored(frame)
            taken = not why and not self._failure and self._inbox.put(frame)
            if taken:
                self._clock.taken(name, frame.host_ns)
                self._gate.taken(frame)
                self._has_gap.discard(name)
            elif not self._closing:
                self._has_gap.add(name)
                device_ns = min(max(frame.device_ns, -_INT64), _INT64 - 1)
                if self._losses.add(name, device_ns, why or QUEUE_FULL) and not self._failure:
                    behind = f"the recorder is behind by {self._inbox.cost / _MIB:.0f} MiB (a slow disk or machine)"
                    told = f"frames of {name} are lost: {f'they {why}' if why else behind}"
            if set_back_ns:
                self._note_clock(frame, set_back_ns)
        if set_back_ns:
            self._tell(_clock_words(name, set_back_ns))
        if told:
            self._tell(told)
        return frame if taken else None

    def miss(self, stream: str, device_ns: int, why: str) -> None:
        """Count a frame that could not be given to it, and write so into the session. Never blocks.

        Args:
            stream, device_ns: of the frame.
            why: the end of the sentence "frames of ... are lost: they ...".
        """
        with self._lock:
            self._has_gap.add(stream)
            is_first = self._losses.add(stream, min(max(device_ns, -_INT64), _INT64 - 1), why)
        if is_first:
            self._tell(f"frames of {stream} are lost: they {why}")

    def put_results(self, observation: Observation, entry: ScheduleEntry, timeout_s: float = 5.0) -> bool:
        """Take what the pipeline says of frames already taken; may wait for room, False when none came."""
        if self._failure:
            return False
        with contextlib.suppress(ChannelClosed):
            return self._inbox.put_wait(Results(observation, entry), timeout_s)
        return False

    def put_event(self, event: Event, *, clip: bool = False, host_ns: int | None = None) -> bool:
        """Take an event; it is written within a second. Never blocks; False when the recording has ended.

        Args:
            event: on the camera's clock.
            clip: write a clip round it, where the recorder writes clips.
            host_ns: when it happened on the host clock; now by default.
        """
        with self._lock:
            if self._failure or self._inbox.closed or len(self._events) >= _MAX_EVENTS:
                return False
            when = self._clock.at(now_ns() if host_ns is None else host_ns)
            self._events.append(Happened(event, when, clip))
            return True

    @property
    def has_failed(self) -> bool:
        """Whether the recording ended by itself; ``status().reason`` says why."""
        return bool(self._failure)

    def status(self) -> RecorderStatus:
        """Never blocks for long."""
        with self._lock:
            frames, lost, failure = self._frames, self._losses.total(), self._failure
        clips = None if self._files.clips is None else self._files.clips.status()
        written = self._files.bytes_written
        disk = self._disk.outlook(written)
        running = self._thread.is_alive() and not failure
        return RecorderStatus(
            path=self.path,
            profile=self.config.profile,
            state="failed" if failure else "recording" if running else "ended",
            reason=failure,
            frames=frames,
            lost=lost,
            bytes_written=written,
            bytes_per_second=disk.bytes_per_second,
            free_bytes=disk.free_bytes,
            hours_left=disk.hours_left if running else None,
            quota_holds=disk.quota_holds,
            queue=self._inbox.count(),
            queue_bytes=self._inbox.cost,
            files=0 if self._files.main is None else self._files.main.count,
            clips=0 if clips is None else clips.written,
            clips_open=0 if clips is None else clips.open,
            clip_problems=0 if clips is None else clips.lost + clips.late + clips.failed,
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
            with self._edge("the clips could not be closed"):
                if not self._files.close_clips(_LAST_WORDS_S):
                    self._tell(f"the clips were not finished within {_LAST_WORDS_S:.0f} s")
            if not self._disk.stop(_LAST_WORDS_S):
                self._tell(f"the disk did not finish within {_LAST_WORDS_S:.0f} s")
            self._pool.shutdown(wait=True)

    def _work(self) -> None:
        flushed = time.monotonic()
        try:
            with contextlib.suppress(ChannelClosed):
                while True:
                    wait = flushed + self.config.flush_s - time.monotonic()
                    if wait <= 0:
                        self._flush()
                        flushed = time.monotonic()
                        continue
                    with contextlib.suppress(queue.Empty):
                        self._begin(self._inbox.take(wait))
            self._drain()
            self._write_events()
            self._files.finish()
        except Exception as error:  # the edge of a thread: whatever it was must reach the status
            if not isinstance(error, RecordingError):
                log.exception("the recorder failed")
            self._fail(_words_of(error))

    def _begin(self, item: _Item) -> None:
        """Give a frame to an encoder; everything is written in the order in which it was taken."""
        if isinstance(item, Frame):
            kept = submit(self._pool, self._keeping.encode, item, self._keeping.plan(item))
            self._encoding.append(_Encoding(item.stream, item.device_ns, kept))
        else:
            self._encoding.append(item)
        while self._encoding and (len(self._encoding) > self._ahead or _is_ready(self._encoding[0])):
            self._write(self._encoding.popleft())

    def _write(self, item: _Encoding | Results) -> None:
        if isinstance(item, Results):
            with self._told(f"what was said of FrameSet {item.entry.frame_set} could not be stored"):
                self._files.write_results(item)
            return
        try:
            kept = item.kept.result()
        except Exception as error:  # noqa: BLE001 - one frame, whatever it was: the next ones may be well
            self._lose_one(item, f"could not be encoded ({type(error).__name__}: {error})")
            return
        self._files.write(kept, self._count_frame)

    def _count_frame(self) -> None:
        # Before it is written: a writer whose disk refuses has taken the frame, and counts it among the lost.
        with self._lock:
            self._frames += 1

    def _drain(self) -> None:
        while self._encoding:
            self._write(self._encoding.popleft())

    def _flush(self) -> None:
        self._drain()
        if self._frames:  # an event stands at the time of the frames: it waits for the first
            self._write_events()
        self._files.flush()

    def _write_events(self) -> None:
        """What happened, and what was lost, since the last time."""
        with self._lock:
            events, self._events = self._events, []
            now = self._clock.at(now_ns())
            events += [Happened(loss, now, False) for loss in self._losses.take_events()]
        for happened in events:
            with self._told(f"the event {happened.event.name!r} could not be stored"):
                self._files.write_event(happened)

    def _fail(self, reason: str) -> None:
        """The recording cannot go on: keep what was written, count what was not, and tell."""
        with self._lock:
            self._failure = reason
        self._inbox.close()
        words = f"recording ended: {reason}"
        try:
            self._count_what_waits()
            lost = self._files.end(reason)
            self._lose(lost)
        except Exception as error:  # noqa: BLE001 - this edge, too: nobody else would tell
            words = f"{words}; {_words_of(error)}"
        self._tell(words)

    def _count_what_waits(self) -> None:
        waiting = list(self._encoding)
        self._encoding.clear()
        with self._lock:
            for one in waiting:
                if isinstance(one, _Encoding):
                    self._losses.add(one.stream, one.device_ns)
        with contextlib.suppress(ChannelClosed, queue.Empty):
            while True:
                item = self._inbox.take(0.0)
                if isinstance(item, Frame):
                    with self._lock:
                        self._losses.add(item.stream, item.device_ns)

    def _lose(self, lost: Mapping[str, int]) -> None:
        """Frames that were written, and went with the end of their file."""
        with self._lock:
            for name, count in lost.items():
                self._losses.add_unseen(name, count)
                self._frames -= count

    def _lose_one(self, item: _Encoding, why: str) -> None:
        with self._lock:
            first = self._losses.add(item.stream, item.device_ns, why)
            self._has_gap.add(item.stream)
        if first:
            self._tell(f"frames of {item.stream} are lost: they {why}")

    def _note_clock(self, frame: Frame, set_back_ns: int) -> None:
        """Under the lock."""
        if len(self._events) < _MAX_EVENTS:
            words = _clock_words(frame.stream, set_back_ns)
            event = Event(_CLOCK_EVENT, frame.device_ns, frame.device_ns, None, words)
            self._events.append(Happened(event, frame.host_ns, False))

    def _clip_says(self, event: Event) -> None:
        self.put_event(event)
        if event.name in _CLIP_TROUBLES:
            self._tell(f"{event.name}: {event.note}")

    def _tell(self, words: str) -> None:
        log.warning("%s", words)
        self._on_trouble(words)

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """What others say may be wrong in any way; only the disk's troubles end the recording."""
        try:
            yield
        except (RecordingError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - told, and the frames are the evidence: they go on
            self._tell(f"{what}: {type(error).__name__}: {error}")

    @contextlib.contextmanager
    def _edge(self, what: str) -> Iterator[None]:
        """What goes wrong is told and keeps nothing else from being done."""
        try:
            yield
        except Exception as error:  # the edge of a thread: one fault must not end the recording
            log.exception("%s", what)
            self._tell(f"{what}: {_words_of(error)}")


def _is_ready(item: _Encoding | Results) -> bool:
    return isinstance(item, Results) or item.kept.done()


def _words_of(error: Exception) -> str:
    return str(error) if isinstance(error, RecordingError) else f"{type(error).__name__}: {error}"


def _clock_words(stream: str, set_back_ns: int) -> str:
    return (
        f"the host clock stepped back by {set_back_ns / 1e9:.3f} s (found at stream {stream}); "
        "the recording's time goes on"
    )


def _cost(item: _Item) -> int:
    """Bytes in memory, about."""
    if isinstance(item, Frame):
        return item.pixels.nbytes + (0 if item.encoded is None else len(item.encoded))
    return 16 << 10
