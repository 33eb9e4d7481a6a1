"""One quantity over time, on a session's timeline: its value at any moment, and how much of the session it covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from recordings.reader import SessionReader
from recordings.series.errors import SeriesError

Method = Literal["linear", "previous"]
Times = Literal["absolute", "relative"]
"""Of a source: Unix time, or counted from the session's beginning."""

SECOND: Final = 1_000_000_000
MAX_OFFSET_S: Final = 100 * 366 * 86_400.0
"""More than this is a mistake, and would leave the range of 64-bit nanoseconds."""

_GAP_INTERVALS: Final = 5
_GAP_SECONDS: Final = 1.0
_QUARTER_HOUR_S: Final = 900
_ZONES_S: Final = 14 * 3600


@dataclass(frozen=True, slots=True)
class Timeline:
    """Of a session: its id, and the host times of its first and its last frame (0 when it has none)."""

    id: str
    begin_ns: int
    end_ns: int

    @classmethod
    def of(cls, reader: SessionReader) -> Timeline:
        """Reads the session's index only."""
        times = [reader.times(s.name).host_ns for s in reader.streams]
        filled = [t for t in times if len(t)]
        if not filled:
            return cls(reader.info.id, 0, 0)
        return cls(reader.info.id, min(int(t[0]) for t in filled), max(int(t[-1]) for t in filled))

    @classmethod
    def read(cls, session: Path) -> Timeline:
        """As :meth:`of`, of a session file.

        Raises:
            RecordingError: it cannot be opened.
        """
        with SessionReader(session) as reader:
            return cls.of(reader)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How a series lies to a session.

    Attributes:
        seconds: both at once.
        apart_s: how far the series lies away where they do not meet: > 0 after the session, < 0 before it.
        suggested_offset_s: what would bring them together, None when they meet.
        reason: why this offset.
    """

    seconds: float
    apart_s: float = 0.0
    suggested_offset_s: float | None = None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Series:
    """A quantity over time.

    Attributes:
        name, unit: for people; unit is '' when nobody said it.
        t_ns: source times, int64 (N,), strictly rising, N >= 1.
        values: float64 (N,); NaN where the source itself says that there is no reading.
        times: what ``t_ns`` counts from.
        begin_ns: host time of the session's beginning.
        offset_s: added to the source's time; the one thing that people change.
        max_gap_s: no value is told between two samples further apart than this.
        choices: names of values, of an enumeration.
        method: how it is read where nobody says: between samples interpolated, or the earlier one held.
    """

    name: str
    unit: str
    t_ns: NDArray[np.int64]
    values: NDArray[np.float64]
    times: Times = "absolute"
    begin_ns: int = 0
    offset_s: float = 0.0
    max_gap_s: float = _GAP_SECONDS
    choices: Mapping[float, str] = field(default_factory=dict)
    method: Method = "linear"

    def __post_init__(self) -> None:
        if self.t_ns.ndim != 1 or self.t_ns.shape != self.values.shape or not len(self.t_ns):
            raise SeriesError(
                f"series {self.name!r} needs as many times as values, and one at least; found "
                f"{self.t_ns.shape} and {self.values.shape}"
            )
        if (np.diff(self.t_ns) <= 0).any():
            raise SeriesError(f"series {self.name!r}: its times do not rise")

    @property
    def shift_ns(self) -> int:
        """What makes host times of source times."""
        return (self.begin_ns if self.times == "relative" else 0) + round(self.offset_s * SECOND)

    @property
    def host_ns(self) -> NDArray[np.int64]:
        """Host times of the samples, int64 (N,)."""
        return self.t_ns + self.shift_ns

    @property
    def span_ns(self) -> tuple[int, int]:
        """Host times of the first and the last sample."""
        return int(self.t_ns[0]) + self.shift_ns, int(self.t_ns[-1]) + self.shift_ns

    @property
    def rate_hz(self) -> float | None:
        """One over the median interval; None with a single sample."""
        return None if len(self.t_ns) < 2 else float(SECOND / np.median(np.diff(self.t_ns)))

    def moved(self, offset_s: float) -> Series:
        """The same with another offset."""
        return replace(self, offset_s=check_offset(offset_s))

    @overload
    def at(self, host_ns: int, method: Method | None = None) -> float: ...

    @overload
    def at(self, host_ns: NDArray[np.int64], method: Method | None = None) -> NDArray[np.float64]: ...

    def at(self, host_ns: ArrayLike, method: Method | None = None) -> float | NDArray[np.float64]:
        """The value at host times, scalar or of any shape, float64.

        NaN where nothing is known: before the first and after the last sample, in gaps longer than ``max_gap_s``,
        and beside samples that are NaN themselves. ``linear`` interpolates, ``previous`` holds the last sample
        (enumerations, switches, angles that wrap round). None: as the series says.
        """
        method = self.method if method is None else method
        if method not in ("linear", "previous"):
            raise SeriesError(f"a series is read 'linear' or 'previous', found {method!r}")
        wanted = np.asarray(host_ns, np.int64)
        t = wanted.reshape(-1) - self.shift_ns
        before = np.searchsorted(self.t_ns, t, side="right") - 1
        inside = (before >= 0) & (t <= self.t_ns[-1])
        i = np.clip(before, 0, len(self.t_ns) - 1)
        j = np.minimum(i + 1, len(self.t_ns) - 1)
        since, gap = t - self.t_ns[i], self.t_ns[j] - self.t_ns[i]
        exact = since == 0
        held = inside & (exact | (gap <= round(self.max_gap_s * SECOND)))
        if method == "previous":
            found = self.values[i]
        else:
            share = np.where(exact, 0.0, since / np.maximum(gap, 1))
            with np.errstate(over="ignore", invalid="ignore"):
                between = self.values[i] * (1.0 - share) + self.values[j] * share
            # Sums of products round: never beyond the two samples themselves.
            low, high = np.minimum(self.values[i], self.values[j]), np.maximum(self.values[i], self.values[j])
            found = np.where(exact, self.values[i], np.clip(between, low, high))
        out: NDArray[np.float64] = np.where(held, found, np.nan)
        return float(out[0]) if wanted.ndim == 0 else out.reshape(wanted.shape)

    def coverage(self, timeline: Timeline) -> float:
        """The share of the session's time, 0..1, at which :meth:`at` tells a value."""
        length = timeline.end_ns - timeline.begin_ns
        if length <= 0:
            return 0.0 if np.isnan(self.at(timeline.begin_ns)) else 1.0
        t, good = self.host_ns, np.isfinite(self.values)
        good_end = good[1:] | (self.method == "previous")
        known = good[:-1] & good_end & (np.diff(t) <= round(self.max_gap_s * SECOND))
        begin, end = np.clip(t[:-1], timeline.begin_ns, timeline.end_ns), np.clip(t[1:], timeline.begin_ns, None)
        covered = np.minimum(end, timeline.end_ns) - begin
        return float(covered[known].sum() / length)

    def overlap(self, timeline: Timeline) -> Overlap:
        """How the series lies to the session, and which offset would help where they do not meet."""
        first, last = self.span_ns
        both = min(last, timeline.end_ns) - max(first, timeline.begin_ns)
        if both >= 0:
            return Overlap(both / SECOND)
        apart = (first - timeline.end_ns if first > timeline.end_ns else last - timeline.begin_ns) / SECOND
        for shift_s in _zones():
            moved_first, moved_last = first + shift_s * SECOND, last + shift_s * SECOND
            share = min(moved_last, timeline.end_ns) - max(moved_first, timeline.begin_ns)
            if share > 0 and self.times == "absolute":
                hours = f"{abs(shift_s) / 3600:g} h {'earlier' if shift_s < 0 else 'later'}"
                return Overlap(0.0, apart, self.offset_s + shift_s, f"{hours} they meet: perhaps it is in local time")
        shift = (timeline.begin_ns - first) / SECOND
        return Overlap(0.0, apart, round(self.offset_s + shift, 3), "then both begin at once")


def check_offset(offset_s: float) -> float:
    """The offset, in seconds.

    Raises:
        SeriesError: it is no number, or absurd.
    """
    if not (np.isfinite(offset_s) and abs(offset_s) <= MAX_OFFSET_S):
        raise SeriesError(f"an offset is a number of seconds of at most a hundred years, found {offset_s}")
    return float(offset_s)


def usual_gap_s(t_ns: NDArray[np.int64]) -> float:
    """The longest gap over which a series is told, where nobody says another: five intervals, and one second."""
    if len(t_ns) < 2:
        return _GAP_SECONDS
    return max(_GAP_SECONDS, round(_GAP_INTERVALS * float(np.median(np.diff(t_ns))) / SECOND, 3))


def timeline_or_error(session: Path) -> Timeline:
    """The session's timeline.

    Raises:
        SeriesError: it has no frame, so nothing can lie on its timeline.
        RecordingError: it cannot be opened.
    """
    timeline = Timeline.read(session)
    if not timeline.end_ns:
        raise SeriesError(f"{session} has no frames, so it has no timeline for a series")
    return timeline


def _zones() -> list[int]:
    """Seconds that clocks in another time zone are off, the small ones first."""
    quarters = range(_QUARTER_HOUR_S, _ZONES_S + 1, _QUARTER_HOUR_S)
    return [sign * s for s in quarters for sign in (-1, 1)]
