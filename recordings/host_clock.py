"""The host times of a recording: they rise whatever somebody does to the machine's clock meanwhile.

A clock that is set back by an hour would else give an hour of frames one time: nothing would be thinned out, no clip
would end, no segment be full. So the recording's time goes on from where it was, by what the clock advances, until the
clock is set forward again. It is the same shift for all streams: they stay side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_JITTER_NS: Final = 200_000_000
"""A frame that comes so little before its forerunner is late; the clock was not set."""


class HostClock:
    """Not safe for several threads: the recorder's lock is round it."""

    def __init__(self, streams: Iterable[str]) -> None:
        self._last = dict.fromkeys(streams, -1)
        self._last_wall = dict(self._last)
        self._newest = -1
        self._shift = 0

    def __contains__(self, stream: str) -> bool:
        return stream in self._last

    def place(self, stream: str, host_ns: int) -> tuple[int, int]:
        """Where a frame stands in the recording: later than every one of its stream before.

        Returns:
            Its host time, and by how much the clock has just been set back, ns (0: it was not).
        """
        last, placed = self._last[stream], self._nearest(host_ns)
        before, self._last_wall[stream] = self._last_wall[stream], host_ns
        if placed > last:
            return placed, 0
        if last - placed <= _JITTER_NS:
            return last + 1, 0
        self._shift = self._newest + 1 - host_ns
        return self._newest + 1, max(0, before - host_ns)

    def taken(self, stream: str, placed_ns: int) -> None:
        """The frame was taken with the time that :meth:`place` gave."""
        self._last[stream] = placed_ns
        self._newest = max(self._newest, placed_ns)

    def at(self, wall_ns: int) -> int:
        """A moment of the machine's clock as a host time of the recording."""
        return self._nearest(wall_ns)

    def _nearest(self, host_ns: int) -> int:
        """With or without the shift, whatever is nearer to the newest frame: some frames are on their way for longer,
        and were given their time before the clock was set."""
        if not self._shift:
            return host_ns
        return min(host_ns, host_ns + self._shift, key=lambda placed: abs(placed - self._newest))
