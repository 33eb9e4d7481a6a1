"""relief_error: how far a relief that stands is from the truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import cv2
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
NOTHING_SHARE = 0.05
"""Of the items. Without them noise is believed two thirds as much as a face: nothing like it is in the samples."""
COARSEST = 8
"""Largest side of a grain of that noise, px."""


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
        """An item of the relief's training; a few pictures show noise in place of the face that is there."""
        item = self._pictures.make_item(store, rng)
        if rng.random() < NOTHING_SHARE:
            item["image"] = _noise(rng).astype(item["image"].dtype)
        return item

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


def _noise(rng: np.random.Generator) -> NDArray[np.uint8]:
    """(SIZE, SIZE) grains of any gray, fine or coarse, hard or soft."""
    grains = -(-SIZE // int(rng.integers(1, COARSEST + 1)))
    how = cv2.INTER_NEAREST if rng.random() < 0.5 else cv2.INTER_LINEAR
    picture = cv2.resize(rng.integers(0, 256, (grains, grains)).astype(np.uint8), (SIZE, SIZE), interpolation=how)
    return np.asarray(picture, np.uint8)
