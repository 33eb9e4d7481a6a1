"""Webcams and other cameras that are video devices: colour, or gray for night cameras, in their own depth.

On Linux through V4L2; elsewhere through PyAV, see drivers/cameras/webcam_av.py.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from drivers.camera import Camera, CameraId, Control
from drivers.cameras import v4l2, v4l2_find, v4l2_nodes
from drivers.cameras.thermal import is_thermal
from drivers.cameras.thermal_picture import Rising
from drivers.cameras.v4l2 import V4l2Device
from drivers.cameras.v4l2_controls import OPTIONS, DeviceControls
from drivers.cameras.v4l2_formats import NAMES, Mode, code_of_word, fitting, listed
from drivers.cameras.v4l2_nodes import Node
from drivers.cameras.webcam_pixels import FORMS, JPEG
from drivers.errors import CameraLostError, UnsupportedFeatureError
from drivers.frame import Frame, StreamInfo, StreamKind
from drivers.source_words import SourceWords
from drivers.streaming_camera import StreamingCamera

WORDS: Final = {"size", "format", "kind", "node", *OPTIONS}
"""Words behind the ``?`` of a source."""

ON_LINUX: bool = sys.platform.startswith("linux")

_NO_WEBCAMS: Final = ("realsense", "bcm2835-", "pispbe", "rp1-cfe", "rpi-", "intel ipu")
"""Video devices that are better left to another family, and parts of a computer's own picture processor, which give
pictures only as links of a chain; by path they can be opened all the same."""

_LARGEST: Final = 1280 * 720  # what is chosen without being asked for
_FLUENT_FPS: Final = 24.0


class WebcamCamera(StreamingCamera):
    """One webcam.

    Args:
        rest: ``/dev/video0``, ``0``, a serial number, a USB port or nothing for the first one, with words behind ``?``.
    """

    title = "Webcams and other video devices"
    extra = v4l2.EXTRA
    apt = ""
    note = "UNVERIFIED on real hardware: tested against the kernel's interface with simulated devices"

    def __init__(self, rest: str) -> None:
        super().__init__(f"webcam:{rest}")
        words = SourceWords.parse("webcam", rest, WORDS)
        self._target, self._place = words.target, words.count("node", 0, 0, 15)
        self._size = words.size("size")
        self._code = code_of_word(words.text("format")) if "format" in words else ""
        if self._code and self._code not in FORMS:
            raise words.wrong("format", f"one of {', '.join(NAMES.values())}")
        self._kind = (
            StreamKind(words.choice("kind", ("color", "gray", "infrared"), "color")) if "kind" in words else None
        )
        self._wanted = {name: words.text(name) for name in words.values if name in OPTIONS}
        self._device: V4l2Device | None = None
        self._settings: DeviceControls | None = None
        self._identity: dict[str, str] = {}
        self._mode = Mode("", 0, 0)
        self._sequence = Rising()
        self._base = 0
        self._last_number = -1

    # -- a family -----------------------------------------------------------------------------------------------------

    @classmethod
    def why_unavailable(cls) -> str:
        """Empty when webcams can be opened here."""
        if ON_LINUX:
            return v4l2.why_unavailable()
        if importlib.util.find_spec("av") is None:
            return f'the library PyAV is missing: pip install "tapetum[{cls.extra}]"'
        return ""

    @classmethod
    def discover(cls) -> list[CameraId]:
        """All video devices that give pictures, but for thermal cameras and those of another family."""
        if cls.why_unavailable():
            return []
        if not ON_LINUX:
            from drivers.cameras.webcam_av import AvWebcam

            return AvWebcam.discover()
        among = v4l2_find.capture_nodes()
        return [
            CameraId(f"webcam:{v4l2_nodes.address(n, among)}", n.product or n.name, n.described(), n.serial)
            for n in among
            if _is_webcam(n)
        ]

    @classmethod
    def from_source(cls, rest: str) -> Camera:
        """The camera that a source means, not yet opened.

        Raises:
            UnsupportedFeatureError: a word of it is wrong.
        """
        if not ON_LINUX:
            from drivers.cameras.webcam_av import AvWebcam

            return AvWebcam(rest)
        return cls(rest)

    # -- the life of one ----------------------------------------------------------------------------------------------

    def is_present(self) -> bool | None:
        """Whether it is plugged in, by what /sys shows."""
        there = v4l2_nodes.nodes()
        if self._target:
            return any(n.answers_to(self._target) for n in there)
        return any(_is_webcam(n) for n in there)

    def options(self) -> Mapping[str, str]:
        return dict(self._identity)

    def controls(self) -> Sequence[Control]:
        settings = self._settings
        return [] if settings is None else settings.controls()

    def set_control(self, name: str, value: str) -> None:
        settings = self._settings
        if settings is None:
            raise CameraLostError(f"{self.source} is not open")
        settings.set(name, value)
        if name in self._identity:
            self._identity = {**self._identity, name: value}

    def _connect(self) -> Sequence[StreamInfo]:
        self._sequence, self._base, self._last_number = Rising(), 0, -1
        node = v4l2_find.find(self._target, self._place, "webcam", _is_webcam)
        device = self._device = V4l2Device(node.path, self.source)
        mode = self._mode = self._choose(device)
        settings = self._settings = DeviceControls(device, self.source)
        for name, value in sorted(self._wanted.items(), key=lambda item: "auto" not in item[0]):
            settings.set(name, value)  # the automatic ones first: they rule the others
        fps = device.start(mode, self._size.fps if self._size else None)
        form = FORMS[mode.code]
        kind = self._kind or form.kind
        self._identity = {
            "model": node.product or device.capabilities.card,
            "serial": node.serial,
            "device": str(node.path),
            "driver": device.capabilities.driver,
            **({"usb_port": node.port} if node.port else {}),
            "mode": f"{mode.name} {mode.width}x{mode.height}" + (f"@{fps:g}" if fps else ""),
            **settings.values(),
        }
        return [StreamInfo(str(kind), kind, mode.width, mode.height, form.dtype, fps=fps, camera=self.source)]

    def _next(self, timeout_s: float) -> Frame | None:
        device = self._device
        assert device is not None  # open; `_disconnect` is not called meanwhile
        with device.picture(timeout_s) as buffer:
            if buffer is None:
                return None
            info = self._streams[0]
            number = self._number(buffer.sequence)
            picture = FORMS[self._mode.code].read(buffer.data, self._mode, device.bytes_per_line)
            if picture is None or not buffer.is_whole:
                self._count_dropped(info.name)
                return None
            return self._frame(info, picture.pixels, number, buffer.time_ns, picture.flags, picture.encoded)

    def _disconnect(self) -> None:
        device, self._device = self._device, None
        self._settings = None
        if device is not None:
            device.close()

    # -- within -------------------------------------------------------------------------------------------------------

    def _choose(self, device: V4l2Device) -> Mode:
        """The mode that the source means, else a usual one."""
        offered = device.modes()
        usable = [m for m in offered if m.code in FORMS]
        if self._kind is not None:
            usable = [m for m in usable if (FORMS[m.code].kind is StreamKind.COLOR) == (self._kind is StreamKind.COLOR)]
        if not usable:
            wanted = f"pictures of kind {self._kind}" if self._kind else "pictures in a form that can be read"
            raise UnsupportedFeatureError(f"{self.source} gives no {wanted}; it gives {listed(offered)}")
        fps = self._size.fps if self._size else None
        return max(fitting(usable, self._size, self._code, self.source), key=lambda m: _rank(m, fps))

    def _number(self, sequence: int) -> int:
        """The driver's count, going on where it was should the driver count anew."""
        at = self._sequence.see(sequence)
        if at is None:
            self._sequence, self._base = Rising(), self._last_number + 1 - sequence
            at = self._sequence.see(sequence) or 0
        self._last_number = max(self._last_number + 1, self._base + at)
        return self._last_number


def _rank(mode: Mode, fps: float | None) -> tuple[bool, bool, bool, int, bool, float]:
    """What is better without being asked for: fluent, colour, not too large, large, not compressed, fast."""
    rate = fps or max(mode.rates, default=0.0)
    area = mode.width * mode.height
    fits = area <= _LARGEST
    return (
        fits,
        rate >= _FLUENT_FPS or not mode.rates,
        FORMS[mode.code].kind is StreamKind.COLOR,
        area if fits else -area,
        mode.code not in JPEG,
        rate,
    )


def _is_webcam(node: Node) -> bool:
    return not is_thermal(node) and not any(word in f"{node.name} {node.product}".lower() for word in _NO_WEBCAMS)
