"""Commands to a FLIR Lepton on a PureThermal board: its command interface, reached through USB extension units.

Sources: FLIR Lepton Software Interface Description 110-0144-04 for the commands and their values; GroupGets'
PureThermal firmware for where they are: one extension unit for each of the Lepton's modules, command N as control
N / 4 + 1, and from control 32 on a second unit (later firmware, as Windows takes no more than 31 a unit).
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from drivers.camera import Control, ControlKind
from drivers.cameras.v4l2 import V4l2Device
from drivers.cameras.v4l2_extension import ExtensionUnit
from drivers.errors import UnsupportedFeatureError
from drivers.radiometry import Air, Scene

log = logging.getLogger(__name__)

USB_ID: Final = "1e4e:0100"
"""Of the PureThermal boards."""

_UNITS: Final = {0x01: 3, 0x08: 4, 0x0E: 5, 0x02: 6, 0x03: 7}  # module -> extension unit
_SECOND_UNIT: Final = 0x10
_CONTROLS_A_UNIT: Final = 31

AGC: Final = 0x0100
SERIAL: Final = 0x0208
RUN_FFC: Final = 0x0240
GAIN: Final = 0x0248
PART: Final = 0x081C
SOFTWARE: Final = 0x0820
RADIOMETRY: Final = 0x0E10
FLUX: Final = 0x0EBC
TLINEAR: Final = 0x0EC0
TLINEAR_STEP: Final = 0x0EC4

GAINS: Final = ("high", "low", "auto")
STEPS: Final[Mapping[float, int]] = {0.1: 0, 0.01: 1}

_MODELS: Final = {
    "500-0659": "Lepton 1.5",
    "500-0690": "Lepton 1.6",
    "500-0643": "Lepton 2.0",
    "500-0763": "Lepton 2.5",
    "500-0726": "Lepton 3.0",
    "500-0771": "Lepton 3.5",
    "500-0758": "Lepton 3.1R",
}
_FULL: Final = 8192
"""1.0 in the Lepton's fixed-point numbers (3.13)."""


class LeptonCommands:
    """Commands to the Lepton of an open device."""

    def __init__(self, device: V4l2Device, source: str) -> None:
        self._device, self._source = device, source

    def number(self, command: int) -> int | None:
        """A value of 32 bits; None when the camera does not answer."""
        value = self._get(command)
        return None if value is None or len(value) < 4 else int.from_bytes(value[:4], "little")

    def set_number(self, command: int, value: int, what: str) -> None:
        """Set a value of 32 bits.

        Args:
            what: is set, for the message.

        Raises:
            UnsupportedFeatureError: the camera does not take it, or its board has no such command.
            CameraLostError: it is closed.
        """
        self._set(command, value.to_bytes(4, "little"), what)

    def agc_on(self) -> bool | None:
        """Whether the pictures go through the camera's gain control; None when it does not answer."""
        agc = self.number(AGC)
        return None if agc is None else bool(agc)

    def step_k(self) -> float | None:
        """Kelvin a count, 0 when counts are no temperatures; None when it does not answer."""
        tlinear, step = self.number(TLINEAR), self.number(TLINEAR_STEP)
        if tlinear is None or step is None:
            return None
        return (0.01 if step else 0.1) if tlinear else 0.0

    def prepare(self, gain: str, step_k: float | None) -> None:
        """Set what a source asks for.

        Args:
            gain: one of ``GAINS``; empty for as it is.
            step_k: kelvin a count, 0 for counts that are no temperatures, None for as it is. A board that answers
                nothing leaves it at the user's word.

        Raises:
            UnsupportedFeatureError, CameraLostError: as in :meth:`set_number`.
        """
        if gain:
            self.set_gain(gain)
        if step_k is None or self.agc_on() is None:
            return
        if step_k:
            self.set_number(AGC, 0, "gain control (AGC) off")
            self.set_number(RADIOMETRY, 1, "radiometry on")
            self.set_number(TLINEAR_STEP, STEPS[step_k], f"TLinear {step_k:g} K")
        self.set_number(TLINEAR, 1 if step_k else 0, f"TLinear {'on' if step_k else 'off'}")

    def set_gain(self, value: str) -> None:
        """Set the gain mode.

        Raises:
            UnsupportedFeatureError, CameraLostError: as in :meth:`set_number`.
        """
        if value not in GAINS:
            raise UnsupportedFeatureError(f"{self._source}: gain cannot be {value!r}; it takes {', '.join(GAINS)}")
        self.set_number(GAIN, GAINS.index(value), f"gain {value}")

    def controls(self) -> list[Control]:
        """``gain`` and ``ffc``, where the camera answers."""
        gain = self.number(GAIN)
        if gain is None or gain >= len(GAINS):
            return []
        return [
            Control("gain", ControlKind.CHOICE, GAINS[gain], choices=GAINS),
            Control("ffc", ControlKind.ACTION, None),
        ]

    def run_ffc(self) -> None:
        """Begin a flat-field correction.

        Raises:
            UnsupportedFeatureError, CameraLostError: as in :meth:`set_number`.
        """
        self._set(RUN_FFC, b"\1", "a flat-field correction")

    def set_scene(self, scene: Scene, air: Air) -> None:
        """Tell the camera what lies between the surface and it, for the temperatures that it reckons itself.

        Raises:
            UnsupportedFeatureError, CameraLostError: as in :meth:`set_number`.
        """
        passes = air.transmission(scene.distance_m, scene.air_k, scene.humidity)
        words = (
            round(scene.emissivity * _FULL),
            round(scene.reflected_k * 100),
            round(scene.window_transmission * _FULL),
            round(scene.window_k * 100),
            round(passes * _FULL),
            round(scene.air_k * 100),
            0,  # the window mirrors nothing
            round(scene.window_k * 100),
        )
        self._set(FLUX, struct.pack("<8H", *(max(0, min(0xFFFF, w)) for w in words)), "emissivity and air")

    def identity(self) -> dict[str, str]:
        """``model``, ``serial`` (of the module) and ``firmware``, as far as it answers."""
        out: dict[str, str] = {}
        if part := self._get(PART):
            number = part.split(b"\0")[0].decode("ascii", "replace").strip()
            out["model"] = " ".join(filter(None, (_MODELS.get(number[:8], "Lepton"), number)))
        if (serial := self._get(SERIAL)) and any(serial):
            out["serial"] = serial[::-1].hex()
        if (software := self._get(SOFTWARE)) and len(software) >= 6:
            # DSP and GPP, each major, minor, build
            out["firmware"] = ".".join(map(str, software[3:6])) + "/" + ".".join(map(str, software[0:3]))
        return out

    def _get(self, command: int) -> bytes | None:
        for unit, selector in _places(command):
            with suppress(OSError):
                return ExtensionUnit(self._device, unit).get(selector)
        log.debug("%s does not answer to command %#06x", self._source, command)
        return None

    def _set(self, command: int, value: bytes, what: str) -> None:
        last: OSError | None = None
        for unit, selector in _places(command):
            try:
                ExtensionUnit(self._device, unit).set(selector, value)
            except OSError as error:
                last = error
            else:
                return
        raise UnsupportedFeatureError(
            f"{self._source} does not take {what} ({last.strerror if last else 'no such control'}); "
            "its board passes no such command on (a PureThermal with its own firmware does)"
        ) from last


def _places(command: int) -> list[tuple[int, int]]:
    """Where a command may be: (extension unit, selector)."""
    unit, selector = _UNITS[command >> 8], (command & 0xFF) // 4 + 1
    second = [(unit + _SECOND_UNIT, selector - _CONTROLS_A_UNIT)] if selector > _CONTROLS_A_UNIT else []
    return [(unit, selector), *second]
