"""When a costly signal looks again: some times a second of device time, and not all of them at the same FrameSet."""

from __future__ import annotations

from typing import Final

from pipeline.signals.sight import Sight

_MS: Final = 1_000_000
_NEXT_FACE_NS: Final = 70 * _MS
"""From face to face the looks lie so far apart."""


class Pace:
    """Cuts device time into parts of one length; the first sight in each is looked at.

    A clock that leaps, in either direction, leaps into another part: it is looked at once more, no matter when the last
    look was.

    Args:
        every_ms: length of a part.
        after_ms: where the first begins: signals that share a length take turns by it.
    """

    def __init__(self, every_ms: int, after_ms: int = 0) -> None:
        self._every = every_ms * _MS
        self._after = after_ms * _MS
        self._part: int | None = None

    def is_due(self, sight: Sight) -> bool:
        """Whether this sight is to be looked at; always true for the first. It counts as looked at, then."""
        before, self._part = self._part, self._part_of(sight)
        return self._part != before

    def has_come(self, sight: Sight) -> bool:
        """Whether a sight would be the first in its part; it does not count as looked at."""
        return self._part_of(sight) != self._part

    def take(self, sight: Sight) -> None:
        """This sight is looked at."""
        self._part = self._part_of(sight)

    def _part_of(self, sight: Sight) -> int:
        return (sight.device_ns - self._after - sight.face.id * _NEXT_FACE_NS) // self._every
