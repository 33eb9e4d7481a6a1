"""The position of a player: play, pause, step, seek, speed, over a list of times. No threads, no window."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recordings.errors import RecordingError
from recordings.reader import SessionReader

SLOWEST: Final = 0.1
FASTEST: Final = 16.0

_DEFAULT_INTERVAL_NS: Final = 33_333_333


class Replay:
    """Where a player stands in a list of instants. The caller asks :meth:`position` as often as it draws.

    Starts paused at position 0. While it plays, session time runs with the clock times the speed, and the position is
    the last instant reached. At the end it stops (or begins again with ``loop``).

    Args:
        source: the instants in ns, in order (of frame sets, say); or a session, whose instants are then the host
            times of ``stream``.
        stream: a stream of the session; its first one that has frames when None.
        loop: begin again at the end.
        clock: monotonic ns.

    Raises:
        RecordingError: there is no instant to stand at.
        KeyError: the session has no such stream.
    """

    def __init__(
        self,
        source: SessionReader | Sequence[int] | NDArray[np.int64],
        *,
        stream: str | None = None,
        loop: bool = False,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        times = _times_of(source, stream) if isinstance(source, SessionReader) else np.asarray(source, np.int64)
        if not len(times):
            raise RecordingError("there is nothing to play: the session has no frames")
        # A camera's clock that jumps back would make earlier instants unreachable.
        self._times = np.maximum.accumulate(times - times[0])
        self._first_ns = int(times[0])
        self._interval_ns = int(np.median(np.diff(self._times))) if len(times) > 1 else _DEFAULT_INTERVAL_NS
        self._interval_ns = max(self._interval_ns, 1)
        self._clock = clock
        self._loop = loop
        self._speed = 1.0
        self._is_playing = False
        self._position = 0
        # While it plays: session time = media + (clock - clock) * speed
        self._from_media_ns = 0
        self._from_clock_ns = 0

    @property
    def count(self) -> int:
        """How many positions there are."""
        return len(self._times)

    @property
    def duration_ns(self) -> int:
        """From the first to the last instant."""
        return int(self._times[-1])

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def loop(self) -> bool:
        return self._loop

    @property
    def is_playing(self) -> bool:
        self._update()
        return self._is_playing

    @property
    def is_at_end(self) -> bool:
        """Whether it stands at the last position."""
        return self.position() == self.count - 1

    def position(self) -> int:
        """Where it stands now, 0 .. count - 1."""
        self._update()
        return self._position

    def time_ns(self, position: int | None = None) -> int:
        """The instant of a position (the present one when None), as it was given."""
        return self._first_ns + int(self._times[self.position() if position is None else position])

    def elapsed_ns(self, position: int | None = None) -> int:
        """From the first instant to that of a position (the present one when None)."""
        return int(self._times[self.position() if position is None else position])

    def play(self) -> None:
        """Go on from here; from the beginning when it stands at the end."""
        self._update()
        if self._is_playing:
            return
        if self._position == self.count - 1:
            self._position = 0
        self._anchor()
        self._is_playing = True

    def pause(self) -> None:
        """Stand still here."""
        self._update()
        self._is_playing = False

    def toggle(self) -> None:
        """Pause when playing, play when paused."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def step(self, n: int = 1) -> int:
        """Pause and go n positions on (back when negative), no further than either end. Returns the position."""
        self.pause()
        self._position = self._clip(self._position + n)
        return self._position

    def seek(self, position: int) -> int:
        """Go to a position (the nearest there is); keeps playing or paused. Returns the position."""
        self._update()
        self._position = self._clip(position)
        self._anchor()
        return self._position

    def seek_time(self, time_ns: int) -> int:
        """Go to the last position at or before an instant. Returns the position."""
        return self.seek(int(np.searchsorted(self._times, time_ns - self._first_ns, side="right")) - 1)

    def seek_elapsed(self, elapsed_ns: int) -> int:
        """Go to the last position at or before so long after the first instant. Returns the position."""
        return self.seek_time(self._first_ns + elapsed_ns)

    def set_speed(self, speed: float) -> None:
        """1 is real time; kept within 0.1 .. 16.

        Raises:
            ValueError: no number.
        """
        if math.isnan(speed):
            raise ValueError("a speed is a number")
        media = self._media_ns()
        self._update()
        self._speed = min(max(speed, SLOWEST), FASTEST)
        self._from_media_ns, self._from_clock_ns = media, self._clock()

    def set_loop(self, loop: bool) -> None:
        """Begin again at the end, or stop there."""
        self._update()
        self._loop = loop

    def until_next_s(self) -> float | None:
        """Seconds until the position changes; None while it stands still."""
        self._update()
        if not self._is_playing:
            return None
        following = self._position + 1
        target = int(self._times[following]) if following < self.count else self._period_ns
        return max(0.0, (target - self._media_ns()) / self._speed / 1e9)

    @property
    def _period_ns(self) -> int:
        return self.duration_ns + self._interval_ns

    def _clip(self, position: int) -> int:
        return min(max(position, 0), self.count - 1)

    def _anchor(self) -> None:
        self._from_media_ns, self._from_clock_ns = int(self._times[self._position]), self._clock()

    def _media_ns(self) -> int:
        return self._from_media_ns + round((self._clock() - self._from_clock_ns) * self._speed)

    def _update(self) -> None:
        """Bring the position up to the clock."""
        if not self._is_playing:
            return
        media = self._media_ns()
        if media >= self._period_ns and self._loop:
            self._from_media_ns -= media // self._period_ns * self._period_ns
            media %= self._period_ns
        self._position = self._clip(int(np.searchsorted(self._times, media, side="right")) - 1)
        if self._position == self.count - 1 and not self._loop:
            self._is_playing = False


def _times_of(session: SessionReader, stream: str | None) -> NDArray[np.int64]:
    names = [stream] if stream is not None else [s.name for s in session.streams]
    for name in names:
        times = session.times(name).host_ns
        if len(times):
            return times
    return np.zeros(0, np.int64)
