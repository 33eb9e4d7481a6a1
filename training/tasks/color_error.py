"""color_error: how far a colour picture that stands is from the truth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.loading import WEIGHTS
from training.augment import View
from training.feed import FaceStore, Item
from training.networks.depth_to_color import DepthToColorPlus
from training.tasks.color import SIZE, ColorTask, color_tensors, in_good_light
from training.tasks.expected_error import ExpectedErrorTask
from training.tasks.task import Batch

BASE = WEIGHTS / "depth_to_color-plus.onnx"


class ColorErrorTask(ExpectedErrorTask):
    """Trains ColorError on the errors of a DepthToColorPlus that stands still.

    The truth is that of DepthToColor: the person, evenly exposed. Errors are means of the channels in units of 255
    levels.
    """

    unit = "levels"
    range = 255.0

    def __init__(self, base: Path = BASE) -> None:
        """Take the file whose colour is judged."""
        self._pictures = ColorTask()
        self._base_path = base
        self._base: DepthToColorPlus | None = None

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        return self._pictures.make_item(store, rng)

    def plain_items(self, store: FaceStore, chosen: Sequence[int]) -> list[Item]:
        return [self._pictures.item(store, index, View(SIZE), None) for index in chosen]

    def suitable(self, store: FaceStore, faces: NDArray) -> NDArray:
        return in_good_light(store, faces)

    def seen(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        depth, color, person = color_tensors(batch)
        with torch.no_grad():
            found, fine, coarse = self._frozen(depth.device).maps(depth)
        error = (found.float() - color).abs().mean(dim=1, keepdim=True) / 2  # from [-1, 1]
        return fine, coarse, error, (person > 0.5).float()

    def _frozen(self, device: torch.device) -> DepthToColorPlus:
        if self._base is None:
            from training.warm_start import folded_from_file

            self._base = cast(DepthToColorPlus, folded_from_file(DepthToColorPlus(), self._base_path))
        self._base.to(device)
        return self._base
