"""Models that tell people apart or imagine a face run only when asked for by name, and nobody misses them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from engines.loading import MODEL_NAMES, OPTIONAL_NAMES, broken_models, load_models, shipped_optional
from tests.helpers.onnx_models import TinyGraph


@pytest.fixture
def with_optional(weights: Path) -> Path:
    """The tiny models, and a tiny verifier and a tiny eye-to-face beside them."""
    verifier = TinyGraph(
        {"depth": ("N", 1, 96, 96)}, {"embedding": ("N", 128), "calibration": ("N", 2)}, generated=False
    )
    flat = verifier.op("Flatten", "depth")
    for name, size in (("embedding", 128), ("calibration", 2)):
        start, end, axis = (verifier.constant(np.array([v], np.int64)) for v in (0, size, 1))
        verifier.op("Slice", flat, start, end, axis, to=name)
    verifier.write(weights, "face_verifier")
    eye = TinyGraph({"eye": ("N", 3, 32, 32)}, {"face": ("N", 3, 128, 128)}, generated=True)
    scales = eye.constant(np.array([1, 1, 4, 4], np.float32))
    eye.op("Resize", "eye", "", scales, to="face", mode="nearest")
    eye.write(weights, "eye_to_face")
    return weights


def test_they_are_loaded_by_name_alone(with_optional: Path) -> None:
    usual = load_models(weights_dir=with_optional)
    assert set(usual.loaded()) == set(MODEL_NAMES)
    assert usual.face_verifier is None
    asked = load_models(names=["face_verifier", "eye_to_face"], weights_dir=with_optional)
    assert list(asked.loaded()) == ["face_verifier", "eye_to_face"]
    asked.warm_up()
    assert asked.face_verifier is not None
    assert asked.face_verifier(np.full((96, 96), 9, np.uint8)).embedding.shape == (128,)
    assert asked.eye_to_face is not None
    assert asked.eye_to_face(np.zeros((32, 32, 3), np.uint8)).color.shape == (128, 128, 3)
    assert asked.describe()["eye_to_face"]["generated"] is True
    usual.close()
    asked.close()


def test_nobody_misses_them(weights: Path) -> None:
    assert shipped_optional(weights) == ()
    assert load_models(weights_dir=weights).missing == {}
    assert broken_models(weights) == {}


def test_asked_for_by_name_a_missing_one_is_told(weights: Path) -> None:
    models = load_models(names=["face_verifier"], weights_dir=weights)
    assert "there is no model card" in models.missing["face_verifier"]


def test_the_list_of_engines_shows_them_where_they_are_shipped(with_optional: Path) -> None:
    from tapetum import app

    result = CliRunner().invoke(app, ["engines", "list", "--weights", str(with_optional), "--json"])
    assert result.exit_code == 0, result.output
    assert set(json.loads(result.stdout)["models"]) == {*MODEL_NAMES, *OPTIONAL_NAMES}
    (with_optional / "eye_to_face.json").unlink()
    result = CliRunner().invoke(app, ["engines", "list", "--weights", str(with_optional), "--json"])
    assert result.exit_code == 0, result.output
    assert "eye_to_face" not in result.stdout
