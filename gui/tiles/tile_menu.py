"""The menu of a tile: what it shows, its own overlay, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gui.actions.overlay import ROWS
from gui.qt import QtGui, QtWidgets
from gui.tiles.face_pictures import KIND_WORDS, KINDS
from gui.tiles.layout import EMPTY, Place, Source
from gui.words import tr
from pipeline.overlay import SWITCHES

MOST_FACES = 12


@dataclass(frozen=True, slots=True)
class MenuFacts:
    """What a menu offers.

    Attributes:
        streams: of the session, in their order, with words behind the name.
        faces: ids of those that are seen.
        overlay: the window's own switches, by the option's name.
        others: the other tiles, by their index, with what they show.
    """

    streams: Mapping[str, str]
    faces: Sequence[int]
    overlay: Mapping[str, bool]
    others: Mapping[int, str]
    is_maximised: bool = False
    is_detached: bool = False


@dataclass(frozen=True, slots=True)
class MenuCalls:
    """What a menu does."""

    set_place: Callable[[Place], None]
    maximise: Callable[[], None]
    detach: Callable[[], None]
    swap: Callable[[int], None]
    whole: Callable[[], None]


def make_menu(parent: QtWidgets.QWidget, place: Place, facts: MenuFacts, calls: MenuCalls) -> QtWidgets.QMenu:
    """The menu of one tile. It deletes itself when it is put away."""
    menu = QtWidgets.QMenu(parent)
    menu.setAccessibleName(tr("What this tile shows"))
    menu.aboutToHide.connect(menu.deleteLater)
    group = QtGui.QActionGroup(menu)

    def offer(into: QtWidgets.QMenu, words: str, source: Source) -> None:
        action = into.addAction(words)
        action.setCheckable(True)
        action.setChecked(source == place.source)
        group.addAction(action)
        action.triggered.connect(lambda _on=False, s=source: calls.set_place(replace(place, source=s)))

    for name, words in facts.streams.items():
        offer(menu, f"{name}   {words}" if words else name, Source(stream=name))
    menu.addSeparator()
    followed = [None, *facts.faces[:MOST_FACES]]
    if place.source.is_face and place.source.face not in followed:
        followed.append(place.source.face)
    for face in followed:
        sub = menu.addMenu(tr("Nearest face") if face is None else tr("Face {id}", id=face))
        for kind in KINDS:
            offer(sub, tr(KIND_WORDS[kind]), Source(picture=kind, face=face))
    offer(menu, tr("Nothing"), EMPTY)
    menu.addSeparator()
    if place.source.stream:
        _add_overlay(menu.addMenu(tr("Overlay of this tile")), place, facts, calls)
    if facts.others:
        swap = menu.addMenu(tr("Change places with"))
        for index, words in facts.others.items():
            action = swap.addAction(tr("Tile {n}: {what}", n=index + 1, what=words or tr("empty")))
            action.triggered.connect(lambda _on=False, i=index: calls.swap(i))
    alone = tr("All tiles (Enter)") if facts.is_maximised else tr("This tile alone (Enter)")
    back = tr("Back into the large window")
    for words, call, possible in (
        (tr("Fill the screen (F11)") if facts.is_detached else alone, calls.maximise, True),
        (tr("The whole picture (Esc)"), calls.whole, not place.source.is_empty),
        (back if facts.is_detached else tr("In a window of its own"), calls.detach, not place.source.is_empty),
    ):
        action = menu.addAction(words)
        action.setEnabled(possible)
        action.triggered.connect(lambda _on=False, c=call: c())
    return menu


def _add_overlay(menu: QtWidgets.QMenu, place: Place, facts: MenuFacts, calls: MenuCalls) -> None:
    """Its own switches, and a way back to those of the window."""
    same = menu.addAction(tr("As in the window"))
    same.setCheckable(True)
    same.setChecked(not place.overlay)
    same.triggered.connect(lambda: calls.set_place(replace(place, overlay={})))
    menu.addSeparator()
    words = {row.key: row.text for row in ROWS}
    for key in SWITCHES:
        on = place.overlay.get(key, facts.overlay.get(key, False))
        action = menu.addAction(tr(words.get(key, key)))
        action.setCheckable(True)
        action.setChecked(on)
        changed = replace(place, overlay={**place.overlay, key: not on})
        action.triggered.connect(lambda _on=False, p=changed: calls.set_place(p))
