"""The telemetry of a FLIR Lepton: what the camera says of itself in the rows below (or above) each picture.

Sources: FLIR Lepton Engineering Datasheet 500-0659-00-09 Rev 203, section 3.4 with tables 2 and 3, for what stands
where. Words of 16 bits; of two words that make one number the lower comes first, as the firmware of the PureThermal
boards reads them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from drivers.shutter import ShutterState

WORDS: Final = 240
"""Rows A, B and C of 80 words each; a picture 160 pixels wide holds two of them in one of its rows."""

_FPA_K: Final = (200.0, 400.0)  # what a sensor that works can have


class FfcState(enum.IntEnum):
    """Of the flat-field correction."""

    NEVER = 0
    IMMINENT = 1
    IN_PROGRESS = 2
    COMPLETE = 3


@dataclass(frozen=True, slots=True)
class LeptonTelemetry:
    """One frame's telemetry.

    Attributes:
        revision: of the telemetry's layout, major and minor.
        uptime_ms: since the camera started, 32 bits.
        ffc: state of the flat-field correction.
        ffc_desired: the camera would like one.
        agc_on: the pixels went through the camera's own gain control and are no measurement.
        shutter_locked: too hot or too cold for the shutter.
        overheating: it will shut down within 10 s.
        serial: of the module, as hexadecimal digits; empty where it gives none (Lepton 3).
        software: its software's revision as hexadecimal digits.
        frame_counter: rises by one with each new picture, 32 bits.
        fpa_k, housing_k: temperature of the sensor and of the housing, in kelvin.
        last_ffc_ms: uptime at the last correction.
        last_ffc_fpa_k: the sensor's temperature then.
        gain_mode: ``high``, ``low`` or ``auto``.
        effective_gain: ``high`` or ``low``.
        tlinear_on: pixels are temperatures.
        tlinear_step_k: kelvin a count when they are.
    """

    revision: tuple[int, int]
    uptime_ms: int
    ffc: FfcState
    ffc_desired: bool
    agc_on: bool
    shutter_locked: bool
    overheating: bool
    serial: str
    software: str
    frame_counter: int
    fpa_k: float
    housing_k: float
    last_ffc_ms: int
    last_ffc_fpa_k: float
    gain_mode: str
    effective_gain: str
    tlinear_on: bool
    tlinear_step_k: float

    @classmethod
    def parse(cls, rows: NDArray[Any]) -> Self | None:
        """From the rows of telemetry, (N, 80) or (N, 160) uint16; None when they cannot be any."""
        words = np.ascontiguousarray(rows).reshape(-1)
        if words.size < WORDS:
            return None
        w = [int(v) for v in words[:WORDS]]
        a, c = w[:80], w[160:240]
        status = _pair(a, 3)
        fpa_k, uptime_ms, last_ffc_ms = a[24] / 100, _pair(a, 1), _pair(a, 30)
        makes_sense = (
            a[0] not in (0, 0xFFFF)
            and _FPA_K[0] <= fpa_k <= _FPA_K[1]
            and uptime_ms > 0
            and last_ffc_ms <= uptime_ms
            and c[48] in (0, 1)
            and c[49] in (0, 1)
            and c[5] in (0, 1, 2)
        )
        if not makes_sense:
            return None
        return cls(
            revision=(a[0] >> 8, a[0] & 0xFF),
            uptime_ms=uptime_ms,
            ffc=FfcState((status >> 4) & 3),
            ffc_desired=bool(status & 1 << 3),
            agc_on=bool(status & 1 << 12),
            shutter_locked=bool(status & 1 << 15),
            overheating=bool(status & 1 << 20),
            serial="".join(f"{v:04x}" for v in a[5:13]) if any(a[5:13]) else "",
            software="".join(f"{v:04x}" for v in a[13:17]),
            frame_counter=_pair(a, 20),
            fpa_k=fpa_k,
            housing_k=a[26] / 100,
            last_ffc_ms=last_ffc_ms,
            last_ffc_fpa_k=a[29] / 100,
            gain_mode=("high", "low", "auto")[c[5]],
            effective_gain="low" if c[6] else "high",
            tlinear_on=c[48] == 1,
            tlinear_step_k=0.01 if c[49] else 0.1,
        )

    @property
    def shutter(self) -> ShutterState:
        if self.ffc is FfcState.IN_PROGRESS:
            return ShutterState.CLOSED
        return ShutterState.IMMINENT if self.ffc is FfcState.IMMINENT else ShutterState.OPEN


def _pair(words: list[int], at: int) -> int:
    return words[at] | words[at + 1] << 16
