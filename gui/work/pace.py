"""How long work still takes, from how fast it went lately. No Qt here."""

from __future__ import annotations

from collections import deque
from typing import Final

WINDOW_S: Final = 60.0
FIRST_S: Final = 3.0
FIRST_SHARE: Final = 0.01
_MOST: Final = 400


class Pace:
    """Shares of a whole by time."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque(maxlen=_MOST)

    def add(self, now_s: float, share: float) -> None:
        """What is done by now, 0..1; a share that falls begins anew."""
        if self._seen and share < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now_s, share))
        while len(self._seen) > 2 and now_s - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()

    def left_s(self, now_s: float) -> float | None:
        """Seconds that are left at the rate of the last minute; None where that would be a guess: too early, or
        nothing was done for a while. Time without news counts, so what stands still takes longer and longer."""
        if len(self._seen) < 2:
            return None
        (begin, first), (_, last) = self._seen[0], self._seen[-1]
        if now_s - begin < FIRST_S or last - first < FIRST_SHARE:
            return None
        return (1.0 - last) * (now_s - begin) / (last - first)
