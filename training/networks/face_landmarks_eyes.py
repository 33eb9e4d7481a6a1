"""FaceLandmarks as it ships: the landmark network, and the close look at the eyes that its points lead to."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.networks.eye_openness import EyeOpenness
from training.networks.face_landmarks import FaceLandmarksPlus


class FaceLandmarksWithEyes(nn.Module):
    """(N, 1, 128, 128) in [-1, 1] -> points, confidence, openness, presence (see registry.py).

    The two parts are trained one after the other; openness comes from `eyes` alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.landmarks = FaceLandmarksPlus()
        self.eyes = EyeOpenness()

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        points, confidence, _, presence = self.landmarks(image)
        return points, confidence, torch.sigmoid(self.eyes(image, points)), presence
