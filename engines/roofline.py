"""What this machine can do at most: multiply-accumulates a second of the best convolution, in each precision.

A network cannot be quicker than its multiply-accumulates at this rate. The rate is measured by OpenVINO, whose kernels
are the quickest here, on chains of equal convolutions whose channels fill the vectors and whose tensors stay in the
caches; the best shape of the best moment counts. Measured beside a network, in turns with it, a rate suffers from the
same neighbours on the machine.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np

from engines.backends.openvino_library import import_openvino, openvino_core
from engines.macs import node_macs

Kind = Literal["fp32", "bf16", "int8"]

LAYERS = 4
SHAPES = ((64, 32, 3), (128, 16, 3), (128, 32, 3), (64, 48, 3), (256, 32, 1))
"""(channels, side of the picture, side of the kernel): 0.15 to 0.6 GMAC a chain, half a millisecond to some."""


@dataclass(slots=True)
class _Chain:
    request: Any
    gmac: float
    best_s: float = float("inf")
    least_cpu_s: float = float("inf")

    def run(self) -> None:
        work, start = time.process_time(), time.perf_counter()
        self.request.infer()
        self.best_s = min(self.best_s, time.perf_counter() - start)
        self.least_cpu_s = min(self.least_cpu_s, time.process_time() - work)


@dataclass(slots=True)
class Roofline:
    """The rates of this machine with a number of threads; every :meth:`sample` may raise them.

    Raises:
        BackendUnavailableError: openvino is not installed.
    """

    threads: int
    _chains: dict[Kind, list[_Chain]] = field(init=False)

    def __post_init__(self) -> None:
        self._chains = {kind: [_chain(kind, self.threads, *shape) for shape in SHAPES] for kind in get_args(Kind)}
        self.sample(3)

    def sample(self, times: int = 1) -> None:
        """Run every chain so many times."""
        for _ in range(times):
            for chains in self._chains.values():
                for chain in chains:
                    chain.run()

    def gmac_s(self, kind: Kind) -> float:
        """The best rate so far, 10^9 multiply-accumulates a second; twice that many operations."""
        return max(chain.gmac / chain.best_s for chain in self._chains[kind])

    def gmac_cpu_s(self, kind: Kind) -> float:
        """The best rate so far, 10^9 multiply-accumulates a second of processor time, all threads added up.

        Neighbours on the machine hardly touch it, however busy they are.
        """
        return max(chain.gmac / chain.least_cpu_s for chain in self._chains[kind])

    def limit_ms(self, gmac: float, kind: Kind) -> float:
        """The least time that so much work takes at the best rate so far."""
        return 1e3 * gmac / self.gmac_s(kind)


def _chain(kind: Kind, threads: int, channels: int, side: int, kernel: int) -> _Chain:
    model = _model(kind, channels, side, kernel)
    config = {
        "INFERENCE_PRECISION_HINT": "bf16" if kind == "bf16" else "f32",  # as in f32 where the CPU has no bf16
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": "1",
        "INFERENCE_NUM_THREADS": str(threads),
        "ENABLE_CPU_PINNING": "NO",
    }
    request = openvino_core().compile_model(model, "CPU", config).create_infer_request()
    request.infer()
    return _Chain(request, sum(node_macs(node) for node in model.get_ordered_ops()) / 1e9)


def _model(kind: Kind, channels: int, side: int, kernel: int) -> Any:
    """Convolutions with a rectifier between them, each from and to `channels`; int8 by explicit rounding of both."""
    ov = import_openvino()
    op = ov.opset13

    def rounded(values: Any, low: float, high: float, levels: int) -> Any:
        ends = (np.float32(low), np.float32(high))
        return op.fake_quantize(values, *ends, *ends, levels)

    rng = np.random.default_rng(0)
    x = op.parameter([1, channels, side, side], np.float32)
    values = x
    half = [kernel // 2] * 2
    for _ in range(LAYERS):
        weights = op.constant(rng.integers(-127, 128, (channels, channels, kernel, kernel)).astype(np.float32) / 1000)
        if kind == "int8":
            values, weights = rounded(values, 0, 2.55, 256), rounded(weights, -0.127, 0.127, 255)
        values = op.relu(op.convolution(values, weights, [1, 1], half, half, [1, 1]))
    if kind == "int8":
        values = rounded(values, 0, 2.55, 256)
    # a result of a few values: what is measured is the convolutions, no large float32 output
    return ov.Model([op.result(op.reduce_mean(values, np.array([2, 3]), False))], [x], f"{kind} rate")
