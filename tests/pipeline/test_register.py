"""Depth lies on the pixels that faces are looked for in, whichever cameras a rig has."""

from __future__ import annotations

import numpy as np
import pytest

from drivers.frame import Extrinsics, Frame, FrameFlag, FrameSet, Intrinsics, StreamInfo, StreamKind
from pipeline.steps.register import Registrar, View, depth_mm_of, gray_of

K_DEPTH = Intrinsics(160, 120, 140.0, 140.0, 79.5, 59.5)
K_COLOR = Intrinsics(320, 240, 280.0, 280.0, 159.5, 119.5)


def depth_info(**changes: object) -> StreamInfo:
    values: dict[str, object] = {
        "name": "depth",
        "kind": StreamKind.DEPTH,
        "width": 160,
        "height": 120,
        "dtype": "uint16",
        "unit_m": 0.001,
        "intrinsics": K_DEPTH,
    }
    return StreamInfo(**{**values, **changes})  # type: ignore[arg-type]  # a dict of the right values


def color_info(**changes: object) -> StreamInfo:
    values: dict[str, object] = {
        "name": "color",
        "kind": StreamKind.COLOR,
        "width": 320,
        "height": 240,
        "dtype": "uint8",
        "intrinsics": K_COLOR,
    }
    return StreamInfo(**{**values, **changes})  # type: ignore[arg-type]  # a dict of the right values


def view(*frames: Frame) -> View:
    registrar = Registrar([f.info for f in frames])
    out = registrar(FrameSet(0, 0, {f.stream: f for f in frames}))
    assert out is not None
    return out


def frame(info: StreamInfo, pixels: np.ndarray) -> Frame:
    return Frame(info, pixels, 0, 0, 1)


def test_registered_depth_is_used_as_it_is() -> None:
    info = depth_info(registered_to="infrared")
    infrared = StreamInfo("infrared", StreamKind.INFRARED, 160, 120, "uint8", intrinsics=K_DEPTH)
    pixels = np.arange(160 * 120, dtype=np.uint16).reshape(120, 160)
    out = view(frame(info, pixels), frame(infrared, np.zeros((120, 160), np.uint8)))
    assert out.stream == "infrared"
    assert out.depth_mm is not None
    assert np.array_equal(out.depth_mm, pixels)


def test_depth_of_another_camera_lands_where_that_camera_sees_the_point() -> None:
    """A near square before a far wall, seen by a depth camera 50 mm to the left of the colour camera."""
    shift = Extrinsics(translation_m=(0.05, 0.0, 0.0))
    depth = np.full((120, 160), 2000, np.uint16)
    depth[50:70, 70:90] = 1000
    out = view(frame(depth_info(), depth), frame(color_info(extrinsics=shift), np.zeros((240, 320, 3), np.uint8)))
    assert out.stream == "color"
    assert out.depth_mm is not None
    near = np.argwhere((out.depth_mm > 900) & (out.depth_mm < 1100))
    center = near.mean(axis=0)
    # The square's centre (79.5, 59.5) is on the axis: at 1 m it appears 0.05 * 280 = 14 px to the left.
    assert center[1] == pytest.approx(159.5 - 14, abs=1.0)
    assert center[0] == pytest.approx(119.5, abs=1.0)
    # A finer image gets no grid of holes: the square's inside is filled.
    inside = out.depth_mm[115:125, 140:151]
    assert (inside == 1000).all()


def test_depth_without_calibration_for_the_other_camera_is_not_guessed() -> None:
    bare = color_info(intrinsics=None)
    out = view(frame(depth_info(), np.full((120, 160), 900, np.uint16)), frame(bare, np.zeros((240, 320, 3), np.uint8)))
    assert out.depth_mm is None or out.stream == "depth"


def test_units_of_depth_are_honoured() -> None:
    tenth = frame(depth_info(unit_m=0.0001), np.full((120, 160), 9000, np.uint16))
    assert (depth_mm_of(tenth) == 900).all()
    metres = frame(depth_info(unit_m=0.1), np.full((120, 160), 60000, np.uint16))
    assert (depth_mm_of(metres) == 0).all()  # 6 km is no reading, and does not wrap round


def test_sixteen_bit_infrared_becomes_a_picture_and_depth_never_does() -> None:
    info = StreamInfo("ir", StreamKind.INFRARED, 160, 120, "uint16")
    ramp = np.linspace(0, 4000, 160 * 120).astype(np.uint16).reshape(120, 160)
    gray = gray_of(frame(info, ramp))
    assert gray is not None
    assert gray.dtype == np.uint8
    assert 230 <= int(gray.max()) <= 245
    assert (np.diff(gray.reshape(-1).astype(int)) >= 0).all()
    assert gray_of(frame(depth_info(), np.zeros((120, 160), np.uint16))) is None


def test_a_set_without_the_reference_frame_has_no_view() -> None:
    registrar = Registrar([depth_info(), color_info()])
    only_depth = frame(depth_info(), np.zeros((120, 160), np.uint16))
    assert registrar(FrameSet(0, 0, {"depth": only_depth}, missing=("color",))) is None


def test_old_depth_is_no_depth_and_the_reason_is_told() -> None:
    old = Frame(depth_info(), np.full((120, 160), 900, np.uint16), 0, 0, 1, FrameFlag.STALE)
    out = view(old, frame(color_info(), np.zeros((240, 320, 3), np.uint8)))
    assert (out.depth, out.depth_mm) == (None, None)
    assert out.no_depth == "the depth picture is old"
    alone = view(old)
    assert alone.frame is alone.depth is old, "of the reference frame itself the process says that it is old"


def test_a_picture_on_the_depth_grid_is_preferred_to_colour_from_elsewhere() -> None:
    infrared = StreamInfo("infrared", StreamKind.INFRARED, 160, 120, "uint8", intrinsics=K_DEPTH)
    registrar = Registrar([depth_info(), color_info(), infrared])
    assert registrar.reference is infrared
    assert Registrar([depth_info(), color_info()]).reference == color_info()


def test_the_nearer_surface_hides_the_farther_one() -> None:
    """A wall with a square before it, seen from the side: where both fall on one pixel, the square is seen."""
    shift = Extrinsics(translation_m=(0.3, 0.0, 0.0))
    depth = np.full((120, 160), 2000, np.uint16)
    depth[40:80, 70:110] = 1000
    other = StreamInfo("gray", StreamKind.GRAY, 160, 120, "uint8", intrinsics=K_DEPTH, extrinsics=shift)
    out = view(frame(depth_info(), depth), frame(other, np.zeros((120, 160), np.uint8)))
    assert out.depth_mm is not None
    # At 1 m the square moves by 0.3 * 140 = 42 px to the left, the wall at 2 m by 21 px.
    assert (out.depth_mm[45:75, 30:66] == 1000).all()
    assert (out.depth_mm[45:75, 0:26] == 2000).all()
