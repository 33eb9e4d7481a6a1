"""The FrameSets of a session by position: the same ones, with the same numbers, as a run from the beginning. No Qt."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameSet
from gui.marks import Marks
from pipeline.steps.synchronise import SynchronizeConfig, Synchronizer, frame_set_of
from recordings.play_order import PlayOrder
from recordings.reader import SessionReader
from recordings.virtual_options import VirtualOptions

_LOOK_EVERY = 4096


class Timeline:
    """Which frames belong to which FrameSet, found from the times alone, without reading a pixel.

    Args:
        reader: the session.
        config: how frames are put together.
        stop: asked now and then; when it says yes, the timeline ends where it is.
        on_progress: called now and then with the share that is done, 0..1.

    Raises:
        RecordingError: the session has no frames, or its tables are damaged.

    Attributes:
        device_ns: of every FrameSet, int64 (N,), in the order of the positions.
        marks: what else is known of the positions.
    """

    def __init__(
        self,
        reader: SessionReader,
        config: SynchronizeConfig,
        stop: Callable[[], bool] = lambda: False,
        on_progress: Callable[[float], None] = lambda share: None,
    ) -> None:
        self._reader = reader
        self._names = [s.name for s in reader.streams]
        synchronizer = Synchronizer(reader.streams, config)
        self._leader = synchronizer.leader
        light = _LightFrames(reader)
        order = PlayOrder(reader, VirtualOptions())
        device_ns, members = array("q"), array("q")

        def keep(found: list[FrameSet]) -> None:
            for frame_set in found:
                device_ns.append(frame_set.device_ns)
                frames = frame_set.frames
                members.extend(frames[name].number if name in frames else -1 for name in self._names)

        for place in range(len(order)):
            keep(synchronizer.push(light.frame(*order.at(place))))
            if place % _LOOK_EVERY == 0:
                on_progress(place / len(order))
                if stop():
                    break
        keep(synchronizer.flush())
        self.device_ns: NDArray[np.int64] = np.array(device_ns, np.int64)
        self._members: NDArray[np.int64] = np.array(members, np.int64).reshape(-1, len(self._names))
        leading = self._members[:, self._names.index(self._leader)]
        self.marks = Marks.of(reader, self.device_ns, reader.times(self._leader).host_ns[leading], self._members)

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
