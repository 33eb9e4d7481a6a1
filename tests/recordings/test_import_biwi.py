"""A sequence of the Biwi head pose database becomes a session, and its poses keep their meaning.

The database may not be passed on, so its files are written here, by an encoder of our own.
"""

from __future__ import annotations

import contextlib
import json
import math
import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import FrameFlag, StreamKind
from recordings.container import McapFile
from recordings.errors import SessionImportError
from recordings.importers import biwi_depth
from recordings.importers.biwi import IMPORTER, TRUTH
from recordings.importers.protocol import ImportOptions, ImportReport
from recordings.importers.registry import importer_for
from recordings.observation import HeadPose
from recordings.reader import SessionReader

W, H = 32, 24
SOMEWHERE = Path("frame_00003_depth.bin")

# as in sequence 12 of the database, scaled to our small images
DEPTH_CAL = "28.7908 0 16 \n0 28.7908 12 \n0 0 1 \n\n0 0 0 0 \n\n1 0 0 \n0 1 0 \n0 0 1 \n\n0 0 0 \n\n32 24\n"
RGB_CAL = (
    "25.88395 0 16 \n0 25.88395 12.025 \n0 0 1 \n\n0 0 0 0 \n\n0.999947 0.00432361 0.00929419 \n"
    "-0.00446314 0.999877 0.0150443 \n-0.009228 -0.015085 0.999844 \n\n-24.0198 5.8896 -13.2308 \n\n32 24\n"
)
FRONTAL = (
    "0.988397 0.0731349 0.133128 \n-0.0441539 0.976945 -0.208876 \n-0.145334 0.200575 0.968838 \n\n"
    "126.665 40.4515 876.198 \n"
)


def encode(image: NDArray[np.uint16]) -> bytes:
    """An image as the database compresses it."""
    flat = image.ravel()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat != 0, [0]]).astype(np.int8)))
    out = [struct.pack("<ii", image.shape[1], image.shape[0])]
    at = 0
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        out += [struct.pack("<ii", begin - at, end - begin), flat[begin:end].astype("<i2").tobytes()]
        at = int(end)
    if at < len(flat):
        out.append(struct.pack("<ii", len(flat) - at, 0))
    return b"".join(out)


def depth_image(number: int) -> NDArray[np.uint16]:
    rng = np.random.default_rng(number)
    return (rng.integers(1, 4000, (H, W)) * (rng.random((H, W)) < 0.6)).astype(np.uint16)


def color_image(number: int) -> NDArray[np.uint8]:
    """RGB."""
    return np.random.default_rng(100 + number).integers(0, 256, (H, W, 3), dtype=np.uint8)


def pose_text(pose: HeadPose, center_mm: tuple[float, float, float]) -> str:
    rows = "".join(" ".join(f"{v:.6g}" for v in row) + " \n" for row in pose.rotation())
    return rows + "\n" + " ".join(f"{v:g}" for v in center_mm) + " \n"


@pytest.fixture
def sequence(tmp_path: Path) -> Path:
    """Frames 3, 4 and 6 of a person."""
    out = tmp_path / "hpdb" / "01"
    out.mkdir(parents=True)
    (out / "depth.cal").write_text(DEPTH_CAL)
    (out / "rgb.cal").write_text(RGB_CAL)
    for number in (3, 4, 6):
        (out / f"frame_{number:05d}_depth.bin").write_bytes(encode(depth_image(number)))
        cv2.imwrite(str(out / f"frame_{number:05d}_rgb.png"), color_image(number)[:, :, ::-1])
        (out / f"frame_{number:05d}_pose.txt").write_text(FRONTAL)
    return out


def bring(folder: Path, **options: Any) -> ImportReport:
    return IMPORTER.run(folder, folder.parent / "a.mcap", ImportOptions(**options))


def truth(path: Path) -> dict[str, Any]:
    with contextlib.closing(McapFile(path)) as file:
        data = file.attachment(TRUTH)
    assert data is not None
    found: dict[str, Any] = json.loads(data)
    return found


def test_images_come_over_pixel_for_pixel(sequence: Path) -> None:
    calls: list[tuple[int, int]] = []
    out = sequence.parent / "a.mcap"
    report = IMPORTER.run(sequence, out, ImportOptions(), lambda *both: calls.append(both))
    assert report.frames == {"depth": 3, "color": 3}
    assert report.clock == "synthetic"
    assert report.seconds == pytest.approx(0.1)
    assert (calls[0], calls[-1]) == ((1, 6), (6, 6))
    with SessionReader(out) as session:
        assert session.info.title == "Biwi 01"
        for at, number in enumerate((3, 4, 6)):
            np.testing.assert_array_equal(session.frame("depth", at).pixels, depth_image(number))
            np.testing.assert_array_equal(session.frame("color", at).pixels, color_image(number))
        for name in ("depth", "color"):
            assert session.times(name).number.tolist() == [3, 4, 6]
            assert session.flags(name).tolist() == [0, 0, FrameFlag.DROPPED_BEFORE]
            np.testing.assert_allclose(np.diff(session.times(name).device_ns), [1e9 / 30, 2e9 / 30], atol=1)


def test_cameras_stand_where_the_calibration_says(sequence: Path) -> None:
    bring(sequence)
    with SessionReader(sequence.parent / "a.mcap") as session:
        depth, color = session.streams
        assert (depth.kind, depth.unit_m, color.kind) == (StreamKind.DEPTH, 0.001, StreamKind.COLOR)
        assert depth.registered_to is None
        assert color.registered_to is None
        assert depth.extrinsics.is_identity()
        k = color.intrinsics
        assert k is not None
        assert (k.fx, k.cx, k.cy, k.distortion) == (25.88395, 16.0, 12.025, ())
        # Kinect's colour camera stands 25 mm to the right of its infrared camera, seen from behind it
        (x, y, z) = color.extrinsics.to_rig(np.zeros((1, 3)))[0]
        assert 0.023 < x < 0.025
        assert abs(y) < 0.007
        assert abs(z) < 0.014
        rotation = np.array([[0.999947, 0.00432361, 0.00929419], [-0.00446314, 0.999877, 0.0150443]])
        point = np.array([[0.1, 0.2, 0.9]])
        seen = color.extrinsics.from_rig(point)[0]
        np.testing.assert_allclose(seen[:2], rotation @ point[0] + [-0.0240198, 0.0058896], atol=1e-5)


@pytest.mark.parametrize(
    ("pose", "nose"),
    [
        (HeadPose(0, 0, 0), (0, 0, -1)),
        (HeadPose(40, 0, 0), (math.sin(math.radians(40)), 0, -math.cos(math.radians(40)))),  # own left: image right
        (HeadPose(0, 30, 0), (0, -0.5, -math.cos(math.radians(30)))),  # up: image top
        (HeadPose(-20, 10, 15), None),
    ],
)
def test_a_turned_head_keeps_its_signs(pose: HeadPose, nose: tuple[float, float, float] | None, sequence: Path) -> None:
    (sequence / "frame_00004_pose.txt").write_text(pose_text(pose, (10, -20, 900)))
    report = bring(sequence)
    assert any("3 true head poses" in note for note in report.notes)
    found = truth(sequence.parent / "a.mcap")
    assert found["stream"] == "depth"
    one = found["poses"][1]
    assert one["number"] == 4
    assert one["translation_m"] == pytest.approx([0.01, -0.02, 0.9])
    assert (one["yaw_deg"], one["pitch_deg"], one["roll_deg"]) == pytest.approx(
        (pose.yaw_deg, pose.pitch_deg, pose.roll_deg), abs=1e-3
    )
    # The database's authors draw the face's direction as R (0, 0, -1).
    if nose is not None:
        np.testing.assert_allclose(np.array(one["rotation"]) @ [0, 0, -1], nose, atol=1e-5)
    with SessionReader(sequence.parent / "a.mcap") as session:
        assert session.times("depth").device_ns[1] == one["device_ns"]


def test_a_pose_of_the_database_itself(sequence: Path) -> None:
    """Frame 3 of sequence 01 as its file prints it: nearly frontal, at 0.89 m."""
    bring(sequence)
    one = truth(sequence.parent / "a.mcap")["poses"][0]
    assert np.linalg.norm(one["translation_m"]) == pytest.approx(0.886, abs=0.001)
    # R[0, 2] > 0 leads the nose to image left, R[1, 2] < 0 to the image's bottom
    assert -10 < one["yaw_deg"] < -7
    assert -13 < one["pitch_deg"] < -11
    np.testing.assert_allclose(np.array(one["rotation"]) @ np.array(one["rotation"]).T, np.eye(3), atol=1e-12)


def test_jpeg_copies_keep_their_bytes_and_need_no_depth(sequence: Path) -> None:
    for path in sequence.glob("*_depth.bin"):
        path.unlink()
    for path in sequence.glob("*_rgb.png"):
        image = cv2.imread(str(path))
        path.unlink()
        cv2.imwrite(str(path.with_suffix(".jpg")), image)
    report = bring(sequence, fps=20.0)
    assert report.frames == {"color": 3}
    with SessionReader(sequence.parent / "a.mcap") as session:
        assert session.codec("color") == "jpeg"
        assert session.stored("color", 0).data == (sequence / "frame_00003_rgb.jpg").read_bytes()
        assert session.flags("color").tolist() == [8, 8, 12]
        assert session.times("color").device_ns[0] == 200_000_000
    assert any("3 of 3 frames have no depth file" in note for note in report.notes)


def test_missing_files_of_a_frame_and_unused_files_are_told(sequence: Path) -> None:
    (sequence / "frame_00004_depth.bin").unlink()
    (sequence / "frame_00003_pose.txt").unlink()
    (sequence / "frame_00003_pose.bin").write_bytes(bytes(24))
    (sequence / "frame_00003_depth_mask.png").write_bytes(b"")
    (sequence / "notes.txt").write_text("hello")
    report = bring(sequence)
    assert report.frames == {"depth": 2, "color": 3}
    assert report.ignored == {"binary pose files": 1, "mask images": 1, "other files": 1}
    assert "1 of 3 frames have no depth file, the first is 4" in report.notes
    assert "1 of 3 frames have no pose file, the first is 3" in report.notes
    assert len(truth(sequence.parent / "a.mcap")["poses"]) == 2
    with SessionReader(sequence.parent / "a.mcap") as session:
        assert session.flags("depth").tolist() == [0, 4]


def test_it_is_recognised_and_a_whole_database_is_told_how(sequence: Path, tmp_path: Path) -> None:
    assert importer_for(sequence) is IMPORTER
    assert importer_for(sequence.parent) is IMPORTER
    with pytest.raises(SessionImportError, match=r"holds 1 sequence \(01\); a session holds one"):
        IMPORTER.run(sequence.parent, tmp_path / "a.mcap", ImportOptions())
    assert not IMPORTER.recognises(tmp_path)
    assert not IMPORTER.recognises(sequence / "depth.cal")
    assert not IMPORTER.recognises(tmp_path / "missing")
    for path in (sequence / "depth.cal", tmp_path / "missing", tmp_path):
        with pytest.raises(SessionImportError, match="name a sequence"):
            IMPORTER.run(path, tmp_path / "a.mcap", ImportOptions())


def spoil(sequence: Path, name: str, data: bytes | str | None) -> None:
    path = sequence / name
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data.encode() if isinstance(data, str) else data)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("depth.cal", None, r"depth\.cal is missing"),
        ("rgb.cal", None, r"rgb\.cal is missing"),
        ("rgb.cal", RGB_CAL.replace("32 24", "32"), r"rgb\.cal must hold 27 finite numbers.*found 26"),
        ("rgb.cal", RGB_CAL.replace("32 24", "64 48"), r"does not fit rgb\.cal"),
        ("depth.cal", DEPTH_CAL.replace("28.7908 0 16", "28.7908 2 16"), "camera matrix must be"),
        ("depth.cal", DEPTH_CAL.replace("28.7908", "-1"), "impossible calibration"),
        ("depth.cal", DEPTH_CAL.replace("1 0 0 \n0 1 0", "1 0 0 \n0 -1 0"), "is no rotation"),
        ("depth.cal", "a" + DEPTH_CAL, r"depth\.cal holds something else than numbers"),
        ("depth.cal", DEPTH_CAL.replace("28.7908", "nan"), "27 finite numbers"),
        ("frame_00004_pose.txt", FRONTAL[:40], r"frame_00004_pose\.txt must hold 12 finite numbers"),
        ("frame_00004_pose.txt", "0 " * 12, r"frame_00004_pose\.txt.*is no rotation"),
        ("frame_00004_depth.bin", encode(depth_image(4))[:-3], r"frame_00004_depth\.bin is truncated"),
        ("frame_00004_depth.bin", b"", r"frame_00004_depth\.bin is truncated"),
        ("frame_00004_depth.bin", encode(depth_image(4)[:, :20]), r"frame_00004_depth\.bin is 20x24 px"),
        ("frame_00004_rgb.png", b"", r"frame_00004_rgb\.png is empty"),
        ("frame_00004_rgb.jpg", b"", "frame 4 is there twice"),
        ("frame_00003_rgb.png", cv2.imencode(".png", np.zeros((H, W), np.uint8))[1].tobytes(), "no colour image"),
        ("frame_00006_rgb.png", cv2.imencode(".jpg", np.zeros((H, W, 3), np.uint8))[1].tobytes(), "another format"),
    ],
)
def test_what_is_wrong_is_told_by_the_files_name(
    name: str, data: bytes | str | None, said: str, sequence: Path
) -> None:
    spoil(sequence, name, data)
    with pytest.raises(SessionImportError, match=said):
        bring(sequence)
    assert sorted(p.name for p in sequence.parent.iterdir()) == ["01"]


def test_options_are_checked(sequence: Path) -> None:
    with pytest.raises(SessionImportError, match="fps must be a positive number"):
        bring(sequence, fps=0.0)
    with pytest.raises(SessionImportError, match="takes no unit_mm; it takes fps"):
        bring(sequence, unit_mm=1.0)


def test_distortion_is_kept_and_its_order_said(sequence: Path) -> None:
    (sequence / "rgb.cal").write_text(RGB_CAL.replace("0 0 0 0 \n", "0.1 -0.2 0.001 0.002 \n"))
    report = bring(sequence)
    assert any("rgb.cal: its four distortion coefficients are taken as k1 k2 p1 p2" in note for note in report.notes)
    with SessionReader(sequence.parent / "a.mcap") as session:
        k = session.info.stream("color").intrinsics
        assert k is not None
        assert k.distortion == (0.1, -0.2, 0.001, 0.002, 0.0)


@st.composite
def images(draw: st.DrawFn) -> NDArray[np.uint16]:
    width, height = draw(st.integers(1, 20)), draw(st.integers(1, 20))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    full = rng.random((height, width)) < draw(st.sampled_from([0.0, 0.05, 0.5, 0.95, 1.0]))
    return (rng.integers(1, 32768, (height, width)) * full).astype(np.uint16)


@given(images())
def test_what_was_compressed_comes_back(image: NDArray[np.uint16]) -> None:
    np.testing.assert_array_equal(biwi_depth.decode(encode(image), SOMEWHERE), image)


@given(images(), st.data())
def test_a_cut_or_lengthened_image_is_an_error(image: NDArray[np.uint16], data: st.DataObject) -> None:
    whole = encode(image)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(SessionImportError, match=r"frame_00003_depth\.bin"):
        biwi_depth.decode(whole[:cut], SOMEWHERE)
    with pytest.raises(SessionImportError, match="follow the image's last pixel"):
        biwi_depth.decode(whole + b"\x00", SOMEWHERE)


@given(st.binary(max_size=200))
def test_garbage_is_an_error_or_an_image(data: bytes) -> None:
    try:
        image = biwi_depth.decode(data, SOMEWHERE)
    except SessionImportError:
        return
    assert image.nbytes <= 4096 * 4096 * 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (struct.pack("<iiii", 4, 2, -1, 9), "runs of -1 and 9"),
        (struct.pack("<iiii", 4, 2, 9, 0), "runs of 9 and 0 pixels follow, 8 have room"),
        (struct.pack("<iiiih", 1, 1, 0, 1, -5), "a depth of -5 mm"),
        (struct.pack("<ii", -4, 2), "its size would be -4x2 px"),
        (struct.pack("<ii", 100000, 100000), "its size would be 100000x100000 px"),
    ],
)
def test_damaged_runs_are_told(data: bytes, said: str) -> None:
    with pytest.raises(SessionImportError, match=said):
        biwi_depth.decode(data, SOMEWHERE)
