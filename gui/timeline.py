"""The FrameSets of a session by position: the same ones, with the same numbers, as a run from the beginning. No Qt."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameSet
from pipeline.steps.synchronise import SynchronizeConfig, Synchronizer, frame_set_of
from recordings.reader import SessionReader


class Timeline:
    """Which frames belong to which FrameSet, found from the times alone, without reading a pixel.

    Attributes:
        device_ns: of every FrameSet, int64 (N,), in the order of the positions.
    """

    def __init__(
        self,
        reader: SessionReader,
        config: SynchronizeConfig,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """``stop`` is asked now and then; when it says yes, the timeline ends where it is."""
        self._reader = reader
        self._names = [s.name for s in reader.streams]
        synchronizer = Synchronizer(reader.streams, config)
        self._leader = synchronizer.leader
        light = _LightFrames(reader)
        found: list[FrameSet] = []
        for count, (stream, index) in enumerate(reader.order()):
            found += synchronizer.push(light.frame(stream, index))
            if count % 4096 == 4095 and stop():
                break
        found += synchronizer.flush()
        self.device_ns: NDArray[np.int64] = np.array([f.device_ns for f in found], np.int64)
        self._members: NDArray[np.int64] = np.full((len(found), len(self._names)), -1, np.int64)
        for row, frame_set in enumerate(found):
            for column, name in enumerate(self._names):
                if name in frame_set.frames:
                    self._members[row, column] = frame_set.frames[name].number

    def __len__(self) -> int:
        return len(self.device_ns)

    def frame_set(self, position: int) -> FrameSet:
        """Read the FrameSet at a position.

        Raises:
            RecordingError: a frame of it is damaged.
        """
        members = {
            name: self._reader.frame(name, int(index))
            for name, index in zip(self._names, self._members[position], strict=True)
            if index >= 0
        }
        return frame_set_of(position, members, self._leader, self._names)

    def position_at(self, device_ns: int) -> int:
        """The position whose FrameSet is nearest in device time; 0 when there is none."""
        if not len(self):
            return 0
        return int(np.argmin(np.abs(self.device_ns - device_ns)))


class _LightFrames:
    """Frames without pixels of their own, numbered by their index in the stream: enough for the synchroniser."""

    def __init__(self, reader: SessionReader) -> None:
        self._infos = {s.name: s for s in reader.streams}
        self._times = {s.name: reader.times(s.name) for s in reader.streams}
        self._blank = {s.name: np.broadcast_to(np.zeros((), np.dtype(s.dtype)), s.shape) for s in reader.streams}

    def frame(self, stream: str, index: int) -> Frame:
        times = self._times[stream]
        return Frame(
            self._infos[stream],
            self._blank[stream],
            index,
            int(times.device_ns[index]),
            int(times.host_ns[index]),
        )
