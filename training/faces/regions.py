"""Where things are on the template head: soft masks per vertex from which materials are painted.

All masks are computed once on the neutral template (cm, y up, z out of the face), so they stay with the skin when
identity and expression move it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces.model import SKIN_PARTS, FaceModel
from training.faces.rasterizer import rasterize, vertex_normals

Mask = NDArray[np.float32]

HAIRLINE_AZIMUTH = (0.0, 0.35, 0.62, 0.85, 1.05, 1.2, 1.42, 1.75, 2.05, np.pi)
HAIRLINE_HEIGHT = (9.4, 9.7, 9.1, 7.1, 4.4, 0.9, 1.4, 3.7, -3.6, -6.0)
"""Height (cm) of the hairline over the angle around the head: 0 at the forehead, pi at the nape. The dip at 1.2 is the
sideburn, the rise at 1.75 goes over the ear."""


def smooth_step(x: NDArray, low: float, high: float) -> Mask:
    """0 below `low`, 1 above `high`, a smooth cubic between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return (t * t * (3.0 - 2.0 * t)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Regions:
    """Soft masks (N,) float32 in 0..1 unless said otherwise."""

    skin: NDArray[np.bool_]
    brow_skin: NDArray[np.int32]  # (K,) vertices that an eyebrow may cover
    brow_place: Mask  # (K, 2) their x and y in the frontal plane, cm
    brow_lines: Mask  # (2, 5, 2) the middle lines of the right and the left eyebrow, cm
    lid_distance: Mask  # cm from the rims of the eyelids
    lips: Mask
    mouth_line: Mask  # where the lips meet
    nose: Mask
    nostrils: Mask
    cheeks: Mask
    forehead: Mask
    canthus: Mask  # inner corners of the eyes: the warmest spots
    orbit: Mask
    neck: Mask
    ears: Mask
    beard: Mask
    mustache: Mask
    hairline: Mask  # signed height over the hairline in cm: > 0 is hair, about -9 where none can grow
    occlusion: Mask  # share of the sky that the vertex sees
    azimuth: Mask  # radians around the head, 0 front, pi back
    noise: Mask  # (24, N) smooth random fields, about -1..1, coarse to fine
    grain: Mask  # (4, N) independent normal noise


def build_regions(model: FaceModel) -> Regions:
    """Compute the masks of a model's template (about half a second for 20,000 vertices)."""
    vertices = model.vertices
    x, y, z = vertices.T
    marks = vertices[model.landmarks]
    face = model.in_part("face")
    skin = model.in_part(*SKIN_PARTS)
    inner = (~skin).astype(np.float32)

    def near(point: NDArray, radius: float) -> Mask:
        squared = ((vertices - point) ** 2).sum(axis=1)
        return np.exp(-squared / (2.0 * radius * radius)).astype(np.float32)

    lines = marks[17:27, :2].reshape(2, 5, 2) - np.array([0.0, 0.3])  # the landmarks lie on the upper edge of the brow
    over_eyes = (y > marks[36:48, 1].max()) & (y < lines[..., 1].max() + 1.5)
    brow_skin = np.flatnonzero(face & (z > marks[17, 2] - 2.5) & over_eyes).astype(np.int32)
    lids = np.minimum(
        polyline_distance(x, y, marks[[36, 37, 38, 39, 40, 41, 36], :2]),
        polyline_distance(x, y, marks[[42, 43, 44, 45, 46, 47, 42], :2]),
    )
    lids = np.where(face & (z > marks[36, 2] - 1.5), lids, 99.0)
    outline = marks[48:60, :2].astype(np.float32).reshape(-1, 1, 2)
    inside = np.array([cv2.pointPolygonTest(outline, (float(u), float(v)), True) for u, v in vertices[:, :2]])
    lips = smooth_step(inside, -0.12, 0.12) * (face & (z > marks[48, 2] - 2.5))
    mouth_line = np.exp(-((polyline_distance(x, y, marks[[48, 60, 61, 62, 63, 64, 54], :2]) / 0.16) ** 2)) * face
    nose = np.clip(
        near(marks[30], 1.3) + 0.6 * near(marks[31], 0.9) + 0.6 * near(marks[35], 0.9) + 0.4 * near(marks[28], 1.2),
        0.0,
        1.0,
    )
    underside = (marks[31] + marks[33]) / 2, (marks[35] + marks[33]) / 2
    cheek_height = (marks[30, 1] + marks[48, 1]) / 2 + 0.8
    cheeks = near(np.array([-4.8, cheek_height, 9.0]), 2.2) + near(np.array([4.8, cheek_height, 9.0]), 2.2)
    orbit = near(marks[36:42].mean(axis=0), 1.7) + near(marks[42:48].mean(axis=0), 1.7)
    ears = smooth_step(np.abs(x), 7.0, 7.8) * (y < 4.3) * (y > -2.2) * (z < 1.8) * (z > -2.2)
    jaw = smooth_step(-y, -marks[33, 1] + 1.6, -marks[33, 1] + 3.2) * smooth_step(z, 1.6, 4.2)
    jaw = jaw * (1.0 - smooth_step(-y, 9.2, 10.8)) * (1.0 - smooth_step(lips, 0.05, 0.3))
    sideburns = smooth_step(np.abs(x), 5.2, 6.2) * smooth_step(-y, -1.5, 1.5) * smooth_step(z, 1.0, 3.0)
    between = (marks[51, 1] + marks[33, 1]) / 2
    mustache = np.exp(-(((y - between) / 0.5) ** 2) - (np.abs(x) / 2.6) ** 4) * (z > marks[48, 2] - 2)
    azimuth = np.arctan2(np.abs(x), z - 1.0)
    height = y - np.interp(azimuth, HAIRLINE_AZIMUTH, HAIRLINE_HEIGHT)
    hairline = np.where(skin & (ears < 0.3), height, -9.0)
    random = np.random.default_rng(20200)
    return Regions(
        skin=skin,
        brow_skin=brow_skin,
        brow_place=vertices[brow_skin, :2].astype(np.float32),
        brow_lines=lines.astype(np.float32),
        lid_distance=lids.astype(np.float32),
        lips=lips.astype(np.float32),
        mouth_line=mouth_line.astype(np.float32),
        nose=(nose * skin).astype(np.float32),
        nostrils=(np.clip(near(underside[0], 0.4) + near(underside[1], 0.4), 0, 1) * face).astype(np.float32),
        cheeks=(cheeks * skin).astype(np.float32),
        forehead=(smooth_step(y, 4.8, 6.5) * smooth_step(z, 4.0, 8.0) * skin).astype(np.float32),
        canthus=np.clip(near(marks[39], 0.7) + near(marks[42], 0.7), 0, 1),
        orbit=np.clip(orbit, 0, 1) * (1 - inner),
        neck=(smooth_step(-y, 6.5, 10.0) * (z < 9.5) * skin).astype(np.float32),
        ears=(ears * skin).astype(np.float32),
        beard=(np.clip(jaw + 0.8 * sideburns, 0, 1) * skin).astype(np.float32),
        mustache=(mustache * face).astype(np.float32),
        hairline=hairline.astype(np.float32),
        occlusion=_ambient_occlusion(model),
        azimuth=azimuth.astype(np.float32),
        noise=_smooth_fields(vertices, random),
        grain=random.standard_normal((4, len(vertices)), dtype=np.float32),
    )


def polyline_distance(x: NDArray, y: NDArray, corners: NDArray) -> NDArray:
    """Distance in the frontal plane from every (x, y) to the line through `corners` (K, 2)."""
    distance = np.full(len(x), np.inf)
    for start, end in itertools.pairwise(corners):
        along = end - start
        t = np.clip(((x - start[0]) * along[0] + (y - start[1]) * along[1]) / max(along @ along, 1e-9), 0, 1)
        distance = np.minimum(distance, np.hypot(x - start[0] - t * along[0], y - start[1] - t * along[1]))
    return distance


def _smooth_fields(vertices: NDArray, random: np.random.Generator) -> Mask:
    """(24, N): sums of sines with wavelengths from 18 cm (first) to 0.6 cm (last)."""
    fields = np.zeros((24, len(vertices)), np.float32)
    for i, wavelength in enumerate(np.geomspace(18.0, 0.6, 24)):
        for _ in range(5):
            direction = random.normal(size=3)
            direction *= 2 * np.pi / wavelength * random.uniform(0.6, 1.4) / np.linalg.norm(direction)
            fields[i] += np.sin(vertices @ direction + random.uniform(0, 2 * np.pi))
        fields[i] /= np.sqrt(5 / 2)
    return fields


def _ambient_occlusion(model: FaceModel, directions: int = 64, resolution: int = 224) -> Mask:
    """Share of directions over each vertex's horizon from which it is seen, by one depth map per direction."""
    vertices = model.vertices
    normals = vertex_normals(vertices, model.triangles)
    middle = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    radius = float(np.linalg.norm(vertices - middle, axis=1).max())
    scale = (resolution - 4) / (2 * radius)
    seen = np.zeros(len(vertices))
    possible = np.full(len(vertices), 1e-6)
    for i in range(directions):  # a Fibonacci sphere spreads the directions evenly
        cosine = 1 - 2 * (i + 0.5) / directions
        angle = np.pi * (1 + 5**0.5) * i
        sine = np.sqrt(1 - cosine * cosine)
        toward = np.array([sine * np.cos(angle), cosine, sine * np.sin(angle)])
        right = np.cross(toward, [0.3, 0.9, 0.1])
        right /= np.linalg.norm(right)
        down = np.cross(toward, right)
        local = (vertices - middle) @ np.stack([right, down, -toward], axis=1)
        flat = np.empty((len(vertices), 3), np.float32)
        flat[:, :2] = local[:, :2] * scale + resolution / 2
        flat[:, 2] = local[:, 2] + 10 * radius
        depth, _ = rasterize(flat, model.triangles, resolution, resolution)
        column, row = np.round(flat[:, :2]).astype(int).T
        facing = np.clip(normals @ toward, 0, None)
        seen += facing * (flat[:, 2] <= depth[row, column] + 0.35)
        possible += facing
    return np.clip(seen / possible, 0.0, 1.0).astype(np.float32)
