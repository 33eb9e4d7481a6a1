"""What faces cost: every shipped model on every backend, one face, pixels in, meaning out; and several in one call.

    pytest benchmarks/test_engine_speed.py --benchmark-columns=min,median,rounds

``threads`` is what one call computes with. The column ``call`` is the backend alone, ``model`` has the contrast
stretch and the decoding in it too. The limit of the machine and the plain library calls stand beside it in
``tapetum engines bench``.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from engines.backend import LoadOptions
from engines.card import load_card
from engines.loading import MODEL_NAMES, Model, load_models, shipped
from engines.registry import CPU_BACKENDS, make_backend

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
@pytest.mark.parametrize("backend", CPU_BACKENDS)
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


@pytest.mark.parametrize("threads", THREADS, ids=lambda n: f"threads{n}")
@pytest.mark.parametrize("backend", CPU_BACKENDS)
@pytest.mark.parametrize("name", MODEL_NAMES)
@pytest.mark.parametrize("faces", [1, 2, 4, 8])
def test_several_faces(benchmark: BenchmarkFixture, faces: int, name: str, backend: str, threads: int) -> None:
    if not shipped(name).is_file():
        pytest.skip(f"the weights of {name} are not there: {shipped(name)}")
    card = load_card(shipped(name))
    engine = make_backend(backend, LoadOptions(threads=threads))
    engine.load(card, card.onnx_path)
    engine.warm_up()
    rng = np.random.default_rng(0)
    inputs = {s.name: rng.uniform(-1, 1, (faces, *s.sizes[1:])).astype(np.float32) for s in card.inputs}
    benchmark.group = f"{name}, {backend}, {threads} threads"
    benchmark.extra_info["engine_key"] = engine.status().engine_key
    benchmark(engine.infer, inputs)
    engine.close()
