"""The values of the context by name: from when on each is known, and until when.

A value counts from the moment at which it came until it is older than ``max_age_s``, another one comes, or its sender
says that it does not know. So what was known at a moment never depends on what came later: a recording that holds
these moments tells the rules just what they were told live.
"""

from __future__ import annotations

import enum
import math
import threading
from array import array
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.host_clock import now_ns
from pipeline.context.units import unit_of

SECOND: Final = 1_000_000_000
MOST_NAMES: Final = 32
"""Of a run; more is somebody's mistake."""
MOST_STEPS: Final = 4_000_000
"""Of one name in one recording: eleven hours of 100 a second."""
MOST_HELD: Final = 60_000
"""Of one name in memory, beside recordings."""


class Refusal(enum.StrEnum):
    """Why a value is not taken."""

    DOUBLED = "doubled"
    LATE = "late"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that was not taken, and why, in words."""

    why: Refusal
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """A value from ``since_ns`` on, before ``until_ns``; NaN where it is not known."""

    since_ns: int
    until_ns: int
    value: float


@dataclass(frozen=True, slots=True)
class Steps:
    """Of one name, as a series has them: each value holds until the next one.

    Attributes:
        t_ns: our clock, int64 (N,), strictly rising.
        values: float64 (N,), NaN from where on nothing is known.
        sources: who told it.
    """

    name: str
    unit: str
    t_ns: NDArray[np.int64]
    values: NDArray[np.float64]
    sources: tuple[str, ...]


class Track:
    """All that was told since it was opened, and what was still held then: what a recording keeps."""

    def __init__(self) -> None:
        self.columns: dict[str, tuple[array[int], array[int], array[float]]] = {}
        self.sources: dict[str, dict[str, None]] = {}
        self.is_full = False

    def add(self, name: str, step: Step, source: str) -> None:
        """Under the book's lock."""
        since, until, value = self.columns.setdefault(name, (array("q"), array("q"), array("d")))
        if len(since) >= MOST_STEPS:
            self.is_full = True
            return
        since.append(step.since_ns)
        until.append(step.until_ns)
        value.append(step.value)
        self.sources.setdefault(name, {})[source] = None


@dataclass(slots=True)
class _Entry:
    """A name: its steps, who tells it, and when that one last did."""

    steps: deque[Step]
    source: str
    heard_ns: int
    measured_ns: int


class ContextBook:
    """Safe from any thread; nothing here waits.

    Args:
        max_age_s: after that a value is not known any more.
        keep_s: what is held for recordings that begin later, and for those of the last seconds.
        clock: ours, in ns.
    """

    def __init__(self, max_age_s: float, keep_s: float = 120.0, clock: Callable[[], int] = now_ns) -> None:
        self.max_age_ns = round(max_age_s * SECOND)
        self._keep_ns = round(max(keep_s, 2 * max_age_s) * SECOND)
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] = {}
        self._tracks: list[Track] = []

    def put(self, source: str, name: str, value: float, measured_ns: int | None = None) -> Refused | None:
        """A value, now.

        Args:
            source: who tells it. Of several for one name the first is heard, until it has been silent for
                ``max_age_s``.
            value: finite, or NaN where it is not known.
            measured_ns: when it was true, our clock; None for now.

        Returns:
            Why it was not taken; None where it was.
        """
        with self._lock:
            # Under the lock: whoever asks later for a moment after this one sees this value.
            now = self._clock()
            entry = self._entries.get(name)
            if entry is None:
                if len(self._entries) >= MOST_NAMES:
                    return Refused(Refusal.FULL, f"{name} is one name too many: {MOST_NAMES} at most")
                entry = self._entries[name] = _Entry(deque(maxlen=MOST_HELD), source, now, -1)
            if entry.source != source:
                if now - entry.heard_ns <= self.max_age_ns:
                    return Refused(Refusal.DOUBLED, f"{entry.source} tells {name} already")
                entry.source, entry.measured_ns = source, -1
            measured = now if measured_ns is None else min(measured_ns, now)
            if now - measured >= self.max_age_ns:
                return Refused(Refusal.LATE, f"{name} came {(now - measured) / SECOND:.1f} s late")
            if measured < entry.measured_ns:
                return Refused(Refusal.LATE, f"{name} was overtaken by a newer value")
            entry.heard_ns, entry.measured_ns = now, measured
            since = max(now, entry.steps[-1].since_ns + 1) if entry.steps else now
            step = Step(since, max(measured + self.max_age_ns, since + 1), value)
            entry.steps.append(step)
            while entry.steps[0].until_ns < now - self._keep_ns:
                entry.steps.popleft()
            for track in self._tracks:
                track.add(name, step, source)
            return None

    def at(self, host_ns: int) -> dict[str, float]:
        """Name -> value at a moment that is not after now; what is not known is absent."""
        with self._lock:
            found = {name: self._step(entry, host_ns) for name, entry in self._entries.items()}
        return {
            name: step.value
            for name, step in found.items()
            if step is not None and host_ns < step.until_ns and not math.isnan(step.value)
        }

    def newest(self) -> dict[str, tuple[float, float, str]]:
        """Name -> value (NaN where its sender does not know it), age in s, who tells it."""
        with self._lock:
            now = self._clock()
            return {
                name: (entry.steps[-1].value, max(0, now - entry.measured_ns) / SECOND, entry.source)
                for name, entry in self._entries.items()
                if entry.steps
            }

    def open_track(self) -> Track:
        """For a recording, until :meth:`close_track`."""
        track = Track()
        with self._lock:
            for name, entry in self._entries.items():
                for step in entry.steps:
                    track.add(name, step, entry.source)
            self._tracks.append(track)
        return track

    def close_track(self, track: Track) -> None:
        """Nothing is added any more. Safe to call twice."""
        with self._lock:
            if track in self._tracks:
                self._tracks.remove(track)

    def steps_of(self, track: Track) -> tuple[Steps, ...]:
        """What a track holds now."""
        with self._lock:
            held = [
                (name, np.array(since), np.array(until), np.array(value), tuple(track.sources[name]))
                for name, (since, until, value) in track.columns.items()
            ]
        return tuple(_as_series(*one) for one in held)

    def _step(self, entry: _Entry, host_ns: int) -> Step | None:
        """The newest that began at or before a moment."""
        steps = entry.steps
        if steps and steps[-1].since_ns <= host_ns:
            return steps[-1]
        for step in reversed(steps):  # a moment is a few frames old: this ends soon
            if step.since_ns <= host_ns:
                return step
        return None


def _as_series(
    name: str,
    since_ns: NDArray[np.int64],
    until_ns: NDArray[np.int64],
    values: NDArray[np.float64],
    sources: tuple[str, ...],
) -> Steps:
    """With a step to "not known" wherever a value grew too old before the next one came."""
    ends = np.ones(len(since_ns), bool)
    ends[:-1] = until_ns[:-1] < since_ns[1:]
    after = np.flatnonzero(ends) + 1
    return Steps(
        name,
        unit_of(name),
        np.insert(since_ns, after, until_ns[ends]),
        np.insert(values, after, math.nan),
        sources,
    )


def within(steps: Steps, begin_ns: int, end_ns: int) -> Steps | None:
    """What tells a span of time, and one more on each side; None where nothing does."""
    first = max(0, int(np.searchsorted(steps.t_ns, begin_ns, side="right")) - 1)
    end = min(len(steps.t_ns), int(np.searchsorted(steps.t_ns, end_ns, side="left")) + 1)
    if first >= end or int(steps.t_ns[first]) > end_ns or int(steps.t_ns[end - 1]) < begin_ns:
        return None
    return Steps(steps.name, steps.unit, steps.t_ns[first:end], steps.values[first:end], steps.sources)
