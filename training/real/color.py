"""Colour from depth against the real picture, 64 x 64: L1, SSIM, whether dlib sees a face, and whose it takes it for.

Measured over the head's ellipse: the wall behind a person cannot be known from depth.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from training.real.crops import head_ellipse

SIZE = 64
ENLARGED = 4
"""dlib looks at crops enlarged so many times."""

_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

Colors = NDArray[np.uint8]


def structural_similarity(a: NDArray, b: NDArray, mask: NDArray[np.bool_]) -> float:
    """SSIM (Wang et al. 2004) of two gray pictures, 7 x 7 windows of equal weight, averaged over the mask."""
    a, b = a.astype(np.float64), b.astype(np.float64)

    def mean(x: NDArray) -> NDArray:
        return cv2.blur(x, (7, 7))

    ma, mb = mean(a), mean(b)
    va, vb, both = mean(a * a) - ma**2, mean(b * b) - mb**2, mean(a * b) - ma * mb
    s = (2 * ma * mb + _C1) * (2 * both + _C2) / ((ma**2 + mb**2 + _C1) * (va + vb + _C2))
    return float(s[mask].mean())


def score_one(found: Colors, truth: Colors) -> dict[str, float]:
    """Measures of one BGR crop of 64 px: L1 of the whole, L1 and RMSE of the head, of its luma, and SSIM."""
    head = head_ellipse(SIZE)
    error = found.astype(float) - truth
    gray, wanted = cv2.cvtColor(found, cv2.COLOR_BGR2GRAY), cv2.cvtColor(truth, cv2.COLOR_BGR2GRAY)
    return {
        "L1 all": float(np.abs(error).mean()),
        "L1": float(np.abs(error[head]).mean()),
        "RMSE": float(np.sqrt((error[head] ** 2).mean())),
        "gray L1": float(np.abs(gray[head].astype(float) - wanted[head]).mean()),
        "SSIM": structural_similarity(gray, wanted, head),
    }


def score(found: Mapping[int, Colors], truth: Colors, rows: NDArray[np.int64]) -> dict[str, float]:
    """Means over those of `rows` that have an answer, with "n" of them."""
    each = [score_one(found[int(i)], truth[i]) for i in rows if int(i) in found]
    if not each:
        return {"n": 0.0}
    return {key: float(np.mean([one[key] for one in each])) for key in each[0]} | {"n": float(len(each))}


def identity(
    descriptor: NDArray,
    seen: NDArray[np.bool_],
    subject: NDArray,
    gallery: NDArray,
    gallery_subject: NDArray,
) -> float:
    """Rank 1: the share of crops whose descriptor is nearest to the gallery face of its own subject.

    Args:
        descriptor, seen, subject: of the crops asked for; a crop without a face counts as wrong.
        gallery, gallery_subject: descriptors of the true pictures of enrolment.
    """
    right = 0
    for one, has_face, who in zip(descriptor, seen, subject, strict=True):
        if has_face:
            right += gallery_subject[int(np.argmin(((gallery - one) ** 2).sum(axis=1)))] == who
    return right / max(len(subject), 1)


def baselines(truth: Colors, codes: NDArray[np.uint8], subject: NDArray) -> dict[str, Colors]:
    """The mean picture of other subjects, and the picture(s) of those whose depth is most alike: 1, and mean of 5."""
    n = len(truth)
    mean = np.zeros(truth.shape)
    for who in np.unique(subject):
        mean[subject == who] = truth[subject != who].mean(axis=0)
    flat = codes.reshape(n, -1).astype(np.float32)
    square = (flat**2).sum(axis=1)
    apart = square[:, None] + square - 2 * flat @ flat.T
    apart[subject[:, None] == subject[None]] = np.inf
    order = np.argsort(apart, axis=1, kind="stable")
    five = np.stack([truth[order[i, :5]].astype(float).mean(axis=0) for i in range(n)])
    return {
        "mean of other people": _rounded(mean),
        "nearest other by depth": truth[order[:, 0]],
        "mean of the 5 nearest": _rounded(five),
    }


def _rounded(values: NDArray) -> Colors:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)
