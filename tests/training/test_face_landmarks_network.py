"""The landmark network as it ships: it looks at a face and at its mirror image, and answers with the mean of both."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from training.augment import MIRROR
from training.networks.face_landmarks import CONFIDENT_PX, SIZE, FaceLandmarksPlus


@pytest.fixture(scope="module")
def network() -> FaceLandmarksPlus:
    """Random weights with heatmaps that peak somewhere, so that both looks differ by several pixels."""
    torch.manual_seed(3)
    net = FaceLandmarksPlus().eval()
    with torch.no_grad():
        net.heat.weight.mul_(40)
    return net


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return torch.rand(3, 1, SIZE, SIZE, generator=torch.Generator().manual_seed(4)) * 2 - 1


def test_the_mirror_image_of_a_face_has_the_mirror_image_of_its_answer(
    network: FaceLandmarksPlus, pictures: torch.Tensor
) -> None:
    with torch.no_grad():
        points, confidence, openness, presence = network(pictures)
        points_m, confidence_m, openness_m, presence_m = network(pictures.flip(3))
    back = points_m[:, MIRROR] * torch.tensor([-1.0, 1.0]) + torch.tensor([SIZE - 1.0, 0.0])
    torch.testing.assert_close(back, points, atol=1e-3, rtol=0)
    torch.testing.assert_close(confidence_m[:, MIRROR], confidence, atol=1e-5, rtol=0)
    torch.testing.assert_close(openness_m.flip(1), openness, atol=1e-5, rtol=0)
    torch.testing.assert_close(presence_m, presence, atol=1e-5, rtol=0)


def test_points_and_presence_are_the_mean_of_both_looks(network: FaceLandmarksPlus, pictures: torch.Tensor) -> None:
    with torch.no_grad():
        points, _, _, presence = network(pictures)
        one, other = network.detail(pictures), network.detail(pictures.flip(3))
    back = other.points[:, MIRROR] * torch.tensor([-1.0, 1.0]) + torch.tensor([SIZE - 1.0, 0.0])
    assert (back - one.points).abs().max() > 1, "the looks must differ, or this shows nothing"
    torch.testing.assert_close(points, (one.points + back) / 2, atol=1e-3, rtol=0)
    mean = (torch.sigmoid(one.presence_logit) + torch.sigmoid(other.presence_logit)) / 2
    torch.testing.assert_close(presence, mean)


def test_a_point_that_lies_elsewhere_by_each_look_is_not_sure(
    network: FaceLandmarksPlus, pictures: torch.Tensor
) -> None:
    sure = FaceLandmarksPlus().eval()
    sure.load_state_dict(network.state_dict())
    with torch.no_grad():
        sure.spread.weight.zero_()
        sure.spread.bias.fill_(-3)  # each look by itself expects an error of 0.05 px
        confidence = sure(pictures)[1]
        one, other = sure.detail(pictures), sure.detail(pictures.flip(3))
    back = other.points[:, MIRROR] * torch.tensor([-1.0, 1.0]) + torch.tensor([SIZE - 1.0, 0.0])
    apart = torch.linalg.vector_norm(one.points - back, dim=2)
    allowed = 1 - torch.exp(-CONFIDENT_PX / (apart / 2).clamp(min=0.05))
    torch.testing.assert_close(confidence, allowed, atol=1e-3, rtol=0)
    assert (confidence < 0.9).any()


def test_a_face_says_the_same_alone_and_among_others(network: FaceLandmarksPlus, pictures: torch.Tensor) -> None:
    with torch.no_grad():
        together = network(pictures)
        alone = [network(pictures[i : i + 1]) for i in range(len(pictures))]
    for k, whole in enumerate(together):
        torch.testing.assert_close(torch.cat([one[k] for one in alone]), whole, atol=1e-4, rtol=1e-4)
