"""The words that every room speaks: Frame, FrameSet, StreamInfo, Intrinsics, Extrinsics.

Axes are x right, y down, z forward, in metres. Pixel centres lie at integers. Times are integer nanoseconds.
Everything here is frozen; pixels are read-only arrays that keep the sensor's own depth (16 bits stay 16 bits).
"""

from __future__ import annotations

import enum
import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers import distortion as lenses
from drivers.distortion import BROWN_CONRADY, FISHEYE, check_distortion
from drivers.errors import CalibrationError, FrameError

FloatArray = NDArray[np.float64]
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
class Intrinsics:
    """A camera in pixels: a pinhole, and behind it what its lens distorts where that is known.

    ``u = fx x + cx``, ``v = fy y + cy``, for an image of ``width`` x ``height`` px; (x, y) is (X/Z, Y/Z) as the lens
    distorts it.

    Attributes:
        distortion: the coefficients of ``model``, in OpenCV's order; none at all for a pinhole.
        model: a model of :mod:`drivers.distortion`.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    distortion: tuple[float, ...] = ()
    model: str = BROWN_CONRADY

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise CalibrationError(f"an image of {self.width}x{self.height} px is no image")
        if not (math.isfinite(self.fx) and math.isfinite(self.fy) and self.fx > 0 and self.fy > 0):
            raise CalibrationError(
                f"focal lengths must be positive, found fx={self.fx}, fy={self.fy}; check the calibration file"
            )
        if not (math.isfinite(self.cx) and math.isfinite(self.cy)):
            raise CalibrationError(f"the principal point must be finite, found ({self.cx}, {self.cy})")
        check_distortion(self.model, self.distortion)

    @classmethod
    def from_fov(cls, width: int, height: int, horizontal_fov_deg: float) -> Intrinsics:
        """Square pixels, centred principal point; the usual guess where no calibration is known."""
        f = width / 2 / math.tan(math.radians(horizontal_fov_deg) / 2)
        return cls(width, height, f, f, (width - 1) / 2, (height - 1) / 2)

    @property
    def has_distortion(self) -> bool:
        """Whether the lens differs from a pinhole."""
        return self.model == FISHEYE or any(self.distortion)

    def matrix(self) -> FloatArray:
        """The 3 x 3 camera matrix K."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    def project(self, points_m: FloatArray, *, distort: bool = False) -> FloatArray:
        """Points (N, 3) in metres to pixels (N, 2). Points behind the camera give NaN.

        Args:
            distort: to pixels of the picture as the camera gives it, NaN for what the lens cannot show; otherwise to
                those of an ideal pinhole with the same matrix.
        """
        p = np.asarray(points_m, dtype=np.float64).reshape(-1, 3)
        z = np.where(p[:, 2] > 0, p[:, 2], np.nan)
        if distort and self.has_distortion:
            flat = lenses.distort(self.model, self.distortion, p[:, :2] / z[:, None])
            return flat * [self.fx, self.fy] + [self.cx, self.cy]
        return np.stack([self.fx * p[:, 0] / z + self.cx, self.fy * p[:, 1] / z + self.cy], axis=1)

    def back_project(self, pixels: FloatArray, z_m: FloatArray | float, *, undistort: bool = False) -> FloatArray:
        """Pixels (N, 2) at depth z (N,) or scalar in metres to points (N, 3): X = (u - cx) Z / fx.

        Args:
            undistort: the pixels are of the picture as the camera gives it; otherwise of an ideal pinhole.
        """
        uv = np.asarray(pixels, dtype=np.float64).reshape(-1, 2)
        z = np.broadcast_to(np.asarray(z_m, dtype=np.float64), (len(uv),))
        if undistort and self.has_distortion:
            flat = (uv - [self.cx, self.cy]) / [self.fx, self.fy]
            flat = lenses.undistort(self.model, self.distortion, flat)
            return np.stack([flat[:, 0] * z, flat[:, 1] * z, z], axis=1)
        return np.stack([(uv[:, 0] - self.cx) * z / self.fx, (uv[:, 1] - self.cy) * z / self.fy, z], axis=1)

    def distort(self, pixels: FloatArray) -> FloatArray:
        """Pixels (N, 2) of the ideal pinhole to those of the picture as the camera gives it; NaN where it has none."""
        return self.project(self.back_project(pixels, 1.0), distort=True)

    def undistort(self, pixels: FloatArray) -> FloatArray:
        """Pixels (N, 2) of the picture as the camera gives it to those of the ideal pinhole with the same matrix."""
        return self.project(self.back_project(pixels, 1.0, undistort=True))

    def rays(self) -> NDArray[np.float32]:
        """X/Z and Y/Z of every pixel's line of sight, the distortion taken out: (H, W, 2) float32, read-only.

        NaN where nothing can be seen. Computed once for each lens and kept.
        """
        return _rays(self)

    def without_distortion(self) -> Intrinsics:
        """The ideal pinhole with the same matrix."""
        return replace(self, distortion=(), model=BROWN_CONRADY)

    def scaled_to(self, width: int, height: int) -> Intrinsics:
        """For the same picture at another size: binned, shrunk or enlarged, but not cropped.

        Raises:
            CalibrationError: the sides have another ratio (beyond the rounding of a pixel): that picture was cropped.
        """
        if width <= 0 or height <= 0 or abs(width - self.width * height / self.height) >= 1.0:
            raise CalibrationError(
                f"intrinsics for {self.width}x{self.height} px cannot be scaled to {width}x{height}: the sides have "
                "another ratio, so the camera crops its picture in one of them; calibrate at that size"
            )
        sx, sy = width / self.width, height / self.height
        cx, cy = (self.cx + 0.5) * sx - 0.5, (self.cy + 0.5) * sy - 0.5  # a pixel's centre is at an integer
        return replace(self, width=width, height=height, fx=self.fx * sx, fy=self.fy * sy, cx=cx, cy=cy)

    def cropped(self, left: int, top: int, width: int, height: int) -> Intrinsics:
        """For the part of the picture whose first pixel is (left, top); it may reach beyond the picture."""
        return replace(self, width=width, height=height, cx=self.cx - left, cy=self.cy - top)

    def to_json(self) -> dict[str, Any]:
        return {
            "width": self.width,
            "height": self.height,
            "fx": self.fx,
            "fy": self.fy,
            "cx": self.cx,
            "cy": self.cy,
            "distortion": list(self.distortion),
            **({"model": self.model} if self.model != BROWN_CONRADY else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Intrinsics:
        try:
            coefficients = tuple(float(d) for d in data.get("distortion", ()))
            return cls(
                int(data["width"]),
                int(data["height"]),
                float(data["fx"]),
                float(data["fy"]),
                float(data["cx"]),
                float(data["cy"]),
                coefficients,
                str(data.get("model", BROWN_CONRADY)) if coefficients else BROWN_CONRADY,
            )
        except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
            raise CalibrationError(f"intrinsics are incomplete or not numbers ({error}): {dict(data)}") from error


@functools.lru_cache(maxsize=16)
def _rays(lens: Intrinsics) -> NDArray[np.float32]:
    v, u = np.mgrid[0 : lens.height, 0 : lens.width]
    pixels = np.stack([u, v], axis=-1).reshape(-1, 2).astype(np.float64)
    flat = lens.back_project(pixels, 1.0, undistort=True)[:, :2].astype(np.float32)
    rays = flat.reshape(lens.height, lens.width, 2)
    rays.flags.writeable = False
    return rays


@dataclass(frozen=True, slots=True)
class Extrinsics:
    """Where a camera stands in its rig: ``p_rig = rotation @ p_camera + translation_m``."""

    rotation: tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]] = (
        (1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0),
        (0.0, 0.0, 1.0),
    )
    translation_m: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        r = self.matrix()
        if r.shape != (3, 3) or not np.isfinite(r).all():
            raise CalibrationError(
                f"a rotation is 3 x 3 finite numbers, found {self.rotation}; check the calibration file"
            )
        if not np.allclose(r @ r.T, np.eye(3), atol=1e-4) or np.linalg.det(r) < 0:
            raise CalibrationError(
                f"the rotation is not a rotation (det {np.linalg.det(r):.3f}); check the calibration file"
            )
        if len(self.translation_m) != 3 or not all(math.isfinite(t) for t in self.translation_m):
            raise CalibrationError(f"the translation must be three finite metres, found {self.translation_m}")

    @classmethod
    def from_arrays(cls, rotation: FloatArray, translation_m: Sequence[float] | FloatArray) -> Extrinsics:
        r = np.asarray(rotation, dtype=np.float64).reshape(3, 3)
        t = [float(x) for x in translation_m]
        rows = tuple((float(a), float(b), float(c)) for a, b, c in r)
        return cls((rows[0], rows[1], rows[2]), (t[0], t[1], t[2]))

    def matrix(self) -> FloatArray:
        """The 3 x 3 rotation."""
        return np.array(self.rotation, dtype=np.float64)

    def is_identity(self) -> bool:
        return bool(np.allclose(self.matrix(), np.eye(3), atol=1e-9) and not any(self.translation_m))

    def to_rig(self, points_m: FloatArray) -> FloatArray:
        """Camera points (N, 3) to rig points (N, 3), metres."""
        points: FloatArray = np.asarray(points_m, np.float64).reshape(-1, 3) @ self.matrix().T
        points += np.array(self.translation_m)
        return points

    def from_rig(self, points_m: FloatArray) -> FloatArray:
        """Rig points (N, 3) to camera points (N, 3), metres."""
        points: FloatArray = np.asarray(points_m, np.float64).reshape(-1, 3) - np.array(self.translation_m)
        out: FloatArray = points @ self.matrix()
        return out

    def to_json(self) -> dict[str, Any]:
        return {"rotation": [list(row) for row in self.rotation], "translation_m": list(self.translation_m)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Extrinsics:
        try:
            return cls.from_arrays(np.array(data["rotation"], dtype=np.float64), data["translation_m"])
        except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
            raise CalibrationError(f"extrinsics are incomplete or not numbers ({error}): {dict(data)}") from error


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
        device_ns: the instant, on the clock of the stream that leads (see synchronise).
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
