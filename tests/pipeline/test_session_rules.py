"""Rules over a recorded session: the same events as overnight, from what is stored or computed, and what is told."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from engines.loading import Models, load_models
from pipeline.batch import collect, run_batch
from pipeline.config import PipelineConfig
from pipeline.errors import BatchError
from pipeline.events_file import EventsFile, read_events
from pipeline.offline import OutputOptions
from pipeline.rules.errors import RulesError
from pipeline.session_rules import HowToCompute, SessionEvents, watch_session
from recordings.errors import RecordingError
from recordings.event import Event
from recordings.observation import Observation
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.pipeline.recorded import write_recorded

RULES = """
name = "all-kinds"
context = ["speed_kmh"]
lost_s = 0.2
min_confidence = 0.0

[[rule]]
name = "somebody"
text = "Somebody is there"
severity = "warning"
per = "scene"
when = { signal = "faces", at_least = 1 }
for_s = 0.1

[[rule]]
name = "near"
text = "Somebody is near"
severity = "alarm"
when = { signal = "distance", below = 2.0 }
clear_for_s = 0.1

[[rule.tier]]
context = { speed_kmh = { below = 1 } }
off = true

[[rule]]
name = "dark"
text = "The cameras show something"
severity = "notice"
per = "scene"
when = { signal = "picture", at_least = 1 }
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    return path


def nobody() -> Models:
    raise AssertionError("nothing is to be computed")


def watch(session: Path, rules: Path | str, how: HowToCompute | None = None) -> tuple[list[Event], SessionEvents]:
    events: list[Event] = []
    return events, watch_session(session, str(rules), events.append, how or HowToCompute(nobody))


def batch_rows(session: Path, rules: Path, weights: Path, folder: Path, schedule: str) -> list[dict[str, Any]]:
    options = OutputOptions(video=False, rules=str(rules), schedule=schedule)
    (item,) = run_batch(collect([session], folder), options=options, weights=weights).items
    assert item.outcome == "done", item.error
    rows: list[dict[str, Any]] = pq.read_table(folder / session.stem / "events.parquet").to_pylist()
    return rows


def written(events: list[Event], path: Path) -> list[dict[str, Any]]:
    with EventsFile(path) as file:
        for event in events:
            file.add(event)
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def test_stored_observations_give_the_events_of_a_batch_of_the_stored_schedule(
    session: Path, models: Models, weights: Path, rules: Path, tmp_path: Path
) -> None:
    path = write_recorded(tmp_path / "run.mcap", session, models, skip={3, 7})
    before = path.read_bytes()
    events, told = watch(path, rules)
    assert written(events, tmp_path / "mine.parquet") == batch_rows(path, rules, weights, tmp_path / "b", "stored")
    assert {e.name for e in events} == {"somebody", "near", "dark"}
    assert told.observations == "stored"
    assert told.frame_sets == 10
    assert told.counts == {"somebody": 1, "near": 1, "dark": 1}
    assert path.read_bytes() == before
    assert read_events(tmp_path / "mine.parquet", 10) == (events, 3)
    assert read_events(tmp_path / "mine.parquet", 1) == (events[:1], 3)


def test_without_stored_ones_they_are_those_of_a_batch_and_other_rules_need_no_computing(
    session: Path, weights: Path, rules: Path, tmp_path: Path
) -> None:
    keep = tmp_path / "kept.gz"
    how = HowToCompute(lambda: load_models(threads=1, weights_dir=weights), keep=keep)
    events, told = watch(session, rules, how)
    expected = batch_rows(session, rules, weights, tmp_path / "b", "all")
    assert written(events, tmp_path / "mine.parquet") == expected
    assert told.observations == "computed"
    again, told = watch(session, rules, HowToCompute(nobody, keep=keep))
    assert (again, told.observations) == (events, "kept")
    rules.write_text(RULES.replace("below = 2.0", "below = 0.1"))
    fewer, told = watch(session, rules, HowToCompute(nobody, keep=keep))
    assert fewer == [e for e in events if e.name != "near"]
    without = HowToCompute(lambda: load_models(threads=1, weights_dir=weights))
    assert watch(session, rules, without)[0] == fewer


def test_what_was_kept_of_something_else_or_torn_is_computed_anew(
    session: Path, weights: Path, rules: Path, tmp_path: Path
) -> None:
    keep = tmp_path / "kept.gz"
    how = HowToCompute(lambda: load_models(threads=1, weights_dir=weights), keep=keep)
    events, _ = watch(session, rules, how)
    with pytest.raises(AssertionError, match="nothing is to be computed"):
        watch(session, rules, HowToCompute(nobody, keep=keep, weights="others"))
    whole = keep.read_bytes()
    for torn in (whole[: len(whole) // 2], b"", b"nothing of the kind", whole[:-40] + b"\0" * 40):
        keep.write_bytes(torn)
        found, told = watch(session, rules, how)
        assert (found, told.observations) == (events, "computed")
    assert not list(tmp_path.glob("*.part"))


def test_observations_computed_again_where_some_are_stored(
    session: Path, models: Models, weights: Path, rules: Path, tmp_path: Path
) -> None:
    path = write_recorded(tmp_path / "run.mcap", session, models, change=lambda o: dataclasses.replace(o, faces=()))
    events, told = watch(path, rules)
    assert {e.name for e in events} == {"dark"}
    events, told = watch(path, rules, HowToCompute(lambda: load_models(threads=1, weights_dir=weights), again=True))
    assert told.observations == "computed"
    assert {e.name for e in events} == {"somebody", "near", "dark"}


def test_what_is_missing_beside_the_pictures_is_told(
    session: Path, models: Models, rules: Path, tmp_path: Path
) -> None:
    config = PipelineConfig.model_validate({"signals": {"enabled": False}})
    path = write_recorded(tmp_path / "run.mcap", session, models, config)
    rules.write_text(RULES.replace('"distance", below = 2.0', '"perclos", above = 0.2'))
    events, told = watch(path, rules)
    assert {e.name for e in events} == {"somebody", "dark"}
    assert "speed_kmh: no such series lies beside the session; the strictest limits count" in told.notes
    assert any("holds no signals" in note and "perclos" in note for note in told.notes), told.notes
    assert told.to_json()["context"] == {"asked": ["speed_kmh"], "found": []}


def test_a_clock_that_stands_or_goes_back_is_told_and_nothing_is_made_up(
    session: Path, models: Models, rules: Path, tmp_path: Path
) -> None:
    still = write_recorded(
        tmp_path / "still.mcap", session, models, change=lambda o: dataclasses.replace(o, device_ns=5)
    )
    events, told = watch(still, rules)
    assert events == [e for e in events if e.begin_ns == e.end_ns == 5]
    assert "somebody" not in {e.name for e in events}
    assert any("clock stands still" in note for note in told.notes)

    def back(o: Observation) -> Observation:
        return dataclasses.replace(o, device_ns=o.device_ns - (10**9 if o.frame_set >= 6 else 0))

    _, told = watch(write_recorded(tmp_path / "back.mcap", session, models, change=back), rules)
    assert any("goes back 1 times" in note for note in told.notes)


def test_a_damaged_observation_and_a_frame_that_is_gone_are_left_out_and_told(
    session: Path, models: Models, rules: Path, tmp_path: Path
) -> None:
    path = write_recorded(
        tmp_path / "run.mcap", session, models, spoil_frame=lambda f: f.info.name == "depth" and f.number < 8
    )
    events, told = watch(path, rules)
    assert {e.name for e in events} == {"somebody", "near", "dark"}
    assert any("cannot be read" in note for note in told.notes)

    class Torn(Observation):
        def to_json(self) -> dict[str, Any]:
            return {**super().to_json(), "faces": [{"id": 1}]}

    def damaged(o: Observation) -> Observation:
        return Torn(**{f.name: getattr(o, f.name) for f in dataclasses.fields(o)}) if o.frame_set == 4 else o

    path = write_recorded(tmp_path / "torn.mcap", session, models, change=damaged)
    events, told = watch(path, rules)
    assert {e.name for e in events} == {"somebody", "near", "dark"}
    assert "1 of 12 stored observations are damaged and were left out" in told.notes


def test_rules_that_are_wrong_are_told_with_line_and_column(session: Path, rules: Path) -> None:
    rules.write_text(RULES.replace("faces", "fases"))
    with pytest.raises(RulesError, match=r"rules\.toml:12:19: .*faces"):
        watch(session, rules)


def test_a_session_without_frames_is_told(rules: Path, tmp_path: Path) -> None:
    path = tmp_path / "empty.mcap"
    with SessionWriter(path, SessionInfo.create([], title="t", source="s")):
        pass
    with pytest.raises((BatchError, RecordingError)):
        watch(path, rules)


def test_progress_is_told_and_memory_holds_one_observation(
    session: Path, models: Models, rules: Path, tmp_path: Path
) -> None:
    path = write_recorded(tmp_path / "run.mcap", session, models)
    told: list[tuple[int, int]] = []
    watch_session(path, str(rules), lambda _: None, HowToCompute(nobody), lambda *now: told.append(now))
    assert told[0] == (0, 12)
    assert told[-1] == (12, 12)


def test_a_table_that_fails_leaves_nothing_and_another_file_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    with pytest.raises(AttributeError), EventsFile(path) as file:
        file.add(None)  # type: ignore[arg-type]  # what goes wrong meanwhile
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"PAR1 not really PAR1")
    with pytest.raises(RecordingError, match="no table of events"):
        read_events(path, 5)
    with pytest.raises(BatchError, match="cannot write"), EventsFile(tmp_path / "no" / "folder.parquet"):
        pass
    with pytest.raises(BatchError, match="is a folder; name a file"), EventsFile(tmp_path):
        raise AssertionError("it is told before anything is computed")


def test_a_place_where_nothing_can_be_kept_is_no_reason_to_stop(
    session: Path, weights: Path, rules: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    how = HowToCompute(lambda: load_models(threads=1, weights_dir=weights), keep=tmp_path / "no" / "kept.gz")
    events, told = watch(session, rules, how)
    assert len(events) == 3
    assert told.observations == "computed"
    assert "is not kept" in caplog.text
