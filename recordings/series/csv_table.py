"""Series from a text table: commas, semicolons or tabs, decimal points or commas, comments before the heading."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from recordings.series.errors import SeriesError
from recordings.series.source import Progress, SourceOptions, SourceRead
from recordings.series.table import read_table

SUFFIXES: Final = (".csv", ".tsv", ".txt")

_HEAD: Final = 256 << 10
_DELIMITERS: Final = (",", ";", "\t", "|")
_COMMENTS: Final = ("#", "//", "%")
_SAMPLE: Final = 50
_DECIMAL_COMMA: Final = re.compile(r"^\s*[-+]?\d+,\d+\s*$")
_NEW_LINE: Final = re.compile(r"\r\n|\n|\r")
_MOST_BAD_ROWS: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Dialect:
    encoding: str
    skip: int
    """Lines before the heading."""
    headings: list[str]
    delimiter: str
    decimal_comma: bool


def read(path: Path, options: SourceOptions, on_progress: Progress | None = None) -> SourceRead:
    """Series of a text table's columns.

    Raises:
        SeriesError: it cannot be read, is no table, or as :func:`recordings.series.table.read_table`.
    """
    del on_progress  # it is read at once
    dialect = _dialect(path)
    table, bad = _table(path, dialect)
    if dialect.decimal_comma:
        fields = [pc.replace_substring(table.column(i), ",", ".") for i in range(table.num_columns)]
        table = pa.Table.from_arrays(fields, names=table.column_names)
    found = read_table(path, table, options)
    notes = list(found.notes)
    if bad:
        notes.append(f"{bad} rows have another number of columns than the heading and were left out")
    return SourceRead(found.series, found.times, found.time_column, tuple(notes))


def _table(path: Path, dialect: _Dialect) -> tuple[pa.Table, int]:
    """Every column as text: a type guessed from the first rows would refuse what comes later."""
    bad = 0

    def skip(_: Any) -> str:
        nonlocal bad
        bad += 1
        return "skip"

    # Not the headings themselves: two of them may be equal.
    names = [str(i) for i in range(len(dialect.headings))]
    try:
        table = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(
                encoding=dialect.encoding, skip_rows=dialect.skip + 1, column_names=names, use_threads=False
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=dialect.delimiter, invalid_row_handler=skip),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=True, null_values=[""]
            ),
        )
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise SeriesError(f"{path} cannot be read as a table of text: {error}") from error
    if bad > _MOST_BAD_ROWS * (bad + table.num_rows):
        raise SeriesError(
            f"{path}: {bad} of {bad + table.num_rows} rows have another number of columns than the heading, "
            f"which has {len(dialect.headings)} ({', '.join(dialect.headings[:8])}); is it a table?"
        )
    return table.rename_columns(dialect.headings), bad


def _dialect(path: Path) -> _Dialect:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise SeriesError(f"{path} cannot be read: {error.strerror or error}") from error
    if not head.strip():
        raise SeriesError(f"{path} is empty")
    encoding = _encoding(path, head)
    lines = _NEW_LINE.split(head.decode(encoding, "replace").lstrip("\ufeff"))
    skip = 0
    while skip < len(lines) and (not lines[skip].strip() or lines[skip].lstrip().startswith(_COMMENTS)):
        skip += 1
    if skip + 1 >= len(lines):
        raise SeriesError(f"{path} holds no rows after its heading")
    # The last line of the sample may be cut off.
    sample = [line for line in lines[skip : skip + _SAMPLE] if line.strip()]
    delimiter = max(_DELIMITERS, key=lambda d: _likeness(sample, d))
    if _likeness(sample, delimiter)[1] < 2:
        raise SeriesError(
            f"{path} is no table: its heading {lines[skip][:60]!r} holds no comma, semicolon or tab between names"
        )
    headings, *rows = csv.reader(sample, delimiter=delimiter)
    if any(h.strip() and _is_number(h) for h in headings):
        raise SeriesError(
            f"{path}: its first line holds numbers ({lines[skip][:60]!r}), not the names of its columns; add a line "
            "with names at its top"
        )
    comma = delimiter != "," and any(_DECIMAL_COMMA.match(cell) for row in rows for cell in row)
    return _Dialect(encoding, skip, [h.strip() for h in headings], delimiter, comma)


def _likeness(sample: list[str], delimiter: str) -> tuple[bool, int]:
    """How likely the delimiter is: most rows have as many columns as the heading, and how many it has."""
    try:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter)]
    except csv.Error:
        return False, 0
    return counts[0] > 1 and sum(n == counts[0] for n in counts) * 2 >= len(counts), counts[0]


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in head:
        raise SeriesError(f"{path} is no text: it holds zero bytes; a CAN log needs its own suffix (.blf, .asc, ...)")
    try:
        # A cut character at the very end is no fault.
        head[: len(head) - 4 if len(head) == _HEAD else None].decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
