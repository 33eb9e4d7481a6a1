"""What is done with the tiles. The rows stand in the menu of the view."""

from __future__ import annotations

from gui.actions.row import Action
from gui.words import mark

_MENU = "View"


def _arrangement(key: str, text: str, tip: str, icon: str, handler: str, shortcut: str) -> Action:
    return Action(key, text, tip, icon, _MENU, handler, (shortcut,))


ROWS = (
    _arrangement(
        "tiles_main",
        mark("One large, others beside it"),
        mark("Show the first tile large and the others beside it."),
        "swap",
        "show_main_and_side",
        "Ctrl+0",
    ),
    _arrangement("tiles_1", mark("1 tile"), mark("Show the first tile alone."), "tiles_1", "show_1", "Ctrl+1"),
    _arrangement("tiles_2", mark("2 tiles"), mark("Show two tiles of one size."), "tiles_2", "show_2", "Ctrl+2"),
    _arrangement("tiles_4", mark("4 tiles"), mark("Show four tiles of one size."), "tiles", "show_4", "Ctrl+4"),
    _arrangement("tiles_6", mark("6 tiles"), mark("Show six tiles of one size."), "tiles_6", "show_6", "Ctrl+6"),
    _arrangement("tiles_9", mark("9 tiles"), mark("Show nine tiles of one size."), "tiles_9", "show_9", "Ctrl+9"),
    Action(
        "maximise",
        mark("Tile alone"),
        mark("Show the tile with the focus alone, or all of them again; Enter and a double click do the same."),
        "full",
        _MENU,
        "maximise_tile",
        ("Ctrl+Return",),
    ),
    Action(
        "tile_menu",
        mark("What the tile shows …"),
        mark(
            "Choose what the tile with the focus shows: a stream, or a picture of a face. Its menu key does the same."
        ),
        "settings",
        _MENU,
        "open_tile_menu",
        ("Ctrl+T",),
    ),
    Action(
        "detach",
        mark("Tile in its own window"),
        mark("Give the tile with the focus a window of its own, for a second screen; closing that brings it back."),
        "detach",
        _MENU,
        "detach_tile",
        ("Ctrl+D",),
    ),
    Action(
        "layouts",
        mark("Layouts …"),
        mark("Save the tiles as they are under a name, show saved ones, write them into a file or read them from one."),
        "layouts",
        _MENU,
        "show_layouts",
        ("Ctrl+Shift+L",),
    ),
)
