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
        left: whether the eye was taken for the one on the picture's left, the person's right one; None where the
            model does not tell and nobody said it.
    """

    color: NDArray[np.uint8]
    contrast: float
    reason: str
    left: bool | None = None

    @property
    def valid(self) -> bool:
        return not self.reason


class EyeToFace:
    """Imagines a face from the picture of one eye. The result carries no identity and must be marked as generated."""

    size = 32
    face_size = 128
    _tells_side = False

    def __init__(self, backend: Backend, card: ModelCard) -> None:
        """Take a loaded backend.

        Raises:
            ModelMismatchError: the card describes another kind of model.
        """
        self._tells_side = any(spec.name == "left" for spec in card.outputs)
        outputs = {"face": (3, 128, 128), **({"left": (1,)} if self._tells_side else {})}
        check_contract("EyeToFace", card, {"eye": (3, 32, 32)}, outputs)
        self.card = card
        self._backend = backend

    def __call__(self, eye: NDArray[np.uint8], left: bool | None = None) -> EyeFaceResult:
        """Generate a face from one eye; see many()."""
        return self.many([eye], [left])[0]

    def many(
        self, eyes: Sequence[NDArray[np.uint8]], lefts: Sequence[bool | None] | None = None
    ) -> list[EyeFaceResult]:
        """Generate a face from every eye; may be empty.

        One call of the backend, and a second one for eyes that nobody said to be on the right and that look so.

        Args:
            eyes: each (32, 32, 3) uint8 RGB: a square with the brow, bilinear.
            lefts: of each whether it is on the picture's left, where that is known: a look at the eye errs on one in
                eight, and the face is then a mirror image. None of all leaves it to that look.

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
        if not self._tells_side:
            faces, _ = self._infer(eyes)
            return [_result(eye, face, None) for eye, face in zip(eyes, faces, strict=True)]
        sides = list(lefts or [None] * len(eyes))
        faces, found = self._infer([_turned(eye, left) for eye, left in zip(eyes, sides, strict=True)])
        wrong = [i for i, left in enumerate(sides) if left is None and found[i] < 0.5]
        if wrong:
            again, _ = self._infer([_turned(eyes[i], False) for i in wrong])
            faces[wrong] = again
        taken = [i not in wrong if left is None else left for i, left in enumerate(sides)]
        return [_result(e, f, t) for e, f, t in zip(eyes, faces, taken, strict=True)]

    def _infer(self, eyes: Sequence[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Faces (N, 3, 128, 128), and the probability (N,) that the eyes are on the left (1 where it is not told)."""
        pixels = np.stack([eye.transpose(2, 0, 1) for eye in eyes]).astype(np.float32) / np.float32(255)
        out = self._backend.infer({"eye": pixels})
        left = out["left"][:, 0] if self._tells_side else np.ones(len(eyes), np.float32)
        return np.array(out["face"]), left

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()


def _turned(eye: NDArray[np.uint8], left: bool | None) -> NDArray[np.uint8]:
    """An eye as the network takes it: on the picture's left."""
    return eye[:, ::-1] if left is False else eye


def _result(eye: NDArray[np.uint8], face: NDArray[np.float32], left: bool | None) -> EyeFaceResult:
    contrast = float(eye.mean(axis=2).std())
    reason = "" if contrast >= LEAST_CONTRAST else f"the eye picture has no contrast ({contrast:.1f} levels)"
    color = np.rint(np.clip(face.transpose(1, 2, 0), 0, 1) * np.float32(255)).astype(np.uint8)
    return EyeFaceResult(np.ascontiguousarray(_turned(color, left)), contrast, reason, left)
