"""The FrameSets of a session by position: the same ones, with the same numbers, as a run from the beginning. No Qt."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameSet
from gui.marks import Marks
from pipeline.steps.synchronise import SynchronizeConfig, Synchronizer, frame_set_of
from recordings.play_order import PlayOrder
from recordings.reader import SessionReader
from recordings.virtual_options import VirtualOptions


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
        order = PlayOrder(reader, VirtualOptions())
        device_ns, members = array("q"), array("q")
        nothing = dict.fromkeys(self._names, -1)

        def keep(found: list[FrameSet]) -> None:
            for frame_set in found:
                device_ns.append(frame_set.device_ns)
                numbers = {name: frame.number for name, frame in frame_set.frames.items()}
                members.extend((nothing | numbers).values())

        done = 0
        for chunk in order.device_times():
            for light in chunk:
                # The synchroniser looks at the stream and the time alone: no pixels, and no checks of them, millions
                # of times over.
                keep(synchronizer.push(cast(Frame, _LightFrame(*light))))
            done += len(chunk)
            on_progress(done / len(order))
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


class _LightFrame(NamedTuple):
    """What the synchroniser needs of a frame; its number is its index in the stream."""

    stream: str
    number: int
    device_ns: int
