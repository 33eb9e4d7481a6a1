"""How far a generated image is from the truth, pixel by pixel: what an ExpectedError learns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from training.feed import FaceStore, Item
from training.losses import detached, weighted_mean
from training.metrics import rank_correlation
from training.networks.expected_error import ExpectedError
from training.tasks.task import Batch

LEAST = 1 / 600
"""No error is expected to be smaller: half a millimetre of relief, half a level of colour."""
EVERY = 7
"""Every so many pixels are looked at where pixels are counted: neighbours say the same."""


class ExpectedErrorTask(ABC):
    """Trains an ExpectedError on the errors of a network that stands still.

    The error of a pixel is taken to be exponential with the mean that the head gives: its negative log-likelihood,
    log(mean) + error / mean, is least where the head gives the mean error of all pixels that look like this one.
    """

    batch_size = 48
    learning_rate = 2e-3
    unit: str
    """Short name of what errors are told in, for the log."""
    range: float
    """An error of 1, in `unit`."""

    @abstractmethod
    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """One item, as augmented as the network that stands still learns from."""

    @abstractmethod
    def plain_items(self, store: FaceStore, chosen: Sequence[int]) -> list[Item]:
        """Samples as rendered."""

    @abstractmethod
    def suitable(self, store: FaceStore, faces: NDArray) -> NDArray:
        """Those of the samples `faces` (indices) that the network that stands still is made for."""

    @abstractmethod
    def seen(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What the head sees (fine, coarse), how wrong the image is, and where that counts (0 or 1).

        Error and weight are (N, 1, H, W); errors in 0..1, on the person where the truth is known.
        """

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        fine, coarse, error, weight = self.seen(batch)
        mean = torch.sigmoid(cast(ExpectedError, network).logit(fine, coarse).float()).clamp(min=LEAST)
        loss = weighted_mean(mean.log() + error / mean, weight)
        return loss, {
            self.unit: detached(weighted_mean(error, weight)) * self.range,
            f"expected_{self.unit}": detached(weighted_mean(mean, weight)) * self.range,
        }

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        raise NotImplementedError("an expected error is trained without a discriminator")

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """Rank correlation of expected and real error on held-out people as rendered, and both their means."""
        faces = self.suitable(store, store.held_out_faces)
        logits, errors = self.pixels(network, store, faces[np.random.default_rng(0).permutation(len(faces))[:count]])
        if errors.size == 0:
            return {}
        expected = self.range / (1 + np.exp(-logits))
        return {
            "rank_correlation": rank_correlation(expected, errors),
            self.unit: float(errors.mean()) * self.range,
            f"expected_{self.unit}": float(expected.mean()),
        }

    def pixels(self, network: nn.Module, store: FaceStore, chosen: NDArray) -> tuple[NDArray, NDArray]:
        """Logits and errors (0..1), (M,), of every EVERY-th pixel that counts of the samples `chosen` as rendered."""
        head = cast(ExpectedError, getattr(network, "network", network)).eval()
        where = next(head.parameters()).device
        logits, errors = [np.zeros(0, np.float32)], [np.zeros(0, np.float32)]
        for first in range(0, len(chosen), 32):
            items = self.plain_items(store, [int(i) for i in chosen[first : first + 32]])
            batch = {k: torch.from_numpy(np.stack([i[k] for i in items])).to(where) for k in items[0]}
            fine, coarse, error, weight = self.seen(batch)
            with torch.no_grad():
                logit = head.logit(fine, coarse).float()
            logits.append(logit[weight > 0].cpu().numpy()[::EVERY])
            errors.append(error[weight > 0].cpu().numpy()[::EVERY])
        return np.concatenate(logits), np.concatenate(errors)


def fit_line(logits: NDArray, errors: NDArray, rounds: int = 60) -> tuple[float, float]:
    """Slope and offset of the logits under which `errors` (same shape) are likeliest, by the exponential law."""
    line = torch.tensor([1.0, 0.0], requires_grad=True)
    x, e = torch.from_numpy(logits).float(), torch.from_numpy(errors).float()
    optimizer = torch.optim.LBFGS([line], max_iter=rounds, line_search_fn="strong_wolfe")

    def value() -> Tensor:
        optimizer.zero_grad()
        turned = x * line[0] + line[1]
        loss = (F.logsigmoid(turned) + e / torch.sigmoid(turned).clamp(min=LEAST)).mean()
        loss.backward()
        return loss

    optimizer.step(value)
    slope, offset = line.detach().tolist()
    return float(slope), float(offset)
