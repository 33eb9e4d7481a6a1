"""What the SDK says of a recording's streams, frames and times, in our words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers import distortion
from drivers.errors import DriverError
from drivers.frame import Extrinsics, Intrinsics, StreamInfo, StreamKind
from recordings.errors import SessionImportError

Bytes = NDArray[np.uint8]

_KINDS: Final = {
    ("depth", "z16"): StreamKind.DEPTH,
    ("infrared", "y8"): StreamKind.INFRARED,
    ("infrared", "y16"): StreamKind.INFRARED,
    ("fisheye", "y8"): StreamKind.GRAY,
    ("fisheye", "raw8"): StreamKind.GRAY,
    ("color", "rgb8"): StreamKind.COLOR,
    ("color", "bgr8"): StreamKind.COLOR,
    ("color", "rgba8"): StreamKind.COLOR,
    ("color", "bgra8"): StreamKind.COLOR,
    ("color", "yuyv"): StreamKind.COLOR,
    ("color", "uyvy"): StreamKind.COLOR,
}

_TANGENTIAL: Final = frozenset({"modified_brown_conrady", "inverse_brown_conrady"})
"""Names of what librealsense projects as Brown-Conrady but for the tangential part, which sees radially distorted
points. "Inverse" it inverts nowhere: by that name, too, the coefficients put the distortion in (rsutil.h)."""

_BYTES: Final = dict(z16=2, y16=2, y8=1, raw8=1, rgb8=3, bgr8=3, rgba8=4, bgra8=4, yuyv=2, uyvy=2)  # noqa: C408 - names read better than quoted keys

_TO_RGB: Final[Mapping[str, Callable[[Bytes], NDArray[Any]]]] = {
    "rgb8": lambda a: a,
    "bgr8": lambda a: np.ascontiguousarray(a[:, :, ::-1]),
    "rgba8": lambda a: np.ascontiguousarray(a[:, :, :3]),
    "bgra8": lambda a: np.ascontiguousarray(a[:, :, 2::-1]),
    "yuyv": lambda a: cv2.cvtColor(a, cv2.COLOR_YUV2RGB_YUY2),
    "uyvy": lambda a: cv2.cvtColor(a, cv2.COLOR_YUV2RGB_UYVY),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A stream of the recording: its key in the SDK's words, its format, and what it becomes."""

    key: str
    format: str
    info: StreamInfo

    def pixels(self, head: Mapping[str, Any], data: bytes) -> NDArray[Any]:
        """A frame's bytes to pixels as ``info`` promises them.

        Raises:
            SessionImportError: it has another size than its stream.
        """
        width, height, a_pixel = self.info.width, self.info.height, _BYTES[self.format]
        row = len(data) // height if height and len(data) % height == 0 else 0
        if (head["width"], head["height"]) != (width, height) or row < width * a_pixel:
            raise SessionImportError(
                f"frame {head['number']} of {self.info.name} is {head['width']}x{head['height']} px of {len(data)} "
                f"bytes, its stream is {width}x{height} px of {a_pixel} bytes each; the recording is damaged"
            )
        rows = np.frombuffer(data, np.uint8).reshape(height, row)[:, : width * a_pixel]
        if self.info.kind is StreamKind.COLOR:
            return _TO_RGB[self.format](np.ascontiguousarray(rows).reshape(height, width, a_pixel))
        return np.ascontiguousarray(rows).view(np.dtype(self.info.dtype).newbyteorder("<")).reshape(height, width)


def sources(
    streams: Sequence[Mapping[str, Any]], camera: str, unit_mm: float | None
) -> tuple[tuple[Source, ...], dict[str, str], list[str]]:
    """The streams that can be kept, those that cannot (key -> format), and notes for people.

    Args:
        streams: as the player describes them, the one whose axes are the rig's first.
        camera: name and serial number.
        unit_mm: millimetres a depth count, in place of what the recording says.

    Raises:
        SessionImportError: depth without a unit, or an impossible calibration.
    """
    notes: list[str] = []
    kept: list[Source] = []
    dropped: dict[str, str] = {}
    several = [s["type"] for s in streams if (s["type"], s["format"]) in _KINDS]
    for stream in streams:
        kind = _KINDS.get((stream["type"], stream["format"]))
        if kind is None:
            dropped[stream["key"]] = stream["format"]
            continue
        name = stream["type"] + (str(stream["index"]) if several.count(stream["type"]) > 1 else "")
        try:
            info = StreamInfo(
                name,
                kind,
                stream["width"],
                stream["height"],
                "uint16" if stream["format"] in ("z16", "y16") else "uint8",
                float(stream["fps"]),
                unit_m=_unit(stream, unit_mm) if kind is StreamKind.DEPTH else None,
                intrinsics=_intrinsics(stream, name, notes),
                extrinsics=_extrinsics(stream, name, notes),
                camera=camera,
            )
        except DriverError as error:
            raise SessionImportError(f"the recording describes stream {name} impossibly: {error}") from error
        kept.append(Source(stream["key"], stream["format"], info))
        if stream["format"] in ("yuyv", "uyvy"):
            notes.append(f"{name}: {stream['format'].upper()} converted to RGB")
    return tuple(_registered(kept)), dropped, notes


def _unit(stream: Mapping[str, Any], unit_mm: float | None) -> float:
    if unit_mm is not None:
        return round(unit_mm / 1000, 12)
    if not stream["unit_m"]:
        raise SessionImportError("the recording does not say the unit of its depth; give --unit-mm (D400: usually 1)")
    return float(f"{stream['unit_m']:.6g}")  # the SDK has it as a float of 32 bits


def _intrinsics(stream: Mapping[str, Any], name: str, notes: list[str]) -> Intrinsics | None:
    found = stream["intrinsics"]
    if found is None or not (found["fx"] > 0 and found["fy"] > 0):
        notes.append(f"{name}: the recording has no intrinsics")
        return None
    coefficients = [float(c) for c in found["coefficients"]]
    model, its_name = distortion.BROWN_CONRADY, found["model"]
    if its_name == "kannala_brandt4":
        model, coefficients = distortion.FISHEYE, coefficients[:4]
    elif its_name == "none" or not any(coefficients):
        coefficients = []
    elif its_name in _TANGENTIAL:
        if coefficients[2] or coefficients[3]:
            model = distortion.MODIFIED_BROWN_CONRADY
    elif its_name != "brown_conrady":
        listed = ", ".join(f"{c:g}" for c in coefficients)
        notes.append(f"{name}: distortion {its_name} ({listed}) has no place here; kept as a pinhole without it")
        coefficients = []
    return Intrinsics.from_json({**found, "distortion": coefficients, "model": model})


def _extrinsics(stream: Mapping[str, Any], name: str, notes: list[str]) -> Extrinsics:
    found = stream["extrinsics"]
    if found is None:
        notes.append(f"{name}: the recording does not say where it stands; taken as at the rig's origin")
        return Extrinsics()
    rotation = np.array(found["columns"], np.float64).reshape(3, 3).T
    u, _, vt = np.linalg.svd(rotation)  # 32-bit rounding away
    nearest = u @ vt if np.allclose(u @ vt, rotation, atol=1e-5) else rotation
    if np.array_equal(rotation, np.eye(3)):
        nearest = rotation
    return Extrinsics.from_arrays(nearest, found["translation_m"])


def _registered(kept: Sequence[Source]) -> list[Source]:
    """Depth that shares the pixel grid of colour or infrared says so."""
    out = list(kept)
    for at, source in enumerate(out):
        if source.info.kind is not StreamKind.DEPTH or source.info.intrinsics is None:
            continue
        for kind in (StreamKind.COLOR, StreamKind.INFRARED):
            same = [
                o.info.name
                for o in kept
                if o.info.kind is kind
                and o.info.intrinsics == source.info.intrinsics
                and o.info.extrinsics == source.info.extrinsics
            ]
            if same:
                out[at] = replace(source, info=replace(source.info, registered_to=same[0]))
                break
    return out


class Times:
    """Device and host times of one stream's frames.

    Host times are the computer's arrival times where the recording has them, else the device's. They always rise:
    where the source's do not (two frames in one millisecond, a device clock that went back), they are moved on.
    """

    def __init__(self, fps: float) -> None:
        self._period_ns = round(1e9 / fps) if fps > 0 else 33_333_333
        self._offset_ns = 0
        self._last_ns = -1
        self.moved = 0
        self.arrivals = 0
        self.domains: set[str] = set()

    def of(self, head: Mapping[str, Any]) -> tuple[int, int]:
        """(device, host) in ns of a frame's head.

        Raises:
            SessionImportError: its time is no number.
        """
        if not math.isfinite(head["device_ms"]):
            raise SessionImportError(f"frame {head.get('number')} has the impossible time {head['device_ms']} ms")
        device_ns = round(head["device_ms"] * 1e6)
        self.domains.add(str(head["domain"]))
        if head["host_ms"] is not None:
            self.arrivals += 1
            host_ns = int(head["host_ms"]) * 1_000_000
            if host_ns <= self._last_ns:
                self.moved += host_ns < self._last_ns - 1_000_000
                host_ns = self._last_ns + 1
        else:
            host_ns = device_ns + self._offset_ns
            if host_ns <= self._last_ns:
                self.moved += 1
                host_ns = self._last_ns + self._period_ns
                self._offset_ns = host_ns - device_ns
        self._last_ns = host_ns
        return device_ns, host_ns
