"""The pixels of a Kinect v2 as this program has them: turned round, in millimetres, RGB; and the words it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.cameras.kinect2_geometry import COLOR_SIZE, DEPTH_SIZE, ColorPlace, halved
from drivers.frame import Extrinsics, Intrinsics, Pixels, StreamInfo, StreamKind
from drivers.source_words import SourceWords

STREAMS: Final = ("depth", "infrared", "color")
PIPELINES: Final = ("auto", "cpu", "opengl", "opencl", "cuda")
FPS: Final = 30.0
_MOST_M: Final = 18.75


@dataclass(frozen=True, slots=True)
class Settings:
    """What a ``kinect2:`` source asks for."""

    serial: str
    streams: tuple[str, ...]
    pipeline: str
    half: bool
    min_mm: int
    max_mm: int
    body_index: bool
    isolated: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """One image as a library gave it, already in this program's form."""

    stream: str
    pixels: Pixels
    number: int
    device_ns: int


class Backend(Protocol):
    """One library that knows the camera."""

    facts: dict[str, str]
    """``serial``, ``firmware``, ``library``, where it knows them."""

    def open(self) -> None: ...

    def depth_intrinsics(self) -> Intrinsics | None: ...

    def color_place(self) -> ColorPlace | None: ...

    def take(self, timeout_s: float) -> Sequence[Taken]: ...

    def body_index(self) -> tuple[NDArray[np.uint8], int] | None: ...

    def close(self) -> None: ...


def parse(rest: str) -> Settings:
    """The words after ``kinect2:``.

    Raises:
        UnsupportedFeatureError
    """
    known = ("streams", "pipeline", "color_size", "min_m", "max_m", "body_index", "isolate")
    words = SourceWords.parse("kinect2", rest, known)
    streams = words.text("streams", ",".join(STREAMS)).split(",")
    if not set(streams) <= set(STREAMS) or len(set(streams)) != len(streams):
        raise words.wrong("streams", f"some of {', '.join(STREAMS)}, with commas between them")
    low, high = words.number("min_m", 0.0, 0.0, _MOST_M), words.number("max_m", _MOST_M, 0.0, _MOST_M)
    if low >= high:
        raise words.wrong("max_m", f"more than min_m, which is {low:g}")
    isolated, body_index = words.switch("isolate", True), words.switch("body_index", False)
    if body_index and isolated:
        raise words.wrong("body_index", "on only with isolate=off: the maps are no stream and stay in their process")
    return Settings(
        words.target,
        tuple(name for name in STREAMS if name in streams),
        words.choice("pipeline", PIPELINES, "auto"),
        words.choice("color_size", ("1920x1080", "960x540"), "1920x1080") == "960x540",
        round(low * 1000),
        round(high * 1000),
        body_index,
        isolated,
    )


def stream_infos(
    settings: Settings, source: str, depth: Intrinsics | None, place: ColorPlace | None
) -> list[StreamInfo]:
    """The streams that were asked for, with what the factory measured."""
    kinds = {"depth": StreamKind.DEPTH, "infrared": StreamKind.INFRARED, "color": StreamKind.COLOR}
    infos = []
    for name in settings.streams:
        color = name == "color"
        width, height = COLOR_SIZE if color else DEPTH_SIZE
        intrinsics, extrinsics = (place.intrinsics, place.extrinsics) if color and place else (None, Extrinsics())
        if color and settings.half:
            width, height = width // 2, height // 2
            intrinsics = None if intrinsics is None else halved(intrinsics)
        infos.append(
            StreamInfo(
                name,
                kinds[name],
                width,
                height,
                "uint8" if color else "uint16",
                FPS,
                unit_m=0.001 if name == "depth" else None,
                intrinsics=intrinsics if color else depth,
                extrinsics=extrinsics,
                camera=source,
            )
        )
    return infos


def millimetres(image: NDArray[Any], settings: Settings) -> NDArray[np.uint16]:
    """Depth, turned round: float32 or uint16 millimetres to uint16; 0 is no reading, or one out of range."""
    counts = whole(image)
    if settings.min_mm > 0:
        counts[counts < settings.min_mm] = 0
    if settings.max_mm < round(_MOST_M * 1000):
        counts[counts > settings.max_mm] = 0
    return counts


def whole(image: NDArray[Any]) -> NDArray[np.uint16]:
    """Turned round and as uint16: float32 is rounded, what does not fit or is no number is 0 or 65535."""
    turned = image[:, ::-1]
    if image.dtype.kind == "f":
        turned = np.nan_to_num(turned, copy=True, nan=0.0, posinf=65535.0, neginf=0.0)
        np.clip(np.rint(turned, out=turned), 0, 65535, out=turned)
    return np.ascontiguousarray(turned, dtype=np.uint16)


def rgb(image: NDArray[np.uint8], settings: Settings) -> NDArray[np.uint8]:
    """Colour, turned round: uint8 (1080, 1920, 4) BGRX to RGB, at half the size where that is asked for."""
    if settings.half:
        size = (COLOR_SIZE[0] // 2, COLOR_SIZE[1] // 2)
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    out = cv2.cvtColor(image, cv2.COLOR_BGRA2RGB)
    return np.asarray(cv2.flip(out, 1, dst=out), np.uint8)
