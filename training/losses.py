"""Losses. Predictions and targets are float tensors; every loss is a mean, so that batch size does not change it."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def weighted_mean(values: Tensor, weight: Tensor) -> Tensor:
    """Mean of `values` under `weight` (same shape); 0 where all weights are 0."""
    return (values * weight).sum() / weight.sum().clamp(min=1e-6)


def detached(loss: Tensor) -> float:
    """The value of a loss, for the log."""
    return float(loss.detach())


def wing(points: Tensor, target: Tensor, weight: Tensor, width: float = 10.0, curvature: float = 2.0) -> Tensor:
    """Wing loss (Feng et al., CVPR 2018): logarithmic near zero, linear beyond `width`.

    points, target: (N, P, 2) px; weight: (N, P).
    """
    error = (points - target).abs()
    offset = width - width * math.log(1 + width / curvature)
    values = torch.where(error < width, width * torch.log(1 + error / curvature), error - offset)
    return weighted_mean(values.mean(dim=2), weight)


def heatmap_cross_entropy(
    across: Tensor, along: Tensor, target: Tensor, weight: Tensor, size: int, spread: float = 1.0
) -> Tensor:
    """Cross-entropy between heatmaps and Gaussians of `spread` cells at `target`, along each axis by itself.

    across, along: (N, P, cells) probabilities over columns and rows; target: (N, P, 2) in pixels of a `size` grid
    with pixel centers at integers. The sums over rows and columns say where a heatmap is as well as the whole, and
    cost a thirtieth.
    """
    cells = across.shape[2]
    step = size / cells
    position = (target + 0.5) / step - 0.5
    axis = torch.arange(cells, dtype=across.dtype, device=across.device)
    wanted = torch.exp(-((axis - position.unsqueeze(3)) ** 2) / (2 * spread**2))
    wanted = wanted / wanted.sum(dim=3, keepdim=True).clamp(min=1e-6)
    found = torch.stack([across, along], dim=2).clamp(min=1e-7).log()
    return weighted_mean(-(wanted * found).sum(dim=3).sum(dim=2), weight)


def spread_likelihood(log_spread: Tensor, error: Tensor, weight: Tensor, no_face: Tensor, near: float) -> Tensor:
    """Negative log-likelihood of distances `error` (N, P), px, under an exponential law of mean exp(log_spread).

    Where there is no face (`no_face` (N, 1) is 1) the probability of lying within `near` is driven to 0 instead:
    -log(1 - P) = near / spread.
    """
    log_spread = log_spread.clamp(-3, 6)
    rate = torch.exp(-log_spread)
    value = weighted_mean(log_spread + error * rate, weight)
    absent = (near * rate).mean(dim=1, keepdim=True)
    return value + (absent * no_face).sum() / no_face.sum().clamp(min=1)


def masked_l1(prediction: Tensor, target: Tensor, mask: Tensor) -> Tensor:
    """Mean absolute difference where `mask` is 1. All (N, 1, H, W)."""
    return weighted_mean((prediction - target).abs(), mask)


def gradient_difference(prediction: Tensor, target: Tensor, mask: Tensor) -> Tensor:
    """Mean absolute difference of the x and y differences between neighbors that are both in the mask."""
    total = prediction.new_zeros(())
    for axis in (2, 3):
        both = mask.narrow(axis, 1, mask.shape[axis] - 1) * mask.narrow(axis, 0, mask.shape[axis] - 1)
        total = total + weighted_mean((prediction.diff(dim=axis) - target.diff(dim=axis)).abs(), both)
    return total


def normal_difference(prediction: Tensor, target: Tensor, mask: Tensor, slope: float) -> Tensor:
    """1 - cosine between surface normals; `slope` turns a difference of neighbors into a gradient (mm per mm).

    Prediction, target, mask: (N, 1, H, W). Pixels whose right or lower neighbor is outside the mask are left out.
    """
    here = mask[:, :, :-1, :-1] * mask[:, :, 1:, :-1] * mask[:, :, :-1, 1:]

    def slopes(relief: Tensor) -> tuple[Tensor, Tensor]:
        corner = relief[:, :, :-1, :-1]
        return (relief[:, :, :-1, 1:] - corner) * slope, (relief[:, :, 1:, :-1] - corner) * slope

    (ax, ay), (bx, by) = slopes(prediction), slopes(target)
    # the cosine written out: normals (-x, -y, 1) as vectors cost a third of a training step
    cosine = (ax * bx + ay * by + 1) * torch.rsqrt((ax * ax + ay * ay + 1) * (bx * bx + by * by + 1))
    return weighted_mean(1 - cosine, here)


def adversarial(logits: Tensor, real: bool) -> Tensor:
    """Cross-entropy of a discriminator's logits against 'real' (1) or 'fake' (0); the sigmoid is inside.

    For the generator's step use `real=True` on its fakes: it minimizes -log D(G(x)) (SPEC 1.1, 1.2).
    """
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, float(real)))


def critic_hinge(real: Tensor, fake: Tensor) -> Tensor:
    """Hinge loss of a critic: real scores above 1, fake scores below -1."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def generator_hinge(fake: Tensor) -> Tensor:
    """Hinge loss of the generator: the critic's scores of its pictures go up."""
    return -fake.mean()


def landmark_mask(points: Tensor, size: int) -> Tensor:
    """The mask that DMSL's Ml learns (seed 003, Algorithm 1), closed form: min(1, sum over points of 0.5^d).

    d is the Chebyshev distance in pixels; points (N, P, 2) in pixels; returns (N, 1, size, size) in [0, 1]. The
    paper adds while below 255, which is this sum cut at 1 (SPEC 1.4).
    """
    axis = torch.arange(size, dtype=points.dtype, device=points.device)
    dx = (axis - points[:, :, :1]).abs()
    dy = (axis - points[:, :, 1:]).abs()
    mask = points.new_zeros(points.shape[0], size, size)
    for p in range(points.shape[1]):  # one point at a time: all at once would take P times the memory
        mask = mask + 0.5 ** torch.maximum(dy[:, p, :, None], dx[:, p, None, :])
    return mask.clamp(max=1).unsqueeze(1)


def box_mask(boxes: Tensor, size: int) -> Tensor:
    """The mask that DMSL's Mb learns: 1 inside x, y, w, h (N, 4) in pixels, 0 outside; (N, 1, size, size)."""
    axis = torch.arange(size, dtype=boxes.dtype, device=boxes.device)
    x, y, w, h = (boxes[:, i, None] for i in range(4))
    across = ((axis >= x) & (axis <= x + w)).float()
    along = ((axis >= y) & (axis <= y + h)).float()
    return (along[:, :, None] * across[:, None, :]).unsqueeze(1)


def flatness(found: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """How far the slope of `found` over `truth` is from 1, in each picture, on average: scalar.

    Absolute errors are least for a relief that is too flat wherever it is unsure; this holds it up. The slope is that
    of the least-squares line, sum(w (t - mean)(f - mean)) / sum(w (t - mean)^2).

    Args:
        found, truth, weight: (N, 1, H, W).
    """
    total = weight.sum(dim=(1, 2, 3), keepdim=True).clamp(min=1)
    truth = truth - (truth * weight).sum(dim=(1, 2, 3), keepdim=True) / total
    found = found - (found * weight).sum(dim=(1, 2, 3), keepdim=True) / total
    spread = (weight * truth.square()).sum(dim=(1, 2, 3))
    slope = (weight * truth * found).sum(dim=(1, 2, 3)) / spread.clamp(min=1e-6)
    known = (spread > 1e-3).float()
    return ((slope - 1).abs() * known).sum() / known.sum().clamp(min=1)


def dissimilarity(found: Tensor, truth: Tensor) -> Tensor:
    """1 - SSIM over windows of 7 x 7 pixels of pictures (N, C, H, W) in [0, 1], averaged."""

    def mean(x: Tensor) -> Tensor:
        return F.avg_pool2d(x, 7, 1)

    a, b = mean(found), mean(truth)
    va, vb, both = mean(found * found) - a * a, mean(truth * truth) - b * b, mean(found * truth) - a * b
    c1, c2 = 0.01**2, 0.03**2
    return (1 - (2 * a * b + c1) * (2 * both + c2) / ((a * a + b * b + c1) * (va + vb + c2))).mean()


FAINT = 3e-4
"""Blocks whose edges are fainter than the root of it count less: else a hatching nobody sees would pass for edges."""


def gradient_shapes(picture: Tensor, cell: int, directions: int = 9) -> Tensor:
    """Which way brightness changes, cell by cell: (N, 3, H, W) in [0, 1] -> (N, 4 * directions, rows, columns).

    Histograms of gradients as Dalal and Triggs have them (CVPR 2005): the square root of the brightness, unsigned
    directions, blocks of 2 x 2 cells of `cell` px that overlap by one cell, each of length at most 1. A gradient is
    shared out smoothly among the directions that lie near it, so that the whole can be learnt from.
    """
    gray = (picture * picture.new_tensor([0.299, 0.587, 0.114])[None, :, None, None]).sum(dim=1, keepdim=True)
    root = (gray.clamp(min=0) + 1e-3).sqrt()
    across = F.pad(root[..., 2:] - root[..., :-2], (1, 1))
    down = F.pad(root[:, :, 2:] - root[:, :, :-2], (0, 0, 1, 1))
    strength = (across.square() + down.square() + 1e-8).sqrt()
    angle = torch.arange(directions, dtype=picture.dtype, device=picture.device) * (2 * math.pi / directions)
    angle = angle[None, :, None, None]
    # twice the angle: a direction and its opposite are one
    twice = ((across.square() - down.square()) * angle.cos() + 2 * across * down * angle.sin()) / strength.square()
    share = F.relu(twice - math.cos(2.5 * math.pi / directions))
    histogram = F.avg_pool2d(share / share.sum(dim=1, keepdim=True).clamp(min=1e-6) * strength, cell)
    corners = [histogram[:, :, y : y + histogram.shape[2] - 1, x : x + histogram.shape[3] - 1] for y, x in _CORNERS]
    block = torch.cat(corners, dim=1)
    return block * torch.rsqrt(block.square().sum(dim=1, keepdim=True) + FAINT)


def shape_difference(found: Tensor, truth: Tensor, cells: tuple[int, ...] = (4, 8), shrink: int = 1) -> Tensor:
    """Squared distance of the `gradient_shapes` of two pictures (N, 3, H, W), a block, averaged over cells' sizes.

    Args:
        shrink: both are made smaller by so much first, so that no hatching of single pixels can pass for edges (and
            large pictures cost less); `cells` are in px of these.
    """
    if shrink > 1:
        found, truth = F.avg_pool2d(found, shrink), F.avg_pool2d(truth, shrink)
    total = found.new_zeros(())
    for cell in cells:
        apart = gradient_shapes(found, cell) - gradient_shapes(truth, cell)
        total = total + apart.square().sum(dim=1).mean() / len(cells)
    return total


_CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
