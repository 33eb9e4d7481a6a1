"""The log of a run: one CSV row a value, appended as the run goes on."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
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

    def begin(self, step: int) -> None:
        """Make the log that of a run that goes on after `step`.

        Rows after it are of steps that are taken again: they are dropped. A log that a new run (step 0) finds is that
        of another: it is kept as NAME.csv.1, or the next number that is free.

        Raises:
            OSError: the file can't be read, written or renamed.
        """
        if not self.path.exists():
            return
        if step == 0:
            self.path.rename(_free(self.path))
            return
        with self.path.open(newline="", encoding="utf-8", errors="replace") as file:
            rows = [row for row in csv.reader(file) if (read := _read(row)) is not None and read[0] <= step]
        temporary = self.path.with_name(self.path.name + ".tmp")
        try:
            with temporary.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([COLUMNS, *rows])
            temporary.replace(self.path)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise


def read_log(path: Path) -> dict[str, Series]:
    """Every value of a log by its name, in the order of the rows; torn rows (of a full disk, say) are left out.

    Raises:
        OSError: the file can't be read.
    """
    series: dict[str, Series] = {}
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        for row in csv.reader(file):
            read = _read(row)
            if read is None:
                continue
            step, name, value = read
            one = series.setdefault(name, Series())
            one.steps.append(step)
            one.values.append(value)
    return series


def _read(row: list[str]) -> tuple[int, str, float] | None:
    """Step, name and value of a row; None for the heading and torn rows."""
    try:
        step, _, name, value = row
        return int(step), name, float(value)
    except ValueError:
        return None


def _free(path: Path) -> Path:
    """`path` with the first number after it that no file has."""
    return next(one for k in count(1) if not (one := path.with_name(f"{path.name}.{k}")).exists())
