"""GenICam cameras over GigE Vision and USB3 Vision, by Aravis: thermal ones with temperatures, and any other.

``genicam:`` is the first camera found, ``genicam:SERIAL`` one of several, ``genicam:192.168.1.5`` one by its address,
``genicam:Fake_1`` Aravis' own simulation. docs/cameras/genicam.md lists what may follow a question mark.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

from drivers.camera import Camera, CameraId, Control
from drivers.cameras import genicam_aravis
from drivers.cameras import genicam_flir as flir
from drivers.cameras.genicam_device import OpenDevice
from drivers.cameras.genicam_presence import Presence
from drivers.cameras.genicam_setup import Wishes
from drivers.cameras.genicam_stream import FrameNumbers, Image, ImageStream, Incomplete
from drivers.errors import CameraLostError, FrameError
from drivers.frame import Frame, FrameFlag, Pixels, StreamInfo, StreamKind
from drivers.shutter import ShutterState, ShutterWatch
from drivers.streaming_camera import StreamingCamera

DISCOVER_S: Final = 8.0
PAUSE_S: Final = 1.0
"""What is announced with a flat-field correction, and (with the exposure itself) with a change of the exposure."""

REMEMBER_S: Final = 10.0
"""How long the note speaks of images that did not come whole."""


class GenicamCamera(StreamingCamera):
    """One GenICam camera with one stream. See docs/cameras/genicam.md for its options.

    Args:
        rest: what stands after ``genicam:`` in a source.

    Raises:
        UnsupportedFeatureError: an option that does not exist, or a value that it cannot have.
    """

    title = "GenICam cameras over GigE Vision and USB3 Vision (FLIR A-series, and any other)"
    extra = genicam_aravis.EXTRA
    apt = genicam_aravis.APT
    note = (
        "UNVERIFIED on real hardware: tested against Aravis' simulated GigE Vision camera; temperatures against FLIR's "
        "published formulas"
    )
    open_timeout_s = 15.0

    def __init__(self, rest: str) -> None:
        super().__init__(f"genicam:{rest}")
        self._wishes = Wishes.parse(rest)
        self._presence = Presence(self._wishes.target)
        self._device: OpenDevice | None = None
        self._begin()

    @classmethod
    def from_source(cls, rest: str) -> Camera:
        """In a process of its own, since Aravis may wait long for a camera that is gone; here with ``isolate=off``."""
        made = cls(rest)
        if not made._wishes.isolate:
            return made
        from drivers.isolate import isolated

        return isolated("drivers.cameras.genicam:GenicamCamera", f"genicam:{rest}", rest)

    @classmethod
    def discover(cls) -> list[CameraId]:
        """The cameras that are there; none where the library is missing."""
        if cls.why_unavailable():
            return []
        from drivers.isolate import call

        found = call("drivers.cameras.genicam_aravis:find_all", (), DISCOVER_S)
        return [
            CameraId(
                source=f"genicam:{one['serial'] or one['opens']}",
                title=f"{one['vendor']} {one['model']}".strip(),
                detail=str(one["detail"]),
                serial=str(one["serial"]),
            )
            for one in found
        ]

    @classmethod
    def why_unavailable(cls) -> str:
        """What is not installed here and how to get it; empty when all is."""
        return genicam_aravis.missing()

    # -- the life of the camera ---------------------------------------------------------------------------------------

    def _connect(self) -> Sequence[StreamInfo]:
        self._begin()
        self._device = OpenDevice(self._source, self._wishes)
        return [self._device.open(lambda: self._is_closing)]

    def _disconnect(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _begin(self) -> None:
        self._numbers = FrameNumbers()
        self._number: int | None = None
        self._incomplete = 0  # images since the last whole one
        self._underruns = 0
        self._statistics: dict[str, int] = {}
        self._counted_s = 0.0
        self._torn_s = 0.0  # when an image did not come whole
        self._watch = ShutterWatch(0.0)
        self._shutter_until_s = 0.0
        self._is_frozen = False

    # -- frames -------------------------------------------------------------------------------------------------------

    def _next(self, timeout_s: float) -> Frame | None:
        device = self._device
        if device is None or device.stream is None:
            raise CameraLostError(f"{self._source} is not open")
        deadline = time.monotonic() + timeout_s
        while True:
            image = device.stream.take(max(0.0, deadline - time.monotonic()))
            self._count(device.stream)
            if image is None:
                device.silent()
                return None
            device.arrived()
            if isinstance(image, Image):
                return self._frame_of(image, device)
            self._note_incomplete(image, device)
            if time.monotonic() >= deadline:
                return None

    def _frame_of(self, image: Image, device: OpenDevice) -> Frame:
        info, setup = device.info, device.setup
        if info is None or setup is None:
            raise CameraLostError(f"{self._source} is not open")
        number = self._numbers.next(image.frame_id)
        self._count_underruns(number, info)
        if image.format != setup.format.value:
            raise FrameError(
                f"stream {info.name} promises {setup.format.name}, frame {number} has the pixel format "
                f"0x{image.format:08x}"
            )
        pixels = setup.format.pixels(image.data, image.height, image.width, image.line_padding)
        flags = FrameFlag.NONE
        if info.kind is StreamKind.THERMAL:
            flags = self._shutter_flags(pixels, image.device_ns, device.has_shutter)
            pixels = device.thermometer.pixels(pixels)
        return self._frame(info, pixels, number, image.device_ns, flags)

    def _note_incomplete(self, image: Incomplete, device: OpenDevice) -> None:
        self._incomplete += 1
        self._torn_s = time.monotonic()
        if device.info is not None:
            self._count_dropped(device.info.name)
        self._say(f"images do not come whole ({image.why}): see docs/cameras/genicam.md about lost packets")

    def _count_underruns(self, number: int, info: StreamInfo) -> None:
        """What found no buffer was lost here. Aravis counts packets, so the gap in the numbers says how many images."""
        last, self._number = self._number, number
        incomplete, self._incomplete = self._incomplete, 0
        if last is None or number - last <= 1 + incomplete:
            return
        if self._device is not None and self._device.stream is not None:
            self._statistics = self._device.stream.statistics()
        underruns = self._statistics.get("underruns", 0)
        if underruns > self._underruns:
            self._count_no_room(info.name, number - last - 1 - incomplete)
        self._underruns = underruns

    def _count(self, stream: ImageStream) -> None:
        now = time.monotonic()
        if now - self._counted_s >= 1.0:
            self._counted_s = now
            self._statistics = stream.statistics()
            if self._torn_s and now - self._torn_s > REMEMBER_S:
                self._torn_s = 0.0
                self._say("")

    def _shutter_flags(self, counts: Pixels, device_ns: int, has_shutter: bool) -> FrameFlag:
        state = ShutterState.UNKNOWN if has_shutter else ShutterState.OPEN
        if time.monotonic() < self._shutter_until_s:
            state = ShutterState.CLOSED
        flags = self._watch.see(counts, device_ns, state, is_counted=True).flags
        is_frozen = bool(flags & FrameFlag.STALE)
        if is_frozen is not self._is_frozen:
            self._is_frozen = is_frozen
            why = "flat-field correction" if flags & FrameFlag.SHUTTER else "the camera hangs"
            self._say(f"the picture stands still: {why}" if is_frozen else "")
        return flags

    # -- options, controls, presence ----------------------------------------------------------------------------------

    def options(self) -> Mapping[str, str]:
        """What is set, and what Aravis counted (``stream_...``, renewed once a second)."""
        device = self._device
        if device is None:
            return {}
        always = ("completed_buffers", "failures")
        counted = {f"stream_{k}": str(v) for k, v in self._statistics.items() if v or k in always}
        return {**device.options(), **counted}

    def controls(self) -> Sequence[Control]:
        """Exposure and gain, the shutter, the scene of a thermal camera, and the features that the source named."""
        device = self._device
        return device.controls() if device is not None else []

    def set_control(self, name: str, value: str) -> None:
        """Set a control, or any feature of the camera as ``set.FEATURE``."""
        device = self._device
        if device is None:
            raise CameraLostError(f"{self._source} is not open; open it before setting {name}")
        device.set_control(name, value)
        if name in ("ffc", f"set.{flir.NUC_ACTION}"):
            self._shutter_until_s = time.monotonic() + flir.NUC_S
            self._announce_pause(PAUSE_S, "flat-field correction")
        elif name == "exposure_us":
            self._announce_pause(PAUSE_S + float(value) / 1e6, "the exposure changes")

    def is_present(self) -> bool | None:
        """Whether it answers on the network or is plugged in by USB; opens nothing and needs no library."""
        return self._presence.look()
