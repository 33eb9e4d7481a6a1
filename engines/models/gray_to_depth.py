"""GrayToDepth: the relief that a gray face crop suggests. Generated, never measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engines.backend import Backend, BackendStatus
from engines.card import ModelCard
from engines.models.contract import check_contract, check_crop
from engines.normalise import HALF_RANGE_MM, relief_of_code, stretch, stretch_range

FOREGROUND = 0.5
"""A pixel belongs to the head from this probability on."""
CLOSE_MM = 10.0
"""The confidence is the probability of an error of at most this."""
LEAST_CONTRAST = 4
"""Levels of 255 between the darkest and the brightest percents of a crop; with fewer there is nothing to judge from."""
LEAST_MM = 0.5
"""No smaller error is believed: the training does not tell smaller ones apart."""


@dataclass(frozen=True, slots=True, eq=False)
class ReliefResult:
    """A generated relief of one crop.

    Attributes:
        code: (96, 96) uint8, the 8-bit depth coding: 1..255, near = bright, 0 outside the head.
        relief_mm: (96, 96) float32, D - z in millimetres (positive toward the camera), NaN outside the head.
        foreground: (96, 96) float32 in 0..1, probability that a pixel is head or body.
        expected_error_mm: (96, 96) float32, the expected |relief - truth| where the pixel shows the person, 0..300 mm;
            also outside the head, where it says what a relief there would be worth. None where the file doesn't tell.
        confidence: (96, 96) float32 in 0..1, the estimated probability that the pixel shows the person and the relief
            lies within 10 mm of the truth: foreground * (1 - exp(-10 mm / expected_error_mm)), the error taken to be
            exponential; 0 where relief_mm is NaN, and everywhere in a crop without contrast (black, saturated).
            None where the file doesn't tell.
    """

    code: NDArray[np.uint8]
    relief_mm: NDArray[np.float32]
    foreground: NDArray[np.float32]
    expected_error_mm: NDArray[np.float32] | None = None
    confidence: NDArray[np.float32] | None = None


class GrayToDepth:
    """Imagines the depth of a face from its gray image."""

    size = 96

    def __init__(self, backend: Backend, card: ModelCard) -> None:
        """Take a loaded backend.

        Raises:
            ModelMismatchError: the card describes another kind of model.
        """
        image = (1, 96, 96)
        outputs = {"relief": image, "foreground": image}
        if any(spec.name == "error" for spec in card.outputs):
            outputs["error"] = image
        check_contract("GrayToDepth", card, {"gray": image}, outputs)
        self.card = card
        self._backend = backend

    def __call__(self, crop: NDArray[np.uint8]) -> ReliefResult:
        """Generate the relief of one gray crop; see many()."""
        return self.many([crop])[0]

    def many(self, crops: Sequence[NDArray[np.uint8]]) -> list[ReliefResult]:
        """Generate the relief of every gray crop, each (96, 96) uint8, with one call of the backend; may be empty.

        Raises:
            InputError: a wrong shape or dtype.
            InferenceError: the backend failed.
        """
        for crop in crops:
            check_crop("GrayToDepth", crop, self.size, ("uint8",))
        if not crops:
            return []
        out = self._backend.infer({"gray": np.stack([stretch(crop) for crop in crops])[:, None]})
        errors = out.get("error")
        results = []
        for i, crop in enumerate(crops):
            error = None if errors is None else errors[i, 0]
            if error is not None and not _has_contrast(crop):
                error = np.ones_like(error)
            results.append(_result(out["relief"][i, 0], out["foreground"][i, 0], error))
        return results

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()


def _has_contrast(crop: NDArray[np.uint8]) -> bool:
    ends = stretch_range(crop)
    return ends is not None and ends[1] - ends[0] >= LEAST_CONTRAST


def _result(
    relief: NDArray[np.float32], foreground: NDArray[np.float32], error: NDArray[np.float32] | None
) -> ReliefResult:
    """`error` in units of 300 mm, None where the file has no such output."""
    head = foreground >= FOREGROUND
    code = np.clip((relief + np.float32(1.0)) * np.float32(127.5), 1.0, 255.0)
    code = np.where(head, code, np.float32(0.0))
    result = ReliefResult(code=np.rint(code).astype(np.uint8), relief_mm=relief_of_code(code), foreground=foreground)
    if error is None:
        return result
    expected_mm = np.clip(error, 0.0, 1.0) * np.float32(HALF_RANGE_MM)
    close = -np.expm1(np.float32(-CLOSE_MM) / np.maximum(expected_mm, np.float32(LEAST_MM)))
    close = np.where(expected_mm < HALF_RANGE_MM, close, np.float32(0.0))  # 300 mm: anything at all
    confidence = np.where(head, np.clip(foreground, 0.0, 1.0) * close, np.float32(0.0)).astype(np.float32)
    return replace(result, expected_error_mm=expected_mm.astype(np.float32), confidence=confidence)
