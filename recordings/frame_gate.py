"""Which frames a recording can hold: asked before a frame is taken, so that one bad frame never ends the recording."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Final

from drivers.frame import Frame, StreamInfo
from recordings.channels import MAX_HOST_NS

_INT64: Final = 1 << 63

UNKNOWN: Final = "belong to no stream of this recording"
OTHERWISE: Final = "are not as their stream was described when the recording began"
NO_JPEG: Final = "came without the JPEG that their stream began with"
BEYOND: Final = "have a number or a time that no session can hold"


class FrameGate:
    """Not safe for several threads: the recorder's lock is round it."""

    def __init__(self, streams: Iterable[StreamInfo]) -> None:
        self._streams = {s.name: s for s in streams}
        self._jpeg: dict[str, bool] = {}

    def refusal(self, frame: Frame) -> str:
        """Why a frame cannot be taken, as "they ...", one of a few; '' when it can."""
        info = self._streams.get(frame.info.name)
        if info is None:
            return UNKNOWN
        if frame.info is not info and frame.info != info:
            return OTHERWISE
        in_range = -_INT64 <= frame.number < _INT64 and -_INT64 <= frame.device_ns < _INT64
        if not in_range or not 0 <= frame.host_ns < MAX_HOST_NS:
            return BEYOND
        if frame.encoded is None and self._jpeg.get(info.name, False):
            return NO_JPEG
        return ""

    def as_stored(self, frame: Frame) -> Frame:
        """A frame as it is to be stored: in a stream that began without JPEG it keeps its pixels alone."""
        if frame.encoded is None or self._jpeg.get(frame.info.name, True):
            return frame
        return dataclasses.replace(frame, encoded=None)

    def taken(self, frame: Frame) -> None:
        """The frame was taken: the first one decides for its stream."""
        self._jpeg.setdefault(frame.info.name, frame.encoded is not None)
