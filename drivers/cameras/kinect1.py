"""The first Kinect (Xbox 360, Kinect for Windows v1) through libfreenect: depth, and colour or infrared."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

from drivers.camera import Camera, CameraId, Control, ControlKind
from drivers.cameras import kinect1_library as library
from drivers.cameras.kinect_time import NumbersByTime, TickClock
from drivers.cameras.kinect_usb import check_permission, usb_devices
from drivers.errors import (
    CameraBusyError,
    CameraLostError,
    CameraNotFoundError,
    CameraOpenError,
    CameraPermissionError,
    UnsupportedFeatureError,
)
from drivers.frame import Frame, Intrinsics, Pixels, StreamInfo, StreamKind
from drivers.source_words import SourceWords
from drivers.streaming_camera import StreamingCamera

PRODUCTS: Final = ("02ae", "02bf")
"""The cameras' USB ids (045e:): Xbox 360, Kinect for Windows. Motor and microphones have others."""

TICK_NS: Final = 1e9 / 60e6
_STREAMS: Final = ("depth", "color", "infrared")
_TILT_DEGREES: Final = 30
_WAITING: Final = 8
_SILENT_S: Final = 1.0
_FLAGS: Final = {
    "auto_exposure": library.FLAG_AUTO_EXPOSURE,
    "auto_white_balance": library.FLAG_AUTO_WHITE_BALANCE,
    "near_mode": library.FLAG_NEAR_MODE,
}


class Kinect1Camera(StreamingCamera):
    """``kinect1:``, ``kinect1:A00361A12345678A?streams=depth,infrared&registered=off``.

    Depth is millimetres by the device's own calibration. Colour and infrared share one sensor interface: one of them.
    """

    title = "Kinect v1"
    extra = ""
    apt = "libfreenect0.5"
    note = (
        "UNVERIFIED on real hardware: tested against libfreenect without a device, and against a fake of its functions"
    )

    def __init__(self, rest: str) -> None:
        known = ("streams", "registered", "size", "infrared_bits", "tilt", "led", "isolate", *_FLAGS)
        words = SourceWords.parse("kinect1", rest, known)
        super().__init__(f"kinect1:{rest}")
        self._isolate = words.switch("isolate", True)
        self._serial = words.target
        self._wanted = _streams(words)
        self._registered = words.switch("registered", False)
        self._high = words.choice("size", ("640x480", "1280x1024"), "640x480") == "1280x1024"
        self._infrared_bits = int(words.choice("infrared_bits", ("8", "10"), "10"))
        self._tilt_deg = words.number("tilt", 0, -_TILT_DEGREES, _TILT_DEGREES) if "tilt" in words else None
        self._led = words.choice("led", tuple(library.LEDS), "green")
        self._flags = {name: words.switch(name, False) for name in _FLAGS if name in words}
        if self._registered and "color" not in self._wanted:
            raise words.wrong("registered", "off where streams has no color: depth is registered to the colour image")
        if self._registered and self._high:
            raise words.wrong("size", "640x480 where registered is on: only that image has registered depth")
        self._freenect: library.Freenect | None = None
        self._kinect: library.Kinect | None = None
        self._arrived: deque[tuple[StreamInfo, Pixels, int]] = deque()
        self._clocks: dict[str, TickClock] = {}
        self._numbers: dict[str, NumbersByTime] = {}
        self._silent_s = 0.0
        self._opened_serial = ""

    @classmethod
    def from_source(cls, rest: str) -> Camera:
        made = cls(rest)
        if made._isolate:
            from drivers.isolate import isolated

            return isolated("drivers.cameras.kinect1:Kinect1Camera", made.source, rest)
        return made

    @classmethod
    def why_unavailable(cls) -> str:
        if library.find_library():
            return ""
        return "libfreenect is not installed: `apt install libfreenect0.5` brings it"

    @classmethod
    def discover(cls) -> list[CameraId]:
        if usb_devices(PRODUCTS) == []:
            return []  # the system's list says that there is none: no library needs to be woken
        from drivers.isolate import call

        serials = call("drivers.cameras.kinect1:find_serials")
        return [CameraId(f"kinect1:{serial}", cls.title, "depth, colour or infrared", serial) for serial in serials]

    def is_present(self) -> bool | None:
        devices = usb_devices(PRODUCTS)
        if devices is None:
            return None
        # Kinect for Windows hides its serial number (it reads as zeros); then any of the kind counts.
        known = {device.serial for device in devices if device.serial.strip("0")}
        return bool(devices) and (not self._serial or self._serial in known or len(known) < len(devices))

    # -- the life of the camera ---------------------------------------------------------------------------------------

    def _connect(self) -> Sequence[StreamInfo]:
        check_permission(usb_devices(PRODUCTS) or [], self.title)
        self._arrived.clear()
        self._clocks.clear()
        self._numbers.clear()
        self._silent_s = 0.0
        self._freenect = library.Freenect()
        serial = self._choose(self._freenect.serials())
        self._kinect = self._freenect.open(serial)
        if self._kinect is None:
            raise _open_error(serial, self._freenect.last_words)
        self._opened_serial = serial
        for name, on in self._flags.items():
            if not self._kinect.set_flag(_FLAGS[name], on):
                raise UnsupportedFeatureError(f"this Kinect cannot set {name}: {self._freenect.last_words}")
        infos = [self._start(self._kinect, name) for name in self._wanted]
        self._kinect.set_led(self._led)  # some models have no reachable LED; that is no failure
        if self._tilt_deg is not None:
            self._set("tilt_deg", f"{self._tilt_deg:g}")
        return infos

    def _next(self, timeout_s: float) -> Frame | None:
        assert self._freenect is not None
        if not self._arrived:
            self._freenect.process(timeout_s)
        if not self._arrived:
            self._check_silence(timeout_s)
            return None
        self._silent_s = 0.0
        info, pixels, ticks = self._arrived.popleft()
        device_ns = self._clocks[info.name].ns(ticks)
        return self._frame(info, pixels, self._numbers[info.name].next(device_ns), device_ns)

    def _disconnect(self) -> None:
        kinect, self._kinect = self._kinect, None
        freenect, self._freenect = self._freenect, None
        try:
            if kinect is not None:
                kinect.close()
        finally:
            if freenect is not None:
                freenect.close()
            self._arrived.clear()

    def options(self) -> Mapping[str, str]:
        said = {
            "model": self.title,
            "serial": self._opened_serial or self._serial,
            "streams": ",".join(self._wanted),
            "registered": "on" if self._registered else "off",
            "led": self._led,
            **{name: "on" if on else "off" for name, on in self._flags.items()},
        }
        if wraps := sum(clock.wraps for clock in self._clocks.values()):
            said["clock_wraps"] = str(wraps)
        return said

    # -- settings -----------------------------------------------------------------------------------------------------

    def controls(self) -> Sequence[Control]:
        with self._using:
            if self._kinect is None:
                return ()
            tilt = self._kinect.tilt()
        degrees = None if tilt is None else f"{tilt.degrees:g}"
        return (
            Control("tilt_deg", ControlKind.NUMBER, degrees, -_TILT_DEGREES, _TILT_DEGREES, 1, read_only=tilt is None),
            Control("led", ControlKind.CHOICE, self._led, choices=tuple(library.LEDS)),
            *(
                Control(name, ControlKind.SWITCH, {True: "on", False: "off"}.get(self._flags[name]))
                if name in self._flags
                else Control(name, ControlKind.SWITCH, None)
                for name in _FLAGS
            ),
        )

    def set_control(self, name: str, value: str) -> None:
        with self._using:
            self._set(name, value)

    def _set(self, name: str, value: str) -> None:
        words = SourceWords.parse("kinect1", f"{self._serial}?{name}={value}", ("tilt_deg", "led", *_FLAGS))
        if self._kinect is None:
            raise CameraLostError(f"{self.source} is not open; open it before setting {name}")
        if name == "tilt_deg":
            done = self._kinect.set_tilt(words.number(name, 0, -_TILT_DEGREES, _TILT_DEGREES))
        elif name == "led":
            done = self._kinect.set_led(words.choice(name, tuple(library.LEDS), "green"))
            self._led = value if done else self._led
        else:
            on = words.switch(name, False)
            done = self._kinect.set_flag(_FLAGS[name], on)
            self._flags.update({name: on} if done else {})
        if not done:
            said = self._freenect.last_words if self._freenect else ""
            raise UnsupportedFeatureError(f"{self.source}: this Kinect refused {name}={value} ({said or 'no reason'})")

    # -- within -------------------------------------------------------------------------------------------------------

    def _choose(self, serials: list[str]) -> str:
        if not serials:
            raise CameraNotFoundError("no Kinect v1 is plugged in; it needs its own power supply beside the USB plug")
        if self._serial and self._serial not in serials:
            raise CameraNotFoundError(f"no Kinect v1 has the number {self._serial}; here are {', '.join(serials)}")
        return self._serial or serials[0]

    def _start(self, kinect: library.Kinect, name: str) -> StreamInfo:
        kind, high = ("depth", False) if name == "depth" else ("video", self._high)
        pixel_format = {
            "depth": library.DEPTH_REGISTERED if self._registered else library.DEPTH_MM,
            "color": library.VIDEO_RGB,
            "infrared": library.VIDEO_IR_8BIT if self._infrared_bits == 8 else library.VIDEO_IR_10BIT,
        }[name]
        resolution = library.RESOLUTION_HIGH if high else library.RESOLUTION_MEDIUM
        mode = kinect.mode(kind, resolution, pixel_format)
        if not mode.is_valid:
            raise UnsupportedFeatureError(f"this libfreenect has no such mode for {name}; try size=640x480")
        info = self._info(name, mode, kinect.focal_length_px() if name == "depth" else 0.0)
        self._clocks[name] = TickClock(TICK_NS)
        self._numbers[name] = NumbersByTime(1e9 / mode.framerate)

        def arrived(image: library.Bytes, ticks: int) -> None:
            if len(self._arrived) >= _WAITING:
                self._count_no_room(name)
                return
            self._arrived.append((info, image.view(info.dtype).reshape(info.shape), ticks))

        if not kinect.start(kind, mode, arrived):
            said = self._freenect.last_words if self._freenect else ""
            raise CameraOpenError(f"the Kinect's {name} stream did not start ({said or 'no reason given'})")
        return info

    def _info(self, name: str, mode: library.FrameMode, focal_px: float) -> StreamInfo:
        kind = {"depth": StreamKind.DEPTH, "color": StreamKind.COLOR, "infrared": StreamKind.INFRARED}[name]
        intrinsics = None
        if name == "depth" and focal_px > 0 and not self._registered:
            intrinsics = Intrinsics(mode.width, mode.height, focal_px, focal_px, 320.0, 240.0)
        return StreamInfo(
            name,
            kind,
            mode.width,
            mode.height,
            "uint8" if name == "color" or (name == "infrared" and self._infrared_bits == 8) else "uint16",
            float(mode.framerate),
            unit_m=0.001 if name == "depth" else None,
            intrinsics=intrinsics,
            registered_to="color" if name == "depth" and self._registered else None,
            camera=self.source,
            clock=f"kinect1/{name}",  # two sensors; nobody says that they count from the same start
        )

    def _check_silence(self, waited_s: float) -> None:
        self._silent_s += waited_s
        if self._silent_s >= _SILENT_S:
            self._silent_s = 0.0
            if self.is_present() is False:
                raise CameraLostError(f"{self.source} is gone: it is no longer on the USB bus")


def find_serials() -> list[str]:
    """Of all Kinects v1 on the bus."""
    freenect = library.Freenect()
    try:
        return freenect.serials()
    finally:
        freenect.close()


def _streams(words: SourceWords) -> tuple[str, ...]:
    given = words.text("streams", "depth,color").split(",")
    if not set(given) <= set(_STREAMS) or len(set(given)) != len(given):
        raise words.wrong("streams", f"some of {', '.join(_STREAMS)}, with commas between them")
    if {"color", "infrared"} <= set(given):
        raise words.wrong("streams", "color or infrared, not both: they share one sensor interface")
    return tuple(name for name in _STREAMS if name in given)


def _open_error(serial: str, said: str) -> Exception:
    kinds: dict[str, Any] = {
        ": -3": CameraPermissionError,
        "_ACCESS": CameraPermissionError,
        ": -6": CameraBusyError,
        "_BUSY": CameraBusyError,
        ": -4": CameraNotFoundError,
    }
    kind = next((error for sign, error in kinds.items() if sign in said), CameraOpenError)
    what = {
        CameraPermissionError: "this user may not open it: `apt install libfreenect0.5` brings its udev rule",
        CameraBusyError: "another program has it: close that one (or `modprobe -r gspca_kinect`)",
        CameraNotFoundError: "it went while it was opened",
    }.get(kind, "it is there but does not open: unplug and plug it, and look whether its power supply is in")
    error: Exception = kind(f"Kinect v1 {serial}: {what} (libfreenect: {said or 'nothing'})")
    return error
