"""Faces made of numbers: what a signal is given of an average head that is turned, blinks and speaks as told.

sight = sight_at(1.5, yaw=20, openness=0.1)          # one instant
for sight in sights(every(10.0, fps=30), openness=lambda t: 0.0 if 2 <= t < 2.4 else 1.0): ...
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Intrinsics, KelvinMap, StreamInfo, StreamKind
from pipeline.signals.sight import OtherView, Sight
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from recordings.observation import Box, EyeOpenness, Face, HeadPose, Landmarks, SignalValue

S: Final = 1_000_000_000
"""Nanoseconds of a second."""
INTRINSICS: Final = Intrinsics(640, 480, 600.0, 600.0, 319.5, 239.5)
"""Of the camera unless another is given: 72 px between the outer corners of the eyes at 0.8 m."""
UPPER_LIDS: Final = ((37, 41), (38, 40), (43, 47), (44, 46))
"""Each landmark of an upper lid with the one of the lower lid below it."""
INNER_LIPS: Final = ((61, 67), (62, 66), (63, 65))
"""Each landmark of the upper lip's inner edge with the one of the lower lip below it."""
JAW: Final = (*range(5, 12), *range(55, 60), 65, 66, 67)
"""What goes down when the mouth opens."""


def head_points(openness: tuple[float, float] = (1.0, 1.0), mouth: float = 0.02) -> NDArray[np.float64]:
    """The 68 points (68, 3) in metres, in head axes.

    Args:
        openness: of the person's own right and left eye: 1 as in the average face (an eye aspect ratio of 0.32), 0 with
            the lids' lines upon each other.
        mouth: the mouth aspect ratio, the opening of the inner lips over their width; 0.02 is closed, 0.8 a yawn.
    """
    points = HEAD_LANDMARKS_M.copy()
    for upper, lower in UPPER_LIDS:
        shut = 1.0 - openness[0 if upper < 42 else 1]
        meet = points[lower] + 0.1 * (points[upper] - points[lower])
        points[upper] += shut * (meet - points[upper])
        points[lower] += shut * (meet - points[lower])
    width = float(np.linalg.norm(points[60] - points[64]))
    now = float(np.mean([points[lower, 1] - points[upper, 1] for upper, lower in INNER_LIPS]))
    points[list(JAW), 1] += mouth * width - now
    return points


def image_points(
    pose: HeadPose | None = None,
    openness: tuple[float, float] = (1.0, 1.0),
    mouth: float = 0.02,
    center_m: tuple[float, float, float] = (0.0, 0.0, 0.8),
    intrinsics: Intrinsics = INTRINSICS,
) -> NDArray[np.float64]:
    """The 68 points in pixels (68, 2), seen through the camera."""
    rotation = (pose or HeadPose(0.0, 0.0, 0.0)).rotation()
    return np.asarray(intrinsics.project(head_points(openness, mouth) @ rotation.T + np.array(center_m)), np.float64)


def info_of(
    kind: StreamKind = StreamKind.INFRARED,
    intrinsics: Intrinsics = INTRINSICS,
    name: str = "",
    fps: float = 30.0,
    kelvin: KelvinMap | None = None,
) -> StreamInfo:
    """A calibrated stream; its name is its kind's unless told. Thermal counts are hundredths of a kelvin."""
    return StreamInfo(
        name=name or kind.value,
        kind=kind,
        width=intrinsics.width,
        height=intrinsics.height,
        dtype="uint16" if kind in (StreamKind.DEPTH, StreamKind.THERMAL) else "uint8",
        fps=fps,
        unit_m=0.001 if kind is StreamKind.DEPTH else None,
        kelvin=(kelvin or KelvinMap(0.01)) if kind is StreamKind.THERMAL else None,
        intrinsics=intrinsics,
    )


def make_face(
    *,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    openness: float | tuple[float, float] = 1.0,
    mouth: float = 0.02,
    center_m: tuple[float, float, float] = (0.0, 0.0, 0.8),
    intrinsics: Intrinsics = INTRINSICS,
    stream: str = "infrared",
    noise_px: float = 0.0,
    seed: int = 0,
    confidence: float | NDArray[np.float32] = 0.9,
    points: NDArray[np.float64] | None = None,
    pose: HeadPose | None = None,
    **fields: Any,
) -> Face:
    """A face as the steps say it: its landmarks, pose and eyes agree.

    Args:
        yaw, pitch, roll: degrees, with the signs of HeadPose.
        openness: of both eyes, or of the right and the left one; 0 closed, 1 as in the average face.
        mouth: the mouth aspect ratio.
        center_m: of the head, in camera axes.
        noise_px: standard deviation of the landmarks' error, from ``seed``.
        confidence: of the landmarks: one number, or one a point.
        points: (68, 2) pixels in place of the projected ones, e.g. with NaN.
        pose: in place of the angles above, as if the pose had been estimated wrongly.
        fields: of Face, in place of what would be there: ``landmarks=None``, ``invalid={...}``, ``id=3``.
    """
    eyes = (float(openness), float(openness)) if isinstance(openness, int | float) else openness
    turned = HeadPose(yaw, pitch, roll, 0.5)
    if points is None and not noise_px and isinstance(confidence, int | float):
        face = _plain_face(turned, eyes, float(mouth), center_m, intrinsics, stream, float(confidence))
    else:
        if points is None:
            points = image_points(turned, eyes, mouth, center_m, intrinsics)
        face = _face(points, noise_px, seed, turned, eyes, center_m, intrinsics, stream, confidence)
    return dataclasses.replace(face, **({"pose": pose} if pose else {}), **fields) if pose or fields else face


@functools.lru_cache(maxsize=2048)
def _plain_face(
    turned: HeadPose,
    eyes: tuple[float, float],
    mouth: float,
    center_m: tuple[float, float, float],
    intrinsics: Intrinsics,
    stream: str,
    confidence: float,
) -> Face:
    """The same face again is the same object: most of a test's frames are alike."""
    points = image_points(turned, eyes, mouth, center_m, intrinsics)
    return _face(points, 0.0, 0, turned, eyes, center_m, intrinsics, stream, confidence)


def _face(
    points: NDArray[np.float64],
    noise_px: float,
    seed: int,
    turned: HeadPose,
    eyes: tuple[float, float],
    center_m: tuple[float, float, float],
    intrinsics: Intrinsics,
    stream: str,
    confidence: float | NDArray[np.float32],
) -> Face:
    if noise_px:
        points = points + np.random.default_rng(seed).normal(0.0, noise_px, points.shape)
    seen = points[np.isfinite(points).all(axis=1)]
    (left, top), (right, bottom) = (seen.min(axis=0), seen.max(axis=0)) if len(seen) else ((0.0, 0.0), (1.0, 1.0))
    side = 0.32 * intrinsics.fx / center_m[2]
    middle = (
        intrinsics.cx + intrinsics.fx * center_m[0] / center_m[2],
        intrinsics.cy + intrinsics.fy * center_m[1] / center_m[2],
    )
    return Face(
        id=1,
        stream=stream,
        box=Box(float(left), float(top), float(right - left), float(bottom - top)),
        confidence=0.95,
        distance_m=center_m[2] - 0.09,
        head_center_m=center_m,
        crop=Box(middle[0] - side / 2, middle[1] - side / 2, side, side),
        landmarks=Landmarks(
            points.astype(np.float32), np.broadcast_to(np.asarray(confidence, np.float32), (68,)).copy()
        ),
        pose=turned,
        eyes=EyeOpenness(min(max(eyes[0], 0.0), 1.0), min(max(eyes[1], 0.0), 1.0)),
    )


def sight_at(
    time_s: float,
    *,
    info: StreamInfo | None = None,
    is_calibrated: bool = True,
    gray: NDArray[np.uint8] | None = None,
    depth_mm: NDArray[np.uint16] | None = None,
    others: Mapping[str, OtherView] | None = None,
    context: Mapping[str, float] | None = None,
    **face: Any,
) -> Sight:
    """One face at one instant.

    Args:
        time_s: device time, seconds.
        info: the stream that it was found in: infrared unless told.
        face: of :func:`make_face`.
    """
    info = info or info_of(intrinsics=face.get("intrinsics", INTRINSICS))
    intrinsics = info.intrinsics or INTRINSICS
    shown = make_face(**{"intrinsics": intrinsics, "stream": info.name, **face})
    return Sight(
        device_ns=round(time_s * S),
        face=shown,
        landmarks=shown.landmarks if "landmarks" not in shown.invalid else None,
        info=info,
        intrinsics=intrinsics,
        is_calibrated=is_calibrated,
        gray=gray,
        depth_mm=depth_mm,
        others=others or {},
        context=context or {},
    )


def every(duration_s: float, fps: float = 30.0, begin_s: float = 0.0) -> list[float]:
    """The instants, in seconds, of a camera that loses no frame; the last one not later than the duration."""
    return [begin_s + i / fps for i in range(math.floor(duration_s * fps + 1e-6) + 1)]


def sights(times_s: Sequence[float], **what: Any | Callable[[float], Any]) -> Iterator[Sight]:
    """The sights at these times; what is callable is asked for its value at each."""
    for time_s in times_s:
        yield sight_at(time_s, **{name: told(time_s) if callable(told) else told for name, told in what.items()})


def known(unit: str = "", confidence: float = 0.9, **values: float) -> dict[str, SignalValue]:
    """What other signals said: ``known(eyes_closed=1.0)``."""
    return {name: SignalValue(value, unit, confidence) for name, value in values.items()}
