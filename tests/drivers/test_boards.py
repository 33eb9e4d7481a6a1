"""Calibration boards: drawn to scale, found again where they are."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.boards import Board, board_of, ink
from drivers.boards_draw import MARGIN_MM, draw_board, write_board
from drivers.boards_find import find_board, gray_of
from drivers.errors import CalibrationError
from drivers.frame import Intrinsics
from tests.drivers.calibration_boards import Hold, as_gray, see

BOARDS = [
    board_of("chessboard", "9x6", 20.0),
    board_of("charuco", "8x5", 25.0),
    board_of("aruco", "5x4", 35.0),
    board_of("circles", "7x5", 20.0),
    board_of("acircles", "4x11", 15.0),
]
NAMES = [b.kind.value for b in BOARDS]
EYE = Intrinsics(640, 480, 600.0, 600.0, 319.5, 239.5)
HEAT = Intrinsics(160, 120, 150.0, 150.0, 79.5, 59.5)


def in_front(board: Board, lens: Intrinsics, about_z: float = 0.0) -> Hold:
    width, height = board.extent_mm()
    z = max(lens.fx * width / 1000 / (0.7 * lens.width), lens.fy * height / 1000 / (0.7 * lens.height))
    return Hold(0.0, 0.0, z, 8.0, -12.0, about_z)


def expected(board: Board, hold: Hold, lens: Intrinsics) -> np.ndarray:
    width, height = board.extent_mm()
    flat = board.points_mm() / 1000 - np.array([width, height, 0.0]) / 2000
    return lens.project(flat @ hold.rotation().T + [hold.x, hold.y, hold.z], distort=True)


@pytest.mark.parametrize("board", BOARDS, ids=NAMES)
def test_a_board_is_found_where_it_is(board: Board) -> None:
    hold = in_front(board, EYE, 12.0)
    seen = find_board(board, as_gray(see(board, hold, EYE, samples=2)))
    assert seen is not None
    assert len(seen.ids) == len(board.points_mm())
    truth = expected(board, hold, EYE)
    apart = np.linalg.norm(seen.points_px - truth[seen.ids], axis=1)
    if board.is_same_upside_down():
        apart = np.minimum(apart, np.linalg.norm(seen.points_px - truth[::-1][seen.ids], axis=1))
    assert np.sqrt((apart**2).mean()) < 0.3


@pytest.mark.parametrize("hot", [True, False], ids=["hot circles", "cold circles"])
@pytest.mark.parametrize("board", BOARDS[3:], ids=NAMES[3:])
def test_a_heated_board_is_found_in_sixteen_bits_of_a_small_picture(board: Board, hot: bool) -> None:
    hold = in_front(board, HEAT)
    levels = (30_120.0, 30_000.0, 29_950.0) if hot else (29_880.0, 30_000.0, 29_950.0)
    counts = see(board, hold, HEAT, noise=6.0, levels=levels).astype(np.uint16)
    counts[:4, :4] = 33_000  # somebody's cup
    seen = find_board(board, gray_of(counts))
    assert seen is not None
    truth = expected(board, hold, HEAT)
    apart = [np.sqrt(((seen.points_px - t) ** 2).sum(axis=1).mean()) for t in (truth, truth[::-1])]
    assert min(apart) < 0.3


@pytest.mark.parametrize("board", BOARDS, ids=NAMES)
def test_where_there_is_no_board_none_is_found(board: Board) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (240, 320), dtype=np.uint8)
    assert find_board(board, np.asarray(noise)) is None
    assert find_board(board, np.full((120, 160), 7, np.uint8)) is None


def test_a_board_with_markers_may_be_seen_in_part() -> None:
    board = BOARDS[1]
    hold = in_front(board, EYE)
    picture = as_gray(see(board, hold, EYE, samples=2))
    picture[:, :260] = 90
    seen = find_board(board, picture)
    assert seen is not None
    assert 8 <= len(seen.ids) < len(board.points_mm())
    np.testing.assert_allclose(seen.points_px, expected(board, hold, EYE)[seen.ids], atol=0.6)


def test_a_colour_picture_is_weighted_and_flat_counts_do_not_divide_by_zero() -> None:
    assert gray_of(np.full((4, 4, 3), 200, np.uint8)).tolist() == [[200] * 4] * 4
    assert gray_of(np.full((4, 4), 30_000, np.uint16)).max() == 0


@pytest.mark.parametrize("board", BOARDS, ids=NAMES)
def test_a_drawn_board_is_to_scale(board: Board) -> None:
    page = draw_board(board, 127.0)  # five dots a millimetre
    width, height = board.extent_mm()
    assert page.shape[1] == pytest.approx((width + 2 * MARGIN_MM) * 5, abs=1)
    assert page.shape[0] == pytest.approx((height + 2 * MARGIN_MM + 12) * 5, abs=1)
    seen = find_board(board, page)
    assert seen is not None
    mm = (seen.points_px + 0.5) / 5 - MARGIN_MM
    truth = board.points_mm()[:, :2]
    apart = [np.abs(mm - t[seen.ids]).max() for t in (truth, truth[::-1])]
    assert min(apart) < 0.15


def test_ink_is_a_squares_and_nothing_outside() -> None:
    board = board_of("chessboard", "3x4", 10.0)
    assert ink(board, np.array([5.0, 15.0, -1.0, 39.0, 41.0]), np.array([5.0, 5.0, 5.0, 49.0, 5.0])).tolist() == [
        True, False, False, False, False,
    ]  # fmt: skip


def test_a_png_knows_its_dots_per_inch(tmp_path: Path) -> None:
    size = write_board(tmp_path / "b.png", BOARDS[0], 300.0, "a4")
    assert size == pytest.approx((297.0, 210.0), abs=0.1)
    data = (tmp_path / "b.png").read_bytes()
    at = data.index(b"pHYs")
    assert struct.unpack(">IIB", data[at + 4 : at + 13]) == (11811, 11811, 1)
    assert struct.unpack(">I", data[at + 13 : at + 17])[0] == zlib.crc32(data[at : at + 13])
    picture = cv2.imread(str(tmp_path / "b.png"), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    assert picture.shape == (2480, 3508)


def test_a_pdf_is_a_page_of_the_right_size_with_the_same_dots(tmp_path: Path) -> None:
    write_board(tmp_path / "b.pdf", BOARDS[4], 200.0, "a4")
    data = (tmp_path / "b.pdf").read_bytes()
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert box
    assert [float(x) / 72 * 25.4 for x in box.groups()] == pytest.approx([210.0, 297.0], abs=0.2)
    start = int(data[data.rindex(b"startxref") :].split()[1])
    assert data[start : start + 4] == b"xref"
    for number, line in enumerate(data[start:].splitlines()[3:8], 1):
        offset = int(line.split()[0])
        assert data[offset:].startswith(b"%d 0 obj" % number)
    place = data.index(b"stream\n", data.index(b"FlateDecode")) + 7
    page = draw_board(BOARDS[4], 200.0, "a4")
    assert zlib.decompress(data[place : data.rindex(b"\nendstream")]) == np.packbits(page >= 128, axis=1).tobytes()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: board_of("dots", "9x6", 20.0), "no board 'dots'; there are chessboard, charuco"),
        (lambda: board_of("chessboard", "9", 20.0), "COLUMNSxROWS such as 9x6, found '9'"),
        (lambda: board_of("chessboard", "6x6", 20.0), "looks the same from its four sides"),
        (lambda: board_of("chessboard", "2x6", 20.0), "has 3 to 100 columns and rows, found 2x6"),
        (lambda: board_of("chessboard", "9x6", 0.02), "square_mm is 0.1 to 10000 mm"),
        (lambda: board_of("charuco", "8x6", 20.0, marker_mm=21.0), "marker_mm must be less than square_mm = 20"),
        (lambda: board_of("charuco", "8x6", 20.0, dictionary="9X9"), "no dictionary '9X9'; there are 4X4_100"),
        (lambda: board_of("aruco", "20x20", 20.0, dictionary="4X4_50"), "has 50 markers, a aruco of 20x20 needs 400"),
        (lambda: board_of("circles", "7x5", 20.0, circle_mm=20.0), "circle_mm must be less than 20"),
        (lambda: draw_board(BOARDS[0], 300.0, "a9"), "no page 'a9'; there are fit, a4"),
        (lambda: draw_board(board_of("chessboard", "9x6", 60.0), 300.0, "a4"), "take squares of 25.4 mm at most"),
        (lambda: draw_board(BOARDS[0], 9000.0), "take 36 to 2400 dpi"),
        (lambda: write_board(Path("b.jpg"), BOARDS[0]), "written as .png or .pdf, found b.jpg"),
        (lambda: write_board(Path("/nowhere/b.png"), BOARDS[0]), "cannot be written"),
    ],
)
def test_what_is_no_board_is_refused(make: Any, words: str) -> None:
    with pytest.raises(CalibrationError, match=words):
        make()
