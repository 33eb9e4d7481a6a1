"""face_verifier: depth crops of the same few people from several sides; one person's vectors must lie together."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from training.faces.identity import draw_identity
from training.faces.subjects import Subjects
from training.feed import FaceStore, Item
from training.losses import detached
from training.measures.verification import area, balanced_pairs, equal_error
from training.networks.face_verifier import SHAPES, FaceVerifierPlus, FaceVerifierSeed
from training.tasks.task import Batch

VIEWS = 3
"""Readings of one person in an item."""
MODES = 100
"""Identity modes of the face model, of which the first SHAPES are asked for."""
VALIDATION_VIEWS = 4


class VerificationTask:
    """Trains FaceVerifierPlus: each pair of one person against all other people of the batch.

    The cosine of a pair of one person is made smaller by `margin` before it is compared (as in CosFace), so that it
    must win clearly. Beside it the face model's own identity modes are asked for: they say what shape is.
    """

    batch_size = 40
    learning_rate = 2e-3
    temperature = 0.07
    margin = 0.1
    shape_weight = 0.3

    def __init__(self) -> None:
        self._subjects: Subjects | None = None

    def subjects(self, store: FaceStore) -> Subjects:
        """The people of `store`, opened once."""
        if self._subjects is None:
            self._subjects = Subjects(store)
        return self._subjects

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """One person: depth (VIEWS, 96, 96) uint8 codes, who int64, shape (SHAPES,) float32."""
        subjects = self.subjects(store)
        who = int(rng.choice(subjects.train))
        return {
            "depth": subjects.read_several(who, VIEWS, rng),
            "who": np.int64(who),
            "shape": draw_identity(who, MODES).coefficients[:SHAPES],
        }

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        vectors, shapes = cast(FaceVerifierPlus, network).detail(depth_tensor(batch["depth"].flatten(0, 1)))
        who = batch["who"].repeat_interleave(VIEWS)
        with torch.autocast(vectors.device.type, enabled=False):  # cosines need more digits than bfloat16 has
            apart = self._contrast(vectors, who)
        shape = (shapes - batch["shape"].repeat_interleave(VIEWS, dim=0)).square().mean()
        with torch.no_grad():
            like, mine = vectors @ vectors.T, who[:, None] == who[None]
            own = like[mine & ~torch.eye(len(who), dtype=torch.bool, device=who.device)].mean()
            other = like[~mine].mean() if (~mine).any() else own * 0
        parts = {"contrast": detached(apart), "shape": detached(shape), "own": float(own), "other": float(other)}
        return apart + self.shape_weight * shape, parts

    def _contrast(self, vectors: Tensor, who: Tensor) -> Tensor:
        """Cross-entropy of finding each pair of one person among the pairs with everybody else."""
        like = vectors @ vectors.T / self.temperature
        mine = who[:, None] == who[None]
        others = like.masked_fill(mine, -1e4).logsumexp(dim=1, keepdim=True)
        own = like - self.margin / self.temperature
        pairs = mine & ~torch.eye(len(who), dtype=torch.bool, device=who.device)
        return F.softplus(others - own)[pairs].mean()

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        raise NotImplementedError("face_verifier-plus is trained without a discriminator")

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """ROC area and equal error on pairs of held-out people; also fits how a cosine becomes a probability."""
        vectors, who = self._held_out(network, store, count)
        pairs = balanced_pairs(who)
        cosine = (vectors[pairs.first] * vectors[pairs.second]).sum(axis=1)
        slope, offset = fit_logistic(cosine, pairs.same)
        cast(FaceVerifierPlus, network).calibration.copy_(torch.tensor([slope, offset]))
        return {
            "area": area(cosine, pairs.same),
            "equal_error": equal_error(cosine, pairs.same),
            "slope": slope,
            "offset": offset,
        }

    def _held_out(self, network: nn.Module, store: FaceStore, count: int) -> tuple[NDArray, list[int]]:
        subjects, rng = self.subjects(store), np.random.default_rng(0)
        people = subjects.held_out[: max(4, count)]
        who = [person for person in people for _ in range(VALIDATION_VIEWS)]
        found = []
        for person in people:
            codes = torch.from_numpy(subjects.read_several(person, VALIDATION_VIEWS, rng))
            with torch.no_grad():
                found.append(network(depth_tensor(codes))[0].numpy())
        return np.concatenate(found), who


class VerificationSeedTask(VerificationTask):
    """Trains the paper's Siamese network on pairs, half of them of one person: cross-entropy (SPEC 1.2 [R])."""

    batch_size = 64
    learning_rate = 1e-3

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        siamese = cast(FaceVerifierSeed, network)
        depth = batch["depth"][:, :2]
        vectors = siamese.vector(depth_tensor(depth.flatten(0, 1))).unflatten(0, (-1, 2))
        # a person with himself, and with the next one of the batch
        logit = torch.cat(
            [siamese.logit(vectors[:, 0], vectors[:, 1]), siamese.logit(vectors[:, 0], vectors[:, 1].roll(1, 0))]
        ).float()
        same = torch.cat([batch["who"] == batch["who"], batch["who"] == batch["who"].roll(1, 0)]).float()[:, None]
        loss = F.binary_cross_entropy_with_logits(logit, same)
        right = ((logit > 0) == (same > 0.5)).float().mean()
        return loss, {"right": float(right)}

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        siamese = cast(FaceVerifierSeed, network)
        subjects, rng = self.subjects(store), np.random.default_rng(0)
        people = subjects.held_out[: max(4, count)]
        codes = [subjects.read_several(person, 2, rng) for person in people]
        depth = depth_tensor(torch.from_numpy(np.stack(codes)).flatten(0, 1)).unflatten(0, (-1, 2))
        with torch.no_grad():
            own = siamese(depth[:, 0], depth[:, 1]).numpy()
            other = siamese(depth[:, 0], depth[:, 1].roll(1, 0)).numpy()
        return {"accuracy": float(50 * (np.mean(own > 0.5) + np.mean(other <= 0.5)))}


def depth_tensor(codes: Tensor) -> Tensor:
    """(N, 96, 96) uint8 codes -> (N, 1, 96, 96) in [-1, 1]."""
    return (codes.float() / 127.5 - 1).unsqueeze(1)


def fit_logistic(score: NDArray, same: NDArray[np.bool_], rounds: int = 50) -> tuple[float, float]:
    """Slope and offset of the logistic curve that says most of `same` from `score` (Newton, steps halved as needed)."""
    middle, spread = float(score.mean()), max(float(score.std()), 1e-6)
    inputs = np.stack([(score - middle) / spread, np.ones_like(score)], axis=1).astype(float)
    truth = same.astype(float)

    def cost(weights: NDArray) -> float:
        logit = inputs @ weights
        return float((np.logaddexp(0, logit) - truth * logit).sum() + 5e-4 * weights @ weights)

    weights = np.zeros(2)
    for _ in range(rounds):
        probability = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (probability - truth) + 1e-3 * weights
        curve = inputs.T @ (inputs * (probability * (1 - probability))[:, None]) + 1e-3 * np.eye(2)
        step = np.linalg.solve(curve, gradient)
        while cost(weights - step) > cost(weights) and np.abs(step).max() > 1e-9:
            step = step / 2
        weights = weights - step
    slope = float(np.clip(weights[0] / spread, -60, 60))
    return slope, float(np.clip(weights[1] - slope * middle, -60, 60))
