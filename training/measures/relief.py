"""gray_to_depth: relief in mm and the person's mask."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.card import Measured
from engines.models.gray_to_depth import CLOSE_MM, FOREGROUND, GrayToDepth, ReliefResult
from engines.normalise import HALF_RANGE_MM, relief_of_code
from training.augment import View
from training.feed import FaceStore
from training.measures.expected_error import Judged, Scale, add_to, collect
from training.measures.report import EvaluationError, Report, some
from training.metrics import aligned, intersection_over_union, mean_absolute
from training.real_data import head_ellipse, rap3df
from training.truth import LUMA, relief_truth, shrink

SIZE = 96
FEWEST_PIXELS = 200
POSES = ("front", "left", "right")
SCALE = Scale("mm", CLOSE_MM, "relief")


def judged(found: ReliefResult, truth: NDArray, known: NDArray[np.bool_]) -> Judged | None:
    """Expected beside real errors where a relief is shown; None where the model expects nothing.

    Args:
        truth: (96, 96) the true relief in mm; known: (96, 96) where it is known.
    """
    if found.expected_error_mm is None or found.confidence is None:
        return None
    real = np.abs(found.relief_mm - truth)
    return Judged(
        found.expected_error_mm, found.confidence, real, known & np.isfinite(found.relief_mm), found.foreground
    )


def synthetic(model: GrayToDepth, store: FaceStore, count: int) -> list[Measured]:
    """Depth error inside the found person, overlap of the mask, worth of the expected error, on held-out people.

    Raises:
        EvaluationError: there are none.
    """
    chosen = some(store.held_out_faces, count)
    if len(chosen) == 0:
        raise EvaluationError("There are no held-out faces (identities divisible by ten) among these samples.")
    report = Report("gray_to_depth", real=False)
    on = f"{len(chosen)} rendered heads of held-out identities, any pose"
    view = View(SIZE)
    shown = []
    for modality in ("gray", "nir"):
        errors, flat, overlaps = [], [], []
        for index in chosen:
            truth = relief_truth(store, int(index), view)
            if modality == "nir":
                source = store.get("nir", int(index))
            else:
                source = cv2.transform(np.ascontiguousarray(store.get("color", int(index))), LUMA[None])
            picture = np.rint(shrink(source, view, cv2.BORDER_REFLECT_101)).clip(0, 255).astype(np.uint8)
            found = model(picture)
            wanted = relief_of_code(truth.code)
            both = truth.counts & np.isfinite(found.relief_mm)
            shown.append(judged(found, wanted, truth.counts))
            errors.append(mean_absolute(found.relief_mm, wanted, both))
            flat.append(mean_absolute(np.zeros_like(wanted), wanted, both))
            known = view.labels(store.get("foreground", int(index))) % 255 == 0  # not what is held before the face
            overlaps.append(intersection_over_union((found.foreground >= FOREGROUND) & known, truth.person & known))
        report.add(f"depth MAE inside the found person, {modality}", float(np.nanmean(errors)), "mm", on)
        report.add(f"the same for a flat head (z = D), {modality}", float(np.nanmean(flat)), "mm", on)
        report.add(f"foreground IoU, {modality}", float(np.mean(overlaps)), "1", on)
    pixels = collect(shown, SCALE)
    if pixels is not None:
        add_to(report, pixels, on, ", gray and nir")
    return report.values


def real(model: GrayToDepth, data: Path) -> list[Measured]:
    """Depth error in the head's ellipse on real Kinect v2 faces, beside baselines. Raises RealDataError.

    The mean of other people leaves the person out. 'Fitted' means after the best scale and shift of each crop.
    """
    samples = list(rap3df(data))
    offset = np.stack([s.head.distance_mm - s.depth(SIZE).astype(np.float64) for s in samples])
    valid = np.stack([s.depth(SIZE) > 0 for s in samples])
    counts = valid & (np.abs(offset) <= HALF_RANGE_MM) & head_ellipse(SIZE)
    subject = np.array([s.subject for s in samples])
    rows: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    shown = []
    for who in np.unique(subject):
        others = subject != who
        seen = counts[others].sum(axis=0)
        mean = np.where(counts[others], offset[others], 0).sum(axis=0) / np.maximum(seen, 1)
        for i in np.flatnonzero(~others):
            m = counts[i]
            if m.sum() <= FEWEST_PIXELS:
                continue
            # the program shows relief on the found person only; outside it the head's own distance stands
            result = model(samples[i].gray(SIZE))
            shown.append(judged(result, offset[i], m))
            found = np.nan_to_num(result.relief_mm, nan=0.0)
            truth = offset[i][m]
            values = {
                "model": mean_absolute(found[m], truth),
                "flat (z = D)": mean_absolute(0 * truth, truth),
                "mean of other people": mean_absolute(mean[m], truth),
                "model, fitted": mean_absolute(aligned(found[m], truth), truth),
                "flat, fitted": mean_absolute(np.full_like(truth, truth.mean()), truth),
                "mean of other people, fitted": mean_absolute(aligned(mean[m], truth), truth),
            }
            for group in ("all poses", samples[i].pose):
                for name, value in values.items():
                    rows[group][name].append(value)
    report = Report("gray_to_depth", real=True)
    for group in ("all poses", *POSES):
        for name, errors in rows[group].items():
            on = f"rap3df_set2, {group}, {len(errors)} crops"
            report.add(f"depth MAE in the head's ellipse, {name}", float(np.mean(errors)), "mm", on)
    pixels = collect(shown, SCALE)
    if pixels is not None:
        add_to(report, pixels, f"rap3df_set2, the head's ellipse, all poses, {len(shown)} crops")
    return report.values
