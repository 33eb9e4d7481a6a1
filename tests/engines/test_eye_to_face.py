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


class Sided(Gradient):
    """A backend whose face has the eye's picture in its left half; bright eyes look as if they were on the right."""

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        self.inputs, eyes = dict(inputs), inputs["eye"]
        self.calls = getattr(self, "calls", 0) + 1
        face = np.zeros((len(eyes), 3, 128, 128), np.float32)
        face[:, :, 50:82, 20:52] = eyes
        left = (eyes.mean(axis=(1, 2, 3)) < 0.6)[:, None]
        return {"face": face, "left": left.astype(np.float32)}


def eye_of(level: int) -> NDArray[np.uint8]:
    return np.random.default_rng(level).integers(level - 30, level + 30, (32, 32, 3)).astype(np.uint8)


def card(face: tuple[int, ...] = (3, 128, 128), sided: bool = False) -> ModelCard:
    eye = TensorSpec(name="eye", shape=("N", 3, 32, 32), unit="1", meaning="x")
    outs = [TensorSpec(name="face", shape=("N", *face), unit="1", meaning="x")]
    if sided:
        outs.append(TensorSpec(name="left", shape=("N", 1), unit="1", meaning="x"))
    return ModelCard.model_validate(
        {
            "name": "eye_to_face", "version": "0", "preset": "plus", "file": "a.onnx", "sha256": "0" * 64,
            "inputs": [eye.model_dump()], "outputs": [out.model_dump() for out in outs],
            "crop_rule": "x", "normalisation": "x",
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


def test_an_eye_that_is_told_to_be_on_the_right_is_mirrored_and_so_is_its_face():
    backend = Sided()
    eye = eye_of(100)
    result = EyeToFace(backend, card(sided=True))(eye, left=False)
    assert result.left is False
    np.testing.assert_array_equal(result.color[50:82, 128 - 52 : 128 - 20], eye)
    assert result.color[50:82, 20:52].max() == 0
    told = EyeToFace(backend, card(sided=True))(eye, left=True)
    np.testing.assert_array_equal(told.color[50:82, 20:52], eye)
    assert backend.calls == 2, "what is told needs no second look"


def test_what_nobody_tells_is_decided_by_a_look():
    backend = Sided()
    looks_left, looks_right = eye_of(100), eye_of(200)
    first, second, told = EyeToFace(backend, card(sided=True)).many(
        [looks_left, looks_right, looks_right], [None, None, True]
    )
    assert (first.left, second.left, told.left) == (True, False, True)
    np.testing.assert_array_equal(first.color[50:82, 20:52], looks_left)
    np.testing.assert_array_equal(second.color[50:82, 76:108], looks_right)
    np.testing.assert_array_equal(told.color[50:82, 20:52], looks_right)
    assert backend.calls == 2


def test_a_network_that_knows_no_sides_gets_the_eye_as_it_is():
    backend = Gradient()
    eye = eye_of(100)
    result = EyeToFace(backend, card())(eye, left=False)
    assert result.left is None
    assert np.allclose(backend.inputs["eye"][0] * 255, eye.transpose(2, 0, 1))
