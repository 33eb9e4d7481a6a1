"""The Kinect v2 by libfreenect2: the driver against the names and signatures of its Python binding."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.camera import Camera, Findable
from drivers.cameras import kinect2, kinect2_linux
from drivers.cameras.kinect2 import Kinect2Camera
from drivers.cameras.kinect_usb import UsbDevice
from drivers.errors import (
    CameraLostError,
    CameraNotFoundError,
    CameraPermissionError,
    CameraTimeoutError,
    SdkMissingError,
    UnsupportedFeatureError,
)
from drivers.registry import open_camera
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.reading import frames_of

FAKE = Path(__file__).with_name("fake_pylibfreenect2")
API = json.loads((FAKE / "api.json").read_text())
FIRST, SECOND = "013445434447", "501234567842"


@pytest.fixture
def kinect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """With libfreenect2 and two Kinects: gives the script of what they do."""
    monkeypatch.syspath_prepend(str(FAKE))
    importlib.invalidate_caches()
    sys.modules.pop("pylibfreenect2", None)
    module = importlib.import_module("pylibfreenect2")
    monkeypatch.setattr(kinect2, "usb_devices", lambda products: None)
    monkeypatch.setattr(kinect2_linux, "usb_devices", lambda products: None)
    yield module.script
    sys.modules.pop("pylibfreenect2", None)
    assert module.script.opened == module.script.closed, "every device is closed"
    assert module.script.maps_out == 0, "every frame goes back to the library"


def opened(rest: str = "") -> Kinect2Camera:
    camera = Kinect2Camera(rest)
    camera.open()
    return camera


class _Conformance(CameraConformance):
    rest = ""

    @pytest.fixture(autouse=True)
    def _fake(self, kinect: Any) -> None:
        self.kinect = kinect

    def make(self) -> Camera:
        return Kinect2Camera(self.rest)


class TestAllStreams(_Conformance):
    rest = "?color_size=960x540"


class TestDepthOfASecondKinect(_Conformance):
    rest = f"{SECOND}?streams=depth&pipeline=cpu"


class TestInAProcessOfItsOwn(_Conformance):
    @pytest.fixture(autouse=True)
    def _path(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYTHONPATH", str(FAKE))

    def make(self) -> Camera:
        return open_camera("kinect2:?streams=depth,infrared")


def test_images_are_turned_round_and_have_our_units(kinect: Any) -> None:
    camera = opened("?streams=depth,infrared,color")
    try:
        (depth,) = frames_of(camera, "depth", 1)
        assert depth.info.unit_m == 0.001
        assert depth.pixels[7].tolist() == [1000 + 511 - column for column in range(512)], "whole millimetres"
        assert depth.pixels[0, 511] == 0, "no number is no reading"
        assert depth.pixels[0, 510] == 65535
        (infrared,) = frames_of(camera, "infrared", 1)
        assert infrared.pixels.dtype == np.uint16
        assert infrared.pixels[5, 0] == 65535, "what does not fit stays at the top"
        assert infrared.pixels[5, 511] == 65_300
        (color,) = frames_of(camera, "color", 1)
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
        assert depth.intrinsics.cx == 511 - 258.0
        assert depth.intrinsics.distortion == (0.09, -0.27, 0.001, -0.002, 0.1), "k1 k2 p1 p2 k3; p2 turns with x"
        assert color.intrinsics is not None
        assert color.intrinsics.fx == pytest.approx(1060, rel=1e-3)
        assert color.intrinsics.cx == pytest.approx(959.5, abs=1)
        assert color.extrinsics.translation_m == pytest.approx((0.052, 0, 0), abs=2e-3)
        assert camera.options()["firmware"] == "4.0.3917.0"
    finally:
        camera.close()


@pytest.mark.parametrize(("ticks", "step_ns"), [(333, 33_300_000), (267, 33_375_000)])
def test_time_is_the_devices_in_whichever_tick_it_counts(kinect: Any, ticks: int, step_ns: int) -> None:
    kinect.ticks = ticks
    camera = opened("?streams=depth")
    try:
        first, second, third = frames_of(camera, "depth", 3)
        assert (second.number - first.number, third.number - second.number) == (1, 1)
        assert second.device_ns - first.device_ns == pytest.approx(step_ns, abs=2)
        assert third.device_ns - second.device_ns == pytest.approx(step_ns, abs=2)
    finally:
        camera.close()


def test_lost_packets_are_a_gap_in_the_devices_numbers(kinect: Any) -> None:
    camera = opened("?streams=depth")
    try:
        (before,) = frames_of(camera, "depth", 1)
        kinect.lost = 4
        (after,) = frames_of(camera, "depth", 1)
        assert after.number - before.number == 5
    finally:
        camera.close()


def test_kinects_are_told_apart_and_listed(kinect: Any) -> None:
    camera = opened(f"{SECOND}?streams=depth")
    assert camera.options()["serial"] == SECOND
    camera.close()
    assert kinect2_linux.find_serials() == [FIRST, SECOND]
    with pytest.raises(CameraNotFoundError, match=f"here are {FIRST}, {SECOND}"):
        Kinect2Camera("77").open()
    kinect.serials.clear()
    with pytest.raises(CameraNotFoundError, match="USB 3"):
        Kinect2Camera("").open()


def test_a_pipeline_that_was_not_built_is_refused_with_those_that_were(kinect: Any) -> None:
    camera = opened("?streams=depth&pipeline=opencl")
    camera.close()
    assert kinect.kinds == ["OpenCLPacketPipeline"]
    with pytest.raises(UnsupportedFeatureError, match="it has auto, cpu, opencl"):
        Kinect2Camera("?pipeline=cuda").open()


def test_silence_is_a_timeout_and_a_loss_once_the_bus_says_so(kinect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    camera = opened("?streams=depth")
    try:
        camera.read(5.0)
        kinect.silent = True
        with pytest.raises(CameraTimeoutError):
            camera.read(0.2)
        monkeypatch.setattr(kinect2, "usb_devices", lambda products: [])
        with pytest.raises(CameraLostError, match="USB bus"):
            camera.read(5.0)
        kinect.silent = False
        camera.open()
        assert camera.read(5.0).stream == "depth"
    finally:
        camera.close()


def test_a_kinect_that_may_not_be_opened_never_reaches_the_library(
    kinect: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    node = tmp_path / "node"
    node.touch()
    monkeypatch.setattr(kinect2_linux, "usb_devices", lambda products: [UsbDevice("02c4", FIRST, "2-1", node)])
    monkeypatch.setattr("os.access", lambda path, how: False)
    with pytest.raises(CameraPermissionError, match=r"51-kinect\.rules"):
        Kinect2Camera("").open()
    assert kinect.opened == 0


def test_whether_it_is_plugged_in_is_known_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    camera = Kinect2Camera(FIRST)
    assert isinstance(camera, Findable)
    for devices, present in (
        (None, None),
        ([], False),
        ([UsbDevice("02c4", SECOND, "2-1", Path("/none"))], False),
        ([UsbDevice("02c4", FIRST, "2-1", Path("/none"))], True),
    ):
        monkeypatch.setattr(kinect2, "usb_devices", lambda products, found=devices: found)
        assert camera.is_present() is present


def test_without_the_binding_the_error_says_where_it_is_told_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pylibfreenect2", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "docs/cameras/kinect.md" in Kinect2Camera.why_unavailable()
    with pytest.raises(SdkMissingError, match=r"docs/cameras/kinect\.md"):
        Kinect2Camera("").open()


def test_the_binding_loads_without_the_pkg_resources_that_it_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "pylibfreenect2"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import pkg_resources\n__version__ = pkg_resources.get_distribution('pytest').version\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "pylibfreenect2", raising=False)
    monkeypatch.delitem(sys.modules, "pkg_resources", raising=False)
    real = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "pkg_resources" else real(name))
    importlib.invalidate_caches()
    assert kinect2_linux._import().__version__ == pytest.__version__
    assert "pkg_resources" not in sys.modules
    del sys.modules["pylibfreenect2"]


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("?streams=depth,sound", "some of depth, infrared, color"),
        ("?pipeline=magic", "one of auto, cpu"),
        ("?min_m=3&max_m=2", "more than min_m"),
        ("?color_size=640x480", "960x540"),
        ("?body_index=on", "isolate=off"),
        ("?exposure=3", "it knows"),
    ],
)
def test_words_that_make_no_sense_are_refused(rest: str, words: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match=words):
        Kinect2Camera(rest)


def _signature(function: Any) -> list[str]:
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    return [p.name if p.default is p.empty else f"{p.name}={p.default}" for p in parameters]


def test_the_fake_has_the_bindings_names_and_signatures(kinect: Any) -> None:
    fake = sys.modules["pylibfreenect2"]
    for name, values in API["enums"].items():
        assert {member.name: member.value for member in getattr(fake, name)} == values
    for name, arguments in API["functions"].items():
        assert _signature(getattr(fake, name)) == arguments, name
    for name, methods in API["classes"].items():
        for method, arguments in methods.items():
            assert _signature(getattr(getattr(fake, name), method)) == arguments, (name, method)
    for name, attributes in API["attributes"].items():
        assert [word for word in attributes if not hasattr(getattr(fake, name)(), word)] == [], name


def test_the_real_binding_has_what_the_table_says() -> None:
    if importlib.util.find_spec("pylibfreenect2") is None:
        pytest.skip("pylibfreenect2 is not installed here (it needs libfreenect2, which is in no Debian package)")
    real = kinect2_linux._import()
    for name, values in API["enums"].items():
        assert {member.name: int(member) for member in getattr(real, name)} == values
    for name, members in (*API["classes"].items(), *API["attributes"].items()):
        assert [word for word in members if not hasattr(getattr(real, name), word)] == [], name
    assert [name for name in API["functions"] if not hasattr(real, name)] == []
