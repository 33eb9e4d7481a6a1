"""Runs for the tests that compare them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.compare_labels import Label
from pipeline.compare_runs import Report, compare_runs
from pipeline.compare_sources import FoundEvent
from pipeline.signal_tables import EVENTS_SCHEMA, SIGNALS_SCHEMA, event_row, signal_rows
from recordings.event import Event
from recordings.observation import Box, Face, Observation, SignalValue

SECOND = 1_000_000_000
BEGIN_NS = 1_000 * SECOND


def at(seconds: float) -> int:
    return BEGIN_NS + round(seconds * SECOND)


def event(name: str, begin_s: float, end_s: float | None, severity: str = "alarm", face: int | None = 1) -> Event:
    return Event(name, at(begin_s), None if end_s is None else at(end_s), face, "words", severity)


def seen(seconds: float, face: int = 1, **said: float | None) -> Observation:
    """One face with signals; None: not known."""
    signals = {
        name: SignalValue(0.0, "m", 0.0, "no depth") if value is None else SignalValue(value, "m", 0.9)
        for name, value in said.items()
    }
    return Observation(0, at(seconds), at(seconds), 0, {}, (Face(face, "gray", Box(0, 0, 9, 9), 0.9, signals=signals),))


def write_run(
    folder: Path,
    events: Iterable[Event] = (),
    observations: Iterable[Observation] = (),
    until_s: float | None = 3600.0,
) -> Path:
    """A result folder as `tapetum batch` writes it, as far as compare reads it."""
    folder.mkdir(parents=True)
    rows = [row for one in observations for face in one.faces for row in signal_rows(one, face)]
    pq.write_table(pa.Table.from_pylist(rows, schema=SIGNALS_SCHEMA), folder / "signals.parquet")
    found = [event_row(one) for one in events]
    pq.write_table(pa.Table.from_pylist(found, schema=EVENTS_SCHEMA), folder / "events.parquet")
    if until_s is not None:
        times = pa.array([at(0), at(until_s)], pa.int64())
        pq.write_table(pa.table({"device_ns": times}), folder / "frames.parquet")
    return folder


TRACK = [seen(n / 10, distance=2.0 + n / 100) for n in range(100)]
EVENTS = [event("asleep", 10, 15), event("drowsy", 30, 90, "warning"), event("asleep", 100, 104)]


def run(a: Path, b: Path, *labels: Label, **more: Any) -> Report:
    return compare_runs(a, b, labels, **more)


def found(begin_s: float, end_s: float | None, name: str = "e") -> FoundEvent:
    return FoundEvent(name, at(begin_s), None if end_s is None else at(end_s))


LABELS = [Label("asleep", 9.0, 15.0), Label("asleep", 99.0, 104.0), Label("asleep", 200.0, 205.0)]
