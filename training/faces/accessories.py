"""What is worn or held before the face, and the body below: glasses, hat, mask, hand, torso.

All in the face model's coordinates (cm, y up, z out of the face).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.faces.hair import shell
from training.faces.identity import UPRIGHT, Identity
from training.faces.materials import (
    BLUE,
    CELSIUS,
    NIR,
    RED,
    Material,
    Patch,
    grid_patch,
    tube,
    uniform_patch,
)
from training.faces.model import FaceModel
from training.faces.rasterizer import vertex_normals
from training.faces.regions import Regions, smooth_step


@dataclass(frozen=True, eq=False)
class Lenses:
    """The glass of spectacles: drawn apart from the rest, since one sees through it."""

    vertices: NDArray[np.float32]
    triangles: NDArray[np.int32]
    celsius: float
    color_transmission: float
    """Share of visible light that passes; sunglasses pass little."""
    nir_transmission: float


def glasses(
    person: Identity,
    landmarks: NDArray[np.float32],
    ambient_celsius: float,
    rng: np.random.Generator,
    sunglasses: bool = False,
) -> tuple[list[Patch], Lenses]:
    """Return frame and lenses of `person`, fitted to the landmarks (68, 3) of the head in model coordinates."""
    half_width, half_height, squareness, rim = person.glasses_shape
    celsius = ambient_celsius + rng.uniform(2, 6)
    eyes = landmarks[[36, 39]].mean(axis=0), landmarks[[42, 45]].mean(axis=0)
    plane = max(landmarks[27, 2], landmarks[28, 2]) + 0.3
    angle = np.linspace(0, 2 * np.pi, 33)
    power = 2.0 / squareness
    across = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    upward = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power

    def wrap(x: NDArray) -> NDArray:  # the frame bends back towards the temples
        return -0.02 * np.clip(np.abs(x) - 1.5, 0, None) ** 2

    surfaces = []
    lens_points, lens_triangles = [], []
    inner_edge = []
    for eye in eyes:
        side = np.sign(eye[0])
        center = np.array([eye[0] * 1.02, eye[1] - 0.3, plane])
        ring = np.stack([center[0] + half_width * across, center[1] + half_height * upward, 0 * angle], axis=1)
        ring[:, 2] = plane + wrap(ring[:, 0])
        surfaces.append(tube(ring, rim, 6))
        inner_edge.append(center[0] - side * half_width)
        start = sum(len(points) for points in lens_points)
        lens_points.append(np.vstack([ring.mean(axis=0)[None] + [0, 0, 0.08], ring]))
        k = np.arange(1, len(ring))
        lens_triangles.append(np.stack([0 * k, k, k + 1], axis=1) + start)
        hinge_x = center[0] + side * half_width
        hinge = np.array([hinge_x, center[1] + half_height * 0.45, plane + wrap(np.array(hinge_x))])
        t = np.linspace(0, 1, 10)[:, None]
        temple = hinge * (1 - t) + np.array([side * 7.7, eye[1] + 0.3, 1.0]) * t
        temple[:, 0] += side * 0.5 * np.sin(t[:, 0] * np.pi)
        surfaces.append(tube(temple, rim * 1.1, 5))
    t = np.linspace(0, 1, 9)
    bridge = np.stack(
        [
            inner_edge[0] + (inner_edge[1] - inner_edge[0]) * t,
            landmarks[27, 1] - 0.3 + t * (1 - t),
            plane + 0.1 + 0 * t,
        ],
        axis=1,
    )
    surfaces.append(tube(bridge, rim, 5))
    frame = [
        uniform_patch(
            v, t, Material.FRAME, tuple(person.glasses_color), 0.08 + 0.5 * person.glasses_color.mean(), celsius, 0.3
        )
        for v, t in surfaces
    ]
    transmission = rng.uniform(0.06, 0.3) if sunglasses else rng.uniform(0.86, 0.95)
    lenses = Lenses(
        np.concatenate(lens_points).astype(np.float32),
        np.concatenate(lens_triangles).astype(np.int32),
        celsius,
        transmission,
        # Many dark lenses pass near infrared almost freely.
        rng.uniform(0.3, 0.95) if sunglasses else rng.uniform(0.91, 0.975),
    )
    return frame, lenses


def hat(
    model: FaceModel,
    regions: Regions,
    vertices: NDArray[np.float32],
    normals: NDArray[np.float32],
    ambient_celsius: float,
    rng: np.random.Generator,
) -> list[Patch]:
    """Return a cap or woollen hat, with or without a peak."""
    color = rng.uniform(0.02, 0.7) * rng.uniform(0.5, 1.0, 3)
    nir = rng.uniform(0.1, 0.6)
    level = rng.uniform(5.8, 7.8)
    y, z = model.vertices[:, 1], model.vertices[:, 2]
    over = y - level + 2.0 * smooth_step(-z, 0, 4)
    wanted = (over > 0) & (regions.ears < 0.5)
    thickness = rng.uniform(1.0, 1.7) + 0.15 * regions.noise[int(rng.integers(8, 16))]
    points, triangles, _ = shell(model, wanted, vertices, normals * thickness[:, None].astype(np.float32))
    warm = ambient_celsius + rng.uniform(2.5, 6)
    scale = (rng.uniform(1, 5), rng.uniform(1, 5), rng.uniform(1, 5))
    patches = [uniform_patch(points, triangles, Material.CLOTH, tuple(color), nir, warm, 0.01, scale)]
    if rng.random() < 0.5:
        around = np.linspace(-1.15, 1.15, 24)
        out = np.linspace(0, rng.uniform(5.0, 8.0), 6)[:, None]
        front = vertices[wanted, 2].max() if wanted.any() else 10.0
        drop = rng.uniform(0.006, 0.03)
        peak = np.stack(
            [
                (8.2 + 0.15 * out) * np.sin(around),
                level + 0.3 - drop * out**2 + 0 * around,
                2.5 + (front - 1.9 + out * np.cos(around * 1.1)) * np.cos(around),
            ],
            axis=-1,
        )
        points, triangles = grid_patch(peak)
        patches.append(uniform_patch(points, triangles, Material.CLOTH, tuple(color * 0.9), nir, warm - 2, 0.02))
    return patches


def mask_region(model: FaceModel) -> NDArray[np.bool_]:
    """Return (N,) which vertices a face mask covers: from the nose's bridge to below the chin, to the cheeks' ends."""
    x, y, z = model.vertices.T
    marks = model.vertices[model.landmarks]
    upper = marks[29, 1] + 0.2 - 0.05 * np.abs(x) ** 1.2
    back = np.interp(np.abs(x), [0, 4, 6.5, 7.2], [5.5, 3.5, 3.0, 3.6])
    return model.in_part("face") & (y < upper) & (y > marks[8, 1] - 1.2) & (z > back)


def face_mask(
    model: FaceModel, vertices: NDArray[np.float32], ambient_celsius: float, rng: np.random.Generator
) -> Patch:
    """Return a mask stretched over nose, mouth and chin."""
    wanted = mask_region(model)
    triangles = model.triangles[wanted[model.triangles].all(axis=1)]
    numbers = np.unique(triangles)
    renumber = np.zeros(len(vertices), np.int32)
    renumber[numbers] = np.arange(len(numbers), dtype=np.int32)
    local = renumber[triangles]
    smooth = _relax(vertices[numbers], local, 30)
    lifted = smooth.copy()
    lifted[:, 2] = np.maximum(smooth[:, 2], vertices[numbers, 2] - 0.3)  # cloth spans hollows, it never cuts the nose
    lifted = lifted + 0.45 * vertex_normals(lifted, local)
    color = np.array([[0.35, 0.55, 0.70], [0.78, 0.78, 0.78], [0.03, 0.03, 0.04], [0.25, 0.30, 0.25]])[rng.integers(4)]
    patch = uniform_patch(
        lifted,
        local,
        Material.MASK,
        tuple(color),
        rng.uniform(0.35, 0.65),
        ambient_celsius + 0.55 * (33 - ambient_celsius),
        0.01,
    )
    breath = np.exp(-((lifted[:, :2] - [0, -1.5]) ** 2).sum(axis=1) / 8)
    patch.attributes[:, CELSIUS] += rng.uniform(-1, 3) * breath
    return patch


def _relax(points: NDArray[np.float32], triangles: NDArray[np.int32], rounds: int) -> NDArray[np.float32]:
    """Move every point towards the mean of its neighbors, `rounds` times."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    edges = np.concatenate([edges, edges[:, ::-1]])
    degree = np.maximum(np.bincount(edges[:, 0], minlength=len(points)), 1)[:, None]
    moved = points.astype(np.float64)
    for _ in range(rounds):
        mean = (
            np.stack([np.bincount(edges[:, 0], moved[edges[:, 1], k], len(points)) for k in range(3)], axis=1) / degree
        )
        moved = 0.4 * moved + 0.6 * mean
    return moved.astype(np.float32)


def hand(
    skin: NDArray[np.float32], rng: np.random.Generator, center: NDArray | None = None, turn: float | None = None
) -> list[Patch]:
    """Return a hand with forearm somewhere before the face (or at `center`), fingers spread at random.

    Args:
        turn: angle (radians) in the frontal plane, 0 with the forearm below and before the hand; None: any.
    """
    base = np.array([rng.uniform(-7, 7), rng.uniform(-11, 4), 14 + rng.uniform(0, 5)]) if center is None else center
    any_turn, tip, swing = rng.uniform(-np.pi, np.pi), rng.uniform(-0.6, 0.6), rng.uniform(-0.5, 0.5)
    if turn is None:
        turn = any_turn
    else:
        tip, swing = -0.62, 0.0
    rotation = _rotation(2, turn) @ _rotation(1, swing) @ _rotation(0, tip)
    celsius = rng.uniform(28, 34)

    def limb(start: tuple[float, ...], end: tuple[float, ...], radius: float, bend: float = 0.0) -> Patch:
        t = np.linspace(-0.12, 1.12, 12)
        path = np.array(start) + np.outer(t, np.array(end) - np.array(start))
        path[:, 2] += bend * np.clip(t, 0, 1) ** 2
        rounded = radius * np.sqrt(np.clip(1 - ((t - 0.5) / 0.62) ** 8, 0.0, 1))
        vertices, triangles = tube(path, rounded, 10)
        color = skin * np.array([1.04, 0.96, 0.95], np.float32) * rng.uniform(0.9, 1.08)
        placed = vertices @ rotation.T + base
        return uniform_patch(placed, triangles, Material.HAND, tuple(color), 0.52, celsius, 0.03)

    curl = rng.uniform(-3.5, 0.5)
    spread = rng.uniform(0.9, 1.3)
    patches = [limb((x, -3.6, 0), (x * 1.05, 3.2, 0), 1.35) for x in (-2.7, -1.35, 0.0, 1.35, 2.7)]
    for x, length in ((-3.2, 5.8), (-1.1, 7.4), (1.1, 7.9), (3.2, 7.0)):
        end = (x * spread + rng.normal() * 0.25, 3.0 + length * (1 - 0.05 * abs(curl)), 0)
        patches.append(limb((x, 2.6, 0), end, 0.85, curl))
    patches.append(limb((2.8, -2.0, 0), (6.2, 3.3, -0.5), 0.95))
    patches.append(limb((0, -3.0, 0), (0, -42.0, -3.0), 2.8))
    return patches


def torso(
    ambient_celsius: float,
    rng: np.random.Generator,
    plain: float | None = None,
    neck_cm: float = UPRIGHT.neck,
    open_cm: float = 0.0,
) -> Patch:
    """Return neck opening, shoulders and chest as clothing.

    Args:
        plain: near-infrared reflectance of plain dark cloth; None: any cloth, any color.
        neck_cm: half the width of the neck that the opening lies round.
        open_cm: how much lower the opening lies than where the shoulders' slope begins.
    """
    around = np.linspace(0, 2 * np.pi, 56)
    height = np.array([-12.3, -13.2, -14.2, -15.5, -17, -19, -23, -30, -42, -60]) + rng.uniform(-2.0, 0.8)
    broad = rng.uniform(0.88, 1.15)
    half_width = np.array([6.7, 7.2, 8.2, 11.0, 14.5, 18.2, 21.2, 22.0, 21.0, 21.5]) * broad
    half_depth = np.array([6.8, 7.2, 8.0, 9.4, 10.6, 11.4, 12.2, 12.8, 13.0, 13.0]) * broad
    back = np.array([-0.3, -0.4, -0.5, -0.6, -0.7, -0.8, -0.6, 0, 0, 0])
    height[:4] -= open_cm * np.array([1.0, 0.9, 0.7, 0.3])
    opening = max(neck_cm + 0.5 - half_width[0], 0.0) * np.linspace(1.0, 0.0, 5)
    half_width[:5] += opening
    half_depth[:5] += opening
    if rng.random() < 0.5:  # a collar
        half_width[:2] += 0.7
        half_depth[:2] += 0.7
        height[0] += rng.uniform(0.5, 2.5)
    folds = 1 + 0.012 * np.sin(around * 9 + height[:, None] * 0.5) + 0.008 * rng.normal(size=(10, 56))
    folds[:, -1] = folds[:, 0]  # no gap where the ring closes
    points = np.stack(
        [
            half_width[:, None] * np.sin(around) * folds,
            np.broadcast_to(height[:, None], (10, 56)),
            back[:, None] + half_depth[:, None] * np.cos(around) * folds,
        ],
        axis=-1,
    )
    grid, triangles = grid_patch(points)
    color = rng.uniform(0.02, 0.75) ** 1.4 * rng.uniform(0.4, 1.0, 3)
    scale = tuple(rng.uniform(0.3, 4.0, 3))
    nir = rng.uniform(0.08, 0.7)
    if plain is not None:
        warm = ambient_celsius + 6.0
        return uniform_patch(grid, triangles, Material.CLOTH, (0.04, 0.045, 0.06), plain, warm, 0.008, (0.5, 1.0, 0.5))
    patch = uniform_patch(
        grid, triangles, Material.CLOTH, tuple(color), nir, ambient_celsius + rng.uniform(3.0, 10.0), 0.008, scale
    )
    if rng.random() < 0.45:
        stripes = np.sign(np.sin(grid[:, 1] * rng.uniform(0.5, 2.5) + grid[:, 0] * rng.uniform(0, 2.5)))
        patch.attributes[:, RED : BLUE + 1] *= (1 + 0.4 * stripes)[:, None]
        patch.attributes[:, NIR] *= 1 + rng.uniform(0, 0.3) * stripes
    patch.attributes[:, CELSIUS] += 0.8 * np.sin(grid[:, 0] * 0.5) * np.sin(grid[:, 1] * 0.4)
    return patch


def sleeves(body: Patch, ambient_celsius: float, rng: np.random.Generator) -> list[Patch]:
    """Return both arms in the cloth of `body`, reaching forward and down as to a steering wheel."""
    color, nir = body.attributes[:, RED : BLUE + 1].mean(axis=0), float(body.attributes[:, NIR].mean())
    arms = []
    for side in (-1, 1):
        path = np.array(
            [
                [14.5, -19.5, -1],
                [19.5, -21, -1],
                [22.5, -26, 0.5],
                [24, -36, 3],
                [23.5, -46, 9],
                [19, -50, 22],
                [15, -51, 32],
            ]
        )
        dense = np.stack([np.interp(np.linspace(0, 6, 37), np.arange(7), path[:, k]) for k in range(3)], axis=1)
        dense[:, 0] *= side
        radius = np.interp(np.linspace(0, 6, 37), np.arange(7), [3.0, 5.6, 6.3, 5.8, 5.2, 4.6, 4.0])
        radius = radius * (1 + 0.02 * rng.normal(size=37))
        points, triangles = tube(dense, radius, 20)
        arms.append(
            uniform_patch(
                points, triangles, Material.CLOTH, tuple(color), nir, ambient_celsius + 5.0, 0.008, (0.5, 1, 0.5)
            )
        )
    return arms


def seat_belt(body: Patch, ambient_celsius: float) -> Patch:
    """Return a belt 5 cm wide over the clothes `body`, from the own left shoulder to the right hip."""
    front = body.vertices[body.vertices[:, 2] > 0]
    t = np.linspace(0, 1, 40)
    middle = np.stack([15.0 - 27.0 * t, -14.0 - 40.0 * t], axis=1)
    across = np.array([40.0, -27.0]) / np.hypot(40, 27)
    rows = []
    for offset in (-2.5, 0.0, 2.5):
        edge = middle + offset * across
        squared = ((edge[:, None] - front[None, :, :2]) ** 2).sum(axis=2)
        weight = np.exp(-squared / 8.0) + 1e-9
        height = (weight * front[:, 2]).sum(axis=1) / weight.sum(axis=1)
        rows.append(np.column_stack([edge, height + 1.4]))
    points, triangles = grid_patch(np.stack(rows))
    return uniform_patch(
        points, triangles, Material.CLOTH, (0.03, 0.03, 0.035), 0.18, ambient_celsius + 3.0, 0.03, (1, 9, 1)
    )


def _rotation(axis: int, angle: float) -> NDArray[np.float64]:
    """Right-handed rotation about a coordinate axis."""
    cosine, sine = np.cos(angle), np.sin(angle)
    rotation = np.eye(3)
    i, j = (axis + 1) % 3, (axis + 2) % 3
    rotation[i, i] = rotation[j, j] = cosine
    rotation[i, j], rotation[j, i] = -sine, sine
    return rotation
