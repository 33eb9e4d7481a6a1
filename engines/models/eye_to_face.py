"""EyeToFace: the face that one eye suggests. Generated, never a likeness: an eye does not tell a face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.backend import Backend, BackendStatus
from engines.card import ModelCard
from engines.errors import InputError
from engines.models.contract import check_contract

LEAST_CONTRAST = 4.0
"""An eye picture whose brightness deviates less than this (levels of 255) shows nothing: black, burnt out or fog."""


@dataclass(frozen=True, slots=True, eq=False)
class EyeFaceResult:
    """A generated face.

    Attributes:
        color: (128, 128, 3) uint8 RGB, imagined.
        contrast: deviation of the eye picture's brightness, levels of 255.
        reason: why the face says even less than it always does; empty where the eye picture shows something.
    """

    color: NDArray[np.uint8]
    contrast: float
    reason: str

    @property
    def valid(self) -> bool:
        return not self.reason


class EyeToFace:
    """Imagines a face from the picture of one eye. The result carries no identity and must be marked as generated."""

    size = 32
    face_size = 128

    def __init__(self, backend: Backend, card: ModelCard) -> None:
        """Take a loaded backend.

        Raises:
            ModelMismatchError: the card describes another kind of model.
        """
        check_contract("EyeToFace", card, {"eye": (3, 32, 32)}, {"face": (3, 128, 128)})
        self.card = card
        self._backend = backend

    def __call__(self, eye: NDArray[np.uint8]) -> EyeFaceResult:
        """Generate a face from one eye; see many()."""
        return self.many([eye])[0]

    def many(self, eyes: Sequence[NDArray[np.uint8]]) -> list[EyeFaceResult]:
        """Generate a face from every eye with one call of the backend; may be empty.

        Args:
            eyes: each (32, 32, 3) uint8 RGB: a square with the brow, bilinear.

        Raises:
            InputError: a wrong shape or dtype.
            InferenceError: the backend failed.
        """
        for eye in eyes:
            if eye.shape != (self.size, self.size, 3) or eye.dtype != np.uint8:
                raise InputError(
                    f"EyeToFace takes an eye of ({self.size}, {self.size}, 3) uint8 RGB, was handed {eye.shape} "
                    f"{eye.dtype.name}; resize or convert it"
                )
        if not eyes:
            return []
        pixels = np.stack([eye.transpose(2, 0, 1) for eye in eyes]).astype(np.float32) / np.float32(255)
        faces = self._backend.infer({"eye": pixels})["face"]
        return [_result(eye, face) for eye, face in zip(eyes, faces, strict=True)]

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()


def _result(eye: NDArray[np.uint8], face: NDArray[np.float32]) -> EyeFaceResult:
    contrast = float(eye.mean(axis=2).std())
    reason = "" if contrast >= LEAST_CONTRAST else f"the eye picture has no contrast ({contrast:.1f} levels)"
    color = np.rint(np.clip(face.transpose(1, 2, 0), 0, 1) * np.float32(255)).astype(np.uint8)
    return EyeFaceResult(np.ascontiguousarray(color), contrast, reason)
