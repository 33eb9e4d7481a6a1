"""A session's results as Parquet: the tables that `tapetum batch` writes, and four more."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.exporters.rows import SCHEMAS, rows
from recordings.exporters.output import bytes_of, new_folder
from recordings.exporters.part import part_of
from recordings.exporters.protocol import Exporter, ExportOptions, ExportReport, Progress, check_options
from recordings.reader import SessionReader

_ROWS: Final = 4096
"""Of a row group, so that a night fits into memory."""

_PROGRESS_EVERY: Final = 256

KEPT: Final = (
    "faces: box, distance, head centre, landmarks, pose, eyes, why a value is not to be trusted (observations)",
    "FrameSets, faceless ones too (frames); signals; events",
    "which images were GENERATED, by which model, with their digests (generated)",
    "number, clocks and flags of every frame (images); the session's description (export.json)",
)
NOT_KEPT: Final = ("pixels", "crops, schedule, log, attachments")


class Parquet:
    """The exporter to Parquet."""

    name = "parquet"
    title = "tables of results and frames (Parquet)"
    suffix = ""
    uses: frozenset[str] = frozenset()
    kept = KEPT
    not_kept = NOT_KEPT

    def run(
        self, session: SessionReader, out: Path, options: ExportOptions, on_progress: Progress | None = None
    ) -> ExportReport:
        check_options(self, options)
        part = part_of(session, options)
        notes = results_note(session)
        counts: dict[str, int] = dict.fromkeys(SCHEMAS, 0)
        with new_folder(out, session, self.name, options.overwrite, {"frames": part.counts()}) as folder:
            with contextlib.ExitStack() as stack:
                tables = {name: stack.enter_context(_Table(folder.path, name)) for name in SCHEMAS}
                for done, (name, row) in enumerate(rows(session, part), 1):
                    tables[name].add(row)
                    counts[name] += 1
                    if on_progress is not None and done % _PROGRESS_EVERY == 0:
                        on_progress(counts["images"], len(part.order))
            folder.manifest.update(rows=counts, notes=notes)
        return ExportReport(out, part.counts(), bytes_of(out), (rows_words(counts), *notes))


def results_note(session: SessionReader) -> list[str]:
    """Said where there is nothing to tabulate."""
    if session.observation_count():
        return []
    return [f"{session.path.name} holds no observations; `tapetum batch` computes them and writes such tables"]


def rows_words(counts: dict[str, int]) -> str:
    """How many rows each table got."""
    return "rows: " + ", ".join(f"{n} {name}" for name, n in counts.items())


class _Table:
    """One file, written row group by row group. A context manager."""

    def __init__(self, folder: Path, name: str) -> None:
        self._schema = SCHEMAS[name]
        self._writer = pq.ParquetWriter(folder / f"{name}.parquet", self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def __enter__(self) -> _Table:
        return self

    def __exit__(self, *failed: object) -> None:
        try:
            if failed[0] is None:
                self._flush()
        finally:
            self._writer.close()

    def add(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()


EXPORTER: Exporter = Parquet()
