"""The self-check of an engine: its numbers and its speed against the fp32 reference, on the same golden inputs.

Numbers: for each output the largest and the root mean square difference from the reference, and the mean one (bias),
as shares of the output's range, and by how much its values are larger (gain). Rounding to int8 moves single values far
and bias and gain hardly at all: a small systematic fault shows there. Speed: the median of some calls, as a multiple
of the reference's median of calls made in turn with them, so that a busy machine slows both.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.backend import BUCKETS, Arrays, Backend
from engines.card import ModelCard, TensorSpec
from engines.errors import EngineError, InferenceError
from engines.selfcheck_golden import golden_inputs, golden_set

ROUNDS = 3
"""A time that is too long is measured again: only an engine that is slow each time is slow."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far an output may lie from the reference's.

    Attributes:
        worst, rms, bias: the largest, the root mean square and the mean difference, as shares of the output's range.
        gain: distance from 1 of the factor that fits the output to the reference's best (least squares).
    """

    worst: float
    rms: float
    bias: float
    gain: float

    def text(self) -> str:
        return ", ".join(f"{name} {100 * value:.2g} %" for name, value in asdict(self).items())


TOLERANCES: Mapping[str, Tolerance] = {
    "f32": Tolerance(worst=1e-3, rms=2e-4, bias=1e-4, gain=1e-3),
    "f16": Tolerance(worst=3e-2, rms=5e-3, bias=2e-3, gain=1e-2),
    "bf16": Tolerance(worst=0.1, rms=3e-2, bias=5e-3, gain=1e-2),
    "int8": Tolerance(worst=0.5, rms=5e-2, bias=3.5e-2, gain=4.5e-2),
}
"""By the precision that a backend's status tells.

Measured at the most on the shipped models and 16 of their crops: fp32 on two libraries worst 4e-6; fp16 of the whole
network against fp32 worst 5e-3, rms 2e-3, bias 1e-4, gain 6e-4; bf16 in OpenVINO worst 0.096, rms 0.020, bias 3e-3,
gain 5e-3 (the openness of the eyes); int8 against fp32 worst 0.10, rms 0.033, bias 0.026,
gain 0.030 (the confidence of the landmarks), and of one int8 file on two libraries worst 0.18, rms 0.027.
"""

_TELLING = 0.02
"""The gain is fitted to outputs whose rms is at least this share of their range: on smaller ones it says nothing."""


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """What an engine must keep.

    Attributes:
        tolerance: None takes that of the engine's precision.
        slower: how many times the reference's median a call may take.
        floor_ms: a call that takes less is never too slow: launching one on a GPU alone takes a part of it.
        calls: whose median counts.
    """

    tolerance: Tolerance | None = None
    slower: float = 2.0
    floor_ms: float = 2.0
    calls: int = 7


@dataclass(frozen=True, slots=True)
class OutputCheck:
    """One output: how far it lies from the reference's, how far it may, and its range in its own unit."""

    name: str
    range: float
    found: Tolerance
    allowed: Tolerance

    @property
    def ok(self) -> bool:
        return all(abs(value) <= getattr(self.allowed, name) for name, value in asdict(self.found).items())


@dataclass(frozen=True, slots=True)
class BatchCheck:
    """One batch size: its outputs, the median of a call and of the reference's, and the bound, in milliseconds."""

    batch: int
    outputs: tuple[OutputCheck, ...]
    ms: float
    reference_ms: float
    limit_ms: float


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a self-check found.

    Attributes:
        model: name of the model.
        backend, precision, engine_key: of the engine's status.
        batches: one a batch size that could be computed.
        failures: what is wrong, in words; empty: all is well.
    """

    model: str
    backend: str
    precision: str
    engine_key: str
    batches: tuple[BatchCheck, ...]
    failures: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.failures

    def to_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        data = asdict(self)
        return {**data, "batches": list(data["batches"]), "failures": list(self.failures), "ok": self.ok}


def self_check(
    backend: Backend,
    card: ModelCard,
    reference: Backend,
    golden: Mapping[str, NDArray[Any]] | None = None,
    limits: CheckLimits | None = None,
    clock: Callable[[], float] = time.perf_counter,
    batches: Sequence[int] | None = None,
) -> CheckReport:
    """Check a loaded engine.

    Args:
        backend: what is checked, loaded.
        card: its model.
        reference: the same model in fp32 on ONNX Runtime, loaded; of an int8 file, the file that it was made from.
        golden: inputs, name -> (items, ...); None takes :func:`golden_set`. All of them are computed at each batch
            size: of a single item, rounding alone can move the mean.
        limits: see :class:`CheckLimits`.
        clock: seconds.
        batches: sizes to check; None takes one and the largest that the engine is made for.

    Returns:
        The report. What the engine does wrong is in its ``failures``, not an exception.

    Raises:
        EngineError: the reference itself could not compute.
    """
    wanted = limits or CheckLimits()
    status = backend.status()
    precision = "int8" if card.precision == "int8" else status.precision
    tolerance = wanted.tolerance or TOLERANCES.get(precision)
    failures: list[str] = []
    checks: list[BatchCheck] = []
    if tolerance is None:
        failures.append(f"it computes in {precision!r}, and nobody has said how exact that must be")
        tolerance = TOLERANCES["f32"]
    fixed = [int(spec.shape[0]) for spec in card.inputs if spec.shape[0] != "N"]
    sizes = fixed[:1] or batches or (1, (status.buckets or BUCKETS)[-1])
    inputs = golden_set(card) if golden is None else golden
    right = _in_calls(reference, inputs, fixed[0] if fixed else 1)
    for batch in sizes:
        try:
            found = _in_calls(backend, inputs, batch)
            outputs = tuple(_compare(spec, found, right, tolerance) for spec in card.outputs)
            ms, reference_ms, limit_ms = _times(
                backend, reference, {name: values[:batch] for name, values in inputs.items()}, wanted, clock
            )
        except EngineError as error:
            failures.append(f"batch {batch}: {error}")
            continue
        failures += [f"batch {batch}: {_words(output)}" for output in outputs if not output.ok]
        if ms > limit_ms:
            failures.append(
                f"batch {batch}: a call takes {ms:.2f} ms, at most {limit_ms:.2f} ms are allowed "
                f"(the reference takes {reference_ms:.2f} ms)"
            )
        checks.append(BatchCheck(batch, outputs, ms, reference_ms, limit_ms))
    return CheckReport(card.name, status.name, precision, status.engine_key, tuple(checks), tuple(failures))


def check_threads(backend: Backend, card: ModelCard, threads: int = 8, calls: int = 4) -> list[str]:
    """Call an engine from several threads at once, each with inputs of its own; returns what is wrong, in words.

    Where faces are computed one by one, each thread must get the bytes that it gets alone; else what the precision
    allows.
    """
    status = backend.status()
    exact = status.batch_rule == "one"
    tolerance = TOLERANCES.get(status.precision, TOLERANCES["f16"])
    inputs = [golden_inputs(card, 1, seed=1000 + i) for i in range(threads)]
    wrong: list[str] = []
    begin = threading.Barrier(threads)

    def ask(number: int, alone: Arrays) -> None:
        begin.wait()
        try:
            for _ in range(calls):
                found = backend.infer(inputs[number])
                for spec in card.outputs:
                    off = _compare(spec, found, alone, tolerance)
                    if not off.ok or (exact and not np.array_equal(found[spec.name], alone[spec.name])):
                        wrong.append(f"{threads} threads at once: {_words(off)}; one thread alone gets other numbers")
                        return
        except EngineError as error:
            wrong.append(f"{threads} threads at once: {error}")
        except Exception as error:  # noqa: BLE001 - the edge of a thread: what no thread tells would count as well
            wrong.append(f"{threads} threads at once: {type(error).__name__}: {error}")

    try:
        workers = [
            threading.Thread(target=ask, args=(i, backend.infer(inputs[i])), name=f"check {i}") for i in range(threads)
        ]
    except EngineError as error:
        return [f"one thread: {error}"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sorted(set(wrong))


def _in_calls(backend: Backend, inputs: Mapping[str, NDArray[Any]], batch: int) -> Arrays:
    """The outputs for all items, computed so many at a time; of a model with a fixed batch, whole ones only."""
    items = next(iter(inputs.values())).shape[0]
    parts = [
        backend.infer({name: values[at : at + batch] for name, values in inputs.items()})
        for at in range(0, items, batch)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _compare(spec: TensorSpec, found: Arrays, right: Arrays, tolerance: Tolerance) -> OutputCheck:
    if spec.name not in found or found[spec.name].shape != right[spec.name].shape:
        raise InferenceError(f"output {spec.name} is missing, or not of the shape {right[spec.name].shape}")
    values = found[spec.name].astype(np.float64)
    if not np.isfinite(values).all():
        raise InferenceError(f"NaN or infinity in output {spec.name}")
    true = right[spec.name].astype(np.float64)
    off, span = values - true, _span(spec, right[spec.name])
    power = float(np.mean(true**2))
    gain = float(np.mean(values * true)) / power - 1.0 if power > (_TELLING * span) ** 2 else 0.0
    measured = Tolerance(
        float(np.abs(off).max()) / span, float(np.sqrt(np.mean(off**2))) / span, float(off.mean()) / span, gain
    )
    return OutputCheck(spec.name, span, measured, tolerance)


def _span(spec: TensorSpec, values: NDArray[np.float32]) -> float:
    """The range of an output: the card's, or what the reference's values span where the card has none."""
    if spec.low is not None and spec.high is not None and spec.high > spec.low:
        return spec.high - spec.low
    return max(float(np.ptp(values)), float(np.abs(values).max()), 1e-6)


def _words(output: OutputCheck) -> str:
    return f"output {output.name} is off ({output.found.text()}); allowed are {output.allowed.text()}"


def _times(
    backend: Backend,
    reference: Backend,
    inputs: Mapping[str, NDArray[Any]],
    limits: CheckLimits,
    clock: Callable[[], float],
) -> tuple[float, float, float]:
    """Median of a call, of the reference's, and the bound, in ms, of the round in which the engine did best."""
    best: tuple[float, float, float] | None = None
    for _ in range(ROUNDS):
        spent: dict[int, list[float]] = {0: [], 1: []}
        for _ in range(limits.calls):
            for which, one in enumerate((backend, reference)):
                start = clock()
                one.infer(inputs)
                spent[which].append((clock() - start) * 1e3)
        ms, reference_ms = statistics.median(spent[0]), statistics.median(spent[1])
        limit_ms = max(limits.slower * reference_ms, limits.floor_ms)
        if best is None or ms / limit_ms < best[0] / best[2]:
            best = ms, reference_ms, limit_ms
        if ms <= limit_ms:
            break
    assert best is not None
    return best
