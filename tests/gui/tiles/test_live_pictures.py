"""Live, pictures are made beside the Qt thread: what stands on the screen is one whole, and never an old one."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from drivers.camera import CameraState
from drivers.frame import Frame, KelvinMap, StreamKind
from gui.feed import Mode
from gui.qt import QtWidgets, rgb_of
from gui.tiles.board import Board
from gui.tiles.layout import Place, Source
from gui.tiles.rendering import FrameContent, Seen
from pipeline.colormap import Rgb
from pipeline.primitives import Rectangle, Text
from tests.gui.conftest import made_up_face
from tests.gui.tiles.board_desk import COLOR, DEPTH, THERMAL, Make, face, info, pixels, settled, shown, status

LIMIT_S = 20.0


@pytest.fixture
def board(make: Make, qtbot: QtBot) -> Board:
    """Live, with three streams and a face."""
    board = make(mode=Mode.LIVE)
    board.show_result(shown(live=True))
    board.show_status(status(mode=Mode.LIVE))
    settled(qtbot, board)
    QtWidgets.QApplication.processEvents()
    return board


class Slow:
    """Pictures of frames are made where this lets them, and only when it does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.threads: list[str] = []
        self.sizes: list[tuple[int, int]] = []
        self.begun = threading.Event()
        self.open = threading.Event()
        self.open.set()
        original = FrameContent.render

        def render(content: FrameContent, seen: Seen, target: tuple[int, int]) -> Rgb:
            self.begun.set()
            self.threads.append(threading.current_thread().name)
            self.sizes.append(target)
            if threading.current_thread() is not threading.main_thread():
                assert self.open.wait(LIMIT_S)
            return original(content, seen, target)

        monkeypatch.setattr(FrameContent, "render", render)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    return Slow(monkeypatch)


def test_the_qt_thread_makes_no_picture(board: Board, slow: Slow, qtbot: QtBot) -> None:
    painted: list[Frame] = []
    board.painted.connect(painted.append)
    board.show_result(shown(number=1, live=True))
    qtbot.waitUntil(lambda: len(painted) == 3, timeout=20_000)
    assert slow.threads == ["tapetum-pictures"] * 3


def test_it_shows_what_a_replay_of_the_same_shows(make: Make, qtbot: QtBot) -> None:
    result = shown(live=True)
    pictures = []
    for mode in (Mode.LIVE, Mode.REPLAY):
        board = make(mode=mode)
        board.show_result(result)
        settled(qtbot, board)
        pictures.append({name: pixels(tile.canvas) for name, tile in board.tiles.items()})
    for name, live in pictures[0].items():
        assert np.array_equal(live, pictures[1][name]), name


def test_what_the_overlay_says_belongs_to_the_picture_under_it(board: Board, qtbot: QtBot) -> None:
    """A face's id and a frame's number are the same here: they are compared at the end of every paint event."""
    said: list[tuple[int, str]] = []

    def look(painted: Frame) -> None:
        tile = board.tiles[painted.stream]
        assert tile.frame_shown is painted is tile.canvas.content.frame
        ids = {p.whose for p in tile.canvas.primitives if isinstance(p, Text) and p.whose}
        said.append((painted.number, *ids))

    board.painted.connect(look)
    for number in range(1, 40):
        board.show_result(shown((COLOR,), number, faces=(made_up_face(number),), live=True))
        if number % 3 == 0:
            QtWidgets.QApplication.processEvents()
    qtbot.waitUntil(lambda: bool(said) and said[-1][0] == 39, timeout=20_000)
    assert [f"#{number}" for number, _ in said] == [whose for _, whose in said]
    assert [number for number, _ in said] == sorted({number for number, _ in said})


def test_age_and_value_are_those_of_what_is_seen_and_not_of_what_is_being_made(
    board: Board, slow: Slow, qtbot: QtBot
) -> None:
    tile = board.tiles["depth"]
    seen = tile.frame_shown
    slow.open.clear()
    board.show_result(shown(number=7, live=True))
    assert slow.begun.wait(LIMIT_S)
    assert tile.frame_shown is seen
    slow.open.set()
    qtbot.waitUntil(lambda: tile.frame_shown.number == 7, timeout=20_000)


def test_a_tile_that_shows_something_else_by_now_never_gets_the_old_picture(
    board: Board, slow: Slow, qtbot: QtBot
) -> None:
    slow.open.clear()
    slow.begun.clear()
    board.show_result(shown(number=1, live=True))
    assert slow.begun.wait(LIMIT_S)
    board._set_place(0, Place(Source(stream="rear/depth")))
    slow.open.set()
    settled(qtbot, board)
    tile = board.grid.tiles[0]
    assert tile.canvas.content is None
    assert "rear/depth" in tile.canvas.words
    assert tile.frame_shown is None


def test_a_picture_that_cannot_be_made_is_said_on_its_tile_and_the_next_is_shown(
    board: Board, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, qtbot: QtBot
) -> None:
    original = FrameContent.render

    def render(content: FrameContent, seen: Seen, target: tuple[int, int]) -> Rgb:
        if content.frame.stream == "depth" and content.frame.number == 1:
            raise ValueError("broken pixels")
        return original(content, seen, target)

    monkeypatch.setattr(FrameContent, "render", render)
    with caplog.at_level(logging.CRITICAL):
        board.show_result(shown(number=1, live=True))
        settled(qtbot, board)
    tile = board.tiles["depth"]
    assert "broken pixels" in tile.canvas.words
    assert tile.head.badge == "NO PICTURE"
    assert board.tiles["color"].frame_shown.number == 1
    board.show_result(shown(number=2, live=True))
    settled(qtbot, board)
    assert tile.frame_shown.number == 2
    assert not tile.canvas.words


def test_zooming_and_another_size_are_seen_at_once(board: Board, slow: Slow) -> None:
    tile = board.tiles["color"]
    whole = pixels(tile.canvas)
    slow.open.clear()  # nothing comes from the worker
    board.show_result(shown(number=1, live=True))
    for _ in range(3):
        tile.canvas.zoom_by_key(True)
    near = pixels(tile.canvas)
    assert not np.array_equal(near, whole)
    board.desk.window.resize(1000, 700)
    QtWidgets.QApplication.processEvents()
    assert tile.canvas.image is not None
    pixels(tile.canvas)
    assert (tile.canvas.image.width(), tile.canvas.image.height()) == (tile.canvas.width(), tile.canvas.height())
    slow.open.set()


def test_a_switch_of_the_overlay_is_seen_though_no_frame_comes(board: Board, qtbot: QtBot) -> None:
    tile = board.tiles["color"]
    before = pixels(tile.canvas)
    assert any(isinstance(p, Rectangle) for p in tile.canvas.primitives)
    board.set_overlay("box", False)
    settled(qtbot, board)
    assert not any(isinstance(p, Rectangle) for p in tile.canvas.primitives)
    assert not np.array_equal(pixels(tile.canvas), before)


def test_closing_while_a_picture_is_made(board: Board, slow: Slow) -> None:
    slow.open.clear()
    slow.begun.clear()
    board.show_result(shown(number=1, live=True))
    assert slow.begun.wait(LIMIT_S)
    threading.Timer(0.05, slow.open.set).start()
    board.close()
    assert not [t for t in threading.enumerate() if t.name == "tapetum-pictures"]
    board.show_result(shown(number=2, live=True))
    QtWidgets.QApplication.processEvents()


@pytest.mark.parametrize(("width", "height"), [(1, 1), (4096, 3072)])
def test_frames_of_any_size_are_made_at_the_tiles_size(
    make: Make, slow: Slow, qtbot: QtBot, width: int, height: int
) -> None:
    board = make(mode=Mode.LIVE)
    kinds = (StreamKind.COLOR, StreamKind.DEPTH, StreamKind.THERMAL)
    streams = [info(str(kind), kind, width, height) for kind in kinds]
    for number in range(2):
        board.show_result(shown(streams, number, faces=[], live=True))
        settled(qtbot, board)
    largest = max(tile.canvas.width() for tile in board.grid.tiles)
    for tile in board.tiles.values():
        picture = pixels(tile.canvas)
        assert picture.std() > 0 or width == 1
    assert max(w for w, _ in slow.sizes) <= largest + 1


@pytest.mark.parametrize("gain", [float("nan"), float("inf"), 0.0])
def test_temperatures_that_are_no_numbers_are_no_temperatures(make: Make, qtbot: QtBot, gain: float) -> None:
    board = make(mode=Mode.LIVE)
    broken = replace(THERMAL, kelvin=KelvinMap(gain))
    board.show_result(shown((COLOR, broken), live=True))
    settled(qtbot, board)
    tile = board.tiles["thermal"]
    assert pixels(tile.canvas).std() > 0
    assert "nan" not in " ".join(tile.bar.end_words).lower()
    assert "°" not in " ".join(tile.bar.end_words)


@pytest.mark.parametrize("count", [0, 50])
def test_no_face_and_fifty_faces(make: Make, qtbot: QtBot, count: int) -> None:
    board = make(mode=Mode.LIVE)
    board.show_result(shown(faces=[face(n) for n in range(count)], live=True))
    board.show_9()
    for i, kind in enumerate(("crop", "landmarks", "thermal crop", "relief", "color")):
        board._set_place(3 + i, Place(Source(picture=kind)))
    board.show_result(shown(number=1, faces=[face(n) for n in range(count)], live=True))
    settled(qtbot, board)
    boxes = [p for p in board.tiles["color"].canvas.primitives if isinstance(p, Rectangle)]
    assert len(boxes) == count
    crop = board.grid.tiles[3]
    assert (crop.canvas.content is None) == (count == 0)


def test_a_camera_that_goes_while_its_tile_stands_in_a_window_of_its_own(
    board: Board, slow: Slow, qtbot: QtBot
) -> None:
    """Its last picture is being made when it goes; it comes, and is told to be old."""
    board.grid.tiles[0].setFocus()
    board.detach_tile()
    tile = board.windows[-1].tile
    settled(qtbot, board)
    slow.open.clear()
    slow.begun.clear()
    last = shown((COLOR,), 1, live=True)
    old = replace(last.frame_set.frames["color"], host_ns=last.frame_set.frames["color"].host_ns - 4_000_000_000)
    board.show_result(replace(last, frame_set=replace(last.frame_set, frames={"color": old})))
    assert slow.begun.wait(LIMIT_S)
    board.show_status(status(mode=Mode.LIVE, state=str(CameraState.GONE)))
    slow.open.set()
    settled(qtbot, board)
    assert tile.frame_shown is old
    assert tile.is_greyed
    assert tile.canvas.banner.startswith("LOST 4.")
    board.windows[-1].close()
    assert not board.windows
    board.show_result(shown((DEPTH,), 2, live=True))
    settled(qtbot, board)


def test_the_picture_fills_its_tile(board: Board) -> None:
    for tile in board.tiles.values():
        image = tile.canvas.image
        assert image is not None
        assert (image.width(), image.height()) == (tile.canvas.width(), tile.canvas.height())
        assert rgb_of(image).shape == (image.height(), image.width(), 3)
