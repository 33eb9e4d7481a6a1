"""When a costly signal looks again that reads a thermal camera: at its turn, and in a picture that it has not read."""

from __future__ import annotations

from drivers.frame import FrameFlag
from pipeline.signals.pace import Pace
from pipeline.signals.sight import Sight
from pipeline.signals.warm_look import WarmLook
from pipeline.signals.warm_pictures import WarmPictures


class WarmPace:
    """As Pace; a turn waits for the next thermal picture where one is to come.

    Args:
        every_ms, after_ms: see Pace.
    """

    def __init__(self, every_ms: int, after_ms: int = 0) -> None:
        self._pace = Pace(every_ms, after_ms)
        self._pictures = WarmPictures()
        self._read: tuple[str, int, FrameFlag] | None = None
        """Stream, number and flags of the picture that was looked at last; None: there was none."""

    def is_due(self, sight: Sight, again: bool = False) -> bool:
        """Whether this sight is to be looked at; it counts as looked at, then.

        Args:
            again: whether it is the signal's turn anyway.
        """
        frame = self._pictures.see(sight)
        if not (again or self._pace.has_come(sight) or (frame is not None and self._read is None)):
            return False
        picture = None if frame is None else (frame.stream, frame.number, frame.flags)
        if (picture is None or picture == self._read) and self._pictures.is_awaited(sight.device_ns):
            return False
        self._pace.take(sight)
        self._read = picture
        return True

    def look(self, sight: Sight) -> WarmLook | str:
        """The face in the thermal picture of a sight that is due; or why there is none, for people."""
        return self._pictures.look(sight)
