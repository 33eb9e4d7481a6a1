"""eye_to_face: one eye of a rendered face in, the face out, both cut as OpenCV's cascades would cut them."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from pipeline.steps.eye_square import BETWEEN_EYES, EYE_BOX, EYES, EyeSquare, onto_square
from training.augment import Light
from training.faces.sample import PERSON, Tag
from training.feature_loss import BalancedFeatureLoss
from training.feed import FaceStore, FeedError, Item
from training.losses import (
    critic_hinge,
    detached,
    dissimilarity,
    generator_hinge,
    gradient_difference,
    shape_difference,
    weighted_mean,
)
from training.metrics import mean_absolute
from training.networks.eye_to_face import EYE, FACE, EyeToFacePlus
from training.networks.registry import find_network
from training.sample_kinds import render_command
from training.tasks.task import Batch
from training.truth import person_luma

EYES_DOWN = 0.40
"""Where the eyes are in that box, from above."""
BACKDROP = 0
"""Gray level of everything but the person, who is cut out sharply: what stands behind cannot be known from an eye,
and cameras that register colour to depth leave it black."""
FRONTAL_DEG = 16.0
LEVEL_DEG = 14.0
"""Largest yaw, and largest pitch, of the faces learnt from: an eye hardly tells how the head is turned."""
DARKEST_LUMA = 40.0
HIDDEN = Tag.FACELESS | Tag.SUNGLASSES | Tag.MASK | Tag.HAND | Tag.NIGHT | Tag.LOW_RESOLUTION
TRIES = 3000
SHAPE_CELL = 16
"""Pixels of the largest cell in which directions of edges are compared."""


class EyeTask:
    """Trains EyeToFacePlus: L1, SSIM, differences of neighbors, directions of edges; late, a hinge adversary."""

    batch_size = 32
    learning_rate = 1e-3
    adversary = 0.02
    background = 0.7
    """What a pixel of the background counts. With much less, hair and skin would stand wherever they may."""
    placing = 0.5
    """Weight of being told where the eye was cut, and where the other one is."""
    siding = 0.2
    """Weight of being told on which side of the picture the eye is."""
    structure = 0.3
    """Weight of 1 - SSIM on two scales, beside L1 (Zhao et al., 2017)."""
    shapes = 0.12
    """Weight of the edges' directions: levels alone make a face so soft that its outline and features count nothing."""

    def __init__(self) -> None:
        self._light = Light(5)

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """A random frontal face in good light: eye (3, 32, 32), face (3, 128, 128), person uint8; place (5,)."""
        for _ in range(TRIES):
            index = int(rng.choice(store.train_faces))
            if fits(store, index):
                return self.item(store, index, int(rng.integers(2)), rng)
        raise FeedError(
            f"Of {len(store.train_faces)} faces none shows both eyes to the camera in good light; "
            f"faces that do: {render_command(find_network('eye_to_face'), store.folder)}"
        )

    def item(self, store: FaceStore, index: int, which: int, rng: np.random.Generator | None) -> Item:
        """Sample `index` with its right (0) or left (1) eye; as rendered and exactly cut without `rng`."""
        marks = store.get("landmarks", index)
        centers = np.stack([marks[eye].mean(axis=0) for eye in EYES]).astype(np.float64)
        across = centers[1] - centers[0]
        tilt = float(np.arctan2(across[1], across[0]))  # heads are put upright: their eyes lie level
        turn = np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
        centers = centers @ turn.T
        width = max(float(np.linalg.norm(centers[1] - centers[0])), 2.0) / BETWEEN_EYES
        middle = centers.mean(axis=0) + np.array([0.0, (0.5 - EYES_DOWN) * width])
        near, size = centers[which], EYE_BOX * width
        if rng is not None:
            near, size = near + rng.normal(0, 0.02, 2) * width, size * np.exp(rng.normal(0, 0.15))
        picture = np.ascontiguousarray(store.get("color", index)).astype(np.float32)
        person = (store.get("foreground", index) == PERSON).astype(np.float32)
        face, mask = (square(p, turn.T @ middle, width, FACE, tilt) for p in (picture, person))
        mask = (mask > 0.5).astype(np.float32)
        eye = square(picture, turn.T @ near, size, EYE, tilt)
        other = centers[1 - which] + (near - centers[which]) * np.array([-1, 1])
        own, far = ((point - middle) * 2 / width for point in (near, other))
        place = np.array([own[0], own[1], np.log(size / width), far[0], far[1]])
        if rng is not None:
            face, eye = self._light_of_both(face, eye, rng)
            if rng.random() < 0.5:
                face, mask, eye = face[:, ::-1], mask[:, ::-1], eye[:, ::-1]
                place = place * np.array([-1, 1, 1, -1, 1])
        face = face * mask[..., None] + BACKDROP * (1 - mask[..., None])
        person_mask = 255 * mask.astype(np.uint8)
        return {
            "eye": _planes(eye),
            "face": _planes(face),
            "person": person_mask,
            "place": place.astype(np.float32),
            "left": np.array(place[0] < 0, np.float32),
        }

    def _light_of_both(
        self, face: NDArray[np.float32], eye: NDArray[np.float32], rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The same other exposure and white for face and eye; a worse resolution and noise for the eye alone."""
        gain = np.exp(rng.uniform(-0.8, 0.4)) * np.exp(rng.normal(0, 0.06, 3))
        power = np.exp(rng.uniform(-0.3, 0.3))
        face, eye = (255 * np.power(np.clip(p * gain / 255, 0, 1), power) for p in (face, eye))
        if rng.random() < 0.6:
            small = int(rng.integers(9, 28))
            low = cv2.resize(eye, (small, small), interpolation=cv2.INTER_AREA)
            eye = cv2.resize(low, (EYE, EYE), interpolation=cv2.INTER_CUBIC)
        eye = eye + rng.exponential(2.5) * self._light.noise(rng, (EYE, EYE))[..., None]
        return face.astype(np.float32), eye.astype(np.float32)

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        eye, face, weight = eye_tensors(batch, self.background)
        found, place, logit_left = cast(EyeToFacePlus, network).detail(eye, batch["left"])
        off = (place - batch["place"]).abs().mean()
        side = nn.functional.binary_cross_entropy_with_logits(logit_left, batch["left"])
        found = found.float()
        level = weighted_mean((found - face).abs(), weight.expand_as(face))
        edges = unlike = found.new_zeros(())
        small, target, mask = found, face, weight.expand_as(face)
        for scale in range(3):
            edges = edges + gradient_difference(small, target, mask) / 3
            small, target, mask = (nn.functional.avg_pool2d(x, 2) for x in (small, target, mask))
            if scale < 2:
                unlike = unlike + dissimilarity(small, target) / 2
        large = nn.functional.interpolate(eye, size=FACE, mode="nearest")
        fooled = generator_hinge(critic(torch.cat([large, found], 1)).float()) if critic is not None else edges * 0
        shape = _shapes_anywhere(found, face)
        total = level + edges + self.structure * unlike + self.shapes * shape
        total = total + self.placing * off + self.siding * side + self.adversary * fooled
        parts = {
            "l1": detached(level) * 255,
            "gradient": detached(edges),
            "unlike": detached(unlike),
            "shapes": detached(shape),
            "place": detached(off),
            "side": detached(side),
        }
        return total, {**parts, "fooled": detached(fooled)}

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        eye, face, _ = eye_tensors(batch, self.background)
        large = nn.functional.interpolate(eye, size=FACE, mode="nearest")
        with torch.no_grad():
            fake = imagined(network, eye).float()
        return critic_hinge(critic(torch.cat([large, face], 1)).float(), critic(torch.cat([large, fake], 1)).float())

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """Mean absolute error on 0..255 over the person, on held-out identities, beside their own mean face."""
        chosen = [int(i) for i in store.held_out_faces if fits(store, int(i))][:count] or [
            int(i) for i in store.held_out_faces[:count]
        ]
        if not chosen:
            return {}
        items = [self.item(store, index, k % 2, None) for k, index in enumerate(chosen)]
        eye, face, weight = eye_tensors({k: torch.from_numpy(np.stack([i[k] for i in items])) for k in items[0]}, 0.0)
        with torch.no_grad():
            found = imagined(network, eye)
        mask = (weight > 0.5).expand_as(face).numpy()
        mean = face.mean(dim=0, keepdim=True).expand_as(face).numpy()
        return {
            "l1": 255 * mean_absolute(found.numpy(), face.numpy(), mask),
            "l1_mean": 255 * mean_absolute(mean, face.numpy(), mask),
            "shapes": detached(shape_difference(found, face, cells=(2, 4), shrink=4)),
            "shapes_mean": detached(shape_difference(torch.from_numpy(mean), face, cells=(2, 4), shrink=4)),
        }


class EyeSeedTask(EyeTask):
    """Trains the paper's autoencoder, Adam 1e-3, batches of 64: the balanced feature loss, or plain L1 (a variant)."""

    batch_size = 64
    learning_rate = 1e-3

    def __init__(self, features: bool = True) -> None:
        super().__init__()
        self._features = BalancedFeatureLoss() if features else None

    def remember(self) -> dict[str, Tensor]:
        return {} if self._features is None else self._features.remember()

    def recall(self, state: dict[str, Tensor]) -> None:
        if self._features is not None:
            self._features.recall(state)

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        eye, face, _ = eye_tensors(batch, 1.0)
        found = network(eye).float()
        level = (found - face).abs().mean()
        loss = level if self._features is None else self._features(found, face)
        return loss, {"l1": detached(level) * 255, "feature": detached(loss)}


def _shapes_anywhere(found: Tensor, face: Tensor) -> Tensor:
    """`shape_difference` with its cells laid anew each time: cells that stay leave their own grid in the faces."""
    down, right = (int(v) for v in torch.randint(0, SHAPE_CELL, (2,)))
    found, face = (x[..., down : FACE - SHAPE_CELL + down, right : FACE - SHAPE_CELL + right] for x in (found, face))
    return shape_difference(found, face, cells=(2, 4), shrink=4)


def imagined(network: nn.Module, eye: Tensor) -> Tensor:
    """The faces (N, 3, 128, 128) of eyes of which nobody says on which side they are."""
    out = network(eye)
    if isinstance(out, Tensor):
        return out
    face, left = out
    other, _ = network(eye.flip(3))
    return torch.where(left[..., None, None] >= 0.5, face, other.flip(3))


def fits(store: FaceStore, index: int) -> bool:
    """Whether a sample shows what the cascades would find: a frontal face by light, both eyes in sight."""
    if store.tags[index] & HIDDEN or store.toward[index] != 1 or abs(store.pose[index, 0]) > FRONTAL_DEG:
        return False
    if abs(store.pose[index, 1]) > LEVEL_DEG:
        return False
    seen = store.get("visible", index)
    return bool(seen[36:48].mean() > 0.6) and person_luma(store, index) >= DARKEST_LUMA


def square(
    picture: NDArray[np.float32], center: NDArray, width: float, size: int, tilt: float = 0.0
) -> NDArray[np.float32]:
    """A square of `width` px about `center` (x, y) as (size, size[, C]), bilinear; its rows run along `tilt` (rad)."""
    matrix = onto_square(EyeSquare(float(center[0]), float(center[1]), width, tilt), size)
    cut = cv2.warpAffine(picture, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cut.astype(np.float32)


def eye_tensors(batch: Batch, background: float) -> tuple[Tensor, Tensor, Tensor]:
    """Eye and face in 0..1, and what each pixel counts (N, 1, 128, 128)."""
    person = batch["person"].float().unsqueeze(1) / 255
    return batch["eye"].float() / 255, batch["face"].float() / 255, background + (1 - background) * person


def _planes(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.clip(np.round(picture), 0, 255).astype(np.uint8).transpose(2, 0, 1))
