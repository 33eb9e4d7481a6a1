"""The pictures of the documentation come out of the program, small enough to be read on a page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui import screenshots
from gui.pictures_to_files import few_colors, save_png
from gui.qt import QtGui

LARGEST_BYTES = 180_000


@pytest.mark.slow
def test_a_picture_is_written_and_is_of_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    assert screenshots.main(["--out", str(tmp_path), "--only", "street", "--width", "1000", "--height", "640"]) == 0
    image = QtGui.QImage(str(tmp_path / "street.png"))
    assert (image.width(), image.height()) == (1000, 640)
    assert len({image.pixel(x, y) for x in range(0, 1000, 5) for y in range(0, 640, 5)}) > 40
    assert [p.name for p in tmp_path.iterdir()] == ["street.png"]


def test_a_picture_that_does_not_come_is_told_and_the_next_one_is_made(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[str] = []

    def lost(_: screenshots.Stage) -> None:
        raise screenshots.NoPictureError("no camera")

    monkeypatch.setattr(screenshots, "PICTURES", {"lost": lost, "other": lambda _: made.append("other")})
    assert screenshots.main(["--out", str(tmp_path)]) == 1
    assert made == ["other"]
    assert "no picture lost: no camera" in capsys.readouterr().err


def test_few_colors_keep_a_thin_line_beside_noise() -> None:
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 90, (240, 320, 3), np.uint8)
    picture[100] = (255, 170, 0)
    table, indices = few_colors(picture)
    assert len(table) <= 256
    assert np.abs(table[indices[100]].astype(int) - (255, 170, 0)).max() <= 4
    assert np.abs(table[indices].astype(int) - picture).mean() < 12


def test_what_is_written_is_what_was_seen_at_any_width(qtbot: QtBot, tmp_path: Path) -> None:
    image = QtGui.QImage(33, 7, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor(10, 20, 30))
    image.setPixel(32, 6, QtGui.QColor(250, 60, 70).rgb())
    save_png(tmp_path / "a.png", image)
    back = QtGui.QImage(str(tmp_path / "a.png"))
    assert (back.width(), back.height()) == (33, 7)
    assert QtGui.QColor(back.pixel(32, 6)).getRgb()[:3] == (250, 60, 70)
    assert QtGui.QColor(back.pixel(31, 6)).getRgb()[:3] == (10, 20, 30)
    with pytest.raises(OSError, match="cannot be written"):
        save_png(tmp_path / "no" / "a.png", image)


def test_the_pictures_of_the_documentation_are_there_and_small() -> None:
    root = Path(__file__).parents[2]
    pages = "".join((root / page).read_text("utf-8") for page in ("README.md", "docs/window.md"))
    pictures = sorted((root / "docs" / "images").glob("*.png"))
    assert pictures
    for path in pictures:
        assert f"images/{path.name}" in pages, f"nothing shows {path.name}"
        assert path.stat().st_size < LARGEST_BYTES, path.name
