"""What a session stores as rows of tables: its results by pipeline/tables.py's schema, and the frames themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pyarrow as pa
import xxhash

from drivers.frame import FrameFlag
from pipeline.signal_tables import EVENTS_SCHEMA, SIGNALS_SCHEMA, event_row, signal_rows
from pipeline.tables import FRAMES_SCHEMA, OBSERVATIONS_SCHEMA, face_row, frame_row
from recordings.errors import SessionFormatError
from recordings.event import Event
from recordings.event_clocks import instants_of
from recordings.exporters.part import Part
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.told_events import joined

GENERATED_SCHEMA: Final = pa.schema(
    [
        pa.field("frame", pa.int64(), metadata={"meaning": "number of the FrameSet"}),
        pa.field("face", pa.int64(), metadata={"meaning": "track id"}),
        pa.field("name", pa.string(), metadata={"meaning": "what the GENERATED image showed"}),
        pa.field("model", pa.string(), metadata={"meaning": "that imagined it"}),
        pa.field("digest", pa.string(), metadata={"meaning": "XXH3-64 of the image, which is not stored"}),
    ],
    metadata={"tapetum": "generated v1"},
)

IMAGES_SCHEMA: Final = pa.schema(
    [
        pa.field("stream", pa.string()),
        pa.field("number", pa.int64(), metadata={"meaning": "the camera's own count"}),
        pa.field("device_ns", pa.int64(), metadata={"unit": "ns", "meaning": "the camera's clock"}),
        pa.field("host_ns", pa.int64(), metadata={"unit": "ns", "meaning": "the recorder's clock, Unix epoch"}),
        *[pa.field(f.name.lower(), pa.bool_()) for f in FrameFlag if f and f.name],
    ],
    metadata={"tapetum": "images v1"},
)

SCHEMAS: Final = {
    "observations": OBSERVATIONS_SCHEMA,
    "frames": FRAMES_SCHEMA,
    "signals": SIGNALS_SCHEMA,
    "generated": GENERATED_SCHEMA,
    "events": EVENTS_SCHEMA,
    "images": IMAGES_SCHEMA,
}
"""Table -> its columns. observations and frames are those that `tapetum batch` writes."""


def rows(session: SessionReader, part: Part) -> Iterator[tuple[str, dict[str, Any]]]:
    """(table, row) of everything in the part, table rows in the order of time.

    Raises:
        SessionFormatError: an observation or event is damaged.
    """
    yield from _result_rows(session, part)
    yield from _event_rows(session, part)
    yield from _image_rows(session, part)


def _result_rows(session: SessionReader, part: Part) -> Iterator[tuple[str, dict[str, Any]]]:
    chosen = [s.name for s in part.streams]
    every = [s.name for s in session.streams]
    for data in session.observation_bytes():
        try:
            said = json.loads(data)
        except ValueError as error:
            raise SessionFormatError(f"{session.path}: an observation is damaged: {error}") from error
        observation = Observation.from_json(said)
        if not part.begin_ns <= observation.host_ns <= part.end_ns:
            continue
        observation = replace(observation, faces=tuple(f for f in observation.faces if f.stream in chosen))
        missing = [name for name in every if name not in observation.frames]
        yield "frames", frame_row(observation, missing, xxhash.xxh3_64(data).hexdigest())
        for face in observation.faces:
            yield "observations", face_row(observation, face)
            yield from (("signals", row) for row in signal_rows(observation, face))
        yield from (("generated", row) for row in _generated_rows(said, chosen))


def _generated_rows(said: dict[str, Any], chosen: list[str]) -> Iterator[dict[str, Any]]:
    """An Observation that was read has no generated images, only its JSON tells of them."""
    for face in said["faces"]:
        for image in face.get("generated", ()) if face["stream"] in chosen else ():
            yield {
                "frame": int(said["frame_set"]),
                "face": int(face["id"]),
                "name": image.get("name"),
                "model": image.get("model"),
                "digest": image.get("digest"),
            }


def _event_rows(session: SessionReader, part: Part) -> Iterator[tuple[str, dict[str, Any]]]:
    begin, end = _device_span(session, part)
    for event in joined(session.events()):
        if part.is_whole or _overlaps(event, begin, end):
            yield "events", event_row(event)


def _device_span(session: SessionReader, part: Part) -> tuple[int, int]:
    """The part's span on the clock on which events are told."""
    instants = {s.name: instants_of(session.streams, session.times(s.name)) for s in part.streams}
    times = [int(instants[name][index]) for name, index in part.order]
    return min(times), max(times)


def _overlaps(event: Event, begin_ns: int, end_ns: int) -> bool:
    return event.begin_ns <= end_ns and (event.end_ns is None or event.end_ns >= begin_ns)


def _image_rows(session: SessionReader, part: Part) -> Iterator[tuple[str, dict[str, Any]]]:
    times = {s.name: session.times(s.name) for s in part.streams}
    flags = {s.name: session.flags(s.name) for s in part.streams}
    for name, index in part.order:
        of_stream, flag = times[name], int(flags[name][index])
        yield (
            "images",
            {
                "stream": name,
                "number": int(of_stream.number[index]),
                "device_ns": int(of_stream.device_ns[index]),
                "host_ns": int(of_stream.host_ns[index]),
                **{f.name.lower(): bool(flag & f) for f in FrameFlag if f and f.name},
            },
        )
