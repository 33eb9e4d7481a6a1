"""GrayToDepth: the relief that a gray face crop suggests. Generated, never measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.backend import Backend, BackendStatus
from engines.card import ModelCard
from engines.models.contract import check_contract, check_crop
from engines.normalise import relief_of_code, stretch

FOREGROUND = 0.5
"""A pixel belongs to the head from this probability on."""


@dataclass(frozen=True, slots=True, eq=False)
class ReliefResult:
    """A generated relief of one crop.

    Attributes:
        code: (96, 96) uint8, the 8-bit depth coding: 1..255, near = bright, 0 outside the head.
        relief_mm: (96, 96) float32, D - z in millimetres (positive toward the camera), NaN outside the head.
        foreground: (96, 96) float32 in 0..1, probability that a pixel is head or body.
    """

    code: NDArray[np.uint8]
    relief_mm: NDArray[np.float32]
    foreground: NDArray[np.float32]


class GrayToDepth:
    """Imagines the depth of a face from its gray image."""

    size = 96

    def __init__(self, backend: Backend, card: ModelCard) -> None:
        """Take a loaded backend.

        Raises:
            ModelMismatchError: the card describes another kind of model.
        """
        check_contract("GrayToDepth", card, {"gray": (1, 96, 96)}, {"relief": (1, 96, 96), "foreground": (1, 96, 96)})
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
        return [_result(out["relief"][i, 0], out["foreground"][i, 0]) for i in range(len(crops))]

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()


def _result(relief: NDArray[np.float32], foreground: NDArray[np.float32]) -> ReliefResult:
    code = np.clip((relief + np.float32(1.0)) * np.float32(127.5), 1.0, 255.0)
    code = np.where(foreground >= FOREGROUND, code, np.float32(0.0))
    return ReliefResult(code=np.rint(code).astype(np.uint8), relief_mm=relief_of_code(code), foreground=foreground)
