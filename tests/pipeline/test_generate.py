from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engines.loading import Models, load_models
from pipeline.steps.crop import Crop, Distance
from pipeline.steps.generate import GenerateConfig, Generator, Wanted
from recordings.observation import Box
from tests.helpers.onnx_models import write_tiny_models
from tests.pipeline.scenes import stub_models

BOX = Box(20.0, 10.0, 120.0, 120.0)
CROP = Crop(BOX, Distance(1000.0, 11))
GRAY = np.full((200, 200), 77, np.uint8)
GRAY[:, 40:] = 107
DEPTH = np.full((200, 200), 1000, np.uint16)


def test_relief_comes_from_gray_and_colour_from_depth() -> None:
    images, reasons = Generator(stub_models())(GRAY, DEPTH, [Wanted(CROP)])[0]
    assert reasons == {}
    relief, color = images
    assert (relief.name, relief.model, relief.pixels.shape) == ("relief", "stub 1", (96, 96))
    assert relief.relief_mm is not None
    assert set(np.unique(relief.pixels[:, :14])) == {77}
    assert set(np.unique(relief.pixels[:, 18:])) == {107}
    assert (color.name, color.pixels.shape) == ("color", (64, 64, 3))
    assert set(np.unique(color.pixels)) == {128}  # the code of D itself


def test_how_sure_the_model_is_of_each_pixel_of_the_relief_goes_with_it(tmp_path: Path) -> None:
    loaded = load_models("onnxruntime:fp32", weights_dir=write_tiny_models(tmp_path, ["gray_to_depth"]))
    try:
        (relief,), _ = Generator(loaded, GenerateConfig(color=False))(GRAY, None, [Wanted(CROP)])[0]
    finally:
        loaded.close()
    assert relief.confidence is not None
    assert relief.relief_mm is not None
    assert relief.confidence.shape == (96, 96)
    shown = np.isfinite(relief.relief_mm)
    assert (relief.confidence[~shown] == 0).all()
    assert relief.confidence[48, 48] > 2 * relief.confidence[shown].min()
    (silent, _), _ = Generator(stub_models())(GRAY, DEPTH, [Wanted(CROP)])[0]
    assert silent.confidence is None


@pytest.mark.parametrize(
    ("gray", "depth", "crop", "missing", "why"),
    [
        (None, DEPTH, CROP, "generated.relief", "no picture"),
        (GRAY, None, CROP, "generated.color", "no depth"),
        (GRAY, DEPTH, Crop(BOX), "generated.color", "no depth reading"),
        (GRAY, DEPTH * 0 + 3000, CROP, "generated.color", "0 % of the crop"),
    ],
)
def test_what_cannot_be_made_has_a_reason(
    gray: np.ndarray | None, depth: np.ndarray | None, crop: Crop, missing: str, why: str
) -> None:
    images, reasons = Generator(stub_models())(gray, depth, [Wanted(crop)])[0]
    assert list(reasons) == [missing]
    assert why in reasons[missing]
    assert len(images) == 1


def test_a_missing_model_is_named_with_its_reason() -> None:
    models = Models(missing={"gray_to_depth": "the file is torn"})
    images, reasons = Generator(models)(GRAY, DEPTH, [Wanted(CROP)])[0]
    assert images == ()
    assert "the file is torn" in reasons["generated.relief"]
    assert "not asked for" in reasons["generated.color"]


def test_what_is_not_wanted_is_not_made() -> None:
    images, reasons = Generator(stub_models(), GenerateConfig(relief=False, color=False))(GRAY, DEPTH, [Wanted(CROP)])[
        0
    ]
    assert (images, reasons) == ((), {})


def test_a_crop_over_the_edge_of_the_image_is_made_too() -> None:
    images, reasons = Generator(stub_models())(
        GRAY, DEPTH, [Wanted(replace(CROP, box=Box(-60.0, -60.0, 120.0, 120.0)))]
    )[0]
    assert len(images) == 2
    assert reasons == {}


@pytest.mark.parametrize(("level", "why"), [(255, "white or black"), (0, "white or black"), (100, "next to nothing")])
def test_no_relief_is_imagined_of_a_blank_picture(level: int, why: str) -> None:
    images, reasons = Generator(stub_models())(np.full_like(GRAY, level), DEPTH, [Wanted(CROP)])[0]
    assert why in reasons["generated.relief"]
    assert [i.name for i in images] == ["color"]


def test_a_16_bit_sensor_is_full_below_255() -> None:
    """Its pixels are scaled so that the brightest become 235."""
    full = np.full_like(GRAY, 235)
    full[:, :40] = 10
    _, reasons = Generator(stub_models())(full, DEPTH, [Wanted(CROP)], white=234)[0]
    assert "white" in reasons["generated.relief"]
    assert len(Generator(stub_models())(full, DEPTH, [Wanted(CROP)])[0][0]) == 2


def test_what_is_refused_is_not_made_and_keeps_its_reason() -> None:
    refused = {"generated.color": "a picture of a face", "pose": "another thing"}
    images, reasons = Generator(stub_models())(GRAY, DEPTH, [Wanted(CROP, refused)])[0]
    assert reasons == {"generated.color": "a picture of a face"}
    assert [i.name for i in images] == ["relief"]


def test_all_faces_are_one_call_of_each_model_and_each_gets_its_own_image() -> None:
    models = stub_models()
    calls = {"gray_to_depth": 0, "depth_to_color": 0}
    for name in calls:
        model = getattr(models, name)
        many = model.many

        def counted(crops, name=name, many=many):  # type: ignore[no-untyped-def]  # as the stand-in's
            calls[name] += 1
            return many(crops)

        model.many = counted
    aside = Crop(Box(30.0, 60.0, 120.0, 120.0), CROP.distance)
    refused = {"generated.relief": "a picture of a face"}
    found = Generator(models)(GRAY, DEPTH, [Wanted(CROP), Wanted(aside, refused), Wanted(aside)])
    assert calls == {"gray_to_depth": 1, "depth_to_color": 1}
    assert [[image.name for image in images] for images, _ in found] == [
        ["relief", "color"],
        ["color"],
        ["relief", "color"],
    ]
    assert found[1][1] == refused
    alone = Generator(stub_models())(GRAY, DEPTH, [Wanted(aside)])[0]
    np.testing.assert_array_equal(found[2][0][0].pixels, alone[0][0].pixels)
