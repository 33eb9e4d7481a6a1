"""Relief against a real depth camera: millimetres as they are, after the best scale and shift, and normals.

Pixels: `all` = valid and within 300 mm of the head's distance; `head` = of these, in the head's ellipse; `mesh` = of
these, under MediaPipe's Face Mesh, on the pictures where it answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from training.real.crops import CROP_MM, HALF_RANGE_MM, code_depth

SIZE = 96
FEWEST_PIXELS = 200
MM_PER_PIXEL = CROP_MM / SIZE
RATIOS = (1.25, 1.25**2, 1.25**3)

Maps = NDArray[np.float64]


def fitted(found: NDArray, truth: NDArray) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """`found` (n,) after the least-squares scale and shift, and these two."""
    columns = np.stack([found, np.ones_like(found)], axis=1)
    solution = np.linalg.lstsq(columns, truth, rcond=None)[0]
    return columns @ solution, (float(solution[0]), float(solution[1]))


def normals(z_mm: NDArray, mask: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Unit normals (H, W, 3) of a depth map averaged over 5 x 5 valid pixels, and where they are whole."""
    weight = cv2.blur(mask.astype(np.float32), (5, 5))
    total = cv2.blur(np.where(mask, z_mm, 0).astype(np.float32), (5, 5))
    smooth = np.where(weight > 0, total / np.maximum(weight, 1e-6), 0)
    down, across = np.gradient(smooth)
    n = np.stack([-across / MM_PER_PIXEL, -down / MM_PER_PIXEL, np.ones_like(smooth)], axis=-1)
    return n / np.linalg.norm(n, axis=-1, keepdims=True), cv2.erode(mask.astype(np.uint8), np.ones((5, 5))) > 0


def score_one(found: NDArray, truth: NDArray, mask: NDArray[np.bool_], distance_mm: float) -> dict[str, float]:
    """All measures of one crop of depth, mm; `mask`: the pixels that count (at least one)."""
    p, t = found[mask].astype(float), truth[mask].astype(float)
    aligned, (scale, shift) = fitted(p, t)
    out = {
        "raw L1": float(np.abs(p - t).mean()),
        "raw RMSE": float(np.sqrt(((p - t) ** 2).mean())),
        "aligned L1": float(np.abs(aligned - t).mean()),
        "aligned RMSE": float(np.sqrt(((aligned - t) ** 2).mean())),
        "scale": scale,
    }
    code = code_depth(np.clip(p, distance_mm - HALF_RANGE_MM, distance_mm + HALF_RANGE_MM), distance_mm)
    ratio = _ratio(code, code_depth(t, distance_mm))
    out |= {f"d{i + 1}": float((ratio < limit).mean()) for i, limit in enumerate(RATIOS)}
    ours, whole = normals(found * scale + shift, mask)
    if whole.any():
        real, _ = normals(truth, mask)
        cosine = np.clip((ours[whole] * real[whole]).sum(axis=-1), -1, 1)
        out["normals"] = float(np.degrees(np.arccos(cosine)).mean())
    return out


def _ratio(found: NDArray, truth: NDArray) -> NDArray[np.float64]:
    p, t = np.maximum(found.astype(float), 1), np.maximum(truth.astype(float), 1)
    return np.maximum(p / t, t / p)


def score(
    found: Mapping[int, NDArray],
    truth: Maps,
    masks: NDArray[np.bool_],
    distance_mm: NDArray,
    rows: Iterable[int],
) -> dict[str, float]:
    """Mean of each measure over the crops of `rows` that have an answer and enough pixels.

    Args:
        found: row -> depth in mm, NaN where the method says nothing; such pixels do not count.
        truth, masks: (N, 96, 96).

    Returns:
        The means, with "n" crops and "covered", the share of the mask's pixels that the method has a value for.
    """
    each: list[dict[str, float]] = []
    for i in rows:
        if i not in found:
            continue
        known = np.isfinite(found[i])
        mask = masks[i] & known
        if mask.sum() <= FEWEST_PIXELS:
            continue
        one = score_one(np.where(known, found[i], distance_mm[i]), truth[i], mask, float(distance_mm[i]))
        one["covered"] = float(mask.sum() / masks[i].sum())
        each.append(one)
    if not each:
        return {"n": 0.0}
    out = {key: float(np.mean([one[key] for one in each if key in one])) for key in each[0]}
    out["n"] = float(len(each))
    return out


def mean_relief(truth: Maps, distance_mm: NDArray, valid: NDArray[np.bool_], subject: NDArray) -> Maps:
    """For every crop the mean relief of the other subjects on its own distance, mm."""
    offset = np.where(valid, truth - distance_mm[:, None, None], 0)
    out = np.zeros_like(truth)
    for who in np.unique(subject):
        others = subject != who
        seen = valid[others].sum(axis=0)
        out[~others] = np.where(seen > 0, offset[others].sum(axis=0) / np.maximum(seen, 1), 0)
    return out + distance_mm[:, None, None]
