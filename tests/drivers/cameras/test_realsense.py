"""RealSense cameras, by the real SDK: a software device whose frames the test pushes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from drivers.camera import Adjustable, Camera, Findable
from drivers.cameras.realsense import RealSenseCamera
from drivers.errors import CameraLostError, CameraTimeoutError, UnsupportedFeatureError
from drivers.frame import Frame, FrameFlag
from drivers.host_clock import now_ns
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.realsense_cases import BY_NAME, Opener, opener, pushed
from tests.drivers.cameras.software_realsense import (
    COLOR,
    D435,
    DEPTH,
    FIRST_MS,
    SdkAligner,
    SoftStream,
    SoftwareRealSense,
    image,
)

pytest.importorskip(
    "pyrealsense2", reason="needs pyrealsense2 and libusb (apt install libusb-1.0-0)", exc_type=ImportError
)


@pytest.fixture
def opened() -> Iterator[Opener]:
    with opener() as open_one:
        yield open_one


class TestSoftwareDevice(CameraConformance):
    @pytest.fixture(autouse=True)
    def device(self, soft: SoftwareRealSense) -> Iterator[None]:
        self.soft = soft
        with soft.streaming(200):
            yield

    def make(self) -> Camera:
        return RealSenseCamera("", lambda: self.soft.device)


def test_frames_come_pixel_for_pixel_with_the_cameras_own_numbers_and_times(
    soft: SoftwareRealSense, opened: Opener
) -> None:
    camera = opened(soft)
    before = now_ns()
    for number in (7, 8, 11):
        frames = pushed(soft, camera, number)
        assert list(frames) == ["depth", "infrared", "color"]
        for name, frame in frames.items():
            np.testing.assert_array_equal(frame.pixels, image(BY_NAME[name], number))
            assert frame.number == number
            assert frame.device_ns == round((FIRST_MS + number * 1000 / 30) * 1e6)
            assert before <= frame.host_ns <= now_ns()
            assert frame.flags is FrameFlag.NONE


def test_a_camera_says_what_it_is_and_how_its_streams_stand(opened: Opener) -> None:
    soft = SoftwareRealSense(info={"asic_serial_number": "998877"})
    camera = opened(soft, "SOFT0001")
    assert camera.options().items() >= {
        "model": "Software RealSense D435", "serial": "SOFT0001", "usb_serial": "998877", "firmware": "5.16.0.1",
        "usb": "3.2", "depth.format": "64x48@30 z16",
    }.items()  # fmt: skip
    depth, infrared, color = camera.streams()
    assert (depth.unit_m, depth.registered_to) == (0.001, "infrared")  # infrared 1 has depth's eyes
    assert depth.clock == infrared.clock == color.clock == "realsense:SOFT0001"
    assert color.extrinsics.translation_m == pytest.approx((0.015, 0, 0), abs=1e-7)
    assert isinstance(camera, Adjustable)
    assert isinstance(camera, Findable)


@pytest.mark.parametrize("form", ["bgr8", "rgba8", "bgra8"])
def test_colour_in_another_order_becomes_rgb(form: str, opened: Opener) -> None:
    stream = SoftStream("color", form, width=80, height=60, module="RGB Camera")
    soft = SoftwareRealSense((stream,))
    camera = opened(soft)
    raw = image(stream, 3)
    wanted = raw[:, :, 2::-1] if form.startswith("b") else raw[:, :, :3]
    np.testing.assert_array_equal(pushed(soft, camera, 3)["color"].pixels, wanted)
    assert camera.options()["color.format"] == f"80x60@30 {form} converted to RGB"


@pytest.mark.parametrize(("form", "order"), [("yuyv", (0, 1, 2, 3)), ("uyvy", (1, 0, 3, 2))])
def test_colour_as_luminance_and_chroma_becomes_rgb(form: str, order: tuple[int, ...], opened: Opener) -> None:
    stream = SoftStream("color", form, width=80, height=60, module="RGB Camera")
    soft = SoftwareRealSense((stream,))
    camera = opened(soft)
    y, u, v = 150, 90, 190
    macropixel = np.array([y, u, y, v], np.uint8)[list(order)]
    pixels = np.tile(macropixel.reshape(1, 2, 2), (60, 40, 1))
    # ITU-R BT.601, studio range
    luma = 1.164 * (y - 16)
    wanted = [luma + 1.596 * (v - 128), luma - 0.813 * (v - 128) - 0.392 * (u - 128), luma + 2.017 * (u - 128)]
    got = pushed(soft, camera, 1, images={"color": pixels})["color"].pixels
    np.testing.assert_allclose(got.reshape(-1, 3), np.tile(wanted, (60 * 80, 1)), atol=1.5)


def test_infrared_of_16_bits_and_rows_with_padding_come_exact(opened: Opener) -> None:
    stream = SoftStream("infrared", "y16", 1)
    soft = SoftwareRealSense((stream,))
    camera = opened(soft)
    frame = pushed(soft, camera, 5, stride=256)["infrared"]
    assert frame.info.dtype == "uint16"
    np.testing.assert_array_equal(frame.pixels, image(stream, 5))


def test_a_change_of_the_depth_unit_ends_the_camera_with_the_first_frame_that_has_it(
    soft: SoftwareRealSense, opened: Opener
) -> None:
    camera = opened(soft)
    assert pushed(soft, camera, 1)["depth"].info.unit_m == 0.001
    with pytest.raises(CameraLostError, match=r"from 0\.001 to 0\.0001 m a count"):
        pushed(soft, camera, 2, unit_m=0.0001)


def test_a_frame_that_is_given_twice_is_flagged(soft: SoftwareRealSense, opened: Opener) -> None:
    camera = opened(soft)
    assert pushed(soft, camera, 1)["depth"].flags is FrameFlag.NONE
    assert pushed(soft, camera, 1)["depth"].flags is FrameFlag.STALE
    assert pushed(soft, camera, 2, time_ms=FIRST_MS + 1000 / 30)["depth"].flags is FrameFlag.NONE


def test_the_clock_goes_on_where_its_32_bits_end(soft: SoftwareRealSense, opened: Opener) -> None:
    camera = opened(soft)
    end_ms = 2**32 / 1000
    times = [pushed(soft, camera, n, time_ms=(end_ms - 50 + n * 33) % end_ms)["depth"].device_ns for n in range(1, 5)]
    assert np.diff(times) == pytest.approx([33e6] * 3, abs=2000)
    assert "begun anew 1 times" in camera.health().note


def test_without_metadata_the_camera_says_whose_times_these_are(soft: SoftwareRealSense, opened: Opener) -> None:
    camera = opened(soft)
    pushed(soft, camera, 1, domain="system_time")
    assert "the times are the computer's" in camera.health().note
    assert camera.options()["time"] == "computer"


def test_a_frame_without_the_cameras_time_gets_one_from_its_arrival(soft: SoftwareRealSense, opened: Opener) -> None:
    camera = opened(soft)
    first = pushed(soft, camera, 1)["depth"].device_ns
    odd = pushed(soft, camera, 2, domain="system_time", time_ms=time.time() * 1000)["depth"].device_ns
    assert 0 <= odd - first < 5e9
    assert "3 frames came without the camera's time" in camera.health().note


def test_what_the_camera_says_of_its_frames_is_told(soft: SoftwareRealSense, opened: Opener) -> None:
    camera = opened(soft)
    pushed(soft, camera, 1, metadata={"actual_exposure": 8123, "sensor_timestamp": 42})
    options = camera.options()
    assert (options["depth.actual_exposure"], options["depth.sensor_timestamp"]) == ("8123", "42")


def test_frames_that_nobody_reads_are_let_go_and_counted(soft: SoftwareRealSense, opened: Opener) -> None:
    camera = opened(soft)
    for number in range(1, 41):
        soft.push(number)
    frames = [camera.read(1.0) for _ in range(24)]
    with pytest.raises(CameraTimeoutError):
        camera.read(0.0)
    assert [f.number for f in frames] == [n for n in range(1, 9) for _ in range(3)]  # the oldest stay, in order
    assert sum(camera.health().dropped_by_us.values()) == 3 * 40 - 24


def test_pixels_are_copied_once_and_not_at_all_for_a_process_of_its_own(
    soft: SoftwareRealSense, opened: Opener
) -> None:
    camera = opened(soft)
    frame = pushed(soft, camera, 1)["depth"]
    assert _owner(frame) == "ours"
    for number in range(2, 100):
        pushed(soft, camera, number)
    np.testing.assert_array_equal(frame.pixels, image(DEPTH, 1))
    camera.close()
    borrowed = pushed(soft, opened(soft, borrow=True), 1)["depth"]
    assert _owner(borrowed) == "the SDK's"
    np.testing.assert_array_equal(borrowed.pixels, image(DEPTH, 1))


def _owner(frame: Frame) -> str:
    array = frame.pixels.base
    assert array is not None
    return "ours" if array.flags.owndata else "the SDK's"


def test_motion_samples_keep_their_own_times(opened: Opener) -> None:
    soft = SoftwareRealSense(imu=True)
    camera = opened(soft, "?imu=on")
    for n in range(3):
        soft.push_motion("accel", n, 100.0 + n, (0.1, -9.8, n))
        soft.push_motion("gyro", n, 100.5 + n, (0.01, 0.02, n))
    samples = camera.motion()
    assert [(s.kind, s.number, s.device_ns) for s in samples[:2]] == [
        ("accel", 0, 100_000_000),
        ("gyro", 0, 100_500_000),
    ]
    assert (samples[0].x, samples[0].y) == pytest.approx((0.1, -9.8))
    assert camera.motion() == []
    assert camera.options()["imu.gyro.samples"] == "3"
    assert [s.name for s in camera.streams()] == ["depth", "infrared", "color"]  # no stream of images


def test_motion_without_a_sensor_is_refused(soft: SoftwareRealSense) -> None:
    with pytest.raises(UnsupportedFeatureError, match="no motion sensor"):
        RealSenseCamera("?imu=on", lambda: soft.device).open()


def test_depth_on_colours_grid_is_what_the_sdks_own_alignment_gives(opened: Opener) -> None:
    soft = SoftwareRealSense((DEPTH, COLOR))
    plain = opened(soft)
    depth, color = plain.streams()
    plain.close()
    counts = np.full((48, 64), 1500, np.uint16)
    counts[10:20, 10:20] = 700
    aligner = SdkAligner(depth, color)
    wanted = aligner(counts)
    aligner.close()
    camera = opened(soft, "?align=color")
    frames = pushed(soft, camera, 4, images={"depth": counts})
    np.testing.assert_array_equal(frames["depth"].pixels, wanted)
    assert (frames["depth"].info.registered_to, frames["depth"].number) == ("color", 4)
    assert camera.streams()[0] == frames["depth"].info


def test_colour_waits_for_the_depth_of_its_own_time(opened: Opener) -> None:
    soft = SoftwareRealSense((DEPTH, COLOR))
    camera = opened(soft, "?align=depth")
    soft.push(1)
    soft.push(2, only=["color"])  # its depth was lost
    soft.push(3)
    frames = [camera.read(2.0) for _ in range(4)]
    assert sorted((f.stream, f.number) for f in frames) == [("color", 1), ("color", 3), ("depth", 1), ("depth", 3)]
    assert {f.info.registered_to for f in frames if f.stream == "color"} == {"depth"}
    assert camera.options()["align.unpaired"] == "1"


def test_the_test_streams_are_those_of_a_d435() -> None:
    assert [s.name for s in D435] == ["depth", "infrared1", "color"]
