"""Series from a Parquet file, such as a data logger's or pandas' export."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from recordings.series.errors import SeriesError
from recordings.series.source import Progress, SourceOptions, SourceRead
from recordings.series.table import read_table

SUFFIXES: Final = (".parquet", ".pq")


def read(path: Path, options: SourceOptions, on_progress: Progress | None = None) -> SourceRead:
    """Series of a Parquet file's columns.

    Raises:
        SeriesError: it cannot be read, or as :func:`recordings.series.table.read_table`.
    """
    del on_progress  # it is read at once
    try:
        table = pq.read_table(path, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        raise SeriesError(f"{path} cannot be read as Parquet: {error}") from error
    # What pandas calls its index is a column like any other; nested ones hold no single numbers.
    flat = [i for i, field in enumerate(table.schema) if not pa.types.is_nested(field.type)]
    return read_table(path, table.select(flat), options)
