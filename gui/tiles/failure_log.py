"""What fails with every picture fills no log: the first time of each is told whole, then how often. No Qt here."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

EVERY_S: Final = 60.0
"""So often it is told how often it happened again."""
_MOST: Final = 64  # places that are remembered

Place = tuple[str, str, int]
"""What was raised, and the file and the line that raised it."""


class FailureLog:
    """Of one thread.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, log: logging.Logger, words: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._log, self._words, self._clock = log, words, clock
        self._counts: dict[Place, tuple[int, float]] = {}  # how often since it was told, and when that was

    def tell(self, error: Exception) -> None:
        """It was raised just now."""
        place, now = place_of(error), self._clock()
        if place not in self._counts:
            while len(self._counts) >= _MOST:
                del self._counts[next(iter(self._counts))]
            self._counts[place] = (0, now)
            self._log.error(self._words, exc_info=error)
            return
        count, told = self._counts[place]
        if now - told >= EVERY_S:
            again = "%s, %d times more in %.0f s: %s: %s"
            self._log.error(again, self._words, count + 1, now - told, type(error).__name__, error)
            self._counts[place] = (0, now)
        else:
            self._counts[place] = (count + 1, told)


def place_of(error: Exception) -> Place:
    """Where an error comes from: two of the same place are one trouble."""
    trace = error.__traceback__
    if trace is None:
        return type(error).__name__, "", 0
    while trace.tb_next is not None:
        trace = trace.tb_next
    return type(error).__name__, trace.tb_frame.f_code.co_filename, trace.tb_lineno
