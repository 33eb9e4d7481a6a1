"""A webcam's mode is chosen or asked for, and its settings can be changed within their limits."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator

import pytest

from drivers.camera import Adjustable, ControlKind
from drivers.cameras.v4l2_formats import Mode
from drivers.cameras.webcam import WebcamCamera
from drivers.errors import CameraLostError, UnsupportedFeatureError
from tests.drivers.cameras.fake_v4l2 import FakeKernel
from tests.drivers.cameras.fake_webcam import (
    EXPOSURE,
    EXPOSURE_AUTO,
    GAIN,
    HD,
    HUGE,
    MJPG,
    POWER_LINE,
    SLOW_HD,
    YUYV,
    controls,
    webcam,
)
from tests.drivers.cameras.v4l2_opener import opener

Opener = Callable[..., WebcamCamera]


@pytest.fixture
def opened(kernel: FakeKernel) -> Iterator[Opener]:
    with opener(kernel, WebcamCamera) as open_one:
        yield open_one


def test_without_being_asked_a_fluent_colour_picture_of_a_usual_size_is_chosen(opened: Opener) -> None:
    camera = opened(webcam([Mode("GREY", 1280, 720, (30.0,)), SLOW_HD, YUYV, HD, HUGE]))
    assert (camera.streams()[0].width, camera.streams()[0].height) == (1280, 720)
    assert camera.options()["mode"] == "MJPG 1280x720@30"


def test_a_size_a_rate_and_a_format_can_be_asked_for(opened: Opener) -> None:
    camera = opened(webcam([MJPG, YUYV, HD]), "?size=64x48@15&format=yuyv")
    assert camera.options()["mode"] == "YUYV 64x48@15"
    assert camera.streams()[0].fps == 15.0


@pytest.mark.parametrize("words", ["?size=99x99", "?size=64x48@90", "?format=nv12", "?kind=gray"])
def test_what_the_camera_does_not_give_is_refused_with_a_list_of_what_it_gives(kernel: FakeKernel, words: str) -> None:
    kernel.plug(webcam())
    with pytest.raises(UnsupportedFeatureError, match=r"YUYV 64x48@30/15.*MJPG 64x48@30"):
        WebcamCamera(words).open()


def test_a_driver_that_takes_another_format_than_it_offered_is_found_out(kernel: FakeKernel) -> None:
    device = webcam([YUYV, HD], obeys_format=False)
    kernel.plug(device)
    with pytest.raises(UnsupportedFeatureError, match="takes YUYV 64x48 when asked for MJPG 1280x720"):
        WebcamCamera("?size=1280x720").open()


def test_a_driver_that_gives_fewer_buffers_serves(opened: Opener) -> None:
    camera = opened(webcam(buffers=2))
    assert next(camera.read(5.0).number for _ in range(4)) == 0


@pytest.mark.parametrize("words", ["?exposure=3", "?format=h264", "?node=x", "?kind=depth", "?size=big"])
def test_wrong_words_are_refused_before_anything_is_opened(words: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match="webcam"):
        WebcamCamera(words)


def test_settings_are_listed_with_their_limits_and_can_be_set(opened: Opener) -> None:
    device = webcam(controls=controls())
    camera = opened(device)
    assert isinstance(camera, Adjustable)
    there = {c.name: c for c in camera.controls()}
    assert there["power_line"].kind is ControlKind.CHOICE
    assert there["power_line"].choices == ("disabled", "50_hz", "60_hz")
    assert there["white_balance_auto"].value == "on"
    assert (there["exposure_us"].low, there["exposure_us"].high, there["exposure_us"].value) == (300, 204_700, "15700")
    assert there["exposure_us"].read_only
    camera.set_control("gain", "42")
    camera.set_control("power_line", "60_hz")
    camera.set_control("white_balance_auto", "off")
    assert device.controls[GAIN].value == 42
    assert device.controls[POWER_LINE].value == 2
    assert {c.name: c.value for c in camera.controls()}["white_balance_auto"] == "off"
    assert camera.options()["gain"] == "42"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("gain", "101", "0 to 100"),
        ("gain", "much", "0 to 100"),
        ("power_line", "70_hz", "disabled, 50_hz, 60_hz"),
        ("white_balance_auto", "perhaps", "on or off"),
        ("exposure_us", "9000", "automatic control"),
        ("iris", "1", "it has brightness"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_what_can_be(opened: Opener, name: str, value: str, says: str) -> None:
    camera = opened(webcam(controls=controls()))
    with pytest.raises(UnsupportedFeatureError, match=says):
        camera.set_control(name, value)


def test_settings_can_be_given_in_the_source_the_automatic_ones_first(opened: Opener) -> None:
    device = webcam(controls=controls())
    seen: list[int] = []
    plain = device._s_ctrl

    def record(arg: object, video: object) -> None:
        seen.append(arg.id)  # type: ignore[attr-defined]  # a structure of the kernel
        if arg.id == EXPOSURE_AUTO:  # type: ignore[attr-defined]  # a structure of the kernel
            device.controls[EXPOSURE].flags = 0
        plain(arg, video)

    device._s_ctrl = record  # type: ignore[method-assign]  # only this one device's
    camera = opened(device, "?exposure_us=10000&exposure_auto=manual_mode&gain=7")
    assert seen[0] == EXPOSURE_AUTO
    assert (device.controls[EXPOSURE].value, device.controls[GAIN].value) == (100, 7)
    assert camera.options()["exposure_us"] == "10000"


def test_a_closed_camera_has_no_controls_and_takes_none(kernel: FakeKernel) -> None:
    kernel.plug(webcam(controls=controls()))
    camera = WebcamCamera("")
    assert list(camera.controls()) == []
    with pytest.raises(CameraLostError):
        camera.set_control("gain", "1")


def test_settings_change_while_another_thread_reads(opened: Opener) -> None:
    device = webcam(controls=controls(), period_s=0.001)
    camera = opened(device)
    stop, errors = threading.Event(), list[Exception]()

    def turn() -> None:
        for value in itertools.cycle(range(100)):
            if stop.is_set():
                return
            try:
                camera.set_control("gain", str(value))
            except Exception as error:  # noqa: BLE001  handed to the test
                errors.append(error)
                return

    thread = threading.Thread(target=turn)
    thread.start()
    numbers = [camera.read(5.0).number for _ in range(100)]
    stop.set()
    thread.join()
    assert not errors
    assert numbers == sorted(set(numbers))
