from __future__ import annotations

import itertools
import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.distortion import BROWN_CONRADY, FISHEYE, INVERSE_BROWN_CONRADY, MODIFIED_BROWN_CONRADY
from drivers.frame import Intrinsics
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from pipeline.steps.pose import STABLE_POINTS, PoseConfig, SolvedPose, solve_pose
from recordings.observation import HeadPose, Landmarks

CAMERA = Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5)
_RIGHT_TO_LEFT = {
    36: 45,
    37: 44,
    38: 43,
    39: 42,
    40: 47,
    41: 46,
    31: 35,
    32: 34,
    48: 54,
    49: 53,
    50: 52,
    55: 59,
    56: 58,
}
_RIGHT_TO_LEFT |= {60: 64, 61: 63, 65: 67, **{i: 16 - i for i in range(8)}, **{17 + i: 26 - i for i in range(5)}}
_SWAP = _RIGHT_TO_LEFT | {left: right for right, left in _RIGHT_TO_LEFT.items()}
MIRROR_68 = np.array([_SWAP.get(i, i) for i in range(68)])


def landmarks_of(
    pose: HeadPose, center_m: tuple[float, float, float], camera: Intrinsics = CAMERA, noise_px: float = 0.0
) -> Landmarks:
    points = camera.project(HEAD_LANDMARKS_M @ pose.rotation().T + np.array(center_m))
    points = points + np.random.default_rng(3).normal(0.0, noise_px, points.shape) if noise_px else points
    return Landmarks(points.astype(np.float32), np.ones(68, np.float32))


def solved(landmarks: Landmarks, camera: Intrinsics = CAMERA) -> SolvedPose:
    out = solve_pose(landmarks, camera)
    assert isinstance(out, SolvedPose), out
    return out


angle = st.floats(-60.0, 60.0)


@settings(deadline=None)
@given(yaw=angle, pitch=st.floats(-50.0, 50.0), roll=angle, z=st.floats(0.4, 3.0), x=st.floats(-0.2, 0.2))
def test_a_projected_head_gives_its_own_angles(yaw: float, pitch: float, roll: float, z: float, x: float) -> None:
    out = solved(landmarks_of(HeadPose(yaw, pitch, roll), (x, 0.05, z)))
    found = (out.pose.yaw_deg, out.pose.pitch_deg, out.pose.roll_deg)
    assert found == pytest.approx((yaw, pitch, roll), abs=0.5)
    assert out.center_m == pytest.approx((x, 0.05, z), abs=0.01)
    assert out.pose.error_px < 0.1


@pytest.mark.parametrize(
    ("pose", "what"),
    [
        (HeadPose(30, 0, 0), "the nose moves to image right when the head turns to its own left"),
        (HeadPose(0, 30, 0), "the nose moves up when the head looks up"),
        (HeadPose(0, 0, 30), "the top moves to image left when the head tilts to its own right"),
    ],
)
def test_signs(pose: HeadPose, what: str) -> None:
    points = landmarks_of(pose, (0.0, 0.0, 0.9)).points
    eyes, chin, nose = points[36:48].mean(axis=0), points[8], points[30]
    middle = CAMERA.project(np.array([[0.0, 0.0, 0.9]]))[0]
    if pose.yaw_deg:
        assert nose[0] > middle[0] + 5, what
    if pose.pitch_deg:
        assert nose[1] < middle[1] - 5, what
    if pose.roll_deg:
        assert eyes[0] < chin[0] - 5, what
    out = solved(landmarks_of(pose, (0.0, 0.0, 0.9))).pose
    assert (out.yaw_deg, out.pitch_deg, out.roll_deg) == pytest.approx(
        (pose.yaw_deg, pose.pitch_deg, pose.roll_deg), abs=0.1
    )


@pytest.mark.parametrize("pose", [HeadPose(y, p, r) for y, p, r in itertools.product((-35, 20), (-20, 15), (-25, 10))])
def test_a_mirrored_face_flips_yaw_and_roll(pose: HeadPose) -> None:
    plain = landmarks_of(pose, (0.0, 0.0, 0.8))
    mirrored = plain.points[MIRROR_68] * (-1, 1) + (2 * CAMERA.cx, 0)
    out = solved(Landmarks(mirrored.astype(np.float32), plain.confidence)).pose
    assert (out.yaw_deg, out.pitch_deg, out.roll_deg) == pytest.approx(
        (-pose.yaw_deg, pose.pitch_deg, -pose.roll_deg), abs=0.5
    )


def test_the_template_is_a_mirror_image_of_itself() -> None:
    assert HEAD_LANDMARKS_M[MIRROR_68] * (-1, 1, 1) == pytest.approx(HEAD_LANDMARKS_M, abs=2e-4)


def test_the_template_has_a_grown_ups_size() -> None:
    def between(a: int, b: int) -> float:
        return float(np.linalg.norm(HEAD_LANDMARKS_M[a] - HEAD_LANDMARKS_M[b]))

    assert 0.085 < between(36, 45) < 0.1  # outer corners of the eyes
    assert 0.12 < between(0, 16) < 0.16  # ear to ear
    assert HEAD_LANDMARKS_M[30, 2] < HEAD_LANDMARKS_M[0, 2]  # the nose is nearer than the ears
    assert HEAD_LANDMARKS_M[8, 1] > HEAD_LANDMARKS_M[30, 1] > HEAD_LANDMARKS_M[19, 1]  # y points down


def test_a_pixel_of_noise_costs_few_degrees() -> None:
    pose = HeadPose(25, -10, 5)
    out = solved(landmarks_of(pose, (0.0, 0.0, 0.8), noise_px=1.0)).pose
    assert (out.yaw_deg, out.pitch_deg, out.roll_deg) == pytest.approx((25, -10, 5), abs=4.0)
    assert 0.5 < out.error_px < 3.0


def test_another_cameras_distortion_is_undone() -> None:

    bent = Intrinsics(640, 480, 525.0, 525.0, 319.5, 239.5, (0.1, -0.2, 0.001, -0.002, 0.05))
    pose, center = HeadPose(20, 10, -5), np.array([0.2, -0.1, 0.7])
    rvec, _ = cv2.Rodrigues(pose.rotation())
    points, _ = cv2.projectPoints(HEAD_LANDMARKS_M, rvec, center, bent.matrix(), np.array(bent.distortion))
    out = solved(Landmarks(points.reshape(-1, 2).astype(np.float32), np.ones(68, np.float32)), bent).pose
    assert (out.yaw_deg, out.pitch_deg, out.roll_deg) == pytest.approx((20, 10, -5), abs=0.2)


LENSES = [
    Intrinsics(640, 480, 220.0, 220.0, 319.5, 239.5, (-0.03, 0.004, -0.002, 0.0003), FISHEYE),
    Intrinsics(640, 480, 320.0, 330.0, 310.5, 239.5, (-0.3, 0.1, 0.001, -0.001), BROWN_CONRADY),
    Intrinsics(640, 480, 420.0, 420.0, 319.5, 239.5, (0.5, -0.3, 0.001, 0.0, 0.1, 0.6, -0.2, 0.02), BROWN_CONRADY),
    Intrinsics(640, 480, 420.0, 420.0, 319.5, 239.5, (0.2, -0.1, 0.01, 0.02, 0.0), INVERSE_BROWN_CONRADY),
    Intrinsics(640, 480, 420.0, 420.0, 319.5, 239.5, (-0.2, 0.05, 0.01, 0.02, 0.0), MODIFIED_BROWN_CONRADY),
]


@settings(deadline=None, max_examples=60)
@given(
    lens=st.sampled_from(LENSES),
    yaw=st.floats(-40.0, 40.0),
    pitch=st.floats(-40.0, 40.0),
    roll=angle,
    aside_deg=st.floats(-25.0, 25.0),
    away_m=st.floats(0.5, 2.0),
)
def test_a_head_seen_through_any_lens_gives_its_own_angles(
    lens: Intrinsics, yaw: float, pitch: float, roll: float, aside_deg: float, away_m: float
) -> None:
    pose, center = HeadPose(yaw, pitch, roll), (away_m * math.tan(math.radians(aside_deg)), 0.05, away_m)
    points = lens.project(HEAD_LANDMARKS_M @ pose.rotation().T + np.array(center), distort=True)
    out = solved(Landmarks(points.astype(np.float32), np.ones(68, np.float32)), lens)
    assert (out.pose.yaw_deg, out.pose.pitch_deg, out.pose.roll_deg) == pytest.approx((yaw, pitch, roll), abs=0.5)
    assert out.center_m == pytest.approx(center, abs=0.02)
    assert out.pose.error_px < 0.1


@pytest.mark.parametrize("aside_deg", [0.0, 40.0, 60.0, 70.0])
def test_a_face_far_aside_in_a_fisheye_is_right_within_a_degree(aside_deg: float) -> None:
    lens, a = LENSES[0], math.radians(aside_deg)
    toward_it = HeadPose(-aside_deg + 10.0, 5.0, -8.0)  # to its right, where the camera is
    center = np.array([0.8 * math.sin(a), 0.02, 0.8 * math.cos(a)])
    points = lens.project(HEAD_LANDMARKS_M @ toward_it.rotation().T + center, distort=True)
    out = solved(Landmarks(points.astype(np.float32), np.ones(68, np.float32)), lens).pose
    assert (out.yaw_deg, out.pitch_deg, out.roll_deg) == pytest.approx((10.0 - aside_deg, 5.0, -8.0), abs=0.5)


def test_taken_for_a_pinhole_a_fisheye_turns_the_head() -> None:
    """What the lens model is for: the same points without it."""
    lens, pose = LENSES[0], HeadPose(-50.0, 5.0, -8.0)
    points = lens.project(HEAD_LANDMARKS_M @ pose.rotation().T + np.array([0.69, 0.02, 0.4]), distort=True)
    marks = Landmarks(points.astype(np.float32), np.ones(68, np.float32))
    wrong = solve_pose(marks, lens.without_distortion())
    assert isinstance(wrong, str) or abs(wrong.pose.yaw_deg + 50.0) > 10.0
    assert solved(marks, lens).pose.yaw_deg == pytest.approx(-50.0, abs=0.5)


def test_the_error_is_told_as_a_share_of_the_eyes_as_the_lens_shows_them() -> None:
    """Aside, a fisheye shows everything smaller: a miss of so many px is a larger share of the face."""
    lens = LENSES[0]
    noise = np.random.default_rng(3).normal(0.0, 0.3, (68, 2))
    shares = []
    for aside_deg in (0.0, 60.0):
        a = math.radians(aside_deg)
        center = np.array([0.8 * math.sin(a), 0.0, 0.8 * math.cos(a)])
        points = lens.project(HEAD_LANDMARKS_M @ HeadPose(-aside_deg, 0.0, 0.0).rotation().T + center, distort=True)
        out = solved(Landmarks((points + noise).astype(np.float32), np.ones(68, np.float32)), lens)
        shares.append(out.relative_error / out.pose.error_px)
    assert 1.2 < shares[1] / shares[0] < 2.0


def test_points_beyond_the_lens_take_no_part() -> None:
    lens = Intrinsics(640, 480, 200.0, 200.0, 319.5, 239.5, (0.0, 0.0, 0.0, 0.0), FISHEYE)
    pose = HeadPose(5.0, 0.0, 0.0)
    points = lens.project(HEAD_LANDMARKS_M @ pose.rotation().T + np.array([0.0, 0.0, 0.6]), distort=True)
    points[[0, 1, 2, 16]] = (638.0, 2.0)  # more than 90 degrees off
    assert np.isnan(lens.undistort(points[:1])).all()
    out = solved(Landmarks(points.astype(np.float32), np.ones(68, np.float32)), lens).pose
    assert out.yaw_deg == pytest.approx(5.0, abs=0.5)
    points[:] = (638.0, 2.0)
    assert "only 0 of" in str(solve_pose(Landmarks(points.astype(np.float32), np.ones(68, np.float32)), lens))


def test_hidden_landmarks_take_no_part() -> None:
    plain = landmarks_of(HeadPose(10, 0, 0), (0.0, 0.0, 0.8))
    points, confidence = plain.points.copy(), plain.confidence.copy()
    points[[0, 1, 2]] += 80.0
    confidence[[0, 1, 2]] = 0.05
    assert solved(Landmarks(points, confidence)).pose.yaw_deg == pytest.approx(10.0, abs=0.2)
    confidence[list(STABLE_POINTS)[:30]] = 0.0
    assert "only" in str(solve_pose(Landmarks(points, confidence), CAMERA))


@pytest.mark.parametrize(
    "points",
    [
        np.zeros((68, 2), np.float32),
        np.tile(np.arange(68, dtype=np.float32)[:, None], (1, 2)) * (1, 0),
        np.full((68, 2), math.nan, np.float32),
        np.random.default_rng(5).uniform(0, 400, (68, 2)).astype(np.float32),
    ],
    ids=["one point", "a line", "nan", "noise"],
)
def test_landmarks_that_are_no_face_give_a_reason(points: np.ndarray) -> None:
    out = solve_pose(Landmarks(points.astype(np.float32), np.ones(68, np.float32)), CAMERA)
    assert isinstance(out, str)
    assert out


def test_a_face_that_the_average_head_misses_is_refused() -> None:
    plain = landmarks_of(HeadPose(0, 0, 0), (0.0, 0.0, 0.8))
    points = plain.points.copy()
    points[27:36, 0] += 60.0  # a nose beside the face
    out = solve_pose(Landmarks(points, plain.confidence), CAMERA)
    assert isinstance(out, str)
    assert "misses" in out
    loose = solve_pose(Landmarks(points, plain.confidence), CAMERA, PoseConfig(largest_error=5.0))
    assert isinstance(loose, SolvedPose)
