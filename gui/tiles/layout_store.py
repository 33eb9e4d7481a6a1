"""Layouts from one start to the next: the last one of each set of streams, those with a name, and files. No Qt here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gui.settings import Settings
from gui.tiles.layout import Layout, LayoutError
from gui.words import tr

SETTING = "tiles.layouts"

MOST_LAST = 24
"""Sets of streams whose last layout is remembered."""

MOST_NAMED = 100
LONGEST_NAME = 60

_LARGEST_FILE = 1_000_000  # bytes; a layout has a few thousand


class LayoutStore:
    """Layouts in the settings. What is broken there is left out, and said once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.problem = ""
        kept = settings.get(SETTING, {})
        if not isinstance(kept, dict):
            self.problem = tr("the saved layouts of tiles cannot be read; the usual layout is shown")
            kept = {}
        self._last = self._section(kept, "last")
        self._named = self._section(kept, "named")

    def _section(self, kept: dict[str, Any], name: str) -> dict[str, Any]:
        found = kept.get(name, {})
        if isinstance(found, dict):
            return {str(k): v for k, v in found.items()}
        self.problem = tr("the saved layouts of tiles cannot be read; the usual layout is shown")
        return {}

    def last(self, streams: Iterable[str]) -> Layout | None:
        """The layout that this set of streams had last; None when it had none, or a broken one (see ``problem``)."""
        data = self._last.get(key_of(streams))
        if data is None:
            return None
        try:
            return Layout.from_json(data)
        except LayoutError as error:
            self.problem = tr("the saved layout is broken ({reason}); the usual one is shown", reason=error)
            return None

    def set_last(self, streams: Iterable[str], layout: Layout) -> None:
        """Remember what a set of streams was shown with."""
        key = key_of(streams)
        self._last.pop(key, None)
        self._last[key] = layout.to_json()
        while len(self._last) > MOST_LAST:
            del self._last[next(iter(self._last))]
        self._write()

    def names(self) -> list[str]:
        """Of the saved layouts, in the order of the alphabet."""
        return sorted(self._named, key=str.casefold)

    def named(self, name: str) -> Layout:
        """A saved layout.

        Raises:
            LayoutError: there is none of this name, or it is broken.
        """
        if name not in self._named:
            raise LayoutError(tr("there is no layout called {name}", name=name))
        return Layout.from_json(self._named[name])

    def save(self, name: str, layout: Layout) -> None:
        """Keep a layout under a name, in place of the one that had it.

        Raises:
            LayoutError: the name is none, or there are too many.
        """
        name = name.strip()
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise LayoutError(tr("a layout needs a name of 1 to {n} characters", n=LONGEST_NAME))
        if name not in self._named and len(self._named) >= MOST_NAMED:
            raise LayoutError(tr("there are {n} saved layouts already; delete one first", n=MOST_NAMED))
        self._named[name] = layout.to_json()
        self._write()

    def delete(self, name: str) -> None:
        """Forget a saved layout; nothing happens where there is none of this name."""
        if self._named.pop(name, None) is not None:
            self._write()

    def _write(self) -> None:
        self._settings.set(SETTING, {"last": dict(self._last), "named": dict(self._named)})


def key_of(streams: Iterable[str]) -> str:
    """A name for a set of streams (their names have no spaces)."""
    return " ".join(sorted(set(streams)))


def write_layout(path: Path, layout: Layout) -> None:
    """A layout into a file.

    Raises:
        OSError: it cannot be written.
    """
    path.write_text(json.dumps({"tapetum": "layout", **layout.to_json()}, indent=1) + "\n", "utf-8")


def read_layout(path: Path) -> Layout:
    """A layout from a file.

    Raises:
        LayoutError: there is no layout in it.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        found = file.read(_LARGEST_FILE + 1)
    if len(found) > _LARGEST_FILE:
        raise LayoutError(tr("{name} is larger than any layout", name=path.name))
    try:
        data = json.loads(found.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise LayoutError(tr("{name} holds no layout: {reason}", name=path.name, reason=error)) from error
    return Layout.from_json(data)
