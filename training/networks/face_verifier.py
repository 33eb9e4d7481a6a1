"""Same person or not, from coded depth: the paper's Siamese network (seed 001, SPEC 1.2), and ours (plus).

Ours turns one crop into one unit vector, so that N faces cost N runs and any two are compared by a dot product.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.networks.blocks import Residual, conv

SIZE = 96
EMBEDDING = 128
SHAPES = 48
"""So many of the face model's identity modes are asked for while training."""
MM_PER_PIXEL = 320 / SIZE
WINDOW_MM = (95.0, 125.0)
"""Half axes of the ellipse about the crop's center that is looked at: the head, little of clothes and background."""
MIDDLE_MM = 45.0
"""Spread of the weight under which the head's own depth is averaged."""
BEHIND_MM, BEFORE_MM = 130.0, 80.0
"""Depths about that average which are looked at."""
RELIEF_UNIT_MM = 50.0


class HeadSurface(nn.Module):
    """Coded depth (N, 1, 96, 96) in [-1, 1] -> relief, two slopes and validity (N, 4, 96, 96); nothing is learnt.

    Distance is taken out, everything but the head is masked, holes are left out of the averages (normalized
    convolution), and steps of the sensor are smoothed before slopes are taken.
    """

    def __init__(self) -> None:
        super().__init__()
        axis = (torch.arange(SIZE, dtype=torch.float32) + 0.5) * MM_PER_PIXEL - 160
        down, right = torch.meshgrid(axis, axis, indexing="ij")
        window = ((right / WINDOW_MM[0]) ** 2 + (down / WINDOW_MM[1]) ** 2 <= 1).float()
        middle = torch.exp(-(right**2 + down**2) / (2 * MIDDLE_MM**2)) * window
        reach = torch.arange(-2, 3, dtype=torch.float32)
        bell = torch.exp(-(reach**2) / (2 * 1.1**2))
        bell = bell / bell.sum()
        slope = torch.tensor([[-1.0, 0.0, 1.0]]) / (2 * MM_PER_PIXEL)
        # in half precision already, as the file stores them
        self.register_buffer("window", window.half().float()[None, None], persistent=False)
        self.register_buffer("middle", middle.half().float()[None, None], persistent=False)
        self.register_buffer("bell", torch.outer(bell, bell)[None, None], persistent=False)
        self.register_buffer("across", slope[None, None], persistent=False)
        self.window: Tensor
        self.middle: Tensor
        self.bell: Tensor
        self.across: Tensor

    def forward(self, depth: Tensor) -> Tensor:
        code = (depth.float() + 1) * 127.5
        relief = (code - 1) * (300 / 127) - 300
        seen = (code > 0.5).float() * self.window
        near = seen * (relief > -200).float() * self.middle
        level = (relief * near).sum(dim=(2, 3), keepdim=True) / near.sum(dim=(2, 3), keepdim=True).clamp(min=1e-3)
        relief = relief - level
        seen = seen * (relief > -BEHIND_MM).float() * (relief < BEFORE_MM).float()
        share = F.conv2d(seen, self.bell, padding=2)
        smooth = F.conv2d(seen * relief, self.bell, padding=2) / share.clamp(min=1e-3)
        known = (share > 0.3).float() * self.window
        smooth = smooth * known
        x = self._slope(smooth, known, self.across)
        y = self._slope(smooth, known, self.across.transpose(2, 3))
        length = torch.rsqrt(1 + x * x + y * y)
        return torch.cat([smooth / RELIEF_UNIT_MM, 2 * x * length, 2 * y * length, known], dim=1)

    def _slope(self, smooth: Tensor, known: Tensor, kernel: Tensor) -> Tensor:
        padding = (kernel.shape[2] // 2, kernel.shape[3] // 2)
        both = (F.conv2d(known, kernel.abs(), padding=padding) * (2 * MM_PER_PIXEL) > 1.5).float()
        slope = F.conv2d(smooth, kernel, padding=padding).clamp(-4, 4)
        return slope * both


class FaceVerifierPlus(nn.Module):
    """(N, 1, 96, 96) coded depth in [-1, 1] -> unit vectors (N, 128), and how a cosine becomes a probability (N, 2).

    P(same) = sigmoid(slope * cosine + offset); slope and offset are fitted after training on held-out people.
    """

    def __init__(self) -> None:
        super().__init__()
        self.surface = HeadSurface()
        self.features = nn.Sequential(
            conv(4, 24, 5, 2),
            conv(24, 40, 3, 2),
            conv(40, 80, 3, 2),
            Residual(80),
            conv(80, 128, 3, 2),
            Residual(128),
        )
        # where something lies matters as much as that it is there: no averaging over the head
        self.squeeze = conv(128, 64, 1)
        self.embed = nn.Linear(64 * 36, EMBEDDING)
        self.shape = nn.Linear(EMBEDDING, SHAPES)
        self.register_buffer("calibration", torch.tensor([10.0, -5.0]))
        self.register_buffer("mirror", torch.tensor([1.0, -1.0, 1.0, 1.0])[None, :, None, None], persistent=False)
        self.calibration: Tensor
        self.mirror: Tensor

    def forward(self, depth: Tensor) -> tuple[Tensor, Tensor]:
        surface = self.surface(depth)
        mirrored = surface.flip(3) * self.mirror  # the left of a face says what its right is like
        vector = _unit(_unit(self._raw(surface)) + _unit(self._raw(mirrored)))
        return vector, self.calibration.expand(depth.shape[0], 2)

    def detail(self, depth: Tensor) -> tuple[Tensor, Tensor]:
        """The unit vector and the identity modes (N, SHAPES) that training asks for beside it."""
        raw = self._raw(self.surface(depth))
        return _unit(raw), self.shape(raw).float()

    def _raw(self, surface: Tensor) -> Tensor:
        x = self.squeeze(self.features(surface)).flatten(1)
        out: Tensor = self.embed(F.dropout(x, 0.2, self.training)).float()
        return out


def _unit(vectors: Tensor) -> Tensor:
    return vectors * torch.rsqrt((vectors * vectors).sum(dim=1, keepdim=True).clamp(min=1e-12))


class FaceVerifierSeed(nn.Module):
    """The paper's Siamese network: two crops (N, 1, 96, 96) in [-1, 1] -> logit (N, 1) that both are one person.

    Trunk k3n64s2-k3n128s2-k3n256s2-k3n256s2-k3n256s2-avgpool2, both vectors beside each other, fc128-fc32-fc1.
    1,550,784 + 69,825 parameters (batch norm in place of the convolutions' biases).
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(*(conv(a, b, 3, 2) for a, b in pairwise((1, 64, 128, 256, 256, 256))))
        self.pool = nn.AvgPool2d(2)
        self.judge = nn.Sequential(
            nn.Linear(512, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 32), nn.ReLU(), nn.Dropout(0.2)
        )
        self.last = nn.Linear(32, 1)

    def vector(self, depth: Tensor) -> Tensor:
        """(N, 256) of one crop."""
        return self.pool(self.trunk(depth)).flatten(1)

    def logit(self, first: Tensor, second: Tensor) -> Tensor:
        """(N, 1) from the vectors of two crops, in this order."""
        out: Tensor = self.last(self.judge(torch.cat([first, second], dim=1)))
        return out

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """Probability (N, 1), the mean of both orders: swapping the crops changes nothing."""
        a, b = self.vector(first), self.vector(second)
        return 0.5 * (torch.sigmoid(self.logit(a, b)) + torch.sigmoid(self.logit(b, a)))
