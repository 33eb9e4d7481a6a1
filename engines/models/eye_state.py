"""EyeState: patches of single eyes to how far they are open, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engines.backend import Backend, BackendStatus
from engines.card import ModelCard
from engines.errors import InputError
from engines.models.contract import check_contract

SIZE: Final = (32, 48)
"""Rows and columns of a patch."""
FLAT: Final = 1.5
"""A patch whose gray levels deviate by less (of 255) shows nothing: black, burnt out, or a plain thing before it."""
REACH: Final = 3.0
"""Deviations from the mean that become 1."""


@dataclass(frozen=True, slots=True)
class EyeJudgement:
    """What the network says of one eye.

    Attributes:
        openness: 0 closed, 1 as open as a neutral eye.
        confidence: probability 0..1 that the openness lies within 0.2 of the truth.
    """

    openness: float
    confidence: float


class EyeState:
    """Takes gray and near-infrared pictures alike: every patch is brought to mean 0 and deviation 1."""

    size = SIZE

    def __init__(self, backend: Backend, card: ModelCard) -> None:
        """Take a loaded backend.

        Raises:
            ModelMismatchError: the card describes another kind of model.
        """
        check_contract("EyeState", card, {"eye": (1, *SIZE)}, {"openness": (1,), "confidence": (1,)})
        self.card = card
        self._backend = backend

    def many(self, patches: NDArray[np.uint8]) -> list[EyeJudgement]:
        """Judge every patch, with one call of the backend.

        Args:
            patches: (N, 32, 48) uint8, N may be 0: right eyes as they are, left ones mirrored. A patch without
                contrast gets confidence 0.

        Raises:
            InputError: a wrong shape or dtype.
            InferenceError: the backend failed.
        """
        if patches.dtype != np.uint8 or patches.ndim != 3 or patches.shape[1:] != SIZE:
            raise InputError(f"EyeState: patches are uint8 (N, {SIZE[0]}, {SIZE[1]}), found {patches.dtype.name} "
                             f"{patches.shape}")  # fmt: skip
        if not len(patches):
            return []
        inputs, flat = normalised(patches)
        out = self._backend.infer({"eye": inputs})
        openness, confidence = out["openness"][:, 0].tolist(), out["confidence"][:, 0].tolist()
        return [
            EyeJudgement(min(max(a, 0.0), 1.0), 0.0 if f else min(max(b, 0.0), 1.0))
            for a, b, f in zip(openness, confidence, flat.tolist(), strict=True)
        ]

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()


def normalised(patches: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The network's input (N, 1, 32, 48) in -1..1, and (N,) which patches show nothing.

    Each patch less its mean over three deviations, cut off at -1 and 1.
    """
    values = patches.astype(np.float32)
    values -= values.mean(axis=(1, 2), keepdims=True)
    deviation = np.sqrt(np.square(values).mean(axis=(1, 2), keepdims=True))
    values /= np.maximum(deviation, np.float32(FLAT)) * np.float32(REACH)
    np.clip(values, -1.0, 1.0, out=values)
    return values[:, None], deviation[:, 0, 0] < FLAT
