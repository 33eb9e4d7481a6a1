"""The Kinect v2 by Microsoft's SDK: the driver against the interfaces that pykinect2 declares."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.camera import Camera
from drivers.cameras import kinect2, kinect2_windows
from drivers.cameras.kinect2 import Kinect2Camera
from drivers.cameras.kinect2_windows import SdkBackend
from drivers.errors import CameraLostError, CameraNotFoundError, CameraOpenError
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.fake_kinect2_sdk import API, BASELINE_M, COLOR_FOCAL, DEPTH_FOCAL, K1, K2, K3, make_sdk
from tests.drivers.cameras.reading import frames_of


@pytest.fixture
def kinect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """On Windows, with the SDK and a Kinect: gives the script of what the camera does."""
    sdk, sensor, camera = make_sdk()
    monkeypatch.setattr(kinect2_windows, "load", lambda: sdk)
    monkeypatch.setattr(kinect2_windows, "default_sensor", sensor)
    monkeypatch.setattr(kinect2, "usb_devices", lambda products: None)
    monkeypatch.setattr(
        Kinect2Camera, "_make", lambda self, settings: SdkBackend(settings, lambda: self._closing.is_set())
    )
    yield camera
    assert camera.opened == camera.closed, "every sensor is closed"
    assert camera.subscribed == 0, "every event is given back"


def opened(rest: str = "") -> Kinect2Camera:
    camera = Kinect2Camera(rest)
    camera.open()
    return camera


class TestAllStreams(CameraConformance):
    @pytest.fixture(autouse=True)
    def _fake(self, kinect: Any) -> None:
        self.kinect = kinect

    def make(self) -> Camera:
        return Kinect2Camera("?color_size=960x540")


def test_images_are_turned_round_so_that_x_goes_right(kinect: Any) -> None:
    camera = opened()
    try:
        (depth,) = frames_of(camera, "depth", 1)
        assert depth.pixels[7].tolist() == [1000 + 511 - column for column in range(512)]
        (infrared,) = frames_of(camera, "infrared", 1)
        assert infrared.pixels[0, 0] == 20_511
        (color,) = frames_of(camera, "color", 1)
        assert color.pixels.shape == (1080, 1920, 3)
        assert color.pixels[500, :, 0].tolist() == [(1919 - column) % 256 for column in range(1920)], "red is first"
        assert color.pixels[500, 3, 1:].tolist() == [20, 10]
    finally:
        camera.close()


def test_the_factorys_calibration_is_read_for_the_turned_image(kinect: Any) -> None:
    camera = opened()
    try:
        depth, infrared, color = camera.streams()
        assert depth.intrinsics is not None
        assert depth.intrinsics == infrared.intrinsics
        assert (depth.intrinsics.fx, depth.intrinsics.cx, depth.intrinsics.cy) == (DEPTH_FOCAL, 511 - 258.0, 207.0)
        assert depth.intrinsics.distortion == pytest.approx((K1, K2, 0, 0, K3))
        assert color.intrinsics is not None
        assert color.intrinsics.fx == pytest.approx(COLOR_FOCAL, rel=1e-3)
        assert color.intrinsics.cx == pytest.approx(1919 - 962.0, abs=1.0)
        # The fake's colour camera sees a point of the depth sensor 52 mm further to the sensor's left than it is: it
        # stands 52 mm to the right.
        assert color.extrinsics.translation_m == pytest.approx((BASELINE_M, 0, 0), abs=2e-3)
        assert np.allclose(color.extrinsics.matrix(), np.eye(3), atol=2e-3)
        assert float(camera.options()["color_fit_rms_px"]) < 0.1
    finally:
        camera.close()


def test_half_the_colour_has_half_the_calibration(kinect: Any) -> None:
    whole, half = opened("?streams=color"), opened("?streams=color&color_size=960x540")
    try:
        a, b = whole.streams()[0], half.streams()[0]
        assert (b.width, b.height) == (960, 540)
        assert a.intrinsics is not None
        assert b.intrinsics is not None
        assert b.intrinsics.fx == pytest.approx(a.intrinsics.fx / 2)
        assert b.intrinsics.cx + 0.5 == pytest.approx((a.intrinsics.cx + 0.5) / 2)
        assert half.read(5.0).pixels.shape == (540, 960, 3)
    finally:
        whole.close()
        half.close()


def test_the_sensors_own_time_is_the_device_time(kinect: Any) -> None:
    camera = opened("?streams=depth")
    try:
        frames = frames_of(camera, "depth", 3)
        assert [frame.device_ns for frame in frames] == [(5_000_000 + 333_333 * n) * 100 for n in (1, 2, 3)]
        assert [frame.number for frame in frames] == [0, 1, 2]
    finally:
        camera.close()


def test_a_frame_that_the_sdk_let_go_of_is_a_gap_in_the_numbers(kinect: Any) -> None:
    camera = opened("?streams=depth")
    try:
        (before,) = frames_of(camera, "depth", 1)
        kinect.gone_frames = 2
        (after,) = frames_of(camera, "depth", 1)
        assert after.number - before.number == 3
    finally:
        camera.close()


def test_colour_that_slows_down_in_the_dark_loses_nothing(kinect: Any) -> None:
    kinect.color_interval_ticks = 666_666
    camera = opened("?streams=color&color_size=960x540")
    try:
        assert [frame.number for frame in frames_of(camera, "color", 3)] == [0, 1, 2]
    finally:
        camera.close()


def test_readings_out_of_range_are_no_readings(kinect: Any) -> None:
    camera = opened("?streams=depth&min_m=1.1&max_m=1.2")
    try:
        (depth,) = frames_of(camera, "depth", 1)
        kept = depth.pixels[0][depth.pixels[0] > 0]
        assert (kept.min(), kept.max()) == (1100, 1200)
    finally:
        camera.close()


def test_who_is_where_comes_beside_the_streams(kinect: Any) -> None:
    camera = opened("?streams=depth&body_index=on&isolate=off")
    try:
        assert camera.body_index() is None
        assert [stream.name for stream in camera.streams()] == ["depth"]
        frames_of(camera, "depth", 4)
        found = camera.body_index()
        assert found is not None
        labels, device_ns = found
        assert (labels.shape, labels.dtype) == ((424, 512), np.uint8)
        assert (labels[0, 0], labels[0, 511]) == (255, 2), "turned round as the depth is"
        assert device_ns > 0
    finally:
        camera.close()
    assert camera.body_index() is None


def test_a_sensor_that_is_not_there_says_what_to_look_for(kinect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinect2_windows, "_AVAILABLE_S", 0.2)
    kinect.there = False
    with pytest.raises(CameraNotFoundError, match="power supply"):
        Kinect2Camera("").open()


def test_a_sensor_with_another_number_is_refused(kinect: Any) -> None:
    camera = opened("013445434447?streams=depth")
    assert camera.options()["serial"] == "013445434447"
    camera.close()
    with pytest.raises(CameraNotFoundError, match="here is 013445434447"):
        Kinect2Camera("999?streams=depth").open()
    assert kinect2_windows.find_serials() == ["013445434447"]


def test_an_unplugged_sensor_is_lost(kinect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinect2_windows, "_SILENT_S", 0.1)
    camera = opened("?streams=depth")
    try:
        camera.read(5.0)
        kinect.there = False
        with pytest.raises(CameraLostError, match="no longer available"):
            camera.read(5.0)
        kinect.there = True
        camera.open()
        assert camera.read(5.0).number == 0
    finally:
        camera.close()


def test_what_the_sdk_raises_is_our_own_error(kinect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk, sensor, script = make_sdk()
    monkeypatch.setattr(kinect2_windows, "load", lambda: sdk)

    def failing(_sdk: Any) -> Any:
        made = sensor(_sdk)
        made.__dict__["Open"] = lambda: (_ for _ in ()).throw(sdk.COMError(-2147023436, "it timed out", None))
        script.opened += 1
        return made

    monkeypatch.setattr(kinect2_windows, "default_sensor", failing)
    with pytest.raises(CameraOpenError, match=r"did not start.*KinectMonitor"):
        Kinect2Camera("").open()


def test_the_table_of_interfaces_is_pykinect2s_own() -> None:
    found = importlib.util.find_spec("pykinect2")
    if found is None or not found.submodule_search_locations:
        pytest.skip("pykinect2 is not installed here (it needs Windows)")
    text = (Path(found.submodule_search_locations[0]) / "PyKinectV2.py").read_text(encoding="latin-1")
    declared: dict[str, dict[str, Any]] = {}
    for node in ast.parse(text).body:
        match node:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id=interface), attr="_methods_")], value=ast.List(elts=members)
            ):
                declared[interface] = {}
                for member in members:
                    assert isinstance(member, ast.Call)
                    flags, _, name, *parameters = (ast.literal_eval(_plain(part)) for part in member.args)
                    if "propput" not in flags:
                        declared[interface][name] = {
                            "property": "propget" in flags,
                            "in": [what for how, _, what in parameters if "out" not in how],
                            "out": [what for how, _, what in parameters if "out" in how],
                        }
    for interface, members in API["interfaces"].items():
        assert declared[interface] == members, interface


class _Plain(ast.NodeTransformer):
    """Types are names and calls; here only the words count."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(node.id)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return ast.Constant(ast.unparse(node))


def _plain(node: ast.expr) -> Any:
    return _Plain().visit(node)
