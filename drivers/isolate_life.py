"""One life of an isolated camera, from ``open`` to ``close``: its process, what that has said, and what waits."""

from __future__ import annotations

import itertools
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

from drivers.camera import CameraHealth, CameraState
from drivers.child_process import ChildProcess
from drivers.errors import CameraLostError, CameraOpenError, CameraTimeoutError, DriverError, EndOfStream
from drivers.frame import Frame, StreamInfo
from drivers.isolate_words import JSON, again, at, ending, error_from_json, lost, read_frame
from drivers.shared_frames import FrameReader, SharedMemory, lay_out

log = logging.getLogger(__name__)

STOPPED_S: Final = 0.3
"""Longer than it takes to hear what a child said while this program itself was stopped."""


class Life:
    """Started once, closed once.

    Args:
        request: of :func:`drivers.isolate.isolated`.
    """

    def __init__(self, request: Mapping[str, Any]) -> None:
        self._source = str(request["source"])
        self._budget = (int(request["budget_bytes"]), int(request["most_frames"]))
        self._memory = SharedMemory()
        self.child = ChildProcess(
            self._source,
            {**request, "memory": self._memory.token},
            self._hear,
            self._ended,
            self._memory.inherited,
        )
        self._changed = threading.Condition()
        self.stage = "starting its process"
        self.streams: tuple[StreamInfo, ...] = ()
        self.options: dict[str, str] = {}
        self._infos: list[StreamInfo] = []
        self._stream_of: dict[str, int] = {}
        self._frames: FrameReader | None = None
        self._layout: dict[str, Any] = {}
        self._waiting: deque[Frame | DriverError] = deque()
        self._failed: DriverError | None = None  # it is over; what waits is still read
        self._is_open = False
        self._is_going = False
        self._is_closing = False
        self._beat_s = 0.0
        self._health: dict[str, Any] = {}
        self._given: dict[str, int] = {}
        self._ids = itertools.count()
        self._answers: dict[int, dict[str, Any]] = {}

    def start(self) -> None:
        """Start the process; does not wait."""
        self.child.start()

    @property
    def is_at_end(self) -> bool:
        """A recorded camera that was read to its end."""
        return isinstance(self._failed, EndOfStream) and not self._waiting

    # -- what is asked of it ------------------------------------------------------------------------------------------

    def wait_open(self, timeout_s: float) -> bool:
        """Whether it is open, within that time.

        Raises:
            DriverError: it failed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._is_open or self._failed or self._is_closing, timeout_s)
            if self._is_closing:
                raise CameraOpenError(f"{self._source} was closed while it was opened")
            if self._failed is not None:
                raise again(self._failed)
            return self._is_open

    def read(self, timeout_s: float, hang_s: float) -> Frame:
        """The next frame, or the next error, in the camera's own order."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while True:
                if self._is_closing:
                    raise lost(self._source)
                if self._waiting:
                    return self._take()
                if self._failed is not None:
                    raise again(self._failed)
                now = time.monotonic()
                if not self._is_going:
                    self._is_going, self._beat_s = True, now
                    self.child.send({"do": "go", "layout": self._layout})
                hangs_s = self._beat_s + hang_s
                if now >= hangs_s:
                    beat_s = self._beat_s
                    self._changed.wait(STOPPED_S)
                    if self._beat_s == beat_s and not self._waiting and self._failed is None and not self._is_closing:
                        break
                    continue
                if now >= deadline:
                    raise CameraTimeoutError(f"{self._source} gave no frame within {timeout_s:g} s")
                self._changed.wait(min(deadline, hangs_s) - now)
        raise self._hung(hang_s)

    def _take(self) -> Frame:
        item = self._waiting.popleft()
        if isinstance(item, Frame):
            self._given[item.stream] += 1
            return item
        if isinstance(item, CameraLostError | EndOfStream):
            self._failed = item
        else:
            self._is_going = False  # the next read asks it to go on
        raise again(item)

    def _hung(self, hang_s: float) -> DriverError:
        words = f"{self._source} hung in a read for {hang_s:g} s"
        with self._changed:
            self._failed = CameraLostError(f"{words} and its process is being ended; open it again")
        where = self.child.kill("was ended")
        error = CameraLostError(f"{words}{at(where)} and its process was ended; open it again")
        with self._changed:
            self._failed = error
        return again(error)

    def ask(self, what: str, words: Mapping[str, str], timeout_s: float) -> Any:
        """Something of the open camera, from any thread.

        Raises:
            CameraTimeoutError: it did not answer in time.
            CameraLostError: it is not open.
            DriverError: its answer is that.
        """
        number = next(self._ids)
        with self._changed:
            if not self._is_open or self._is_closing or (self._failed and not self.is_at_end):
                raise lost(self._source)
        if self.child.send({"do": what, "id": number, **words}):
            with self._changed:
                self._changed.wait_for(
                    lambda: number in self._answers or self._is_closing or self._failed is not None, timeout_s
                )
                answer = self._answers.pop(number, None)
                if answer is not None and "error" in answer:
                    raise error_from_json(answer["error"], CameraLostError, f"{self._source}: {what}")
                if answer is not None:
                    return answer["value"]
                if self._failed is not None or self._is_closing:
                    raise again(self._failed) if self._failed else lost(self._source)
        raise CameraTimeoutError(f"{self._source} did not answer to {what} within {timeout_s:g} s")

    def health(self, hang_s: float) -> CameraHealth:
        """From what it told last."""
        with self._changed:
            told, age_s = self._health, time.monotonic() - self._beat_s
            dropped = {s.name: int(told["dropped"].get(s.name, 0)) for s in self.streams}
            dropped_by_us = {s.name: int(told["dropped_by_us"].get(s.name, 0)) for s in self.streams}
            state, note = CameraState(told["state"]), str(told["note"])
            if self._failed is not None and not self._waiting:
                state = CameraState.ENDED if isinstance(self._failed, EndOfStream) else CameraState.GONE
                note = note if state is CameraState.ENDED else str(self._failed)
            elif self._is_going and age_s > hang_s:
                state, note = CameraState.STALLED, f"its process says nothing for {age_s:.1f} s"
            elif state not in (CameraState.PAUSED, CameraState.STALLED):
                state = CameraState.STREAMING  # what ended or went there is still waiting to be read here
            pause_s = max(0.0, float(told["pause_s"]) - age_s)
            return CameraHealth(state, dict(self._given), dropped, note, dropped_by_us, pause_s)

    def close(self, timeout_s: float, gone_s: float) -> None:
        """Ask it to end, kill it when it does not, and let go of everything. Safe to call twice."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self.child.send({"do": "close"})
        if not self.child.join(timeout_s):
            stage = self.stage
            where = self.child.kill("was ended")
            log.warning(
                "%s did not close within %g s: it hung while %s%s and its process was ended",
                self._source,
                timeout_s,
                stage,
                at(where),
            )
            if not self.child.join(gone_s):
                log.error("%s: its process cannot be killed: a call into the kernel hangs; unplug it", self._source)
        with self._changed:
            self._waiting.clear()
            self._frames = None  # mapped as long as somebody has a view
            self._memory.close()

    # -- the child's thread -------------------------------------------------------------------------------------------

    def _hear(self, kind: bytes, content: bytes) -> None:
        if kind != JSON:
            self._hear_frame(content)
            return
        message = json.loads(content)
        with self._changed:
            self._beat_s = time.monotonic()
            if "stage" in message:
                self.stage = str(message["stage"])
            if "options" in message:
                self.options = {str(k): str(v) for k, v in message["options"].items()}
            if "health" in message:
                self._health = message["health"]
            elif "opened" in message:
                self._open(message)
            elif "info" in message:
                self._infos.append(StreamInfo.from_json(message["info"]))
            elif "raised" in message:
                error = error_from_json(message["raised"], CameraLostError, f"{self._source}: reading")
                self._waiting.append(error)
            elif "failed" in message:
                self._failed = error_from_json(message["failed"], CameraOpenError, f"{self._source}: {self.stage}")
            elif "answer" in message:
                self._answers[int(message["answer"])] = message
            self._changed.notify_all()

    def _open(self, message: Mapping[str, Any]) -> None:
        self._health = message["opened"]
        self._infos = [StreamInfo.from_json(s) for s in message["streams"]]
        slots, size = lay_out(self._infos, *self._budget)
        self._memory.set_size(size)
        self._frames = FrameReader(self._memory, slots, size)
        self._memory.close()  # mapped here, inherited there
        self._layout = {"slots": [list(s) for s in slots], "size": size}
        self.streams = tuple(self._infos)
        self._stream_of = {s.name: n for n, s in enumerate(self.streams)}
        self._given = dict.fromkeys(self._stream_of, 0)
        self.stage = "reading"
        self._is_open = True

    def _hear_frame(self, content: bytes) -> None:
        record = read_frame(content)
        with self._changed:
            if self._frames is None:
                return
            info = self._infos[record.info]
            pixels = self._frames.array(self._stream_of[info.name], record.slot, info)
            frame = Frame(info, pixels, record.number, record.device_ns, record.host_ns, record.flags, record.encoded)
            self._beat_s = time.monotonic()
            if not self._is_closing and self._failed is None:
                self._waiting.append(frame)
                self._changed.notify_all()

    def _ended(self, how: str, where: str, said: str) -> None:
        with self._changed:
            if self._failed is None:
                words = f"the process of {self._source} {ending(how, where, said, self.stage)}"
                kind = CameraLostError if self._is_open else CameraOpenError
                self._failed = kind(f"{words}; open it again")
            self._changed.notify_all()
