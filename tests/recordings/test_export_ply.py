"""Point clouds: where each reading lies in space, in metres, with the colour of its pixel."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.distortion import BROWN_CONRADY, FISHEYE, INVERSE_BROWN_CONRADY, MODIFIED_BROWN_CONRADY
from drivers.frame import Extrinsics, Frame, FrameFlag, Intrinsics, StreamInfo
from recordings.errors import SessionExportError
from recordings.exporters.ply import EXPORTER
from recordings.reader import SessionReader
from tests.recordings.export_cases import export, full_session, generated_session
from tests.recordings.sessions import (
    COLOR,
    DEPTH,
    EPOCH,
    GRAY,
    INFRARED,
    MS,
    K,
    frame_of,
    simple_session,
    write_session,
)

TYPES = {"float": "<f4", "uchar": "u1", "ushort": "<u2"}


def read_ply(path: Path) -> tuple[NDArray[Any], list[str]]:
    """The vertices, and the comments, of a binary little-endian PLY, by its specification."""
    data = path.read_bytes()
    head, _, body = data.partition(b"end_header\n")
    lines = head.decode("ascii").splitlines()
    assert lines[:2] == ["ply", "format binary_little_endian 1.0"]
    count = next(int(line.split()[2]) for line in lines if line.startswith("element vertex"))
    properties = [line.split()[1:] for line in lines if line.startswith("property")]
    vertices = np.frombuffer(body, [(name, TYPES[kind]) for kind, name in properties])
    assert len(vertices) == count
    return vertices, [line.removeprefix("comment ") for line in lines if line.startswith("comment")]


def clouds(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.ply"))


def depth_frame(info: StreamInfo, pixels: NDArray[np.uint16]) -> Frame:
    return Frame(info, pixels, 0, 5_000 * MS, EPOCH)


def xyz(vertices: NDArray[Any]) -> NDArray[np.float64]:
    return np.stack([vertices[a] for a in "xyz"], 1).astype(np.float64)


def test_points_project_back_onto_their_pixels(tmp_path: Path) -> None:
    """By the lens model itself: OpenCV's projection with the stream's distortion."""
    import cv2

    source = simple_session(tmp_path / "in.mcap", 2, [DEPTH])
    export(EXPORTER, source, tmp_path / "out")
    assert [p.name for p in clouds(tmp_path / "out")] == ["000000_5.000000000.ply", "000001_5.033000000.ply"]
    with SessionReader(source) as session:
        pixels = session.frame("depth", 1).pixels
    vertices, comments = read_ply(clouds(tmp_path / "out")[1])
    v, u = np.nonzero(pixels)
    points = xyz(vertices)
    np.testing.assert_allclose(points[:, 2], pixels[v, u] * 0.001, rtol=1e-6)
    back, _ = cv2.projectPoints(points, np.zeros(3), np.zeros(3), K.matrix(), np.array(K.distortion))
    np.testing.assert_allclose(back[:, 0], np.stack([u, v], 1), atol=2e-4)
    assert comments[0] == "points: frame 1 of stream depth, device_ns 5033000000"
    assert "metres; x right, y down, z forward" in comments[-1]


def test_pixels_without_a_reading_are_no_points(tmp_path: Path) -> None:
    plain = replace(DEPTH, intrinsics=Intrinsics(16, 12, 20.0, 10.0, 7.5, 5.5), unit_m=0.0005)
    pixels = np.zeros((12, 16), np.uint16)
    pixels[2, 3], pixels[11, 15] = 2000, 65535
    write_session(tmp_path / "in.mcap", [plain], [depth_frame(plain, pixels)])
    report = export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out")
    assert report.frames == {"depth": 1}
    vertices, _ = read_ply(clouds(tmp_path / "out")[0])
    expected = [[(3 - 7.5) / 20, (2 - 5.5) / 10, 1.0], [7.5 * 32.7675 / 20, 5.5 * 32.7675 / 10, 32.7675]]
    np.testing.assert_allclose(xyz(vertices), expected, rtol=1e-6)


def test_a_frame_without_any_reading_is_an_empty_cloud(tmp_path: Path) -> None:
    write_session(tmp_path / "in.mcap", [DEPTH], [depth_frame(DEPTH, np.zeros((12, 16), np.uint16))])
    export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out")
    assert len(read_ply(clouds(tmp_path / "out")[0])[0]) == 0


def test_points_have_the_colour_of_their_pixel(tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap", "compact")
    report = export(EXPORTER, source, tmp_path / "out")
    assert report.notes == ("depth: colour from color",)
    with SessionReader(source) as session:
        for n, path in enumerate(clouds(tmp_path / "out")):
            vertices, comments = read_ply(path)
            there = session.frame("depth", n).pixels > 0
            rgb = np.stack([vertices[c] for c in ("red", "green", "blue")], 1)
            np.testing.assert_array_equal(rgb, session.frame("color", n).pixels[there])
            assert f"colour: frame {n} of stream color" in comments[1]
            assert ("stale" in comments[0]) == (n == 2)


@pytest.mark.parametrize(
    "partner", [INFRARED, replace(GRAY, registered_to="depth"), replace(GRAY, name="color")], ids=["16", "8", "named"]
)
def test_infrared_or_gray_on_the_same_grid_is_an_intensity(partner: StreamInfo, tmp_path: Path) -> None:
    source = simple_session(tmp_path / "in.mcap", 1, [DEPTH, partner])
    export(EXPORTER, source, tmp_path / "out")
    vertices, _ = read_ply(clouds(tmp_path / "out")[0])
    with SessionReader(source) as session:
        there = session.frame("depth", 0).pixels > 0
        expected = session.frame(partner.name, 0).pixels[there]
    assert vertices["intensity"].dtype == expected.dtype
    np.testing.assert_array_equal(vertices["intensity"], expected)


def test_a_picture_of_another_grid_or_another_time_gives_none(tmp_path: Path) -> None:
    other = replace(COLOR, intrinsics=None)
    alone = replace(DEPTH, registered_to=None)
    report = export(EXPORTER, simple_session(tmp_path / "a.mcap", 1, [alone, other]), tmp_path / "a")
    assert report.notes == ("depth: no colour, since no colour or gray stream lies on its pixel grid",)
    assert read_ply(clouds(tmp_path / "a")[0])[0].dtype.names == ("x", "y", "z")
    late = [frame_of(DEPTH, 0), frame_of(COLOR, 9), frame_of(DEPTH, 10)]
    report = export(EXPORTER, write_session(tmp_path / "b.mcap", [DEPTH, COLOR], late), tmp_path / "b")
    assert report.notes[1] == "depth: 1 frames without colour, none was taken at that time"
    assert [len(read_ply(p)[0].dtype) for p in clouds(tmp_path / "b")] == [3, 6]


def member(info: StreamInfo, name: str) -> StreamInfo:
    """As the stream of one of several cameras is called: on a clock of its own."""
    return replace(info, name=f"{name}/{info.name}", registered_to=None, clock=name)


def test_a_camera_that_nobody_relates_gives_no_colour_though_its_lens_is_the_same(tmp_path: Path) -> None:
    depth, color = member(DEPTH, "left"), member(COLOR, "right")
    report = export(EXPORTER, simple_session(tmp_path / "a.mcap", 1, [depth, color]), tmp_path / "a")
    assert read_ply(clouds(tmp_path / "a")[0])[0].dtype.names == ("x", "y", "z")
    assert report.notes == (
        "left/depth: no colour, right/color has the same lens, but is of another camera, which no rig places",
    )


@pytest.mark.parametrize("how", ["one camera", "placed by a rig", "registered"])
def test_a_camera_that_is_related_does(how: str, tmp_path: Path) -> None:
    depth, color = member(DEPTH, "left"), member(COLOR, "left" if how == "one camera" else "right")
    streams = [depth, color]
    if how == "placed by a rig":  # as behind one beam splitter: both stand 10 cm from the first camera
        place = Extrinsics(translation_m=(0.1, 0.0, 0.0))
        streams = [member(GRAY, "first"), replace(depth, extrinsics=place), replace(color, extrinsics=place)]
    if how == "registered":
        streams = [replace(depth, registered_to="right/color"), color]
    frames = [frame_of(s, 0, device_ns=k * 10**12) for k, s in enumerate(streams)]  # each clock begins elsewhere
    if how == "one camera":
        frames = [frame_of(s, 0) for s in streams]
    source = write_session(tmp_path / "a.mcap", streams, frames)
    report = export(EXPORTER, source, tmp_path / "a")
    assert report.notes == (f"left/depth: colour from {color.name}",)
    vertices, _ = read_ply(clouds(tmp_path / "a")[0])
    with SessionReader(source) as session:
        there = session.frame("left/depth", 0).pixels > 0
        rgb = np.stack([vertices[c] for c in ("red", "green", "blue")], 1)
        np.testing.assert_array_equal(rgb, session.frame(color.name, 0).pixels[there])


def test_depth_without_intrinsics_is_refused(tmp_path: Path) -> None:
    bare = replace(DEPTH, intrinsics=None, registered_to=None)
    source = simple_session(tmp_path / "in.mcap", 1, [bare])
    with pytest.raises(SessionExportError, match="stream depth has no intrinsics, without which depth makes no points"):
        export(EXPORTER, source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_session_without_depth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionExportError, match="has no stream of depth"):
        export(EXPORTER, simple_session(tmp_path / "in.mcap", 1, [COLOR]), tmp_path / "out")


def test_some_frames_only(tmp_path: Path) -> None:
    source = simple_session(tmp_path / "in.mcap", 8, [DEPTH])
    report = export(EXPORTER, source, tmp_path / "every", extra={"every": "3"})
    assert report.frames == {"depth": 3}
    assert [p.name[:6] for p in clouds(tmp_path / "every")] == ["000000", "000003", "000006"]
    assert json.loads((tmp_path / "every" / "export.json").read_text())["frames"] == {"depth": 3}
    export(EXPORTER, source, tmp_path / "one", extra={"frame": "5"})
    assert [p.name[:6] for p in clouds(tmp_path / "one")] == ["000005"]
    for extra, words in (
        ({"frame": "99"}, "has no depth frame number 99"),
        ({"every": "0"}, "--set every takes a whole number from 1"),
        ({"every": "x"}, "found 'x'"),
        ({"every": "2", "frame": "1"}, "not both"),
    ):
        with pytest.raises(SessionExportError, match=words):
            export(EXPORTER, source, tmp_path / "none", extra=extra)
    assert not (tmp_path / "none").exists()


def test_a_camera_that_counts_again_loses_no_cloud(tmp_path: Path) -> None:
    frames = [frame_of(DEPTH, 3, device_ns=0, host_ns=EPOCH + k) for k in range(3)]
    write_session(tmp_path / "in.mcap", [DEPTH], frames)
    export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out")
    assert len(clouds(tmp_path / "out")) == 3


def test_generated_depth_says_so(tmp_path: Path) -> None:
    export(EXPORTER, generated_session(tmp_path / "in.mcap"), tmp_path / "out")
    said = [(p.name, read_ply(p)[1]) for p in clouds(tmp_path / "out")]
    assert ["GENERATED" in name for name, _ in said] == [False, True, False]
    assert ["GENERATED by a model" in " ".join(comments) for _, comments in said] == [False, True, False]


def test_real_depth_with_a_generated_colour_says_so(tmp_path: Path) -> None:
    frames = [frame_of(DEPTH, 0), frame_of(COLOR, 0, flags=FrameFlag.GENERATED)]
    export(EXPORTER, write_session(tmp_path / "in.mcap", [DEPTH, COLOR], frames), tmp_path / "out")
    comments = read_ply(clouds(tmp_path / "out")[0])[1]
    assert "GENERATED" not in comments[0]
    assert comments[1].startswith("colour: frame 0 of stream color")
    assert "GENERATED by a model" in comments[1]


LENSES = [
    ((), BROWN_CONRADY),
    ((-0.3, 0.1, 0.001, -0.002), BROWN_CONRADY),
    ((0.5, -0.3, 0.001, 0.0, 0.1, 0.6, -0.2, 0.02), BROWN_CONRADY),
    ((-0.2, 0.05, 0.001, 0.0, 0.0, 0.0, 0.0, 0.0, 0.01, 0.0, -0.01, 0.0, 0.05, -0.03), BROWN_CONRADY),
    ((-0.04, 0.01, -0.003, 0.0005), FISHEYE),
    ((0.2, -0.1, 0.001, 0.002, 0.0), INVERSE_BROWN_CONRADY),
    ((-0.2, 0.05, 0.01, 0.02, 0.0), MODIFIED_BROWN_CONRADY),
]


@pytest.mark.parametrize(("coefficients", "model"), LENSES)
def test_a_plane_seen_through_any_lens_is_flat(coefficients: tuple[float, ...], model: str, tmp_path: Path) -> None:
    """A slanted plane: what the lens bends in the picture is straight again in space."""
    lens = Intrinsics(64, 48, 30.0, 31.0, 31.0, 23.0, coefficients, model)
    rays = lens.rays().astype(np.float64)
    z = 2.0 / (1.0 - 0.05 * rays[..., 0] + 0.03 * rays[..., 1])  # z = 2 + 0.05 x - 0.03 y
    info = replace(DEPTH, width=64, height=48, intrinsics=lens, unit_m=0.0001, registered_to=None)
    pixels = np.nan_to_num(np.rint(z / 0.0001)).astype(np.uint16)
    write_session(tmp_path / "in.mcap", [info], [depth_frame(info, pixels)])
    export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out")
    points = xyz(read_ply(clouds(tmp_path / "out")[0])[0])
    assert len(points) == 64 * 48
    off = points[:, 2] - (2.0 + 0.05 * points[:, 0] - 0.03 * points[:, 1])
    assert float(np.abs(off).max()) < 1e-4  # the depth's own step
    v, u = np.mgrid[0:48, 0:64].reshape(2, -1)
    np.testing.assert_allclose(lens.project(points, distort=True), np.stack([u, v], 1), atol=1e-3)


def test_readings_beyond_the_lens_are_no_points(tmp_path: Path) -> None:
    """A fisheye whose circle does not fill the picture: nothing beyond 89 degrees lies before the camera."""
    lens = Intrinsics(64, 48, 15.0, 15.0, 31.5, 23.5, (0.0, 0.0, 0.0, 0.0), FISHEYE)
    info = replace(DEPTH, width=64, height=48, intrinsics=lens, registered_to=None)
    write_session(tmp_path / "in.mcap", [info], [depth_frame(info, np.full((48, 64), 1000, np.uint16))])
    report = export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out")
    v, u = np.mgrid[0:48, 0:64]
    seen = np.hypot(u - 31.5, v - 23.5) / 15.0 < np.radians(89)
    points = xyz(read_ply(clouds(tmp_path / "out")[0])[0])
    assert np.isfinite(points).all()
    assert int(seen.sum()) == len(points) < 64 * 48
    assert f"depth: {64 * 48 - len(points)} pixels lie beyond what the lens shows and are no points" in report.notes
    angle = np.hypot(u - 31.5, v - 23.5)[seen] / 15.0
    np.testing.assert_allclose(np.hypot(points[:, 0], points[:, 1]), np.tan(angle), rtol=1e-4)
