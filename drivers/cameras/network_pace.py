"""What arrives over a network judged by its times: how far behind the live scene it is, and what is missing between."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final

_JUMP_S: Final = 5.0
"""A clock that moves so much more or less than ours was set."""
_WAITED: Final = 0.3
"""Who waited for so much of a frame period is at the live edge."""
_RECENT: Final = 9
_LIVE_S: Final = 2.0
"""What has come for so long without a wait is live, too: it comes as fast as it can be read."""


class LiveEdge:
    """How far behind the newest picture we are: what a reader that is too slow piles up in the network's buffers.

    Whoever has to wait for the next packet is not behind. From there on our clock and the stream's run side by side,
    so the difference between them is what has piled up. Clocks that drift apart do no harm: each wait begins anew.
    """

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s or 1 / 30
        self._at_edge_s: float | None = None
        self._first_s: float | None = None
        self.is_live = False
        """Whether the live scene was reached: what waits in the camera's buffers at the beginning is older."""

    def behind_s(self, stream_s: float, now_s: float, waited_s: float) -> float:
        """Seconds behind, at least 0.

        Args:
            stream_s: the packet's time by the stream.
            now_s: when it was got, monotonic.
            waited_s: how long it was waited for.
        """
        self._first_s = now_s if self._first_s is None else self._first_s
        has_waited = waited_s > _WAITED * self._period_s
        self.is_live = self.is_live or has_waited or now_s - self._first_s > _LIVE_S
        lag_s = now_s - stream_s
        edge_s = self._at_edge_s
        if edge_s is None or abs(lag_s - edge_s) > _JUMP_S or has_waited:
            edge_s = lag_s
        self._at_edge_s = min(edge_s, lag_s)
        return lag_s - self._at_edge_s


class FrameNumbers:
    """Numbers for a stream that brings times, but no numbers.

    One more for each frame. Where the network said that packets were lost, the hole in the times tells how many frames
    they were: cameras change their rate in the dark, so a longer step alone is no loss.
    """

    def __init__(self) -> None:
        self._number = -1
        self._last_s: float | None = None
        self._steps: deque[float] = deque(maxlen=_RECENT)
        self.lost = 0
        """Frames that never came, as far as is known."""

    def next(self, stream_s: float | None, packets_were_lost: bool) -> int:
        """The number of the frame that was just decoded.

        Args:
            stream_s: its time by the stream, None when it has none.
            packets_were_lost: since the last frame.
        """
        missing = 0
        if stream_s is not None and self._last_s is not None:
            step_s = stream_s - self._last_s
            if packets_were_lost and self._steps and 0 < step_s < _JUMP_S:
                missing = max(0, round(step_s / median(self._steps)) - 1)
            elif 0 < step_s < _JUMP_S:
                self._steps.append(step_s)
        self._last_s = self._last_s if stream_s is None else stream_s
        self.lost += missing
        self._number += 1 + missing
        return self._number

    @property
    def period_s(self) -> float:
        """Between frames, as they come; 0 when not known."""
        return median(self._steps) if self._steps else 0.0


class StreamClock:
    """The stream's own clock in whole nanoseconds; a frame without a time gets one a period after the last."""

    def __init__(self) -> None:
        self._last_ns: int | None = None
        self.without_time = 0
        """Frames that came without a time."""
        self.jumps = 0
        """How often the clock went back, or on by more than a few seconds."""

    def device_ns(self, pts_ns: int | None, period_s: float) -> int:
        """The time of a frame.

        Args:
            pts_ns: as it came.
            period_s: between frames.
        """
        last = self._last_ns
        if pts_ns is None:
            self.without_time += 1
            pts_ns = 0 if last is None else last + round((period_s or 1 / 30) * 1e9)
        elif last is not None and not 0 <= pts_ns - last < _JUMP_S * 1e9:
            self.jumps += 1
        self._last_ns = pts_ns
        return pts_ns
