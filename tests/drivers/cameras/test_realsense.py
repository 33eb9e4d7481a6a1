"""RealSense cameras, by the real SDK: a software device whose frames the test pushes, and recordings it made."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from drivers.camera import Adjustable, Camera, CameraState, Findable
from drivers.cameras.realsense import RealSenseCamera
from drivers.errors import (
    CameraBusyError,
    CameraLostError,
    CameraNotFoundError,
    CameraOpenError,
    CameraTimeoutError,
    EndOfStream,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.frame import Frame, FrameFlag
from drivers.host_clock import now_ns
from drivers.isolate import IsolatedCamera
from drivers.patience import Patience
from drivers.supervisor import Supervisor
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.software_realsense import (
    COLOR,
    D435,
    DEPTH,
    FIRST_MS,
    INFRARED,
    SdkAligner,
    SoftStream,
    SoftwareRealSense,
    image,
    record,
)
from tests.drivers.fake_camera import wait_until

pytest.importorskip(
    "pyrealsense2", reason="needs pyrealsense2 and libusb (apt install libusb-1.0-0)", exc_type=ImportError
)

BAG = Path(__file__).parents[2] / "data" / "realsense_d435.bag"
BY_NAME = {"depth": DEPTH, "infrared": INFRARED, "color": COLOR}
FRAMES = 30


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty frames of depth, infrared and colour in a quarter of a second, with motion samples."""
    path = tmp_path_factory.mktemp("realsense") / "d435.db3"
    record(path, FRAMES, SoftwareRealSense(imu=True), fps=120)
    return path


@pytest.fixture
def soft() -> SoftwareRealSense:
    return SoftwareRealSense()


@pytest.fixture
def opened() -> Iterator[Any]:
    """Opens a camera on a software device; closes it in the end."""
    with ExitStack() as ending:

        def open_it(device: SoftwareRealSense, rest: str = "", **more: Any) -> RealSenseCamera:
            camera = RealSenseCamera(rest, lambda: device.device, **more)
            ending.callback(camera.close)
            camera.open()
            return camera

        yield open_it


def pushed(soft: SoftwareRealSense, camera: Camera, number: int, **words: Any) -> dict[str, Frame]:
    """Push one frame of every stream and read them."""
    soft.push(number, **words)
    frames = [camera.read(2.0) for _ in range(len(words.get("only") or camera.streams()))]
    return {frame.stream: frame for frame in frames}


class TestSoftwareDevice(CameraConformance):
    @pytest.fixture(autouse=True)
    def device(self, soft: SoftwareRealSense) -> Iterator[None]:
        self.soft = soft
        with soft.streaming(200):
            yield

    def make(self) -> Camera:
        return RealSenseCamera("", lambda: self.soft.device)


class TestRecordingInRealTime(CameraConformance):
    ends = True
    query = ""

    @pytest.fixture(autouse=True)
    def file(self, recording: Path) -> None:
        self.path = recording

    def make(self) -> Camera:
        return RealSenseCamera(f"{self.path}{self.query}")


class TestRecordingAsFastAsRead(TestRecordingInRealTime):
    query = "?speed=max"


class TestRecordingInAProcessOfItsOwn(TestRecordingInRealTime):
    query = "?speed=max"

    def make(self) -> Camera:
        return RealSenseCamera.from_source(f"{self.path}{self.query}")


# -- a camera ----------------------------------------------------------------------------------------------------------


def test_frames_come_pixel_for_pixel_with_the_cameras_own_numbers_and_times(
    soft: SoftwareRealSense, opened: Any
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


def test_a_camera_says_what_it_is_and_how_its_streams_stand(opened: Any) -> None:
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
def test_colour_in_another_order_becomes_rgb(form: str, opened: Any) -> None:
    stream = SoftStream("color", form, width=80, height=60, module="RGB Camera")
    soft = SoftwareRealSense((stream,))
    camera = opened(soft)
    raw = image(stream, 3)
    wanted = raw[:, :, 2::-1] if form.startswith("b") else raw[:, :, :3]
    np.testing.assert_array_equal(pushed(soft, camera, 3)["color"].pixels, wanted)
    assert camera.options()["color.format"] == f"80x60@30 {form} converted to RGB"


@pytest.mark.parametrize(("form", "order"), [("yuyv", (0, 1, 2, 3)), ("uyvy", (1, 0, 3, 2))])
def test_colour_as_luminance_and_chroma_becomes_rgb(form: str, order: tuple[int, ...], opened: Any) -> None:
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


def test_infrared_of_16_bits_and_rows_with_padding_come_exact(opened: Any) -> None:
    stream = SoftStream("infrared", "y16", 1)
    soft = SoftwareRealSense((stream,))
    camera = opened(soft)
    frame = pushed(soft, camera, 5, stride=256)["infrared"]
    assert frame.info.dtype == "uint16"
    np.testing.assert_array_equal(frame.pixels, image(stream, 5))


def test_a_change_of_the_depth_unit_ends_the_camera_with_the_first_frame_that_has_it(
    soft: SoftwareRealSense, opened: Any
) -> None:
    camera = opened(soft)
    assert pushed(soft, camera, 1)["depth"].info.unit_m == 0.001
    with pytest.raises(CameraLostError, match=r"from 0\.001 to 0\.0001 m a count"):
        pushed(soft, camera, 2, unit_m=0.0001)


def test_a_frame_that_is_given_twice_is_flagged(soft: SoftwareRealSense, opened: Any) -> None:
    camera = opened(soft)
    assert pushed(soft, camera, 1)["depth"].flags is FrameFlag.NONE
    assert pushed(soft, camera, 1)["depth"].flags is FrameFlag.STALE
    assert pushed(soft, camera, 2, time_ms=FIRST_MS + 1000 / 30)["depth"].flags is FrameFlag.NONE


def test_the_clock_goes_on_where_its_32_bits_end(soft: SoftwareRealSense, opened: Any) -> None:
    camera = opened(soft)
    end_ms = 2**32 / 1000
    times = [pushed(soft, camera, n, time_ms=(end_ms - 50 + n * 33) % end_ms)["depth"].device_ns for n in range(1, 5)]
    assert np.diff(times) == pytest.approx([33e6] * 3, abs=2000)
    assert "begun anew 1 times" in camera.health().note


def test_without_metadata_the_camera_says_whose_times_these_are(soft: SoftwareRealSense, opened: Any) -> None:
    camera = opened(soft)
    pushed(soft, camera, 1, domain="system_time")
    assert "the times are the computer's" in camera.health().note
    assert camera.options()["time"] == "computer"


def test_a_frame_without_the_cameras_time_gets_one_from_its_arrival(soft: SoftwareRealSense, opened: Any) -> None:
    camera = opened(soft)
    first = pushed(soft, camera, 1)["depth"].device_ns
    odd = pushed(soft, camera, 2, domain="system_time", time_ms=time.time() * 1000)["depth"].device_ns
    assert 0 <= odd - first < 5e9
    assert "3 frames came without the camera's time" in camera.health().note


def test_what_the_camera_says_of_its_frames_is_told(soft: SoftwareRealSense, opened: Any) -> None:
    camera = opened(soft)
    pushed(soft, camera, 1, metadata={"actual_exposure": 8123, "sensor_timestamp": 42})
    options = camera.options()
    assert (options["depth.actual_exposure"], options["depth.sensor_timestamp"]) == ("8123", "42")


def test_frames_that_nobody_reads_are_let_go_and_counted(soft: SoftwareRealSense, opened: Any) -> None:
    camera = opened(soft)
    for number in range(1, 41):
        soft.push(number)
    frames = [camera.read(1.0) for _ in range(24)]
    with pytest.raises(CameraTimeoutError):
        camera.read(0.0)
    assert [f.number for f in frames] == [n for n in range(1, 9) for _ in range(3)]  # the oldest stay, in order
    assert sum(camera.health().dropped_by_us.values()) == 3 * 40 - 24


def test_pixels_are_copied_once_and_not_at_all_for_a_process_of_its_own(soft: SoftwareRealSense, opened: Any) -> None:
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


def test_motion_samples_keep_their_own_times(opened: Any) -> None:
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


# -- what goes wrong ---------------------------------------------------------------------------------------------------


def test_a_camera_that_stops_sending_is_slow_first_and_lost_then_and_can_be_opened_again(
    soft: SoftwareRealSense, opened: Any
) -> None:
    camera = opened(soft, "?lost_after_s=0.5")
    pushed(soft, camera, 1)
    with pytest.raises(CameraTimeoutError):
        camera.read(0.2)
    assert camera.health().state is CameraState.STREAMING
    with pytest.raises(CameraLostError, match=r"no frame for 0\.\d s; it is taken as lost"):
        camera.read(5.0)
    assert camera.health().state is CameraState.GONE
    camera.open()
    assert pushed(soft, camera, 2)["depth"].number == 2


def test_each_opening_makes_the_device_anew() -> None:
    made: list[SoftwareRealSense] = []

    def device() -> Any:
        made.append(SoftwareRealSense())
        return made[-1].device

    camera = RealSenseCamera("", device)
    for number in (1, 2, 3):
        camera.open()
        made[-1].push(number)
        assert camera.read(2.0).number == number
    camera.close()
    assert len(made) == 3


def test_a_camera_whose_removal_the_sdk_reports_is_lost_at_once(soft: SoftwareRealSense, opened: Any) -> None:
    camera = opened(soft)
    soft.push(1, only=["depth"])
    # A software device raises no such event, so it is made by hand.
    camera._connection._devices_changed(SimpleNamespace(was_removed=lambda device: device is soft.device))
    assert camera.read(1.0).number == 1  # what came before it
    with pytest.raises(CameraLostError, match="was unplugged"):
        camera.read(1.0)


def test_a_silent_camera_that_the_sdk_calls_disconnected_is_lost_before_its_time(
    soft: SoftwareRealSense, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = opened(soft, "?lost_after_s=3600")
    pushed(soft, camera, 1)
    # A software device calls itself connected for ever.
    monkeypatch.setattr(camera._connection, "is_connected", lambda: False)
    with pytest.raises(CameraLostError, match="was unplugged"):
        camera.read(10.0)


@pytest.mark.parametrize(("query", "is_on", "clock"), [("", 0.0, "realsense:SOFT0001"), ("?time=global", 1.0, "host")])
def test_the_time_is_the_cameras_own_unless_it_is_asked_for(
    query: str, is_on: float, clock: str, soft: SoftwareRealSense, opened: Any
) -> None:
    rs = soft.rs
    limits = rs.option_range()
    limits.min, limits.max, limits.step, limits.default = 0, 1, 1, 1 - is_on
    for module in soft.modules.values():
        module.add_option(rs.option.global_time_enabled, limits, True)
    camera = opened(soft, query)
    assert [m.get_option(rs.option.global_time_enabled) for m in soft.modules.values()] == [is_on, is_on]
    assert {s.clock for s in camera.streams()} == {clock}


def test_a_new_camera_may_take_its_time_for_the_first_frame(soft: SoftwareRealSense, opened: Any) -> None:
    camera = opened(soft)
    assert camera.health().pause_s > 1.0
    pushed(soft, camera, 1)
    assert camera.health().pause_s == 0.0


def test_a_camera_in_use_says_so(soft: SoftwareRealSense, opened: Any) -> None:
    opened(soft)
    with pytest.raises(CameraBusyError, match="in use"):
        RealSenseCamera("", lambda: soft.device).open()


def test_no_camera_at_all_is_told() -> None:
    with pytest.raises(CameraNotFoundError, match="no RealSense camera with the serial number 123 here"):
        RealSenseCamera("123").open()


def test_opening_and_closing_leaves_nothing_behind(soft: SoftwareRealSense, recording: Path) -> None:
    def residents() -> tuple[int, int]:
        return len(list(Path("/proc/self/task").iterdir())), len(list(Path("/proc/self/fd").iterdir()))

    counts = []
    for at in range(12):
        for camera in (RealSenseCamera("", lambda: soft.device), RealSenseCamera(f"{recording}")):
            camera.open()
            soft.push(at + 1)
            camera.read(2.0)
            camera.close()
        counts.append(residents())
    assert counts[-1] == counts[2], counts
    assert not [t for t in threading.enumerate() if t is not threading.main_thread()]


# -- recordings --------------------------------------------------------------------------------------------------------


def read_all(camera: Camera) -> list[Frame]:
    frames = []
    try:
        while True:
            frames.append(camera.read(5.0))
    except EndOfStream:
        return frames


@pytest.mark.parametrize("isolated", [False, True])
def test_a_recording_gives_every_frame_once_and_exact_however_slow_the_reader(recording: Path, isolated: bool) -> None:
    rest = f"{recording}?speed=max"
    camera = RealSenseCamera.from_source(rest) if isolated else RealSenseCamera(rest)
    camera.open()
    frames = [camera.read(5.0)]
    time.sleep(0.3)  # by then all of it would have been played
    frames += read_all(camera)
    assert Counter(f.stream for f in frames) == dict.fromkeys(BY_NAME, FRAMES)
    for name, stream in BY_NAME.items():
        mine = [f for f in frames if f.stream == name]
        assert [f.number for f in mine] == list(range(1, FRAMES + 1))
        for frame in mine:  # all are still held: the SDK's buffers are not
            np.testing.assert_array_equal(frame.pixels, image(stream, frame.number))
            assert frame.device_ns == round((FIRST_MS + frame.number * 1000 / 30) * 1e6)
    assert camera.health().dropped == dict.fromkeys(BY_NAME, 0)
    camera.close()


def test_a_recording_that_waits_for_its_reader_can_be_closed_at_once(recording: Path) -> None:
    camera = RealSenseCamera(f"{recording}?speed=max")
    camera.open()
    camera.read(5.0)
    time.sleep(0.2)  # it waits in the SDK's thread by now
    began = time.monotonic()
    camera.close()
    assert time.monotonic() - began < 3  # the SDK itself gives up after ten


def test_a_recording_plays_in_real_time_unless_it_is_told_otherwise(recording: Path) -> None:
    camera = RealSenseCamera(f"{recording}")
    camera.open()
    began = time.monotonic()
    frames = read_all(camera)
    assert time.monotonic() - began > 0.15  # thirty frames at 120 a second
    assert len(frames) > FRAMES
    assert camera.is_recorded
    camera.close()


def test_a_recording_that_fills_up_while_it_starts_does_not_hang(recording: Path) -> None:
    """The SDK comes back from "resume" when a callback has ended, and callbacks wait for the reader, who resumes."""
    camera = RealSenseCamera(f"{recording}?speed=max")
    camera.open()
    connection = camera._connection
    assert connection is not None
    playback = connection._playback

    def resume() -> None:
        playback.resume()
        time.sleep(0.3)  # all of it has come by now
        playback.pause()
        playback.resume()

    connection._playback = SimpleNamespace(resume=resume)
    began = time.monotonic()
    assert len(read_all(camera)) == 3 * FRAMES
    assert time.monotonic() - began < 8  # the SDK itself gives up after ten
    camera.close()


def test_a_recording_can_begin_anew_and_its_numbers_and_times_go_on(recording: Path) -> None:
    camera = RealSenseCamera(f"{recording}?speed=max&loop=on&streams=depth")
    camera.open()
    frames = [camera.read(5.0) for _ in range(3 * FRAMES)]
    camera.close()
    assert [f.number for f in frames] == list(range(1, 3 * FRAMES + 1))
    assert np.diff([f.device_ns for f in frames]) == pytest.approx([1e9 / 30] * (3 * FRAMES - 1), abs=2)
    np.testing.assert_array_equal(frames[FRAMES].pixels, image(DEPTH, 1))


def test_an_old_bag_plays_too() -> None:
    camera = RealSenseCamera(f"{BAG}?speed=max")
    camera.open()
    frames = read_all(camera)
    assert Counter(f.stream for f in frames) == {"depth": 4, "infrared": 4, "color": 4}
    camera.close()


def test_a_recording_has_its_motion_samples_and_its_settings(recording: Path) -> None:
    camera = RealSenseCamera(f"{recording}?speed=max&imu=on")
    camera.open()
    read_all(camera)
    motion = camera.motion()
    assert Counter(s.kind for s in motion) == {"accel": FRAMES, "gyro": FRAMES}
    assert motion[0].y == pytest.approx(-9.81)
    assert {"exposure_us": "8500", "auto_exposure": "on", "emitter": "on", "laser_mw": "150"}.items() <= (
        camera.options().items()
    )
    with pytest.raises(UnsupportedFeatureError, match="can be read, but not set"):
        camera.set_control("exposure_us", "100")
    camera.close()


def test_a_recordings_presence_is_that_of_its_file(recording: Path, tmp_path: Path) -> None:
    assert RealSenseCamera(f"{recording}").is_present() is True
    assert RealSenseCamera(f"{tmp_path}/gone.db3").is_present() is False
    assert RealSenseCamera.from_source(f"{recording}").is_present() is True  # type: ignore[attr-defined]  # Findable


@pytest.mark.parametrize("query", ["?speed=max", ""])
def test_a_damaged_image_ends_the_sdks_playback_and_that_is_told(query: str, recording: Path, tmp_path: Path) -> None:
    data = bytearray(recording.read_bytes())
    at = data.index(b"\x89PNG", len(data) // 2)
    data[at : at + 64] = bytes(64)
    path = tmp_path / "damaged.db3"
    path.write_bytes(data)
    camera = RealSenseCamera(f"{path}{query}")
    camera.open()
    try:
        frames = 0
        with pytest.raises(EndOfStream, match=r"left out \d+ frames of depth.*the recording is damaged"):  # noqa: PT012 - until its end
            while True:
                frames += camera.read(5.0) is not None
        health = camera.health()
        assert frames < 3 * FRAMES
        assert frames + sum(health.dropped.values()) == pytest.approx(3 * FRAMES, abs=0 if query else 9)
        assert "the recording is damaged" in health.note
    finally:
        camera.close()
    camera.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_recording_ends_in_words_and_never_in_a_hang(seed: int, recording: Path, tmp_path: Path) -> None:
    source = BAG if seed % 2 else recording
    data = bytearray(source.read_bytes())
    random = np.random.default_rng(seed)
    for at in random.integers(200, len(data), 10 ** (1 + seed // 4)):
        data[at] = random.integers(256)
    path = tmp_path / f"damaged{source.suffix}"
    path.write_bytes(data)
    camera = RealSenseCamera.from_source(f"{path}?speed=max")
    with suppress(UnusableSourceError, CameraOpenError, CameraLostError):
        camera.open()
        assert len(read_all(camera)) <= 3 * FRAMES
    camera.close()


# -- the SDK's alignment -----------------------------------------------------------------------------------------------


def test_depth_on_colours_grid_is_what_the_sdks_own_alignment_gives(opened: Any) -> None:
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


def test_colour_waits_for_the_depth_of_its_own_time(opened: Any) -> None:
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


# -- under supervision -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_supervised_it_streams_again_after_every_silence_and_leaves_nothing_behind() -> None:
    """Unplugged and plugged in, as far as software can: the device goes silent, and is made anew when it is back."""
    there = threading.Event()
    there.set()
    made: list[SoftwareRealSense] = []

    def device() -> Any:
        if not there.is_set():
            raise CameraNotFoundError("nothing is plugged in")
        made[:] = [SoftwareRealSense()]
        return made[0].device

    def push(number: int) -> None:
        if there.is_set() and made:
            made[0].push(number)

    frames: list[Frame] = []
    patience = Patience(stall_s=0.2, reopen_s=0.3, back_off_s=0.05, back_off_limit_s=0.1)
    camera = RealSenseCamera("", device)
    watched = Supervisor(camera, [lambda frame: frames.append(frame)], patience=patience)
    residents: list[int] = []
    clock = SoftwareRealSense()
    watched.start()
    with clock.streaming(100, push=push):
        for _ in range(12):
            wait_until(lambda: len(frames) > 9, "frames")
            residents.append(len(list(Path("/proc/self/task").iterdir())))
            there.clear()
            wait_until(lambda: watched.status().state in (CameraState.WAITING, CameraState.GONE), "the loss")
            frames.clear()
            there.set()
    assert watched.stop(5.0)
    assert watched.status().reopened >= 11
    assert residents[-1] == residents[1], residents


def test_a_crash_of_the_sdk_takes_only_its_own_process(recording: Path) -> None:
    camera = RealSenseCamera.from_source(f"{recording}?loop=on")
    assert isinstance(camera, IsolatedCamera)
    camera.open()
    camera.read(5.0)
    assert camera.pid is not None
    os.kill(camera.pid, signal.SIGSEGV)
    with pytest.raises(CameraLostError, match="SIGSEGV"):
        read_all(camera)
    began = time.monotonic()
    camera.open()
    camera.read(5.0)
    assert time.monotonic() - began < 5
    camera.close()
