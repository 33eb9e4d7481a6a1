"""Who is there and who is gone, by the numbers that faces have. No Qt here.

A person who comes back has another number: nobody here guesses that it is the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

GONE_S: Final = 2.0
"""Who is in none of the pictures of so long is gone; as long as rules wait for a face."""
_REMEMBERED: Final = 4096
_GAP_S: Final = 0.5
"""Between two pictures no more time counts than this: who is not in the first one after a pause was not away for it."""

LastSeen: TypeAlias = Callable[[str], int | None]
"""When a person who is gone was seen last, by their group; None for who is there, or was never seen."""


class Presence:
    """When each was seen last. What no picture came of is not known: nobody goes while none comes."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, float]] = {}
        self._newest_ns = 0
        self._looked_s = 0.0

    def see(self, groups: Iterable[str], now_ns: int) -> None:
        """Who is in a picture that came now, our clock; it was looked at, and shows all who are there."""
        if self._newest_ns:
            self._looked_s += min(max(0, now_ns - self._newest_ns) / 1e9, _GAP_S)
        self._newest_ns = max(self._newest_ns, now_ns)
        for group in groups:
            self._seen.pop(group, None)
            self._seen[group] = self._newest_ns, self._looked_s
        while len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def last_seen(self, group: str) -> int | None:
        """Of who is gone, ns of our clock; None for who is there, or was never seen."""
        seen = self._seen.get(group)
        return seen[0] if seen is not None and self._looked_s - seen[1] > GONE_S else None


def nobody_gone(_group: str) -> int | None:
    """Where nobody looks."""
    return None
