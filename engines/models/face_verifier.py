"""FaceVerifier: one depth crop of a head to one template; two templates to the probability of one person.

Shape alone is looked at: coded depth without colour. A template says nothing of whether the surface is a living face.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.backend import Backend, BackendStatus
from engines.card import ModelCard
from engines.errors import InputError
from engines.models.contract import check_contract, check_crop
from engines.normalise import relief_of_code, unit_of_code

FEWEST_VALID = 0.6
"""A crop with a smaller share of valid depth on the face makes no template."""
FLATTEST_MM = 4.0
"""A surface that lies nearer to a plane than this (root mean square) is no face: a picture, a screen, a wall."""
FACE_HALF_MM = (60.0, 80.0)
"""Half axes of the ellipse about the crop's centre over which both are judged."""
DEEPEST_MM = 150.0
"""Depth counts within so much of the head's distance."""


@dataclass(frozen=True, slots=True, eq=False)
class FaceTemplate:
    """What is kept of one crop.

    Attributes:
        embedding: (128,) float32 of length 1.
        slope, offset: P(same) = 1 / (1 + exp(-(slope cosine + offset))), fitted for this model.
        coverage: share of the face with valid depth, 0..1.
        relief_mm: root mean square distance of the face from the best plane.
        reason: why nothing should be concluded from it; empty if it is valid.
    """

    embedding: NDArray[np.float32]
    slope: float
    offset: float
    coverage: float
    relief_mm: float
    reason: str

    @property
    def valid(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """Two templates compared.

    Attributes:
        probability: 0..1 that both are one person, where both are as likely beforehand; 0.5 (nothing is known) where
            a template is not valid.
        cosine: of the two embeddings, -1..1.
        reason: why nothing is concluded; empty if both templates are valid.
    """

    probability: float
    cosine: float
    reason: str

    @property
    def valid(self) -> bool:
        return not self.reason


class FaceVerifier:
    """Tells from depth whether two crops show one person."""

    size = 96

    def __init__(self, backend: Backend, card: ModelCard) -> None:
        """Take a loaded backend.

        Raises:
            ModelMismatchError: the card describes another kind of model.
        """
        check_contract("FaceVerifier", card, {"depth": (1, 96, 96)}, {"embedding": (128,), "calibration": (2,)})
        self.card = card
        self._backend = backend

    def __call__(self, code: NDArray[np.uint8]) -> FaceTemplate:
        """Make the template of one crop of 8-bit depth codes, (96, 96) uint8, 0 = no reading.

        Raises:
            InputError: a wrong shape or dtype.
            InferenceError: the backend failed.
        """
        check_crop("FaceVerifier", code, self.size, ("uint8",))
        coverage, relief_mm = face_quality(code)
        reason = ""
        if coverage < FEWEST_VALID:
            reason = f"only {coverage:.0%} of the face has valid depth, {FEWEST_VALID:.0%} are needed"
        elif relief_mm < FLATTEST_MM:
            reason = f"the surface is flat ({relief_mm:.1f} mm from a plane): a picture or a wall, not a face"
        out = self._backend.infer({"depth": unit_of_code(code)[None, None]})
        slope, offset = out["calibration"][0]
        return FaceTemplate(out["embedding"][0], float(slope), float(offset), coverage, relief_mm, reason)

    def compare(self, first: FaceTemplate, second: FaceTemplate) -> Verdict:
        """Compare two templates of this model. Swapping them changes nothing.

        Raises:
            InputError: the templates were made by different models.
        """
        if (first.slope, first.offset) != (second.slope, second.offset):
            raise InputError("FaceVerifier: the two templates were made by different models; make both anew with one")
        cosine = float(np.clip(np.dot(first.embedding, second.embedding), -1.0, 1.0))
        reason = first.reason or second.reason
        if reason:
            return Verdict(0.5, cosine, reason)
        return Verdict(float(1.0 / (1.0 + np.exp(-(first.slope * cosine + first.offset)))), cosine, "")

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()


def face_quality(code: NDArray[np.uint8]) -> tuple[float, float]:
    """Share of the face's ellipse with valid depth, and its root mean square distance from the best plane (mm).

    Args:
        code: (S, S) 8-bit depth codes of a 320 mm crop.

    Returns:
        (coverage in 0..1, relief in mm; 0 where there is too little to fit a plane to).
    """
    axis = ((np.arange(code.shape[0], dtype=np.float32) + 0.5) / code.shape[0] - 0.5) * 320.0
    inside = (axis[None] / FACE_HALF_MM[0]) ** 2 + (axis[:, None] / FACE_HALF_MM[1]) ** 2 <= 1
    relief = relief_of_code(code)
    known = inside & (np.abs(np.nan_to_num(relief, nan=np.inf)) <= DEEPEST_MM)
    coverage = float(known.sum() / inside.sum())
    rows, columns = np.nonzero(known)
    if rows.size < 50:
        return coverage, 0.0
    places = np.stack([axis[columns], axis[rows], np.ones(rows.size, np.float32)], axis=1).astype(np.float64)
    heights = relief[known].astype(np.float64)
    plane, *_ = np.linalg.lstsq(places, heights, rcond=None)
    return coverage, float(np.sqrt(np.mean((heights - places @ plane) ** 2)))
