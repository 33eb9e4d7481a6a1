"""face_landmarks-plus: items in four modalities, faces and everything that is no face, and the loss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from training.augment import (
    MIRROR,
    Light,
    View,
    center_distance,
    code_depth,
    patch_mask,
    random_view,
    sensor_depth,
    stretched,
    without_color,
    wrapped,
)
from training.close_look import ASPECT, close_view
from training.feed import FaceStore, Item
from training.losses import detached, heatmap_cross_entropy, spread_likelihood, weighted_mean, wing
from training.metrics import eye_distance
from training.networks.face_landmarks import CONFIDENT_PX, SIZE, FaceLandmarksPlus
from training.presence import is_averted, shows_face
from training.tasks.task import Batch

MODALITIES = ("gray", "nir", "depth", "thermal")
MODALITY_SHARE = (0.31, 0.23, 0.17, 0.29)
CLUTTER_SHARE = 0.15
MISPLACED_SHARE = 0.12
AVERTED_SHARE = 0.22
"""Share of faces that are drawn among averted heads alone: the back of a head is the likeliest false face."""
YAWNING_SHARE = 0.1
"""Share of faces that are drawn among mouths wide open: few of the samples, and the ones that are told of."""
CLOSE_SHARE = 0.55
"""Share of faces that are shown as a face that is followed: cut closely round the points of the look before."""
WRAPPED_SHARE = 0.06
"""Share of infrared pictures whose counts wrapped round."""
REGISTERED_SHARE = 0.2
"""Share of pictures that were brought onto a depth camera's grid and are black where it reads nothing."""
HIDDEN_WEIGHT = 0.35
LIDS_UNSEEN_WEIGHT = 0.2
"""Weight of openness in depth and thermal, where lids are hardly seen: enough to say something likely."""
MAX_YAW_FOR_POINTS = 98.0


@dataclass(frozen=True)
class Recipe:
    """What FaceLandmarksPlus learns from; all of it ships, parts are left out to see what they are worth."""

    shares: tuple[float, float, float, float] = MODALITY_SHARE
    """Of MODALITIES."""
    sensor: bool = True
    """Depth as the rig's fitted sensors read it and more of their errors; noise and coarse pixels in pictures."""
    clutter: bool = True
    """Other samples' background behind the person, and pictures without a face."""
    changes: bool = True
    """Turns, shifts, zooms and mirrors, light, patches, palettes, backgrounds: a sample never looks the same twice."""
    heat_weight: float = 0.5
    """Of the heatmaps' cross-entropy in the loss."""


class _StillLight(Light):
    """The same changes of light without noise and without coarse pixels."""

    def noise(self, rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float32]:
        return np.zeros(shape, np.float32)

    def _coarse(self, image: NDArray[np.float32], rng: np.random.Generator, smallest: int) -> NDArray[np.float32]:
        return image


class LandmarkTask:
    """Trains FaceLandmarksPlus."""

    batch_size = 64
    learning_rate = 2e-3

    def __init__(self, recipe: Recipe | None = None) -> None:
        self._recipe = recipe or Recipe()
        self._light = Light() if self._recipe.sensor else _StillLight()

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """A random item: a face, a face in the wrong place or at the wrong scale, or clutter."""
        modality = str(rng.choice(MODALITIES, p=self._recipe.shares))
        changes = rng if self._recipe.changes else None
        draw = rng.random()
        if draw < CLUTTER_SHARE and len(store.train_clutter) and self._recipe.clutter:
            index = int(rng.choice(store.train_clutter))
            view = random_view(rng, SIZE, (0.5, 1.25), 0.15, 180)
            return self.item(store, index, modality, view, changes)
        index = int(rng.choice(_some_kind(store, rng)))
        if draw < CLUTTER_SHARE + MISPLACED_SHARE:
            view = misplaced_view(rng)
        elif changes is None:
            view = View(SIZE)
        elif rng.random() < CLOSE_SHARE:
            view = close_view(store.get("landmarks", index), rng)
            return self.item(store, index, modality, view, changes, is_close=True)
        else:
            view = random_view(rng, SIZE, (0.8, 1.25), 0.12, 30 if rng.random() < 0.7 else 8)
            view = replace(view, aspect=float(np.exp(rng.normal(*ASPECT))))
        return self.item(store, index, modality, view, changes)

    def item(
        self,
        store: FaceStore,
        index: int,
        modality: str,
        view: View,
        rng: np.random.Generator | None,
        is_close: bool = False,
    ) -> Item:
        """Sample `index` seen through `view`; without `rng` exactly as rendered (validation).

        `is_close`: the view was cut round the face's points, so that the face is where it should be.

        Returns image uint8 (SIZE, SIZE), points (68, 2), point_weight (68,), openness (2,), openness_weight (2,),
        presence and presence_weight (1,), no_face (1,): 1 where no landmark exists.
        """
        head = store.get("landmarks", index)[0, 0] >= 0
        pose = store.pose[index][None]
        toward = int(store.toward[index])
        image, hidden = self._image(store, index, modality, view, rng)
        points = view.points(store.get("landmarks", index))
        visible = store.get("visible", index)
        visible = visible[MIRROR] if view.mirror else visible
        rows = np.clip(np.round(points), 0, SIZE - 1).astype(int)
        visible = visible & ~hidden[rows[:, 1], rows[:, 0]]
        inside = ((points > 1) & (points < SIZE - 2)).all(axis=1)
        told = head and abs(float(pose[0, 0])) < MAX_YAW_FOR_POINTS
        weight = np.where(visible, 1.0, HIDDEN_WEIGHT) * inside * float(told)
        openness = store.get("openness", index)[:: -1 if view.mirror else 1]
        eyes_seen = np.array([visible[36:42].mean(), visible[42:48].mean()])
        inside_eyes = np.array([inside[36:42].all(), inside[42:48].all()])
        openness_weight = inside_eyes * (eyes_seen > 0.4) * float(head and toward == 1)
        if modality in ("depth", "thermal"):
            openness_weight = openness_weight * LIDS_UNSEEN_WEIGHT
        shift = max(abs(view.shift[0]), abs(view.shift[1]))
        placed = is_close or (shift <= 0.2 and 0.7 <= view.zoom <= 1.45)
        misplaced = not is_close and (shift >= 0.38 or view.zoom >= 1.8 or view.zoom <= 0.48)
        if not head or is_averted(pose)[0] or misplaced:
            presence, presence_weight = 0.0, 1.0
        elif shows_face(pose)[0] and placed:
            presence, presence_weight = 1.0, 1.0
        else:
            presence, presence_weight = 0.5, 0.0
        as_float = np.float32
        return {
            "image": image,
            "points": np.where(weight[:, None] > 0, points, SIZE / 2).astype(as_float),
            "point_weight": weight.astype(as_float),
            "openness": openness.astype(as_float),
            "openness_weight": openness_weight.astype(as_float),
            "presence": np.array([presence], as_float),
            "presence_weight": np.array([presence_weight], as_float),
            "no_face": np.array([float(not head)], as_float),
        }

    def _image(
        self, store: FaceStore, index: int, modality: str, view: View, rng: np.random.Generator | None
    ) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """The network's input on 0..255, and where a patch was put before the face."""
        hidden = np.zeros((SIZE, SIZE), bool)
        border = cv2.BORDER_REFLECT_101
        if rng is not None:
            border = int(
                rng.choice([cv2.BORDER_REFLECT_101, cv2.BORDER_REPLICATE, cv2.BORDER_CONSTANT], p=[0.5, 0.2, 0.3])
            )
        other: int | None = None
        if rng is not None and rng.random() < 0.45 and len(store.train_clutter) and self._recipe.clutter:
            other = int(rng.choice(store.train_clutter))
        if rng is not None and rng.random() < 0.3:
            hidden = patch_mask(rng, SIZE)
        if modality == "depth":
            return self._depth(store, index, other, view, border, hidden, rng), hidden
        picture = _pixels(store, index, modality, view, border, rng)
        if other is not None and rng is not None:
            behind = _pixels(store, other, modality, _behind(rng), cv2.BORDER_REFLECT_101, rng)
            alpha = view.image((store.get("foreground", index) > 0).astype(np.float32), border)
            alpha = cv2.GaussianBlur(alpha, (3, 3), 0)
            picture = picture * alpha + behind * (1 - alpha)
        if modality == "thermal":
            picture = _gain_control(picture) if rng is None or rng.random() < 0.3 else self._light.heat(picture, rng)
        if rng is None:
            return stretched(picture), hidden
        picture[hidden] = self._light.texture(rng, hidden.shape)[hidden]
        if modality == "thermal":
            picture = self._light.picture(picture, rng, invert=0.25, coarse=0.7, smallest=16)
        else:
            if modality == "nir" and rng.random() < WRAPPED_SHARE:
                picture = wrapped(picture, rng)
            if rng.random() < REGISTERED_SHARE:
                picture = without_color(picture, view.labels(store.get("depth_sensor", index), border), rng)
            picture = self._light.picture(picture, rng, invert=0.03)
        return stretched(picture), hidden

    def _depth(
        self,
        store: FaceStore,
        index: int,
        other: int | None,
        view: View,
        border: int,
        hidden: NDArray[np.bool_],
        rng: np.random.Generator | None,
    ) -> NDArray[np.uint8]:
        clean = rng is not None and (rng.random() < 0.2 or not self._recipe.sensor)
        depth = view.labels(store.get("depth_clean" if clean else "depth_sensor", index), border).astype(np.float32)
        distance = center_distance(depth)
        if rng is not None:
            if other is not None:
                behind = _behind(rng).labels(store.get("depth_sensor", other)).astype(np.float32)
                seen = behind[behind > 0]
                move = distance + rng.uniform(20, 900) - (np.percentile(seen[::16], 5) if seen.size else 0)
                behind = np.where(behind > 0, behind + move, 0)
                person = view.labels((store.get("foreground", index) > 0).astype(np.uint8), border) > 0
                depth = np.where(person, depth, behind)
            if hidden.any():
                near = distance - rng.uniform(10, 250) + 30 * self._light.field(rng, hidden.shape)
                depth = np.where(hidden, near if rng.random() < 0.7 else 0, depth)
            if self._recipe.sensor:
                depth = sensor_depth(depth, self._light, rng)
            distance += rng.normal(0, 20)
        code = code_depth(depth, distance)
        return stretched(code, code >= 0.5)

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        """Wing on points, cross-entropy on heatmaps, likelihood of the spread, openness, presence."""
        landmarks = cast(FaceLandmarksPlus, network)
        out = landmarks.detail(as_input(batch["image"]))
        weight = batch["point_weight"]
        point = wing(out.points, batch["points"], weight)
        heat = heatmap_cross_entropy(out.across, out.along, batch["points"], weight, SIZE)
        error = (out.points.detach() - batch["points"]).norm(dim=2)
        spread = spread_likelihood(out.log_spread, error, (weight > 0).float(), batch["no_face"], CONFIDENT_PX)
        eye_weight = batch["openness_weight"]
        openness = weighted_mean(
            F.binary_cross_entropy_with_logits(out.openness_logit, batch["openness"], reduction="none"), eye_weight
        )
        presence_weight = batch["presence_weight"]
        presence = F.binary_cross_entropy_with_logits(
            out.presence_logit, batch["presence"], presence_weight, reduction="sum"
        ) / presence_weight.sum().clamp(min=1)
        total = 0.15 * point + self._recipe.heat_weight * heat + 0.2 * spread + 2.0 * openness + 1.0 * presence
        parts = {
            "wing": detached(point),
            "heat": detached(heat),
            "spread": detached(spread),
            "openness": detached(openness),
            "presence": detached(presence),
        }
        return total, parts

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        raise NotImplementedError("face_landmarks-plus is trained without a discriminator")

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """NME by eye distance per modality, openness error and presence accuracy on held-out identities."""
        rng = np.random.default_rng(0)
        faces = store.held_out_faces
        toward = faces[store.toward[faces] == 1]
        result: dict[str, float] = {}
        if len(toward) == 0:
            return result
        right, judged, eye_errors = 0, 0, []
        for modality in MODALITIES:
            errors = []
            for indices in (toward, store.held_out_averted, store.held_out_clutter):
                chosen = indices[rng.permutation(len(indices))[:count]]
                if len(chosen) == 0:
                    continue
                items = [self.item(store, int(i), modality, View(SIZE), None) for i in chosen]
                with torch.no_grad():
                    points, _, openness, presence = network(
                        as_input(torch.from_numpy(np.stack([i["image"] for i in items])))
                    )
                for item, found, eyes, present in zip(
                    items, points.numpy(), openness.numpy(), presence.numpy(), strict=True
                ):
                    if item["presence_weight"][0] > 0:
                        judged += 1
                        right += int((present[0] > 0.5) == (item["presence"][0] > 0.5))
                    if indices is toward:
                        distance = np.linalg.norm(found - item["points"], axis=1).mean()
                        errors.append(distance / max(eye_distance(item["points"]), 1.0))
                        if modality in ("gray", "nir"):
                            eye_errors += list(np.abs(eyes - item["openness"])[item["openness_weight"] > 0])
            result[f"nme_{modality}"] = float(np.mean(errors))
        result["openness_mae"] = float(np.mean(eye_errors)) if eye_errors else float("nan")
        result["presence_accuracy"] = right / max(judged, 1)
        return result


def as_input(image: Tensor) -> Tensor:
    """uint8 (N, S, S) -> float32 (N, 1, S, S) in [-1, 1]."""
    return (image.float() / 127.5 - 1).unsqueeze(1)


def misplaced_view(rng: np.random.Generator) -> View:
    """A crop that a finder should not call a face: far off center, or at twice or a third of the scale."""
    if rng.random() < 0.5:
        turn, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.4, 0.65)
        shift = np.clip(reach * 1.3 * np.array([np.cos(turn), np.sin(turn)]), -reach, reach)
        return View(
            SIZE,
            float(rng.uniform(0.8, 1.25)),
            (float(shift[0]), float(shift[1])),
            float(rng.uniform(-20, 20)),
            bool(rng.random() < 0.5),
        )
    zoom = rng.uniform(0.35, 0.46) if rng.random() < 0.5 else rng.uniform(1.85, 2.3)
    shift = rng.uniform(-0.1, 0.1, 2)
    return View(
        SIZE, float(zoom), (float(shift[0]), float(shift[1])), float(rng.uniform(-20, 20)), bool(rng.random() < 0.5)
    )


def _behind(rng: np.random.Generator) -> View:
    return random_view(rng, SIZE, (0.6, 1.25), 0.1, 180 if rng.random() < 0.3 else 10)


def _some_kind(store: FaceStore, rng: np.random.Generator) -> NDArray[np.intp]:
    """The faces to draw from: averted heads, wide mouths, or all."""
    draw = rng.random()
    if draw < AVERTED_SHARE and len(store.train_averted):
        return store.train_averted
    if draw > 1.0 - YAWNING_SHARE and len(store.train_yawning):
        return store.train_yawning
    return store.train_faces


def _pixels(
    store: FaceStore, index: int, modality: str, view: View, border: int, rng: np.random.Generator | None
) -> NDArray[np.float32]:
    """The modality's picture as float32: gray and NIR on 0..255, thermal in degrees Celsius."""
    if modality == "thermal":
        return (
            view.image(
                store.get("thermal", index), border if border != cv2.BORDER_CONSTANT else cv2.BORDER_REPLICATE
            ).astype(np.float32)
            / 100
            - 273.15
        )
    if modality == "nir":
        return view.image(store.get("nir", index), border).astype(np.float32)
    mix = np.array([0.299, 0.587, 0.114])
    if rng is not None and rng.random() < 0.7:
        mix = rng.dirichlet((1.5, 2.5, 1.0))
    gray = cv2.transform(np.ascontiguousarray(store.get("color", index)), mix[None].astype(np.float32))
    return view.image(gray, border).astype(np.float32)


def _gain_control(celsius: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a thermal camera shows: its coldest and warmest percent become black and white."""
    low, high = np.percentile(celsius[::2, ::2], (1, 99))
    return np.clip((celsius - low) * (255 / max(high - low, 0.5)), 0, 255).astype(np.float32)
