"""What is wrong with a file that plays as a camera is said; one that vanishes is lost, and found again."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.camera import Camera, CameraState, Findable
from drivers.errors import (
    CameraError,
    CameraLostError,
    CameraNotFoundError,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.frame import Frame, FrameFlag
from drivers.supervisor import Patience, Supervisor
from recordings.file_camera import FileCamera
from tests.drivers.fake_camera import wait_until
from tests.recordings import rgbd_cases as rgbd_files
from tests.recordings.file_cases import (
    COUNT,
    Make,
    Opener,
    a_tiff,
    a_video,
    colour_and_depth,
    one_picture,
    opener,
    radiometric_pictures,
    to_the_end,
)


@pytest.fixture
def opened() -> Iterator[Opener]:
    with opener() as open_one:
        yield open_one


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("", "file:PATH"),
        ("a.mp4?speed=0", "max, or a number"),
        ("a.mp4?speed=fast", "max, or a number"),
        ("a.mp4?loop=maybe", "on or off"),
        ("a.mp4?as=vhs", "flir-seq"),
        ("a.mp4?colour=1", "no option 'colour'"),
        ("a.mp4?hold=-1", "0 to 1000"),
        ("a.mp4?loop=1&hold=9", "choose one"),
        ("a.mp4?fps=many", "a number"),
    ],
)
def test_wrong_words_are_refused_before_a_file_is_touched(rest: str, words: str):
    with pytest.raises(UnsupportedFeatureError, match=words):
        FileCamera.from_source(rest)


def torn_video(folder: Path) -> Path:
    path = a_video(folder)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def foreign(folder: Path) -> Path:
    (folder / "notes.txt").write_text("nothing to see")
    return folder / "notes.txt"


def empty_folder(folder: Path) -> Path:
    (folder / "nothing").mkdir()
    return folder / "nothing"


def a_session(folder: Path) -> Path:
    (folder / "a.mcap").write_bytes(b"\x89MCAP0\r\n" + bytes(100))
    return folder / "a.mcap"


@pytest.mark.parametrize(
    ("make", "query", "words"),
    [
        (foreign, "", ("flir-seq: is no FLIR sequence", "tiff: is no TIFF", "biwi: is no folder", "video:", "rgbd:")),
        (empty_folder, "", ("empty", "rgbd: ", "flir-jpeg: the folder holds no")),
        (torn_video, "", ("truncated", "damaged=keep")),
        (a_session, "", ("MCAP", "virtual:")),
        (a_tiff, "?as=flir-seq", ("no FLIR sequence",)),
        (a_video, "?emissivity=0.9", ("takes no emissivity", "it takes")),
        (a_tiff, "?fps=0", ("fps must be a positive number",)),
    ],
    ids=lambda v: getattr(v, "__name__", None),
)
def test_what_cannot_be_played_says_why(tmp_path: Path, make: Make, query: str, words: tuple[str, ...]):
    camera = FileCamera(f"{make(tmp_path)}{query}")
    with pytest.raises(UnusableSourceError) as caught:
        camera.open()
    for word in words:
        assert word in str(caught.value)
    assert not re.search(r"--\w", str(caught.value)), "the words of a source, not of a command"
    assert camera.health().state is CameraState.CLOSED
    camera.close()


def test_a_path_that_is_none_is_said():
    with pytest.raises(UnusableSourceError, match="no file or folder"):
        FileCamera("/nowhere/at/all.mp4").open()
    assert FileCamera("/nowhere/at/all.mp4").is_present() is False


def test_damage_in_the_middle_loses_the_camera_and_is_not_played_again(tmp_path: Path, opened: Opener):
    folder = colour_and_depth(tmp_path)
    (folder / "006_depth.png").write_bytes((folder / "006_depth.png").read_bytes()[:-20])
    camera = FileCamera(f"{folder}?speed=max")
    camera.open()
    with pytest.raises(CameraLostError, match=r"006_depth\.png"):
        drain(camera)
    assert camera.health().state is CameraState.GONE
    with pytest.raises(UnusableSourceError, match=r"006_depth\.png"):
        camera.open()
    rgbd_files.write_image(folder / "006_depth.png", rgbd_files.depth_image(6))
    os.utime(folder)
    camera.open()
    assert len(to_the_end(camera)) == 2 * COUNT
    camera.close()


def drain(camera: Camera) -> None:
    while True:
        camera.read(10.0)


def test_a_file_that_vanishes_is_lost_and_found_again(tmp_path: Path):
    path = one_picture(tmp_path)
    camera = FileCamera(f"{path}?hold=60")
    assert isinstance(camera, Findable)
    camera.open()
    camera.read(5.0)
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(CameraLostError, match="vanished"):
        drain(camera)
    assert camera.is_present() is False
    camera.close()
    with pytest.raises(CameraNotFoundError, match="not there any more"):
        camera.open()
    (tmp_path / "elsewhere").rename(path)
    assert camera.is_present() is True
    camera.open()
    assert FrameFlag.STALE not in camera.read(5.0).flags
    camera.close()


def test_under_supervision_a_folder_that_vanishes_comes_back(tmp_path: Path):
    folder = radiometric_pictures(tmp_path)
    frames: list[Frame] = []
    states: list[CameraState] = []
    supervisor = Supervisor(
        FileCamera(f"{folder}?loop=1&fps=200"),
        [frames.append],
        lambda state, _: states.append(state),
        Patience(read_s=0.05, back_off_s=0.05, back_off_limit_s=0.2, presence_s=0.05),
    )
    supervisor.start()
    try:
        wait_until(lambda: len(frames) > 3, "the first frames")
        folder.rename(tmp_path / "away")
        wait_until(lambda: CameraState.GONE in states, "the loss to be noticed")
        (tmp_path / "away").rename(folder)
        seen = len(frames)
        wait_until(lambda: len(frames) > seen + 3, "frames after the return")
    finally:
        assert supervisor.stop(10.0)


def test_no_thread_outlives_a_camera_that_is_closed_in_the_middle(tmp_path: Path):
    before = set(threading.enumerate())
    camera = FileCamera(str(a_video(tmp_path)))
    camera.open()
    camera.read(5.0)
    assert {t.name for t in set(threading.enumerate()) - before} == {"file a.mp4"}
    camera.close()
    assert set(threading.enumerate()) <= before
    with pytest.raises(CameraError):
        camera.read(0.1)
