"""A sequence of the Pandora data set, in the layouts that public programs read, becomes a session.

The data set may not be passed on and was not at hand; its folders are written here, small.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.frame import FrameFlag, StreamKind
from recordings.container import McapFile
from recordings.errors import SessionImportError
from recordings.importers.pandora import IMPORTER
from recordings.importers.protocol import ImportOptions, ImportReport
from recordings.importers.registry import importer_for
from recordings.reader import SessionReader

NUMBERS = (0, 1, 2, 5)
ANGLES = json.dumps([{"frame_num": n, "orientation": {"euler": {"yaw": n, "pitch": 0, "roll": 0}}} for n in NUMBERS])


def depth_image(number: int) -> NDArray[np.uint16]:
    return np.random.default_rng(number).integers(0, 5000, (21, 26), dtype=np.uint16)


def color_image(number: int) -> NDArray[np.uint8]:
    """RGB."""
    return np.random.default_rng(100 + number).integers(0, 256, (27, 48, 3), dtype=np.uint8)


def write(path: Path, image: NDArray[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), image if image.ndim == 2 else image[:, :, ::-1])


def make(folder: Path, color: str, depth: str, annotations: str = "data.json") -> Path:
    for number in NUMBERS:
        write(folder / color.format(number), color_image(number))
        write(folder / depth.format(number), depth_image(number))
    (folder / annotations).write_text(ANGLES)
    return folder


@pytest.fixture
def sequence(tmp_path: Path) -> Path:
    return make(tmp_path / "pandora" / "01" / "base_1_ID01", "RGB/{:06d}_RGB.png", "DEPTH/{:06d}_DEPTH.png")


def bring(folder: Path, **options: Any) -> ImportReport:
    return IMPORTER.run(folder, folder.parent / "a.mcap", ImportOptions(**options))


LAYOUTS = [
    ("base_1_ID01", "RGB/{:06d}_RGB.png", "DEPTH/{:06d}_DEPTH.png", "data.json"),
    ("free_3_ID22", "RGB/{:06d}.png", "DEPTH/{:06d}.png", "data.txt"),
    ("007", "RGB/{:06d}_RGB.png", "DEPTH/{:06d}_DEPTH.png", "data.txt"),
    ("anything", "{:06d}_RGB.png", "{:06d}_DEPTH.png", "data.csv"),
]


@pytest.mark.parametrize(("name", "color", "depth", "annotations"), LAYOUTS)
def test_images_come_over_pixel_for_pixel(name: str, color: str, depth: str, annotations: str, tmp_path: Path) -> None:
    folder = make(tmp_path / name, color, depth, annotations)
    assert importer_for(folder) is IMPORTER
    calls: list[tuple[int, int]] = []
    out = tmp_path / "a.mcap"
    report = IMPORTER.run(folder, out, ImportOptions(), lambda *both: calls.append(both))
    assert report.frames == {"depth": 4, "color": 4}
    assert report.ignored == {}
    assert report.seconds == pytest.approx(5 / 30)
    assert (calls[0], calls[-1]) == ((1, 8), (8, 8))
    with SessionReader(out) as session:
        assert session.info.clock == "synthetic"
        for at, number in enumerate(NUMBERS):
            np.testing.assert_array_equal(session.frame("depth", at).pixels, depth_image(number))
            np.testing.assert_array_equal(session.frame("color", at).pixels, color_image(number))
        assert session.times("depth").number.tolist() == list(NUMBERS)
        assert session.flags("color").tolist() == [0, 0, 0, FrameFlag.DROPPED_BEFORE]
        assert (session.times("color").device_ns[3] - session.times("color").device_ns[2]) == 100_000_000
        depth_stream, color_stream = session.streams
        assert (depth_stream.kind, depth_stream.unit_m) == (StreamKind.DEPTH, 0.001)
        assert depth_stream.intrinsics is None
        assert (color_stream.kind, color_stream.registered_to) == (StreamKind.COLOR, None)
    with contextlib.closing(McapFile(out)) as file:
        assert file.attachment(f"pandora/{annotations}") == ANGLES.encode()


def test_it_says_that_it_is_unverified(sequence: Path) -> None:
    assert "UNVERIFIED" in IMPORTER.title
    assert any("UNVERIFIED" in line for line in IMPORTER.not_kept)
    report = bring(sequence)
    assert any("UNVERIFIED" in note for note in report.notes)
    with SessionReader(sequence.parent / "a.mcap") as session:
        assert "UNVERIFIED" in session.info.notes["import"]


def test_calibration_unit_and_rate_can_be_given(sequence: Path) -> None:
    report = bring(sequence, fx=18.5, cx=13.0, unit_mm=0.1, fps=10.0)
    assert "depth's calibration given by hand: fx 18.5, fy 18.5 px" in report.notes
    with SessionReader(sequence.parent / "a.mcap") as session:
        depth = session.info.stream("depth")
        assert (depth.unit_m, depth.fps) == (0.0001, 10.0)
        assert depth.intrinsics is not None
        assert (depth.intrinsics.fx, depth.intrinsics.cx, depth.intrinsics.cy) == (18.5, 13.0, 10.0)
    for wrong, said in (
        ({"fps": -1.0}, "fps must be"),
        ({"unit_mm": 0.0}, "unit_mm must be"),
        ({"hfov_deg": 190.0}, "between 1 and 179"),
        ({"extra": {"person": "1"}}, "takes no person"),
    ):
        with pytest.raises(SessionImportError, match=said):
            bring(sequence, overwrite=True, **wrong)


def test_what_lacks_and_what_is_not_used_is_told(sequence: Path) -> None:
    (sequence / "RGB" / "000001_RGB.png").unlink()
    (sequence / "data.json").unlink()
    (sequence / "RGB" / "thumbs.db").write_text("")
    (sequence / "faces").mkdir()
    (sequence / "readme.md").write_text("")
    report = bring(sequence)
    assert report.frames == {"depth": 4, "color": 3}
    assert report.ignored == {"other files in RGB": 1, "folders": 1, "other files": 1}
    assert "1 of 4 frames have no colour file, the first is 1" in report.notes
    assert "no annotations (data.json, data.txt, data.csv)" in report.notes


def test_depth_alone_is_enough(sequence: Path) -> None:
    for path in (sequence / "RGB").iterdir():
        path.unlink()
    assert bring(sequence).frames == {"depth": 4}


def test_a_whole_data_set_is_told_how(sequence: Path, tmp_path: Path) -> None:
    make(tmp_path / "pandora" / "01" / "free_1_ID01", "RGB/{:06d}_RGB.png", "DEPTH/{:06d}_DEPTH.png")
    for folder, listed in (
        (tmp_path / "pandora", r"2 sequences \(01/base_1_ID01, 01/free_1_ID01\)"),
        (sequence.parent, r"2 sequences \(base_1_ID01, free_1_ID01\)"),
    ):
        assert importer_for(folder) is IMPORTER
        with pytest.raises(SessionImportError, match=listed):
            IMPORTER.run(folder, tmp_path / "a.mcap", ImportOptions())


def test_others_are_not_recognised(sequence: Path, tmp_path: Path) -> None:
    other = make(tmp_path / "other", "rgb/{:06d}.png", "depth/{:06d}.png", "data.json")
    plain = make(tmp_path / "plain", "RGB/{:06d}.png", "DEPTH/{:06d}.png", "notes.txt")
    empty = tmp_path / "empty"
    empty.mkdir()
    for path in (other, plain, empty, tmp_path / "missing", sequence / "data.json"):
        assert not IMPORTER.recognises(path)
    for path in (empty, tmp_path / "missing", sequence / "data.json"):
        with pytest.raises(SessionImportError, match="name a sequence"):
            IMPORTER.run(path, tmp_path / "a.mcap", ImportOptions())


@pytest.mark.parametrize(
    ("name", "image", "said"),
    [
        ("DEPTH/000000_DEPTH.png", np.zeros((21, 26), np.uint8), "no depth image of 16 bits"),
        ("DEPTH/000002_DEPTH.png", np.zeros((21, 27), np.uint16), r"000002_DEPTH\.png is 27x21 px"),
        ("DEPTH/000002.png", np.zeros((21, 26), np.uint16), "DEPTH frame 2 is there twice"),
        ("RGB/000000_RGB.png", np.zeros((21, 26), np.uint8), "no colour image of 8 bits"),
        ("RGB/000005_RGB.png", np.zeros((27, 40, 3), np.uint8), r"000005_RGB\.png is 40x27 px"),
        ("RGB/000005_RGB.png", None, r"000005_RGB\.png is truncated"),
    ],
)
def test_what_is_wrong_is_told_by_the_files_name(
    name: str, image: NDArray[Any] | None, said: str, sequence: Path
) -> None:
    path = sequence / name
    if image is None:
        path.write_bytes(path.read_bytes()[:-20])
    else:
        write(path, image)
    with pytest.raises(SessionImportError, match=said):
        bring(sequence)
    assert sorted(p.name for p in sequence.parent.iterdir()) == [sequence.name]


def test_an_input_is_never_replaced(sequence: Path) -> None:
    with pytest.raises(SessionImportError, match="one of the files to import"):
        IMPORTER.run(sequence, sequence / "data.json", ImportOptions(overwrite=True))
    assert (sequence / "data.json").read_text() == ANGLES
