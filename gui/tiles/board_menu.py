"""The menu of a tile, with what can be chosen there now."""

from __future__ import annotations

from gui.qt import QtCore
from gui.tiles.board_tile import Tile
from gui.tiles.filling import Filling
from gui.tiles.layout import Layout
from gui.tiles.tile_menu import MenuCalls, MenuFacts, make_menu
from gui.tiles.titles import KIND_WORDS, title_of
from gui.words import tr


def popup(
    tile: Tile, index: int, layout: Layout, filling: Filling, is_maximised: bool, calls: MenuCalls, at: QtCore.QPoint
) -> None:
    """Open it.

    Args:
        index: the tile's place in the layout.
        filling: knows the streams and faces.
        at: where on the desktop.
    """
    place = layout.shown[index]
    others = {} if place.detached else {i: title_of(p.source) for i, p in enumerate(layout.shown) if i != index}
    infos = {name: frame.info for name, (frame, _) in filling.newest.items()}
    streams = {
        name: tr(KIND_WORDS[infos[name].kind]) if name in infos and KIND_WORDS[infos[name].kind] not in name else ""
        for name in filling.known
    }
    faces = [] if filling.shown is None else sorted(face.id for face in filling.shown.observation.faces)
    facts = MenuFacts(streams, faces, filling.plans.switches(), others, is_maximised, place.detached)
    make_menu(tile, place, facts, calls).popup(at)
