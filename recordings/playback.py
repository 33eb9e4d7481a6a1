"""The course of a replay: which frame is next and when it is due, as play, pause, step, seek and speed ask. It knows
no thread and no clock: who calls says what time it is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from drivers.errors import EndOfStream
from drivers.frame import Frame, FrameFlag
from recordings.errors import RecordingError
from recordings.left_out import is_thinned
from recordings.play_order import PlayOrder
from recordings.reader import SessionReader
from recordings.virtual_ahead import ReadAhead
from recordings.virtual_fault_course import NO_FAULT, FaultCourse, FrameFaults, MovedFrames
from recordings.virtual_faults import FaultScript
from recordings.virtual_options import VirtualOptions


class Due(NamedTuple):
    """What comes next: at ``at_ns`` (monotonic) a frame, or a scripted loss of ``lose_s`` seconds when there is none.

    A frame that ``is_wrong`` comes in a wrong size.
    """

    at_ns: int
    frame: Frame | None
    lose_s: float = 0.0
    is_wrong: bool = False


@dataclass(slots=True)
class _Course:
    """All that changes while a session plays.

    Attributes:
        place: of the next frame, in the order.
        loops: how often the end was passed.
        anchor: a monotonic time, and the play time that belongs to it.
        speed: play time over monotonic time; ``inf`` when every frame is due at once.
        held_ns: play time at which it is paused; None while it plays.
        steps: frames that are still given while it is paused.
        ended: the end was told, and nothing was asked since.
    """

    place: int = 0
    loops: int = 0
    anchor: tuple[int, int] = (0, 0)
    speed: float = 1.0
    held_ns: int | None = None
    steps: int = 0
    ended: bool = False
    is_loss_done: bool = False


class Playback:
    """A session being played. Play time is session time plus the length of the loops that are behind.

    A frame is due by the play time at which it came; who is late gets it late, and none is left out. Pausing holds
    play time; a step, a seek and another speed never make up for time that was lost before them.

    Args:
        reader: the session; read in the thread of the caller.
        options: speed, range, loop and faults.
        script: more faults.

    Raises:
        RecordingError, UnsupportedFeatureError: as :class:`recordings.play_order.PlayOrder` and
            :class:`recordings.virtual_fault_course.FaultCourse`.
    """

    def __init__(self, reader: SessionReader, options: VirtualOptions, script: FaultScript | None = None) -> None:
        self._reader = reader
        self._options = options
        self.order = PlayOrder(reader, options)
        self._ahead = ReadAhead(reader, self.order)
        self.streams = self.order.streams
        self._is_thinned = is_thinned(reader.info.notes)
        self._jpeg = {name for name in self.streams if reader.codec(name) == "jpeg"}
        self._course = _Course(speed=options.speed, is_loss_done=options.lose_at_s is None)
        self._seen = dict.fromkeys(self.streams, 0)  # frames that were given or lost, per stream
        self._last_number: dict[str, int] = {}
        self._last_place: dict[str, tuple[int, int]] = {}  # loop and index of the last of them
        self._has_gap = dict.fromkeys(self.streams, False)
        self._jumped: set[str] = set()  # streams whose next frame may not follow on the last one
        self._next: Frame | None = None
        self._faults = None if script is None else FaultCourse(script, self.streams)
        self._gone_ns: int | None = None  # of the script's loss that was told and has not happened yet
        self._struck: FrameFaults = NO_FAULT  # what happens to the next one
        self._moved = MovedFrames()
        self.damage = ""

    @property
    def is_paused(self) -> bool:
        return self._course.held_ns is not None

    @property
    def is_ended(self) -> bool:
        """The end was told, and nothing was asked since that goes on."""
        return self._course.ended

    # -- what is asked ------------------------------------------------------------------------------------------

    def start(self, now_ns: int) -> None:
        """Play from the first frame on."""
        self._course.anchor = (now_ns, self.order.offset(0))
        if self._faults is not None:
            self._faults.begin(self.order.offset(0))

    def adopt(self, before: Self, now_ns: int | None) -> None:
        """Stand where another playback of the same session stood, paused or not.

        Args:
            now_ns: go on from there now; None when time went on meanwhile.
        """
        self._course = before._course
        if now_ns is not None:
            self._course.anchor = (now_ns, self._course.anchor[1])
        self._course.place = min(self._course.place, len(self.order))
        self._seen, self._has_gap = before._seen, before._has_gap
        self._last_number, self._last_place, self._jumped = before._last_number, before._last_place, before._jumped
        self._faults = before._faults

    def lose(self) -> None:
        """The loss that :meth:`peek` told has happened."""
        if self._gone_ns is None:
            self._course.is_loss_done = True
        elif self._faults is not None:
            self._faults.disconnected(self._gone_ns)
        self._gone_ns = None

    def skip_to(self, now_ns: int, lost: dict[str, int]) -> None:
        """After a loss: leave out what passed meanwhile, and count it in ``lost``."""
        if self.is_paused or math.isinf(self._course.speed):
            return  # no time passed there
        while self._advance_over_end() and self._due(self._play_ns()) < now_ns:
            self._skip(lost)
        if self._faults is not None:
            self._faults.begin(self._play_ns(), only_forward=True)

    def pause(self, now_ns: int) -> None:
        """Hold; steps that were asked for and not given are forgotten."""
        if self._course.held_ns is None:
            self._course.held_ns = self._position(now_ns)
        self._course.steps = 0

    def play(self, now_ns: int) -> None:
        """Go on from where it is held."""
        if self._course.held_ns is not None:
            self._course.anchor = (now_ns, self._course.held_ns)
            self._course.held_ns = None
            self._course.steps = 0

    def step(self, count: int, now_ns: int) -> None:
        """Hold, and give so many more frames at once."""
        if self._course.held_ns is None:
            self.pause(now_ns)
        self._course.steps += count
        self._course.ended = False

    def seek(self, place: int, now_ns: int) -> None:
        """Give the frame at a place next, and those after it: the first one at once, unless it is paused."""
        course = self._course
        course.place, course.loops, course.steps, course.ended = place, 0, 0, False
        at_ns = self.order.offset(place)
        course.anchor = (now_ns, at_ns)
        if course.held_ns is not None:
            course.held_ns = at_ns
        self._next = None
        self._moved.clear()
        if self._faults is not None:
            self._faults.begin(at_ns)
        self._jumped = set(self._last_place)
        self._last_number.clear()
        self._has_gap = dict.fromkeys(self.streams, False)

    def set_speed(self, speed: float, now_ns: int) -> None:
        """From now on; a speed that :func:`recordings.virtual_options.check_speed` lets pass."""
        if self._course.held_ns is None:
            self._course.anchor = (now_ns, self._position(now_ns))
        self._course.speed = speed

    # -- what comes ---------------------------------------------------------------------------------------------

    def peek(self, now_ns: int, lost: dict[str, int]) -> Due | None:
        """What comes next, with the recorded host time; None while it is paused.

        Frames that are scripted to be lost are passed over and counted in ``lost``.

        Raises:
            EndOfStream: there is none left.
            RecordingError: no frame of the file can be read.
        """
        if self._moved.now and (not self.is_paused or self._course.steps > 0):
            return Due(now_ns, self._moved.now[0])
        course = self._course
        is_stepping = course.steps > 0
        if self.is_paused and not is_stepping and not course.ended:
            return None
        if self._next is None:
            damaged = 0
            while True:
                if not self._advance_over_end():
                    if self._moved.release():
                        return Due(now_ns, self._moved.now[0])
                    course.ended, course.steps = True, 0
                    raise EndOfStream("the session is over")
                at_ns = self._play_ns()
                lose_at = self._options.lose_at_s
                if not course.is_loss_done and lose_at is not None and at_ns >= round(lose_at * 1e9):
                    self._gone_ns = None
                    lose_ns = now_ns if is_stepping else self._due(round(lose_at * 1e9))
                    return Due(lose_ns, None, self._options.lose_s)
                gone = None if self._faults is None else self._faults.disconnect(at_ns)
                if gone is not None:
                    self._gone_ns = gone.at_ns
                    return Due(now_ns if is_stepping else self._due(gone.at_ns), None, gone.for_s)
                struck = NO_FAULT
                if self._faults is not None:
                    struck = self._faults.frame(self.order.at(course.place)[0], at_ns)
                if not self._is_in_stall(at_ns) and not self._is_scripted_drop() and not struck.is_lost:
                    try:
                        frame = self._moved.strike(self._read(), struck)
                        if self._moved.hold_back(frame, struck.behind):
                            self._pass_held(frame, lost)
                            continue
                        self._next, self._struck = frame, struck
                        break
                    except RecordingError as error:
                        # One damaged frame is a lost frame; a session of nothing else is a lost camera.
                        self.damage = str(error)
                        damaged += 1
                        if damaged >= len(self.order):
                            raise
                self._skip(lost)
            self._count_missing(self._next, lost)
        at_ns = now_ns if is_stepping else self._due(self._play_ns())
        return Due(at_ns, self._next, is_wrong=self._struck.is_wrong)

    def read_ahead(self) -> bool:
        """While there is time: decode one of the frames that come together with the one that :meth:`peek` gave; False
        when there is none left."""
        return self._next is not None and self._ahead.read_one(self._course.place)

    def take(self) -> None:
        """The frame that :meth:`peek` gave is delivered."""
        course = self._course
        if self._moved.now:
            self._moved.now.popleft()
            course.steps = max(0, course.steps - 1)
            return
        frame = self._next
        assert frame is not None
        self._has_gap[frame.stream] = False
        self._step_over()
        if self._faults is not None:
            self._moved.given(frame, self._struck)

    def refuse(self, lost: dict[str, int]) -> None:
        """The frame that :meth:`peek` gave came in a wrong size and counts as lost."""
        assert self._next is not None
        stream = self._next.stream
        lost[stream] += 1
        self._has_gap[stream] = True
        self._step_over()

    def time_s(self, now_ns: int) -> float:
        """Session time where it is, in seconds; of the last loop."""
        return (self._position(now_ns) - self._course.loops * self.order.loop_ns) / 1e9

    def is_stalled(self, now_ns: int) -> bool:
        """Whether the scripted stall is on."""
        if self.is_paused or math.isinf(self._course.speed):
            return False
        at_ns = self._position(now_ns)
        return self._is_in_stall(at_ns) or (self._faults is not None and self._faults.is_stalled(at_ns))

    def announced(self, now_ns: int) -> tuple[int, bool] | None:
        """The scripted pause that the camera announced: its end (monotonic), and whether all streams pause."""
        if self._faults is None or self.is_paused or math.isinf(self._course.speed):
            return None
        pause = self._faults.pause(self._position(now_ns))
        return None if pause is None else (self._due(pause[0]), pause[1])

    # -- within -------------------------------------------------------------------------------------------------

    def _play_ns(self) -> int:
        """Play time of the next frame; at the end, of the last one."""
        place, loops = self._course.place, self._course.loops
        if place == len(self.order) and self._options.loop:
            place, loops = 0, loops + 1
        return loops * self.order.loop_ns + self.order.offset(place)

    def _position(self, now_ns: int) -> int:
        """Play time now: never beyond the next frame, so that nothing is made up for after a pause."""
        course = self._course
        if course.held_ns is not None:
            return course.held_ns
        coming = self._play_ns()
        if math.isinf(course.speed):
            return coming
        return min(coming, course.anchor[1] + round((now_ns - course.anchor[0]) * course.speed))

    def _due(self, play_ns: int) -> int:
        at_ns, anchor_ns = self._course.anchor
        return at_ns if math.isinf(self._course.speed) else at_ns + round((play_ns - anchor_ns) / self._course.speed)

    def _advance_over_end(self) -> bool:
        if self._course.place == len(self.order):
            if not self._options.loop:
                return False
            self._course.place, self._course.loops = 0, self._course.loops + 1
        return True

    def _read(self) -> Frame:
        """The next frame, with the number and device time that the loops add to, and what is known of its place."""
        stream, index = self.order.at(self._course.place)
        frame = self._ahead.frame(stream, index)
        # The camera's own JPEG goes on with its pixels, so that what records this camera keeps it as it is.
        encoded = self._reader.stored(stream, index).data if stream in self._jpeg else None
        flags = frame.flags
        loops = self._course.loops
        follows = stream not in self._jumped or self._last_place[stream] == (loops, index - 1)
        if self._has_gap[stream] or not follows:
            flags |= FrameFlag.DROPPED_BEFORE
        number = frame.number + loops * self.order.number_loop[stream]
        device_ns = frame.device_ns + loops * self.order.device_loop_ns
        return replace(frame, number=number, device_ns=device_ns, flags=flags, encoded=encoded)

    def _pass_held(self, frame: Frame, lost: dict[str, int]) -> None:
        self._count_missing(frame, lost)
        self._has_gap[frame.stream] = False
        stream, index = self.order.at(self._course.place)
        self._pass(stream, index)

    def _step_over(self) -> None:
        """The next frame is done with."""
        if self._course.steps > 0:
            self._course.steps -= 1
            self._course.held_ns = self._play_ns()
        stream, index = self.order.at(self._course.place)
        self._pass(stream, index)
        self._next = None

    def _count_missing(self, frame: Frame, lost: dict[str, int]) -> None:
        """Numbers that the session itself lacks; what was passed over here has been counted already."""
        absent = max(0, frame.number - self._last_number.get(frame.stream, frame.number - 1) - 1)
        if self._is_thinned:  # left out on purpose, but where a flag says that a frame was lost
            flagged = FrameFlag.DROPPED_BEFORE in frame.flags and not self._has_gap[frame.stream]
            absent = min(absent, 1) if flagged else 0
        lost[frame.stream] += absent
        self._last_number[frame.stream] = frame.number

    def _skip(self, lost: dict[str, int]) -> None:
        """Pass over the frame in turn."""
        stream, index = self.order.at(self._course.place)
        number = self.order.number(stream, index) + self._course.loops * self.order.number_loop[stream]
        lost[stream] += 1 if self._is_thinned else max(1, number - self._last_number.get(stream, number - 1))
        self._last_number[stream] = number
        self._has_gap[stream] = True
        self._pass(stream, index)

    def _pass(self, stream: str, index: int) -> None:
        self._last_place[stream] = (self._course.loops, index)
        self._jumped.discard(stream)
        self._seen[stream] += 1
        self._course.place += 1

    def _is_in_stall(self, play_ns: int) -> bool:
        at = self._options.stall_at_s
        return at is not None and at * 1e9 <= play_ns < (at + self._options.stall_s) * 1e9

    def _is_scripted_drop(self) -> bool:
        n = self._options.drop_every
        stream, _ = self.order.at(self._course.place)
        return n > 0 and self._seen[stream] % n == n - 1
