"""What a live run says of itself: its newest result, its state, and what its threads share."""

from __future__ import annotations

import enum
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.channels import ChannelCount
from drivers.frame import FrameSet
from drivers.supervisor import SupervisorStatus
from engines.keeper import EngineState
from pipeline.live_recording import RecordingNow
from pipeline.live_rules import RulesNow
from pipeline.live_saves import SaveNow
from pipeline.meter import MeterSnapshot
from pipeline.pacing import Pace
from recordings.event import Event
from recordings.last_seconds import LastStatus
from recordings.observation import Observation
from recordings.recorder_status import RecorderStatus

log = logging.getLogger(__name__)

MAX_ERRORS = 1000
"""That a run remembers; all are in the log."""


class Marked(enum.StrEnum):
    """Where a mark stands. Only the last is false."""

    RECORDED = "in the recording"
    KEPT = "among the last seconds"
    NOWHERE = ""


@dataclass(frozen=True, slots=True, eq=False)
class LiveResult:
    """What the process thread says of one FrameSet: the newest of these is what the screen shows."""

    frame_set: FrameSet
    observation: Observation
    timings: Mapping[str, float]
    """Seconds a step took, this time."""
    done_host_ns: int
    """When the observation was ready (Unix epoch, ns)."""
    events: tuple[Event, ...] = ()
    """What rules found that goes on at this instant."""
    asked: frozenset[str] = frozenset()
    """The signals that rules ask for."""


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """A snapshot of a live run for the screen and the log."""

    cameras: tuple[SupervisorStatus, ...]
    channels: Mapping[str, ChannelCount]
    meter: MeterSnapshot
    processed: int
    recorder: RecorderStatus | None
    """None when nothing is recorded."""
    errors: tuple[str, ...]
    ended: bool
    engines: tuple[EngineState, ...] = ()
    """What runs each model, why not the others, and what is on its way."""
    pace: Pace = field(default_factory=Pace)
    """Which models run on every n-th FrameSet only, to keep the latency budget."""
    not_computed: int = 0
    """FrameSets that no engine could compute: their observations say so."""
    leader_changes: int = 0
    """How often another stream began to lead, since the one that did gave nothing."""
    clock_jumps: int = 0
    """How often a camera's clock, or ours, leapt."""
    recording: RecordingNow | None = None
    """The newest recording, also while it is being begun or when that failed; ``recorder`` is its recorder."""
    kept: LastStatus | None = None
    """What can be saved of the last seconds; None where nothing is kept."""
    saves: tuple[SaveNow, ...] = ()
    """The newest savings of the last seconds."""
    rules: RulesNow = field(default_factory=RulesNow)
    """What makes events of the signals, and whom they are told."""


def given_up_words(source: str, note: str) -> str:
    """That nobody tries to open a camera again, and why."""
    return f"{source} was given up: {note}"


@dataclass(slots=True)
class RunState:
    """What the threads share, under one lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    processed: int = 0
    not_computed: int = 0
    pace: Pace = field(default_factory=Pace)
    newest_ns: int = 0
    errors: list[str] = field(default_factory=list)

    def fail(self, text: str) -> None:
        log.error("%s", text)
        with self.lock:
            if len(self.errors) < MAX_ERRORS:
                self.errors.append(text)
