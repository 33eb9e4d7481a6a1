"""Between which values the tensors of a network lie, seen on calibration crops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from engines.backends.onnxruntime_library import import_onnxruntime

SAMPLES = 4096
"""So many values of a tensor are kept of each crop; its least and largest are always kept."""
_STRIDE = 2654435761
"""A large prime (Knuth's): a plain stride would meet the same column of every channel again and again."""


class Seen(NamedTuple):
    """What was seen of one tensor: its least and largest value, and a sample of all."""

    low: float
    high: float
    sample: NDArray[np.float32]


def observe(
    model: onnx.ModelProto, tensors: Sequence[str], crops: Iterable[Mapping[str, NDArray[np.float32]]]
) -> dict[str, Seen]:
    """Run a float32 model on crops (inputs by name, each (1, ...)) and note the values of `tensors`."""
    ort = import_onnxruntime()

    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    known = {o.name for o in probe.graph.output} | {i.name for i in probe.graph.input}
    probe.graph.output.extend(helper.make_value_info(n, onnx.TypeProto()) for n in tensors if n not in known)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(probe.SerializeToString(), options, providers=["CPUExecutionProvider"])
    inputs = {i.name for i in probe.graph.input}
    wanted = [n for n in tensors if n not in inputs]
    low: dict[str, float] = dict.fromkeys(tensors, np.inf)
    high: dict[str, float] = dict.fromkeys(tensors, -np.inf)
    kept: dict[str, list[NDArray[np.float32]]] = {n: [] for n in tensors}
    for crop in crops:
        found: dict[str, NDArray[Any]] = dict(zip(wanted, session.run(wanted, dict(crop)), strict=True))
        for name in tensors:
            values = np.ravel(found[name] if name in found else crop[name])
            low[name] = min(low[name], float(values.min()))
            high[name] = max(high[name], float(values.max()))
            chosen = (np.arange(min(SAMPLES, values.size), dtype=np.int64) * _STRIDE) % values.size
            kept[name].append(values[chosen].astype(np.float32))
    return {n: Seen(low[n], high[n], np.concatenate(kept[n])) for n in tensors}


def widest(seen: Seen) -> tuple[float, float]:
    """All that was seen (MinMax)."""
    return seen.low, seen.high


def percentile(seen: Seen, tail: float) -> tuple[float, float]:
    """Without `tail` percent at either end; an end that is zero stays."""
    low, high = np.percentile(seen.sample, (tail, 100 - tail))
    return (seen.low if seen.low >= 0 else float(low)), (seen.high if seen.high <= 0 else float(high))


def least_error(seen: Seen, steps: int = 24) -> tuple[float, float]:
    """The share of the whole range at which the squared error of 8 bits (rounding and cutting together) is least."""
    best, best_error = 1.0, np.inf
    for share in np.linspace(1.0, 0.3, steps):
        low, high = min(seen.low * share, 0.0), max(seen.high * share, 0.0)
        scale = max((high - low) / 255, 1e-12)
        rounded = np.clip(np.rint(seen.sample / scale), np.rint(low / scale), np.rint(high / scale)) * scale
        error = float(np.mean((rounded - seen.sample) ** 2))
        if error < best_error:
            best, best_error = float(share), error
    return seen.low * best, seen.high * best


METHODS: dict[str, Callable[[Seen], tuple[float, float]]] = {
    "widest": widest,
    "percentile 99.99": lambda seen: percentile(seen, 0.01),
    "percentile 99.9": lambda seen: percentile(seen, 0.1),
    "least error": least_error,
}
"""How the range of a tensor is chosen from what was seen."""
