"""Which part of the recorded time is seen, and where in a widget its times lie. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST_NS = 100_000_000
"""The shortest part that can fill the line."""


@dataclass(frozen=True, slots=True)
class TimeView:
    """A part of the recorded time.

    Attributes:
        begin_ns, end_ns: what is seen.
        duration_ns: of all that there is; 0 while nothing is.
    """

    begin_ns: int = 0
    end_ns: int = 0
    duration_ns: int = 0

    @classmethod
    def whole(cls, duration_ns: int) -> TimeView:
        return cls(0, duration_ns, duration_ns)

    @property
    def span_ns(self) -> int:
        return self.end_ns - self.begin_ns

    @property
    def is_whole(self) -> bool:
        return self.begin_ns <= 0 and self.end_ns >= self.duration_ns

    def share(self, time_ns: float) -> float:
        """Where a time lies: 0 is the left end, 1 the right one."""
        return (time_ns - self.begin_ns) / self.span_ns if self.span_ns else 0.0

    def time_at(self, share: float) -> int:
        """The time at a place from 0, the left end, to 1 (clamped)."""
        return round(self.begin_ns + min(max(share, 0.0), 1.0) * self.span_ns)

    def zoomed(self, factor: float, around_ns: int) -> TimeView:
        """A part ``factor`` times as long; what is at a time stays where it is, as far as the ends allow."""
        span = round(min(max(self.span_ns * factor, min(SHORTEST_NS, self.duration_ns)), self.duration_ns))
        around = min(max(around_ns, self.begin_ns), self.end_ns)
        return self._placed(round(around - self.share(around) * span), span)

    def moved(self, by_ns: int) -> TimeView:
        """The part of the same length so much later."""
        return self._placed(self.begin_ns + by_ns, self.span_ns)

    def showing(self, time_ns: int) -> TimeView:
        """Itself where a time is in it, else the part of the same length with the time near its left end."""
        if self.begin_ns <= time_ns <= self.end_ns:
            return self
        return self._placed(time_ns - self.span_ns // 10, self.span_ns)

    def between(self, begin_ns: int, end_ns: int) -> TimeView:
        """The part from one time to another, in any order."""
        low, high = sorted((begin_ns, end_ns))
        span = min(max(high - low, min(SHORTEST_NS, self.duration_ns)), self.duration_ns)
        return self._placed(low, span)

    def _placed(self, begin_ns: int, span_ns: int) -> TimeView:
        begin = min(max(begin_ns, 0), self.duration_ns - span_ns)
        return TimeView(begin, begin + span_ns, self.duration_ns)
