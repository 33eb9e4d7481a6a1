"""Observations as Parquet: a row per face and frame, a row per FrameSet, faceless ones too, and signals and events."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.signal_tables import EVENTS_SCHEMA, SIGNALS_SCHEMA, event_row, signal_rows
from pipeline.signals.config import SignalsConfig
from pipeline.signals.lag import lags
from recordings.event import Event
from recordings.observation import Face, Observation

OBSERVATIONS_SCHEMA = pa.schema(
    [
        pa.field("frame", pa.int64(), metadata={"meaning": "number of the FrameSet"}),
        pa.field("device_ns", pa.int64(), metadata={"unit": "ns"}),
        pa.field("host_ns", pa.int64(), metadata={"unit": "ns"}),
        pa.field("face", pa.int64(), metadata={"meaning": "track id"}),
        pa.field("stream", pa.string(), metadata={"meaning": "whose pixels box and landmarks are in"}),
        *[pa.field(n, pa.float64(), metadata={"unit": "px"}) for n in ("x", "y", "w", "h")],
        pa.field("distance_m", pa.float64(), metadata={"unit": "m", "meaning": "along the optical axis"}),
        *[pa.field(n, pa.float64(), metadata={"unit": "m"}) for n in ("cx_m", "cy_m", "cz_m")],
        *[pa.field(n, pa.float64(), metadata={"unit": "deg"}) for n in ("yaw_deg", "pitch_deg", "roll_deg")],
        pa.field("pose_error_px", pa.float64(), metadata={"unit": "px"}),
        pa.field("confidence", pa.float64(), metadata={"unit": "0..1"}),
        pa.field("lm_x", pa.list_(pa.float32(), 68), metadata={"unit": "px"}),
        pa.field("lm_y", pa.list_(pa.float32(), 68), metadata={"unit": "px"}),
        pa.field("lm_confidence", pa.list_(pa.float32(), 68), metadata={"unit": "0..1"}),
        pa.field("eye_right_openness", pa.float64(), metadata={"unit": "0..1", "meaning": "the person's own right"}),
        pa.field("eye_left_openness", pa.float64(), metadata={"unit": "0..1", "meaning": "the person's own left"}),
        pa.field("distance_valid", pa.bool_()),
        pa.field("landmarks_valid", pa.bool_()),
        pa.field("pose_valid", pa.bool_()),
        pa.field("eyes_valid", pa.bool_()),
        pa.field("invalid", pa.string(), metadata={"meaning": "JSON: field -> why it is not to be trusted"}),
    ],
    metadata={"tapetum": "observations v1"},
)

FRAMES_SCHEMA = pa.schema(
    [
        pa.field("frame", pa.int64(), metadata={"meaning": "number of the FrameSet"}),
        pa.field("device_ns", pa.int64(), metadata={"unit": "ns"}),
        pa.field("host_ns", pa.int64(), metadata={"unit": "ns"}),
        pa.field("skew_ns", pa.int64(), metadata={"unit": "ns"}),
        pa.field("status", pa.string()),
        pa.field("faces", pa.int32()),
        pa.field("numbers", pa.string(), metadata={"meaning": "JSON: stream -> frame number"}),
        pa.field("missing", pa.string(), metadata={"meaning": "JSON: streams without a frame for this instant"}),
        pa.field("digest", pa.string(), metadata={"meaning": "XXH3-64 of the observation's canonical JSON"}),
    ],
    metadata={"tapetum": "frames v1"},
)


def face_row(observation: Observation, face: Face) -> dict[str, Any]:
    """One row of observations.parquet."""
    center = face.head_center_m or (None, None, None)
    pose, eyes, lm = face.pose, face.eyes, face.landmarks
    return {
        "frame": observation.frame_set,
        "device_ns": observation.device_ns,
        "host_ns": observation.host_ns,
        "face": face.id,
        "stream": face.stream,
        "x": face.box.x,
        "y": face.box.y,
        "w": face.box.w,
        "h": face.box.h,
        "distance_m": face.distance_m,
        "cx_m": center[0],
        "cy_m": center[1],
        "cz_m": center[2],
        "yaw_deg": pose.yaw_deg if pose else None,
        "pitch_deg": pose.pitch_deg if pose else None,
        "roll_deg": pose.roll_deg if pose else None,
        "pose_error_px": pose.error_px if pose else None,
        "confidence": face.confidence,
        "lm_x": lm.points[:, 0].tolist() if lm else None,
        "lm_y": lm.points[:, 1].tolist() if lm else None,
        "lm_confidence": lm.confidence.tolist() if lm else None,
        "eye_right_openness": eyes.right if eyes else None,
        "eye_left_openness": eyes.left if eyes else None,
        "distance_valid": face.distance_m is not None and "distance_m" not in face.invalid,
        "landmarks_valid": lm is not None and "landmarks" not in face.invalid,
        "pose_valid": pose is not None and "pose" not in face.invalid,
        "eyes_valid": eyes is not None and "eyes" not in face.invalid,
        "invalid": json.dumps(dict(face.invalid), sort_keys=True),
    }


def frame_row(observation: Observation, missing: Sequence[str], digest: str) -> dict[str, Any]:
    """One row of frames.parquet."""
    return {
        "frame": observation.frame_set,
        "device_ns": observation.device_ns,
        "host_ns": observation.host_ns,
        "skew_ns": observation.skew_ns,
        "status": observation.status,
        "faces": len(observation.faces),
        "numbers": json.dumps(dict(observation.frames), sort_keys=True),
        "missing": json.dumps(list(missing)),
        "digest": digest,
    }


ROWS: Final = 4096
"""Of a row group."""


class _Table:
    """One file, written row group by row group."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        self._rows.extend(rows)
        if len(self._rows) >= ROWS:
            self._flush()

    def close(self) -> None:
        try:
            self._flush()
        finally:
            self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


class Tables:
    """Writes observations.parquet, frames.parquet, signals.parquet and events.parquet row group by row group, so that a
    night fits into memory."""

    def __init__(self, folder: Path, signals: SignalsConfig | None = None) -> None:
        """``signals`` is what they are computed with: the table tells how late the smoothed ones are."""
        schema = SIGNALS_SCHEMA
        if signals is not None and signals.enabled:
            late = {name: lag.to_json() for name, lag in lags(signals).items()}
            schema = schema.with_metadata({**schema.metadata, "smoothing_lag": json.dumps(late)})
        self._open: list[_Table] = []
        try:
            self._observations = self._make(folder / "observations.parquet", OBSERVATIONS_SCHEMA)
            self._frames = self._make(folder / "frames.parquet", FRAMES_SCHEMA)
            self._signals = self._make(folder / "signals.parquet", schema)
            self._events = self._make(folder / "events.parquet", EVENTS_SCHEMA)
        except OSError:
            for table in self._open:
                table.close()
            raise

    def add(self, observation: Observation, missing: Sequence[str], digest: str) -> None:
        """What is said of one FrameSet."""
        self._observations.add(face_row(observation, face) for face in observation.faces)
        self._frames.add((frame_row(observation, missing, digest),))
        for face in observation.faces:
            self._signals.add(signal_rows(observation, face))

    def add_event(self, event: Event) -> None:
        """Something that began, and ended where that is known."""
        self._events.add((event_row(event),))

    def close(self) -> None:
        """Write what waits and end the files; all are closed even where one of them fails.

        Raises:
            OSError: the disk is full or read-only.
        """
        with contextlib.ExitStack() as stack:
            for table in self._open:
                stack.callback(table.close)

    def _make(self, path: Path, schema: pa.Schema) -> _Table:
        table = _Table(path, schema)
        self._open.append(table)
        return table
