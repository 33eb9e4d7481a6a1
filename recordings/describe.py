"""What is in a session, for `tapetum session info`: numbers as a dict, and the same in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from drivers.frame import FrameFlag, StreamInfo
from recordings.reader import SessionReader


def describe(path: Path | str) -> dict[str, Any]:
    """Everything worth telling about a session, ready for JSON. Reads its index, no pixels.

    Raises:
        SessionNotFoundError, SessionFormatError: as SessionReader.
    """
    with SessionReader(path) as session:
        info = session.info
        streams = [_describe_stream(session, s) for s in info.streams]
        raw = sum(s["raw_bytes"] for s in streams)
        first, last = _span(session)
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
            "schedule_entries": session.schedule_count(),
            "run": session.run(),
            "bytes": session.size,
            "raw_bytes": raw,
            "compression": session.compression,
            "compression_ratio": raw / session.size,
        }


def lines(data: dict[str, Any]) -> list[str]:
    """What :func:`describe` gave, for people."""
    out = [
        f"{data['title']}  ({data['path']})",
        f"  recorded   {data['created_utc']} from {data['source']} by {data['program']}",
        f"  length     {data['duration_s']:.2f} s, {data['clock']} clock",
        f"  size       {data['bytes'] / 1e6:.1f} MB, {data['compression']} chunks, "
        f"{data['compression_ratio']:.1f} times smaller than its pixels",
    ]
    for s in data["streams"]:
        out.append(
            f"  {s['name']:<10} {s['kind']} {s['width']}x{s['height']} {s['dtype']}, {s['codec'] or 'no frames'}: "
            f"{s['frames']} frames, {_rate(s)}, {_losses(s)}"
        )
        out.append(f"             {_details(s)}")
    out.append(
        f"  results    {data['observations']} observations, {data['events']} events, "
        f"{data['schedule_entries']} schedule entries"
    )
    for name, model in _models(data["run"]).items():
        out.append(f"  model      {name} {_model_words(model)}")
    out += [f"  note       {key}: {value}" for key, value in data["notes"].items()]
    return out


def _describe_stream(session: SessionReader, info: StreamInfo) -> dict[str, Any]:
    times = session.times(info.name)
    n = len(times.number)
    # Repeated and restarted counts are no losses, so only steps forward count.
    steps = np.diff(times.number)
    dropped = int((steps[steps > 1] - 1).sum())
    intervals = np.diff(times.device_ns)
    span_s = float(times.device_ns[-1] - times.device_ns[0]) / 1e9 if n > 1 else 0.0
    flags = session.flags(info.name)
    return {
        "name": info.name,
        "kind": info.kind.value,
        "width": info.width,
        "height": info.height,
        "dtype": info.dtype,
        "camera": info.camera,
        "codec": session.codec(info.name),
        "frames": n,
        "dropped": dropped,
        "fps_nominal": info.fps,
        "fps_measured": (n - 1) / span_s if span_s > 0 else None,
        "longest_gap_s": float(intervals.max()) / 1e9 if n > 1 else None,
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


def _span(session: SessionReader) -> tuple[int, int]:
    """First and last host time of any frame; zeros when there is none."""
    times = [session.times(s.name).host_ns for s in session.streams]
    filled = [t for t in times if len(t)]
    if not filled:
        return 0, 0
    return min(int(t[0]) for t in filled), max(int(t[-1]) for t in filled)


def _rate(stream: dict[str, Any]) -> str:
    measured = stream["fps_measured"]
    nominal = f" (nominal {stream['fps_nominal']:g})" if stream["fps_nominal"] else ""
    return "rate unknown" if measured is None else f"{measured:.2f} frames/s{nominal}"


def _losses(stream: dict[str, Any]) -> str:
    words = [f"{stream['dropped']} dropped"]
    words += [f"{n} {name.replace('_', ' ')}" for name, n in stream["flagged"].items()]
    return ", ".join(words)


def _details(stream: dict[str, Any]) -> str:
    k = stream["intrinsics"]
    words = [
        "not calibrated" if k is None else f"fx {k['fx']:.1f} fy {k['fy']:.1f} cx {k['cx']:.1f} cy {k['cy']:.1f} px"
    ]
    if stream["unit_m"] is not None:
        words.append(f"{stream['unit_m'] * 1000:g} mm a count")
    if stream["radiometric"] is not None:
        words.append("radiometric" if stream["radiometric"] else "not radiometric")
    if stream["registered_to"]:
        words.append(f"registered to {stream['registered_to']}")
    if stream["longest_gap_s"] is not None:
        words.append(f"longest gap {stream['longest_gap_s'] * 1000:.0f} ms")
    words.append(f"{stream['stored_bytes'] / 1e6:.1f} of {stream['raw_bytes'] / 1e6:.1f} MB before the chunks")
    return ", ".join(words)


def _models(run: dict[str, Any] | None) -> dict[str, Any]:
    models = (run or {}).get("models", {})
    return models if isinstance(models, dict) else {}


def _model_words(model: Any) -> str:
    if not isinstance(model, dict):
        return str(model)
    keys = ("version", "preset", "backend", "precision")
    return " ".join(str(model[k]) for k in keys if k in model)
