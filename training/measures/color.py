"""depth_to_color: colour on 0..255. What depth cannot tell (skin, hair, light) sets the floor of every number here."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.card import Measured
from engines.models.depth_to_color import DepthToColor
from engines.normalise import encode_depth
from training.augment import View, center_distance
from training.faces.sample import Tag
from training.feed import FaceStore
from training.measures.report import EvaluationError, Report, some
from training.metrics import mean_absolute
from training.real_data import head_ellipse, rap3df
from training.truth import DARKEST_LUMA, person_luma, person_on_backdrop

SIZE = 64


def synthetic(model: DepthToColor, store: FaceStore, count: int) -> list[Measured]:
    """L1 on the person, on held-out identities in good light. Raises EvaluationError."""
    faces = store.held_out_faces
    daylight = some(faces[(store.tags[faces] & Tag.NIGHT) == 0], count)
    chosen = [int(index) for index in daylight if person_luma(store, int(index)) >= DARKEST_LUMA]
    if not chosen:
        raise EvaluationError("There are no held-out faces in good light among these samples.")
    errors, plain = [], []
    view = View(SIZE)
    for index in chosen:
        depth = view.labels(store.get("depth_sensor", index)).astype(np.float32)
        person, color = person_on_backdrop(store, index, view)
        found = model(encode_depth(depth, center_distance(depth, half=3))).color
        mask = np.broadcast_to((person > 0.5)[..., None], color.shape)
        errors.append(mean_absolute(found, color, mask))
        plain.append(mean_absolute(np.full_like(color, 112), color, mask))
    report = Report("depth_to_color", real=False)
    on = f"{len(chosen)} rendered heads of held-out identities in good light, evenly exposed"
    report.add("L1 on the person", float(np.nanmean(errors)), "levels of 255", on)
    report.add("the same for plain middle gray", float(np.nanmean(plain)), "levels of 255", on)
    return report.values


def real(model: DepthToColor, data: Path) -> list[Measured]:
    """L1 in the head's ellipse on real Kinect v2 faces, beside the mean colour of other people. Raises RealDataError.

    'Exposed alike' means after one gain for the whole crop: the light of a picture cannot be known from its depth.
    """
    ellipse = head_ellipse(SIZE)
    samples = list(rap3df(data))
    colors = np.stack([s.head.cut(s.color, SIZE) for s in samples]).astype(np.float64)
    subject = np.array([s.subject for s in samples])
    errors: dict[str, list[float]] = defaultdict(list)
    for who in np.unique(subject):
        mean = colors[subject != who].mean(axis=0)
        for i in np.flatnonzero(subject == who):
            truth = colors[i][ellipse]
            for name, picture in (("model", model(samples[i].code(SIZE)).color), ("mean of other people", mean)):
                found = picture[ellipse].astype(np.float64)
                errors[name].append(mean_absolute(found, truth))
                errors[f"{name}, exposed alike"].append(mean_absolute(_exposed_alike(found, truth), truth))
    report = Report("depth_to_color", real=True)
    for name, values in errors.items():
        on = f"rap3df_set2, {len(values)} crops"
        report.add(f"L1 in the head's ellipse, {name}", float(np.mean(values)), "levels of 255", on)
    return report.values


def _exposed_alike(found: NDArray, truth: NDArray) -> NDArray:
    return np.clip(found * (truth.mean() / max(found.mean(), 1.0)), 0, 255)
