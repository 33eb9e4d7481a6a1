"""What the tests of backends share: inputs for a card, and the right numbers for them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np

from engines.backend import Backend
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


def wrong_from_threads(backend: Backend, inputs: list[dict[str, Any]], right: list[bytes], calls: int) -> list[int]:
    """Each input from a thread of its own, all at once: the numbers of those whose points were not the right bytes.

    An error in a thread is one, too.
    """
    wrong: list[int] = []

    def call(i: int) -> None:
        try:
            good = all(backend.infer(inputs[i])["points"].tobytes() == right[i] for _ in range(calls))
        except BaseException:  # whatever it was goes on, only not half done
            wrong.append(i)
            raise
        if not good:
            wrong.append(i)

    threads = [threading.Thread(target=call, args=(i,)) for i in range(len(inputs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong
