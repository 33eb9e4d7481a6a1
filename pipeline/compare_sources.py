"""What is compared: the signals and events of a run, whether `tapetum batch` wrote them, an export, or a session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.errors import PipelineError
from pipeline.signal_tables import EVENTS_SCHEMA, SIGNALS_SCHEMA, event_row, signal_rows
from recordings.event_clocks import instants_of
from recordings.reader import SessionReader

SESSION: Final = ".mcap"
SIGNALS, EVENTS, FRAMES = "signals.parquet", "events.parquet", "frames.parquet"
_ROWS: Final = 1 << 16
_NEEDED: Final = {
    SIGNALS: {"device_ns", "face", "name", "value", "unit", "valid"},
    EVENTS: {"name", "begin_ns", "end_ns"},
}


class CompareError(PipelineError):
    """Two runs could not be compared."""


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event of a run; times in ns of the camera's clock."""

    name: str
    begin_ns: int
    end_ns: int | None
    face: int | None = None
    severity: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One signal of one session, sorted by time, then by face. All of length N.

    ``values`` are NaN where they are not valid; ``labels`` are '' where there is none.
    """

    device_ns: NDArray[np.int64]
    face: NDArray[np.int64]
    values: NDArray[np.float64]
    labels: NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class RunSession:
    """One session of a run: where its tables lie; None of one that is not there."""

    name: str
    signals: Path | None
    events: Path | None
    frames: Path | None = None

    def read_events(self) -> list[FoundEvent]:
        """All, in the order of their beginning.

        Raises:
            CompareError: the table is damaged.
        """
        if self.events is None:
            return []
        rows = _read(self.events).to_pylist()
        found = [
            FoundEvent(
                str(row["name"]),
                int(row["begin_ns"]),
                None if row["end_ns"] is None else int(row["end_ns"]),
                None if row.get("face") is None else int(row["face"]),
                str(row.get("severity") or ""),
            )
            for row in rows
        ]
        return sorted(found, key=lambda e: (e.begin_ns, e.name, -1 if e.face is None else e.face))

    def units(self) -> dict[str, str]:
        """The signals of the session, by name, with their units.

        Raises:
            CompareError: the table is damaged.
        """
        if self.signals is None:
            return {}
        found: dict[str, str] = {}
        try:
            for batch in ds.dataset(self.signals).to_batches(columns=["name", "unit"]):
                pairs = pa.Table.from_batches([batch]).group_by(["name", "unit"]).aggregate([]).to_pylist()
                for row in pairs:
                    found[str(row["name"])] = max(found.get(str(row["name"]), ""), str(row["unit"] or ""))
        except (OSError, pa.ArrowException) as error:
            raise CompareError(f"{self.signals} cannot be read: {error}") from error
        return dict(sorted(found.items()))

    def column(self, name: str) -> Column:
        """One signal.

        Raises:
            CompareError: the table is damaged.
        """
        assert self.signals is not None
        wanted = ["device_ns", "face", "value", "valid"]
        try:
            data = ds.dataset(self.signals)
            has_labels = "label" in data.schema.names
            table = data.to_table([*wanted, *(["label"] if has_labels else [])], filter=pc.field("name") == name)
        except (OSError, pa.ArrowException) as error:
            raise CompareError(f"{self.signals} cannot be read: {error}") from error
        device = _whole(table, "device_ns")
        face = _whole(table, "face")
        order = np.lexsort((face, device))
        values = np.asarray(table.column("value").cast(pa.float64()).to_numpy(), np.float64).copy()
        values[~np.asarray(table.column("valid").fill_null(False).to_numpy(), bool)] = np.nan
        if has_labels:
            labels = np.asarray(table.column("label").fill_null("").to_numpy(zero_copy_only=False), object)
        else:
            labels = np.full(len(values), "", object)
        return Column(device[order], face[order], values[order], labels[order])

    def span_ns(self) -> tuple[int, int] | None:
        """First and last instant, on the camera's clock; None where nothing tells them."""
        for path in (self.frames, self.signals):
            if path is None:
                continue
            try:
                found = pc.min_max(pq.read_table(path, columns=["device_ns"]).column("device_ns")).as_py()
            except (OSError, pa.ArrowException) as error:
                raise CompareError(f"{path} cannot be read: {error}") from error
            if found["min"] is not None:
                return int(found["min"]), int(found["max"])
        return None


def _whole(table: pa.Table, name: str) -> NDArray[np.int64]:
    return np.asarray(table.column(name).fill_null(-1).cast(pa.int64()).to_numpy(), np.int64)


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise CompareError(f"{path} cannot be read: {error}") from error


class Run:
    """One of the two that are compared. A context manager: a session's tables are made while it is open.

    Args:
        path: a folder that `tapetum batch` or an export to Parquet wrote, a folder of such folders, one table, or a
            session that holds results.

    Raises:
        CompareError: there is nothing of that at the path. RecordingError: the session cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with ExitStack() as stack:
            self.sessions: dict[str, RunSession] = {s.name: s for s in _found(path, stack)}
            self._stack = stack.pop_all()

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()


def _found(path: Path, stack: ExitStack) -> Sequence[RunSession]:
    if path.is_dir():
        here = _in_folder(path, path.name)
        found = [here] if here is not None else list(_below(path))
        if not found:
            raise CompareError(
                f"the folder {path} holds no results ({SIGNALS}, {EVENTS}); `tapetum batch SESSION --out {path}` "
                "writes them"
            )
        return found
    if not path.exists():
        raise CompareError(f"there is no file or folder {path}")
    if path.suffix == ".parquet":
        return [_of_table(path)]
    if path.suffix == SESSION:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="tapetum-compare-")))
        return [_of_session(path, folder)]
    raise CompareError(f"{path} is no folder of results, no table (.parquet) and no session ({SESSION})")


def _in_folder(folder: Path, name: str) -> RunSession | None:
    tables = [folder / table if (folder / table).is_file() else None for table in (SIGNALS, EVENTS, FRAMES)]
    if tables[0] is None and tables[1] is None:
        return None
    for table in tables[:2]:
        if table is not None:
            _check(table, table.name)
    return RunSession(name, *tables)


def _below(path: Path) -> Iterator[RunSession]:
    for folder in sorted(p for p in path.iterdir() if p.is_dir() and not p.name.startswith(".")):
        found = _in_folder(folder, folder.name)
        if found is not None:
            yield found


def _of_table(path: Path) -> RunSession:
    names = _columns(path)
    for kind, needed in _NEEDED.items():
        if needed <= names:
            return RunSession(path.stem, path if kind == SIGNALS else None, path if kind == EVENTS else None)
    raise CompareError(f"{path} is no table of signals or events; its columns are {', '.join(sorted(names))}")


def _check(path: Path, kind: str) -> None:
    missing = sorted(_NEEDED[kind] - _columns(path))
    if missing:
        raise CompareError(f"{path} lacks the columns {', '.join(missing)}; another program wrote it")


def _columns(path: Path) -> set[str]:
    try:
        return set(pq.read_schema(path).names)
    except (OSError, pa.ArrowException) as error:
        raise CompareError(f"{path} is no Parquet that can be read: {error}") from error


def _of_session(path: Path, folder: Path) -> RunSession:
    """The tables of a session's stored results, written into a folder, so that a night needs no memory."""
    with SessionReader(path) as reader:
        if not reader.observation_count() and not reader.event_count():
            raise CompareError(f"{path} holds no results; `tapetum batch` computes them, and writes such tables")
        _write(folder / EVENTS, EVENTS_SCHEMA, (event_row(event) for event in reader.events()))
        _write(
            folder / SIGNALS,
            SIGNALS_SCHEMA,
            (row for one in reader.observations() for face in one.faces for row in signal_rows(one, face)),
        )
        times = [instants_of(reader.streams, reader.times(stream.name)) for stream in reader.streams]
    instants = np.concatenate(times) if times else np.zeros(0, np.int64)
    pq.write_table(pa.table({"device_ns": pa.array(instants, pa.int64())}), folder / FRAMES)
    return RunSession(path.stem, folder / SIGNALS, folder / EVENTS, folder / FRAMES)


def _write(path: Path, schema: pa.Schema, rows: Iterator[dict[str, Any]]) -> None:
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        waiting: list[dict[str, Any]] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) >= _ROWS:
                writer.write_table(pa.Table.from_pylist(waiting, schema=schema))
                waiting.clear()
        writer.write_table(pa.Table.from_pylist(waiting, schema=schema))
