"""depth_to_color: coded depth in, a colour face out."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.augment import Light, View, center_distance, code_depth, random_view, sensor_depth
from training.faces.sample import Tag
from training.feed import FaceStore, Item
from training.losses import (
    adversarial,
    critic_hinge,
    detached,
    dissimilarity,
    generator_hinge,
    gradient_difference,
    shape_difference,
    weighted_mean,
)
from training.metrics import mean_absolute
from training.tasks.task import Batch
from training.truth import DARKEST_LUMA, face_mask, person_luma, person_on_backdrop

SIZE = 64
COVERED = Tag.HAT | Tag.MASK | Tag.HAND | Tag.SUNGLASSES
COVERED_SHARE = 0.15
"""Of the people who wear or hold something before the face: in depth a cap is hair, its colour anybody's guess."""
FACE_WEIGHT = 1.0
"""How much more a pixel between the landmarks counts than one of hair or clothes: people look there."""
SQUARE_WEIGHT = 0.1
"""Of the squared error beside the absolute one; much of it makes the hair of all people brown."""


class ColorTask:
    """Trains DepthToColorPlus: L1, gradient on three scales, SSIM, directions of edges; a small hinge adversary."""

    batch_size = 48
    learning_rate = 1e-3
    adversary = 0.03
    structure = 0.12
    """Weight of 1 - SSIM."""
    shapes = 0.12
    """Weight of the edges' directions, which make a face one that is recognized as such."""

    def __init__(self) -> None:
        self._light = Light()

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """A random training item: a face in good light, its depth from a sensor or clean."""
        while True:
            index = int(rng.choice(store.train_faces))
            tags = int(store.tags[index])
            if tags & Tag.NIGHT or (tags & COVERED and rng.random() > COVERED_SHARE):
                continue
            if person_luma(store, index) >= DARKEST_LUMA:
                break
        view = random_view(rng, SIZE, (0.9, 1.12), 0.05, 12)
        return self.item(store, index, view, rng)

    def item(self, store: FaceStore, index: int, view: View, rng: np.random.Generator | None) -> Item:
        """depth (SIZE, SIZE) float16 code 0..255; color (3, SIZE, SIZE) uint8; person (SIZE, SIZE) float16 0..1."""
        clean = rng is not None and rng.random() < 0.3
        depth = view.labels(store.get("depth_clean" if clean else "depth_sensor", index)).astype(np.float32)
        distance = center_distance(depth, half=3)
        if rng is not None:
            depth = sensor_depth(depth, self._light, rng)
            distance += rng.normal(0, 12)
        code = np.round(code_depth(depth, distance))
        person, color = person_on_backdrop(store, index, view)
        return {
            "depth": code.astype(np.uint8),
            "color": color.transpose(2, 0, 1),
            "person": person.astype(np.float16),
            "face": face_mask(store, index, view),
        }

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        depth, color, person = color_tensors(batch)
        found = network(depth).float()
        face = batch["face"].float().unsqueeze(1)
        weight = 0.25 + 0.75 * person + FACE_WEIGHT * face
        level = weighted_mean((found - color).abs(), weight.expand_as(color))
        square = weighted_mean((found - color).square(), weight.expand_as(color))
        edges = found.new_zeros(())
        small, target, mask = found, color, (person + FACE_WEIGHT * face).expand_as(color)
        for _ in range(3):
            edges = edges + gradient_difference(small, target, mask) / 3
            small, target, mask = (nn.functional.avg_pool2d(x, 2) for x in (small, target, mask))
        fooled = generator_hinge(critic(torch.cat([depth, found], 1)).float()) if critic is not None else edges * 0
        # over the person alone: behind, the truth is plain
        seen, shown = ((x * 0.5 + 0.5) * person for x in (found, color))
        unlike = dissimilarity(seen, shown)
        shape = shape_difference(seen, shown, cells=(2, 4), shrink=2)
        total = level + SQUARE_WEIGHT * square + 1.0 * edges + self.adversary * fooled
        total = total + self.structure * unlike + self.shapes * shape
        return total, {
            "l1": detached(level) * 127.5,
            "gradient": detached(edges),
            "unlike": detached(unlike),
            "shapes": detached(shape),
            "fooled": detached(fooled),
        }

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        depth, color, _ = color_tensors(batch)
        with torch.no_grad():
            fake = network(depth).float()
        return critic_hinge(critic(torch.cat([depth, color], 1)).float(), critic(torch.cat([depth, fake], 1)).float())

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """Mean absolute error on 0..255 over the person, on held-out identities by daylight."""
        rng = np.random.default_rng(0)
        faces = store.held_out_faces
        faces = faces[(store.tags[faces] & Tag.NIGHT) == 0]
        chosen = in_good_light(store, faces[rng.permutation(len(faces))[: 2 * count]])
        if len(chosen) == 0:
            return {}
        items = [self.item(store, int(i), View(SIZE), None) for i in chosen]
        depth, color, person = color_tensors({k: torch.from_numpy(np.stack([i[k] for i in items])) for k in items[0]})
        with torch.no_grad():
            found = network(depth)
        mask = (person > 0.5).expand_as(color).numpy()
        return {
            "l1_person": mean_absolute(found.numpy(), color.numpy(), mask) * 127.5,
            "l1_all": mean_absolute(found.numpy(), color.numpy()) * 127.5,
            "unlike": detached(dissimilarity(found * 0.5 + 0.5, color * 0.5 + 0.5)),
            "shapes": detached(shape_difference(found * 0.5 + 0.5, color * 0.5 + 0.5, cells=(2, 4), shrink=2)),
        }


class ColorSeedTask(ColorTask):
    """Trains the paper's generator against its discriminator: L_G = 10 MSE - log D(G(x)) (SPEC 1.1)."""

    learning_rate = 2e-4
    fidelity = 10.0

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        depth, color, _ = color_tensors(batch)
        found = network(depth).float()
        square = (found - color).square().mean()
        fooled = adversarial(critic(found).float(), real=True) if critic is not None else square.new_zeros(())
        return self.fidelity * square + fooled, {"mse": detached(square), "fooled": detached(fooled)}

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        depth, color, _ = color_tensors(batch)
        with torch.no_grad():
            fake = network(depth).float()
        return adversarial(critic(color).float(), real=True) + adversarial(critic(fake).float(), real=False)


def in_good_light(store: FaceStore, faces: NDArray) -> NDArray:
    """Those of the samples `faces` (indices) by daylight on whom enough of it falls."""
    daylight = faces[(store.tags[faces] & Tag.NIGHT) == 0]
    return np.array([i for i in daylight if person_luma(store, int(i)) >= DARKEST_LUMA], dtype=faces.dtype)


def color_tensors(batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Depth (N, 1, S, S) and colour (N, 3, S, S) in [-1, 1], the person's share (N, 1, S, S)."""
    depth = (batch["depth"].float() / 127.5 - 1).unsqueeze(1)
    return depth, batch["color"].float() / 127.5 - 1, batch["person"].float().unsqueeze(1)
