"""TIFF becomes a session: counts as they are, with the meaning that the user gives them; what is torn is refused."""

from __future__ import annotations

import contextlib
import io
import struct
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from drivers.frame import FrameFlag, Intrinsics, KelvinMap, StreamKind
from drivers.radiometry_table import TOP, even_steps
from recordings.errors import SessionImportError
from recordings.importers.protocol import ImportOptions
from recordings.importers.tiff import IMPORTER
from recordings.reader import SessionReader
from tests.recordings.import_cases import Importing
from tests.recordings.tiff_cases import H, W, counts, write

importing = Importing(IMPORTER)
run, fails = importing.run, importing.fails


def assert_frames(out: Path, images: list[NDArray[Any]]) -> None:
    with SessionReader(out) as session:
        (stream,) = session.streams
        assert session.count(stream.name) == len(images)
        for k, image in enumerate(images):
            frame = session.frame(stream.name, k)
            np.testing.assert_array_equal(frame.pixels, image)
            assert (frame.number, frame.flags) == (k, FrameFlag.NONE)


@pytest.mark.parametrize(
    "options", [{}, {"bigtiff": True}, {"byteorder": ">"}, {"compression": "zlib"}, {"rowsperstrip": 4}]
)
def test_pages_of_one_file(tmp_path: Path, options: dict[str, Any]) -> None:
    images = [counts(n) for n in range(4)]
    path = write(tmp_path / "a.tif", *images, **options)
    assert IMPORTER.recognises(path)
    calls: list[tuple[int, int]] = []
    report = IMPORTER.run(path, tmp_path / "a.mcap", ImportOptions(fps=9.0), lambda *both: calls.append(both))
    assert calls == [(n, 4) for n in (1, 2, 3, 4)]
    assert report.frames == {"thermal": 4}
    assert report.clock == "synthetic"
    assert_frames(tmp_path / "a.mcap", images)
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.streams[0].kind is StreamKind.THERMAL
        assert not session.streams[0].is_radiometric
        assert session.times("thermal").device_ns.tolist() == [round(n * 1e9 / 9) for n in (1, 2, 3, 4)]
    assert any("not radiometric" in note and "tlinear-high" in note for note in report.notes)


def test_a_folder_of_numbered_files(tmp_path: Path) -> None:
    for n in (2, 10, 1):  # 10 comes after 2
        write(tmp_path / "in" / f"frame_{n}.tiff", counts(n))
    (tmp_path / "in" / "notes.txt").write_text("hello")
    assert IMPORTER.recognises(tmp_path / "in")
    report = run(tmp_path / "in", tmp_path / "a.mcap", hfov_deg=50, layout="compact")
    assert report.ignored == {"*.txt": 1}
    assert_frames(tmp_path / "a.mcap", [counts(1), counts(2), counts(10)])
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.streams[0].intrinsics == Intrinsics.from_fov(W, H, 50)


@pytest.mark.parametrize("method", [cv2.IMWRITE_TIFF_COMPRESSION_LZW, cv2.IMWRITE_TIFF_COMPRESSION_PACKBITS])
def test_compressions_that_tifffile_leaves_to_others(
    tmp_path: Path, method: int, capfd: pytest.CaptureFixture[str]
) -> None:
    images = [counts(n) for n in range(3)]
    ok = cv2.imwritemulti(str(tmp_path / "a.tif"), images, [cv2.IMWRITE_TIFF_COMPRESSION, method])
    assert ok
    run(tmp_path / "a.tif", tmp_path / "a.mcap")
    assert_frames(tmp_path / "a.mcap", images)
    data = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "b.tif").write_bytes(data[:300] + bytes(200) + data[500:])
    with contextlib.suppress(SessionImportError):  # nothing in it has a checksum
        run(tmp_path / "b.tif", tmp_path / "b.mcap")
    assert capfd.readouterr().err == ""


def test_a_stack_by_imagej(tmp_path: Path) -> None:
    stack = np.stack([counts(n) for n in range(5)])
    tifffile.imwrite(tmp_path / "a.tif", stack, imagej=True, metadata={"axes": "TYX"})
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        whole = len(file.pages)
    assert run(tmp_path / "a.tif", tmp_path / "a.mcap").frames == {"thermal": 5}
    assert_frames(tmp_path / "a.mcap", list(stack))
    if whole == 1:
        data = (tmp_path / "a.tif").read_bytes()
        (tmp_path / "b.tif").write_bytes(data[: -H * W])
        fails(tmp_path / "b.tif", "b.tif")


def test_an_imagej_stack_with_one_directory(tmp_path: Path) -> None:
    """Above 4 GB ImageJ writes one directory and all pictures behind each other; so does this small one."""
    stack = np.stack([counts(n) for n in range(5)]).astype(">u2")
    words = b"ImageJ=1.53t\nimages=5\nframes=5\nhyperstack=false\n\0"
    entries = [
        (256, 4, 1, W),
        (257, 4, 1, H),
        (258, 3, 1, 16 << 16),
        (259, 3, 1, 1 << 16),
        (262, 3, 1, 1 << 16),
        (270, 2, len(words), 200),
        (273, 4, 1, 400),
        (277, 3, 1, 1 << 16),
        (278, 4, 1, H),
        (279, 4, 1, W * H * 2),
    ]
    head = (
        b"MM\0*" + struct.pack(">IH", 8, len(entries)) + b"".join(struct.pack(">HHII", *e) for e in entries) + bytes(4)
    )
    path = tmp_path / "a.tif"
    path.write_bytes((head.ljust(200, b"\0") + words).ljust(400, b"\0") + stack.tobytes())
    assert run(path, tmp_path / "a.mcap").frames == {"thermal": 5}
    assert_frames(tmp_path / "a.mcap", [image.astype(np.uint16) for image in stack])
    path.write_bytes(path.read_bytes()[:-50])
    fails(path, "a.tif")


@pytest.mark.parametrize(
    ("given", "kelvin"),
    [
        ({"scale": "tlinear-high"}, KelvinMap(0.04)),
        ({"scale": "tlinear-low"}, KelvinMap(0.4)),
        ({"scale": "centikelvin"}, KelvinMap(0.01)),
        ({"gain": 0.1, "offset": 173.15}, KelvinMap(0.1, 173.15)),
        ({"gain": 0.0625}, KelvinMap(0.0625)),
    ],
)
def test_counts_that_are_temperatures(tmp_path: Path, given: dict[str, Any], kelvin: KelvinMap) -> None:
    report = run(write(tmp_path / "a.tif", counts(1)), tmp_path / "a.mcap", **given)
    assert_frames(tmp_path / "a.mcap", [counts(1)])
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.streams[0].kelvin == kelvin
    low, high = kelvin.celsius(np.array([counts(1).min(), counts(1).max()]))
    assert f"the first picture then has {low:.1f} to {high:.1f} C" in report.notes


def test_depth_infrared_and_gray(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", counts(1))
    run(path, tmp_path / "depth.mcap", kind="depth", unit_mm=0.25)
    run(path, tmp_path / "infrared.mcap", kind="infrared")
    run(path, tmp_path / "gray.mcap", kind="gray")
    for kind, unit_m in (("depth", 0.00025), ("infrared", None), ("gray", None)):
        assert_frames(tmp_path / f"{kind}.mcap", [counts(1)])
        with SessionReader(tmp_path / f"{kind}.mcap") as session:
            (stream,) = session.streams
            assert (stream.name, stream.kind, stream.unit_m) == (kind, StreamKind(kind), unit_m)
    eight = write(tmp_path / "b.tif", counts(1, np.uint8))
    run(eight, tmp_path / "b.mcap", kind="gray")
    assert_frames(tmp_path / "b.mcap", [counts(1, np.uint8)])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floating_point_temperatures(tmp_path: Path, dtype: Any) -> None:
    rng = np.random.default_rng(1)
    celsius = [rng.uniform(-20, 120, (H, W)).astype(dtype) for _ in range(3)]
    celsius[1][3, 4] = np.nan
    path = write(tmp_path / "a.tif", *celsius)
    fails(path, "--set unit=celsius")
    fails(path, "no temperatures in kelvin", unit="kelvin")
    fails(path, "unit", unit="fahrenheit")
    fails(path, "gain", unit="celsius", gain=1)
    report = run(path, tmp_path / "a.mcap", unit="celsius")
    assert any(note.startswith("1 pixels have no temperature") for note in report.notes)
    with SessionReader(tmp_path / "a.mcap") as session:
        kelvin = session.streams[0].kelvin
        assert kelvin is not None
        assert kelvin.gain == 0.005
        for k in range(3):
            error = session.frame("thermal", k).celsius() - celsius[k]
            assert np.nanmax(np.abs(error)) <= kelvin.gain / 2 + 1e-4
        assert session.frame("thermal", 1).pixels[3, 4] == 0


@given(low=st.floats(0, 3000), span=st.floats(0, 3000))
def test_even_steps_hold_their_range(low: float, span: float) -> None:
    kelvin = even_steps(low, low + span)
    assert kelvin.offset <= low
    assert kelvin.offset + TOP * kelvin.gain >= low + span
    assert low < 1 or (low - kelvin.offset) / kelvin.gain >= 1
    assert span > 60 or kelvin.gain == 0.001


def test_pixels_that_cannot_be_what_they_should(tmp_path: Path) -> None:
    eight = write(tmp_path / "8.tif", counts(1, np.uint8))
    fails(eight, "8.tif has uint8", "--set kind=gray")
    fails(eight, "depth must be unsigned 16 bits", kind="depth")
    fails(write(tmp_path / "s.tif", counts(1, np.int16)), "int16", "unsigned 16 bits")
    fails(write(tmp_path / "32.tif", counts(1, np.uint32)), "uint32")
    rgb = write(tmp_path / "rgb.tif", np.zeros((H, W, 3), np.uint8), photometric="rgb")
    fails(rgb, "one channel", kind="gray")


def test_options_that_contradict(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tif", counts(1))
    fails(path, "not both", scale="centikelvin", gain=0.1)
    fails(path, "needs --set gain", offset=10)
    fails(path, "tlinear-high, tlinear-low", scale="hot")
    fails(path, "takes no gain", kind="gray", gain=1)
    fails(path, "unit_mm", unit_mm=1.0)
    fails(path, "unit=", unit="kelvin")
    fails(path, "thermal, depth", kind="color")
    fails(path, "fps", fps=0.0)
    fails(path, "takes no colour", colour="red")


def test_pictures_that_differ(tmp_path: Path) -> None:
    fails(write(tmp_path / "a.tif", counts(1), counts(2)[:-1]), "page 1", "alike")
    write(tmp_path / "in" / "1.tif", counts(1))
    write(tmp_path / "in" / "2.tif", counts(1)[:, :-1])
    fails(tmp_path / "in", "2.tif", "alike")
    write(tmp_path / "in" / "2.tif", counts(1), counts(2))
    fails(tmp_path / "in", "2.tif", "one by one")


def test_files_that_are_something_else(tmp_path: Path) -> None:
    for name, content in (
        ("empty.tif", b""),
        ("text.tif", b"hello"),
        ("short.tif", b"II*\0"),
        ("none.tif", b"II*\0\0\0\0\0"),
    ):
        (tmp_path / name).write_bytes(content)
        fails(tmp_path / name, name)
    assert not IMPORTER.recognises(tmp_path / "text.tif")
    assert not IMPORTER.recognises(tmp_path / "missing.tif")
    (tmp_path / "folder").mkdir()
    assert not IMPORTER.recognises(tmp_path / "folder")
    fails(tmp_path / "folder", "no TIFF")
    path = write(tmp_path / "a.tif", counts(1))
    with pytest.raises(SessionImportError, match="another name"):
        run(path, path, overwrite=True)


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("keep", [0.999, 0.7, 0.5, 0.2])
def test_a_truncated_file_is_no_shorter_recording(
    tmp_path: Path, keep: float, compression: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = write(tmp_path / "a.tif", *(counts(n) for n in range(5)), compression=compression).read_bytes()
    path = tmp_path / "b.tif"
    path.write_bytes(whole[: int(len(whole) * keep)])
    fails(path, "b.tif", "truncated")
    assert capfd.readouterr().err == ""


def test_without_tifffile_the_way_to_get_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.tif", counts(1))
    monkeypatch.setitem(sys.modules, "tifffile", None)
    assert IMPORTER.recognises(path)
    fails(path, 'pip install "tapetum[formats]"')


def test_directories_in_a_circle(tmp_path: Path) -> None:
    data = bytearray(write(tmp_path / "a.tif", counts(1)).read_bytes())
    (first,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + entries * 12, first)
    (tmp_path / "a.tif").write_bytes(data)
    fails(tmp_path / "a.tif", "circle")


def test_a_picture_without_pixels(tmp_path: Path) -> None:
    data = bytearray(write(tmp_path / "a.tif", counts(1)).read_bytes())
    (first,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, first)
    tags = {struct.unpack_from("<H", data, at)[0]: at for at in range(first + 2, first + 2 + entries * 12, 12)}
    data[tags[256] + 8 : tags[256] + 12] = bytes(4)  # ImageWidth
    (tmp_path / "a.tif").write_bytes(data)
    fails(tmp_path / "a.tif", "a.tif")


def test_a_real_picture(shared_data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = shared_data / "thermal_files" / "example_radiometric.tiff"  # LZW, Duo Pro R, an outdoor scene
    report = run(path, tmp_path / "a.mcap", scale="tlinear-high")
    assert report.frames == {"thermal": 1}
    assert_frames(tmp_path / "a.mcap", [cv2.imread(str(path), cv2.IMREAD_UNCHANGED)])
    capfd.readouterr()
    with SessionReader(tmp_path / "a.mcap") as session:
        celsius = session.frame("thermal", 0).celsius()
        assert -5 < celsius.min() < celsius.max() < 15
        assert session.streams[0].fps == 30.0
        assert session.streams[0].camera == "8340357"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_ends_in_anything_but_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    out = io.BytesIO()
    compression = data.draw(st.sampled_from([None, "zlib"]))
    tifffile.imwrite(out, np.stack([counts(1), counts(2)]), photometric="minisblack", compression=compression)
    whole = bytearray(out.getvalue())
    directory = struct.unpack_from("<I", whole, 4)[0]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, 20) | st.integers(directory, min(directory + 300, len(whole) - 1)))
        whole[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "a.tif"
    path.write_bytes(whole[: data.draw(st.sampled_from([len(whole), len(whole), len(whole) - 5, 200]))])
    with contextlib.suppress(SessionImportError):  # anything else is a traceback at the user
        run(path, tmp_path / "a.mcap", overwrite=True)
