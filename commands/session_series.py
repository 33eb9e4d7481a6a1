"""Series beside a session: add, list, move, remove."""

from __future__ import annotations

import datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, cast

from commands.terminal import GOOD, WRONG_USE, err, out, progress_bar, tell

if TYPE_CHECKING:
    from recordings.series.registry import AddedSeries
    from recordings.series.series import Times
    from recordings.series.store import SeriesStore


def series_add(
    session: Path,
    file: Path,
    *,
    time_column: str | None,
    time_unit: str | None,
    columns: str | None,
    dbc: Path | None,
    signals: str | None,
    times: str | None,
    offset_s: float,
    max_gap_s: float | None,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Lay the series of a file beside a session."""
    from recordings.series.registry import add_series
    from recordings.series.source import UNITS, SourceOptions
    from recordings.series.store import SeriesStore

    if time_unit is not None and time_unit not in UNITS:
        err.print(f"tapetum: --time-unit is one of {', '.join(UNITS)}, found {time_unit!r}", markup=False)
        return WRONG_USE
    options = SourceOptions(
        time_column=time_column,
        time_unit=time_unit,
        columns=_words(columns),
        dbc=dbc,
        signals=_words(signals),
        times=cast("Times | None", times),
    )
    store = SeriesStore.open(session)
    with progress_bar("frames read") as bar:
        task = bar.add_task(file.name, total=None)
        report = add_series(
            store,
            file,
            options,
            offset_s=offset_s,
            max_gap_s=max_gap_s,
            overwrite=overwrite,
            on_progress=lambda n: bar.update(task, completed=n),
        )
    if not as_json:
        for added in report.added:
            for line in _added_lines(session, added):
                out.print(line, markup=False)
        for note in report.notes:
            out.print(f"  note: {note}", markup=False)
    tell(
        {
            "session": str(session),
            "folder": str(store.folder),
            "times": report.times,
            "series": [a.to_json() for a in report.added],
            "notes": list(report.notes),
        },
        as_json,
    )
    return GOOD


def series_list(session: Path, as_json: bool) -> int:
    """The series beside a session, on its timeline."""
    from recordings.series.store import SeriesStore

    store = SeriesStore.open(session)
    data = series_summary(store)
    if not as_json:
        for line in series_lines(data):
            out.print(line, markup=False)
    tell(data, as_json)
    return GOOD


def series_offset(session: Path, name: str, seconds: float, as_json: bool) -> int:
    """Move a series on the timeline."""
    from recordings.series.store import SeriesStore

    store = SeriesStore.open(session)
    old = next((e.offset_s for e in store.entries if e.name == name), 0.0)
    store.set_offset(name, seconds)
    data = series_summary(store)
    if not as_json:
        out.print(f"{name}: offset {old:+.15g} s -> {seconds:+.15g} s", markup=False)
        for line in series_lines({**data, "series": [s for s in data["series"] if s["name"] == name]}):
            out.print(line, markup=False)
    tell(data, as_json)
    return GOOD


def series_remove(session: Path, name: str, as_json: bool) -> int:
    """Delete a series; the file that it came from is not touched."""
    from recordings.series.store import SeriesStore

    store = SeriesStore.open(session)
    store.remove(name)
    if not as_json:
        out.print(f"{name} removed; {len(store.names) or 'none'} left", markup=False)
    tell({"session": str(session), "removed": name, "series": list(store.names)}, as_json)
    return GOOD


def series_summary(store: SeriesStore) -> dict[str, Any]:
    """The series of a session, ready for JSON; spans in seconds of the session."""
    return {
        "session": str(store.session),
        "folder": str(store.folder),
        "of_this_session": store.is_of_this_session,
        "length_s": (store.timeline.end_ns - store.timeline.begin_ns) / 1e9,
        "series": [_summary(store, name) for name in store.names],
    }


def series_lines(data: dict[str, Any]) -> list[str]:
    """What :func:`series_summary` gave, for people."""
    rows = data["series"]
    if not rows:
        return ["no series; add some with `tapetum session series add SESSION FILE`"]
    lines = []
    if not data["of_this_session"]:
        lines.append("these series were added to another session of this file name; check their offsets")
    lines.append(f"session 0.00 .. {data['length_s']:.2f} s")
    widths = [max(len(str(r[key])) for r in rows) for key in ("name", "unit")]
    for r in rows:
        rate = "" if r["rate_hz"] is None else f"{r['rate_hz']:.4g} /s"
        lines.append(
            f"  {r['name']:<{widths[0]}}  {r['unit']:<{widths[1]}}  {r['samples']:>8} samples  {rate:>9}  "
            f"{r['begin_s']:.2f} .. {r['end_s']:.2f} s  offset {r['offset_s']:+.15g} s  "
            f"covers {r['coverage'] * 100:.0f} %  ({r['source']})"
        )
    return lines


def _summary(store: SeriesStore, name: str) -> dict[str, Any]:
    series = store.get(name)
    entry = next(e for e in store.entries if e.name == name)
    first, last = series.span_ns
    return {
        "name": name,
        "unit": series.unit,
        "samples": len(series.t_ns),
        "rate_hz": series.rate_hz,
        "times": series.times,
        "begin_s": (first - store.timeline.begin_ns) / 1e9,
        "end_s": (last - store.timeline.begin_ns) / 1e9,
        "offset_s": series.offset_s,
        "max_gap_s": series.max_gap_s,
        "coverage": series.coverage(store.timeline),
        "choices": {str(int(v) if v.is_integer() else v): words for v, words in series.choices.items()},
        "source": entry.source.file,
        "source_xxh3": entry.source.xxh3,
        "column": entry.source.column,
    }


def _added_lines(session: Path, added: AddedSeries) -> list[str]:
    s = added.series
    unit = f" {s.unit}" if s.unit else ""
    rate = "" if s.rate_hz is None else f", {s.rate_hz:.4g} a second"
    lines = [f"{s.name}{unit}: {len(s.t_ns)} samples{rate}; covers {added.coverage * 100:.0f} % of the session"]
    overlap = added.overlap
    if overlap.suggested_offset_s is not None:
        side = "after the session's end" if overlap.apart_s > 0 else "before the session's beginning"
        lines.append(f"  it does not meet the session: it lies {_duration(abs(overlap.apart_s))} {side}")
        lines.append(
            f"  {overlap.reason}: tapetum session series offset {quote(str(session))} {quote(s.name)} "
            f"{overlap.suggested_offset_s:.15g}"
        )
    return lines


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.3f} s"
    words = str(datetime.timedelta(seconds=round(seconds)))
    return words if seconds < 86_400 else words.replace(", 0:00:00", "")


def _words(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(w.strip() for w in text.split(",") if w.strip())
