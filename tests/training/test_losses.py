"""Losses against closed forms."""

from __future__ import annotations

import math

import pytest

pytest.importorskip("torch", reason="torch is not installed (extra: train)")
import torch

from training import losses


def test_wing_is_zero_at_the_truth_and_joins_smoothly() -> None:
    target = torch.zeros(1, 1, 2)
    weight = torch.ones(1, 1)
    assert losses.wing(target, target, weight) == 0
    below = losses.wing(target + 9.9999, target, weight)
    above = losses.wing(target + 10.0001, target, weight)
    assert float(above - below) == pytest.approx(0, abs=1e-3)
    assert float(above) == pytest.approx(10 * math.log(6), abs=1e-3)


def test_points_without_weight_do_not_count() -> None:
    points = torch.tensor([[[0.0, 0.0], [500.0, 500.0]]])
    assert losses.wing(points, torch.zeros(1, 2, 2), torch.tensor([[1.0, 0.0]])) == 0


def test_heatmap_cross_entropy_is_least_at_the_truth() -> None:
    size, cells = 128, 32
    target = torch.tensor([[[41.5, 77.5]]])
    axis = torch.arange(cells).float()

    def heat(x: float, y: float) -> torch.Tensor:
        bumps = [torch.softmax(-((axis - ((v + 0.5) / 4 - 0.5)) ** 2) / 2, 0) for v in (x, y)]
        return losses.heatmap_cross_entropy(
            bumps[0].view(1, 1, -1), bumps[1].view(1, 1, -1), target, torch.ones(1, 1), size
        )

    assert heat(41.5, 77.5) < heat(45.5, 77.5) < heat(60.0, 77.5)


def test_spread_is_most_likely_at_the_mean_error() -> None:
    error = torch.full((1, 68), 5.0)

    def loss(spread: float) -> float:
        value = torch.full((1, 68), math.log(spread))
        return float(losses.spread_likelihood(value, error, torch.ones(1, 68), torch.zeros(1, 1), 4.0))

    assert loss(5.0) < loss(4.0)
    assert loss(5.0) < loss(6.0)


def test_without_a_face_every_certainty_is_punished() -> None:
    def loss(spread: float) -> float:
        value = torch.full((1, 68), math.log(spread))
        return float(losses.spread_likelihood(value, torch.zeros(1, 68), torch.zeros(1, 68), torch.ones(1, 1), 4.0))

    assert loss(2.0) == pytest.approx(2.0)
    assert loss(40.0) == pytest.approx(0.1)


def test_relief_losses_ignore_what_is_masked() -> None:
    truth = torch.zeros(1, 1, 8, 8)
    found = truth.clone()
    found[..., 4:] = 9.0
    mask = torch.ones_like(truth)
    mask[..., 4:] = 0
    assert losses.masked_l1(found, truth, mask) == 0
    assert losses.gradient_difference(found, truth, mask) == 0
    assert losses.normal_difference(found, truth, mask, 1.0) == pytest.approx(0, abs=1e-6)


def test_normals_of_a_45_degree_slope() -> None:
    ramp = torch.arange(8.0).repeat(8, 1).view(1, 1, 8, 8)
    value = losses.normal_difference(ramp, torch.zeros_like(ramp), torch.ones_like(ramp), 1.0)
    assert float(value) == pytest.approx(1 - math.cos(math.pi / 4), abs=1e-5)


def test_adversarial_loss_is_the_papers_with_the_sigmoid_inside() -> None:
    logit = torch.tensor([[0.7], [-1.3]])
    d = torch.sigmoid(logit)
    assert torch.allclose(losses.adversarial(logit, real=True), -torch.log(d).mean())
    assert torch.allclose(losses.adversarial(logit, real=False), -torch.log(1 - d).mean())


def test_a_generator_step_raises_what_the_critic_says_of_it() -> None:
    torch.manual_seed(0)
    critic = torch.nn.Linear(4, 1)
    for parameter in critic.parameters():
        parameter.requires_grad_(False)
    fake = torch.zeros(1, 4, requires_grad=True)
    for loss in (lambda s: losses.adversarial(s, real=True), losses.generator_hinge):
        before = critic(fake)
        (slope,) = torch.autograd.grad(loss(before), fake)
        assert critic(fake - 0.1 * slope) > before


def test_critic_hinge_is_zero_beyond_its_margins() -> None:
    assert losses.critic_hinge(torch.tensor([2.0]), torch.tensor([-2.0])) == 0
    assert losses.critic_hinge(torch.tensor([0.0]), torch.tensor([0.0])) == 2


def test_landmark_mask_is_algorithm_1() -> None:
    """Values on 0..255 as printed: 255, 127.5, 63.75 at Chebyshev distances 0, 1, 2; never above 255."""
    mask = losses.landmark_mask(torch.tensor([[[10.0, 20.0]]]), 32)[0, 0] * 255
    assert mask[20, 10] == 255
    assert mask[21, 11] == 127.5
    assert mask[20, 12] == 63.75
    both = losses.landmark_mask(torch.tensor([[[10.0, 20.0], [10.0, 20.0]]]), 32)
    assert both.max() == 1


def test_box_mask_is_the_filled_box() -> None:
    mask = losses.box_mask(torch.tensor([[2.0, 3.0, 4.0, 5.0]]), 16)[0, 0]
    assert mask.sum() == 5 * 6
    assert mask[3, 2] == 1
    assert mask[8, 6] == 1
    assert mask[9, 6] == 0


def test_a_relief_at_half_its_depth_is_half_too_flat_and_the_offset_does_not_matter() -> None:
    truth = torch.rand(2, 1, 8, 8)
    weight = torch.ones_like(truth)
    assert float(losses.flatness(truth + 3, truth, weight)) == pytest.approx(0.0, abs=1e-5)
    assert float(losses.flatness(0.5 * truth, truth, weight)) == pytest.approx(0.5, abs=1e-5)
    assert float(losses.flatness(truth, truth, weight * 0)) == 0.0


def test_shapes_are_those_of_edges_not_of_their_light() -> None:
    torch.manual_seed(0)
    picture = torch.nn.functional.interpolate(torch.rand(2, 3, 8, 8), 64, mode="bicubic").clamp(0.05, 1)
    same = losses.shape_difference(picture, picture)
    darker = losses.shape_difference(picture * 0.5, picture)
    turned = losses.shape_difference(picture.flip(3), picture)
    assert float(same) == pytest.approx(0, abs=1e-9)
    assert darker < 0.02
    assert turned > 10 * darker


def test_an_upright_edge_is_in_the_upright_direction_and_its_negative_too() -> None:
    edge = torch.zeros(1, 3, 32, 32)
    edge[..., 18:] = 1.0
    shapes = losses.gradient_shapes(edge, 8)
    negative = losses.gradient_shapes(1 - edge, 8)
    strongest = shapes.reshape(1, 4, 9, 3, 3).amax(dim=(1, 3, 4))[0]
    assert int(strongest.argmax()) == 0
    assert float(strongest[4:6].max()) == pytest.approx(0, abs=1e-3)
    torch.testing.assert_close(shapes, negative, atol=1e-4, rtol=0)


def test_a_blurred_picture_learns_to_have_edges() -> None:
    truth = torch.zeros(1, 3, 64, 64)
    truth[:, :, 16:48, 20:44] = 0.6
    picture = torch.nn.functional.avg_pool2d(truth, 21, 1, 10).requires_grad_()
    optimizer = torch.optim.Adam([picture], 0.01)
    course = []
    for _ in range(30):
        loss = losses.shape_difference(picture, truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        course.append(float(loss.detach()))
    assert course[-1] < 0.6 * course[0]
