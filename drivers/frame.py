"""The words that every room speaks: Frame, FrameSet, StreamInfo, Intrinsics, Extrinsics.

Axes are x right, y down, z forward, in metres. Pixel centres lie at integers. Times are integer nanoseconds.
Everything here is frozen; pixels are read-only arrays that keep the sensor's own depth (16 bits stay 16 bits).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers.errors import CalibrationError, FrameError
from drivers.geometry import Extrinsics, FloatArray, Intrinsics

__all__ = [
    "Extrinsics",
    "FloatArray",
    "Frame",
    "FrameFlag",
    "FrameSet",
    "Intrinsics",
    "KelvinMap",
    "Pixels",
    "StreamInfo",
    "StreamKind",
]

Pixels = NDArray[Any]


class StreamKind(enum.StrEnum):
    """What the pixels of a stream mean, and with it their dtype and shape."""

    COLOR = "color"  # uint8 H x W x 3, RGB
    GRAY = "gray"  # uint8 or uint16 H x W, visible or low-light
    INFRARED = "infrared"  # uint8 or uint16 H x W, near infrared under the camera's own light
    DEPTH = "depth"  # uint16 H x W, counts of `unit_m` metres along z, 0 = no reading
    THERMAL = "thermal"  # uint16 H x W, counts with a linear map to kelvin, or not radiometric


_DTYPES: dict[StreamKind, tuple[str, ...]] = {
    StreamKind.COLOR: ("uint8",),
    StreamKind.GRAY: ("uint8", "uint16"),
    StreamKind.INFRARED: ("uint8", "uint16"),
    StreamKind.DEPTH: ("uint16",),
    StreamKind.THERMAL: ("uint16",),
}


class FrameFlag(enum.IntFlag):
    """What is known to be wrong with a frame."""

    NONE = 0
    STALE = 1  # repeats an earlier frame, or is older than the rig allows
    SHUTTER = 2  # taken while a thermal camera's shutter was closed (flat-field correction)
    DROPPED_BEFORE = 4  # at least one frame was lost between the previous one and this
    LOSSY = 8  # the pixels went through a lossy codec
    GENERATED = 16  # a model imagined these pixels


@dataclass(frozen=True, slots=True)
class KelvinMap:
    """The linear map of a radiometric thermal camera: ``kelvin = counts * gain + offset``."""

    gain: float
    offset: float = 0.0

    def kelvin(self, counts: NDArray[Any]) -> FloatArray:
        """Counts of any shape to kelvin, float64 of the same shape."""
        kelvin: FloatArray = np.asarray(counts, dtype=np.float64) * self.gain + self.offset
        return kelvin

    def celsius(self, counts: NDArray[Any]) -> FloatArray:
        """Counts of any shape to degrees Celsius, float64 of the same shape."""
        celsius: FloatArray = self.kelvin(counts) - 273.15
        return celsius


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """A series of frames of one kind from one camera.

    Attributes:
        name: unique in the rig, e.g. ``depth`` or ``cabin/infrared``.
        kind: what the pixels mean.
        width, height: pixels.
        dtype: ``uint8`` or ``uint16``.
        fps: nominal frames a second, 0 when unknown.
        unit_m: depth only: metres a count.
        kelvin: thermal only: the map to kelvin; None means not radiometric.
        intrinsics: None when nobody calibrated the camera.
        extrinsics: pose in the rig; streams of one sensor share it.
        registered_to: name of the stream whose pixel grid this one shares (registered depth, say).
        camera: the source it came from, for people.
        clock: streams with the same word here (the empty one, too) share a device clock: their device times can be
            compared as they are.
    """

    name: str
    kind: StreamKind
    width: int
    height: int
    dtype: str
    fps: float = 0.0
    unit_m: float | None = None
    kelvin: KelvinMap | None = None
    intrinsics: Intrinsics | None = None
    extrinsics: Extrinsics = field(default_factory=Extrinsics)
    registered_to: str | None = None
    camera: str = ""
    clock: str = ""

    def __post_init__(self) -> None:
        if not self.name or any(c.isspace() for c in self.name):
            raise FrameError(f"a stream needs a name without spaces, found {self.name!r}")
        if self.width <= 0 or self.height <= 0:
            raise FrameError(f"stream {self.name}: {self.width}x{self.height} px is no image")
        if self.dtype not in _DTYPES[self.kind]:
            raise FrameError(
                f"stream {self.name}: {self.kind} pixels are {' or '.join(_DTYPES[self.kind])}, found {self.dtype}"
            )
        if self.kind is StreamKind.DEPTH and not (self.unit_m and self.unit_m > 0):
            raise FrameError(f"stream {self.name}: depth needs its unit in metres a count, found {self.unit_m}")
        if self.kind is not StreamKind.DEPTH and self.unit_m is not None:
            raise FrameError(f"stream {self.name}: only depth has a unit, found one on {self.kind}")
        if self.kind is not StreamKind.THERMAL and self.kelvin is not None:
            raise FrameError(f"stream {self.name}: only thermal has a map to kelvin, found one on {self.kind}")
        if self.intrinsics and (self.intrinsics.width, self.intrinsics.height) != (self.width, self.height):
            raise CalibrationError(
                f"stream {self.name} is {self.width}x{self.height} px but its intrinsics are for "
                f"{self.intrinsics.width}x{self.intrinsics.height}; scale or replace the calibration"
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the pixel array."""
        return (self.height, self.width, 3) if self.kind is StreamKind.COLOR else (self.height, self.width)

    @property
    def is_radiometric(self) -> bool:
        return self.kelvin is not None

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind.value,
            "width": self.width,
            "height": self.height,
            "dtype": self.dtype,
            "fps": self.fps,
            "unit_m": self.unit_m,
            "kelvin": None if self.kelvin is None else {"gain": self.kelvin.gain, "offset": self.kelvin.offset},
            "intrinsics": None if self.intrinsics is None else self.intrinsics.to_json(),
            "extrinsics": self.extrinsics.to_json(),
            "registered_to": self.registered_to,
            "camera": self.camera,
            **({"clock": self.clock} if self.clock else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> StreamInfo:
        try:
            kelvin = data.get("kelvin")
            intrinsics = data.get("intrinsics")
            extrinsics = data.get("extrinsics")
            return cls(
                name=str(data["name"]),
                kind=StreamKind(data["kind"]),
                width=int(data["width"]),
                height=int(data["height"]),
                dtype=str(data["dtype"]),
                fps=float(data.get("fps", 0.0)),
                unit_m=None if data.get("unit_m") is None else float(data["unit_m"]),
                kelvin=None if kelvin is None else KelvinMap(float(kelvin["gain"]), float(kelvin["offset"])),
                intrinsics=None if intrinsics is None else Intrinsics.from_json(intrinsics),
                extrinsics=Extrinsics() if extrinsics is None else Extrinsics.from_json(extrinsics),
                registered_to=data.get("registered_to"),
                camera=str(data.get("camera", "")),
                clock=str(data.get("clock", "")),
            )
        except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
            raise FrameError(f"a stream's description is incomplete or wrong ({error}): {dict(data)}") from error


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One image of one stream.

    Attributes:
        info: the stream it belongs to.
        pixels: read-only array of ``info.shape`` and ``info.dtype``.
        number: the camera's own count, rising by one when nothing is lost.
        device_ns: the camera's clock.
        host_ns: our clock (Unix epoch) when the frame reached us; strictly rising within a stream.
        flags: what is known to be wrong with it.
        encoded: the camera's own JPEG bytes, of which ``pixels`` is the decoding: recorded in place of the pixels.
    """

    info: StreamInfo
    pixels: Pixels
    number: int
    device_ns: int
    host_ns: int
    flags: FrameFlag = FrameFlag.NONE
    encoded: bytes | None = None

    def __post_init__(self) -> None:
        if self.pixels.shape != self.info.shape or self.pixels.dtype.name != self.info.dtype:
            raise FrameError(
                f"stream {self.info.name} promises {self.info.dtype} {self.info.shape}, "
                f"frame {self.number} is {self.pixels.dtype.name} {self.pixels.shape}"
            )
        if self.pixels.flags.writeable:
            # A view is frozen, not the caller's array: who keeps a writable array may still write into it.
            view = self.pixels.view()
            view.flags.writeable = False
            object.__setattr__(self, "pixels", view)

    @property
    def stream(self) -> str:
        return self.info.name

    @property
    def kind(self) -> StreamKind:
        return self.info.kind

    def depth_m(self) -> NDArray[np.float32]:
        """Depth pixels in metres (H, W) float32, NaN where there is no reading.

        Raises:
            FrameError: when this is no depth frame.
        """
        if self.kind is not StreamKind.DEPTH or self.info.unit_m is None:
            raise FrameError(f"stream {self.stream} is {self.kind}, not depth")
        metres = self.pixels.astype(np.float32) * np.float32(self.info.unit_m)
        metres[self.pixels == 0] = np.nan
        return metres

    def celsius(self) -> FloatArray:
        """Thermal pixels in degrees Celsius (H, W) float64.

        Raises:
            FrameError: when this is no thermal frame, or the camera is not radiometric.
        """
        if self.kind is not StreamKind.THERMAL:
            raise FrameError(f"stream {self.stream} is {self.kind}, not thermal")
        if self.info.kelvin is None:
            raise FrameError(f"stream {self.stream} is not radiometric: its counts are no temperatures")
        return self.info.kelvin.celsius(self.pixels)


@dataclass(frozen=True, slots=True, eq=False)
class FrameSet:
    """The frames of a rig that belong to one instant.

    Attributes:
        number: counts FrameSets from 0 in the order of time.
        device_ns: the instant, on the clock of the stream that leads (see synchronise); on ours where the streams have
            several clocks.
        frames: stream name -> frame, in the order of the rig's streams; at most one a stream.
        skew_ns: largest distance of a member's device time from the instant.
        missing: names of streams that had no frame for this instant.
    """

    number: int
    device_ns: int
    frames: Mapping[str, Frame]
    skew_ns: int = 0
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.frames:
            raise FrameError("a FrameSet holds at least one frame")
        object.__setattr__(self, "frames", MappingProxyType(dict(self.frames)))

    @property
    def host_ns(self) -> int:
        """When the last of its frames reached us."""
        return max(f.host_ns for f in self.frames.values())

    def first(self, *kinds: StreamKind) -> Frame | None:
        """The first frame of the first of these kinds that is there."""
        for kind in kinds:
            for frame in self.frames.values():
                if frame.kind is kind:
                    return frame
        return None
