"""relief_error: how far a relief that stands is from the truth, pixel by pixel."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from engines.loading import WEIGHTS
from engines.normalise import HALF_RANGE_MM
from training.augment import View
from training.feed import FaceStore, Item
from training.losses import detached, weighted_mean
from training.metrics import rank_correlation
from training.networks.gray_to_depth import GrayToDepthPlus
from training.networks.relief_error import ReliefError
from training.tasks.relief import MM_PER_CODE, SIZE, ReliefTask, relief_tensors
from training.tasks.task import Batch

BASE = WEIGHTS / "gray_to_depth-plus.onnx"
MOST = 1.0
"""Errors count as this at most, in units of 300 mm: what lies beyond the coding's window."""
LEAST = 0.5 / HALF_RANGE_MM
"""No error is expected to be smaller: half a millimetre."""
EVERY = 7
"""Every so many pixels are looked at where pixels are counted: neighbours say the same."""


class ReliefErrorTask:
    """Trains ReliefError on the errors of a GrayToDepthPlus that stands still.

    The error of a pixel is taken to be exponential with the mean that the network gives: its negative log-likelihood,
    log(mean) + error / mean, is least where the network gives the mean error of all pixels that look like this one.
    """

    batch_size = 48
    learning_rate = 2e-3

    def __init__(self, base: Path = BASE) -> None:
        """Take the file whose relief is judged."""
        self._pictures = ReliefTask()
        self._base_path = base
        self._base: GrayToDepthPlus | None = None

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """As ReliefTask: a face as augmented as the relief learns from."""
        return self._pictures.make_item(store, rng)

    def seen(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What the head sees (fine, coarse), how wrong the relief is, and where that counts (0 or 1).

        Error and weight are (N, 1, 96, 96); errors in units of 300 mm, on the person where the truth is known.
        """
        gray, relief, counts = relief_tensors(batch)
        with torch.no_grad():
            found, _, fine, coarse = self._frozen(gray.device).maps(gray)
        error = ((found.float() - relief).abs() * (MM_PER_CODE / HALF_RANGE_MM)).clamp(max=MOST)
        return fine, coarse, error, (counts > 0).float()

    def _frozen(self, device: torch.device) -> GrayToDepthPlus:
        if self._base is None:
            from training.warm_start import folded_from_file

            self._base = cast(GrayToDepthPlus, folded_from_file(GrayToDepthPlus(), self._base_path))
        self._base.to(device)
        return self._base

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        fine, coarse, error, weight = self.seen(batch)
        mean = torch.sigmoid(cast(ReliefError, network).logit(fine, coarse).float()).clamp(min=LEAST)
        loss = weighted_mean(mean.log() + error / mean, weight)
        expected = detached(weighted_mean(mean, weight)) * HALF_RANGE_MM
        return loss, {"mm": detached(weighted_mean(error, weight)) * HALF_RANGE_MM, "expected_mm": expected}

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        raise NotImplementedError("relief_error-plus is trained without a discriminator")

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """Rank correlation of expected and real error on held-out people as rendered, and both their means."""
        rng = np.random.default_rng(0)
        chosen = store.held_out_faces[rng.permutation(len(store.held_out_faces))[:count]]
        logits, errors = self.pixels(network, store, chosen)
        if errors.size == 0:
            return {}
        expected = HALF_RANGE_MM / (1 + np.exp(-logits))
        return {
            "rank_correlation": rank_correlation(expected, errors),
            "mm": float(errors.mean()) * HALF_RANGE_MM,
            "expected_mm": float(expected.mean()),
        }

    def pixels(self, network: nn.Module, store: FaceStore, chosen: NDArray) -> tuple[NDArray, NDArray]:
        """Logits and errors (in units of 300 mm), (M,), of every EVERY-th pixel that counts of samples as rendered.

        Args:
            chosen: indices of samples; gray and near infrared by turns.
        """
        head = cast(ReliefError, getattr(network, "network", network)).eval()
        where = next(head.parameters()).device
        logits, errors = [np.zeros(0, np.float32)], [np.zeros(0, np.float32)]
        for first in range(0, len(chosen), 32):
            items = [
                self._pictures.item(store, int(i), "nir" if number % 2 else "gray", View(SIZE), None)
                for number, i in enumerate(chosen[first : first + 32], first)
            ]
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
