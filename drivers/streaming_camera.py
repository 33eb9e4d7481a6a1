"""What all cameras share: the life of a camera, its counts, and reads that end when somebody closes it.

A family inherits :class:`StreamingCamera` and says three things: how to connect, how to get the next image, how to
disconnect. The promises of :class:`drivers.camera.Camera` are kept here.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

from drivers.camera import CameraHealth, CameraState
from drivers.errors import CameraLostError, CameraTimeoutError, DriverError, EndOfStream
from drivers.frame import Frame, FrameFlag, Pixels, StreamInfo
from drivers.host_clock import now_ns

log = logging.getLogger(__name__)

SLICE_S: Final = 0.1
"""The longest that a family waits at a time: how soon a close from another thread ends a read."""


class StreamingCamera:
    """Inherit it and define :meth:`_connect`, :meth:`_next`, :meth:`_disconnect`, and the class methods of a family.

    ``open`` and ``read`` are for one thread at a time; ``close``, ``health`` and ``options`` may come from any.

    Args:
        source: the string that opened it, without passwords.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._lock = threading.Lock()  # the counts and the state; held for moments only
        self._using = threading.Lock()  # the library; held while it is called
        self._closing = threading.Event()
        self._state = CameraState.CLOSED
        self._note = ""
        self._streams: tuple[StreamInfo, ...] = ()
        self._connected = False
        self._given: dict[str, int] = {}
        self._lost: dict[str, int] = {}
        self._no_room: dict[str, int] = {}
        self._host_ns: dict[str, int] = {}
        self._pause_until_s = 0.0

    # -- what a family says -------------------------------------------------------------------------------------------

    def _connect(self) -> Sequence[StreamInfo]:
        """Import the library, start the camera, and give its streams. What was begun is ended by ``_disconnect``."""
        raise NotImplementedError

    def _next(self, timeout_s: float) -> Frame | None:
        """The next frame (made by :meth:`_frame`), or None when none came within ``timeout_s`` (at most ``SLICE_S``).

        Raises:
            CameraLostError, EndOfStream
        """
        raise NotImplementedError

    def _disconnect(self) -> None:
        """Stop and release everything, also what a failed ``_connect`` had begun."""
        raise NotImplementedError

    # -- the promises -------------------------------------------------------------------------------------------------

    @property
    def source(self) -> str:
        return self._source

    def open(self) -> None:
        self.close()
        with self._using:
            with self._lock:
                self._state, self._note, self._pause_until_s = CameraState.OPENING, "", 0.0
            self._closing.clear()
            self._connected = True
            try:
                streams = tuple(self._connect())
            except BaseException:  # whatever it was goes on, only not half done
                self._release()
                with self._lock:
                    self._state = CameraState.CLOSED
                raise
            with self._lock:
                self._streams = streams
                self._given = dict.fromkeys((s.name for s in streams), 0)
                self._lost = dict.fromkeys(self._given, 0)
                self._no_room = dict.fromkeys(self._given, 0)
                self._state = CameraState.STREAMING

    def streams(self) -> Sequence[StreamInfo]:
        return self._streams

    def read(self, timeout_s: float) -> Frame:
        deadline = time.monotonic() + timeout_s
        while True:
            with self._using:
                self._check_open()
                left = deadline - time.monotonic()
                try:
                    frame = self._next(max(0.0, min(left, SLICE_S)))
                except EndOfStream:
                    self._set_state(CameraState.ENDED)
                    raise
                except CameraLostError as error:
                    self._set_state(CameraState.GONE, str(error))
                    raise
            if frame is not None:
                with self._lock:
                    self._given[frame.stream] = self._given.get(frame.stream, 0) + 1
                return frame
            if time.monotonic() >= deadline:
                self._check_open()
                raise CameraTimeoutError(f"{self._source} gave no frame within {timeout_s:g} s")

    def options(self) -> Mapping[str, str]:
        """Nothing is set here; a family says what is."""
        return {}

    def health(self) -> CameraHealth:
        with self._lock:
            pause_s = max(0.0, self._pause_until_s - time.monotonic())
            return CameraHealth(
                self._state, dict(self._given), dict(self._lost), self._note, dict(self._no_room), pause_s
            )

    def interrupt(self) -> None:
        self._closing.set()

    def close(self) -> None:
        self._closing.set()
        with self._using:
            if self._connected:
                self._release()
            with self._lock:
                if self._state is not CameraState.ENDED:
                    self._state = CameraState.CLOSED

    # -- help for a family --------------------------------------------------------------------------------------------

    @property
    def _is_closing(self) -> bool:
        """Whether somebody closes the camera: a long ``_connect`` looks here, and gives up."""
        return self._closing.is_set()

    def _frame(
        self,
        info: StreamInfo,
        pixels: Pixels,
        number: int,
        device_ns: int,
        flags: FrameFlag = FrameFlag.NONE,
        encoded: bytes | None = None,
        host_ns: int | None = None,
    ) -> Frame:
        """A frame that arrived now (or at ``host_ns``, for a library that calls back); host time rises strictly."""
        at = max(now_ns() if host_ns is None else host_ns, self._host_ns.get(info.name, 0) + 1)
        self._host_ns[info.name] = at
        return Frame(info, pixels, number, device_ns, at, flags, encoded)

    def _count_dropped(self, stream: str, count: int = 1) -> None:
        """Frames that never reached this program, by the camera's own word."""
        with self._lock:
            self._lost[stream] = self._lost.get(stream, 0) + count

    def _count_no_room(self, stream: str, count: int = 1) -> None:
        """Frames that reached this program and were let go since too many waited already."""
        with self._lock:
            self._no_room[stream] = self._no_room.get(stream, 0) + count

    def _announce_pause(self, seconds: float, note: str = "") -> None:
        """The camera will give nothing for up to so long from now: that is no stall."""
        with self._lock:
            self._pause_until_s = time.monotonic() + seconds
            self._note = note

    def _say(self, note: str) -> None:
        """What people should know of the camera now; empty takes it back."""
        with self._lock:
            self._note = note

    # -- within -------------------------------------------------------------------------------------------------------

    def _check_open(self) -> None:
        if self._state is CameraState.ENDED and not self._closing.is_set():
            raise EndOfStream(f"{self._source} is at its end")
        if not self._connected or self._closing.is_set():
            raise CameraLostError(f"{self._source} is not open; open it before reading")
        if self._state is CameraState.GONE:
            raise CameraLostError(self._note or f"{self._source} is gone; open it again")

    def _set_state(self, state: CameraState, note: str = "") -> None:
        with self._lock:
            self._state, self._note = state, note

    def _release(self) -> None:
        self._connected = False
        try:
            self._disconnect()
        except DriverError as error:
            log.warning("%s did not close cleanly: %s", self._source, error)
        except Exception:  # a vendor's library may raise anything; there is nothing left to do with it
            log.exception("%s did not close cleanly", self._source)


class Inbox:
    """Where a library's own thread leaves what it calls back with, until ``_next`` takes it: bounded, in order.

    Args:
        capacity: items that may wait; the oldest stays, the newest finds no room (the caller counts it).
    """

    def __init__(self, capacity: int = 32) -> None:
        self._items: deque[Any] = deque()
        self._capacity = capacity
        self._filled = threading.Condition()
        self._error: Exception | None = None

    def put(self, item: Any) -> bool:
        """Never blocks for long; False when there is no room."""
        with self._filled:
            if len(self._items) >= self._capacity:
                return False
            self._items.append(item)
            self._filled.notify()
            return True

    def fail(self, error: Exception) -> None:
        """After what waits is taken, :meth:`take` raises this."""
        with self._filled:
            self._error = self._error or error
            self._filled.notify_all()

    def take(self, timeout_s: float) -> Any | None:
        """The oldest item, None when none came in time.

        Raises:
            Exception: what :meth:`fail` was given.
        """
        with self._filled:
            if not self._items and self._error is None:
                self._filled.wait(timeout_s)
            if self._items:
                return self._items.popleft()
            if self._error is not None:
                raise self._error
            return None

    def clear(self) -> None:
        """Forget what waits, and the error."""
        with self._filled:
            self._items.clear()
            self._error = None
