"""What our own code round a backend call costs: checks, copies, memory for the results, handing requests out.

    python -m benchmarks.engine_bench_overhead [--seconds 2]

The difference of two calls of milliseconds drowns in the noise of a busy machine. So the whole of our call is timed
with the library's computation replaced by nothing, on the same buffers; beside it the bare computation, to know the
share. The goal: at most 50 microseconds and 2 % of the call, whichever is larger. Best of the run.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from engines.backend import LoadOptions
from engines.backends.onnxruntime import OnnxRuntimeBackend
from engines.backends.openvino import OpenVinoBackend
from engines.card import load_card
from engines.loading import WEIGHTS


class Nothing:
    """In the place of OpenVINO's request or ONNX Runtime's session: every call returns at once."""

    def infer(self) -> None: ...

    def run_with_iobinding(self, binding: Any) -> None: ...


def without_computation(backend: OpenVinoBackend | OnnxRuntimeBackend) -> None:
    loaded: Any = backend._loaded
    if isinstance(backend, OnnxRuntimeBackend):
        backend._loaded = dataclasses.replace(loaded, single=dataclasses.replace(loaded.single, session=Nothing()))
        return
    for _ in range(loaded.single.count):
        with loaded.single.one() as one:
            one.request = Nothing()
            for array in one.outputs.values():
                array[...] = 0


def best_us(call: Callable[[], Any], seconds: float) -> float:
    least, end = 9e9, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        call()
        least = min(least, time.perf_counter() - start)
    return 1e6 * least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    print("| model | backend | faces | whole call, ms | our own, us | share | |")
    print("|---|---|---|---|---|---|---|")
    for path in sorted(WEIGHTS.glob("*.json")):
        card = load_card(path)
        for maker in (OpenVinoBackend, OnnxRuntimeBackend):
            backend = maker(LoadOptions(threads=1))
            backend.load(card, card.onnx_path)
            rng = np.random.default_rng(0)
            given = {
                n: {s.name: rng.uniform(-1, 1, (n, *s.sizes[1:])).astype(np.float32) for s in card.inputs}
                for n in (1, 8)
            }
            whole = {n: best_us(lambda n=n: backend.infer(given[n]), options.seconds) for n in given}  # type: ignore[misc]  # noqa: B023  # called at once
            without_computation(backend)
            for n in given:
                own = best_us(lambda n=n: backend.infer(given[n]), options.seconds / 2)  # type: ignore[misc]  # noqa: B023  # called at once
                share = own / whole[n]
                good = "met" if own <= 50 or share <= 0.02 else "missed"
                row = (path.stem, backend.name, n, f"{whole[n] / 1e3:.2f}", f"{own:.0f}", f"{share:.1%}", good)
                print(f"| {' | '.join(map(str, row))} |", flush=True)
            backend.close()


if __name__ == "__main__":
    main()
