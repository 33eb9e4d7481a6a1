"""Tiny models and small sessions for the tests of the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.loading import Models, load_models
from tests.helpers.onnx_models import write_tiny_models
from tests.helpers.sessions import write_session


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tiny models."""
    return write_tiny_models(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def models(weights: Path) -> Iterator[Models]:
    """Tiny models on the default backend, one thread."""
    loaded = load_models(threads=1, weights_dir=weights)
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session of twelve FrameSets."""
    return write_session(tmp_path_factory.mktemp("sessions") / "small.mcap")
