"""Frames of a virtual camera that are decoded before they are due, so that those of one instant come together."""

from __future__ import annotations

from typing import Final

from drivers.frame import Frame
from recordings.errors import RecordingError
from recordings.play_order import PlayOrder
from recordings.reader import SessionReader

_TOGETHER_NS: Final = 5_000_000
"""What is due so shortly after the next frame, session time, is decoded with it."""
_MOST_FRAMES: Final = 16
_MOST_BYTES: Final = 32 << 20

Place = tuple[str, int]


class ReadAhead:
    """Decoded frames, each until it is asked for or something else comes in its place.

    A real camera gives the frames of an instant at once; decoded one after the other when they are due, the last of
    four comes several milliseconds late. Used in the thread that reads the session.
    """

    def __init__(self, reader: SessionReader, order: PlayOrder) -> None:
        self._reader = reader
        self._order = order
        self._frames: dict[Place, Frame | None] = {}

    def frame(self, stream: str, index: int) -> Frame:
        """The frame at a position of a stream.

        Raises:
            SessionFormatError: the file is damaged there.
        """
        known = self._frames.pop((stream, index), None)
        return self._reader.frame(stream, index) if known is None else known

    def read_one(self, place: int) -> bool:
        """Decode one frame of those that come together with the one at a place; False when all of them are there.

        A damaged one is left: whoever asks for it is told.
        """
        coming = self._coming(place)
        if any(known not in coming for known in self._frames):  # after a seek, say
            self._frames = {known: frame for known, frame in self._frames.items() if known in coming}
        held = sum(frame.pixels.nbytes for frame in self._frames.values() if frame is not None)
        missing = [one for one in coming if one not in self._frames]
        if not missing or held >= _MOST_BYTES:
            return False
        try:
            self._frames[missing[0]] = self._reader.frame(*missing[0])
        except RecordingError:
            self._frames[missing[0]] = None
        return True

    def _coming(self, place: int) -> list[Place]:
        """Those behind the frame at ``place``, which itself has been read."""
        order = self._order
        until_ns = order.offset(place) + _TOGETHER_NS
        last = min(place + 1 + _MOST_FRAMES, len(order))
        return [order.at(one) for one in range(place + 1, last) if order.offset(one) <= until_ns]
