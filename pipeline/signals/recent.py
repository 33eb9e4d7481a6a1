"""The median of what was measured in the last seconds of device time."""

from __future__ import annotations

from collections import deque


class Recent:
    """Values of one thing of the last ``span_s`` seconds. A clock that leaps back, or another source, empties it."""

    def __init__(self, span_s: float) -> None:
        self._span_ns = round(span_s * 1e9)
        self._values: deque[tuple[int, float]] = deque()
        self._source = ""

    def add(self, device_ns: int, value: float, source: str = "") -> float:
        """Remember a value; the median of all within the span up to it.

        Args:
            source: the stream it was read in: two cameras' values are never mixed.
        """
        values = self._values
        if source != self._source or (values and device_ns < values[-1][0]):
            values.clear()
        self._source = source
        if values and device_ns == values[-1][0]:
            values.pop()
        values.append((device_ns, value))
        while device_ns - values[0][0] > self._span_ns:
            values.popleft()
        ordered = sorted(v for _, v in values)
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

    def __len__(self) -> int:
        return len(self._values)

    @property
    def seconds(self) -> float:
        """From the oldest value to the newest."""
        return (self._values[-1][0] - self._values[0][0]) / 1e9 if self._values else 0.0
