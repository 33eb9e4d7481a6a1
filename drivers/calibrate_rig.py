"""Where the cameras of a rig stand to each other, from a board that several of them see at one time.

Two cameras that see the board together are calibrated as a pair (OpenCV's stereo calibration, over all their pairs of
views); pairs are chained over the rig, the best first. A board that looks the same upside down is turned as the other
views of the pair demand; pairs in which it moved do not agree with the others and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.boards import Board
from drivers.boards_find import Seen
from drivers.calibrate_lens import Pose, corrected
from drivers.calibrate_views import View
from drivers.calibration import compose, inverse
from drivers.errors import CalibrationError
from drivers.frame import Extrinsics, Intrinsics

FloatArray = NDArray[np.float64]

FEWEST_PAIRS: Final = 4
_FEWEST_COMMON: Final = 6
_AGREES: Final = 0.01
"""Of a picture's width: so far may a point lie from where another pair of views says."""


@dataclass(frozen=True, slots=True, eq=False)
class PairCalibration:
    """Two cameras that saw the board together.

    Attributes:
        first, second: streams.
        pose: of the second camera in the frame of the first.
        rms_px: reprojection error over both pictures.
        pairs: names of the views used, (first's, second's).
        dropped: how many pairs did not fit the others.
        std_mm, std_deg: standard error of the translation and of the rotation, from how the single pairs differ.
    """

    first: str
    second: str
    pose: Extrinsics
    rms_px: float
    pairs: tuple[tuple[str, str], ...]
    dropped: int
    std_mm: float
    std_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class RigCalibration:
    """All cameras in the frame of the first.

    Attributes:
        poses: stream -> its place.
        pairs: all that could be calibrated.
        used: those on the way from the first camera to each other one.
        loops: for pairs that were not needed: (first, second) -> (mm, degrees) by which the chain contradicts them.
    """

    poses: Mapping[str, Extrinsics]
    pairs: tuple[PairCalibration, ...]
    used: tuple[PairCalibration, ...]
    loops: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)


def calibrate_rig(
    board: Board,
    lenses: Mapping[str, Intrinsics],
    views: Mapping[str, Sequence[View]],
    within_ns: int,
    root: str | None = None,
) -> RigCalibration:
    """Extrinsics of every stream.

    Args:
        board: the one in the views.
        lenses: stream -> its lens; as many as cameras.
        views: stream -> all its views of a board that stood still.
        within_ns: two views are of one time when they are no further apart.
        root: the stream whose frame is the rig's; by default the first of ``lenses``.

    Raises:
        CalibrationError: a camera never saw the board together with another one of the rig.
    """
    names = list(lenses)
    root = root or names[0]
    pairs = []
    for first, second in combinations(names, 2):
        together = together_seen(views[first], views[second], within_ns)
        if len(together) >= FEWEST_PAIRS:
            found = calibrate_pair(board, lenses[first], lenses[second], together)
            if found is not None:
                pairs.append(found)
    poses, used = {root: Extrinsics()}, []
    while len(poses) < len(names):
        reach = [p for p in pairs if (p.first in poses) != (p.second in poses)]
        if not reach:
            lost = [name for name in names if name not in poses]
            raise CalibrationError(
                f"{', '.join(lost)} never saw the board together with {', '.join(poses)} (at least {FEWEST_PAIRS} "
                f"times within {within_ns / 1e6:.0f} ms, standing still): hold it where both see it"
            )
        best = min(reach, key=lambda p: p.std_mm)
        used.append(best)
        if best.first in poses:
            poses[best.second] = compose(poses[best.first], best.pose)
        else:
            poses[best.first] = compose(poses[best.second], inverse(best.pose))
    loops = {(p.first, p.second): _contradiction(poses, p) for p in pairs if p not in used}
    return RigCalibration({name: poses[name] for name in names}, tuple(pairs), tuple(used), loops)


def together_seen(first: Sequence[View], second: Sequence[View], within_ns: int) -> list[tuple[View, View]]:
    """Views of two streams that are of one time: each at most once, the nearest."""
    out: list[tuple[View, View]] = []
    free = sorted(second, key=lambda v: v.time_ns)
    for view in sorted(first, key=lambda v: v.time_ns):
        near = min(free, key=lambda v: abs(v.time_ns - view.time_ns), default=None)
        if near is not None and abs(near.time_ns - view.time_ns) <= within_ns:
            out.append((view, near))
            free.remove(near)
    return out


def calibrate_pair(
    board: Board, first: Intrinsics, second: Intrinsics, together: Sequence[tuple[View, View]]
) -> PairCalibration | None:
    """Where the second camera stands to the first; None when fewer than 4 pairs of views agree.

    Args:
        together: views of one time, the first camera's and the second's.
    """
    candidates: list[_Candidate] = []
    for number, (a, b) in enumerate(together):
        pose_a = _pose(board, first, a)
        for turned in (False, True) if board.is_same_upside_down() else (False,):
            view = _turned(board, b) if turned else b
            pose_b = _pose(board, second, view)
            if pose_a is not None and pose_b is not None:
                a_right, b_right = corrected(board, first, a, pose_a), corrected(board, second, view, pose_b)
                candidates.append(_Candidate(number, a_right, b_right, pose_a, pose_b))
    agreed = _largest_agreement(board, first, second, candidates)
    agreed = [c for c in agreed if len(_common(c.a, c.b)[0]) >= _FEWEST_COMMON]
    if len(agreed) < FEWEST_PAIRS:
        return None
    solved = _stereo(board, first, second, agreed)
    limit = max(0.3, 2.5 * float(np.median(solved.errors)))
    good = [c for c, error in zip(agreed, solved.errors, strict=True) if error <= limit]
    if FEWEST_PAIRS <= len(good) < len(agreed):
        agreed, solved = good, _stereo(board, first, second, good)
    single = [_relative(c.pose_a, c.pose_b) for c in agreed]
    apart = np.array([np.linalg.norm(np.subtract(s.translation_m, solved.pose.translation_m)) for s in single])
    turned_deg = np.array([_angle_deg(s, solved.pose) for s in single])
    count = len(agreed)
    return PairCalibration(
        first=together[0][0].stream,
        second=together[0][1].stream,
        pose=solved.pose,
        rms_px=solved.rms_px,
        pairs=tuple((c.a.name, c.b.name) for c in agreed),
        dropped=len(together) - count,
        std_mm=float(np.sqrt((apart**2).mean() / count)) * 1000,
        std_deg=float(np.sqrt((turned_deg**2).mean() / count)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    pair: int
    a: View
    b: View
    pose_a: Pose
    pose_b: Pose


@dataclass(frozen=True, slots=True, eq=False)
class _Stereo:
    pose: Extrinsics
    rms_px: float
    errors: FloatArray


def _turned(board: Board, view: View) -> View:
    """The same view with the board taken for upside down: its last point for its first."""
    ids = len(board.points_mm()) - 1 - view.seen.ids
    order = np.argsort(ids)
    return replace(view, seen=Seen(ids[order], view.seen.points_px[order]))


def _pose(board: Board, lens: Intrinsics, view: View) -> Pose | None:
    flat = lens.undistort(view.seen.points_px)
    known = np.isfinite(flat).all(axis=1)
    if known.sum() < 4:
        return None
    points = board.points_m(view.seen.ids)[known]
    k = lens.matrix()
    found, turns, moves, errors = cv2.solvePnPGeneric(points, flat[known], k, None, flags=cv2.SOLVEPNP_IPPE)
    ahead = [i for i in range(len(turns)) if float(np.asarray(moves[i]).ravel()[2]) > 0] if found else []
    if not ahead:
        return None
    best = min(ahead, key=lambda i: float(np.asarray(errors[i]).ravel()[0]))
    turn, move = cv2.solvePnPRefineLM(points, flat[known], k, None, turns[best], moves[best])
    return Pose(np.asarray(cv2.Rodrigues(turn)[0], np.float64), np.asarray(move, np.float64).ravel())


def _relative(a: Pose, b: Pose) -> Extrinsics:
    """The second camera in the first's frame, from where both saw the board."""
    turn = a.rotation @ b.rotation.T
    return Extrinsics.from_arrays(turn, a.translation_m - turn @ b.translation_m)


def _largest_agreement(
    board: Board, first: Intrinsics, second: Intrinsics, candidates: Sequence[_Candidate]
) -> list[_Candidate]:
    """The pairs, and the ways to turn the board in them, that one place of the second camera explains best."""
    best: list[_Candidate] = []
    best_error = np.inf
    for hypothesis in candidates:
        place = _relative(hypothesis.pose_a, hypothesis.pose_b)
        agreeing: dict[int, tuple[float, _Candidate]] = {}
        for one in candidates:
            error = _misses(board, first, second, place, one)
            if error < _AGREES and error < agreeing.get(one.pair, (np.inf,))[0]:
                agreeing[one.pair] = (error, one)
        total = sum(error for error, _ in agreeing.values()) / max(len(agreeing), 1)
        if (len(agreeing), -total) > (len(best), -best_error):
            best, best_error = [c for _, c in agreeing.values()], total
    return best


def _misses(board: Board, first: Intrinsics, second: Intrinsics, place: Extrinsics, one: _Candidate) -> float:
    """How far the board lies from where the other camera says, as a share of the picture's width; the worse camera."""
    in_b = one.pose_b.to_camera(board.points_m(one.b.seen.ids))
    in_a = one.pose_a.to_camera(board.points_m(one.a.seen.ids))
    worst = 0.0
    for points, truth, lens in (
        (place.to_rig(in_b), one.pose_a.to_camera(board.points_m(one.b.seen.ids)), first),
        (place.from_rig(in_a), one.pose_b.to_camera(board.points_m(one.a.seen.ids)), second),
    ):
        apart = lens.project(points) - lens.project(truth)
        worst = max(worst, float(np.sqrt((np.nan_to_num(apart, nan=1e4) ** 2).sum(axis=1).mean())) / lens.width)
    return worst


def _common(a: View, b: View) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    ids, in_a, in_b = np.intersect1d(a.seen.ids, b.seen.ids, return_indices=True)
    return ids.astype(np.int32), in_a, in_b


def _stereo(board: Board, first: Intrinsics, second: Intrinsics, pairs: Sequence[_Candidate]) -> _Stereo:
    """Any lens model goes: the distortion is taken out of the points beforehand."""
    objects, points_a, points_b = [], [], []
    for one in pairs:
        ids, in_a, in_b = _common(one.a, one.b)
        flat_a, flat_b = first.undistort(one.a.seen.points_px[in_a]), second.undistort(one.b.seen.points_px[in_b])
        known = np.isfinite(flat_a).all(axis=1) & np.isfinite(flat_b).all(axis=1)
        objects.append(board.points_m(ids)[known].astype(np.float32))
        points_a.append(flat_a[known].astype(np.float32))
        points_b.append(flat_b[known].astype(np.float32))
    guess = inverse(_relative(pairs[0].pose_a, pairs[0].pose_b))
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-9)
    rms, _, _, _, _, turn, move, _, _, _, _, errors = cv2.stereoCalibrateExtended(
        objects,
        points_a,
        points_b,
        first.matrix(),
        np.zeros(5),
        second.matrix(),
        np.zeros(5),
        (first.width, first.height),
        guess.matrix(),
        np.array(guess.translation_m).reshape(3, 1),
        flags=cv2.CALIB_FIX_INTRINSIC | cv2.CALIB_USE_EXTRINSIC_GUESS,
        criteria=until,
    )
    pose = inverse(Extrinsics.from_arrays(np.asarray(turn, np.float64), np.asarray(move, np.float64).ravel()))
    return _Stereo(pose, float(rms), np.asarray(errors, np.float64).reshape(-1, 2).max(axis=1))


def _angle_deg(a: Extrinsics, b: Extrinsics) -> float:
    turn = a.matrix().T @ b.matrix()
    return float(np.degrees(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1.0, 1.0))))


def _contradiction(poses: Mapping[str, Extrinsics], pair: PairCalibration) -> tuple[float, float]:
    chained = compose(inverse(poses[pair.first]), poses[pair.second])
    apart = np.subtract(chained.translation_m, pair.pose.translation_m)
    return float(np.linalg.norm(apart)) * 1000, _angle_deg(chained, pair.pose)
