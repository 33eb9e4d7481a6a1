"""A z-buffer rasterizer: triangles to the nearest triangle and its depth at every pixel center.

`rasterize` is compiled by numba where it is installed; `rasterize_numpy` is the reference that a parity test holds it
against. Both take pixel centers at integer coordinates and interpolate 1/z, which is linear in the image.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

NEAR_MM = 1.0
"""Triangles with a vertex nearer than this are skipped: they lie behind or in the camera."""


def project(points: NDArray[np.float32], intrinsics: NDArray[np.float32]) -> NDArray[np.float32]:
    """Project (N, 3) camera points in mm with (fx, fy, cx, cy); returns (N, 3) columns x px, y px, z mm."""
    fx, fy, cx, cy = (np.float32(value) for value in intrinsics)
    z = np.maximum(points[:, 2], np.float32(1e-3))
    projected = np.empty((len(points), 3), np.float32)
    projected[:, 0] = fx * points[:, 0] / z + cx
    projected[:, 1] = fy * points[:, 1] / z + cy
    projected[:, 2] = points[:, 2]
    return projected


def rasterize(
    projected: NDArray[np.float32], triangles: NDArray[np.int32], height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Draw `triangles` (M, 3) over `projected` (N, 3: x px, y px, z mm).

    Returns:
        depth (height, width) float32 mm, inf where nothing is, and the number of the nearest triangle, int32, -1
        where nothing is.
    """
    depth = np.full((height, width), np.inf, np.float32)
    nearest = np.full((height, width), -1, np.int32)
    _rasterize(projected, triangles, depth, nearest)
    return depth, nearest


@numba.njit(cache=True)
def _rasterize(projected, triangles, depth, nearest):
    height, width = depth.shape
    for t in range(triangles.shape[0]):
        a = triangles[t, 0]
        b = triangles[t, 1]
        c = triangles[t, 2]
        if projected[a, 2] <= NEAR_MM or projected[b, 2] <= NEAR_MM or projected[c, 2] <= NEAR_MM:
            continue
        ax = np.float64(projected[a, 0])
        ay = np.float64(projected[a, 1])
        bx = np.float64(projected[b, 0])
        by = np.float64(projected[b, 1])
        cx = np.float64(projected[c, 0])
        cy = np.float64(projected[c, 1])
        left = max(0, int(np.ceil(min(ax, bx, cx))))
        right = min(width - 1, int(np.floor(max(ax, bx, cx))))
        if left > right:
            continue
        top = max(0, int(np.ceil(min(ay, by, cy))))
        bottom = min(height - 1, int(np.floor(max(ay, by, cy))))
        if top > bottom:
            continue
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if area == 0.0:
            continue
        inverse_a = 1.0 / projected[a, 2]
        inverse_b = 1.0 / projected[b, 2]
        inverse_c = 1.0 / projected[c, 2]
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                weight_b = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area
                weight_c = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area
                weight_a = 1.0 - weight_b - weight_c
                if weight_a < 0.0 or weight_b < 0.0 or weight_c < 0.0:
                    continue
                z = np.float32(1.0 / (weight_a * inverse_a + weight_b * inverse_b + weight_c * inverse_c))
                if z < depth[y, x]:
                    depth[y, x] = z
                    nearest[y, x] = t


def rasterize_numpy(
    projected: NDArray[np.float32], triangles: NDArray[np.int32], height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """The reference for `rasterize`, in NumPy alone: the same arguments, the same result."""
    corners = projected[triangles].astype(np.float64)  # (M, 3 corners, x y z)
    low = np.maximum(np.ceil(corners[:, :, :2].min(axis=1)), 0).astype(np.int64)
    high = np.minimum(np.floor(corners[:, :, :2].max(axis=1)), [width - 1, height - 1]).astype(np.int64)
    extent = high - low + 1
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    areas = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    drawn = (extent > 0).all(axis=1) & (corners[:, :, 2] > NEAR_MM).all(axis=1) & (areas != 0)
    index = np.flatnonzero(drawn)
    counts = extent[index].prod(axis=1)
    triangle = np.repeat(index, counts)  # one entry for every pixel of every bounding box
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    x = low[triangle, 0] + within % extent[triangle, 0]
    y = low[triangle, 1] + within // extent[triangle, 0]
    a, b, c, area = a[triangle], b[triangle], c[triangle], areas[triangle]
    weight_b = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (y - a[:, 1])) / area
    weight_c = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (x - a[:, 0]) * (b[:, 1] - a[:, 1])) / area
    weight_a = 1.0 - weight_b - weight_c
    inside = (weight_a >= 0) & (weight_b >= 0) & (weight_c >= 0)
    inverse = weight_a * (1.0 / a[:, 2]) + weight_b * (1.0 / b[:, 2]) + weight_c * (1.0 / c[:, 2])
    z = (1.0 / inverse[inside]).astype(np.float32)
    triangle, pixel = triangle[inside], (y * width + x)[inside]
    # Far to near, and among equals the first triangle last, so that the last write is the one `rasterize` keeps.
    order = np.lexsort((-triangle, -z))
    depth = np.full(height * width, np.inf, np.float32)
    nearest = np.full(height * width, -1, np.int32)
    depth[pixel[order]] = z[order]
    nearest[pixel[order]] = triangle[order]
    return depth.reshape(height, width), nearest.reshape(height, width)


def vertex_normals(vertices: NDArray[np.float32], triangles: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return (N, 3) unit normals, the area-weighted mean over the triangles at each vertex."""
    return _vertex_normals(np.ascontiguousarray(vertices, np.float32), triangles)


@numba.njit(cache=True)
def _vertex_normals(vertices, triangles):
    normals = np.zeros_like(vertices)
    for t in range(triangles.shape[0]):
        a = triangles[t, 0]
        b = triangles[t, 1]
        c = triangles[t, 2]
        ux = vertices[b, 0] - vertices[a, 0]
        uy = vertices[b, 1] - vertices[a, 1]
        uz = vertices[b, 2] - vertices[a, 2]
        vx = vertices[c, 0] - vertices[a, 0]
        vy = vertices[c, 1] - vertices[a, 1]
        vz = vertices[c, 2] - vertices[a, 2]
        nx = uy * vz - uz * vy
        ny = uz * vx - ux * vz
        nz = ux * vy - uy * vx
        for corner in (a, b, c):
            normals[corner, 0] += nx
            normals[corner, 1] += ny
            normals[corner, 2] += nz
    for i in range(normals.shape[0]):
        length = np.sqrt(normals[i, 0] ** 2 + normals[i, 1] ** 2 + normals[i, 2] ** 2) + np.float32(1e-9)
        normals[i, 0] /= length
        normals[i, 1] /= length
        normals[i, 2] /= length
    return normals
