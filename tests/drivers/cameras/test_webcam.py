"""A webcam gives its pictures with its own numbers and times, and is lost when it goes."""

from __future__ import annotations

import errno
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera import Camera, Findable
from drivers.cameras.v4l2_formats import Mode
from drivers.cameras.webcam import WebcamCamera
from drivers.errors import CameraLostError, CameraTimeoutError
from drivers.frame import FrameFlag, StreamKind
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.fake_v4l2 import FakeDevice, FakeKernel, Shot
from tests.drivers.cameras.fake_webcam import MJPG, YUYV, picture, playing, webcam
from tests.drivers.cameras.v4l2_opener import opener

Opener = Callable[..., WebcamCamera]


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
def opened(kernel: FakeKernel) -> Iterator[Opener]:
    with opener(kernel, WebcamCamera) as open_one:
        yield open_one


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
