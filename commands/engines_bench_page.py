"""The benchmark as a page: one line a file in short, every row in full, and what it was measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from commands.engines_bench_rows import Row
from engines.key import cpu_fields


@dataclass(frozen=True, slots=True)
class About:
    """What was measured on, and how.

    Attributes:
        command: that measures it again.
        machine: processor, cores, system, versions of the libraries.
        threads: of one call.
        load: mean number of running processes over the last minute, before and after; empty where unknown.
        rates: kind -> 10^9 multiply-accumulates a second at best; empty where none was measured.
        missing: what was not measured, and why.
    """

    date: str
    command: str
    machine: str
    threads: int
    load: tuple[float, ...]
    rates: Mapping[str, float]
    missing: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "date": self.date,
            "command": self.command,
            "machine": self.machine,
            "threads": self.threads,
            "load": list(self.load),
            "gmac_s": dict(self.rates),
            "missing": list(self.missing),
        }

    def lines(self) -> list[str]:
        text = [f"{self.date}, {self.machine}; {self.threads} threads a call.", f"    {self.command}"]
        if self.rates:
            rates = ", ".join(f"{kind} {rate:.0f} GMAC/s" for kind, rate in self.rates.items())
            text.append(f"Best convolution of the same run: {rates} (1 GMAC/s = 0.002 TOP/s).")
        if self.load:
            text.append(f"Load of the machine before and after: {', '.join(f'{value:.1f}' for value in self.load)}.")
        return text


def today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def machine(versions: Mapping[str, str]) -> str:
    """The processor, its cores, the system and the libraries, in one line."""
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"{cpu_fields()['cpu']}, {os.cpu_count()} cores, {platform.system()}, {told}"


def load_now() -> float | None:
    """Mean number of running processes over the last minute; None where the system has no such number."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):  # Windows
        return None


COLUMNS = (
    "model",
    "backend",
    "precision",
    "GMAC",
    "limit",
    "1 face",
    "of limit",
    "library's own",
    "8 faces",
    "of limit",
)


def short_table(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """One line a file and backend: one face, and the largest batch by the face; ms, best of the run."""
    lines: list[tuple[str, ...]] = []
    for _, group in groupby(rows, key=lambda r: (r.model, r.preset, r.backend, r.precision)):
        batches = list(group)
        one, most = batches[0], batches[-1]
        stock = _ms(one.stock_ms)
        if one.stock_f32_ms is not None:
            stock = f"{stock} in {one.stock_precision}, {_ms(one.stock_f32_ms)} in f32"
        lines.append(
            (
                f"{one.model} {one.preset}",
                one.backend,
                one.precision,
                f"{one.gmac:.2f}",
                _ms(one.limit_ms),
                _ms(one.ms_best),
                _ratio(one.ratio),
                stock,
                f"{most.ms_best / most.batch:.2f} a face" if most.batch != 8 else f"{most.ms_best / 8:.2f}",
                _ratio(most.ratio),
            )
        )
    return lines


def page(rows: Sequence[Row], about: About) -> str:
    """The whole page as markdown."""
    full = (
        "model", "preset", "backend", "precision", "batch", "best", "median", "limit", "best of limit",
        "library's own", "its precision", "its own in f32",
    )  # fmt: skip
    every = [
        (
            r.model, r.preset, r.backend, r.precision, str(r.batch), _ms(r.ms_best), _ms(r.ms_median), _ms(r.limit_ms),
            _ratio(r.ratio), _ms(r.stock_ms), r.stock_precision or "", _ms(r.stock_f32_ms),
        )
        for r in rows
    ]  # fmt: skip
    parts = [
        "# How fast the models run",
        *about.lines(),
        "Times in ms, whole calls of so many faces, checks and copies included; the limit is the multiply-accumulates "
        "at the best rate of the same run in the row's precision. The library's own call runs the same file with "
        "nothing set; it may compute in another precision, which is named.",
        "## In short\n\n" + "\n".join(markdown(COLUMNS, short_table(rows))),
        "## Every row\n\n" + "\n".join(markdown(full, every)),
    ]
    if about.missing:
        parts.append("## Not measured\n\n" + "\n".join(f"- {reason}" for reason in about.missing))
    return "\n\n".join(parts) + "\n"


def markdown(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    """A table as lines of markdown."""
    return [f"| {' | '.join(line)} |" for line in (columns, ["---"] * len(columns), *lines)]


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
