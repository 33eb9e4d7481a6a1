"""What several importers ask of their options and paths."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from recordings.errors import SessionImportError

FORMATS_EXTRA: Final = 'pip install "tapetum[formats]"'
"""What brings the optional libraries of the importers."""


def number(
    extra: Mapping[str, str], key: str, default: float | None = None, *, low: float = -math.inf, high: float = math.inf
) -> float | None:
    """The number of ``--set key=...``, ``default`` when it is not given.

    Raises:
        SessionImportError: it is no number between ``low`` and ``high``.
    """
    if key not in extra:
        return default
    try:
        value = float(extra[key])
    except ValueError:
        value = math.nan
    if not low <= value <= high or math.isinf(value):
        lowest = f" of at least {low:g}" if math.isfinite(low) else ""
        highest = f" and at most {high:g}" if math.isfinite(high) else ""
        raise SessionImportError(f"--set {key}= takes a number{lowest}{highest}, found {extra[key]!r}")
    return value


def choice(extra: Mapping[str, str], key: str, words: Sequence[str], default: str) -> str:
    """The word of ``--set key=...``, ``default`` when it is not given.

    Raises:
        SessionImportError: it is none of ``words``.
    """
    value = extra.get(key, default)
    if value not in words:
        raise SessionImportError(f"--set {key}= takes {', '.join(words)}; found {value!r}")
    return value


def positive(name: str, value: float) -> float:
    """The value itself.

    Raises:
        SessionImportError: it is not positive and finite.
    """
    if not (math.isfinite(value) and value > 0):
        raise SessionImportError(f"{name} must be a positive number, found {value}")
    return value


def synthetic_ns(count: int, fps: float) -> list[int]:
    """Times where a source has none: frame i at (i + 1) / fps."""
    return [round((k + 1) * 1e9 / fps) for k in range(count)]


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts numbers in names by their value: 2 before 10."""
    parts = re.split(r"(\d+)", name)
    return tuple((0, int(p), p) if p.isdigit() else (1, 0, p) for p in parts if p)


def files_of(folder: Path) -> list[Path]:
    """The files in a folder, hidden ones left out, numbers in their names by value.

    Raises:
        SessionImportError: it is no folder, or cannot be read.
    """
    try:
        found = [p for p in folder.iterdir() if not p.name.startswith(".") and p.is_file()]
    except OSError as error:
        raise SessionImportError(f"{folder} cannot be read: {error.strerror or error}") from error
    return sorted(found, key=lambda p: natural(p.name))


def refuse_own_source(out: Path, sources: Iterable[Path]) -> None:
    """Never replace what is being read.

    Raises:
        SessionImportError: ``out`` is one of the sources.
    """
    if out.exists() and any(source.exists() and out.samefile(source) for source in sources):
        raise SessionImportError(f"{out} is the file to import; choose another name")
