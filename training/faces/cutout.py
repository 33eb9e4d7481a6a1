"""A person as layers: drawn once, then placed in many frames at any distance and beside anybody."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces.crowd_sample import FACE_AHEAD_MM, FACE_BELOW_MM, FACE_MM
from training.faces.expression import draw_expression
from training.faces.identity import draw_identity
from training.faces.light import see, shade
from training.faces.limbs import limbs
from training.faces.materials import CELSIUS, Material
from training.faces.pose import rotation_from_pose
from training.faces.rasterizer import project
from training.faces.scene import Figure, Outfit, Rig, on_body, with_surroundings
from training.faces.studio import SITUATIONS, draw_lighting

SURFACE_BEFORE_CENTER_MM = 95.0
"""So far before the head centre lies the face's surface."""
PLANES = ("red", "green", "blue", "nir", "celsius", "cosine", "echo", "glass", "cover")


@dataclass(frozen=True)
class Shot:
    """How closely a person is drawn: the face's square is `face_px` wide in a window of width x height pixels."""

    face_px: float
    width: int
    height: int
    smallest: float
    largest: float
    """Sizes of the face's square (px) in a frame that this shot is good for."""


SHOTS = (
    (Shot(40.0, 260, 470, 8.0, 56.0), 0.5),
    (Shot(90.0, 340, 460, 50.0, 125.0), 0.32),
    (Shot(170.0, 420, 430, 100.0, 250.0), 0.18),
)


@dataclass(frozen=True, eq=False)
class Cutout:
    """A person in pixels of the shot's window."""

    shot: Shot
    planes: NDArray[np.float32]
    """(height, width, len(PLANES)), all times cover."""
    relief_mm: NDArray[np.float32]
    """(height, width) depth relative to the face's surface; NaN where the person is not."""
    center: tuple[float, float]
    box: tuple[float, float]
    side: float
    pose_deg: tuple[float, float, float]
    identity: int


def draw_cutout(rig: Rig, rng: np.random.Generator, shot: Shot, identity: int, ambient_celsius: float) -> Cutout:
    """Draw person `identity` in any pose, dress and light."""
    person = draw_identity(identity, len(rig.model.identity_modes))
    pose = _pose(rng)
    outfit = _outfit(person.owns_glasses, rng)
    focal = 600.0
    surface_mm = FACE_MM * focal / shot.face_px
    direction = np.array([np.tan(rng.uniform(-0.35, 0.35)), np.tan(rng.uniform(-0.25, 0.25)), 1.0])
    center = direction * (surface_mm + SURFACE_BEFORE_CENTER_MM)
    seed = int(rng.integers(1 << 31))
    follow = rng.uniform(0.2, 0.6) if abs(pose[0]) < 70 else rng.uniform(0.6, 1.0)
    figure = rig.pose_person(
        person, draw_expression(rng), outfit, pose, center, ambient_celsius, seed, body_turn=follow
    )
    figure = _with_limbs(rig, figure, person.skin, pose, follow, ambient_celsius, rng)
    figure = _warmed(figure, rng)
    head = project(figure.head_center_mm[None], np.array([focal, focal, 0, 0], np.float32))[0]
    middle = np.array([shot.width / 2, 0.95 * shot.face_px])  # room for hair and hat above
    intrinsics = np.array([focal, focal, middle[0] - head[0], middle[1] - head[1]], np.float32)
    seen = see(figure, intrinsics, shot.height, shot.width)
    situation = SITUATIONS[rng.choice(len(SITUATIONS), p=[weight for _, weight in SITUATIONS])][0]
    lighting = draw_lighting(rng, situation, surface_mm)
    shaded = shade(figure, intrinsics, shot.height, shot.width, lighting, seed)
    planes = np.dstack(
        [shaded.color, shaded.nir, shaded.celsius, shaded.cosine, shaded.echo, shaded.glass, shaded.cover]
    )
    forward = rotation_from_pose(*pose) @ np.array([0, 0, -FACE_AHEAD_MM], np.float32)
    marks = project(np.stack([figure.head_center_mm, figure.head_center_mm + forward]), intrinsics)
    side = FACE_MM * focal / surface_mm
    return Cutout(
        shot,
        planes.astype(np.float32),
        np.where(seen.nearest >= 0, seen.depth_mm - np.float32(surface_mm), np.nan).astype(np.float32),
        (float(marks[0, 0]), float(marks[0, 1])),
        (float(marks[1, 0]), float(marks[1, 1]) + FACE_BELOW_MM / FACE_MM * side),
        side,
        pose,
        identity,
    )


def scaled(cutout: Cutout, side: float, mirrored: bool) -> Cutout:
    """Return the cutout with a face's square of `side` px, left and right swapped or not."""
    scale = side / cutout.side
    height, width = cutout.relief_mm.shape
    size = (max(round(width * scale), 4), max(round(height * scale), 4))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    thirds = [np.ascontiguousarray(cutout.planes[..., k : k + 3]) for k in (0, 3, 6)]  # OpenCV takes four at most
    planes = np.concatenate([cv2.resize(third, size, interpolation=how) for third in thirds], axis=2)
    relief = cv2.resize(cutout.relief_mm, size, interpolation=cv2.INTER_NEAREST)
    if scale > 1:
        planes = np.clip(planes, 0, None)
        planes[..., -1] = np.clip(planes[..., -1], 0, 1)
    across, along = size[0] / width, size[1] / height

    def at(point: tuple[float, float]) -> tuple[float, float]:
        x, y = (point[0] + 0.5) * across - 0.5, (point[1] + 0.5) * along - 0.5
        return (size[0] - 1 - x if mirrored else x), y

    yaw, pitch, roll = cutout.pose_deg
    if mirrored:
        planes, relief = np.ascontiguousarray(planes[:, ::-1]), np.ascontiguousarray(relief[:, ::-1])
        yaw, roll = -yaw, -roll
    return Cutout(
        cutout.shot,
        planes,
        relief,
        at(cutout.center),
        at(cutout.box),
        cutout.side * (across + along) / 2,
        (yaw, pitch, roll),
        cutout.identity,
    )


def _pose(rng: np.random.Generator) -> tuple[float, float, float]:
    """Yaw, pitch, roll: mostly toward the camera, a quarter to the side, a fifth turned away."""
    kind = rng.random()
    side = rng.choice([-1, 1])
    yaw = rng.normal(0, 24) if kind < 0.55 else side * rng.uniform(25, 100 if kind < 0.8 else 180)
    return (
        float(np.clip(yaw, -180, 180)),
        float(np.clip(rng.normal(-3, 15), -45, 40)),
        float(np.clip(rng.normal(0, 10), -40, 40)),
    )


def _outfit(owns_glasses: bool, rng: np.random.Generator) -> Outfit:
    wears = rng.random() < (0.75 if owns_glasses else 0.08)
    dark = wears and rng.random() < 0.15
    return Outfit(
        glasses=wears and not dark,
        sunglasses=dark,
        hat=bool(rng.random() < 0.17),
        mask=bool(rng.random() < 0.14),
        hands=int(rng.random() < 0.07),
    )


def _with_limbs(
    rig: Rig,
    figure: Figure,
    skin: NDArray[np.float32],
    pose: tuple[float, float, float],
    follow: float,
    ambient_celsius: float,
    rng: np.random.Generator,
) -> Figure:
    """Add arms and legs below the neck, turned as the body is."""
    placed = on_body(rig, figure, limbs(skin, ambient_celsius, rng), pose, follow)
    return with_surroundings(figure, placed)


def _warmed(figure: Figure, rng: np.random.Generator) -> Figure:
    """Clothes that have been worn for a while, or are thin, are nearly as warm as skin."""
    if rng.random() < 0.4:
        return figure
    cloth = np.unique(figure.triangles[figure.material == Material.CLOTH])
    share, skin = rng.uniform(0, 0.75), rng.uniform(31, 34)
    figure.attributes[cloth, CELSIUS] += share * np.maximum(skin - figure.attributes[cloth, CELSIUS], 0)
    return figure
