"""What the tests on the fake machine share: a model loaded on it, its inputs, the right numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engines.backend import LoadOptions
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


def same(a: dict[str, Any], b: dict[str, Any], atol: float = 1e-4) -> None:
    assert a.keys() == b.keys()
    for name in a:
        np.testing.assert_allclose(a[name], b[name], atol=atol, rtol=0)
