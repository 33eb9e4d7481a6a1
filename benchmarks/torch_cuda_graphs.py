"""What CUDA graphs give: every network, called one by one (eager), replayed (graph), and against the machine's limit.

    python benchmarks/torch_cuda_graphs.py [--models NAME...] [--precisions fp16 fp32] [--batches 1 2 ... 64] [--timed]
    python benchmarks/torch_cuda_graphs.py --dry-run          no GPU: a small network on the CPU, nothing to report

Needs torch with CUDA, and a GPU. The shipped models are read from engines/weights, the papers' networks are exported
with random weights. `eager` is one torch call after another on the same kernels and layouts; `graph` the replay of the
same calls; `call` the backend's infer, with both copies and all of our own code. `limit` is the larger of two times:
the layers' multiply-accumulates at the fastest convolution or matrix product that this run measured in the same
precision, and the weights, inputs and outputs at its memory bandwidth. `--timed` lets cuDNN choose kernels by timing
them, which costs the promise of the same bytes from load to load: it shows what that promise costs.

Times are medians and bests of CUDA events over many runs, in ms for the whole batch. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engines.backend import LoadOptions, Precision
from engines.backends.torch_cuda import TorchCudaBackend
from engines.backends.torch_cuda_slot import exact
from engines.card import ModelCard, TensorSpec, load_card
from engines.errors import EngineError
from engines.gpu import gpu_facts, why_no_gpu
from engines.loading import WEIGHTS
from training.export import export_onnx
from training.networks.registry import NETWORKS, NetworkSpec

BATCHES = (1, 2, 4, 8, 16, 32, 64)
SECONDS = 0.5
"""That one number is measured for."""


class OnCpu(TorchCudaBackend):
    _device = "cpu"


class Timed(TorchCudaBackend):
    _timed_kernels = True


def measure(call: Callable[[], Any], device: str, seconds: float, stream: Any = None) -> tuple[float, float]:
    """(median, best) ms of a call, on the device's own clock where there is one."""
    call()
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(times) < 3:
        if device == "cpu":
            start = time.perf_counter()
            call()
            times.append((time.perf_counter() - start) * 1e3)
        else:
            first, last = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            first.record(stream)
            call()
            last.record(stream)
            last.synchronize()
            times.append(first.elapsed_time(last))
    return statistics.median(times), min(times)


def wall(call: Callable[[], Any], seconds: float) -> tuple[float, float]:
    """(median, best) ms of a call that waits for its result."""
    return measure(call, "cpu", seconds)


@contextmanager
def on(stream: Any) -> Iterator[None]:
    if stream is None:
        yield
    else:
        with torch.cuda.stream(stream):
            yield


def roofline(device: str, precision: str, seconds: float) -> dict[str, float]:
    """The machine's fastest: TFLOP/s of a convolution and of a matrix product, GB/s of reading memory.

    The best of each of three sizes, with the settings that the backend computes with (no TF32, channels last in fp16).
    """
    kind = torch.float16 if precision == "fp16" else torch.float32
    layout = torch.channels_last if precision == "fp16" else torch.contiguous_format
    small = device == "cpu"
    conv, product, memory = 0.0, 0.0, 0.0
    with exact(torch):
        for n, channels, size in ((1, 16, 32),) if small else ((32, 256, 64), (64, 512, 32), (64, 128, 64)):
            x = torch.randn(n, channels, size, size, device=device, dtype=kind).to(memory_format=layout)
            w = torch.randn(channels, channels, 3, 3, device=device, dtype=kind).to(memory_format=layout)
            _, best = measure(lambda x=x, w=w: torch.nn.functional.conv2d(x, w, padding=1), device, seconds)
            conv = max(conv, 2 * 9 * n * channels**2 * size**2 / best / 1e9)
        for size in (128,) if small else (2048, 4096, 8192):
            a, b = (torch.randn(size, size, device=device, dtype=kind) for _ in range(2))
            _, best = measure(lambda a=a, b=b: a @ b, device, seconds)
            product = max(product, 2 * size**3 / best / 1e9)
        many = torch.zeros((2**20 if small else 2**30), dtype=torch.uint8, device=device)
        target = torch.empty_like(many)
        _, best = measure(lambda: target.copy_(many), device, seconds)
        memory = 2 * many.numel() / best / 1e6
    return {"conv_tflops": conv, "matmul_tflops": product, "memory_gb_s": memory}


def card_of(spec: NetworkSpec, folder: Path) -> ModelCard:
    """A network of the papers with random weights, and a card that says so."""
    torch.manual_seed(0)
    done = export_onnx(spec.build(), spec, folder / f"{spec.key}.onnx")

    def tensors(specs: Any) -> tuple[TensorSpec, ...]:
        return tuple(
            TensorSpec(name=t.name, shape=("N", *t.shape), low=t.low, high=t.high, unit=t.unit, meaning=t.meaning)
            for t in specs
        )

    return ModelCard(
        name=spec.name,
        version="0",
        preset=spec.preset,
        file=done.path.name,
        sha256=done.sha256,
        inputs=tensors(spec.inputs),
        outputs=tensors(spec.outputs),
        crop_rule="none",
        normalisation="none",
        training_data=(),
        trained_on="nothing: random weights, to measure speed",
        licence="Apache-2.0",
        measured=(),
        limits=(),
        generated=True,
        folder=folder,
    )


def cards(names: Sequence[str], folder: Path) -> Iterator[ModelCard]:
    """Of the shipped models, then of the papers' networks; all of them without names."""
    for path in sorted(WEIGHTS.glob("*.json")):
        card = load_card(path)
        if not names or f"{card.name}-{card.preset}" in names:
            yield card
    for spec in NETWORKS:
        if spec.preset == "seed" and (not names or spec.key in names):
            yield card_of(spec, folder)


def rows_of(
    card: ModelCard, kind: type[TorchCudaBackend], precision: Precision, batches: Sequence[int], seconds: float
) -> Iterator[dict[str, Any]]:
    """One row a batch size."""
    backend = kind(LoadOptions(precision=precision, buckets=tuple(batches)))
    backend.load(card, card.onnx_path)
    try:
        rng = np.random.default_rng(0)
        on_cpu = kind is OnCpu
        device, stream = ("cpu" if on_cpu else "cuda"), backend._stream
        for batch in batches:
            slot = backend._slots[batch]
            inputs = {
                s.name: rng.uniform(s.low or 0, s.high or 1, (batch, *s.sizes[1:])).astype(np.float32)
                for s in card.inputs
            }
            with exact(torch, kind._timed_kernels), on(stream):
                eager = measure(slot.timed(eager=True), device, seconds, stream)
                graph = None if on_cpu else measure(slot.timed(eager=False), device, seconds, stream)
            call = wall(lambda inputs=inputs: backend.infer(inputs), seconds)
            traffic = slot.weight_bytes + sum(a.nbytes for a in inputs.values())
            traffic += sum(4 * int(np.prod(s.sizes)) * batch for s in card.outputs)
            yield {
                "model": card.name,
                "preset": card.preset,
                "backend": backend.name,
                "precision": precision,
                "batch": batch,
                "steps": slot.program.steps,
                "gmac": slot.program.macs / 1e9,
                "eager_ms_median": eager[0],
                "eager_ms_best": eager[1],
                "graph_ms_median": None if graph is None else graph[0],
                "graph_ms_best": None if graph is None else graph[1],
                "ms_median": call[0],
                "ms_best": call[1],
                "bytes": traffic,
            }
    finally:
        backend.close()


def held_to(row: dict[str, Any], limits: dict[str, float]) -> dict[str, Any]:
    """The row with the machine's limit for it, and how far from that its fastest way is."""
    compute = 2 * row["gmac"] / max(limits["conv_tflops"], limits["matmul_tflops"])
    memory = row["bytes"] / limits["memory_gb_s"] / 1e6
    limit = max(compute, memory)
    best = row["eager_ms_best"] if row["graph_ms_best"] is None else row["graph_ms_best"]
    return {**row, "limit_ms": limit, "ratio": best / limit}


def printed(row: dict[str, Any]) -> str:
    graph = "     -" if row["graph_ms_best"] is None else f"{row['graph_ms_best']:8.3f}"
    name = f"{row['model']}-{row['preset']}"
    return (
        f"{name:22} {row['precision']:5} {row['batch']:3} {row['gmac']:8.2f} {row['eager_ms_best']:8.3f} {graph:>8} "
        f"{row['ms_best']:8.3f} {row['limit_ms']:8.3f} {row['ratio']:7.1f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="*", default=[], help="such as face_landmarks-plus; all without")
    parser.add_argument("--precisions", nargs="+", default=["fp16", "fp32"], choices=["fp16", "fp32"])
    parser.add_argument("--batches", nargs="+", type=int, default=list(BATCHES))
    parser.add_argument("--timed", action="store_true", help="let cuDNN choose kernels by timing them")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="that each number is measured for")
    parser.add_argument("--dry-run", action="store_true", help="on the CPU: shows that this program runs, no more")
    asked = parser.parse_args()
    kind: type[TorchCudaBackend] = Timed if asked.timed else TorchCudaBackend
    device, title = "cuda", ""
    if asked.dry_run:
        kind, device, title = OnCpu, "cpu", "CPU (dry run: no number of it means anything)"
        asked.models, asked.batches, asked.seconds = asked.models or ["face_verifier-plus"], [1, 2], 0.0
    elif why := why_no_gpu():
        print(f"nothing is measured: {why}; --dry-run shows that the program runs", file=sys.stderr)
        return 1
    else:
        title = torch.cuda.get_device_name()
    print(f"{title}; torch {torch.__version__}, CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}")
    limits = {precision: roofline(device, precision, asked.seconds) for precision in asked.precisions}
    for precision, found in limits.items():
        print(
            f"{precision}: convolution {found['conv_tflops']:.2f} TFLOP/s, matrix product "
            f"{found['matmul_tflops']:.2f} TFLOP/s, memory {found['memory_gb_s']:.0f} GB/s"
        )
    names = ("GMAC", "eager", "graph", "call", "limit")
    print(f"{'ms, best of the run':22} {'':5} {'N':>3} {' '.join(f'{name:>8}' for name in names)} x limit")
    rows, failed = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for card in cards(asked.models, Path(folder)):
            for precision in asked.precisions:
                try:
                    for row in rows_of(card, kind, precision, sorted(set(asked.batches)), asked.seconds):
                        rows.append(held_to(row, limits[precision]))
                        print(printed(rows[-1]), flush=True)
                except EngineError as error:
                    failed[f"{card.name}-{card.preset} {precision}"] = str(error)
                    print(f"{card.name}-{card.preset} {precision}: {error}", flush=True)
    facts = gpu_facts()
    about = {"device": title, "dry_run": asked.dry_run, "driver": facts.driver if facts else "", "timed": asked.timed}
    print(json.dumps({**about, "torch": torch.__version__, "roofline": limits, "rows": rows, "failed": failed}))
    return 0 if rows and not failed else 1


if __name__ == "__main__":
    raise SystemExit(main())
