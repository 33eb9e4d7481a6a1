"""What the window looks at: a feed gives the newest result and a status. Replay and live are feeds. No Qt here."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from drivers.clock import ClockState
from drivers.frame import FrameSet, StreamInfo
from engines.engine_state import EngineState
from pipeline.live_rules import RulesNow
from pipeline.meter import MeterSnapshot
from pipeline.pacing import Pace
from recordings.event import Event
from recordings.observation import Observation


class Mode(enum.StrEnum):
    """Where the frames come from."""

    REPLAY = "replay"
    LIVE = "live"


class Phase(enum.StrEnum):
    """How far a feed is."""

    OPENING = "opening"
    LOADING = "loading models"
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One FrameSet with what was seen in it: what the window draws.

    Attributes:
        timings: seconds that each step took on it.
        position: place in the recording, counted from 0; -1 in a live feed.
        chain_start: position at which tracking began, for results that depend on what came before; 0 means that
            the result is that of a run from the beginning.
        recorded: what the session stores of the same FrameSet, while a replay compares both.
        events: that rules found and that go on at this instant.
        asked: the signals that rules ask for; some are told only then.
    """

    frame_set: FrameSet
    observation: Observation
    timings: Mapping[str, float] = field(default_factory=dict)
    position: int = -1
    chain_start: int = 0
    recorded: Observation | None = None
    events: tuple[Event, ...] = ()
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """A stream in numbers. ``lost`` counts frames that never came to the steps; ``note`` says what is wrong, ``facts``
    what is known of its frames and its clock; ``clock`` is how its camera's clock lies to ours, where one is mapped."""

    info: StreamInfo
    fps: float = 0.0
    lost: int = 0
    state: str = ""
    note: str = ""
    facts: str = ""
    clock: ClockState | None = None


@dataclass(frozen=True, slots=True)
class ReplayStatus:
    """Where a replay stands. Times are in ns from the recording's first FrameSet.

    ``position`` is shown, ``aim`` is where the last command leads; ``part`` is the first and last position of what a
    loop plays, None for all; ``speed`` is ``inf`` for as fast as the steps go.
    """

    position: int = 0
    aim: int = 0
    count: int = 0
    time_ns: int = 0
    duration_ns: int = 0
    playing: bool = False
    at_end: bool = False
    loop: bool = False
    part: tuple[int, int] | None = None
    speed: float = 1.0
    reached_speed: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """What is being recorded.

    Attributes:
        path: the first file.
        state: ``opening``, ``recording``, ``closing``, ``ended`` or ``failed``; ``trouble`` is what went wrong last
            while it goes on.
        profile: ``evidence``, ``watch`` or ``events``.
        is_over: nothing more is written; ``reason`` says why when it ended by itself.
        bytes_per_second, hours_left: None until measured; ``hours_left`` is inf when the disk cannot fill.
        lost: stream -> frames that are not in it.
        clip_problems: clips that failed, and frames that clips lack.
    """

    path: Path
    profile: str = "evidence"
    is_over: bool = False
    reason: str = ""
    frames: int = 0
    bytes_written: int = 0
    bytes_per_second: float | None = None
    free_bytes: int | None = None
    hours_left: float | None = None
    lost: Mapping[str, int] = field(default_factory=dict)
    clips: int = 0
    clip_problems: int = 0
    state: str = "recording"
    trouble: str = ""

    @property
    def is_on(self) -> bool:
        """Frames go into it, or will as soon as it is open."""
        return not self.is_over and self.state in ("opening", "recording")

    @property
    def is_in_trouble(self) -> bool:
        """Something that should be in the recording is not."""
        return bool(self.reason) or any(self.lost.values()) or self.clip_problems > 0


@dataclass(frozen=True, slots=True)
class KeptStatus:
    """What is held of the last seconds, to be saved afterwards.

    Attributes:
        reach_s: so many seconds back everything is there; at most limit_s.
        bytes: of memory, at most limit_bytes.
        is_bounded_by_bytes: the memory, and not the time, keeps it from reaching further.
    """

    reach_s: float
    limit_s: float
    bytes: int
    limit_bytes: int
    is_bounded_by_bytes: bool = False


@dataclass(frozen=True, slots=True)
class SaveStatus:
    """One saving of the last seconds.

    Attributes:
        state: ``saving``, ``saved`` or ``failed``; ``reason`` says why.
        seconds, frames: that were saved.
    """

    number: int
    path: Path
    state: str
    reason: str = ""
    seconds: float = 0.0
    frames: int = 0


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """A snapshot for the screen.

    Attributes:
        title: what is shown: a file's name, a camera's source.
        problem: why nothing (more) comes, for the message bar; empty when all is well.
        note: something worth knowing that is no problem.
        models: what runs each model, as ``Models.describe()`` says it.
        drops: where items were dropped between threads -> how many.
        progress: of opening, 0..1.
        recording: None when nothing is recorded.
        engines: what runs each model now, why not the others, and what is on its way.
        pace: which models rest, so that a latency budget is kept.
        not_computed: FrameSets that no engine could compute.
        kept: None where nothing is held of the last seconds; saves are the newest savings of it.
        rules: what makes events of the signals, and what they tell.
    """

    mode: Mode
    title: str
    phase: Phase
    problem: str = ""
    note: str = ""
    streams: tuple[StreamStatus, ...] = ()
    meter: MeterSnapshot | None = None
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    drops: Mapping[str, int] = field(default_factory=dict)
    progress: float = 0.0
    recording: RecordingStatus | None = None
    replay: ReplayStatus | None = None
    engines: tuple[EngineState, ...] = ()
    pace: Pace = field(default_factory=Pace)
    not_computed: int = 0
    kept: KeptStatus | None = None
    saves: tuple[SaveStatus, ...] = ()
    rules: RulesNow = field(default_factory=RulesNow)

    @property
    def missing(self) -> dict[str, str]:
        """Model -> why it was not loaded."""
        return {name: str(told["missing"]) for name, told in self.models.items() if "missing" in told}


class Feed(Protocol):
    """Gives results from threads of its own; every method returns at once, except ``close``."""

    def start(self) -> None:
        """Begin. Errors appear in the status."""
        ...

    def newest(self) -> Shown | None:
        """The newest result that was not given yet; None when there is none."""
        ...

    def status(self) -> FeedStatus: ...

    def close(self, deadline_s: float = 5.0) -> bool:
        """Stop and release everything; False when a thread did not end in time."""
        ...
