"""Microsoft's Kinect SDK 2.0 as pykinect2 shows it, without Windows and without a Kinect.

Every access goes through the table of pykinect2's interfaces (``pykinect2_api.json``, read from its source): a name
that is not there, or a call with another number of arguments, is an error as it would be on the real thing.
"""

from __future__ import annotations

import ctypes
import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

API = json.loads(Path(__file__).with_name("pykinect2_api.json").read_text())
DEPTH_FOCAL, COLOR_FOCAL, BASELINE_M = 366.0, 1062.0, 0.052
K1, K2, K3 = 0.09, -0.27, 0.1


class COMError(Exception):
    """As in ``_ctypes``: no OSError."""


class Com:
    """A COM pointer: what the interface has, done by ``do``."""

    def __init__(self, interface: str, do: Any) -> None:
        self._interface = interface
        self._do = do

    def __getattr__(self, name: str) -> Any:
        found = API["interfaces"][self._interface].get(name)
        if found is None:
            raise AttributeError(f"pykinect2's {self._interface} has no {name}")
        if found["property"] and not found["in"]:
            return getattr(self._do, name)

        def call(*arguments: Any) -> Any:
            assert len(arguments) == len(found["in"]), f"{self._interface}.{name} takes {found['in']}"
            return getattr(self._do, name)(*arguments)

        return call


class _Camera:
    """What the sensor does: 30 frames a second of each stream while it is there."""

    def __init__(self) -> None:
        self.there = True
        self.slow_start_s = 0.0
        self.opened = self.closed = 0
        self.readers: dict[int, _Reader] = {}
        self.subscribed = 0
        self.gone_frames = 0
        self.color_interval_ticks = 333_333
        self.silent = False
        self.opened_s = 0.0


class _Reader:
    def __init__(self, camera: _Camera, kind: str) -> None:
        self.camera, self.kind = camera, kind
        self.handle = 0
        self.due_s = time.monotonic()
        self.frame = 0
        self.ticks = 5_000_000

    def SubscribeFrameArrived(self) -> int:
        self.camera.subscribed += 1
        self.handle = 4 * (len(self.camera.readers) + 1)
        self.camera.readers[self.handle] = self
        return self.handle

    def UnsubscribeFrameArrived(self, handle: int) -> None:
        assert handle == self.handle
        self.camera.subscribed -= 1
        del self.camera.readers[handle]

    def GetFrameArrivedEventData(self, handle: int) -> Com:
        assert handle == self.handle
        return Com(f"I{self.kind}FrameArrivedEventArgs", self)

    @property
    def FrameReference(self) -> Com:
        return Com(f"I{self.kind}FrameReference", self)

    def AcquireFrame(self) -> Com:
        interval = self.camera.color_interval_ticks if self.kind == "Color" else 333_333
        self.due_s += interval * 1e-7
        self.frame += 1
        self.ticks += interval
        if self.camera.gone_frames:
            self.camera.gone_frames -= 1
            raise COMError(-2147483638, "The data necessary to complete this operation is not yet available.", None)
        return Com(f"I{self.kind}Frame", _Frame(self))


class _Frame:
    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        self.RelativeTime = reader.ticks
        self.ColorCameraSettings = Com(
            "IColorCameraSettings", SimpleNamespace(FrameInterval=reader.camera.color_interval_ticks)
        )

    def CopyFrameDataToArray(self, capacity: int, data: Any) -> None:
        out = np.ctypeslib.as_array(data, (424, 512))
        assert capacity == out.size
        columns = np.arange(512)[None, :]
        if self.reader.kind == "BodyIndex":
            out[:] = np.where(columns < 100, 2, 255)
        else:
            out[:] = columns + (1000 if self.reader.kind == "Depth" else 20_000)

    def CopyConvertedFrameDataToArray(self, capacity: int, data: Any, wanted: int) -> None:
        assert wanted == API["constants"]["ColorImageFormat_Bgra"]
        out = np.ctypeslib.as_array(data, (1080, 1920, 4))
        assert capacity == out.size
        out[..., 0], out[..., 1], out[..., 3] = 10, 20, 255
        out[..., 2] = np.arange(1920) % 256  # red


class _Mapper:
    """A mirrored image: columns grow toward the sensor's left, as the SDK's x does; its y goes up."""

    def __init__(self, sdk: Any) -> None:
        self.sdk = sdk

    def GetDepthCameraIntrinsics(self) -> Any:
        return self.sdk._CameraIntrinsics(DEPTH_FOCAL, DEPTH_FOCAL, 258.0, 207.0, K1, K2, K3)

    def MapCameraPointToColorSpace(self, point: Any) -> Any:
        u = 962.0 + COLOR_FOCAL * (point.x + BASELINE_M) / point.z
        v = 541.0 - COLOR_FOCAL * point.y / point.z
        return self.sdk._ColorSpacePoint(u, v)


class _Sensor:
    def __init__(self, camera: _Camera, sdk: Any) -> None:
        self.camera = camera
        self.CoordinateMapper = Com("ICoordinateMapper", _Mapper(sdk))

    def Open(self) -> None:
        self.camera.opened += 1
        self.camera.opened_s = time.monotonic()

    def Close(self) -> None:
        self.camera.closed += 1
        assert self.camera.subscribed == 0, "readers are let go before the sensor closes"

    @property
    def IsAvailable(self) -> bool:
        return self.camera.there and time.monotonic() - self.camera.opened_s >= self.camera.slow_start_s

    def __getattr__(self, name: str) -> Any:
        if not name.endswith("FrameSource"):
            raise AttributeError(name)
        kind = name.removesuffix("FrameSource")
        source = SimpleNamespace(OpenReader=lambda: Com(f"I{kind}FrameReader", _Reader(self.camera, kind)))
        return Com(f"I{kind}FrameSource", source)


def _structure(name: str) -> type[ctypes.Structure]:
    fields = [(field, ctypes.c_float) for field in API["structures"][name]]
    return type(name, (ctypes.Structure,), {"_fields_": fields})


def make_sdk() -> tuple[Any, Callable[[Any], Com], _Camera]:
    """The module PyKinectV2, its default sensor, and the script of what the camera does."""
    camera = _Camera()

    def wait(count: int, handles: Any, every: bool, milliseconds: int) -> int:
        assert not every
        until = time.monotonic() + milliseconds / 1000
        while True:
            for which in range(count):
                reader = camera.readers[handles[which]]
                if camera.there and not camera.silent and reader.due_s <= time.monotonic():
                    return which
            if time.monotonic() >= until:
                return 0x102  # WAIT_TIMEOUT
            time.sleep(0.001)

    sdk = SimpleNamespace(
        COMError=COMError,
        _WaitForMultipleObjects=wait,
        **API["constants"],
        **{name: _structure(name) for name in API["structures"]},
    )

    def sensor(_sdk: Any) -> Com:
        made = Com("IKinectSensor", _Sensor(camera, sdk))
        # pykinect2's interface has, beside its methods, the bare COM one behind each; this is the only one used.
        made.__dict__["_IKinectSensor__com__get_UniqueKinectId"] = _unique_id
        return made

    return sdk, sensor, camera


def _unique_id(size: int, letters: Any) -> int:
    for n, letter in enumerate("013445434447"):
        letters[n] = ord(letter)
    assert size == len(letters)
    return 0
