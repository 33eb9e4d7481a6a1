"""A session's results as CSV: the same tables as Parquet's, for spreadsheets; landmarks have a table of their own."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.exporters.parquet import KEPT, NOT_KEPT, results_note, rows_words
from pipeline.exporters.rows import SCHEMAS, rows
from recordings.exporters.output import bytes_of, new_folder
from recordings.exporters.part import part_of
from recordings.exporters.protocol import Exporter, ExportOptions, ExportReport, Progress, check_options
from recordings.reader import SessionReader

_LISTS: Final = ("lm_x", "lm_y", "lm_confidence")
"""Columns of 68 values, which go to landmarks.csv."""

COLUMNS: Final = {
    **{name: [c for c in schema.names if c not in _LISTS] for name, schema in SCHEMAS.items()},
    "landmarks": ["frame", "face", "point", "x", "y", "confidence"],
}

_PROGRESS_EVERY: Final = 256


class CsvFiles:
    """The exporter to CSV."""

    name = "csv"
    title = "tables of results and frames (CSV)"
    suffix = ""
    uses: frozenset[str] = frozenset()
    kept = (*KEPT, "numbers with every digit; landmarks in a table of their own, a row a point")
    not_kept = (*NOT_KEPT, "types and units of the columns, which CSV has no place for (docs/import-export.md)")

    def run(
        self, session: SessionReader, out: Path, options: ExportOptions, on_progress: Progress | None = None
    ) -> ExportReport:
        check_options(self, options)
        part = part_of(session, options)
        notes = results_note(session)
        counts: dict[str, int] = dict.fromkeys(COLUMNS, 0)
        with new_folder(out, session, self.name, options.overwrite, {"frames": part.counts()}) as folder:
            with contextlib.ExitStack() as stack:
                tables = {}
                for name, columns in COLUMNS.items():
                    path = folder.path / f"{name}.csv"
                    file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
                    tables[name] = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
                    tables[name].writeheader()
                for done, (name, row) in enumerate(rows(session, part), 1):
                    tables[name].writerow({k: _text(v) for k, v in row.items()})
                    counts[name] += 1
                    if name == "observations" and row["lm_x"] is not None:
                        points = _points(row)
                        tables["landmarks"].writerows(points)
                        counts["landmarks"] += len(points)
                    if on_progress is not None and done % _PROGRESS_EVERY == 0:
                        on_progress(counts["images"], len(part.order))
            folder.manifest.update(rows=counts, notes=notes)
        return ExportReport(out, part.counts(), bytes_of(out), (rows_words(counts), *notes))


def _text(value: Any) -> Any:
    """Truth in the words of JSON; what is not known is empty."""
    return str(value).lower() if isinstance(value, bool) else value


def _points(row: dict[str, Any]) -> list[dict[str, Any]]:
    # As 32-bit floats they have eight digits, as Python's they would show seventeen.
    columns = [np.array(row[name], np.float32) for name in _LISTS]
    return [
        {"frame": row["frame"], "face": row["face"], "point": k, "x": str(x), "y": str(y), "confidence": str(c)}
        for k, (x, y, c) in enumerate(zip(*columns, strict=True))
    ]


EXPORTER: Exporter = CsvFiles()
