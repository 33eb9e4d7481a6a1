"""FaceFinder: frames of any size and kind in, squares in px of the frame out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.backend import Arrays, BackendStatus
from engines.card import ModelCard, TensorSpec
from engines.errors import InputError, ModelMismatchError
from engines.loading import FINDER, MODEL_NAMES, load_models, usual_names
from engines.models.face_finder import (
    COLUMNS,
    FAR_MM,
    HEIGHT,
    NEAR_MM,
    ROWS,
    TAIL,
    WIDTH,
    FaceFinder,
    Letterbox,
    coded_depth,
    coded_picture,
    squares,
)
from tests.helpers.onnx_models import TinyGraph


class Told:
    """A backend that gives what it was told and keeps what it was handed."""

    name = "told"

    def __init__(self, *faces: tuple[int, int, tuple[float, ...], float]) -> None:
        self.chance = np.zeros((1, 1, ROWS, COLUMNS), np.float32)
        self.face = np.ones((1, 5, ROWS, COLUMNS), np.float32)
        for row, column, values, chance in faces:
            self.chance[0, 0, row, column] = chance
            self.face[0, :, row, column] = values
        self.image: NDArray[np.float32] = np.zeros(0, np.float32)

    def load(self, card: ModelCard, onnx_path: Path) -> None: ...

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        self.image = inputs["image"]
        return {"chance": self.chance, "face": self.face}

    def warm_up(self) -> None: ...

    def status(self) -> BackendStatus:
        return BackendStatus(self.name, "none", "0", "f32", "key", 1, True)

    def close(self) -> None: ...


def card(columns: int = COLUMNS) -> ModelCard:
    def tensor(name: str, *shape: int) -> TensorSpec:
        return TensorSpec(name=name, shape=("N", *shape), unit="1", meaning="as the network's")

    return ModelCard(
        name="face_finder",
        version="0",
        preset="plus",
        file="face_finder-plus.onnx",
        sha256="0" * 64,
        inputs=(tensor("image", 1, HEIGHT, WIDTH),),
        outputs=(tensor("chance", 1, ROWS, columns), tensor("face", 5, ROWS, columns)),
        crop_rule="the whole frame",
        normalisation="percentiles",
        training_data=(),
        trained_on="nothing",
        licence="Apache-2.0",
        measured=(),
        limits=(),
        generated=False,
    )


@pytest.mark.parametrize("shape", [(240, 320), (480, 640), (149, 119), (120, 160), (424, 512), (1080, 1920), (7, 900)])
def test_a_square_comes_back_in_px_of_the_frame(shape: tuple[int, int]) -> None:
    height, width = shape
    box = Letterbox.of(width, height)
    middle = (box.left + box.width / 2 - 0.5, box.top + box.height / 2 - 0.5)
    backend = Told((15, 20, (*middle, 30.0, *middle), 0.9))
    found = FaceFinder(backend, card()).picture(np.arange(height * width, dtype=np.uint16).reshape(shape))
    assert len(found) == 1
    assert found[0].x == pytest.approx(width / 2 - 0.5, abs=0.6 / box.scale)
    assert found[0].y == pytest.approx(height / 2 - 0.5, abs=0.6 / box.scale)
    assert found[0].side == pytest.approx(30 / box.scale)
    assert found[0].head == pytest.approx((found[0].x, found[0].y))
    assert found[0].confidence == pytest.approx(0.9)
    outside = np.ones((HEIGHT, WIDTH), bool)
    outside[box.top : box.top + box.height, box.left : box.left + box.width] = False
    assert (backend.image[0, 0][outside] == -1).all()


def test_the_surer_of_two_that_overlap_counts_and_neighbours_stay() -> None:
    backend = Told(
        (10, 10, (84.0, 84.0, 40.0, 84.0, 84.0), 0.6),
        (10, 12, (88.0, 84.0, 42.0, 88.0, 84.0), 0.9),
        (10, 20, (164.0, 84.0, 40.0, 164.0, 84.0), 0.5),
        (25, 20, (164.0, 204.0, 40.0, 164.0, 204.0), 0.2),
    )
    found = FaceFinder(backend, card()).picture(np.zeros((240, 320), np.uint8))
    assert [round(face.x) for face in found] == [88, 164]
    assert [round(face.confidence, 1) for face in found] == [0.9, 0.5]


def test_a_small_square_inside_a_large_one_is_the_same_face() -> None:
    chance = np.zeros((ROWS, COLUMNS), np.float32)
    face = np.ones((5, ROWS, COLUMNS), np.float32)
    chance[10, 10], chance[12, 13] = 0.9, 0.8
    face[:3, 10, 10], face[:3, 12, 13] = (84, 84, 100), (95, 95, 30)
    assert len(squares(chance, face, 0.4, 16)) == 1


def test_at_most_so_many_the_surest() -> None:
    places = [(2 * i + 2, 3 * j + 2, 0.5 + 0.01 * (i + 3 * j)) for i in range(5) for j in range(5)]
    backend = Told(*((r, c, (8.0 * c, 8.0 * r, 8.0, 8.0 * c, 8.0 * r), p) for r, c, p in places))
    found = FaceFinder(backend, card()).picture(np.zeros((240, 320), np.uint8), most=4)
    assert [face.confidence for face in found] == pytest.approx(sorted((p for *_, p in places), reverse=True)[:4])


def test_nearer_depth_is_brighter_and_what_was_not_read_is_told_apart() -> None:
    shades = []
    for z in (0, NEAR_MM, 1000, 2000, FAR_MM, 60000):
        shades.append(float(coded_depth(np.full((20, 30), z, np.uint16))[10, 15]))
    assert shades[0] == shades[5] == -1
    assert shades[1] > shades[2] > shades[3] > shades[4] > -1
    doubled = float(coded_depth(np.full((20, 30), 4000, np.uint16))[10, 15])
    assert shades[2] - shades[3] == pytest.approx(shades[3] - doubled, abs=1e-4), "by the logarithm"


def test_relief_shows_as_under_a_lamp_from_above() -> None:
    """A ball of 15 cm at 1 m: its upper half is brighter than its lower, whatever it is before; left is like right."""
    v, u = np.mgrid[:120, :160]
    squared = ((u - 80) ** 2 + (v - 60) ** 2) * (1000 / 300) ** 2
    ball = np.where(squared < 75**2, 1000 - np.sqrt(np.maximum(75**2 - squared, 0)), 0).astype(np.uint16)
    code = coded_depth(ball)
    assert code[48, 80] > code[60, 80] > code[72, 80] > -1
    assert code[60, 68] == pytest.approx(code[60, 92], abs=0.02)
    flat = coded_depth(np.where(ball > 0, 950, 0).astype(np.uint16))
    assert np.ptp(flat[45:75, 65:95]) < 1e-3


def test_a_small_bright_face_keeps_its_contrast() -> None:
    """A warm face far away is less than the hundredth of the picture that a plain stretch would cut off."""
    rng = np.random.default_rng(0)
    picture = rng.normal(29500, 10, (120, 160))
    picture[50:58, 70:76] = np.linspace(30300, 30700, 6)
    code = coded_picture(picture.astype(np.uint16))
    face = code[52, 70:76]
    assert (np.diff(face) > 0.01).all()
    assert code.max() == pytest.approx(1.0)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["uint8", "uint16", "float32"]),
    st.floats(0, 1),
)
def test_a_picture_is_coded_in_order_whatever_it_holds(seed: int, dtype: str, share: float) -> None:
    rng = np.random.default_rng(seed)
    pixels = (rng.integers(0, rng.integers(1, 255), (20, 30)) * (1 if dtype == "uint8" else 3)).astype(dtype)
    valid = rng.random(pixels.shape) >= share
    code = coded_picture(pixels, valid)
    assert code.dtype == np.float32
    assert code.min() >= -1
    assert code.max() <= 1
    assert (code[~valid] == -1).all()
    order = np.argsort(pixels[valid], kind="stable")
    assert (np.diff(code[valid][order]) >= -1e-6).all(), "brighter stays brighter"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 255))
def test_bytes_are_coded_as_larger_numbers_are(seed: int, levels: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, levels, (24, 30)).astype(np.uint8)
    np.testing.assert_allclose(coded_picture(pixels), coded_picture(pixels.astype(np.uint16)), atol=1e-6)


def test_pictures_without_anything_in_them_are_no_trouble() -> None:
    finder = FaceFinder(Told(), card())
    assert finder.picture(np.zeros((240, 320), np.uint8)) == []
    assert finder.picture(np.full((240, 320), 255, np.uint8)) == []
    assert finder.picture(np.full((10, 10), np.nan, np.float32)) == []
    assert finder.depth(np.zeros((424, 512), np.uint16)) == []
    assert finder.picture(np.zeros((240, 320), np.uint8), np.zeros((240, 320), bool)) == []
    constant = coded_picture(np.full((4, 4), 7, np.uint8))
    assert (constant == 0).all()
    assert coded_picture(np.array([[1, 1], [1, 9]], np.uint8)).max() == pytest.approx(TAIL)


@pytest.mark.parametrize(
    ("pixels", "valid"),
    [
        (np.zeros((4, 4, 3), np.uint8), None),
        (np.zeros((4, 4), np.int64), None),
        (np.zeros((1, 4), np.uint8), None),
        (np.zeros((4, 4), np.uint8), np.ones((3, 4), bool)),
        (np.zeros((4, 4), np.uint8), np.ones((4, 4), np.uint8)),
    ],
)
def test_a_wrong_frame_is_refused_in_words(pixels: NDArray[Any], valid: NDArray[Any] | None) -> None:
    with pytest.raises(InputError, match="FaceFinder"):
        FaceFinder(Told(), card()).picture(pixels, valid)


def test_depth_in_floats_is_refused() -> None:
    with pytest.raises(InputError, match="millimetres"):
        FaceFinder(Told(), card()).depth(np.zeros((10, 10), np.float32))  # wrong on purpose


def test_a_card_of_another_model_is_refused() -> None:
    with pytest.raises(ModelMismatchError, match="FaceFinder"):
        FaceFinder(Told(), card(columns=20))


def test_it_runs_where_its_card_is_there_and_nobody_misses_it(weights: Path) -> None:
    assert usual_names(weights) == MODEL_NAMES
    without = load_models(weights_dir=weights)
    assert without.face_finder is None
    assert without.missing == {}
    without.close()
    graph = TinyGraph(
        {"image": ("N", 1, HEIGHT, WIDTH)},
        {"chance": ("N", 1, ROWS, COLUMNS), "face": ("N", 5, ROWS, COLUMNS)},
        generated=False,
    )
    graph.op("AveragePool", "image", to="chance", kernel_shape=[8, 8], strides=[8, 8])
    graph.op("Concat", *["chance"] * 5, to="face", axis=1)
    graph.write(weights, FINDER)
    models = load_models(weights_dir=weights)
    assert list(models.loaded()) == [*MODEL_NAMES, FINDER]
    assert models.face_finder is not None
    assert models.describe()[FINDER]["generated"] is False
    assert models.face_finder.picture(np.zeros((48, 64), np.uint8)) == []
    models.close()
