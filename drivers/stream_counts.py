"""What came of one camera's streams, and what did not: each frame is judged when it arrives, each loss has a name."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from drivers.camera import CameraHealth
from drivers.frame import Frame, FrameFlag, StreamInfo

STALL_PERIODS: Final = 3.0
_REORDER: Final = 64
"""A number that lies further back than this belongs to a camera that counts anew."""
_REORDER_NS: Final = 1_000_000_000
_RECENT: Final = 9
_BEHIND: Final = 4
"""So many frames one after the other behind the newest are no stragglers: the camera began anew."""
_GRACE_S: Final = 3.0
"""For the first frame of a stream after an opening."""
_LONG_GAP: Final = 64
"""Numbers; of longer gaps the time must know, too, or it is the number that is wrong."""


@dataclass(frozen=True, slots=True)
class StreamCount:
    """What became of a stream's frames, over all openings of its camera.

    ``received`` went on to the sinks. The camera made ``received + dropped_by_device + dropped_by_us`` frames since
    its first, as far as its own numbers tell.

    Attributes:
        received: came, in order, and was given on.
        late: of these: came more than one frame period after its time, by the mapped clock of the camera.
        dropped_by_us: reached this program and found no room: in the camera's own queue, or in a sink.
        dropped_by_device: never reached this program: gaps in the camera's numbers, or its own word.
        duplicates: the same number and device time again; not given on.
        out_of_order: older than one that came before; not given on.
        refused: another size or type than the stream's; not given on.
    """

    received: int = 0
    late: int = 0
    dropped_by_us: int = 0
    dropped_by_device: int = 0
    duplicates: int = 0
    out_of_order: int = 0
    refused: int = 0

    def __add__(self, other: StreamCount) -> StreamCount:
        return StreamCount(
            self.received + other.received,
            self.late + other.late,
            self.dropped_by_us + other.dropped_by_us,
            self.dropped_by_device + other.dropped_by_device,
            self.duplicates + other.duplicates,
            self.out_of_order + other.out_of_order,
            self.refused + other.refused,
        )


class Verdict(enum.Enum):
    """Whether a frame may go on."""

    NEW = "new"
    DUPLICATE = "duplicate"
    OUT_OF_ORDER = "out of order"


@dataclass(slots=True)
class _Opening:
    """One stream since its camera was opened."""

    opened_s: float = 0.0
    number: int | None = None
    device_ns: int = 0
    behind: int = 0
    last_behind: int = 0
    gaps: int = 0
    flagged: int = 0
    missing: set[int] = field(default_factory=set)
    no_room: int = 0
    """In our sinks."""
    arrived_s: float | None = None
    intervals: deque[float] = field(default_factory=lambda: deque(maxlen=_RECENT))


class StreamCounts:
    """Judges and counts the frames of one camera. For one thread; :meth:`counts` gives a copy."""

    def __init__(self) -> None:
        self._closed: dict[str, StreamCount] = {}
        self._now: dict[str, StreamCount] = {}
        self._opening: dict[str, _Opening] = {}
        self._period_s: dict[str, float] = {}

    def opened(self, streams: Iterable[StreamInfo], now_s: float) -> None:
        """The camera was opened: its numbers begin anew, the counts go on.

        Args:
            now_s: monotonic seconds.
        """
        self.closed(None)
        for stream in streams:
            self._now[stream.name] = StreamCount()
            self._opening[stream.name] = _Opening(now_s)
            self._period_s[stream.name] = 1.0 / stream.fps if stream.fps > 0 else 0.0

    def closed(self, health: CameraHealth | None) -> None:
        """The camera is closed: what it said last is added up."""
        for name, count in self.counts(health).items():
            self._closed[name] = count
        self._now, self._opening = {}, {}

    def judge(self, frame: Frame, now_s: float, lateness_s: float | None = None) -> Verdict:
        """Count a frame that just arrived.

        Args:
            now_s: monotonic seconds.
            lateness_s: by how much it came after its time, by the camera's mapped clock; None where unknown.
        """
        name = frame.stream
        opening = self._opening.setdefault(name, _Opening())
        count = self._now.get(name, StreamCount())
        verdict = self._compare(opening, frame)
        if verdict is Verdict.DUPLICATE:
            self._now[name] = replace(count, duplicates=count.duplicates + 1)
            return verdict
        if verdict is Verdict.OUT_OF_ORDER:
            if frame.number in opening.missing:  # it was counted as lost when its successor came
                opening.missing.discard(frame.number)
                opening.gaps -= 1
            self._now[name] = replace(count, out_of_order=count.out_of_order + 1)
            return verdict
        self._advance(opening, frame)
        period = self.period_s(name)
        late = lateness_s is not None and period > 0 and lateness_s > period
        self._now[name] = replace(count, received=count.received + 1, late=count.late + late)
        if opening.arrived_s is not None:
            opening.intervals.append(now_s - opening.arrived_s)
        opening.arrived_s = now_s
        return verdict

    def no_room(self, stream: str) -> None:
        """A frame that was received found no room in a sink."""
        count = self._now.get(stream, StreamCount())
        self._opening.setdefault(stream, _Opening()).no_room += 1
        self._now[stream] = replace(count, received=count.received - 1)

    def refused(self, stream: str) -> None:
        """A frame came that is none of its stream."""
        count = self._now.get(stream, StreamCount())
        self._now[stream] = replace(count, refused=count.refused + 1)

    def period_s(self, stream: str) -> float:
        """Between frames: the nominal one, or the median of the last ones where that is longer; 0 when unknown."""
        opening = self._opening.get(stream)
        seen = sorted(opening.intervals) if opening is not None else []
        measured = seen[len(seen) // 2] if len(seen) == _RECENT else 0.0
        return max(self._period_s.get(stream, 0.0), measured)

    def stall_after_s(self, at_least_s: float) -> float:
        """How long the camera may give nothing: three periods of its fastest stream."""
        periods = [p for p in (self.period_s(name) for name in self._opening) if p > 0]
        return max(at_least_s, STALL_PERIODS * min(periods, default=0.0))

    def silent(self, now_s: float, at_least_s: float) -> dict[str, float]:
        """Streams that give nothing: name -> seconds since the last frame, or since the opening where none came."""
        out = {}
        for name, opening in self._opening.items():
            has_begun = opening.arrived_s is not None
            quiet_s = now_s - (opening.arrived_s if opening.arrived_s is not None else opening.opened_s)
            limit_s = max(at_least_s, STALL_PERIODS * self.period_s(name))
            if quiet_s > (limit_s if has_begun else max(limit_s, _GRACE_S)):
                out[name] = quiet_s
        return out

    def gives(self, stream: str) -> bool:
        """Whether a frame of the stream came since the opening."""
        opening = self._opening.get(stream)
        return opening is not None and opening.arrived_s is not None

    def counts(self, health: CameraHealth | None) -> Mapping[str, StreamCount]:
        """Over all openings, with what the camera says now."""
        out = dict(self._closed)
        for name, count in self._now.items():
            opening = self._opening.get(name, _Opening())
            inside = health.dropped_by_us.get(name, 0) if health is not None else 0
            said = health.dropped.get(name, 0) if health is not None else 0
            # What we ourselves let go leaves gaps, too; and a camera may know of losses that no number shows.
            device = max(opening.gaps + opening.flagged - inside, said)
            whole = replace(count, dropped_by_us=inside + opening.no_room, dropped_by_device=device)
            out[name] = out.get(name, StreamCount()) + whole
        return out

    @staticmethod
    def _compare(opening: _Opening, frame: Frame) -> Verdict:
        last = opening.number
        if last is None or frame.number > last:
            return Verdict.NEW
        if frame.number == last and frame.device_ns == opening.device_ns:
            return Verdict.DUPLICATE
        back_ns = opening.device_ns - frame.device_ns
        if last - _REORDER <= frame.number < last and 0 < back_ns < _REORDER_NS:
            is_next = opening.behind > 0 and frame.number == opening.last_behind + 1
            opening.behind, opening.last_behind = (opening.behind if is_next else 0) + 1, frame.number
            if opening.behind < _BEHIND:
                return Verdict.OUT_OF_ORDER
        return Verdict.NEW  # it counts anew, or does not count at all

    def _advance(self, opening: _Opening, frame: Frame) -> None:
        last, number = opening.number, frame.number
        gap = 0 if last is None else max(0, number - last - 1)
        period_s = self.period_s(frame.stream)
        if gap > _LONG_GAP and period_s > 0:  # one wrong number must not count two thousand million frames as lost
            gap = min(gap, max(0, round((frame.device_ns - opening.device_ns) / (period_s * 1e9))))
        opening.behind = 0
        if last is not None and gap:
            opening.gaps += gap
            opening.missing.update(range(max(last + 1, number - _REORDER), number))
            opening.missing = {n for n in opening.missing if n >= number - _REORDER}
        elif frame.flags & FrameFlag.DROPPED_BEFORE:
            opening.flagged += 1
        if last is not None and number <= last:
            opening.missing.clear()
        opening.number, opening.device_ns = number, frame.device_ns
