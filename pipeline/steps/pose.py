"""Head pose from landmarks: perspective-n-point with an average head.

SQPnP (Terzakis and Lourakis, ECCV 2020) gives the start, Levenberg-Marquardt refines it (OpenCV). Only points that
an expression hardly moves take part. Where the lens distorts, both see the points as an ideal pinhole would. The signs
are those of HeadPose: turns to own left, looks up, tilts to own right are positive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Intrinsics
from pipeline.steps.head_template import EYES_M, HEAD_LANDMARKS_M
from recordings.observation import HeadPose, Landmarks

STABLE_POINTS: tuple[int, ...] = (
    *range(5),  # cheek beside the ear, person's right
    *range(12, 17),  # and left
    *range(17, 27),  # brows: raised by millimetres only, and there are ten of them
    *range(27, 36),  # nose
    36, 39, 42, 45,  # corners of the eyes
    48, 51, 54,  # upper lip
)  # fmt: skip
"""Landmarks that speech and blinks move little (iBUG, from 0).

On rendered heads of many people with exact landmarks they give yaw, pitch and roll to 0.8, 1.2 and 0.3 degrees (mean
error); with 2.5 px of noise in the 128 px crop to 1.8, 1.9 and 1.1, the best of the subsets that were tried.
"""


class PoseConfig(BaseModel):
    """When a head pose is believed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_confidence: float = Field(0.2, ge=0, le=1, description="landmarks below this take no part")
    least_points: int = Field(10, ge=6, le=len(STABLE_POINTS), description="fewest landmarks that make a pose")
    largest_error: float = Field(
        0.22, gt=0, description="largest reprojection error, as a share of the distance between the outer eye corners"
    )


@dataclass(frozen=True, slots=True)
class SolvedPose:
    """Where a head is and which way it is turned.

    Attributes:
        pose: angles, with the reprojection error in px.
        center_m: the head centre in camera axes as the average head has it: without depth its scale is a guess.
        relative_error: reprojection error over the outer eye corners' distance as the average head projects it.
    """

    pose: HeadPose
    center_m: tuple[float, float, float]
    relative_error: float


def solve_pose(landmarks: Landmarks, intrinsics: Intrinsics, config: PoseConfig | None = None) -> SolvedPose | str:
    """Angles and place of the head; a reason for people when the landmarks give none.

    Args:
        landmarks: in px of the image that ``intrinsics`` belong to, as the lens shows it.
    """
    config = config or PoseConfig()
    stable = np.array(STABLE_POINTS)
    points = landmarks.points[stable].astype(np.float64)
    flat = intrinsics.undistort(points) if intrinsics.has_distortion else points
    seen = (landmarks.confidence[stable] >= config.least_confidence) & np.isfinite(flat).all(axis=1)
    if int(seen.sum()) < config.least_points:
        return f"only {int(seen.sum())} of {len(stable)} steady landmarks are seen well enough"
    image, flat = points[seen], flat[seen]
    spread = image.max(axis=0) - image.min(axis=0)
    if float(spread.min()) < 2.0:
        return "the landmarks lie within 2 px of a line"
    template = HEAD_LANDMARKS_M[stable[seen]]
    k, straight = intrinsics.matrix(), np.zeros(5)
    try:
        found, rvec, tvec = cv2.solvePnP(template, flat, k, straight, flags=cv2.SOLVEPNP_SQPNP)
        if not found:
            return "no head pose fits the landmarks"
        rvec, tvec = cv2.solvePnPRefineLM(template, flat, k, straight, rvec, tvec)
    except cv2.error as error:
        return f"no head pose fits the landmarks ({error.err})"
    center = np.asarray(tvec, np.float64).ravel()
    if not np.isfinite(center).all() or not np.isfinite(rvec).all() or center[2] <= 0.05:
        return "the head pose that fits the landmarks lies behind the camera"
    rotation, _ = cv2.Rodrigues(rvec)
    if intrinsics.has_distortion:
        projected = intrinsics.project(template @ np.asarray(rotation, np.float64).T + center, distort=True)
    else:
        projected = np.asarray(cv2.projectPoints(template, rvec, tvec, k, straight)[0], np.float64).reshape(-1, 2)
    shown = np.isfinite(projected).all(axis=1)
    eyes_px = _eyes_px(center, intrinsics)
    if int(shown.sum()) < config.least_points or not math.isfinite(eyes_px):
        return "the head pose that fits the landmarks lies beyond what the lens shows"
    error_px = float(np.sqrt(((projected[shown] - image[shown]) ** 2).sum(axis=1).mean()))
    pose = HeadPose.from_rotation(np.asarray(rotation, np.float64), error_px)
    solved = SolvedPose(pose, (float(center[0]), float(center[1]), float(center[2])), error_px / eyes_px)
    if solved.relative_error > config.largest_error:
        return (
            f"the average head misses the landmarks by {error_px:.1f} px, "
            f"{100 * solved.relative_error:.0f} % of the distance between the eyes' corners"
        )
    if max(abs(pose.yaw_deg), abs(pose.pitch_deg), abs(pose.roll_deg)) > 100.0:
        return "the head pose that fits the landmarks shows the back of the head"
    return solved


def _eyes_px(center: NDArray[np.float64], intrinsics: Intrinsics) -> float:
    """How long the outer eye corners' distance is in the picture there, the mean of across and down; NaN beyond it."""
    if not intrinsics.has_distortion:
        return EYES_M * math.sqrt(intrinsics.fx * intrinsics.fy) / float(center[2])
    half = EYES_M / 2
    ends = center + np.array([(half, 0, 0), (-half, 0, 0), (0, half, 0), (0, -half, 0)])
    right, left, low, high = intrinsics.project(ends, distort=True)
    (ax, ay), (bx, by) = right - left, low - high
    return math.sqrt(abs(float(ax * by - ay * bx)))
