"""A camera in a child process, for libraries that hang or crash: the same verbs, each with a deadline.

:func:`isolated` gives a :class:`drivers.camera.Camera` whose real one lives in a process of its own; its pixels come
through shared memory and are copied once. A child that dies or hangs is an error here, at once or at the deadline, and
nothing else: opening again starts a new one. :func:`call` runs one function in such a process.

Tested on Linux. What differs elsewhere is written and UNTESTED: a child on macOS or Windows notices the end of its
parent by its stdin alone (not while its library holds Python's lock), and on Windows one cannot say where it hangs.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from drivers.camera import Adjustable, Camera, CameraHealth, CameraState, Control, Findable
from drivers.child_process import ChildProcess
from drivers.errors import CameraError, CameraOpenError, CameraTimeoutError, DriverError
from drivers.frame import Frame, StreamInfo
from drivers.isolate_life import Life
from drivers.isolate_words import (
    JSON,
    at,
    control_from_json,
    ending,
    error_from_json,
    lost,
    resolve,
)
from drivers.shared_frames import BUDGET_BYTES, MOST_FRAMES

log = logging.getLogger(__name__)

OPEN_S: Final = 10.0
"""For a family that does not say ``open_timeout_s``."""

HANG_S: Final = 3.0
ASK_S: Final = 2.0
CLOSE_S: Final = 2.0
GONE_S: Final = 2.0
"""A killed process is gone by then, unless the kernel itself hangs."""


def isolated(
    entry: str,
    source: str,
    rest: str,
    *,
    lossless: bool = False,
    open_timeout_s: float | None = None,
    hang_s: float = HANG_S,
    close_timeout_s: float = CLOSE_S,
    budget_bytes: int = BUDGET_BYTES,
    most_frames: int = MOST_FRAMES,
) -> Camera:
    """The camera that ``entry`` makes of ``rest``, in a child process that lives from ``open`` to ``close``.

    It is Adjustable and Findable when the camera itself is. ``is_present`` is asked of a camera made in this process,
    and never opened here: what it does must not need the library that is kept out.

    Args:
        entry: ``drivers.cameras.realsense:RealSenseCamera``, or a class method of it; called with ``rest``. Called
            here, too, so that wrong words are refused at once: it only parses.
        source: of the camera, without passwords.
        lossless: a recorded camera waits for whoever reads it, nothing is dropped; a live one never waits.
        open_timeout_s: for the process to start and the camera to open; None: ``open_timeout_s`` of the class, or 10.
        hang_s: a camera whose read says nothing for so long hangs.
        close_timeout_s: then the process is killed.
        budget_bytes, most_frames: of shared memory, see :func:`drivers.shared_frames.lay_out`.

    Raises:
        UnsupportedFeatureError: ``rest`` makes no sense to the camera.
        CameraOpenError: ``entry`` names nothing.
    """
    made = resolve(entry)(rest)
    if open_timeout_s is None:
        open_timeout_s = float(getattr(made, "open_timeout_s", OPEN_S))
    request = {
        "entry": entry,
        "source": source,
        "rest": rest,
        "lossless": lossless,
        "budget_bytes": budget_bytes,
        "most_frames": most_frames,
    }
    kinds = {
        (False, False): IsolatedCamera,
        (True, False): _AdjustableCamera,
        (False, True): _FindableCamera,
        (True, True): _AdjustableFindableCamera,
    }
    kind = kinds[isinstance(made, Adjustable), isinstance(made, Findable)]
    return kind(made, request, open_timeout_s, hang_s, close_timeout_s)


def call(entry: str, args: Sequence[Any] = (), timeout_s: float = 5.0) -> Any:
    """What a function says, run in a child process that ends with it.

    Args:
        entry: ``package.module:function``.
        args: what JSON can carry.
        timeout_s: for the process to start and the function to end.

    Returns:
        What JSON made of its value: dataclasses are objects, tuples are lists.

    Raises:
        CameraTimeoutError: it took longer; the message says where it hung.
        CameraError: its process died.
        DriverError: the kind that the function raised; any other error is a CameraError.
    """
    answers: list[dict[str, Any]] = []
    ended: list[tuple[str, str, str]] = []

    def hear(kind: bytes, content: bytes) -> None:
        if kind == JSON:
            answers.append(_read_json(content))

    child = ChildProcess(entry, {"call": entry, "args": list(args)}, hear, lambda *how: ended.append(how))
    child.start()
    if not child.join(timeout_s):
        where = child.kill("was ended")
        if not child.join(GONE_S):
            log.error("%s: its process cannot be killed: a call into the kernel hangs", entry)
        if not answers:
            raise CameraTimeoutError(f"{entry} took longer than {timeout_s:g} s{at(where)} and was ended")
    if not answers:
        raise CameraError(f"the process of {entry} {ending(*ended[0])}")
    if "error" in answers[0]:
        raise error_from_json(answers[0]["error"], CameraError, entry)
    return answers[0]["value"]


class IsolatedCamera:
    """See :func:`isolated`."""

    def __init__(
        self, made: Any, request: Mapping[str, Any], open_timeout_s: float, hang_s: float, close_timeout_s: float
    ) -> None:
        self._made = made
        self.is_recorded = bool(getattr(made, "is_recorded", False))
        self._request = dict(request)
        self._source = str(request["source"])
        self._open_s = self.open_timeout_s = open_timeout_s
        self._hang_s = hang_s
        self._close_s = close_timeout_s
        self._lock = threading.Lock()  # which life it is; held for moments only
        self._life: Life | None = None
        self._state = CameraState.CLOSED

    @property
    def source(self) -> str:
        return self._source

    @property
    def pid(self) -> int | None:
        """Of the child process while there is one."""
        life = self._life
        return None if life is None else life.child.pid

    def open(self) -> None:
        """Start the process and open the camera in it.

        Raises:
            DriverError: what the camera itself raised, as itself.
            CameraOpenError: the process died or took longer than ``open_timeout_s``; the message says where.
        """
        self.close()
        life = Life(self._request)
        with self._lock:
            self._life, self._state = life, CameraState.OPENING
        life.start()
        try:
            if not life.wait_open(self._open_s):
                stage = life.stage
                where = life.child.kill("was ended")
                raise CameraOpenError(
                    f"{self._source} did not open within {self._open_s:g} s: it hung while {stage}{at(where)} and its "
                    "process was ended; unplug it and plug it in again if that repeats"
                )
        except BaseException:  # whatever it was goes on, only not half done
            self._end(life, CameraState.CLOSED)
            raise
        with self._lock:
            if self._life is life:
                self._state = CameraState.STREAMING
                return
        raise CameraOpenError(f"{self._source} was closed while it was opened")

    def streams(self) -> Sequence[StreamInfo]:
        life = self._life
        return () if life is None else life.streams

    def read(self, timeout_s: float) -> Frame:
        life = self._life
        if life is None:
            raise lost(self._source)
        return life.read(timeout_s, self._hang_s)

    def options(self) -> Mapping[str, str]:
        """As the child told them last, at most a second ago."""
        life = self._life
        return {} if life is None else dict(life.options)

    def health(self) -> CameraHealth:
        """As the child told it last, at most a tenth of a second ago; a child that tells nothing any more stalls."""
        life = self._life
        if life is None or self._state is not CameraState.STREAMING:
            return CameraHealth(self._state, {}, {}, "" if life is None else life.stage)
        return life.health(self._hang_s)

    def close(self) -> None:
        """End the process: it is asked, and killed after ``close_timeout_s``."""
        with self._lock:
            life = self._life
        if life is not None:
            self._end(life, CameraState.ENDED if life.is_at_end else CameraState.CLOSED)

    def interrupt(self) -> None:
        """End the process now, whatever it is doing; a call that waits for it ends with an error."""
        life = self._life
        if life is not None:
            life.child.kill("was interrupted")

    def _end(self, life: Life, state: CameraState) -> None:
        life.close(self._close_s, GONE_S)
        with self._lock:
            if self._life is life:
                self._life, self._state = None, state

    def _ask(self, what: str, **words: str) -> Any:
        life = self._life
        if life is None:
            raise lost(self._source)
        return life.ask(what, words, ASK_S)


class _Adjusting(IsolatedCamera):
    def controls(self) -> Sequence[Control]:
        try:
            return tuple(control_from_json(c) for c in self._ask("controls"))
        except DriverError as error:
            if self._life is not None:
                log.warning("%s: its controls cannot be told: %s", self._source, error)
            return ()

    def set_control(self, name: str, value: str) -> None:
        self._ask("set_control", name=name, value=value)


class _Finding(IsolatedCamera):
    def is_present(self) -> bool | None:
        with suppress(Exception):  # it promises to raise nothing
            found: bool | None = self._made.is_present()
            return found
        return None


class _AdjustableCamera(_Adjusting):
    pass


class _FindableCamera(_Finding):
    pass


class _AdjustableFindableCamera(_Adjusting, _Finding):
    pass


def _read_json(content: bytes) -> dict[str, Any]:
    message = json.loads(content)
    if not isinstance(message, dict):
        raise ValueError(f"a message is an object, found {message!r}")
    return message
