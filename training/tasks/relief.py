"""gray_to_depth: gray or near-infrared face in, coded relief and the person's mask out."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from engines.normalise import HALF_RANGE_MM
from training.augment import CROP_MM, Light, View, patch_mask, random_view, stretched, without_color, wrapped
from training.feed import FaceStore, Item
from training.losses import adversarial, detached, flatness, gradient_difference, masked_l1, normal_difference
from training.metrics import intersection_over_union, mean_absolute
from training.networks.gray_to_depth import GrayToDepthPlus
from training.tasks.task import Batch
from training.truth import face_mask, relief_truth, shrink

SIZE = 96
WRAPPED_SHARE = 0.06
"""Share of infrared pictures whose counts wrapped round."""
REGISTERED_SHARE = 0.2
"""Share of pictures that were brought onto a depth camera's grid and are black where it reads nothing."""
FLATNESS_WEIGHT = 1.0
MM_PER_CODE = HALF_RANGE_MM * 2 * 127.5 / 254
"""mm of depth for one unit of the coded relief in [-1, 1]."""
SLOPE = MM_PER_CODE / (CROP_MM / SIZE)
"""Turns a difference of neighboring relief values into mm of depth per mm across."""


class ReliefTask:
    """Trains GrayToDepthPlus: masked L1 + gradient + normal cosine (1 / 0.5 / 0.5, SPEC 4.6), and the mask."""

    batch_size = 48
    learning_rate = 2e-3

    def __init__(self) -> None:
        self._light = Light()

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """A random training item; a tenth of them show no head, for the mask."""
        clutter = store.train_clutter
        index = int(rng.choice(clutter if len(clutter) and rng.random() < 0.08 else store.train_faces))
        view = random_view(rng, SIZE, (0.92, 1.09), 0.08, 15)
        return self.item(store, index, "gray" if rng.random() < 0.65 else "nir", view, rng)

    def item(self, store: FaceStore, index: int, modality: str, view: View, rng: np.random.Generator | None) -> Item:
        """Sample `index` through `view`: image and code uint8-ranged float16, person and counts uint8."""
        truth = relief_truth(store, index, view)
        border = cv2.BORDER_REFLECT_101
        if modality == "nir":
            source = store.get("nir", index)
        else:
            mix = np.array([0.299, 0.587, 0.114])
            if rng is not None and rng.random() < 0.5:
                mix = rng.dirichlet((1.5, 2.5, 1.0))
            source = cv2.transform(np.ascontiguousarray(store.get("color", index)), mix[None].astype(np.float32))
        picture = shrink(source, view, border)
        if rng is not None:
            clutter = store.train_clutter
            if len(clutter) and rng.random() < 0.5:
                picture = self._replace_background(store, index, picture, modality, view, rng)
            if rng.random() < 0.2:
                hidden = patch_mask(rng, SIZE)
                picture[hidden] = self._light.texture(rng, hidden.shape)[hidden]
            if modality == "nir" and rng.random() < WRAPPED_SHARE:
                picture = wrapped(picture, rng)
            if rng.random() < REGISTERED_SHARE:
                picture = without_color(picture, view.labels(store.get("depth_sensor", index), border), rng)
            picture = self._light.picture(picture, rng, invert=0.0, coarse=0.25)
        return {
            "image": stretched(picture),
            "code": truth.code.astype(np.float16),
            "person": truth.person.astype(np.uint8),
            "person_known": (view.labels(store.get("foreground", index)) % 255 == 0).astype(np.uint8),
            "counts": truth.counts.astype(np.uint8) * (1 + face_mask(store, index, view)),  # relief counts twice there
        }

    def _replace_background(
        self,
        store: FaceStore,
        index: int,
        picture: NDArray[np.float32],
        modality: str,
        view: View,
        rng: np.random.Generator,
    ) -> NDArray[np.float32]:
        other = int(rng.choice(store.train_clutter))
        field = store.get("nir" if modality == "nir" else "color", other)
        if field.ndim == 3:
            field = cv2.cvtColor(np.ascontiguousarray(field), cv2.COLOR_RGB2GRAY)
        behind = random_view(rng, SIZE, (0.6, 1.25), 0.1, 10).image(field).astype(np.float32)
        alpha = shrink((store.get("foreground", index) > 0).astype(np.float32), view, cv2.BORDER_REFLECT_101)
        return picture * alpha + behind * (1 - alpha)

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        gray, relief, counts = relief_tensors(batch)
        found, person_logit = cast(GrayToDepthPlus, network).detail(gray)
        found, person_logit = found.float(), person_logit.float()
        person, known = batch["person"].float().unsqueeze(1), batch["person_known"].float().unsqueeze(1)
        level = masked_l1(found, relief, counts)
        edges = gradient_difference(found, relief, counts)
        normals = normal_difference(found, relief, counts, SLOPE)
        mask = F.binary_cross_entropy_with_logits(person_logit, person, known)
        flat = flatness(found, relief, counts)
        total = 10 * (level + 0.5 * edges * 4) + 0.5 * normals * 2 + 0.5 * mask + FLATNESS_WEIGHT * flat
        parts = {
            "mm": detached(level) * MM_PER_CODE,
            "gradient": detached(edges),
            "normal": detached(normals),
            "mask": detached(mask),
            "flat": detached(flat),
        }
        return total, parts

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        raise NotImplementedError("gray_to_depth-plus is trained without a discriminator")

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """Depth error in mm on the person and overlap of the mask, on held-out identities."""
        rng = np.random.default_rng(0)
        chosen = store.held_out_faces[rng.permutation(len(store.held_out_faces))[:count]]
        result: dict[str, float] = {}
        for modality in ("gray", "nir"):
            if len(chosen) == 0:
                break
            items = [self.item(store, int(i), modality, View(SIZE), None) for i in chosen]
            batch = {k: torch.from_numpy(np.stack([i[k] for i in items])) for k in items[0]}
            gray, relief, counts = relief_tensors(batch)
            with torch.no_grad():
                found, person = network(gray)
            mask = counts.numpy() > 0
            result[f"mm_{modality}"] = mean_absolute(found.numpy(), relief.numpy(), mask) * MM_PER_CODE
            known = batch["person_known"].numpy() > 0
            seen = (person.numpy()[:, 0] > 0.5) & known
            result[f"iou_{modality}"] = intersection_over_union(seen, (batch["person"].numpy() > 0) & known)
        return result


class ReliefSeedTask(ReliefTask):
    """Trains the paper's generator against its discriminator: L_G = 10 MSE + BCE(D(G(x)), real) (SPEC 1.2)."""

    learning_rate = 2e-4
    fidelity = 10.0

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        gray, relief, _ = relief_tensors(batch)
        found = network(gray).float()
        square = (found - relief).square().mean()
        fooled = adversarial(critic(found).float(), real=True) if critic is not None else square.new_zeros(())
        return self.fidelity * square + fooled, {"mse": detached(square), "fooled": detached(fooled)}

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        gray, relief, _ = relief_tensors(batch)
        with torch.no_grad():
            fake = network(gray).float()
        return 0.5 * (adversarial(critic(relief).float(), real=True) + adversarial(critic(fake).float(), real=False))

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        rng = np.random.default_rng(0)
        chosen = store.held_out_faces[rng.permutation(len(store.held_out_faces))[:count]]
        if len(chosen) == 0:
            return {}
        items = [self.item(store, int(i), "gray", View(SIZE), None) for i in chosen]
        gray, relief, counts = relief_tensors({k: torch.from_numpy(np.stack([i[k] for i in items])) for k in items[0]})
        with torch.no_grad():
            found = network(gray)
        return {"mm_gray": mean_absolute(found.numpy(), relief.numpy(), counts.numpy() > 0) * MM_PER_CODE}


def relief_tensors(batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Input gray, relief target and its mask, each (N, 1, SIZE, SIZE) float32."""
    gray = (batch["image"].float() / 127.5 - 1).unsqueeze(1)
    relief = (batch["code"].float() / 127.5 - 1).unsqueeze(1)
    return gray, relief, batch["counts"].float().unsqueeze(1)
