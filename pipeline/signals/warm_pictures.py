"""The pictures of the thermal camera that looks at a face, and whether it is there between them.

A thermal camera is often slower than the one that faces are found in: it gives 9 pictures a second beside 30. Each of
them is in one FrameSet only (steps/synchronise.py), and most FrameSets hold none. That is no camera that is gone: what
was read in its last picture holds until two of its pictures have been missed, half a second at most.

Times are the instants of FrameSets, whatever clock the camera has.
"""

from __future__ import annotations

from typing import Final

from drivers.frame import Frame, FrameFlag, StreamKind
from pipeline.signals.sight import OtherView, Sight
from pipeline.signals.warm_look import WarmLook, warm_look

LONGEST_NS: Final = 500_000_000
"""However slow the camera is, and while nobody knows yet how slow: what was read holds no longer."""
GONE: Final = "the thermal camera gives no pictures"

_PERIODS: Final = 2.5
"""From one picture to the next but one, and half a period for what comes late."""


class WarmPictures:
    """Follows the thermal camera that a signal reads. Show it every sight of one face, in order."""

    def __init__(self) -> None:
        self._stream = ""
        self._begin(None)

    def _begin(self, seen_ns: int | None) -> None:
        self._number, self._flags = -1, FrameFlag.NONE
        self._seen_ns = seen_ns
        self._step_ns = LONGEST_NS
        self._hold_ns = LONGEST_NS

    def see(self, sight: Sight) -> Frame | None:
        """The thermal picture of this sight; None where there is none, or only another camera's while this one's is
        awaited."""
        view = sight.others.get(self._stream)
        if view is None:
            if self.is_awaited(sight.device_ns) or (view := _first_thermal(sight)) is None:
                return None
            self._follow(view.info.name, sight.device_ns)
        frame = view.frame
        if frame.number != self._number or frame.flags != self._flags:
            self._count(frame, sight.device_ns)
        return frame

    def is_awaited(self, device_ns: int) -> bool:
        """Whether the camera gave a picture lately, so that its next one is to come."""
        return self._seen_ns is not None and 0 <= device_ns - self._seen_ns <= self._hold_ns

    def look(self, sight: Sight) -> WarmLook | str:
        """See :func:`warm_look`, of a sight that was shown; of a camera that is gone this is the reason."""
        found = warm_look(sight)
        if isinstance(found, WarmLook):
            self._follow(found.stream, sight.device_ns)
        elif self._seen_ns is not None and _first_thermal(sight) is None:
            return GONE
        return found

    def _follow(self, stream: str, device_ns: int) -> None:
        """From now on this camera is the one: two of them are not read in turns."""
        if stream != self._stream:
            self._stream = stream
            self._begin(device_ns)

    def _count(self, frame: Frame, device_ns: int) -> None:
        before, self._seen_ns = self._seen_ns, device_ns
        self._number, self._flags = frame.number, frame.flags
        if before is not None and device_ns > before:
            # The longer of the last two: FrameSets are a grid on which even steps lie unevenly.
            last, self._step_ns = self._step_ns, device_ns - before
            self._hold_ns = min(round(_PERIODS * max(last, self._step_ns)), LONGEST_NS)


def _first_thermal(sight: Sight) -> OtherView | None:
    for view in sight.others.values():
        if view.frame.info.kind is StreamKind.THERMAL:
            return view
    return None
