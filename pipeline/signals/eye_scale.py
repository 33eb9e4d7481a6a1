"""What open and closed eyes of one person read as: learned from the last minute and from the last blinks."""

from __future__ import annotations

from collections import deque
from typing import Final

from pipeline.signals.levels import Level


class PersonalScale:
    """What open and closed eyes of one person read as, one eye, one way of reading.

    Args:
        usual_open, usual_closed: what stands in until this person's are known.
        learn_s: seconds of eyes, seen from ahead, after which their open level is known.
        blinks: blinks after which the closed one is.
    """

    def __init__(self, usual_open: float, usual_closed: float, learn_s: float, blinks: int) -> None:
        self._level = Level(0.95, usual_open, needed_s=learn_s)
        self._blinks = blinks
        self._share = usual_closed / usual_open
        self._floors: deque[float] = deque(maxlen=12)

    @property
    def open(self) -> float:
        return max(self._level.value, 0.05)

    @property
    def closed(self) -> float:
        """The lower quartile of the blinks' floors: a short blink is often seen half way only."""
        if not self.knows_closed:
            return self._share * self.open
        return min(self._floor(), 0.5 * self.open)

    def _floor(self) -> float:
        return sorted(self._floors)[(len(self._floors) - 1) // 4]

    @property
    def contrast(self) -> float:
        """How much of the open level a blink takes away, 0..1; 1 while nothing is known of blinks."""
        return max(1.0 - self._floor() / self.open, 0.0) if self._floors else 1.0

    @property
    def knows_open(self) -> bool:
        return self._level.is_learned

    @property
    def knows_closed(self) -> bool:
        return len(self._floors) >= self._blinks

    def see(self, device_ns: int, raw: float) -> None:
        """An eye of a head that looks about ahead."""
        self._level.add(device_ns, raw)

    def blinked(self, floor: float) -> None:
        """How far open the eye was in the middle of a blink."""
        self._floors.append(floor)

    def openness(self, raw: float) -> float:
        whole = self.open
        closed = min(self._floor(), 0.5 * whole) if self.knows_closed else self._share * whole
        return min(max((raw - closed) / max(whole - closed, 0.02), 0.0), 1.0)


class BlinkShape:
    """Finds blinks in the raw reading by their shape alone, to learn from: down, and up again within half a second."""

    LONGEST_NS: Final = 500_000_000
    BELOW: Final = 0.6
    ABOVE: Final = 0.75

    def __init__(self) -> None:
        self._begin = -1
        self._lowest = (1.0, 1.0)
        self._was_up = -1

    def step(self, device_ns: int, ratios: tuple[float | None, float | None]) -> tuple[float, float] | None:
        """The lowest ratios (raw over open) of both eyes when a blink has just ended.

        Args:
            ratios: of both eyes; None where one is not seen.
        """
        if ratios[0] is None or ratios[1] is None:
            self._begin = self._was_up = -1
            return None
        mean = (ratios[0] + ratios[1]) / 2
        if self._begin < 0:
            if mean < self.BELOW and self._was_up >= 0 and 0 < device_ns - self._was_up <= self.LONGEST_NS // 2:
                self._begin, self._lowest = device_ns, (ratios[0], ratios[1])
            elif mean > self.ABOVE:
                self._was_up = device_ns
            elif device_ns < self._was_up:
                self._was_up = -1
            return None
        passed = device_ns - self._begin
        if passed < 0 or passed > self.LONGEST_NS:
            self._begin = self._was_up = -1
            return None
        self._lowest = min(self._lowest[0], ratios[0]), min(self._lowest[1], ratios[1])
        if mean <= self.ABOVE:
            return None
        self._begin, self._was_up = -1, device_ns
        return self._lowest
