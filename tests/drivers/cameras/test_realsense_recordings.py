"""Recordings of RealSense cameras play as cameras, by the real SDK: every frame, their pace, and their damage."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from drivers.camera import Camera
from drivers.cameras.realsense import RealSenseCamera
from drivers.errors import CameraLostError, CameraOpenError, EndOfStream, UnsupportedFeatureError, UnusableSourceError
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.realsense_cases import BAG, BY_NAME, FRAMES, read_all
from tests.drivers.cameras.software_realsense import DEPTH, FIRST_MS, image

pytest.importorskip(
    "pyrealsense2", reason="needs pyrealsense2 and libusb (apt install libusb-1.0-0)", exc_type=ImportError
)


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
