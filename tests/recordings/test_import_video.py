"""An ordinary video becomes a session: every frame with its time, lossless where the file is; damage is told."""

from __future__ import annotations

import contextlib
import struct
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from av.stream import Disposition
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import FrameFlag, Intrinsics, KelvinMap, StreamKind
from recordings.errors import SessionImportError
from recordings.importers.protocol import ImportOptions, ImportReport
from recordings.importers.video import IMPORTER
from recordings.importers.video_container import what_is_missing
from recordings.reader import SessionReader

W, H = 64, 48
MS = Fraction(1, 1000)


def scene(n: int, width: int = W, height: int = H) -> NDArray[np.uint8]:
    """RGB, smooth, brightest in its upper left corner."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([255 - x * 3, 255 - y * 3 - n, (x + y) // 2 + 3 * n]).clip(0, 255).astype(np.uint8)


def counts(n: int, dtype: Any = np.uint16) -> NDArray[Any]:
    return np.random.default_rng(n).integers(0, np.iinfo(dtype).max, (H, W)).astype(dtype)


Images = Sequence[NDArray[Any]]


def write(
    path: Path,
    *tracks: tuple[str, str, Images],
    ms: Sequence[int] | None = None,
    rate: int = 25,
    options: dict[str, str] | None = None,
    metadata: dict[str, str] | None = None,
    sound: bool = False,
) -> Path:
    """Tracks of (codec, pixel format, images), frame k at ms[k] or k / rate."""
    with av.open(str(path), "w") as out:
        out.metadata.update(metadata or {})
        streams: list[Any] = []
        for codec, form, images in tracks:
            stream: Any = out.add_stream(codec, rate=rate, options=options or {})
            stream.height, stream.width = images[0].shape[:2]
            stream.pix_fmt = form
            stream.codec_context.time_base = MS if ms else Fraction(1, rate)
            streams.append(stream)
        audio: Any = out.add_stream("pcm_s16le", rate=8000) if sound else None
        for k in range(max(len(images) for _, _, images in tracks)):
            for stream, (_, _, images) in zip(streams, tracks, strict=True):
                if k < len(images):
                    one = images[k]
                    given_as = "rgb24" if one.ndim == 3 else "gray16le" if one.dtype == np.uint16 else "gray"
                    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(one), given_as)
                    frame.pts, frame.time_base = (ms[k], MS) if ms else (k, Fraction(1, rate))
                    out.mux(stream.encode(frame))
        if audio is not None:
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
            silence.sample_rate, silence.pts = 8000, 0
            out.mux(audio.encode(silence))
        for stream in [*streams, *([audio] if audio is not None else [])]:
            out.mux(stream.encode(None))
    if tracks[0][0] == "rawvideo":  # AVI: name the format as cameras' drivers do (biCompression of BITMAPINFOHEADER)
        data = bytearray(path.read_bytes())
        at = data.index(b"strf") + 8 + 16
        data[at : at + 4] = b"Y16 "
        path.write_bytes(data)
    return path


def run(path: Path, out: Path, **given: Any) -> ImportReport:
    known = {"fps", "unit_mm", "fx", "hfov_deg", "overwrite", "layout"}
    options = {k: v for k, v in given.items() if k in known}
    extra = {k: str(v) for k, v in given.items() if k not in known}
    return IMPORTER.run(path, out, ImportOptions(extra=extra, **options))


def fails(path: Path, *words: str, **options: Any) -> None:
    """The import ends in one sentence that holds the words, and leaves nothing."""
    out = path.parent / "out"
    out.mkdir(exist_ok=True)
    with pytest.raises(SessionImportError) as caught:
        run(path, out / "a.mcap", **options)
    for word in words:
        assert word in str(caught.value)
    assert list(out.iterdir()) == []


def color(n: int = 6) -> list[NDArray[np.uint8]]:
    return [scene(k) for k in range(n)]


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


def remux_jpegs(path: Path, jpegs: Sequence[bytes]) -> Path:
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = W, H, "yuvj420p"
        for k, data in enumerate(jpegs):
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, 25)
            packet.pts = packet.dts = k
            packet.duration = 1
            out.mux(packet)
    return path


def test_motion_jpeg_without_its_tables_is_decoded(tmp_path: Path) -> None:
    """Some cameras leave the Huffman tables out: no JPEG reader of OpenCV's kind is sure to take that."""
    jpegs = [cv2.imencode(".jpg", scene(k)[..., ::-1])[1].tobytes() for k in range(3)]
    path = remux_jpegs(tmp_path / "a.avi", [data[:-2] for data in jpegs])  # no end mark either
    report = run(path, tmp_path / "a.mcap")
    assert report.frames == {"color": 3}
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.codec("color") != "jpeg"
        assert np.abs(session.frame("color", 1).pixels.astype(int) - scene(1)).mean() < 8


def test_a_damaged_jpeg_among_good_ones(tmp_path: Path) -> None:
    jpegs = [cv2.imencode(".jpg", scene(k)[..., ::-1])[1].tobytes() for k in range(4)]
    jpegs[2] = jpegs[2][: len(jpegs[2]) // 2]
    path = remux_jpegs(tmp_path / "a.avi", jpegs)
    fails(path, "damaged", "frame 2", "damaged=keep")
    report = run(path, tmp_path / "a.mcap", damaged="keep")
    assert report.frames == {"color": 3}
    assert any("DAMAGED: 1 places" in note for note in report.notes)
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("color").device_ns.tolist() == [0, 40_000_000, 120_000_000]
        lost = FrameFlag.LOSSY | FrameFlag.DROPPED_BEFORE
        assert [session.frame("color", k).flags for k in range(3)] == [FrameFlag.LOSSY, FrameFlag.LOSSY, lost]


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


def test_without_pyav_the_way_to_get_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.mp4", ("libx264", "yuv420p", color(2)))
    monkeypatch.setitem(sys.modules, "av", None)
    assert IMPORTER.recognises(path)
    fails(path, 'pip install "tapetum[formats]"')


def test_options_that_do_not_fit(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", ("libx264", "yuv420p", color(2)))
    fails(path, "more than 8 bits", kind="thermal")
    fails(path, "more than 8 bits", kind="depth", unit_mm=1.0)
    fails(path, "takes no gain", gain=1)
    fails(path, "unit_mm", unit_mm=1.0)
    fails(path, "color, gray", kind="sonar")
    fails(path, "refuse, keep", damaged="perhaps")
    fails(path, "takes no colour", colour="red")
    with pytest.raises(SessionImportError, match="another name"):
        run(path, path, overwrite=True)


def test_files_that_are_something_else(tmp_path: Path) -> None:
    for name, content, word in (
        ("empty.mp4", b"", "is empty"),
        ("text.mp4", b"hello, this is text and no video at all", "cannot be opened"),
        ("head.mp4", b"\0\0\0\x10ftypisom\0\0\0\0", "moov"),
        ("zeros.avi", bytes(5000), "cannot be opened"),
    ):
        (tmp_path / name).write_bytes(content)
        fails(tmp_path / name, name, word)
    assert not IMPORTER.recognises(tmp_path / "text.mp4")
    assert not IMPORTER.recognises(tmp_path / "none.mp4")
    assert not IMPORTER.recognises(tmp_path)
    fails(tmp_path / "none.mp4", "no file")
    with av.open(str(tmp_path / "sound.mkv"), "w") as out:
        audio: Any = out.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        frame.sample_rate, frame.pts = 8000, 0
        out.mux([*audio.encode(frame), *audio.encode(None)])
    fails(tmp_path / "sound.mkv", "no video frame")


def test_a_bare_stream_has_no_clock(tmp_path: Path) -> None:
    jpegs = b"".join(cv2.imencode(".jpg", scene(k)[..., ::-1])[1].tobytes() for k in range(3))
    path = tmp_path / "a.mjpeg"
    path.write_bytes(jpegs)
    assert IMPORTER.recognises(path)
    fails(path, "without times", "--fps")
    assert run(path, tmp_path / "a.mcap", fps=10.0).frames == {"color": 3}


NOISE = [np.random.default_rng(k).integers(0, 255, (H, W, 3)).astype(np.uint8) for k in range(20)]


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [("a.mp4", "libx264", "yuv420p"), ("a.mkv", "ffv1", "gray"), ("a.avi", "mpeg4", "yuv420p")],
)
def test_a_truncated_video_is_refused(tmp_path: Path, name: str, codec: str, form: str, keep: float) -> None:
    images = NOISE if form != "gray" else [np.ascontiguousarray(image[:, :, 0]) for image in NOISE]
    whole = write(tmp_path / name, (codec, form, images)).read_bytes()
    assert what_is_missing(tmp_path / name) == ""
    path = tmp_path / f"b{Path(name).suffix}"
    path.write_bytes(whole[: int(len(whole) * keep)])
    fails(path, "is truncated")


def test_what_is_left_of_a_truncated_video(tmp_path: Path) -> None:
    images = [np.ascontiguousarray(image[:, :, 0]) for image in NOISE]
    whole = write(tmp_path / "a.mkv", ("ffv1", "gray", images)).read_bytes()
    path = tmp_path / "b.mkv"
    path.write_bytes(whole[: len(whole) // 2])
    report = run(path, tmp_path / "b.mcap", damaged="keep")
    count = report.frames["gray"]
    assert 5 <= count <= 12
    assert any(note.startswith("DAMAGED: the file is truncated") for note in report.notes)
    with SessionReader(tmp_path / "b.mcap") as session:
        for k in range(count):
            np.testing.assert_array_equal(session.frame("gray", k).pixels, images[k])


def test_damage_within_is_not_covered_up(tmp_path: Path) -> None:
    """What follows a damaged frame is built upon it: it is left out up to the next key frame."""
    clean = write(tmp_path / "a.mp4", ("libx264", "yuv420p", NOISE), options={"g": "8", "bf": "0", "sc_threshold": "0"})
    run(clean, tmp_path / "clean.mcap")
    data = bytearray(clean.read_bytes())
    with av.open(str(clean)) as container:
        packets = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    at, size = packets[10]
    data[at + size // 3 : at + size] = bytes(size - size // 3)
    path = tmp_path / "b.mp4"
    path.write_bytes(data)
    fails(path, "is damaged", "damaged=keep")
    report = run(path, tmp_path / "b.mcap", damaged="keep")
    assert any(note.startswith("DAMAGED") for note in report.notes)
    with SessionReader(tmp_path / "b.mcap") as session, SessionReader(tmp_path / "clean.mcap") as whole:
        kept = [round(t / 40e6) for t in session.times("color").device_ns]
        assert kept == [*range(10), *range(16, 20)]
        for k, n in enumerate(kept):
            np.testing.assert_array_equal(session.frame("color", k).pixels, whole.frame("color", n).pixels)
        assert session.frame("color", 10).flags & FrameFlag.DROPPED_BEFORE


def test_matroska_and_avi_that_were_never_finished(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "live.mkv"), "w", options={"live": "1"}) as out:  # no lengths are written
        stream: Any = out.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = W, H, "gray"
        for k in range(6):
            frame = av.VideoFrame.from_ndarray(counts(k, np.uint8), "gray")
            frame.pts, frame.time_base = k, Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    whole = (tmp_path / "live.mkv").read_bytes()
    assert what_is_missing(tmp_path / "live.mkv") == ""
    (tmp_path / "cut.mkv").write_bytes(whole[:-100])
    assert what_is_missing(tmp_path / "cut.mkv")
    avi = bytearray(write(tmp_path / "a.avi", ("mpeg4", "yuv420p", color(3))).read_bytes())
    avi[4:8] = bytes(4)
    (tmp_path / "a.avi").write_bytes(avi)
    fails(tmp_path / "a.avi", "not finished")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_ends_in_anything_but_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    name, codec, form = data.draw(
        st.sampled_from(
            [("w.mp4", "libx264", "yuv420p"), ("w.mkv", "ffv1", "gray16le"), ("w.avi", "mjpeg", "yuvj420p")]
        )
    )
    path = tmp_path / name
    if not path.exists():
        write(path, (codec, form, [counts(k) for k in range(4)] if form == "gray16le" else color(4)))
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    broken = tmp_path / f"b{path.suffix}"
    broken.write_bytes(whole)
    for damaged in ("refuse", "keep"):
        with contextlib.suppress(SessionImportError):  # anything else is a traceback at the user
            run(broken, tmp_path / "a.mcap", overwrite=True, damaged=damaged)
