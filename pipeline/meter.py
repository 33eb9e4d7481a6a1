"""Counters, step times and rates of a running pipeline, safe to read from any thread."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepTime:
    """What one step cost over the last calls, in milliseconds."""

    calls: int
    mean_ms: float
    median_ms: float
    p95_ms: float
    worst_ms: float

    def to_json(self) -> dict[str, float | int]:
        return {
            "calls": self.calls,
            "mean_ms": round(self.mean_ms, 4),
            "median_ms": round(self.median_ms, 4),
            "p95_ms": round(self.p95_ms, 4),
            "worst_ms": round(self.worst_ms, 4),
        }


@dataclass(frozen=True, slots=True)
class MeterSnapshot:
    """Everything that a meter knows, at one moment: step times, counters, events a second."""

    steps: Mapping[str, StepTime]
    counts: Mapping[str, int]
    rates_hz: Mapping[str, float]


class Meter:
    """Keeps the last ``window`` times of every step and the last ``window`` ticks of every rate."""

    def __init__(self, window: int = 300) -> None:
        self._window = window
        self._lock = threading.Lock()
        self._seconds: dict[str, deque[float]] = {}
        self._calls: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._ticks: dict[str, deque[float]] = {}

    def time(self, step: str, seconds: float) -> None:
        """One call of a step took so many seconds."""
        with self._lock:
            self._seconds.setdefault(step, deque(maxlen=self._window)).append(seconds)
            self._calls[step] = self._calls.get(step, 0) + 1

    def times(self, seconds: Mapping[str, float]) -> None:
        """One call of each of these steps."""
        for step, value in seconds.items():
            self.time(step, value)

    def count(self, name: str, by: int = 1) -> None:
        with self._lock:
            self._counts[name] = self._counts.get(name, 0) + by

    def tick(self, name: str, at_s: float) -> None:
        """Something that has a rate happened at ``at_s`` (a monotonic clock)."""
        with self._lock:
            self._ticks.setdefault(name, deque(maxlen=self._window)).append(at_s)

    def snapshot(self) -> MeterSnapshot:
        """What is known now. Cheap: the screen asks a few times a second, on its own thread."""
        with self._lock:
            seconds = {k: list(v) for k, v in self._seconds.items()}
            calls = dict(self._calls)
            counts = dict(self._counts)
            ticks = {k: list(v) for k, v in self._ticks.items()}
        steps = {name: _step_time(calls[name], took) for name, took in seconds.items()}
        return MeterSnapshot(steps, counts, {name: _rate(t) for name, t in ticks.items()})


def _step_time(calls: int, seconds: list[float]) -> StepTime:
    """Of the last calls. Plain lists: for some hundred numbers numpy's percentiles take ten times as long."""
    ms = sorted(1e3 * s for s in seconds)
    return StepTime(calls, sum(ms) / len(ms), _quantile(ms, 0.5), _quantile(ms, 0.95), ms[-1])


def _quantile(ordered: list[float], share: float) -> float:
    """Linear between neighbours, as numpy's percentile."""
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def _rate(ticks: list[float]) -> float:
    """Events a second over the last two seconds of ticks; 0 with fewer than two."""
    recent = ticks[bisect_left(ticks, ticks[-1] - 2.0) :]
    if len(recent) < 2 or recent[-1] <= recent[0]:
        return 0.0
    return (len(recent) - 1) / (recent[-1] - recent[0])
