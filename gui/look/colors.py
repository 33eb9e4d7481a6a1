"""The colors of the window's three themes, and how well one color is read on another. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """Colors of the window, as ``#rrggbb``. Blue means measured, orange means look here, and generated; red is the
    recording, and full red a recording that loses something. At night every color is a red, and brightness alone tells
    them apart: what needs attention is the brightest.

    Attributes:
        name: ``dark``, ``red`` or ``light``.
        is_night: only reds may be painted, pictures aside.
        window, panel, raised: grounds, from the back to the front.
        line: borders, tracks, empty bars.
        text, dim, off: words; less important ones; those of what cannot be used now.
        accent, warn, alarm, record, event: words, lines and bars with a meaning, on every ground.
        on_accent, on_warn, on_record: words on a ground of that color.
        chosen: ground of what is switched on.
        selected, on_selected: the chosen row of a list, and words on it: three times as bright, or as dark, as the rows
            beside it, since nothing else says which one it is.
        message: ground of the message bar.
        measured, attention: fill of a bar that words in ``text`` stand on.
    """

    name: str
    is_night: bool
    window: str
    panel: str
    raised: str
    line: str
    text: str
    dim: str
    off: str
    accent: str
    warn: str
    alarm: str
    record: str
    event: str
    on_accent: str
    on_warn: str
    on_record: str
    chosen: str
    selected: str
    on_selected: str
    message: str
    measured: str
    attention: str


_COLORS: dict[str, tuple[str, str, str]] = {
    # name: (dark, red, light)
    "window": ("#0f1115", "#060000", "#e9edf2"),
    "panel": ("#191d23", "#0e0000", "#ffffff"),
    "raised": ("#242a32", "#180000", "#e2e7ee"),
    "line": ("#333b46", "#3c0000", "#b4bdc9"),
    "text": ("#f1f4f8", "#d80000", "#14181f"),
    "dim": ("#a8b0bc", "#c80000", "#49535f"),
    "off": ("#667080", "#780000", "#8791a0"),
    # At night Qt makes a paler red of a brighter accent where it paints the focus itself.
    "accent": ("#56b4e9", "#c60000", "#005c99"),
    "warn": ("#ffb000", "#ff0000", "#805000"),
    "alarm": ("#ff7a26", "#ff0000", "#a83500"),
    "record": ("#ff5a60", "#f00000", "#b8121a"),
    "event": ("#d48ab8", "#cc0000", "#82346b"),
    "on_accent": ("#0f1115", "#060000", "#ffffff"),
    "on_warn": ("#16130a", "#060000", "#ffffff"),
    "on_record": ("#1a0204", "#060000", "#ffffff"),
    "chosen": ("#17344a", "#240000", "#cfe4f4"),
    "selected": ("#3678a8", "#f00000", "#005c99"),
    "on_selected": ("#ffffff", "#060000", "#ffffff"),
    "message": ("#3a2a08", "#1c0000", "#ffe9bf"),
    "measured": ("#1f5f86", "#1e0000", "#a9d3ee"),
    "attention": ("#a33e00", "#260000", "#ffc08a"),
}


def _theme(column: int, name: str, is_night: bool = False) -> Theme:
    return Theme(name=name, is_night=is_night, **{ink: colors[column] for ink, colors in _COLORS.items()})


DARK, RED, LIGHT = _theme(0, "dark"), _theme(1, "red", is_night=True), _theme(2, "light")
THEMES = {theme.name: theme for theme in (DARK, RED, LIGHT)}


def luminance(color: str) -> float:
    """Relative luminance of ``#rrggbb``, 0..1 (W3C, WCAG 2.1)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast of two colors, 1..21 (W3C, WCAG 2.1)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
