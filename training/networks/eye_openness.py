"""How far each eye is open, from a close look at the pixels that the landmarks point at.

Lids move by a few pixels of the 128 px crop; a heatmap of 4 px cells cannot see them. So both eyes are cut out at the
crop's own resolution, turned upright by the line between them, the left one mirrored, and judged by one small network.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.networks.blocks import conv

PATCH = 32
"""Samples across an eye's patch."""
WINDOW_PX = 30.0
"""What the patch covers, in pixels of the 128 px crop: 75 mm at the papers' scale."""


class EyeOpenness(nn.Module):
    """image (N, 1, 128, 128) in [-1, 1] and points (N, 68, 2) in its pixels -> logits (N, 2): right eye, left eye."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(conv(1, 16, 3), conv(16, 24, 3, 2), conv(24, 32, 3, 2), conv(32, 48, 3, 2))
        self.judge = nn.Sequential(nn.Flatten(), nn.Linear(48 * 16, 48), nn.ReLU(), nn.Linear(48, 1))
        steps = (torch.arange(PATCH, dtype=torch.float32) + 0.5) / PATCH - 0.5
        down, right = torch.meshgrid(steps * WINDOW_PX, steps * WINDOW_PX, indexing="ij")
        offsets = torch.stack([right, down], dim=2).flatten(0, 1)
        # (2, PATCH * PATCH, 2): the right eye as it is, the left one mirrored
        self.register_buffer("offsets", torch.stack([offsets, offsets * torch.tensor([-1.0, 1.0])]), persistent=False)
        self.offsets: Tensor

    def patches(self, image: Tensor, points: Tensor) -> Tensor:
        """(2 N, 1, PATCH, PATCH): every right eye, then every left one, each of mean 0 and deviation 1."""
        centers = torch.stack([points[:, 36:42].mean(dim=1), points[:, 42:48].mean(dim=1)])  # (2, N, 2)
        line = centers[1] - centers[0]
        line = line / line.norm(dim=1, keepdim=True).clamp(min=1e-3)
        across = line[None, :, None, :]  # along the line between the eyes, and square to it, down the face
        along = torch.stack([-line[:, 1], line[:, 0]], dim=1)[None, :, None, :]
        offsets = self.offsets[:, None]
        where = centers[:, :, None] + offsets[..., :1] * across + offsets[..., 1:] * along  # (2, N, P * P, 2)
        size = image.shape[-1]
        grid = (where * 2 / (size - 1) - 1).unflatten(2, (PATCH, PATCH)).flatten(0, 1)
        cut = F.grid_sample(torch.cat([image, image]), grid, "bilinear", "border", align_corners=True)
        flat = cut.flatten(1)
        flat = flat - flat.mean(dim=1, keepdim=True)
        deviation = (flat * flat).mean(dim=1, keepdim=True).clamp(min=1e-4).sqrt()
        return (flat / deviation).view(-1, 1, PATCH, PATCH)

    def forward(self, image: Tensor, points: Tensor) -> Tensor:
        count = image.shape[0]
        logits = self.judge(self.features(self.patches(image.float(), points.float())))
        return torch.cat([logits[:count], logits[count:]], dim=1)
