"""Tables of results: markdown as docs/results.md takes it, and the same numbers as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

NOT_MEASURED = "not measured"
NOT_AVAILABLE = "not available"

Cell = float | int | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how numbers are written (`.1f`, `.1%`...), and whether it is left out of the markdown."""

    name: str
    form: str = ".2f"


@dataclass
class Table:
    """Rows of cells; what a row has no cell for is a dash."""

    title: str
    columns: Sequence[Column]
    note: str = ""
    first: str = "method"
    rows: list[tuple[str, dict[str, Cell]]] = field(default_factory=list)

    def add(self, name: str, cells: dict[str, Cell]) -> None:
        self.rows.append((name, cells))

    def add_gap(self, name: str, why: str) -> None:
        """A row without numbers: `why` stands in its first column."""
        self.rows.append((name, {self.columns[0].name: why}))

    def markdown(self) -> str:
        """Heading, note, table."""
        lines = [f"### {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        names = [self.first, *(column.name for column in self.columns)]
        lines += [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
        for name, cells in self.rows:
            texts = [_text(cells.get(column.name), column.form) for column in self.columns]
            lines.append(f"| {' | '.join([name, *texts])} |")
        return "\n".join([*lines, ""])

    def to_json(self) -> dict[str, Any]:
        rows = [{"name": name, **{k: _plain(v) for k, v in cells.items()}} for name, cells in self.rows]
        return {"title": self.title, "note": self.note, "rows": rows}


def _text(value: Cell, form: str) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "-"
    return value if isinstance(value, str) else format(value, form)


def _plain(value: Cell) -> Cell:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
