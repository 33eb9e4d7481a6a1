"""The z-buffer of rasterizer.py in torch, for a batch of meshes at once, on the processor or a GPU.

Pixel centers are at integers, 1/z is interpolated, triangles with a vertex nearer than NEAR_MM are skipped, and among
equally near triangles the first is kept: all as `rasterizer.rasterize` has it, whose numbers come out to the bit on the
processor.

Every pixel of every triangle's bounding box is a fragment. Fragments are drawn in pieces of bounded size; what is
nearest wins by the smallest key, depth in the upper 32 bits (positive floats sort like their bits) and the triangle's
number in the lower. The smallest of integers doesn't depend on the order, so the same input gives the same bytes
on a GPU too, where nothing says which fragment comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from training.faces.rasterizer import NEAR_MM

FRAGMENTS = {"cpu": 1 << 16, "cuda": 1 << 22}
"""Fragments drawn at once, by the kind of device: about 190 bytes each."""
_EMPTY = 0x7F800000 << 32
"""The key of nothing: an infinite depth, which no smaller key has."""


@dataclass(frozen=True, eq=False)
class Meshes:
    """Meshes of any size one after another on a device, each to be drawn in a picture of its own."""

    points: torch.Tensor
    """(N, 3) float32, of all meshes."""
    triangles: torch.Tensor
    """(M, 3) int64, rows of `points`."""
    point_mesh: torch.Tensor
    """(N,) int64, the mesh that a point belongs to."""
    triangle_mesh: torch.Tensor
    """(M,) int64, the same of a triangle."""
    first_triangle: torch.Tensor
    """(count,) int64, where a mesh's triangles begin."""
    count: int
    """How many meshes there are; some may be empty."""

    def to(self, device: torch.device | str) -> Meshes:
        """The same on another device."""
        return Meshes(
            self.points.to(device),
            self.triangles.to(device),
            self.point_mesh.to(device),
            self.triangle_mesh.to(device),
            self.first_triangle.to(device),
            self.count,
        )


def pack(meshes: Sequence[tuple[NDArray[np.float32], NDArray[np.int32]]], device: torch.device | str = "cpu") -> Meshes:
    """Put meshes, points (N, 3) and triangles (M, 3) each, onto a device as one.

    Raises:
        ValueError: an array has another shape, or a triangle names a point that its mesh doesn't have.
    """
    return _join([torch.tensor(p) for p, _ in meshes], [torch.tensor(t) for _, t in meshes]).to(device)


def _join(points: Sequence[torch.Tensor], triangles: Sequence[torch.Tensor]) -> Meshes:
    for mesh, pair in enumerate(zip(points, triangles, strict=True)):
        if any(part.ndim != 2 or part.shape[1] != 3 for part in pair):
            found = " and ".join(str(tuple(part.shape)) for part in pair)
            raise ValueError(f"mesh {mesh}: expected points (N, 3) and triangles (M, 3), found {found}")
    device = points[0].device if points else torch.device("cpu")
    no_points, no_triangles = torch.zeros((0, 3), device=device), torch.zeros((0, 3), dtype=torch.int64, device=device)
    sizes = torch.tensor([[len(p), len(t)] for p, t in zip(points, triangles, strict=True)], device=device)
    points_each, triangles_each = sizes.view(-1, 2).to(torch.int64).unbind(1)
    number = torch.arange(len(points), device=device)
    triangle_mesh = torch.repeat_interleave(number, triangles_each)
    joined = torch.cat([no_triangles, *(t.to(torch.int64) for t in triangles)])
    missing = ((joined < 0) | (joined >= points_each[triangle_mesh][:, None])).any(dim=1)
    if missing.any():
        first = int(torch.nonzero(missing)[0])
        mesh = int(triangle_mesh[first].item())
        raise ValueError(
            f"mesh {mesh} has {int(points_each[mesh])} points, but one of its triangles names the points "
            f"{joined[first].tolist()}"
        )
    return Meshes(
        points=torch.cat([no_points, *(p.to(torch.float32) for p in points)]),
        triangles=joined + (points_each.cumsum(0) - points_each)[triangle_mesh][:, None],
        point_mesh=torch.repeat_interleave(number, points_each),
        triangle_mesh=triangle_mesh,
        first_triangle=triangles_each.cumsum(0) - triangles_each,
        count=len(points),
    )


def project(meshes: Meshes, intrinsics: torch.Tensor) -> torch.Tensor:
    """Project all points (camera axes, mm) with their mesh's (fx, fy, cx, cy), a row each of `intrinsics` (count, 4).

    Returns:
        (N, 3) float32 columns x px, y px, z mm.
    """
    fx, fy, cx, cy = intrinsics[meshes.point_mesh].unbind(1)
    x, y, depth = meshes.points.unbind(1)
    z = depth.clamp(min=1e-3)
    return torch.stack([fx * x / z + cx, fy * y / z + cy, depth], dim=1)


def rasterize(
    projected: torch.Tensor | Sequence[torch.Tensor],
    triangles: torch.Tensor | Sequence[torch.Tensor],
    height: int,
    width: int,
    fragments: int | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw a batch of meshes, each in a picture of its own.

    Args:
        projected: (B, N, 3) float32 columns x px, y px, z mm; or B tensors (N_i, 3).
        triangles: (M, 3) integers, the same for all; or B tensors (M_i, 3).
        fragments: how many fragments to draw at once; see FRAGMENTS.

    Returns:
        depth (B, height, width) float32 mm, inf where nothing is, and the number of the nearest triangle within its
        mesh, int32, -1 where nothing is.

    Raises:
        ValueError: shapes that don't fit, or a triangle that names a point that its mesh doesn't have.
    """
    points = list(projected)
    faces = [triangles] * len(points) if isinstance(triangles, torch.Tensor) else list(triangles)
    if len(faces) != len(points):
        raise ValueError(
            f"{len(points)} meshes' points, but triangles of {len(faces)}: one list entry a mesh is needed"
        )
    meshes = _join(points, faces)
    return draw(meshes, meshes.points, height, width, fragments)


def draw(
    meshes: Meshes, projected: torch.Tensor, height: int, width: int, fragments: int | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw `meshes`, whose points lie at `projected` (N, 3: x px, y px, z mm); returns what `rasterize` returns."""
    device = projected.device
    keys = torch.full((meshes.count * height * width,), _EMPTY, dtype=torch.int64, device=device)
    table, box, number = _drawable(meshes, projected, height, width)
    low_x, low_y, across, counts = box
    ends = torch.cumsum(counts, 0)
    starts = ends - counts
    host_ends = ends.cpu().numpy()
    total = int(host_ends[-1]) if len(host_ends) else 0
    step = fragments or FRAGMENTS.get(device.type, FRAGMENTS["cpu"])
    corner = meshes.triangle_mesh[number] * (height * width)
    for first in range(0, total, step):
        last = min(first + step, total)
        one, other = (int(np.searchsorted(host_ends, f, side="right")) for f in (first, last - 1))
        some = slice(one, other + 1)
        here = ends[some].clamp(max=last) - starts[some].clamp(min=first)
        row = torch.repeat_interleave(torch.arange(one, other + 1, device=device), here, output_size=last - first)
        within = torch.arange(first, last, device=device) - starts[row]
        down = torch.div(within, across[row], rounding_mode="floor")
        column = low_x[row] + within - down * across[row]
        line = low_y[row] + down
        ax, ay, abx, aby, acx, acy, area, inverse_a, inverse_b, inverse_c = table.index_select(1, row)
        x, y = column - ax, line - ay
        weight_b = (x * acy - acx * y) / area
        weight_c = (abx * y - x * aby) / area
        weight_a = 1.0 - weight_b - weight_c
        inside = (weight_a >= 0) & (weight_b >= 0) & (weight_c >= 0)
        z = (1.0 / (weight_a * inverse_a + weight_b * inverse_b + weight_c * inverse_c)).to(torch.float32)
        key = (z.view(torch.int32).to(torch.int64) << 32) | number[row]
        # Fragments outside their triangle stay in the list with the key of nothing: picking the others out would
        # make the processor wait for the GPU.
        pixel = corner[row] + line * width + column
        keys.scatter_reduce_(0, pixel, torch.where(inside, key, _EMPTY), "amin")
    return _unpack(meshes, keys.view(meshes.count, height, width))


def _drawable(
    meshes: Meshes, projected: torch.Tensor, height: int, width: int
) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]:
    """What fragments need of the K triangles that reach a pixel center.

    Returns:
        (10, K) float64: first corner, edges to the second and third, doubled area, 1/z of each corner; the bounding
        boxes' left, top, width and pixel count, (K,) int64 each; the triangles' numbers (K,).
    """
    corners = projected.t().contiguous()[:, meshes.triangles.t()]  # x y z, three corners, M
    low, high = corners.amin(dim=1), corners.amax(dim=1)
    left, top = low[:2].ceil().clamp(min=0).unbind(0)
    right, bottom = high[0].floor().clamp(max=width - 1), high[1].floor().clamp(max=height - 1)
    number = torch.nonzero((left <= right) & (top <= bottom) & (low[2] > NEAR_MM)).squeeze(1)
    (ax, bx, cx), (ay, by, cy), z = corners[:, :, number].to(torch.float64).unbind(0)
    abx, aby, acx, acy = bx - ax, by - ay, cx - ax, cy - ay
    rows = torch.stack([ax, ay, abx, aby, acx, acy, abx * acy - acx * aby, *(1.0 / z)])
    # A triangle seen edge-on has no area: its weights are not numbers, and so no fragment lies inside it.
    left, top, right, bottom = (edge[number].to(torch.int64) for edge in (left, top, right, bottom))
    across = right - left + 1
    return rows, (left, top, across, across * (bottom - top + 1)), number


def _unpack(meshes: Meshes, keys: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    depth = (keys >> 32).to(torch.int32).view(torch.float32)
    nearest = (keys & 0xFFFFFFFF) - meshes.first_triangle[:, None, None]
    return depth, torch.where(keys >= _EMPTY, -1, nearest).to(torch.int32)
