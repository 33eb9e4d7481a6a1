"""Gray face to relief: the paper's generator and discriminator (seed 001, SPEC 1.2), and ours at a quarter width."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from training.networks.blocks import Residual, SubPixelUp, conv, initialize_normal, transposed

WIDTHS = (32, 64, 128, 256)
"""A quarter of the paper's 128, 256, 512, 1024."""


class GrayToDepthPlus(nn.Module):
    """(N, 1, 96, 96) gray in [-1, 1] -> relief (N, 1, 96, 96) in [-1, 1], foreground (N, 1, 96, 96) in [0, 1].

    The encoder is the paper's at a quarter width; the decoder replaces the transposed convolutions by sub-pixel
    upsampling and adds the encoder's maps, so that edges keep their place.
    """

    def __init__(self) -> None:
        super().__init__()
        sizes = (1, *WIDTHS)
        self.encoder = nn.ModuleList(conv(a, b, 5, 2, slope=0.2) for a, b in zip(sizes, WIDTHS, strict=False))
        self.middle = Residual(WIDTHS[-1])
        down = WIDTHS[::-1]
        self.up = nn.ModuleList(SubPixelUp(a, b) for a, b in pairwise(down))
        self.refine = nn.ModuleList(conv(b, b) for b in down[1:])
        self.last = nn.Sequential(conv(WIDTHS[0], WIDTHS[0]), nn.Conv2d(WIDTHS[0], 8, 3, 1, 1), nn.PixelShuffle(2))

    def forward(self, gray: Tensor) -> tuple[Tensor, Tensor]:
        relief, logit = self.detail(gray)
        return relief, torch.sigmoid(logit)

    def detail(self, gray: Tensor) -> tuple[Tensor, Tensor]:
        """Relief and the logit of the foreground, which the loss needs."""
        relief, logit, _, _ = self.maps(gray)
        return relief, logit

    def maps(self, gray: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Relief, logit of the foreground, and what ReliefError sees: (N, 32, 48, 48) and (N, 64, 24, 24)."""
        maps: list[Tensor] = []
        x = gray
        for layer in self.encoder:
            x = layer(x)
            maps.append(x)
        x = self.middle(x)
        coarse = x
        for up, refine, skip in zip(self.up, self.refine, reversed(maps[:-1]), strict=True):
            coarse, x = x, refine(up(x) + skip)
        fine = self.last[0](x)
        x = self.last[2](self.last[1](fine))
        return torch.tanh(x[:, :1]), x[:, 1:], fine, coarse


class GrayToDepthSeed(nn.Module):
    """The paper's generator: k5n128s2 .. k5n1024s2, mirrored by transposed convolutions, k5n1s1, tanh.

    (N, 1, 96, 96) -> (N, 1, 96, 96), both in [-1, 1]. 34,621,761 parameters.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (1, 128, 256, 512, 1024)
        back = (1024, 512, 256, 128, 64)
        self.encoder = nn.Sequential(*(conv(a, b, 5, 2, slope=0.2) for a, b in pairwise(widths)))
        self.decoder = nn.Sequential(*(transposed(a, b) for a, b in pairwise(back)))
        self.last = nn.Sequential(nn.Conv2d(64, 1, 5, 1, 2), nn.Tanh())
        initialize_normal(self)

    def forward(self, gray: Tensor) -> Tensor:
        relief: Tensor = self.last(self.decoder(self.encoder(gray)))
        return relief


class DepthCriticSeed(nn.Module):
    """The paper's discriminator: four strided convolutions and one linear layer.

    (N, 1, 96, 96) depth -> (N, 1) logit that it is real (the sigmoid sits in the loss). 17,247,105 parameters.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (1, 128, 256, 512, 1024)
        self.layers = nn.Sequential(*(conv(a, b, 5, 2, slope=0.2) for a, b in pairwise(widths)))
        self.last = nn.Linear(6 * 6 * 1024, 1)
        initialize_normal(self)

    def forward(self, depth: Tensor) -> Tensor:
        logit: Tensor = self.last(self.layers(depth).flatten(1))
        return logit
