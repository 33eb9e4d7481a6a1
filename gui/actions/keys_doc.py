"""The table of keys for the documentation: ``python -m gui.actions.keys_doc > docs/keys.md``. No window is needed."""

from __future__ import annotations

import sys

from gui.actions.row import BOTH, Action
from gui.actions.table import ACTIONS, MENUS
from gui.feed import Mode

_HEAD = """# Keys of the window

Made from the table of actions by `python -m gui.actions.keys_doc`. F1 shows the keys that the operator has chosen,
Ctrl+K finds an action by some letters of its name, and Settings, Keys (Ctrl+,) gives them others.
"""

_WHERE = {Mode.LIVE: "live", Mode.REPLAY: "replay"}


def keys_page() -> str:
    """The page, in Markdown."""
    parts = [_HEAD]
    for menu in MENUS:
        rows = [row for row in ACTIONS if row.menu == menu]
        if rows:
            parts += [f"\n## {menu}\n\n| keys | | what it does | where |\n|---|---|---|---|\n", *map(_line, rows)]
    return "".join(parts)


def _line(row: Action) -> str:
    keys = " ".join(f"`{key}`" for key in row.shortcuts) or "–"
    where = "" if row.modes == BOTH else ", ".join(_WHERE[mode] for mode in row.modes)
    cells = (keys, row.text, row.tip, where)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


if __name__ == "__main__":
    sys.stdout.write(keys_page())
