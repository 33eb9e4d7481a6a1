"""DepthToColor: the color that a depth crop of a face suggests. Generated, never measured."""

from __future__ import annotations

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
        """Generate the color of one crop of 8-bit depth codes, (64, 64) uint8, 0 = no reading.

        Raises:
            InputError: a wrong shape or dtype.
            InferenceError: the backend failed.
        """
        check_crop("DepthToColor", code, self.size, ("uint8",))
        out = self._backend.infer({"depth": unit_of_code(code)[None, None]})
        return ColorResult(np.ascontiguousarray(code_of_unit(out["color"][0].transpose(1, 2, 0))))

    def warm_up(self) -> None:
        self._backend.warm_up()

    def status(self) -> BackendStatus:
        return self._backend.status()

    def close(self) -> None:
        self._backend.close()
