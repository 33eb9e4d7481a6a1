"""How much lossless recording a night may hold: a token bucket on the host clock."""

from __future__ import annotations

import threading
from typing import Final

GB: Final = 10**9


class LosslessBudget:
    """Bytes for clips: so many an hour on average, so many at once.

    What happens often and by itself (faces) may use the bucket down to a reserve; what is rare and asked for (marks,
    alarms) always gets its clip, from the reserve and then on credit, which faces pay back. So over any time faces
    never use more than ``bytes_per_hour`` and once ``burst_bytes``, and both together only when marks and alarms alone
    are more than that. Safe from any thread.

    Args:
        bytes_per_hour: of host time.
        burst_bytes: the most that gathers while nothing happens; full at the beginning.
        reserve: the fraction of ``burst_bytes`` that faces leave alone.
    """

    def __init__(self, bytes_per_hour: int = 10 * GB, burst_bytes: int = 2 * GB, reserve: float = 0.25) -> None:
        if bytes_per_hour <= 0 or burst_bytes <= 0 or not 0 <= reserve < 1:
            raise ValueError(
                f"a budget has bytes an hour, bytes at once and a reserve of 0 to 1 of those, was given "
                f"{bytes_per_hour}, {burst_bytes} and {reserve}"
            )
        self.bytes_per_hour = bytes_per_hour
        self.burst_bytes = burst_bytes
        self.reserve_bytes = round(burst_bytes * reserve)
        self._lock = threading.Lock()
        self._level = float(burst_bytes)
        self._at_ns: int | None = None

    def for_faces(self, host_ns: int) -> int:
        """Bytes that a face clip may use at this host time; negative when others have used what was its own."""
        with self._lock:
            self._refill(host_ns)
            return int(self._level) - self.reserve_bytes

    @property
    def most_for_faces(self) -> int:
        """The most that :meth:`for_faces` ever gives."""
        return self.burst_bytes - self.reserve_bytes

    def spend(self, count: int, host_ns: int) -> None:
        """So many bytes were written."""
        with self._lock:
            self._refill(host_ns)
            self._level -= count

    def _refill(self, host_ns: int) -> None:
        if self._at_ns is not None and host_ns > self._at_ns:
            earned = (host_ns - self._at_ns) / 3.6e12 * self.bytes_per_hour
            self._level = min(float(self.burst_bytes), self._level + earned)
        self._at_ns = host_ns if self._at_ns is None else max(self._at_ns, host_ns)
