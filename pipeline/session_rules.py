"""Rules over a whole recorded session, which stays as it is: what somebody does who writes rules, again and again.

The observations are those that a run stored in the session, and where it stored none, those that are computed now; the
engine is that of `tapetum batch --rules` (pipeline/offline_rules.py), so the events are the same: those of stored
observations as of ``--schedule stored``, those of computed ones as of ``--schedule all``.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from drivers.errors import DriverError
from drivers.frame import Frame
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.errors import BatchError, ConfigError
from pipeline.kept_observations import KeptWriter, is_kept, kept
from pipeline.offline_rules import PICTURE, OfflineRules
from pipeline.process import Process
from pipeline.provenance import versions
from pipeline.rules.load import RuleSet
from pipeline.schedule import all_frame_sets
from pipeline.session_context import SessionContext
from pipeline.signals.names import BY_NAME
from pipeline.stored_run import stored_config
from recordings.errors import RecordingError
from recordings.event import Event
from recordings.observation import Observation
from recordings.reader import SessionReader

From = Literal["stored", "computed", "kept"]
EVERY: Final = 16
"""FrameSets between two words about how far it is."""
_WITHOUT_SIGNALS: Final = frozenset({"face_confidence", "distance", "head_yaw", "head_pitch", "head_roll"})
"""What a face tells by itself, without signals: pipeline/rules/reading.py."""


@dataclass(slots=True)
class SessionEvents:
    """What came of it, beside the events.

    Attributes:
        observations: where they came from: the session, or computed now, or computed before and kept.
        first_ns: the first instant that was looked at, on the camera's clock.
        counts: rule -> its events.
        asked: series that the rules ask for.
        found: those of them that lie beside the session.
        notes: what somebody must know who reads the events; sentences.
    """

    session: str
    rules: str
    observations: From
    first_ns: int = 0
    frame_sets: int = 0
    faces: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "session": self.session,
            "rules": self.rules,
            "observations": self.observations,
            "first_ns": self.first_ns,
            "frame_sets": self.frame_sets,
            "faces": self.faces,
            "events": dict(sorted(self.counts.items())),
            "context": {"asked": list(self.asked), "found": list(self.found)},
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class HowToCompute:
    """For a session that stores no observations.

    Attributes:
        models: loads what computes them; asked only then.
        weights: which models these are, in words: what is kept counts for no others.
        again: compute them also where some are stored.
        keep: where they are kept for the next rules; None: nowhere.
    """

    models: Callable[[], Models]
    config: PipelineConfig = field(default_factory=PipelineConfig)
    weights: str = ""
    again: bool = False
    keep: Path | None = None


def watch_session(
    session: Path,
    source: str,
    put: Callable[[Event], None],
    how: HowToCompute,
    on_progress: Callable[[int, int], None] = lambda done, of: None,
) -> SessionEvents:
    """Let rules look at all of a session.

    Args:
        source: a ready set, or a file of rules.
        put: takes each event when it is over, those that last to the end, too.
        on_progress: told (FrameSets done, expected) now and then.

    Raises:
        ConfigError: the rules are wrong (with line and column), or cannot be read.
        RecordingError: the session, or a series beside it, cannot be read. BatchError: it holds no stream.
        EngineError, PipelineError: it cannot be computed.
    """
    with SessionReader(session) as reader:
        is_stored = reader.observation_count() > 0 and not how.again
        config, problem = _config_of(reader, how.config) if is_stored else (how.config, "")
        rules = RuleSet.load(source, config.signals.zones.names)
        context = SessionContext(session, reader, rules.rules.context)
        engine = OfflineRules(rules, context, put)
        out = SessionEvents(session.name, rules.rules.name, "stored" if is_stored else "computed")
        out.asked, out.found = tuple(rules.rules.context), context.names
        out.notes += [problem] if problem else []
        facts = _Facts(engine.asked)
        if is_stored:
            _look_at_stored(reader, engine, out, facts, on_progress)
        else:
            _compute(session, reader, engine, how, out, facts, on_progress)
    engine.close()
    out.counts = dict(engine.counts)
    out.notes += [*_context_notes(out), *facts.notes(is_stored)]
    return out


def _config_of(reader: SessionReader, otherwise: PipelineConfig) -> tuple[PipelineConfig, str]:
    """What the stored run was configured with: its zones are those that its signals name."""
    try:
        return stored_config(reader.run()), ""
    except (ConfigError, RecordingError) as error:
        return otherwise, f"{error}; the zones of these settings are taken"


def _context_notes(out: SessionEvents) -> list[str]:
    missing = [name for name in out.asked if name not in out.found]
    if not missing:
        return []
    return [f"{', '.join(missing)}: no such series lies beside the session; the strictest limits count"]


class _Facts:
    """What a session says of itself while rules look at it."""

    def __init__(self, asked: frozenset[str]) -> None:
        self._asked = sorted(n for n in asked - _WITHOUT_SIGNALS if n in BY_NAME and BY_NAME[n].of == "face")
        self._last_ns: int | None = None
        self._steps = self._stood = self._back = 0
        self.faces = self.with_signals = 0

    def see(self, observation: Observation) -> None:
        now, last = observation.device_ns, self._last_ns
        if last is not None:
            self._steps += 1
            self._stood += now == last
            self._back += now < last
        self._last_ns = now
        self.faces += len(observation.faces)
        self.with_signals += sum(bool(face.signals) for face in observation.faces)

    def notes(self, is_stored: bool) -> list[str]:
        out = []
        if self._steps and self._stood == self._steps:
            out.append("the camera's clock stands still in this session: rules count its time, and find nothing")
        elif self._back:
            out.append(f"the camera's clock goes back {self._back} times: what goes on ends there, and begins anew")
        if self._asked and self.faces and not self.with_signals:
            why = "what is stored holds no signals; compute them again" if is_stored else "signals are switched off"
            out.append(f"{why}: what rules ask of {', '.join(self._asked)} is not known")
        return out


# -- what is stored ----------------------------------------------------------------------------------------------------


def _look_at_stored(
    reader: SessionReader,
    engine: OfflineRules,
    out: SessionEvents,
    facts: _Facts,
    on_progress: Callable[[int, int], None],
) -> None:
    frames = _Frames(reader)
    count = reader.observation_count()
    damaged = 0
    for done, data in enumerate(reader.observation_bytes()):
        if done % EVERY == 0:
            on_progress(done, count)
        try:
            observation = Observation.from_json(_object(data))
        except RecordingError:
            damaged += 1
            continue
        facts.see(observation)
        engine.see(observation, frames.of(observation))
        _note(out, observation)
    on_progress(count, count)
    if damaged:
        out.notes.append(f"{damaged} of {count} stored observations are damaged and were left out")
    if frames.unread and PICTURE in engine.asked:
        out.notes.append(f"{frames.unread} frames cannot be read: the others say whether the cameras show anything")


def _object(data: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except ValueError as error:
        raise RecordingError(f"a stored observation holds no JSON: {error}") from error
    if not isinstance(found, dict):
        raise RecordingError("a stored observation holds JSON, but no object")
    return found


class _Frames:
    """The frames of stored observations; none is read before somebody looks at it."""

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        self._host_ns: dict[str, NDArray[np.int64]] = {}
        self._order: dict[str, NDArray[np.int64]] = {}
        self._numbers: dict[str, NDArray[np.int64]] = {}
        for stream in reader.streams:
            times = reader.times(stream.name)
            order = np.argsort(times.number, kind="stable")
            self._host_ns[stream.name] = times.host_ns
            self._order[stream.name], self._numbers[stream.name] = order, times.number[order]
        self.unread = 0

    def of(self, observation: Observation) -> Mapping[str, Frame]:
        return _LazyFrames(self, observation)

    def read(self, stream: str, number: int, host_ns: int) -> Frame | None:
        """The frame with the camera's number; of several, the one that came nearest to a time."""
        if stream not in self._order:
            return None
        first, last = np.searchsorted(self._numbers[stream], [number, number + 1])
        found = self._order[stream][first:last]
        if not len(found):
            return None
        place = int(found[np.argmin(np.abs(self._host_ns[stream][found] - host_ns))])
        try:
            return self._reader.frame(stream, place)
        except (RecordingError, DriverError):
            self.unread += 1
            return None


class _LazyFrames(Mapping[str, Frame]):
    """Reads all of them when the first is asked for."""

    def __init__(self, frames: _Frames, observation: Observation) -> None:
        self._frames, self._said = frames, observation
        self._read: dict[str, Frame] | None = None

    def _all(self) -> dict[str, Frame]:
        if self._read is None:
            host_ns = self._said.host_ns
            read = {name: self._frames.read(name, n, host_ns) for name, n in self._said.frames.items()}
            self._read = {name: frame for name, frame in read.items() if frame is not None}
        return self._read

    def __getitem__(self, name: str) -> Frame:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


# -- what is computed --------------------------------------------------------------------------------------------------


def _compute(
    session: Path,
    reader: SessionReader,
    engine: OfflineRules,
    how: HowToCompute,
    out: SessionEvents,
    facts: _Facts,
    on_progress: Callable[[int, int], None],
) -> None:
    if not reader.streams:
        raise BatchError(f"{session} holds no stream of frames; there is nothing to look at")
    expected = max(reader.count(s.name) for s in reader.streams)
    made_of = {
        **_stamp(session),
        "configuration": how.config.model_dump(mode="json"),
        "weights": how.weights,
        "versions": versions(),
    }
    if how.keep is not None and is_kept(how.keep, made_of):
        out.observations = "kept"
        for observation, picture in kept(how.keep):
            facts.see(observation)
            engine.hear(observation, picture)
            _count(out, observation, expected, on_progress)
        on_progress(expected, expected)
        return
    models = how.models()
    with contextlib.ExitStack() as stack:
        stack.callback(models.close)
        # Without a model that could not be loaded today the results are poorer: tomorrow it may be there.
        keep = None if models.missing else how.keep
        writer = None if keep is None else stack.enter_context(KeptWriter(keep, made_of))
        process = Process(reader.streams, models, how.config)
        generators = frozenset(process.paced)
        for frame_set in all_frame_sets(reader, reader.streams, how.config.synchronize):
            looked = process.look(frame_set)
            looked.rests = generators  # no rule asks for what a model imagined
            observation = process.finish(looked)
            facts.see(observation)
            if writer is None:
                engine.step(observation, frame_set)
            else:
                picture = engine.picture(observation, frame_set.frames)
                writer.add(observation, picture)
                engine.hear(observation, picture)
            _count(out, observation, expected, on_progress)
        if writer is not None:
            writer.finish()
    on_progress(expected, expected)


def _count(out: SessionEvents, observation: Observation, expected: int, told: Callable[[int, int], None]) -> None:
    _note(out, observation)
    if out.frame_sets % EVERY == 1:
        told(out.frame_sets, max(expected, out.frame_sets))


def _note(out: SessionEvents, observation: Observation) -> None:
    out.first_ns = out.first_ns if out.frame_sets else observation.device_ns
    out.frame_sets += 1
    out.faces += len(observation.faces)


def _stamp(session: Path) -> dict[str, Any]:
    stat = session.stat()
    return {"session": str(session.resolve()), "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
