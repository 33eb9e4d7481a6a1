"""The first Kinect: the driver against libfreenect's functions, real where no device is needed, ours where one is.

The fake is compiled against the real header, so its signatures are libfreenect's; the table of what the driver calls is
compared with that header, too.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.camera import Adjustable, Camera, ControlKind, Findable
from drivers.cameras import kinect1, kinect1_library
from drivers.cameras.kinect1 import Kinect1Camera
from drivers.errors import (
    CameraBusyError,
    CameraLostError,
    CameraNotFoundError,
    CameraOpenError,
    CameraPermissionError,
    CameraTimeoutError,
    DriverError,
    SdkMissingError,
    UnsupportedFeatureError,
)
from drivers.frame import StreamKind
from drivers.registry import open_camera
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.reading import frames_of

HEADER = Path("/usr/include/libfreenect.h")
REGISTRATION = HEADER.with_name("libfreenect_registration.h")
SOURCE = Path(__file__).with_name("fake_libfreenect.c")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not HEADER.is_file():
        pytest.skip("needs a C compiler and libfreenect's header (apt install gcc libfreenect-dev)")
    out = tmp_path_factory.mktemp("freenect") / "libfreenect.so.0.5"  # the name that the driver looks for
    command = [compiler, "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(out), str(SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def fake(built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The driver finds the fake in place of libfreenect; gives its ``fake_*`` functions."""
    monkeypatch.setattr(kinect1_library, "NAMES", (str(built),))
    monkeypatch.setattr(kinect1, "usb_devices", lambda products: None)
    library = ctypes.CDLL(str(built))
    library.fake_reset()
    yield library
    library.fake_reset()
    assert library.fake_contexts() == 0, "every context is shut down"
    assert library.fake_devices() == 0, "every device is closed"


def opened(rest: str = "") -> Kinect1Camera:
    camera = Kinect1Camera(rest)
    camera.open()
    return camera


class _Conformance(CameraConformance):
    rest = ""

    @pytest.fixture(autouse=True)
    def _fake(self, fake: Any) -> None:
        self.fake = fake

    def make(self) -> Camera:
        return Kinect1Camera(self.rest)


class TestDepthAndColour(_Conformance):
    pass


class TestInfraredOfASecondKinect(_Conformance):
    rest = "B00363922222222B?streams=infrared"


class TestInAProcessOfItsOwn(_Conformance):
    """The process that the camera lives in finds the fake by the loader's path."""

    @pytest.fixture(autouse=True)
    def _path(self, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LD_LIBRARY_PATH", str(built.parent))

    def make(self) -> Camera:
        return open_camera("kinect1:A00363911111111A?streams=depth")


def test_depth_is_millimetres_with_the_devices_own_calibration(fake: Any) -> None:
    camera = opened("?streams=depth")
    try:
        (info,) = camera.streams()
        assert (info.kind, info.width, info.height, info.dtype, info.fps) == (StreamKind.DEPTH, 640, 480, "uint16", 30)
        assert info.unit_m == 0.001
        assert info.intrinsics is not None
        assert info.intrinsics.fx == pytest.approx(120.0 / (2 * 0.1042))
        first, second = frames_of(camera, "depth", 2)
        assert np.all(second.pixels - first.pixels == second.number - first.number)
    finally:
        camera.close()


def test_its_short_clock_goes_on_rising_when_the_counter_wraps(fake: Any) -> None:
    camera = opened("?streams=depth")
    try:
        times = [frame.device_ns for frame in frames_of(camera, "depth", 5)]
        assert np.diff(times) == pytest.approx(1e9 / 30, abs=2)
        assert camera.options()["clock_wraps"] == "1"
    finally:
        camera.close()


def test_lost_frames_are_a_gap_in_the_numbers(fake: Any) -> None:
    camera = opened("?streams=depth")
    try:
        (before,) = frames_of(camera, "depth", 1)
        fake.fake_lose(3)
        (after,) = frames_of(camera, "depth", 1)
        assert after.number - before.number == 4
    finally:
        camera.close()


def test_pixels_lie_where_the_library_wrote_them(fake: Any) -> None:
    fake.fake_last_depth.restype = ctypes.c_void_p
    camera = opened("?streams=depth")
    try:
        first, second = frames_of(camera, "depth", 2)
        assert second.pixels.ctypes.data == fake.fake_last_depth()
        assert first.pixels[0, 0] != second.pixels[0, 0], "the next one is written elsewhere"
    finally:
        camera.close()


def test_a_library_that_keeps_to_its_own_memory_is_copied_from(fake: Any) -> None:
    fake.fake_own_memory(1)
    camera = opened("?streams=depth")
    try:
        first, second = frames_of(camera, "depth", 2)
        assert first.pixels[0, 0] != second.pixels[0, 0]
    finally:
        camera.close()


@pytest.mark.parametrize(
    ("rest", "shape", "dtype"),
    [
        ("?streams=color", (480, 640, 3), "uint8"),
        ("?streams=color&size=1280x1024", (1024, 1280, 3), "uint8"),
        ("?streams=infrared", (488, 640), "uint16"),
        ("?streams=infrared&infrared_bits=8", (488, 640), "uint8"),
    ],
)
def test_video_comes_in_the_size_that_was_asked_for(fake: Any, rest: str, shape: tuple[int, ...], dtype: str) -> None:
    camera = opened(rest)
    try:
        frame = camera.read(5.0)
        assert frame.pixels.shape == shape
        assert frame.pixels.dtype == dtype
        assert frame.pixels.ravel()[:260].tolist() == [n % 251 for n in range(260)]
    finally:
        camera.close()


def test_registered_depth_shares_the_colour_images_grid(fake: Any) -> None:
    camera = opened("?registered=on")
    try:
        depth, colour = camera.streams()
        assert depth.registered_to == colour.name
        assert depth.intrinsics is None, "the depth sensor's calibration is none of the colour grid's"
    finally:
        camera.close()


def test_two_kinects_are_told_apart_by_their_serial_numbers(fake: Any) -> None:
    for serial in ("A00363911111111A", "B00363922222222B"):
        camera = opened(f"{serial}?streams=depth")
        assert camera.options()["serial"] == serial
        camera.close()
    with pytest.raises(CameraNotFoundError, match="A00363911111111A, B00363922222222B"):
        Kinect1Camera("C1").open()
    assert kinect1.find_serials() == ["A00363911111111A", "B00363922222222B"]


def test_an_unplugged_kinect_is_lost_and_can_be_opened_again(fake: Any) -> None:
    camera = opened("?streams=depth")
    try:
        camera.read(5.0)
        fake.fake_unplug(1)
        with pytest.raises(CameraLostError, match="marked dead"):
            camera.read(5.0)
        with pytest.raises(CameraNotFoundError, match="power supply"):
            camera.open()
        fake.fake_unplug(0)
        camera.open()
        assert camera.read(5.0).number == 0
    finally:
        camera.close()


def test_a_silent_kinect_is_a_timeout_and_lost_once_the_bus_says_so(fake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    camera = opened("?streams=depth")
    try:
        fake.fake_silence(1)
        with pytest.raises(CameraTimeoutError):
            camera.read(0.2)
        monkeypatch.setattr(kinect1, "usb_devices", lambda products: [])
        with pytest.raises(CameraLostError, match="USB bus"):
            camera.read(5.0)
    finally:
        camera.close()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (-3, CameraPermissionError, "udev rule"),
        (-6, CameraBusyError, "another program"),
        (-4, CameraNotFoundError, "went"),
        (-99, CameraOpenError, "power supply"),
    ],
)
def test_why_it_does_not_open_is_said(fake: Any, code: int, kind: type[DriverError], words: str) -> None:
    fake.fake_open_error(code)
    with pytest.raises(kind, match=words):
        Kinect1Camera("").open()


def test_tilt_and_led_can_be_set_while_it_streams(fake: Any) -> None:
    camera = opened("?streams=depth&tilt=5&led=red")
    try:
        assert isinstance(camera, Adjustable)
        assert fake.fake_led() == 2
        controls = {control.name: control for control in camera.controls()}
        assert (controls["tilt_deg"].kind, controls["tilt_deg"].value) == (ControlKind.NUMBER, "5")
        camera.set_control("tilt_deg", "-12")
        camera.set_control("led", "blink_green")
        camera.set_control("auto_exposure", "on")
        after = {control.name: control.value for control in camera.controls()}
        assert (after["tilt_deg"], after["led"], after["auto_exposure"]) == ("-12", "blink_green", "on")
        assert fake.fake_led() == 4
        with pytest.raises(UnsupportedFeatureError, match="from -30 to 30"):
            camera.set_control("tilt_deg", "40")
        with pytest.raises(UnsupportedFeatureError, match="refused near_mode"):
            camera.set_control("near_mode", "on")
        with pytest.raises(UnsupportedFeatureError, match="no option 'zoom'"):
            camera.set_control("zoom", "2")
        fake.fake_has_tilt(0)
        assert {c.name: c.read_only for c in camera.controls()}["tilt_deg"]
    finally:
        camera.close()
    assert camera.controls() == ()
    with pytest.raises(CameraLostError):
        camera.set_control("led", "red")


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("?streams=color,infrared", "share one sensor"),
        ("?streams=sound", "some of depth, color, infrared"),
        ("?streams=depth,depth", "some of depth"),
        ("?registered=on&streams=depth", "registered to the colour image"),
        ("?registered=on&size=1280x1024", "only that image"),
        ("?size=320x240", "1280x1024"),
        ("?tilt=31", "from -30 to 30"),
        ("?led=pink", "blink_red_yellow"),
        ("?colour=1", "it knows"),
    ],
)
def test_words_that_make_no_sense_are_refused_before_anything_is_opened(rest: str, words: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match=words):
        Kinect1Camera(rest)


def test_without_libfreenect_the_error_names_the_apt_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinect1_library, "NAMES", ())
    monkeypatch.setattr(kinect1_library.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(kinect1, "usb_devices", lambda products: [])
    assert "apt install libfreenect0.5" in Kinect1Camera.why_unavailable()
    with pytest.raises(SdkMissingError, match=r"apt install libfreenect0\.5"):
        Kinect1Camera("").open()


def test_a_library_that_is_too_old_says_so(tmp_path: Path) -> None:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler")
    source, out = tmp_path / "old.c", tmp_path / "libold.so"
    source.write_text("int freenect_init(void) { return 0; }")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(out), str(source)], check=True, timeout=60)
    with pytest.raises(SdkMissingError, match=r"older than libfreenect 0\.5"):
        kinect1_library.load(str(out))


# -- the real library -------------------------------------------------------------------------------------------------


@pytest.fixture
def real() -> Iterator[kinect1_library.Freenect]:
    if not kinect1_library.find_library():
        pytest.skip("needs libfreenect (apt install libfreenect0.5)")
    freenect = kinect1_library.Freenect()
    yield freenect
    freenect.close()


def test_the_real_library_gives_the_modes_that_the_driver_reads(real: kinect1_library.Freenect) -> None:
    library = kinect1_library.load(kinect1_library.find_library())
    depth = library.freenect_find_depth_mode(kinect1_library.RESOLUTION_MEDIUM, kinect1_library.DEPTH_MM)
    assert (depth.width, depth.height, depth.bytes, depth.framerate, depth.is_valid) == (640, 480, 614400, 30, 1)
    infrared = library.freenect_find_video_mode(kinect1_library.RESOLUTION_MEDIUM, kinect1_library.VIDEO_IR_10BIT)
    assert (infrared.width, infrared.height, infrared.bytes) == (640, 488, 624640)
    assert not library.freenect_find_depth_mode(kinect1_library.RESOLUTION_HIGH, kinect1_library.DEPTH_MM).is_valid


def test_the_real_library_waits_no_longer_than_asked(real: kinect1_library.Freenect) -> None:
    for _ in range(3):
        real.process(0.01)


def test_the_real_library_says_that_no_such_kinect_is_here(real: kinect1_library.Freenect) -> None:
    if real.serials():
        pytest.skip("a Kinect is plugged in here")
    assert real.open("A00000000000000A") is None
    assert "Couldn't find a device with serial A00000000000000A" in real.last_words
    with pytest.raises(CameraNotFoundError, match="no Kinect v1 is plugged in"):
        Kinect1Camera("").open()


def test_the_table_of_functions_is_the_headers() -> None:
    """Count of arguments, and which of them are numbers, pointers or structures."""
    if not HEADER.is_file():
        pytest.skip("needs libfreenect's header (apt install libfreenect-dev)")
    text = HEADER.read_text() + REGISTRATION.read_text()
    declared = dict(re.findall(r"FREENECTAPI\s+[\w\s\*]*?(freenect_\w+)\s*\(([^;]*?)\)\s*;", text))
    plain = {"int": ctypes.c_int, "double": ctypes.c_double, "freenect_frame_mode": kinect1_library.FrameMode}
    for name, (_, arguments) in kinect1_library.SIGNATURES.items():
        words = [part.strip() for part in declared[name].split(",") if part.strip() not in ("", "void")]
        assert len(words) == len(arguments), name
        for word, argument in zip(words, arguments, strict=True):
            kind = word.rsplit(None, 1)[0].removeprefix("const ")
            if "*" in word:
                assert argument in (ctypes.c_void_p, ctypes.c_char_p) or hasattr(argument, "contents"), (name, word)
            elif kind in plain:
                assert argument is plain[kind], (name, word)
            elif kind.endswith("_cb"):
                assert issubclass(argument, ctypes._CFuncPtr), (name, word)
            else:
                assert argument is ctypes.c_int, f"{name}: an enum is an int ({word})"


def test_a_source_is_isolated_unless_it_says_otherwise(fake: Any) -> None:
    camera = open_camera("kinect1:?streams=depth")
    assert not isinstance(camera, Kinect1Camera)
    assert isinstance(camera, Adjustable)
    assert isinstance(camera, Findable)
    assert isinstance(open_camera("kinect1:?isolate=off"), Kinect1Camera)
