"""A face from one eye: made only where it is asked for and an eye is seen, and never without saying what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.frame import Frame, FrameSet, StreamKind
from engines.loading import FINDER, Models, load_models, usual_names
from engines.models.eye_to_face import EyeFaceResult, EyeToFace
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from pipeline.steps.crop import Crop
from pipeline.steps.generate import FACE_FROM_EYE, NOT_NOW, GenerateConfig, Generator, Wanted
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from pipeline.wanted_models import load_wanted, wanted_models
from recordings.observation import Box, GeneratedImage, HeadPose, Landmarks
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from tests.helpers.onnx_models import write_tiny_models
from tests.pipeline.process_cases import DEPTH, GRAY, scene
from tests.pipeline.scenes import StubCard, stub_models

ON = GenerateConfig(relief=False, color=False, face_from_eye=True)
KEY = f"generated.{FACE_FROM_EYE}"
AHEAD = HeadPose(3.0, -2.0, 0.0)
PICTURE = np.random.default_rng(5).integers(60, 200, (240, 320, 3)).astype(np.uint8)
LUMA = PICTURE.mean(axis=2).astype(np.uint8)


class StubEyeToFace:
    """The eye's own mean colour, everywhere."""

    size = 32
    card = StubCard()

    def __init__(self) -> None:
        self.calls: list[list[NDArray[np.uint8]]] = []

    def many(self, eyes: Sequence[NDArray[np.uint8]], lefts: Sequence[bool | None]) -> list[EyeFaceResult]:
        self.calls.append(list(eyes))
        self.lefts = list(lefts)
        found = []
        for eye in eyes:
            assert (eye.shape, eye.dtype) == ((32, 32, 3), np.uint8)
            color = np.broadcast_to(np.rint(eye.mean(axis=(0, 1))).astype(np.uint8), (128, 128, 3))
            found.append(EyeFaceResult(color, 20.0, "" if eye.std() > 1 else "the eye picture has no contrast"))
        return found


def models() -> Models:
    return replace(stub_models(), eye_to_face=cast(EyeToFace, StubEyeToFace()))


def wanted(
    pose: HeadPose | None = AHEAD,
    scale: float = 600.0,
    middle: tuple[float, float] = (160.0, 120.0),
    refused: dict[str, str] | None = None,
) -> Wanted:
    points = (HEAD_LANDMARKS_M[:, :2] * scale + middle).astype(np.float32)
    marks = Landmarks(points, np.ones(68, np.float32))
    return Wanted(Crop(Box(60.0, 20.0, 200.0, 200.0)), refused or {}, marks, pose)


def made(face: Wanted, gray: NDArray | None = LUMA, color: NDArray | None = PICTURE) -> GeneratedImage | str:
    images, reasons = Generator(models(), ON)(gray, None, [face], color=color)[0]
    assert len(images) + len(reasons) == 1
    return images[0] if images else reasons[KEY]


def test_nobody_gets_one_who_did_not_ask_for_it() -> None:
    assert not PipelineConfig().generate.face_from_eye
    images, reasons = Generator(models())(LUMA, None, [wanted()], color=PICTURE)[0]
    assert FACE_FROM_EYE not in [image.name for image in images]
    assert KEY not in reasons
    assert "eye_to_face" not in wanted_models(PipelineConfig())


def test_the_model_is_loaded_where_it_is_switched_on_and_not_else(tmp_path: Path) -> None:
    on = PipelineConfig.model_validate({"generate": {"face_from_eye": True}, "engines": {"policy": "onnxruntime"}})
    assert wanted_models(on) == (*usual_names(), "eye_to_face")
    weights = write_tiny_models(tmp_path, ["gray_to_depth"])
    loaded = load_wanted(on, weights)
    try:
        assert loaded.gray_to_depth is not None
        assert "eye_to_face" in loaded.missing
        _, reasons = Generator(loaded, ON)(LUMA, None, [wanted()])[0]
        assert "eye_to_face is not loaded" in reasons[KEY]
    finally:
        loaded.close()


def test_an_eye_in_color_makes_a_face_in_color() -> None:
    image = made(wanted())
    assert isinstance(image, GeneratedImage)
    assert (image.name, image.model, image.pixels.shape) == ("face from eye", "stub 1", (128, 128, 3))
    assert image.confidence is None, "the model does not tell how sure it is"


def test_an_eye_without_color_makes_a_face_without_color() -> None:
    image = made(wanted(), color=None)
    assert isinstance(image, GeneratedImage)
    assert (image.pixels == image.pixels[..., :1]).all()


@pytest.mark.parametrize(
    ("face", "why"),
    [
        (wanted(pose=None), "where the eyes are is not known"),
        (replace(wanted(), landmarks=None), "where the eyes are is not known"),
        (wanted(HeadPose(33.0, 0.0, 0.0)), "the head is turned by 33 degrees"),
        (wanted(HeadPose(0.0, -31.0, 0.0)), "the head is turned by 31 degrees"),
        (wanted(scale=150.0), "px wide, 9 are needed"),
        (wanted(middle=(5.0, 120.0)), "at the border of the picture"),
        (wanted(refused={KEY: "a picture of a face"}), "a picture of a face"),
        (wanted(refused={"eyes": "read from depth, which does not show whether eyes are open"}), "read from depth"),
    ],
)
def test_where_no_eye_is_seen_there_is_no_face_and_a_reason(face: Wanted, why: str) -> None:
    found = made(face)
    assert isinstance(found, str)
    assert why in found


@pytest.mark.parametrize(
    ("level", "why"), [(255, "100 % of the eye is white or black"), (0, "100 %"), (100, "no contrast")]
)
def test_a_blank_eye_makes_no_face(level: int, why: str) -> None:
    found = made(wanted(), np.full_like(LUMA, level), np.full_like(PICTURE, level))
    assert isinstance(found, str)
    assert why in found


def test_without_a_picture_there_is_none() -> None:
    assert made(wanted(), None, None) == "there is no picture to make it from"


def test_all_eyes_are_one_call_and_a_resting_model_is_not_asked() -> None:
    stub = StubEyeToFace()
    generator = Generator(replace(models(), eye_to_face=cast(EyeToFace, stub)), ON)
    faces = [wanted(), wanted(HeadPose(60.0, 0.0, 0.0)), wanted(scale=500.0)]
    found = generator(LUMA, None, faces, color=PICTURE)
    assert [len(images) for images, _ in found] == [1, 0, 1]
    assert [len(call) for call in stub.calls] == [2]
    assert stub.lefts == [True, True]
    assert set(generator.seconds) == {"eye_to_face"}
    resting = generator(LUMA, None, faces, rests={"eye_to_face"}, color=PICTURE)
    assert {reasons[KEY] for _, reasons in resting} == {NOT_NOW}
    assert len(stub.calls) == 1


def test_the_process_hands_the_color_picture_on_and_the_relief_stays_what_it_is() -> None:
    config = PipelineConfig(generate=GenerateConfig(face_from_eye=True))
    still = scene(0, [(0.1, -0.05, 0.8)])
    gray = np.asarray(still.frames["gray"].pixels)
    info = replace(GRAY, name="color", kind=StreamKind.COLOR)
    # Reddish, so that a face made from luma would be another.
    tinted = np.dstack([np.minimum(gray.astype(int) + 40, 255).astype(np.uint8), gray, gray // 2])
    tinted[::3] = tinted[::3] // 2  # the heads of these scenes have no pattern of their own
    frames = {"color": Frame(info, tinted, 0, 0, 0), "depth": still.frames["depth"]}
    process = Process([info, DEPTH], models(), config)
    assert process.paced == ("eye_to_face", "gray_to_depth", "depth_to_color", "face_landmarks")
    (face,) = process(FrameSet(0, 0, frames)).faces
    assert [image.name for image in face.generated] == ["relief", "color", "face from eye"]
    r, g, b = face.generated[2].pixels[0, 0].astype(int)
    assert r > g > b
    (plain,) = Process([info, DEPTH], models())(FrameSet(0, 0, frames)).faces
    assert [image.digest() for image in plain.generated] == [image.digest() for image in face.generated[:2]]
    assert KEY not in plain.invalid


def test_of_the_bundled_driver_a_face_is_made_when_she_looks_ahead_and_not_when_she_looks_away() -> None:
    config = PipelineConfig.model_validate({"generate": {"relief": False, "color": False, "face_from_eye": True}})
    loaded = load_models("onnxruntime", names=["face_landmarks", FINDER, "eye_to_face"])
    try:
        with SessionReader(bundled_session("night-drive")) as reader:
            steps = Process(reader.streams, loaded, config)
            sets = all_frame_sets(reader, reader.streams, config.synchronize)
            seen = [steps(one) for one in islice(sets, 66, 84)]
    finally:
        loaded.close()
    faces = [face for observation in seen for face in observation.faces]
    got = {True: 0, False: 0}
    for face in faces:
        assert face.pose is not None
        images = [image for image in face.generated if image.name == FACE_FROM_EYE]
        assert bool(images) != bool(face.invalid.get(KEY)), "either a face or a reason"
        got[bool(images)] += 1
        if images:
            assert max(abs(face.pose.yaw_deg), abs(face.pose.pitch_deg)) <= 25
            assert images[0].pixels.std() > 10
            assert images[0].model.startswith("eye_to_face ")
    assert got[True] > 5
    assert got[False] > 3
