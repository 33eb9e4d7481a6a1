"""The files of a recording: the main session's segments, and clips. What goes where is decided by the profile."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drivers.frame import StreamInfo
from recordings.channels import MAX_HOST_NS
from recordings.clip_budget import LosslessBudget
from recordings.clip_settings import ClipSettings
from recordings.clips import ClipRecorder
from recordings.config import RecordConfig
from recordings.disk_worker import DiskWorker
from recordings.errors import SessionWriteError
from recordings.event import Event
from recordings.face_presence import FacePresence
from recordings.keeping import Kept
from recordings.lost_frames import LOST_EVENT
from recordings.observation import Observation
from recordings.part_file import PartFile
from recordings.ring import FrameRing
from recordings.run_record import unreplayable
from recordings.segments import Segments, recording_info
from recordings.session import ScheduleEntry, SessionInfo

_MIB: Final = 1 << 20
_GIB: Final = 1 << 30
_SETTLE_S: Final = 30.0
_BURST: Final = 5
"""A fifth of an hour's budget for clips of faces may be used at once."""


@dataclass(frozen=True, slots=True)
class Results:
    """An observation and the schedule entry that belongs to it."""

    observation: Observation
    entry: ScheduleEntry


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, and (on the host clock) when; ``clip`` asks for one of its own."""

    event: Event
    host_ns: int
    clip: bool


class RecordingFiles:
    """For the recorder's thread; the counts for all.

    Args:
        path: the first file.
        streams, config, source, run: as in :class:`recordings.recorder.Recorder`.
        packers: threads that compress.
        disk: the thread that syncs and finishes files.
        on_clip_event: called with what should be said of clips, in another thread.
        on_trouble: called with words when something could not be done and the recording goes on.

    Raises:
        SessionWriteError: the first file cannot be made.
    """

    def __init__(
        self,
        path: Path,
        streams: Sequence[StreamInfo],
        config: RecordConfig,
        *,
        source: str,
        run: Mapping[str, Any] | None,
        packers: Executor,
        disk: DiskWorker,
        on_clip_event: Callable[[Event], None],
        on_trouble: Callable[[str], None],
    ) -> None:
        self._path = path
        self._config = config
        self._packers = packers
        self._disk = disk
        info = recording_info(path, streams, config, source)
        self.main: Segments | None = None
        if config.profile != "events":
            self.main = Segments(path, info, config, run=run, packers=packers, disk=disk, on_trouble=on_trouble)
        else:
            # There is no file before the first event: that is too late to learn that there can be none.
            PartFile(path.with_name(f"{path.stem}-clip-{uuid.uuid4().hex[:8]}.try")).discard()
        self.clips: ClipRecorder | None = None
        self._faces: FacePresence | None = None
        if config.writes_clips:
            self.clips = self._open_clips(info, run, on_clip_event)
            self._faces = FacePresence(self.clips)

    @property
    def bytes_written(self) -> int:
        """Of all files so far."""
        clips = 0 if self.clips is None else self.clips.status().bytes
        return clips + (0 if self.main is None else self.main.bytes_written)

    def write(self, kept: Kept, before: Callable[[], None]) -> None:
        """A frame, as its profile keeps it; ``before`` is called before the main session takes it.

        Raises:
            SessionWriteError: the disk refuses.
        """
        if kept.ring is not None and self.clips is not None:
            self.clips.push(kept.ring)
        if kept.main is None or self.main is None:
            before()
            return
        writer = self.main.writer_for(kept.main)
        before()
        writer.write_stored(kept.main)

    def write_results(self, results: Results) -> None:
        """What the pipeline says of frames written before.

        Raises:
            SessionWriteError: the disk refuses.
            ValueError: it holds what no session can, such as numbers that are none; nothing of it is written.
        """
        observation = results.observation
        data = observation.to_bytes()  # before anything is written: all of it, or none
        if not 0 <= observation.host_ns < MAX_HOST_NS:
            raise ValueError(f"its host time is {observation.host_ns} ns")
        if self.clips is not None and self._faces is not None:
            self._faces.update(observation)
            self.clips.push_observation(data, observation.host_ns)
        if self.main is not None:
            self.main.writer.write_schedule(results.entry)
            self.main.writer.write_observation(observation)

    def write_event(self, happened: Happened) -> None:
        """An event, and the clip it asks for.

        Raises:
            SessionWriteError: the disk refuses.
            TypeError, ValueError: it holds what no session can.
        """
        event, host_ns = happened.event, happened.host_ns
        if self.main is not None:
            self.main.writer.write_event(event)
            if event.name == LOST_EVENT:
                self.main.writer.write_log("error", event.note)
        if self.clips is not None and happened.clip:
            self.clips.trigger(event, host_ns, host_ns)
        elif self.clips is not None:
            self.clips.push_event(event, host_ns)

    def flush(self) -> None:
        """Everything written so far goes to the file, and soon to the disk itself.

        Raises:
            SessionWriteError: the disk refuses, or has too little room to go on.
        """
        if self.main is not None:
            self.main.writer.flush(sync=False)
            self._disk.sync(self.main.writer)
        self._check_disk()

    def finish(self) -> None:
        """Finish the main session.

        Raises:
            SessionWriteError: the disk refuses; :meth:`end` keeps what was written.
        """
        # The segments before it first: a quota takes what was finished last for the newest.
        self._disk.settle(_SETTLE_S)
        self._check_disk()
        if self.main is not None:
            self.main.close()

    def end(self, reason: str) -> Mapping[str, int]:
        """Finish the main session after trouble; stream -> frames that could not be kept.

        Raises:
            SessionWriteError: the file could not be finished.
        """
        return {} if self.main is None else self.main.end(reason)

    def close_clips(self, deadline_s: float) -> bool:
        """Finish the clips that are open; False when that took longer."""
        if self.clips is None:
            return True
        if self._faces is not None:
            self._faces.close()
        return self.clips.close(deadline_s)

    def _check_disk(self) -> None:
        problem = self._disk.problem()
        if problem:
            raise SessionWriteError(problem)

    def _open_clips(
        self, info: SessionInfo, run: Mapping[str, Any] | None, on_event: Callable[[Event], None]
    ) -> ClipRecorder:
        config = self._config
        settings = ClipSettings(before_s=config.before_s, after_s=config.after_s)
        hourly = round(config.lossless_gib_per_hour * _GIB)
        try:
            return ClipRecorder(
                self._path.parent,
                self._path.stem,
                info,
                FrameRing(settings.ring_s, round(config.ring_mib * _MIB)),
                settings,
                layout="compact",
                budget=LosslessBudget(hourly, hourly // _BURST) if config.profile == "watch" and hourly else None,
                on_event=on_event,
                run=None if run is None else unreplayable(run, "it is a clip: the steps remember what came before it"),
                packers=self._packers,
            )
        except BaseException:  # whatever it was, also an interrupt: nothing may stay behind
            if self.main is not None:
                self.main.writer.abort()
            raise
