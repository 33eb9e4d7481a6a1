"""How far 68 points lie from dlib's: over the 51 inner points (no jaw), by dlib's distance of the outer eye corners.

dlib is no truth, but the best that the real pictures have. Points are in px, pixel centres at integers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

INNER = slice(17, 68)
OUTER_CORNERS = (36, 45)
PARTS = {"brows": slice(17, 27), "nose": slice(27, 36), "eyes": slice(36, 48), "mouth": slice(48, 68)}
FAR_OFF = 0.10

MESH_OF_68 = np.array(
    [
        *(162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389),
        *(70, 63, 105, 66, 107, 336, 296, 334, 293, 300),
        *(168, 197, 5, 4, 75, 97, 2, 326, 305),
        *(33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380),
        *(61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87),
    ]
)
"""MediaPipe Face Mesh vertex of each of the 68 points: the table that is in wide use (the jaw only roughly)."""

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LandmarkScore:
    """Errors over the eye distance. ``answers`` of ``asked`` faces have points; the errors are over the answers.

    ``parts``: the mean error of brows, nose, eyes and mouth. ``low``: how much lower than the reference each of them
    lies on average (negative: higher): what every face has in common is another idea of where a point is.
    """

    asked: int
    answers: int
    mean: float
    median: float
    far_off: float
    errors: NDArray[np.float64]
    parts: dict[str, float]
    low: dict[str, float]


def eye_distance(points: Points) -> NDArray[np.float64]:
    """(N,) px between the outer eye corners of (N, 68, 2) points."""
    return np.linalg.norm(points[:, OUTER_CORNERS[0]] - points[:, OUTER_CORNERS[1]], axis=-1)


def inner_errors(found: Points, reference: Points) -> NDArray[np.float64]:
    """(N,) mean distance of the 51 inner points over the reference's eye distance; NaN where either has none."""
    apart = np.linalg.norm(found[:, INNER] - reference[:, INNER], axis=-1).mean(axis=1)
    eyes = eye_distance(reference)
    out = np.full(len(found), np.nan)
    known = np.isfinite(apart) & (eyes >= 1)
    out[known] = apart[known] / eyes[known]
    return out


def score(found: Points, reference: Points, where: NDArray[np.bool_] | None = None) -> LandmarkScore:
    """Args: (N, 68, 2) each, NaN without an answer; where: (N,) the faces that count. Only those with a reference."""
    errors = inner_errors(found, reference)
    asked = np.isfinite(reference).all(axis=(1, 2)) & (eye_distance(reference) >= 1)
    if where is not None:
        asked &= where
    answered = asked & np.isfinite(errors)
    chosen = errors[answered]
    if chosen.size == 0:
        nothing = float("nan")
        none = dict.fromkeys(PARTS, nothing)
        return LandmarkScore(int(asked.sum()), 0, nothing, nothing, nothing, errors, none, none)
    apart = (found[answered] - reference[answered]) / eye_distance(reference[answered])[:, None, None]
    return LandmarkScore(
        asked=int(asked.sum()),
        answers=int(answered.sum()),
        mean=float(chosen.mean()),
        median=float(np.median(chosen)),
        far_off=float((chosen > FAR_OFF).mean()),
        errors=errors,
        parts={name: float(np.linalg.norm(apart[:, part], axis=-1).mean()) for name, part in PARTS.items()},
        low={name: float(apart[:, part, 1].mean()) for name, part in PARTS.items()},
    )


def mean_shapes(points: Points, subject: NDArray, pose: NDArray) -> Points:
    """For every face the mean points of other subjects in the same pose, in the crop's pixels; NaN without one.

    It is what one knows without a look at the picture, once somebody has told the pose.
    """
    out = np.full(points.shape, np.nan)
    known = np.isfinite(points).all(axis=(1, 2))
    for who, how in sorted(set(zip(subject.tolist(), pose.tolist(), strict=True))):
        others = known & (subject != who) & (pose == how)
        if others.any():
            out[(subject == who) & (pose == how)] = points[others].mean(axis=0)
    return out
