"""A growing list of measured values of one model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.card import Measured


class EvaluationError(Exception):
    """There is nothing to evaluate on, or no model of this name can be evaluated."""


class Report:
    """Collects the values of one model; each names what it was measured on and the command that measures it again."""

    def __init__(self, model: str, real: bool) -> None:
        self._command = f"tapetum evaluate {model} {'--real DATA' if real else '--faces SAMPLES'}"
        self.values: list[Measured] = []

    def add(self, metric: str, value: float, unit: str, on: str) -> None:
        """Note one value, rounded to four decimals. A value that is not finite is left out: nothing was measured."""
        if np.isfinite(value):
            rounded = round(float(value), 4)
            self.values.append(Measured(metric=metric, value=rounded, unit=unit, on=on, command=self._command))


def some(indices: NDArray, count: int) -> NDArray:
    """At most `count` of the indices, always the same ones."""
    return indices[np.random.default_rng(0).permutation(len(indices))[:count]]
