"""One network for gray, near-infrared, depth and thermal faces: 68 points, their confidence, eyes, presence."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.augment import MIRROR
from training.networks.blocks import Residual, conv

SIZE = 128
CELLS = 32
"""Heatmaps have CELLS x CELLS cells of SIZE / CELLS pixels."""
POINTS = 68
RIGHT_EYE = (36, 37, 38, 39, 40, 41)
LEFT_EYE = (42, 43, 44, 45, 46, 47)
CONFIDENT_PX = 4.0
"""`confidence` is the probability that a point lies within this distance (10 mm in a 320 mm crop)."""


@dataclass(frozen=True)
class LandmarkOutput:
    """What training needs: everything before the last squashing functions."""

    points: Tensor
    """(N, 68, 2) x, y in pixels of the SIZE grid."""
    across: Tensor
    """(N, 68, CELLS) each point's probability over the columns (its heatmap summed over the rows)."""
    along: Tensor
    """(N, 68, CELLS) the same over the rows."""
    log_spread: Tensor
    """(N, 68) log of the expected distance from the truth, in pixels."""
    openness_logit: Tensor
    """(N, 2) right eye, left eye."""
    presence_logit: Tensor
    """(N, 1)."""


class FaceLandmarksPlus(nn.Module):
    """(N, 1, 128, 128) in [-1, 1] -> points, confidence, openness, presence (see registry.py).

    A small U: 128 px down to 8 cells and back up to 32, where each point has a heatmap; a point is the mean position
    under its heatmap (soft-argmax), so it is sub-pixel. The distance of a point from the truth is modeled as
    exponential with mean s: P(within r) = 1 - exp(-r / s).

    It learns from one look at a time (`detail`). In use (`forward`) it looks at the picture and at its mirror image and
    answers with the mean of both (docs/decisions/0018).
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv(1, 16, 5, 2), conv(16, 32, 3, 2), Residual(32))
        self.down16 = nn.Sequential(conv(32, 64, 3, 2), Residual(64))
        self.down8 = nn.Sequential(conv(64, 96, 3, 2), Residual(96))
        self.down4 = nn.Sequential(conv(96, 160, 3, 2), Residual(160))
        self.narrow8 = nn.Conv2d(160, 96, 1)
        self.refine8 = conv(96, 96)
        self.narrow16 = nn.Conv2d(96, 64, 1)
        self.refine16 = conv(64, 64)
        self.narrow32 = nn.Conv2d(64, 32, 1)
        self.refine32 = conv(32, 48)
        self.heat = nn.Conv2d(48, POINTS, 1)
        self.enlarge = nn.Upsample(scale_factor=2, mode="nearest")
        self.whole = nn.Sequential(nn.Linear(160 * 2, 128), nn.ReLU())
        self.spread = nn.Linear(128, POINTS)
        nn.init.constant_(self.spread.bias, 2.3)  # start at 10 px: surer than that would be punished for long
        self.presence = nn.Linear(128, 1)
        self.eye = nn.Sequential(nn.Linear(48 + 32, 32), nn.LeakyReLU(0.1), nn.Linear(32, 1))
        step = SIZE / CELLS
        centers = torch.arange(CELLS, dtype=torch.float32) * step + (step - 1) / 2
        columns = torch.eye(CELLS).repeat(CELLS, 1)
        rows = torch.eye(CELLS).repeat_interleave(CELLS, dim=0)
        eye_points = torch.zeros(2, POINTS)
        eye_points[0, list(RIGHT_EYE)] = eye_points[1, list(LEFT_EYE)] = 1 / len(RIGHT_EYE)
        # sums over heatmaps as products with constants: slices and sums would cost a third of a training step
        self.register_buffer("centers", centers, persistent=False)
        self.register_buffer("marginals", torch.cat([columns, rows], dim=1), persistent=False)
        self.register_buffer("eye_points", eye_points, persistent=False)
        self.register_buffer("mirrored", torch.from_numpy(MIRROR), persistent=False)
        self.register_buffer("turned", torch.tensor([-1.0, 1.0]), persistent=False)
        self.centers: Tensor
        self.marginals: Tensor
        self.eye_points: Tensor
        self.mirrored: Tensor
        self.turned: Tensor

    def detail(self, image: Tensor) -> LandmarkOutput:
        """Everything that the losses need."""
        a = self.stem(image)
        b = self.down16(a)
        c = self.down8(b)
        d = self.down4(c)
        x = self.refine8(self.enlarge(self.narrow8(d)) + c)
        x = self.refine16(self.enlarge(self.narrow16(x)) + b)
        x = self.refine32(self.enlarge(self.narrow32(x)) + a)
        heat = self.heat(x).float().flatten(2).softmax(dim=2)
        across, along = (heat @ self.marginals).split(CELLS, dim=2)
        points = torch.stack([across @ self.centers, along @ self.centers], dim=2)
        whole = self.whole(torch.cat([d.mean(dim=(2, 3)), d.amax(dim=(2, 3))], dim=1))
        maps = torch.cat([x, a], dim=1).flatten(2).transpose(1, 2).float()
        eyes = self.eye_points @ heat
        openness = self.eye(eyes @ maps).float().squeeze(2)
        return LandmarkOutput(points, across, along, self.spread(whole).float(), openness, self.presence(whole).float())

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Points, confidence, openness and presence by both looks: at the picture, and at its mirror image."""
        out = self.detail(torch.cat([image, image.flip(3)]))
        middle = (SIZE - 1) / 2
        places = self.centers - middle  # half precision is finest at the middle, where it counts
        there, again = torch.stack([out.across @ places, out.along @ places], dim=2).reshape(2, -1, POINTS, 2)
        again = again.index_select(1, self.mirrored) * self.turned
        points, apart = (there + again) / 2 + middle, there - again
        spread, spread_again = out.log_spread.reshape(2, -1, POINTS)
        expected = torch.exp((spread + spread_again.index_select(1, self.mirrored)) / 2)
        # a point that lies elsewhere by each look is no surer than by half of what is between them
        expected = torch.maximum(expected, torch.linalg.vector_norm(apart, dim=2) / 2)
        confidence = 1 - torch.exp(-CONFIDENT_PX / expected)
        eyes, eyes_again = torch.sigmoid(out.openness_logit).reshape(2, -1, 2)
        presence = torch.sigmoid(out.presence_logit).reshape(2, -1, 1).mean(dim=0)
        return points, confidence, (eyes + eyes_again.flip(1)) / 2, presence
