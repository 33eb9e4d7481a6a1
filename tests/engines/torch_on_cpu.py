"""The torch backend on the CPU, for tests: the same code but for the capture of CUDA graphs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engines.backend import LoadOptions
from engines.backends.torch_cuda import TorchCudaBackend
from engines.card import ModelCard, load_card


class OnCpu(TorchCudaBackend):
    """The same code, on the CPU."""

    _device = "cpu"


def needs_torch() -> Any:
    return pytest.importorskip("torch", reason="torch is not installed (extra: torch)")


def loaded(path: Path, kind: type[TorchCudaBackend] = OnCpu, **options: Any) -> tuple[TorchCudaBackend, ModelCard]:
    needs_torch()
    card = load_card(path)
    backend = kind(LoadOptions(**options))
    backend.load(card, card.onnx_path)
    return backend, card
