"""Observations as Parquet: a row per face and frame, and a row per FrameSet, faceless ones too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

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


class Tables:
    """Writes both files row group by row group, so that a night fits into memory."""

    ROWS = 4096

    def __init__(self, folder: Path) -> None:
        self._observations = pq.ParquetWriter(folder / "observations.parquet", OBSERVATIONS_SCHEMA, compression="zstd")
        self._frames = pq.ParquetWriter(folder / "frames.parquet", FRAMES_SCHEMA, compression="zstd")
        self._face_rows: list[dict[str, Any]] = []
        self._frame_rows: list[dict[str, Any]] = []

    def add(self, observation: Observation, missing: Sequence[str], digest: str) -> None:
        self._face_rows.extend(face_row(observation, face) for face in observation.faces)
        self._frame_rows.append(frame_row(observation, missing, digest))
        if len(self._face_rows) >= self.ROWS:
            self._flush_faces()
        if len(self._frame_rows) >= self.ROWS:
            self._flush_frames()

    def close(self) -> None:
        """Write what waits and end both files; both are closed even where one of them fails.

        Raises:
            OSError: the disk is full or read-only.
        """
        try:
            self._flush_faces()
            self._flush_frames()
        finally:
            try:
                self._observations.close()
            finally:
                self._frames.close()

    def _flush_faces(self) -> None:
        self._observations.write_table(pa.Table.from_pylist(self._face_rows, schema=OBSERVATIONS_SCHEMA))
        self._face_rows.clear()

    def _flush_frames(self) -> None:
        self._frames.write_table(pa.Table.from_pylist(self._frame_rows, schema=FRAMES_SCHEMA))
        self._frame_rows.clear()
