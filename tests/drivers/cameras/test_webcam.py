"""A webcam gives its pictures with its own numbers and times, its settings can be changed, and its faults are named."""

from __future__ import annotations

import errno
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera import Adjustable, Camera, ControlKind, Findable
from drivers.cameras import v4l2
from drivers.cameras.v4l2_formats import Mode
from drivers.cameras.webcam import WebcamCamera
from drivers.errors import (
    CameraBusyError,
    CameraLostError,
    CameraNotFoundError,
    CameraPermissionError,
    CameraTimeoutError,
    SdkMissingError,
    UnsupportedFeatureError,
)
from drivers.frame import FrameFlag, StreamKind
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.fake_v4l2 import FakeControl, FakeDevice, FakeKernel, Shot
from tests.drivers.cameras.v4l2_opener import opener

YUYV = Mode("YUYV", 64, 48, (30.0, 15.0))
MJPG = Mode("MJPG", 64, 48, (30.0,))
GREY = Mode("GREY", 64, 48, (30.0,))
HD = Mode("MJPG", 1280, 720, (30.0,))
SLOW_HD = Mode("YUYV", 1280, 720, (10.0,))
HUGE = Mode("MJPG", 3840, 2160, (30.0,))

EXPOSURE, EXPOSURE_AUTO, GAIN, POWER_LINE = 0x9A0902, 0x9A0901, 0x980913, 0x980918


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeKernel:
    return FakeKernel(monkeypatch, tmp_path)


def picture(mode: Mode, number: int) -> bytes:
    """A smooth picture of a mode's form; its content depends on the number."""
    ramp = ((np.add.outer(np.arange(mode.height) * 2, np.arange(mode.width)) + 3 * number) % 256).astype(np.uint8)
    if mode.code == "MJPG":
        rgb = np.dstack([ramp, ramp[::-1], np.full_like(ramp, 90)])
        return bytes(cv2.imencode(".jpg", rgb[..., ::-1])[1]) + bytes(5)  # padded as cameras do
    if mode.code in ("GREY", "Y16 "):
        return ramp.tobytes() if mode.code == "GREY" else (ramp.astype("<u2") * 4).tobytes()
    if mode.code in ("YUYV", "UYVY"):
        pair = np.dstack([ramp, np.full_like(ramp, 128)])
        return (pair if mode.code == "YUYV" else pair[..., ::-1]).tobytes()
    if mode.code in ("NV12", "YU12"):
        return ramp.tobytes() + bytes([128]) * (mode.width * mode.height // 2)
    return np.dstack([ramp, ramp // 2, 255 - ramp]).tobytes()


def playing(count: int | None = None) -> Callable[[Mode], Iterator[Shot]]:
    def shots(mode: Mode) -> Iterator[Shot]:
        return (Shot(picture(mode, n)) for n in (itertools.count() if count is None else range(count)))

    return shots


def controls() -> list[FakeControl]:
    return [
        FakeControl(0x980900, "Brightness", 1, 10, -64, 64),
        FakeControl(0x98090C, "White Balance, Automatic", 2, 1),
        FakeControl(GAIN, "Gain", 1, 5, 0, 100),
        FakeControl(POWER_LINE, "Power Line Frequency", 3, 1, 0, 2, menu={0: "Disabled", 1: "50 Hz", 2: "60 Hz"}),
        FakeControl(EXPOSURE_AUTO, "Auto Exposure", 3, 3, 0, 3, menu={1: "Manual Mode", 3: "Aperture Priority Mode"}),
        FakeControl(EXPOSURE, "Exposure Time, Absolute", 1, 157, 3, 2047, flags=0x10),
        FakeControl(0x9A0000 + 1, "Camera Controls", 6),
    ]


def webcam(modes: list[Mode] | None = None, **settings: object) -> FakeDevice:
    return FakeDevice(modes or [YUYV, MJPG], playing(), **settings)  # type: ignore[arg-type]  # passed on as they are


class TestConformance(CameraConformance):
    @pytest.fixture(autouse=True)
    def _device(self, kernel: FakeKernel) -> None:
        kernel.plug(webcam())

    def make(self) -> Camera:
        return WebcamCamera("")


class TestConformanceWithJpeg(CameraConformance):
    @pytest.fixture(autouse=True)
    def _device(self, kernel: FakeKernel) -> None:
        kernel.plug(webcam())

    def make(self) -> Camera:
        return WebcamCamera("?format=mjpg")


@pytest.fixture
def opened(kernel: FakeKernel) -> Iterator[Callable[[FakeDevice, str], WebcamCamera]]:
    with opener(kernel, WebcamCamera) as open_one:
        yield open_one


Opener = Callable[..., WebcamCamera]


@pytest.mark.parametrize(
    ("code", "kind", "dtype"),
    [
        ("YUYV", StreamKind.COLOR, "uint8"),
        ("UYVY", StreamKind.COLOR, "uint8"),
        ("NV12", StreamKind.COLOR, "uint8"),
        ("YU12", StreamKind.COLOR, "uint8"),
        ("RGB3", StreamKind.COLOR, "uint8"),
        ("BGR3", StreamKind.COLOR, "uint8"),
        ("MJPG", StreamKind.COLOR, "uint8"),
        ("GREY", StreamKind.GRAY, "uint8"),
        ("Y16 ", StreamKind.GRAY, "uint16"),
    ],
)
def test_every_form_becomes_the_picture_that_was_sent(opened: Opener, code: str, kind: StreamKind, dtype: str) -> None:
    mode = Mode(code, 64, 48, (30.0,))
    camera = opened(webcam([mode]))
    frame = camera.read(5.0)
    assert (frame.kind, frame.info.dtype) == (kind, dtype)
    ramp = np.add.outer(np.arange(48) * 2, np.arange(64)) % 256 + 3 * frame.number
    if code == "GREY":
        assert np.array_equal(frame.pixels, ramp.astype(np.uint8))
    elif code == "Y16 ":
        assert np.array_equal(frame.pixels, ramp.astype(np.uint16) * 4)
    elif code in ("RGB3", "BGR3"):
        sent = np.dstack([ramp, ramp // 2, 255 - ramp]).astype(np.uint8)
        assert np.array_equal(frame.pixels, sent if code == "RGB3" else sent[..., ::-1])
    elif code == "MJPG":
        assert abs(frame.pixels[..., 0].astype(int) - ramp).mean() < 8
    else:  # limited range: 16 is black, 235 white
        white = np.clip((ramp - 16) * 255 / 219, 0, 255)
        assert abs(frame.pixels.mean(axis=2) - white).max() <= 2


def test_the_cameras_own_jpeg_is_kept_and_is_what_the_pixels_are(opened: Opener) -> None:
    camera = opened(webcam([MJPG]))
    frame = camera.read(5.0)
    assert frame.encoded is not None
    assert frame.encoded.endswith(b"\xff\xd9")
    assert frame.flags is FrameFlag.LOSSY
    again = cv2.imdecode(np.frombuffer(frame.encoded, np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(again[..., ::-1], frame.pixels)


def test_a_jpeg_without_its_tables_as_many_webcams_send_it_is_decoded(opened: Opener) -> None:
    whole = picture(MJPG, 0).rstrip(b"\0")
    bare, at = bytearray(whole[:2]), 2
    while whole[at + 1] != 0xDA:
        size = 2 + int.from_bytes(whole[at + 2 : at + 4], "big")
        bare += b"" if whole[at + 1] == 0xC4 else whole[at : at + size]
        at += size
    bare += whole[at:]
    assert len(bare) < len(whole)
    camera = opened(FakeDevice([MJPG], lambda _: iter([Shot(whole), Shot(bytes(bare))])))
    assert np.array_equal(camera.read(5.0).pixels, camera.read(5.0).pixels)


def test_lines_with_a_gap_between_them_are_read_right(opened: Opener) -> None:
    mode = Mode("GREY", 64, 48, (30.0,))
    padded = np.zeros((48, 80), np.uint8)
    padded[:, :64] = np.arange(64)
    device = FakeDevice([mode], lambda _: iter([Shot(padded.tobytes())]), bytes_per_line=80)
    assert np.array_equal(opened(device).read(5.0).pixels, padded[:, :64])


@pytest.mark.parametrize("mode", [MJPG, YUYV])
def test_torn_pictures_are_counted_and_not_given(opened: Opener, mode: Mode) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        whole = picture(mode, 0)
        yield Shot(whole)
        yield Shot(whole[: len(whole) // 2])
        yield Shot(whole, torn=True)
        yield Shot(b"nothing of the kind")
        yield Shot(whole)

    camera = opened(FakeDevice([mode], shots))
    assert [camera.read(5.0).number for _ in range(2)] == [0, 4]
    assert camera.health().dropped == {"color": 3}


def test_numbers_are_the_drivers_and_show_what_was_lost(opened: Opener) -> None:
    def shots(mode: Mode) -> Iterator[Shot]:
        for n in range(6):
            yield Shot(picture(mode, n), lost_before=2 if n == 3 else 0)

    camera = opened(FakeDevice([YUYV], shots))
    frames = [camera.read(5.0) for _ in range(6)]
    assert [f.number for f in frames] == [0, 1, 2, 5, 6, 7]
    assert all(b.device_ns - a.device_ns == 5_000_000 for a, b in itertools.pairwise(frames))


def test_a_reader_that_is_late_loses_frames_and_the_numbers_say_so(opened: Opener) -> None:
    camera = opened(webcam(period_s=0.002, loses=True))
    camera.read(5.0)
    time.sleep(0.1)
    numbers = [camera.read(5.0).number for _ in range(12)]
    assert numbers[-1] > 20
    assert numbers == sorted(set(numbers))


def test_a_silent_camera_is_a_timeout_and_an_unplugged_one_is_lost_at_once(kernel: FakeKernel, opened: Opener) -> None:
    device = FakeDevice([YUYV], playing(2))
    camera = opened(device)
    assert [camera.read(5.0).number for _ in range(2)] == [0, 1]
    with pytest.raises(CameraTimeoutError):
        camera.read(0.2)
    assert isinstance(camera, Findable)
    assert camera.is_present()
    timer = threading.Timer(0.2, kernel.unplug, [device])
    timer.start()
    began = time.monotonic()
    with pytest.raises(CameraLostError, match="unplugged"):
        camera.read(10.0)
    assert time.monotonic() - began < 5
    timer.join()
    assert not camera.is_present()
    camera.close()
    kernel.plug(device)
    camera.open()
    assert camera.read(5.0).number == 0


def test_a_call_that_a_signal_interrupts_is_made_again(opened: Opener) -> None:
    device = webcam()
    camera = opened(device)
    plain, failed = device._dqbuf, []

    def interrupted(arg: object, video: object) -> None:
        if not failed:
            failed.append(True)
            raise InterruptedError(errno.EINTR, "interrupted")
        plain(arg, video)

    device._dqbuf = interrupted  # type: ignore[method-assign]  # only this one device's
    assert camera.read(5.0).number == 0
    assert failed


def test_nothing_stays_mapped_or_open_after_a_close(kernel: FakeKernel, opened: Opener) -> None:
    device = webcam()
    camera = opened(device)
    for _ in range(3):
        camera.read(5.0)
        camera.close()
        assert "REQBUFS" in device.asked
        assert device.count == 0, "the kernel has its buffers back"
        fds = {p.resolve() for p in Path("/proc/self/fd").iterdir() if p.exists()}
        assert device.path not in fds
        camera.open()


def test_a_hundred_times_unplugged_and_plugged_in_leaves_nothing_behind(kernel: FakeKernel) -> None:
    device = webcam(serial="N77", period_s=0.0005)
    kernel.plug(device)
    camera = WebcamCamera("N77")

    def left() -> tuple[int, int]:
        maps = Path("/proc/self/maps").read_text().count(str(kernel.dev))
        return len(list(Path("/proc/self/fd").iterdir())), maps

    before = left()
    for turn in range(100):
        camera.open()
        assert camera.read(5.0).number >= 0
        kernel.unplug(device)
        with pytest.raises(CameraLostError):
            camera.read(5.0)
        assert not camera.is_present()
        camera.close()
        kernel.plug(device, number=turn % 3)
        assert camera.is_present()
    assert left() == before


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


def test_no_such_camera_lists_those_there_are(kernel: FakeKernel) -> None:
    with pytest.raises(CameraNotFoundError, match="no camera at all"):
        WebcamCamera("").open()
    kernel.plug(webcam(name="Night Eye", serial="N77"))
    with pytest.raises(CameraNotFoundError, match=r"video0 \(Night Eye, serial N77, USB port 1-2\)"):
        WebcamCamera("/dev/video9").open()


def test_a_busy_camera_says_so_and_how_to_find_who_has_it(kernel: FakeKernel) -> None:
    device = webcam()
    kernel.plug(device)
    device.busy = True
    with pytest.raises(CameraBusyError, match="fuser"):
        WebcamCamera("").open()
    device.busy = False
    camera = WebcamCamera("")
    camera.open()
    camera.close()


def test_a_device_that_may_not_be_opened_names_the_group_and_the_command(
    kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kernel.plug(webcam())
    plain = v4l2.os.open

    def refuse(name: object, flags: int, *rest: int) -> int:
        if str(name) == str(path):
            raise PermissionError(errno.EACCES, "not allowed")
        return plain(name, flags, *rest)  # type: ignore[arg-type]  # passed on as it is

    monkeypatch.setattr(v4l2.os, "open", refuse)
    with pytest.raises(CameraPermissionError, match=r"sudo usermod -aG \w+ \$USER, then log in again"):
        WebcamCamera("").open()


def test_without_its_library_it_names_the_extra(kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel.plug(webcam())
    monkeypatch.setattr(v4l2.importlib.util, "find_spec", lambda _: None)
    assert "tapetum[video]" in WebcamCamera.why_unavailable()
    assert WebcamCamera.discover() == []
    with pytest.raises(SdkMissingError, match=r"pip install .*tapetum\[video\]"):
        WebcamCamera("").open()


def test_two_of_a_kind_are_told_apart_by_serial_number_wherever_they_are_plugged_in(kernel: FakeKernel) -> None:
    left, right = webcam(serial="L1", port="1-1"), webcam(serial="R2", port="1-2")
    kernel.plug(left)
    kernel.plug(right)
    assert [c.source for c in WebcamCamera.discover()] == ["webcam:L1", "webcam:R2"]
    kernel.unplug(left)
    kernel.unplug(right)
    kernel.plug(right, number=0)
    kernel.plug(left, number=4)
    camera = WebcamCamera("L1")
    camera.open()
    assert camera.options()["device"].endswith("video4")
    camera.close()


def test_cameras_with_one_serial_number_are_told_apart_by_their_ports(kernel: FakeKernel) -> None:
    for port in ("1-1", "1-2.3"):
        kernel.plug(webcam(serial="0000", port=port))
    assert [c.source for c in WebcamCamera.discover()] == ["webcam:1-1", "webcam:1-2.3"]
    camera = WebcamCamera("1-2.3")
    camera.open()
    assert camera.options()["usb_port"] == "1-2.3"
    camera.close()


def test_metadata_is_no_camera_and_a_second_sensor_is_one(kernel: FakeKernel) -> None:
    kernel.plug(webcam(serial="S"), index=0)
    kernel.plug(webcam(serial="S", captures=False), index=1)
    kernel.plug(webcam([GREY], serial="S"), index=2)
    assert [c.source for c in WebcamCamera.discover()] == ["webcam:S", "webcam:S?node=1"]
    camera = WebcamCamera("S?node=1")
    camera.open()
    assert camera.streams()[0].kind is StreamKind.GRAY
    camera.close()
    with pytest.raises(CameraNotFoundError, match="node=2"):
        WebcamCamera("S?node=2").open()


def test_thermal_and_depth_cameras_are_left_to_their_own_families(kernel: FakeKernel) -> None:
    kernel.plug(webcam(name="PureThermal 2", usb_id="1e4e:0100", port="1-1"))
    kernel.plug(webcam(name="Intel(R) RealSense(TM) 435", port="1-2"))
    kernel.plug(webcam(name="bcm2835-isp-capture0", port=""))
    kernel.plug(webcam(name="HD Webcam", port="1-3"))
    assert [c.title for c in WebcamCamera.discover()] == ["HD Webcam"]
    assert WebcamCamera("").is_present()


def test_a_link_to_a_device_means_the_device(kernel: FakeKernel, tmp_path: Path) -> None:
    path = kernel.plug(webcam())
    link = tmp_path / "by-id-webcam"
    link.symlink_to(path)
    camera = WebcamCamera(str(link))
    camera.open()
    assert camera.read(5.0).number == 0
    camera.close()


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


def test_options_name_the_camera(opened: Opener) -> None:
    options: Mapping[str, str] = opened(webcam(serial="N77", product="Night Eye")).options()
    assert (options["model"], options["serial"], options["driver"]) == ("Night Eye", "N77", "uvcvideo")


def test_only_the_camera_that_is_meant_is_opened(kernel: FakeKernel) -> None:
    meant, other = webcam(serial="A1", port="1-1"), webcam(serial="B2", port="1-2")
    kernel.plug(other)
    kernel.plug(meant)
    camera = WebcamCamera("A1")
    camera.open()
    camera.close()
    assert meant.asked
    assert not other.asked
