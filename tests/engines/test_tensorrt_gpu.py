"""The real TensorRT on a real GPU: `pytest -m gpu tests/engines/test_tensorrt_gpu.py`. Minutes, most of them builds.

The same as `tapetum engines check --backend tensorrt` asks, and what a check does not: torn plans, a GPU that is full.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from engines.backend import LoadOptions
from engines.backends.tensorrt import PlanFile, TensorRtBackend
from engines.backends.tensorrt_build import build_plan, plan_fields
from engines.backends.tensorrt_cuda import load_cuda, use_device
from engines.backends.tensorrt_graph import prepare
from engines.card import ModelCard, load_card
from engines.errors import BuildCancelledError, DeviceMemoryError, InferenceError, PlanError
from engines.gpu import why_no_gpu
from engines.loading import WEIGHTS

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not importlib.util.find_spec("tensorrt") or bool(why_no_gpu()),
        reason="needs the package tensorrt and an NVIDIA GPU with its driver",
    ),
]

MODELS = sorted(path.stem for path in WEIGHTS.glob("*-plus.json"))
WORST = {"fp32": 2e-3, "fp16": 5e-2}
"""Largest difference from ONNX Runtime's fp32, as a share of the output's range over the inputs."""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    return {}


def card_of(model: str) -> ModelCard:
    return load_card(WEIGHTS / f"{model}.json")


def faces(card: ModelCard, count: int, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    out = {}
    for spec in card.inputs:
        low, high = spec.low if spec.low is not None else -1.0, spec.high if spec.high is not None else 1.0
        height, width = spec.sizes[2:]
        y, x = np.mgrid[0:height, 0:width]
        rows = []
        for _ in range(count):
            cx, cy = width * rng.uniform(0.4, 0.6), height * rng.uniform(0.4, 0.6)
            rows.append(np.exp(-(((x - cx) / (width / 4)) ** 2 + ((y - cy) / (height / 3)) ** 2) / 2))
        picture = low + (high - low) * (0.15 + 0.5 * np.stack(rows)[:, None])
        out[spec.name] = np.broadcast_to(picture, (count, *spec.sizes[1:])).astype(np.float32)
    return out


def right_numbers(card: ModelCard, inputs: dict[str, Any]) -> dict[str, Any]:
    """In fp32, of a rounded file without its rounding."""
    data = prepare(card.title, card.onnx_path.read_bytes(), "fp32")
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


@pytest.fixture(params=[(m, p) for m in MODELS for p in ("fp32", "fp16")], ids="-".join)
def loaded(
    request: pytest.FixtureRequest, plans: dict[tuple[str, str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TensorRtBackend, ModelCard, str]]:
    model, precision = request.param
    card, options = card_of(model), LoadOptions(precision=precision)
    if (model, precision) not in plans:
        plans[model, precision] = build_plan(card, options, tmp_path_factory.mktemp(f"{model}-{precision}"))
    backend = TensorRtBackend(options, PlanFile(plans[model, precision]))
    backend.load(card, card.onnx_path)
    yield backend, card, precision
    backend.close()


def test_every_number_of_faces_gives_the_numbers_of_the_reference(loaded: Any):
    backend, card, precision = loaded
    together = faces(card, 20)
    right = right_numbers(card, together)
    for count in (*range(1, 10), 16, 17, 20):
        out = backend.infer({n: a[:count] for n, a in together.items()})
        for name in right:
            scale = max(1.0, float(np.ptp(right[name])))
            assert np.abs(out[name] - right[name][:count]).max() <= WORST[precision] * scale, (name, count)


def test_many_threads_get_their_own_numbers(loaded: Any):
    backend, card, _ = loaded
    inputs = [faces(card, 1 + i % 9, seed=i) for i in range(24)]
    alone = [backend.infer(one) for one in inputs]
    wrong: list[Any] = []

    def call(i: int) -> None:
        try:
            for _ in range(20):
                for name, value in backend.infer(inputs[i]).items():
                    if not np.array_equal(value, alone[i][name]):
                        wrong.append((i, name))
        except Exception as error:  # noqa: BLE001 - a thread's error would go unnoticed
            wrong.append(error)

    threads = [threading.Thread(target=call, args=(i,)) for i in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_every_batch_runs_as_a_graph(loaded: Any):
    backend, _, _ = loaded
    assert "no CUDA graph" not in backend.status().note
    assert backend.status().buckets == (1, 2, 4, 8)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[ModelCard, Path]:
    card = card_of("gray_to_depth-plus")
    return card, build_plan(card, LoadOptions(precision="fp32", buckets=(1,)), tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize("keep", [0, 100, 0.5, -1])
def test_a_truncated_plan_is_refused(small: tuple[ModelCard, Path], tmp_path: Path, keep: float):
    card, plan = small
    data = plan.read_bytes()
    torn = tmp_path / "torn"
    torn.write_bytes(data[: int(len(data) * keep) if isinstance(keep, float) else keep])
    with pytest.raises(PlanError):
        TensorRtBackend(LoadOptions(buckets=(1,)), PlanFile(torn)).load(card, card.onnx_path)


def test_a_build_can_be_cancelled(small: tuple[ModelCard, Path], tmp_path: Path):
    card, _ = small
    with pytest.raises(BuildCancelledError):
        build_plan(card, LoadOptions(), tmp_path, lambda share, what: share < 0.05)
    assert list(tmp_path.iterdir()) == []


def test_progress_rises(small: tuple[ModelCard, Path], tmp_path: Path):
    card, _ = small
    shares: list[float] = []
    build_plan(card, LoadOptions(buckets=(1, 2)), tmp_path, lambda share, what: bool(shares.append(share)) or True)
    assert shares == sorted(shares)
    assert len(set(shares)) > 5


def test_a_full_gpu_is_told(small: tuple[ModelCard, Path]):
    card, plan = small
    cuda = load_cuda()
    use_device(cuda, 0)
    taken = []
    size = 1 << 33
    while size >= 1 << 20:
        try:
            taken.append(cuda.call("cudaMalloc", size))
        except DeviceMemoryError:
            size //= 2
    try:
        with pytest.raises((DeviceMemoryError, InferenceError, PlanError)):
            TensorRtBackend(LoadOptions(buckets=(1,)), PlanFile(plan)).load(card, card.onnx_path)
    finally:
        for address in taken:
            cuda.free("cudaFree", address)
    backend = TensorRtBackend(LoadOptions(buckets=(1,)), PlanFile(plan))
    backend.load(card, card.onnx_path)
    backend.close()


def test_the_key_names_the_real_gpu_and_driver(small: tuple[ModelCard, Path]):
    fields = plan_fields(small[0], LoadOptions())
    assert fields["driver"] != "unknown"
    assert fields["package"]
