"""What the tests of backends share: inputs for a card, and the right numbers for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engines.backends.onnxruntime import OnnxRuntimeBackend
from engines.card import ModelCard, load_card


def some_input(card: ModelCard, faces: int = 1, seed: int = 0) -> dict[str, Any]:
    """Noise in [-1, 1] for every input, the same for the same seed."""
    rng = np.random.default_rng(seed)
    return {spec.name: rng.uniform(-1, 1, (faces, *spec.sizes[1:])).astype(np.float32) for spec in card.inputs}


def reference(card: ModelCard) -> OnnxRuntimeBackend:
    """The model on ONNX Runtime, loaded; the caller closes it."""
    backend = OnnxRuntimeBackend()
    backend.load(card, card.onnx_path)
    return backend


def right_numbers(path: Path, inputs: dict[str, Any]) -> dict[str, Any]:
    """What the model of that card gives on ONNX Runtime."""
    backend = reference(load_card(path))
    try:
        return backend.infer(inputs)
    finally:
        backend.close()
