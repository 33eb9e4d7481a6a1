"""Thermal pictures of faces made of numbers: an even head before an even wall, with warm and cold places on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, Intrinsics, KelvinMap, StreamInfo, StreamKind
from pipeline.signals.sight import OtherView, Points, Sight
from pipeline.steps.head_template import EYES_M
from tests.pipeline.signals.faces import S, info_of, sight_at

LENS: Final = Intrinsics.from_fov(160, 120, 24.0)
"""Of the thermal camera unless told: 2.5 mm a pixel on a face whose head centre is at 1 m."""
SKIN_C: Final = 34.0
WALL_C: Final = 22.0
CANTHUS_C: Final = 35.5
ZERO_K: Final = 273.15
EMISSIVITY: Final = 0.98


def seen_k(celsius: float | NDArray[Any], emissivity: float = EMISSIVITY, reflected_c: float = WALL_C) -> Any:
    """What a camera tells of a surface, kelvin: the forward formula, by the fourth powers."""
    square = np.square(np.asarray(celsius, np.float64) + ZERO_K)
    return np.sqrt(np.sqrt(emissivity * square * square + (1.0 - emissivity) * (reflected_c + ZERO_K) ** 4))


def head_celsius(
    points: NDArray[np.float64],
    lens: Intrinsics = LENS,
    *,
    skin: float = SKIN_C,
    wall: float = WALL_C,
    canthus: float = CANTHUS_C,
    nose: float | None = None,
    glasses: float | None = None,
    mask: float | None = None,
) -> NDArray[np.float64]:
    """(H, W) degrees Celsius: a head of ``skin``, discs of ``canthus`` at 39 and 42, what is under the nose, glasses
    and a mask where they have a temperature."""
    scene = np.full((lens.height, lens.width), wall, np.float64)
    eyes = float(np.linalg.norm(points[45] - points[36]))
    middle = points[[27, 33]].mean(axis=0)

    def paint(place: NDArray[np.float64], half: tuple[float, float], celsius: float) -> None:
        x, y, w, h = float(place[0]), float(place[1]), half[0] * eyes, half[1] * eyes
        left, right = max(int(x - w), 0), min(int(x + w) + 2, lens.width)
        top, bottom = max(int(y - h), 0), min(int(y + h) + 2, lens.height)
        if left < right and top < bottom:
            across = ((np.arange(left, right) - x) / w) ** 2
            down = ((np.arange(top, bottom) - y) / h) ** 2
            scene[top:bottom, left:right][across + down[:, None] <= 1.0] = celsius

    paint(middle, (0.95, 1.45), skin)
    for mark in (39, 42):
        paint(points[mark], (0.13, 0.13), canthus)
    if nose is not None:
        paint(points[[33, 51]].mean(axis=0), (0.2, 0.12), nose)
    if mask is not None:
        paint(points[62], (0.75, 0.6), mask)
    if glasses is not None:
        for eye in (slice(36, 42), slice(42, 48)):
            paint(points[eye].mean(axis=0), (0.32, 0.26), glasses)
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), 0.4), np.float64)


def warm_info(lens: Intrinsics = LENS, radiometric: bool = True, gain: float = 0.01) -> StreamInfo:
    """The thermal stream; counts of ``gain`` kelvin."""
    info = info_of(StreamKind.THERMAL, lens, kelvin=KelvinMap(gain))
    if radiometric:
        return info
    return StreamInfo(info.name, info.kind, info.width, info.height, info.dtype, fps=info.fps, intrinsics=lens)


def warm_frame(
    celsius: NDArray[np.float64],
    time_s: float = 0.0,
    *,
    info: StreamInfo | None = None,
    noise_k: float = 0.0,
    seed: int = 0,
    emissivity: float = EMISSIVITY,
    reflected_c: float = WALL_C,
    flags: FrameFlag = FrameFlag.NONE,
    number: int | None = None,
) -> Frame:
    """The frame that a camera without an error of its own gives of surfaces of these temperatures."""
    info = info or warm_info()
    gain = 0.01 if info.kelvin is None else info.kelvin.gain
    kelvin = seen_k(celsius, emissivity, reflected_c)
    if noise_k:
        kelvin = kelvin + np.random.default_rng(seed).normal(0.0, noise_k, kelvin.shape)
    counts = np.clip(np.rint(kelvin / gain), 0, 65535).astype(np.uint16)
    ns = round(time_s * S)
    return Frame(info, counts, ns // 1_000_000 if number is None else number, ns, ns + 1, flags)


def warm_sight(
    time_s: float = 0.0,
    *,
    lens: Intrinsics = LENS,
    center_m: tuple[float, float, float] = (0.0, 0.0, 1.0),
    own: bool = True,
    radiometric: bool = True,
    paint: Mapping[str, Any] | None = None,
    frame: Mapping[str, Any] | None = None,
    change: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
    error_px: float = 0.0,
    **what: Any,
) -> Sight:
    """A face and its thermal picture at one instant.

    Args:
        own: whether the face was found in the thermal picture itself; otherwise in infrared, from where its points
            are projected.
        paint: of :func:`head_celsius`.
        frame: of :func:`warm_frame`.
        change: of the temperatures (H, W), before the camera sees them.
        what: of :func:`tests.pipeline.signals.faces.sight_at`.
    """
    angles = {name: what[name] for name in ("yaw", "pitch", "roll") if name in what}
    shown = sight_at(time_s, center_m=center_m, intrinsics=lens, **angles)
    assert shown.landmarks is not None
    points = shown.landmarks.points.astype(np.float64)
    celsius = head_celsius(points, lens, **(paint or {}))
    if change is not None:
        celsius = change(celsius)
    info = warm_info(lens, radiometric)
    picture = warm_frame(celsius, time_s, info=info, **(frame or {}))
    if own:
        others = {"thermal": OtherView(picture, lambda p: p), **what.pop("others", {})}
        return sight_at(time_s, info=info, center_m=center_m, others=others, **what)
    found = sight_at(time_s, center_m=center_m, **angles)
    assert found.landmarks is not None
    scale = lens.fx / found.intrinsics.fx

    def project(given: Points) -> Points:
        """The same axes, another lens: exact for points at any distance."""
        return (given - (found.intrinsics.cx, found.intrinsics.cy)) * scale + (lens.cx, lens.cy)

    others = {"thermal": OtherView(picture, project, error_px), **what.pop("others", {})}
    return sight_at(time_s, center_m=center_m, others=others, **what)


def eyes_px(lens: Intrinsics = LENS, distance_m: float = 1.0) -> float:
    """Between the outer eye corners, roughly."""
    return EYES_M * lens.fx / distance_m
