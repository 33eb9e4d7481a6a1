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
        rates: kind -> 10^9 multiply-accumulates a second at best, and a second of processor time; empty where none
            was measured.
        missing: what was not measured, and why.
    """

    date: str
    command: str
    machine: str
    threads: int
    load: tuple[float, ...]
    rates: Mapping[str, tuple[float, float]]
    missing: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "date": self.date,
            "command": self.command,
            "machine": self.machine,
            "threads": self.threads,
            "load": list(self.load),
            "gmac_s": {kind: rate for kind, (rate, _) in self.rates.items()},
            "gmac_cpu_s": {kind: rate for kind, (_, rate) in self.rates.items()},
            "missing": list(self.missing),
        }

    def lines(self) -> list[str]:
        text = [f"{self.date}, {self.machine}; {self.threads} threads a call.", f"    {self.command}"]
        if self.rates:
            rates = ", ".join(f"{kind} {rate:.0f} ({cpu:.0f})" for kind, (rate, cpu) in self.rates.items())
            text.append(
                f"Best convolution of the same run, GMAC/s (and per second of processor time): {rates}; 1 GMAC/s is "
                f"0.002 TOP/s."
            )
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
    "model", "backend", "precision", "GMAC", "limit", "1 face", "of limit", "processor time", "of limit",
    "library's own", "its processor time", "8 faces", "processor time", "of limit",
)  # fmt: skip
"""Of the short table; a time to a limit is by the clock, or processor time to processor time."""


def short_table(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """One line a file and backend: one face, and the largest batch by the face; ms, best of the run."""
    lines: list[tuple[str, ...]] = []
    for _, group in groupby(rows, key=lambda r: (r.model, r.preset, r.backend, r.precision)):
        batches = list(group)
        one, most = batches[0], batches[-1]
        lines.append(
            (
                f"{one.model} {one.preset}",
                one.backend,
                one.precision,
                f"{one.gmac:.2f}",
                _ms(one.limit_ms),
                _ms(one.ms_best),
                _ratio(one.ratio),
                _ms(one.cpu_ms),
                _ratio(one.cpu_ratio),
                _own(one.stock_ms, one.stock_precision, one.stock_f32_ms),
                _own(one.stock_cpu_ms, one.stock_precision, one.stock_f32_cpu_ms),
                _ms(most.ms_best / most.batch),
                _ms(most.cpu_ms / most.batch if most.cpu_ms else None),
                _ratio(most.cpu_ratio),
            )
        )
    return lines


def page(rows: Sequence[Row], about: About) -> str:
    """The whole page as markdown."""
    full = (
        "model", "preset", "backend", "precision", "batch", "best", "median", "limit", "best of limit",
        "library's own", "its precision", "its own in f32", "processor time", "of limit", "its own", "in f32",
    )  # fmt: skip
    every = [
        (
            r.model, r.preset, r.backend, r.precision, str(r.batch), _ms(r.ms_best), _ms(r.ms_median), _ms(r.limit_ms),
            _ratio(r.ratio), _ms(r.stock_ms), r.stock_precision or "", _ms(r.stock_f32_ms),
            _ms(r.cpu_ms), _ratio(r.cpu_ratio), _ms(r.stock_cpu_ms), _ms(r.stock_f32_cpu_ms),
        )
        for r in rows
    ]  # fmt: skip
    parts = [
        "# How fast the models run",
        *about.lines(),
        "Times in ms, whole calls of so many faces, checks and copies included; the limit is the multiply-accumulates "
        "at the best rate of the same run in the row's precision. The library's own call runs the same file with "
        "nothing set; it may compute in another precision, which is named. Processor time is that of all threads, "
        "its limit the processor time of the best convolution: these hold on a busy machine too. 8 faces: of one.",
        "## In short\n\n" + "\n".join(markdown(COLUMNS, short_table(rows))),
        "## Every row\n\n" + "\n".join(markdown(full, every)),
    ]
    if about.missing:
        parts.append("## Not measured\n\n" + "\n".join(f"- {reason}" for reason in about.missing))
    return "\n\n".join(parts) + "\n"


def markdown(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    """A table as lines of markdown."""
    return [f"| {' | '.join(line)} |" for line in (columns, ["---"] * len(columns), *lines)]


def _own(value: float | None, precision: str | None, in_f32: float | None) -> str:
    """What the library took by itself, in which precision where that is not float32, and what it takes in float32."""
    return _ms(value) if in_f32 is None else f"{_ms(value)} {precision}, {_ms(in_f32)} f32"


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
