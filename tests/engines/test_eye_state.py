"""EyeState: patches of eyes in, how far they are open and how sure that is out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn
from numpy.typing import NDArray

from engines.backend import Arrays, BackendStatus
from engines.card import ModelCard, TensorSpec
from engines.errors import InputError, ModelMismatchError
from engines.loading import EYE_STATE, MODEL_NAMES, WEIGHTS, load_models, shipped, usual_names
from engines.models.eye_state import SIZE, EyeState, normalised
from tests.helpers.onnx_models import TinyGraph


class Told:
    """A backend that gives what it was told and keeps what it was handed."""

    name = "told"

    def __init__(self, openness: float = 0.5, confidence: float = 0.8) -> None:
        self._told = openness, confidence
        self.handed: list[NDArray[Any]] = []

    def load(self, card: ModelCard, onnx_path: Path) -> None: ...

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        self.handed.append(inputs["eye"])
        shape = (len(inputs["eye"]), 1)
        return {n: np.full(shape, v, np.float32) for n, v in zip(("openness", "confidence"), self._told, strict=True)}

    def warm_up(self) -> None: ...

    def status(self) -> BackendStatus:
        return BackendStatus(self.name, "none", "0", "f32", "key", 1, True)

    def close(self) -> None: ...


def card(columns: int = SIZE[1]) -> ModelCard:
    def tensor(name: str, *shape: int) -> TensorSpec:
        return TensorSpec(name=name, shape=("N", *shape), unit="1", meaning="as the network's")

    return ModelCard(
        name=EYE_STATE,
        version="0",
        preset="plus",
        file="eye_state-plus.onnx",
        sha256="0" * 64,
        inputs=(tensor("eye", 1, SIZE[0], columns),),
        outputs=(tensor("openness", 1), tensor("confidence", 1)),
        crop_rule="both eyes",
        normalisation="mean and deviation",
        training_data=(),
        trained_on="nothing",
        licence="Apache-2.0",
        measured=(),
        limits=(),
        generated=False,
    )


def noise(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(2).integers(0, 256, (count, *SIZE)).astype(np.uint8)


def test_all_eyes_are_one_call() -> None:
    backend = Told()
    told = EyeState(backend, card()).many(noise(6))
    assert [len(handed) for handed in backend.handed] == [6]
    assert [(one.openness, one.confidence) for one in told] == [pytest.approx((0.5, 0.8))] * 6
    assert EyeState(backend, card()).many(noise(0)) == []
    assert len(backend.handed) == 1


def test_an_eye_without_contrast_is_not_believed() -> None:
    patches = noise(3)
    patches[1] = 255
    told = EyeState(Told(), card()).many(patches)
    assert [one.confidence > 0 for one in told] == [True, False, True]


def test_numbers_out_of_range_are_brought_into_it() -> None:
    (one,) = EyeState(Told(openness=1.2, confidence=-0.1), card()).many(noise(1))
    assert (one.openness, one.confidence) == (1.0, 0.0)


@settings(max_examples=40, deadline=None)
@given(stn.arrays(np.uint8, (2, *SIZE), elements=st.integers(20, 100)), st.integers(1, 2), st.integers(-20, 50))
def test_a_brighter_picture_of_more_contrast_is_the_same_eye(patches: NDArray[np.uint8], gain: int, more: int) -> None:
    other = np.clip(patches.astype(int) * gain + more, 0, 255).astype(np.uint8)
    one, flat = normalised(patches)
    again, _ = normalised(other)
    assert np.isfinite(one).all()
    assert np.abs(one).max() <= 1.0
    assert np.abs(one - again)[~flat].max(initial=0.0) < 1e-4


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((2, 32, 47), np.uint8), np.zeros((32, 48), np.uint8), np.zeros((1, 32, 48), np.float32)],
    ids=["shape", "no batch", "dtype"],
)
def test_what_are_no_patches_is_refused(wrong: NDArray[Any]) -> None:
    with pytest.raises(InputError, match="32, 48"):
        EyeState(Told(), card()).many(wrong)


def test_a_card_of_another_model_is_refused() -> None:
    with pytest.raises(ModelMismatchError, match="EyeState"):
        EyeState(Told(), card(columns=32))


def test_it_runs_where_its_card_is_there_and_a_torn_file_is_said(weights: Path) -> None:
    assert usual_names(weights) == MODEL_NAMES
    graph = TinyGraph({"eye": ("N", 1, *SIZE)}, {"openness": ("N", 1), "confidence": ("N", 1)}, generated=False)
    graph.op("ReduceMean", "eye", to="mean", axes=[2, 3], keepdims=0)
    graph.op("Sigmoid", "mean", to="openness")
    graph.op("Sigmoid", "openness", to="confidence")
    graph.write(weights, EYE_STATE)
    models = load_models(weights_dir=weights)
    assert list(models.loaded()) == [*MODEL_NAMES, EYE_STATE]
    assert models.eye_state is not None
    assert len(models.eye_state.many(noise(2))) == 2
    models.close()
    shipped(EYE_STATE, weights).with_suffix(".onnx").write_bytes(b"torn")
    torn = load_models(weights_dir=weights)
    assert torn.eye_state is None
    assert "torn" in torn.missing[EYE_STATE]
    assert torn.face_landmarks is not None
    torn.close()


def test_the_shipped_file_tells_a_closed_eye_from_an_open_one() -> None:
    """Drawn ones: a dark round iris between bright corners, and a line with lashes."""
    row, column = np.mgrid[: SIZE[0], : SIZE[1]].astype(np.float32) - np.array([[[15.5]], [[23.5]]], np.float32)
    skin = np.full(SIZE, 150.0, np.float32) - 25 * np.exp(-((row + 13) ** 2) / 8)
    opening = (column / 14) ** 2 + (row / 5.5) ** 2 < 1
    open_ = np.where(opening, 190.0, skin)
    open_[opening & (np.hypot(row, column) < 5.5)] = 60.0
    open_[np.hypot(row, column) < 2] = 15.0
    shut = skin - 70 * np.exp(-((row - 4 + 0.02 * column**2) ** 2) / 1.5) * (np.abs(column) < 14)
    models = load_models(names=[EYE_STATE], weights_dir=WEIGHTS)
    assert models.eye_state is not None, models.missing
    seen, closed = models.eye_state.many(np.stack([open_, shut]).astype(np.uint8))
    models.close()
    assert seen.openness > closed.openness + 0.3
