"""Webcams without V4L2 are read by PyAV: a picture that FFmpeg makes is the camera, the reader is the real one."""

from __future__ import annotations

import itertools
import sys
from types import SimpleNamespace

import pytest

from drivers.camera import Camera
from drivers.cameras import webcam
from drivers.cameras.webcam_av import AvWebcam
from drivers.errors import CameraLostError, CameraNotFoundError, CameraOpenError, SdkMissingError
from drivers.frame import StreamKind
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.fake_camera import wait_until

av = pytest.importorskip("av", reason="needs PyAV: pip install tapetum[video]")

PICTURE = "testsrc=size=64x48:rate=50"


class TestConformance(CameraConformance):
    def make(self) -> Camera:
        return AvWebcam(f"{PICTURE},realtime", device_format="lavfi")


def test_frames_have_the_cameras_times_and_form() -> None:
    camera = AvWebcam(f"{PICTURE},realtime", device_format="lavfi")
    camera.open()
    info = camera.streams()[0]
    assert (info.kind, info.width, info.height, info.fps) == (StreamKind.COLOR, 64, 48, 50.0)
    frames = [camera.read(5.0) for _ in range(5)]
    assert [f.number for f in frames] == [0, 1, 2, 3, 4]
    assert {b.device_ns - a.device_ns for a, b in itertools.pairwise(frames)} == {20_000_000}
    assert frames[0].pixels.max() > 200
    camera.close()


def read_on(camera: Camera) -> None:
    """Until it raises."""
    while True:
        camera.read(5.0)


def test_a_camera_that_ends_is_lost() -> None:
    camera = AvWebcam(f"{PICTURE}:duration=1,realtime", device_format="lavfi")
    camera.open()
    with pytest.raises(CameraLostError, match="unplugged"):
        read_on(camera)
    assert camera.health().frames["color"] > 0
    camera.close()


def test_a_reader_that_is_late_finds_the_oldest_and_the_rest_is_counted() -> None:
    camera = AvWebcam(f"{PICTURE},realtime", device_format="lavfi")
    camera.open()
    assert camera.read(5.0).number == 0
    wait_until(lambda: camera.health().dropped_by_us["color"] > 0, "more frames than wait for a reader")
    assert camera.read(5.0).number == 1
    camera.close()


def test_what_cannot_be_opened_says_what_to_try() -> None:
    with pytest.raises(CameraOpenError, match="leave size= out"):
        AvWebcam("nosuchfilter", device_format="lavfi").open()


def listing(*devices: tuple[str, str, str]) -> SimpleNamespace:
    kinds = [SimpleNamespace(name=n, description=d, media_types=[m]) for n, d, m in devices]
    return SimpleNamespace(enumerate_input_devices=lambda _: kinds)


def test_cameras_are_found_by_name_or_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    told = listing(
        ("@pnp_1", "HD Webcam", "video"), ("@mic", "Microphone", "audio"), ("@pnp_2", "Twin", "video"),
        ("@pnp_3", "Twin", "video"),
    )  # fmt: skip
    monkeypatch.setattr(av, "enumerate_input_devices", told.enumerate_input_devices)
    assert [c.source for c in AvWebcam.discover("dshow")] == ["webcam:HD Webcam", "webcam:1", "webcam:2"]
    places = {rest: AvWebcam(rest, "dshow")._place() for rest in ("", "HD Webcam", "2", "Twin")}
    assert places == {"": "video=@pnp_1", "HD Webcam": "video=@pnp_1", "2": "video=@pnp_3", "Twin": "video=@pnp_2"}
    with pytest.raises(CameraNotFoundError, match="0: HD Webcam, 1: Twin, 2: Twin"):
        AvWebcam("Other", "dshow")._place()


def test_a_name_serves_where_cameras_cannot_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(av, "enumerate_input_devices")
    assert AvWebcam.discover("dshow") == []
    assert AvWebcam("HD Webcam", "dshow")._place() == "video=HD Webcam"
    with pytest.raises(CameraNotFoundError, match="none at all"):
        AvWebcam("", "dshow")._place()


def test_where_there_is_no_v4l2_the_family_is_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webcam, "ON_LINUX", False)
    assert isinstance(webcam.WebcamCamera.from_source("0"), AvWebcam)
    assert webcam.WebcamCamera.why_unavailable() == ""
    monkeypatch.setattr(webcam.importlib.util, "find_spec", lambda _: None)
    assert "PyAV" in webcam.WebcamCamera.why_unavailable()
    with pytest.raises(SdkMissingError, match="PyAV"):
        AvWebcam("0", "lavfi").open()
    if sys.platform.startswith("linux"):
        monkeypatch.undo()
        with pytest.raises(CameraOpenError, match="cannot be read"):
            AvWebcam("0").open()
