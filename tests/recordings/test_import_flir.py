"""A FLIR radiometric JPEG, or a folder of them, becomes temperatures, counts and the visual picture."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import cv2
import flyr
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.frame import FrameFlag, StreamKind
from drivers.radiometry import Air, Planck, Radiometry, Scene
from recordings.errors import SessionImportError
from recordings.importers.flir_jpeg import IMPORTER, read_flir_jpeg
from recordings.importers.protocol import ImportOptions
from recordings.reader import SessionReader
from tests.recordings import flir_files as make
from tests.recordings.import_cases import Importing

importing = Importing(IMPORTER)
run, fails = importing.run, importing.fails


@pytest.mark.parametrize("name", ["ax8.jpg", "flir_example.jpg"])
def test_real_files_have_the_temperatures_that_flyr_finds(shared_data: Path, tmp_path: Path, name: str) -> None:
    path = shared_data / "thermal_files" / name
    theirs = flyr.unpack(str(path))
    picture = read_flir_jpeg(path)
    assert picture.camera.radiometry is not None
    # flyr rounds three temperatures to 0.01 K and has 273.17 for 273.15 in one place.
    assert np.abs(picture.camera.radiometry.kelvin(picture.counts) - theirs.kelvin).max() < 1e-4
    assert IMPORTER.recognises(path)
    report = run(path, tmp_path / "a.mcap")
    assert report.frames == {"thermal": 1, "thermal_raw": 1, "color": 1}
    with SessionReader(tmp_path / "a.mcap") as session:
        thermal = session.frame("thermal", 0)
        gain = thermal.info.kelvin.gain if thermal.info.kelvin else 0
        assert 0 < gain <= picture.camera.radiometry.step_k(float(np.median(theirs.kelvin)))
        error = np.abs(thermal.info.kelvin.kelvin(thermal.pixels) - theirs.kelvin) if thermal.info.kelvin else None
        assert error is not None
        assert error.max() <= gain / 2 + 1e-4
        np.testing.assert_array_equal(session.frame("thermal_raw", 0).pixels, picture.counts)
        color = session.frame("color", 0)
        assert np.abs(color.pixels.astype(int) - theirs.optical).max() <= 4  # two JPEG decoders
        assert session.info.clock == "device"


def test_a_picture_becomes_three_streams(tmp_path: Path) -> None:
    visual = make.visual_jpeg(1)
    path = make.write_picture(tmp_path / "in" / "FLIR0001.jpg", visual=visual, milliseconds=250, zone_minutes=60)
    report = run(path, tmp_path / "a.mcap", hfov_deg=45)
    assert report.clock == "device"
    assert report.ignored == {}
    with SessionReader(tmp_path / "a.mcap") as session:
        thermal, raw, color = session.streams
        assert (thermal.kind, raw.kind, color.kind) == (StreamKind.THERMAL, StreamKind.THERMAL, StreamKind.COLOR)
        assert thermal.kelvin is not None
        assert raw.kelvin is None
        assert raw.registered_to == "thermal"
        assert thermal.intrinsics is not None
        assert color.intrinsics is None
        assert thermal.camera == "Test Cam 12345"
        assert session.times("thermal").device_ns.tolist() == [make.EPOCH_S * 10**9 + 250_000_000]
        assert session.stored("color", 0).data == visual
        assert session.frame("color", 0).flags == FrameFlag.LOSSY
        np.testing.assert_array_equal(session.frame("thermal_raw", 0).pixels, make.counts_image())
        expected = kelvin_of(make.counts_image())
        got = thermal.kelvin.kelvin(session.frame("thermal", 0).pixels)
        assert np.abs(got - expected).max() <= thermal.kelvin.gain / 2 + 1e-3
        (notes,) = json.loads(session.info.notes["flir"])
        assert notes["from"] == 0
        assert Planck(**notes["radiometry"]["planck"]) == Planck(**make.PLANCK)
        assert notes["zone_minutes"] == 60


def kelvin_of(counts: Any, emissivity: float = 0.95) -> Any:
    """With the constants of the test files, through the formula that drivers/radiometry.py is tested for."""
    return Radiometry(Planck(**make.PLANCK), Scene(emissivity, 1.0), Air()).kelvin(counts)


@pytest.mark.parametrize("how", ["png", "png-be", "raw", "raw-be", "jpeg-ls"])
def test_the_ways_in_which_cameras_store_counts(tmp_path: Path, how: str) -> None:
    picture = read_flir_jpeg(make.write_picture(tmp_path / "a.jpg", how=how))
    np.testing.assert_array_equal(picture.counts, make.counts_image())


def test_a_series_goes_by_the_records_times(tmp_path: Path) -> None:
    for name, n in (("IR_3", 0), ("IR_1", 2), ("IR_2", 1)):  # the names lie
        make.write_picture(tmp_path / "in" / f"{name}.jpg", n, visual=make.visual_jpeg(n))
    (tmp_path / "in" / "DC_1.jpg").write_bytes(make.visual_jpeg())
    (tmp_path / "in" / "notes.txt").write_text("hello")
    assert IMPORTER.recognises(tmp_path / "in")
    calls: list[tuple[int, int]] = []
    report = IMPORTER.run(tmp_path / "in", tmp_path / "a.mcap", ImportOptions(), lambda *both: calls.append(both))
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert report.frames == {"thermal": 3, "thermal_raw": 3, "color": 3}
    assert report.ignored == {"JPEG without thermal data": 1, "*.txt": 1}
    assert report.seconds == 2.0
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("thermal").device_ns.tolist() == [(make.EPOCH_S + n) * 10**9 for n in range(3)]
        for n in range(3):
            np.testing.assert_array_equal(session.frame("thermal_raw", n).pixels, make.counts_image(n))
        assert session.streams[0].fps == 1.0
        assert len(json.loads(session.info.notes["flir"])) == 1


def test_times_that_tie_make_the_clock_synthetic(tmp_path: Path) -> None:
    for n in range(3):
        make.write_picture(tmp_path / "in" / f"IR_{n}.jpg", n, seconds=make.EPOCH_S)
    report = run(tmp_path / "in", tmp_path / "a.mcap", fps=2)
    assert report.clock == "synthetic"
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.times("thermal").device_ns.tolist() == [500_000_000, 1_000_000_000, 1_500_000_000]
    report = run(tmp_path / "in", tmp_path / "b.mcap")
    assert report.clock == "synthetic"
    assert any("do not rise" in note for note in report.notes)


def test_each_picture_has_its_own_constants(tmp_path: Path) -> None:
    for n, emissivity in enumerate((0.95, 0.95, 0.7)):
        make.write_picture(tmp_path / "in" / f"IR_{n}.jpg", n, emissivity=emissivity)
    run(tmp_path / "in", tmp_path / "a.mcap")
    with SessionReader(tmp_path / "a.mcap") as session:
        for n, emissivity in enumerate((0.95, 0.95, 0.7)):
            frame = session.frame("thermal", n)
            assert frame.info.kelvin is not None
            error = frame.info.kelvin.kelvin(frame.pixels) - kelvin_of(make.counts_image(n), emissivity)
            assert np.abs(error).max() <= frame.info.kelvin.gain / 2 + 1e-3
        assert [entry["from"] for entry in json.loads(session.info.notes["flir"])] == [0, 2]


def test_what_the_user_knows_of_the_scene_wins(tmp_path: Path) -> None:
    path = make.write_picture(tmp_path / "in" / "a.jpg")
    report = run(path, tmp_path / "a.mcap", emissivity=0.6, reflected_c=30, distance_m=0, air_c=25, humidity_percent=20)
    scene = Scene(0.6, 0.0, 303.15, 298.15, 0.2, window_k=293.15)
    expected = Radiometry(Planck(**make.PLANCK), scene).kelvin(make.counts_image())
    with SessionReader(tmp_path / "a.mcap") as session:
        frame = session.frame("thermal", 0)
        assert frame.info.kelvin is not None
        assert np.abs(frame.info.kelvin.kelvin(frame.pixels) - expected).max() <= frame.info.kelvin.gain / 2 + 1e-3
        (notes,) = json.loads(session.info.notes["flir"])
        assert notes["radiometry"]["scene"]["emissivity"] == pytest.approx(0.95)
        assert notes["reckoned_with"]["scene"]["emissivity"] == 0.6
    assert any("emissivity 0.6" in note for note in report.notes)
    fails(path, "emissivity", emissivity=2)
    fails(path, "emissivity", emissivity="skin")


def test_the_counts_can_be_left_out(tmp_path: Path) -> None:
    path = make.write_picture(tmp_path / "in" / "a.jpg")
    assert run(path, tmp_path / "a.mcap", raw="no").frames == {"thermal": 1}
    fails(path, "raw", "yes, no", raw="perhaps")


def test_counts_outside_the_calibration_are_told_and_kept(tmp_path: Path) -> None:
    counts = make.counts_image()
    counts[0, :3] = (0, 7000, 65535)
    content = make.fff([(0x20, 1, make.camera_record()), make.raw_record(counts)])
    path = tmp_path / "in" / "a.jpg"
    path.parent.mkdir()
    path.write_bytes(make.radiometric_jpeg(content))
    report = run(path, tmp_path / "a.mcap")
    assert any(note.startswith("2 pixels lie outside") for note in report.notes)
    with SessionReader(tmp_path / "a.mcap") as session:
        pixels = session.frame("thermal", 0).pixels
        assert pixels[0, :2].tolist() == [0, 0]
        np.testing.assert_array_equal(session.frame("thermal_raw", 0).pixels, counts)


def test_a_camera_that_is_not_radiometric(tmp_path: Path) -> None:
    path = make.write_picture(tmp_path / "in" / "a.jpg", planck={**make.PLANCK, "r1": 0.0, "r2": 0.0})
    report = run(path, tmp_path / "a.mcap")
    assert report.frames == {"thermal": 1}
    assert any(note.startswith("not radiometric") for note in report.notes)
    with SessionReader(tmp_path / "a.mcap") as session:
        assert not session.streams[0].is_radiometric
        np.testing.assert_array_equal(session.frame("thermal", 0).pixels, make.counts_image())


def test_humidity_in_per_cent(tmp_path: Path) -> None:
    one = read_flir_jpeg(make.write_picture(tmp_path / "a.jpg", humidity=50.0)).camera.radiometry
    two = read_flir_jpeg(make.write_picture(tmp_path / "b.jpg", humidity=0.5)).camera.radiometry
    assert one == two


def test_visual_pictures_that_are_png_of_luma_and_chroma(tmp_path: Path) -> None:
    rgb = np.zeros((30, 40, 3), np.uint8)
    rgb[:, :20] = (200, 40, 30)
    rgb[:, 20:] = (30, 60, 220)
    ycc = cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)[:, :, [0, 2, 1]]
    ok, png = cv2.imencode(".png", cv2.cvtColor(ycc, cv2.COLOR_RGB2BGR))
    assert ok
    picture = read_flir_jpeg(make.write_picture(tmp_path / "a.jpg", visual=png.tobytes()))
    assert picture.visual is not None
    assert picture.visual_jpeg is None
    assert np.abs(picture.visual.astype(int) - rgb).max() <= 2


def test_a_visual_picture_unlike_the_first_is_counted(tmp_path: Path) -> None:
    for n in range(3):
        make.write_picture(tmp_path / "in" / f"{n}.jpg", n, visual=make.visual_jpeg(n) if n != 1 else None)
    ok, png = cv2.imencode(".png", np.zeros((30, 40, 3), np.uint8))
    assert ok
    make.write_picture(tmp_path / "in" / "9.jpg", 9, visual=png.tobytes())
    report = run(tmp_path / "in", tmp_path / "a.mcap")
    assert report.frames == {"thermal": 4, "thermal_raw": 4, "color": 2}
    assert report.ignored == {"visual picture unlike the first one": 1}


def test_what_cannot_be_one_session(tmp_path: Path) -> None:
    make.write_picture(tmp_path / "in" / "1.jpg", 1)
    make.write_picture(tmp_path / "in" / "2.jpg", 2, serial="99")
    fails(tmp_path / "in", "2.jpg", "Test Cam 99", "each camera by itself")
    make.write_picture(tmp_path / "in" / "2.jpg", 2, width=make.H, height=make.W)
    fails(tmp_path / "in", "2.jpg", "18x24 px")


def test_files_that_are_something_else(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    plain, empty, text = folder / "plain.jpg", folder / "empty.jpg", folder / "text.jpg"
    plain.write_bytes(make.visual_jpeg())
    empty.write_bytes(b"")
    text.write_text("hello")
    for path in (plain, empty, text, folder, tmp_path / "none.jpg"):
        assert not IMPORTER.recognises(path)
    fails(plain, "plain.jpg", "thermal data")
    fails(empty, "empty.jpg is empty")
    fails(text, "text.jpg is no JPEG")
    fails(folder, "holds no FLIR")
    good = make.write_picture(folder / "good.jpg")
    renamed = folder / "good.png"
    renamed.write_bytes(good.read_bytes())
    assert IMPORTER.recognises(good)
    assert not IMPORTER.recognises(renamed)
    fails(good, "takes no unit", unit="1")


def test_damage_is_found_by_the_records_checksums(tmp_path: Path) -> None:
    path = make.write_picture(tmp_path / "in" / "a.jpg", how="raw")
    whole = path.read_bytes()
    for at, word in ((600, "record"), (3600, "record"), (len(make.visual_jpeg(100)) + 100, "")):
        data = bytearray(whole)
        data[at] ^= 0x10
        path.write_bytes(data)
        fails(path, "a.jpg", word)


@pytest.mark.parametrize("keep", [3, 100, 700, 2000, 4000])
def test_a_truncated_file(tmp_path: Path, keep: int) -> None:
    path = make.write_picture(tmp_path / "in" / "a.jpg")
    path.write_bytes(path.read_bytes()[:keep])
    fails(path, "a.jpg")


def test_a_lost_piece(tmp_path: Path) -> None:
    path = make.write_picture(tmp_path / "in" / "a.jpg", how="raw")
    data = path.read_bytes()
    second = data.index(b"FLIR\0\x01\x01") - 4
    length = int.from_bytes(data[second + 2 : second + 4], "big")
    path.write_bytes(data[:second] + data[second + 2 + length :])
    fails(path, "lacks piece 1 of 2")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = make.write_picture(tmp_path / "in" / "a.jpg")
    with pytest.raises(SessionImportError, match="another name"):
        run(path, path, overwrite=True)


def test_a_picture_whose_counts_are_below_every_temperature_is_imported_without_a_typical_one(tmp_path: Path) -> None:
    records = [
        (0x20, 1, make.camera_record()),
        make.raw_record(np.zeros_like(make.counts_image()), "raw"),
        (0x0E, 5, make.image_record(make.visual_jpeg(), 40, 30, first=3)),
    ]
    path = tmp_path / "cold.jpg"
    path.write_bytes(make.radiometric_jpeg(make.fff(records)))
    run(path, tmp_path / "cold.mcap")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_ends_in_anything_but_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    records = [
        (0x20, 1, make.camera_record()),
        make.raw_record(make.counts_image(), data.draw(st.sampled_from(["raw", "png", "jpeg-ls"]))),
        (0x0E, 5, make.image_record(make.visual_jpeg(), 40, 30, first=3)),
    ]
    whole = bytearray(make.radiometric_jpeg(make.fff(records, checksums=data.draw(st.booleans()))))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "a.jpg"
    path.write_bytes(whole[: data.draw(st.sampled_from([len(whole), len(whole), 10, 1000, 3000]))])
    IMPORTER.recognises(path)
    with contextlib.suppress(SessionImportError):  # anything else is a traceback at the user
        run(path, tmp_path / "a.mcap", overwrite=True)
