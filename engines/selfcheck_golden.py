"""Golden inputs: what an engine is checked on. The same numbers on every machine and in every run."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engines.backend import BUCKETS, Arrays, BackendStatus
from engines.calibration import calibration_path, load_calibration
from engines.card import ModelCard, TensorSpec
from engines.errors import QuantizeError

log = logging.getLogger(__name__)

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


def golden_set(card: ModelCard, status: BackendStatus, batches: Sequence[int] | None = None) -> list[Arrays]:
    """What an engine is checked on: at a batch of one and at the largest that it is made for, or at these.

    The crops that the model's int8 file is judged by, where they lie beside its card; else :func:`golden_inputs`.
    """
    fixed = sorted(int(spec.shape[0]) for spec in card.inputs if spec.shape[0] != "N")
    batches = fixed[:1] or batches or [1, (status.buckets or BUCKETS)[-1]]
    crops = _crops(card)
    if not crops:
        return [golden_inputs(card, batch) for batch in batches]
    return [
        {name: values.take(range(batch), axis=0, mode="wrap") for name, values in crops.items()} for batch in batches
    ]


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
