"""Which profiles of a RealSense are opened; its lenses and places are those that the SDK itself computes with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from drivers import distortion
from drivers.cameras.realsense_profiles import choose, describe_streams, intrinsics_of, offers
from drivers.cameras.realsense_words import Asked
from drivers.errors import UnsupportedFeatureError, UnusableSourceError
from drivers.frame import Extrinsics, StreamKind
from tests.drivers.cameras.software_realsense import COLOR, DEPTH, INFRARED, SoftStream, SoftwareRealSense

rs = pytest.importorskip(
    "pyrealsense2", reason="needs pyrealsense2 and libusb (apt install libusb-1.0-0)", exc_type=ImportError
)


def modes(kind: str, form: str, *sizes: str, index: int = 0, module: str = "Stereo Module") -> list[SoftStream]:
    out = []
    for size in sizes:
        pixels, _, fps = size.partition("@")
        width, _, height = pixels.partition("x")
        out.append(
            SoftStream(kind, form, index, int(width), int(height), int(fps.rstrip("*")), module, size.endswith("*"))
        )
    return out


D455 = [
    *modes("depth", "z16", "1280x720@30", "848x480@30*", "848x480@60", "640x480@30", "640x480@15"),
    *modes("infrared", "y8", "1280x720@30", "848x480@30*", "848x480@60", "640x480@30", "640x480@15", index=1),
    *modes("infrared", "y8", "1280x720@30", "848x480@30", "848x480@60", "640x480@30", "640x480@15", index=2),
    *modes("infrared", "y16", "1280x800@15", index=1),
    *modes("color", "yuyv", "640x480@30", "1280x720@30", module="RGB Camera"),
    *modes("color", "rgb8", "640x480@30*", "1280x720@30", "1280x720@15", module="RGB Camera"),
]
"""Like that camera's, as it lists them."""


def chosen(rest: str, streams: list[SoftStream] = D455) -> dict[str, str]:
    soft = SoftwareRealSense(streams)
    every = offers(soft.device.query_sensors())
    return {o.name: f"{o.size} {o.format}" for o in choose(every, Asked.parse(rest), f"realsense:{rest}")}


def test_left_alone_a_camera_gives_depth_infrared_and_colour_of_its_own_choice() -> None:
    assert chosen("") == {"depth": "848x480@30 z16", "infrared": "848x480@30 y8", "color": "640x480@30 rgb8"}


@pytest.mark.parametrize(
    ("rest", "sizes"),
    [
        ("?streams=depth", {"depth": "848x480@30 z16"}),
        ("?streams=color,depth", {"depth": "848x480@30 z16", "color": "640x480@30 rgb8"}),
        ("?streams=infrared2", {"infrared2": "640x480@30 y8"}),  # no default of its own
        # one sensor streams one size: infrared goes along with depth
        ("?depth=640x480@15&color=off", {"depth": "640x480@15 z16", "infrared": "640x480@15 y8"}),
        ("?infrared=640x480@15&color=off", {"depth": "640x480@15 z16", "infrared": "640x480@15 y8"}),
        (
            "?depth=848x480&color=off&infrared=off&infrared2=on",
            {"depth": "848x480@30 z16", "infrared2": "848x480@30 y8"},
        ),
        ("?streams=color&color=1280x720@15", {"color": "1280x720@15 rgb8"}),
        ("?streams=infrared&infrared=1280x800", {"infrared": "1280x800@15 y16"}),
    ],
)
def test_a_source_says_which_streams_and_sizes(rest: str, sizes: dict[str, str]) -> None:
    assert chosen(rest) == sizes


def test_a_size_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(
        UnsupportedFeatureError, match=r"no depth of 1920x1080; it has 1280x720@30, 848x480@60, 848x480@30"
    ):
        chosen("?depth=1920x1080")
    with pytest.raises(UnsupportedFeatureError, match=r"no color of 640x480@60; it has 1280x720@30"):
        chosen("?color=640x480@60")


def test_a_stream_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(UnsupportedFeatureError, match=r"no stream fisheye; it has depth: 1280x720@30"):
        chosen("?streams=fisheye")


def test_a_device_without_pictures_is_no_camera() -> None:
    with pytest.raises(UnusableSourceError, match="no stream of depth, infrared or colour"):
        chosen("", [SoftStream("color", "raw16", module="RGB Camera")])


def described(streams: list[SoftStream], rest: str = "") -> tuple[list[Any], dict[str, str]]:
    soft = SoftwareRealSense(streams)
    sensors = soft.device.query_sensors()
    every = choose(offers(sensors), Asked.parse(rest), "realsense:")
    return describe_streams(rs, every, sensors, "realsense:", "clock")


def test_a_stream_stands_where_the_sdk_says_also_when_it_is_turned() -> None:
    a, b = np.deg2rad(7.0), np.deg2rad(-3.0)
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    place = Extrinsics.from_arrays(about_y @ about_x, [0.015, -0.002, 0.004])
    turned = SoftStream("color", "rgb8", width=80, height=60, module="RGB Camera", extrinsics=place)
    (_, color), notes = described([DEPTH, turned])
    np.testing.assert_allclose(color.extrinsics.matrix(), place.matrix(), atol=1e-6)
    np.testing.assert_allclose(color.extrinsics.translation_m, place.translation_m, atol=1e-6)
    assert notes == {}
    # and the SDK moves a point as we do
    soft = SoftwareRealSense([DEPTH, turned])
    to_color = soft.profiles[DEPTH].get_extrinsics_to(soft.profiles[turned])
    theirs = rs.rs2_transform_point_to_point(to_color, [0.1, 0.2, 1.5])
    np.testing.assert_allclose(color.extrinsics.from_rig(np.array([[0.1, 0.2, 1.5]]))[0], theirs, atol=1e-6)


def test_depth_is_registered_only_to_what_shares_its_grid() -> None:
    (depth, _, _), _ = described([DEPTH, INFRARED, COLOR])
    assert depth.registered_to == "infrared"
    (depth, _), _ = described([DEPTH, COLOR])
    assert depth.registered_to is None
    same = SoftStream("color", "rgb8", module="RGB Camera")
    (depth, _, _), _ = described([DEPTH, INFRARED, same])
    assert depth.registered_to == "color"


def test_the_unit_is_the_sensors() -> None:
    soft = SoftwareRealSense([DEPTH], unit_m=0.00025)
    sensors = soft.device.query_sensors()
    (depth,), _ = describe_streams(rs, choose(offers(sensors), Asked.parse(""), ""), sensors, "", "")
    assert depth.unit_m == 0.00025
    assert depth.kind is StreamKind.DEPTH


@pytest.mark.parametrize(
    "model", ["brown_conrady", "inverse_brown_conrady", "modified_brown_conrady", "none", "kannala_brandt4"]
)
def test_a_lens_puts_points_where_the_sdk_puts_them(model: str) -> None:
    k = rs.intrinsics()
    k.width, k.height, k.fx, k.fy, k.ppx, k.ppy = 640, 480, 601.0, 599.0, 321.5, 243.25
    k.model, k.coeffs = getattr(rs.distortion, model), [0.11, -0.2, 0.001, -0.002, 0.05]
    lens, note = intrinsics_of(rs, k)
    assert note == ""
    points = np.array([[x, y, 1.3] for x in (-0.6, 0.0, 0.5) for y in (-0.4, 0.1, 0.45)])
    theirs = np.array([rs.rs2_project_point_to_pixel(k, p.tolist()) for p in points])
    np.testing.assert_allclose(lens.project(points, distort=True), theirs, atol=0.05)


def test_a_lens_that_has_no_place_here_is_told() -> None:
    k = rs.intrinsics()
    k.width, k.height, k.fx, k.fy, k.ppx, k.ppy = 640, 480, 300.0, 300.0, 320.0, 240.0
    k.model, k.coeffs = rs.distortion.ftheta, [0.9, 0.0, 0.0, 0.0, 0.0]
    lens, note = intrinsics_of(rs, k)
    assert "ftheta (0.9, 0, 0, 0, 0) has no place here" in note
    assert (lens.distortion, lens.model) == ((), distortion.BROWN_CONRADY)
