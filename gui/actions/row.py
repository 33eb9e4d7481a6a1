"""One row of the table of actions."""

from __future__ import annotations

from dataclasses import dataclass

from gui.feed import Mode

BOTH = (Mode.REPLAY, Mode.LIVE)
REPLAY = (Mode.REPLAY,)
LIVE = (Mode.LIVE,)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    Attributes:
        key: its name in the program.
        text: in the menu and under the toolbar's icon.
        tip: what it does, in a sentence.
        icon: name in gui/look/icons.py.
        menu: the menu it stands in.
        handler: name of a method of the window or of what it is made of; it gets the action's key and the new state
            when ``checked`` is not None.
        shortcuts: keys, in Qt's words.
        checked: None for a plain action, else whether a switch is on at first.
        toolbar: whether it stands in the toolbar.
        modes: where it makes sense.
    """

    key: str
    text: str
    tip: str
    icon: str
    menu: str
    handler: str
    shortcuts: tuple[str, ...] = ()
    checked: bool | None = None
    toolbar: bool = False
    modes: tuple[Mode, ...] = BOTH
