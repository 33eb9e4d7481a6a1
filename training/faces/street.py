"""The light of a street at night: its lamps, what they show of the street to a camera, and what reaches people."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training.faces.light import Lighting, Visible, see, shade
from training.faces.materials import ATTRIBUTES, BLUE, NIR, RED, Material, Patch
from training.faces.night import Camera, Plane
from training.faces.scene import Figure, faceless_figure, with_surroundings
from training.faces.street_scene import POST_LAMP_MM, Glow, Rgb, street

SKY_CELSIUS = -17.0
"""A clear night sky in a thermal camera."""
RING = 0.55
"""Near infrared from beside the lens at 1 m."""


@dataclass(frozen=True)
class Lamp:
    """A small source: place (mm), colour and near infrared it gives at 1 m, and how large it looks (m; 0 unseen)."""

    place: tuple[float, float, float]
    color: Rgb
    nir: float
    radius_m: float = 0.0


LAMPS = (
    Lamp((-1500.0, -2300.0, 300.0), (3.4, 2.7, 1.7), 1.0),  # above the camera, to the left
    Lamp(POST_LAMP_MM, (4.2, 3.0, 1.6), 0.6, 0.14),  # on the post
    Lamp((3000.0, -500.0, 9500.0), (5.0, 5.4, 6.0), 0.3),  # the shop's light on the road
)


@dataclass(frozen=True, eq=False)
class Backdrop:
    """What one camera sees of the street, before any light that changes."""

    color: NDArray[np.float32]
    """(H, W, 3) reflectance, times cover."""
    nir: Plane
    celsius: Plane
    """With the sky where no surface is."""
    cosine: Plane
    echo: Plane
    cover: Plane
    glow: NDArray[np.float32]
    """(H, W, 4) light of its own: red, green, blue and near infrared."""
    lit: NDArray[np.float32]
    """(H, W, 4) irradiance of all that does not move."""
    seen: Visible
    points_mm: NDArray[np.float32]
    """(H, W, 3) where the surface lies, camera axes."""
    normals: NDArray[np.float32]
    """(H, W, 3)."""

    def light(self, moving: tuple[Lamp, ...]) -> tuple[NDArray[np.float32], Plane]:
        """What comes back from the street under its own and `moving` lamps: (H, W, 3) colour, (H, W) near infrared."""
        lit = self.lit + irradiance(self.points_mm, self.normals, moving)
        return self.color * lit[..., :3] + self.glow[..., :3], self.nir * lit[..., 3] + self.glow[..., 3]


def backdrop(camera: Camera, seed: int) -> Backdrop:
    """Look at the street with one camera."""
    surfaces = street(np.random.default_rng([seed, 71]))
    figure = camera.own(_figure([patch for patch, _ in surfaces]))
    glowing = [replace(patch, attributes=_glow(len(patch.vertices), own)) for patch, own in surfaces]
    everywhere = Lighting(
        directions=np.array([[0, -1, 0]], np.float32),
        colors=np.zeros((1, 3), np.float32),
        nir=np.zeros(1, np.float32),
        sky=np.ones(3, np.float32),
        ground=np.ones(3, np.float32),
        ambient_nir=1.0,
        ring=0.0,
    )
    pinhole = camera.pinhole()
    bare = shade(figure, pinhole, *camera.size, everywhere, seed)
    shining = shade(camera.own(_figure(glowing)), pinhole, *camera.size, everywhere, seed)
    seen = see(figure, pinhole, *camera.size)
    depth = np.where(np.isfinite(seen.depth_mm), seen.depth_mm, 1e6).astype(np.float32)
    rows, columns = np.mgrid[: camera.size[0], : camera.size[1]].astype(np.float32)
    fx, fy, cx, cy = pinhole
    points = np.dstack([(columns - cx) / fx * depth, (rows - cy) / fy * depth, depth])
    normals = figure.normals[figure.triangles[np.maximum(seen.nearest, 0)]].mean(axis=2)
    toward = (normals * points).sum(axis=2, keepdims=True) < 0
    normals = np.where(toward, normals, -normals)
    lamps = tuple(_moved(lamp, camera) for lamp in LAMPS)
    lit = irradiance(points, normals, lamps)
    lit += np.array([0.012, 0.014, 0.020, 0.004], np.float32)
    reach = np.square(points).sum(axis=2) / 1e6
    lit[..., 3] += RING / reach * bare.cosine / np.maximum(bare.cover, 1e-3)
    glow = np.dstack([shining.color, shining.nir]) + _halos(camera, lamps, seen)
    return Backdrop(
        color=bare.color,
        nir=bare.nir,
        celsius=bare.celsius + SKY_CELSIUS * (1 - bare.cover),
        cosine=bare.cosine,
        echo=bare.echo,
        cover=bare.cover,
        glow=glow.astype(np.float32),
        lit=lit.astype(np.float32),
        seen=seen,
        points_mm=points.astype(np.float32),
        normals=normals.astype(np.float32),
    )


def irradiance(
    points_mm: NDArray[np.float32], normals: NDArray[np.float32], lamps: tuple[Lamp, ...]
) -> NDArray[np.float32]:
    """Light on surfaces (..., 3) with unit normals: (..., 4) red, green, blue, near infrared; Lambert's cosine."""
    total = np.zeros((*points_mm.shape[:-1], 4), np.float32)
    for lamp in lamps:
        away = np.asarray(lamp.place, np.float32) - points_mm
        squared = np.maximum((away * away).sum(axis=-1), 1.0)
        cosine = np.clip((away * normals).sum(axis=-1) / np.sqrt(squared), 0, None)
        total += (cosine * 1e6 / squared)[..., None] * np.array([*lamp.color, lamp.nir], np.float32)
    return total


def lighting_at(place_mm: NDArray[np.float32], moving: tuple[Lamp, ...]) -> Lighting:
    """The light that reaches somebody's head at a place: every lamp from its own side, the first with a shadow."""
    lamps = (*LAMPS, *moving)
    away = np.array([lamp.place for lamp in lamps], np.float32) - np.asarray(place_mm, np.float32)
    reach = np.linalg.norm(away, axis=1, keepdims=True)
    falloff = 1e6 / np.square(reach)
    return Lighting(
        directions=(away / reach).astype(np.float32),
        colors=(np.array([lamp.color for lamp in lamps]) * falloff).astype(np.float32),
        nir=(np.array([lamp.nir for lamp in lamps]) * falloff[:, 0]).astype(np.float32),
        sky=np.array([0.012, 0.014, 0.020], np.float32),
        ground=np.array([0.008, 0.008, 0.009], np.float32),
        ambient_nir=0.004,
        ring=RING,
    )


def seen_from(lamp: Lamp, camera: Camera) -> Lamp:
    """The lamp in the camera's own axes."""
    return _moved(lamp, camera)


def _moved(lamp: Lamp, camera: Camera) -> Lamp:
    place = camera.extrinsics.from_rig(np.array([lamp.place]) / 1000)[0] * 1000
    return replace(lamp, place=(float(place[0]), float(place[1]), float(place[2])))


def _halos(camera: Camera, lamps: tuple[Lamp, ...], seen: Visible) -> NDArray[np.float32]:
    """The lamps themselves and the glow round them (H, W, 4)."""
    rows, columns = np.mgrid[: camera.size[0], : camera.size[1]].astype(np.float32)
    total = np.zeros((*camera.size, 4), np.float32)
    for lamp in lamps:
        if not lamp.radius_m:
            continue
        x, y = camera.intrinsics.project(np.array([lamp.place]) / 1000)[0]
        size = camera.intrinsics.fx * lamp.radius_m / (lamp.place[2] / 1000)
        squared = (columns - x) ** 2 + (rows - y) ** 2
        spot = np.exp(-((squared / (size * size)) ** 2)) + 0.02 * np.exp(-squared / (2 * (7 * size) ** 2))
        total += spot[..., None].astype(np.float32) * np.array([*lamp.color, lamp.nir], np.float32)
    return total


def _figure(patches: list[Patch]) -> Figure:
    """Patches in camera axes as a figure without a head."""
    sliver = np.zeros((3, 3), np.float32)
    nothing = Patch(sliver, np.array([[0, 1, 2]], np.int32), np.zeros((3, ATTRIBUTES), np.float32), Material.CLOTH)
    return with_surroundings(faceless_figure([nothing], (0.0, 0.0, 0.0), np.array([0.0, 0.0, -5000.0])), patches)


def _glow(count: int, own: Glow) -> NDArray[np.float32]:
    attributes = np.zeros((count, ATTRIBUTES), np.float32)
    attributes[:, RED : BLUE + 1], attributes[:, NIR] = own
    return attributes
