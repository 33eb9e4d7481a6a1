"""Any session as a live camera: frames come when they came, and faults come when they are asked for."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, Self

import numpy as np

from drivers.camera import CameraHealth, CameraId, CameraState
from drivers.errors import (
    CameraLostError,
    CameraOpenError,
    CameraTimeoutError,
    EndOfStream,
    UnsupportedFeatureError,
)
from drivers.frame import Frame, FrameFlag, StreamInfo
from recordings.errors import RecordingError
from recordings.reader import SessionReader
from recordings.samples import bundled_session

_DEFAULT_INTERVAL_NS: Final = 33_333_333
"""Between the end of a loop and its beginning where nothing tells the rate."""


class Pace(Protocol):
    """The clocks of a virtual camera, and its only way to wait: tests bring their own."""

    def monotonic_ns(self) -> int: ...

    def wall_ns(self) -> int:
        """Nanoseconds since 1970."""
        ...

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Wait so long or until ``stop`` is set; True when it is."""
        ...


class RealPace:
    """The machine's clocks."""

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def wall_ns(self) -> int:
        return time.time_ns()

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        return stop.wait(seconds)


@dataclass(frozen=True, slots=True)
class VirtualOptions:
    """How a session is played, and which faults are scripted. Times are seconds of the session from its beginning.

    Attributes:
        speed: 1 is real time, ``inf`` is as fast as it is read.
        loop: begin again at the end; numbers and device times go on rising.
        drop_every: lose every n-th frame of each stream (0: none).
        stall_at_s, stall_s: give nothing from then on for so long; what would have come is lost.
        lose_at_s, lose_s: be gone from then on; opening fails for so long, then the camera is back where time is.
    """

    speed: float = 1.0
    loop: bool = False
    drop_every: int = 0
    stall_at_s: float | None = None
    stall_s: float = 3.0
    lose_at_s: float | None = None
    lose_s: float = 2.0

    def __post_init__(self) -> None:
        if math.isnan(self.speed) or self.speed <= 0:
            raise UnsupportedFeatureError(f"virtual camera: the speed must be positive or 'max', found {self.speed}")
        if self.drop_every < 0 or self.drop_every == 1:
            raise UnsupportedFeatureError(
                f"virtual camera: drop_every must be 0 or at least 2, found {self.drop_every}"
            )
        for name in ("stall_at_s", "stall_s", "lose_at_s", "lose_s"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise UnsupportedFeatureError(f"virtual camera: {name} must be seconds from 0 on, found {value}")

    @classmethod
    def parse(cls, query: str, loop: bool = False) -> VirtualOptions:
        """From the part of a source after ``?``, such as ``speed=4&loop=1&drop_every=10``.

        Raises:
            UnsupportedFeatureError: an unknown word, or a value that is none.
        """
        words: dict[str, str] = {}
        for part in filter(None, query.split("&")):
            key, _, value = part.partition("=")
            words[key] = value
        known = ("speed", "loop", "drop_every", "stall_at", "stall_s", "lose_at", "lose_s")
        unknown = sorted(set(words) - set(known))
        if unknown:
            raise UnsupportedFeatureError(
                f"a virtual camera has no option {', '.join(unknown)}; it knows {', '.join(known)}"
            )
        try:
            return cls(
                speed=math.inf if words.get("speed") == "max" else float(words.get("speed", 1.0)),
                loop=_truth(words["loop"]) if "loop" in words else loop,
                drop_every=int(words.get("drop_every", 0)),
                stall_at_s=float(words["stall_at"]) if "stall_at" in words else None,
                stall_s=float(words.get("stall_s", 3.0)),
                lose_at_s=float(words["lose_at"]) if "lose_at" in words else None,
                lose_s=float(words.get("lose_s", 2.0)),
            )
        except ValueError as error:
            raise UnsupportedFeatureError(f"virtual camera: cannot understand {query!r}: {error}") from error

    def to_query(self) -> str:
        """The reverse of :meth:`parse`; what is as by default is left out."""
        out: dict[str, str] = {}
        if self.speed != 1.0:
            out["speed"] = "max" if math.isinf(self.speed) else f"{self.speed:g}"
        if self.loop:
            out["loop"] = "1"
        if self.drop_every:
            out["drop_every"] = str(self.drop_every)
        if self.stall_at_s is not None:
            out |= {"stall_at": f"{self.stall_at_s:g}", "stall_s": f"{self.stall_s:g}"}
        if self.lose_at_s is not None:
            out |= {"lose_at": f"{self.lose_at_s:g}", "lose_s": f"{self.lose_s:g}"}
        return "&".join(f"{k}={v}" for k, v in out.items())


class VirtualCamera:
    """A :class:`drivers.camera.Camera` that plays a session.

    Each frame gets a new host time when it is delivered; device times and numbers are the recorded ones, carried on
    over loops. When the reader falls behind, frames come late, none is lost.

    Args:
        path: the session; None is the bundled one.
        speed, loop: as in :class:`VirtualOptions`; ignored when ``options`` is given.
        options: everything at once, faults too.
        pace: the clocks.
    """

    def __init__(
        self,
        path: Path | str | None,
        speed: float = 1.0,
        loop: bool = False,
        *,
        options: VirtualOptions | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._path = None if path is None else Path(path)
        self._options = options or VirtualOptions(speed=speed, loop=loop)
        self._pace = pace or RealPace()
        query = self._options.to_query()
        self._source = f"virtual:{self._path or ''}" + (f"?{query}" if query else "")
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._closed.set()
        self._state = CameraState.CLOSED
        self._note = ""
        self._reader: SessionReader | None = None
        self._player: _Player | None = None
        self._gone_until_ns: int | None = None
        self._was_lost = False
        self._delivered: dict[str, int] = {}
        self._lost: dict[str, int] = {}
        self._last_host_ns: dict[str, int] = {}

    @classmethod
    def discover(cls) -> list[CameraId]:
        """Nothing is ever plugged in: a session is opened by its name."""
        return []

    @classmethod
    def from_source(cls, rest: str) -> Self:
        """What stands after ``virtual:``: a path and options. Nothing at all is the bundled session in a loop.

        Raises:
            UnsupportedFeatureError: an option is unknown or wrong.
        """
        path, _, query = rest.partition("?")
        camera = cls(path or None, options=VirtualOptions.parse(query, loop=not path))
        camera._source = f"virtual:{rest}"
        return camera

    @property
    def source(self) -> str:
        return self._source

    def open(self) -> None:
        """Start playing: from the beginning, or after a scripted loss from where time has come to.

        Raises:
            CameraOpenError: the session cannot be read or is empty, or the camera is scripted to be gone.
        """
        self.close()
        now = self._pace.monotonic_ns()
        if self._gone_until_ns is not None and now < self._gone_until_ns:
            raise CameraOpenError(
                f"{self.source} is scripted to be gone for another {(self._gone_until_ns - now) / 1e9:.1f} s"
            )
        with self._lock:
            self._state = CameraState.OPENING
            try:
                reader = SessionReader(self._path or bundled_session())
            except RecordingError as error:
                self._state = CameraState.CLOSED
                raise CameraOpenError(f"{self.source} cannot be opened: {error}") from error
            try:
                player = _Player(reader, self._options)
            except RecordingError as error:
                reader.close()
                self._state = CameraState.CLOSED
                raise CameraOpenError(f"{self.source} cannot be played: {error}") from error
            self._delivered = dict.fromkeys(player.streams, 0)
            self._lost = dict.fromkeys(player.streams, 0)
            if self._was_lost and self._player is not None:
                # The scene went on while the camera was gone: what passed meanwhile is lost.
                player.resume(self._player, now, self._lost)
            else:
                player.start(now)
            self._reader, self._player = reader, player
            self._was_lost = False
            self._gone_until_ns = None
            self._note = ""
            self._state = CameraState.STREAMING
            self._closed.clear()

    def streams(self) -> Sequence[StreamInfo]:
        """The session's streams; empty while closed."""
        reader = self._reader
        return () if reader is None else reader.streams

    def read(self, timeout_s: float) -> Frame:
        """The next frame when its time has come.

        Raises:
            CameraTimeoutError: its time is further off than ``timeout_s``.
            CameraLostError: closed, scripted to be lost, or no frame of the file can be read.
            EndOfStream: the session is over.
        """
        deadline = self._pace.monotonic_ns() + round(timeout_s * 1e9)
        with self._lock:
            player = self._player
            if self._closed.is_set() or player is None:
                raise CameraLostError(f"{self.source} is not open; open it before reading")
            try:
                due, frame = player.peek(self._lost)
            except EndOfStream:
                self._state = CameraState.ENDED
                raise
            except RecordingError as error:
                self._state, self._note = CameraState.LOST, str(error)
                raise CameraLostError(f"{self.source}: {error}") from error
            self._note = player.damage
            self._state = CameraState.STALLED if player.is_stalled(self._pace.monotonic_ns()) else CameraState.STREAMING
        self._wait_until(min(due, deadline))
        with self._lock:
            if self._closed.is_set() or player is not self._player:
                raise CameraLostError(f"{self.source} was closed while it was read")
            if due > deadline:
                raise CameraTimeoutError(f"{self.source} gave nothing within {timeout_s:g} s")
            if frame is None:
                raise self._lose(due)
            return self._deliver(player, frame)

    def options(self) -> Mapping[str, str]:
        """The session's name and the options as they stand in a source."""
        words = dict(part.split("=", 1) for part in self._options.to_query().split("&") if part)
        return {"file": str(self._path or bundled_session()), **words}

    def health(self) -> CameraHealth:
        """Counts since opening; frames that the session itself lacks count as dropped, too."""
        return CameraHealth(self._state, dict(self._delivered), dict(self._lost), self._note)

    def close(self) -> None:
        """Stop; a read in another thread ends at once. Safe to call twice and from any thread."""
        self._closed.set()
        with self._lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None
            if not self._was_lost:
                self._player = None
                self._state = CameraState.CLOSED

    def _wait_until(self, due_ns: int) -> None:
        left = due_ns - self._pace.monotonic_ns()
        if left > 0:
            self._pace.wait(self._closed, left / 1e9)

    def _lose(self, at_ns: int) -> CameraLostError:
        self._was_lost = True
        self._gone_until_ns = at_ns + round(self._options.lose_s * 1e9)
        self._state, self._note = CameraState.LOST, "scripted loss"
        self._closed.set()
        return CameraLostError(
            f"{self.source} is gone (scripted); it can be opened again in {self._options.lose_s:g} s"
        )

    def _deliver(self, player: _Player, frame: Frame) -> Frame:
        player.take()
        name = frame.stream
        host_ns = max(self._pace.wall_ns(), self._last_host_ns.get(name, 0) + 1)
        self._last_host_ns[name] = host_ns
        self._delivered[name] += 1
        return Frame(frame.info, frame.pixels, frame.number, frame.device_ns, host_ns, frame.flags)


class _Player:
    """Where a virtual camera is in its session. Times here are session time (host time from the first frame) or the
    pace's monotonic time, both in ns."""

    def __init__(self, reader: SessionReader, options: VirtualOptions) -> None:
        self._reader = reader
        self._options = options
        self._order = reader.order()
        if not self._order:
            raise RecordingError("the session has no frames")
        self.streams = tuple(s.name for s in reader.streams)
        times = {name: reader.times(name) for name in self.streams}
        self._times = times
        first = min(int(t.host_ns[0]) for t in times.values() if len(t.host_ns))
        self._offsets = [int(times[name].host_ns[i]) - first for name, i in self._order]
        self._loop_ns = max(_period(t.host_ns) + int(t.host_ns[0]) - first for t in times.values() if len(t.host_ns))
        # One shift for all streams, so that what belongs together stays together on the device clock.
        self._device_loop_ns = max(self._loop_ns, *(_period(t.device_ns) for t in times.values()))
        self._number_loop = {
            name: int(t.number.max()) - int(t.number.min()) + 1 for name, t in times.items() if len(t.number)
        }
        self._at = 0
        self._loops = 0
        self._origin_ns = 0
        self._is_loss_done = options.lose_at_s is None
        self._seen = dict.fromkeys(self.streams, 0)
        self._last_number: dict[str, int] = {}
        self._has_gap = dict.fromkeys(self.streams, False)
        self._next: tuple[int, Frame] | None = None
        self.damage = ""

    def start(self, now_ns: int) -> None:
        self._origin_ns = now_ns

    def resume(self, before: _Player, now_ns: int, lost: dict[str, int]) -> None:
        """Go on after a loss, with what passed since left out and counted in ``lost``."""
        self._origin_ns, self._at, self._loops = before._origin_ns, before._at, before._loops
        self._seen, self._last_number = dict(before._seen), dict(before._last_number)
        self._is_loss_done = True
        while self._advance_over_end() and self._due(self._session_ns()) < now_ns:
            self._skip(lost)

    def peek(self, lost: dict[str, int]) -> tuple[int, Frame | None]:
        """When the next frame is due, and the frame (its host time still to be stamped); None is a loss then.

        Frames that are scripted to be lost are passed over and counted in ``lost``.

        Raises:
            EndOfStream: there is none left.
            RecordingError: no frame of the file can be read.
        """
        if self._next is not None:
            return self._next
        damaged = 0
        while True:
            if not self._advance_over_end():
                raise EndOfStream("the session is over")
            now = self._session_ns()
            lose_at = self._options.lose_at_s
            if not self._is_loss_done and lose_at is not None and now >= round(lose_at * 1e9):
                return self._due(round(lose_at * 1e9)), None
            if not self._is_in_stall(now) and not self._is_scripted_drop():
                try:
                    frame = self._reader.frame(*self._order[self._at])
                    break
                except RecordingError as error:
                    # One damaged frame is a lost frame; a session of nothing else is a lost camera.
                    self.damage = str(error)
                    damaged += 1
                    if damaged >= len(self._order):
                        raise
            self._skip(lost)
        name, _ = self._order[self._at]
        number = frame.number + self._loops * self._number_loop[name]
        flags = frame.flags | (FrameFlag.DROPPED_BEFORE if self._has_gap[name] else FrameFlag.NONE)
        device_ns = frame.device_ns + self._loops * self._device_loop_ns
        # Numbers that the session itself lacks; what was passed over here has been counted already.
        lost[name] += max(0, number - self._last_number.get(name, number - 1) - 1)
        self._last_number[name] = number
        self._next = (
            self._due(now),
            Frame(frame.info, frame.pixels, number, device_ns, frame.host_ns, flags),
        )
        return self._next

    def take(self) -> None:
        """What :meth:`peek` gave is delivered."""
        name, _ = self._order[self._at]
        self._has_gap[name] = False
        self._seen[name] += 1
        self._at += 1
        self._next = None

    def is_stalled(self, now_ns: int) -> bool:
        """Whether the scripted stall is on."""
        if math.isinf(self._options.speed):
            return False
        return self._is_in_stall(round((now_ns - self._origin_ns) * self._options.speed))

    def _session_ns(self) -> int:
        """Session time of the frame in turn."""
        return self._loops * self._loop_ns + self._offsets[self._at]

    def _due(self, session_ns: int) -> int:
        return self._origin_ns + (0 if math.isinf(self._options.speed) else round(session_ns / self._options.speed))

    def _advance_over_end(self) -> bool:
        if self._at == len(self._order):
            if not self._options.loop:
                return False
            self._at, self._loops = 0, self._loops + 1
        return True

    def _is_in_stall(self, session_ns: int) -> bool:
        at = self._options.stall_at_s
        return at is not None and at * 1e9 <= session_ns < (at + self._options.stall_s) * 1e9

    def _is_scripted_drop(self) -> bool:
        n = self._options.drop_every
        return n > 0 and self._seen[self._order[self._at][0]] % n == n - 1

    def _skip(self, lost: dict[str, int]) -> None:
        """Pass over the frame in turn."""
        name, index = self._order[self._at]
        number = int(self._times[name].number[index]) + self._loops * self._number_loop[name]
        lost[name] += max(1, number - self._last_number.get(name, number - 1))
        self._last_number[name] = number
        self._has_gap[name] = True
        self._seen[name] += 1
        self._at += 1


def _period(times_ns: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> int:
    """From the first frame of a stream to the first one of the next loop, ns."""
    if len(times_ns) == 0:
        return 0
    interval = int(np.median(np.diff(times_ns))) if len(times_ns) > 1 else _DEFAULT_INTERVAL_NS
    return int(times_ns.max()) - int(times_ns.min()) + max(interval, 1)


def _truth(word: str) -> bool:
    if word.lower() in ("1", "true", "yes", "on"):
        return True
    if word.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError(f"{word!r} is neither 1 nor 0")
