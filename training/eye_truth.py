"""Rendered eyes and what is true of them: what training and the measures of eye_state both need. No torch here."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.steps.eye_patch import cut_eyes
from training.eye_augment import Take, plain
from training.faces.eye_shards import EyeStore
from training.feed import FaceStore, Item

CLOSED: Final = 0.2
WITHIN: Final = 0.2
"""Confidence is the probability that the openness lies within this of the truth."""
SIZES: Final = {"90": 1.0, "40": 0.44, "20": 0.22}
"""px between the outer corners of the eyes -> pixels a mm."""


def held_out_eyes(
    store: FaceStore | EyeStore, chosen: NDArray[np.int64], pixels_per_mm: float, infrared: bool
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Patches (N, 32, 48) and true openness (N,) of samples by a good camera; turned away up to 35 degrees."""
    eyes, truths = [], []
    for index in chosen:
        if abs(float(store.get("pose_deg", int(index))[0])) > 35:
            continue
        light, _, cover, points = sample_of(store, int(index), infrared)
        item = item_of(plain(light, cover, points, pixels_per_mm, int(index)), np.asarray(store.get("openness", index)))
        if item is not None:
            eyes.append(item["eye"])
            truths.append(item["openness"])
    if not eyes:
        return np.zeros((0, 32, 48), np.uint8), np.zeros(0, np.float32)
    return np.concatenate(eyes), np.concatenate(truths)


def closed_f1(openness: NDArray[np.float32], truth: NDArray[np.float32]) -> float:
    """F1 of eyes that are closed: openness under CLOSED."""
    found, true = openness < CLOSED, truth < CLOSED
    return float(2 * np.count_nonzero(found & true) / max(np.count_nonzero(found) + np.count_nonzero(true), 1))


def sample_of(
    store: FaceStore | EyeStore, index: int, infrared: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Light, glass, what covers it (all float32) and the landmarks of a rendered face."""
    light = np.asarray(store.get("nir" if infrared else "gray", index)).astype(np.float32)
    glass, cover = (np.asarray(store.get(name, index)).astype(np.float32) / 255 for name in ("glass", "cover"))
    return light, glass, cover, np.asarray(store.get("landmarks", index))


def item_of(take: Take, openness: NDArray[np.float32]) -> Item | None:
    """Both eyes of a picture as the network trains on them; None where they cannot be cut out."""
    eyes = cut_eyes(take.picture, take.points)
    if eyes is None:
        return None
    return {"eye": eyes.pixels, "openness": openness[:: -1 if take.mirrored else 1].astype(np.float32)}
