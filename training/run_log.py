"""The log of a run: one CSV row a value, appended as the run goes on."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = ("step", "elapsed_s", "name", "value")
HELD_OUT = "held_out."
"""Before the names of what was measured on held-out people."""
NOT_LOSSES = ("rate", "ready", "adversary")


@dataclass
class Series:
    """One value over the steps of a run."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)


class RunLog:
    """Appends to the CSV file at `path`, and keeps nothing open in between."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, step: int, elapsed_s: float, values: Mapping[str, float]) -> None:
        """One row for each value.

        Raises:
            OSError: the file can't be written.
        """
        new = not self.path.exists()
        with self.path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(COLUMNS)
            for name, value in values.items():
                writer.writerow([step, f"{elapsed_s:.1f}", name, f"{value:.6g}"])


def read_log(path: Path) -> dict[str, Series]:
    """Every value of a log by its name, in the order of the rows; torn rows (of a full disk, say) are left out.

    Raises:
        OSError: the file can't be read.
    """
    series: dict[str, Series] = {}
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        for row in csv.reader(file):
            try:
                step, _, name, value = row
                number, at = float(value), int(step)
            except ValueError:
                continue  # the heading, and torn rows
            one = series.setdefault(name, Series())
            one.steps.append(at)
            one.values.append(number)
    return series
