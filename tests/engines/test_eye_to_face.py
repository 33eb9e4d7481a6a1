"""EyeToFace: pixels in, an imagined face out, and a warning where the eye shows nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.backend import Arrays, BackendStatus
from engines.card import ModelCard, TensorSpec
from engines.errors import InputError, ModelMismatchError
from engines.models.eye_to_face import EyeToFace


class Gradient:
    """A backend that gives a face beyond its range, to be cut."""

    name = "gradient"

    def __init__(self) -> None:
        self.inputs: Arrays = {}

    def load(self, card: ModelCard, onnx_path: Path) -> None: ...

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        self.inputs = dict(inputs)
        face = np.zeros((len(inputs["eye"]), 3, 128, 128), np.float32)
        face[:, 0], face[:, 1], face[:, 2] = 2.0, 0.5, -1.0
        return {"face": face}

    def warm_up(self) -> None: ...

    def status(self) -> BackendStatus:
        return BackendStatus(self.name, "none", "0", "f32", "key", 1, True)

    def close(self) -> None: ...


def card(face: tuple[int, ...] = (3, 128, 128)) -> ModelCard:
    eye = TensorSpec(name="eye", shape=("N", 3, 32, 32), unit="1", meaning="x")
    out = TensorSpec(name="face", shape=("N", *face), unit="1", meaning="x")
    return ModelCard.model_validate(
        {
            "name": "eye_to_face", "version": "0", "preset": "plus", "file": "a.onnx", "sha256": "0" * 64,
            "inputs": [eye.model_dump()], "outputs": [out.model_dump()], "crop_rule": "x", "normalisation": "x",
            "training_data": [], "trained_on": "x", "licence": "x", "measured": [], "limits": [], "generated": True,
        }
    )  # fmt: skip


def test_an_eye_becomes_a_face_in_color():
    backend = Gradient()
    eye = np.random.default_rng(0).integers(0, 255, (32, 32, 3)).astype(np.uint8)
    result = EyeToFace(backend, card())(eye)
    assert result.valid
    assert result.color.shape == (128, 128, 3)
    assert result.color[5, 5].tolist() == [255, 128, 0]
    assert np.allclose(backend.inputs["eye"][0, :, 3, 7] * 255, eye[3, 7])


@pytest.mark.parametrize("level", [0, 90, 255])
def test_black_plain_and_burnt_out_eyes_are_told(level: int):
    result = EyeToFace(Gradient(), card())(np.full((32, 32, 3), level, np.uint8))
    assert not result.valid
    assert "no contrast" in result.reason


@pytest.mark.parametrize("eye", [np.zeros((32, 32), np.uint8), np.zeros((32, 32, 3), np.float32)])
def test_a_wrong_picture_is_told(eye: NDArray[Any]):
    with pytest.raises(InputError, match=r"\(32, 32, 3\)"):
        EyeToFace(Gradient(), card())(eye)


def test_the_card_of_another_model_is_refused():
    with pytest.raises(ModelMismatchError, match="is no EyeToFace"):
        EyeToFace(Gradient(), card((3, 64, 64)))


def test_several_eyes_are_one_call_and_each_gets_its_own_face_and_its_own_warning():
    backend = Gradient()
    eye = np.random.default_rng(0).integers(0, 255, (32, 32, 3)).astype(np.uint8)
    first, second = EyeToFace(backend, card()).many([eye, np.full_like(eye, 90)])
    assert backend.inputs["eye"].shape == (2, 3, 32, 32)
    assert (first.valid, second.valid) == (True, False)
    assert EyeToFace(backend, card()).many([]) == []
