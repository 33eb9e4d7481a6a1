"""Rules in a live run: what they find goes to the screen, into the recording, and to whoever is to be told."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Frame
from pipeline.alarm_clips import AlarmClips, ClipsNow
from pipeline.clip_shelf import ClipsConfig
from pipeline.context.live import MAX_AGE_S, ContextNow, LiveContext
from pipeline.context.source import parse_sources
from pipeline.delivery.deliver import DeliveryConfig, DeliveryStatus
from pipeline.delivery.deliveries import Deliveries
from pipeline.delivery.target import parse_target
from pipeline.errors import PipelineError
from pipeline.rules.engine import EventKey, RuleEngine, key_of
from pipeline.rules.load import RuleSet
from pipeline.rules.model import RulesFile
from pipeline.rules.picture import PictureWatch
from pipeline.rules.run import Change
from recordings.event import Clip, Event
from recordings.observation import Observation

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
"""Between two looks at whether the file of the rules has changed."""
PATIENCE_S: Final = 1.0
"""So much longer than the rules' ``lost_s`` nothing must have come before it is said that nobody looks."""
QUIET: Final = "notice"
"""Events of this severity get no clip."""
RECENT: Final = 64
KEPT: Final = 1024
"""Clips whose place is remembered, for events that still change."""
NO_FRAMES: Final[Mapping[str, Frame]] = {}
NO_RULES: Final = RulesFile(name="none")


class WatchConfig(BaseModel):
    """What a live run makes of the signals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: str = Field("", description="in-car, night-watch, or a file in TOML; '' for none")
    on_alarm: str | tuple[str, ...] = Field(
        "",
        description="a command that is given each alarm as JSON, or a local address that it is posted to, or several "
        "of these; '' for none",
    )
    delivery: DeliveryConfig = Field(default_factory=DeliveryConfig)
    clips: ClipsConfig = Field(default_factory=ClipsConfig)
    context_from: tuple[str, ...] = Field(
        (),
        description="where what is known beside the pictures comes from, such as the vehicle's speed: "
        "udp://127.0.0.1:5005, nmea:/dev/ttyUSB0@9600, nmea+udp://127.0.0.1:5005",
    )
    context_max_age_s: float = Field(
        MAX_AGE_S, ge=0.1, le=60, description="after that a value is not known any more, and the strictest limits count"
    )
    context_network: bool = Field(
        False, description="listen also at addresses that others in the network reach; they could silence alarms"
    )

    @property
    def targets(self) -> tuple[str, ...]:
        """All that ``on_alarm`` names."""
        return tuple(filter(None, (self.on_alarm,) if isinstance(self.on_alarm, str) else self.on_alarm))


@dataclass(frozen=True, slots=True)
class RulesNow:
    """What of the rules can be shown.

    Attributes:
        source: what was asked for: a ready set, a file, or '' for none.
        name, text: of the set that counts.
        problem: why what was asked for, or the file as it is now, does not count; '' where it does.
        running: the events that go on, as of the last observation; none once nobody looks: whether they still go on
            is not known then, and the next observation ends them or goes on with them.
        recent: the newest events, each as it was told last, also when it came and went between two looks.
        delivery: None where nobody outside is told.
        clips: None where nobody keeps any.
        idle_s: for how long no observation has come, by our clock; 0 while they come, and where there are no rules.
        context: what is known beside the pictures: whatever rules ask for is among its values, known or not.
    """

    source: str = ""
    name: str = ""
    text: str = ""
    problem: str = ""
    running: tuple[Event, ...] = ()
    recent: tuple[Event, ...] = ()
    delivery: DeliveryStatus | None = None
    clips: ClipsNow | None = None
    idle_s: float = 0.0
    context: ContextNow = field(default_factory=ContextNow)


class PutEvent(Protocol):
    """Takes an event into what is recorded or kept; never waits."""

    def __call__(self, event: Event, *, clip: bool, host_ns: int) -> object: ...


class LiveRules:
    """``step`` belongs to one thread, and ``stop`` comes when that has ended; everything else is for any.

    A thread of its own reads what :meth:`use` asks for, and reads a file again when it has changed: no picture waits
    for a disk.

    Args:
        config: what counts, and whom to tell.
        put_event: for the recording.
        session: who tells it, for those outside.
        zones: names of the zones of gaze that rules may ask for; None: any.
        clock: in seconds; says how long nothing has come. What the rules find never depends on it.
        clips: keep what the rules ask for; closed with this.
        keep_s: for so long what was known beside the pictures is held, for recordings of the last seconds.

    Attributes:
        context: what is known beside the pictures; closed with this.

    Raises:
        ConfigError: the rules or the target cannot be used.
        ContextError: a source of the context cannot be listened at.
    """

    def __init__(
        self,
        config: WatchConfig,
        put_event: PutEvent,
        session: str = "",
        zones: Collection[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        clips: AlarmClips | None = None,
        keep_s: float = 60.0,
    ) -> None:
        self._clock = clock
        self._clips = clips
        self._stepped_s: float | None = None
        self._zones = zones
        self._set = RuleSet.load(config.rules, zones) if config.rules else RuleSet(NO_RULES)
        targets = [parse_target(words) for words in config.targets]
        sources = parse_sources(config.context_from, config.context_network)
        self._source = config.rules
        self._problem = ""
        self._failed = ""
        self._engine = RuleEngine(self._set)
        self._put_event = put_event
        self._picture = PictureWatch()
        self._lock = threading.Lock()
        self._running: tuple[Event, ...] = ()
        self._recent: dict[EventKey, Event] = {}
        self._last_ns = 0
        self._wanted: str | None = None
        self._wake = threading.Event()
        self._is_closing = False
        self._kept: dict[EventKey, Clip] = {}
        """Of the events that were told last, where their clips are."""
        # It takes ports, which may be taken already: after it nothing here may fail.
        self.context = LiveContext(sources, config.context_max_age_s, keep_s + 60.0, self._asked_context)
        self._delivery = Deliveries(targets, config.delivery, session) if targets else None
        if clips is not None:
            clips.told, clips.said = self._clip_told, self._clip_said
        self._reader = threading.Thread(target=self._read, name="tapetum-rules")
        self._reader.start()

    def status(self) -> RulesNow:
        """Never blocks for long."""
        with self._lock:
            source, problem, running, rules = self._source, self._what_is_wrong(), self._running, self._set.rules
            told, recent = None if self._delivery is None else self._delivery.status, tuple(self._recent.values())
        clips = None if self._clips is None else self._clips.status()
        name, text = (rules.name, rules.text) if source else ("", "")
        idle_s = self._idle_s(rules)
        running = () if idle_s else running
        idle_s = idle_s if source else 0.0
        context = self.context.status()
        return RulesNow(source, name, text, problem, running, recent, told, clips, idle_s, context)

    def _asked_context(self) -> tuple[str, ...] | None:
        """The series that rules ask for; None while no rules count."""
        return self._set.rules.context if self._source else None

    def _idle_s(self, rules: RulesFile) -> float:
        stepped_s = self._stepped_s
        idle_s = 0.0 if stepped_s is None else self._clock() - stepped_s
        return idle_s if idle_s > rules.lost_s + PATIENCE_S else 0.0

    def _what_is_wrong(self) -> str:
        return self._problem or self._failed or self._set.problem

    @property
    def asked(self) -> frozenset[str]:
        """The signals that rules ask for. For the thread of ``step``."""
        return self._engine.asked

    def use(self, source: str) -> None:
        """Let other rules count: a ready set, a file, or '' for none. Returns at once; ``status`` tells what became
        of it. What cannot be read leaves the rules as they are."""
        with self._lock:
            self._wanted = source
        self._wake.set()

    def acknowledge(self, key: EventKey, by: str) -> None:
        """Somebody has seen an event."""
        self._engine.acknowledge(key, by)

    def step(
        self,
        observation: Observation,
        frames: Mapping[str, Frame] = NO_FRAMES,
        context: Mapping[str, float] | None = None,
    ) -> tuple[Event, ...]:
        """The events that go on at this instant; those that begin or end are told.

        Args:
            frames: of the FrameSet: whether they show anything at all is for rules, too.
            context: what is known beside the pictures; None: what the sources told until the observation.
        """
        known = self.context.at(observation.host_ns) if context is None else context
        self._last_ns = observation.host_ns
        self._stepped_s = self._clock()
        scene = {}
        if frames and self._engine.rules.rule:
            scene["picture"] = self._picture.step(frames, observation.device_ns)
        return self._tell(self._engine.step(observation, known, scene))

    def stop(self) -> None:
        """Nothing comes any more: what goes on ends, and that is recorded."""
        self._stepped_s = None
        self._tell(self._engine.stop())

    def close(self, timeout_s: float = 5.0) -> bool:
        """Nobody reads and nobody is told any more; False when a slow disk keeps the reader longer than that."""
        is_first, self._is_closing = not self._is_closing, True
        self._wake.set()
        end = time.monotonic() + timeout_s
        if self._delivery is not None:
            self._delivery.begin_to_close(min(timeout_s, 3.0))
        # Beside each other: a target that hangs takes no time from a clip that is being written.
        down = self._clips is None or self._clips.close(max(0.5, end - time.monotonic()))
        down = self.context.close(max(0.5, end - time.monotonic())) and down
        if self._delivery is not None:
            told = self._delivery.close()
            if is_first and (told.failed or told.dropped):
                log.warning("%d alarms could not be told, %d were left out", told.failed, told.dropped)
        self._reader.join(max(0.1, end - time.monotonic()))
        return down and not self._reader.is_alive()

    def suggest_clips(self, folder: Path) -> None:
        """Where clips of alarms go unless the configuration says so."""
        if self._clips is not None:
            self._clips.suggest(folder)

    def _tell(self, changes: list[Change]) -> tuple[Event, ...]:
        for change in changes:
            begins = change.kind == "begun"
            with self._lock:  # what is told of an event keeps its order, whoever tells it
                event = self._begun(change.event) if begins else self._placed(change.event)
                self._put_event(event, clip=begins and event.severity != QUIET, host_ns=self._last_ns)
                self._remember(event)
            if self._delivery is not None:
                path = None if self._clips is None else self._clips.path_of(event)
                self._delivery.offer(replace(change, event=event), path)
        running = self._engine.running
        with self._lock:
            self._running = tuple(self._placed(event) for event in running)
            return self._running

    def _begun(self, event: Event) -> Event:
        """The event with the place of its clip. Under the lock."""
        if self._clips is None:
            return event
        event = self._clips.want(event, self._last_ns)
        if event.clip is not None:
            self._kept[key_of(event)] = event.clip
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return event

    def _placed(self, event: Event) -> Event:
        """Under the lock."""
        clip = self._kept.get(key_of(event)) if event.clip is not None else None
        return event if clip is None else replace(event, clip=clip)

    def _remember(self, event: Event) -> None:
        """Under the lock."""
        key = key_of(event)
        self._recent.pop(key, None)
        self._recent[key] = event
        while len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]

    # -- from the thread of the clips ----------------------------------------------------------------------------------

    def _clip_told(self, event: Event) -> None:
        """A clip turned out otherwise: the event is told again with what is known of it meanwhile."""
        key = key_of(event)
        with self._lock:
            assert event.clip is not None, "only such events have clips"
            if key in self._kept:
                self._kept[key] = event.clip
            event = replace(self._recent.get(key, event), clip=event.clip)
            if key in self._recent:
                self._recent[key] = event
            self._running = tuple(self._placed(one) for one in self._running)
            self._put_event(event, clip=False, host_ns=self._last_ns)

    def _clip_said(self, event: Event) -> None:
        self._put_event(event, clip=False, host_ns=self._last_ns)

    # -- the reader's thread -----------------------------------------------------------------------------------------

    def _read(self) -> None:
        told = ""
        while True:
            self._wake.wait(LOOK_S)
            self._wake.clear()
            if self._is_closing:
                return
            self._look()
            problem = self._what_is_wrong()
            if problem and problem != told:
                log.warning("the rules stay as they were: %s", problem)
            elif told and not problem:
                log.warning("the rules count as asked for again: %s", self._source or "none")
            told = problem

    def _look(self) -> None:
        with self._lock:
            wanted, self._wanted = self._wanted, None
        failed = ""
        try:
            if wanted is not None:
                self._load(wanted)
            elif self._set.reload_if_changed():
                log.info("%s was read again", self._set.path)
        except Exception as error:  # noqa: BLE001 - whatever a file holds, this thread goes on to look at the next one
            failed = f"{self._source if wanted is None else wanted}: {type(error).__name__}: {error}"
        with self._lock:
            self._failed = "" if wanted is not None else failed
            if wanted is not None and failed:
                self._problem = failed

    def _load(self, source: str) -> None:
        try:
            found = RuleSet.load(source, self._zones) if source else RuleSet(NO_RULES)
        except (PipelineError, OSError) as error:
            with self._lock:
                self._problem = str(error)
            return
        self._engine.use(found)
        with self._lock:
            self._set, self._source, self._problem = found, source, ""
