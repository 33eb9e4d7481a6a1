"""A session's frames against their checksums, and its stored observations against the same steps run again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.errors import PipelineError
from pipeline.process import Process
from pipeline.provenance import schedule_engines
from pipeline.schedule import scheduled_frame_sets
from recordings.errors import RecordingError
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What verifying found.

    Attributes:
        frames: frames whose checksums were checked; bad_frames: those that failed.
        observations: stored ones that were compared, byte for byte; different: how many differ.
        first_difference: where and what, of the first that differs.
        engines_differ: models whose engine key is not the stored one: then bytes may differ without anything wrong.
    """

    frames: int
    bad_frames: tuple[str, ...]
    observations: int
    different: int
    first_difference: str
    engines_differ: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.bad_frames and self.different == 0

    def to_json(self) -> dict[str, Any]:
        return {
            "frames": self.frames,
            "bad_frames": list(self.bad_frames),
            "observations": self.observations,
            "different": self.different,
            "first_difference": self.first_difference,
            "engines_differ": list(self.engines_differ),
            "good": self.is_good,
        }


def verify_session(path: Path, models: Models, config: PipelineConfig) -> VerifyReport:
    """Check one session.

    Raises:
        RecordingError: it cannot be opened.
    """
    with SessionReader(path) as reader:
        frames, bad = _check_frames(reader)
        schedule = reader.schedule()
        now = schedule_engines(models)
        stored = schedule[0].engines if schedule else {}
        differ = tuple(
            sorted(
                name
                for name in {*stored, *now}
                if stored.get(name, {}).get("engine_key") != now.get(name, {}).get("engine_key")
            )
        )
        compared = different = 0
        first = ""
        stored_bytes = list(reader.observation_bytes())
        if schedule or stored_bytes:
            try:
                compared, different, first = _compare(reader, schedule, stored_bytes, models, config)
            except (RecordingError, PipelineError) as error:
                different, first = max(len(stored_bytes), 1), f"the schedule cannot be run again: {error}"
    return VerifyReport(frames, tuple(bad), compared, different, first, differ if schedule else ())


def _compare(
    reader: SessionReader,
    schedule: Sequence[ScheduleEntry],
    stored: Sequence[bytes],
    models: Models,
    config: PipelineConfig,
) -> tuple[int, int, str]:
    """How many observations were compared, how many differ, and where the first does; a missing one differs."""
    old = {json.loads(data)["frame_set"]: data for data in stored}
    steps = Process(reader.streams, models, config)
    compared = different = 0
    first = ""
    scheduled = set()
    for frame_set in scheduled_frame_sets(reader, schedule, reader.streams, config.synchronize):
        scheduled.add(frame_set.number)
        new = steps(frame_set).to_bytes()
        compared += 1
        was = old.get(frame_set.number)
        if new != was:
            different += 1
            what = "it was processed, but no observation is stored" if was is None else _difference(was, new)
            first = first or f"FrameSet {frame_set.number}: {what}"
    for number in sorted(set(old) - scheduled):
        different += 1
        first = first or f"FrameSet {number}: an observation is stored that the schedule does not name"
    return compared, different, first


def _check_frames(reader: SessionReader) -> tuple[int, list[str]]:
    checked, bad = 0, []
    for stream in reader.streams:
        for index in range(reader.count(stream.name)):
            checked += 1
            try:
                reader.frame(stream.name, index)
            except RecordingError as error:
                bad.append(f"{stream.name} #{index}: {error}")
    return checked, bad


def _difference(old: bytes, new: bytes) -> str:
    """The first field in which two observations differ, and both values."""
    return _walk(json.loads(old), json.loads(new), "observation") or "the bytes differ, the values do not"


def _walk(old: Any, new: Any, where: str) -> str:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            found = _walk(old.get(key), new.get(key), f"{where}.{key}")
            if found:
                return found
        return ""
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (a, b) in enumerate(zip(old, new, strict=True)):
            found = _walk(a, b, f"{where}[{index}]")
            if found:
                return found
        return ""
    return "" if old == new else f"{where} was {_short(old)}, is {_short(new)}"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else text[:77] + "..."
