"""A street as surfaces, in the axes of a camera beside the pavement (mm, y down, z ahead).

A brick wall and a poster on the left, a hedge on the right, a lamp post, a bin, a parked car, and houses across the
road with lit windows and a shop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.faces.cabin import cushion, quad
from training.faces.materials import CELSIUS, NIR, RED, Material, Patch, grid_patch, tube, uniform_patch

AIR_CELSIUS = 6.0
GROUND_MM = 1620.0
"""The camera's height above the pavement."""
POST_LAMP_MM = (-620.0, -1750.0, 6700.0)
"""Where the lamp post has its light."""
GRAIN_PER_MM = (0.05, 0.05, 0.05)
Rgb = tuple[float, float, float]
Glow = tuple[Rgb, float]
"""Light of a surface's own: linear red, green, blue, and near infrared."""
DARK: Glow = ((0.0, 0.0, 0.0), 0.0)


class _Stage:
    """Collects surfaces."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.surfaces: list[tuple[Patch, Glow]] = []
        self._rng = rng

    def add(
        self,
        surface: tuple[NDArray[np.float32], NDArray[np.int32]],
        color: Rgb,
        nir: float,
        warmer: float = 0.0,
        own: Glow = DARK,
        shine: float = 0.0,
    ) -> Patch:
        """Add a surface that is `warmer` than the air, and return it."""
        celsius = AIR_CELSIUS + warmer + self._rng.normal(0, 0.2)
        patch = uniform_patch(*surface, Material.CLOTH, color, nir, celsius, shine, GRAIN_PER_MM)
        self.surfaces.append((patch, own))
        return patch


def street(rng: np.random.Generator) -> list[tuple[Patch, Glow]]:
    """Return every surface, and the light of its own."""
    stage = _Stage(rng)
    ground = GROUND_MM
    stage.add(quad((-4000, ground, 6300), (5000, ground, 6300), (-4000, ground, 1500), (5000, ground, 1500), 40),
        (0.16, 0.155, 0.15), 0.28, 1.5)  # fmt: skip
    kerb = ground + 110
    stage.add(
        quad((-9000, ground, 6300), (9000, ground, 6300), (-9000, kerb, 6290), (9000, kerb, 6290)), (0.3,) * 3, 0.4, 1
    )
    stage.add(quad((-12000, kerb, 12500), (12000, kerb, 12500), (-12000, kerb, 6300), (12000, kerb, 6300), 40),
        (0.05, 0.05, 0.052), 0.12, 3.0)  # fmt: skip
    for x in range(-9000, 9000, 3000):  # the line in the middle of the road
        y, end = kerb - 3, x + 1500
        stage.add(quad((x, y, 9500), (end, y, 9500), (x, y, 9350), (end, y, 9350)), (0.6, 0.6, 0.58), 0.6, 3.0)
    stage.add(quad((-12000, ground, 14000), (12000, ground, 14000), (-12000, ground, 12500), (12000, ground, 12500)),
        (0.15, 0.15, 0.15), 0.28, 1.5)  # fmt: skip
    _houses(stage, rng)
    _brick_wall(stage, rng)
    _lamp_post(stage)
    _parked_car(stage)
    _hedge(stage, rng)
    stage.add(
        cushion((-560.0, ground - 430.0, 5600.0), (190.0, 430.0, 190.0), 4.5), (0.05, 0.09, 0.06), 0.2, 0.5
    )  # a bin
    return stage.surfaces


def _houses(stage: _Stage, rng: np.random.Generator) -> None:
    far, ground = 14000.0, GROUND_MM
    for left, right, color, nir in (
        (-12000, -3300, (0.30, 0.22, 0.16), 0.4),
        (-3300, 1400, (0.35, 0.33, 0.30), 0.45),
        (1400, 12000, (0.22, 0.20, 0.22), 0.35),
    ):
        stage.add(
            quad((left, -6500, far), (right, -6500, far), (left, ground, far), (right, ground, far), 30), color, nir, 3
        )
    for x in (-9600, -7600, -5600, -2600, -1000, 600, 6600, 8800):
        for y, storey in ((-900.0, 0), (-3900.0, 1)):
            lit = rng.random() < 0.4
            warm = rng.uniform(0.5, 1.0)
            own = ((0.55 * warm, 0.40 * warm, 0.20 * warm), 0.05 * warm) if lit else DARK
            z = far - 60
            frame = quad((x - 60, y - 60, z), (x + 1060, y - 60, z), (x - 60, y + 1560, z), (x + 1060, y + 1560, z))
            stage.add(frame, (0.5, 0.5, 0.48), 0.5, 3.5)
            pane = quad((x, y, z - 5), (x + 1000, y, z - 5), (x, y + 1500, z - 5), (x + 1000, y + 1500, z - 5))
            stage.add(pane, (0.03, 0.03, 0.035), 0.05, 6.0 if lit else -1.0 + storey, own)
            bar = quad((x + 470, y, z - 8), (x + 530, y, z - 8), (x + 470, y + 1500, z - 8), (x + 530, y + 1500, z - 8))
            stage.add(bar, (0.5, 0.5, 0.48), 0.5, 3.5)
    door = quad((-4500, -600, far - 40), (-3500, -600, far - 40), (-4500, ground, far - 40), (-3500, ground, far - 40))
    stage.add(door, (0.08, 0.03, 0.02), 0.3, 2.0)
    z = far - 50  # the shop: one long lit window with shelves
    glass = quad((2000, -900, z), (5600, -900, z), (2000, 900, z), (5600, 900, z))
    stage.add(glass, (0.05,) * 3, 0.05, 7.0, ((0.75, 0.80, 0.88), 0.06))
    for y in (-250.0, 350.0):
        stage.add(
            quad((2000, y, z - 6), (5600, y, z - 6), (2000, y + 90, z - 6), (5600, y + 90, z - 6)), (0.1,) * 3, 0.2, 5
        )
    sign = quad((2000, -1500, z - 20), (5600, -1500, z - 20), (2000, -1050, z - 20), (5600, -1050, z - 20))
    stage.add(sign, (0.3, 0.05, 0.05), 0.3, 5.0, ((0.5, 0.10, 0.06), 0.02))


def _brick_wall(stage: _Stage, rng: np.random.Generator) -> None:
    x, near, far, top = -1300.0, 2700.0, 6200.0, -2600.0
    columns, rows = int((far - near) / 31), int((GROUND_MM - top) / 25)
    along, down = np.linspace(near, far, columns), np.linspace(top, GROUND_MM, rows)
    z, y = np.meshgrid(along, down)
    course = np.floor(y / 75.0)
    brick = np.floor((z + 125.0 * (course % 2)) / 250.0)
    mortar = (np.mod(y, 75.0) < 14) | (np.mod(z + 125.0 * (course % 2), 250.0) < 16)
    tone = np.random.default_rng(int(rng.integers(1 << 31))).uniform(0.6, 1.3, (64, 64))
    shade_of = tone[course.astype(int) % 64, brick.astype(int) % 64]
    patch = stage.add(grid_patch(np.stack([np.full_like(z, x), y, z], axis=-1)), (0.30, 0.14, 0.10), 0.35, 3.5)
    patch.attributes[:, RED : NIR + 1] *= np.where(mortar, 1.2, shade_of).reshape(-1, 1)
    patch.attributes[:, CELSIUS] += 0.4 * (shade_of.reshape(-1) - 1)
    poster = quad((x + 12, -500, 3500), (x + 12, -500, 4300), (x + 12, 550, 3500), (x + 12, 550, 4300), 40)
    paper = stage.add(poster, (0.55, 0.52, 0.45), 0.6, 3.0)
    lines = np.mod(paper.vertices[:, 1] + 500, 150) < 60
    paper.attributes[lines & (paper.vertices[:, 2] > 3600), RED : NIR + 1] *= 0.3


def _lamp_post(stage: _Stage) -> None:
    x, y, z = POST_LAMP_MM
    post = np.array([[x, GROUND_MM, z], [x, 0.0, z], [x, y + 150, z]])
    stage.add(tube(post, np.array([75.0, 55.0, 45.0]), 14), (0.06, 0.07, 0.07), 0.2, 0.5)
    stage.add(cushion((x, y - 130.0, z), (230.0, 60.0, 230.0), 2.6), (0.05,) * 3, 0.2, 9.0)
    stage.add(cushion((x, y, z), (140.0, 130.0, 140.0), 2.4), (0.6,) * 3, 0.6, 22.0, ((4.2, 3.0, 1.6), 0.6))


def _parked_car(stage: _Stage) -> None:
    x, ground, z = 900.0, GROUND_MM + 110.0, 8000.0
    body = stage.add(
        cushion((x, ground - 570.0, z), (2150.0, 330.0, 850.0), 5.0), (0.10, 0.12, 0.16), 0.25, -1, shine=0.08
    )
    bonnet = np.exp(-(((body.vertices[:, 0] - (x - 1500)) / 600) ** 2)) * (body.vertices[:, 1] < ground - 600)
    body.attributes[:, CELSIUS] += 13.0 * bonnet  # it has not stood there for long
    glass = stage.add(
        cushion((x + 150, ground - 1080.0, z), (1200.0, 330.0, 720.0), 3.4), (0.015,) * 3, 0.04, -5, shine=0.10
    )
    roof = glass.vertices[:, 1] < ground - 1330
    glass.attributes[roof, RED : NIR + 1] = (0.10, 0.12, 0.16, 0.25)
    for pillar in (-700.0, 150.0, 1050.0):
        bottom, top = x + pillar + 150, x + 0.75 * pillar + 150
        side = np.array([[bottom, ground - 840, z - 745], [top, ground - 1330, z - 640]])
        stage.add(tube(side, 45.0, 8), (0.10, 0.12, 0.16), 0.25, -1)
    for wheel in (-1350.0, 1330.0):
        axle = np.array([[x + wheel, ground - 315, z - 870], [x + wheel, ground - 315, z - 700]])
        points, triangles = tube(np.vstack([axle[:1], axle]), np.array([2.0, 315.0, 315.0]), 24)
        stage.add((points, triangles), (0.02,) * 3, 0.06, 6.0)
        rim = np.array([[x + wheel, ground - 315, z - 876], [x + wheel, ground - 315, z - 872]])
        stage.add(tube(rim, np.array([2.0, 190.0]), 20), (0.4, 0.4, 0.42), 0.5, 4.0)
    for lamp, color in ((-2060.0, (0.5, 0.5, 0.5)), (2060.0, (0.35, 0.02, 0.02))):
        stage.add(cushion((x + lamp, ground - 660.0, z - 650.0), (100.0, 70.0, 150.0), 3.0), color, 0.5, 0.0)


def _hedge(stage: _Stage, rng: np.random.Generator) -> None:
    """Leaves over a dark core; bright in near infrared, as cold as the air."""
    stage.add(cushion((2050.0, 900.0, 4900.0), (1150.0, 900.0, 520.0), 4.0), (0.012, 0.018, 0.01), 0.12, 0.3)
    count = 2600
    place = np.column_stack(
        [rng.uniform(820, 3250, count), rng.uniform(-60, GROUND_MM, count), 4360 + np.abs(rng.normal(0, 160, count))]
    )
    top = rng.random(count) < 0.25
    place[top, 1] = rng.normal(-20, 60, int(top.sum()))
    place[top, 2] = rng.uniform(4350, 5300, int(top.sum()))
    first, second = rng.normal(size=(2, count, 3))
    first *= rng.uniform(30, 65, count)[:, None] / np.linalg.norm(first, axis=1, keepdims=True)
    second *= rng.uniform(18, 36, count)[:, None] / np.linalg.norm(second, axis=1, keepdims=True)
    corners = np.stack([place - first, place + second, place + first, place - second], axis=1)
    number = 4 * np.arange(count)[:, None]
    triangles = np.concatenate([number + np.array([0, 1, 2]), number + np.array([0, 2, 3])]).astype(np.int32)
    patch = stage.add((corners.reshape(-1, 3).astype(np.float32), triangles), (0.06, 0.11, 0.03), 0.55, 0.0)
    tone = np.repeat(rng.uniform(0.5, 1.4, count), 4)
    patch.attributes[:, RED : NIR + 1] *= tone[:, None]
    patch.attributes[:, CELSIUS] += np.repeat(rng.normal(0, 0.3, count), 4)
