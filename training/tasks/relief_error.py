"""relief_error: how far a relief that stands is from the truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.loading import WEIGHTS
from engines.normalise import HALF_RANGE_MM
from training.augment import View
from training.feed import FaceStore, Item
from training.networks.gray_to_depth import GrayToDepthPlus
from training.tasks.expected_error import ExpectedErrorTask
from training.tasks.relief import MM_PER_CODE, SIZE, ReliefTask, relief_tensors
from training.tasks.task import Batch

BASE = WEIGHTS / "gray_to_depth-plus.onnx"


class ReliefErrorTask(ExpectedErrorTask):
    """Trains ReliefError on the errors of a GrayToDepthPlus that stands still.

    Errors are in units of 300 mm and count as that at most: what lies beyond the coding's window.
    """

    unit = "mm"
    range = HALF_RANGE_MM

    def __init__(self, base: Path = BASE) -> None:
        """Take the file whose relief is judged."""
        self._pictures = ReliefTask()
        self._base_path = base
        self._base: GrayToDepthPlus | None = None

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        return self._pictures.make_item(store, rng)

    def plain_items(self, store: FaceStore, chosen: Sequence[int]) -> list[Item]:
        """Gray and near infrared by turns."""
        return [
            self._pictures.item(store, index, "nir" if number % 2 else "gray", View(SIZE), None)
            for number, index in enumerate(chosen)
        ]

    def suitable(self, store: FaceStore, faces: NDArray) -> NDArray:
        return faces

    def seen(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        gray, relief, counts = relief_tensors(batch)
        with torch.no_grad():
            found, _, fine, coarse = self._frozen(gray.device).maps(gray)
        error = ((found.float() - relief).abs() * (MM_PER_CODE / HALF_RANGE_MM)).clamp(max=1.0)
        return fine, coarse, error, (counts > 0).float()

    def _frozen(self, device: torch.device) -> GrayToDepthPlus:
        if self._base is None:
            from training.warm_start import folded_from_file

            self._base = cast(GrayToDepthPlus, folded_from_file(GrayToDepthPlus(), self._base_path))
        self._base.to(device)
        return self._base
