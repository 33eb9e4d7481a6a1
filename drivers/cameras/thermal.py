"""Thermal cameras that are video devices of Linux: FLIR Lepton on PureThermal, FLIR Boson, and others with Y16.

What their pixels mean is said in the stream: a map to kelvin, or none. What the shutter does is said in the frames.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

from drivers.camera import Camera, CameraId, Control
from drivers.cameras import lepton_commands, v4l2, v4l2_find, v4l2_nodes
from drivers.cameras.lepton import LeptonTelemetry
from drivers.cameras.lepton_commands import LeptonCommands
from drivers.cameras.thermal_meaning import WORDS, Meaning, Said, ThermalWords
from drivers.cameras.thermal_picture import Layout, OwnCount, Rising, Telemetry, counts_of, pick_mode
from drivers.cameras.v4l2 import Buffer, V4l2Device
from drivers.cameras.v4l2_controls import DeviceControls
from drivers.cameras.v4l2_formats import Mode, code_of_word, fitting, listed
from drivers.cameras.v4l2_nodes import Node
from drivers.errors import CameraLostError, UnsupportedFeatureError
from drivers.frame import Frame, FrameFlag, Pixels, StreamInfo, StreamKind
from drivers.radiometry import Air
from drivers.shutter import ShutterState, ShutterWatch
from drivers.source_words import SourceWords
from drivers.streaming_camera import StreamingCamera

BOSON_USB_ID: Final = "09cb:4007"
_KNOWN: Final = {lepton_commands.USB_ID: "FLIR Lepton on PureThermal", BOSON_USB_ID: "FLIR Boson"}
_NAMED: Final = ("flir", "boson", "lepton", "purethermal", "thermal")
_CODES: Final = ("Y16 ", "GREY")

_WORDS: Final = WORDS | {"size", "format", "gain", "telemetry", "node"}
_FIRST_S: Final = 4.0  # a Lepton that corrects itself when it starts gives nothing for a second or two
_FFC_S: Final = 2.0  # how long a correction may take, announced anew with each picture of it


class ThermalCamera(StreamingCamera):
    """One thermal camera.

    Args:
        rest: ``/dev/video2``, a serial number, a USB port or nothing for the first one, with words behind ``?``.
    """

    title = "Thermal cameras over V4L2 (FLIR Lepton, Boson and others with 16 bits)"
    extra = v4l2.EXTRA
    apt = ""
    note = "UNVERIFIED on real hardware: tested against the kernel's interface with simulated devices"

    def __init__(self, rest: str) -> None:
        super().__init__(f"thermal:{rest}")
        words = SourceWords.parse("thermal", rest, _WORDS)
        self._target, self._place = words.target, words.count("node", 0, 0, 15)
        self._size = words.size("size")
        self._code = code_of_word(words.choice("format", ("y16", "grey"), "y16")) if "format" in words else ""
        self._gain = words.choice("gain", lepton_commands.GAINS, "high") if "gain" in words else ""
        self._telemetry = words.switch("telemetry", True) if "telemetry" in words else None
        self._words = ThermalWords.of(words)
        self._device: V4l2Device | None = None
        self._opened: Node | None = None
        self._commands: LeptonCommands | None = None
        self._settings: DeviceControls | None = None
        self._identity: dict[str, str] = {}
        self._forget()

    # -- a family -----------------------------------------------------------------------------------------------------

    @classmethod
    def why_unavailable(cls) -> str:
        """Empty when such cameras can be opened here."""
        return v4l2.why_unavailable()

    @classmethod
    def discover(cls) -> list[CameraId]:
        """Those that are known for thermal cameras by their USB number or their name."""
        if cls.why_unavailable():
            return []
        among = v4l2_find.capture_nodes()
        return [
            CameraId(f"thermal:{v4l2_nodes.address(n, among)}", _title(n), n.described(), n.serial)
            for n in among
            if is_thermal(n)
        ]

    @classmethod
    def from_source(cls, rest: str) -> Camera:
        """The camera that a source means, not yet opened.

        Raises:
            UnsupportedFeatureError: a word of it is wrong.
        """
        return cls(rest)

    # -- the life of one ----------------------------------------------------------------------------------------------

    def is_present(self) -> bool | None:
        """Whether it is plugged in, by what /sys shows."""
        there = v4l2_nodes.nodes()
        if self._target:
            return any(n.answers_to(self._target) for n in there)
        if self._opened is not None and self._opened.port:
            return any(n.port == self._opened.port for n in there) or any(is_thermal(n) for n in there)
        return any(is_thermal(n) for n in there)

    def options(self) -> Mapping[str, str]:
        return {
            **self._identity,
            **({"repeats_left_out": str(self._watch.repeats)} if self._watch.repeats else {}),
            **({"fpa_c": f"{self._last_said.fpa_k - 273.15:.1f}"} if self._last_said else {}),
        }

    def controls(self) -> Sequence[Control]:
        """The camera's own, a Lepton's gain, and its flat-field correction as the action ``ffc``."""
        if self._device is None or self._settings is None:
            return []
        out = [c for c in self._settings.controls() if self._commands is None or c.name != "gain"]
        return out + (self._commands.controls() if self._commands is not None else [])

    def set_control(self, name: str, value: str) -> None:
        settings, commands = self._settings, self._commands
        if self._device is None or settings is None:
            raise CameraLostError(f"{self.source} is not open")
        if commands is not None and name == "ffc":
            commands.run_ffc()
            self._announce_pause(_FFC_S, "its shutter closes (flat-field correction asked for)")
        elif commands is not None and name == "gain":
            commands.set_gain(value)
        else:
            settings.set(name, value)

    def _connect(self) -> Sequence[StreamInfo]:
        self._forget()
        node = v4l2_find.find(self._target, self._place, "thermal", is_thermal)
        self._opened = node
        device = self._device = V4l2Device(node.path, self.source)
        offered = [m for m in device.modes() if m.code in _CODES]
        if not offered:
            raise UnsupportedFeatureError(
                f"{self.source} ({node.described()}) gives no raw thermal pictures; it gives {listed(device.modes())}. "
                "A camera for people's eyes is opened by webcam:"
            )
        fit = fitting(offered, self._size, self._code, self.source, shown=_image_size)
        mode = self._mode = pick_mode(fit, self._telemetry)
        if self._telemetry and not Layout.of(mode).kind:
            raise UnsupportedFeatureError(f"{self.source} offers no telemetry; it gives {listed(offered)}")
        self._layout = Layout.of(mode)
        self._settings = DeviceControls(device, self.source)
        if node.usb_id == lepton_commands.USB_ID:
            self._commands = LeptonCommands(device, self.source)
            self._commands.prepare(self._gain, self._words.step_k)
        elif self._gain:
            self._settings.set("gain", self._gain)
        fps = device.start(mode, self._size.fps if self._size else None)
        self._watch = ShutterWatch(fps)
        self._fps = fps
        said = self._said_at_start()
        meaning = self._meaning = self._means(mode, said)
        self._identity = self._who(node, meaning)
        return [
            StreamInfo(
                "thermal",
                StreamKind.THERMAL,
                self._layout.width,
                self._layout.height,
                "uint16",
                fps=fps,
                kelvin=meaning.kelvin,
                camera=self.source,
            )
        ]

    def _next(self, timeout_s: float) -> Frame | None:
        device = self._device
        assert device is not None  # open; `_disconnect` is not called meanwhile
        with device.picture(timeout_s) as buffer:
            if buffer is None:
                self._mind_silence()
                return None
            return self._made(buffer, device)

    def _disconnect(self) -> None:
        device, self._device = self._device, None
        self._settings = self._commands = None
        if device is not None:
            device.close()

    # -- opening ------------------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        """All that an earlier opening had learned."""
        self._mode = Mode("", 0, 0)
        self._layout = Layout(0, 0)
        self._meaning = Meaning(None, "")
        self._fps = 0.0
        self._watch = ShutterWatch(0.0)
        self._last_said: Telemetry | None = None
        self._first_said: Telemetry | None = None
        self._count, self._frame_count, self._uptime = OwnCount(), Rising(), Rising()
        self._last_number = -1
        self._heard_s = time.monotonic()
        self._grace_given = False
        self._is_pausing = False

    def _said_at_start(self) -> Said:
        """What the camera says of its counts: its telemetry, else its answers to commands."""
        if self._layout.kind:
            deadline = time.monotonic() + _FIRST_S
            while self._first_said is None and time.monotonic() < deadline and not self._is_closing:
                self._first_said = self._last_said = self._peek()
            if isinstance(self._first_said, LeptonTelemetry):
                return _said_by(self._first_said)
            if self._first_said is None:
                self._say("its telemetry makes no sense; the shutter is told by the pictures alone")
        if self._commands is not None:
            return Said(self._commands.agc_on(), self._commands.step_k())
        return Said()

    def _peek(self) -> Telemetry | None:
        """The telemetry of the next picture, which is not given."""
        assert self._device is not None  # called while connecting
        with self._device.picture(0.1) as buffer:
            return None if buffer is None else self._read_telemetry(buffer, self._device)

    def _read_telemetry(self, buffer: Buffer, device: V4l2Device) -> Telemetry | None:
        counts = counts_of(buffer.data, self._mode, device.bytes_per_line)
        return None if counts is None else self._layout.split(counts)[1]

    def _means(self, mode: Mode, said: Said) -> Meaning:
        if mode.code == "GREY":
            said = Said(agc_on=True)
        meaning = self._words.meaning(said)
        scene = self._words.scene
        if scene is not None and meaning.table is None:
            if meaning.kelvin is None:
                raise UnsupportedFeatureError(
                    f"{self.source}: emissivity and air are of no use, the camera gives no temperatures "
                    f"({meaning.why}); leave them out"
                )
            if self._commands is None:
                raise UnsupportedFeatureError(
                    f"{self.source} reckons its temperatures itself, and its emissivity and air cannot be set from "
                    "here; set them with its maker's program, or give planck=R1,B,F,O,R2"
                )
            self._commands.set_scene(scene, Air())
        return meaning

    def _who(self, node: Node, meaning: Meaning) -> dict[str, str]:
        told = self._commands.identity() if self._commands is not None else {}
        module = told.pop("serial", "")
        return {
            "model": told.get("model") or _title(node),
            "serial": node.serial or module,
            **({"firmware": told["firmware"]} if "firmware" in told else {}),
            **({"module_serial": module} if module and node.serial else {}),
            "device": str(node.path),
            **({"usb_port": node.port} if node.port else {}),
            "mode": str(self._mode),
            "temperatures": meaning.why,
            "telemetry": "yes" if self._first_said is not None else "no",
            **(self._settings.values() if self._settings is not None else {}),
        }

    # -- each picture -------------------------------------------------------------------------------------------------

    def _made(self, buffer: Buffer, device: V4l2Device) -> Frame | None:
        """The frame of a buffer; None when it is torn or no picture of its own."""
        self._heard_s, self._grace_given = time.monotonic(), False
        counts = counts_of(buffer.data, self._mode, device.bytes_per_line)
        if counts is None or not buffer.is_whole:
            self._count_dropped("thermal")
            return None
        image, said = self._layout.split(counts)
        if self._first_said is None:
            said = None  # what made no sense at the start is no telemetry now
        elif said is None:
            self._count_dropped("thermal")  # a row of it is torn, and so may the picture be
            return None
        pixels = self._meaning.pixels(image)
        if isinstance(said, LeptonTelemetry):
            return self._of_lepton(pixels, said)
        self._last_said = said
        sight = self._watch.see(pixels, buffer.time_ns, ShutterState.UNKNOWN)
        number = self._count.see(buffer.sequence if said is None else said.frame_counter, sight.is_repeat)
        if sight.is_repeat:
            return None
        self._mind_shutter(ShutterState.CLOSED if sight.flags & FrameFlag.SHUTTER else ShutterState.UNKNOWN)
        return self._frame(self._streams[0], pixels, number, buffer.time_ns, sight.flags)

    def _of_lepton(self, pixels: Pixels, said: LeptonTelemetry) -> Frame | None:
        """A frame by the camera's own counters and clock."""
        self._last_said = said
        self._check_unchanged(said)
        self._mind_shutter(said.shutter)
        number = self._rising(self._frame_count, said.frame_counter)
        device_ns = self._rising(self._uptime, said.uptime_ms) * 1_000_000
        if number == self._last_number:
            self._watch.repeats += 1
            return None
        self._last_number = number
        sight = self._watch.see(pixels, device_ns, said.shutter, is_counted=True)
        return self._frame(self._streams[0], pixels, number, device_ns, sight.flags)

    def _rising(self, counter: Rising, value: int) -> int:
        risen = counter.see(value)
        if risen is None:
            raise CameraLostError(f"{self.source} began anew by itself (its counters fell); open it again")
        return risen

    def _check_unchanged(self, said: LeptonTelemetry) -> None:
        """The map to kelvin was settled at the start: should the camera change it, no picture may pass under it."""
        first = self._first_said
        if isinstance(first, LeptonTelemetry) and _said_by(said) != _said_by(first):
            raise CameraLostError(
                f"{self.source}: somebody changed what its counts mean (TLinear or gain control) while it was open; "
                "it must be opened again"
            )

    def _mind_shutter(self, state: ShutterState) -> None:
        if state in (ShutterState.IMMINENT, ShutterState.CLOSED):
            self._is_pausing = True
            word = "is closed" if state is ShutterState.CLOSED else "is about to close"
            self._announce_pause(_FFC_S, f"its shutter {word} (flat-field correction)")
        elif self._is_pausing:
            self._is_pausing = False
            self._announce_pause(0.0)

    def _mind_silence(self) -> None:
        """A camera that cannot speak of its shutter may be silent for a correction: once, and said."""
        silent_s = time.monotonic() - self._heard_s
        if self._first_said is None and not self._grace_given and self._fps and silent_s > 1.2 / self._fps:
            self._grace_given = True
            self._announce_pause(_FFC_S, "no picture: its shutter, perhaps (it has no telemetry to tell)")


def _image_size(mode: Mode) -> tuple[int, int]:
    """Without the rows of telemetry."""
    layout = Layout.of(mode)
    return layout.width, layout.height


def is_thermal(node: Node) -> bool:
    """Whether a node is known for a thermal camera."""
    return node.usb_id in _KNOWN or any(word in f"{node.name} {node.product}".lower() for word in _NAMED)


def _title(node: Node) -> str:
    return _KNOWN.get(node.usb_id) or node.product or node.name or "thermal camera"


def _said_by(telemetry: LeptonTelemetry) -> Said:
    return Said(telemetry.agc_on, telemetry.tlinear_step_k if telemetry.tlinear_on else 0.0)
