"""What can be asked of a live run while it runs: recordings that begin and end, marks, the last seconds saved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from drivers.frame import StreamInfo
from drivers.host_clock import now_ns
from drivers.member import Member
from drivers.supervisor import Supervisor
from engines.loading import Models
from pipeline.alarm_clips import AlarmClips
from pipeline.config import PipelineConfig
from pipeline.errors import LiveError
from pipeline.live_recording import WHILE_IT_RAN, LiveRecording, free_name
from pipeline.live_recordings import Recordings
from pipeline.live_rules import LiveRules
from pipeline.live_saves import LiveSaves
from pipeline.live_status import Marked, RunState
from pipeline.provenance import run_record
from pipeline.rules.engine import EventKey
from recordings.config import RecordConfig
from recordings.event import Event
from recordings.last_seconds import LastSeconds
from recordings.recorder import Recorder
from recordings.run_record import unreplayable


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of a run: the newest frame's device time (ours where the streams have several clocks), and our clock."""

    device_ns: int
    host_ns: int


class LiveControl:
    """The part of :class:`pipeline.run.LiveRun` that whoever looks at it asks. Nothing here waits for a disk but what
    ``start`` asks for.

    Args:
        members: the cameras.
        config: of the run.
    """

    def __init__(self, members: Sequence[Member], config: PipelineConfig) -> None:
        self._members = list(members)
        self._config = config
        self._models = Models()
        self._supervisors: list[Supervisor] = []
        self._streams: tuple[StreamInfo, ...] = ()
        self._state = RunState()
        self._recordings = Recordings()
        self._saves: LiveSaves | None = None
        self._rules: LiveRules | None = None
        self._ready = threading.Event()

    def moment(self) -> Moment:
        """Now, for :meth:`mark`: what is said later of this moment stands at it."""
        with self._state.lock:
            return Moment(self._state.newest_ns, now_ns())

    def mark(self, note: str = "", moment: Moment | None = None) -> Marked:
        """An event "mark", now or at an earlier moment: in the recording, with a clip where it writes clips, and
        among what is kept of the last seconds. Says where it stands."""
        at = self.moment() if moment is None else moment
        event = Event("mark", at.device_ns, at.device_ns, None, note)
        kept = self._saves is not None and self._saves.last.push_event(event, at.host_ns)
        if self._recordings.put_event(event, clip=True, host_ns=at.host_ns):
            return Marked.RECORDED
        return Marked.KEPT if kept else Marked.NOWHERE

    def use_rules(self, source: str) -> None:
        """Let other rules count: a ready set, a file, or '' for none. Returns at once; see ``status().rules``."""
        if self._rules is not None:
            self._rules.use(source)

    def acknowledge(self, key: EventKey, by: str) -> None:
        """Somebody has seen an event that a rule told."""
        if self._rules is not None:
            self._rules.acknowledge(key, by)

    def suggest_clips(self, folder: Path) -> None:
        """Where clips of alarms go unless the configuration says so."""
        if self._rules is not None:
            self._rules.suggest_clips(folder)

    def _put_event(self, event: Event, *, clip: bool, host_ns: int) -> bool:
        """Into the recording that is on, and among what is kept of the last seconds; whether it stands anywhere."""
        kept = self._saves is not None and self._saves.last.push_event(event, host_ns)
        return self._recordings.put_event(event, clip=clip, host_ns=host_ns) or kept

    def write_event(self, name: str, note: str) -> bool:
        """An event, now, without a clip of its own, where something is recorded or kept; whether it stands anywhere."""
        at = self.moment()
        event = Event(name, at.device_ns, at.device_ns, None, note)
        kept = self._saves is not None and self._saves.last.push_event(event, at.host_ns)
        return self._recordings.put_event(event, clip=False, host_ns=at.host_ns) or kept

    def mute_began(self, name: str, note: str, by: str, seconds: float) -> Event:
        """An event that is a mute, from now on and for so long, where something is recorded or kept."""
        at = self.moment()
        until_ns = at.device_ns + round(seconds * 1e9)
        event = Event(name, at.device_ns, None, None, note, muted_by=by, muted_until_ns=until_ns)
        self._put_event(event, clip=False, host_ns=at.host_ns)
        return event

    def mute_told(self, event: Event, ended: str = "") -> None:
        """Tell a mute again: as it is, or that it is over, and how that came."""
        at = self.moment()
        if ended:
            end_ns = max(at.device_ns, event.begin_ns)
            event = replace(event, end_ns=end_ns, note=f"{event.note}; {ended}")
        self._put_event(event, clip=False, host_ns=at.host_ns)

    def start_recording(self, path: Path, record: RecordConfig | None = None, fresh: bool = False) -> None:
        """Record from the present frame on. Returns at once: how it goes is in ``status().recording``.

        Args:
            path: the first file, ``NAME.mcap``.
            record: settings in place of the configuration's.
            fresh: make the folder where there is none, and take another name where this one is taken.

        Raises:
            LiveError: something is recorded already, or nothing runs (any more).
        """
        if not self._ready.is_set():
            raise LiveError("nothing can be recorded yet: the cameras are not open")
        config = record or self._config.record

        def make(recording: LiveRecording) -> Recorder:
            target = path
            if fresh:
                path.parent.mkdir(parents=True, exist_ok=True)
                target = free_name(path)
                recording.named(target)
            run = unreplayable(self._run_record(config), WHILE_IT_RAN)
            return self._new_recorder(target, config, run, recording.note_trouble)

        self._recordings.begin(path, make)

    def stop_recording(self) -> bool:
        """End the recording, while the picture goes on; False when none is on. Returns at once: the file is finished
        when ``status().recording`` says so."""
        return self._recordings.end()

    def save_last(self, seconds: float, path: Path, fresh: bool = False) -> int:
        """Save the last seconds that are kept as a session. Returns at once: see :meth:`LiveSaves.save`.

        Raises:
            LiveError: nothing is kept, or two are being saved already.
        """
        if self._saves is None:
            raise LiveError("nothing can be saved: this run keeps no last seconds in memory (keep.seconds)")
        return self._saves.save(seconds, path, fresh)

    # -- for the run -------------------------------------------------------------------------------------------

    def _alarm_clips(self) -> AlarmClips:
        """What keeps clips of alarms, out of what this run holds."""

        def last() -> LastSeconds | None:
            return None if self._saves is None else self._saves.last

        clips = self._config.watch.clips
        return AlarmClips(clips, last, self._recordings, lambda: self._run_record(), self._source())

    def _open_recorder(self, path: Path | None) -> Recorder | None:
        if path is None:
            return None
        return self._new_recorder(path, self._config.record, self._run_record(), self._state.fail)

    def _new_recorder(
        self, path: Path, config: RecordConfig, run: Mapping[str, Any], on_trouble: Callable[[str], None]
    ) -> Recorder:
        return Recorder(path, self._streams, config, source=self._source(), run=run, on_trouble=on_trouble)

    def _source(self) -> str:
        return ", ".join(member.camera.source for member in self._members)

    def _run_record(self, record: RecordConfig | None = None) -> dict[str, Any]:
        """What results are made with; ``record``: settings of a recording in place of the configuration's."""
        config = self._config if record is None else self._config.model_copy(update={"record": record})
        return {**run_record(self._models, config), "cameras": self._cameras_record()}

    def _cameras_record(self) -> list[dict[str, object]]:
        """Which cameras these are: model, serial number, what is set on them."""
        return [
            {"name": member.name, "source": member.camera.source, "options": dict(supervisor.status().options)}
            for member, supervisor in zip(self._members, self._supervisors, strict=True)
        ]
