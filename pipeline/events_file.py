"""Events as a table of their own, the same as a batch's events.parquet: written, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import BatchError
from pipeline.signal_tables import EVENTS_SCHEMA, event_of_row, event_row
from recordings.errors import RecordingError, SessionFormatError
from recordings.event import Event

ROWS: Final = 1024
"""Of a row group: with their evidence, some MiB."""


class EventsFile:
    """Writes events as they come, beside the name, and puts the table there when all is well.

    Args:
        path: None writes nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._part = None if path is None else path.with_name(path.name + ".part")
        self._rows: list[dict[str, Any]] = []
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> EventsFile:
        if self._path is not None and self._path.is_dir():
            raise BatchError(f"{self._path} is a folder; name a file such as {self._path / 'events.parquet'}")
        if self._part is not None:
            try:
                self._writer = pq.ParquetWriter(self._part, EVENTS_SCHEMA, compression="zstd")
            except OSError as error:
                raise BatchError(f"cannot write {self._path}: {error.strerror or error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is None or self._part is None or self._path is None:
            return
        try:
            try:
                if kind is None:
                    self._flush()
            finally:
                self._writer.close()
            if kind is None:
                self._part.replace(self._path)
        except OSError as wrong:
            raise BatchError(f"cannot write {self._path}: {wrong.strerror or wrong}; is the disk full?") from wrong
        finally:
            self._part.unlink(missing_ok=True)

    def add(self, event: Event) -> None:
        """One that is over."""
        if self._writer is not None:
            self._rows.append(event_row(event))
            if len(self._rows) >= ROWS:
                self._flush()

    def _flush(self) -> None:
        if self._rows and self._writer is not None:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=EVENTS_SCHEMA))
            self._rows.clear()


def read_events(path: Path, most: int) -> tuple[list[Event], int]:
    """The first events of a table, at most so many, and how many there are.

    Raises:
        RecordingError: it cannot be read, or is another table.
    """
    try:
        with pq.ParquetFile(path) as file:
            count = int(file.metadata.num_rows)
            return [event_of_row(row) for row in _rows(file, most)], count
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise RecordingError(f"{path} is no table of events that can be read: {error}") from error
    except SessionFormatError as error:
        raise RecordingError(f"{path} holds an event that cannot be read: {error}") from error


def _rows(file: pq.ParquetFile, most: int) -> Iterator[dict[str, Any]]:
    left = most
    for batch in file.iter_batches(batch_size=256):
        for row in batch.to_pylist():
            if left <= 0:
                return
            left -= 1
            yield row
