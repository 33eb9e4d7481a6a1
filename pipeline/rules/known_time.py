"""How much of the last seconds something was known."""

from __future__ import annotations

from collections import deque


class KnownTime:
    """The share of known time since a beginning, over at most a span. Only changes cost something.

    Time between two instants is known where it was known at the first of them.

    Args:
        span_ns: looked back at most.
    """

    __slots__ = ("_begin_ns", "_last_ns", "_since_ns", "_span_ns", "_stretches")

    def __init__(self, span_ns: int) -> None:
        self._span_ns = span_ns
        self._stretches: deque[tuple[int, int]] = deque()
        """begin, end of known time that is over, the oldest first."""
        self._begin_ns: int | None = None
        self._last_ns = 0
        self._since_ns: int | None = None
        """Since when it is known now."""

    def add(self, device_ns: int, is_known: bool) -> None:
        """An instant, later than the one before."""
        self._last_ns = device_ns
        if is_known is (self._since_ns is not None):
            if self._begin_ns is None:
                self._begin_ns = device_ns
            return
        if self._begin_ns is None:
            self._begin_ns = device_ns
        if self._since_ns is None:
            self._since_ns = device_ns
            return
        self._stretches.append((self._since_ns, device_ns))
        self._since_ns = None
        while self._stretches[0][1] <= device_ns - self._span_ns:
            self._stretches.popleft()

    def share(self) -> float:
        """0..1 of the time since the beginning, or of the span; 1 at the very beginning, if that is known."""
        if self._begin_ns is None:
            return 0.0
        begin = max(self._begin_ns, self._last_ns - self._span_ns)
        whole = self._last_ns - begin
        if whole <= 0:
            return float(self._since_ns is not None)
        known = 0 if self._since_ns is None else self._last_ns - max(self._since_ns, begin)
        return (known + sum(max(0, end - max(start, begin)) for start, end in self._stretches)) / whole
