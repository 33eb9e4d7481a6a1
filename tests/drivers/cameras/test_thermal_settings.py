"""A thermal camera's settings, and how it is found, lost and found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from drivers.camera import Adjustable, ControlKind, Findable
from drivers.cameras.thermal import ThermalCamera
from drivers.cameras.v4l2_formats import Mode
from drivers.errors import CameraLostError, CameraNotFoundError, UnsupportedFeatureError
from drivers.frame import KelvinMap
from tests.drivers.cameras.fake_boson import boson
from tests.drivers.cameras.fake_lepton import EYES, PLAIN, commands, lepton, speaking
from tests.drivers.cameras.fake_v4l2 import FakeControl, FakeDevice, FakeKernel
from tests.drivers.cameras.v4l2_opener import opener

Opener = Callable[..., ThermalCamera]


@pytest.fixture
def opened(kernel: FakeKernel) -> Iterator[Opener]:
    with opener(kernel, ThermalCamera) as open_one:
        yield open_one


def test_a_correction_can_be_asked_for_and_the_gain_set(opened: Opener) -> None:
    device = lepton(modes=[PLAIN])
    camera = opened(device, "?gain=low")
    assert isinstance(camera, Adjustable)
    assert device.extension[6, 19] == (1).to_bytes(4, "little")
    there = {c.name: c for c in camera.controls()}
    assert there["ffc"].kind is ControlKind.ACTION
    assert there["gain"].value == "low"
    camera.set_control("ffc", "")
    assert device.extension[6, 17] == b"\1"
    assert camera.health().pause_s > 0
    camera.set_control("gain", "auto")
    assert device.extension[6, 19] == (2).to_bytes(4, "little")
    with pytest.raises(UnsupportedFeatureError, match="high, low, auto"):
        camera.set_control("gain", "medium")
    camera.close()
    assert list(camera.controls()) == []
    with pytest.raises(CameraLostError):
        camera.set_control("ffc", "")


def test_tlinear_that_is_asked_for_is_set_in_the_camera(opened: Opener) -> None:
    device = lepton(modes=[PLAIN], extension=commands(agc=1, tlinear=0, step=0))
    camera = opened(device, "?tlinear=0.01")
    assert camera.streams()[0].kelvin == KelvinMap(0.01)
    assert "the camera says so" in camera.options()["temperatures"]
    assert device.extension[3, 1] == bytes(4)


def test_on_a_board_that_passes_no_commands_on_the_users_word_counts(opened: Opener) -> None:
    camera = opened(lepton(modes=[PLAIN], extension={}), "?tlinear=0.1")
    assert camera.streams()[0].kelvin == KelvinMap(0.1)
    assert "the source says so" in camera.options()["temperatures"]


def test_commands_are_found_on_the_second_unit_of_later_firmware(opened: Opener) -> None:
    told = commands()
    for selector in (48, 49, 50):
        told[5 + 16, selector - 31] = told.pop((5, selector))
    assert opened(lepton(modes=[PLAIN], extension=told)).streams()[0].kelvin == KelvinMap(0.01)


def test_a_plain_16_bit_camera_has_its_own_controls_only(opened: Opener) -> None:
    device = boson()
    device.controls = {0x980913: FakeControl(0x980913, "Gain", 1, 3, 0, 9)}
    camera = opened(device)
    assert [c.name for c in camera.controls()] == ["gain"]
    camera.set_control("gain", "4")
    with pytest.raises(UnsupportedFeatureError, match="ffc"):
        camera.set_control("ffc", "")


def test_discovery_knows_thermal_cameras_and_opening_takes_any_with_16_bits(kernel: FakeKernel) -> None:
    kernel.plug(lepton(port="1-1"))
    kernel.plug(boson())
    kernel.plug(FakeDevice([Mode("Y16 ", 160, 120)], speaking(), name="Something", port="1-4", serial="X9"))
    kernel.plug(FakeDevice([Mode("YUYV", 64, 48)], lambda _: iter(()), name="HD Webcam", port="1-5"))
    assert [(c.source, c.title) for c in ThermalCamera.discover()] == [
        ("thermal:8003-0014", "FLIR Lepton on PureThermal"),
        ("thermal:B1", "FLIR Boson"),
    ]
    camera = ThermalCamera("X9")
    camera.open()
    assert camera.streams()[0].kelvin is None
    camera.close()
    with pytest.raises(UnsupportedFeatureError, match=r"YUYV 64x48.*webcam:"):
        ThermalCamera("1-5").open()


def test_an_unplugged_camera_is_lost_and_found_again_in_another_place(kernel: FakeKernel) -> None:
    device = lepton()
    kernel.plug(device)
    camera = ThermalCamera("")
    assert isinstance(camera, Findable)
    assert camera.is_present()
    camera.open()
    camera.read(5.0)
    kernel.unplug(device)
    with pytest.raises(CameraLostError, match="unplugged"):
        camera.read(1.0)
    assert not camera.is_present()
    camera.close()
    with pytest.raises(CameraNotFoundError):
        camera.open()
    kernel.plug(device, number=6)
    assert camera.is_present()
    camera.open()
    assert camera.options()["device"].endswith("video6")
    camera.close()


def test_its_picture_for_peoples_eyes_can_be_chosen_by_size_and_format_only_from_what_there_is(
    kernel: FakeKernel,
) -> None:
    kernel.plug(lepton(modes=[EYES, PLAIN]))
    with pytest.raises(UnsupportedFeatureError, match=r"GREY 160x120@9, Y16 160x120@9"):
        ThermalCamera("?size=320x240").open()
    with pytest.raises(UnsupportedFeatureError, match="no telemetry"):
        ThermalCamera("?telemetry=on").open()
