"""An open GenICam camera: taken over, set up, watched over, adjusted, given back."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from drivers.camera import Control, ControlKind
from drivers.cameras import genicam_aravis, genicam_setup
from drivers.cameras import genicam_flir as flir
from drivers.cameras import genicam_gvcp as gvcp
from drivers.cameras.genicam_cut import ControlLine
from drivers.cameras.genicam_features import Features
from drivers.cameras.genicam_setup import SET, Wishes
from drivers.cameras.genicam_stream import ImageStream
from drivers.errors import CameraLostError, UnsupportedFeatureError
from drivers.frame import StreamInfo, StreamKind

log = logging.getLogger(__name__)

BUSY_S: Final = 2.0
"""How long an open waits for the control of a camera whose last application may have died."""

_ASK_S: Final = 0.05
_BEAT_S: Final = 0.3
_QUIET_S: Final = 0.2
_MOST_MISSED: Final = 3


class OpenDevice:
    """A camera that this program controls, with its stream. :meth:`close` it, also when opening fails.

    Images are for one thread, which calls :meth:`arrived` and :meth:`silent`; controls are for any.

    Args:
        source: for messages.
        wishes: what the source asks for.

    Attributes:
        stream: its images, once open.
        info: what they are.
        has_shutter: it is a thermal camera with a flat-field correction.
    """

    def __init__(self, source: str, wishes: Wishes) -> None:
        self._source = source
        self._wishes = wishes
        self._lock = threading.RLock()
        self._lost = threading.Event()  # set by Aravis
        self._is_gone = False
        self._line = ControlLine()
        self._camera: Any = None
        self._handler = 0
        self._address = ""
        self._features: Features | None = None
        self._options: dict[str, str] = {}
        self._missed = 0
        self._arrived_s = self._asked_s = 0.0
        self.stream: ImageStream | None = None
        self.info: StreamInfo | None = None
        self.setup: genicam_setup.Setup | None = None
        self.thermometer = flir.Thermometer(None, None, "")
        self.has_shutter = False

    def open(self, is_closing: Callable[[], bool]) -> StreamInfo:
        """Take the camera over, set it up, start it.

        Raises:
            SdkMissingError, CameraOpenError, UnsupportedFeatureError, CameraLostError
        """
        aravis = genicam_aravis.load()
        wishes = self._wishes
        with self._lock:
            patience_s = time.monotonic() + BUSY_S
            with self._line:
                camera = self._camera = genicam_aravis.open_camera(aravis, wishes.target)
            device = camera.get_device()
            lost = self._lost  # and not self: Aravis would keep it alive
            self._handler = device.connect("control-lost", lambda *_: lost.set())
            if camera.is_gv_device():
                self._address = device.get_device_address().get_address().to_string()
            genicam_aravis.take_control(camera, wishes.target, patience_s, is_closing)
            with contextlib.suppress(genicam_aravis.glib_error()):  # its last program may have left it running
                camera.stop_acquisition()
            if camera.is_gv_device():
                self._set_heartbeat(device)
            self._features = Features(aravis, camera)
            setup = self.setup = genicam_setup.set_up(camera, self._features, wishes)
            self._measure()
            self.info = StreamInfo(
                setup.kind.value,
                setup.kind,
                setup.width,
                setup.height,
                setup.format.dtype,
                fps=setup.fps,
                unit_m=setup.unit_m,
                kelvin=self.thermometer.kelvin,
                camera=self._source,
            )
            self.stream = ImageStream(aravis, camera, wishes.resend)
            self._read_options()
            try:
                camera.start_acquisition()
            except genicam_aravis.glib_error() as error:
                raise genicam_aravis.as_error(error, f"{self._source} could not be started") from error
        self._arrived_s = self._asked_s = time.monotonic()
        return self.info

    def close(self) -> None:
        """Stop and give back."""
        with self._lock:
            camera, self._camera, self._features = self._camera, None, None
            stream, self.stream = self.stream, None
            if camera is None:
                return
            if self._handler:
                camera.get_device().disconnect(self._handler)
            if not self._is_ours(camera):
                self._line.cut()
            else:
                with contextlib.suppress(genicam_aravis.glib_error()):  # it may be gone this very moment
                    camera.stop_acquisition()
            if stream is not None:
                stream.close()
            del camera  # its last reference: Aravis gives the control back, and ends its thread

    # -- whether it is still there ------------------------------------------------------------------------------------

    def arrived(self) -> None:
        """Something came from the camera; now and then it is told that this program lives.

        Aravis does so once a second, which is too close to the edge of a short heartbeat time-out.

        Raises:
            CameraLostError: it let go of this program.
        """
        now = self._arrived_s = time.monotonic()
        self._missed = 0
        if not self._address or now - self._asked_s < _BEAT_S:
            return
        self._asked_s = now
        try:
            privilege = self._camera.get_device().read_register(gvcp.CONTROL_PRIVILEGE)
        except genicam_aravis.glib_error() as error:
            raise self._gone(f"it does not answer: {error}") from error
        if privilege == 0:
            raise self._gone("it let go of this program since it heard no heartbeat")

    def silent(self) -> None:
        """Nothing comes: whether the camera is still there, and ours. Aravis itself takes six seconds to find out.

        Raises:
            CameraLostError: it is not.
        """
        if self._lost.is_set():
            raise self._gone("it does not answer any more, or was unplugged")
        now = time.monotonic()
        fps = self.info.fps if self.info is not None else 0.0
        if not self._address or now - self._arrived_s < max(_QUIET_S, 3.0 / fps if fps > 0 else 0.0):
            return
        if now - self._asked_s < _ASK_S:
            return
        privilege = gvcp.read_register(self._address, gvcp.CONTROL_PRIVILEGE, _ASK_S)
        self._asked_s = time.monotonic()
        if privilege is None:
            self._missed += 1
            if self._missed >= _MOST_MISSED:
                raise self._gone(f"it does not answer at {self._address}: unplugged, or without power")
            return
        self._missed = 0
        if privilege == 0:
            raise self._gone("it started anew, or let go of this program since it heard no heartbeat")

    def _is_ours(self, camera: Any) -> bool:
        """Whether it listens to what it is told at the end."""
        if self._is_gone or self._lost.is_set():
            return False
        if not camera.is_gv_device():
            return True
        if not camera.get_device().is_controller():
            return False
        return any(gvcp.read_register(self._address, gvcp.CONTROL_PRIVILEGE, _ASK_S) for _ in range(_MOST_MISSED))

    def _gone(self, why: str) -> CameraLostError:
        self._is_gone = True
        return CameraLostError(f"{self._source} is lost: {why}")

    def _set_heartbeat(self, device: Any) -> None:
        try:
            device.write_register(gvcp.HEARTBEAT_MS, self._wishes.heartbeat_ms)
        except genicam_aravis.glib_error() as error:  # then it keeps its own
            log.info("%s keeps its own heartbeat time-out: %s", self._source, error)

    # -- what it is set to --------------------------------------------------------------------------------------------

    def options(self) -> Mapping[str, str]:
        """As they were when the camera was opened, or last set."""
        return dict(self._options)

    def controls(self) -> Sequence[Control]:
        """Exposure and gain, the shutter, the scene of a thermal camera, and the features that the source named."""
        with self._lock:
            features = self._features
            if features is None or self._is_gone:
                return []
            out = []
            for what in ("exposure_us", "gain"):
                if (found := genicam_setup.get_number(self._camera, what)) is not None:
                    out.append(Control(what, ControlKind.NUMBER, f"{found[0]:g}", found[1], found[2]))
            for called, name in self._named().items():
                if (control := features.control(called, name)) is not None:
                    out.append(control)
            return out

    def set_control(self, name: str, value: str) -> None:
        """Set a control, or any feature of the camera as ``set.FEATURE``.

        Raises:
            UnsupportedFeatureError, CameraLostError
        """
        with self._lock:
            features = self._features
            if features is None or self._is_gone:
                raise CameraLostError(f"{self._source} is not open; open it before setting {name}")
            feature = self._named().get(name) or (name.removeprefix(SET) if name.startswith(SET) else "")
            if name in ("exposure_us", "gain"):
                genicam_setup.set_number(self._camera, name, _number(name, value))
            elif feature:
                self._set_feature(features, feature, value)
            else:
                there = ", ".join(one.name for one in self.controls())
                raise UnsupportedFeatureError(
                    f"{self._source} has no control {name!r}; it has {there}, and {SET}FEATURE for any feature"
                )
            self._read_options()

    def _named(self) -> dict[str, str]:
        named = {"ffc": flir.NUC_ACTION, "nuc_mode": flir.NUC_MODE, **flir.PARAMETERS}
        return {**named, **{f"{SET}{name}": name for name in self._wishes.features}}

    def _set_feature(self, features: Features, name: str, value: str) -> None:
        before = features.read(name)
        features.write(name, value)
        try:
            self._measure()
        except UnsupportedFeatureError:
            if before is not None:
                features.write(name, before)
            raise

    def _measure(self) -> None:
        """What the counts mean, as the camera is set now."""
        if self.setup is None or self._features is None or self.setup.kind is not StreamKind.THERMAL:
            return
        given = self.thermometer
        keep = given.kelvin if given.table is not None else None  # pixels of one stream have one map
        found = flir.thermometer(self._features, self.setup.format.depth, keep)
        if self.info is not None and found.kelvin != self.info.kelvin:
            raise UnsupportedFeatureError(
                f"the counts would mean something else ({found.words}): set that in the source and open it again"
            )
        self.thermometer = found
        self.has_shutter = self._features.has(flir.NUC_ACTION) or self._features.has(flir.NUC_MODE)

    def _read_options(self) -> None:
        camera, features, setup = self._camera, self._features, self.setup
        if features is None or setup is None:
            return
        said = {
            "vendor": camera.get_vendor_name() or "",
            "model": camera.get_model_name() or "",
            "serial": _serial(camera),
            "firmware": _first(features, "DeviceFirmwareVersion", "DeviceVersion"),
            "address": self._address,
            "size": f"{setup.width}x{setup.height}",
            "format": setup.format.name,
            "fps": f"{setup.fps:g}" if setup.fps else "",
            "temperatures": self.thermometer.words,
            **{name: features.read(name) or "" for name in self._wishes.features},
        }
        for what in ("exposure_us", "gain"):
            found = genicam_setup.get_number(camera, what)
            said[what] = f"{found[0]:g}" if found is not None else ""
        if camera.is_gv_device():
            said["packet_size"] = str(camera.gv_get_packet_size())
            said["resend"] = "on" if self._wishes.resend else "off"
        self._options = {name: value for name, value in said.items() if value}


def _serial(camera: Any) -> str:
    try:
        return str(camera.get_device_serial_number() or "")
    except genicam_aravis.glib_error():  # it tells none
        return ""


def _first(features: Features, *names: str) -> str:
    return next((text for name in names if features.has(name) and (text := features.read(name))), "")


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise UnsupportedFeatureError(f"{name} takes a number; found {value!r}") from error
