"""Tiles in windows of their own: they come back, and nothing is left of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from drivers.camera import CameraState
from drivers.host_clock import now_ns
from gui.app import application
from gui.feed import Mode
from gui.qt import QtCore, QtGui, QtWidgets
from gui.settings import Settings
from gui.tiles.board import Board
from gui.tiles.layout import Place, Source
from gui.tiles.screens import SETTING, Where
from gui.tiles.tile_window import TileWindow
from tests.gui.tiles.board_desk import ALL, COLOR, DEPTH, BoardDesk, settled, shown, status

Key = QtCore.Qt.Key
Make = Callable[..., Board]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    """Boards in a window; they are closed at the end."""
    made: list[Board] = []

    def new(settings: Settings | None = None, mode: Mode = Mode.REPLAY) -> Board:
        application()
        window = QtWidgets.QMainWindow()
        qtbot.addWidget(window)
        desk = BoardDesk(window, mode, settings or Settings())
        for key, shortcut in (("play", "Space"), ("full", "F11")):
            action = QtGui.QAction(key, window)
            action.setObjectName(key)
            action.setShortcut(QtGui.QKeySequence(shortcut))
            window.addAction(action)
            desk.actions[key] = action
        board = Board(desk)
        window.setCentralWidget(board.widget)
        window.resize(900, 600)
        board.ready()
        window.show()
        qtbot.waitExposed(window)
        board.show_result(shown(live=mode is Mode.LIVE))
        settled(qtbot, board)
        board.show_status(status(mode=mode))
        made.append(board)
        return board

    yield new
    for board in made:
        board.close()
        board.desk.window.close()
    _forget_deleted()


def _forget_deleted() -> None:
    """Let Qt delete what is to be deleted later."""
    kind = QtCore.QEvent.Type.DeferredDelete
    QtWidgets.QApplication.sendPostedEvents(None, int(getattr(kind, "value", kind)))
    QtWidgets.QApplication.processEvents()


def _windows() -> list[QtWidgets.QWidget]:
    return [w for w in QtWidgets.QApplication.topLevelWidgets() if isinstance(w, TileWindow)]


def _detach(board: Board, index: int) -> TileWindow:
    board.grid.tiles[index].setFocus()
    board.detach_tile()
    return board.windows[-1]


def test_a_detached_tile_shows_the_same_in_its_own_window_and_closing_brings_it_back(make: Make, qtbot: QtBot) -> None:
    board = make()
    window = _detach(board, 1)
    assert window.isVisible()
    assert window.windowTitle().startswith("depth")
    assert window.tile.frame_shown.stream == "depth"
    assert window.tile.canvas.primitives, "the overlay is there, too"
    assert board.grid.tiles[1].canvas.words.startswith("depth\nstands in a window of its own")
    board.show_result(shown(number=5))
    assert window.tile.frame_shown.number == 5
    assert window.tile.head.facts
    window.close()
    assert not board.windows
    assert board.grid.tiles[1].source == Source(stream="depth")
    assert board.grid.tiles[1].frame_shown.number == 5


def test_several_can_be_detached_and_the_same_key_brings_one_back(make: Make, qtbot: QtBot) -> None:
    board = make()
    _detach(board, 0)
    _detach(board, 2)
    assert len(board.windows) == 2
    board.detach_tile()
    assert [w.tile.source.stream for w in board.windows] == ["color"]
    assert not board.layout.shown[2].detached


def test_f11_and_a_double_click_fill_the_screen_and_escape_goes_back(make: Make, qtbot: QtBot) -> None:
    board = make()
    window = _detach(board, 0)
    qtbot.mouseDClick(window.tile.canvas, QtCore.Qt.MouseButton.LeftButton, pos=window.tile.canvas.rect().center())
    assert window.isFullScreen()
    qtbot.keyClick(window.tile, Key.Key_Escape)
    assert not window.isFullScreen()
    full = next(a for a in window.actions() if a.shortcut() == QtGui.QKeySequence("F11"))
    full.trigger()
    assert window.isFullScreen()
    full.trigger()
    assert not window.isFullScreen()


def test_the_keys_of_the_large_window_do_the_same_in_it(make: Make, qtbot: QtBot) -> None:
    board = make()
    window = _detach(board, 0)
    assert board.desk.actions["play"] in window.actions()
    assert board.desk.actions["full"] not in window.actions(), "F11 means this window here"


def test_when_the_large_window_closes_they_close(make: Make, qtbot: QtBot) -> None:
    board = make()
    _detach(board, 0)
    _detach(board, 1)
    board.close()
    assert not any(w.isVisible() for w in _windows())
    _forget_deleted()
    assert not _windows()


def test_detaching_and_closing_fifty_times_leaves_nothing(make: Make, qtbot: QtBot) -> None:
    board = make()
    _detach(board, 0).close()
    _forget_deleted()
    gc.collect()  # what other tests left goes before the counting begins
    before = len(QtWidgets.QApplication.topLevelWidgets())
    everything = len(QtWidgets.QApplication.allWidgets())
    for i in range(50):
        board._detach(i % 3)
        board.show_result(shown(number=i + 1))
        board.windows[0].close()
        _forget_deleted()
    assert not _windows()
    gc.collect()
    assert len(QtWidgets.QApplication.topLevelWidgets()) == before
    assert len(QtWidgets.QApplication.allWidgets()) == everything


def test_arranging_fifty_times_leaves_nothing(make: Make) -> None:
    board = make()
    gc.collect()
    everything = len(QtWidgets.QApplication.allWidgets())
    for _ in range(50):
        board.show_9()
        board.show_result(shown(number=1))
        board.show_1()
        board.show_main_and_side()
        _forget_deleted()
    gc.collect()
    assert len(QtWidgets.QApplication.allWidgets()) == everything


def test_where_it_stood_is_remembered_by_the_screens_name(make: Make, qtbot: QtBot) -> None:
    settings = Settings()
    board = make(settings)
    window = _detach(board, 1)
    window.setGeometry(40, 60, 500, 400)
    window.close()
    name = QtGui.QGuiApplication.primaryScreen().name()
    assert list(settings.get(SETTING)["stream/depth"]["places"]) == [name]
    again = _detach(board, 1)
    assert (again.width(), again.height()) == (500, 400)
    assert again.pos() == window.pos()


def test_detached_tiles_come_back_at_the_next_start(make: Make, qtbot: QtBot) -> None:
    settings = Settings()
    first = make(settings)
    _detach(first, 1)
    first.close()
    again = make(settings)
    assert [w.tile.source.stream for w in again.windows] == ["depth"]


def test_when_its_screen_is_unplugged_it_comes_onto_one_that_is_there(make: Make, qtbot: QtBot) -> None:
    board = make()
    window = _detach(board, 0)
    screen = QtGui.QGuiApplication.primaryScreen()
    window.toggle_full()
    QtWidgets.QApplication.processEvents()
    window.setGeometry(90_000, 90_000, 500, 400)
    QtWidgets.QApplication.processEvents()
    window._wanted = Where(screen.name(), (90_000, 90_000, 500, 400), True)
    QtGui.QGuiApplication.instance().screenRemoved.emit(screen)
    qtbot.waitUntil(lambda: screen.availableGeometry().contains(window.geometry()), timeout=5_000)
    qtbot.waitUntil(lambda: not window.isFullScreen(), timeout=5_000)  # it must not cover the large window
    assert (window.width(), window.height()) != (screen.size().width(), screen.size().height())
    assert window.isVisible()


def test_a_camera_that_goes_says_so_in_its_own_window(make: Make, qtbot: QtBot) -> None:
    board = make(mode=Mode.LIVE)
    window = _detach(board, 0)
    old = shown(live=True)
    frame = old.frame_set.frames["color"]
    object.__setattr__(frame, "host_ns", now_ns() - 4_000_000_000)
    board.show_result(old)
    settled(qtbot, board)
    board.show_status(status(mode=Mode.LIVE, state=str(CameraState.GONE)))
    assert window.tile.is_greyed
    assert window.tile.canvas.banner.startswith("LOST 4.")


def test_its_menu_chooses_what_it_shows_and_brings_it_back(make: Make, qtbot: QtBot) -> None:
    board = make()
    window = _detach(board, 0)
    qtbot.keyClick(window.tile, Key.Key_Menu)
    menu = QtWidgets.QApplication.activePopupWidget()
    next(a for a in menu.actions() if a.text() == "Back into the large window").trigger()
    menu.close()
    assert not board.windows
    window = _detach(board, 0)
    board._set_place(0, Place(Source(stream="thermal"), {}, True))
    assert [w.tile.source.stream for w in board.windows] == ["thermal"]


def test_closing_the_board_while_streams_come_late(make: Make, qtbot: QtBot) -> None:
    board = make()
    _detach(board, 0)
    board.close()
    board.show_status(status((*ALL,)))
    board.show_result(shown((COLOR, DEPTH), 9))
    assert not board.windows
