"""The words that every room speaks."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import CalibrationError, FrameError
from drivers.frame import (
    Extrinsics,
    Frame,
    FrameFlag,
    FrameSet,
    Intrinsics,
    KelvinMap,
    StreamInfo,
    StreamKind,
)

DEPTH = StreamInfo("depth", StreamKind.DEPTH, 4, 3, "uint16", fps=30.0, unit_m=0.001)
THERMAL = StreamInfo("thermal", StreamKind.THERMAL, 4, 3, "uint16", kelvin=KelvinMap(0.01))
COLOR = StreamInfo("color", StreamKind.COLOR, 4, 3, "uint8")

lengths = st.floats(1.0, 5000.0)
angles = st.floats(-3.0, 3.0)


def frame(info: StreamInfo, value: int = 7, number: int = 0, host_ns: int = 0) -> Frame:
    return Frame(info, np.full(info.shape, value, info.dtype), number, number, host_ns)


def turned(yaw: float, pitch: float) -> np.ndarray:
    c, s, d, t = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]) @ np.array([[1, 0, 0], [0, d, -t], [0, t, d]])


@given(lengths, lengths, st.floats(0, 639), st.floats(0, 479), st.floats(0.1, 10))
def test_a_point_comes_back_from_its_pixel(fx: float, fy: float, u: float, v: float, z: float):
    lens = Intrinsics(640, 480, fx, fy, 319.5, 239.5)
    pixels = np.array([[u, v]])
    np.testing.assert_allclose(lens.project(lens.back_project(pixels, z)), pixels, atol=1e-6)


def test_a_point_behind_the_camera_has_no_pixel():
    assert np.isnan(Intrinsics.from_fov(640, 480, 60).project(np.array([[0.1, 0.1, -1.0]]))).all()


def test_a_lens_made_from_its_field_of_view_sees_just_that():
    lens = Intrinsics.from_fov(640, 480, 90.0)
    assert lens.fx == pytest.approx(320.0)
    assert (lens.cx, lens.cy) == (319.5, 239.5)
    np.testing.assert_allclose(lens.matrix(), [[320, 0, 319.5], [0, 320, 239.5], [0, 0, 1]])


@pytest.mark.parametrize(
    "arguments",
    [
        (0, 480, 1, 1, 0, 0),
        (640, 480, 0, 1, 0, 0),
        (640, 480, float("nan"), 1, 0, 0),
        (640, 480, 1, 1, float("inf"), 0),
        (640, 480, 1, 1, 0, 0, (0.1, 0.2)),
    ],
)
def test_an_impossible_lens_is_refused(arguments: tuple[float, ...]):
    with pytest.raises(CalibrationError):
        Intrinsics(*arguments)  # type: ignore[arg-type]  # wrong on purpose


@given(angles, angles, st.tuples(*[st.floats(-5, 5)] * 3))
def test_a_point_comes_back_from_the_rig(yaw: float, pitch: float, translation: tuple[float, ...]):
    place = Extrinsics.from_arrays(turned(yaw, pitch), translation)
    points = np.array([[0.1, -0.2, 1.0], [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(place.from_rig(place.to_rig(points)), points, atol=1e-9)
    assert Extrinsics.from_json(json.loads(json.dumps(place.to_json()))) == place


def test_a_mirror_is_no_rotation():
    with pytest.raises(CalibrationError, match="not a rotation"):
        Extrinsics.from_arrays(np.diag([1.0, 1.0, -1.0]), [0, 0, 0])
    assert Extrinsics().is_identity()


@pytest.mark.parametrize(
    "info",
    [
        DEPTH,
        THERMAL,
        COLOR,
        StreamInfo("cabin/ir", StreamKind.INFRARED, 8, 6, "uint16", registered_to="depth", camera="fake:1"),
        StreamInfo(
            "gray",
            StreamKind.GRAY,
            640,
            480,
            "uint8",
            intrinsics=Intrinsics.from_fov(640, 480, 60.0),
            extrinsics=Extrinsics(translation_m=(0.1, 0.0, -0.2)),
        ),
    ],
    ids=lambda info: info.name,
)
def test_a_streams_description_survives_json(info: StreamInfo):
    assert StreamInfo.from_json(json.loads(json.dumps(info.to_json()))) == info


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, FrameError),
        ({"name": "two words"}, FrameError),
        ({"width": 0}, FrameError),
        ({"dtype": "uint8"}, FrameError),
        ({"unit_m": None}, FrameError),
        ({"unit_m": -0.001}, FrameError),
        ({"kelvin": KelvinMap(0.01)}, FrameError),
        ({"intrinsics": Intrinsics.from_fov(640, 480, 60.0)}, CalibrationError),
    ],
)
def test_an_impossible_stream_is_refused(fields: dict[str, object], error: type[Exception]):
    good = {"name": "depth", "kind": StreamKind.DEPTH, "width": 4, "height": 3, "dtype": "uint16", "unit_m": 0.001}
    with pytest.raises(error):
        StreamInfo(**{**good, **fields})  # type: ignore[arg-type]  # wrong on purpose


def test_only_depth_has_a_unit():
    with pytest.raises(FrameError, match="only depth has a unit"):
        StreamInfo("gray", StreamKind.GRAY, 4, 3, "uint8", unit_m=0.001)


@pytest.mark.parametrize(
    "data", [{}, {"name": "x"}, {"name": "x", "kind": "smell", "width": 1, "height": 1, "dtype": "uint8"}]
)
def test_a_torn_description_of_a_stream_is_refused(data: dict[str, object]):
    with pytest.raises(FrameError, match="incomplete or wrong"):
        StreamInfo.from_json(data)


def test_a_frames_pixels_cannot_be_written():
    pixels = np.zeros((3, 4), np.uint16)
    made = Frame(DEPTH, pixels, 0, 0, 0)
    with pytest.raises(ValueError, match="read-only"):
        made.pixels[0, 0] = 1
    assert pixels.flags.writeable  # the caller's own array stays as it was


@pytest.mark.parametrize("pixels", [np.zeros((4, 3), np.uint16), np.zeros((3, 4), np.uint8)])
def test_a_frame_that_breaks_its_streams_promise_is_refused(pixels: np.ndarray):
    with pytest.raises(FrameError, match="promises uint16"):
        Frame(DEPTH, pixels, 0, 0, 0)


def test_depth_is_in_metres_and_no_reading_is_nan():
    pixels = np.full((3, 4), 1500, np.uint16)
    pixels[0, 0] = 0
    metres = Frame(DEPTH, pixels, 0, 0, 0).depth_m()
    assert np.isnan(metres[0, 0])
    np.testing.assert_allclose(metres[1:], 1.5)
    with pytest.raises(FrameError, match="not depth"):
        frame(COLOR).depth_m()


def test_only_a_radiometric_camera_tells_temperatures():
    np.testing.assert_allclose(frame(THERMAL, 30015).celsius(), 27.0)
    plain = StreamInfo("thermal", StreamKind.THERMAL, 4, 3, "uint16")
    assert not plain.is_radiometric
    with pytest.raises(FrameError, match="not radiometric"):
        frame(plain).celsius()
    with pytest.raises(FrameError, match="not thermal"):
        frame(DEPTH).celsius()


def test_flags_combine():
    made = Frame(DEPTH, np.zeros((3, 4), np.uint16), 0, 0, 0, FrameFlag.STALE | FrameFlag.SHUTTER)
    assert made.flags & FrameFlag.SHUTTER
    assert not made.flags & FrameFlag.GENERATED


def test_a_frame_set_belongs_to_the_last_of_its_frames_and_cannot_be_changed():
    both = FrameSet(0, 5, {"depth": frame(DEPTH, host_ns=3), "color": frame(COLOR, host_ns=9)})
    assert both.host_ns == 9
    assert both.first(StreamKind.GRAY, StreamKind.COLOR) is both.frames["color"]
    assert both.first(StreamKind.THERMAL) is None
    with pytest.raises(TypeError):
        both.frames["more"] = frame(DEPTH)  # type: ignore[index]  # wrong on purpose
    with pytest.raises(FrameError, match="at least one"):
        FrameSet(0, 5, {})
