"""The rasterizer in torch draws what the compiled one and the reference draw, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from training.faces import rasterizer
from training.faces.torch_rasterizer import draw, pack, project, rasterize

SIZE = (40, 50)
Soup = tuple[np.ndarray, np.ndarray]


def soup(seed: int, count: int) -> Soup:
    """Triangles of random corners, partly outside the picture, behind the camera, or with a corner used twice."""
    rng = np.random.default_rng(seed)
    points = np.column_stack([rng.uniform(-10, 60, (3 * count, 2)), rng.uniform(-50, 900, 3 * count)])
    return points.astype(np.float32), rng.integers(0, 3 * count, (count, 3)).astype(np.int32)


def lattice(seed: int, count: int) -> Soup:
    """Triangles whose corners are pixel centers at few depths: edges run through centers, and many are equally near."""
    rng = np.random.default_rng(seed)
    points = np.column_stack([rng.integers(0, 12, (3 * count, 2)), rng.choice([1.0, 2.0, 500.0], 3 * count)])
    return points.astype(np.float32), rng.integers(0, 3 * count, (count, 3)).astype(np.int32)


@given(
    seeds=st.lists(st.tuples(st.integers(0, 2**31), st.integers(1, 80), st.booleans()), min_size=1, max_size=4),
    fragments=st.integers(1, 5000),
)
@settings(deadline=None, max_examples=20)
def test_random_triangles_are_drawn_as_by_the_others(seeds: list[tuple[int, int, bool]], fragments: int) -> None:
    meshes = [(lattice if ties else soup)(seed, count) for seed, count, ties in seeds]
    points, triangles = zip(*((torch.tensor(p), torch.tensor(t)) for p, t in meshes), strict=True)
    fragments = max(fragments, sum(len(t) for t in triangles))  # a single fragment at a time takes minutes
    depth, nearest = rasterize(points, triangles, *SIZE, fragments=fragments)
    assert (depth.dtype, nearest.dtype, depth.shape) == (torch.float32, torch.int32, (len(meshes), *SIZE))
    for mesh, found_depth, found in zip(meshes, depth.numpy(), nearest.numpy(), strict=True):
        for other in (rasterizer.rasterize, rasterizer.rasterize_numpy):
            expected_depth, expected = other(*mesh, *SIZE)
            assert np.array_equal(found, expected)
            assert np.array_equal(found_depth, expected_depth)


def test_a_head_is_drawn_as_by_the_others(mesh_rig) -> None:
    model = mesh_rig.model
    points = model.vertices * np.float32([10, -10, -10]) + np.float32([5, -8, 800])
    cameras = np.array([[300, 300, 70, 60], [150, 160, 50, 80], [900, 900, 70, 60]], np.float32)
    meshes = pack([(points, model.triangles)] * 3)
    depth, nearest = draw(meshes, project(meshes, torch.tensor(cameras)), 120, 140)
    for camera, found_depth, found in zip(cameras, depth.numpy(), nearest.numpy(), strict=True):
        flat = rasterizer.project(points, camera)
        for other in (rasterizer.rasterize, rasterizer.rasterize_numpy):
            expected_depth, expected = other(flat, model.triangles, 120, 140)
            assert (found >= 0).sum() > 1000
            assert np.array_equal(found, expected)
            assert np.array_equal(found_depth, expected_depth)


def test_one_mesh_seen_from_several_places_needs_its_triangles_once() -> None:
    points, triangles = soup(3, 40)
    batch = np.stack([points, points + np.float32([7, 0, 0])])
    _, nearest = rasterize(torch.tensor(batch), torch.tensor(triangles), *SIZE)
    for row in (0, 1):
        assert np.array_equal(nearest[row].numpy(), rasterizer.rasterize(batch[row], triangles, *SIZE)[1])


def test_pieces_of_any_size_give_the_same_bytes() -> None:
    points, triangles = (torch.tensor(part) for part in soup(5, 60))
    whole = rasterize(points[None], triangles, *SIZE)
    for fragments in (97, 1000):
        pieces = rasterize(points[None], triangles, *SIZE, fragments=fragments)
        assert all(torch.equal(a, b) for a, b in zip(whole, pieces, strict=True))


def test_of_equally_near_triangles_the_first_is_kept() -> None:
    corner = torch.tensor([[2.0, 2, 700], [20, 2, 700], [2, 20, 700]])
    _, nearest = rasterize(corner[None], torch.tensor([[0, 1, 1], [0, 1, 2], [0, 1, 2]]), *SIZE)
    assert set(nearest.unique().tolist()) == {-1, 1}


def test_what_is_behind_the_camera_or_nowhere_is_not_drawn() -> None:
    for z in (-100.0, 1.0, torch.nan, torch.inf):
        depth, nearest = rasterize(
            torch.tensor([[[5.0, 5, z], [20, 5, z], [5, 20, z]]]), torch.tensor([[0, 1, 2]]), *SIZE
        )
        assert (nearest == -1).all()
        assert torch.isinf(depth).all()


def test_an_empty_mesh_between_others_leaves_its_picture_empty() -> None:
    first, last = soup(7, 30), soup(8, 20)
    empty = (np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32))
    meshes = pack([first, empty, last])
    _, nearest = draw(meshes, meshes.points, *SIZE)
    assert (nearest[1] == -1).all()
    assert np.array_equal(nearest[2].numpy(), rasterizer.rasterize(*last, *SIZE)[1])
    assert draw(pack([]), torch.zeros((0, 3)), *SIZE)[0].shape == (0, *SIZE)


def test_what_does_not_fit_together_is_explained() -> None:
    points, triangles = soup(1, 4)
    with pytest.raises(ValueError, match=r"mesh 1 has 12 points.*\[0, 1, 99\]"):
        pack([(points, triangles), (points, np.array([[0, 1, 99]], np.int32))])
    with pytest.raises(ValueError, match=r"points \(N, 3\).*\(12, 2\)"):
        pack([(points[:, :2], triangles)])
    with pytest.raises(ValueError, match="triangles of 2"):
        rasterize([torch.tensor(points)], [torch.tensor(triangles)] * 2, *SIZE)


@pytest.mark.gpu
def test_a_gpu_draws_what_the_processor_draws(mesh_rig) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no NVIDIA GPU that torch can use")
    model = mesh_rig.model
    points = model.vertices * np.float32([10, -10, -10]) + np.float32([5, -8, 800])
    meshes = [(points, model.triangles), soup(1, 300), lattice(2, 300)]
    cameras = torch.tensor([[300.0, 300, 70, 60], [300, 300, 0, 0], [300, 300, 0, 0]])
    drawn = []
    for device in ("cpu", "cuda", "cuda"):
        packed = pack(meshes, device)
        flat = project(packed, cameras.to(device))
        drawn.append([plane.cpu() for plane in draw(packed, flat, 120, 140)])
    (depth, nearest), (gpu_depth, gpu_nearest), again = drawn
    assert torch.equal(gpu_depth, again[0])
    assert torch.equal(gpu_nearest, again[1])
    same = nearest == gpu_nearest
    assert same.float().mean() > 0.9999
    seen = same & (nearest >= 0)
    assert (depth - gpu_depth)[seen].abs().max() < 1e-3
