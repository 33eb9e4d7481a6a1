"""Stored frames for the tests of rings and clips: small, and of several streams that do not keep step."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from drivers.frame import FrameFlag, StreamInfo
from recordings.stored import StoredFrame, encode_frame
from tests.recordings.sessions import DEPTH, EPOCH, GRAY, MS, THERMAL, frame_of

STREAMS = (DEPTH, GRAY, THERMAL)


def stored_of(info: StreamInfo, number: int, host_ns: int, size: int = 100) -> StoredFrame:
    """A frame of `size` bytes that nobody decodes."""
    return StoredFrame(info, number, number * 33 * MS, host_ns, FrameFlag.NONE, "raw", bytes(size), 0)


def real_frame(info: StreamInfo, number: int, host_ns: int) -> StoredFrame:
    """A frame that a session takes and gives back."""
    return encode_frame(frame_of(info, number, host_ns=host_ns), "compact")


@st.composite
def mixed_frames(draw: Any, real: bool = False, most: int = 40) -> list[StoredFrame]:
    """Frames of one to three streams at rates and with jitter of their own, as they come.

    Streams may lag behind one another by up to 100 ms; within one the host times rise.
    """
    make = real_frame if real else stored_of
    arrivals: list[tuple[int, int, StoredFrame]] = []
    for which, info in enumerate(draw(st.sets(st.sampled_from(STREAMS), min_size=1).map(sorted_by_name))):
        host_ns = EPOCH + draw(st.integers(0, 200)) * MS
        lag = draw(st.integers(0, 100)) * MS
        for number, step in enumerate(draw(st.lists(st.integers(1, 120), min_size=1, max_size=most))):
            host_ns += step * MS - draw(st.integers(0, MS - 1))
            arrivals.append((host_ns + lag, which, make(info, number, host_ns)))
    return [frame for _, _, frame in sorted(arrivals, key=lambda a: a[:2])]


def sorted_by_name(streams: set[StreamInfo]) -> list[StreamInfo]:
    return sorted(streams, key=lambda s: s.name)
