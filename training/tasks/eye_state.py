"""Trains EyeStatePlus on rendered eyes as cameras of many kinds and distances read them."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.models.eye_state import FLAT, REACH
from training.eye_augment import photograph
from training.eye_truth import CLOSED, SIZES, closed_f1, held_out_eyes, item_of, sample_of
from training.feed import FaceStore, Item
from training.losses import detached
from training.networks.eye_state import EyeStatePlus
from training.tasks.task import Batch

NIR_SHARE = 0.5
BORDER, BORDER_WEIGHT = 0.15, 1.5
"""Eyes within about BORDER of CLOSED weigh up to so much more: whether an eye is closed is decided there."""
ERROR_WEIGHT = 0.3
CROSSED_WEIGHT = 0.5
"""Of the cross-entropy of the openness as a probability, beside its distance."""


class EyeStateTask:
    """Trains EyeStatePlus. Its store is an EyeStore."""

    batch_size = 128
    learning_rate = 2e-3

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """Both eyes of a face: eye uint8 (2, 32, 48), the left one mirrored; openness (2,) float32."""
        for _ in range(20):
            index = int(rng.choice(store.train_faces))
            infrared = bool(rng.random() < NIR_SHARE)
            light, glass, cover, points = sample_of(store, index, infrared)
            take = photograph(light, glass, cover, points, rng, infrared)
            item = item_of(take, np.asarray(store.get("openness", index)))
            if item is not None:
                return item
        raise ValueError("no eyes can be cut out of these samples")

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        """Distance and cross-entropy of the openness, and the likelihood of the distance, for the confidence alone."""
        patches = batch["eye"].flatten(0, 1)
        found, error = cast(EyeStatePlus, network).told(_normalised(patches))
        truth = batch["openness"].flatten()[:, None]
        distance = (found - truth).abs()
        weight = 1 + BORDER_WEIGHT * torch.exp(-(((truth - CLOSED) / BORDER) ** 2))
        # Its gradient does not vanish where the sigmoid is flat; the distance alone would end at the median.
        crossed = F.binary_cross_entropy(found.clamp(1e-4, 1 - 1e-4), truth.clamp(0, 1), reduction="none")
        openness = (weight * (distance + CROSSED_WEIGHT * crossed)).mean()
        known = distance.detach()
        likelihood = (known / error + error.log()).mean()
        return openness + ERROR_WEIGHT * likelihood, {
            "openness": detached(openness),
            "likelihood": detached(likelihood),
        }

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        raise NotImplementedError("eye_state-plus is trained without a discriminator")

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """On held-out people at three sizes: mean absolute error, and F1 of closed (openness under 0.2)."""
        rng = np.random.default_rng(0)
        chosen = store.held_out_faces[rng.permutation(len(store.held_out_faces))[:count]]
        result: dict[str, float] = {}
        for size, scale in SIZES.items():
            for infrared in (True, False):
                eyes, truths = held_out_eyes(store, chosen, scale, infrared)
                if not len(eyes):
                    continue
                with torch.no_grad():
                    found, confidence = network(_normalised(torch.from_numpy(eyes)))
                openness = found[:, 0].numpy()
                name = f"{'nir' if infrared else 'gray'}_{size}"
                result[f"mae_{name}"] = float(np.abs(openness - truths).mean())
                result[f"f1_{name}"] = closed_f1(openness, truths)
                sure = confidence[:, 0].numpy() >= np.median(confidence[:, 0].numpy())
                result[f"mae_{name}_surer_half"] = float(np.abs(openness - truths)[sure].mean())
        return result


def _normalised(patches: Tensor) -> Tensor:
    """The network's input of patches in 8 bits, as engines.models.eye_state makes it, on their device."""
    values = patches.float()
    values = values - values.mean(dim=(1, 2), keepdim=True)
    deviation = values.square().mean(dim=(1, 2), keepdim=True).sqrt()
    return (values / (deviation.clamp(min=FLAT) * REACH)).clamp(-1.0, 1.0)[:, None]
