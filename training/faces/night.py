"""What the rendered night sessions share: cameras, keyed motion, sensors, and the truth of one person in a frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Extrinsics, Intrinsics
from pipeline.steps.landmarks import box_of
from recordings.observation import HeadPose
from recordings.samples.truth import MarksTruth, PersonTruth
from training.faces import sensors
from training.faces.expression import Expression
from training.faces.light import SHADOW_MM, SHADOW_SIZE, Lighting, Shaded, Visible, shade
from training.faces.rasterizer import project
from training.faces.regions import smooth_step
from training.faces.scene import Figure, moved
from training.faces.studio import visible_landmarks

Plane = NDArray[np.float32]
Keys = tuple[tuple[float, float], ...]
"""(time, value), by time."""
NO_LIGHT = Lighting(
    directions=np.array([[0, -1, 0]], np.float32),
    colors=np.zeros((1, 3), np.float32),
    nir=np.zeros(1, np.float32),
    sky=np.zeros(3, np.float32),
    ground=np.zeros(3, np.float32),
    ambient_nir=0.0,
    ring=0.0,
)
"""For a thermal camera: it needs none."""


@dataclass(frozen=True)
class Camera:
    """One camera of the rig; the rig's axes are those of the depth and infrared camera."""

    intrinsics: Intrinsics
    extrinsics: Extrinsics

    @classmethod
    def aside(cls, intrinsics: Intrinsics, x_m: float, turn_deg: float = 0.0) -> Camera:
        """A camera ``x_m`` beside the rig's origin, turned about the vertical; positive looks to the right."""
        turn = np.radians(turn_deg)
        rotation = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
        return cls(intrinsics, Extrinsics.from_arrays(rotation, (x_m, 0.0, 0.0)))

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.intrinsics.height, self.intrinsics.width

    def pinhole(self) -> NDArray[np.float32]:
        """(fx, fy, cx, cy)."""
        lens = self.intrinsics
        return np.array([lens.fx, lens.fy, lens.cx, lens.cy], np.float32)

    def own(self, figure: Figure) -> Figure:
        """The figure in this camera's axes."""
        matrix = self.extrinsics.matrix()
        shift = -matrix.T @ np.array(self.extrinsics.translation_m) * 1000
        return moved(figure, matrix.T.astype(np.float32), shift.astype(np.float32))

    def pose(self, in_rig: HeadPose) -> HeadPose:
        """A head's pose in this camera's axes."""
        return HeadPose.from_rotation(self.extrinsics.matrix().T @ in_rig.rotation())


def at(keys: Keys, time_s: float) -> float:
    """The value at a time: smooth between the keys, still before the first and after the last."""
    times = [key[0] for key in keys]
    after = int(np.clip(np.searchsorted(times, time_s, side="right"), 1, len(keys) - 1))
    (start, low), (end, high) = keys[after - 1], keys[after]
    t = float(np.clip((time_s - start) / (end - start), 0, 1))
    return low + (high - low) * t * t * (3 - 2 * t)


@dataclass(frozen=True, eq=False)
class Action:
    """What somebody does at an instant: expression, yaw, pitch and roll, head centre (3,) in camera axes, mm."""

    expression: Expression
    pose_deg: tuple[float, float, float]
    center_mm: NDArray[np.float32]


@dataclass(frozen=True)
class Blink:
    """Eyes that close from ``begin_s`` on, within ``closing`` seconds, stay ``closed`` and open within ``opening``."""

    begin_s: float
    closing: float = 0.10
    closed: float = 0.06
    opening: float = 0.16

    @property
    def end_s(self) -> float:
        return self.begin_s + self.closing + self.closed + self.opening

    def weight(self, time_s: float) -> float:
        """0..1, how far the lids have come down."""
        since = time_s - self.begin_s
        if since <= self.closing:
            return float(np.clip(since / self.closing, 0, 1))
        return float(np.clip(1 - (since - self.closing - self.closed) / self.opening, 0, 1))


def shade_person(figure: Figure, camera: Camera, seen: Visible, lighting: Lighting, seed: int) -> Shaded:
    """Light a figure with the first light's shadow where the shadow's map reaches: on the head and round it.

    The map is SHADOW_SIZE texels wide about the head centre and repeats its rim beyond, which would lay a shadow with
    a straight edge over bodies and seats; there the same light comes without a shadow.
    """
    pinhole = camera.pinhole()
    shadowed = shade(figure, pinhole, *camera.size, lighting, seed)
    open_air = replace(
        lighting,
        directions=np.concatenate([lighting.directions[:1], lighting.directions]),
        colors=np.concatenate([np.zeros_like(lighting.colors[:1]), lighting.colors]),
        nir=np.concatenate([np.zeros_like(lighting.nir[:1]), lighting.nir]),
    )
    plain = shade(figure, pinhole, *camera.size, open_air, seed)
    depth = np.where(np.isfinite(seen.depth_mm), seen.depth_mm, 1e6)
    rows, columns = np.mgrid[: camera.size[0], : camera.size[1]].astype(np.float32)
    fx, fy, cx, cy = pinhole
    place = np.dstack([(columns - cx) / fx * depth, (rows - cy) / fy * depth, depth]) - figure.head_center_mm
    reach = SHADOW_SIZE * SHADOW_MM / 2
    far = smooth_step(np.linalg.norm(place, axis=2), 0.6 * reach, 0.9 * reach).astype(np.float32)
    return replace(
        shadowed,
        color=shadowed.color * (1 - far[..., None]) + plain.color * far[..., None],
        nir=shadowed.nir * (1 - far) + plain.nir * far,
    )


# ---- sensors that do not change from frame to frame ----


def read_infrared(light: Plane, rng: np.random.Generator, gain: float) -> NDArray[np.uint8]:
    """What an infrared camera with a fixed gain makes of the light: optics, veiling glare, little noise."""
    blurred = cv2.GaussianBlur(light, (0, 0), 0.45) + 0.02 * cv2.GaussianBlur(light, (0, 0), 9.0)
    counts: NDArray[np.uint8] = sensors.expose_nir(
        blurred.astype(np.float32), rng, gain=gain, read_noise=0.4, shot_noise=0.055
    )
    return counts


def read_depth(
    depth_mm: Plane, echo: Plane, glass: NDArray[np.bool_], rng: np.random.Generator, limit_mm: float
) -> NDArray[np.uint16]:
    """What a good time-of-flight camera reads up to its range; `echo` is reflectance times cosine."""
    in_range = np.where(depth_mm < limit_mm, depth_mm, np.inf).astype(np.float32)
    read: NDArray[np.uint16] = sensors.time_of_flight(
        in_range, echo, glass, rng, strength=0.22, weakest_echo=(0.006, 0.15), edge_shares=(0.55, 0.03)
    )
    return read


def read_thermal(
    celsius: Plane,
    cosine: Plane,
    cover: Plane,
    rng: np.random.Generator,
    ambient_celsius: float,
    pattern_seed: int,
    kelvin_step: float,
) -> NDArray[np.uint16]:
    """What an uncooled thermal camera reads in counts of `kelvin_step` kelvin.

    Its lens is softer than its pixels; skin and cloth emit less at a slant and mirror the surroundings; every pixel
    has its own small offset that stays (`pattern_seed`), and the columns flicker.

    Args:
        cosine: (H, W) between normal and line of sight, times `cover`.
        cover: (H, W) share of the pixel that surfaces cover.
    """
    slant = np.clip(1 - cosine / np.maximum(cover, 1e-3), 0, 1)
    emissivity = np.where(cover > 0.5, 0.98 * (1 - 0.3 * slant**4), 0.95).astype(np.float32)
    pattern = np.random.default_rng([pattern_seed, 53]).standard_normal(celsius.shape, dtype=np.float32)
    hundredths = sensors.read_kelvin(
        cv2.GaussianBlur(celsius, (0, 0), 0.6).astype(np.float32) + np.float32(0.03) * pattern,
        cv2.GaussianBlur(emissivity, (0, 0), 0.6).astype(np.float32),
        rng,
        ambient_celsius=ambient_celsius,
        netd_kelvin=0.03,
        column_kelvin=0.01,
    )
    counts: NDArray[np.uint16] = np.round(hundredths / (100 * kelvin_step)).astype(np.uint16)
    return counts


# ---- truth ----


def marks_of(figure: Figure, camera: Camera, seen: Visible, nearest_mm: Plane) -> MarksTruth:
    """The landmarks of a figure (in the camera's own axes) in its pixels.

    Args:
        seen: the figure alone.
        nearest_mm: (H, W) depth of whatever is nearest in the whole scene, inf where nothing is.
    """
    points, visible = visible_landmarks(figure, camera.pinhole(), seen)
    height, width = camera.size
    column = np.clip(np.round(points[:, 0]).astype(int), 0, width - 1)
    row = np.clip(np.round(points[:, 1]).astype(int), 0, height - 1)
    behind = nearest_mm[row, column] < np.where(np.isfinite(seen.depth_mm), seen.depth_mm, 0)[row, column] - 20.0
    return MarksTruth(box_of(points), points.astype(np.float32), visible & ~behind)


def person_of(
    number: int,
    figure: Figure,
    camera: Camera,
    seen: Visible,
    pose_deg: tuple[float, float, float],
    gaze_deg: tuple[float, float],
    marks: Mapping[str, MarksTruth],
    masked: bool = False,
    glasses: bool = False,
) -> PersonTruth:
    """The truth of one person; figure, camera and `seen` (the figure alone) are those of the rig's own camera."""
    center = figure.head_center_mm
    column, row = np.round(project(center[None], camera.pinhole())[0, :2]).astype(int)
    height, width = camera.size
    own = seen.depth_mm[row, column] if 0 <= column < width and 0 <= row < height else np.inf
    surface_mm = float(own) if np.isfinite(own) else float(center[2])
    x, y, z = (float(c) / 1000 for c in center)
    right, left = (float(o) for o in figure.openness)
    return PersonTruth(
        id=number,
        head_center_m=(x, y, z),
        distance_m=surface_mm / 1000,
        pose=HeadPose(*(float(a) for a in pose_deg)),
        openness=(right, left),
        gaze_deg=gaze_deg,
        marks=marks,
        masked=masked,
        glasses=glasses,
    )
