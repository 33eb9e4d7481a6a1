"""What one face costs: every shipped model on every backend, one face, pixels in, meaning out.

    pytest benchmarks/test_engine_speed.py --benchmark-columns=min,median,rounds

``threads`` is what one call computes with. The column ``call`` is the backend alone, ``model`` has the contrast
stretch and the decoding in it too.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from engines.loading import MODEL_NAMES, Model, load_models, shipped

THREADS = sorted({1, min(2, os.cpu_count() or 1)})


def _load(name: str, backend: str, threads: int, monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.delenv("TAPETUM_BACKEND", raising=False)
    if not shipped(name).is_file():
        pytest.skip(f"the weights of {name} are not there: {shipped(name)}")
    models = load_models(f"require {backend}", threads, [name])
    if name in models.missing:
        pytest.fail(models.missing[name])
    models.warm_up()
    return models.loaded()[name]


@pytest.mark.parametrize("threads", THREADS, ids=lambda n: f"threads{n}")
@pytest.mark.parametrize("backend", ["openvino", "onnxruntime"])
@pytest.mark.parametrize("name", MODEL_NAMES)
@pytest.mark.parametrize("part", ["model", "call"])
def test_one_face(
    benchmark: BenchmarkFixture,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    name: str,
    backend: str,
    threads: int,
) -> None:
    model: Any = _load(name, backend, threads, monkeypatch)
    crop = np.random.default_rng(0).integers(1, 256, (model.size, model.size)).astype(np.uint8)
    benchmark.group = f"{name} ({part})"
    benchmark.extra_info["engine_key"] = model.status().engine_key
    if part == "model":
        benchmark(model, crop)
    else:
        spec = model.card.inputs[0]
        one = np.random.default_rng(0).uniform(-1, 1, spec.sizes).astype(np.float32)
        benchmark(model._backend.infer, {spec.name: one})
    model.close()
