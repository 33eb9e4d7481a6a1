"""libfreenect 0.5 (the driver of the first Kinect), called by its C functions.

The Python package ``freenect`` holds the interpreter's lock for up to a minute while it waits for a frame, has one
callback for all devices and cannot tell devices apart by their serial number; the library itself does none of that.
Signatures are those of ``libfreenect.h``.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Callable
from ctypes import POINTER, byref, c_char_p, c_double, c_int, c_int8, c_int16, c_int32, c_long, c_uint32, c_void_p
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.errors import CameraLostError, SdkMissingError

Bytes = NDArray[np.uint8]

NAMES: Final = ("libfreenect.so.0.5", "libfreenect.so.0", "libfreenect.so")

RESOLUTION_MEDIUM, RESOLUTION_HIGH = 1, 2
VIDEO_RGB, VIDEO_IR_8BIT, VIDEO_IR_10BIT = 0, 2, 3
DEPTH_REGISTERED, DEPTH_MM = 4, 5
LEDS: Final = {"off": 0, "green": 1, "red": 2, "yellow": 3, "blink_green": 4, "blink_red_yellow": 6}
FLAG_AUTO_EXPOSURE, FLAG_AUTO_WHITE_BALANCE, FLAG_NEAR_MODE = 1 << 14, 1 << 1, 1 << 18
_MOTOR_AND_CAMERA: Final = 0x01 | 0x02
_LOG_WARNING: Final = 2
_MOST_MESSAGES: Final = 8

FrameCallback = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_uint32)
LogCallback = ctypes.CFUNCTYPE(None, c_void_p, c_int, c_char_p)


class FrameMode(ctypes.Structure):
    """``freenect_frame_mode``; its union of two formats is one 32-bit number."""

    _fields_ = (
        ("reserved", c_uint32),
        ("resolution", c_int),
        ("format", c_int32),
        ("bytes", c_int32),
        ("width", c_int16),
        ("height", c_int16),
        ("data_bits_per_pixel", c_int8),
        ("padding_bits_per_pixel", c_int8),
        ("framerate", c_int8),
        ("is_valid", c_int8),
    )


class RawTiltState(ctypes.Structure):
    """``freenect_raw_tilt_state``."""

    _fields_ = (
        ("accelerometer_x", c_int16),
        ("accelerometer_y", c_int16),
        ("accelerometer_z", c_int16),
        ("tilt_angle", c_int8),
        ("tilt_status", c_int),
    )


class DeviceAttributes(ctypes.Structure):
    """``struct freenect_device_attributes``, a linked list."""


DeviceAttributes._fields_ = (("next", POINTER(DeviceAttributes)), ("camera_serial", c_char_p))


class _Timeval(ctypes.Structure):
    _fields_ = (("tv_sec", c_long), ("tv_usec", c_long))


SIGNATURES: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "freenect_init": (c_int, (POINTER(c_void_p), c_void_p)),
    "freenect_shutdown": (c_int, (c_void_p,)),
    "freenect_set_log_level": (None, (c_void_p, c_int)),
    "freenect_set_log_callback": (None, (c_void_p, LogCallback)),
    "freenect_process_events_timeout": (c_int, (c_void_p, POINTER(_Timeval))),
    "freenect_list_device_attributes": (c_int, (c_void_p, POINTER(POINTER(DeviceAttributes)))),
    "freenect_free_device_attributes": (None, (POINTER(DeviceAttributes),)),
    "freenect_select_subdevices": (None, (c_void_p, c_int)),
    "freenect_open_device": (c_int, (c_void_p, POINTER(c_void_p), c_int)),
    "freenect_open_device_by_camera_serial": (c_int, (c_void_p, POINTER(c_void_p), c_char_p)),
    "freenect_close_device": (c_int, (c_void_p,)),
    "freenect_set_depth_callback": (None, (c_void_p, FrameCallback)),
    "freenect_set_video_callback": (None, (c_void_p, FrameCallback)),
    "freenect_set_depth_buffer": (c_int, (c_void_p, c_void_p)),
    "freenect_set_video_buffer": (c_int, (c_void_p, c_void_p)),
    "freenect_find_depth_mode": (FrameMode, (c_int, c_int)),
    "freenect_find_video_mode": (FrameMode, (c_int, c_int)),
    "freenect_set_depth_mode": (c_int, (c_void_p, FrameMode)),
    "freenect_set_video_mode": (c_int, (c_void_p, FrameMode)),
    "freenect_start_depth": (c_int, (c_void_p,)),
    "freenect_start_video": (c_int, (c_void_p,)),
    "freenect_stop_depth": (c_int, (c_void_p,)),
    "freenect_stop_video": (c_int, (c_void_p,)),
    "freenect_update_tilt_state": (c_int, (c_void_p,)),
    "freenect_get_tilt_state": (POINTER(RawTiltState), (c_void_p,)),
    "freenect_get_tilt_degs": (c_double, (POINTER(RawTiltState),)),
    "freenect_set_tilt_degs": (c_int, (c_void_p, c_double)),
    "freenect_set_led": (c_int, (c_void_p, c_int)),
    "freenect_set_flag": (c_int, (c_void_p, c_int, c_int)),
    "freenect_camera_to_world": (None, (c_void_p, c_int, c_int, c_int, POINTER(c_double), POINTER(c_double))),
}
"""Every function that is called: what it gives, what it takes."""


def find_library() -> str:
    """What to load; empty when libfreenect is not here."""
    names = list(NAMES) if sys.platform.startswith("linux") else []
    names.append(ctypes.util.find_library("freenect") or "")
    return next((name for name in names if name and _loads(name)), "")


@lru_cache(maxsize=4)
def load(name: str) -> Any:
    """The library with its signatures.

    Raises:
        SdkMissingError: there is none, or it lacks a function.
    """
    if not name:
        raise SdkMissingError("libfreenect is not installed: `apt install libfreenect0.5` brings it")
    library = ctypes.CDLL(name)
    for function, (result, arguments) in SIGNATURES.items():
        try:
            bound = getattr(library, function)
        except AttributeError:
            raise SdkMissingError(
                f"{name} has no {function}: it is older than libfreenect 0.5; `apt install libfreenect0.5` brings that"
            ) from None
        bound.restype, bound.argtypes = result, arguments
    return library


@lru_cache(maxsize=8)
def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Tilt:
    """Degrees against the horizon, and whether the motor moves."""

    degrees: float
    moving: bool


class Freenect:
    """A context of libfreenect. It is used by one thread at a time, and shut down by :meth:`close`.

    Args:
        name: of the library, by default the first that loads.

    Raises:
        SdkMissingError, CameraLostError
    """

    def __init__(self, name: str | None = None) -> None:
        self.messages: list[str] = []
        self._library = load(find_library() if name is None else name)
        self._context: c_void_p | None = c_void_p()
        self._log = LogCallback(self._hear)  # kept: the library holds a bare pointer to it
        if self._library.freenect_init(byref(self._context), None) < 0:
            self._context = None
            raise CameraLostError("libfreenect found no USB system to work with (freenect_init failed)")
        self._library.freenect_set_log_level(self._context, _LOG_WARNING)
        self._library.freenect_set_log_callback(self._context, self._log)
        self._library.freenect_select_subdevices(self._context, _MOTOR_AND_CAMERA)

    def serials(self) -> list[str]:
        """Of all Kinects on the bus, in the library's order."""
        first = POINTER(DeviceAttributes)()
        if self._library.freenect_list_device_attributes(self._context, byref(first)) < 0:
            return []
        found, each = [], first
        while each:
            found.append((each.contents.camera_serial or b"").decode("ascii", "replace"))
            each = each.contents.next
        self._library.freenect_free_device_attributes(first)
        return found

    def open(self, serial: str) -> Kinect | None:
        """The device, or None (:attr:`messages` says why)."""
        handle = c_void_p()
        if self._library.freenect_open_device_by_camera_serial(self._context, byref(handle), serial.encode()) < 0:
            return None
        return Kinect(self._library, handle)

    def process(self, timeout_s: float) -> None:
        """Let callbacks come, for at most so long.

        Raises:
            CameraLostError: the library says that the device is gone.
        """
        wait = _Timeval(int(timeout_s), int(timeout_s % 1 * 1e6))
        result = self._library.freenect_process_events_timeout(self._context, byref(wait))
        if result < 0:
            raise CameraLostError(f"the Kinect is gone (libfreenect: {self.last_words or result})")

    @property
    def last_words(self) -> str:
        """What the library complained of, newest last."""
        return "; ".join(self.messages[-_MOST_MESSAGES:])

    def close(self) -> None:
        """Shut the library down; safe to call twice."""
        context, self._context = self._context, None
        if context is not None:
            self._library.freenect_shutdown(context)

    def _hear(self, _context: int, level: int, message: bytes) -> None:
        if level <= _LOG_WARNING:
            self.messages = [*self.messages[-_MOST_MESSAGES:], message.decode("utf-8", "replace").strip()]


class Kinect:
    """One open device."""

    def __init__(self, library: Any, handle: c_void_p) -> None:
        self._library = library
        self._handle = handle
        self._kept: list[Any] = []
        self._buffers: dict[str, Bytes] = {}
        self._running: list[str] = []

    def mode(self, kind: str, resolution: int, pixel_format: int) -> FrameMode:
        """Size, rate and bytes of a mode; ``is_valid`` is 0 when there is none. ``kind``: depth or video."""
        mode: FrameMode = getattr(self._library, f"freenect_find_{kind}_mode")(resolution, pixel_format)
        return mode

    def start(self, kind: str, mode: FrameMode, arrived: Callable[[Bytes, int], None]) -> bool:
        """Start a stream; ``arrived(bytes, ticks)`` is called within :meth:`Freenect.process`.

        The library writes each image into memory of its own here, which is then the caller's: nothing is copied.
        """
        set_buffer = getattr(self._library, f"freenect_set_{kind}_buffer")

        def provide() -> bool:
            self._buffers[kind] = np.empty(mode.bytes, np.uint8)
            return bool(set_buffer(self._handle, self._buffers[kind].ctypes.data) >= 0)

        def call(_device: int, data: int, ticks: int) -> None:
            filled = self._buffers[kind]
            if filled.ctypes.data != data or not provide():  # its own memory after all: it writes there again
                filled = np.frombuffer(ctypes.string_at(data, mode.bytes), np.uint8)
            arrived(filled, ticks)

        callback = FrameCallback(call)
        self._kept.append(callback)
        if not provide() or getattr(self._library, f"freenect_set_{kind}_mode")(self._handle, mode) < 0:
            return False
        getattr(self._library, f"freenect_set_{kind}_callback")(self._handle, callback)
        if getattr(self._library, f"freenect_start_{kind}")(self._handle) < 0:
            return False
        self._running.append(kind)
        return True

    def focal_length_px(self) -> float:
        """Of the depth image at 640x480, from the device's own calibration; 0 when it has none.

        libfreenect's ``freenect_camera_to_world`` is ``x = (column - 320) z / f`` (src/registration.c).
        """
        x, y = c_double(), c_double()
        self._library.freenect_camera_to_world(self._handle, 320 + 100, 240, 1000, byref(x), byref(y))
        return 100 * 1000 / x.value if x.value > 0 else 0.0

    def tilt(self) -> Tilt | None:
        """Asks the device; None when it does not answer (some models' motor cannot be reached)."""
        if self._library.freenect_update_tilt_state(self._handle) < 0:
            return None
        state = self._library.freenect_get_tilt_state(self._handle)
        return Tilt(self._library.freenect_get_tilt_degs(state), state.contents.tilt_status == 4)

    def set_tilt(self, degrees: float) -> bool:
        return bool(self._library.freenect_set_tilt_degs(self._handle, degrees) >= 0)

    def set_led(self, colour: str) -> bool:
        return bool(self._library.freenect_set_led(self._handle, LEDS[colour]) >= 0)

    def set_flag(self, flag: int, on: bool) -> bool:
        return bool(self._library.freenect_set_flag(self._handle, flag, int(on)) >= 0)

    def close(self) -> None:
        for kind in self._running:
            getattr(self._library, f"freenect_stop_{kind}")(self._handle)
        self._running.clear()
        self._library.freenect_close_device(self._handle)
