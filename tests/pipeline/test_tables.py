"""The rows that an engineer reads: every field of a face under its own name, and the reason where one is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from pipeline.signals.config import SignalsConfig
from pipeline.tables import FRAMES_SCHEMA, OBSERVATIONS_SCHEMA, ROWS, Tables, face_row
from recordings.event import Event
from recordings.observation import Box, EyeOpenness, Face, HeadPose, Landmarks, Observation, SignalValue

POINTS = np.arange(136, dtype=np.float32).reshape(68, 2)
WHOLE = Face(
    id=3,
    stream="infrared",
    box=Box(10, 20, 30, 40),
    confidence=0.9,
    distance_m=0.75,
    head_center_m=(0.1, -0.2, 0.75),
    landmarks=Landmarks(POINTS, np.full(68, 0.5, np.float32)),
    pose=HeadPose(10.0, -5.0, 2.0, 1.25),
    eyes=EyeOpenness(0.8, 0.7),
)
BARE = Face(id=4, stream="infrared", box=Box(0, 0, 5, 5), confidence=0.4, invalid={"pose": "no landmarks"})


def observation(number: int, *faces: Face) -> Observation:
    return Observation(number, 1000 + number, 2000 + number, 7, {"infrared": number}, faces)


def test_a_whole_face_fills_its_row() -> None:
    row = face_row(observation(5, WHOLE), WHOLE)
    assert (row["frame"], row["face"], row["x"], row["h"]) == (5, 3, 10, 40)
    assert (row["cx_m"], row["cy_m"], row["cz_m"]) == (0.1, -0.2, 0.75)
    assert (row["yaw_deg"], row["pitch_deg"], row["roll_deg"]) == (10.0, -5.0, 2.0)
    assert row["lm_x"] == POINTS[:, 0].tolist()
    assert row["lm_y"] == POINTS[:, 1].tolist()
    assert row["eye_right_openness"] == 0.8
    assert all(row[f"{field}_valid"] for field in ("distance", "landmarks", "pose", "eyes"))


def test_what_is_missing_is_null_and_not_valid_and_says_why() -> None:
    row = face_row(observation(5, BARE), BARE)
    assert row["distance_m"] is row["yaw_deg"] is row["lm_x"] is row["eye_left_openness"] is None
    assert not any(row[f"{field}_valid"] for field in ("distance", "landmarks", "pose", "eyes"))
    assert json.loads(row["invalid"]) == {"pose": "no landmarks"}


def test_a_value_that_is_there_but_not_to_be_trusted_is_not_valid() -> None:
    doubtful = Face(id=1, stream="s", box=Box(0, 0, 1, 1), confidence=1, distance_m=0.7, invalid={"distance_m": "hand"})
    row = face_row(observation(0, doubtful), doubtful)
    assert row["distance_m"] == 0.7
    assert not row["distance_valid"]


def test_faceless_frame_sets_have_their_row_too(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    tables.add(observation(0, WHOLE, BARE), [], "aa")
    tables.add(observation(1), ["thermal"], "bb")
    tables.close()
    frames = pq.read_table(tmp_path / "frames.parquet")
    faces = pq.read_table(tmp_path / "observations.parquet")
    assert frames.schema.equals(FRAMES_SCHEMA)
    assert faces.schema.equals(OBSERVATIONS_SCHEMA)
    assert frames["faces"].to_pylist() == [2, 0]
    assert json.loads(frames["missing"].to_pylist()[1]) == ["thermal"]
    assert faces["face"].to_pylist() == [3, 4]


def test_more_rows_than_fit_at_once_are_all_written(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    for number in range(ROWS + 5):
        tables.add(observation(number, BARE), [], "")
    tables.close()
    assert pq.read_table(tmp_path / "frames.parquet")["frame"].to_pylist() == list(range(ROWS + 5))
    assert pq.read_table(tmp_path / "observations.parquet").num_rows == ROWS + 5


def test_signals_have_a_row_each_and_no_number_where_they_are_not_valid(tmp_path: Path) -> None:
    signals = {
        "perclos": SignalValue(0.12, "", 0.9),
        "gaze_zone": SignalValue(1.0, "", 0.6, label="road", source="night"),
        "breathing_rate": SignalValue(0.0, "1/min", 0.0, "no thermal camera sees the face"),
    }
    tables = Tables(tmp_path)
    tables.add(observation(0, replace(WHOLE, signals=signals)), [], "aa")
    tables.add_event(Event("microsleep", 1000, 2000, face=3))
    tables.close()
    rows = {row["name"]: row for row in pq.read_table(tmp_path / "signals.parquet").to_pylist()}
    assert (rows["perclos"]["value"], rows["perclos"]["face"], rows["perclos"]["valid"]) == (0.12, 3, True)
    assert (rows["gaze_zone"]["label"], rows["gaze_zone"]["source"]) == ("road", "night")
    assert rows["breathing_rate"]["value"] is None
    assert rows["breathing_rate"]["reason"] == "no thermal camera sees the face"
    (event,) = pq.read_table(tmp_path / "events.parquet").to_pylist()
    assert (event["name"], event["begin_ns"], event["end_ns"], event["face"]) == ("microsleep", 1000, 2000, 3)


def test_the_signals_say_how_late_smoothing_makes_them(tmp_path: Path) -> None:
    Tables(tmp_path, SignalsConfig()).close()
    told = pq.read_schema(tmp_path / "signals.parquet").metadata
    assert json.loads(told[b"smoothing_lag"])["head_yaw"]["unit"] == "deg"
    assert told[b"tapetum"] == b"signals v2"
