"""Which reader takes a file, and a whole import: file -> series beside a session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from recordings.series import can_log, csv_table, parquet_table
from recordings.series.errors import SeriesError
from recordings.series.series import Overlap, Series, check_offset, usual_gap_s
from recordings.series.source import Progress, SourceOptions, SourceRead
from recordings.series.store import SeriesStore, file_checksum, source_entry

READERS: tuple[ModuleType, ...] = (csv_table, parquet_table, can_log)
"""Each has ``SUFFIXES`` and ``read(path, options, on_progress)``."""


@dataclass(frozen=True, slots=True)
class AddedSeries:
    """One series that was added: as it lies on the timeline now."""

    series: Series
    overlap: Overlap
    coverage: float

    def to_json(self) -> dict[str, Any]:
        s = self.series
        return {
            "name": s.name,
            "unit": s.unit,
            "samples": len(s.t_ns),
            "rate_hz": s.rate_hz,
            "offset_s": s.offset_s,
            "overlap_s": self.overlap.seconds,
            "apart_s": self.overlap.apart_s,
            "suggested_offset_s": self.overlap.suggested_offset_s,
            "coverage": self.coverage,
        }


@dataclass(frozen=True, slots=True)
class AddReport:
    """What became of a file: its series, what their times count from, and what was assumed or left out."""

    added: tuple[AddedSeries, ...]
    times: str
    notes: tuple[str, ...]


def read_source(path: Path, options: SourceOptions, on_progress: Progress | None = None) -> SourceRead:
    """The series of a file, by its suffix.

    Raises:
        SeriesError: no reader takes the file, or its reader refuses it.
    """
    if path.is_dir():
        raise SeriesError(f"{path} is a folder; series come from a file")
    if not path.is_file():
        raise SeriesError(f"there is no file {path}; check the path")
    suffix = can_log.suffix_of(path)
    reader = next((r for r in READERS if suffix in r.SUFFIXES), None)
    if reader is None:
        known = ", ".join(s for r in READERS for s in r.SUFFIXES)
        raise SeriesError(f"{path}: series come from {known}; found {suffix or 'no suffix'}")
    found: SourceRead = reader.read(path, options, on_progress)
    return found


def add_series(
    store: SeriesStore,
    path: Path,
    options: SourceOptions,
    *,
    offset_s: float = 0.0,
    max_gap_s: float | None = None,
    overwrite: bool = False,
    on_progress: Progress | None = None,
) -> AddReport:
    """Read a file and store its series beside a session.

    Args:
        store: of the session.
        path: the file.
        options: which of it.
        offset_s: added to the file's times.
        max_gap_s: see :class:`recordings.series.series.Series`; None takes five intervals, and one second at least.
        overwrite: replace series of the same name.
        on_progress: see :data:`recordings.series.source.Progress`.

    Raises:
        SeriesError: nothing was stored.
    """
    check_offset(offset_s)
    source = read_source(path, options, on_progress)
    checksum = file_checksum(path)
    series = [
        Series(
            s.name,
            s.unit,
            s.t_ns,
            s.values,
            source.times,
            store.timeline.begin_ns,
            offset_s,
            usual_gap_s(s.t_ns) if max_gap_s is None else max_gap_s,
            s.choices,
        )
        for s in source.series
    ]
    entries = [source_entry(path, s.column, source.time_column, checksum) for s in source.series]
    store.add(zip(series, entries, strict=True), overwrite=overwrite)
    added = tuple(AddedSeries(s, s.overlap(store.timeline), s.coverage(store.timeline)) for s in series)
    return AddReport(added, source.times, source.notes)
