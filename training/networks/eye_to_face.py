"""One eye to a face: the paper's autoencoder (seed 004, SPEC 1.5), and a small one of ours that keeps the eye."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from training.networks.blocks import SubPixelUp, conv

EYE, FACE = 32, 128
SLOPE = 0.2
MEAN_GAIN = 10.0
"""The mean face is learnt so many times faster than the rest: it is a picture, each of its pixels one number."""
DARKEST, EVEN = 0.02, 0.4
"""The least mean of an eye's channel, and the one that every eye is brought to before the network looks at it."""
PLACE_MIDDLE = (-0.36, -0.2, -1.56, 0.36, -0.2)
PLACE_REACH = (0.12, 0.12, 0.5, 0.12, 0.12)
"""Where an eye on the picture's left can be: about 0.36 of half the face beside its middle, a little above it, about
0.21 of the face wide; and the other one."""
SQUARENESS, FADE = 8, 1.5
"""The eye's share is FADE (1 - x**8 - y**8), at most 1 (-1..1 across its picture), so that brow and corners count."""
SOFT_PX = 1.0
"""Deviation of the Gaussian that takes the finest hatching off what was imagined; the eye is put back as it is."""


class EyeToFacePlus(nn.Module):
    """(N, 3, 32, 32) eye -> (N, 3, 128, 128) face, both RGB in [0, 1].

    An eye on the picture's right is mirrored, and so is the face that comes of it; whose side it is from is told, or
    decided by a look at it. The face is a mean face that is learnt as a picture, times what the eye says about it,
    times the eye's own mean color: another light's color on the eye is that on the face. The eye itself is then put
    back where the network says that it was, and its mirror image where the other eye must be.
    """

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            conv(3, 32, 5, 2, slope=SLOPE), conv(32, 64, 3, 2, slope=SLOPE), conv(64, 128, 3, 2, slope=SLOPE)
        )
        self.code = nn.Sequential(nn.Linear(128 * 16 + 3, 96), nn.LeakyReLU(SLOPE))
        self.start = nn.Sequential(nn.Linear(96, 96 * 16), nn.LeakyReLU(SLOPE))
        widths = (96, 96, 64, 48, 24)
        self.up = nn.ModuleList(
            nn.Sequential(SubPixelUp(a, b), conv(b, b, 3, slope=SLOPE)) for a, b in pairwise(widths)
        )
        self.last = nn.Conv2d(widths[-1], 3, 3, 1, 1)
        self.where = nn.Linear(96, 5)
        self.side = nn.Sequential(
            conv(3, 16, 5, 2, slope=SLOPE),
            conv(16, 32, 3, 2, slope=SLOPE),
            conv(32, 48, 3, 2, slope=SLOPE),
            nn.Flatten(),
            nn.Linear(48 * 16, 1),
        )
        self.mean = nn.Parameter(torch.full((1, 3, FACE, FACE), -1.0 / MEAN_GAIN))
        axis = (torch.arange(FACE, dtype=torch.float32) + 0.5) * 2 / FACE - 1
        self.register_buffer("axis", axis, persistent=False)
        self.axis: Tensor
        self.register_buffer("place_middle", torch.tensor(PLACE_MIDDLE), persistent=False)
        self.register_buffer("place_reach", torch.tensor(PLACE_REACH), persistent=False)
        self.place_middle: Tensor
        self.place_reach: Tensor
        taps = torch.exp(-0.5 * (torch.arange(-3, 4, dtype=torch.float32) / SOFT_PX) ** 2)
        self.register_buffer("soft", (taps / taps.sum()).expand(3, 1, 7).contiguous(), persistent=False)
        self.soft: Tensor
        self.register_buffer("mirrored", torch.tensor([-1.0, 1, 1, -1, 1]), persistent=False)
        self.mirrored: Tensor
        nn.init.normal_(self.where.weight, 0.0, 0.01)
        nn.init.zeros_(self.where.bias)
        with torch.no_grad():
            self.last.weight.mul_(0.1)

    def forward(self, eye: Tensor) -> tuple[Tensor, Tensor]:
        """What is shipped: the face of an eye that is taken for one on the picture's left, and the probability (N, 1)
        that it lies there. An eye on the right is mirrored before, and its face after.
        """
        eye, color, even, logit_left = self._asked(eye)
        face, _ = self._of_left(eye, even, color)
        return face, torch.sigmoid(logit_left)[:, None]

    def detail(self, eye: Tensor, left: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """The face, where the eyes were put (N, 5), and the logit (N,) that the eye is on the picture's left.

        Places are x, y, log size of the one, x, y of the other; in -1..1 across the face; the size is half of the eye
        picture's width in the same measure.

        Args:
            left: (N,) whether it is on the picture's left, where that is known (training); else the logit's sign says.
        """
        eye, color, even, logit_left = self._asked(eye)
        is_left = (logit_left > 0 if left is None else left > 0.5)[:, None, None, None]
        eye, even = (torch.where(is_left, x, x.flip(3)) for x in (eye, even))
        face, place = self._of_left(eye, even, color)
        face = torch.where(is_left, face, face.flip(3))
        return face, torch.where(is_left[:, :, 0, 0], place, place * self.mirrored), logit_left

    def _asked(self, eye: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The eye, its mean color, itself with that color divided out, and the logit (N,) that it lies on the left."""
        eye = eye.float()
        color = eye.mean(dim=(2, 3), keepdim=True).clamp(min=DARKEST)
        even = (EVEN * eye / color).clamp(max=1.0)
        return eye, color, even, self.side(2 * even - 1).float().squeeze(1)

    def _of_left(self, eye: Tensor, even: Tensor, color: Tensor) -> tuple[Tensor, Tensor]:
        """The face of eyes on the picture's left, and where they were put."""
        code = self.code(torch.cat([self.look(2 * even - 1).flatten(1), color.flatten(1).log()], dim=1))
        x = self.start(code).unflatten(1, (96, 4, 4))
        for layer in self.up:
            x = layer(x)
        place = self.place_middle + self.place_reach * torch.tanh(self.where(code).float())
        # Smooth between its pixels of 64 x 64: sub-pixels of their own would leave a hatching on the face.
        said = F.interpolate(self.last(x).float(), size=FACE, mode="bilinear", align_corners=False)
        face = (color * torch.exp(MEAN_GAIN * self.mean + said)).clamp(max=1.0)
        face = F.conv2d(F.pad(face, (3, 3, 3, 3), "replicate"), self.soft[:, :, None], groups=3)
        face = F.conv2d(face, self.soft[..., None], groups=3)
        face = self._put(face, eye, place[:, 0], place[:, 1], place[:, 2])
        return self._put(face, eye.flip(3), place[:, 3], place[:, 4], place[:, 2]), place

    def _put(self, face: Tensor, eye: Tensor, x: Tensor, y: Tensor, size: Tensor) -> Tensor:
        """Blend `eye` into `face` about (x, y) in -1..1; it is exp(size) of the face wide and fades at its border."""
        finer = torch.exp(-size)[:, None]
        right, down = (self.axis[None] - x[:, None]) * finer, (self.axis[None] - y[:, None]) * finer
        local = torch.stack([right[:, None].expand(-1, FACE, -1), down[:, :, None].expand(-1, -1, FACE)], dim=3)
        cut = F.grid_sample(eye, local, "bilinear", "border", align_corners=False)
        inside = (1 - local.pow(SQUARENESS).sum(dim=3)).clamp(min=0)
        share = (FADE * inside).clamp(max=1)[:, None]
        return face * (1 - share) + cut * share


class FaceCritic(nn.Module):
    """Judges eye and face together, patch by patch, for the hinge loss: (N, 6, 128, 128) -> (N, 1, 16, 16)."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 6
        for factor in (1, 2, 4):
            layers += [spectral_norm(nn.Conv2d(channels, width * factor, 4, 2, 1)), nn.LeakyReLU(SLOPE)]
            channels = width * factor
        layers.append(spectral_norm(nn.Conv2d(channels, 1, 3, 1, 1)))
        self.layers = nn.Sequential(*layers)

    def forward(self, eye_and_face: Tensor) -> Tensor:
        scores: Tensor = self.layers(eye_and_face)
        return scores


def _down(inputs: int, outputs: int, groups: int) -> nn.Sequential:
    first = conv(inputs, outputs, 3, 2, slope=SLOPE)
    return nn.Sequential(first, *(conv(outputs, outputs, 3, slope=SLOPE) for _ in range(groups - 1)))


def _up(inputs: int, outputs: int) -> nn.Sequential:
    larger = nn.Sequential(
        nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(SLOPE)
    )
    return nn.Sequential(larger, conv(outputs, outputs, 3, slope=SLOPE))


class EyeToFaceSeed(nn.Module):
    """The paper's autoencoder: (N, 3, 32, 32) -> (N, 3, 128, 128), both in [0, 1].

    Encoder 64 (one group), 128, 256, 512, then 512 numbers; decoder 512, 256, 128, 64, 32 from 4 x 4, sigmoid.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(_down(3, 64, 1), _down(64, 128, 2), _down(128, 256, 2), _down(256, 512, 2))
        self.code = nn.Linear(512 * 4, 512)
        self.start = nn.Linear(512, 512 * 16)
        self.decoder = nn.Sequential(*(_up(a, b) for a, b in pairwise((512, 512, 256, 128, 64, 32))))
        self.last = nn.Sequential(nn.Conv2d(32, 3, 3, 1, 1), nn.Sigmoid())

    def forward(self, eye: Tensor) -> Tensor:
        code = self.code(self.encoder(eye).flatten(1))
        face: Tensor = self.last(self.decoder(self.start(code).unflatten(1, (512, 4, 4))))
        return face
