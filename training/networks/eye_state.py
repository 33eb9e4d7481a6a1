"""How far an eye is open, and how sure that is, from its pixels alone."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.eye_truth import WITHIN
from training.networks.blocks import conv

ROWS, COLUMNS = 32, 48
LEAST_ERROR, MOST_ERROR = 0.01, 0.6


class EyeStatePlus(nn.Module):
    """(N, 1, ROWS, COLUMNS) -> openness (N, 1) and confidence (N, 1), both 0..1.

    The distance from the truth is modelled as exponential with a predicted mean s: P(distance < d) = 1 - exp(-d / s).
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            conv(1, 16, 3), conv(16, 32, 3, 2), conv(32, 32, 3), conv(32, 48, 3, 2), conv(48, 48, 3, 2)
        )
        self.judge = nn.Sequential(nn.Flatten(), nn.Linear(48 * 4 * 6, 48), nn.ReLU(), nn.Linear(48, 2))

    def told(self, patch: Tensor) -> tuple[Tensor, Tensor]:
        """Openness (N, 1), and the expected distance from the truth (N, 1)."""
        out = self.judge(self.features(patch))
        openness, error = torch.sigmoid(out[:, :1]), torch.sigmoid(out[:, 1:])
        return openness, LEAST_ERROR + (MOST_ERROR - LEAST_ERROR) * error

    def forward(self, patch: Tensor) -> tuple[Tensor, Tensor]:
        openness, error = self.told(patch)
        return openness, 1 - torch.exp(-WITHIN / error)
