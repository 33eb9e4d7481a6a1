"""A thousand recordings overnight: every good one is done, every bad one is told, nothing is half-written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xxhash

from engines.loading import Models
from pipeline.batch import collect, run_batch
from pipeline.config import PipelineConfig
from pipeline.errors import BatchError
from pipeline.offline import OutputOptions, process_session
from pipeline.tables import Tables
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry
from tests.pipeline.recorded import write_recorded

NO_VIDEO = OutputOptions(video=False)


def files(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


def test_a_session_gives_tables_pictures_and_provenance(session: Path, weights: Path, tmp_path: Path) -> None:
    report = run_batch(collect([session], tmp_path), weights=weights)
    assert [i.outcome for i in report.items] == ["done"], report.items[0].error
    folder = tmp_path / "small"
    tables = {"observations.parquet", "frames.parquet", "signals.parquet", "events.parquet"}
    assert files(folder) == {*tables, "run.json", "overlay.mp4", "contact_sheet.png"}
    frames = pq.read_table(folder / "frames.parquet")
    assert frames.num_rows == 12
    assert frames["frame"].to_pylist() == list(range(12))
    observations = pq.read_table(folder / "observations.parquet")
    assert observations.num_rows == sum(frames["faces"].to_pylist())
    for column in ("device_ns", "host_ns", "face", "stream", "x", "y", "w", "h", "distance_m", "cx_m", "yaw_deg",
                   "pitch_deg", "roll_deg", "confidence", "lm_x", "lm_y", "lm_confidence"):  # fmt: skip
        assert column in observations.column_names
    run = json.loads((folder / "run.json").read_text())
    assert set(run["models"]) == {"gray_to_depth", "depth_to_color", "face_landmarks"}
    assert all(m["engine_key"] for m in run["models"].values())
    assert run["versions"]["numpy"]
    assert run["configuration"] == PipelineConfig().model_dump(mode="json") | {
        "engines": run["configuration"]["engines"]
    }


def test_a_face_is_found_and_placed_in_the_small_session(session: Path, weights: Path, tmp_path: Path) -> None:
    run_batch(collect([session], tmp_path), options=NO_VIDEO, weights=weights)
    table = pq.read_table(tmp_path / "small" / "observations.parquet")
    assert table.num_rows >= 6, "the plain head of the session is found in at least half of the frames"
    assert len(set(table["face"].to_pylist())) == 1
    assert all(abs(d - 0.81) < 0.05 for d in table["distance_m"].to_pylist())


def test_batch_twice_gives_byte_equal_results(session: Path, weights: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run_batch(collect([session], tmp_path / name), options=NO_VIDEO, weights=weights)
    for file in ("observations.parquet", "frames.parquet", "signals.parquet", "events.parquet"):
        first, second = ((tmp_path / n / "small" / file).read_bytes() for n in ("a", "b"))
        assert first == second


def test_what_is_finished_is_skipped_until_something_changes(session: Path, weights: Path, tmp_path: Path) -> None:
    items = collect([session], tmp_path)
    outcomes = [
        run_batch(items, options=options, weights=weights, again=again).items[0].outcome
        for options, again in (
            (NO_VIDEO, False),
            (NO_VIDEO, False),
            (OutputOptions(video=False, video_width=640), False),
            (NO_VIDEO, True),
        )
    ]
    assert outcomes == ["done", "skipped", "done", "done"]


def test_a_bad_session_fails_alone_and_leaves_nothing(session: Path, weights: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.mcap").write_bytes(session.read_bytes())
    (folder / "empty.mcap").write_bytes(b"")
    (folder / "torn.mcap").write_bytes(session.read_bytes()[:5000])
    (folder / "wrong.mcap").write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 100)
    report = run_batch(collect([folder], tmp_path / "out"), options=NO_VIDEO, workers=2, weights=weights)
    outcomes = {i.item.session.name: i.outcome for i in report.items}
    assert outcomes == {"good.mcap": "done", "empty.mcap": "failed", "torn.mcap": "failed", "wrong.mcap": "failed"}
    assert all(i.error and "Traceback" not in i.error for i in report.failed)
    assert files(tmp_path / "out") == {"good"}


def test_two_sessions_of_one_name_get_two_folders(session: Path, tmp_path: Path) -> None:
    for name in ("monday", "tuesday"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "night.mcap").write_bytes(session.read_bytes())
    items = collect([str(tmp_path / "*" / "night.mcap")], tmp_path / "out")
    assert len({i.folder for i in items}) == 2


def test_files_folders_and_globs_name_each_session_once(session: Path, tmp_path: Path) -> None:
    copy = tmp_path / "deep" / "er" / "one.mcap"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(session.read_bytes())
    items = collect([tmp_path, str(copy), str(tmp_path / "**" / "*.mcap")], tmp_path / "out")
    assert [i.session.name for i in items] == ["one.mcap"]


@pytest.mark.parametrize("given", ["nothing.mcap", "no-*.mcap"])
def test_a_path_that_names_nothing_is_told(given: str, tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="there is no file"):
        collect([str(tmp_path / given)], tmp_path / "out")


def test_a_folder_without_sessions_is_told(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="holds no session"):
        collect([tmp_path], tmp_path / "out")


def test_a_schedule_that_is_not_there_is_told(session: Path, weights: Path, tmp_path: Path) -> None:
    options = OutputOptions(video=False, schedule="stored")
    report = run_batch(collect([session], tmp_path), options=options, weights=weights)
    assert "stores no schedule" in report.items[0].error


def test_a_stored_schedule_lets_the_same_models_rest_and_all_frames_let_none(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    def rests(number: int) -> frozenset[str]:
        return frozenset({"face_landmarks", "depth_to_color"}) if number % 3 else frozenset()

    path = write_recorded(tmp_path / "paced.mcap", session, models, skip={4}, rests=rests)
    with SessionReader(path) as reader:
        stored = [xxhash.xxh3_64(data).hexdigest() for data in reader.observation_bytes()]
    for schedule, same in (("stored", True), ("all", False)):
        options = OutputOptions(video=False, schedule=schedule)
        run_batch(collect([path], tmp_path / schedule), options=options, weights=weights)
        table = pq.read_table(tmp_path / schedule / "paced" / "frames.parquet").to_pydict()
        assert (table["digest"] == stored) is same


def test_a_stored_schedule_does_not_compute_what_the_live_run_could_not(
    session: Path, models: Models, weights: Path, tmp_path: Path
) -> None:
    def failed(entry: ScheduleEntry) -> ScheduleEntry:
        engines = {name: {**how, "failed": 1} for name, how in entry.engines.items()}
        return replace(entry, engines=engines) if entry.frame_set == 11 else entry

    def lost(observation: Observation) -> Observation:
        missing = replace(observation, faces=(), status="not computed: the device is gone")
        return missing if observation.frame_set == 11 else observation

    path = write_recorded(tmp_path / "failed.mcap", session, models, change=lost, change_entry=failed)
    with SessionReader(path) as reader:
        stored = [xxhash.xxh3_64(data).hexdigest() for data in reader.observation_bytes()]
    options = OutputOptions(video=False, schedule="stored")
    run_batch(collect([path], tmp_path / "out"), options=options, weights=weights)
    table = pq.read_table(tmp_path / "out" / "failed" / "frames.parquet").to_pydict()
    assert table["digest"] == stored
    assert table["status"][-1] == "not computed: the device is gone"


def test_a_torn_model_is_told_and_the_rest_goes_on(session: Path, weights: Path, tmp_path: Path) -> None:
    torn = tmp_path / "weights"
    torn.mkdir()
    for file in weights.iterdir():
        (torn / file.name).write_bytes(file.read_bytes())
    (torn / "gray_to_depth.onnx").write_bytes((weights / "gray_to_depth.onnx").read_bytes()[:100])
    report = run_batch(collect([session], tmp_path / "out"), options=NO_VIDEO, weights=torn)
    assert report.items[0].outcome == "done"
    run = json.loads((tmp_path / "out" / "small" / "run.json").read_text())
    assert "gray_to_depth" in run["missing_models"]


def test_a_folder_with_anything_else_in_it_is_never_replaced(session: Path, weights: Path, tmp_path: Path) -> None:
    """`--out data` beside data/small, the recording's raw folder, must not cost the raw recording."""
    raw = tmp_path / "small" / "0000.png"
    raw.parent.mkdir()
    raw.write_bytes(b"raw")
    report = run_batch(collect([session], tmp_path), options=NO_VIDEO, weights=weights)
    assert "no result of tapetum" in report.items[0].error
    assert raw.read_bytes() == b"raw"
    assert files(tmp_path) == {"small"}


def test_a_disk_that_fills_at_closing_is_no_success(session: Path, models: Models, tmp_path: Path) -> None:
    class FullAtTheEnd(Tables):
        def close(self) -> None:
            super().close()
            raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.offline.Tables", FullAtTheEnd)
        with pytest.raises(BatchError, match="No space left"):
            process_session(session, tmp_path / "out", models, PipelineConfig(), NO_VIDEO)
    assert files(tmp_path) == set()
