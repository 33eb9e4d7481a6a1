"""The three models: pixels in, meaning out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.backend import Arrays, BackendStatus, LoadOptions
from engines.calibration import load_calibration
from engines.card import ModelCard, load_card
from engines.errors import InputError, ModelMismatchError
from engines.loading import WEIGHTS, load_models
from engines.models.depth_to_color import DepthToColor
from engines.models.face_landmarks import FaceLandmarks
from engines.models.gray_to_depth import GrayToDepth
from engines.normalise import code_of_unit, encode_depth, stretch
from engines.registry import make_backend


class Recorded:
    """A backend that keeps what it was handed and gives what it was told."""

    name = "recorded"

    def __init__(self, **outputs: NDArray[np.float32]) -> None:
        self.outputs: Arrays = dict(outputs)
        self.inputs: Arrays = {}

    def load(self, card: ModelCard, onnx_path: Path) -> None: ...

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        self.inputs = dict(inputs)
        return self.outputs

    def warm_up(self) -> None: ...

    def status(self) -> BackendStatus:
        return BackendStatus(self.name, "none", "0", "f32", "key", 1, True)

    def close(self) -> None: ...


def ramp(size: int, dtype: Any = np.uint8) -> NDArray[Any]:
    return (np.arange(size * size).reshape(size, size) % 251).astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_landmarks_take_gray_thermal_and_depth_alike(weights: Path, dtype: Any):
    models = load_models(weights_dir=weights)
    assert models.face_landmarks is not None
    crop = ramp(128, dtype)
    result = models.face_landmarks(crop, crop > 9)
    assert result.points.shape == (68, 2)
    assert result.confidence.shape == (68,)
    assert result.openness.shape == (2,)
    assert 0.0 <= result.presence <= 1.0
    same = models.face_landmarks(ramp(128), ramp(128) > 9)
    np.testing.assert_array_equal(result.points, same.points)
    models.close()


def test_landmarks_see_the_stretched_crop_with_invalid_pixels_as_background(weights: Path):
    backend = Recorded(
        points=np.zeros((1, 68, 2), np.float32),
        confidence=np.zeros((1, 68), np.float32),
        openness=np.array([[0.25, 0.75]], np.float32),
        presence=np.array([[0.5]], np.float32),
    )
    crop = ramp(128, np.uint16)
    valid = crop > 100
    result = FaceLandmarks(backend, load_card(weights / "face_landmarks.json"))(crop, valid)
    seen = backend.inputs["image"]
    assert seen.shape == (1, 1, 128, 128)
    assert (seen[0, 0][~valid] == -1.0).all()
    np.testing.assert_array_equal(seen[0, 0], stretch(crop, valid))
    assert result.openness.tolist() == [0.25, 0.75]
    assert result.presence == 0.5


def test_a_relief_is_coded_as_the_papers_do_and_measured_in_millimetres(weights: Path):
    z_mm = np.full((96, 96), 1000.0)
    z_mm[:48] = 950.0  # 50 mm nearer than the head's distance
    unit = (encode_depth(z_mm, 1000.0).astype(np.float32) / 127.5 - 1)[None, None]
    foreground = np.ones((1, 1, 96, 96), np.float32)
    foreground[..., :10] = 0.49
    backend = Recorded(relief=unit, foreground=foreground)
    result = GrayToDepth(backend, load_card(weights / "gray_to_depth.json"))(ramp(96))
    assert (result.code[:, :10] == 0).all()
    assert np.isnan(result.relief_mm[:, :10]).all()
    np.testing.assert_array_equal(result.code[:, 10:], encode_depth(z_mm, 1000.0)[:, 10:])
    np.testing.assert_allclose(result.relief_mm[:48, 10:], 50.0, atol=1.2)
    np.testing.assert_allclose(result.relief_mm[48:, 10:], 0.0, atol=1.2)
    np.testing.assert_array_equal(backend.inputs["gray"][0, 0], stretch(ramp(96)))


def telling(weights: Path) -> ModelCard:
    """The card of a file that tells its expected error, too."""
    card = load_card(weights / "gray_to_depth.json")
    error = card.outputs[0].model_copy(update={"name": "error", "low": 0.0, "high": 1.0})
    return card.model_copy(update={"outputs": (*card.outputs, error)})


def test_a_relief_says_how_wrong_it_may_be(weights: Path):
    plain = np.zeros((1, 1, 96, 96), np.float32)
    foreground = np.full_like(plain, 0.8)
    foreground[..., :10] = 0.3
    error = np.full_like(plain, 10 / 300)
    error[..., 50:, :] = 0.1
    error[..., 90:, :] = 0.0
    backend = Recorded(relief=plain, foreground=foreground, error=error)
    result = GrayToDepth(backend, telling(weights))(ramp(96))
    assert result.expected_error_mm is not None
    assert result.confidence is not None
    np.testing.assert_allclose(result.expected_error_mm[:50], 10.0, rtol=1e-5)
    np.testing.assert_allclose(result.expected_error_mm[50:90], 30.0, rtol=1e-5)
    np.testing.assert_allclose(result.confidence[:50, 10:], 0.8 * (1 - np.exp(-1)), rtol=1e-4)
    np.testing.assert_allclose(result.confidence[50:90, 10:], 0.8 * (1 - np.exp(-1 / 3)), rtol=1e-4)
    np.testing.assert_allclose(result.confidence[90:, 10:], 0.8, rtol=1e-4)
    assert (result.confidence[:, :10] == 0).all()  # no relief, no confidence
    assert result.confidence.dtype == result.expected_error_mm.dtype == np.float32


def test_a_file_that_does_not_tell_its_error_claims_none(weights: Path):
    plain = np.ones((1, 1, 96, 96), np.float32)
    result = GrayToDepth(Recorded(relief=plain, foreground=plain), load_card(weights / "gray_to_depth.json"))(ramp(96))
    assert result.confidence is None
    assert result.expected_error_mm is None


def test_the_shipped_relief_is_less_sure_of_noise_cut_and_burnt_out_faces_and_not_at_all_of_a_blank():
    card = load_card(WEIGHTS / "gray_to_depth-plus.json")
    backend = make_backend("onnxruntime", LoadOptions(precision="file", threads=1))
    backend.load(card, card.onnx_path)
    model = GrayToDepth(backend, card)
    faces = [code_of_unit(one) for one in load_calibration(card).held_out["gray"][:24, 0]]
    noise = np.random.default_rng(0).integers(0, 256, (24, 96, 96)).astype(np.uint8)
    cut = [np.where(np.arange(96) < 40, face, 0).astype(np.uint8) for face in faces]
    burnt = [np.clip(face.astype(int) * 10 + 60, 0, 255).astype(np.uint8) for face in faces]
    blank = [np.full((96, 96), level, np.uint8) for level in (0, 128, 255)]

    def sure(crops: list[NDArray[np.uint8]]) -> float:
        """Mean confidence over the crop: how much relief is believed."""
        maps = [result.confidence for result in model.many(crops)]
        assert all(one is not None and np.isfinite(one).all() and 0 <= one.min() <= one.max() <= 1 for one in maps)
        return float(np.mean([one for one in maps if one is not None]))

    whole = sure(faces)
    assert sure(list(noise)) < 0.6 * whole
    assert sure(cut) < 0.5 * whole
    assert sure(burnt) < 0.85 * whole
    assert sure(blank) == 0
    model.close()


def test_a_relief_in_the_foreground_is_never_coded_as_no_reading(weights: Path):
    everywhere = np.full((1, 1, 96, 96), -1.0, np.float32)
    backend = Recorded(relief=everywhere, foreground=-everywhere)
    result = GrayToDepth(backend, load_card(weights / "gray_to_depth.json"))(ramp(96))
    assert (result.code == 1).all()
    np.testing.assert_allclose(result.relief_mm, -300.0)


def test_color_comes_out_as_rgb_bytes(weights: Path):
    color = np.zeros((1, 3, 64, 64), np.float32)
    color[0, 0], color[0, 1], color[0, 2] = 1.0, 0.0, -1.0
    backend = Recorded(color=color)
    result = DepthToColor(backend, load_card(weights / "depth_to_color.json"))(ramp(64))
    assert result.color.shape == (64, 64, 3)
    assert result.color.dtype == np.uint8
    assert result.color[5, 5].tolist() == [255, 128, 0]
    np.testing.assert_allclose(backend.inputs["depth"][0, 0], ramp(64) / 127.5 - 1, atol=1e-6)


def test_every_model_refuses_other_crops(weights: Path):
    models = load_models(weights_dir=weights)
    for model in models.loaded().values():
        size = model.size
        for wrong in (
            np.zeros((size, size + 1), np.uint8),
            np.zeros((size, size, 3), np.uint8),
            np.zeros((size, size), np.int64),
        ):
            with pytest.raises(InputError, match=f"takes a crop of \\({size}, {size}\\)"):
                model(wrong)
    assert models.face_landmarks is not None
    with pytest.raises(InputError, match="valid is bool"):
        models.face_landmarks(ramp(128), np.ones((64, 64), bool))
    models.close()


def test_a_model_refuses_the_card_of_another(weights: Path):
    with pytest.raises(ModelMismatchError, match="is no FaceLandmarks"):
        FaceLandmarks(Recorded(), load_card(weights / "gray_to_depth.json"))
    with pytest.raises(ModelMismatchError, match="is no GrayToDepth"):
        GrayToDepth(Recorded(), load_card(weights / "depth_to_color.json"))
    with pytest.raises(ModelMismatchError, match="is no DepthToColor"):
        DepthToColor(Recorded(), load_card(weights / "face_landmarks.json"))


def test_many_faces_are_one_call_and_each_is_read_as_if_alone(weights: Path):
    models = load_models(weights_dir=weights)
    assert models.face_landmarks is not None
    assert models.gray_to_depth is not None
    assert models.depth_to_color is not None
    rng = np.random.default_rng(0)
    crops = [rng.integers(0, 256, (128, 128)).astype(dtype) for dtype in (np.uint8, np.uint16, np.float32)]
    valids = [None, crops[1] > 20, None]
    for found, crop, valid in zip(models.face_landmarks.many(crops, valids), crops, valids, strict=True):
        alone = models.face_landmarks(crop, valid)
        np.testing.assert_array_equal(found.points, alone.points)
        np.testing.assert_array_equal(found.openness, alone.openness)
        assert found.presence == alone.presence
    grays = [rng.integers(0, 256, (96, 96)).astype(np.uint8) for _ in range(3)]
    for relief, gray in zip(models.gray_to_depth.many(grays), grays, strict=True):
        np.testing.assert_array_equal(relief.code, models.gray_to_depth(gray).code)
    codes = [rng.integers(0, 256, (64, 64)).astype(np.uint8) for _ in range(3)]
    for color, code in zip(models.depth_to_color.many(codes), codes, strict=True):
        np.testing.assert_array_equal(color.color, models.depth_to_color(code).color)
    assert models.face_landmarks.many([], []) == models.gray_to_depth.many([]) == models.depth_to_color.many([]) == []
    models.close()


def test_one_wrong_crop_among_many_is_refused(weights: Path):
    models = load_models(weights_dir=weights)
    assert models.gray_to_depth is not None
    with pytest.raises(InputError, match="GrayToDepth takes a crop of"):
        models.gray_to_depth.many([ramp(96), ramp(95)])
    models.close()
