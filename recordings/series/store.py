"""The series of a session, in a folder beside it: ``<session file name>.series/``. The session itself is not touched.

``series.json`` says what there is; people may edit it (the offset, say). The samples lie beside it, a Parquet file a
series. Everything is written under another name first and renamed.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash
from numpy.typing import NDArray
from pydantic import ValidationError

from recordings.series.errors import SeriesError
from recordings.series.index import (
    INDEX,
    VERSION,
    SeriesEntry,
    SeriesIndex,
    SourceEntry,
    index_json,
    read_index,
    words_of,
)
from recordings.series.series import Series, Timeline, check_offset, timeline_or_error

SUFFIX: Final = ".series"
_SCHEMA: Final = pa.schema([pa.field("t_ns", pa.int64(), nullable=False), pa.field("value", pa.float64())])


def series_folder(session: Path) -> Path:
    """Where the series of a session lie."""
    return session.with_name(session.name + SUFFIX)


class SeriesStore:
    """The series of one session. For one thread.

    Args:
        session: the session's file.
        timeline: of the session.

    Raises:
        SeriesError: its ``series.json`` cannot be understood.
    """

    def __init__(self, session: Path | str, timeline: Timeline) -> None:
        self.session = Path(session)
        self.folder = series_folder(self.session)
        self.timeline = timeline
        self._index = read_index(self.folder / INDEX, timeline.id)
        self._loaded: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}

    @classmethod
    def open(cls, session: Path | str) -> SeriesStore:
        """The store of a session file, which is opened for its timeline.

        Raises:
            RecordingError: the session cannot be opened, or has no frame.
            SeriesError: as the constructor.
        """
        return cls(session, timeline_or_error(Path(session)))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(e.name for e in self._index.series)

    @property
    def entries(self) -> tuple[SeriesEntry, ...]:
        """What is said of each series; reads no sample."""
        return self._index.series

    @property
    def is_of_this_session(self) -> bool:
        """False when the folder was made for another session of the same file name."""
        return not self._index.session or self._index.session == self.timeline.id

    def series(self) -> tuple[Series, ...]:
        """Every series with its samples.

        Raises:
            SeriesError: a file is gone or damaged.
        """
        return tuple(self.get(name) for name in self.names)

    def get(self, name: str) -> Series:
        """One series with its samples.

        Raises:
            SeriesError: there is none of that name, or its file is gone or damaged.
        """
        entry = self._entry(name)
        loaded = self._loaded.get(entry.data)
        if loaded is None:
            loaded = self._loaded[entry.data] = self._load(entry)
        t_ns, values = loaded
        return Series(
            entry.name,
            entry.unit,
            t_ns,
            values,
            entry.times,
            self.timeline.begin_ns,
            entry.offset_s,
            entry.max_gap_s,
            dict(entry.choices),
            entry.method,
        )

    def add(self, series: Iterable[tuple[Series, SourceEntry]], *, overwrite: bool = False) -> None:
        """Store series, all or none of them.

        Args:
            series: each with where it came from. ``max_gap_s`` is taken as it is.
            overwrite: replace series of the same name.

        Raises:
            SeriesError: a name is taken or cannot be used, or the disk refuses.
        """
        new = list(series)
        names = [s.name for s, _ in new]
        taken = sorted(set(names) & set(self.names))
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice or (taken and not overwrite):
            raise SeriesError(
                f"there would be two series named {(twice or taken)[0]!r} beside {self.session.name}; "
                + ("rename one in its source" if twice else "remove the old one first, or use --overwrite")
            )
        kept = [e for e in self._index.series if e.name not in names]
        used = {e.data for e in self._index.series}
        written: list[SeriesEntry] = []
        try:
            self._make_folder()
            for one, source in new:
                entry = self._write_data(one, source, used)
                used.add(entry.data)
                written.append(entry)
            self._write(tuple(kept) + tuple(written))
        except BaseException:  # whatever it was, also an interrupt: nothing may stay behind
            for entry in written:
                (self.folder / entry.data).unlink(missing_ok=True)
            self._tidy()
            raise
        self._tidy()

    def set_offset(self, name: str, offset_s: float) -> None:
        """Move a series on the timeline: ``offset_s`` replaces its present offset.

        Raises:
            SeriesError: there is none of that name, the offset is no number, or the disk refuses.
        """
        entry, offset_s = self._entry(name), check_offset(offset_s)
        changed = entry.model_copy(update={"offset_s": offset_s})
        self._write(tuple(changed if e is entry else e for e in self._index.series))

    def remove(self, name: str) -> None:
        """Delete a series; its source is not touched. The folder goes with the last one.

        Raises:
            SeriesError: there is none of that name, or the disk refuses.
        """
        entry = self._entry(name)
        self._write(tuple(e for e in self._index.series if e is not entry))
        self._tidy()

    # -- inside ------------------------------------------------------------------------------------------------

    def _entry(self, name: str) -> SeriesEntry:
        for entry in self._index.series:
            if entry.name == name:
                return entry
        known = ", ".join(map(repr, self.names)) or "none"
        raise SeriesError(f"there is no series {name!r} beside {self.session.name}; there are: {known}")

    def _load(self, entry: SeriesEntry) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        path = self.folder / entry.data
        again = f"remove the series and add it again from {entry.source.file}"
        try:
            data = path.read_bytes()
        except OSError as error:
            raise SeriesError(
                f"the samples of {entry.name!r}, {path}, cannot be read: {error.strerror or error}; {again}"
            ) from error
        if xxhash.xxh3_64(data).hexdigest() != entry.data_xxh3:
            raise SeriesError(f"the samples of {entry.name!r}, {path}, are not those that were stored; {again}")
        try:
            table = pq.read_table(pa.BufferReader(data), schema=_SCHEMA)
            t_ns = table["t_ns"].to_numpy().astype(np.int64)
            values = table["value"].to_numpy().astype(np.float64)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise SeriesError(f"the samples of {entry.name!r}, {path}, do not parse: {error}; {again}") from error
        return t_ns, values

    def _write_data(self, series: Series, source: SourceEntry, used: set[str]) -> SeriesEntry:
        sink = pa.BufferOutputStream()
        table = pa.table({"t_ns": series.t_ns, "value": series.values}, schema=_SCHEMA)
        pq.write_table(table, sink, compression="zstd")
        data = sink.getvalue().to_pybytes()
        name = _file_name(series.name, used | {p.name for p in self.folder.iterdir()})
        try:
            entry = SeriesEntry(
                name=series.name,
                unit=series.unit,
                times=series.times,
                offset_s=check_offset(series.offset_s),
                max_gap_s=series.max_gap_s,
                samples=len(series.t_ns),
                data=name,
                data_xxh3=xxhash.xxh3_64(data).hexdigest(),
                source=source,
                choices=dict(series.choices),
                created_utc=f"{datetime.datetime.now(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
                method=series.method,
            )
        except ValidationError as error:
            raise SeriesError(f"the series {series.name!r} cannot be stored: {words_of(error, {})}") from error
        self._publish(name, data)
        return entry

    def _write(self, entries: tuple[SeriesEntry, ...]) -> None:
        index = SeriesIndex(version=VERSION, session=self.timeline.id, series=entries)
        data = index_json(self.timeline.id, entries)
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        old = {e.data for e in self._index.series}
        self._publish(INDEX, text.encode())
        self._index = index
        for name in old - {e.data for e in entries}:
            self._loaded.pop(name, None)
            with contextlib.suppress(OSError):  # what is left over takes room and does no harm
                (self.folder / name).unlink()

    def _publish(self, name: str, data: bytes) -> None:
        """Write a file whole, or not at all."""
        path = self.folder / name
        part = self.folder / f".{name}.part"
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise SeriesError(f"{path} cannot be written: {error.strerror or error}") from error

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise SeriesError(f"the folder {self.folder} cannot be made: {error.strerror or error}") from error

    def _tidy(self) -> None:
        """The folder goes with its last series, unless something else lies in it."""
        if not self._index.series:
            with contextlib.suppress(OSError):
                (self.folder / INDEX).unlink(missing_ok=True)
                self.folder.rmdir()


def source_entry(path: Path, column: str, time_column: str = "", checksum: str = "") -> SourceEntry:
    """Where a series comes from. The file is read for its checksum unless that is given.

    Raises:
        SeriesError: the file cannot be read.
    """
    return SourceEntry(file=path.name, xxh3=checksum or file_checksum(path), column=column, time_column=time_column)


def file_checksum(path: Path) -> str:
    """XXH3-64 of a file, 16 hexadecimal digits.

    Raises:
        SeriesError: it cannot be read.
    """
    summed = xxhash.xxh3_64()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                summed.update(block)
    except OSError as error:
        raise SeriesError(f"{path} cannot be read: {error.strerror or error}") from error
    return str(summed.hexdigest())


def _file_name(name: str, used: set[str]) -> str:
    """``001-speed.parquet``: the first free number, and what of the name every file system takes."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:60] or "series"
    numbers = {int(u[:3]) for u in used if re.match(r"\d{3}-", u)}
    number = next(n for n in range(1, len(numbers) + 2) if n not in numbers)
    return f"{number:03d}-{plain}.parquet"
