"""What the tests on the fake machine share: a model loaded on it, its inputs, the right numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engines.backend import LoadOptions
from engines.backends.onnxruntime import OnnxRuntimeBackend
from engines.backends.tensorrt import PlanFile, TensorRtBackend
from engines.backends.tensorrt_build import build_plan
from engines.card import ModelCard

UNTOUCHED = LoadOptions()


def built(card: ModelCard, folder: Path, options: LoadOptions = UNTOUCHED) -> PlanFile:
    return PlanFile(build_plan(card, options, folder))


def loaded(card: ModelCard, folder: Path, options: LoadOptions = UNTOUCHED) -> TensorRtBackend:
    backend = TensorRtBackend(options, built(card, folder, options))
    backend.load(card, card.onnx_path)
    return backend


def some_input(card: ModelCard, faces: int = 1, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {spec.name: rng.uniform(-1, 1, (faces, *spec.sizes[1:])).astype(np.float32) for spec in card.inputs}


def reference(card: ModelCard) -> OnnxRuntimeBackend:
    backend = OnnxRuntimeBackend()
    backend.load(card, card.onnx_path)
    return backend


def same(a: dict[str, Any], b: dict[str, Any], atol: float = 1e-4) -> None:
    assert a.keys() == b.keys()
    for name in a:
        np.testing.assert_allclose(a[name], b[name], atol=atol, rtol=0)
