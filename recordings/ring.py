"""The last seconds of every stream, in memory: what a clip takes from before its event."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final, Literal

from recordings.stored import StoredFrame

OVERHEAD_BYTES: Final = 512
"""Of memory a frame takes beside its image: the objects round it, measured at 340 and rounded up."""

Bound = Literal["begin", "age", "bytes"]
"""What keeps a ring from reaching further back: nothing came before, it would be too old, or there was no room."""


@dataclass(frozen=True, slots=True)
class RingStatus:
    """A snapshot of a ring.

    Attributes:
        frames, bytes: held now.
        newest_ns: the newest host time ever pushed; None before the first frame.
        reaches_back_ns: every frame pushed with this host time or a later one is held; None before the first frame.
        bound: what keeps it from reaching further back.
        cut_short: frames that had to go for the bytes' sake, before their time or before a follower had them.
        refused: frames whose host time did not rise within their stream.
        behind: frames that the slowest follower has still to take.
    """

    frames: int
    bytes: int
    newest_ns: int | None
    reaches_back_ns: int | None
    bound: Bound
    cut_short: int
    refused: int
    behind: int


@dataclass(frozen=True, slots=True)
class LostFrame:
    """A frame that left the ring before a follower took it."""

    stream: str
    host_ns: int
    device_ns: int


class FrameRing:
    """Holds the encoded frames of all streams of the last seconds, bounded in time and in bytes.

    A frame leaves when it is older than ``seconds`` before the newest one and no follower still needs it, or when the
    bytes are over ``max_bytes``, oldest first. Pushing takes the same short time however much is held. Frames of
    different streams may come a little out of the order of their host times; within a stream these must rise.

    Safe from any thread; one pushes.

    Args:
        seconds: of host time to hold.
        max_bytes: of memory, each frame with its image and :data:`OVERHEAD_BYTES`.
    """

    def __init__(self, seconds: float, max_bytes: int) -> None:
        if seconds <= 0 or max_bytes <= 0:
            raise ValueError(f"a ring holds some seconds and some bytes, was asked for {seconds} s and {max_bytes}")
        self.seconds = seconds
        self.max_bytes = max_bytes
        self._span_ns = round(seconds * 1e9)
        self._lock = threading.Lock()
        self._held: dict[int, StoredFrame] = {}
        self._first = 0
        self._next = 0
        self._bytes = 0
        self._newest: int | None = None
        self._newest_of: dict[str, int] = {}
        self._reaches_back: int | None = None
        self._bound: Bound = "begin"
        self._cut_short = 0
        self._refused = 0
        self._followers: list[RingFollower] = []

    def push(self, stored: StoredFrame) -> bool:
        """Add a frame; never waits for anybody but for the moment that another thread copies references.

        Returns:
            False, counted, when its host time does not rise within its stream: no session could hold it.
        """
        name, host_ns = stored.info.name, stored.host_ns
        with self._lock:
            last = self._newest_of.get(name)
            if last is not None and host_ns <= last:
                self._refused += 1
                return False
            self._newest_of[name] = host_ns
            if self._newest is None or self._reaches_back is None:
                self._newest = self._reaches_back = host_ns
            self._newest = max(self._newest, host_ns)
            self._held[self._next] = stored
            self._next += 1
            self._bytes += _weight(stored)
            self._evict(self._newest - self._span_ns)
            return True

    def since(self, host_ns: int) -> list[StoredFrame]:
        """Every held frame of that host time or a later one, in the order of host times."""
        with self._lock:
            found = [f for f in self._held.values() if f.host_ns >= host_ns]
        return sorted(found, key=lambda f: f.host_ns)

    def follow(self, from_ns: int) -> RingFollower:
        """Somebody who takes every frame from a host time on, those held already and those that come."""
        with self._lock:
            follower = RingFollower(self, from_ns, self._first, self._reaches_back, self._bound)
            self._followers.append(follower)
            return follower

    @property
    def newest_ns(self) -> int | None:
        """The newest host time ever pushed."""
        return self._newest

    def all_passed(self, host_ns: int, streams: tuple[str, ...]) -> bool:
        """Whether each of these streams has had a frame after that host time."""
        with self._lock:
            return all(self._newest_of.get(name, -1) > host_ns for name in streams)

    def bytes_per_second(self) -> float:
        """Of images, over what is held; 0 until there is a second of them."""
        with self._lock:
            if not self._held or self._newest is None:
                return 0.0
            span_ns = self._newest - self._held[self._first].host_ns
            images = self._bytes - OVERHEAD_BYTES * len(self._held)
            return images / span_ns * 1e9 if span_ns >= 1e9 else 0.0

    def status(self) -> RingStatus:
        with self._lock:
            return RingStatus(
                len(self._held),
                self._bytes,
                self._newest,
                self._reaches_back,
                self._bound,
                self._cut_short,
                self._refused,
                max((self._next - f._at for f in self._followers), default=0),
            )

    # -- under the lock ----------------------------------------------------------------------------------------

    def _evict(self, oldest_ns: int) -> None:
        while self._held:
            frame = self._held[self._first]
            over = self._bytes > self.max_bytes
            young = frame.host_ns >= oldest_ns
            needed = any(f._at <= self._first for f in self._followers)
            if not over and (young or needed):
                return
            if young or needed:
                self._cut_short += 1
            for follower in self._followers:
                follower._leaves(self._first, frame)
            del self._held[self._first]
            self._first += 1
            self._bytes -= _weight(frame)
            if self._reaches_back is not None and frame.host_ns >= self._reaches_back:
                self._reaches_back = frame.host_ns + 1
                self._bound = "bytes" if young else "age"

    def _take(self, follower: RingFollower, until_ns: int, max_bytes: int) -> list[StoredFrame]:
        out: list[StoredFrame] = []
        size = 0
        with self._lock:
            while follower._at < self._next and size < max_bytes:
                frame = self._held[follower._at]
                if frame.host_ns > until_ns:
                    break
                follower._at += 1
                if frame.host_ns >= follower.from_ns:
                    out.append(frame)
                    size += len(frame.data)
        return out

    def _take_rest(self, follower: RingFollower, until_ns: int) -> list[StoredFrame]:
        with self._lock:
            held = [self._held[k] for k in range(follower._at, self._next)]
            self._forget(follower)
        return [f for f in held if follower.from_ns <= f.host_ns <= until_ns]

    def _forget(self, follower: RingFollower) -> None:
        if follower in self._followers:
            self._followers.remove(follower)


class RingFollower:
    """Takes frames out of a ring, each once, in the order they were pushed. Made by :meth:`FrameRing.follow`.

    What it has not taken stays in the ring as long as the ring's bytes allow; what had to go is in :meth:`lost`.

    Attributes:
        from_ns: the earliest host time it takes.
        reaches_back_ns, bound: of the ring when the following began.
    """

    def __init__(self, ring: FrameRing, from_ns: int, at: int, reaches_back_ns: int | None, bound: Bound) -> None:
        self.from_ns = from_ns
        self.reaches_back_ns = reaches_back_ns
        self.bound: Bound = bound
        self._ring = ring
        self._at = at
        self._lost: list[LostFrame] = []

    def take(self, until_ns: int, max_bytes: int) -> list[StoredFrame]:
        """The next frames, up to (not with) the first one later than ``until_ns``; empty when there is none now.

        Args:
            until_ns: the latest host time that is wanted so far; it may grow from call to call.
            max_bytes: stop after the frame that reaches as much.
        """
        return self._ring._take(self, until_ns, max_bytes)

    def take_rest(self, until_ns: int) -> list[StoredFrame]:
        """All frames up to ``until_ns`` that are left, those behind later ones too; the following ends with it."""
        return self._ring._take_rest(self, until_ns)

    def lost(self, until_ns: int) -> list[LostFrame]:
        """Frames up to ``until_ns`` that left the ring untaken, each told once."""
        with self._ring._lock:
            out = [f for f in self._lost if f.host_ns <= until_ns]
            self._lost = [f for f in self._lost if f.host_ns > until_ns]
        return out

    def close(self) -> None:
        """Need nothing more. Safe to call twice."""
        with self._ring._lock:
            self._ring._forget(self)

    def _leaves(self, at: int, frame: StoredFrame) -> None:
        if at < self._at:
            return
        self._at = at + 1
        if frame.host_ns >= self.from_ns:
            self._lost.append(LostFrame(frame.info.name, frame.host_ns, frame.device_ns))


def _weight(stored: StoredFrame) -> int:
    return len(stored.data) + OVERHEAD_BYTES
