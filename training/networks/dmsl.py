"""DMSL, the paper's landmark detector (seed 003, SPEC 1.4): a U-Net to a mask, then two linear layers to numbers.

Mb finds the face's box, Ml the 68 landmarks; both have this shape and differ in what the mask and the numbers mean.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIZE = 128
WIDTHS = (64, 128, 256, 512, 1024)


def _double(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, 1, 1), nn.ReLU(), nn.Conv2d(outputs, outputs, 3, 1, 1), nn.ReLU()
    )


class UNet(nn.Module):
    """(N, C, 128, 128) -> mask logits (N, 1, 128, 128).

    The paper prints a ReLU after the last layer, on which its cross-entropy has no logarithm; logits stand here
    instead (SPEC 1.4 [R]).
    """

    def __init__(self, channels: int = 3, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        sizes = (channels, *widths)
        back = widths[::-1]
        self.down = nn.ModuleList(_double(a, b) for a, b in zip(sizes, widths, strict=False))
        self.up = nn.ModuleList(nn.ConvTranspose2d(a, b, 2, 2) for a, b in pairwise(back))
        self.merge = nn.ModuleList(_double(a, b) for a, b in pairwise(back))
        self.last = nn.Conv2d(widths[0], 1, 1)

    def forward(self, image: Tensor) -> Tensor:
        maps: list[Tensor] = []
        x = image
        for index, layer in enumerate(self.down):
            x = layer(x if index == 0 else F.max_pool2d(x, 2))
            maps.append(x)
        for up, merge, skip in zip(self.up, self.merge, reversed(maps[:-1]), strict=True):
            x = merge(torch.cat([skip, up(x)], dim=1))
        logits: Tensor = self.last(x)
        return logits


class Dmsl(nn.Module):
    """One half of DMSL: `mask` is stage one, `numbers` stage two (trained with the U-Net frozen)."""

    def __init__(self, outputs: int, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.unet = UNet(3, widths)
        self.head = nn.Sequential(nn.Linear(SIZE * SIZE, 1024), nn.Sigmoid(), nn.Linear(1024, outputs), nn.Sigmoid())

    def mask(self, image: Tensor) -> Tensor:
        """Mask logits (N, 1, 128, 128)."""
        logits: Tensor = self.unet(image)
        return logits

    def numbers(self, mask_logits: Tensor) -> Tensor:
        """(N, outputs) in [0, 1] from the mask."""
        out: Tensor = self.head(torch.sigmoid(mask_logits).flatten(1))
        return out


class DmslBox(Dmsl):
    """Mb: (N, 3, 128, 128) in [0, 1] -> (N, 4) x, y, w, h divided by 128. Linear layers: 16,782,340 parameters."""

    def __init__(self) -> None:
        super().__init__(4)

    def forward(self, image: Tensor) -> Tensor:
        return self.numbers(self.mask(image))


class DmslLandmarks(Dmsl):
    """Ml: (N, 3, 128, 128) in [0, 1] -> (N, 68, 2) divided by 128. Linear layers: 16,917,640 parameters."""

    def __init__(self) -> None:
        super().__init__(136)

    def forward(self, image: Tensor) -> Tensor:
        return self.numbers(self.mask(image)).unflatten(1, (68, 2))
