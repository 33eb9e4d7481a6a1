"""The rasterizer: the fast path draws what the reference draws, and depth is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.faces.rasterizer import project, rasterize, rasterize_numpy, vertex_normals


@given(seed=st.integers(0, 2**31), count=st.integers(1, 120))
@settings(deadline=None, max_examples=30)
def test_fast_path_equals_the_reference_on_random_triangles(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    points = np.column_stack([rng.uniform(-10, 60, (3 * count, 2)), rng.uniform(-50, 900, 3 * count)]).astype(
        np.float32
    )
    triangles = rng.integers(0, 3 * count, (count, 3)).astype(np.int32)
    depth, nearest = rasterize(points, triangles, 40, 50)
    expected_depth, expected = rasterize_numpy(points, triangles, 40, 50)
    assert np.array_equal(nearest, expected)
    assert np.array_equal(depth, expected_depth)


def test_fast_path_equals_the_reference_on_a_head(mesh_rig) -> None:
    model = mesh_rig.model
    points = model.vertices * np.float32([10, -10, -10]) + np.float32([5, -8, 800])
    flat = project(points, np.array([300, 300, 70, 60], np.float32))
    depth, nearest = rasterize(flat, model.triangles, 120, 140)
    expected_depth, expected = rasterize_numpy(flat, model.triangles, 120, 140)
    assert (nearest >= 0).sum() > 3000
    assert np.array_equal(nearest, expected)
    assert np.array_equal(depth, expected_depth)


def test_depth_of_a_slanted_plane_is_exact() -> None:
    intrinsics = np.array([200.0, 200.0, 32.0, 32.0], np.float32)
    corners = np.float32([[-400, -400, 700], [400, -400, 1100], [-400, 400, 700], [400, 400, 1100]])  # z = 900 + x / 2
    depth, nearest = rasterize(project(corners, intrinsics), np.array([[0, 1, 2], [1, 3, 2]], np.int32), 65, 65)
    rows, columns = np.nonzero(nearest >= 0)
    slope = (columns - 32) / 200  # x = slope * z, so z = 900 / (1 - slope / 2)
    assert len(rows) > 2000
    assert depth[rows, columns] == pytest.approx(900 / (1 - slope / 2), rel=1e-5)


def test_nothing_behind_the_camera_is_drawn() -> None:
    behind = np.float32([[5, 5, -100], [20, 5, -100], [5, 20, -100]])
    depth, nearest = rasterize(behind, np.array([[0, 1, 2]], np.int32), 30, 30)
    assert (nearest == -1).all()
    assert np.isinf(depth).all()


def test_normals_of_a_head_point_outward(mesh_rig) -> None:
    model = mesh_rig.model
    normals = vertex_normals(model.vertices, model.triangles)
    outward = model.vertices - model.vertices.mean(axis=0)
    assert ((normals * outward).sum(axis=1) > 0).mean() > 0.95
