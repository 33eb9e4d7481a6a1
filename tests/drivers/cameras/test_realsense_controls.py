"""A RealSense's options have names with units, words for values, and limits that an error tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from drivers.camera import ControlKind
from drivers.cameras.realsense import RealSenseCamera
from drivers.errors import CameraLostError, UnsupportedFeatureError
from tests.drivers.cameras.software_realsense import SoftwareRealSense

rs = pytest.importorskip(
    "pyrealsense2", reason="needs pyrealsense2 and libusb (apt install libusb-1.0-0)", exc_type=ImportError
)


@pytest.fixture
def camera(soft: SoftwareRealSense) -> Iterator[RealSenseCamera]:
    made = RealSenseCamera("", lambda: soft.device)
    made.open()
    yield made
    made.close()


def of_the_sdk(soft: SoftwareRealSense, option: str) -> float:
    return float(soft.modules["Stereo Module"].get_option(getattr(rs.option, option)))


def test_what_can_be_set_and_within_which_limits(camera: RealSenseCamera) -> None:
    controls = {c.name: c for c in camera.controls()}
    exposure = controls["exposure_us"]
    assert (exposure.kind, exposure.value, exposure.low, exposure.high) == (ControlKind.NUMBER, "8500", 1, 165000)
    assert controls["auto_exposure"].kind is ControlKind.SWITCH
    assert controls["preset"].choices[:4] == ("custom", "default", "hand", "high_accuracy")
    assert controls["depth_unit_m"].read_only
    assert (controls["laser"].kind, controls["laser"].value) == (ControlKind.SWITCH, "on")


def test_exposure_by_hand_ends_the_automatic_one(camera: RealSenseCamera, soft: SoftwareRealSense) -> None:
    assert of_the_sdk(soft, "enable_auto_exposure") == 1
    camera.set_control("exposure_us", "12000")
    assert (of_the_sdk(soft, "exposure"), of_the_sdk(soft, "enable_auto_exposure")) == (12000, 0)
    assert camera.options()["exposure_us"] == "12000"
    assert camera.options()["auto_exposure"] == "off"
    camera.set_control("auto_exposure", "on")
    assert of_the_sdk(soft, "enable_auto_exposure") == 1


def test_the_laser_and_its_power(camera: RealSenseCamera, soft: SoftwareRealSense) -> None:
    camera.set_control("laser", "off")
    assert of_the_sdk(soft, "emitter_enabled") == 0
    camera.set_control("emitter", "auto")
    assert of_the_sdk(soft, "emitter_enabled") == 2
    camera.set_control("laser_mw", "200")  # in steps of 30
    assert of_the_sdk(soft, "laser_power") == 210


def test_a_preset_is_announced_as_a_pause(camera: RealSenseCamera, soft: SoftwareRealSense) -> None:
    camera.set_control("preset", "High Accuracy")
    assert of_the_sdk(soft, "visual_preset") == 3
    assert camera.health().pause_s > 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("exposure_us", "0", "from 1 to 165000, found '0'"),
        ("exposure_us", "long", "from 1 to 165000, found 'long'"),
        ("preset", "best", "takes custom, default, hand, high_accuracy"),
        ("auto_exposure", "1", "takes on or off"),
        ("laser", "dim", "takes on or off"),
        ("zoom", "2", "no control 'zoom'; it has"),
        ("depth_unit_m", "0.002", "can be read, but not set"),
    ],
)
def test_what_cannot_be_set_is_told(camera: RealSenseCamera, name: str, value: str, words: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match=words):
        camera.set_control(name, value)


def test_a_source_sets_them_when_it_opens_the_preset_first(soft: SoftwareRealSense) -> None:
    camera = RealSenseCamera("?exposure_us=5000&gain=32&laser=off&preset=high_density", lambda: soft.device)
    camera.open()
    values = [of_the_sdk(soft, o) for o in ("exposure", "gain", "emitter_enabled", "visual_preset")]
    assert values == [5000, 32, 0, 4]
    camera.close()


def test_a_source_that_asks_for_the_impossible_does_not_open(soft: SoftwareRealSense) -> None:
    camera = RealSenseCamera("?color_gain=4", lambda: soft.device)
    with pytest.raises(UnsupportedFeatureError, match="no control 'color_gain'"):
        camera.open()


def test_colours_exposure_is_told_in_microseconds_too(soft: SoftwareRealSense) -> None:
    limits = rs.option_range()
    limits.min, limits.max, limits.step, limits.default = 1, 10000, 1, 156  # in units of 100 us, as D400's
    soft.modules["RGB Camera"].add_option(rs.option.exposure, limits, True)
    camera = RealSenseCamera("?color_exposure_us=8000", lambda: soft.device)
    camera.open()
    assert soft.modules["RGB Camera"].get_option(rs.option.exposure) == 80
    control = next(c for c in camera.controls() if c.name == "color_exposure_us")
    assert (control.value, control.low, control.high) == ("8000", 100, 1e6)
    camera.close()


def test_a_closed_camera_has_no_controls(soft: SoftwareRealSense) -> None:
    camera = RealSenseCamera("", lambda: soft.device)
    assert camera.controls() == ()
    with pytest.raises(CameraLostError, match="not open"):
        camera.set_control("gain", "16")
