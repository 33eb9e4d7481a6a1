"""The Kinect v2 through libfreenect2 and its Python binding pylibfreenect2 0.1.4."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
import time
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.cameras import kinect2_geometry as geometry
from drivers.cameras.kinect2_pixels import Settings, Taken, millimetres, rgb, whole
from drivers.cameras.kinect_time import TickClock
from drivers.cameras.kinect_usb import check_permission, usb_devices
from drivers.errors import CameraNotFoundError, SdkMissingError, UnsupportedFeatureError
from drivers.frame import Intrinsics

PRODUCTS: Final = ("02c4", "02d8", "02d9")
HOW: Final = (
    "libfreenect2 is in no Debian package: docs/cameras/kinect.md says how it and its binding pylibfreenect2 are built"
)
_TICKS_NS: Final = (1e5, 1.25e5)  # libfreenect2 says "roughly or exactly 0.1 ms"; some firmware counts in 0.125 ms
_LOOK_S: Final = 0.002
_CLASSES: Final = {
    "cpu": "CpuPacketPipeline",
    "opengl": "OpenGLPacketPipeline",
    "opencl": "OpenCLPacketPipeline",
    "cuda": "CudaPacketPipeline",
}


def why_unavailable() -> str:
    """ "" when the binding is here."""
    return "" if importlib.util.find_spec("pylibfreenect2") else f"pylibfreenect2 is not installed; {HOW}"


def find_serials() -> list[str]:
    """Of all Kinects v2 that libfreenect2 sees."""
    finder = _import().Freenect2()
    return [_text(finder.getDeviceSerialNumber(n)) for n in range(finder.enumerateDevices())]


class FreenectBackend:
    """One open camera. Depth and infrared come together, colour on its own: each may fail or slow down alone."""

    def __init__(self, settings: Settings) -> None:
        self.facts: dict[str, str] = {"library": "libfreenect2"}
        self._settings = settings
        self._finder: Any = None
        self._device: Any = None
        self._listeners: list[tuple[Any, tuple[str, ...]]] = []
        self._clocks: dict[str, TickClock] = {}

    def open(self) -> None:
        """Start the streams.

        Raises:
            SdkMissingError, CameraNotFoundError, CameraPermissionError, UnsupportedFeatureError
        """
        kinect = _import()
        # The binding wraps a device that did not open as if it had, and the next call on it ends the process: what can
        # be known beforehand is asked beforehand.
        check_permission(usb_devices(PRODUCTS) or [], "Kinect v2")
        kinect.setGlobalLogger(kinect.createConsoleLogger(kinect.LoggerLevel.Warning))
        self._finder = kinect.Freenect2()
        serials = [_text(self._finder.getDeviceSerialNumber(n)) for n in range(self._finder.enumerateDevices())]
        serial = _choose(self._settings.serial, serials)
        pipeline = _pipeline(kinect, self._settings.pipeline)
        self._device = self._finder.openDevice(serial.encode(), *([] if pipeline is None else [pipeline]))
        self.facts |= {"serial": serial, "firmware": _text(self._device.getFirmwareVersion())}
        color = "color" in self._settings.streams
        near = tuple(name for name in ("depth", "infrared") if name in self._settings.streams)
        types_of = kinect.FrameType
        if color:
            listener = kinect.SyncMultiFrameListener(int(types_of.Color))
            self._device.setColorFrameListener(listener)
            self._listeners.append((listener, ("color",)))
        if near:
            wanted = [types_of.Depth if name == "depth" else types_of.Ir for name in near]
            listener = kinect.SyncMultiFrameListener(int(sum(wanted)))
            self._device.setIrAndDepthFrameListener(listener)
            self._listeners.append((listener, near))
        self._clocks = {name: TickClock(*_TICKS_NS) for name in self._settings.streams}
        self._device.startStreams(color, bool(near))

    def depth_intrinsics(self) -> Intrinsics | None:
        params = self._device.getIrCameraParams()
        return geometry.freenect2_depth(params) if params.fx > 0 else None

    def color_place(self) -> geometry.ColorPlace | None:
        depth, color = self._device.getIrCameraParams(), self._device.getColorCameraParams()
        return geometry.freenect2_color(depth, color) if depth.fx > 0 and color.fx > 0 else None

    def take(self, timeout_s: float) -> Sequence[Taken]:
        """What came: ``waitForNewFrame`` has no time-out, so it is called only where a frame is already there."""
        deadline = time.monotonic() + timeout_s
        while True:
            taken: list[Taken] = []
            for listener, names in self._listeners:
                if listener.hasNewFrame():
                    taken += self._take(listener, names)
            if taken or time.monotonic() >= deadline:
                return taken
            time.sleep(_LOOK_S)

    def body_index(self) -> tuple[NDArray[np.uint8], int] | None:
        return None

    def close(self) -> None:
        device, self._device = self._device, None
        try:
            if device is not None:
                device.stop()
                device.close()
        finally:
            # In this order: the device calls its listeners until it is closed, and belongs to the finder.
            self._listeners.clear()
            self._finder = None

    def _take(self, listener: Any, names: Sequence[str]) -> list[Taken]:
        frames = listener.waitForNewFrame()
        try:
            taken = []
            for name in names:
                frame = frames["ir" if name == "infrared" else name]
                at_ns = self._clocks[name].ns(frame.timestamp)
                taken.append(Taken(name, self._pixels(name, frame), int(frame.sequence), at_ns))
            return taken
        finally:
            listener.release(frames)  # the pixels were copied: these go back to the library

    def _pixels(self, name: str, frame: Any) -> NDArray[Any]:
        if name == "color":
            return rgb(frame.asarray(np.uint8), self._settings)
        image = frame.asarray(np.float32)
        return millimetres(image, self._settings) if name == "depth" else whole(image)


def _choose(wanted: str, serials: Sequence[str]) -> str:
    if not serials:
        raise CameraNotFoundError(
            "no Kinect v2 is plugged in; it needs its own power supply and a USB 3 port (libfreenect2 works with few "
            "USB 3 controllers: Intel and NEC do)"
        )
    if wanted and wanted not in serials:
        raise CameraNotFoundError(f"no Kinect v2 has the number {wanted}; here are {', '.join(serials)}")
    return wanted or serials[0]


def _pipeline(kinect: Any, name: str) -> Any | None:
    if name == "auto":
        return None
    found = getattr(kinect, _CLASSES[name], None)
    if found is None:
        there = [word for word, kind in _CLASSES.items() if hasattr(kinect, kind)]
        raise UnsupportedFeatureError(
            f"this pylibfreenect2 was built without pipeline={name}; it has auto, {', '.join(there)}"
        )
    return found()


def _import() -> Any:
    if reason := why_unavailable():
        raise SdkMissingError(reason)
    with _package_resources():
        try:
            import pylibfreenect2
        except ImportError as error:
            raise SdkMissingError(f"pylibfreenect2 is installed but does not load ({error}); {HOW}") from error
    return pylibfreenect2


@contextmanager
def _package_resources() -> Iterator[None]:
    """pylibfreenect2 asks ``pkg_resources`` for its own version, which setuptools no longer brings since 81."""
    if "pkg_resources" in sys.modules or importlib.util.find_spec("pkg_resources") is not None:
        yield
        return
    stand_in: Any = types.ModuleType("pkg_resources")
    stand_in.get_distribution = importlib.metadata.distribution
    sys.modules["pkg_resources"] = stand_in
    try:
        yield
    finally:
        del sys.modules["pkg_resources"]


def _text(words: Any) -> str:
    return words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
