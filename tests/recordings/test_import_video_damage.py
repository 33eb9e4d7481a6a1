"""A video that is damaged, something else, or of which too little is known: a sentence, and no half a session."""

from __future__ import annotations

import contextlib
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.frame import FrameFlag
from recordings.errors import SessionImportError
from recordings.importers import video
from recordings.importers.video import IMPORTER
from recordings.importers.video_container import what_is_missing
from recordings.reader import SessionReader
from tests.recordings.video_cases import NOISE, H, W, color, counts, fails, remux_jpegs, run, scene, write


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


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="thread names are read from Linux's /proc")
@pytest.mark.parametrize("damaged", ["refuse", "keep"])
def test_no_thread_of_the_decoder_holds_a_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: str) -> None:
    """Such threads waited for each other for ever, once in thousands of damaged files."""
    path = write(tmp_path / "a.mp4", ("libx264", "yuv420p", color(4)))
    names: set[str] = set()
    told = video._Reader._time_ns

    def listen(*what: Any) -> int:
        names.update((task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir())
        return told(*what)

    monkeypatch.setattr(video._Reader, "_time_ns", listen)
    run(path, tmp_path / "a.mcap", damaged=damaged)
    assert names
    assert [name for name in names if name.startswith("av:") and ":df" in name] == []


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
