"""What every reader of series gives: samples in the source's own time, cleaned, with what was found on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from recordings.series.errors import SeriesError
from recordings.series.series import SECOND, Times

TimeUnit = Literal["s", "ms", "us", "ns"]
UNITS: Final[tuple[TimeUnit, ...]] = get_args(TimeUnit)
NS_OF: Final[Mapping[str, int]] = {"s": SECOND, "ms": 1_000_000, "us": 1_000, "ns": 1}

EPOCH_FROM_NS: Final = 946_684_800 * SECOND
"""2000-01-01: times from here on are Unix time, earlier ones are counted from a beginning."""

_LAST_NS: Final = 4_102_444_800 * SECOND
"""2100-01-01: later times are in another unit than was said."""

Progress = Callable[[int], None]
"""Called with the number of messages or rows read so far."""


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a user says of a source. A reader refuses what it has no use for.

    Attributes:
        time_column: of a table; None looks for one.
        time_unit: of the times in a table that are plain numbers; None looks at the column's name, else seconds.
        columns: of a table, ``NAME``, ``NAME:UNIT`` or ``NEW=NAME:UNIT``; None takes every column of numbers.
        dbc: of a CAN log: what its bytes mean.
        signals: of a CAN log, ``Message.Signal`` or ``NEW=Message.Signal``, or ``all``.
        times: absolute or relative; None looks at the times.
    """

    time_column: str | None = None
    time_unit: TimeUnit | None = None
    columns: Sequence[str] | None = None
    dbc: Path | None = None
    signals: Sequence[str] | None = None
    times: Times | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SourceSeries:
    """Samples as a source has them: ``t_ns`` int64 (N,) strictly rising, ``values`` float64 (N,), N >= 1."""

    name: str
    unit: str
    t_ns: NDArray[np.int64]
    values: NDArray[np.float64]
    column: str
    """Where in the source."""
    choices: Mapping[float, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceRead:
    """What came of a source: its series, what their times count from, and what people should know."""

    series: tuple[SourceSeries, ...]
    times: Times
    time_column: str
    notes: tuple[str, ...] = ()


def clean(
    name: str, t_ns: NDArray[np.int64], values: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], list[str]]:
    """Samples in the order of time, each time once, infinite values as NaN; and what had to be done."""
    notes = []
    steps = np.diff(t_ns)
    if (steps < 0).any():
        notes.append(f"{name}: times went back {np.count_nonzero(steps < 0)} times; the samples were sorted")
        order = np.argsort(t_ns, kind="stable")
        t_ns, values = t_ns[order], values[order]
    last = np.append(np.diff(t_ns) != 0, True) if len(t_ns) else np.zeros(0, bool)
    if not last.all():
        notes.append(f"{name}: {np.count_nonzero(~last)} samples have the time of the next one; the later one counts")
        t_ns, values = t_ns[last], values[last]
    lost = ~np.isfinite(values)
    if lost.any():
        notes.append(f"{name}: {np.count_nonzero(lost)} of {len(values)} samples say no number")
        values = np.where(np.isfinite(values), values, np.nan)
    return t_ns, values, notes


def times_to_ns(column: str, times: NDArray[Any], unit: TimeUnit) -> NDArray[np.int64]:
    """Plain numbers (N,), finite, to integer nanoseconds.

    Raises:
        SeriesError: they do not fit that unit.
    """
    scale = NS_OF[unit]
    largest = float(np.abs(times).max(initial=0))
    if largest * scale > _LAST_NS:
        likely = next((u for u in UNITS if largest * NS_OF[u] <= _LAST_NS), None)
        say = f"; they look like {likely}: say so with --time-unit {likely}" if likely else ""
        raise SeriesError(f"the times in {column!r} reach {largest:.6g} {unit}, which is after the year 2100{say}")
    if np.issubdtype(times.dtype, np.integer):
        return times.astype(np.int64) * scale
    whole = np.floor(times)
    # In two parts: a product of a Unix time and 1e9 has no room for nanoseconds.
    out: NDArray[np.int64] = whole.astype(np.int64) * scale + np.rint((times - whole) * scale).astype(np.int64)
    return out


def place_times(t_ns: Sequence[NDArray[np.int64]], times: Times | None) -> tuple[Times, int, list[str]]:
    """What the times of a source's series count from, what to take off each, and what to tell about it."""
    first = min(int(t.min()) for t in t_ns)
    found: Times = "absolute" if first >= EPOCH_FROM_NS else "relative"
    if times is None:
        words = "Unix times" if found == "absolute" else "times from the session's beginning"
        return found, 0, [f"the times were taken as {words} (--absolute and --relative say otherwise)"]
    if times == "relative" and found == "absolute":
        return "relative", first, ["the first sample was laid on the session's beginning"]
    return times, 0, []
