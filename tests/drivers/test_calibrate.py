"""Calibration from rendered boards: what comes out is what the pictures were made with."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.boards import Board, board_of
from drivers.boards_find import gray_of
from drivers.calibrate_lens import MODELS, LensCalibration, calibrate_lens
from drivers.calibrate_report import CalibrationReport, draw_coverage, write_report
from drivers.calibrate_rig import calibrate_rig, together_seen
from drivers.calibrate_views import View, look, missing, pick_views
from drivers.errors import CalibrationError
from drivers.frame import Extrinsics, Intrinsics
from tests.drivers.calibration_boards import Hold, as_gray, holds, see

CHESS = board_of("chessboard", "9x6", 25.0)
CHARUCO = board_of("charuco", "8x6", 30.0)
ARUCO = board_of("aruco", "5x4", 40.0)
CIRCLES = board_of("circles", "7x5", 30.0)
ACIRCLES = board_of("acircles", "4x11", 20.0)
EYE = Intrinsics(320, 240, 260.0, 261.0, 163.0, 118.0, (-0.25, 0.09, 0.0008, -0.0005))
INFRARED = Intrinsics(256, 212, 182.0, 182.5, 129.0, 104.0, (0.09, -0.15, 0.0, 0.0))
HEAT = Intrinsics(160, 120, 150.0, 150.5, 81.0, 58.0, (-0.2, 0.05, 0.0, 0.0))
WIDE = Intrinsics(320, 240, 160.0, 160.5, 163.0, 118.0, (0.02, -0.01, 0.002, 0.0), "fisheye")


def turned(x: float, y: float, z: float) -> np.ndarray:
    return np.asarray(cv2.Rodrigues(np.radians([x, y, z]))[0])


PLACES = {
    "eye": Extrinsics(),
    "infrared": Extrinsics.from_arrays(turned(1.0, -4.0, 0.5), [0.08, -0.01, 0.005]),
    "heat": Extrinsics.from_arrays(turned(-2.0, 3.0, 1.0), [-0.05, 0.03, 0.0]),
}
LENSES = {"eye": EYE, "infrared": INFRARED, "heat": HEAT}


def shown(
    board: Board, lens: Intrinsics, hold: Hold, name: str, stream: str, number: int, **more: float
) -> View | None:
    if lens is HEAT:
        counts = see(board, hold, lens, PLACES[stream], noise=6.0, levels=(30_120.0, 30_000.0, 29_950.0), seed=number)
        gray = gray_of(counts.astype(np.uint16))
    else:
        gray = as_gray(see(board, hold, lens, PLACES[stream], samples=2, seed=number, **more))
    return look(board, gray, name, stream, number * 10**9)


@functools.cache
def views_of(board: Board, stream: str, lens: Intrinsics, count: int, seen_by: Intrinsics) -> tuple[View, ...]:
    every = [
        shown(board, lens, hold, f"view {i}", stream, i)
        for i, hold in enumerate(holds(board, seen_by, count, fill=0.6))
    ]
    return tuple(v for v in every if v is not None)


def eye_views(board: Board = CHARUCO, count: int = 16) -> tuple[View, ...]:
    return views_of(board, "eye", EYE, count, EYE)


def assert_is(found: LensCalibration, truth: Intrinsics, rms_px: float) -> None:
    k = found.intrinsics
    assert (k.width, k.height, k.model) == (truth.width, truth.height, truth.model)
    assert k.fx == pytest.approx(truth.fx, rel=0.01)
    assert k.fy == pytest.approx(truth.fy, rel=0.01)
    assert np.hypot(k.cx - truth.cx, k.cy - truth.cy) < 0.01 * truth.width
    assert found.rms_px < rms_px
    v, u = np.mgrid[
        truth.height // 6 : truth.height : truth.height // 3, truth.width // 6 : truth.width : truth.width // 3
    ]
    pixels = np.stack([u, v], axis=-1).reshape(-1, 2).astype(float)
    rays = truth.back_project(pixels, 1.0, undistort=True)
    apart = k.project(rays, distort=True) - pixels
    assert np.abs(apart - apart.mean(axis=0)).max() < 0.01 * truth.width, "the whole lens, not its numbers alone"


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "board",
    [CHARUCO, *(pytest.param(board, marks=SLOW) for board in (ACIRCLES, CHESS, ARUCO))],
    ids=lambda b: b.kind.value,
)
def test_the_lens_comes_out_within_a_percent(board: Board) -> None:
    picked = pick_views(eye_views(board))
    found = calibrate_lens(board, picked.views)
    assert_is(found, EYE, 0.3 if board is not ARUCO else 0.6)
    assert len(found.views) >= 12
    assert 0 < found.std["fx"] < 0.01 * EYE.fx
    assert set(found.view_rms_px) == {v.name for v in found.views}


@pytest.mark.parametrize("board", [pytest.param(CIRCLES, marks=SLOW), ACIRCLES], ids=lambda b: b.kind.value)
def test_a_small_thermal_camera_comes_out_within_a_percent(board: Board) -> None:
    found = calibrate_lens(board, pick_views(views_of(board, "eye", HEAT, 16, HEAT)).views)
    assert_is(found, HEAT, 0.3)


@SLOW
def test_a_fisheye_comes_out_as_one() -> None:
    views = views_of(CHARUCO, "eye", WIDE, 20, WIDE)
    found = calibrate_lens(CHARUCO, pick_views(views).views, "fisheye")
    assert_is(found, WIDE, 0.3)
    assert found.std == {}


@pytest.mark.parametrize(("model", "count"), [("pinhole", 0), ("4", 4), ("5", 5), ("8", 8), ("12", 12), ("14", 14)])
def test_the_number_of_coefficients_is_as_asked(model: str, count: int) -> None:
    found = calibrate_lens(CHARUCO, eye_views(), model, limit_px=5.0)
    assert len(found.intrinsics.distortion) == count
    assert found.std["fx"] > 0


def test_more_coefficients_are_taken_only_where_they_explain_more() -> None:
    assert len(calibrate_lens(CHARUCO, eye_views()).intrinsics.distortion) in (4, 5)
    straight = replace(EYE, distortion=())
    found = calibrate_lens(CHARUCO, views_of(CHARUCO, "eye", straight, 14, straight))
    assert len(found.intrinsics.distortion) <= 4
    assert found.intrinsics.distort(np.array([[0.0, 0.0]]))[0] == pytest.approx([0.0, 0.0], abs=1.0)


def test_a_view_that_does_not_fit_is_left_out() -> None:
    views = list(eye_views())
    seen = views[3].seen
    bent = seen.points_px + np.random.default_rng(0).normal(0, 3, seen.points_px.shape)
    views[3] = replace(views[3], seen=replace(seen, points_px=bent))
    found = calibrate_lens(CHARUCO, views)
    assert list(found.removed) == ["view 3"]
    assert "is above" in found.removed["view 3"]
    assert_is(found, EYE, 0.3)


def test_a_limit_that_hardly_any_view_meets_is_refused() -> None:
    with pytest.raises(CalibrationError, match=r"miss by more than 0.001 px .* raise the limit"):
        calibrate_lens(CHARUCO, eye_views(), limit_px=0.001)


def test_too_few_views_are_refused_with_what_to_do() -> None:
    with pytest.raises(CalibrationError, match=r"3 views of the board are too few, 6 is the least.*next: "):
        calibrate_lens(CHARUCO, eye_views()[:3])


def test_parallel_boards_are_refused_with_what_to_do() -> None:
    flat = [Hold(x, y, z, 1.0, -1.0, 3.0) for x in (-0.05, 0.05) for y in (-0.03, 0.03) for z in (0.3, 0.38)]
    views = [shown(CHARUCO, EYE, hold, f"view {i}", "eye", i) for i, hold in enumerate(flat)]
    with pytest.raises(CalibrationError, match=r"do not tell the lens: .* Tilt the board by 20 to 45 degrees"):
        calibrate_lens(CHARUCO, [v for v in views if v is not None])


def test_views_of_two_sizes_and_an_unknown_model_are_refused() -> None:
    small = views_of(CHARUCO, "eye", INFRARED, 8, INFRARED)
    with pytest.raises(CalibrationError, match=r"differ in size \(256x212, 320x240 px\)"):
        calibrate_lens(CHARUCO, [*eye_views(), *small])
    with pytest.raises(CalibrationError, match="no model '6'; there are auto, pinhole"):
        calibrate_lens(CHARUCO, eye_views(), "6")
    assert "fisheye" in MODELS


def test_the_same_view_again_and_a_blurred_one_are_refused() -> None:
    views = eye_views(ACIRCLES)
    again = replace(views[0], name="again", time_ns=99)
    hold = holds(ACIRCLES, EYE, 16, fill=0.6)[5]
    soft = shown(ACIRCLES, EYE, hold, "soft", "eye", 5, blur_px=2.8)
    assert soft is not None
    assert soft.is_blurred
    picked = pick_views([*views, again, soft])
    names = {v.name for v in picked.views}
    assert len({"again", "view 0"} & names) == 1
    assert "soft" not in names
    assert "blurred" in picked.refused["soft"]
    assert "like another view" in picked.refused[({"again", "view 0"} - names).pop()]


def test_a_hand_that_shakes_sideways_is_blur_too() -> None:
    picture = as_gray(see(ACIRCLES, Hold(0.0, 0.0, 0.3), EYE, samples=2))
    sharp = look(ACIRCLES, picture, "sharp", "eye", 0)
    shaken = look(ACIRCLES, np.asarray(cv2.blur(picture, (11, 1)), np.uint8), "shaken", "eye", 1)
    assert sharp is not None
    assert not sharp.is_blurred
    assert shaken is not None
    assert shaken.is_blurred


def test_what_is_wanted_next_is_told_until_nothing_is() -> None:
    assert missing([]) == "show the board"
    straight = shown(CHARUCO, EYE, Hold(0.0, 0.0, 0.35), "0", "eye", 0)
    left = shown(CHARUCO, EYE, Hold(0.0, 0.0, 0.35, 0.0, -25.0), "1", "eye", 1)
    assert straight is not None
    assert left is not None
    assert missing([straight]) == "tilt the board: its right side away from the camera"
    assert left.attitude.tilt_x_deg == pytest.approx(25.0, abs=6.0), "f is guessed"
    assert missing([straight, left]) == "tilt the board: its left side away from the camera"
    everywhere = views_of(CHARUCO, "eye", EYE, 24, EYE)
    assert missing(everywhere) == ""
    upper = [v for v in everywhere if v.attitude.y < 0.5 and v.seen.points_px[:, 1].max() < 160]
    assert "lower" in missing(upper)


def rig_views(board: Board) -> dict[str, tuple[View, ...]]:
    count = 14 if board is ACIRCLES else 24  # the wider board leaves the small picture more often
    return {name: views_of(board, name, lens, count, HEAT) for name, lens in LENSES.items()}


@pytest.mark.parametrize(
    "board", [pytest.param(CIRCLES, marks=SLOW), ACIRCLES], ids=["upside down or not", "one way up"]
)
def test_three_cameras_are_placed_within_two_millimetres(board: Board) -> None:
    views = rig_views(board)
    lenses = {n: calibrate_lens(board, pick_views(v).views).intrinsics for n, v in views.items()}
    rig = calibrate_rig(board, lenses, views, 10**6)
    for name, truth in PLACES.items():
        off_mm = np.subtract(rig.poses[name].translation_m, truth.translation_m) * 1000
        turn = cv2.Rodrigues(rig.poses[name].matrix().T @ truth.matrix())[0]
        assert np.linalg.norm(off_mm) < 2.0
        assert np.degrees(np.linalg.norm(turn)) < 0.2
    assert rig.poses["eye"].is_identity()
    assert all(pair.rms_px < 0.3 for pair in rig.pairs)
    assert len(rig.used) == 2
    assert all(mm < 2.0 and deg < 0.2 for mm, deg in rig.loops.values())


def test_pairs_in_which_the_board_moved_are_left_out() -> None:
    views = rig_views(ACIRCLES)
    eye, infrared = list(views["eye"]), list(views["infrared"])
    wrong = replace(infrared[4], time_ns=infrared[6].time_ns)
    both = {"eye": eye, "infrared": [v for i, v in enumerate(infrared) if i not in (4, 6)] + [wrong]}
    rig = calibrate_rig(ACIRCLES, {"eye": EYE, "infrared": INFRARED}, both, 10**6)
    (pair,) = rig.pairs
    assert pair.dropped == 1
    assert not any(seen == wrong.name for _, seen in pair.pairs)
    assert np.linalg.norm(np.subtract(pair.pose.translation_m, PLACES["infrared"].translation_m)) < 0.002


def test_a_camera_that_never_saw_the_board_with_another_is_named() -> None:
    views = rig_views(ACIRCLES)
    later = [replace(v, time_ns=v.time_ns + 10**12) for v in views["heat"]]
    with pytest.raises(CalibrationError, match="heat never saw the board together with eye"):
        calibrate_rig(ACIRCLES, {"eye": EYE, "heat": HEAT}, {"eye": views["eye"], "heat": later}, 10**6)
    assert together_seen(views["eye"], later, 10**6) == []


def test_the_report_shows_every_view_and_all_numbers(tmp_path: Path) -> None:
    views = {n: v for n, v in rig_views(ACIRCLES).items() if n != "infrared"}
    lenses = {n: calibrate_lens(ACIRCLES, v) for n, v in views.items()}
    rig = calibrate_rig(ACIRCLES, {n: c.intrinsics for n, c in lenses.items()}, views, 10**6)
    report = CalibrationReport(ACIRCLES, lenses, {"eye": {"frame 9": "blurred"}}, rig)
    files = write_report(tmp_path / "out", report)
    assert len(files) == 1 + sum(1 + len(c.views) for c in lenses.values())
    for path in files[1:]:
        assert cv2.imread(str(path)) is not None
    told = json.loads((tmp_path / "out" / "report.json").read_text())
    assert told["streams"]["eye"]["rms_px"] == lenses["eye"].rms_px
    assert told["streams"]["eye"]["left_out"]["frame 9"] == "blurred"
    assert told["pairs"][0]["streams"] == ["eye", "heat"]
    words = "\n".join(report.words())
    assert re.search(r"eye: fx (259|260)\.\d\d ± ", words)
    assert "1 views left out: frame 9 (blurred)" in words
    assert "mm apart" in words


def test_the_coverage_map_is_bright_where_points_were() -> None:
    found = calibrate_lens(CHARUCO, eye_views())
    picture = draw_coverage(found)
    seen = np.zeros((480, 640), bool)
    for view in found.views:
        x, y = np.rint((view.seen.points_px + 0.5) * 2 - 0.5).astype(int).T
        seen[y, x] = True
    assert (picture[seen].max(axis=1) > 60).mean() > 0.95


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CalibrationError, match="cannot be written"):
        write_report(tmp_path / "file", CalibrationReport(CHARUCO, {}))
