"""A folder of images that is damaged, incomplete or contradicts itself: a sentence, and no half a session."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.frame import Intrinsics
from recordings.errors import SessionImportError, SessionWriteError
from recordings.importers.image_files import decode
from recordings.importers.rgbd_folder import import_rgbd_folder
from tests.recordings.rgbd_cases import H, W, color_image, depth_image, fails, write_camera, write_image, write_person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_person(tmp_path / "person")


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
