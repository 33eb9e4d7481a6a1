"""What is drawn over the pictures, and that no generated image comes without its mark."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from drivers.distortion import FISHEYE
from drivers.frame import FrameFlag, FrameSet, Intrinsics
from pipeline.labels import GENERATED, GRAY, ORANGE, WHITE, fit_size, mark_generated, put_text, shorten, text_box
from pipeline.overlay import (
    DETAILED,
    Dots,
    Inset,
    Line,
    OverlayOptions,
    Rectangle,
    Text,
    doubt_of,
    draw_plan,
    frame_notes,
    map_box,
    paint,
    reasons_of,
)
from pipeline.primitives import Edge
from pipeline.steps.follow import EYES_NOT_TOLD, followed_words
from recordings.observation import Box, HeadPose, Landmarks
from tests.pipeline.pictures import COLOR, DEPTH, THERMAL, face, frame, frame_set, generated, observation


def _of(plan, kind, stream="color"):  # type: ignore[no-untyped-def]  # a test's filter
    return [p for p in plan if isinstance(p, kind) and p.stream == stream]


def test_a_face_gets_a_box_a_label_with_distance_and_68_landmarks() -> None:
    plan = draw_plan(frame_set(), observation(face(3)))
    assert _of(plan, Rectangle)
    words = [t.text for t in _of(plan, Text)]
    assert any("#3" in w and "1.00 m" in w and "90 %" in w for w in words)
    assert sum(len(dots.points) for dots in _of(plan, Dots)) == 68


def test_unsure_landmarks_are_hollow_and_sure_ones_filled() -> None:
    landmarks = face().landmarks
    assert landmarks is not None
    dots = _of(draw_plan(frame_set(), observation(face())), Dots)
    hollow = np.concatenate([d.points for d in dots if not d.filled])
    assert np.array_equal(hollow, landmarks.points[landmarks.confidence < 0.5])
    filled = np.concatenate([d.points for d in dots if d.filled])
    assert {tuple(p) for p in filled.tolist()} == {
        tuple(p) for p in landmarks.points[landmarks.confidence >= 0.5].tolist()
    }
    assert {d.color for d in dots if not d.filled} == {ORANGE}
    assert {d.color for d in dots if d.filled} == {WHITE}


@pytest.mark.parametrize(
    ("option", "kind"),
    [("landmarks", Dots), ("box", Rectangle)],
)
def test_each_part_can_be_switched_off(option: str, kind: type) -> None:
    options = dataclasses.replace(OverlayOptions(), **{option: False})
    assert not _of(draw_plan(frame_set(), observation(face()), options), kind)


def test_the_nose_axis_of_a_face_turned_to_its_own_left_points_to_image_right_and_toward_the_camera() -> None:
    plan = draw_plan(frame_set(), observation(face(pose=HeadPose(40.0, 0.0, 0.0))))
    (nose,) = [line for line in _of(plan, Line) if line.arrow]
    assert nose.x1 > nose.x0 + 5
    assert abs(nose.y1 - nose.y0) < 2


def test_a_face_that_looks_up_has_its_nose_axis_pointing_up() -> None:
    plan = draw_plan(frame_set(), observation(face(pose=HeadPose(0.0, 30.0, 0.0), head_center_m=None)))
    (nose,) = [line for line in _of(plan, Line) if line.arrow]
    assert nose.y1 < nose.y0 - 5


def test_a_face_is_drawn_on_registered_depth_at_the_same_pixels() -> None:
    plan = draw_plan(frame_set(), observation(face()))
    here, there = _of(plan, Rectangle, "color")[0], _of(plan, Rectangle, "depth")[0]
    assert (here.x, here.y, here.w, here.h) == (there.x, there.y, there.w, there.h)


def test_a_face_is_found_in_another_cameras_picture_through_space() -> None:
    box = map_box(face(), COLOR, THERMAL)
    assert box is not None
    # The thermal camera stands 0.1 m to the right: x = -0.14 m there, f = 130 px, so u = 79.5 - 18.2 px.
    assert box.center[0] == pytest.approx(79.5 - 130 * 0.14)
    assert box.center[1] == pytest.approx(59.5 + 130 * 0.02)
    assert box.w == pytest.approx(130 * 0.32)


FISHEYE_LENS = Intrinsics(320, 240, 110.0, 110.0, 159.5, 119.5, (-0.03, 0.004, -0.002, 0.0003), FISHEYE)


def test_in_a_distorted_picture_the_box_and_the_axes_lie_where_the_lens_shows_the_head() -> None:
    fisheye = dataclasses.replace(COLOR, intrinsics=FISHEYE_LENS, name="wide")
    center = np.array([(0.8, 0.02, 0.6)])  # 53 degrees aside
    (shown,) = FISHEYE_LENS.project(center, distort=True)
    box = map_box(face(head_center_m=tuple(center[0])), COLOR, fisheye)
    assert box is not None
    assert box.x < shown[0] < box.x + box.w
    assert box.center[1] == pytest.approx(shown[1], abs=2)
    assert box.w < 0.6 * FISHEYE_LENS.fx * 0.32 / 0.6, "aside, a fisheye shows things smaller"
    barrel = Intrinsics(320, 240, 150.0, 150.0, 159.5, 119.5, (-0.3, 0.0, 0.0, 0.0))  # its formula ends at 46 degrees
    assert map_box(face(head_center_m=(1.2, 0.0, 1.0)), COLOR, dataclasses.replace(fisheye, intrinsics=barrel)) is None
    home = dataclasses.replace(COLOR, intrinsics=FISHEYE_LENS)
    there = observation(face(head_center_m=tuple(center[0]), pose=HeadPose(-50.0, 0.0, 0.0)))
    (nose,) = [line for line in _of(draw_plan(frame_set(home), there), Line) if line.arrow]
    assert (nose.x0, nose.y0) == pytest.approx(tuple(shown))
    tip = center[0] - 0.11 * HeadPose(-50.0, 0.0, 0.0).rotation()[:, 2]
    assert (nose.x1, nose.y1) == pytest.approx(tuple(FISHEYE_LENS.project(tip, distort=True)[0]))


def test_a_face_without_a_place_in_space_is_not_guessed_into_another_picture() -> None:
    assert map_box(face(head_center_m=None), COLOR, THERMAL) is None
    uncalibrated = dataclasses.replace(THERMAL, intrinsics=None)
    assert map_box(face(), COLOR, uncalibrated) is None
    assert map_box(face(head_center_m=(0.0, 0.0, -1.0)), COLOR, THERMAL) is None


def test_a_face_of_a_stream_that_is_not_in_the_frame_set_is_left_out() -> None:
    assert not draw_plan(frame_set(DEPTH), observation(face()))


def test_reasons_are_told_when_something_is_not_known() -> None:
    blind = face(landmarks=None, pose=None, invalid={"landmarks": "presence 0.20 is below 0.50"})
    words = " ".join(t.text for t in _of(draw_plan(frame_set(), observation(blind)), Text))
    assert "no landmarks: presence 0.20" in words
    silent = draw_plan(frame_set(), observation(blind), OverlayOptions(reasons=False))
    assert "presence" not in " ".join(t.text for t in _of(silent, Text))


def test_flags_of_frames_and_the_status_of_the_observation_are_told() -> None:
    stale = FrameSet(1, 0, {"color": frame(COLOR, flags=FrameFlag.STALE | FrameFlag.DROPPED_BEFORE)})
    words = " ".join(t.text for t in _of(draw_plan(stale, observation(status="no image stream")), Text))
    assert "STALE" in words
    assert "lost" in words
    assert "no image stream" in words


def test_landmarks_that_are_not_numbers_are_not_drawn_and_do_not_harm() -> None:
    points = np.full((68, 2), np.nan, np.float32)
    broken = face(landmarks=Landmarks(points, np.full(68, np.nan, np.float32)))
    plan = draw_plan(frame_set(), observation(broken))
    assert not _of(plan, Dots)
    paint(np.zeros((240, 320, 3), np.uint8), plan, stream="color")


def test_every_generated_image_is_an_inset_that_says_so() -> None:
    insets = _of(draw_plan(frame_set(), observation(face()), OverlayOptions(generated=True)), Inset)
    assert len(insets) == 2
    assert all(i.generated for i in insets)


@pytest.mark.parametrize("name", ["color", "relief"])
@pytest.mark.parametrize("size", [8, 30, 56, 100, 300])
def test_a_black_generated_image_still_shows_the_word(name: str, size: int) -> None:
    """The mark's own color is on the pixels, over at least half of the picture's width, at every size."""
    picture = Inset("color", 0, 0, size, generated(0, name)).picture(size)
    inner = picture[2:-2, 2:-2].astype(int)
    ink = np.abs(inner - np.array(ORANGE)).sum(axis=2) < 60
    columns = np.flatnonzero(ink.any(axis=0))
    assert columns.size > 10
    assert columns.max() - columns.min() > 0.5 * inner.shape[1]


def test_the_word_on_the_pixels_is_generated() -> None:
    """The band equals one in which the same function writes the word, and differs from one with another word."""
    marked = mark_generated(np.zeros((128, 128, 3), np.uint8))
    font = fit_size(GENERATED, 120, min(22.0, 12.8))
    box = text_box(GENERATED, font)
    band = box.height + max(6, round(font * 0.6))

    def written(word: str):  # type: ignore[no-untyped-def]  # a test's helper
        canvas = np.zeros((128, 128, 3), np.uint8)
        canvas[128 - band :] = marked[128 - 2, 2]
        put_text(canvas, word, (128 - box.width) / 2, 128 - (band - box.height) / 2, font, ORANGE)
        return canvas[2:-2, 2:-2]

    assert np.array_equal(written(GENERATED)[-band:], marked[2:-2, 2:-2][-band:])
    assert not np.array_equal(written("MEASURED!")[-band:], marked[2:-2, 2:-2][-band:])


def test_no_option_and_no_argument_can_take_the_word_away() -> None:
    canvas = np.zeros((240, 320, 3), np.uint8)
    for everything_else_off in (False, True):
        options = OverlayOptions(
            **{f.name: not everything_else_off for f in dataclasses.fields(OverlayOptions) if f.type == "bool"}
        )
        plan = draw_plan(frame_set(), observation(face()), dataclasses.replace(options, generated=True))
        canvas[:] = 0
        paint(canvas, [p for p in plan if isinstance(p, Inset)])
        ink = np.abs(canvas.astype(int) - np.array(ORANGE)).sum(axis=2) < 60
        assert ink.sum() > 200


def test_an_inset_larger_than_the_picture_still_carries_its_mark() -> None:
    canvas = np.zeros((40, 40, 3), np.uint8)
    paint(canvas, [Inset("color", -500, 900, 300, generated(0))])
    assert canvas.any()


def test_painting_reaches_outside_the_picture_without_harm() -> None:
    canvas = np.zeros((60, 80, 3), np.uint8)
    far = 1e9
    paint(
        canvas,
        [
            Line("s", -far, -far, far, far, (255, 0, 0)),
            Dots("s", np.array([(-50, 900), (1e9, -1e9)], np.float32), 3, (255, 0, 0)),
            Rectangle("s", -far, -5, far * 2, 5000, (0, 255, 0)),
            Rectangle("s", -far, -5, far * 2, 5000, (0, 255, 0), edge=Edge.DASHED),
            Text("s", -900, 9000, "a label at the edge"),
        ],
    )
    assert canvas.any()


def test_an_enlarged_picture_gets_the_overlay_at_the_enlarged_place() -> None:
    canvas = np.zeros((400, 400, 3), np.uint8)
    paint(canvas, [Dots("s", np.array([(10.0, 20.0)], np.float32), 1.0, (255, 255, 255))], scale=10.0)
    ys, xs = np.nonzero(canvas.max(axis=2) > 200)
    assert xs.mean() == pytest.approx(104.5, abs=1.0)
    assert ys.mean() == pytest.approx(204.5, abs=1.0)


def test_text_fits_and_is_shortened() -> None:
    size = fit_size("GENERATED", 60, 30)
    assert text_box("GENERATED", size).width <= 60
    assert shorten("a long reason that does not fit", 80, 14).endswith("..")
    assert not math.isnan(text_box("12.5 °C", 20).width)
    assert text_box("12°", 20).width > text_box("12", 20).width


PICTURE = "a picture of a face: the surface is flat to 0.5 mm"


def test_what_is_no_real_face_is_gray_and_dashed_with_the_reason() -> None:
    doubted = face(invalid={"face": PICTURE, "pose": PICTURE, "eyes": PICTURE}, eyes=None, generated=())
    plan = draw_plan(frame_set(), observation(doubted), OverlayOptions(generated=True))
    for stream in ("color", "depth", "thermal"):
        (box,) = _of(plan, Rectangle, stream)
        assert (box.edge, box.color) == (Edge.DASHED, GRAY)
        assert len(box.lines()) > 20
        assert any("no real face" in t.text for t in _of(plan, Text, stream) if t.text.startswith("#1"))
    words = [t.text for t in _of(plan, Text)]
    assert words.count(PICTURE) == 1
    assert not any("yaw" in w for w in words)
    assert {d.color for d in _of(plan, Dots)} == {GRAY}
    assert not any(d.filled for d in _of(plan, Dots))
    assert not any(line.arrow for line in _of(plan, Line))
    paint(np.zeros((240, 320, 3), np.uint8), plan, stream="color")


def test_landmarks_that_are_not_believed_are_drawn_so() -> None:
    cut = "cut by the border: 30 % of the face lie outside"
    doubted = face(invalid={"landmarks": cut, "pose": cut, "eyes": cut}, eyes=None)
    plan = draw_plan(frame_set(), observation(doubted))
    words = [t.text for t in _of(plan, Text)]
    assert any("not believed" in w for w in words)
    assert words.count(cut) == 1
    assert {d.color for d in _of(plan, Dots)} == {GRAY}


def test_a_face_that_is_followed_is_believed_but_what_moved_with_it_is_gray_and_says_why() -> None:
    words = followed_words(2)
    followed = face(eyes=None, invalid={"landmarks": words, "pose": words, "eyes": EYES_NOT_TOLD})
    plan = draw_plan(frame_set(), observation(followed))
    assert doubt_of(followed) == ""
    assert _of(plan, Rectangle), "the box is whole: it must not flicker at camera rate"
    texts = [t.text for t in _of(plan, Text)]
    assert texts.count(words) == 1
    assert not any("not believed" in t for t in texts)
    assert {(d.color, d.filled) for d in _of(plan, Dots)} == {(GRAY, False)}
    assert {line.color for line in _of(plan, Line) if line.arrow} == {GRAY}
    worse = face(eyes=None, invalid=dict.fromkeys(("landmarks", "pose"), f"too far: 3 px; {words}"))
    assert doubt_of(worse) == f"too far: 3 px; {words}"


def test_a_face_without_doubts_is_not_drawn_as_one_with() -> None:
    blind = face(landmarks=None, pose=None, eyes=None, invalid={"landmarks": "no model", "distance_m": "no depth"})
    for one in (face(), blind):
        plan = draw_plan(frame_set(), observation(one))
        assert _of(plan, Rectangle)
        assert GRAY not in {p.color for p in plan if isinstance(p, Line | Dots)}
        assert doubt_of(one) == ""


def test_reasons_tell_what_is_missing_from_what_is_unsure() -> None:
    one = face(eyes=None, invalid={"pose": "too far", "eyes": "too far", "generated.relief": "too dark"})
    assert reasons_of(one) == ["unsure pose; no eyes: too far", "no generated relief: too dark"]
    assert reasons_of(one, hidden=("generated",)) == ["unsure pose; no eyes: too far"]
    assert reasons_of(face(invalid={"face": PICTURE, "pose": PICTURE})) == [f"no real face: {PICTURE}"]


def test_a_thermal_picture_in_8_bits_says_that_it_has_no_temperatures() -> None:
    (note,) = frame_notes(frame(THERMAL, 100))
    assert "no temperatures" in note
    assert frame_notes(frame(THERMAL, 30_000)) == []


def test_of_a_crowd_the_nearest_are_told_and_the_rest_have_box_and_id() -> None:
    crowd = [face(i, box=Box(4.0 * i, 10.0, 10.0 + 0.2 * i, 12.0 + 0.2 * i)) for i in range(1, 51)]
    plan = draw_plan(frame_set(), observation(*crowd))
    stream = crowd[0].stream
    here = [p for p in plan if p.stream == stream]
    assert sum(isinstance(p, Rectangle) for p in here) == 50, "none is left out"
    texts = {p.text for p in here if isinstance(p, Text)}
    assert {f"#{i}" for i in range(1, 51 - DETAILED)} <= texts
    assert not any(f"#{i}" in texts for i in range(51 - DETAILED, 51)), "the nearest say more than their ids"
    most = draw_plan(frame_set(), observation(*crowd[-DETAILED:]))
    assert sum(isinstance(p, Dots) for p in plan) == sum(isinstance(p, Dots) for p in most)
    silent = draw_plan(frame_set(), observation(*crowd), OverlayOptions(id=False))
    assert not {p.text for p in silent if isinstance(p, Text)} & {f"#{i}" for i in range(1, 51)}
