"""How wrong a generated image is at each pixel, read from the maps of the decoder that makes it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.networks.blocks import conv
from training.networks.depth_to_color import COARSE, FINE
from training.networks.gray_to_depth import WIDTHS

CHANNELS = 16


class ExpectedError(nn.Module):
    """fine (N, F, S, S) and coarse (N, C, S/2, S/2), maps of a decoder -> error (N, 1, 2S, 2S) in [0, 1].

    The error is the mean of the distribution of |image - truth| that a pixel's surroundings suggest, where the pixel
    shows the person, in the unit of the task that trains it.

    Args:
        fine, coarse: channels of the maps, F and C.
        start: logit that training starts at, near that of the mean error.
    """

    def __init__(self, fine: int, coarse: int, start: float) -> None:
        super().__init__()
        self.fine = nn.Conv2d(fine, CHANNELS, 1)
        self.coarse = nn.Sequential(nn.Conv2d(coarse, 4 * CHANNELS, 1), nn.PixelShuffle(2))
        self.activation = nn.ReLU()
        self.mix = conv(CHANNELS, CHANNELS)
        self.last = nn.Sequential(nn.Conv2d(CHANNELS, 4, 3, 1, 1), nn.PixelShuffle(2))
        self.put_line(0.1, start)

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


class ReliefError(ExpectedError):
    """fine (N, 32, 48, 48) and coarse (N, 64, 24, 24), maps of GrayToDepthPlus -> error (N, 1, 96, 96) in [0, 1].

    In units of the half range of the depth coding (300 mm). Ships inside the file of GrayToDepth.
    """

    def __init__(self) -> None:
        super().__init__(WIDTHS[0], WIDTHS[1], start=-3.0)  # 14 mm, about the mean error


class ColorError(ExpectedError):
    """fine (N, 48, 32, 32) and coarse (N, 64, 16, 16), maps of DepthToColorPlus -> error (N, 1, 64, 64) in [0, 1].

    In units of a channel's range (255 levels), mean of the channels. Does not ship: it tells hardly more than the mean
    error (`training.studies.color_error`).
    """

    def __init__(self) -> None:
        super().__init__(FINE, COARSE, start=-2.2)  # 25 levels, about the mean error
