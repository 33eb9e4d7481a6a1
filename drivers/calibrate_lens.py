"""A camera's intrinsics from views of a board, with what they are worth; refused where they would be guesses.

The estimate is OpenCV's (Zhang 2000, refined over all views). Around it: views that do not fit are left out, the
number of distortion coefficients is chosen by how much more each of them explains, and the centres of circles are
corrected for perspective, since the middle of a circle's picture is not the picture of its middle.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.boards import Board, BoardKind
from drivers.calibrate_views import View, cells_of, missing
from drivers.distortion import BROWN_CONRADY, FISHEYE
from drivers.errors import CalibrationError
from drivers.frame import Intrinsics

FloatArray = NDArray[np.float64]

FEWEST_VIEWS: Final = 6
LEAST_SPREAD_DEG: Final = 10.0
"""Between the two boards that are tilted most differently; under it f and the distance cannot be told apart."""
_WORST_FOCAL: Final = 0.02
_DOUBTFUL_FOCAL: Final = 0.005
_MOST_REMOVED: Final = 0.3
_FIXED_K3: Final = cv2.CALIB_FIX_K3
_FLAGS: Final[dict[str, tuple[int, int]]] = {
    "pinhole": (0, cv2.CALIB_FIX_K1 | cv2.CALIB_FIX_K2 | cv2.CALIB_FIX_K3 | cv2.CALIB_ZERO_TANGENT_DIST),
    "4": (4, cv2.CALIB_FIX_K3),
    "5": (5, 0),
    "8": (8, cv2.CALIB_RATIONAL_MODEL),
    "12": (12, cv2.CALIB_RATIONAL_MODEL | cv2.CALIB_THIN_PRISM_MODEL),
    "14": (14, cv2.CALIB_RATIONAL_MODEL | cv2.CALIB_THIN_PRISM_MODEL | cv2.CALIB_TILTED_MODEL),
}
MODELS: Final = ("auto", *_FLAGS, FISHEYE)
"""``auto`` takes the best of pinhole, 4, 5 and, from 15 views on, 8 coefficients."""
_NAMES: Final = (
    "fx",
    "fy",
    "cx",
    "cy",
    "k1",
    "k2",
    "p1",
    "p2",
    "k3",
    "k4",
    "k5",
    "k6",
    "s1",
    "s2",
    "s3",
    "s4",
    "tx",
    "ty",
)


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where the board stood: ``p_camera = rotation @ p_board + translation_m``."""

    rotation: FloatArray
    translation_m: FloatArray

    def to_camera(self, points_m: FloatArray) -> FloatArray:
        """Board points (N, 3) to camera points (N, 3), metres."""
        moved: FloatArray = points_m @ self.rotation.T + self.translation_m
        return moved


@dataclass(frozen=True, slots=True, eq=False)
class LensCalibration:
    """What came out.

    Attributes:
        intrinsics: the lens.
        rms_px: root mean square distance of the points from where they should be, over all views.
        views: that were used.
        view_rms_px: of each view, by its name.
        residuals_px: of each view, (n, 2): seen minus expected.
        poses: of the board in each view.
        std: parameter -> standard deviation in its own unit; empty for a fisheye.
        coverage: share of the picture's 48 parts in which a point was seen.
        spread_deg: between the two boards that were tilted most differently.
        removed: view -> why it was left out.
        warnings: what should be better, a sentence each.
    """

    intrinsics: Intrinsics
    rms_px: float
    views: tuple[View, ...]
    view_rms_px: Mapping[str, float]
    residuals_px: Mapping[str, FloatArray]
    poses: Mapping[str, Pose]
    std: Mapping[str, float]
    coverage: float
    spread_deg: float
    removed: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def calibrate_lens(
    board: Board, views: Sequence[View], model: str = "auto", limit_px: float | None = None
) -> LensCalibration:
    """Intrinsics of the camera that saw these views.

    Args:
        board: the one in the views.
        views: of one stream, all of one size; see :func:`drivers.calibrate_views.pick_views`.
        model: one of :data:`MODELS`.
        limit_px: views with a larger root mean square error are left out; by default 2.5 times the median, and at
            least 0.3 px.

    Raises:
        CalibrationError: no such model; too few views, or views that do not tell the lens: the message says what to do.
    """
    if model not in MODELS:
        raise CalibrationError(f"there is no model {model!r}; there are {', '.join(MODELS)}")
    if len({v.size for v in views}) > 1:
        sizes = sorted({f"{v.size[0]}x{v.size[1]}" for v in views})
        raise CalibrationError(f"the views differ in size ({', '.join(sizes)} px); calibrate with one size")
    if len(views) < FEWEST_VIEWS:
        raise CalibrationError(
            f"{len(views)} views of the board are too few, {FEWEST_VIEWS} is the least and 15 are good; "
            f"next: {missing(views)}"
        )
    first = "4" if model == "auto" else model
    solved, removed = _without_outliers(board, list(views), first, limit_px)
    if model == "auto":
        solved = _best_model(board, solved)
    return _judged(board, solved, removed)


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    views: tuple[View, ...]
    lens: Intrinsics
    poses: tuple[Pose, ...]
    points: tuple[FloatArray, ...]  # as seen, circles corrected
    std: Mapping[str, float]

    def residuals(self, board: Board) -> list[FloatArray]:
        return [
            seen - self.lens.project(pose.to_camera(board.points_m(view.seen.ids)), distort=True)
            for view, pose, seen in zip(self.views, self.poses, self.points, strict=True)
        ]

    def view_rms(self, board: Board) -> FloatArray:
        return np.array([_rms(r) for r in self.residuals(board)])


def _rms(residuals: FloatArray) -> float:
    far = np.nan_to_num(residuals, nan=1e3, posinf=1e3, neginf=-1e3)  # what the lens cannot show is far away
    return float(np.sqrt((far**2).sum(axis=1).mean()))


def _solve(board: Board, views: Sequence[View], model: str) -> _Solved:
    points = [v.seen.points_px for v in views]
    solved = _estimate(board, views, points, model)
    if board.kind in (BoardKind.CIRCLES, BoardKind.ACIRCLES):
        for _ in range(2):  # the correction depends on the poses, which hardly change by it
            points = [
                view.seen.points_px - _circle_shift(board, solved.lens, pose, view)
                for view, pose in zip(views, solved.poses, strict=True)
            ]
            solved = _estimate(board, views, points, model)
    return solved


def _estimate(board: Board, views: Sequence[View], points: Sequence[FloatArray], model: str) -> _Solved:
    width, height = views[0].size
    objects = [board.points_m(v.seen.ids) for v in views]
    try:
        if model == FISHEYE:
            return _estimate_fisheye(views, objects, points)
        count, flags = _FLAGS[model]
        until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-9)
        _, k, bend, turns, moves, std, _, _ = cv2.calibrateCameraExtended(
            [o.astype(np.float32) for o in objects],
            [p.astype(np.float32) for p in points],
            (width, height),
            np.eye(3),
            np.zeros(5),
            flags=flags,
            criteria=until,
        )
        lens = Intrinsics(
            width, height, k[0, 0], k[1, 1], k[0, 2], k[1, 2], tuple(map(float, bend.ravel()[:count])), BROWN_CONRADY
        )
    except (cv2.error, CalibrationError) as error:
        raise CalibrationError(
            f"no lens explains the {len(views)} views ({_words(error)}); are the board's size and kind right? "
            "Tilt it by 20 to 45 degrees in different directions, near and far"
        ) from error
    names = (*_NAMES[:4], *_NAMES[4 : 4 + count])
    spread = dict(zip(names, map(float, np.asarray(std).ravel()), strict=False))
    return _Solved(tuple(views), lens, _poses(turns, moves), tuple(points), spread)


def _words(error: Exception) -> str:
    return str(getattr(error, "err", "") or error).strip()


def _estimate_fisheye(views: Sequence[View], objects: Sequence[FloatArray], points: Sequence[FloatArray]) -> _Solved:
    width, height = views[0].size
    guess = np.array(
        [[max(width, height) / np.pi, 0, (width - 1) / 2], [0, max(width, height) / np.pi, (height - 1) / 2]]
    )
    k0 = np.vstack([guess, [0.0, 0.0, 1.0]])
    flags = cv2.fisheye.CALIB_RECOMPUTE_EXTRINSIC | cv2.fisheye.CALIB_FIX_SKEW | cv2.fisheye.CALIB_USE_INTRINSIC_GUESS
    _, k, bend, turns, moves = cv2.fisheye.calibrate(
        [o.reshape(1, -1, 3) for o in objects],
        [np.ascontiguousarray(p).reshape(1, -1, 2) for p in points],
        (width, height),
        k0,
        np.zeros((4, 1)),
        flags=flags,
        criteria=(cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-9),
    )
    lens = Intrinsics(
        width, height, k[0, 0], k[1, 1], k[0, 2], k[1, 2], tuple(map(float, np.asarray(bend).ravel())), FISHEYE
    )
    return _Solved(tuple(views), lens, _poses(turns, moves), tuple(points), {})


def _poses(turns: Sequence[Any], moves: Sequence[Any]) -> tuple[Pose, ...]:
    return tuple(
        Pose(np.asarray(cv2.Rodrigues(turn)[0], np.float64), np.asarray(move, np.float64).ravel())
        for turn, move in zip(turns, moves, strict=True)
    )


def _circle_shift(board: Board, lens: Intrinsics, pose: Pose, view: View) -> FloatArray:
    """(n, 2) px: the middle of each circle's picture less the picture of its middle."""
    centers = board.points_m(view.seen.ids)
    around = np.linspace(0.0, 2 * np.pi, 32, endpoint=False)
    rim = np.stack([np.cos(around), np.sin(around), np.zeros(32)], axis=1) * board.circle_mm / 2000.0
    edge = lens.project(pose.to_camera((centers[:, None] + rim).reshape(-1, 3)), distort=True).reshape(-1, 32, 2)
    after = np.roll(edge, -1, axis=1)
    cross = edge[..., 0] * after[..., 1] - after[..., 0] * edge[..., 1]
    middle = ((edge + after) * cross[..., None]).sum(axis=1) / (3 * cross.sum(axis=1))[:, None]
    shift: FloatArray = middle - lens.project(pose.to_camera(centers), distort=True)
    return np.nan_to_num(shift)


def _without_outliers(
    board: Board, views: list[View], model: str, limit_px: float | None
) -> tuple[_Solved, dict[str, str]]:
    removed: dict[str, str] = {}
    fewest = max(FEWEST_VIEWS, math.ceil(len(views) * (1 - _MOST_REMOVED)))
    while True:
        solved = _solve(board, views, model)
        rms = solved.view_rms(board)
        limit = limit_px if limit_px is not None else max(0.3, 2.5 * float(np.median(rms)))
        worst = int(rms.argmax())
        if rms[worst] <= limit:
            return solved, removed
        if len(views) <= fewest:
            if limit_px is None:
                return solved, removed
            raise CalibrationError(
                f"too many views miss by more than {limit_px:g} px (the median is {np.median(rms):.2f} px); is the "
                "board flat and its size right? Otherwise raise the limit"
            )
        removed[views[worst].name] = f"its error of {rms[worst]:.2f} px is above {limit:.2f} px"
        views = [v for i, v in enumerate(views) if i != worst]


_WORTH_IT: Final = (("pinhole", 0.0), ("4", 0.02), ("5", 0.02), ("8", 0.1))
"""By how much a model must lower the error of a simpler one to be taken. The errors of neighbouring corners are alike:
an information criterion, which takes them as independent, would take what only fits the finder's own habits."""


def _best_model(board: Board, first: _Solved) -> _Solved:
    best, lowest = None, math.inf
    for model, worth in _WORTH_IT:
        if model == "8" and len(first.views) < 15:
            continue
        try:
            solved = first if model == "4" else _solve(board, first.views, model)
        except CalibrationError:
            continue
        rms = _rms(np.concatenate(solved.residuals(board)))
        if best is None or rms < (1.0 - worth) * lowest:
            best, lowest = solved, rms
    return best or first


def _judged(board: Board, solved: _Solved, removed: Mapping[str, str]) -> LensCalibration:
    lens, views = solved.lens, solved.views
    normals = np.array([pose.rotation[:, 2] for pose in solved.poses])
    spread = float(np.degrees(np.arccos(np.clip((normals @ normals.T).min(), -1.0, 1.0))))
    worth = solved.std.get("fx", 0.0) / lens.fx
    if spread < LEAST_SPREAD_DEG or worth > _WORST_FOCAL:
        why = f"all boards are parallel (within {spread:.0f} degrees)"
        if spread >= LEAST_SPREAD_DEG:
            why = f"the focal length is known to {100 * worth:.1f} % only"
        raise CalibrationError(
            f"the {len(views)} views do not tell the lens: {why}. Tilt the board by 20 to 45 degrees, to the left, to "
            "the right, up and down, and let it fill half of the picture"
        )
    residuals = solved.residuals(board)
    rms = _rms(np.concatenate(residuals))
    covered = float(cells_of(views).mean())
    warnings = []
    if len(views) < 12:
        warnings.append(f"{len(views)} views are few; 15 to 30 are good")
    if covered < 0.5:
        warnings.append(
            f"the board was seen in {100 * covered:.0f} % of the picture only: {missing(views, 0) or 'go on'}"
        )
    if rms > 1.0:
        warnings.append(f"an error of {rms:.2f} px is large: is the board flat, its size right, the picture sharp?")
    if worth > _DOUBTFUL_FOCAL:
        warnings.append(f"the focal length is known to {100 * worth:.1f} % only: tilt the board more, and nearer")
    if not (0 <= lens.cx < lens.width and 0 <= lens.cy < lens.height):
        warnings.append(f"the principal point ({lens.cx:.0f}, {lens.cy:.0f}) is outside of the picture")
    names = [v.name for v in views]
    return LensCalibration(
        intrinsics=lens,
        rms_px=rms,
        views=tuple(views),
        view_rms_px={n: _rms(r) for n, r in zip(names, residuals, strict=True)},
        residuals_px=dict(zip(names, residuals, strict=True)),
        poses=dict(zip(names, solved.poses, strict=True)),
        std=solved.std,
        coverage=covered,
        spread_deg=spread,
        removed=dict(removed),
        warnings=tuple(warnings),
    )


def corrected(board: Board, lens: Intrinsics, view: View, pose: Pose) -> View:
    """The view with its circles' centres corrected for perspective; other boards' as they are."""
    if board.kind not in (BoardKind.CIRCLES, BoardKind.ACIRCLES):
        return view
    seen = replace(view.seen, points_px=view.seen.points_px - _circle_shift(board, lens, pose, view))
    return replace(view, seen=seen)
