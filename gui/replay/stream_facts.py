"""What a recorded stream is in numbers. No Qt here."""

from __future__ import annotations

import numpy as np

from drivers.frame import StreamInfo
from gui.feed import StreamStatus
from recordings.left_out import is_thinned, missing
from recordings.reader import SessionReader


def stream_status(reader: SessionReader, info: StreamInfo) -> StreamStatus:
    """Rate and losses of a recorded stream, from its times and numbers."""
    times = reader.times(info.name)
    gaps = np.diff(times.device_ns)
    gaps = gaps[gaps > 0]
    lost = missing(times.number, reader.flags(info.name), thinned=is_thinned(reader.info.notes)).lost
    fps = float(1e9 / np.median(gaps)) if gaps.size else info.fps
    state = f"{len(times.number)} frames"
    return StreamStatus(info, fps, lost, state)
