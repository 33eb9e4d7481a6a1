"""FaceLandmarks: a one-channel face crop to 68 points, eye openness, and whether a face is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.backend import Backend, BackendStatus
from engines.card import ModelCard
from engines.errors import InputError
from engines.models.contract import check_contract, check_crop
from engines.normalise import stretch


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkResult:
    """What the network says of one crop.

    Attributes:
        points: (68, 2) float32, (x, y) in pixels of the 128 x 128 crop, pixel centers at integers, iBUG order.
        confidence: (68,) float32 in 0..1.
        openness: (2,) float32 in 0..1: the person's right eye, then the left; 0 closed, 1 fully open.
        presence: 0..1 that the crop shows a face, from the front to the profile, and not the back of a head.
    """

    points: NDArray[np.float32]
    confidence: NDArray[np.float32]
    openness: NDArray[np.float32]
    presence: float


class FaceLandmarks:
    """Takes gray, near infrared, thermal counts or depth codes alike: the contrast stretch makes them comparable."""

    size = 128

    def __init__(self, backend: Backend, card: ModelCard) -> None:
        """Take a loaded backend.

        Raises:
            ModelMismatchError: the card describes another kind of model.
        """
        check_contract(
            "FaceLandmarks",
            card,
            {"image": (1, 128, 128)},
            {"points": (68, 2), "confidence": (68,), "openness": (2,), "presence": (1,)},
        )
        self.card = card
        self._backend = backend

    def __call__(self, crop: NDArray[Any], valid: NDArray[np.bool_] | None = None) -> LandmarkResult:
        """Find the points in one crop; see many()."""
        return self.many([crop], [valid])[0]

    def many(self, crops: Sequence[NDArray[Any]], valids: Sequence[NDArray[np.bool_] | None]) -> list[LandmarkResult]:
        """Find the points in every crop, with one call of the backend.

        Args:
            crops: each (128, 128) uint8, uint16 or float32; may be empty.
            valids: of each crop (128, 128), True where a pixel was read (depth codes: ``crop > 0``); None takes all.

        Raises:
            InputError: a wrong shape or dtype.
            InferenceError: the backend failed.
        """
        for crop, valid in zip(crops, valids, strict=True):
            check_crop("FaceLandmarks", crop, self.size, ("uint8", "uint16", "float32"))
            if valid is not None and (valid.shape != crop.shape or valid.dtype != np.bool_):
                raise InputError(f"FaceLandmarks: valid is bool {crop.shape}, found {valid.dtype.name} {valid.shape}")
        if not crops:
            return []
        images = np.stack([stretch(crop, valid) for crop, valid in zip(crops, valids, strict=True)])
        out = self._backend.infer({"image": images[:, None]})
        return [
            LandmarkResult(
                points=out["points"][i],
                confidence=out["confidence"][i],
                openness=out["openness"][i],
                presence=float(out["presence"][i, 0]),
            )
            for i in range(len(crops))
        ]

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()
