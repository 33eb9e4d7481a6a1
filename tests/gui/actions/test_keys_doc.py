"""The documentation's table of keys is the program's."""

from __future__ import annotations

from pathlib import Path

from gui.actions.keys_doc import keys_page
from gui.actions.table import ACTIONS


def test_every_action_stands_in_it_once_with_its_keys() -> None:
    lines = [line for line in keys_page().splitlines() if line.startswith("| ")]
    for row in ACTIONS:
        found = [line for line in lines if f"| {row.text} | {row.tip} |" in line]
        assert len(found) == 1, row.key
        assert all(f"`{key}`" in found[0] for key in row.shortcuts)


def test_the_page_in_the_documentation_is_that_of_now() -> None:
    written = Path(__file__).parents[3] / "docs" / "keys.md"
    assert written.read_text("utf-8") == keys_page(), "run python -m gui.actions.keys_doc > docs/keys.md"
