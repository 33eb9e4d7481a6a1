"""The last seconds of a live run, in memory: frames, what was said of them, what happened. See save_last.py.

Whoever brings frames only appends. A thread, ``tapetum-last``, encodes them behind it, losslessly, so that the memory
reaches further back; where it falls behind, frames stay as they came, and the reach is shorter, nothing else.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from drivers.frame import Frame, StreamInfo
from recordings.event import Event
from recordings.frame_gate import FrameGate
from recordings.host_clock import HostClock
from recordings.observation import GeneratedImage, Observation
from recordings.recording_files import Results
from recordings.ring import OVERHEAD_BYTES
from recordings.stored import StoredFrame, encode_frame

log = logging.getLogger(__name__)

_RESULTS_BYTES: Final = 4 << 10
_FACE_BYTES: Final = 12 << 10
"""Of memory what is said of a FrameSet takes, and of each face, without images: with one face 12 KiB were measured."""
_NO_PIXELS: Final = np.zeros((0, 0), np.uint8)
_MOST_ITEMS: Final = 1 << 18
_JOIN_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class LastStatus:
    """What is held.

    Attributes:
        reach_s: so many seconds back from the newest frame everything is there.
        frames, bytes: held now; encoded: of the frames.
        is_bounded_by_bytes: the memory, and not the time, keeps it from reaching further.
    """

    reach_s: float
    frames: int
    bytes: int
    encoded: int
    is_bounded_by_bytes: bool


class _Held:
    """One thing that is held: a frame (encoded sooner or later), results, or an event."""

    __slots__ = ("content", "host_ns", "weight")

    def __init__(self, content: Frame | StoredFrame | Results | Event, host_ns: int, weight: int) -> None:
        self.content = content
        self.host_ns = host_ns
        self.weight = weight


@dataclass(frozen=True, slots=True)
class Held:
    """What was held at one moment, in the order it came.

    Attributes:
        items: each with its host time; a frame is let go as soon as nobody else holds this list's item.
        newest_ns: host time of the newest frame.
    """

    items: deque[_Held]
    newest_ns: int


class LastSeconds:
    """Safe from any thread; nobody who brings something waits for more than an append.

    Args:
        streams: of the frames that may come.
        seconds: of host time to hold.
        max_bytes: of memory for the images, what is said of them and the objects round them.
        encode: how a frame is encoded; tests delay with it.
    """

    def __init__(
        self,
        streams: Sequence[StreamInfo],
        seconds: float,
        max_bytes: int,
        encode: Callable[[Frame], StoredFrame] = lambda frame: encode_frame(frame, "compact"),
    ) -> None:
        if seconds <= 0 or max_bytes <= 0:
            raise ValueError(f"some seconds and some bytes can be held, was asked for {seconds} s and {max_bytes}")
        self.streams = tuple(streams)
        self.seconds = seconds
        self.max_bytes = max_bytes
        self._encode = encode
        self._span_ns = round(seconds * 1e9)
        self._lock = threading.Lock()
        self._gate = FrameGate(streams)
        self._clock = HostClock(s.name for s in streams)
        self._items: deque[_Held] = deque()
        self._raw: deque[_Held] = deque()
        """Of the frames held, those that wait to be encoded."""
        self._bytes = self._frames = self._newest = 0
        self._cut_by_bytes = False
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="tapetum-last")
        self._thread.start()

    # -- from any thread -----------------------------------------------------------------------------------------

    def push(self, frame: Frame) -> bool:
        """Take a frame. Never waits; False when no session could hold it, or nothing is taken any more."""
        with self._lock:
            if self._closing or self._gate.refusal(frame):
                return False
            host_ns, _ = self._clock.place(frame.stream, frame.host_ns)
            self._clock.taken(frame.stream, host_ns)
            frame = self._gate.as_stored(frame)
            self._gate.taken(frame)
            if host_ns != frame.host_ns:
                frame = dataclasses.replace(frame, host_ns=host_ns)
            held = _Held(frame, host_ns, _weight(frame))
            self._add(held)
            self._raw.append(held)
            self._frames += 1
            self._newest = max(self._newest, host_ns)
            self._let_go()
        self._wake.set()
        return True

    def push_results(self, results: Results) -> None:
        """Take what was said of frames that came before. Of generated images only the digests are held: a session holds
        no more of them, and a minute of images would take as much memory as the frames."""
        observation = without_images(results.observation)
        weight = _RESULTS_BYTES + len(observation.faces) * _FACE_BYTES
        with self._lock:
            if not self._closing:
                self._add(_Held(dataclasses.replace(results, observation=observation), observation.host_ns, weight))
                self._let_go()

    def push_event(self, event: Event, host_ns: int) -> bool:
        """Take an event, at a moment of the machine's clock; False when nothing is taken any more."""
        with self._lock:
            if not self._closing:
                self._add(_Held(event, self._clock.at(host_ns), OVERHEAD_BYTES))
            return not self._closing

    def held(self, seconds: float) -> Held:
        """What is held of so many seconds before the newest frame. Takes no copy of any image."""
        with self._lock:
            from_ns = self._newest - round(seconds * 1e9)
            return Held(deque(one for one in self._items if one.host_ns >= from_ns), self._newest)

    def status(self) -> LastStatus:
        with self._lock:
            oldest = next((one.host_ns for one in self._items if isinstance(one.content, Frame | StoredFrame)), None)
            reach_s = 0.0 if oldest is None else (self._newest - oldest) / 1e9
            return LastStatus(
                min(reach_s, self.seconds),
                self._frames,
                self._bytes,
                self._frames - len(self._raw),
                self._cut_by_bytes,
            )

    def close(self, deadline_s: float = _JOIN_S) -> bool:
        """Take nothing more, let go of everything, end the thread; False when that took longer. Safe to call twice."""
        with self._lock:
            self._closing = True
            self._items.clear()
            self._raw.clear()
            self._bytes = self._frames = 0
        self._wake.set()
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    # -- under the lock ------------------------------------------------------------------------------------------

    def _add(self, held: _Held) -> None:
        self._items.append(held)
        self._bytes += held.weight

    def _let_go(self) -> None:
        oldest_ns = self._newest - self._span_ns
        while self._items:
            first = self._items[0]
            over = self._bytes > self.max_bytes or len(self._items) > _MOST_ITEMS
            if first.host_ns >= oldest_ns and not over:
                return
            self._cut_by_bytes = first.host_ns >= oldest_ns
            self._items.popleft()
            self._bytes -= first.weight
            if isinstance(first.content, Frame | StoredFrame):
                self._frames -= 1
            if self._raw and self._raw[0] is first:
                self._raw.popleft()

    # -- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            self._wake.wait(1.0)
            self._wake.clear()
            while (held := self._next()) is not None:
                self._encode_one(held)
            if self._closing:
                return

    def _next(self) -> _Held | None:
        with self._lock:
            return self._raw[0] if self._raw else None

    def _encode_one(self, held: _Held) -> None:
        frame = held.content
        assert isinstance(frame, Frame), "each is encoded once"
        try:
            stored: Frame | StoredFrame = self._encode(frame)
        except Exception:  # the edge of a thread: one frame that cannot be encoded stays as it came
            log.exception("a frame of %s could not be encoded for what is kept in memory", frame.stream)
            stored = frame
        with self._lock:
            if not self._raw or self._raw[0] is not held:
                return  # it had to go meanwhile
            self._raw.popleft()
            held.content = stored
            self._bytes -= held.weight
            held.weight = _weight(stored)
            self._bytes += held.weight
            self._let_go()  # noise takes more room encoded than as it came


@dataclass(frozen=True, slots=True, eq=False)
class DigestedImage(GeneratedImage):
    """What is stored of a generated image, its digest; it has no pixels any more."""

    of_whole: str = ""

    def digest(self) -> str:
        return self.of_whole


def without_images(observation: Observation) -> Observation:
    """The same observation, byte for byte where it is stored, without the pixels of its generated images."""
    if not any(face.generated for face in observation.faces):
        return observation
    faces = (
        dataclasses.replace(face, generated=tuple(_digested(image) for image in face.generated))
        for face in observation.faces
    )
    return dataclasses.replace(observation, faces=tuple(faces))


def _digested(image: GeneratedImage) -> DigestedImage:
    return DigestedImage(image.name, image.model, _NO_PIXELS, of_whole=image.digest())


def wait_until_encoded(last: LastSeconds, limit_s: float) -> bool:
    """For tests and measurements: whether everything held was encoded within the time."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        status = last.status()
        if status.encoded == status.frames:
            return True
        time.sleep(0.005)
    return False


def _weight(frame: Frame | StoredFrame) -> int:
    if isinstance(frame, StoredFrame):
        return len(frame.data) + OVERHEAD_BYTES
    pixels = frame.pixels
    while isinstance(pixels.base, np.ndarray):  # a view holds all of what it looks at
        pixels = pixels.base
    return int(pixels.nbytes) + (0 if frame.encoded is None else len(frame.encoded)) + OVERHEAD_BYTES
