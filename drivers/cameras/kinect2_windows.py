"""The Kinect v2 through Microsoft's SDK 2.0, by the interfaces that pykinect2 declares.

Each stream has a reader and a Windows event that is set when a frame has arrived. Frames carry the sensor's time in
ticks of 100 ns, one clock for all streams, and no number.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.cameras import kinect2_geometry as geometry
from drivers.cameras.kinect2_pixels import Settings, Taken, millimetres, rgb, whole
from drivers.cameras.kinect2_pykinect2 import load
from drivers.cameras.kinect_time import NumbersByTime
from drivers.errors import CameraError, CameraLostError, CameraNotFoundError, CameraOpenError
from drivers.frame import Intrinsics

log = logging.getLogger(__name__)

_TICK_NS: Final = 100
_AVAILABLE_S: Final = 8.0
_LOOK_S: Final = 0.1
_SILENT_S: Final = 1.0
_SOURCES: Final = {
    "depth": "DepthFrameSource",
    "infrared": "InfraredFrameSource",
    "color": "ColorFrameSource",
    "body_index": "BodyIndexFrameSource",
}
_ID_LETTERS: Final = 256


def find_serials() -> list[str]:
    """Of the one Kinect v2 that the SDK knows; none when it is not plugged in."""
    sdk = load()
    sensor = default_sensor(sdk)
    sensor.Open()
    try:
        return [_unique_id(sensor)] if _wait_available(sensor, 3.0, lambda: False) else []
    finally:
        sensor.Close()


def default_sensor(sdk: Any) -> Any:
    """The SDK's sensor, whether it is plugged in or not.

    Raises:
        CameraOpenError
    """
    sensor = ctypes.POINTER(sdk.IKinectSensor)()
    with _failing_as(sdk, CameraOpenError, "gave no sensor"):
        sdk.DefaultKinectSensor._GetDefaultKinectSensorProto(ctypes.byref(sensor))
    return sensor


class SdkBackend:
    """The sensor and a reader for each stream.

    Args:
        is_closing: whether somebody wants it closed while it opens.
    """

    def __init__(self, settings: Settings, is_closing: Callable[[], bool] = lambda: False) -> None:
        self.facts: dict[str, str] = {"library": "Kinect for Windows SDK 2.0"}
        self._settings = settings
        self._is_closing = is_closing
        self._sdk: Any = None
        self._sensor: Any = None
        self._readers: dict[str, Any] = {}
        self._events: dict[str, int] = {}
        self._numbers: dict[str, NumbersByTime] = {}
        self._bodies: tuple[NDArray[np.uint8], int] | None = None
        self._bgra = np.empty((geometry.COLOR_SIZE[1], geometry.COLOR_SIZE[0], 4), np.uint8)
        self._silent_since_s = 0.0

    def open(self) -> None:
        """Open the sensor, wait until it says that it is there, and subscribe to what was asked for.

        Raises:
            SdkMissingError, CameraNotFoundError, CameraOpenError
        """
        self._sdk = load()
        self._sensor = default_sensor(self._sdk)
        with _failing_as(self._sdk, CameraOpenError, "did not start"):
            self._open(self._sensor)

    def _open(self, sensor: Any) -> None:
        sensor.Open()
        if not _wait_available(sensor, _AVAILABLE_S, self._is_closing):
            raise CameraNotFoundError(
                f"the Kinect SDK sees no Kinect v2 within {_AVAILABLE_S:g} s; it needs its own power supply and USB 3"
            )
        serial = _unique_id(sensor)
        if self._settings.serial and serial and self._settings.serial != serial:
            raise CameraNotFoundError(f"no Kinect v2 has the number {self._settings.serial}; here is {serial}")
        self.facts["serial"] = serial or self._settings.serial
        for name in (*self._settings.streams, *(["body_index"] if self._settings.body_index else [])):
            reader = getattr(sensor, _SOURCES[name]).OpenReader()
            self._readers[name] = reader
            self._events[name] = reader.SubscribeFrameArrived()
            self._numbers[name] = NumbersByTime()
        self._silent_since_s = time.monotonic()

    def depth_intrinsics(self) -> Intrinsics | None:
        return geometry.sdk_depth(self._sensor.CoordinateMapper.GetDepthCameraIntrinsics())

    def color_place(self) -> geometry.ColorPlace | None:
        depth, mapper = self.depth_intrinsics(), self._sensor.CoordinateMapper
        if depth is None:
            return None

        def to_color(x: float, y: float, z: float) -> tuple[float, float]:
            pixel = mapper.MapCameraPointToColorSpace(self._sdk._CameraSpacePoint(x, y, z))
            return pixel.x, pixel.y

        return geometry.sdk_color(depth, to_color)

    def take(self, timeout_s: float) -> Sequence[Taken]:
        """The next frame, waited for by the events of all readers.

        Raises:
            CameraLostError: the SDK says that the sensor is no longer there.
        """
        with _failing_as(self._sdk, CameraLostError, "stopped"):
            return self._take(timeout_s)

    def _take(self, timeout_s: float) -> Sequence[Taken]:
        names = list(self._events)
        handles = (ctypes.c_void_p * len(names))(*(self._events[name] for name in names))
        which = self._sdk._WaitForMultipleObjects(len(names), handles, False, int(timeout_s * 1000))
        now_s = time.monotonic()
        if which >= len(names):  # a time-out, or a failure, which is one more reason to look at the sensor
            if now_s - self._silent_since_s >= _SILENT_S:
                self._silent_since_s = now_s
                if not self._sensor.IsAvailable:
                    raise CameraLostError("the Kinect is gone: the SDK says that it is no longer available")
            return []
        self._silent_since_s = now_s
        name = names[which]
        frame = self._acquire(name)
        if frame is None:
            return []
        device_ns = int(frame.RelativeTime) * _TICK_NS
        if name == "body_index":
            labels: NDArray[np.uint8] = np.empty(geometry.DEPTH_SIZE[::-1], np.uint8)
            frame.CopyFrameDataToArray(labels.size, _pointer(labels, ctypes.c_ubyte))
            self._bodies = np.ascontiguousarray(labels[:, ::-1]), device_ns
            return []
        if name == "color":
            frame.CopyConvertedFrameDataToArray(
                self._bgra.size, _pointer(self._bgra, ctypes.c_ubyte), self._sdk.ColorImageFormat_Bgra
            )
            # In the dark it takes 15 pictures a second in place of 30; then a longer gap is no loss.
            period_ns = int(frame.ColorCameraSettings.FrameInterval) * _TICK_NS
            return [
                Taken(name, rgb(self._bgra, self._settings), self._numbers[name].next(device_ns, period_ns), device_ns)
            ]
        counts: NDArray[np.uint16] = np.empty(geometry.DEPTH_SIZE[::-1], np.uint16)
        frame.CopyFrameDataToArray(counts.size, _pointer(counts, ctypes.c_ushort))
        pixels = millimetres(counts, self._settings) if name == "depth" else whole(counts)
        return [Taken(name, pixels, self._numbers[name].next(device_ns), device_ns)]

    def body_index(self) -> tuple[NDArray[np.uint8], int] | None:
        return self._bodies

    def close(self) -> None:
        sensor, self._sensor = self._sensor, None
        readers, self._readers = self._readers, {}
        events, self._events = self._events, {}
        self._bodies = None
        for name, reader in readers.items():
            if name in events:
                with contextlib.suppress(OSError, self._sdk.COMError):  # gone: there is nothing to unsubscribe from
                    reader.UnsubscribeFrameArrived(events[name])
        readers.clear()  # released before the sensor closes
        if sensor is not None:
            sensor.Close()

    def _acquire(self, name: str) -> Any | None:
        """The frame that the event spoke of; None when the SDK has let go of it meanwhile (its time shows the gap)."""
        try:
            arrived = self._readers[name].GetFrameArrivedEventData(self._events[name])
            return arrived.FrameReference.AcquireFrame()
        except self._sdk.COMError as error:
            log.debug("a %s frame of the Kinect was gone before it was read: %s", name, error)
            return None


@contextlib.contextmanager
def _failing_as(sdk: Any, kind: type[CameraError], what: str) -> Iterator[None]:
    """What Windows and the SDK raise, as our own."""
    try:
        yield
    except (OSError, sdk.COMError) as error:
        raise kind(f"the Kinect SDK {what}: {error}; look whether KinectMonitor, its service, runs") from error


def _pointer(pixels: NDArray[Any], kind: Any) -> Any:
    return pixels.ctypes.data_as(ctypes.POINTER(kind))


def _wait_available(sensor: Any, seconds: float, is_closing: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not sensor.IsAvailable:
        if time.monotonic() >= deadline or is_closing():
            return False
        time.sleep(_LOOK_S)
    return True


def _unique_id(sensor: Any) -> str:
    """The sensor's own name, empty where it does not tell.

    pykinect2 declares the property as if it were one letter; the bare COM method behind it takes a whole buffer.
    """
    get = getattr(sensor, "_IKinectSensor__com__get_UniqueKinectId", None)
    if get is None:
        return ""
    letters = (ctypes.c_ushort * _ID_LETTERS)()
    get(_ID_LETTERS, letters)
    text = "".join(chr(letter) for letter in letters)
    return text.partition("\0")[0].strip()
