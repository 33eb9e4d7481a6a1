"""Camera numbers to frames and positions of a recording, many of them quickly. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recordings.reader import FrameTimes

Numbers = NDArray[np.int64]


class Place(NamedTuple):
    """Where a FrameSet is: its position, and its members by stream as indexes of the stream's frames."""

    position: int
    members: dict[str, int]


class Places:
    """Of a session's FrameSets.

    Args:
        members: index of each stream's frame in each FrameSet, -1 for none (N, streams).
        names: the streams, in the order of the columns.
        times: of every frame of each stream.
        rank: names, the stream that leads first.
    """

    def __init__(
        self, members: Numbers, names: Sequence[str], times: Mapping[str, FrameTimes], rank: Sequence[str]
    ) -> None:
        self._rank = [name for name in rank if name in names]
        self._times = times
        self._order: dict[str, Numbers] = {}
        self._numbers: dict[str, Numbers] = {}
        self._positions: dict[str, Numbers] = {}
        for column, name in enumerate(names):
            order = np.argsort(times[name].number, kind="stable")
            self._order[name], self._numbers[name] = order, times[name].number[order]
            there = np.flatnonzero(members[:, column] >= 0)[::-1]
            positions = np.full(len(order), -1, np.int64)
            positions[members[there, column]] = there  # the first FrameSet with it, written last, stays
            self._positions[name] = positions

    def find(self, frames: Mapping[str, int], host_ns: int | None = None, after: int = -1) -> Place | None:
        """The FrameSet with these frames; None where the recording lacks one of them.

        Args:
            frames: stream -> the camera's own number.
            host_ns: about when they came, which tells apart frames of a camera that counted twice.
            after: without a time, the first position from there on is meant.
        """
        leader = next((name for name in self._rank if name in frames), None)
        if leader is None or any(name not in self._order for name in frames):
            return None
        found = self._candidates(leader, frames[leader])
        found = found[self._positions[leader][found] >= 0]
        if not len(found):
            return None
        ours = self._times[leader].host_ns
        if host_ns is not None:
            index = int(found[np.argmin(np.abs(ours[found] - host_ns))])
        else:
            later = found[self._positions[leader][found] > after]
            index = int(later[0] if len(later) else found[0])
        members = {leader: index}
        for name, number in frames.items():
            if name != leader:
                others = self._candidates(name, number)
                if not len(others):
                    return None
                members[name] = int(others[np.argmin(np.abs(self._times[name].host_ns[others] - ours[index]))])
        return Place(int(self._positions[leader][index]), members)

    def _candidates(self, name: str, number: int) -> Numbers:
        first, last = np.searchsorted(self._numbers[name], [number, number + 1])
        return self._order[name][first:last]
