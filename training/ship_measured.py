"""A network as a shipped file, with what was measured of it on its card; in int8 where that costs little."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from engines.card import Measured
from training.evaluate import evaluate
from training.export import Exported, ship
from training.feed import FaceStore
from training.networks.registry import NetworkSpec, UnknownNetworkError
from training.train import make_task

INT8_KEYS = ("gray_to_depth-plus", "depth_to_color-plus")
"""Shipped in int8 where that costs less than INT8_MAY_COST. The landmarks stay in float: int8 moved them by 0.6 px. The
finder too: int8 missed 0.6 % more faces, on real depth as well; `tapetum engines build` makes it where it is wanted."""
INT8_MAY_COST = 0.01
MAIN_METRICS = (
    "depth MAE inside the found person",
    "depth MAE in the head's ellipse, model",
    "L1 on the person",
    "faces not found at IoU >= 0.5",
)


def ship_measured(
    network: nn.Module,
    spec: NetworkSpec,
    weights: Path,
    samples: int,
    said: str,
    version: str,
    store: FaceStore,
    faces: Path,
    real: Path | None = None,
    report: Callable[[str], None] = print,
) -> Exported:
    """Export a network to `weights`, measure the file on held-out data, and write both into its card.

    Args:
        samples: number of rendered samples that training drew from.
        said: how it was trained, in words.
        store: the samples to calibrate int8 on, of the folder `faces`.
        real: recordings to measure on as well.

    Raises:
        ExportError, EvaluationError, ShardError, RealDataError: see export and evaluate.
    """
    name, preset = spec.name, spec.preset
    ship(network, spec, weights, samples, said, version)
    measured = evaluate(name, preset, faces, real, weights)
    if spec.key not in INT8_KEYS:
        return ship(network, spec, weights, samples, said, version, measured)
    crops = calibration_crops(spec, store)
    ship(network, spec, weights, samples, said, version, crops=crops)
    in_int8 = evaluate(name, preset, faces, real, weights)
    lost = quality_lost(measured, in_int8)
    if lost > INT8_MAY_COST:
        report(
            f"{spec.key} stays in float: int8 makes its main error larger by {lost:.2%}, more than {INT8_MAY_COST:.0%}"
        )
        return ship(network, spec, weights, samples, said, version, measured)
    said = f"{said}; int8, calibrated on {len(crops)} rendered crops, costs at most {max(lost, 0):.2%} of an error"
    done = ship(network, spec, weights, samples, said, version, in_int8, crops)
    report(f"{spec.key} in int8: the main error changes by {lost:+.2%}")
    return done


def calibration_crops(spec: NetworkSpec, store: FaceStore, count: int = 300) -> list[NDArray[np.float32]]:
    """Network inputs (1, 1, H, W) float32 of training items, for calibrating int8."""
    task, rng = make_task(spec), np.random.default_rng(5)
    crops = []
    for _ in range(count):
        item = task.make_item(store, rng)
        picture = item.get(spec.inputs[0].name, item.get("image"))
        if picture is None:
            raise UnknownNetworkError(f"{spec.key}: its training items have no picture to calibrate on")
        crops.append((picture.astype(np.float32) / 127.5 - 1).reshape(1, 1, *picture.shape[-2:]).astype(np.float32))
    return crops


def quality_lost(before: Sequence[Measured], after: Sequence[Measured]) -> float:
    """The relative growth of the model's main errors from one measurement to the other, the largest of them.

    Main are the errors over everything that was measured on: MAE or L1 of the model itself over all poses; parts of the
    data, fits and baselines (flat head, plain gray, other people) tell the same story with more noise.
    """
    new = {(m.metric, m.on): m.value for m in after}
    grown = [
        new[m.metric, m.on] / m.value - 1
        for m in before
        if m.metric.startswith(MAIN_METRICS) and not m.metric.endswith("fitted") and (m.metric, m.on) in new
        if "rap3df" not in m.on or "all poses" in m.on
    ]
    return max(grown, default=0.0)
