"""What recordings/describe.py found, for people."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

_INDENT = "  "
_LABEL = 11


def lines(data: dict[str, Any]) -> list[str]:
    """What :func:`recordings.describe.describe` gave, in lines."""
    out = [f"{data['title']}  ({data['path']})", *_head(data)]
    if data["streams"]:
        out += ["", *_streams(data["streams"]), ""]
    for stream in data["streams"]:
        out.append(_labelled(stream["name"], _details(stream)))
        out += [_labelled("", words) for words in (_gap_words(stream), _clock_words(stream)) if words]
    out += _results(data)
    out += _events(data)
    out += _beside(data)
    told = {"recording", "segment", "segments", "profile", "clip_of", "recovered_from", "merged_of", "origin"}
    told |= {"cut_of", "cut_from_s", "cut_to_s", "cut_host_ns"}
    out += [_labelled("note", f"{key}: {value}") for key, value in data["notes"].items() if key not in told]
    return out


def _head(data: dict[str, Any]) -> list[str]:
    out = [_labelled("recorded", f"{data['created_utc']} from {data['source']} by {data['program']}")]
    if data["last_host_ns"]:
        begin, end = (_utc(data[key]) for key in ("first_host_ns", "last_host_ns"))
        # A made-up clock begins in 1970: that is no date to show.
        when = "" if data["clock"] == "synthetic" else f", {begin} to {end[11:]} UTC"
        out.append(_labelled("length", f"{_duration(data['duration_s'])}{when}, {data['clock']} clock"))
    else:
        out.append(_labelled("length", "no frames"))
    chunks = "" if data["chunks"] is None else f"{data['chunks']} "
    packed = "uncompressed" if data["compression"] == "none" else data["compression"]
    smaller = f", {data['compression_ratio']:.1f} times smaller than its pixels" if data["raw_bytes"] else ""
    out.append(_labelled("size", f"{_bytes(data['bytes'])}, layout {data['layout']}, {chunks}{packed} chunks{smaller}"))
    words = _part_words(data["recording"])
    if words:
        out.append(_labelled("part", words))
    if data["recording"]["ended"]:
        out.append(_labelled("ended", data["recording"]["ended"]))
    if data["kept"]:
        out.append(_labelled("kept", "marked to keep: no quota deletes it"))
    return out


def _part_words(said: dict[str, Any]) -> str:
    """What recording it is a part of, and which part."""
    words = []
    if said["segments"]:
        words.append(f"segments {said['segments']} of recording {said['id']}")
    elif said["segment"]:
        words.append(f"segment {said['segment']} of recording {said['id']}")
    if said["clip_of"]:
        words.append(f"a clip of {said['clip_of']}")
    if said["cut_of"]:
        words.append(f"{said['cut_from_s']} to {said['cut_to_s']} s of session {said['cut_of']}")
    if said["merged"]:
        words.append(f"merged of {said['merged']}")
    if said["recovered_from"]:
        words.append(f"recovered from session {said['recovered_from']}")
    if said["profile"]:
        words.append(f"profile {said['profile']}")
    return ", ".join(words)


def _streams(streams: Sequence[dict[str, Any]]) -> list[str]:
    rows = [["", "stream", "kind", "pixels", "codec", "frames", "frames/s", "lost", "gaps", "images"]]
    for s in streams:
        rate = "unknown" if s["fps_measured"] is None else f"{s['fps_measured']:.2f}"
        nominal = f" (of {s['fps_nominal']:g})" if s["fps_nominal"] else ""
        rows.append(
            [
                "",
                s["name"],
                s["kind"],
                f"{s['width']}x{s['height']} {s['dtype']}",
                s["codec"] or "-",
                str(s["frames"]),
                f"{rate}{nominal}" if s["frames"] else "-",
                f"{'at least ' if s['left_out'] and s['dropped'] else ''}{s['dropped']}",
                str(s["gaps"]["count"]),
                _bytes(s["stored_bytes"]),
            ]
        )
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    right = {5, 6, 7, 8, 9}
    return [
        "  ".join(c.rjust(w) if k in right else c.ljust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True)))
        .rstrip()
        for row in rows
    ]  # fmt: skip


def _details(stream: dict[str, Any]) -> str:
    k = stream["intrinsics"]
    words = [stream["camera"]] if stream["camera"] else []
    words.append(
        "not calibrated" if k is None else f"fx {k['fx']:.1f} fy {k['fy']:.1f} cx {k['cx']:.1f} cy {k['cy']:.1f} px"
    )
    if stream["unit_m"] is not None:
        words.append(f"{stream['unit_m'] * 1000:g} mm a count")
    if stream["radiometric"] is not None:
        words.append("radiometric" if stream["radiometric"] else "not radiometric")
    if stream["registered_to"]:
        words.append(f"registered to {stream['registered_to']}")
    words += [f"{n} frames {name.replace('_', ' ')}" for name, n in stream["flagged"].items()]
    if stream["left_out"]:
        words.append(f"{stream['left_out']} left out on purpose")
    return ", ".join(words)


def _gap_words(stream: dict[str, Any]) -> str:
    gaps = stream["gaps"]
    if not gaps["count"]:
        return ""
    many = "1 gap" if gaps["count"] == 1 else f"{gaps['count']} gaps"
    return (
        f"{many} over {gaps['over_s'] * 1000:.0f} ms, the longest {gaps['longest_s'] * 1000:.0f} ms "
        f"at {gaps['longest_at_s']:.2f} s"
    )


def _clock_words(stream: dict[str, Any]) -> str:
    clock = stream["device_clock"]
    if clock is None:
        return ""
    if clock["drift_ppm"] is None:
        words = "too short to tell its clock's drift"
    else:
        side = "fast" if clock["drift_ppm"] >= 0 else "slow"
        words = f"its clock runs {abs(clock['drift_ppm']):.2f} ± {clock['drift_uncertainty_ppm']:.2f} ppm {side}"
    delay = clock["delay_ms"]
    words += (
        f"; frames come {delay['median']:.1f} ms after the earliest (95 %: {delay['p95']:.1f}, all: {delay['max']:.1f})"
    )
    if clock["breaks"]:
        words += f"; its clock jumped {clock['breaks']} times"
    return words


def _results(data: dict[str, Any]) -> list[str]:
    words = f"{data['observations']} observations, {data['schedule_entries']} schedule entries"
    if data["replayable"] is False:
        words += ", not replayable to the same results"
    out = [_labelled("results", words)]
    if data["not_replayable"]:
        out.append(_labelled("", f"because {data['not_replayable']}"))
    cameras = (data["run"] or {}).get("cameras", ())
    out += [_labelled("camera", _camera(camera)) for camera in cameras if isinstance(camera, dict)]
    models = (data["run"] or {}).get("models", {})
    if isinstance(models, dict):
        out += [_labelled("model", f"{name} {_model(model)}") for name, model in models.items()]
    return out


def _camera(camera: dict[str, Any]) -> str:
    """Its name in the rig, its source, and what was set on it when the recording began."""
    options = camera.get("options")
    told = ", ".join(f"{key} {value}" for key, value in options.items()) if isinstance(options, dict) else ""
    name = f"{camera['name']}: " if camera.get("name") else ""
    return f"{name}{camera.get('source', '')}{f' ({told})' if told else ''}"


def _events(data: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{n} x {name}" for name, n in data["events_by_name"].items())
    out = [_labelled("events", f"{data['events']}{': ' if counts else ''}{counts}")]
    for event in data["first_events"]:
        at = "      ?" if event["at_s"] is None else f"{event['at_s']:7.2f}"
        note = f": {event['note']}" if event["note"] else ""
        out.append(_labelled("", f"{at} s  {event['name']}{_lasted(event)}{note}"))
    left = data["events"] - len(data["first_events"])
    if left > 0:
        out.append(_labelled("", f"and {left} more"))
    return out


def _beside(data: dict[str, Any]) -> list[str]:
    series = data["series"]
    if series["problem"]:
        return [_labelled("series", series["problem"])]
    if not series["names"]:
        return []
    each = ", ".join(
        f"{s['name']}{' ' if s['unit'] else ''}{s['unit']} ({s['samples']}, offset {s['offset_s']:+.15g} s)"
        for s in series["names"]
    )
    return [_labelled("series", each)]


def _lasted(event: dict[str, Any]) -> str:
    if event["end_ns"] is None or event["end_ns"] <= event["begin_ns"]:
        return ""
    return f" ({(event['end_ns'] - event['begin_ns']) / 1e9:.2f} s)"


def _model(model: Any) -> str:
    if not isinstance(model, dict):
        return str(model)
    if "missing" in model:
        return f"missing: {model['missing']}"
    keys = ("version", "preset", "backend", "precision")
    return " ".join(str(model[k]) for k in keys if k in model)


def _labelled(label: str, words: str) -> str:
    return f"{_INDENT}{label:<{_LABEL}}{'' if len(label) < _LABEL else ' '}{words}"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.2f} s"
    return f"{datetime.timedelta(seconds=round(seconds))} ({seconds:.2f} s)"


def _bytes(n: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n >= size:
            return f"{n / size:.1f} {unit}"
    return f"{n} B"


def _utc(ns: int) -> str:
    return f"{datetime.datetime.fromtimestamp(ns // 10**9, datetime.UTC):%Y-%m-%d %H:%M:%S}"
