"""Help, and what makes the window the operator's own: settings, theme, size of the words."""

from __future__ import annotations

from gui.actions.row import Action
from gui.words import mark

ROWS = (
    Action(
        "night",
        mark("Night"),
        mark("Show the window in dim red, so that the eyes stay used to the dark; or go back."),
        "theme",
        "View",
        "set_night",
        ("F9",),
        checked=False,
        toolbar=True,
    ),
    Action(
        "text_larger",
        mark("Larger text"),
        mark("Make all words larger, up to twice their size."),
        "larger",
        "View",
        "text_larger",
        ("Ctrl++", "Ctrl+="),
    ),
    Action(
        "text_smaller",
        mark("Smaller text"),
        mark("Make all words smaller."),
        "smaller",
        "View",
        "text_smaller",
        ("Ctrl+-",),
    ),
    Action(
        "text_usual",
        mark("Usual text size"),
        mark("Give all words their usual size."),
        "usual_size",
        "View",
        "text_usual",
        ("Ctrl+Alt+0",),
    ),
    Action(
        "settings",
        mark("Settings …"),
        mark("Change the units, the theme, the language, the keys and what else is remembered."),
        "settings",
        "View",
        "show_settings",
        ("Ctrl+,",),
    ),
    Action(
        "palette_open",
        mark("Commands"),
        mark("Type some letters of what you want to do, and do it."),
        "search",
        "Help",
        "show_palette",
        ("Ctrl+K", "Ctrl+Shift+P"),
        toolbar=True,
    ),
    Action(
        "help",
        mark("Help"),
        mark("Show what can be done and with which keys."),
        "help",
        "Help",
        "show_help",
        ("F1",),
        toolbar=True,
    ),
)
