"""DepthToColor: the color that a depth crop of a face suggests. Generated, never measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.backend import Backend, BackendStatus
from engines.card import ModelCard
from engines.models.contract import check_contract, check_crop
from engines.normalise import code_of_unit, unit_of_code


@dataclass(frozen=True, slots=True, eq=False)
class ColorResult:
    """A generated color image of one crop: ``color`` (64, 64, 3) uint8 RGB."""

    color: NDArray[np.uint8]


class DepthToColor:
    """Imagines the color of a face from its depth."""

    size = 64

    def __init__(self, backend: Backend, card: ModelCard) -> None:
        """Take a loaded backend.

        Raises:
            ModelMismatchError: the card describes another kind of model.
        """
        check_contract("DepthToColor", card, {"depth": (1, 64, 64)}, {"color": (3, 64, 64)})
        self.card = card
        self._backend = backend

    def __call__(self, code: NDArray[np.uint8]) -> ColorResult:
        """Generate the color of one crop of depth codes; see many()."""
        return self.many([code])[0]

    def many(self, codes: Sequence[NDArray[np.uint8]]) -> list[ColorResult]:
        """Generate the color of every crop with one call of the backend; may be empty.

        Args:
            codes: each (64, 64) uint8 depth codes, 0 = no reading.

        Raises:
            InputError: a wrong shape or dtype.
            InferenceError: the backend failed.
        """
        for code in codes:
            check_crop("DepthToColor", code, self.size, ("uint8",))
        if not codes:
            return []
        out = self._backend.infer({"depth": np.stack([unit_of_code(code) for code in codes])[:, None]})
        return [ColorResult(np.ascontiguousarray(code_of_unit(color.transpose(1, 2, 0)))) for color in out["color"]]

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()
