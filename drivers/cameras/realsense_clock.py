"""A RealSense's clock: a counter of 32 bits that is kept rising, and frames whose time another clock tells."""

from __future__ import annotations

import math
import threading
from typing import Final

WRAP_NS: Final = (1 << 32) * 1000
"""The hardware clock counts microseconds in 32 bits: every 71.6 minutes it begins anew."""

_NEAR_NS: Final = 60 * 1_000_000_000
_PATIENCE: Final = 10
HARDWARE: Final = "hardware_clock"
SYSTEM: Final = "system_time"


class DeviceClock:
    """Device times of all streams of one camera, in ns. Safe from any thread.

    The clock is that of the first frame (the SDK's words: ``hardware_clock``, ``global_time``, ``system_time``). A
    frame without the camera's own time carries the computer's instead: its device time is reckoned from its arrival.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._raw_ns: int | None = None
        self._host_ns = 0
        self._turns = 0
        self._shift_ns = 0
        self._latest_ns: int | None = None
        self._renewed = False
        self._foreign_in_a_row = 0
        self.domain = ""
        self.wraps = 0
        self.foreign = 0

    def of(self, time_ms: float, domain: str, host_ns: int) -> int:
        """The device time in ns of a frame that says ``time_ms``, and that reached us at ``host_ns``.

        Raises:
            ValueError: the time is no number.
        """
        if not math.isfinite(time_ms):
            raise ValueError(f"the impossible time {time_ms} ms")
        raw = round(time_ms * 1e6)
        with self._lock:
            if not self.domain or self._foreign_in_a_row >= _PATIENCE:
                self.domain, self._raw_ns, self._turns, self._foreign_in_a_row = domain, None, 0, 0
            if domain != self.domain:
                self.foreign += 1
                self._foreign_in_a_row += 1
                return (self._latest_ns or 0) + host_ns - self._host_ns
            self._foreign_in_a_row = 0
            if domain == HARDWARE:
                self._turn(raw)
            device = raw + self._turns * WRAP_NS
            if self._renewed:
                self._renewed = False
                self._shift_ns = (self._latest_ns or 0) + 1 - device
            device += self._shift_ns
            self._raw_ns, self._host_ns = raw, host_ns
            self._latest_ns = device if self._latest_ns is None else max(self._latest_ns, device)
            return device

    def go_on(self, period_ns: int) -> None:
        """A recording begins anew: its next frame comes ``period_ns`` after the last one."""
        with self._lock:
            if self._latest_ns is not None:
                self._latest_ns += period_ns - 1
                self._renewed, self._raw_ns, self._turns = True, None, 0

    def _turn(self, raw: int) -> None:
        """From the end of the counter to its start is a turn; frames of two streams may straddle it."""
        last = self._raw_ns
        if last is None:
            return
        if last > WRAP_NS - _NEAR_NS and raw < _NEAR_NS:
            self._turns += 1
            self.wraps = max(self.wraps, self._turns)
        elif self._turns and raw > WRAP_NS - _NEAR_NS and last < _NEAR_NS:
            self._turns -= 1
