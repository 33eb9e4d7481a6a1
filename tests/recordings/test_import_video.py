"""An ordinary video becomes a session: every frame with its time, lossless where the file is; damage is told."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from av.stream import Disposition

from drivers.frame import FrameFlag, Intrinsics, KelvinMap, StreamKind
from recordings.importers.protocol import ImportOptions
from recordings.importers.video import IMPORTER
from recordings.reader import SessionReader
from tests.recordings.video_cases import H, W, color, counts, fails, remux_jpegs, run, scene, write


@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mov", "mpeg4", "yuv420p"),
        ("a.mkv", "libx264", "yuv444p"),
        ("a.ts", "libx264", "yuv420p"),
    ],
)
def test_lossy_colour_with_the_files_times(tmp_path: Path, name: str, codec: str, form: str) -> None:
    path = write(tmp_path / name, (codec, form, color(12)), options={"crf": "5"} if codec == "libx264" else {"b": "5M"})
    assert IMPORTER.recognises(path)
    calls: list[int] = []
    report = IMPORTER.run(path, tmp_path / "s.mcap", ImportOptions(), lambda done, total: calls.append(done))
    assert calls == list(range(1, 13))
    assert report.frames == {"color": 12}
    assert report.clock == "device"
    assert report.seconds == pytest.approx(11 / 25)
    with SessionReader(tmp_path / "s.mcap") as session:
        (stream,) = session.streams
        assert (stream.kind, stream.fps, stream.shape) == (StreamKind.COLOR, 25.0, (H, W, 3))
        assert np.diff(session.times("color").device_ns).tolist() == [40_000_000] * 11
        for n in (0, 5, 11):
            frame = session.frame("color", n)
            assert (frame.number, frame.flags) == (n, FrameFlag.LOSSY)
            assert np.abs(frame.pixels.astype(int) - scene(n)).mean() < 8
    assert any("lossy" in note for note in report.notes)
    assert any("times the video's size" in note for note in report.notes)


def test_variable_rates_are_kept_exactly(tmp_path: Path) -> None:
    ms = [7, 40, 41, 300, 1300, 1333]
    path = write(tmp_path / "a.mkv", ("ffv1", "gray", [counts(k, np.uint8) for k in range(6)]), ms=ms)
    run(path, tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("gray").device_ns.tolist() == [t * 1_000_000 for t in ms]
        assert session.times("gray").host_ns.tolist() == [t * 1_000_000 for t in ms]


def test_the_time_of_recording_is_the_host_time(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.mp4", ("libx264", "yuv420p", color(3)), metadata={"creation_time": "2024-05-06T07:08:09.000000Z"}
    )
    run(path, tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        times = session.times("color")
        assert (times.host_ns - times.device_ns).tolist() == [1714979289 * 10**9] * 3
        assert times.device_ns[0] == 0


def test_even_times_in_place_of_the_files(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mkv", ("ffv1", "gray", [counts(k, np.uint8) for k in range(3)]), ms=[0, 5, 900])
    report = run(path, tmp_path / "a.mcap", fps=2.0)
    assert report.clock == "synthetic"
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("gray").device_ns.tolist() == [500_000_000, 1_000_000_000, 1_500_000_000]
        assert session.streams[0].fps == 2.0
    fails(path, "fps", fps=0.0)


@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [
        ("a.mkv", "ffv1", "gray16le"),
        ("a.avi", "ffv1", "gray"),
        ("a.avi", "rawvideo", "gray16le"),
        ("a.mov", "png", "gray"),
        ("a.avi", "png", "gray16be"),
    ],
)
def test_lossless_gray_is_identical(tmp_path: Path, name: str, codec: str, form: str) -> None:
    dtype = np.uint8 if form == "gray" else np.uint16
    images = [counts(k, dtype) for k in range(4)]
    report = run(write(tmp_path / name, (codec, form, images)), tmp_path / "a.mcap", layout="compact")
    assert report.frames == {"gray": 4}
    with SessionReader(tmp_path / "a.mcap") as session:
        for k in range(4):
            frame = session.frame("gray", k)
            assert frame.flags == FrameFlag.NONE
            np.testing.assert_array_equal(frame.pixels, images[k])


def test_rows_of_raw_counts_may_be_filled_up(tmp_path: Path) -> None:
    odd = [np.ascontiguousarray(counts(k)[:, :63]) for k in range(2)]
    path = write(tmp_path / "a.avi", ("rawvideo", "gray16le", odd))
    run(path, tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        np.testing.assert_array_equal(session.frame("gray", 1).pixels, odd[1])
    data = path.read_bytes()
    at = data.index(b"strf") + 12
    path.write_bytes(data[:at] + struct.pack("<i", 62) + data[at + 4 :])
    fails(path, "bytes", "62x48")
    fails(path, "no colour", kind="color")


def test_gray_of_ten_bits_keeps_its_values(tmp_path: Path) -> None:
    images = [np.full((H, W), 128, np.uint8) for _ in range(2)]
    path = write(tmp_path / "a.mkv", ("ffv1", "gray10le", images))
    run(path, tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        pixels = session.frame("gray", 0).pixels
        assert pixels.dtype == np.uint16
        assert 500 < pixels.min() <= pixels.max() < 530  # of 1024, not of 65536


def test_lossless_rgb_is_identical_and_not_called_lossy(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mov", ("png", "rgb24", color(3)))
    run(path, tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        for n in range(3):
            frame = session.frame("color", n)
            assert frame.flags == FrameFlag.NONE
            np.testing.assert_array_equal(frame.pixels, scene(n))
    # The same codec on luma and chroma: the way to RGB rounds.
    report = run(write(tmp_path / "b.mkv", ("ffv1", "yuv420p", color(3))), tmp_path / "b.mcap")
    assert any("lossy" in note for note in report.notes)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("thermal", {"scale": "centikelvin"}, {"kelvin": KelvinMap(0.01)}),
        ("thermal", {"gain": 0.04, "offset": 100}, {"kelvin": KelvinMap(0.04, 100.0)}),
        ("thermal", {}, {"kelvin": None}),
        ("depth", {"unit_mm": 0.25}, {"unit_m": 0.00025}),
        ("infrared", {"hfov_deg": 60}, {"intrinsics": Intrinsics.from_fov(W, H, 60)}),
    ],
)
def test_what_sixteen_bits_mean_can_be_said(tmp_path: Path, kind: str, given: dict[str, Any], expected: Any) -> None:
    path = write(tmp_path / "a.avi", ("rawvideo", "gray16le", [counts(0), counts(1)]))
    run(path, tmp_path / "a.mcap", kind=kind, **given)
    with SessionReader(tmp_path / "a.mcap") as session:
        (stream,) = session.streams
        assert (stream.name, stream.kind) == (kind, StreamKind(kind))
        assert {key: getattr(stream, key) for key in expected} == expected
        np.testing.assert_array_equal(session.frame(kind, 1).pixels, counts(1))


def test_luma_of_a_colour_video_as_infrared(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", ("libx264", "yuv420p", color(2)), options={"crf": "5"})
    run(path, tmp_path / "a.mcap", kind="infrared")
    with SessionReader(tmp_path / "a.mcap") as session:
        frame = session.frame("infrared", 0)
        assert frame.pixels.dtype == np.uint8
        assert frame.flags == FrameFlag.LOSSY
        luma = cv2.cvtColor(scene(0), cv2.COLOR_RGB2GRAY)
        assert np.abs(frame.pixels.astype(int) - luma).mean() < 4


@pytest.mark.parametrize(("form", "name"), [("yuvj420p", "color"), ("gray", "gray")])
@pytest.mark.parametrize("suffix", [".avi", ".mkv", ".mov"])
def test_motion_jpeg_keeps_its_bytes(tmp_path: Path, form: str, name: str, suffix: str) -> None:
    images = color(4) if form != "gray" else [np.ascontiguousarray(scene(k)[:, :, 0]) for k in range(4)]
    jpegs = [cv2.imencode(".jpg", image[..., ::-1] if image.ndim == 3 else image)[1].tobytes() for image in images]
    path = remux_jpegs(tmp_path / f"a{suffix}", jpegs)
    report = run(path, tmp_path / "a.mcap")
    assert report.frames == {name: 4}
    with SessionReader(tmp_path / "a.mcap") as session:
        for k in range(4):
            assert session.stored(name, k).data == jpegs[k]
            frame = session.frame(name, k)
            decoded = cv2.imdecode(np.frombuffer(jpegs[k], np.uint8), cv2.IMREAD_UNCHANGED)
            np.testing.assert_array_equal(frame.pixels, decoded[..., ::-1] if decoded.ndim == 3 else decoded)
            assert frame.flags == FrameFlag.LOSSY
        assert np.diff(session.times(name).device_ns).tolist() == [40_000_000] * 3


def test_motion_jpeg_without_its_tables_is_decoded(tmp_path: Path) -> None:
    """Some cameras leave the Huffman tables out: no JPEG reader of OpenCV's kind is sure to take that."""
    jpegs = [cv2.imencode(".jpg", scene(k)[..., ::-1])[1].tobytes() for k in range(3)]
    path = remux_jpegs(tmp_path / "a.avi", [data[:-2] for data in jpegs])  # no end mark either
    report = run(path, tmp_path / "a.mcap")
    assert report.frames == {"color": 3}
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.codec("color") != "jpeg"
        assert np.abs(session.frame("color", 1).pixels.astype(int) - scene(1)).mean() < 8


def set_matrix(path: Path, a: int, b: int, c: int, d: int) -> None:
    """The display matrix of an MP4's track: x' = a x + c y, y' = b x + d y (ISO/IEC 14496-12, 8.3.2)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    struct.pack_into(">9i", data, at, a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("matrix", "upright"),
    [
        ((0, 1, -1, 0), cv2.ROTATE_90_CLOCKWISE),  # as a telephone held upright writes it
        ((-1, 0, 0, -1), cv2.ROTATE_180),
        ((0, -1, 1, 0), cv2.ROTATE_90_COUNTERCLOCKWISE),
    ],
)
def test_a_turned_video_stands_upright(tmp_path: Path, matrix: tuple[int, int, int, int], upright: int) -> None:
    path = write(tmp_path / "a.mp4", ("libx264", "yuv420p", color(3)), options={"crf": "5"})
    set_matrix(path, *matrix)
    report = run(path, tmp_path / "a.mcap", hfov_deg=60)
    assert any("turned by" in note for note in report.notes)
    with SessionReader(tmp_path / "a.mcap") as session:
        frame = session.frame("color", 1)
        expected = cv2.rotate(scene(1), upright)
        assert frame.pixels.shape == expected.shape
        assert np.abs(frame.pixels.astype(int) - expected).mean() < 8
        assert session.streams[0].intrinsics == Intrinsics.from_fov(expected.shape[1], expected.shape[0], 60)


def test_several_streams_and_sound(tmp_path: Path) -> None:
    gray = [counts(k) for k in range(4)]
    path = write(
        tmp_path / "a.mkv",
        ("libx264", "yuv420p", color(5)),
        ("ffv1", "gray16le", gray),
        ("ffv1", "gray", [g.astype(np.uint8) for g in gray]),
        sound=True,
    )
    report = run(path, tmp_path / "a.mcap")
    assert report.frames == {"color": 5, "gray": 4, "gray2": 4}
    assert report.ignored == {"audio stream": 1}
    with SessionReader(tmp_path / "a.mcap") as session:
        np.testing.assert_array_equal(session.frame("gray", 3).pixels, gray[3])
        np.testing.assert_array_equal(session.frame("gray2", 3).pixels, gray[3].astype(np.uint8))
    fails(path, "several video streams", "stream=", kind="thermal")
    fails(path, "several video streams", fx=50.0)
    fails(path, "no video stream 7", "0, 1, 2", stream=7)
    report = run(path, tmp_path / "b.mcap", stream=1, kind="thermal")
    assert report.frames == {"thermal": 4}
    assert report.ignored == {"audio stream": 1, "video stream not asked for": 2}


def test_a_cover_picture_is_no_stream(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w") as out:
        streams: list[Any] = [out.add_stream("libx264", rate=25), out.add_stream("png", rate=25)]
        streams[1].disposition = Disposition.attached_pic
        for stream, form in zip(streams, ("yuv420p", "rgb24"), strict=True):
            stream.width, stream.height, stream.pix_fmt = W, H, form
        for stream in streams:
            frame = av.VideoFrame.from_ndarray(scene(0), "rgb24")
            frame.pts, frame.time_base = 0, Fraction(1, 25)
            out.mux([*stream.encode(frame), *stream.encode(None)])
    report = run(tmp_path / "a.mp4", tmp_path / "a.mcap")
    assert report.frames == {"color": 1}
    assert report.ignored == {"cover picture": 1}
