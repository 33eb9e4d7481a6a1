"""Columns of a table to series: which column is the time, in what unit, which others are numbers."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recordings.series.errors import SeriesError
from recordings.series.source import (
    UNITS,
    SourceOptions,
    SourceRead,
    SourceSeries,
    TimeUnit,
    clean,
    place_times,
    times_to_ns,
)

_TIME_NAMES: Final = ("t", "time", "timestamp", "timestamps", "datetime", "date_time", "utc", "unix", "epoch", "host")
_UNIT_END: Final = re.compile(r"^(.+?)[_\s]+(ns|us|µs|ms|sec|seconds|s)$", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"^\s*(.*?)\s*[\[(]\s*([^\])]*)\s*[\])]\s*$")
_UNIT_WORDS: Final[dict[str, TimeUnit]] = {u: u for u in UNITS} | {"sec": "s", "seconds": "s", "µs": "us"}
_MOST_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the table: its place, its heading, and name and unit that the heading tells."""

    index: int
    heading: str
    name: str
    unit: str


def read_table(path: Path, table: pa.Table, options: SourceOptions) -> SourceRead:
    """Series of a table.

    Args:
        path: for messages.
        table: columns of numbers, dates or (as from a CSV file) of text.
        options: which columns.

    Raises:
        SeriesError: a column is not there or holds no numbers, or no column is the time.
    """
    if options.dbc is not None or options.signals is not None:
        raise SeriesError(f"{path} is a table: it takes --columns, not --dbc and --signals (those are for CAN logs)")
    columns = [_column(i, str(heading)) for i, heading in enumerate(table.column_names)]
    if not table.num_rows:
        raise SeriesError(f"{path} holds no rows")
    time = _time_column(path, columns, options.time_column)
    t_ns, notes, has_time = _times(path, time, table.column(time.index), options)
    asked = options.columns is not None
    wanted = _wanted(path, columns, options.columns) if options.columns is not None else _others(columns, time)
    read: list[tuple[_Column, NDArray[np.int64], NDArray[np.float64]]] = []
    skipped = []
    for column in wanted:
        found = _numbers(table.column(column.index))
        if found is None:
            if asked:
                raise SeriesError(f"{path}: the column {column.heading!r} holds no numbers")
            skipped.append(column.heading)
            continue
        values, there, unread = found
        if unread:
            notes.append(f"{column.name}: {unread} of {len(values)} entries are no numbers")
        there &= has_time
        if not there.any():
            notes.append(f"{column.name}: no value has a time; it was left out")
            continue
        read.append((column, t_ns[there], values[there]))
    if skipped:
        notes.append(f"columns without numbers were left out: {', '.join(skipped[:_MOST_LISTED])}")
    if not read:
        raise SeriesError(f"{path} holds no column of numbers beside the time {time.heading!r}")
    times, minus, words = place_times([t for _, t, _ in read], options.times)
    series = []
    for column, t, values in read:
        t, values, said = clean(column.name, t - minus, values)
        notes += said
        series.append(SourceSeries(column.name, column.unit, t, values, column.heading))
    return SourceRead(tuple(series), times, time.heading, tuple(notes + words))


def _column(index: int, heading: str) -> _Column:
    found = _BRACKETS.match(heading)
    name, unit = (found.group(1), found.group(2)) if found else (heading.strip(), "")
    return _Column(index, heading, name or heading, unit)


def _time_column(path: Path, columns: Sequence[_Column], asked: str | None) -> _Column:
    if asked is not None:
        return _named(path, columns, asked)
    for name in _TIME_NAMES:
        for column in columns:
            plain = column.name.lower().replace("-", "_")
            bare = _UNIT_END.match(plain)
            if name in (plain, bare.group(1) if bare else ""):
                return column
    raise SeriesError(
        f"{path}: no column is named as times usually are (t, time, timestamp...); say which it is with "
        f"--time-column; its columns: {_listed(columns)}"
    )


def _wanted(path: Path, columns: Sequence[_Column], words: Sequence[str]) -> list[_Column]:
    out = []
    for word in words:
        if any(word in (c.heading, c.name) for c in columns):
            out.append(_named(path, columns, word))
            continue
        new, _, old = word.rpartition("=")
        name, colon, unit = old.rpartition(":")
        column = _named(path, columns, name if colon else old)
        out.append(
            _Column(column.index, column.heading, new.strip() or column.name, unit.strip() if colon else column.unit)
        )
    return out


def _others(columns: Sequence[_Column], time: _Column) -> list[_Column]:
    return [c for c in columns if c.index != time.index]


def _named(path: Path, columns: Sequence[_Column], name: str) -> _Column:
    """The one column of that heading or name; capitals count only where they tell two apart."""
    name = name.strip()
    for same in (
        [c for c in columns if c.heading.strip() == name],
        [c for c in columns if c.name == name],
        [c for c in columns if name.lower() in (c.heading.strip().lower(), c.name.lower())],
    ):
        if len(same) == 1:
            return same[0]
        if same:
            raise SeriesError(f"{path} has {len(same)} columns named {name!r}; rename them in the file")
    near = difflib.get_close_matches(name, [c.name for c in columns], 1)
    meant = f" (did you mean {near[0]!r}?)" if near else ""
    raise SeriesError(f"{path} has no column {name!r}{meant}; its columns: {_listed(columns)}")


def _listed(columns: Sequence[_Column]) -> str:
    words = ", ".join(c.heading for c in columns[:_MOST_LISTED])
    return words + (f" and {len(columns) - _MOST_LISTED} more" if len(columns) > _MOST_LISTED else "")


def _times(
    path: Path, column: _Column, data: pa.ChunkedArray, options: SourceOptions
) -> tuple[NDArray[np.int64], list[str], NDArray[np.bool_]]:
    """Times in ns (N,), notes, and which rows have one (N,)."""
    notes: list[str] = []
    dates = _dates(data)
    if dates is not None:
        if options.time_unit is not None:
            raise SeriesError(f"{path}: {column.heading!r} holds dates, which have no unit; leave out --time-unit")
        there = dates.is_valid().to_numpy(zero_copy_only=False)
        t_ns = pc.fill_null(dates.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        if dates.type.tz is None:
            notes.append("the dates name no time zone and were taken as UTC")
    else:
        unit, said = _time_unit(column, options.time_unit)
        notes += said
        numbers = _exact(data)
        if numbers is None:
            example = next((str(v) for v in data.slice(0, 100).to_pylist() if v is not None), "")
            raise SeriesError(
                f"{path}: the time column {column.heading!r} holds neither numbers nor dates such as "
                f"2026-11-21T03:24:44.5Z, but for example {example[:40]!r}"
            )
        there = np.isfinite(numbers)
        t_ns = times_to_ns(column.heading, np.where(there, numbers, 0).astype(numbers.dtype), unit)
    if not there.all():
        if not there.any():
            raise SeriesError(f"{path}: the time column {column.heading!r} is empty")
        notes.append(f"{np.count_nonzero(~there)} rows have no time and were left out")
    return np.asarray(t_ns, np.int64), notes, np.asarray(there, np.bool_)


def _time_unit(column: _Column, asked: TimeUnit | None) -> tuple[TimeUnit, list[str]]:
    if asked is not None:
        return asked, []
    ending = _UNIT_END.match(column.heading.strip())
    said = (column.unit or (ending.group(2) if ending else "")).lower()
    if said in _UNIT_WORDS:
        return _UNIT_WORDS[said], [f"times are {_UNIT_WORDS[said]}, as {column.heading!r} says"]
    return "s", ["times were taken as seconds (--time-unit says otherwise)"]


def _dates(data: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """As timestamps in ns; None where they are no dates."""
    if pa.types.is_timestamp(data.type) or pa.types.is_date(data.type):
        return _cast(data, pa.timestamp("ns", getattr(data.type, "tz", None)))
    if not _is_text(data) or _cast(_first(data), pa.float64()) is not None:
        return None
    text = _text(data)
    zoned = _cast(text, pa.timestamp("ns", "UTC"))
    return _cast(text, pa.timestamp("ns")) if zoned is None else zoned


def _exact(data: pa.ChunkedArray) -> NDArray[Any] | None:
    """Times as numbers (N,): int64 where they are whole and none is missing, else float64 with NaN."""
    if _is_text(data):
        text = _text(data)
        whole = _cast(text, pa.int64())
        data = _cast(text, pa.float64()) if whole is None else whole
        if data is None:
            return None
    if pa.types.is_duration(data.type):
        data = data.cast(pa.duration("s") if data.type.unit == "s" else data.type).cast(pa.int64())
    if pa.types.is_integer(data.type) and not data.null_count:
        whole = _cast(data, pa.int64())
        return None if whole is None else whole.to_numpy()
    numbers = _cast(data, pa.float64(), safe=False)
    return None if numbers is None else pc.fill_null(numbers, np.nan).to_numpy()


def _numbers(data: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.bool_], int] | None:
    """Values (N,), which rows have one (N,), how many do not parse; None where the column holds no numbers."""
    unread = 0
    if _is_text(data):
        text = _text(data)
        found = _cast(text, pa.float64())
        if found is None:
            values = [_number(v) for v in text.to_pylist()]
            unread = sum(v is None and t is not None for v, t in zip(values, text.to_pylist(), strict=True))
            if unread * 2 >= len(values) - text.null_count:
                return None
            # What stands there and is no number says "no reading", as an empty cell says "no sample".
            values = [
                np.nan if v is None and t is not None else v for v, t in zip(values, text.to_pylist(), strict=True)
            ]
            found = pa.chunked_array([pa.array(values, pa.float64())])
        data = found
    elif pa.types.is_boolean(data.type):
        data = data.cast(pa.uint8())
    if pa.types.is_temporal(data.type):
        return None
    numbers = _cast(data, pa.float64(), safe=False)
    if numbers is None or numbers.null_count == len(numbers):
        return None
    there = np.asarray(numbers.is_valid().to_numpy(zero_copy_only=False), np.bool_)
    return np.array(pc.fill_null(numbers, np.nan).to_numpy(), np.float64), there, unread


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _is_text(data: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(data.type) or pa.types.is_large_string(data.type))


def _text(data: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without spaces round it; empty cells as nulls."""
    text = pc.utf8_trim_whitespace(data)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)


def _first(data: pa.ChunkedArray) -> pa.ChunkedArray:
    """The first few entries that are there."""
    return _text(data.slice(0, 1000)).drop_null().slice(0, 1)


def _cast(data: pa.ChunkedArray, kind: pa.DataType, *, safe: bool = True) -> pa.ChunkedArray | None:
    try:
        return pc.cast(data, kind, safe=safe)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
