"""A thermal camera gives temperatures only where something says that it does."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from drivers.camera import Camera
from drivers.cameras.thermal import ThermalCamera
from drivers.cameras.v4l2_formats import Mode
from drivers.errors import UnsupportedFeatureError
from drivers.frame import FrameError, FrameFlag, KelvinMap, StreamKind
from drivers.radiometry import Planck, Radiometry, Scene
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.fake_boson import PLANCK, boson
from tests.drivers.cameras.fake_lepton import (
    COUNTS_AT_300_K,
    PLAIN,
    WITH_ROWS,
    Words,
    commands,
    lepton,
    scene,
    shot,
    speaking,
)
from tests.drivers.cameras.fake_v4l2 import FakeKernel, Shot
from tests.drivers.cameras.v4l2_opener import opener

Opener = Callable[..., ThermalCamera]


@pytest.fixture
def opened(kernel: FakeKernel) -> Iterator[Opener]:
    with opener(kernel, ThermalCamera) as open_one:
        yield open_one


class TestConformanceOfALepton(CameraConformance):
    @pytest.fixture(autouse=True)
    def _device(self, kernel: FakeKernel) -> None:
        kernel.plug(lepton())

    def make(self) -> Camera:
        return ThermalCamera("")


class TestConformanceOfABosonWithPlanckConstants(CameraConformance):
    @pytest.fixture(autouse=True)
    def _device(self, kernel: FakeKernel) -> None:
        kernel.plug(boson(modes=[Mode("Y16 ", 320, 256, (60.0,))]))

    def make(self) -> Camera:
        return ThermalCamera(f"B1?{PLANCK}&emissivity=0.95")


def test_a_lepton_that_says_tlinear_gives_temperatures_with_its_own_numbers_and_clock(opened: Opener) -> None:
    camera = opened(lepton())
    info = camera.streams()[0]
    assert (info.name, info.kind, info.width, info.height, info.dtype, info.fps) == (
        *("thermal", StreamKind.THERMAL, 160, 120, "uint16"),
        9.0,
    )
    assert info.kelvin == KelvinMap(0.01)
    frames = [camera.read(5.0) for _ in range(5)]
    numbers = [f.number for f in frames]
    assert numbers == list(range(numbers[0], numbers[0] + 5))
    assert numbers[0] >= 1000
    assert [f.device_ns for f in frames] == [(60_000 + 115 * (n - 1000)) * 1_000_000 for n in numbers]
    assert np.array_equal(frames[0].pixels, scene(numbers[0] - 1000))
    assert float(frames[0].celsius().mean()) == pytest.approx(300 - 273.15, abs=0.1)
    assert all(f.flags is FrameFlag.NONE for f in frames)


def test_who_the_camera_is_stands_in_its_options(opened: Opener) -> None:
    options = opened(lepton()).options()
    assert options["model"] == "Lepton 3.5 500-0771-01"
    assert options["serial"] == "8003-0014"
    assert options["module_serial"] == "0807060504030201"
    assert options["firmware"] == "3.3.26/3.3.26"
    assert options["temperatures"] == "temperatures, 0.01 K a count: the camera says so"
    assert options["fpa_c"] == "30.0"


@pytest.mark.parametrize(
    ("said", "gain", "why"),
    [
        ({"tlinear_step": 0}, 0.1, "0.1 K a count"),
        ({"tlinear_on": False}, None, "TLinear is off"),
        ({"agc_on": True}, None, "gain control"),
    ],
)
def test_what_the_telemetry_says_of_the_counts_is_what_they_mean(
    opened: Opener, said: dict[str, object], gain: float | None, why: str
) -> None:
    camera = opened(lepton(speaking(**said)))
    assert camera.streams()[0].kelvin == (None if gain is None else KelvinMap(gain))
    assert why in camera.options()["temperatures"]
    if gain is None:
        with pytest.raises(FrameError, match="not radiometric"):
            camera.read(5.0).celsius()


@pytest.mark.parametrize(
    ("told", "kelvin"),
    [
        (commands(), KelvinMap(0.01)),
        (commands(step=0), KelvinMap(0.1)),
        (commands(tlinear=0), None),
        (commands(agc=1), None),
        ({}, None),
    ],
)
def test_without_telemetry_the_camera_is_asked_and_one_that_does_not_answer_has_no_temperatures(
    opened: Opener, told: dict[tuple[int, int], bytes], kelvin: KelvinMap | None
) -> None:
    camera = opened(lepton(modes=[PLAIN], extension=told))
    assert camera.streams()[0].kelvin == kelvin
    if not told:
        assert "add tlinear=0.01" in camera.options()["temperatures"]
    assert camera.read(5.0).info.kelvin == kelvin


def test_rows_that_are_no_telemetry_are_not_believed(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.cameras.thermal._FIRST_S", 0.1)

    def shots(mode: Mode) -> Iterator[Shot]:
        return (shot(scene(n, 122)) for n in itertools.count())

    camera = opened(lepton(shots, [WITH_ROWS], extension={}))
    assert camera.streams()[0].kelvin is None
    assert "makes no sense" in camera.health().note
    assert [camera.read(5.0).pixels.shape for _ in range(3)] == [(120, 160)] * 3


def test_telemetry_above_the_picture_is_found_too(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        return (shot(scene(n), Words(frame_counter=n), header=True) for n in itertools.count())

    frame = opened(lepton(shots)).read(5.0)
    assert np.array_equal(frame.pixels, scene(frame.number))


def test_a_small_lepton_with_three_rows_of_telemetry(opened: Opener) -> None:
    modes = [Mode("Y16 ", 80, 60, (9.0,)), Mode("Y16 ", 80, 63, (9.0,))]
    camera = opened(lepton(modes=modes), "?size=80x60")
    frame = camera.read(5.0)
    assert frame.pixels.shape == (60, 80)
    assert frame.info.kelvin == KelvinMap(0.01)


def test_telemetry_can_be_left_out(opened: Opener) -> None:
    camera = opened(lepton(), "?telemetry=off")
    assert camera.options()["mode"].startswith("Y16 160x120")
    assert camera.read(5.0).number == 0


def test_eight_bits_are_never_temperatures(opened: Opener) -> None:
    camera = opened(lepton(), "?format=grey&tlinear=0.01")
    assert camera.streams()[0].kelvin is None
    assert "gain control" in camera.options()["temperatures"]
    assert camera.read(5.0).pixels.dtype == np.uint16


def test_radiometric_no_means_no_temperatures(opened: Opener) -> None:
    assert opened(lepton(), "?radiometric=no").streams()[0].kelvin is None


def test_a_boson_has_no_temperatures_but_by_the_users_word(opened: Opener) -> None:
    camera = opened(boson())
    assert camera.streams()[0].kelvin is None
    assert (camera.streams()[0].width, camera.streams()[0].height) == (640, 512)
    camera.close()
    by_word = ThermalCamera("?tlinear=0.01")
    by_word.open()
    assert by_word.streams()[0].kelvin == KelvinMap(0.01)
    assert "the source says so" in by_word.options()["temperatures"]
    by_word.close()


def test_planck_constants_and_the_scene_give_temperatures_on_a_linear_map(opened: Opener) -> None:
    camera = opened(boson(), f"?{PLANCK}&emissivity=0.9&reflected_c=15&distance_m=2&humidity=0.4&air_c=18")
    frame = camera.read(5.0)
    sent = scene(frame.number, 512, 640)
    planck = Planck(16951.796875, 1435.0999755859375, 1, -7142, 0.014294867403805256)
    by_hand = Radiometry(planck, Scene(0.9, 2.0, 288.15, 291.15, 0.4)).kelvin(sent)
    assert frame.info.kelvin is not None
    assert np.allclose(frame.celsius() + 273.15, by_hand, atol=frame.info.kelvin.gain / 2 + 1e-9)


def test_a_camera_that_reckons_itself_is_told_the_scene(opened: Opener) -> None:
    device = lepton()
    opened(device, "?emissivity=0.95&reflected_c=20")
    words = np.frombuffer(device.extension[5, 48], "<u2")
    assert words[0] == round(0.95 * 8192)
    assert words[1] == 29_315
    assert words[4] == 8192, "no air at no distance"


@pytest.mark.parametrize(
    ("rest", "extension", "says"),
    [
        ("?emissivity=0.9", {}, "cannot be set|not take"),
        ("?emissivity=0.9&telemetry=off&tlinear=off", commands(tlinear=0), "of no use"),
        ("?gain=low", {}, "gain low"),
    ],
)
def test_what_the_camera_cannot_do_is_refused(
    kernel: FakeKernel, rest: str, extension: dict[tuple[int, int], bytes], says: str
) -> None:
    kernel.plug(lepton(extension=extension))
    with pytest.raises(UnsupportedFeatureError, match=says):
        ThermalCamera(rest).open()


@pytest.mark.parametrize(
    "rest",
    [
        "?tlinear=0.5",
        "?planck=1,2,3",
        "?planck=1,-2,3,4,5",
        f"?{PLANCK}&tlinear=0.01",
        "?radiometric=no&tlinear=0.01",
        "?emissivity=0",
        "?humidity=40",
        "?gain=medium",
        "?palette=iron",
    ],
)
def test_wrong_words_are_refused_before_anything_is_opened(rest: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match="thermal"):
        ThermalCamera(rest)


def test_a_frames_pixels_are_its_own(opened: Opener) -> None:
    camera = opened(lepton(modes=[PLAIN], buffers=2))
    first = camera.read(5.0)
    kept = first.pixels.copy()
    for _ in range(6):
        camera.read(5.0)
    assert np.array_equal(first.pixels, kept)
    assert abs(int(first.pixels.mean()) - COUNTS_AT_300_K) < 10
