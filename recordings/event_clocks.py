"""On which clock the instants of FrameSets and events are told, and where frames lie on it.

Where all streams of a session share a device clock it is that one. Where there are several, instants are told on our
clock (pipeline/steps/instants.py), and a frame lies there where it came: later than it was taken by its way to us.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from drivers.frame import StreamInfo, StreamKind
from recordings.reader import FrameTimes

Times = NDArray[np.int64]


def instants_of(streams: Collection[StreamInfo], times: FrameTimes) -> Times:
    """The times (N,) of one stream's frames, ns, that can be compared with those of FrameSets.

    Args:
        streams: all of the session.
    """
    return times.host_ns if _have_several(streams) else times.device_ns


def event_clocks(streams: Collection[StreamInfo], times: Mapping[str, FrameTimes]) -> list[tuple[str, Times]]:
    """Clocks that may have timed an event, the likeliest first: a stream's name, and its frames' times on that clock.

    First that of FrameSets, by depth's frames where there are any; then the cameras' own, on which what they say
    themselves is told.

    Args:
        times: of every one of the streams.
    """
    ordered = sorted(streams, key=lambda stream: stream.kind is not StreamKind.DEPTH)
    own = [(stream.name, times[stream.name].device_ns) for stream in ordered]
    if not _have_several(streams):
        return own
    return [(stream.name, times[stream.name].host_ns) for stream in ordered] + own


def _have_several(streams: Collection[StreamInfo]) -> bool:
    return len({stream.clock for stream in streams}) > 1
