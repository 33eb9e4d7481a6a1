"""Where a replay goes next and when: play, pause, seek, speed, loop over a part. No thread and no clock in here: who
asks says what time it is. No Qt either."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from gui.replay.marks import Marks

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, math.inf)
"""Multiples of the recorded time; the last one is as fast as the steps go."""

LONGEST_GAP_S = 2.0
"""A pause in the recording longer than this is shortened to it."""

LATE_S = 0.25
"""Later than this, the course goes on from where it is, without making up for it."""


@dataclass(slots=True)
class Course:
    """Of one replay; its owner guards it against other threads.

    Attributes:
        shown: position that was shown last.
        target: position that is asked for next; None when nothing is.
        part: first and last position of the part that a loop plays; None is all.
    """

    playing: bool = True
    loop: bool = False
    speed: float = 1.0
    target: int | None = 0
    shown: int = 0
    part: tuple[int, int] | None = None
    at_end: bool = False
    _commanded: int | None = None
    _anchor: tuple[float, int] | None = None
    _reached: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=240))

    @property
    def aimed(self) -> int:
        """Where the last command leads, also while its picture is still being made; else what is shown."""
        if self._commanded is not None:
            return self._commanded
        return self.shown if self.target is None else self.target

    def play(self) -> None:
        """Go on; from the last frame, begin again."""
        if self.at_end and self.target is None:
            self.target = self._first()
        self._set_playing(True)

    def pause(self) -> None:
        self._set_playing(False)

    def aim(self, position: int, count: int) -> None:
        """Show a position of so many next (clamped); playing goes on from there if it was."""
        self.target = self._commanded = min(max(position, 0), max(count - 1, 0))
        self.changed()

    def take(self) -> int:
        """The target, which is under way from now on: a newer one may be asked for.

        Raises:
            LookupError: nothing is asked for.
        """
        if self.target is None:
            raise LookupError("nothing is asked for")
        target, self.target = self.target, None
        return target

    def changed(self) -> None:
        """What was asked counts from now on."""
        self._anchor = None
        self._reached.clear()

    def wait_s(self, now: float, marks: Marks) -> float | None:
        """Seconds until the next position is due; 0 makes it the target. None: nothing comes by itself."""
        if self.target is not None:
            return 0.0
        if not self.playing:
            return None
        if self.shown >= self._last(len(marks)):
            return self._finish_round()
        if math.isinf(self.speed):
            self.target = self.shown + 1
            return 0.0
        here, there = marks.time_ns(self.shown), marks.time_ns(self.shown + 1)
        if self._anchor is None:
            self._anchor = (now, here)
        due = self._anchor[0] + (there - self._anchor[1]) / 1e9 / self.speed
        longest = LONGEST_GAP_S / self.speed
        if due - now > longest or due < now - LATE_S:
            # A pause in the recording, or the steps do not keep up: go on from here.
            due = now + (longest if due > now else 0.0)
            self._anchor = (due, there)
        if due > now:
            return due - now
        self.target = self.shown + 1
        return 0.0

    def arrived(self, position: int, now: float, marks: Marks) -> None:
        """A position is shown."""
        self.shown = position
        if self.target is None:
            self._commanded = None
        self.at_end = position == len(marks) - 1 and not self.playing
        self._reached.append((now, marks.time_ns(position)))

    def reached_speed(self) -> float:
        """Recorded time over the time it took, over what was played lately; 0 while unknown."""
        if not self.playing or len(self._reached) < 3:
            return 0.0
        (began, first), (ended, last) = self._reached[0], self._reached[-1]
        return max(0.0, (last - first) / 1e9 / (ended - began)) if ended > began else 0.0

    def _set_playing(self, playing: bool) -> None:
        self.playing = playing
        self.changed()

    def _first(self) -> int:
        return self.part[0] if self.loop and self.part else 0

    def _last(self, count: int) -> int:
        """Where it ends: of the part while it loops within it."""
        if self.loop and self.part and self.shown <= self.part[1]:
            return min(self.part[1], count - 1)
        return count - 1

    def _finish_round(self) -> float | None:
        """At the last position while playing: begin again, or stop there."""
        self.changed()
        if self.loop:
            self.target = self._first()
            return 0.0
        self.playing, self.at_end = False, True
        return None
