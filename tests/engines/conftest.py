"""Tiny models in a folder, and no backend forced from outside."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engines.card import ModelCard, load_card
from tests.helpers.fake_tensorrt import Machine, installed
from tests.helpers.onnx_models import write_tiny_models

EditCard = Callable[[str, dict[str, Any]], Path]


@pytest.fixture(autouse=True)
def _no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAPETUM_BACKEND", raising=False)


@pytest.fixture(scope="session")
def _tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_models(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def weights(_tiny: Path, tmp_path: Path) -> Path:
    """A folder with the three tiny models, free to spoil."""
    return Path(shutil.copytree(_tiny, tmp_path / "weights"))


@pytest.fixture
def edit_card(weights: Path) -> EditCard:
    """Change fields of a model's card; returns its path."""

    def edit(name: str, fields: dict[str, Any]) -> Path:
        path = weights / f"{name}.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))
        return path

    return edit


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture(params=[10, 11])
def trt(request: pytest.FixtureRequest, machine: Machine) -> Iterator[Machine]:
    """Both majors, one after the other."""
    with installed(machine, request.param):
        yield machine


@pytest.fixture
def trt11(machine: Machine) -> Iterator[Machine]:
    with installed(machine, 11):
        yield machine


@pytest.fixture
def card(weights: Path) -> ModelCard:
    return load_card(weights / "face_landmarks.json")
