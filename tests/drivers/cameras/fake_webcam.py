"""A simulated webcam: its modes, its pictures and its settings."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import cv2
import numpy as np

from drivers.cameras.v4l2_formats import Mode
from tests.drivers.cameras.fake_v4l2 import FakeControl, FakeDevice, Shot

YUYV = Mode("YUYV", 64, 48, (30.0, 15.0))
MJPG = Mode("MJPG", 64, 48, (30.0,))
GREY = Mode("GREY", 64, 48, (30.0,))
HD = Mode("MJPG", 1280, 720, (30.0,))
SLOW_HD = Mode("YUYV", 1280, 720, (10.0,))
HUGE = Mode("MJPG", 3840, 2160, (30.0,))
EXPOSURE, EXPOSURE_AUTO, GAIN, POWER_LINE = 0x9A0902, 0x9A0901, 0x980913, 0x980918


def picture(mode: Mode, number: int) -> bytes:
    """A smooth picture of a mode's form; its content depends on the number."""
    ramp = ((np.add.outer(np.arange(mode.height) * 2, np.arange(mode.width)) + 3 * number) % 256).astype(np.uint8)
    if mode.code == "MJPG":
        rgb = np.dstack([ramp, ramp[::-1], np.full_like(ramp, 90)])
        return bytes(cv2.imencode(".jpg", rgb[..., ::-1])[1]) + bytes(5)  # padded as cameras do
    if mode.code in ("GREY", "Y16 "):
        return ramp.tobytes() if mode.code == "GREY" else (ramp.astype("<u2") * 4).tobytes()
    if mode.code in ("YUYV", "UYVY"):
        pair = np.dstack([ramp, np.full_like(ramp, 128)])
        return (pair if mode.code == "YUYV" else pair[..., ::-1]).tobytes()
    if mode.code in ("NV12", "YU12"):
        return ramp.tobytes() + bytes([128]) * (mode.width * mode.height // 2)
    return np.dstack([ramp, ramp // 2, 255 - ramp]).tobytes()


def playing(count: int | None = None) -> Callable[[Mode], Iterator[Shot]]:
    def shots(mode: Mode) -> Iterator[Shot]:
        return (Shot(picture(mode, n)) for n in (itertools.count() if count is None else range(count)))

    return shots


def controls() -> list[FakeControl]:
    return [
        FakeControl(0x980900, "Brightness", 1, 10, -64, 64),
        FakeControl(0x98090C, "White Balance, Automatic", 2, 1),
        FakeControl(GAIN, "Gain", 1, 5, 0, 100),
        FakeControl(POWER_LINE, "Power Line Frequency", 3, 1, 0, 2, menu={0: "Disabled", 1: "50 Hz", 2: "60 Hz"}),
        FakeControl(EXPOSURE_AUTO, "Auto Exposure", 3, 3, 0, 3, menu={1: "Manual Mode", 3: "Aperture Priority Mode"}),
        FakeControl(EXPOSURE, "Exposure Time, Absolute", 1, 157, 3, 2047, flags=0x10),
        FakeControl(0x9A0000 + 1, "Camera Controls", 6),
    ]


def webcam(modes: list[Mode] | None = None, **settings: object) -> FakeDevice:
    return FakeDevice(modes or [YUYV, MJPG], playing(), **settings)  # type: ignore[arg-type]  # passed on as they are
