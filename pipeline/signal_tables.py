"""Signals and events as rows of tables: what `tapetum batch` writes and `tapetum session export` does, too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pyarrow as pa

from recordings.event import Event
from recordings.observation import Face, Observation

SIGNALS_SCHEMA: Final = pa.schema(
    [
        pa.field("frame", pa.int64(), metadata={"meaning": "number of the FrameSet"}),
        pa.field("device_ns", pa.int64(), metadata={"unit": "ns"}),
        pa.field("host_ns", pa.int64(), metadata={"unit": "ns"}),
        pa.field("face", pa.int64(), metadata={"meaning": "track id"}),
        pa.field("name", pa.string()),
        pa.field("value", pa.float64(), metadata={"meaning": "in the unit beside it"}),
        pa.field("unit", pa.string()),
        pa.field("confidence", pa.float64(), metadata={"unit": "0..1"}),
        pa.field("valid", pa.bool_()),
        pa.field("reason", pa.string(), metadata={"meaning": "why it is not valid"}),
        pa.field("label", pa.string(), metadata={"meaning": "a word for the value, where it has one"}),
        pa.field(
            "source", pa.string(), metadata={"meaning": "the stream it was read in, where that is not the face's"}
        ),
    ],
    metadata={"tapetum": "signals v2"},
)

EVENTS_SCHEMA: Final = pa.schema(
    [
        pa.field("name", pa.string()),
        pa.field("begin_ns", pa.int64(), metadata={"unit": "ns", "meaning": "on the camera's clock"}),
        pa.field("end_ns", pa.int64(), metadata={"unit": "ns", "meaning": "null while it lasts"}),
        pa.field("face", pa.int64(), metadata={"meaning": "track id"}),
        pa.field("note", pa.string()),
        pa.field("severity", pa.string(), metadata={"meaning": "notice, warning, alarm; empty where no rule told it"}),
        pa.field("acknowledged_by", pa.string()),
        pa.field("acknowledged_ns", pa.int64(), metadata={"unit": "ns", "meaning": "on the camera's clock"}),
        pa.field("muted_by", pa.string()),
        pa.field("muted_until_ns", pa.int64(), metadata={"unit": "ns", "meaning": "on the camera's clock"}),
        pa.field("clip_begin_ns", pa.int64(), metadata={"unit": "ns", "meaning": "of the stretch that shows it"}),
        pa.field("clip_end_ns", pa.int64(), metadata={"unit": "ns"}),
        pa.field("clip_file", pa.string(), metadata={"meaning": "the session that holds it, where one is known"}),
        pa.field("clip_problem", pa.string(), metadata={"meaning": "why there is none, or less"}),
        pa.field(
            "evidence", pa.string(), metadata={"meaning": "JSON: what the signals said, and in the seconds before"}
        ),
    ],
    metadata={"tapetum": "events v3"},
)


def signal_rows(observation: Observation, face: Face) -> Iterator[dict[str, Any]]:
    """A row for each signal of a face; the value of one that is not valid is null, so that nobody averages it."""
    for name, signal in face.signals.items():
        yield {
            "frame": observation.frame_set,
            "device_ns": observation.device_ns,
            "host_ns": observation.host_ns,
            "face": face.id,
            "name": name,
            "value": signal.value if signal.is_valid else None,
            "unit": signal.unit,
            "confidence": signal.confidence,
            "valid": signal.is_valid,
            "reason": signal.reason,
            "label": signal.label,
            "source": signal.source,
        }


def event_row(event: Event) -> dict[str, Any]:
    """A row for an event."""
    clip = event.clip
    return {
        "name": event.name,
        "begin_ns": event.begin_ns,
        "end_ns": event.end_ns,
        "face": event.face,
        "note": event.note,
        "severity": event.severity,
        "acknowledged_by": event.acknowledged_by,
        "acknowledged_ns": event.acknowledged_ns,
        "muted_by": event.muted_by,
        "muted_until_ns": event.muted_until_ns,
        "clip_begin_ns": None if clip is None else clip.begin_ns,
        "clip_end_ns": None if clip is None else clip.end_ns,
        "clip_file": "" if clip is None else clip.file,
        "clip_problem": "" if clip is None else clip.problem,
        "evidence": json.dumps([one.to_json() for one in event.evidence], sort_keys=True),
    }


def event_of_row(row: Mapping[str, Any]) -> Event:
    """Back from a row; one of an older table has no clip and no mute.

    Raises:
        SessionFormatError, ValueError, KeyError: it is incomplete or wrong.
    """
    told = {**row, "evidence": json.loads(row["evidence"] or "[]")}
    for name in ("acknowledged_by", "muted_by"):
        told[name] = row.get(name) or ""
    if row.get("clip_begin_ns") is not None:
        parts = {"file": row["clip_file"] or "", "problem": row["clip_problem"] or ""}
        told["clip"] = {"begin_ns": row["clip_begin_ns"], "end_ns": row["clip_end_ns"], **parts}
    return Event.from_json(told)
