"""Coded depth to colour: the paper's generator and discriminator (seed 000, SPEC 1.1), and ours at a quarter width."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from training.networks.blocks import Residual, SubPixelUp, conv, initialize_normal, transposed

FINE, COARSE = 48, 64
"""Channels of the two maps of DepthToColorPlus that ColorError sees."""


class DepthToColorPlus(nn.Module):
    """(N, 1, 64, 64) depth in [-1, 1] -> RGB (N, 3, 64, 64) in [-1, 1]. Deterministic.

    The first convolution is strided (layout `strided_first`): the paper's generator spends most of its 12 GMAC at
    full size. Two further levels see the head as a whole; the encoder's maps are added back on the way up.
    """

    def __init__(self) -> None:
        super().__init__()
        self.level32 = nn.Sequential(conv(1, 32, 5, 2, slope=0.2), conv(32, 32, 3, slope=0.2))
        self.level16 = nn.Sequential(conv(32, 64, 5, 2, slope=0.2), Residual(64))
        self.level8 = nn.Sequential(conv(64, 128, 5, 2, slope=0.2), Residual(128))
        self.level4 = nn.Sequential(conv(128, 192, 3, 2, slope=0.2), Residual(192))
        self.up8 = SubPixelUp(192, 128)
        self.refine8 = Residual(128)
        self.up16 = SubPixelUp(128, COARSE)
        self.refine16 = Residual(COARSE)
        self.up32 = SubPixelUp(COARSE, 32)
        self.refine32 = nn.Sequential(Residual(32), conv(32, FINE))
        self.last = nn.Sequential(nn.Conv2d(FINE, 12, 3, 1, 1), nn.PixelShuffle(2))

    def forward(self, depth: Tensor) -> Tensor:
        return self.maps(depth)[0]

    def maps(self, depth: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Colour, and what ColorError sees: (N, 48, 32, 32) and (N, 64, 16, 16)."""
        a = self.level32(depth)
        b = self.level16(a)
        c = self.level8(b)
        x = self.refine8(self.up8(self.level4(c)) + c)
        coarse = self.refine16(self.up16(x) + b)
        fine = self.refine32(self.up32(coarse) + a)
        return torch.tanh(self.last(fine)), fine, coarse


class PatchCritic(nn.Module):
    """Judges depth and colour together, patch by patch: (N, 4, 64, 64) -> (N, 1, 8, 8) scores for the hinge loss.

    Spectral norm on every layer (Miyato et al., 2018), no batch norm.
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 4
        for factor in (1, 2, 4):
            layers += [spectral_norm(nn.Conv2d(channels, width * factor, 4, 2, 1)), nn.LeakyReLU(0.2)]
            channels = width * factor
        layers.append(spectral_norm(nn.Conv2d(channels, 1, 3, 1, 1)))
        self.layers = nn.Sequential(*layers)

    def forward(self, depth_and_color: Tensor) -> Tensor:
        scores: Tensor = self.layers(depth_and_color)
        return scores


class DepthToColorSeed(nn.Module):
    """The paper's generator, reading (a) of Figure 2: one step down, one step up (SPEC 1.1).

    (N, 1, 64, 64) -> (N, 3, 64, 64), both in [-1, 1]. 8,659,683 parameters.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            conv(1, 64, 5, slope=0.2),
            conv(64, 128, 5, slope=0.2),
            conv(128, 256, 5, slope=0.2),
            conv(256, 512, 5, 2, slope=0.2),
        )
        self.decoder = nn.Sequential(conv(512, 256, 5), conv(256, 128, 5), conv(128, 64, 5), transposed(64, 32))
        self.last = nn.Sequential(nn.Conv2d(32, 3, 5, 1, 2), nn.Tanh())
        initialize_normal(self)

    def forward(self, depth: Tensor) -> Tensor:
        color: Tensor = self.last(self.decoder(self.encoder(depth)))
        return color


class ColorCriticSeed(nn.Module):
    """The paper's discriminator: sees colour alone. (N, 3, 64, 64) -> (N, 1) logit that it is real.

    4,315,713 parameters.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 64, 128, 256, 512)
        self.layers = nn.Sequential(*(conv(a, b, 5, 2, slope=0.2) for a, b in pairwise(widths)))
        self.last = nn.Linear(4 * 4 * 512, 1)
        initialize_normal(self)

    def forward(self, color: Tensor) -> Tensor:
        logit: Tensor = self.last(self.layers(color).flatten(1))
        return logit
