"""The names in a session file: topics, metadata records, attachments, and the JSON schemas of our own messages.

docs/session-format.md is the same in words.
"""

from __future__ import annotations

from typing import Any, Final

PROFILE: Final = "tapetum"
"""The MCAP profile in the file's header."""

SESSION_METADATA: Final = "tapetum.session"
RUN_METADATA: Final = "tapetum.run"
INDEX_ATTACHMENT: Final = "tapetum.index/"
"""Prefix; the stream's name follows."""

INDEX_MEDIA_TYPE: Final = "application/vnd.tapetum.index+zstd"

OBSERVATIONS_TOPIC: Final = "/tapetum/observations"
EVENTS_TOPIC: Final = "/tapetum/events"
SCHEDULE_TOPIC: Final = "/tapetum/schedule"
SIGNALS_TOPIC: Final = "/tapetum/signals"
LOG_TOPIC: Final = "/tapetum/log"


def image_topic(stream: str) -> str:
    return f"/{stream}/image"


def calibration_topic(stream: str) -> str:
    return f"/{stream}/calibration"


def annotations_topic(stream: str) -> str:
    return f"/{stream}/annotations"


def frame_topic(stream: str) -> str:
    return f"/{stream}/frame"


def _schema(
    title: str, description: str, properties: dict[str, Any], optional: dict[str, Any] | None = None
) -> dict[str, Any]:
    """``optional`` fields are left out where they say nothing."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": description,
        "type": "object",
        "properties": {"schema_version": {"type": "integer", "const": 1}, **properties, **(optional or {})},
        "required": ["schema_version", *properties],
    }


_INTEGER: Final = {"type": "integer"}
_NUMBER: Final = {"type": "number"}
_STRING: Final = {"type": "string"}
_FRAMES: Final = {
    "type": "object",
    "description": "stream name -> frame number",
    "additionalProperties": _INTEGER,
}
_BOX: Final = {
    "type": ["array", "null"],
    "description": "left, top, width, height in pixels of the face's stream",
    "items": _NUMBER,
}

FRAME_SCHEMA: Final = _schema(
    "tapetum.Frame",
    "What is known of one frame beside its pixels; its log time is that of the image.",
    {
        "number": {"type": "integer", "description": "the camera's own count"},
        "device_ns": {"type": "integer", "description": "the camera's clock, ns"},
        "host_ns": {"type": "integer", "description": "the recorder's clock, ns since 1970"},
        "flags": {
            "type": "integer",
            "description": "1 stale, 2 shutter closed, 4 dropped before, 8 lossy, 16 generated",
        },
        "checksum": {"type": "string", "description": "XXH3-64, 16 hexadecimal digits"},
        "checksum_of": {"enum": ["pixels", "encoded"]},
        "bytes": {"type": "integer", "description": "length of the image data in the image message"},
    },
)

OBSERVATION_SCHEMA: Final = _schema(
    "tapetum.Observation",
    "What the pipeline says of one FrameSet.",
    {
        "frame_set": _INTEGER,
        "device_ns": _INTEGER,
        "host_ns": _INTEGER,
        "skew_ns": _INTEGER,
        "frames": _FRAMES,
        "status": _STRING,
        "faces": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "integer", "description": "the track's number"},
                    "stream": _STRING,
                    "box": _BOX,
                    "confidence": _NUMBER,
                    "distance_m": {"type": ["number", "null"]},
                    "head_center_m": {"type": ["array", "null"], "items": _NUMBER},
                    "crop": _BOX,
                    "landmarks": {"type": ["object", "null"]},
                    "pose": {"type": ["object", "null"]},
                    "eyes": {"type": ["object", "null"]},
                    "generated": {"type": "array", "items": {"type": "object"}},
                    "signals": {"type": "object"},
                    "invalid": {"type": "object", "additionalProperties": _STRING},
                },
            },
        },
    },
)

SIGNALS_SCHEMA: Final = _schema(
    "tapetum.Signals",
    "What was measured of one face in one FrameSet, as numbers by name.",
    {
        "frame_set": _INTEGER,
        "device_ns": _INTEGER,
        "face": {"type": "integer", "description": "the track's number"},
        "values": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "value": {"type": ["number", "null"]},
                    "unit": _STRING,
                    "confidence": {"type": ["number", "null"]},
                    "reason": _STRING,
                    "label": _STRING,
                    "source": _STRING,
                },
            },
        },
    },
)

EVENT_SCHEMA: Final = _schema(
    "tapetum.Event",
    "Something that began and ended, on the camera's clock.",
    {
        "name": _STRING,
        "begin_ns": _INTEGER,
        "end_ns": {"type": ["integer", "null"]},
        "face": {"type": ["integer", "null"]},
        "note": _STRING,
    },
    optional={
        "severity": _STRING,
        "evidence": {"type": "array", "items": {"type": "object"}},
        "acknowledged_by": _STRING,
        "acknowledged_ns": _INTEGER,
        "muted_by": _STRING,
        "muted_until_ns": _INTEGER,
        "clip": {"type": "object"},
    },
)

SCHEDULE_SCHEMA: Final = _schema(
    "tapetum.ScheduleEntry",
    "One FrameSet that a live run processed, and what ran on it.",
    {
        "frame_set": _INTEGER,
        "frames": _FRAMES,
        "engines": {"type": "object", "additionalProperties": {"type": "object"}},
    },
)
