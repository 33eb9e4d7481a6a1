"""GenICam cameras on the real Aravis: its own simulation, and a GigE Vision camera on the loopback interface."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from drivers.camera import Adjustable, Camera, CameraState, ControlKind, Findable
from drivers.cameras import genicam_aravis
from drivers.cameras.genicam import GenicamCamera
from drivers.errors import (
    CameraBusyError,
    CameraLostError,
    CameraNotFoundError,
    CameraTimeoutError,
    SdkMissingError,
    UnsupportedFeatureError,
)
from drivers.frame import Frame, FrameFlag, KelvinMap, StreamKind
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.fake_gige import ADDRESS, FakeGige, describe_thermal, fake_gige, need_aravis, need_fake
from tests.drivers.fake_camera import wait_until

__all__ = ["fake_gige"]

OUTSIDE = "GV01?size=640x512&format=Mono16&fps=60"
"""The simulated GigE camera as a thermal one would be set."""


class TestFakeInterface(CameraConformance):
    """Aravis' own simulation, in this process."""

    @pytest.fixture(autouse=True)
    def _aravis(self) -> None:
        need_aravis()

    def make(self) -> Camera:
        return GenicamCamera("Fake_1?size=160x128&format=Mono16&fps=100")


class TestGigeCamera(CameraConformance):
    """A GigE Vision camera on the loopback interface, in this process."""

    @pytest.fixture(autouse=True)
    def _gige(self, fake_gige: FakeGige) -> None:
        pass

    def make(self) -> Camera:
        return GenicamCamera(OUTSIDE)


class TestIsolatedGigeCamera(CameraConformance):
    """The same as users get it: Aravis in a process of its own."""

    @pytest.fixture(autouse=True)
    def _gige(self, fake_gige: FakeGige) -> None:
        pass

    def make(self) -> Camera:
        return GenicamCamera.from_source(OUTSIDE)


@pytest.fixture
def opened(request: pytest.FixtureRequest) -> Iterator[list[GenicamCamera]]:
    """Cameras that a test opens, closed at its end."""
    need_aravis()
    cameras: list[GenicamCamera] = []
    yield cameras
    for camera in cameras:
        camera.close()


def start(opened: list[GenicamCamera], rest: str) -> GenicamCamera:
    camera = GenicamCamera(rest)
    opened.append(camera)
    camera.open()
    return camera


def lose(camera: Camera) -> float:
    """Read until the camera is lost; the seconds that took."""
    began = time.monotonic()
    while time.monotonic() - began < 10.0:
        try:
            camera.read(0.2)
        except CameraTimeoutError:
            continue
        except CameraLostError:
            return time.monotonic() - began
    pytest.fail("nobody noticed for 10 s that the camera is lost")


# -- what a source may ask for ----------------------------------------------------------------------------------------


def test_a_source_is_refused_before_anything_is_opened():
    for rest, words in (
        ("?colour=1", "no option 'colour'"),
        ("?kind=warm", "one of color, gray, infrared, depth, thermal"),
        ("?size=big", "a size such as"),
        ("?offset=3", "such as 0,64"),
        ("?packet_size=10", "from 220"),
        ("?heartbeat_ms=10", "from 1500"),
        ("?set.=3", "no option 'set.'"),
    ):
        with pytest.raises(UnsupportedFeatureError, match=words):
            GenicamCamera.from_source(rest)


def test_the_camera_is_set_as_the_source_says(opened: list[GenicamCamera]):
    camera = start(
        opened, "Fake_1?size=64x32&offset=8,4&format=Mono16&fps=50&exposure_us=500&gain=3&set.TestRegister=7"
    )
    (info,) = camera.streams()
    assert (info.name, info.kind, info.width, info.height, info.dtype) == ("gray", StreamKind.GRAY, 64, 32, "uint16")
    assert info.fps == pytest.approx(50, rel=0.01)
    assert info.kelvin is None
    said = camera.options()
    assert (said["vendor"], said["model"], said["serial"]) == ("Aravis", "Fake", "1")
    assert (said["size"], said["format"]) == ("64x32", "Mono16")
    assert (said["exposure_us"], said["gain"], said["TestRegister"]) == ("500", "3", "7")
    assert camera.read(5.0).pixels.shape == (32, 64)


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("size=5000x1", r"1x1 to 2048x2048 px"),
        ("offset=4000,0", r"offset=4000,0 is not possible"),
        ("format=Mono12", r"BayerBG8, BayerGB8, BayerGR8, BayerRG8, Mono8, RGB8, Mono16"),
        ("kind=thermal&format=Mono8", r"kind=thermal needs format=Mono16"),
        ("kind=depth", r"add unit_mm=1"),
        ("fps=3000", r"from 0.1 to 1000"),
        ("gain=99", r"from 0 to 10"),
        ("exposure_us=1", r"from 10 to"),
        ("set.PixelFormat=Blue", r"PixelFormat may be BayerBG8.*found 'Blue'"),
        ("set.Width=0", r"Width takes a whole number from 1 to 2048"),
        ("set.Width=wide", r"Width takes a whole number"),
        ("set.Widht=64", r"no feature 'Widht'; there .*Width"),
        ("set.zzzzzz=1", r"no feature 'zzzzzz'; there are DeviceVendorName.* more"),
    ],
)
def test_what_it_cannot_do_is_refused_with_what_it_can(opened: list[GenicamCamera], rest: str, words: str):
    with pytest.raises(UnsupportedFeatureError, match=words):
        start(opened, f"Fake_1?{rest}")
    assert opened[0].health().state is CameraState.CLOSED


@pytest.mark.parametrize(
    ("rest", "kind", "dtype", "shape"),
    [
        ("kind=thermal", StreamKind.THERMAL, "uint16", (64, 96)),
        ("kind=infrared&format=Mono8", StreamKind.INFRARED, "uint8", (64, 96)),
        ("kind=depth&unit_mm=0.25", StreamKind.DEPTH, "uint16", (64, 96)),
        ("kind=color", StreamKind.COLOR, "uint8", (64, 96, 3)),
        ("format=BayerRG8", StreamKind.COLOR, "uint8", (64, 96, 3)),
        ("", StreamKind.GRAY, "uint8", (64, 96)),
    ],
)
def test_the_pixels_are_of_the_kind_that_was_asked_for(
    opened: list[GenicamCamera], rest: str, kind: StreamKind, dtype: str, shape: tuple[int, ...]
):
    camera = start(opened, f"Fake_1?size=96x64&fps=100&{rest}")
    (info,) = camera.streams()
    assert info.kind is kind
    frame = camera.read(5.0)
    assert (frame.pixels.shape, frame.pixels.dtype.name) == (shape, dtype)
    assert info.unit_m == (0.00025 if kind is StreamKind.DEPTH else None)
    assert info.kelvin is None  # this camera tells nothing of temperatures


def test_a_frames_pixels_lie_in_the_memory_that_the_camera_was_received_in(opened: list[GenicamCamera]):
    camera = start(opened, "Fake_1?size=640x512&format=Mono16&fps=100")
    frames = [camera.read(5.0) for _ in range(5)]
    owners = [owner(frame.pixels) for frame in frames]
    assert all(one.dtype == np.uint8 and one.nbytes == 640 * 512 * 2 for one in owners), "one buffer of Aravis' each"
    assert len({one.ctypes.data for one in owners}) == 5
    first = frames[0].pixels.copy()
    for _ in range(40):  # more than the pool has buffers
        camera.read(5.0)
    np.testing.assert_array_equal(frames[0].pixels, first)


def owner(pixels: np.ndarray) -> np.ndarray:
    while isinstance(pixels.base, np.ndarray):
        pixels = pixels.base
    return pixels


def test_controls_are_listed_set_and_checked(opened: list[GenicamCamera]):
    camera = start(opened, "Fake_1?set.TestRegister=1")
    assert isinstance(camera, Adjustable)
    controls = {one.name: one for one in camera.controls()}
    assert set(controls) == {"exposure_us", "gain", "set.TestRegister"}
    assert (controls["gain"].kind, controls["gain"].low, controls["gain"].high) == (ControlKind.NUMBER, 0.0, 10.0)
    camera.set_control("gain", "4")
    camera.set_control("set.TestRegister", "9")
    camera.set_control("set.TriggerSource", "Software")  # one that the source did not name
    assert {one.name: one.value for one in camera.controls()}["gain"] == "4"
    assert (camera.options()["gain"], camera.options()["TestRegister"]) == ("4", "9")
    for name, value, words in (
        ("gain", "400", "from 0 to 10"),
        ("gain", "much", "takes a number"),
        ("set.TriggerSource", "Moon", "TriggerSource may be"),
        ("set.Nothing", "1", "no feature 'Nothing'"),
        ("zoom", "1", "no control 'zoom'; it has exposure_us, gain, set.TestRegister"),
    ):
        with pytest.raises(UnsupportedFeatureError, match=words):
            camera.set_control(name, value)
    camera.close()
    assert camera.controls() == []
    with pytest.raises(CameraLostError):
        camera.set_control("gain", "4")


# -- a thermal camera -------------------------------------------------------------------------------------------------


@pytest.fixture
def thermal(tmp_path: Path) -> Iterator[FakeGige]:
    need_fake()
    with FakeGige("A700", description=describe_thermal(tmp_path / "thermal.xml")) as one:
        yield one


def test_a_thermal_camera_gives_temperatures_by_its_own_constants(thermal: FakeGige, opened: list[GenicamCamera]):
    camera = start(opened, "A700?size=64x48")
    (info,) = camera.streams()
    assert (info.kind, info.dtype, info.fps) == (StreamKind.THERMAL, "uint16", 30.0)
    assert info.kelvin is not None
    assert "R 17000, B 1430" in camera.options()["temperatures"]
    shown = camera.read(5.0).celsius()
    assert 0 < shown.max() < 700
    camera.set_control("emissivity", "0.5")
    assert "emissivity 0.5" in camera.options()["temperatures"]
    with pytest.raises(UnsupportedFeatureError, match=r"from 0\.01 to 1"):
        camera.set_control("emissivity", "7")


def test_counts_that_are_temperatures_on_the_camera_are_given_as_they_are(
    thermal: FakeGige, opened: list[GenicamCamera]
):
    camera = start(opened, "A700?size=64x48&set.IRFormat=TemperatureLinear10mK&fps=15")
    (info,) = camera.streams()
    assert info.kelvin == KelvinMap(0.01)
    assert info.fps == 15.0
    assert owner(camera.read(5.0).pixels).dtype == np.uint8, "not converted, not copied"
    with pytest.raises(UnsupportedFeatureError, match="would mean something else"):
        camera.set_control("set.IRFormat", "TemperatureLinear100mK")
    assert camera.options()["IRFormat"] == "TemperatureLinear10mK"
    camera.close()
    with pytest.raises(UnsupportedFeatureError, match="fps may be 30, 15"):
        start(opened, "A700?fps=25")


def test_a_flat_field_correction_flags_its_frames_and_is_announced(thermal: FakeGige, opened: list[GenicamCamera]):
    camera = start(opened, "A700?size=64x48")
    controls = {one.name: one for one in camera.controls()}
    assert controls["ffc"].kind is ControlKind.ACTION
    assert controls["nuc_mode"].choices == ("Automatic", "Off")
    assert not camera.read(5.0).flags
    camera.set_control("ffc", "")
    assert camera.health().pause_s > 0
    assert camera.health().note == "flat-field correction"
    assert camera.read(5.0).flags & FrameFlag.SHUTTER
    wait_until(lambda: not camera.read(5.0).flags & FrameFlag.SHUTTER, "the shutter to open")


# -- finding, sharing, losing -----------------------------------------------------------------------------------------


def test_it_is_found_by_serial_number_by_address_and_as_the_first(fake_gige: FakeGige, opened: list[GenicamCamera]):
    assert [(one.source, one.serial) for one in GenicamCamera.discover()] == [("genicam:GV01", "GV01")]
    for rest in ("GV01", ADDRESS, ""):
        camera = start(opened, rest)
        assert camera.options()["serial"] == "GV01"
        assert camera.options()["address"] == ADDRESS
        assert camera.is_present() is True
        camera.close()


def test_what_is_not_there_is_said_with_what_is(fake_gige: FakeGige, opened: list[GenicamCamera]):
    with pytest.raises(CameraNotFoundError, match=r"no GenICam camera 'GV09'; there is genicam:GV01 \(Aravis Fake"):
        start(opened, "GV09")
    with pytest.raises(CameraNotFoundError, match=r"198\.51\.100\.7 lies in none of this machine's networks"):
        start(opened, "198.51.100.7")


HOLD = """
import sys, time
from drivers.cameras.genicam import GenicamCamera
camera = GenicamCamera("GV01")
camera.open()
print("mine", flush=True)
while not sys.stdin.closed and camera.read(5.0) is not None:
    pass
"""


@pytest.fixture
def holder(fake_gige: FakeGige) -> Iterator[subprocess.Popen[str]]:
    """Another program that controls the camera."""
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == "mine\n"
        yield one
        one.kill()


def test_a_camera_that_another_program_controls_is_busy(holder: subprocess.Popen[str], opened: list[GenicamCamera]):
    with pytest.raises(CameraBusyError, match="GV01 is controlled by another application"):
        start(opened, "GV01")
    assert holder.poll() is None, "it was not disturbed"


def test_a_camera_whose_program_died_is_had_as_soon_as_it_misses_the_heartbeat(
    holder: subprocess.Popen[str], opened: list[GenicamCamera]
):
    holder.kill()
    camera = start(opened, "GV01")  # waits for it, instead of an error
    assert camera.read(5.0).number > 0


@pytest.mark.parametrize("make", [GenicamCamera, GenicamCamera.from_source], ids=["here", "isolated"])
def test_it_is_lost_when_its_plug_is_pulled_and_back_three_times(fake_gige: FakeGige, make: type[GenicamCamera]):
    camera = make(OUTSIDE)
    try:
        for _ in range(3):
            camera.open()
            frame = camera.read(5.0)
            assert frame.pixels.any()
            fake_gige.kill()
            assert lose(camera) < 5.0  # 0.4 s on an idle machine
            assert isinstance(camera, Findable)
            assert camera.is_present() is False
            began = time.monotonic()
            camera.close()
            assert time.monotonic() - began < 5.0, "Aravis alone would take 7.5 s"
            fake_gige.start()
            assert camera.is_present() is True
        camera.open()
        assert camera.read(5.0).number > 0
    finally:
        camera.close()


def test_a_camera_that_started_anew_is_lost_and_back(fake_gige: FakeGige, opened: list[GenicamCamera]):
    camera = start(opened, OUTSIDE)
    camera.read(5.0)
    fake_gige.kill()
    fake_gige.start()  # before anybody missed it
    lose(camera)
    assert "started anew" in camera.health().note or "does not answer" in camera.health().note
    camera.open()
    assert camera.read(5.0).number > 0


def test_images_that_do_not_come_whole_are_counted_and_leave_a_gap(opened: list[GenicamCamera]):
    need_fake()
    with FakeGige(lost_per_mille=2):
        camera = start(opened, "GV01?size=640x512&format=Mono16&fps=100&resend=off&packet_size=1400")
        frames: list[Frame] = []
        deadline = time.monotonic() + 20.0
        while camera.health().dropped["gray"] < 3 or not _has_gap(frames):
            assert time.monotonic() < deadline, "no gap in the numbers, or fewer than three images are counted as lost"
            try:
                frames.append(camera.read(0.2))
            except CameraTimeoutError:
                continue
        assert "do not come whole (missing packets)" in camera.health().note
        wait_until(lambda: _counted(camera), "Aravis' own count in the options")


def _has_gap(frames: list[Frame]) -> bool:
    """The lost images may all lie before the first that came whole."""
    return len(frames) >= 3 and frames[-1].number - frames[0].number + 1 > len(frames)


def _counted(camera: GenicamCamera) -> bool:
    with contextlib.suppress(CameraTimeoutError):
        camera.read(0.2)
    return int(camera.options().get("stream_failures", "0")) >= 3


def test_numbers_go_on_rising_where_the_cameras_16_bits_wrap(fake_gige: FakeGige, opened: list[GenicamCamera]):
    camera = start(opened, "GV01?size=64x48&fps=200")  # it begins at 65401
    numbers = [camera.read(5.0).number]
    while numbers[-1] < 65545:
        numbers.append(camera.read(5.0).number)
    assert all(b > a for a, b in itertools.pairwise(numbers))
    assert numbers[-1] < 65545 + 65535, "no wrap was taken for a loss"


# -- where Aravis is not ----------------------------------------------------------------------------------------------


def test_without_pygobject_the_error_names_the_extra_and_the_apt_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "gi", None)
    with pytest.raises(SdkMissingError, match=r"apt install .*gir1.2-aravis-0.8.*tapetum\[genicam\]"):
        GenicamCamera("").open()


def test_without_the_typelib_the_error_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(genicam_aravis, "_USR", tmp_path)
    assert "Aravis-0.8.typelib) is not installed" in GenicamCamera.why_unavailable()
    assert "gir1.2-aravis-0.8" in GenicamCamera.why_unavailable()
    assert GenicamCamera.discover() == []
    (tmp_path / "Aravis-0.8.typelib").touch()
    monkeypatch.setenv("GI_TYPELIB_PATH", str(tmp_path))
    assert GenicamCamera.why_unavailable() == ""
