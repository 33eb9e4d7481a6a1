"""Intel and RealSense depth cameras, and their recordings (.db3, .bag) as cameras. See docs/cameras/realsense.md."""

from __future__ import annotations

import importlib.util
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from drivers.camera import Camera, CameraHealth, CameraId, CameraState, Control
from drivers.cameras.realsense_align import SdkAlignment
from drivers.cameras.realsense_clock import DeviceClock
from drivers.cameras.realsense_connection import Connection
from drivers.cameras.realsense_devices import USB_SERIALS, is_plugged_in
from drivers.cameras.realsense_frames import Image, StreamState
from drivers.cameras.realsense_motion import MotionSample
from drivers.cameras.realsense_words import FAMILY, INSTALL, Asked
from drivers.errors import CameraLostError, EndOfStream
from drivers.frame import Frame, StreamInfo
from drivers.streaming_camera import StreamingCamera

log = logging.getLogger(__name__)

_ENTRY: Final = "drivers.cameras.realsense:RealSenseCamera.borrowing"
_LISTED: Final = "drivers.cameras.realsense_devices:listed"
_DISCOVERY_S: Final = 10.0
_FIRST_FRAME_S: Final = 3.0
"""A camera may take so long for its first frame: its projector starts, its exposure settles."""

_PRESET_S: Final = 1.0
_LOOK_EVERY_S: Final = 0.5


class RealSenseCamera(StreamingCamera):
    """``realsense:``, ``realsense:SERIAL`` or ``realsense:/path/to/recording.db3``, with options after a ``?``.

    Args:
        rest: what follows the colon.
        device: gives the SDK's device (a software device, say) each time the camera is opened.
        borrow: pixels lie in the SDK's own buffers: for a reader that is done with a frame before the next one.

    Raises:
        UnsupportedFeatureError: words that make no sense.
    """

    title: ClassVar[str] = "RealSense depth cameras"
    extra: ClassVar[str] = "realsense"
    apt: ClassVar[str] = "libusb-1.0-0"
    note: ClassVar[str] = (
        "UNVERIFIED on real hardware: run with the real SDK, on its software device and on recordings only"
    )
    open_timeout_s: ClassVar[float] = 20.0

    def __init__(self, rest: str, device: Callable[[], Any] | None = None, *, borrow: bool = False) -> None:
        super().__init__(f"{FAMILY}:{rest}")
        self._asked = Asked.parse(rest)
        self._make_device = device
        self._borrow = borrow
        self._connection: Connection | None = None
        self._align: SdkAlignment | None = None
        self._ready: list[Image] = []
        self._infos: dict[str, StreamInfo] = {}
        self._notes: dict[str, str] = {}
        self._counted: dict[str, int] = {}
        self._values: dict[str, str] = {}
        self._waits_for_first = False
        self._last_s = 0.0
        self._looked_s = 0.0
        self._said: list[str] = []

    # -- the family ---------------------------------------------------------------------------------------------------

    @classmethod
    def why_unavailable(cls) -> str:
        """Empty when pyrealsense2 is installed."""
        return "" if importlib.util.find_spec("pyrealsense2") is not None else INSTALL

    @classmethod
    def discover(cls) -> list[CameraId]:
        """What the SDK finds, asked in a process of its own.

        Raises:
            SdkMissingError, CameraTimeoutError, CameraError
        """
        from drivers import isolate

        found = isolate.call(_LISTED, timeout_s=_DISCOVERY_S)
        for one in found:
            if one["serial"] and one["usb_serial"]:
                USB_SERIALS[one["serial"]] = one["usb_serial"]
        return [CameraId(one["source"], one["title"], one["detail"], one["serial"]) for one in found]

    @classmethod
    def from_source(cls, rest: str) -> Camera:
        """The camera in a process of its own, unless the source says ``isolate=off``."""
        camera = cls(rest)
        if not camera._asked.isolate:
            return camera
        from drivers import isolate

        return isolate.isolated(
            _ENTRY, camera.source, rest, lossless=camera._asked.fastest, open_timeout_s=cls.open_timeout_s
        )

    @classmethod
    def borrowing(cls, rest: str) -> RealSenseCamera:
        """For the child process: it copies each frame into shared memory and lets it go, so that is the only copy."""
        return cls(rest, borrow=True)

    @property
    def is_recorded(self) -> bool:
        """Whether it is a recording: silent where that is, and no better when it is opened again."""
        return self._asked.path is not None

    # -- its life -----------------------------------------------------------------------------------------------------

    def _connect(self) -> Sequence[StreamInfo]:
        self._notes, self._counted, self._ready, self._said = {}, {}, [], []
        connection = self._connection = self._new()
        self._infos = dict(connection.streams)
        if self._asked.align:
            self._align = SdkAlignment(connection.rs, self._asked.align, connection.streams)
            self._infos[self._align.moved] = self._align.info
        connection.start()
        self._values = connection.controls.values()
        self._last_s = self._looked_s = time.monotonic()
        self._waits_for_first = not self.is_recorded
        if self._waits_for_first:
            self._announce_pause(_FIRST_FRAME_S, "waiting for the first frame")
        else:
            self._tell()
        return list(self._infos.values())

    def _new(self, clock: DeviceClock | None = None, states: dict[str, StreamState] | None = None) -> Connection:
        device, borrow = self._make_device, self._borrow
        return Connection(self._asked, self._source, device, borrow=borrow, clock=clock, states=states)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        self._ready.clear()
        if self._align is not None:
            self._align.clear()
            self._align = None
        if connection is not None:
            connection.stop()

    def _next(self, timeout_s: float) -> Frame | None:
        if self._ready:
            return self._made(self._ready.pop(0))
        connection = self._connection
        if connection is None:
            raise CameraLostError(f"{self._source} is not open; open it before reading")
        connection.begin()
        try:
            image = connection.take(timeout_s)
        except EndOfStream:
            self._at_end(connection)
            return None
        self._count(connection)
        if image is None:
            self._silent(connection)
            return None
        self._last_s = time.monotonic()
        if self._waits_for_first:
            self._waits_for_first = False
            self._announce_pause(0.0)
            self._tell(anew=True)
        if self._align is not None and image.sdk_frame is not None:
            self._ready = self._align.take(image)
            return self._made(self._ready.pop(0)) if self._ready else None
        return self._made(image)

    def _made(self, image: Image) -> Frame:
        info = self._infos[image.name]
        if image.unit_m is not None and image.unit_m != info.unit_m:
            raise CameraLostError(
                f"{self._source}: the unit of depth changed from {info.unit_m:g} to {image.unit_m:g} m a count; what "
                "was begun with one unit cannot go on with another"
            )
        self._tell()
        assert image.pixels is not None
        return self._frame(
            info, image.pixels, image.number, image.device_ns, image.flags, host_ns=image.host_ns
        )  # fmt: skip

    def _at_end(self, connection: Connection) -> None:
        """A recording's end: again from the start, or the end."""
        lost = connection.lost_of_file()
        for name, n in lost.items():
            self._count_dropped(name, n)
        if lost:
            listed = ", ".join(f"{n} frames of {name}" for name, n in lost.items())
            self._notes["lost"] = f"the SDK left out {listed}: the recording is damaged"
            log.warning("%s: %s", self._source, self._notes["lost"])
            self._tell()
        if not self._asked.loop or not any(s.received for s in connection.states.values()):
            damage = f", but {self._notes['lost']}" if lost else ""
            raise EndOfStream(f"{self._source} is at its end{damage}")
        clock = connection.clock
        clock.go_on(round(1e9 / max((i.fps for i in self._infos.values()), default=30.0)))
        states = dict(connection.states)
        connection.stop()
        self._counted = {}
        again = self._connection = self._new(clock, states)
        if self._align is not None:
            self._align.clear()
            self._align = SdkAlignment(again.rs, self._asked.align, again.streams)
        again.start()

    def _silent(self, connection: Connection) -> None:
        """Nothing came: the SDK does not always say that a camera is gone, so that is found by time, too."""
        now = time.monotonic()
        quiet_s = now - self._last_s
        if self.is_recorded or quiet_s < _LOOK_EVERY_S:
            return
        if now - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = now
            if not connection.is_connected() or self.is_present() is False:
                raise CameraLostError(f"{self._source} was unplugged")
        if quiet_s > self._asked.lost_after_s:
            raise CameraLostError(
                f"{self._source} has given no frame for {quiet_s:.1f} s; it is taken as lost. If opening it again "
                "does not help, unplug it and plug it in again"
            )

    def _count(self, connection: Connection) -> None:
        for name, n in connection.no_room.items():
            self._count_no_room(name, n - self._counted.get(name, 0))
            self._counted[name] = n

    def _tell(self, *, anew: bool = False) -> None:
        """The note for people, when there is news."""
        connection = self._connection
        if connection is None:
            return
        said = [*connection.notes, *self._notes.values(), *connection.time_notes()]
        if said != self._said or anew:
            self._said = said
            self._say("; ".join(said))

    def health(self) -> CameraHealth:
        health = super().health()
        at_end = health.state is CameraState.ENDED and "lost" in self._notes
        return replace(health, note=self._notes["lost"]) if at_end else health

    # -- what else it can do ------------------------------------------------------------------------------------------

    def options(self) -> Mapping[str, str]:
        connection = self._connection
        if connection is None:
            return {}
        out = {**connection.options(), **self._values}
        if self._align is not None:
            out["align"] = f"{self._align.moved} on the grid of {self._align.to}, by the SDK"
            if self._align.unpaired:
                out["align.unpaired"] = str(self._align.unpaired)
        return out

    def motion(self) -> list[MotionSample]:
        """Motion samples that came since the last call (``imu=on``), oldest first; the newest 8192 at most."""
        connection = self._connection
        return [] if connection is None else connection.motion.take()

    def controls(self) -> Sequence[Control]:
        connection = self._connection
        return () if connection is None else connection.controls.controls()

    def set_control(self, name: str, value: str) -> None:
        connection = self._connection
        if connection is None:
            raise CameraLostError(f"{self._source} is not open; open it before setting {name}")
        connection.controls.set(name, value)
        if name == "preset":
            self._announce_pause(_PRESET_S, "a preset is loaded")
            self._said = []
        self._values = connection.controls.values()

    def is_present(self) -> bool | None:
        path = self._asked.path
        if path is not None:
            try:
                return path.is_file()
            except OSError:
                return None
        if self._make_device is not None:
            return None
        return is_plugged_in(self._asked.serial)
