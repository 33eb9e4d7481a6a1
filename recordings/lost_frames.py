"""Which frames a recorder lost, by stream: counted at once, written down in the session soon after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from recordings.event import Event

LOST_EVENT: Final = "frames not recorded"

QUEUE_FULL: Final = "found the recorder's queue full"
"""Why most are lost: a slow disk or machine."""


@dataclass(slots=True)
class _Burst:
    """Frames of one stream that were lost since it was last written down."""

    count: int
    first_device_ns: int
    last_device_ns: int


class LostFrames:
    """Not safe for several threads: the recorder's lock is round it."""

    def __init__(self) -> None:
        self._total: dict[str, int] = {}
        self._bursts: dict[tuple[str, str], _Burst] = {}

    def add(self, stream: str, device_ns: int, why: str = QUEUE_FULL) -> bool:
        """One frame more; True when it is the first of a burst."""
        self._total[stream] = self._total.get(stream, 0) + 1
        burst = self._bursts.get((stream, why))
        if burst is None:
            self._bursts[stream, why] = _Burst(1, device_ns, device_ns)
            return True
        burst.count += 1
        burst.last_device_ns = device_ns
        return False

    def add_unseen(self, stream: str, count: int) -> None:
        """Frames that were written and then lost with the file's end: known by their number alone."""
        self._total[stream] = self._total.get(stream, 0) + count

    def total(self) -> dict[str, int]:
        """Stream -> all frames lost, streams without loss left out."""
        return dict(self._total)

    def take_events(self) -> list[Event]:
        """An event for each stream that lost something since the last call."""
        bursts, self._bursts = self._bursts, {}
        return [
            Event(LOST_EVENT, burst.first_device_ns, burst.last_device_ns, None, f"{name}: {burst.count} frames {why}")
            for (name, why), burst in sorted(bursts.items())
        ]
