"""A file plays as a live camera: the frames that an import would store, at their pace."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.camera import Camera, CameraState
from drivers.frame import Frame, FrameFlag, StreamKind
from recordings.file_camera import FileCamera
from recordings.importers.protocol import ImportOptions
from recordings.importers.registry import importer_for, importers
from recordings.reader import SessionReader
from tests.drivers.camera_conformance import CameraConformance
from tests.recordings import flir_files
from tests.recordings import rgbd_cases as rgbd_files
from tests.recordings.file_cases import (
    COUNT,
    EVERY,
    Make,
    Opener,
    a_csq,
    a_matroska,
    a_sequence,
    a_tiff,
    a_video,
    colour_and_depth,
    motion_jpeg,
    one_picture,
    opener,
    radiometric_pictures,
    to_the_end,
)


@pytest.fixture
def opened() -> Iterator[Opener]:
    with opener() as open_one:
        yield open_one


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
def test_it_gives_what_an_import_would_store_and_writes_nothing(tmp_path: Path, make: Make, opened: Opener):
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


def test_data_sets_of_folders_play_too(tmp_path: Path, opened: Opener):
    folder = tmp_path / "base_1_ID01"
    for n in range(3):
        rgbd_files.write_image(folder / "RGB" / f"{n:06d}.png", rgbd_files.color_image(n))
        rgbd_files.write_image(folder / "DEPTH" / f"{n:06d}.png", rgbd_files.depth_image(n))
    frames = to_the_end(opened(f"{folder}?speed=max&as=pandora&unit_mm=2"))
    assert [f.kind for f in frames].count(StreamKind.DEPTH) == 3
    assert frames[0].info.unit_m in (0.002, None)


def test_temperatures_are_kelvin_and_the_shutter_is_told(tmp_path: Path, opened: Opener):
    path = tmp_path / "a.seq"
    path.write_bytes(b"".join(flir_files.frame(n, counter=n, status=int(n == 3)) for n in range(6)))
    camera = opened(f"{path}?speed=max&raw=no")
    frames = to_the_end(camera)
    assert all(f.info.is_radiometric and 15 < np.median(f.celsius()) < 60 for f in frames)
    assert [FrameFlag.SHUTTER in f.flags for f in frames] == [n == 3 for n in range(6)]
    assert camera.options()["serial"] == "12345"
    assert "Test Cam" in camera.options()["model"]


def test_frames_come_when_they_came(tmp_path: Path, opened: Opener):
    camera = opened(str(a_video(tmp_path)))
    frames = to_the_end(camera)
    span_s = (frames[-1].host_ns - frames[0].host_ns) / 1e9
    assert span_s >= (frames[-1].device_ns - frames[0].device_ns) / 1e9 - 0.02
    assert camera.health().state is CameraState.ENDED


def test_over_a_loop_numbers_and_times_go_on_evenly(tmp_path: Path, opened: Opener):
    camera = opened(f"{a_video(tmp_path)}?loop=1&speed=max")
    frames = [camera.read(10.0) for _ in range(3 * COUNT)]
    assert [f.number for f in frames] == list(range(3 * COUNT))
    assert {b.device_ns - a.device_ns for a, b in itertools.pairwise(frames)} == {20_000_000}
    np.testing.assert_array_equal(frames[0].pixels, frames[COUNT].pixels)
    assert camera.health().dropped == {"color": 0}


def test_one_picture_is_held_and_says_that_it_is_old(tmp_path: Path, opened: Opener):
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


def test_the_last_picture_of_a_video_is_held_where_that_is_asked_for(tmp_path: Path, opened: Opener):
    camera = opened(f"{a_video(tmp_path)}?hold=50&speed=max")
    frames = [camera.read(5.0) for _ in range(COUNT + 3)]
    assert [FrameFlag.STALE in f.flags for f in frames] == [False] * COUNT + [True] * 3
    np.testing.assert_array_equal(frames[COUNT - 1].pixels, frames[-1].pixels)


def test_signs_in_a_name_are_written_as_in_addresses(tmp_path: Path, opened: Opener):
    path = a_tiff(tmp_path).rename(tmp_path / "what? a&b.tiff")
    assert opened(str(path).replace("?", "%3F") + "?speed=max").read(5.0).number == 0


def test_a_reader_that_falls_behind_gets_all_frames_late(tmp_path: Path, opened: Opener):
    camera = opened(str(a_video(tmp_path)))
    camera.read(5.0)
    time.sleep(0.3)
    began = time.monotonic()
    rest = to_the_end(camera)
    assert [f.number for f in rest] == list(range(1, COUNT))
    assert time.monotonic() - began < 5.0
    assert camera.health().dropped_by_us == {"color": 0}


def test_real_thermal_files_play(shared_data: Path, opened: Opener):
    for name, hottest in (("ax8.jpg", (20, 40)), ("flir_example.jpg", (40, 90))):
        frame: Any = opened(f"{shared_data / 'thermal_files' / name}?hold=0&raw=no").read(5.0)
        assert frame.kind is StreamKind.THERMAL
        assert hottest[0] < float(frame.celsius().max()) < hottest[1]
    frame = opened(f"{shared_data / 'thermal_files' / 'example_radiometric.tiff'}?scale=tlinear-high").read(5.0)
    assert frame.info.is_radiometric
