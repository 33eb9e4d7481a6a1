"""DMSL's two halves (seed 003, SPEC 1.4): U-Net mask by cross-entropy, then numbers by squared error."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.augment import View
from training.feed import FaceStore, Item
from training.losses import box_mask, detached, landmark_mask
from training.networks.dmsl import SIZE, Dmsl
from training.tasks.landmarks import LandmarkTask
from training.tasks.task import Batch


class DmslTask:
    """Trains Ml (`box=False`) or Mb (`box=True`).

    The paper trains the U-Net first and the linear layers after it, with the U-Net frozen. Here both run side by
    side; the linear layers see the mask detached, so that the U-Net never learns from them either.
    """

    batch_size = 8
    learning_rate = 1e-3

    def __init__(self, box: bool) -> None:
        self._box = box
        self._faces = LandmarkTask()

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """A face in gray or thermal (the paper's two spectra) with its 68 points, upright and whole."""
        faces = store.train_faces[store.toward[store.train_faces] == 1]
        index = int(rng.choice(faces if len(faces) else store.train_faces))
        modality = "gray" if rng.random() < 0.5 else "thermal"
        item = self._faces.item(store, index, modality, View(SIZE, mirror=bool(rng.random() < 0.5)), None)
        return {"image": item["image"], "points": item["points"]}

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        dmsl = cast(Dmsl, network)
        image = (batch["image"].float() / 255).unsqueeze(1).expand(-1, 3, -1, -1)
        points = batch["points"]
        logits = dmsl.mask(image).float()
        if self._box:
            corner, far = points.amin(dim=1), points.amax(dim=1)
            target = torch.cat([corner, far - corner], dim=1)
            mask = box_mask(target, SIZE)
        else:
            target = points.flatten(1)
            mask = landmark_mask(points, SIZE)
        drawn = F.binary_cross_entropy_with_logits(logits, mask)
        numbers = (dmsl.numbers(logits.detach()).float() - target / SIZE).square().mean()
        return drawn + numbers, {"mask": detached(drawn), "numbers": detached(numbers)}

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        raise NotImplementedError("DMSL is trained without a discriminator")

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        return {}
