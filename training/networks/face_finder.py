"""One network that finds every face in a whole frame of gray, near infrared, depth or thermal."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.finder_truth import BELOW
from training.networks.blocks import Residual, conv

WIDTH, HEIGHT = 320, 240
STRIDE = 8
COLUMNS, ROWS = WIDTH // STRIDE, HEIGHT // STRIDE
REACH = 1.5
"""A cell may speak for a face whose middle lies up to so many cells away."""
SMALLEST_PX, LARGEST_PX = 5.0, 480.0
HEAD_REACH = 0.6
"""The head centre lies within so many sides of the square's middle."""
START_CHANCE = 0.01


class FaceFinderPlus(nn.Module):
    """(N, 1, 240, 320) in [-1, 1] -> chance (N, 1, 30, 40) and face (N, 5, 30, 40), see registry.py.

    A residual backbone down to a 32nd of the resolution (so that a face that fills the frame is seen whole) and back
    up to an eighth, where every cell says how sure it is of being the middle of a face's square, and which square.
    """

    nearer: float = 0.0
    """The share of the way by which forward moves a square toward the one round the head centre: settled when a file is
    shipped (training/mix.py), so that squares lie where training.finder_truth says, whatever was learnt."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv(1, 12, 5, 2), conv(12, 32, 3, 2))
        self.down8 = nn.Sequential(conv(32, 40, 3, 2), Residual(40))
        self.down16 = nn.Sequential(conv(40, 80, 3, 2), Residual(80))
        self.down32 = nn.Sequential(conv(80, 112, 3, 2), Residual(112))
        self.narrow16 = nn.Conv2d(112, 80, 1)
        self.refine16 = conv(80, 80)
        self.narrow8 = nn.Conv2d(80, 40, 1)
        self.refine8 = conv(40, 56)
        self.enlarge = nn.Upsample(scale_factor=2, mode="nearest")
        self.chance = nn.Conv2d(56, 1, 1)
        self.face = nn.Conv2d(56, 5, 1)
        nn.init.constant_(self.chance.bias, float(torch.logit(torch.tensor(START_CHANCE))))  # type: ignore[arg-type]  # it has a bias
        nn.init.normal_(self.chance.weight, 0.0, 0.01)
        nn.init.normal_(self.face.weight, 0.0, 0.01)
        across = torch.arange(COLUMNS, dtype=torch.float32) * STRIDE + (STRIDE - 1) / 2
        along = torch.arange(ROWS, dtype=torch.float32) * STRIDE + (STRIDE - 1) / 2
        grid = torch.stack([across.expand(ROWS, COLUMNS), along[:, None].expand(ROWS, COLUMNS)])
        self.register_buffer("grid", grid[None], persistent=False)
        self.grid: Tensor

    def detail(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """What training needs: the chance's logit (N, 1, 30, 40), and face as forward gives it."""
        eighth = self.down8(self.stem(image))
        sixteenth = self.down16(eighth)
        x = self.down32(sixteenth)
        x = self.refine16(self.enlarge(self.narrow16(x))[:, :, : ROWS // 2] + sixteenth)
        x = self.refine8(self.enlarge(self.narrow8(x)) + eighth)
        face = self.face(x).float()
        middle = self.grid + REACH * STRIDE * torch.tanh(face[:, 0:2])
        side = torch.exp((face[:, 2:3] + 3.7).clamp(1.6094, 6.1738))  # SMALLEST_PX, LARGEST_PX
        head = middle + HEAD_REACH * side * torch.tanh(face[:, 3:5])
        return self.chance(x).float(), torch.cat([middle, side, head], dim=1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        logit, face = self.detail(image)
        if self.nearer:
            middle, side, head = face[:, 0:2], face[:, 2:3], face[:, 3:5]
            below = head + torch.cat([torch.zeros_like(side), BELOW * side], dim=1)
            face = torch.cat([middle + self.nearer * (below - middle), side, head], dim=1)
        return torch.sigmoid(logit), face
