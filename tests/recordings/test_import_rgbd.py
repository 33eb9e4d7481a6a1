"""A folder of RGB-D images becomes a session; what is wrong with a folder is told by the file's name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.frame import FrameFlag, Intrinsics, StreamKind
from recordings.errors import SessionImportError, SessionWriteError
from recordings.importers.calibration_files import read_intrinsics
from recordings.importers.image_files import decode
from recordings.importers.rgbd_folder import import_rgbd_folder
from recordings.reader import SessionReader

W, H = 20, 15


def color_image(n: int) -> NDArray[np.uint8]:
    """BGR, as OpenCV writes it."""
    ramp = np.add.outer(np.arange(H), np.arange(W))
    return np.dstack([ramp + n, ramp * 2 + n, ramp * 3 + n]).astype(np.uint8)


def depth_image(n: int) -> NDArray[np.uint16]:
    return (np.random.default_rng(n).integers(0, 5000, (H, W))).astype(np.uint16)


def write_image(path: Path, image: NDArray[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    ok, data = cv2.imencode(path.suffix, image)
    assert ok
    path.write_bytes(data.tobytes())
    return path


def write_camera(path: Path, matrix: str = "30. 0. 10. 0. 31. 7. 0. 0. 1.", name: str = "intrinsic") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<?xml version="1.0"?>\n<opencv_storage>\n<{name} type_id="opencv-matrix"><rows>3</rows><cols>3</cols>'
        f"<dt>f</dt><data>{matrix}</data></{name}>\n</opencv_storage>\n"
    )
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five frames beside each other, as a Kinect recording of a person."""
    out = tmp_path / "person"
    for n in range(5):
        write_image(out / f"{n:03d}.jpg", color_image(n))
        write_image(out / f"{n:03d}_depth.png", depth_image(n))
        write_image(out / f"{n:03d}_mask.jpg", color_image(n))
        write_camera(out / f"{n:03d}_camera.xml")
    return out


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


def fails(folder: Path, *words: str, **options: Any) -> None:
    """The import ends in one sentence that holds the words, and leaves nothing."""
    out = folder.parent / "out"
    out.mkdir(exist_ok=True)
    with pytest.raises(SessionImportError) as caught:
        import_rgbd_folder(folder, out / "a.mcap", **options)
    for word in words:
        assert word in str(caught.value)
    assert list(out.iterdir()) == []


def test_no_folder_and_nothing_in_it(tmp_path: Path) -> None:
    fails(tmp_path / "nothing", "there is no folder", "nothing")
    (tmp_path / "empty").mkdir()
    fails(tmp_path / "empty", "is empty")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text("a")
    fails(tmp_path / "text", "holds no images")
    fails(tmp_path / "text" / "a.txt", "is a file")
    (tmp_path / "dirs" / "rgb").mkdir(parents=True)
    (tmp_path / "dirs" / "depth").mkdir()
    fails(tmp_path / "dirs", "rgb holds no PNG or JPEG")


def test_a_missing_depth_or_color_image(folder: Path) -> None:
    (folder / "002_depth.png").unlink()
    fails(folder, "002.jpg", "no depth image")
    (folder / "002.jpg").unlink()
    (folder / "003.jpg").unlink()
    fails(folder, "003_depth.png", "no color image")


def test_color_or_depth_alone(folder: Path) -> None:
    for path in folder.glob("*_depth.png"):
        path.unlink()
    fails(folder, "no depth images")


@pytest.mark.parametrize("frame", [0, 3])
@pytest.mark.parametrize("name", ["{:03d}_depth.png", "{:03d}.jpg"])
@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9, -1])
def test_a_truncated_image(folder: Path, name: str, frame: int, keep: float, capfd: pytest.CaptureFixture[str]) -> None:
    path = folder / name.format(frame)
    data = path.read_bytes()
    path.write_bytes(data[:-1] if keep == -1 else data[: int(len(data) * keep)])
    fails(folder, path.name, "truncated" if keep else "empty")
    assert capfd.readouterr().err == ""


def test_a_damaged_png(folder: Path) -> None:
    path = folder / "001_depth.png"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    fails(folder, path.name, "checksum")


def test_what_only_pretends_to_be_an_image(folder: Path) -> None:
    (folder / "001.jpg").write_text("hello")
    fails(folder, "001.jpg", "neither a PNG nor a JPEG")
    (folder / "001.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x04abhello")
    fails(folder, "001.jpg", "damaged")


def test_depth_and_color_of_different_sizes(folder: Path) -> None:
    for n in range(5):
        write_image(folder / f"{n:03d}_depth.png", depth_image(n)[:-2])
    fails(folder, "000.jpg is 20x15", "000_depth.png is 20x13")


def test_a_size_that_changes_in_the_middle(folder: Path) -> None:
    write_image(folder / "003.jpg", color_image(3)[:-1])
    fails(folder, "003.jpg is 20x14", "alike")


def test_a_format_that_changes_in_the_middle(folder: Path) -> None:
    (folder / "003.jpg").unlink()
    write_image(folder / "003.png", color_image(3))
    fails(folder, "003.png", "different formats")


def test_depth_of_eight_bits(folder: Path) -> None:
    for n in range(5):
        write_image(folder / f"{n:03d}_depth.png", depth_image(n).astype(np.uint8))
    fails(folder, "000_depth.png", "16 bits")


def test_color_of_sixteen_bits(folder: Path) -> None:
    for n in range(5):
        (folder / f"{n:03d}.jpg").unlink()
        write_image(folder / f"{n:03d}.png", color_image(n).astype(np.uint16))
    fails(folder, "000.png", "8 bits")


def test_no_calibration(folder: Path) -> None:
    for path in folder.glob("*_camera.xml"):
        path.unlink()
    fails(folder, "no calibration", "--fx", "--hfov-deg")


def test_a_calibration_that_is_wrong(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_camera(folder / "003_camera.xml", "31. 0. 10. 0. 31. 7. 0. 0. 1.")
    fails(folder, "003_camera.xml", "differs")
    (folder / "003_camera.xml").unlink()
    fails(folder, "frame 003", "no calibration file")
    for n in range(5):
        write_camera(folder / f"{n:03d}_camera.xml", "0. 0. 10. 0. 31. 7. 0. 0. 1.")
    fails(folder, "000_camera.xml", "impossible")
    write_camera(folder / "000_camera.xml", "31. 10. 10. 0. 31. 7. 0. 0. 1.")
    fails(folder, "000_camera.xml", "must be fx 0 cx")
    write_camera(folder / "000_camera.xml", name="something_else")
    fails(folder, "000_camera.xml", "no camera matrix")
    (folder / "000_camera.xml").write_text("<?xml version='1.0'?><opencv_storage><intr")
    fails(folder, "000_camera.xml", "no readable")
    (folder / "000_camera.xml").write_text("hello")
    fails(folder, "000_camera.xml", "no readable")
    (folder / "000_camera.xml").write_text("")
    fails(folder, "000_camera.xml", "no readable")
    (folder / "000_camera.xml").write_bytes(b"\xff\xfe\x00")
    fails(folder, "000_camera.xml", "no readable")
    assert capfd.readouterr().err == ""


def test_a_calibration_for_another_size(folder: Path) -> None:
    for path in folder.glob("*_camera.xml"):
        path.unlink()
    (folder / "intrinsics.json").write_text(json.dumps(Intrinsics(640, 480, 525.0, 525.0, 320.0, 240.0).to_json()))
    fails(folder, "intrinsics.json", "640x480", "20x15")
    (folder / "intrinsics.json").write_text(
        json.dumps(dict.fromkeys(("width", "height", "fx", "fy", "cx", "cy"), 1e999))
    )
    fails(folder, "intrinsics.json", "impossible")
    (folder / "intrinsics.json").write_text("[1]")
    fails(folder, "intrinsics.json", "no object")
    (folder / "intrinsics.json").write_text("{")
    fails(folder, "intrinsics.json", "no readable JSON")


def test_numbers_that_make_no_camera(folder: Path) -> None:
    fails(folder, "fps", fps=0.0)
    fails(folder, "fps", fps=float("nan"))
    fails(folder, "unit_mm", unit_mm=-1.0)
    fails(folder, "needs at least --fx", cx=10.0)
    for fx in (-10.0, 0.0, 0.01, 1e300, float("inf"), float("nan")):
        fails(folder, "--fx takes px, of an image of 20x15 px from 0.02 to 200000", fx=fx)
    fails(folder, "--fy takes px", fx=30.0, fy=-1.0)
    fails(folder, "--cx takes px", fx=30.0, cx=1e9)
    fails(folder, "--cy takes px", fx=30.0, cy=float("nan"))
    fails(folder, "not both", fx=10.0, hfov_deg=60.0)
    fails(folder, "1 and 179", hfov_deg=180.0)


def test_two_images_of_one_frame(folder: Path) -> None:
    write_image(folder / "001.png", color_image(1))
    fails(folder, "001.jpg", "001.png", "both the color image")


def test_times_that_never_overlap(tmp_path: Path) -> None:
    write_image(tmp_path / "in" / "rgb" / "1.5.png", color_image(0))
    write_image(tmp_path / "in" / "depth" / "2.5.png", depth_image(0))
    fails(tmp_path / "in", "never overlap", fx=20.0)
    write_image(tmp_path / "in" / "rgb" / "2.50.png", color_image(0))
    write_image(tmp_path / "in" / "rgb" / "2.5.png", color_image(0))
    fails(tmp_path / "in", "same time", fx=20.0)


def test_an_existing_session_stays(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.mcap"
    out.write_text("mine")
    with pytest.raises(SessionWriteError, match="exists already"):
        import_rgbd_folder(folder, out)
    assert out.read_text() == "mine"
    import_rgbd_folder(folder, out, overwrite=True)
    with pytest.raises(SessionImportError, match="one of the images"):
        import_rgbd_folder(folder, folder / "000.jpg", overwrite=True)


def test_a_jpeg_with_bytes_behind_its_end_and_a_png_with_alpha(tmp_path: Path) -> None:
    jpeg = write_image(tmp_path / "a.jpg", color_image(0)).read_bytes()
    assert decode(jpeg + bytes(100), tmp_path / "a.jpg").shape == (H, W, 3)
    with_alpha = np.dstack([color_image(0), np.full((H, W), 7, np.uint8)])
    png = write_image(tmp_path / "a.png", with_alpha).read_bytes()
    np.testing.assert_array_equal(decode(png, tmp_path / "a.png"), color_image(0)[:, :, ::-1])


def test_progressive_jpegs_and_restart_markers_are_whole(tmp_path: Path) -> None:
    image = cv2.resize(color_image(0), (300, 200))
    for how in ([cv2.IMWRITE_JPEG_PROGRESSIVE, 1], [cv2.IMWRITE_JPEG_RST_INTERVAL, 2]):
        data = cv2.imencode(".jpg", image, how)[1].tobytes()
        assert decode(data, tmp_path / "x.jpg").shape == (200, 300, 3)
        with pytest.raises(SessionImportError, match="truncated"):
            decode(data[: len(data) * 2 // 3], tmp_path / "x.jpg")


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
