"""A person's straight-ahead in every camera of a rig that has served: one for each stream.

Poses lie in the axes of the camera that they were read in. When another camera takes over, what was learned is carried
over by the rotation between the two, where a calibration tells it; otherwise that camera begins unlearned. What a
camera learned itself counts again when it takes back.

The pose that the file of zones gives is that of the camera that faces are looked for in first.
"""

from __future__ import annotations

from typing import Final

from drivers.frame import StreamInfo
from drivers.related import Relations
from pipeline.signals.camera_turns import turn_between
from pipeline.signals.straight import HeadConfig, Straight
from pipeline.signals.zones import ZoneSet

MOST: Final = 8
"""Streams that are remembered; beyond, the one that has not served for longest is forgotten."""


class Straights:
    """Asked for every instant which straight-ahead counts.

    Args:
        zones: give the pose before one is learned.
        home: the stream whose camera the zones speak of; None: the first that serves.
    """

    def __init__(self, config: HeadConfig, zones: ZoneSet, home: StreamInfo | None = None) -> None:
        self._config, self._zones, self._home = config, zones, home
        self._known: dict[str, tuple[StreamInfo, Straight]] = {}
        """By stream, the one that served last at the end."""
        self._stream = ""
        self._now = Straight.of_zones(config, zones)

    @property
    def now(self) -> Straight:
        """That of the camera that serves."""
        return self._now

    def of(self, info: StreamInfo, related: Relations | None = None) -> Straight:
        """That of the camera that serves now.

        Args:
            related: says which cameras the rig relates. None: those two that are compared are the whole rig.
        """
        if info.name == self._stream:
            return self._now
        _, own = self._known.pop(info.name, (info, None))
        if own is None or not own.has_found:
            own = self._carried(info, related) or own or self._begun(info, related)
        own.pause()
        self._known[info.name] = (info, own)
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        self._stream, self._now = info.name, own
        return own

    def _carried(self, info: StreamInfo, related: Relations | None) -> Straight | None:
        """What other cameras know of it: one that has found it, else the last one; None where no way leads there."""
        ways = [(one, turn_between(at, info, related)) for at, one in reversed(self._known.values())]
        there = [(one, turn) for one, turn in ways if turn is not None]
        if not there:
            return None
        one, turn = next((found for found in there if found[0].has_found), there[0])
        return one.seen_from(turn)

    def _begun(self, info: StreamInfo, related: Relations | None) -> Straight:
        """As the zones say, for this camera as far as anybody knows how it lies to the one that they speak of."""
        if self._home is None or self._home.name == info.name:
            self._home = info
            return Straight.of_zones(self._config, self._zones)
        turn = turn_between(self._home, info, related)
        if turn is None:
            return Straight.of_zones(self._config, self._zones, other_camera=True)
        return Straight.of_zones(self._config, self._zones).seen_from(turn)
