"""FaceVerifier: one template a face, symmetric verdicts, and no verdict where there is nothing to judge."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.backend import Arrays, BackendStatus
from engines.card import ModelCard, TensorSpec
from engines.errors import InputError, ModelMismatchError
from engines.models.face_verifier import FaceTemplate, FaceVerifier, face_quality
from engines.normalise import encode_depth


class Told:
    """A backend that gives a fixed vector."""

    name = "told"

    def __init__(self) -> None:
        self.vector = np.eye(1, 128, dtype=np.float32)
        self.inputs: Arrays = {}

    def load(self, card: ModelCard, onnx_path: Path) -> None: ...

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        self.inputs = dict(inputs)
        return {"embedding": self.vector, "calibration": np.array([[8.0, -4.0]], np.float32)}

    def warm_up(self) -> None: ...

    def status(self) -> BackendStatus:
        return BackendStatus(self.name, "none", "0", "f32", "key", 1, True)

    def close(self) -> None: ...


def card(outputs: dict[str, tuple[int, ...]] | None = None) -> ModelCard:
    outputs = outputs or {"embedding": (128,), "calibration": (2,)}
    tensors = [TensorSpec(name=n, shape=("N", *s), unit="1", meaning="x") for n, s in outputs.items()]
    depth = TensorSpec(name="depth", shape=("N", 1, 96, 96), unit="1", meaning="x")
    return ModelCard.model_validate(
        {
            "name": "face_verifier", "version": "0", "preset": "plus", "file": "a.onnx", "sha256": "0" * 64,
            "inputs": [depth.model_dump()], "outputs": [t.model_dump() for t in tensors], "crop_rule": "x",
            "normalisation": "x", "training_data": [], "trained_on": "x", "licence": "x", "measured": [], "limits": [],
            "generated": False,
        }
    )  # fmt: skip


def head_mm(distance: float = 900.0) -> NDArray[np.float32]:
    """A bulge of a head with nothing around it, in mm."""
    y, x = (np.mgrid[:96, :96].astype(np.float32) - 47.5) * (320 / 96)
    inside = (x / 75) ** 2 + (y / 110) ** 2 < 1
    return np.where(inside, distance + (x**2 + y**2) / 150, 0).astype(np.float32)


def head() -> NDArray[np.uint8]:
    return encode_depth(head_mm(), 915.0)


def test_a_head_becomes_one_valid_template():
    backend = Told()
    template = FaceVerifier(backend, card())(head())
    assert template.valid
    assert template.embedding.shape == (128,)
    assert template.coverage == 1.0
    assert backend.inputs["depth"].shape == (1, 1, 96, 96)
    assert backend.inputs["depth"].min() == -1.0


def test_nothing_is_concluded_from_too_little_depth():
    code = head()
    code[40:] = 0
    verifier = FaceVerifier(Told(), card())
    poor, good = verifier(code), verifier(head())
    assert "valid depth" in poor.reason
    for verdict in (verifier.compare(poor, good), verifier.compare(good, poor)):
        assert not verdict.valid
        assert verdict.probability == 0.5
        assert "valid depth" in verdict.reason


@pytest.mark.parametrize("slant", [0.0, 0.4, -0.9])
def test_a_picture_of_a_face_is_flat_and_refused(slant: float):
    y, x = (np.mgrid[:96, :96].astype(np.float32) - 47.5) * (320 / 96)
    noise = np.random.default_rng(0).normal(0, 2, x.shape)
    template = FaceVerifier(Told(), card())(encode_depth(700 + slant * x + 0.2 * y + noise, 700.0))
    assert "flat" in template.reason


@pytest.mark.parametrize("value", [0, 1, 255])
def test_a_blank_crop_is_refused_without_a_crash(value: int):
    assert not FaceVerifier(Told(), card())(np.full((96, 96), value, np.uint8)).valid


def test_a_face_cut_by_the_border_loses_coverage():
    whole, cut = head(), np.roll(head(), 40, axis=1)
    cut[:, :40] = 0
    assert face_quality(cut)[0] < face_quality(whole)[0]
    assert not FaceVerifier(Told(), card())(cut).valid


@given(st.integers(0, 2**32 - 1))
def test_swapping_the_faces_changes_nothing(seed: int):
    rng = np.random.default_rng(seed)
    verifier = FaceVerifier(Told(), card())
    a, b = (template(rng.normal(size=128)) for _ in range(2))
    assert verifier.compare(a, b) == verifier.compare(b, a)
    assert 0.0 <= verifier.compare(a, b).probability <= 1.0
    assert verifier.compare(a, a).probability >= verifier.compare(a, b).probability


def template(vector: NDArray[Any], slope: float = 8.0) -> FaceTemplate:
    return FaceTemplate((vector / np.linalg.norm(vector)).astype(np.float32), slope, -4.0, 1.0, 20.0, "")


def test_probability_is_the_logistic_curve_of_the_cosine():
    verdict = FaceVerifier(Told(), card()).compare(template(np.eye(128)[0]), template(np.eye(128)[0]))
    assert verdict.cosine == pytest.approx(1.0)
    assert verdict.probability == pytest.approx(1 / (1 + np.exp(-4.0)))


def test_templates_of_different_models_are_not_compared():
    with pytest.raises(InputError, match="different models"):
        FaceVerifier(Told(), card()).compare(template(np.eye(128)[0]), template(np.eye(128)[0], slope=3.0))


@pytest.mark.parametrize("crop", [np.zeros((64, 64), np.uint8), np.zeros((96, 96), np.float32)])
def test_a_wrong_crop_is_told(crop: NDArray[Any]):
    with pytest.raises(InputError, match=r"\(96, 96\)"):
        FaceVerifier(Told(), card())(crop)


def test_the_card_of_another_model_is_refused():
    with pytest.raises(ModelMismatchError, match="is no FaceVerifier"):
        FaceVerifier(Told(), card({"color": (3, 64, 64)}))
