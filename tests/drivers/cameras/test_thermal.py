"""A thermal camera gives temperatures only where something says that it does, and its shutter never passes unseen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.camera import Adjustable, Camera, ControlKind, Findable
from drivers.cameras.thermal import ThermalCamera
from drivers.cameras.v4l2_formats import Mode
from drivers.errors import CameraLostError, CameraNotFoundError, CameraTimeoutError, UnsupportedFeatureError
from drivers.frame import FrameError, FrameFlag, KelvinMap, StreamKind
from drivers.radiometry import Planck, Radiometry, Scene
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.fake_lepton import (
    COUNTS_AT_300_K,
    EYES,
    PLAIN,
    WITH_ROWS,
    Words,
    commands,
    lepton,
    scene,
    shot,
    speaking,
)
from tests.drivers.cameras.fake_v4l2 import FakeControl, FakeDevice, FakeKernel, Shot
from tests.drivers.cameras.v4l2_opener import opener

NONE, STALE, SHUTTER = FrameFlag.NONE, FrameFlag.STALE, FrameFlag.SHUTTER
BOSON = [Mode("Y16 ", 640, 512, (60.0,)), Mode("YU12", 640, 512, (60.0,))]
PLANCK = "planck=16951.796875,1435.0999755859375,1,-7142,0.014294867403805256"


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeKernel:
    return FakeKernel(monkeypatch, tmp_path)


@pytest.fixture
def opened(kernel: FakeKernel) -> Iterator[Callable[[FakeDevice, str], ThermalCamera]]:
    with opener(kernel, ThermalCamera) as open_one:
        yield open_one


Opener = Callable[..., ThermalCamera]


def boson(
    shots: Callable[[Mode], Iterator[Shot]] | None = None, modes: list[Mode] | None = None, period_s: float = 0.02
) -> FakeDevice:
    def plays(mode: Mode) -> Iterator[Shot]:
        return (shot(scene(n, mode.height, mode.width)) for n in itertools.count())

    return FakeDevice(
        modes or BOSON,
        shots or plays,
        name="Boson: FLIR Video",
        usb_id="09cb:4007",
        serial="B1",
        period_s=period_s,
    )


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


def read_on(camera: Camera) -> None:
    """Until it raises."""
    while True:
        camera.read(5.0)


# -- what the counts mean ---------------------------------------------------------------------------------------------


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
    assert all(f.flags is NONE for f in frames)


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


# -- repeats, the shutter, and counters -------------------------------------------------------------------------------


def test_each_picture_that_the_board_sends_thrice_is_given_once(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in itertools.count():
            words = Words(frame_counter=500 + n // 3, uptime_ms=1000 + 37 * n, last_ffc_ms=0)
            yield shot(scene(n // 3, mode.height - 2), words)

    camera = opened(lepton(shots))
    numbers = [camera.read(5.0).number for _ in range(10)]
    assert numbers == list(range(numbers[0], numbers[0] + 10))
    assert int(camera.options()["repeats_left_out"]) >= 17


def test_without_telemetry_the_same_pixels_tell_the_repeats_and_lost_buffers_are_no_lost_pictures(
    opened: Opener,
) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(60):
            yield shot(scene(n // 3), lost_before=1 if n == 10 else 6 if n == 30 else 0)

    camera = opened(lepton(shots, [PLAIN]))
    numbers = [camera.read(5.0).number for _ in range(20)]
    assert numbers[:10] == list(range(10))
    assert numbers[10:] == list(range(12, 22)), "two pictures were among the six lost buffers"


def test_pictures_of_a_correction_are_flagged_and_its_pause_is_announced(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        states = [3] * 5 + [1] * 5 + [2] * 8 + [3] * 5
        for n, ffc in enumerate(states):
            frozen = scene(9) if ffc == 2 else scene(n)
            yield shot(frozen, Words(frame_counter=n, uptime_ms=60_000 + 115 * n, ffc=ffc))

    camera = opened(lepton(shots))
    seen = {}
    for _ in range(22):
        frame = camera.read(5.0)
        seen[frame.number] = (frame.flags, camera.health().pause_s > 0, camera.health().note)
    assert all(seen[n][:2] == (NONE, False) for n in range(1, 5))
    assert all(seen[n][:2] == (NONE, True) and "about to close" in seen[n][2] for n in range(5, 10))
    assert all(seen[n][:2] == (STALE | SHUTTER, True) for n in range(10, 18))
    assert "is closed" in seen[12][2]
    assert all(seen[n] == (NONE, False, "") for n in range(18, 23))


def test_without_telemetry_a_frozen_picture_is_flagged_before_it_could_pass_for_a_stall(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(6):
            yield shot(scene(n))
        for _ in range(30):
            yield shot(scene(5), after_s=0.037)
        for n in range(6, 12):
            yield shot(scene(n))

    camera = opened(lepton(shots, [PLAIN]))
    first = [camera.read(5.0) for _ in range(6)]
    assert all(f.flags is NONE for f in first)
    frozen = camera.read(5.0)
    assert frozen.flags == STALE | SHUTTER
    assert frozen.device_ns - first[-1].device_ns < 333_000_000
    assert camera.health().pause_s > 0
    later = camera.read(5.0)
    while later.flags & STALE:
        later = camera.read(5.0)
    assert np.array_equal(later.pixels, scene(6))


def test_a_camera_without_telemetry_may_be_silent_for_a_correction_once(opened: Opener) -> None:
    camera = opened(lepton(lambda _: iter([shot(scene(0))]), [PLAIN]))
    camera.read(5.0)
    assert camera.health().pause_s == 0
    with pytest.raises(CameraTimeoutError):
        camera.read(0.4)
    assert camera.health().pause_s > 0
    assert "shutter, perhaps" in camera.health().note


def test_counters_that_wrap_go_on(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(8):
            count, uptime = (2**32 - 4 + n) % 2**32, (2**32 - 400 + 115 * n) % 2**32
            yield shot(scene(n), Words(frame_counter=count, uptime_ms=max(1, uptime), last_ffc_ms=0))

    camera = opened(lepton(shots))
    frames = [camera.read(5.0) for _ in range(7)]
    assert [b.number - a.number for a, b in itertools.pairwise(frames)] == [1] * 6
    assert all(b.device_ns > a.device_ns for a, b in itertools.pairwise(frames))


def test_a_camera_that_begins_anew_or_changes_its_meaning_is_lost_not_believed(opened: Opener) -> None:
    def restarts(mode: Mode) -> Iterator[Shot]:
        for n in (100, 101, 102, 3, 4):
            yield shot(scene(n), Words(frame_counter=n, uptime_ms=10_000 + n, last_ffc_ms=0))

    camera = opened(lepton(restarts))
    assert [camera.read(5.0).number for _ in range(2)] == [101, 102]
    with pytest.raises(CameraLostError, match="anew"):
        camera.read(5.0)
    camera.close()

    def changes(mode: Mode) -> Iterator[Shot]:
        for n in range(6):
            yield shot(scene(n), replace(Words(frame_counter=n), tlinear_step=int(n < 3)))

    other = opened(lepton(changes, serial="other", port="1-7"), "other")
    other.read(5.0)
    with pytest.raises(CameraLostError, match="TLinear"):
        read_on(other)


def test_a_picture_whose_telemetry_is_torn_is_counted_and_not_given(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(6):
            words = Words(frame_counter=n, uptime_ms=60_000 + n)
            yield shot(scene(n), replace(words, fpa_centikelvin=7) if n == 3 else words)

    camera = opened(lepton(shots))
    assert [camera.read(5.0).number for _ in range(4)] == [1, 2, 4, 5]
    assert camera.health().dropped == {"thermal": 1}


def test_a_bosons_counter_numbers_its_pictures(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(10):
            rows = np.zeros((2, 320), np.uint16)
            rows[0, 43], rows[0, 47] = 100 + n + (3 if n > 5 else 0), 3_001
            yield shot(np.vstack([rows, scene(n, 256, 320)]))

    modes = [Mode("Y16 ", 320, 256, (60.0,)), Mode("Y16 ", 320, 258, (60.0,))]
    camera = opened(boson(shots, modes), "?telemetry=on")
    numbers = [camera.read(5.0).number for _ in range(9)]
    assert [b - a for a, b in itertools.pairwise(numbers)] == [1, 1, 1, 1, 4, 1, 1, 1]
    assert camera.options()["telemetry"] == "yes"


# -- settings, presence, discovery ------------------------------------------------------------------------------------


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


def test_a_frames_pixels_are_its_own(opened: Opener) -> None:
    camera = opened(lepton(modes=[PLAIN], buffers=2))
    first = camera.read(5.0)
    kept = first.pixels.copy()
    for _ in range(6):
        camera.read(5.0)
    assert np.array_equal(first.pixels, kept)
    assert abs(int(first.pixels.mean()) - COUNTS_AT_300_K) < 10
