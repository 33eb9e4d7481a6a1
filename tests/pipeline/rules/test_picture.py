"""A covered camera is told from one that looks into the night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, KelvinMap, StreamInfo, StreamKind
from pipeline.rules.picture import EVERY_S, PictureWatch, picture_of, shows_something
from recordings.reader import SessionReader

SAMPLES = sorted(Path("recordings/samples").resolve().glob("*.mcap"))
SHAPE = (240, 320)


def frame(pixels: NDArray[Any], kind: StreamKind = StreamKind.INFRARED, **more: Any) -> Frame:
    high, wide = pixels.shape[:2]
    if kind is StreamKind.DEPTH:
        more.setdefault("unit_m", 0.001)
    info = StreamInfo(kind.value, kind, wide, high, str(pixels.dtype), fps=30.0, **more)
    return Frame(info, pixels, 0, 1, 1)


def noisy(level: float, noise: float, seed: int = 1) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(level, noise, SHAPE)


def bytes_of(pixels: NDArray[np.float64]) -> NDArray[np.uint8]:
    return pixels.clip(0, 255).round().astype(np.uint8)


def fall(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light that comes in at one side of a palm, and falls off smoothly."""
    v, u = np.mgrid[-1 : 1 : SHAPE[0] * 1j, -1 : 1 : SHAPE[1] * 1j]
    return pixels + 60 * u + 30 * v - 20 * u * u


COVERED: dict[str, Callable[[], NDArray[np.float64]]] = {
    "black": lambda: np.zeros(SHAPE),
    "dark and noisy": lambda: noisy(3, 4),
    "white": lambda: np.full(SHAPE, 255.0),
    "gray card": lambda: noisy(120, 2),
    "a palm that light shines past": lambda: fall(noisy(110, 2)),
}


@pytest.mark.parametrize("name", COVERED)
def test_a_covered_camera_shows_nothing(name: str) -> None:
    assert not shows_something(frame(bytes_of(COVERED[name]())))
    color = np.repeat(bytes_of(COVERED[name]())[..., None], 3, 2)
    assert not shows_something(frame(color, StreamKind.COLOR))


def test_a_lamp_in_the_dark_is_something() -> None:
    night = noisy(4, 2)
    night[100:120, 200:220] += 90
    assert shows_something(frame(bytes_of(night)))


@pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])
def test_every_picture_of_a_drive_and_a_street_at_night_shows_something(path: Path) -> None:
    with SessionReader(path) as reader:
        for stream in reader.streams:
            count = reader.count(stream.name)
            for index in range(0, count, max(1, count // 8)):
                assert shows_something(reader.frame(stream.name, index)), (stream.name, index)


def test_the_samples_are_there() -> None:
    assert len(SAMPLES) >= 2


def test_depth_without_readings_shows_nothing() -> None:
    depth = np.zeros(SHAPE, np.uint16)
    assert not shows_something(frame(depth, StreamKind.DEPTH))
    depth[60:120, 60:140] = 900
    assert shows_something(frame(depth, StreamKind.DEPTH))


def test_a_cap_before_a_thermal_camera_shows_nothing_and_a_face_does() -> None:
    kelvin = KelvinMap(0.01, 0.0)
    cap = np.round(noisy(29_500, 6)).astype(np.uint16)
    assert not shows_something(frame(cap, StreamKind.THERMAL, kelvin=kelvin))
    face = cap.copy()
    face[80:160, 120:180] += 800
    assert shows_something(frame(face, StreamKind.THERMAL, kelvin=kelvin))


def test_one_camera_that_sees_is_enough_and_the_covered_ones_are_named() -> None:
    blind = frame(bytes_of(noisy(3, 4)))
    lamp = noisy(4, 2)
    lamp[100:120, 200:220] += 90
    seeing = frame(bytes_of(lamp), StreamKind.GRAY)
    assert picture_of({"infrared": blind, "gray": seeing}).value == 1.0
    said = picture_of({"infrared": blind, "other": blind})
    assert (said.value, said.label, said.is_valid) == (0.0, "infrared, other", True)


@pytest.mark.parametrize("flag", [FrameFlag.STALE, FrameFlag.SHUTTER])
def test_a_shutter_that_is_closed_covers_nothing(flag: FrameFlag) -> None:
    blind = replace(frame(bytes_of(noisy(3, 4))), flags=flag)
    assert not picture_of({"thermal": blind}).is_valid
    assert not picture_of({}).is_valid


def test_a_picture_too_small_to_tell_is_believed() -> None:
    assert shows_something(frame(np.zeros((24, 32), np.uint8)))


def test_it_is_looked_at_now_and_then_and_after_every_leap_of_the_clock() -> None:
    watch, second = PictureWatch(), 1_000_000_000
    blind, lamp = frame(bytes_of(noisy(3, 4))), noisy(4, 2)
    lamp[100:120, 200:220] += 90
    seeing = frame(bytes_of(lamp))
    assert watch.step({"a": seeing}, 10 * second).value == 1.0
    assert watch.step({"a": blind}, 10 * second + 10**7).value == 1.0
    assert watch.step({"a": blind}, round((10 + EVERY_S) * second)).value == 0.0
    assert watch.step({"a": seeing}, second).value == 1.0
