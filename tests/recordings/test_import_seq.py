"""A FLIR sequence becomes temperatures and counts, frame by frame at the records' times; holes are told."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.frame import FrameFlag
from drivers.radiometry import Air, Planck, Radiometry, Scene
from recordings.describe import describe
from recordings.errors import SessionImportError
from recordings.importers.flir_jpeg import read_flir_jpeg
from recordings.importers.flir_seq import IMPORTER
from recordings.importers.flir_streams import Counted, numbers_of
from recordings.importers.jpeg_ls import decode_jpeg_ls
from recordings.importers.protocol import ImportOptions
from recordings.reader import SessionReader
from tests.recordings import flir_files as make
from tests.recordings.import_cases import Importing

importing = Importing(IMPORTER)
run, fails = importing.run, importing.fails


def write(path: Path, *parts: bytes) -> Path:
    path.write_bytes(b"".join(parts))
    return path


def assert_counts(session: SessionReader, frames: list[int]) -> None:
    assert session.count("thermal_raw") == len(frames)
    for k, n in enumerate(frames):
        np.testing.assert_array_equal(session.frame("thermal_raw", k).pixels, make.counts_image(n))


@pytest.mark.parametrize(
    ("name", "how", "order"),
    [
        ("a.seq", "raw", ">"),
        ("a.seq", "raw-be", "<"),
        ("a.SEQ", "png", ">"),
        ("a.csq", "jpeg-ls", ">"),
        ("a.fff", "raw", "<"),
    ],
)
@pytest.mark.parametrize("layout", ["viewable", "compact"])
def test_frames_with_their_times_and_temperatures(tmp_path: Path, name: str, how: str, order: str, layout: str) -> None:
    path = write(tmp_path / name, *(make.frame(n, how, order=order) for n in range(5)))
    assert IMPORTER.recognises(path)
    calls: list[tuple[int, int]] = []
    report = IMPORTER.run(
        path,
        tmp_path / "s.mcap",
        ImportOptions(layout=layout),
        lambda *both: calls.append(both),
    )
    assert report.frames == {"thermal": 5, "thermal_raw": 5}
    assert report.clock == "device"
    assert report.ignored == {}
    assert report.seconds == pytest.approx(4 / 30, abs=0.002)
    assert calls == [(n + 1, 5) for n in range(5)]
    radiometry = Radiometry(Planck(**make.PLANCK), Scene(0.95, 1.0), Air())
    with SessionReader(tmp_path / "s.mcap") as session:
        assert_counts(session, [0, 1, 2, 3, 4])
        assert session.times("thermal").device_ns.tolist() == [make.time_ns(n) for n in range(5)]
        assert session.times("thermal_raw").host_ns.tolist() == [make.time_ns(n) for n in range(5)]
        assert session.streams[0].fps == 30.0
        for n in range(5):
            frame = session.frame("thermal", n)
            assert frame.info.kelvin is not None
            error = frame.info.kelvin.kelvin(frame.pixels) - radiometry.kelvin(make.counts_image(n))
            assert np.abs(error).max() <= frame.info.kelvin.gain / 2 + 1e-3
            assert (frame.number, frame.flags) == (n, FrameFlag.NONE)


def test_a_real_pictures_records_make_a_sequence(shared_data: Path, tmp_path: Path) -> None:
    """The camera's own records, taken out of its JPEG, stand alone."""
    path = shared_data / "thermal_files" / "ax8.jpg"
    data = path.read_bytes()
    at = data.index(b"FLIR\0\x01")
    length = int.from_bytes(data[at - 2 : at], "big")
    assert data[at + 7] == 0  # one piece
    report = run(write(tmp_path / "a.fff", data[at + 8 : at - 2 + length]), tmp_path / "a.mcap")
    assert report.frames == {"thermal": 1, "thermal_raw": 1}
    with SessionReader(tmp_path / "a.mcap") as session:
        np.testing.assert_array_equal(session.frame("thermal_raw", 0).pixels, read_flir_jpeg(path).counts)


def test_a_real_sequence(tmp_path: Path) -> None:
    folder = os.environ.get("TAPETUM_FLIRPY_TEST_DATA")
    if not folder:
        pytest.skip("needs test/test_data of flirpy's source package (0.6.2) in TAPETUM_FLIRPY_TEST_DATA")
    report = run(Path(folder) / "test.seq", tmp_path / "a.mcap")
    assert report.frames == {"thermal": 7, "thermal_raw": 7}
    assert (report.clock, report.ignored) == ("device", {})
    with SessionReader(tmp_path / "a.mcap") as session:
        # ExifTool's reading of the first frame: 2018:11:05 12:14:43.084+01:00, Duo Pro R, serial 8340357.
        assert session.times("thermal").device_ns[0] == 1541416483_084_000_000
        assert session.streams[0].camera == "Duo Pro R 8340357"
        raw = session.frame("thermal_raw", 0).pixels
        alone = (Path(folder) / "frame_000000.fff").read_bytes()
        np.testing.assert_array_equal(raw, np.frombuffer(alone, "<u2", 640 * 512, 0x220).reshape(512, 640))
        celsius = session.frame("thermal", 0).celsius()
        assert 9 < celsius.min() < celsius.max() < 13
    report = run(Path(folder) / "frame_000000_le.fff", tmp_path / "b.mcap")
    assert report.frames == {"thermal": 1, "thermal_raw": 1}


def test_the_cameras_counter_and_what_it_missed(tmp_path: Path) -> None:
    counters = [65533, 65534, 65535, 0, 3, 4]  # 16 bits run over, and two frames are gone
    path = write(tmp_path / "a.seq", *(make.frame(n, counter=c) for n, c in enumerate(counters)))
    run(path, tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        frames = [session.frame("thermal", k) for k in range(6)]
        assert [f.number for f in frames] == [65533, 65534, 65535, 65536, 65539, 65540]
        assert [bool(f.flags & FrameFlag.DROPPED_BEFORE) for f in frames] == [False] * 4 + [True, False]


def test_a_counter_that_stands_still_or_jumps_says_nothing() -> None:
    assert numbers_of([0, 0, 0]) == Counted([0, 1, 2], [False] * 3, 0)
    assert numbers_of([7]) == Counted([0], [False], 0)
    assert numbers_of([5, 4, 6]) == Counted([0, 1, 2], [False] * 3, 0)


def test_a_counter_that_rises_by_two_loses_no_frames(tmp_path: Path) -> None:
    """A session's numbers rise by one where nothing is lost, so that what is lost is counted right."""
    assert numbers_of([2, 4, 6, 10]) == Counted([2, 3, 4, 6], [False, False, False, True], 2)
    assert numbers_of([0, 2, 5]) == Counted([0, 1, 3], [False, False, True], 2)
    path = write(tmp_path / "a.seq", *(make.frame(n, counter=c) for n, c in enumerate([2, 4, 6, 10])))
    report = run(path, tmp_path / "a.mcap")
    assert "numbers by the camera's counter, which rises by 2 from frame to frame" in report.notes
    assert [s["dropped"] for s in describe(tmp_path / "a.mcap")["streams"]] == [1, 1]


@pytest.mark.parametrize(("name", "how"), [("a.csq", "jpeg-ls"), ("a.csq", "raw"), ("a.seq", "jpeg-ls")])
def test_a_csq_says_that_it_is_unverified(tmp_path: Path, name: str, how: str) -> None:
    report = run(write(tmp_path / name, *(make.frame(n, how) for n in range(2))), tmp_path / "a.mcap")
    (note,) = [n for n in report.notes if "UNVERIFIED" in n]
    assert "CSQ" in note
    with SessionReader(tmp_path / "a.mcap") as session:
        assert note in session.info.notes["import"]


def test_a_seq_is_verified(tmp_path: Path) -> None:
    report = run(write(tmp_path / "a.seq", make.frame(0)), tmp_path / "a.mcap")
    assert not any("UNVERIFIED" in n for n in report.notes)


def test_a_closed_shutter_is_flagged(tmp_path: Path) -> None:
    path = write(tmp_path / "a.seq", *(make.frame(n, status=int(n == 1)) for n in range(3)))
    report = run(path, tmp_path / "a.mcap")
    assert any("1 frames are marked" in note for note in report.notes)
    with SessionReader(tmp_path / "a.mcap") as session:
        flags = [session.frame("thermal", k).flags for k in range(3)]
        assert flags == [FrameFlag.NONE, FrameFlag.SHUTTER, FrameFlag.NONE]


def test_constants_that_change_on_the_way(tmp_path: Path) -> None:
    emissivities = [0.95, 0.95, 0.9, 0.9, 0.95]
    path = write(tmp_path / "a.seq", *(make.frame(n, emissivity=e) for n, e in enumerate(emissivities)))
    run(path, tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        assert [entry["from"] for entry in json.loads(session.info.notes["flir"])] == [0, 2, 4]
        for n, emissivity in enumerate(emissivities):
            radiometry = Radiometry(Planck(**make.PLANCK), Scene(emissivity, 1.0), Air())
            frame = session.frame("thermal", n)
            assert frame.info.kelvin is not None
            error = frame.info.kelvin.kelvin(frame.pixels) - radiometry.kelvin(make.counts_image(n))
            assert np.abs(error).max() <= frame.info.kelvin.gain / 2 + 1e-3


def test_a_camera_record_in_the_first_frame_only(tmp_path: Path) -> None:
    bare = [make.fff([make.raw_record(make.counts_image(n))]) for n in (1, 2)]
    path = write(tmp_path / "a.seq", make.frame(0), *bare)
    report = run(path, tmp_path / "a.mcap")
    assert report.clock == "synthetic"
    with SessionReader(tmp_path / "a.mcap") as session:
        assert_counts(session, [0, 1, 2])
        assert session.times("thermal").device_ns.tolist() == [33_333_333, 66_666_667, 100_000_000]
    fails(write(tmp_path / "b.seq", bare[0]), "no camera record")


def test_times_that_tie(tmp_path: Path) -> None:
    path = write(tmp_path / "a.seq", *(make.frame(n, milliseconds=500) for n in range(3)))
    report = run(path, tmp_path / "a.mcap")
    assert report.clock == "synthetic"
    assert any("30 frames/s" in note and "do not rise" in note for note in report.notes)


def test_padding_and_frames_without_a_picture(tmp_path: Path) -> None:
    empty = make.fff([(0x20, 1, make.camera_record())])
    path = write(tmp_path / "a.seq", make.frame(0), bytes(10_000), make.frame(1), empty, make.frame(2), b"\x01" * 50)
    report = run(path, tmp_path / "a.mcap")
    assert report.ignored == {"bytes of padding": 10_050, "record files without a picture": 1}
    with SessionReader(tmp_path / "a.mcap") as session:
        assert_counts(session, [0, 1, 2])


def torn(kind: str, how: str = "raw") -> bytes:
    """Five frames, the third (or the last) of them not whole."""
    frames = [make.frame(n, how) for n in range(5)]
    if kind == "cut off":
        frames[4] = frames[4][: len(frames[4]) // 2]
    elif kind == "cut in its header":
        frames[4] = frames[4][:30]
    elif kind == "a piece missing":
        frames[2] = frames[2][:700]
    elif kind == "overwritten":
        frames[2] = frames[2][:600] + b"\xaa" * (len(frames[2]) - 600)
    elif kind == "wiped out":
        frames[2] = b"\xaa" * 5000
    return b"".join(frames)


KINDS = ["cut off", "cut in its header", "a piece missing", "overwritten", "wiped out"]


@pytest.mark.parametrize("how", ["raw", "jpeg-ls"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_sequence_is_refused_and_what_is_whole_can_be_had(tmp_path: Path, kind: str, how: str) -> None:
    path = write(tmp_path / "a.seq", torn(kind, how))
    fails(path, "a.seq", "damaged=keep")
    report = run(path, tmp_path / "a.mcap", damaged="keep")
    whole = [0, 1, 2, 3] if kind.startswith("cut") else [0, 1, 3, 4]
    assert report.frames == {"thermal": 4, "thermal_raw": 4}
    assert any(note.startswith("DAMAGED: 1 places") for note in report.notes)
    with SessionReader(tmp_path / "a.mcap") as session:
        assert_counts(session, whole)
        assert session.times("thermal").device_ns.tolist() == [make.time_ns(n) for n in whole]
        flags = [session.frame("thermal", k).flags for k in range(4)]
        lost = FrameFlag.DROPPED_BEFORE
        assert flags == [FrameFlag.NONE, FrameFlag.NONE, FrameFlag.NONE if kind.startswith("cut") else lost, 0]


def test_a_picture_that_does_not_decode(tmp_path: Path) -> None:
    """The records are whole, and have no checksum; the JPEG-LS within has lost its end."""
    frames = [make.frame(n, "jpeg-ls", checksums=False) for n in range(3)]
    at = frames[1].index(b"\xff\xd9", frames[1].index(b"\xff\xd8\xff\xf7"))
    frames[1] = frames[1][:at] + b"\0\0" + frames[1][at + 2 :]
    path = write(tmp_path / "a.csq", *frames)
    fails(path, "frame 1", "truncated", "damaged=keep")
    run(path, tmp_path / "a.mcap", damaged="keep")
    with SessionReader(tmp_path / "a.mcap") as session:
        assert_counts(session, [0, 2])
        assert session.frame("thermal", 1).flags == FrameFlag.DROPPED_BEFORE


def test_files_that_are_something_else(tmp_path: Path) -> None:
    for name, content, word in (
        ("empty.seq", b"", "is empty"),
        ("text.seq", b"hello, this is text", "no FLIR sequence"),
        ("short.seq", b"FFF\0" + bytes(20), "no FLIR sequence"),
        ("version.seq", make.frame(0).replace(b"\0\0\0\x64", b"\0\1\0\x64", 1), "no FLIR sequence"),
    ):
        fails(write(tmp_path / name, content), name, word)
    assert not IMPORTER.recognises(tmp_path / "text.seq")
    assert not IMPORTER.recognises(tmp_path / "none.seq")
    assert not IMPORTER.recognises(tmp_path)
    assert not IMPORTER.recognises(write(tmp_path / "a.bin", make.frame(0)))
    fails(write(tmp_path / "half.seq", make.frame(0)[:2000]), "truncated")
    fails(tmp_path / "half.seq", "no frame that is whole", damaged="keep")
    fails(write(tmp_path / "a.seq", make.frame(0)), "damaged", "refuse, keep", damaged="yes")
    with pytest.raises(SessionImportError, match="another name"):
        run(tmp_path / "a.seq", tmp_path / "a.seq", overwrite=True)


def test_two_cameras_in_one_file(tmp_path: Path) -> None:
    fails(write(tmp_path / "a.seq", make.frame(0), make.frame(1, serial="9")), "Test Cam 9", "each camera by itself")


CHARLS_14_BITS = bytes.fromhex(
    "ffd8fff7000b0e0006000801011100fff8000d013fff0012004301140040ffda0008010100000000a974fa9d575f676c02a16cb76cfb7c7d"
    "51406f1093af523ae7431f01f28f7aa2bb98f2fe3a02bbea82c7bab1c918f91724526954b260fc9d00ffd9"
)
"""8 x 6 px of 14 bits by another encoder (CharLS)."""

CHARLS_12_BITS = bytes.fromhex(
    "ffd8fff7000b0c0006000801011100ffda000801010000000092d3d4d555d656c0000000141b1b965d9e1e9140000000f844f43513bc986f"
    "80000000e5786aaa799e3fdd00000005d1a8d52a8681aac800000002e8edb36addc07cf8ffd9"
)


def test_jpeg_ls_of_fewer_bits_keeps_the_counts() -> None:
    counts = np.add.outer(np.arange(6) * 1000, np.arange(8) * 37) + np.arange(48).reshape(6, 8) ** 2 % 101
    np.testing.assert_array_equal(decode_jpeg_ls(CHARLS_14_BITS, "x"), counts)
    np.testing.assert_array_equal(decode_jpeg_ls(CHARLS_12_BITS + bytes(9), "x"), counts & 4095)
    for data, word in (
        (CHARLS_14_BITS[:-2], "truncated"),
        (CHARLS_14_BITS[:30], "no JPEG-LS"),
        (CHARLS_14_BITS.replace(b"\0\0\0\0\xa9", b"\0\2\0\0\xa9"), "lossy"),
        (make.visual_jpeg(), "no JPEG-LS"),
        (CHARLS_14_BITS[:11] + b"\x03" + CHARLS_14_BITS[12:], "3 channels"),
    ):
        with pytest.raises(SessionImportError, match=word):
            decode_jpeg_ls(data, "x")


def test_without_pyav_a_csq_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.csq", make.frame(0, "jpeg-ls"))
    plain = write(tmp_path / "a.seq", make.frame(0))
    monkeypatch.setitem(sys.modules, "av", None)
    fails(path, 'pip install "tapetum[formats]"')
    assert run(plain, tmp_path / "a.mcap").frames == {"thermal": 1, "thermal_raw": 1}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_ends_in_anything_but_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    how = data.draw(st.sampled_from(["raw", "png", "jpeg-ls"]))
    whole = bytearray(b"".join(make.frame(n, how, checksums=data.draw(st.booleans())) for n in range(3)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = write(tmp_path / "a.seq", whole[: data.draw(st.sampled_from([len(whole), len(whole), 70, 600, 4000, 8000]))])
    for damaged in ("refuse", "keep"):
        with contextlib.suppress(SessionImportError):  # anything else is a traceback at the user
            run(path, tmp_path / "a.mcap", overwrite=True, damaged=damaged)
