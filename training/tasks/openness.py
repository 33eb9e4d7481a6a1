"""Trains EyeOpenness on the landmark task's pictures, around points that are as wrong as a network's."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.augment import View, random_view
from training.close_look import close_view
from training.feed import FaceStore, Item
from training.losses import detached, weighted_mean
from training.networks.eye_openness import EyeOpenness
from training.networks.face_landmarks import SIZE
from training.tasks.landmarks import CLOSE_SHARE, LandmarkTask, as_input
from training.tasks.task import Batch

MODALITY_SHARE = {"gray": 0.45, "nir": 0.45, "depth": 0.05, "thermal": 0.05}
POINT_ERROR_PX = 1.2
"""Each eye's points are moved together by so much (deviation), as a landmark network would."""
BLINK_SHARE = 0.45
"""Share of items with an eye below BLINK, which the rendered faces have too few of."""
BLINK = 0.5


class OpennessTask:
    """Trains the eyes of FaceLandmarks; its points come from the truth."""

    batch_size = 96
    learning_rate = 2e-3

    def __init__(self) -> None:
        self._pictures = LandmarkTask()

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """A face toward the camera: image uint8 (SIZE, SIZE), points (68, 2), openness and openness_weight (2,)."""
        modality = str(rng.choice(list(MODALITY_SHARE), p=list(MODALITY_SHARE.values())))
        index = self._draw(store, rng)
        is_close = rng.random() < CLOSE_SHARE
        if is_close:
            view = close_view(store.get("landmarks", index), rng)
        else:
            view = random_view(rng, SIZE, (0.8, 1.25), 0.12, 30 if rng.random() < 0.7 else 8)
        item = self._pictures.item(store, index, modality, view, rng, is_close)
        points = item["points"].copy()
        points[36:42] += rng.normal(0, POINT_ERROR_PX, 2).astype(np.float32)
        points[42:48] += rng.normal(0, POINT_ERROR_PX, 2).astype(np.float32)
        return {**{k: item[k] for k in ("image", "openness", "openness_weight")}, "points": points}

    def _draw(self, store: FaceStore, rng: np.random.Generator) -> int:
        wants_blink = rng.random() < BLINK_SHARE
        index = int(rng.choice(store.train_faces))
        for _ in range(24):
            if store.toward[index] == 1 and (not wants_blink or store.get("openness", index).min() < BLINK):
                break
            index = int(rng.choice(store.train_faces))
        return index

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy of openness as a probability; eyes that are hidden weigh nothing."""
        logits = cast(EyeOpenness, network)(as_input(batch["image"]), batch["points"])
        loss = weighted_mean(
            F.binary_cross_entropy_with_logits(logits, batch["openness"].clamp(0, 1), reduction="none"),
            batch["openness_weight"],
        )
        return loss, {"openness": detached(loss)}

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        raise NotImplementedError("eye_openness-plus is trained without a discriminator")

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """Mean absolute error and correlation on held-out identities, as rendered, around the true points."""
        rng = np.random.default_rng(0)
        faces = store.held_out_faces
        toward = faces[store.toward[faces] == 1]
        result: dict[str, float] = {}
        if len(toward) == 0:
            return result
        chosen = toward[rng.permutation(len(toward))[:count]]
        for modality in ("gray", "nir"):
            items = [self._pictures.item(store, int(i), modality, View(SIZE), None) for i in chosen]
            with torch.no_grad():
                logits = network(
                    as_input(torch.from_numpy(np.stack([i["image"] for i in items]))),
                    torch.from_numpy(np.stack([i["points"] for i in items])),
                )
            found = torch.sigmoid(logits).numpy()
            true = np.stack([i["openness"] for i in items])
            seen = np.stack([i["openness_weight"] for i in items]) > 0
            result[f"mae_{modality}"] = float(np.abs(found - true)[seen].mean())
            if seen.sum() > 2:
                result[f"correlation_{modality}"] = float(np.corrcoef(found[seen], true[seen])[0, 1])
        return result
