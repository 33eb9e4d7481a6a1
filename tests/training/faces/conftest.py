"""The rig on the small mesh made in code; and on the real face model where it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("numba", reason="the rig's fast path needs the extra 'train'")

from training.faces.mesh import head_like_mesh
from training.faces.model import load_face_model
from training.faces.scene import Rig


@pytest.fixture(scope="session")
def mesh_rig() -> Rig:
    return Rig(head_like_mesh())


@pytest.fixture(scope="session")
def _real_rigs() -> dict[Path, Rig]:
    return {}


@pytest.fixture
def real_rig(shared_data: Path, _real_rigs: dict[Path, Rig]) -> Rig:
    """The rig on the real face model; skips where ../shared is not there."""
    path = shared_data / "face_model" / "ictface.npz"
    if not path.is_file():
        pytest.skip(f"no face model at {path}")
    if path not in _real_rigs:
        _real_rigs[path] = Rig(load_face_model(path))
    return _real_rigs[path]
