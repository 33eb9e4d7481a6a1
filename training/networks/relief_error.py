"""How wrong the relief of GrayToDepth is at each pixel, read from the maps of its decoder. Ships inside its file."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.networks.blocks import conv
from training.networks.gray_to_depth import WIDTHS

CHANNELS = 16
START_LOGIT = -3.0
"""sigmoid of it times 300 mm is 14 mm, about the mean error: training starts there."""


class ReliefError(nn.Module):
    """fine (N, 32, 48, 48) and coarse (N, 64, 24, 24), maps of GrayToDepthPlus -> error (N, 1, 96, 96) in [0, 1].

    The error is the mean of the distribution of |relief - truth| that a pixel's surroundings suggest, in units of the
    half range of the depth coding (300 mm), where the pixel shows the person.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Conv2d(WIDTHS[0], CHANNELS, 1)
        self.coarse = nn.Sequential(nn.Conv2d(WIDTHS[1], 4 * CHANNELS, 1), nn.PixelShuffle(2))
        self.activation = nn.ReLU()
        self.mix = conv(CHANNELS, CHANNELS)
        self.last = nn.Sequential(nn.Conv2d(CHANNELS, 4, 3, 1, 1), nn.PixelShuffle(2))
        self.put_line(0.1, START_LOGIT)

    def forward(self, fine: Tensor, coarse: Tensor) -> Tensor:
        return torch.sigmoid(self.logit(fine, coarse))

    @torch.no_grad()
    def put_line(self, slope: float, offset: float) -> None:
        """From now on the logits are slope * what they were + offset."""
        last = self.last[0]
        assert isinstance(last, nn.Conv2d)
        assert last.bias is not None
        last.weight.mul_(slope)
        last.bias.mul_(slope).add_(offset)

    def logit(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """Before the sigmoid."""
        x = self.activation(self.fine(fine) + self.coarse(coarse))
        out: Tensor = self.last(self.mix(x))
        return out
