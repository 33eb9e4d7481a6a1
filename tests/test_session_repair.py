"""`tapetum session recover`, `cut` and `merge` as a user types them: what they print, how they exit, what verifies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from engines.loading import Models, load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.provenance import run_record, schedule_engines
from pipeline.schedule import all_frame_sets
from recordings.config import RecordConfig
from recordings.cut import SessionCutError
from recordings.errors import RecordingError
from recordings.event import Event
from recordings.reader import SessionReader
from recordings.recorder import Recorder
from recordings.session import ScheduleEntry
from recordings.writer import SessionWriter
from tapetum import app
from tests.helpers.onnx_models import write_tiny_models
from tests.helpers.sessions import FRAME_NS, write_session
from tests.pipeline.recorded import write_recorded
from tests.recordings.part_cases import others, stored
from tests.recordings.sessions import DEPTH, GRAY, THERMAL, frame_of, simple_session
from tests.recordings.sessions import write_session as write_small

SETS = 12


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_models(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def models(weights: Path) -> Iterator[Models]:
    loaded = load_models(threads=1, weights_dir=weights)
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def live(models: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A live recording whose results verify."""
    folder = tmp_path_factory.mktemp("live")
    return write_recorded(folder / "live.mcap", write_session(folder / "small.mcap", SETS), models)


@pytest.fixture(scope="module")
def segments(models: Models, live: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same in segments of four FrameSets; results come two FrameSets behind their frames."""
    path = tmp_path_factory.mktemp("segments") / "night.mcap"
    config = PipelineConfig()
    engines = schedule_engines(models)
    short = RecordConfig(segment_minutes=(4 * FRAME_NS - 10**6) / 60e9, min_free_mib=0.0)
    with SessionReader(live) as reader:
        steps = Process(reader.streams, models, config)
        waiting = []
        with Recorder(path, reader.streams, short, run=run_record(models, config)) as recorder:
            for frame_set in all_frame_sets(reader, reader.streams, config.synchronize):
                for frame in frame_set.frames.values():
                    assert recorder.take(frame)
                frames = {name: f.number for name, f in frame_set.frames.items()}
                waiting.append((steps(frame_set), ScheduleEntry(frame_set.number, frames, engines)))
                if len(waiting) > 2:
                    assert recorder.put_results(*waiting.pop(0))
            for results in waiting:
                assert recorder.put_results(*results)
    found = [path, *(path.with_stem(f"night-{n:04d}") for n in (2, 3))]
    assert sorted(path.parent.glob("*.mcap")) == sorted(found)
    return found


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["session", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def told(*arguments: object, code: int = 0) -> dict[str, Any]:
    data = json.loads(run(*arguments, "--json", code=code).strip().splitlines()[-1])
    assert isinstance(data, dict)
    return data


def verified(session: Path, weights: Path) -> dict[str, Any]:
    return told("verify", session, "--weights", weights)


# -- recover ---------------------------------------------------------------------------------------------------------


def test_recover_a_torn_recording_that_then_verifies(live: Path, weights: Path, tmp_path: Path) -> None:
    (tmp_path / "night.mcap.part").write_bytes(live.read_bytes()[:-30_000])
    text = run("recover", tmp_path / "night.mcap.part", "-o", tmp_path / "night.mcap", code=1)
    assert "depth: " in text
    assert "the recording was not finished" in text
    report = verified(tmp_path / "night.mcap", weights)
    assert report["good"] is True


def test_recover_what_lost_nothing_exits_zero(live: Path, weights: Path, tmp_path: Path) -> None:
    (tmp_path / "night.mcap").write_bytes(live.read_bytes()[:-100])
    data = told("recover", tmp_path / "night.mcap", "-o", tmp_path / "saved.mcap")
    assert data["nothing_lost"] is True
    assert data["streams"]["depth"] == {"saved": SETS, "lost": 0, "lost_is_exact": True, "gaps": []}
    report = verified(tmp_path / "saved.mcap", weights)
    assert (report["results"], report["observations"]) == ("equal", SETS)


def test_recover_a_hole_in_the_middle_says_where_and_promises_no_results(
    live: Path, weights: Path, tmp_path: Path
) -> None:
    data = bytearray(live.read_bytes())
    data[len(data) // 3] ^= 0x55
    (tmp_path / "night.mcap").write_bytes(data)
    text = run("recover", tmp_path / "night.mcap", "-o", tmp_path / "saved.mcap", code=1)
    assert "lost between" in text or "lost before" in text
    assert text.strip().endswith("something was lost; what was saved reads")
    report = verified(tmp_path / "saved.mcap", weights)
    assert (report["whole"], report["results"]) == (True, "not verified")


def test_recover_refuses_what_is_no_session(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"x" * 1000)
    with pytest.raises(RecordingError, match="no MCAP file"):
        run("recover", tmp_path / "x.bin", "-o", tmp_path / "y.mcap")


# -- cut -------------------------------------------------------------------------------------------------------------


def test_cut_the_beginning_verifies_byte_by_byte(live: Path, weights: Path, tmp_path: Path) -> None:
    out = tmp_path / "cut.mcap"
    data = told("cut", live, "-o", out, "--to-s", 6.5 * FRAME_NS / 1e9)
    assert data["frames"] == {"depth": 7, "infrared": 7}
    assert data["replayable"] is True
    report = verified(out, weights)
    assert (report["results"], report["observations"], report["mode"]) == ("equal", 7, "bytes")


def test_cut_the_whole_verifies(live: Path, weights: Path, tmp_path: Path) -> None:
    run("cut", live, "-o", tmp_path / "cut.mcap")
    assert stored(tmp_path / "cut.mcap") == stored(live)
    assert verified(tmp_path / "cut.mcap", weights)["results"] == "equal"


@pytest.mark.parametrize("part", [("--from-s", 0.15), ("--streams", "depth")])
def test_cut_the_middle_is_whole_and_says_why_its_results_are_not_verified(
    part: tuple[str, object], live: Path, weights: Path, tmp_path: Path
) -> None:
    out = tmp_path / "cut.mcap"
    text = run("cut", live, "-o", out, *part)
    assert "its results cannot be computed again: it is a cut" in text
    report = verified(out, weights)
    assert (report["good"], report["whole"], report["results"]) == (True, True, "not verified")
    info = told("info", out)
    with SessionReader(live) as session:
        assert info["notes"]["cut_of"] == session.info.id
    assert info["observations"] > 0


def test_cut_prints_what_it_wrote(live: Path, tmp_path: Path) -> None:
    text = run("cut", live, "-o", tmp_path / "cut.mcap", "--from-s", 0.1, "--to-s", 99, "--streams", " depth ,")
    assert "8 depth frames" in text
    assert "the session ends at 0.367 s" in text
    run("cut", live, "-o", tmp_path / "cut.mcap", "--overwrite")


def test_cut_wrong_use(live: Path, tmp_path: Path) -> None:
    out = tmp_path / "cut.mcap"
    assert "--streams takes names" in run("cut", live, "-o", out, "--streams", " , ", code=2)
    run("cut", live, "-o", out, "--from-s", "-1", code=2)
    with pytest.raises(SessionCutError, match="its streams: depth, infrared"):
        run("cut", live, "-o", out, "--streams", "thermal")
    with pytest.raises(SessionCutError, match=r"lasts 0\.367 s"):
        run("cut", live, "-o", out, "--from-s", 5)
    assert not out.exists()


# -- merge -----------------------------------------------------------------------------------------------------------


def test_merge_all_segments_verifies_like_one_recording(segments: list[Path], weights: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.mcap"
    for later in segments[1:]:
        assert verified(later, weights)["results"] == "not verified"
    data = told("merge", segments[2], segments[0], segments[1], "-o", whole)
    assert data["frames"] == {"depth": SETS, "infrared": SETS}
    assert (data["complete"], data["replayable"], data["missing"]) == (True, True, [])
    report = verified(whole, weights)
    assert (report["results"], report["observations"], report["different"]) == ("equal", SETS, 0)
    assert report["mode"] == "bytes"


def test_merge_with_a_segment_missing_exits_one_and_still_reads(
    segments: list[Path], weights: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.mcap"
    text = run("merge", segments[0], segments[2], "-o", whole, code=1)
    assert "missing: segment 2 of the recording" in text
    assert "the results cannot be computed again: of the recording's segments only 1,3 are here" in text
    report = verified(whole, weights)
    assert (report["good"], report["results"]) == (True, "not verified")
    assert [e.name for e in others(whole)["events"]] == ["part missing"]


def test_merge_cameras_of_one_scene(tmp_path: Path) -> None:
    a = write_small(tmp_path / "a.mcap", (GRAY,), (frame_of(GRAY, n) for n in range(5)))
    b = write_small(tmp_path / "b.mcap", (THERMAL,), (frame_of(THERMAL, n) for n in range(3)))
    text = run("merge", a, b, "-o", tmp_path / "scene.mcap")
    assert "5 gray, 3 thermal frames" in text
    assert told("verify", tmp_path / "scene.mcap")["good"] is True
    assert {s["name"] for s in told("info", tmp_path / "scene.mcap")["streams"]} == {"gray", "thermal"}


def test_merge_wrong_use(tmp_path: Path) -> None:
    a = simple_session(tmp_path / "a.mcap", 2)
    with pytest.raises(RecordingError, match="two sessions or more"):
        run("merge", a, "-o", tmp_path / "x.mcap")
    with pytest.raises(RecordingError, match="named twice"):
        run("merge", a, a, "-o", tmp_path / "x.mcap")


@pytest.mark.parametrize("command", ["recover", "cut", "merge"])
def test_help(command: str) -> None:
    assert "--overwrite" in run(command, "--help")


def test_a_recorder_that_was_killed_leaves_what_recovers(tmp_path: Path) -> None:
    """A .part file, its events included."""
    with SessionReader(simple_session(tmp_path / "a.mcap", 5, (DEPTH,))) as session:
        info, frames = session.info, list(session.frames())
    writer = SessionWriter(tmp_path / "night.mcap", info)
    for frame in frames:
        writer.write_frame(frame)
    writer.write_event(Event("blink", frames[1].device_ns, frames[2].device_ns))
    writer.flush()
    text = run("recover", tmp_path / "night.mcap.part", "-o", tmp_path / "saved.mcap")
    writer.abort()
    assert "everything that had reached the file is saved" in text
    assert [e.name for e in others(tmp_path / "saved.mcap")["events"]] == ["blink", "recovered"]
