"""Words of a ``realsense:`` source, errors of the SDK for people, recordings that are none."""

from __future__ import annotations

import builtins
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from drivers.cameras.realsense import RealSenseCamera
from drivers.cameras.realsense_files import check_recording, image_counts
from drivers.cameras.realsense_words import RULES, Asked, explained, sdk
from drivers.errors import (
    CameraBusyError,
    CameraNotFoundError,
    CameraOpenError,
    CameraPermissionError,
    SdkMissingError,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.source_words import StreamSize

BAG = Path(__file__).parents[2] / "data" / "realsense_d435.bag"


def test_a_source_names_a_camera_or_a_recording() -> None:
    assert (Asked.parse("").serial, Asked.parse("").path) == ("", None)
    assert Asked.parse("0123456789").serial == "0123456789"
    assert Asked.parse("night/a.db3").path == Path("night/a.db3")
    assert Asked.parse("a.BAG").path == Path("a.BAG")
    assert Asked.parse("~/a").path == Path.home() / "a"


def test_what_a_source_asks_for() -> None:
    asked = Asked.parse("?depth=640x480@30&color=off&infrared2=on&time=global&imu=on&gain=16&preset=hand&isolate=off")
    assert asked.sizes["depth"] == StreamSize(640, 480, 30)
    assert "infrared2" in asked.sizes
    assert asked.off == {"color"}
    assert (asked.global_time, asked.imu, asked.isolate) == (True, True, False)
    assert list(asked.settings) == ["preset", "gain"]  # a preset changes the others, so it comes first
    played = Asked.parse("a.db3?speed=max&loop=on")
    assert (played.fastest, played.loop) == (True, True)


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("?depth=big", "a size such as 640x480"),
        ("?streams=depth,touch", "some of depth, infrared"),
        ("?streams=depth&color=640x480", "color is asked for, but streams= leaves it out"),
        ("?streams=depth&depth=off", "depth is asked for and is off"),
        ("?speed=max", "speed is for recordings"),
        ("a.db3?laser=off", "laser cannot be set on a recording"),
        ("a.db3?time=global", "time cannot be set on a recording"),
        ("?colour=on", "no option 'colour'; it knows"),
        ("my camera", "neither a serial number nor a recording"),
        ("?align=thermal", "one of color, depth, off"),
    ],
)
def test_words_that_make_no_sense_are_refused_before_anything_is_opened(rest: str, words: str) -> None:
    with pytest.raises(UnsupportedFeatureError, match=words):
        RealSenseCamera.from_source(rest)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("xioctl(VIDIOC_S_FMT) failed, errno=16 Last Error: Device or resource busy", CameraBusyError),
        ("failed to claim usb interface: 0, error: RS2_USB_STATUS_BUSY", CameraBusyError),
        ("failed to open usb interface: 0, error: RS2_USB_STATUS_ACCESS", CameraPermissionError),
        ("Cannot open '/dev/video2 Last Error: Permission denied", CameraPermissionError),
        ("No device connected", CameraNotFoundError),
        ("xioctl(VIDIOC_QBUF) failed, errno=19 Last Error: No such device", CameraNotFoundError),
        ("Couldn't resolve requests", UnsupportedFeatureError),
        ("failed to set power state", CameraOpenError),
        ("hwmon command 0x10 failed", CameraOpenError),
    ],
)
def test_the_sdks_errors_become_what_they_mean(text: str, kind: type[Exception]) -> None:
    error = explained(RuntimeError(text), "realsense:123", "starting it")
    assert type(error) is kind
    assert text in str(error)
    assert "realsense:123" in str(error)
    if kind is CameraPermissionError:
        assert RULES in str(error)


def test_without_the_sdk_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrealsense2", None)
    with pytest.raises(SdkMissingError, match=r'pip install "tapetum\[realsense\]".*apt install libusb-1\.0-0'):
        RealSenseCamera("").open()


def test_without_libusb_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: Any, **words: Any) -> Any:
        if name == "pyrealsense2":
            raise ImportError("libusb-1.0.so.0: cannot open shared object file: No such file or directory")
        return real(name, *more, **words)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SdkMissingError, match=r"libusb-1\.0\.so\.0: cannot open"):
        sdk()


def test_an_sdk_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    old = type(sys)("pyrealsense2")
    old.__version__ = "2.55.1"  # type: ignore[attr-defined]  # a module made for this test
    monkeypatch.setitem(sys.modules, "pyrealsense2", old)
    with pytest.raises(SdkMissingError, match=r"2\.58 or newer.*found 2\.55\.1"):
        sdk()


def test_a_whole_recording_passes() -> None:
    check_recording(BAG)
    assert image_counts(BAG) == {}  # only the newer format says it quickly


def test_no_recording_is_told_by_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(UnusableSourceError, match="No such file"):
        check_recording(tmp_path / "none.db3")
    for content, words in ((b"", "is empty"), (b"\x89PNG", r"neither a \.db3")):
        (tmp_path / "other.db3").write_bytes(content)
        with pytest.raises(UnusableSourceError, match=words):
            check_recording(tmp_path / "other.db3")


def test_a_recording_that_is_cut_off_is_told_before_the_sdk_sees_it(tmp_path: Path) -> None:
    (tmp_path / "torn.bag").write_bytes(BAG.read_bytes()[:30000])
    with pytest.raises(UnusableSourceError, match="cut off"):
        check_recording(tmp_path / "torn.bag")
    whole = _database(tmp_path / "a.db3", "/device_0/sensor_0/Depth_0/image/data")
    check_recording(whole)
    assert image_counts(whole) == {"depth_0": 2}
    data = whole.read_bytes()
    whole.write_bytes(data[: len(data) - 1])
    with pytest.raises(UnusableSourceError, match=f"cut off: it has {len(data) - 1} of {len(data)} bytes"):
        check_recording(whole)


def test_another_database_or_recording_is_told(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "b.db3") as base:
        base.execute("CREATE TABLE people (name)")
    base.close()
    with pytest.raises(UnusableSourceError, match="no recording: its tables are people"):
        check_recording(tmp_path / "b.db3")
    with pytest.raises(UnusableSourceError, match="has no RealSense streams"):
        check_recording(_database(tmp_path / "c.db3", "/camera/image"))


def _database(path: Path, topic: str) -> Path:
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT)")
        base.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, topic_id INTEGER, timestamp INTEGER, data BLOB)")
        base.execute("INSERT INTO topics VALUES (1, ?)", (topic,))
        base.executemany("INSERT INTO messages (topic_id, timestamp, data) VALUES (1, ?, ?)", [(1, b"x"), (2, b"y")])
    base.close()
    return path
