"""Series beside sessions, carried over to what is cut or merged from them: their host times stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from recordings.errors import RecordingError
from recordings.series.errors import SeriesError

if TYPE_CHECKING:
    from recordings.series.index import SourceEntry
    from recordings.series.series import Series, Timeline

SECOND: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class CarriedSeries:
    """What is written beside the new session, and what to tell of it."""

    series: tuple[tuple[Series, SourceEntry], ...] = ()
    notes: tuple[str, ...] = ()


def carry_over(sessions: Sequence[Path], labels: Sequence[str], timeline: Timeline, *, trim: bool) -> CarriedSeries:
    """The series beside sessions, for a new one with another timeline.

    What cannot be read stays out, and is told: the session is not held up by what lies beside it.

    Args:
        sessions: in the order that decides who keeps a name.
        labels: of each session: goes before the name of a series that another session has, too.
        timeline: of the new session.
        trim: leave out samples that say nothing of its time.
    """
    found: list[tuple[Series, SourceEntry]] = []
    notes: list[str] = []
    for session, label in zip(sessions, labels, strict=True):
        try:
            for series, source in _beside(session):
                moved = _moved(series, timeline)
                kept = _trimmed(moved, timeline) if trim else moved
                if kept is None:
                    notes.append(f"the series {series.name!r} beside {session.name} says nothing of this time")
                else:
                    _add(found, kept, source, label, notes)
        except RecordingError as error:
            notes.append(f"the series beside {session.name} are not carried over: {error}")
    return CarriedSeries(tuple(found), tuple(notes))


def write_series(out: Path, timeline: Timeline, carried: CarriedSeries, *, overwrite: bool) -> None:
    """Lay the series beside the new session; with ``overwrite`` those of the replaced one go.

    Raises:
        SeriesError: the disk refuses.
    """
    if not carried.series and not _folder(out).exists():
        return
    from recordings.series.store import SeriesStore

    try:
        store = SeriesStore(out, timeline)
        old = store.names
    except SeriesError:
        if carried.series:
            raise
        return  # what lies there is not ours to mend
    if overwrite:
        for name in old:
            store.remove(name)
        if old:
            store = SeriesStore(out, timeline)
    if carried.series:
        store.add(carried.series)


def check_beside(out: Path, carried: CarriedSeries, *, overwrite: bool) -> None:
    """Refuse an output beside which series of another session lie.

    Raises:
        SeriesError: naming the folder.
    """
    folder = _folder(out)
    if carried.series and folder.exists() and any(folder.iterdir()) and not overwrite:
        raise SeriesError(
            f"{folder} is there already, with series of another session; move it away, or choose another name with -o"
        )


def _folder(session: Path) -> Path:
    return session.with_name(session.name + ".series")  # recordings.series.store would load pyarrow


def _beside(session: Path) -> list[tuple[Series, SourceEntry]]:
    if not _folder(session).exists():
        return []
    from recordings.series.store import SeriesStore

    store = SeriesStore.open(session)
    return [(store.get(entry.name), entry.source) for entry in store.entries]


def _moved(series: Series, timeline: Timeline) -> Series:
    """The same host times on another timeline: relative times count from another beginning now."""
    offset_ns = series.shift_ns - (timeline.begin_ns if series.times == "relative" else 0)
    return replace(series, begin_ns=timeline.begin_ns, offset_s=offset_ns / SECOND)


def _trimmed(series: Series, timeline: Timeline) -> Series | None:
    """The samples of the timeline, and one more on each side: every value within it is told as before."""
    host = series.host_ns
    first = max(0, int(np.searchsorted(host, timeline.begin_ns, side="right")) - 1)
    end = min(len(host), int(np.searchsorted(host, timeline.end_ns, side="left")) + 1)
    if int(host[first]) > timeline.end_ns or int(host[end - 1]) < timeline.begin_ns:
        return None
    return replace(series, t_ns=series.t_ns[first:end], values=series.values[first:end])


def _add(
    found: list[tuple[Series, SourceEntry]], series: Series, source: SourceEntry, label: str, notes: list[str]
) -> None:
    """One series more: joined with the one of the same source, renamed beside one of another."""
    for k, (there, its_source) in enumerate(found):
        if there.name != series.name:
            continue
        if _is_same(there, series) and source == its_source:
            found[k] = (_joined(there, series), source)
            return
        name = f"{label}/{series.name}"
        notes.append(f"the series {series.name!r} of {label} is called {name!r}: there are two of that name")
        _add(found, replace(series, name=name), source, label, notes)
        return
    found.append((series, source))


def _is_same(a: Series, b: Series) -> bool:
    mine, its = (a.unit, a.times, a.shift_ns, a.method), (b.unit, b.times, b.shift_ns, b.method)
    return mine == its and dict(a.choices) == dict(b.choices)


def _joined(a: Series, b: Series) -> Series:
    times, index = np.unique(np.concatenate([a.t_ns, b.t_ns]), return_index=True)
    values = np.concatenate([a.values, b.values])[index]
    return replace(a, t_ns=times, values=values, max_gap_s=max(a.max_gap_s, b.max_gap_s))
