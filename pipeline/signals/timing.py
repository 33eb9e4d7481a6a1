"""Windows and stopwatches on device time, which may stand still, be full of gaps, or leap."""

from __future__ import annotations

import math
from collections import deque
from typing import Final

GAP_S: Final = 0.5
"""Of what was between two instants farther apart than this nothing is known."""

_BITS: Final = 40
"""Binary digits after the point in which values are added up: 0 and 1 are exact, others to less than 1e-12."""


_LARGEST: Final = 1e100
"""Nothing that is measured is so large: it counts as unknown, as NaN does."""


class Window:
    """Values over the last seconds: each holds from its instant to the next, or until nothing is known.

    Only time with a value counts as valid. A clock that leaps back empties the window; one that leaps forward is a
    gap, and what was before the window's span is forgotten. A step costs the same however long the window is: the sums
    run along, in whole numbers, so that nothing drifts in a night of adding and taking away.
    """

    def __init__(self, span_s: float, gap_s: float = GAP_S) -> None:
        self._span_ns = round(span_s * 1e9)
        self._gap_ns = round(gap_s * 1e9)
        self._stretches: deque[tuple[int, int, float, int]] = deque()
        """begin, end, value, and the value in steps of 2 ** -_BITS; of valid time only."""
        self._valid_ns = 0
        self._sum = 0
        """Nanoseconds times value in those steps."""
        self._last: tuple[int, float | None] | None = None

    def add(self, device_ns: int, value: float | None) -> None:
        """A value at an instant; None (or NaN, or infinity) where it is not known. An instant counts once."""
        if value is not None and not abs(value) < _LARGEST:
            value = None
        if self._last is not None:
            before, held = self._last
            if device_ns <= before:
                if device_ns == before:
                    return
                self._empty()
            elif held is not None and device_ns - before <= self._gap_ns:
                steps = round(math.ldexp(held, _BITS))
                self._stretches.append((before, device_ns, held, steps))
                self._count(device_ns - before, steps)
        self._last = (device_ns, value)
        if self._stretches and self._stretches[0][0] < device_ns - self._span_ns:
            self._forget(device_ns - self._span_ns)

    def _forget(self, until_ns: int) -> None:
        """What was before an instant is no longer in the window."""
        while self._stretches and self._stretches[0][0] < until_ns:
            begin, end, value, steps = self._stretches.popleft()
            self._count(begin - min(end, until_ns), steps)
            if end > until_ns:
                self._stretches.appendleft((until_ns, end, value, steps))

    def _count(self, ns: int, steps: int) -> None:
        self._valid_ns += ns
        self._sum += ns * steps

    def _empty(self) -> None:
        self._stretches.clear()
        self._valid_ns = self._sum = 0

    def clear(self) -> None:
        """Forget everything."""
        self._empty()
        self._last = None

    @property
    def span_s(self) -> float:
        return self._span_ns / 1e9

    @property
    def valid_s(self) -> float:
        """Seconds of the span in which a value was known."""
        return self._valid_ns / 1e9

    @property
    def valid_share(self) -> float:
        """0..1 of the span; a window that has just begun is mostly unknown."""
        return self._valid_ns / self._span_ns if self._span_ns else 0.0

    def sum_s(self) -> float:
        """The integral of the values over the valid time, in value times seconds."""
        return math.ldexp(self._sum / 1_000_000_000, -_BITS)

    def mean(self) -> float | None:
        """Over the valid time; None where there is none."""
        return math.ldexp(self._sum / self._valid_ns, -_BITS) if self._valid_ns else None

    def stretches(self) -> list[tuple[int, int, float]]:
        """(begin_ns, end_ns, value) of the valid time, the oldest first."""
        return [(begin, end, value) for begin, end, value, _ in self._stretches]


class Stopwatch:
    """For how long something has held without interruption, in seconds of device time.

    What is not known (None), or a gap, does not count; when that lasts longer than the patience, the watch goes back to
    zero. A clock that leaps, in either direction, sets it to zero: no alarm ever comes of a leap.
    """

    def __init__(self, patience_s: float = 0.2, gap_s: float = GAP_S) -> None:
        self._patience_ns = round(patience_s * 1e9)
        self._gap_ns = round(gap_s * 1e9)
        self._held_ns = 0
        self._doubt_ns = 0
        self._last: tuple[int, bool | None] | None = None

    @property
    def held_s(self) -> float:
        return self._held_ns / 1e9

    def step(self, device_ns: int, holds: bool | None) -> float:
        """Seconds that it has held up to this instant; at its first instant 0."""
        before, self._last = self._last, (device_ns, holds)
        passed = 0 if before is None else device_ns - before[0]
        if before is None or passed < 0 or passed > self._gap_ns:
            self._held_ns = self._doubt_ns = 0
        elif before[1]:
            self._held_ns += passed
        elif before[1] is None:
            self._doubt_ns += passed
        if holds is False or self._doubt_ns > self._patience_ns:
            self._held_ns = self._doubt_ns = 0
        elif holds:
            self._doubt_ns = 0
        return self.held_s
