"""A session's frames against their checksums, and its stored observations against the same steps run again."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from engines.errors import EngineError
from engines.loading import Models
from pipeline.compare_observations import Comparison, Deviation, Mode
from pipeline.config import PipelineConfig
from pipeline.errors import ConfigError, PipelineError
from pipeline.not_computed import failed_in, told_again
from pipeline.process import Process
from pipeline.schedule import DamagedFrameError, MissingFrameError, rests_of, scheduled_frame_sets
from pipeline.stored_run import EngineCheck, added_settings, compare_engines, load_as_stored, stored_config
from recordings import schemas
from recordings.errors import RecordingError
from recordings.integrity import BadFrame, IntegrityReport, check_session
from recordings.parts import why_not_replayable
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry

Progress = Callable[[str, int, int], None]
"""Called with what is counted (``frames``, ``observations``), how many are done and how many there are."""

Results = Literal["none", "equal", "within tolerances", "different", "not verified"]

_LOSS_EVENTS = ("frames not recorded", "recording ended")
"""Events by which a recorder says that frames are missing."""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What verifying found.

    Attributes:
        frames: frames whose checksums were checked.
        bad_frames: those that failed.
        messages: other messages that were read.
        problems: everything else that is damaged, in words.
        stored: observations that the session holds.
        observations: how many FrameSets were computed again and compared; different: how many of them differ.
        first_difference: where and what, of the first that differs.
        mode: how they were compared; '' where nothing was.
        reasons: why within tolerances and not byte by byte: what differs from the machine that made them.
        engines_differ: models whose engine key is not the stored one.
        deviations: the largest of every field that was not equal everywhere.
        generated_differ: images of models with another digest, which other engines may give.
        signals_differ: signals that say something else, which other engines may make of the smallest difference.
        not_verified: why the results, or those from some FrameSet on, could not be computed again; '' when they were.
        could_not: that is no word of the session itself but a fault, of the session or of this machine.
        configuration: ``stored`` or ``given``: what the steps were run with; '' where nothing was computed.
        notes: what else is worth knowing.
    """

    frames: int = 0
    bad_frames: tuple[BadFrame, ...] = ()
    messages: int = 0
    problems: tuple[str, ...] = ()
    stored: int = 0
    observations: int = 0
    different: int = 0
    first_difference: str = ""
    mode: Mode | Literal[""] = ""
    reasons: tuple[str, ...] = ()
    engines_differ: tuple[str, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    generated_differ: int = 0
    signals_differ: int = 0
    not_verified: str = ""
    could_not: bool = False
    configuration: Literal["", "stored", "given"] = ""
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Nothing in the file is damaged."""
        return not (self.bad_frames or self.problems)

    @property
    def results(self) -> Results:
        """What became of the stored results."""
        if self.different:
            return "different"
        if self.not_verified:
            return "not verified"
        if not self.observations:
            return "none"
        return "equal" if self.mode == "bytes" else "within tolerances"

    @property
    def is_good(self) -> bool:
        return self.is_whole and not self.different and not self.could_not

    @property
    def bad_by_stream(self) -> dict[str, int]:
        """Stream -> bad frames, of those that have any."""
        counts: dict[str, int] = {}
        for bad in self.bad_frames:
            counts[bad.stream] = counts.get(bad.stream, 0) + 1
        return counts

    def to_json(self) -> dict[str, Any]:
        return {
            "good": self.is_good,
            "whole": self.is_whole,
            "frames": self.frames,
            "bad_frames": [
                {"stream": b.stream, "index": b.index, "number": b.number, "reason": b.reason} for b in self.bad_frames
            ],
            "bad_by_stream": self.bad_by_stream,
            "messages": self.messages,
            "problems": list(self.problems),
            "results": self.results,
            "stored_observations": self.stored,
            "observations": self.observations,
            "different": self.different,
            "first_difference": self.first_difference,
            "mode": self.mode,
            "reasons": list(self.reasons),
            "engines_differ": list(self.engines_differ),
            "deviations": [d.to_json() for d in self.deviations],
            "generated_differ": self.generated_differ,
            "signals_differ": self.signals_differ,
            "not_verified": self.not_verified,
            "configuration": self.configuration,
            "notes": list(self.notes),
        }


def verify_session(
    path: Path,
    models: Models | None = None,
    config: PipelineConfig | None = None,
    *,
    weights: Path | None = None,
    on_progress: Progress | None = None,
) -> VerifyReport:
    """Check one session.

    Args:
        path: the session.
        models: what computes the results again; the caller closes them. None loads those that the session names,
            and none where there is nothing to compute.
        config: in place of the stored configuration where the session stores none; its engines run the models that
            are loaded here. The steps always take the stored configuration, since any other says something else.
        weights: folder of models in place of the shipped ones.
        on_progress: called now and then.

    Raises:
        RecordingError: it cannot be opened.
    """
    with SessionReader(path) as reader:
        found = check_session(reader, None if on_progress is None else lambda n, of: on_progress("frames", n, of))
        report = VerifyReport(
            frames=sum(found.frames.values()),
            bad_frames=found.bad_frames,
            messages=found.messages,
            problems=found.problems,
            stored=reader.observation_count(),
        )
        if not reader.observation_count() and not reader.schedule_count():
            return report
        return _Results(reader, found, report, models, config, weights, on_progress).verify()


class _CannotVerifyError(Exception):
    """Results cannot be computed again; ``fault``: because of a fault, not by the session's own word."""

    def __init__(self, why: str, fault: bool) -> None:
        super().__init__(why)
        self.fault = fault


class _Results:
    """The stored results of one session against the steps run again."""

    def __init__(
        self,
        reader: SessionReader,
        found: IntegrityReport,
        report: VerifyReport,
        models: Models | None,
        config: PipelineConfig | None,
        weights: Path | None,
        on_progress: Progress | None,
    ) -> None:
        self._reader = reader
        self._found = found
        self._report = report
        self._models = models
        self._given = config
        self._weights = weights
        self._on_progress = on_progress

    def verify(self) -> VerifyReport:
        try:
            run, schedule = self._stored()
            config, configuration, notes = self._config(run)
        except _CannotVerifyError as error:
            return replace(self._report, not_verified=str(error), could_not=error.fault)
        models = self._models
        try:
            if models is None:
                engines = (self._given or config).engines
                models = load_as_stored(run, schedule, engines, self._weights)
            engines_check = compare_engines(run, schedule, models, config)
            absent = [name for name in engines_check.engines_differ if name in models.missing]
            if absent:
                why = f"the model {absent[0]} ran then and cannot be loaded here: {models.missing[absent[0]]}"
                return replace(self._report, not_verified=why, could_not=True)
            return self._compare(schedule, models, config, engines_check, configuration, notes)
        except EngineError as error:
            why = f"the models cannot be run here: {error}; other engines: --config FILE with [engines] policy = ..."
            return replace(self._report, not_verified=why, could_not=True)
        finally:
            if models is not None and self._models is None:
                models.close()

    def _stored(self) -> tuple[Mapping[str, Any] | None, list[ScheduleEntry]]:
        """The run's record and the schedule, where results can be computed again from them."""
        damaged = {
            topic: self._found.unreadable[topic]
            for topic in (schemas.SCHEDULE_TOPIC, schemas.OBSERVATIONS_TOPIC)
            if topic in self._found.unreadable
        }
        if damaged:
            words = " and ".join(f"{n} messages of {topic}" for topic, n in damaged.items())
            raise _CannotVerifyError(f"{words} cannot be read", True)
        try:
            run, schedule = self._reader.run(), self._reader.schedule()
        except RecordingError as error:
            raise _CannotVerifyError(str(error), True) from error
        why = why_not_replayable(self._reader.info, run)
        if why is not None:
            raise _CannotVerifyError(
                f"the session itself says that it cannot be replayed to the same results: {why}", False
            )
        if not schedule:
            raise _CannotVerifyError("the session stores observations, but not which FrameSets they came from", False)
        return run, schedule

    def _config(
        self, run: Mapping[str, Any] | None
    ) -> tuple[PipelineConfig, Literal["stored", "given"], tuple[str, ...]]:
        try:
            config = stored_config(run)
        except ConfigError as error:
            if self._given is None:
                raise _CannotVerifyError(f"{error}; give one with --config FILE", True) from error
            return self._given, "given", (f"{error}; the given configuration was used",)
        notes = []
        added = added_settings(run)
        if added:
            notes.append(f"the stored configuration lacks {', '.join(added)}: the defaults of this version were used")
        if self._given is not None and self._given.model_copy(update={"engines": config.engines}) != config:
            notes.append("of the given configuration only the engines were used: the steps take the stored one")
        return config, "stored", tuple(notes)

    def _compare(
        self,
        schedule: Sequence[ScheduleEntry],
        models: Models,
        config: PipelineConfig,
        engines: EngineCheck,
        configuration: Literal["stored", "given"],
        notes: tuple[str, ...],
    ) -> VerifyReport:
        comparison = Comparison(engines.mode)
        stored = _Stored(self._reader.observation_bytes())
        steps = Process(self._reader.streams, models, config)
        why, fault = "", False
        failed = sum(bool(failed_in(entry)) for entry in schedule)
        if failed:
            notes = (*notes, f"{failed} of {len(schedule)} FrameSets could not be computed then, and were not now")
        try:
            frame_sets = scheduled_frame_sets(self._reader, schedule, self._reader.streams, config.synchronize)
            for entry, frame_set in zip(schedule, frame_sets, strict=True):
                then = stored.take(frame_set.number)
                if failed_in(entry):
                    steps.reset()
                    again = told_again(frame_set, then)
                else:
                    again = steps(frame_set, rests_of(entry))
                comparison.add(frame_set.number, then, again.to_bytes())
                if self._on_progress is not None and comparison.compared % 8 == 0:
                    self._on_progress("observations", comparison.compared, len(schedule))
            for number in stored.rest():
                comparison.miss(number, "an observation is stored that the schedule does not name")
        except (MissingFrameError, DamagedFrameError) as error:
            left = len(schedule) - comparison.compared
            why = f"{left} of {len(schedule)} FrameSets: {error}"
            fault = isinstance(error, DamagedFrameError) or not self._says_losses()
        except PipelineError as error:
            why, fault = str(error), True
        if self._on_progress is not None:
            self._on_progress("observations", len(schedule), len(schedule))
        return replace(
            self._report,
            observations=comparison.compared,
            different=comparison.different,
            first_difference=comparison.first,
            mode=engines.mode,
            reasons=engines.reasons,
            engines_differ=engines.engines_differ,
            deviations=comparison.deviations,
            generated_differ=comparison.generated_differ if engines.mode == "tolerances" else 0,
            signals_differ=comparison.signals_differ if engines.mode == "tolerances" else 0,
            not_verified=why,
            could_not=fault,
            configuration=configuration,
            notes=notes,
        )

    def _says_losses(self) -> bool:
        """Whether the session itself says that frames are missing: then it is no surprise that some are."""
        if schemas.EVENTS_TOPIC in self._found.unreadable:
            return False
        return any(event.name in _LOSS_EVENTS for event in self._reader.events())


class _Stored:
    """Stored observations by FrameSet number, read as far as they are needed: usually one at a time."""

    def __init__(self, observations: Iterator[bytes]) -> None:
        self._coming = observations
        self._waiting: dict[int, deque[bytes]] = {}

    def take(self, number: int) -> bytes | None:
        """The next one of that number, None when there is none."""
        waiting = self._waiting.get(number)
        if waiting:
            data = waiting.popleft()
            if not waiting:
                del self._waiting[number]
            return data
        for data in self._coming:
            found = int(json.loads(data)["frame_set"])
            if found == number:
                return data
            self._waiting.setdefault(found, deque()).append(data)
        return None

    def rest(self) -> Iterator[int]:
        """The numbers of those that nobody took, rising."""
        numbers = [number for number, waiting in self._waiting.items() for _ in waiting]
        numbers += [int(json.loads(data)["frame_set"]) for data in self._coming]
        return iter(sorted(numbers))
