"""A Lepton on a PureThermal board as it would be on USB: pictures with telemetry, repeats, corrections, commands."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers.cameras.v4l2_formats import Mode
from tests.drivers.cameras.fake_v4l2 import FakeDevice, Shot

PLAIN = Mode("Y16 ", 160, 120, (9.0,))
WITH_ROWS = Mode("Y16 ", 160, 122, (9.0,))
EYES = Mode("GREY", 160, 120, (9.0,))

COUNTS_AT_300_K = 30_000


@dataclass(frozen=True)
class Words:
    """What the telemetry says; names as in drivers.cameras.lepton.LeptonTelemetry."""

    frame_counter: int = 0
    uptime_ms: int = 60_000
    ffc: int = 3
    ffc_desired: bool = False
    agc_on: bool = False
    shutter_locked: bool = False
    overheating: bool = False
    serial: tuple[int, ...] = (0,) * 8
    software: tuple[int, ...] = (1, 2, 3, 4)
    fpa_centikelvin: int = 30_315
    housing_centikelvin: int = 30_215
    last_ffc_ms: int = 30_000
    gain_mode: int = 0
    effective_gain: int = 0
    tlinear_on: bool = True
    tlinear_step: int = 1
    revision: int = 0x000E

    def rows(self, width: int) -> NDArray[np.uint16]:
        """As rows of a picture, (240 / width, width)."""
        a, b, c, d = (np.zeros(80, np.uint16) for _ in range(4))
        status = (
            self.ffc_desired << 3
            | self.ffc << 4
            | self.agc_on << 12
            | self.shutter_locked << 15
            | self.overheating << 20
        )
        a[0] = self.revision
        for at, value in ((1, self.uptime_ms), (3, status), (20, self.frame_counter), (30, self.last_ffc_ms)):
            a[at], a[at + 1] = value & 0xFFFF, value >> 16 & 0xFFFF
        a[5:13], a[13:17] = self.serial, self.software
        a[24], a[26], a[29] = self.fpa_centikelvin, self.housing_centikelvin, self.fpa_centikelvin
        c[5], c[6], c[48], c[49] = self.gain_mode, self.effective_gain, self.tlinear_on, self.tlinear_step
        whole = np.concatenate([a, b, c, d])
        return whole[: 3 * 80].reshape(3, 80) if width == 80 else whole.reshape(2, 160)


def scene(number: int, height: int = 120, width: int = 160) -> NDArray[np.uint16]:
    """A warm room with noise: no picture equals the one before."""
    noise = np.random.default_rng(number).integers(-3, 4, (height, width))
    ramp = np.linspace(-300, 300, width)[None, :]
    return (COUNTS_AT_300_K + ramp + noise).astype(np.uint16)


def shot(pixels: NDArray[Any], words: Words | None = None, header: bool = False, **settings: Any) -> Shot:
    """One buffer: the image and, below or above it, the telemetry."""
    if words is None:
        return Shot(pixels.astype("<u2").tobytes(), **settings)
    rows = words.rows(pixels.shape[1])
    parts = [rows, pixels] if header else [pixels, rows]
    return Shot(np.vstack(parts).astype("<u2").tobytes(), **settings)


def speaking(**said: Any) -> Callable[[Mode], Iterator[Shot]]:
    """Plays for ever: each picture once, 115 ms apart on the camera's clock; telemetry where the mode has its rows."""

    def shots(mode: Mode) -> Iterator[Shot]:
        for n in itertools.count():
            words = Words(frame_counter=1000 + n, uptime_ms=60_000 + 115 * n)
            has_rows = mode.height in (122, 63)
            height = mode.height - (mode.height % 10 if has_rows else 0)
            if mode.code == "GREY":
                yield Shot(bytes([n % 256]) * (mode.width * mode.height))
            else:
                yield shot(scene(n, height, mode.width), replace(words, **said) if has_rows else None)

    return shots


def commands(agc: int = 0, tlinear: int = 1, step: int = 1, gain: int = 0) -> dict[tuple[int, int], bytes]:
    """The extension units of a PureThermal with a Lepton 3.5: (unit, selector) -> value."""

    def number(value: int) -> bytes:
        return value.to_bytes(4, "little")

    return {
        (3, 1): number(agc),
        (4, 8): b"500-0771-01".ljust(32, b"\0"),
        (4, 9): bytes([3, 3, 26, 3, 3, 26, 0, 0]),
        (5, 5): number(1),
        (5, 48): bytes(16),
        (5, 49): number(tlinear),
        (5, 50): number(step),
        (6, 3): bytes.fromhex("0102030405060708"),
        (6, 17): b"\0",
        (6, 19): number(gain),
    }


def lepton(
    shots: Callable[[Mode], Iterator[Shot]] | None = None, modes: list[Mode] | None = None, **settings: Any
) -> FakeDevice:
    """A Lepton 3.5 on a PureThermal board."""
    return FakeDevice(
        modes or [Mode("UYVY", 160, 120, (9.0,)), PLAIN, WITH_ROWS, EYES],
        shots or speaking(),
        name="PureThermal (fw:v1.3.0)",
        usb_id="1e4e:0100",
        product="PureThermal",
        **{"serial": "8003-0014", "extension": commands(), **settings},
    )
