"""On which screen a tile's own window stands, and where there: remembered by the screen's name. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gui.settings import Settings

SETTING = "tiles.windows"

MOST = 64
"""Windows whose places are remembered."""

USUAL = (960, 640)
LEAST = (240, 180)

Rect = tuple[int, int, int, int]
"""Left, top, width, height in px."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place on a screen: ``rect`` counts from the left top of what is free of it."""

    screen: str
    rect: Rect
    is_full: bool = False


class WindowPlaces:
    """Remembers where windows stood, each on each screen, and on which one last."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def remember(self, key: str, where: Where) -> None:
        """Where the window of a tile's source stands."""
        kept = self._kept()
        mine = kept.pop(key, {})
        places = mine.get("places") if isinstance(mine, dict) else None
        places = dict(places) if isinstance(places, dict) else {}
        places[where.screen] = [*where.rect, where.is_full]
        kept[key] = {"screen": where.screen, "places": places}
        while len(kept) > MOST:
            del kept[next(iter(kept))]
        self._settings.set(SETTING, kept)

    def find(self, key: str, screens: Sequence[str], home: str) -> Where:
        """Where the window of a source goes.

        Args:
            screens: names of those that are there.
            home: the one with the large window, which is left free where there is another.
        """
        mine = self._kept().get(key)
        last, places = "", {}
        if isinstance(mine, Mapping):
            last = str(mine.get("screen", ""))
            found = mine.get("places")
            places = dict(found) if isinstance(found, Mapping) else {}
        others = [name for name in screens if name != home]
        screen = last if last in screens else (others or [home])[0]
        where = _place(screen, places.get(screen))
        return where or Where(screen, (-1, -1, *USUAL))

    def _kept(self) -> dict[str, Any]:
        kept = self._settings.get(SETTING, {})
        return dict(kept) if isinstance(kept, dict) else {}


def _place(screen: str, data: object) -> Where | None:
    """A remembered place; None where it makes no sense."""
    if not isinstance(data, (list, tuple)) or len(data) != 5:
        return None
    numbers = data[:4]
    if not all(isinstance(n, (int, float)) and not isinstance(n, bool) and math.isfinite(n) for n in numbers):
        return None
    x, y, w, h = (int(max(min(n, 100_000), -100_000)) for n in numbers)
    return Where(screen, (x, y, w, h), data[4] is True) if w > 0 and h > 0 else None


def within(rect: Rect, free: Rect) -> Rect:
    """A window's rectangle, from the left top of a screen's free part, as one that is wholly on it.

    Args:
        rect: a negative left or top puts it in the middle.
        free: the screen's free part on the desktop.
    """
    left, top, width, height = free
    w, h = min(max(rect[2], LEAST[0]), width), min(max(rect[3], LEAST[1]), height)
    x = (width - w) // 2 if rect[0] < 0 else min(rect[0], width - w)
    y = (height - h) // 2 if rect[1] < 0 else min(rect[1], height - h)
    return left + x, top + y, w, h
