"""The second Kinect (Xbox One, Kinect for Windows v2): depth, infrared and colour.

On Windows through Microsoft's SDK and pykinect2, elsewhere through libfreenect2 and pylibfreenect2.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.camera import Camera, CameraId
from drivers.cameras import kinect2_linux
from drivers.cameras.kinect2_pixels import Backend, Settings, Taken, parse, stream_infos
from drivers.cameras.kinect_usb import usb_devices
from drivers.errors import CameraLostError
from drivers.frame import Frame, StreamInfo
from drivers.streaming_camera import StreamingCamera

_WINDOWS: Final = sys.platform == "win32"
_SILENT_S: Final = 1.0


class Kinect2Camera(StreamingCamera):
    """``kinect2:``, ``kinect2:013445434447?streams=depth,infrared&pipeline=cpu&max_m=4``.

    Sizes are fixed: 512x424 for depth and infrared, 1920x1080 (or ``color_size=960x540``) for colour.
    """

    title = "Kinect v2"
    extra = "kinect" if _WINDOWS else ""
    apt = ""
    note = "UNVERIFIED on real hardware: tested against fakes that have the libraries' names and signatures"
    open_timeout_s = 20.0
    """The sensor takes some seconds to say that it is there."""

    def __init__(self, rest: str) -> None:
        self._settings = parse(rest)
        super().__init__(f"kinect2:{rest}")
        self._backend: Backend | None = None
        self._waiting: deque[Taken] = deque()
        self._infos: dict[str, StreamInfo] = {}
        self._silent_s = 0.0
        self._fit = ""

    @classmethod
    def from_source(cls, rest: str) -> Camera:
        made = cls(rest)
        if made._settings.isolated:
            from drivers.isolate import isolated

            return isolated("drivers.cameras.kinect2:Kinect2Camera", made.source, rest)
        return made

    @classmethod
    def why_unavailable(cls) -> str:
        if _WINDOWS:
            from drivers.cameras import kinect2_pykinect2

            return kinect2_pykinect2.why_unavailable()
        return kinect2_linux.why_unavailable()

    @classmethod
    def discover(cls) -> list[CameraId]:
        if usb_devices(kinect2_linux.PRODUCTS) == []:
            return []  # the system's list says that there is none: no library needs to be woken
        from drivers.isolate import call

        module = "kinect2_windows" if _WINDOWS else "kinect2_linux"
        serials = call(f"drivers.cameras.{module}:find_serials", timeout_s=10.0)
        return [CameraId(f"kinect2:{serial}", cls.title, "depth, infrared, colour", serial) for serial in serials]

    def is_present(self) -> bool | None:
        devices = usb_devices(kinect2_linux.PRODUCTS)
        if devices is None:
            return None
        wanted = self._settings.serial
        return any(not wanted or device.serial in (wanted, "") for device in devices)

    def body_index(self) -> tuple[NDArray[np.uint8], int] | None:
        """The newest map of who is where, and when it was taken (device time in ns).

        uint8 (424, 512) on the grid of the depth image: 0 to 5 is a person, 255 is none. It is no stream, since it is
        no image of a sensor. Only the Windows SDK makes it, with ``body_index=on&isolate=off``; None otherwise.
        """
        backend = self._backend
        return None if backend is None else backend.body_index()

    # -- the life of the camera ---------------------------------------------------------------------------------------

    def _connect(self) -> Sequence[StreamInfo]:
        self._waiting.clear()
        self._silent_s = 0.0
        self._backend = self._make(self._settings)
        self._backend.open()
        place = self._backend.color_place() if "color" in self._settings.streams else None
        self._fit = "" if place is None else f"{place.rms_px:.2f}"
        infos = stream_infos(self._settings, self.source, self._backend.depth_intrinsics(), place)
        self._infos = {info.name: info for info in infos}
        return infos

    def _make(self, settings: Settings) -> Backend:
        if _WINDOWS:
            from drivers.cameras.kinect2_windows import SdkBackend

            return SdkBackend(settings, lambda: self._is_closing)
        return kinect2_linux.FreenectBackend(settings)

    def _next(self, timeout_s: float) -> Frame | None:
        assert self._backend is not None
        if not self._waiting:
            self._waiting.extend(self._backend.take(timeout_s))
        if not self._waiting:
            self._silent_s += timeout_s
            if self._silent_s >= _SILENT_S:
                self._silent_s = 0.0
                if self.is_present() is False:
                    raise CameraLostError(f"{self.source} is gone: it is no longer on the USB bus")
            return None
        self._silent_s = 0.0
        taken = self._waiting.popleft()
        return self._frame(self._infos[taken.stream], taken.pixels, taken.number, taken.device_ns)

    def _disconnect(self) -> None:
        backend, self._backend = self._backend, None
        self._waiting.clear()
        if backend is not None:
            backend.close()

    def options(self) -> Mapping[str, str]:
        settings, backend = self._settings, self._backend
        said = {
            "model": self.title,
            "serial": settings.serial,
            "streams": ",".join(settings.streams),
            "pipeline": settings.pipeline,
            "min_m": f"{settings.min_mm / 1000:g}",
            "max_m": f"{settings.max_mm / 1000:g}",
        }
        if self._fit:
            said["color_fit_rms_px"] = self._fit
        return said if backend is None else said | backend.facts
