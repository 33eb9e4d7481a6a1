"""The FrameSets of a session by position: the same ones, with the same numbers, as a run from the beginning. No Qt."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameSet
from gui.replay.marks import Marks
from gui.replay.places import Places
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
        device_ns, skew_ns, members = array("q"), array("q"), array("q")
        nothing = dict.fromkeys(self._names, -1)

        def keep(found: list[FrameSet]) -> None:
            for frame_set in found:
                device_ns.append(frame_set.device_ns)
                skew_ns.append(frame_set.skew_ns)
                places = {name: cast(_LightFrame, frame).place for name, frame in frame_set.frames.items()}
                members.extend((nothing | places).values())

        done = 0
        for chunk in order.frame_times():
            for light in chunk:
                # The synchroniser looks at the stream, the times and the number alone: no pixels, and no checks of
                # them, millions of times over.
                keep(synchronizer.push(cast(Frame, _LightFrame(*light))))
            done += len(chunk)
            on_progress(done / len(order))
            if stop():
                break
        keep(synchronizer.flush())
        self._rank = synchronizer.rank
        self.device_ns: NDArray[np.int64] = np.array(device_ns, np.int64)
        self._members: NDArray[np.int64] = np.array(members, np.int64).reshape(-1, len(self._names))
        self._skew_ns: NDArray[np.int64] = np.array(skew_ns, np.int64)
        self.marks = Marks.of(reader, self.device_ns, self._leading_host_ns(synchronizer.rank), self._members)

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
        instant_ns, skew_ns = int(self.device_ns[position]), int(self._skew_ns[position])
        return frame_set_of(position, members, self._leader, self._names, instant_ns, skew_ns)

    @property
    def streams(self) -> list[str]:
        return list(self._names)

    def places(self) -> Places:
        """Camera numbers to positions."""
        times = {name: self._reader.times(name) for name in self._names}
        return Places(self._members, self._names, times, self._rank)

    def frame_set_of(
        self, number: int, members: Mapping[str, int], instant_ns: int | None, skew_ns: int | None
    ) -> FrameSet:
        """Read a FrameSet as a run put it together: under its own number, of the frames with these indexes.

        Raises:
            RecordingError: a frame of it is damaged.
        """
        frames = {name: self._reader.frame(name, members[name]) for name in self._names if name in members}
        return frame_set_of(number, frames, self._leader, self._names, instant_ns, skew_ns)

    def _leading_host_ns(self, rank: Sequence[str]) -> NDArray[np.int64]:
        """When the leading frame of every FrameSet came: that of the first of its members by rank."""
        out = np.zeros(len(self._members), np.int64)
        for name in reversed(rank):
            places = self._members[:, self._names.index(name)]
            is_there = places >= 0
            out[is_there] = self._reader.times(name).host_ns[places[is_there]]
        return out


class _LightFrame(NamedTuple):
    """What the synchroniser needs of a frame, and its place in the stream."""

    stream: str
    place: int
    device_ns: int
    host_ns: int
    number: int
