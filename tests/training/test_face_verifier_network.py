"""The verifier's networks: the paper's to the last parameter, ours blind to distance, background and order."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from training.networks.blocks import count_parameters
from training.networks.face_verifier import FaceVerifierPlus, FaceVerifierSeed, HeadSurface
from training.tasks.verification import VerificationTask, depth_tensor, fit_logistic


def head(offset: int = 0) -> torch.Tensor:
    """(1, 96, 96) codes of a bulge, `offset` codes nearer."""
    y, x = (np.mgrid[:96, :96] - 47.5) * (320 / 96)
    code = np.round(140 - (x**2 + y**2) / 300) + offset
    return torch.from_numpy(np.where((x / 80) ** 2 + (y / 110) ** 2 < 1, code, 0).astype(np.uint8))[None]


def test_the_papers_network_has_its_parameters() -> None:
    network = FaceVerifierSeed()
    assert count_parameters(network.judge) + count_parameters(network.last) == 69_825
    assert count_parameters(network.trunk) == 1_548_864 + 2 * (64 + 128 + 3 * 256)


def test_the_papers_network_does_not_mind_the_order() -> None:
    torch.manual_seed(0)
    network = FaceVerifierSeed().eval()
    a, b = torch.rand(2, 4, 1, 96, 96) * 2 - 1
    with torch.no_grad():
        assert torch.equal(network(a, b), network(b, a))


def test_distance_is_taken_out_of_the_surface() -> None:
    surface = HeadSurface()
    near, far = surface(depth_tensor(head(8))), surface(depth_tensor(head()))
    assert torch.allclose(near, far, atol=1e-3)


def test_what_lies_outside_the_head_is_not_seen() -> None:
    surface = HeadSurface()
    alone, crowded = head(), head()
    crowded[:, :, :12] = 200
    crowded[:, 84:, 60:] = 10
    wall = torch.where(head() == 0, 30, head())
    plain = surface(depth_tensor(alone))
    assert torch.equal(surface(depth_tensor(crowded)), plain)
    assert torch.allclose(surface(depth_tensor(wall.to(torch.uint8))), plain, atol=1e-3)


def test_a_hole_changes_the_surface_only_around_it() -> None:
    surface = HeadSurface()
    holed = head()
    holed[:, 30, 40] = 0
    difference = (surface(depth_tensor(holed)) - surface(depth_tensor(head()))).abs().amax(dim=(0, 1))
    away = torch.ones(96, 96, dtype=torch.bool)
    away[26:35, 36:45] = False
    assert difference[away].max() < 0.01
    assert difference.max() < 0.2


def test_a_mirrored_face_has_the_same_vector() -> None:
    torch.manual_seed(0)
    network = FaceVerifierPlus().eval()
    lopsided = head()
    lopsided[:, 30:40, 20:40] += 12
    with torch.no_grad():
        vector, mirrored = network(depth_tensor(lopsided))[0], network(depth_tensor(lopsided.flip(2)))[0]
        other = network(depth_tensor(head()))[0]
    assert torch.allclose(vector, mirrored, atol=1e-4)
    assert not torch.allclose(vector, other, atol=1e-3)


@pytest.mark.parametrize("value", [0, 1, 128, 255])
def test_blank_crops_give_unit_vectors_and_no_nan(value: int) -> None:
    network = FaceVerifierPlus().eval()
    with torch.no_grad():
        vector, calibration = network(depth_tensor(torch.full((2, 96, 96), value, dtype=torch.uint8)))
    assert torch.allclose(vector.norm(dim=1), torch.ones(2), atol=1e-5)
    assert calibration.shape == (2, 2)


def test_the_loss_falls_when_one_persons_vectors_meet() -> None:
    task = VerificationTask()
    who = torch.tensor([1, 1, 2, 2, 3, 3])
    apart = torch.nn.functional.normalize(torch.randn(6, 128, generator=torch.Generator().manual_seed(0)), dim=1)
    together = apart[[0, 0, 2, 2, 4, 4]]
    assert task._contrast(together, who) < 0.1 < task._contrast(apart, who)


def test_the_curve_from_cosine_to_probability_is_found_again() -> None:
    rng = np.random.default_rng(0)
    cosine = rng.uniform(-1, 1, 20_000)
    same = rng.random(20_000) < 1 / (1 + np.exp(-(9 * cosine - 4)))
    slope, offset = fit_logistic(cosine, same)
    assert slope == pytest.approx(9, abs=0.4)
    assert offset == pytest.approx(-4, abs=0.3)
