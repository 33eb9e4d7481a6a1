"""pylibfreenect2 0.1.4 without a Kinect: its names and signatures (see ../api.json), 30 frames a second of each stream.

A device that is used after it was closed, a frame map that is not given back, and a wait for a frame that is not there
(the real one waits for ever) are errors here.
"""

from __future__ import annotations

import time
from enum import IntEnum
from types import SimpleNamespace
from typing import Any

import numpy as np

SERIALS = ["013445434447", "501234567842"]
script = SimpleNamespace(
    serials=list(SERIALS), silent=False, lost=0, ticks=333, maps_out=0, opened=0, closed=0, kinds=[]
)


class FrameType(IntEnum):
    Color = 1
    Ir = 2
    Depth = 4


class LoggerLevel(IntEnum):
    NONE = 0
    Error = 1
    Warning = 2
    Info = 3
    Debug = 4


class Logger:
    def level(self) -> int:
        return LoggerLevel.Warning

    def log(self, level: int, message: str) -> None: ...


def createConsoleLogger(level: int) -> Logger:
    return Logger()


def createConsoleLoggerWithDefaultLevel() -> Logger:
    return Logger()


def getGlobalLogger() -> Logger:
    return Logger()


def setGlobalLogger(logger: Logger | None = None) -> None: ...


class PacketPipeline: ...


class CpuPacketPipeline(PacketPipeline): ...


class OpenCLPacketPipeline(PacketPipeline): ...


class IrCameraParams:
    fx = fy = 366.0
    cx, cy = 258.0, 207.0
    k1, k2, k3, p1, p2 = 0.09, -0.27, 0.1, 0.001, 0.002


class ColorCameraParams:
    """Coefficients that mean a camera of 1060 px at the same place, 52 mm along x, with no turn and no distortion."""

    fx = fy = 1060.0
    cx, cy = 959.5, 539.5
    shift_d, shift_m = 863.0, 52.0
    # wx / (fx q_c) - shift_m / shift_d = mx / (f_depth q_d), and the same for y with fx beside it
    mx_x1y0 = fx * 0.002199 / (IrCameraParams.fx * 0.01)
    mx_x0y0 = fx * 0.002199 * shift_m / shift_d
    my_x0y1 = fy * 0.002199 / (IrCameraParams.fy * 0.01)
    mx_x3y0 = mx_x0y3 = mx_x2y1 = mx_x1y2 = mx_x2y0 = mx_x0y2 = mx_x1y1 = mx_x0y1 = 0.0
    my_x3y0 = my_x0y3 = my_x2y1 = my_x1y2 = my_x2y0 = my_x0y2 = my_x1y1 = my_x1y0 = my_x0y0 = 0.0


class Frame:
    def __init__(
        self,
        width: int | None = None,
        height: int | None = None,
        bytes_per_pixel: int | None = None,
        frame_type: int = -1,
        numpy_array: Any = None,
    ) -> None:
        self.frame_type = frame_type
        self.width, self.height, self.bytes_per_pixel = width, height, bytes_per_pixel
        self.timestamp = self.sequence = 0
        self.exposure = self.gain = self.gamma = 0.0
        self.data = numpy_array

    def asarray(self, dtype: Any = None) -> Any:
        assert self.data is not None, "the frame was given back to the library"
        wanted = np.uint8 if self.frame_type == FrameType.Color else np.float32
        assert dtype in (None, wanted), "the real one would read the memory as another type"
        return self.data


class FrameMap:
    def __init__(self, take_ownership: bool = False) -> None:
        self.frames: dict[int, Frame] = {}

    def __getitem__(self, key: int | str) -> Frame:
        names = {"color": FrameType.Color, "ir": FrameType.Ir, "depth": FrameType.Depth}
        return self.frames[names[key.lower()] if isinstance(key, str) else key]


class FrameListener: ...


class SyncMultiFrameListener(FrameListener):
    def __init__(self, frame_types: int = FrameType.Color | FrameType.Ir | FrameType.Depth) -> None:
        self.frame_types = frame_types
        self.device: Freenect2Device | None = None
        self.due_s = 0.0
        self.sequence = 0

    def hasNewFrame(self) -> bool:
        runs = self.device is not None and self.device.runs
        return runs and not script.silent and bool(script.serials) and self.due_s <= time.monotonic()

    def waitForNewFrame(self, frame_map: FrameMap | None = None) -> FrameMap:
        assert self.hasNewFrame(), "the real one waits here for ever"
        found = FrameMap() if frame_map is None else frame_map
        self.sequence += 1 + script.lost
        script.lost = 0
        self.due_s = max(self.due_s, time.monotonic() - 0.1) + 1 / 30
        found.frames = {int(kind): self._frame(kind) for kind in FrameType if self.frame_types & kind}
        script.maps_out += 1
        return found

    def release(self, frame_map: FrameMap) -> None:
        script.maps_out -= 1
        for frame in frame_map.frames.values():
            frame.data = None

    def _frame(self, kind: FrameType) -> Frame:
        if kind is FrameType.Color:
            data: Any = np.zeros((1080, 1920, 4), np.uint8)
            data[..., 0], data[..., 1], data[..., 2] = 10, 20, np.arange(1920) % 256
        else:
            data = np.tile(np.arange(512, dtype=np.float32), (424, 1)) + (1000.4 if kind is FrameType.Depth else 65_300)
            data[0, 0] = np.nan
            data[0, 1] = np.inf
        frame = Frame(data.shape[1], data.shape[0], 4, int(kind), data)
        frame.sequence, frame.timestamp = self.sequence, 1000 + script.ticks * self.sequence
        return frame


class Freenect2Device:
    def __init__(self) -> None:
        self.serial = b""
        self.runs = False
        self.listeners: list[SyncMultiFrameListener] = []

    def getSerialNumber(self) -> bytes:
        return self.serial

    def getFirmwareVersion(self) -> bytes:
        return b"4.0.3917.0"

    def getColorCameraParams(self) -> ColorCameraParams:
        return ColorCameraParams()

    def getIrCameraParams(self) -> IrCameraParams:
        return IrCameraParams()

    def setColorFrameListener(self, listener: FrameListener) -> None:
        self._listen(listener)

    def setIrAndDepthFrameListener(self, listener: FrameListener) -> None:
        self._listen(listener)

    def start(self) -> None:
        self.startStreams(True, True)

    def startStreams(self, rgb: bool, depth: bool) -> None:
        wanted = {bool(listener.frame_types & FrameType.Color) for listener in self.listeners}
        assert wanted == ({True} if rgb else set()) | ({False} if depth else set())
        self.runs = True
        for listener in self.listeners:
            listener.due_s = time.monotonic()

    def stop(self) -> None:
        self.runs = False

    def close(self) -> None:
        assert not self.runs, "stop comes first"
        script.closed += 1

    def _listen(self, listener: Any) -> None:
        listener.device = self
        self.listeners.append(listener)


class Freenect2:
    def enumerateDevices(self) -> int:
        return len(script.serials)

    def getDeviceSerialNumber(self, idx: int) -> bytes:
        return str(script.serials[idx]).encode()

    def getDefaultDeviceSerialNumber(self) -> bytes:
        return self.getDeviceSerialNumber(0)

    def openDevice(self, name: int | str | bytes, pipeline: PacketPipeline | None = None) -> Freenect2Device:
        assert isinstance(name, bytes), "a std::string takes bytes"
        assert name.decode() in script.serials, "the real one ends the process"
        script.opened += 1
        script.kinds.append(type(pipeline).__name__)
        device = Freenect2Device()
        device.serial = name
        return device

    def openDefaultDevice(self, pipeline: PacketPipeline | None = None) -> Freenect2Device:
        return self.openDevice(self.getDefaultDeviceSerialNumber(), pipeline)
