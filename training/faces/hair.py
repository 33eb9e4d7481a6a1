"""Hair as surfaces: a shell over the scalp, a curtain around the neck for longer hair, and beards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.faces.identity import HairStyle, Identity, hair_height
from training.faces.materials import (
    ATTRIBUTES,
    BLUE,
    CELSIUS,
    NIR,
    RED,
    SPECULAR,
    TEXTURE_X,
    Material,
    Patch,
    grid_patch,
    uniform_patch,
)
from training.faces.model import SKIN_PARTS, FaceModel
from training.faces.regions import Regions, smooth_step

STRANDS = np.array([7.0, 0.7, 7.0], np.float32)
"""Noise cells per cm across and along a strand (hair hangs along y)."""


def shell(
    model: FaceModel, wanted: NDArray[np.bool_], vertices: NDArray[np.float32], offset: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int64]]:
    """Lift the skin triangles whose corners are all `wanted` by `offset` (N, 3) cm.

    Returns:
        vertices (K, 3), triangles (M, 3) and the head's vertex number of every new vertex (K,).
    """
    skin = wanted & model.in_part(*SKIN_PARTS)
    triangles = model.triangles[skin[model.triangles].all(axis=1)]
    used = np.zeros(len(vertices), bool)
    used[triangles.ravel()] = True
    numbers = np.flatnonzero(used)
    renumber = np.zeros(len(vertices), np.int32)
    renumber[numbers] = np.arange(len(numbers), dtype=np.int32)
    return vertices[numbers] + offset[numbers], renumber[triangles], numbers


def hair_patches(
    person: Identity,
    model: FaceModel,
    regions: Regions,
    vertices: NDArray[np.float32],
    normals: NDArray[np.float32],
    ambient_celsius: float,
    flattened: bool = False,
) -> list[Patch]:
    """Return the hair of `person` over a head in model coordinates (none for bald and shaven heads).

    Args:
        flattened: the hair lies under a hat; only what hangs below it is drawn.
    """
    if person.hair_style in (HairStyle.BALD, HairStyle.BUZZ):
        return []
    rng = np.random.default_rng([person.texture_seed, 2])
    patches = []
    if not flattened:
        height = hair_height(person, regions)
        curly = rng.beta(0.9, 1.4)  # from combed smooth to frizzy
        lumps = 1 + (0.06 + 0.18 * curly) * (regions.noise[6:16].T @ rng.normal(size=10)) / np.sqrt(10)
        tufts = (0.01 + 0.15 * curly) * (regions.noise[20:].T @ rng.normal(size=4)) / 2
        tufts = tufts + (0.01 + 0.08 * curly) * regions.grain[2]
        thickness = person.hair_thickness_cm * smooth_step(height, -0.4, 2.6) * np.clip(lumps, 0.75, 1.3)
        beside = smooth_step(regions.azimuth, 0.7, 1.2) * (1 - smooth_step(model.vertices[:, 1], 6.0, 9.5))
        thickness = thickness * (1 - person.hair_fade * beside)
        if person.hair_style is HairStyle.FRINGE:
            thickness = np.minimum(thickness, 0.5 + 0.4 * np.clip(regions.hairline + 4, 0, 9))
        thickness = np.clip(thickness + tufts * (height > 0), 0.05, None)
        offset = normals * thickness[:, None].astype(np.float32)
        points, triangles, numbers = shell(model, height > -0.3, vertices, offset)
        streaks = 1 + 0.25 * (regions.noise[12:20].T @ rng.normal(size=8))[numbers] / np.sqrt(8)
        shade = np.clip(streaks, 0.4, 1.6) * (0.7 + 0.3 * regions.occlusion[numbers])
        warmth = 1.0 - person.warmth.scalp - 0.12 * person.hair_thickness_cm
        celsius = ambient_celsius + max(warmth, 0.15) * (33 - ambient_celsius) + 0.5 * regions.grain[3][numbers]
        patches.append(_grown(person, model, points, triangles, numbers, shade, celsius, gloss=0.06))
    if person.hair_style in (HairStyle.MEDIUM, HairStyle.LONG):
        patches.append(_curtain(person, rng, ambient_celsius))
    return patches


def _curtain(person: Identity, rng: np.random.Generator, ambient_celsius: float) -> Patch:
    """Hair that hangs from the crown around the sides and the back, open at the face.

    With flare it widens towards the shoulders, closes in front of the ears and lies on the chest.
    """
    long = person.hair_style is HairStyle.LONG
    rows, columns = 36, 72
    lowest = -7.0 - (rng.uniform(5, 16) if long else rng.uniform(0, 3))
    height = np.linspace(11, lowest, rows)[:, None]
    flare = person.hair_flare
    # Where the hair ends at either side of the face, as an angle from straight ahead, from the crown down.
    crown = rng.uniform(0.98, 1.35)
    cheek = crown - flare * rng.uniform(0.05, 0.4)
    chest = crown - flare * rng.uniform(0.2, 0.75)
    opening = np.interp(-height, [-11, -4, 4, 14], [crown, crown, cheek, chest])
    around = opening + np.linspace(0, 1, columns) * (2 * np.pi - 2 * opening)
    thickness = (0.8 - 0.6 * person.hair_fade) * person.hair_thickness_cm
    heights = [-24, -12, -6, 3, 8, 11]
    half_width = np.interp(height, heights, [11 + 4 * flare, 9 + 4 * flare, 8.1 + 2 * flare, 7.7, 6.6, 3.4]) + thickness
    half_depth = np.interp(height, heights, [9 + 4 * flare, 8.6 + 1.5 * flare, 8.5, 9.7, 8.6, 5.0]) + thickness
    waves = 1 + 0.05 * np.sin(around * rng.integers(6, 14) + rng.uniform(0, 6))
    waves = waves + 0.025 * np.sin(height * rng.uniform(0.8, 1.6) + around * 9) * (rng.random() < 0.6)
    waves = waves + rng.uniform(0.006, 0.035) * rng.normal(size=(rows, columns))
    points = np.stack(
        [
            half_width * np.sin(around) * waves,
            np.broadcast_to(height, (rows, columns)) + 0.3 * rng.normal(size=(1, columns)),
            1.2 + half_depth * np.cos(around) * waves,
        ],
        axis=-1,
    )
    grid, triangles = grid_patch(points)
    patch = uniform_patch(
        grid,
        triangles,
        Material.HAIR,
        tuple(person.hair_color),
        person.hair_nir,
        ambient_celsius + 0.18 * (33 - ambient_celsius),
        0.06,
        tuple(STRANDS),
    )
    shade = np.tile(rng.uniform(0.6, 1.3, columns), rows)
    patch.attributes[:, RED : NIR + 1] *= shade[:, None]
    return patch


def beard_patches(
    person: Identity,
    model: FaceModel,
    regions: Regions,
    vertices: NDArray[np.float32],
    normals: NDArray[np.float32],
    ambient_celsius: float,
) -> list[Patch]:
    """Return a beard that stands off the skin, `Identity.beard_length_cm` at the chin (none for stubble)."""
    if person.beard_length_cm <= 0.15:
        return []
    rng = np.random.default_rng([person.texture_seed, 4])
    cover = np.maximum(regions.beard, 0.45 * person.mustache * regions.mustache * (1 - regions.lips))
    lumps = 1 + 0.3 * (regions.noise[8:20].T @ rng.normal(size=12)) / np.sqrt(12) + 0.12 * regions.grain[1]
    chin = np.exp(-((model.vertices[:, 0] / 4.5) ** 2))
    length = person.beard_length_cm * cover * np.clip(lumps, 0.3, 1.8) * (0.45 + 0.55 * chin)
    down = np.array([0.0, -0.6, 0.0], np.float32) * chin[:, None].astype(np.float32)
    offset = (normals + down) * np.clip(length, 0.03, 4.0)[:, None].astype(np.float32)
    points, triangles, numbers = shell(model, cover > 0.3, vertices, offset)
    if len(triangles) == 0:
        return []
    shade = np.clip(1 + 0.3 * regions.grain[2][numbers], 0.4, 1.6) * (0.55 + 0.45 * regions.occlusion[numbers])
    insulation = np.clip(0.15 + 0.25 * length[numbers], 0.0, 0.6)
    skin_celsius = person.warmth.base
    celsius = skin_celsius - insulation * (skin_celsius - ambient_celsius)
    return [_grown(person, model, points, triangles, numbers, shade, celsius, gloss=0.04)]


def _grown(
    person: Identity,
    model: FaceModel,
    points: NDArray[np.float32],
    triangles: NDArray[np.int32],
    numbers: NDArray[np.int64],
    shade: NDArray[np.floating],
    celsius: NDArray[np.floating],
    gloss: float,
) -> Patch:
    """A shell in this person's hair. `numbers`, `shade` and `celsius` are of its K points."""
    attributes = np.empty((len(points), ATTRIBUTES), np.float32)
    attributes[:, RED : BLUE + 1] = person.hair_color * shade[:, None]
    attributes[:, NIR] = person.hair_nir * shade
    attributes[:, CELSIUS] = celsius
    attributes[:, SPECULAR] = gloss
    attributes[:, TEXTURE_X:] = model.vertices[numbers] * STRANDS
    return Patch(points.astype(np.float32), triangles, attributes, Material.HAIR)
