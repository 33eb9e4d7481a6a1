"""What tiles show: streams, faces, what is not there, and how true it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pytestqt.qtbot import QtBot

from drivers.frame import FrameFlag, StreamKind
from drivers.host_clock import now_ns
from gui.feed import Mode
from gui.qt import QtCore, QtWidgets
from gui.tiles.board import Board
from gui.tiles.layout import Arrangement, Layout, Place, Source
from pipeline.labels import ORANGE
from tests.gui.tiles.board_desk import (
    COLOR,
    DEPTH,
    THERMAL,
    Make,
    face,
    frame,
    info,
    part,
    pixels,
    settled,
    shown,
    status,
    what,
)

Key = QtCore.Qt.Key
ALT_SHIFT = QtCore.Qt.KeyboardModifier.ShiftModifier


def test_the_menu_key_chooses_another_stream(board: Board, qtbot: QtBot) -> None:
    board.show_4()
    tile = board.grid.tiles[3]
    tile.setFocus()
    qtbot.keyClick(tile, Key.Key_F10, ALT_SHIFT)
    menu = QtWidgets.QApplication.activePopupWidget()
    assert isinstance(menu, QtWidgets.QMenu)
    words = [a.text() for a in menu.actions() if a.text()]
    assert words[:3] == ["color", "depth", "thermal"]
    next(a for a in menu.actions() if a.text() == "thermal").trigger()
    menu.close()
    assert tile.source == Source(stream="thermal")
    assert tile.frame_shown.stream == "thermal"
    assert len(board.tiles_of("thermal")) == 2


def _menus_in(menu: QtWidgets.QMenu) -> dict[str, QtWidgets.QMenu]:
    """By title. Not by their actions: PySide6 lets go of a menu that it is asked for by a passing action."""
    return {one.title(): one for one in menu.findChildren(QtWidgets.QMenu)}


def test_the_menu_offers_every_picture_of_every_face(board: Board) -> None:
    board.show_result(shown(number=1, faces=[face(n) for n in range(50)]))
    board.grid.tiles[0].menu_asked.emit(QtCore.QPoint(5, 5))
    menu = QtWidgets.QApplication.activePopupWidget()
    subs = _menus_in(menu)
    assert "Nearest face" in subs
    assert "Face 0" in subs
    assert len([s for s in subs if s.startswith("Face ")]) == 12
    next(a for a in subs["Face 7"].actions() if a.text() == "landmarks").trigger()
    menu.close()
    assert board.grid.tiles[0].source == Source(picture="landmarks", face=7)


def test_keys_alone_swap_tiles_through_the_menu(board: Board) -> None:
    board.open_tile_menu()
    menu = QtWidgets.QApplication.activePopupWidget()
    swap = next(one for words, one in _menus_in(menu).items() if "places" in words)
    swap.actions()[1].trigger()
    menu.close()
    assert what(board) == ["stream/thermal", "stream/depth", "stream/color"]


def test_a_face_tile_follows_the_nearest_face(board: Board) -> None:
    board._set_place(0, Place(Source(picture="crop")))
    board.show_result(shown(number=1, faces=[face(1, 2.0), face(2, 0.7), face(3, None)]))
    tile = board.grid.tiles[0]
    assert tile.head.name == "Nearest face: 2"
    board.show_result(shown(number=2, faces=[face(1, 0.5), face(2, 0.7)]))
    assert tile.head.name == "Nearest face: 1"


def test_a_face_that_is_gone_is_never_shown_as_an_old_picture(board: Board) -> None:
    board._set_place(0, Place(Source(picture="crop", face=3)))
    tile = board.grid.tiles[0]
    board.show_result(shown(number=1, faces=[face(3)]))
    assert tile.canvas.content is not None
    assert not tile.canvas.words
    board.show_result(shown(number=1 + 12 * 30, faces=[face(4)]))
    assert tile.canvas.content is None
    assert tile.canvas.words == "face 3 is not there (since 11.9 s)"
    assert tile.head.badge == "NO FACE"
    assert "not there" in tile.accessibleDescription()
    board.show_result(shown(number=0, faces=[]))
    assert tile.canvas.words == "face 3 is not there", "before it was seen nobody knows since when"
    board.show_result(shown(number=2, faces=[], status="no engine runs"))
    assert tile.canvas.words == "not looked for faces: no engine runs"


def test_generated_pictures_carry_the_word_and_one_that_is_not_there_says_why(board: Board) -> None:
    board.show_1()
    board._set_place(0, Place(Source(picture="color", face=1)))
    tile = board.grid.tiles[0]
    board.show_result(shown(number=1))
    rgb = pixels(tile.canvas)
    assert int((np.abs(rgb.astype(int) - np.array(ORANGE)).sum(axis=2) < 60).sum()) > 300
    bare = replace(face(1), invalid={"generated.color": "too far away"})
    board.show_result(shown(number=2, faces=[bare]))
    assert "too far away" in tile.canvas.words


def test_a_generated_picture_grows_old_like_any_other(make: Make, qtbot: QtBot) -> None:
    board = make(mode=Mode.LIVE)
    board.show_result(shown(live=True))
    board._set_place(0, Place(Source(picture="color", face=1)))
    tile = board.grid.tiles[0]
    old = shown((DEPTH,), 1, live=True)  # without the stream that the face is in
    late = replace(old.frame_set.frames["depth"], host_ns=now_ns() - 5_000_000_000)
    board.show_result(replace(old, frame_set=replace(old.frame_set, frames={"depth": late})))
    settled(qtbot, board)
    assert tile.canvas.content is not None
    assert tile.is_greyed
    assert tile.canvas.banner.startswith("STALE 5.")


def test_a_stream_that_this_session_lacks_is_said_and_stays_in_the_layout(board: Board) -> None:
    board.load(Layout(Arrangement.TWO, (Place(Source(stream="rear/depth")), Place(Source(stream="color")))))
    board.show_status(status())
    tile = board.grid.tiles[0]
    assert tile.canvas.words == "no stream rear/depth in this session"
    assert tile.head.badge == "NO STREAM"
    assert board.layout.shown[0].source.stream == "rear/depth"


def test_a_camera_that_is_opened_late_gets_a_tile(make: Make, qtbot: QtBot) -> None:
    board = make(mode=Mode.LIVE)
    board.show_result(shown((COLOR,), live=True))
    assert what(board) == ["stream/color"]
    board.show_status(status((COLOR, DEPTH), Mode.LIVE))
    assert what(board) == ["stream/color", "stream/depth"]
    assert board.grid.tiles[1].head.badge == "NO SIGNAL"
    board.show_result(shown((COLOR, DEPTH), 1, live=True))
    settled(qtbot, board)
    assert board.grid.tiles[1].frame_shown.stream == "depth"


def test_every_tile_has_its_own_switches_of_the_overlay(board: Board) -> None:
    board.show_4()
    board._set_place(3, Place(Source(stream="color")))
    first, copy = board.grid.tiles[0], board.grid.tiles[3]
    both = [pixels(t.canvas) for t in (first, copy)]
    assert np.array_equal(*both)
    off = dict.fromkeys(("box", "id", "distance", "confidence", "landmarks", "axes", "eyes"), False)
    board._set_place(3, Place(Source(stream="color"), off))
    assert np.array_equal(pixels(first.canvas), both[0])
    assert not np.array_equal(pixels(copy.canvas), both[1])
    board.set_overlay("box", False)
    assert not np.array_equal(pixels(first.canvas), both[0])


def test_a_live_picture_that_is_old_is_greyed_and_says_how_old(make: Make, qtbot: QtBot) -> None:
    board = make(mode=Mode.LIVE)
    old = shown(live=True)
    host = now_ns() - 3_200_000_000
    frames = {name: replace(f, host_ns=host) for name, f in old.frame_set.frames.items()}
    old = replace(old, frame_set=replace(old.frame_set, frames=frames))
    board.show_result(old)
    settled(qtbot, board)
    tile = board.grid.tiles[0]
    assert tile.is_greyed
    assert tile.canvas.banner.startswith("STALE 3.")
    assert tile.head.badge == tile.canvas.banner
    assert board.all_old(status(mode=Mode.LIVE))
    assert "old" in tile.accessibleDescription()
    thermal = board.tiles["thermal"].canvas
    pixels(thermal)
    assert np.ptp(part(thermal, 2, 40, 12, 18), axis=2).max() == 0, "it is gray"
    board.show_result(shown(number=1, live=True))
    settled(qtbot, board)
    assert not tile.is_greyed
    assert not tile.canvas.banner
    pixels(thermal)
    assert np.ptp(part(thermal, 2, 40, 12, 18), axis=2).max() > 0
    assert not board.all_old(status(mode=Mode.LIVE))


def test_a_slow_stream_is_not_old_before_five_of_its_frame_times(make: Make, qtbot: QtBot) -> None:
    board = make(mode=Mode.LIVE)
    slow = info("slow", StreamKind.INFRARED, fps=1.0)
    one = shown((slow,), live=True, faces=[])
    for age_s, is_old in ((4.5, False), (5.5, True)):
        late = replace(frame(slow), host_ns=now_ns() - int(age_s * 1e9))
        board.show_result(replace(one, frame_set=replace(one.frame_set, frames={"slow": late})))
        settled(qtbot, board)
        assert board.grid.tiles[0].is_greyed is is_old, age_s


def test_a_closed_shutter_is_said(make: Make) -> None:
    board = make()
    board.show_result(shown((THERMAL,), faces=[], flags=FrameFlag.SHUTTER))
    assert board.grid.tiles[0].head.badge == "SHUTTER"


def test_in_a_replay_a_picture_far_from_the_instant_is_old(make: Make) -> None:
    board = make()
    board.show_result(shown(number=0))
    board.show_result(shown((COLOR, DEPTH), number=90))
    tiles = board.tiles
    assert not tiles["color"].is_greyed
    assert tiles["thermal"].is_greyed
    assert tiles["thermal"].canvas.banner.startswith("STALE")


def test_the_head_tells_name_kind_size_and_rate(board: Board) -> None:
    tile = board.tiles["color"]
    assert tile.head.name == "color"
    assert "160 × 120" in tile.head._kind
    assert "30.0 fps" in tile.head.facts
    assert tile.accessibleName() == "Tile 1: color"
    assert "160 × 120" in tile.accessibleDescription()
    board.show_status(status(note="its clock runs away"))
    assert tile.head.toolTip().startswith("its clock runs away")
    assert "Drag it" in tile.head.toolTip()
