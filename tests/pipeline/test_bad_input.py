"""What no camera should give: nothing breaks, and nothing is said with a confidence that it does not deserve.

Every case is made of one good FrameSet of the bundled session, with the shipped models; the untouched face is the
control.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from drivers.frame import FrameSet
from engines.loading import Models, load_models
from pipeline.colormap import range_in_units, range_of
from pipeline.config import PipelineConfig
from pipeline.overlay import doubt_of, draw_plan, frame_notes
from pipeline.primitives import Text
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from recordings.observation import Face
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from tests.pipeline.bad_frames import (
    PALETTES,
    gained,
    held_picture,
    holed,
    moved_to,
    nearest,
    palette_camera,
    palette_luma,
    shifted,
    shown,
    thermal_alone,
    with_pixels,
)


@dataclass(frozen=True)
class Good:
    """A FrameSet with one face that looks here with open eyes, and what the pipeline says of it."""

    frame_set: FrameSet
    face: Face


@pytest.fixture(scope="module")
def models() -> Iterator[Models]:
    """The shipped models."""
    loaded = load_models("onnxruntime", threads=1)
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def good(models: Models) -> Good:
    with SessionReader(bundled_session()) as reader:
        process = Process(reader.streams, models)
        for frame_set in all_frame_sets(reader, reader.streams, PipelineConfig().synchronize):
            for face in process(frame_set).faces:
                pose, eyes = face.pose, face.eyes
                if (
                    pose is not None
                    and eyes is not None
                    and abs(pose.yaw_deg) < 12
                    and min(eyes.right, eyes.left) > 0.6
                ):
                    return Good(frame_set, face)
    raise AssertionError("the bundled session shows nobody who looks into the camera with open eyes")


def the_face(frame_set: FrameSet, models: Models, times: int = 4) -> Face:
    """The one face of a still scene."""
    faces = shown(frame_set, models, times)[-1].faces
    assert len(faces) == 1
    return faces[0]


# -- the control ------------------------------------------------------------------------------------------------------


def test_the_untouched_face_is_believed_in_everything(good: Good, models: Models) -> None:
    face = the_face(good.frame_set, models)
    assert face.invalid == {}
    assert face.confidence > 0.95
    assert doubt_of(face) == ""
    assert face.eyes is not None
    assert len(face.generated) == 2


def test_nobody_in_the_bundled_sessions_is_called_a_picture(models: Models) -> None:
    """Heads turned, masked, far, with hands and glasses: every sixth FrameSet of both."""
    seen = 0
    for name in ("night-drive", "night-street"):
        with SessionReader(bundled_session(name)) as reader:
            process = Process(reader.streams, models)
            for index, frame_set in enumerate(all_frame_sets(reader, reader.streams, PipelineConfig().synchronize)):
                if index % 6 == 0:
                    faces = [face for face, _ in process.look(frame_set).faces]
                    assert [f.invalid["face"] for f in faces if "face" in f.invalid] == [], (name, index)
                    seen += len(faces)
    assert seen > 25


# -- cut by the border ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.33, 0.5])
@pytest.mark.parametrize("side", ["left", "right", "bottom"])
def test_a_face_cut_by_the_border_is_not_believed(good: Good, models: Models, side: str, share: float) -> None:
    box = good.face.box
    height, width = good.frame_set.frames["infrared"].pixels.shape
    move = {
        "left": (-round(box.x + share * box.w), 0),
        "right": (round(width - box.x - (1 - share) * box.w), 0),
        "bottom": (0, round(height - box.y - (1 - share) * box.h)),
    }[side]
    faces = shown(shifted(good.frame_set, *move), models, 4)[-1].faces
    assert len(faces) == 1 or share > 0.4, "two thirds of a face are seen, and said to be cut"
    for face in faces:
        assert face.confidence < 0.8
        assert {"landmarks", "pose", "eyes"} <= set(face.invalid)
        assert "border" in face.invalid["pose"]
        assert face.eyes is None
        assert face.generated == ()
        assert doubt_of(face)


def test_eyes_above_the_border_are_not_called_closed(good: Good, models: Models) -> None:
    """The model, which saw half an eye, said 4 % open."""
    box = good.face.box
    for share in (0.33, 0.4, 0.5):
        for face in shown(shifted(good.frame_set, 0, -round(box.y + share * box.h)), models, 4)[-1].faces:
            assert face.eyes is None
            assert face.confidence < 0.8


def test_a_face_near_the_border_is_still_believed(good: Good, models: Models) -> None:
    face = the_face(shifted(good.frame_set, -round(good.face.box.x - 6), 0), models)
    assert face.eyes is not None
    assert face.confidence > 0.9
    assert doubt_of(face) == ""


# -- no valid depth ---------------------------------------------------------------------------------------------------


def test_without_depth_at_the_face_there_is_no_distance_and_less_confidence(good: Good, models: Models) -> None:
    face = the_face(holed(good.frame_set, good.face.box), models)
    assert (face.distance_m, face.head_center_m) == (None, None)
    assert "no depth reading" in face.invalid["distance_m"]
    assert [g.name for g in face.generated] == ["relief"]
    assert "no depth reading" in face.invalid["generated.color"]
    assert face.confidence < 0.9


def test_depth_that_goes_away_leaves_no_old_distance(good: Good, models: Models) -> None:
    seen = shown(holed(good.frame_set, good.face.box), models, 4, first=good.frame_set)
    assert [[f.distance_m for f in o.faces] for o in seen] == [[None]] * 4


# -- saturated or black gray ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0, 255])
def test_a_blind_infrared_gives_neither_eyes_nor_a_relief(good: Good, models: Models, level: int) -> None:
    blind = np.full_like(good.frame_set.frames["infrared"].pixels, level)
    face = the_face(with_pixels(good.frame_set, infrared=blind), models)  # its depth is still read
    assert face.eyes is None
    assert "depth" in face.invalid["eyes"]
    assert [g.name for g in face.generated] == ["color"]
    assert "white or black" in face.invalid["generated.relief"]
    assert face.confidence < 0.9
    assert face.distance_m == pytest.approx(good.face.distance_m, abs=0.02)


@pytest.mark.parametrize("level", [0, 255])
def test_a_blind_infrared_without_depth_shows_nobody(good: Good, models: Models, level: int) -> None:
    blind = np.full_like(good.frame_set.frames["infrared"].pixels, level)
    nothing = np.zeros_like(good.frame_set.frames["depth"].pixels)
    blinded = with_pixels(good.frame_set, infrared=blind, depth=nothing)
    assert shown(blinded, models, 4, first=good.frame_set)[-1].faces == ()


@pytest.mark.parametrize("gain", [6.0, 8.0, 12.0])
def test_a_face_washed_out_by_glare_is_not_believed(good: Good, models: Models, gain: float) -> None:
    for face in shown(with_pixels(gained(good.frame_set, gain), depth=None), models)[-1].faces:
        assert face.confidence < 0.6
        assert "white" in face.invalid["landmarks"]
        assert face.eyes is None
        assert face.generated == ()


def test_a_glaring_face_is_read_from_depth_where_there_is_some(good: Good, models: Models) -> None:
    face = the_face(gained(good.frame_set, 8.0), models)
    assert face.eyes is None
    assert face.confidence < 0.9
    assert face.pose is not None
    assert good.face.pose is not None
    assert face.pose.yaw_deg == pytest.approx(good.face.pose.yaw_deg, abs=8.0)


def test_a_brightly_lit_face_is_still_believed(good: Good, models: Models) -> None:
    face = the_face(gained(good.frame_set, 1.5), models)
    assert face.confidence > 0.9
    assert face.eyes is not None


# -- a palette where counts were expected -----------------------------------------------------------------------------


def test_thermal_counts_are_temperatures(good: Good, models: Models) -> None:
    frame_set = thermal_alone(good.frame_set)
    frame = frame_set.frames["thermal"]
    low, high, unit = range_in_units(frame.info, range_of(frame))
    assert unit == "°C"
    assert -30 < low < high < 60
    assert frame_notes(frame) == []
    for face in shown(frame_set, models, 4)[-1].faces:
        assert "temperature" not in face.invalid


@pytest.mark.parametrize("palette", PALETTES)
def test_a_palette_in_place_of_counts_is_no_temperature(good: Good, models: Models, palette: str) -> None:
    control = thermal_alone(good.frame_set)
    trusted = max(f.confidence for f in shown(control, models, 4)[-1].faces)
    frame_set = thermal_alone(good.frame_set, lambda counts: palette_luma(counts, palette))
    frame = frame_set.frames["thermal"]
    assert range_in_units(frame.info, range_of(frame))[2] == "counts"
    assert any("no temperatures" in note for note in frame_notes(frame))
    for face in shown(frame_set, models, 4)[-1].faces:
        assert "8-bit" in face.invalid["temperature"]
        assert face.eyes is None
        assert face.confidence < 0.85 * trusted


def test_counts_without_a_map_to_kelvin_are_no_temperatures(good: Good, models: Models) -> None:
    face = the_face(thermal_alone(good.frame_set, kelvin=None), models)
    assert "not radiometric" in face.invalid["temperature"]


@pytest.mark.parametrize("palette", ["iron", "rainbow"])
def test_a_thermal_picture_from_a_colour_camera_is_no_light(good: Good, models: Models, palette: str) -> None:
    for face in shown(palette_camera(good.frame_set, palette), models, 4)[-1].faces:
        assert face.confidence < 0.8
        assert face.eyes is None
        assert "false colours" in face.invalid["eyes"]
        assert face.generated == ()


# -- far away ---------------------------------------------------------------------------------------------------------


def test_eyes_of_a_face_at_4_m_are_not_told(good: Good, models: Models) -> None:
    assert good.face.distance_m is not None
    face = the_face(moved_to(good.frame_set, 4000.0, good.face.distance_m * 1000.0), models)
    assert face.distance_m == pytest.approx(4.0, abs=0.1)
    assert face.eyes is None
    assert "too far" in face.invalid["eyes"]
    assert face.confidence < 0.85
    assert face.generated == ()


def test_landmarks_of_a_face_still_farther_are_not_believed(good: Good, models: Models) -> None:
    assert good.face.distance_m is not None
    far = with_pixels(moved_to(good.frame_set, 5500.0, good.face.distance_m * 1000.0), depth=None)
    face = the_face(far, models)
    assert "too far" in face.invalid["landmarks"]
    assert face.confidence < 0.65
    assert doubt_of(face)


def test_a_face_at_1_5_m_is_still_believed(good: Good, models: Models) -> None:
    assert good.face.distance_m is not None
    face = the_face(moved_to(good.frame_set, 1500.0, good.face.distance_m * 1000.0), models)
    assert face.confidence > 0.9
    assert face.eyes is not None


# -- a picture of a face ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width_mm", "tilt", "bend_mm"),
    [
        (55.0, (0.1, -0.15), 0.0),  # on a phone: too small at its distance to be a face at all
        (110.0, (0.1, -0.15), 0.0),  # on a tablet
        (150.0, (0.0, 0.0), 0.0),  # life size
        (150.0, (0.3, 0.2), 0.0),
        (150.0, (0.1, -0.1), 25.0),  # on a bent sheet
    ],
)
def test_a_picture_of_a_face_is_no_face_and_the_man_beside_it_is(
    good: Good, models: Models, width_mm: float, tilt: tuple[float, float], bend_mm: float
) -> None:
    frame_set, at = held_picture(good.frame_set, good.face.box, width_mm, tilt=tilt, bend_mm=bend_mm)
    seen = shown(frame_set, models, 4)[-1]
    picture = nearest(seen, at, within=40.0)
    assert picture is not None or width_mm < 150
    if picture is not None:
        assert "picture" in picture.invalid["face"]
        assert picture.confidence < 0.4
        assert picture.eyes is None
        assert picture.generated == ()
        assert {"face", "pose", "eyes"} <= set(picture.invalid)
    man = nearest(seen, good.face.box.center, within=20.0)
    assert man is not None
    assert man.invalid == {}
    assert man.confidence > 0.9


@pytest.mark.parametrize("width_mm", [55.0, 110.0])
def test_without_depth_the_picture_on_a_phone_passes_and_nobody_says_that_it_lives(
    good: Good, models: Models, width_mm: float
) -> None:
    """The control of the phone above (depth is what tells it), and all that one camera of light can say."""
    frame_set, at = held_picture(good.frame_set, good.face.box, width_mm)
    picture = nearest(shown(with_pixels(frame_set, depth=None), models, 4)[-1], at, within=40.0)
    assert picture is not None
    assert picture.distance_m is None
    alive = picture.signals["liveness"]
    assert alive.confidence == 0
    assert "no depth sensor" in alive.reason


def test_the_life_size_picture_is_found_and_said_to_be_one(good: Good, models: Models) -> None:
    """Else the test above could not fail."""
    frame_set, at = held_picture(good.frame_set, good.face.box, 150.0)
    seen = shown(frame_set, models, 4)[-1]
    picture = nearest(seen, at, within=40.0)
    assert picture is not None
    words = [p.text for p in draw_plan(frame_set, seen) if isinstance(p, Text)]
    assert any(f"#{picture.id} " in w and "no real face" in w for w in words)
    assert any("a picture of a face" in w for w in words)
