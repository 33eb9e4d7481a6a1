"""A file plays as a live camera: the frames that an import would store, at their pace; what is wrong is said."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.camera import Camera, CameraState, Findable
from drivers.errors import (
    CameraError,
    CameraLostError,
    CameraNotFoundError,
    EndOfStream,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.frame import Frame, FrameFlag, StreamKind
from drivers.supervisor import Patience, Supervisor
from recordings.file_camera import FileCamera
from recordings.importers.protocol import ImportOptions
from recordings.importers.registry import importer_for, importers
from recordings.reader import SessionReader
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.fake_camera import wait_until
from tests.recordings import flir_files
from tests.recordings import test_import_rgbd as rgbd_files
from tests.recordings import test_import_tiff as tiff_files
from tests.recordings import test_import_video as video_files

COUNT = 12

Make = Callable[[Path], Path]


def a_video(folder: Path) -> Path:
    return video_files.write(folder / "a.mp4", ("libx264", "yuv420p", video_files.color(COUNT)), rate=50)


def motion_jpeg(folder: Path) -> Path:
    return video_files.write(folder / "a.avi", ("mjpeg", "yuvj420p", video_files.color(COUNT)), rate=50)


def a_matroska(folder: Path) -> Path:
    return video_files.write(
        folder / "a.mkv", ("ffv1", "gray", [v[:, :, 0] for v in video_files.color(COUNT)]), rate=50
    )


def a_sequence(folder: Path) -> Path:
    path = folder / "a.seq"
    path.write_bytes(b"".join(flir_files.frame(n, counter=n, status=0) for n in range(COUNT)))
    return path


def a_csq(folder: Path) -> Path:
    path = folder / "a.csq"
    path.write_bytes(b"".join(flir_files.frame(n, "jpeg-ls", counter=n) for n in range(COUNT)))
    return path


def radiometric_pictures(folder: Path) -> Path:
    for n in range(COUNT):
        flir_files.write_picture(folder / "shots" / f"{n:03d}.jpg", n, visual=flir_files.visual_jpeg(n))
    return folder / "shots"


def a_tiff(folder: Path) -> Path:
    return tiff_files.write(folder / "a.tiff", *(tiff_files.counts(n) for n in range(COUNT)))


def colour_and_depth(folder: Path) -> Path:
    out = folder / "person"
    for n in range(COUNT):
        rgbd_files.write_image(out / f"{n:03d}.jpg", rgbd_files.color_image(n))
        rgbd_files.write_image(out / f"{n:03d}_depth.png", rgbd_files.depth_image(n))
    rgbd_files.write_camera(out / "000_camera.xml")
    for n in range(1, COUNT):
        shutil.copy(out / "000_camera.xml", out / f"{n:03d}_camera.xml")
    return out


def one_picture(folder: Path) -> Path:
    return flir_files.write_picture(folder / "one.jpg", visual=flir_files.visual_jpeg())


EVERY: list[Make] = [
    a_video,
    motion_jpeg,
    a_matroska,
    a_sequence,
    a_csq,
    radiometric_pictures,
    a_tiff,
    colour_and_depth,
    one_picture,
]


@pytest.fixture
def opened() -> Iterator[Callable[[str], FileCamera]]:
    made: list[FileCamera] = []

    def open_it(rest: str) -> FileCamera:
        made.append(FileCamera(rest))
        made[-1].open()
        return made[-1]

    yield open_it
    for camera in made:
        camera.close()


def to_the_end(camera: Camera) -> list[Frame]:
    out: list[Frame] = []
    with contextlib.suppress(EndOfStream):
        while len(out) < 10_000:
            out.append(camera.read(10.0))
    assert camera.health().state is CameraState.ENDED
    return out


class _Played(CameraConformance):
    kind: Make
    query = ""

    @pytest.fixture(autouse=True)
    def _file(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        self.path = type(self).kind(tmp_path_factory.mktemp("file"))

    def make(self) -> Camera:
        return FileCamera(f"{self.path}{self.query}")


class TestVideo(_Played):
    kind = staticmethod(a_video)
    ends = True


class TestMotionJpegInALoop(_Played):
    kind = staticmethod(motion_jpeg)
    query = "?loop=1&speed=4"
    frames = 3 * COUNT


class TestVideoAsFastAsItReads(_Played):
    kind = staticmethod(a_matroska)
    query = "?speed=max"
    ends = True


class TestThermalSequence(_Played):
    kind = staticmethod(a_sequence)
    ends = True


class TestThermalSequenceOfJpegLs(_Played):
    kind = staticmethod(a_csq)
    query = "?speed=4&fps=60"
    ends = True


class TestRadiometricPictures(_Played):
    kind = staticmethod(radiometric_pictures)
    query = "?fps=60"
    ends = True


class TestTiff(_Played):
    kind = staticmethod(a_tiff)
    query = "?loop=1&speed=4"
    frames = 2 * COUNT


class TestColourAndDepth(_Played):
    kind = staticmethod(colour_and_depth)
    query = "?fps=60"
    ends = True


class TestOnePicture(_Played):
    kind = staticmethod(one_picture)


class TestOnePictureOnce(_Played):
    kind = staticmethod(one_picture)
    query = "?hold=0"
    frames = 2
    ends = True

    def test_an_impatient_read_gives_a_frame_or_says_timeout(self, camera: Camera) -> None:
        camera.open()
        assert isinstance(camera.read(5.0), Frame)  # five reads and one more are all that there is


@pytest.mark.parametrize("make", EVERY, ids=lambda m: m.__name__)
def test_it_gives_what_an_import_would_store_and_writes_nothing(
    tmp_path: Path, make: Make, opened: Callable[[str], FileCamera]
):
    path = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    camera = opened(f"{path}?speed=max&hold=0")
    frames = to_the_end(camera)
    assert sorted(tmp_path.rglob("*")) == before
    importer = importer_for(path)
    importer.run(path, tmp_path / "imported.mcap", ImportOptions())
    assert camera.options()["importer"] == importer.name
    with SessionReader(tmp_path / "imported.mcap") as session:
        assert list(camera.streams()) == list(session.streams)
        assert len(frames) == sum(session.count(s.name) for s in session.streams)
        for name in {f.stream for f in frames}:
            for k, frame in enumerate(f for f in frames if f.stream == name):
                stored = session.frame(name, k)
                assert (frame.number, frame.device_ns, frame.flags) == (stored.number, stored.device_ns, stored.flags)
                np.testing.assert_array_equal(frame.pixels, stored.pixels)
                if frame.encoded is not None:
                    assert frame.encoded == session.stored(name, k).data


def test_every_importer_can_be_played_but_by_its_own_family():
    """Each is tried above; a new one is to be, too."""
    tried = {"video", "flir-seq", "flir-jpeg", "tiff", "rgbd"}
    elsewhere = {"realsense", "biwi", "pandora"}  # the first is a family of its own; data sets of folders, as rgbd
    assert {one.name for one in importers()} == tried | elsewhere


def test_data_sets_of_folders_play_too(tmp_path: Path, opened: Callable[[str], FileCamera]):
    folder = tmp_path / "base_1_ID01"
    for n in range(3):
        rgbd_files.write_image(folder / "RGB" / f"{n:06d}.png", rgbd_files.color_image(n))
        rgbd_files.write_image(folder / "DEPTH" / f"{n:06d}.png", rgbd_files.depth_image(n))
    frames = to_the_end(opened(f"{folder}?speed=max&as=pandora&unit_mm=2"))
    assert [f.kind for f in frames].count(StreamKind.DEPTH) == 3
    assert frames[0].info.unit_m in (0.002, None)


def test_temperatures_are_kelvin_and_the_shutter_is_told(tmp_path: Path, opened: Callable[[str], FileCamera]):
    path = tmp_path / "a.seq"
    path.write_bytes(b"".join(flir_files.frame(n, counter=n, status=int(n == 3)) for n in range(6)))
    camera = opened(f"{path}?speed=max&raw=no")
    frames = to_the_end(camera)
    assert all(f.info.is_radiometric and 15 < np.median(f.celsius()) < 60 for f in frames)
    assert [FrameFlag.SHUTTER in f.flags for f in frames] == [n == 3 for n in range(6)]
    assert camera.options()["serial"] == "12345"
    assert "Test Cam" in camera.options()["model"]


def test_frames_come_when_they_came(tmp_path: Path, opened: Callable[[str], FileCamera]):
    camera = opened(str(a_video(tmp_path)))
    frames = to_the_end(camera)
    span_s = (frames[-1].host_ns - frames[0].host_ns) / 1e9
    assert span_s >= (frames[-1].device_ns - frames[0].device_ns) / 1e9 - 0.02
    assert camera.health().state is CameraState.ENDED


def test_over_a_loop_numbers_and_times_go_on_evenly(tmp_path: Path, opened: Callable[[str], FileCamera]):
    camera = opened(f"{a_video(tmp_path)}?loop=1&speed=max")
    frames = [camera.read(10.0) for _ in range(3 * COUNT)]
    assert [f.number for f in frames] == list(range(3 * COUNT))
    assert {b.device_ns - a.device_ns for a, b in itertools.pairwise(frames)} == {20_000_000}
    np.testing.assert_array_equal(frames[0].pixels, frames[COUNT].pixels)
    assert camera.health().dropped == {"color": 0}


def test_one_picture_is_held_and_says_that_it_is_old(tmp_path: Path, opened: Callable[[str], FileCamera]):
    camera = opened(str(one_picture(tmp_path)))
    names = [s.name for s in camera.streams()]
    turns = [[camera.read(5.0) for _ in names] for _ in range(4)]
    for k, turn in enumerate(turns):
        assert [f.stream for f in turn] == names
        assert all((FrameFlag.STALE in f.flags) == (k > 0) for f in turn)
        assert {f.number for f in turn} == {k}
    first, last = turns[0][0], turns[-1][0]
    assert last.device_ns - first.device_ns == pytest.approx(3 / 9 * 1e9, rel=1e-6)
    assert (last.host_ns - first.host_ns) / 1e9 >= 3 / 9 - 0.05
    assert camera.health().pause_s <= 1 / 9, "a wait is announced: it is no stall"


def test_the_last_picture_of_a_video_is_held_where_that_is_asked_for(
    tmp_path: Path, opened: Callable[[str], FileCamera]
):
    camera = opened(f"{a_video(tmp_path)}?hold=50&speed=max")
    frames = [camera.read(5.0) for _ in range(COUNT + 3)]
    assert [FrameFlag.STALE in f.flags for f in frames] == [False] * COUNT + [True] * 3
    np.testing.assert_array_equal(frames[COUNT - 1].pixels, frames[-1].pixels)


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


def test_signs_in_a_name_are_written_as_in_addresses(tmp_path: Path, opened: Callable[[str], FileCamera]):
    path = a_tiff(tmp_path).rename(tmp_path / "what? a&b.tiff")
    assert opened(str(path).replace("?", "%3F") + "?speed=max").read(5.0).number == 0


def test_damage_in_the_middle_loses_the_camera_and_is_not_played_again(
    tmp_path: Path, opened: Callable[[str], FileCamera]
):
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


def test_a_reader_that_falls_behind_gets_all_frames_late(tmp_path: Path, opened: Callable[[str], FileCamera]):
    camera = opened(str(a_video(tmp_path)))
    camera.read(5.0)
    time.sleep(0.3)
    began = time.monotonic()
    rest = to_the_end(camera)
    assert [f.number for f in rest] == list(range(1, COUNT))
    assert time.monotonic() - began < 5.0
    assert camera.health().dropped_by_us == {"color": 0}


def test_real_thermal_files_play(shared_data: Path, opened: Callable[[str], FileCamera]):
    for name, hottest in (("ax8.jpg", (20, 40)), ("flir_example.jpg", (40, 90))):
        frame: Any = opened(f"{shared_data / 'thermal_files' / name}?hold=0&raw=no").read(5.0)
        assert frame.kind is StreamKind.THERMAL
        assert hottest[0] < float(frame.celsius().max()) < hottest[1]
    frame = opened(f"{shared_data / 'thermal_files' / 'example_radiometric.tiff'}?scale=tlinear-high").read(5.0)
    assert frame.info.is_radiometric
