"""What is in a session, for `tapetum session info`: as a dict ready for JSON. recordings/describe_words.py says it."""

from __future__ import annotations

import contextlib
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from drivers.frame import FrameFlag, StreamInfo
from recordings.clip_file import CLIP_NOTE
from recordings.clock_fit import fit_clock
from recordings.errors import RecordingError
from recordings.event import Event
from recordings.event_clocks import event_clocks
from recordings.left_out import is_thinned, missing
from recordings.parts import (
    CUT_FROM_NOTE,
    CUT_NOTE,
    CUT_TO_NOTE,
    MERGED_NOTE,
    RECOVERED_NOTE,
    SEGMENTS_NOTE,
    why_not_replayable,
)
from recordings.reader import FrameTimes, SessionReader
from recordings.retention import is_kept
from recordings.segments import RECORDING_NOTE, SEGMENT_NOTE
from recordings.series.index import INDEX, read_index
from recordings.series.store import series_folder
from recordings.told_events import joined

ENDED: Final = "recording ended"
"""The event by which a recorder says why it stopped before it was asked to."""

_GAP: Final = 1.5
"""Usual intervals between two frames that make a gap."""

_MOST_EVENTS: Final = 20_000
"""Read for their names: they lie all over the file."""

_FIRST_EVENTS: Final = 5


def describe(path: Path | str) -> dict[str, Any]:
    """Everything worth telling about a session, ready for JSON. Reads its index and its events, no pixels.

    Raises:
        SessionNotFoundError, SessionFormatError: as SessionReader.
    """
    with SessionReader(path) as session:
        info = session.info
        first, last = _span(session)
        streams = [_describe_stream(session, s, first) for s in info.streams]
        raw = sum(s["raw_bytes"] for s in streams)
        events = list(islice(_events(session), _MOST_EVENTS))
        run = session.run()
        statistics = session._file.statistics
        return {
            "path": str(path),
            "id": info.id,
            "title": info.title,
            "created_utc": info.created_utc,
            "program": info.program,
            "schema_version": info.schema_version,
            "source": info.source,
            "clock": info.clock,
            "notes": dict(info.notes),
            "duration_s": (last - first) / 1e9,
            "first_host_ns": first,
            "last_host_ns": last,
            "streams": streams,
            "observations": session.observation_count(),
            "events": session.event_count(),
            "events_by_name": dict(Counter(e.name for e in events).most_common()),
            "first_events": [_describe_event(session, e, first) for e in events[:_FIRST_EVENTS]],
            "schedule_entries": session.schedule_count(),
            "replayable": None if run is None else run.get("replayable"),
            "not_replayable": why_not_replayable(info, run),
            "run": run,
            "recording": {
                "id": info.notes.get(RECORDING_NOTE),
                "segment": info.notes.get(SEGMENT_NOTE),
                "profile": info.notes.get("profile"),
                "clip_of": info.notes.get(CLIP_NOTE),
                "segments": info.notes.get(SEGMENTS_NOTE),
                "cut_of": info.notes.get(CUT_NOTE),
                "cut_from_s": _seconds(info.notes.get(CUT_FROM_NOTE)),
                "cut_to_s": _seconds(info.notes.get(CUT_TO_NOTE)),
                "merged": info.notes.get(MERGED_NOTE),
                "recovered_from": info.notes.get(RECOVERED_NOTE),
                "ended": next((e.note for e in reversed(events) if e.name == ENDED), None),
            },
            "kept": is_kept(Path(path)),
            "series": _series(Path(path), info.id),
            "bytes": session.size,
            "raw_bytes": raw,
            "layout": "compact" if any(s["codec"] == "compact" for s in streams) else "viewable",
            "chunks": None if statistics is None else statistics.chunk_count,
            "compression": session.compression,
            "compression_ratio": raw / session.size,
        }


def _seconds(note: str | None) -> float | None:
    """A note of seconds; None where there is none, or none that is a number."""
    try:
        return None if note is None else round(float(note), 3)
    except ValueError:
        return None


def _describe_stream(session: SessionReader, info: StreamInfo, first: int) -> dict[str, Any]:
    times = session.times(info.name)
    n = len(times.number)
    flags = session.flags(info.name)
    absent = missing(times.number, flags, thinned=is_thinned(session.info.notes))
    clock = None if session.info.clock == "synthetic" else fit_clock(times.device_ns, times.host_ns)
    gaps = _gaps(times, first)
    return {
        "name": info.name,
        "kind": info.kind.value,
        "width": info.width,
        "height": info.height,
        "dtype": info.dtype,
        "camera": info.camera,
        "codec": session.codec(info.name),
        "frames": n,
        "dropped": absent.lost,
        "left_out": absent.left_out,
        "fps_nominal": info.fps,
        "fps_measured": _rate(times),
        "gaps": gaps,
        "longest_gap_s": gaps["longest_s"],
        "device_clock": None if clock is None else clock.to_json(),
        "flagged": {
            (f.name or "").lower(): int(np.count_nonzero(flags & f.value)) for f in FrameFlag if (flags & f.value).any()
        },
        "unit_m": info.unit_m,
        "radiometric": info.is_radiometric if info.kind.value == "thermal" else None,
        "calibrated": info.intrinsics is not None,
        "intrinsics": None if info.intrinsics is None else info.intrinsics.to_json(),
        "registered_to": info.registered_to,
        "raw_bytes": n * int(np.prod(info.shape)) * np.dtype(info.dtype).itemsize,
        "stored_bytes": session.stored_bytes(info.name),
    }


def _rate(times: FrameTimes) -> float | None:
    """Frames a second of the camera's clock; of ours where the camera's started again."""
    n = len(times.number)
    if n < 2:
        return None
    by_device = float(times.device_ns[-1] - times.device_ns[0])
    rising = by_device > 0 and bool((np.diff(times.device_ns) >= 0).all())
    span_ns = by_device if rising else float(times.host_ns[-1] - times.host_ns[0])
    return (n - 1) * 1e9 / span_ns if span_ns > 0 else None


def _gaps(times: FrameTimes, first: int) -> dict[str, Any]:
    """Intervals of the camera's clock that are much longer than usual: how many, the longest, and where it is.

    Where that clock goes back (a camera that was opened again), ours tells how long nothing came.
    """
    device, host = np.diff(times.device_ns), np.diff(times.host_ns)
    intervals = np.where(device < 0, host, device)
    if not len(intervals):
        return {"count": 0, "over_s": None, "longest_s": None, "longest_at_s": None}
    over = _GAP * float(np.median(intervals))
    longest = int(np.argmax(intervals))
    return {
        "count": int(np.count_nonzero(intervals > over)),
        "over_s": over / 1e9,
        "longest_s": float(intervals[longest]) / 1e9,
        "longest_at_s": float(times.host_ns[longest] - first) / 1e9,
    }


def _events(session: SessionReader) -> list[Event]:
    """The events as far as they can be read: what is damaged is `session verify`'s to tell."""
    told: list[Event] = []
    with contextlib.suppress(RecordingError):
        told.extend(session.events())
    return joined(told)


def _describe_event(session: SessionReader, event: Event, first: int) -> dict[str, Any]:
    """An event with its place in the session; ``at_s`` is None where the camera's clock does not tell it."""
    return {**event.to_json(), "at_s": _place(session, event.begin_ns, first)}


def _place(session: SessionReader, device_ns: int, first: int) -> float | None:
    """Seconds of the session of an event's time, by the first clock that reaches it."""
    all_times = {stream.name: session.times(stream.name) for stream in session.streams}
    for name, instants in event_clocks(session.streams, all_times):
        if len(instants) and instants.min() <= device_ns <= instants.max():
            return float(all_times[name].host_ns[np.argmin(np.abs(instants - device_ns))] - first) / 1e9
    return None


def _series(path: Path, session: str) -> dict[str, Any]:
    """The series beside the session, or what is wrong with them."""
    try:
        index = read_index(series_folder(path) / INDEX, session)
    except RecordingError as error:
        return {"names": [], "problem": str(error)}
    return {
        "names": [{"name": e.name, "unit": e.unit, "offset_s": e.offset_s, "samples": e.samples} for e in index.series],
        "problem": "",
    }


def _span(session: SessionReader) -> tuple[int, int]:
    """First and last host time of any frame; zeros when there is none."""
    times = [session.times(s.name).host_ns for s in session.streams]
    filled = [t for t in times if len(t)]
    if not filled:
        return 0, 0
    return min(int(t[0]) for t in filled), max(int(t[-1]) for t in filled)
