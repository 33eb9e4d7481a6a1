"""Measuring: our call, the plain library call on the same file and the machine's rate, in turns at the same moments."""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.backend import BUCKETS, LoadOptions, Precision
from engines.backends.onnxruntime_library import import_onnxruntime
from engines.backends.openvino_library import openvino_core
from engines.card import ModelCard
from engines.registry import BACKENDS, make_backend
from engines.roofline import Kind, Roofline

BURST_S = 0.02
"""What is called in its turn is called again until so much time has passed: the best is not the one that found cold
caches and another library's threads still spinning."""

MOST_BURST = 8
LEAST_ROUNDS = 3

Call = Callable[[], Any]
Inputs = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        model, preset, backend, batch: of what was measured; ``batch`` faces in one call.
        precision: that really ran.
        ms_median, ms_best: our whole call, checks and copies included.
        gmac: 10^9 multiply-accumulates of one face, counted in the float32 graph.
        limit_ms: what `batch` faces take at the machine's best rate in the row's precision, measured in the same run;
            None where no rate is known (GPU).
        ratio: ms_best / limit_ms; None where nothing was counted.
        stock_ms: best of the plain library call on the same file, with the library's own defaults.
        stock_precision: that the library chose for what the file has in float32.
        stock_f32_ms: the same held to float32, where the library chose another.
        cpu_ms, stock_cpu_ms, stock_f32_cpu_ms: least processor time of the same calls, all threads added up.
        cpu_ratio: cpu_ms to what the best convolution takes of it for as much work. On a busy machine these are the
            numbers to compare: others hardly touch them.
    """

    model: str
    preset: str
    backend: str
    precision: str
    batch: int
    ms_median: float
    ms_best: float
    gmac: float
    limit_ms: float | None = None
    ratio: float | None = None
    stock_ms: float | None = None
    stock_precision: str | None = None
    stock_f32_ms: float | None = None
    cpu_ms: float | None = None
    cpu_ratio: float | None = None
    stock_cpu_ms: float | None = None
    stock_f32_cpu_ms: float | None = None

    def limited(self, rates: Roofline | None) -> Row:
        """With the limit, once all rates are known."""
        if rates is None:
            return self
        kinds: dict[str, Kind] = {"int8": "int8", "bf16": "bf16"}
        kind = kinds.get(self.precision, "fp32")
        limit = rates.limit_ms(self.gmac * self.batch, kind)
        ratio = round(self.ms_best / limit, 3) if limit else None
        least = 1e3 * self.gmac * self.batch / rates.gmac_cpu_s(kind)
        cpu_ratio = round(self.cpu_ms / least, 3) if least and self.cpu_ms else None
        return dataclasses.replace(self, limit_ms=round(limit, 4), ratio=ratio, cpu_ratio=cpu_ratio)


@dataclass(frozen=True, slots=True)
class Subject:
    """One file on one backend. `card` is that of the file that runs, `gmac` that of the float32 graph."""

    backend: str
    card: ModelCard
    gmac: float
    precision: Precision = "file"


def measure(
    subject: Subject, threads: int, rates: Roofline | None, seconds: float, batches: tuple[int, ...] = BUCKETS
) -> list[Row]:
    """The rows of one file on one backend.

    Args:
        seconds: for each batch size; more where three rounds take longer.

    Raises:
        EngineError: the backend cannot load or run it.
    """
    card, rows = subject.card, []
    options = LoadOptions(precision=subject.precision, threads=threads, buckets=batches)
    with ExitStack() as stack:
        ours = make_backend(subject.backend, options)
        stack.callback(ours.close)
        ours.load(card, card.onnx_path)
        ours.warm_up()
        status = ours.status()
        stock, chosen = _stock(subject)
        for batch in batches:
            inputs = _inputs(card, batch)
            calls: dict[str, Call] = {"ours": partial(ours.infer, inputs)}
            for name, call in stock.items():
                calls[name] = partial(call, inputs)
            if rates:
                calls["rate"] = rates.sample
            took = in_turns(calls, seconds)
            best = {name: 1e3 * min(clock for clock, _ in times) for name, times in took.items()}
            work = {name: 1e3 * min(cpu for _, cpu in times) for name, times in took.items()}
            rows.append(
                Row(
                    model=card.name,
                    preset=card.preset,
                    backend=subject.backend,
                    precision={"f32": "fp32", "f16": "fp16"}.get(status.precision, status.precision),
                    batch=batch,
                    ms_median=round(1e3 * statistics.median(clock for clock, _ in took["ours"]), 4),
                    ms_best=round(best["ours"], 4),
                    gmac=round(subject.gmac, 6),
                    stock_ms=_rounded(best.get("stock")),
                    stock_precision=chosen,
                    stock_f32_ms=_rounded(best.get("stock f32")),
                    cpu_ms=_rounded(work["ours"]),
                    # threads that go on spinning after a call, as ONNX Runtime's own do, are counted late
                    stock_cpu_ms=_rounded(work.get("stock")) if subject.backend == "openvino" else None,
                    stock_f32_cpu_ms=_rounded(work.get("stock f32")),
                )
            )
    return rows


def in_turns(calls: Mapping[str, Call], seconds: float) -> dict[str, list[tuple[float, float]]]:
    """Seconds by the clock and of processor time of every call of each.

    They take turns, so that what else the machine does slows all of them alike. The first of each is not counted.
    """
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < LEAST_ROUNDS or time.perf_counter() < end:
        for name, call in calls.items():
            burst = time.perf_counter()
            for _ in range(MOST_BURST):
                work, start = time.process_time(), time.perf_counter()
                call()
                now = time.perf_counter()
                took[name].append((now - start, time.process_time() - work))
                if now - burst > BURST_S:
                    break
        rounds += 1
    return took


def _inputs(card: ModelCard, batch: int) -> Inputs:
    rng = np.random.default_rng(batch)
    return {
        s.name: rng.uniform(-1 if s.low is None else s.low, 1 if s.high is None else s.high, (batch, *s.sizes[1:]))
        .astype(np.float32) for s in card.inputs
    }  # fmt: skip


def _stock(subject: Subject) -> tuple[dict[str, Callable[[Inputs], Any]], str | None]:
    """The plain call of a backend's library, with nothing set, as its own first example has it."""
    path = str(subject.card.onnx_path)
    if subject.backend == "openvino":
        core = openvino_core()
        plain = core.compile_model(path, "CPU")
        chosen = str(plain.get_property("INFERENCE_PRECISION_HINT").get_type_name())
        calls: dict[str, Callable[[Inputs], Any]] = {"stock": plain.create_infer_request().infer}
        if chosen != "f32":
            held = core.compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
            calls["stock f32"] = held.create_infer_request().infer
        return calls, chosen
    if subject.backend in ("onnxruntime", "onnxruntime-cuda"):
        ort = import_onnxruntime()
        provider = "CUDAExecutionProvider" if BACKENDS[subject.backend].needs_gpu else "CPUExecutionProvider"
        options = ort.SessionOptions()
        options.log_severity_level = 3  # warnings about what it leaves on the CPU would fill the terminal
        session = ort.InferenceSession(path, options, providers=[provider])
        return {"stock": lambda inputs: session.run(None, inputs)}, "f32"
    return {}, None  # torch and TensorRT have no call that takes an ONNX file


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
