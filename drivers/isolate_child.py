"""The child process of an isolated camera: ``python -m drivers.isolate_child``, its request a JSON line on stdin.

It ends at once when stdin does: when whoever started it is dead or has no more use for it. Its own stdout carries
messages (drivers/isolate_words.py); whatever a library prints to either goes to stderr.

The main thread opens, reads and closes the camera; a second one takes what is asked meanwhile.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final

from drivers.camera import Adjustable, Camera
from drivers.errors import (
    CameraTimeoutError,
    DriverError,
    UnsupportedFeatureError,
)
from drivers.frame import Frame, StreamInfo
from drivers.isolate_words import error_to_json, resolve, write_frame, write_json
from drivers.shared_frames import FrameWriter

READ_S: Final = 0.1
"""One read of the camera."""

BEAT_S: Final = 0.1
"""How often the camera's health is told, at least; a reading camera that tells nothing hangs."""

OPTIONS_S: Final = 1.0
_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>

Tell = Callable[[bytes], None]


def main() -> None:
    """Do the request, end. Never returns: libraries that crash when they are unloaded cannot."""
    tell = _take_stdout()
    try:
        request = json.loads(sys.stdin.buffer.readline())
        _begin(request)
        if "call" in request:
            _call(request, tell)
        else:
            _Served(request, tell).run()
    except BrokenPipeError:  # nobody listens any more
        os._exit(1)
    except BaseException:  # noqa: BLE001 - whatever it is, it goes to the log of whoever waits
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    sys.stderr.flush()
    os._exit(0)


def _call(request: Mapping[str, Any], tell: Tell) -> None:
    threading.Thread(target=_end_with_stdin, name="stdin", daemon=True).start()
    try:
        tell(write_json({"value": resolve(request["call"])(*request["args"])}))
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits is to know it
        if not isinstance(error, DriverError):  # which says enough by its words
            traceback.print_exc()
        tell(write_json({"error": error_to_json(error)}))


class _Served:
    """One camera and what is asked of it."""

    def __init__(self, request: Mapping[str, Any], tell: Tell) -> None:
        self._request = request
        self._tell = tell
        self._camera: Camera | None = None
        self._closing = threading.Event()
        self._go = threading.Event()
        self._opening = False
        self._layout: dict[str, Any] = {}
        self._infos: list[StreamInfo] = []
        self._no_room: dict[str, int] = {}
        self._told: dict[str, str] = {}
        self._beat_s = 0.0
        self._options_s = 0.0

    def run(self) -> None:
        # The camera's module is loaded here, in the main thread: some libraries ask for that.
        self._do({"stage": "loading its library"})
        try:
            self._camera = camera = resolve(self._request["entry"])(self._request["rest"])
            self._do({"stage": "opening it"})
            self._opening = True
            threading.Thread(target=self._listen, name="stdin", daemon=True).start()
            camera.open()
            self._opening = False
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits is to know it
            self._fail_to_log(error)
            self._do({"failed": error_to_json(error)})
            if self._camera is not None:
                self._close(self._camera)
            return
        self._infos = list(camera.streams())
        self._beat(camera, "opened", streams=[info.to_json() for info in self._infos])
        try:
            self._wait_go(camera)
            if not self._closing.is_set():
                self._read_on(camera)
        finally:
            self._close(camera)

    # -- the main thread ----------------------------------------------------------------------------------------------

    def _read_on(self, camera: Camera) -> None:
        writer = FrameWriter.from_json(self._request["memory"], self._layout)
        while not self._closing.is_set():
            try:
                frame = camera.read(READ_S)
            except CameraTimeoutError:
                self._beat(camera)
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, whoever reads is to get it
                if self._closing.is_set():
                    return
                self._fail(camera, error)
                continue
            self._give(camera, writer, frame)
            del frame  # a library's buffer is free again before the next read
            if time.monotonic() - self._beat_s > BEAT_S:
                self._beat(camera)

    def _give(self, camera: Camera, writer: FrameWriter, frame: Frame) -> None:
        index = self._index(frame.info)
        stream = next((n for n, info in enumerate(self._infos) if info.name == frame.stream), index)
        try:
            slot = writer.write(stream, frame.pixels)
        except (ValueError, IndexError) as error:
            self._fail(camera, UnsupportedFeatureError(f"the stream {frame.stream} changed: {error}"))
            return
        while slot is None and self._request["lossless"] and not self._closing.wait(0.001):
            slot = writer.write(stream, frame.pixels)
            if time.monotonic() - self._beat_s > BEAT_S:
                self._beat(camera)
        if slot is None:
            self._no_room[frame.stream] = self._no_room.get(frame.stream, 0) + 1
        else:
            self._tell(write_frame(index, slot, frame))

    def _index(self, info: StreamInfo) -> int:
        """Of a description that was told; one that is new (a map to kelvin that changed, say) is told first."""
        for n, known in enumerate(self._infos):
            if known is info:
                return n
        for n, known in enumerate(self._infos):
            if known == info:
                self._infos[n] = info  # found at once the next time
                return n
        self._infos.append(info)
        self._do({"info": info.to_json()})
        return len(self._infos) - 1

    def _fail(self, camera: Camera, error: Exception) -> None:
        """Tell an error in its turn, and read on when whoever reads has got it and asks again."""
        self._fail_to_log(error)
        self._go.clear()
        self._beat(camera)
        self._do({"raised": error_to_json(error)})
        self._wait_go(camera)

    @staticmethod
    def _fail_to_log(error: Exception) -> None:
        """What is no DriverError says too little by its words alone."""
        if not isinstance(error, DriverError):
            traceback.print_exception(error)

    def _wait_go(self, camera: Camera) -> None:
        while not self._go.wait(BEAT_S) and not self._closing.is_set():
            self._beat(camera)

    def _beat(self, camera: Camera, kind: str = "health", **more: Any) -> None:
        self._beat_s = now = time.monotonic()
        health = camera.health()
        told: dict[str, Any] = {
            kind: {
                "state": health.state.value,
                "dropped": health.dropped,
                "dropped_by_us": {
                    name: health.dropped_by_us.get(name, 0) + self._no_room.get(name, 0)
                    for name in {**health.dropped, **health.dropped_by_us, **self._no_room}
                },
                "note": health.note,
                "pause_s": health.pause_s,
            },
            **more,
        }
        if kind == "opened" or now - self._options_s > OPTIONS_S:
            self._options_s = now
            options = dict(camera.options())
            if options != self._told or kind == "opened":
                told["options"] = self._told = options
        self._do(told)

    def _close(self, camera: Camera) -> None:
        self._do({"stage": "closing it"})
        try:
            camera.close()
        except Exception:  # noqa: BLE001 - a vendor's library may raise anything; nothing is left to do with it
            traceback.print_exc()
        self._do({"closed": True})

    # -- what is asked ------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        for line in iter(sys.stdin.buffer.readline, b""):
            asked = json.loads(line)
            what = asked["do"]
            if what == "go":
                self._layout = asked.get("layout") or self._layout
                self._go.set()
            elif what == "close":
                self._closing.set()
                self._go.set()
                if self._opening and self._camera is not None:
                    # What opens it may look whether somebody closes it.
                    threading.Thread(target=self._close_early, name="close", daemon=True).start()
            else:
                self._answer(asked)
        os._exit(1)

    def _close_early(self) -> None:
        try:
            assert self._camera is not None
            self._camera.close()
        except Exception:  # noqa: BLE001 - whatever it is, the main thread closes it again
            traceback.print_exc()

    def _answer(self, asked: Mapping[str, Any]) -> None:
        camera: Any = self._camera
        answer: dict[str, Any] = {"answer": asked["id"]}
        try:
            if not isinstance(camera, Adjustable):
                raise UnsupportedFeatureError(f"{self._request['source']} has nothing that can be set")
            assert isinstance(camera, Camera)
            if asked["do"] == "controls":
                answer["value"] = list(camera.controls())
            else:
                camera.set_control(asked["name"], asked["value"])
                answer["value"] = None
                answer["options"] = dict(camera.options())  # who asks next is to see what was set
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked is to get it
            answer["error"] = error_to_json(error)
        self._do(answer)

    def _do(self, message: Mapping[str, Any]) -> None:
        self._tell(write_json(message))


def _begin(request: Mapping[str, Any]) -> None:
    faulthandler.enable()
    if sys.platform == "linux":
        import ctypes

        # A library that hangs with Python's lock in its hand would keep the thread at stdin from noticing the end.
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != request["parent"]:
            os._exit(1)
    if sys.platform != "win32":
        import resource

        faulthandler.register(signal.SIGUSR1, all_threads=False)  # "where are you?"
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a library that crashes hourly must not fill the disk


def _end_with_stdin() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(1)


def _take_stdout() -> Tell:
    """Keep stdout for the messages and give libraries stderr in its place."""
    own = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    if sys.platform == "win32":  # pragma: no cover - Windows
        import msvcrt

        msvcrt.setmode(own, os.O_BINARY)  # type: ignore[attr-defined,unused-ignore]  # Windows only
    lock = threading.Lock()

    def tell(data: bytes) -> None:
        view = memoryview(data)
        with lock:
            while view:
                view = view[os.write(own, view) :]

    return tell


if __name__ == "__main__":
    main()
