"""Golden inputs: what an engine is checked on. The same numbers on every machine and in every run."""

from __future__ import annotations

import hashlib
import logging

import numpy as np
from numpy.typing import NDArray

from engines.backend import Arrays
from engines.calibration import calibration_path, load_calibration
from engines.card import ModelCard, TensorSpec
from engines.errors import QuantizeError

log = logging.getLogger(__name__)

ITEMS = 16
"""Golden inputs of a check: enough for means, few enough for the start of a program."""

_GRIDS = (3, 6, 12, 24)
"""Cells a side of the patterns that a picture is the sum of: light and shade, shapes, edges, grain."""


def golden_inputs(card: ModelCard, batch: int, seed: int = 0) -> Arrays:
    """Inputs of a model within its card's ranges: pictures of soft shapes, no two alike.

    White noise would tell little: it lies where no crop lies, and networks answer it with noise of their own.

    Args:
        card: of the model.
        batch: how many items.
        seed: another one gives other pictures.

    Returns:
        name -> float32 (batch, ...).
    """
    return {spec.name: np.stack([_item(card, spec, seed + i) for i in range(batch)]) for spec in card.inputs}


def golden_set(card: ModelCard, items: int = ITEMS) -> Arrays:
    """What an engine is checked on: name -> float32 (items, ...).

    The crops that the model's int8 file is judged by, where they ship; else :func:`golden_inputs`.
    """
    crops = _crops(card)
    if not crops:
        return golden_inputs(card, items)
    return {name: values.take(range(items), axis=0, mode="wrap") for name, values in crops.items()}


def _crops(card: ModelCard) -> Arrays:
    if not calibration_path(card).is_file():
        return {}
    try:
        return load_calibration(card).held_out
    except QuantizeError as error:  # which stops the making of int8 files, but no engine that runs
        log.warning("%s is checked on made-up pictures: %s", card.title, error)
        return {}


def _item(card: ModelCard, spec: TensorSpec, number: int) -> NDArray[np.float32]:
    low = -1.0 if spec.low is None else spec.low
    high = 1.0 if spec.high is None else spec.high
    words = f"{card.name} {spec.name} {number}".encode()
    dice = np.random.default_rng(int.from_bytes(hashlib.sha256(words).digest()[:8], "little"))
    shape = spec.sizes[1:]
    if len(shape) < 2:
        values = dice.random(shape)
    else:
        values = sum((_pattern(dice, shape, cells) / (1 + k) for k, cells in enumerate(_GRIDS)), np.zeros(shape))
        values = (values - values.min()) / max(float(np.ptp(values)), 1e-9)
    item: NDArray[np.float32] = np.clip(low + (high - low) * values, low, high).astype(np.float32)
    return item


def _pattern(dice: np.random.Generator, shape: tuple[int, ...], cells: int) -> NDArray[np.float64]:
    """Random values on a coarse grid, interpolated linearly along the last two axes."""
    height, width = shape[-2:]
    coarse = dice.standard_normal((*shape[:-2], cells, cells))
    rows = _weights(height, cells)
    columns = _weights(width, cells)
    out: NDArray[np.float64] = rows @ coarse @ columns.T
    return out


def _weights(size: int, cells: int) -> NDArray[np.float64]:
    """(size, cells): what each of the grid's values gives to each pixel."""
    at = np.linspace(0, cells - 1, size)[:, None]
    weights: NDArray[np.float64] = np.maximum(0.0, 1.0 - np.abs(at - np.arange(cells)))
    return weights
