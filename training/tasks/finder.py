"""Trains FaceFinder on rendered frames: the middle of every face's square, its size, and the head centre."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from engines.models.face_finder import squares
from training.faces.crowd_sample import COLUMN
from training.faces.crowd_shards import CrowdStore
from training.feed import FaceStore, Item
from training.finder_augment import Cut, Heads, Sensor, draw_cut
from training.finder_truth import kinds, shows
from training.losses import detached
from training.networks.face_finder import COLUMNS, HEIGHT, ROWS, STRIDE, WIDTH, FaceFinderPlus
from training.tasks.task import Batch

MODALITIES = ("gray", "nir", "depth", "thermal")
SHARE = (0.25, 0.22, 0.27, 0.26)

QUARTERS = 0.5
"""Share of the items that show parts of four frames."""
FACE_WEIGHT = 2.0
AVERTED_WEIGHT = 4.0
"""What the middle of a head seen from behind weighs in the loss: it is the likeliest false face."""


class FinderTask:
    """What FaceFinder learns."""

    batch_size = 24
    learning_rate = 2.5e-3

    def __init__(self) -> None:
        self._sensor = Sensor()

    def make_item(self, store: FaceStore, rng: np.random.Generator) -> Item:
        """image uint8 (HEIGHT, WIDTH); chance, weight (ROWS, COLUMNS); face (5, ROWS, COLUMNS) in px."""
        crowd = cast(CrowdStore, store)
        if rng.random() >= QUARTERS:
            code, heads = self._part(crowd, rng, WIDTH, HEIGHT)
            return {"image": as_bytes(code), **targets(heads)}
        image = np.empty((HEIGHT, WIDTH), np.float32)
        all_heads = []
        x = int(rng.uniform(0.35, 0.65) * WIDTH)
        for left, right in ((0, x), (x, WIDTH)):
            y = int(rng.uniform(0.35, 0.65) * HEIGHT)
            for top, bottom in ((0, y), (y, HEIGHT)):
                code, heads = self._part(crowd, rng, right - left, bottom - top)
                image[top:bottom, left:right] = code
                heads = heads + offset(left, top)
                all_heads.append(heads)
        return {"image": as_bytes(image), **targets(np.concatenate(all_heads))}

    def _part(
        self, store: CrowdStore, rng: np.random.Generator, width: int, height: int
    ) -> tuple[NDArray[np.float32], Heads]:
        index = int(store.train_faces[rng.integers(len(store.train_faces))])
        modality = MODALITIES[rng.choice(4, p=SHARE)]
        truth = store.get("heads", index)
        owner = store.get("owner", index)
        cut = draw_cut(rng, owner.shape, truth, width, height)
        return self.photograph(store, index, modality, cut, rng)

    def photograph(
        self, store: CrowdStore, index: int, modality: str, cut: Cut, rng: np.random.Generator
    ) -> tuple[NDArray[np.float32], Heads]:
        """A cut of a frame as one kind of camera sees it, coded, and the people in it with `kind` as last column."""
        sensor = self._sensor
        owner = cut.labels(store.get("owner", index))
        inside = cut.labels(np.ones(store.get("owner", index).shape, np.uint8)) > 0
        heads = cut.heads(store.get("heads", index))
        if modality == "depth":
            code = sensor.depth(cut.labels(store.get("depth_mm", index)), owner, rng)
        elif modality == "thermal":
            counts = cut.image(store.get("thermal", index).astype(np.float32))
            code = sensor.thermal(sensor.decoys(counts, heads, rng), inside, rng)
        else:
            picture = sensor.decoys(cut.image(store.get(modality, index)).astype(np.float32), heads, rng)
            how = sensor.gray if modality == "gray" else sensor.infrared
            code = how(picture, owner, inside, rng)
        known = with_kind(heads, modality, cut.width, cut.height)
        for head in known:  # a face that is burnt out or black teaches nothing but to see faces where nothing is
            if head[-1] == 1 and not shows(code, *(float(head[COLUMN[k]]) for k in ("box_x", "box_y", "side"))):
                head[-1] = -1
        sensor.cover(code, heads, modality == "depth", rng)
        return code, known

    def loss(self, network: nn.Module, batch: Batch, critic: nn.Module | None) -> tuple[Tensor, dict[str, float]]:
        """Penalty-reduced focal loss of the chance (Zhou et al., 2019), and L1 of the squares round its peaks."""
        logit, face = cast(FaceFinderPlus, network).detail(as_input(batch["image"]))
        wanted, weight = batch["chance"][:, None], batch["weight"][:, None]
        chance = torch.sigmoid(logit).clamp(1e-4, 1 - 1e-4)
        at_peak = (wanted >= 0.999).float()
        found = -at_peak * (1 - chance) ** 2 * torch.log(chance)
        absent = -(1 - at_peak) * (1 - wanted) ** 4 * chance**2 * torch.log(1 - chance)
        count = (at_peak * weight).sum().clamp(min=1)
        focal = ((found + absent) * weight).sum() / count
        near = batch["near"][:, None]
        true = batch["face"]
        side = true[:, 2:3].clamp(min=1)
        share = near.sum().clamp(min=1)
        place = (F.smooth_l1_loss(face[:, :2] / side, true[:, :2] / side, reduction="none", beta=0.05) * near).sum()
        size = (F.smooth_l1_loss(face[:, 2:3].log(), side.log(), reduction="none", beta=0.05) * near).sum()
        head = (F.smooth_l1_loss(face[:, 3:] / side, true[:, 3:] / side, reduction="none", beta=0.05) * near).sum()
        place, size, head = place / share, size / share, head / share
        loss = focal + FACE_WEIGHT * (4 * place + 2 * size + head)
        return loss, {k: detached(v) for k, v in (("focal", focal), ("place", place), ("size", size), ("head", head))}

    def critic_loss(self, network: nn.Module, critic: nn.Module, batch: Batch) -> Tensor:
        raise NotImplementedError("face_finder-plus is trained without a discriminator")

    def validate(self, network: nn.Module, store: FaceStore, count: int) -> dict[str, float]:
        """Share of faces found (square at IoU >= 0.5) and false ones a frame, on frames of held-out people."""
        crowd = cast(CrowdStore, store)
        frames = crowd.held_out_faces if len(crowd.held_out_faces) else crowd.train_faces
        chosen = frames[np.random.default_rng(0).permutation(len(frames))[:count]]
        result: dict[str, float] = {}
        for modality in MODALITIES:
            rng = np.random.default_rng(1)
            found = total = false = 0
            for index in chosen:
                height, width = crowd.get("owner", int(index)).shape
                whole = Cut(np.eye(2, 3), 1.0, 0.0, False, width, height)
                code, heads = self.photograph(crowd, int(index), modality, whole, rng)
                with torch.no_grad():
                    chance, face = network(torch.from_numpy(code)[None, None])
                hits = squares(chance[0, 0].float().numpy(), face[0].float().numpy(), 0.4, 16)
                matched, wrong, there = score(hits, heads)
                found, false, total = found + matched, false + wrong, total + there
            result[f"found_{modality}"] = found / max(total, 1)
            result[f"false_{modality}"] = false / max(len(chosen), 1)
        return result


def with_kind(heads: Heads, modality: str, width: int, height: int) -> Heads:
    """Append the column `kind` (training.finder_truth.kinds) for people in a picture of that size."""
    return np.column_stack([heads, kinds(heads, modality, width, height)]).astype(np.float32)


def offset(left: int, top: int) -> NDArray[np.float32]:
    """What moves people's rows (with `kind`) by (left, top) px."""
    out = np.zeros(len(COLUMN) + 1, np.float32)
    out[[COLUMN["center_x"], COLUMN["box_x"]]] = left
    out[[COLUMN["center_y"], COLUMN["box_y"]]] = top
    return out


def targets(heads: Heads) -> Item:
    """What the network should answer: chance, weight, near (ROWS, COLUMNS) and face (5, ROWS, COLUMNS)."""
    chance = np.zeros((ROWS, COLUMNS), np.float32)
    weight = np.ones((ROWS, COLUMNS), np.float32)
    near = np.zeros((ROWS, COLUMNS), np.float32)
    face = np.zeros((5, ROWS, COLUMNS), np.float32)
    face[2] = 1.0
    y, x = (np.mgrid[:ROWS, :COLUMNS] * STRIDE + (STRIDE - 1) / 2).astype(np.float32)
    for head in heads:
        if head[-1] == -1:  # neither side: nothing is asked there
            half = max(0.6 * head[COLUMN["side"]], STRIDE)
            weight[(np.abs(x - head[COLUMN["box_x"]]) < half) & (np.abs(y - head[COLUMN["box_y"]]) < half)] = 0
        elif head[-1] == 0:
            half = max(0.35 * head[COLUMN["side"]], STRIDE)
            averted = (np.abs(x - head[COLUMN["box_x"]]) < half) & (np.abs(y - head[COLUMN["box_y"]]) < half)
            weight[averted] = np.maximum(weight[averted], AVERTED_WEIGHT)
    for head in heads:  # nearer people come later and win
        if head[-1] != 1:
            continue
        side = head[COLUMN["side"]]
        dx, dy = x - head[COLUMN["box_x"]], y - head[COLUMN["box_y"]]
        sigma = max(0.45 * STRIDE, 0.085 * side)
        bump = np.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma)).astype(np.float32)
        peak = np.unravel_index(int(np.argmax(bump)), bump.shape)
        bump[peak] = 1.0
        weight[bump > 0.3] = 1
        chance = np.maximum(chance, bump)
        mine = (bump > 0.35) & (np.abs(dx) < 1.4 * STRIDE) & (np.abs(dy) < 1.4 * STRIDE) & (bump >= near)
        near[mine] = bump[mine]
        face[:, mine] = np.array(
            [head[COLUMN[k]] for k in ("box_x", "box_y", "side", "center_x", "center_y")], np.float32
        )[:, None]
    return {"chance": chance, "weight": weight, "near": near, "face": face}


def score(hits: list[tuple[float, float, float, float, float, float]], heads: Heads) -> tuple[int, int, int]:
    """Faces matched at IoU >= 0.5, hits that match nobody who may be found, and faces there are."""
    left = list(hits)
    found = there = 0
    for head in heads:
        if head[-1] == 0:
            continue
        x, y, side = (float(head[COLUMN[k]]) for k in ("box_x", "box_y", "side"))
        best = max(left, key=lambda hit: overlap(hit, (x, y, side)), default=None)
        matched = best is not None and overlap(best, (x, y, side)) >= (0.5 if head[-1] == 1 else 0.2)
        if matched and best is not None:
            left.remove(best)
        if head[-1] == 1:
            there += 1
            found += matched
    return found, len(left), there


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Intersection over union of two squares given as x, y of the middle and side."""
    across = min(a[0] + a[2] / 2, b[0] + b[2] / 2) - max(a[0] - a[2] / 2, b[0] - b[2] / 2)
    along = min(a[1] + a[2] / 2, b[1] + b[2] / 2) - max(a[1] - a[2] / 2, b[1] - b[2] / 2)
    if across <= 0 or along <= 0:
        return 0.0
    return across * along / (a[2] ** 2 + b[2] ** 2 - across * along)


def as_bytes(code: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A coded picture in 8 bits, to keep batches small: half a level of 255 does not matter to a face."""
    return np.rint((code + 1) * np.float32(127.5)).astype(np.uint8)


def as_input(image: Tensor) -> Tensor:
    """uint8 (N, H, W) to network numbers (N, 1, H, W)."""
    return (image.float() / 127.5 - 1)[:, None].contiguous(memory_format=torch.channels_last)
