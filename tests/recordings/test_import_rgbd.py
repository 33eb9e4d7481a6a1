"""A folder of RGB-D images becomes a session; what is wrong with a folder is told by the file's name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.frame import FrameFlag, Intrinsics, StreamKind
from recordings.errors import SessionImportError
from recordings.importers.calibration_files import read_intrinsics
from recordings.importers.rgbd_folder import import_rgbd_folder
from recordings.reader import SessionReader
from tests.recordings.rgbd_cases import H, W, color_image, depth_image, fails, write_camera, write_image, write_person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_person(tmp_path / "person")


def test_images_beside_each_other(folder: Path, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    report = import_rgbd_folder(
        folder, tmp_path / "a.mcap", fps=10, unit_mm=0.5, on_progress=lambda *both: calls.append(both)
    )
    assert report.frames == {"color": 5, "depth": 5}
    assert report.seconds == pytest.approx(0.4)
    assert report.ignored == {"mask images": 5}
    assert report.clock == "synthetic"
    assert calls[0] == (1, 10)
    assert calls[-1] == (10, 10)
    assert any("5 x mask images" in line for line in report.lines())
    json.dumps(report.to_json())
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.info.clock == "synthetic"
        assert session.info.title == "person"
        color, depth = session.streams
        assert (color.kind, depth.kind) == (StreamKind.COLOR, StreamKind.DEPTH)
        assert depth.unit_m == 0.0005
        assert depth.registered_to == "color"
        assert color.intrinsics == depth.intrinsics == Intrinsics(W, H, 30.0, 31.0, 10.0, 7.0)
        for n in range(5):
            np.testing.assert_array_equal(session.frame("depth", n).pixels, depth_image(n))
            jpeg = (folder / f"{n:03d}.jpg").read_bytes()
            assert session.stored("color", n).data == jpeg
            frame = session.frame("color", n)
            decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
            np.testing.assert_array_equal(frame.pixels, decoded[:, :, ::-1])
            assert frame.flags == FrameFlag.LOSSY
            assert frame.number == n
            assert frame.device_ns == frame.host_ns == (n + 1) * 100_000_000
        assert session.frame("depth", 0).flags == FrameFlag.NONE


def test_importing_twice_gives_the_same_frames(folder: Path, tmp_path: Path) -> None:
    import_rgbd_folder(folder, tmp_path / "a.mcap")
    import_rgbd_folder(folder, tmp_path / "b.mcap")
    with SessionReader(tmp_path / "a.mcap") as a, SessionReader(tmp_path / "b.mcap") as b:
        for x, y in zip(a.frames(), b.frames(), strict=True):
            assert (x.number, x.device_ns, x.host_ns) == (y.number, y.device_ns, y.host_ns)
            np.testing.assert_array_equal(x.pixels, y.pixels)


@pytest.mark.parametrize(
    ("color", "depth"),
    [
        ("{}.png", "{}_depth.png"),
        ("{}_color.png", "{}_depth.png"),
        ("{}-rgb.png", "{}-depth.png"),
        ("color_{}.png", "depth_{}.png"),
        ("rgb{}.jpg", "depth{}.png"),
        ("rgb/{}.png", "depth/{}.png"),
        ("color/frame{}.jpeg", "depth/frame{}.png"),
        ("images/{}_image.png", "depth/{}_depth.png"),
    ],
)
def test_other_common_names(tmp_path: Path, color: str, depth: str) -> None:
    for n in (2, 10, 1):  # 10 comes after 2
        write_image(tmp_path / "in" / color.format(n), color_image(n))
        write_image(tmp_path / "in" / depth.format(n), depth_image(n))
    (tmp_path / "in" / "notes.txt").write_text("hello")
    write_camera(tmp_path / "in" / "camera.xml", name="camera_matrix")
    import_rgbd_folder(tmp_path / "in", tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        for index, n in enumerate((1, 2, 10)):
            np.testing.assert_array_equal(session.frame("depth", index).pixels, depth_image(n))
        if color.endswith("png"):
            np.testing.assert_array_equal(session.frame("color", 1).pixels, color_image(2)[:, :, ::-1])
            assert session.codec("color") == "raw"


def test_times_in_the_file_names_are_the_clock(tmp_path: Path) -> None:
    """As in the TUM RGB-D benchmark, where colour and depth have their own times."""
    color = ["1305031102.175304", "1305031102.211214", "1305031102.243211"]
    depth = ["1305031102.160407", "1305031102.226738"]
    for n, name in enumerate(color):
        write_image(tmp_path / "in" / "rgb" / f"{name}.png", color_image(n))
    for n, name in enumerate(depth):
        write_image(tmp_path / "in" / "depth" / f"{name}.png", depth_image(n))
    report = import_rgbd_folder(tmp_path / "in", tmp_path / "a.mcap", unit_mm=0.2, fx=525.0)
    assert report.clock == "device"
    assert report.frames == {"color": 3, "depth": 2}
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.info.clock == "device"
        assert session.times("color").device_ns.tolist() == [int(t.replace(".", "")) * 1000 for t in color]
        assert session.times("depth").host_ns.tolist() == [int(t.replace(".", "")) * 1000 for t in depth]
        assert [f.stream for f in session.frames()] == ["depth", "color", "color", "depth", "color"]
        assert session.streams[1].unit_m == 0.0002
        assert session.streams[0].fps == pytest.approx(29.45, abs=0.05)


def timed_folder(path: Path) -> Path:
    """As the TUM RGB-D benchmark's: nothing says the unit of depth."""
    for n, name in enumerate(["1.100000", "1.200000"]):
        write_image(path / "rgb" / f"{name}.png", color_image(n))
        write_image(path / "depth" / f"{name}.png", depth_image(n))
    return path


def test_depth_of_unknown_unit_is_never_guessed_where_recordings_differ(tmp_path: Path) -> None:
    fails(timed_folder(tmp_path / "in"), "--unit-mm 0.2", "TUM", fx=525.0)


def test_frames_a_second_are_refused_where_names_are_times(tmp_path: Path) -> None:
    fails(timed_folder(tmp_path / "in"), "are times", "--fps", fx=525.0, unit_mm=0.2, fps=10)


def test_what_is_assumed_is_said(folder: Path, tmp_path: Path) -> None:
    report = import_rgbd_folder(folder, tmp_path / "a.mcap")
    assert "synthetic clock, 30 frames/s (assumed; --fps says otherwise)" in report.notes
    assert "1 mm a depth count (assumed; --unit-mm says otherwise)" in report.notes
    told = import_rgbd_folder(folder, tmp_path / "b.mcap", fps=30, unit_mm=1)
    assert not any("assumed" in note for note in told.notes)


def manifest(**changes: Any) -> dict[str, Any]:
    stream = {"name": "tof", "kind": "depth", "unit_m": 0.00025}
    session = {"clock": "synthetic", "streams": [{"name": "color", "kind": "color", "unit_m": None}, stream]}
    return {"tapetum_export": 1, "format": "png16", "folders": {"color": "rgb", "tof": "depth"}, "session": session} | (
        changes
    )


def test_our_own_export_says_its_unit_and_whose_clock_it_was(tmp_path: Path) -> None:
    folder = timed_folder(tmp_path / "in")
    (folder / "export.json").write_text(json.dumps(manifest()))
    assert import_rgbd_folder(folder, tmp_path / "a.mcap", fx=525.0).clock == "synthetic"
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.streams[1].unit_m == 0.00025
        assert session.times("depth").device_ns.tolist() == [1_100_000_000, 1_200_000_000]
    import_rgbd_folder(folder, tmp_path / "b.mcap", fx=525.0, unit_mm=0.2)
    with SessionReader(tmp_path / "b.mcap") as session:
        assert session.streams[1].unit_m == 0.0002


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "[" * 100_000,
        "7",
        json.dumps({"made by": "somebody else"}),
        json.dumps(manifest(format="ply")),
        json.dumps(manifest(folders={"tof": "elsewhere"})),
        json.dumps(manifest(folders=[])),
        json.dumps(manifest(session={"clock": "device", "streams": [{"name": "tof", "kind": "depth", "unit_m": -1}]})),
        json.dumps(manifest(session={"clock": "device", "streams": [{"name": "tof", "kind": "gray", "unit_m": 1}]})),
        json.dumps(manifest(session={"clock": 5, "streams": [{"name": "tof", "kind": "depth", "unit_m": 0.001}]})),
    ],
)
def test_an_export_json_that_is_none_of_ours_says_nothing(tmp_path: Path, text: str) -> None:
    folder = timed_folder(tmp_path / "in")
    (folder / "export.json").write_text(text)
    fails(folder, "--unit-mm", fx=525.0)


def test_a_gray_camera_gives_a_gray_stream(tmp_path: Path) -> None:
    write_image(tmp_path / "in" / "1.png", color_image(1)[:, :, 0])
    write_image(tmp_path / "in" / "1_depth.png", depth_image(1))
    report = import_rgbd_folder(tmp_path / "in", tmp_path / "a.mcap", hfov_deg=60)
    assert report.frames == {"gray": 1, "depth": 1}
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.streams[0].kind is StreamKind.GRAY
        assert session.streams[1].registered_to == "gray"


@pytest.mark.parametrize("name", ["camera.xml", "calibration.xml", "intrinsics.json", "camera.yml"])
def test_a_calibration_of_the_whole_folder(folder: Path, tmp_path: Path, name: str) -> None:
    for path in folder.glob("*_camera.xml"):
        path.unlink()
    expected = Intrinsics(W, H, 30.0, 31.0, 10.0, 7.0, (0.1, 0.0, 0.0, 0.0, 0.2))
    path = folder / name
    if path.suffix == ".json":
        path.write_text(json.dumps(expected.to_json()))
    else:
        storage = cv2.FileStorage(str(path), cv2.FILE_STORAGE_WRITE)
        storage.write("camera_matrix", expected.matrix())
        storage.write("distortion_coefficients", np.array([expected.distortion]))
        storage.release()
    import_rgbd_folder(folder, tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.streams[0].intrinsics == expected


FULL = (0.1, -0.2, 0.001, 0.002, 0.03, 0.4, 0.5, 0.6, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06)


@pytest.mark.parametrize(("count", "kept"), [(4, 5), (5, 5), (8, 8), (12, 12), (14, 14)])
@pytest.mark.parametrize("zeros", [0, 3])
def test_as_many_coefficients_as_opencv_gives(tmp_path: Path, count: int, kept: int, zeros: int) -> None:
    """OpenCV can pad them with zeros to a longer list, which says the same."""
    storage = cv2.FileStorage(str(tmp_path / "camera.yml"), cv2.FILE_STORAGE_WRITE)
    storage.write("camera_matrix", Intrinsics(W, H, 30.0, 31.0, 10.0, 7.0).matrix())
    storage.write("distortion_coefficients", np.array([FULL[:count] + (0.0,) * zeros]))
    storage.release()
    found = read_intrinsics(tmp_path / "camera.yml", W, H)
    assert found.distortion == (*FULL[:count], *(0.0,) * (kept - count))
    assert found.model == "brown_conrady"


def test_more_coefficients_than_opencv_has_are_refused(tmp_path: Path) -> None:
    write_camera(tmp_path / "camera.xml")
    text = (tmp_path / "camera.xml").read_text()
    more = '<D type_id="opencv-matrix"><rows>1</rows><cols>15</cols><dt>d</dt><data>' + "0.1 " * 15 + "</data></D>\n"
    (tmp_path / "camera.xml").write_text(text.replace("</opencv_storage>", more + "</opencv_storage>"))
    with pytest.raises(SessionImportError, match=r"15 distortion coefficients; OpenCV's 4, 5, 8, 12, 14 can be used"):
        read_intrinsics(tmp_path / "camera.xml", W, H)


@pytest.mark.parametrize("model", ["fisheye", "inverse_brown_conrady"])
def test_json_says_the_model_of_the_lens(tmp_path: Path, model: str) -> None:
    coefficients = (0.1, -0.2, 0.01, 0.02) if model == "fisheye" else (0.1, -0.2, 0.01, 0.02, 0.0)
    expected = Intrinsics(W, H, 30.0, 31.0, 10.0, 7.0, coefficients, model)
    (tmp_path / "camera.json").write_text(json.dumps(expected.to_json()))
    assert read_intrinsics(tmp_path / "camera.json", W, H) == expected


def test_numbers_given_by_hand_win(folder: Path, tmp_path: Path) -> None:
    import_rgbd_folder(folder, tmp_path / "a.mcap", fx=50.0)
    import_rgbd_folder(folder, tmp_path / "b.mcap", fx=50.0, fy=51.0, cx=9.0, cy=8.0)
    import_rgbd_folder(folder, tmp_path / "c.mcap", hfov_deg=90)
    expected = [
        Intrinsics(W, H, 50.0, 50.0, 9.5, 7.0),
        Intrinsics(W, H, 50.0, 51.0, 9.0, 8.0),
        Intrinsics.from_fov(W, H, 90),
    ]
    for name, intrinsics in zip("abc", expected, strict=True):
        with SessionReader(tmp_path / f"{name}.mcap") as session:
            assert session.streams[1].intrinsics == intrinsics


def test_the_real_recording_of_a_person(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "kinect_person"
    report = import_rgbd_folder(folder, tmp_path / "person.mcap")
    assert report.frames == {"color": 100, "depth": 100}
    assert report.ignored == {"mask images": 100}
    with SessionReader(tmp_path / "person.mcap") as session:
        for info in session.streams:
            assert info.intrinsics == Intrinsics(640, 480, 525.0, 525.0, 320.0, 240.0)
        for n in (0, 37, 99):
            expected = cv2.imread(str(folder / f"{n:010d}_depth.png"), cv2.IMREAD_UNCHANGED)
            np.testing.assert_array_equal(session.frame("depth", n).pixels, expected)
            assert session.stored("color", n).data == (folder / f"{n:010d}.jpg").read_bytes()
