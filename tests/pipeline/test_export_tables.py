"""Tables of a session's results: the same as a batch writes, in Parquet and in CSV, and nothing rounded."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xxhash

from pipeline.exporters import csv_files, parquet
from pipeline.exporters.rows import SCHEMAS
from pipeline.tables import Tables
from recordings.errors import SessionExportError, SessionFormatError
from recordings.event import Event
from recordings.exporters.protocol import Exporter, ExportOptions
from recordings.reader import SessionReader
from recordings.writer import SessionWriter
from tests.recordings.export_cases import (
    FRAMES,
    STREAMS,
    all_names,
    export,
    full_disk,
    full_session,
    observation_of,
)
from tests.recordings.sessions import COLOR, EPOCH, MS, frame_of, info_of, simple_session

FORMS = (parquet.EXPORTER, csv_files.EXPORTER)
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda e: e.name)


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return rows


def csv_table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_parquet_is_what_a_batch_writes_and_more(tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap", "compact")
    report = export(parquet.EXPORTER, source, tmp_path / "out")
    assert report.notes == ("rows: 2 observations, 4 frames, 4 signals, 2 generated, 1 events, 24 images",)
    assert {p.stem for p in (tmp_path / "out").glob("*.parquet")} == set(SCHEMAS)
    with SessionReader(source) as session:
        stored = list(session.observation_bytes())
        (tmp_path / "batch").mkdir()
        batch = Tables(tmp_path / "batch")
        for observation, data in zip(session.observations(), stored, strict=True):
            batch.add(observation, [], xxhash.xxh3_64(data).hexdigest())
        batch.close()
    for name in ("observations", "frames", "signals"):
        ours, theirs = (pq.read_table(tmp_path / where / f"{name}.parquet") for where in ("out", "batch"))
        assert ours.equals(theirs, check_metadata=True)
    frames = table(tmp_path / "out", "frames")
    assert [row["digest"] for row in frames] == [xxhash.xxh3_64(data).hexdigest() for data in stored]
    assert [row["faces"] for row in frames] == [0, 1, 0, 1]
    assert json.loads(frames[0]["missing"]) == []
    first = table(tmp_path / "out", "observations")[0]
    said = observation_of(1)
    face = said.faces[0]
    assert (first["frame"], first["face"], first["stream"]) == (1, 1, "color")
    assert first["confidence"] == 0.1 + 0.2
    assert first["roll_deg"] == 1e-9
    assert face.landmarks is not None
    np.testing.assert_array_equal(np.array(first["lm_x"], np.float32), face.landmarks.points[:, 0])
    assert (first["pose_valid"], first["eyes_valid"]) == (True, False)
    assert table(tmp_path / "out", "signals")[:2] == [
        {
            "frame": 1,
            "device_ns": said.device_ns,
            "host_ns": said.host_ns,
            "face": 1,
            "name": name,
            "value": value,
            "unit": unit,
            "confidence": confidence,
            "valid": valid,
            "reason": reason,
            "label": "",
            "source": "",
        }
        for name, value, unit, confidence, valid, reason in (
            ("blinks", None, "1/min", 0.0, False, "too short"),
            ("perclos", 12.0, "%", 0.8, True, ""),
        )
    ]
    assert table(tmp_path / "out", "events") == [
        {
            "name": "yawn",
            "begin_ns": 5_000 * MS,
            "end_ns": 5_040 * MS,
            "face": 1,
            "note": "long",
            "severity": "",
            "acknowledged_by": "",
            "acknowledged_ns": None,
            "muted_by": "",
            "muted_until_ns": None,
            "clip_begin_ns": None,
            "clip_end_ns": None,
            "clip_file": "",
            "clip_problem": "",
            "evidence": "[]",
        }
    ]


def test_what_a_model_imagined_is_named_with_that_word(tmp_path: Path) -> None:
    export(parquet.EXPORTER, full_session(tmp_path / "in.mcap"), tmp_path / "out")
    rows = table(tmp_path / "out", "generated")
    image = observation_of(1).faces[0].generated[0]
    assert rows[0] == {"frame": 1, "face": 1, "name": "color", "model": image.model, "digest": image.digest()}
    meaning = pq.read_schema(tmp_path / "out" / "generated.parquet").field("name").metadata[b"meaning"]
    assert b"GENERATED" in meaning


def test_every_recorded_frame_has_a_row(tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap")
    export(parquet.EXPORTER, source, tmp_path / "out")
    rows = table(tmp_path / "out", "images")
    with SessionReader(source) as session:
        for info in STREAMS:
            mine = [row for row in rows if row["stream"] == info.name]
            times = session.times(info.name)
            assert [row["number"] for row in mine] == times.number.tolist()
            assert [row["device_ns"] for row in mine] == times.device_ns.tolist()
            assert [row["host_ns"] for row in mine] == times.host_ns.tolist()
            assert [row["stale"] for row in mine] == [n == 2 and info.name != "webcam" for n in range(FRAMES)]
            assert [row["lossy"] for row in mine] == [info.name == "webcam"] * FRAMES


def test_csv_says_the_same_with_every_digit(tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap")
    export(parquet.EXPORTER, source, tmp_path / "pq")
    report = export(csv_files.EXPORTER, source, tmp_path / "csv")
    assert "136 landmarks" in report.notes[0]
    for name, schema in SCHEMAS.items():
        precise, plain = table(tmp_path / "pq", name), csv_table(tmp_path / "csv", name)
        assert len(precise) == len(plain)
        for a, b in zip(precise, plain, strict=True):
            for field in schema:
                if not pa.types.is_fixed_size_list(field.type):
                    assert value_of(b[field.name], field.type) == a[field.name], field.name
    landmarks = csv_table(tmp_path / "csv", "landmarks")
    points = observation_of(1).faces[0].landmarks
    assert points is not None
    assert [int(row["point"]) for row in landmarks[:68]] == list(range(68))
    np.testing.assert_array_equal(np.array([row["x"] for row in landmarks[:68]], np.float32), points.points[:, 0])
    np.testing.assert_array_equal(
        np.array([row["confidence"] for row in landmarks[:68]], np.float32), points.confidence
    )


def value_of(text: str, kind: Any) -> Any:
    """A CSV cell as the Parquet column's value; an empty cell is null, or an empty string."""
    if pa.types.is_string(kind):
        return text
    if text == "":
        return None
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[text]
    return int(text) if pa.types.is_integer(kind) else float(text)


@every_form
def test_a_session_without_results_has_rows_for_its_frames_only(form: Exporter, tmp_path: Path) -> None:
    report = export(form, simple_session(tmp_path / "in.mcap", 3), tmp_path / "out")
    assert report.frames == {"color": 3, "depth": 3}
    assert "holds no observations; `tapetum batch` computes them" in report.notes[1]
    counts = json.loads((tmp_path / "out" / "export.json").read_text())["rows"]
    assert {name: n for name, n in counts.items() if n} == {"images": 6}


@every_form
def test_a_part_of_it(form: Exporter, tmp_path: Path) -> None:
    """Faces of the chosen streams, FrameSets, frames and events of the span."""
    source = full_session(tmp_path / "in.mcap")
    export(form, source, tmp_path / "span", from_s=0.07)
    counts = json.loads((tmp_path / "span" / "export.json").read_text())["rows"]
    assert (counts["frames"], counts["observations"], counts["images"], counts["events"]) == (1, 1, 6, 0)
    export(form, source, tmp_path / "one", streams=("depth",))
    counts = json.loads((tmp_path / "one" / "export.json").read_text())["rows"]
    assert (counts["frames"], counts["observations"], counts["generated"], counts["images"]) == (4, 0, 0, 4)


def test_an_event_that_lasts_belongs_to_every_later_part(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "in.mcap", info_of([COLOR])) as writer:
        for n in range(4):
            writer.write_frame(frame_of(COLOR, n))
        writer.write_event(Event("microsleep", 5_030 * MS, None))
        writer.write_event(Event("blink", 5_000 * MS, 5_010 * MS))
    export(parquet.EXPORTER, tmp_path / "in.mcap", tmp_path / "late", from_s=0.09)
    assert [row["name"] for row in table(tmp_path / "late", "events")] == ["microsleep"]
    export(parquet.EXPORTER, tmp_path / "in.mcap", tmp_path / "early", to_s=0.02)
    assert [row["name"] for row in table(tmp_path / "early", "events")] == ["blink"]


def test_of_several_clocks_a_part_has_the_events_of_its_span_too(tmp_path: Path) -> None:
    """Such events are told on our clock."""
    one, two = replace(COLOR, clock="one"), replace(COLOR, name="heat/color", clock="two")
    with SessionWriter(tmp_path / "in.mcap", info_of([one, two])) as writer:
        for n in range(4):
            writer.write_frame(frame_of(one, n))
            writer.write_frame(frame_of(two, n, device_ns=900_000 * MS + n))
        writer.write_event(Event("microsleep", EPOCH + 30 * MS, None))
        writer.write_event(Event("blink", EPOCH, EPOCH + 10 * MS))
    export(parquet.EXPORTER, tmp_path / "in.mcap", tmp_path / "late", from_s=0.09)
    assert [row["name"] for row in table(tmp_path / "late", "events")] == ["microsleep"]
    export(parquet.EXPORTER, tmp_path / "in.mcap", tmp_path / "early", to_s=0.02)
    assert [row["name"] for row in table(tmp_path / "early", "events")] == ["blink"]


def test_more_rows_than_a_row_group_keep_their_order(tmp_path: Path) -> None:
    export(parquet.EXPORTER, simple_session(tmp_path / "in.mcap", 5000, [COLOR]), tmp_path / "out")
    file = pq.ParquetFile(tmp_path / "out" / "images.parquet")
    assert file.num_row_groups == 2
    assert file.read().column("number").to_pylist() == list(range(5000))


@every_form
def test_a_damaged_observation_stops_it(form: Exporter, tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "in.mcap", info_of([COLOR])) as writer:
        frame = frame_of(COLOR, 0)
        writer.write_frame(frame)
        writer.write_observation_bytes(b'{"schema_version": 1, "frame', frame.host_ns)
    with pytest.raises(SessionFormatError, match=r"in\.mcap: an observation is damaged"):
        export(form, tmp_path / "in.mcap", tmp_path / "out")
    assert all_names(tmp_path) == ["in.mcap"]


@every_form
@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_full_disk_is_told_and_leaves_nothing(form: Exporter, share: float, tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap")
    export(form, source, tmp_path / "good")
    largest = max(p.stat().st_size for p in (tmp_path / "good").iterdir())
    (tmp_path / "small").mkdir()
    with (
        pytest.raises(SessionExportError, match=r"could not be written: .*[Ff]ile too large"),
        full_disk(int(share * largest)),
    ):
        export(form, source, tmp_path / "small" / "out")
    assert all_names(tmp_path / "small") == []


@every_form
def test_who_stops_it_finds_nothing_of_it(form: Exporter, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with (
        SessionReader(simple_session(tmp_path / "in.mcap", 200)) as session,
        pytest.raises(KeyboardInterrupt),
    ):
        form.run(session, tmp_path / "out", ExportOptions(), stop)
    assert all_names(tmp_path) == ["in.mcap"]
