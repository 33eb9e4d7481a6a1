"""Overnight, rules make events of what the steps say."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.batch import collect, run_batch
from pipeline.offline import OutputOptions

RULES = """
name = "presence"
text = "somebody is there"

[[rule]]
name = "somebody"
text = "Somebody is there"
severity = "warning"
per = "scene"
when = { signal = "faces", at_least = 1 }
for_s = 0.1
"""


def test_rules_make_events_and_other_rules_make_them_anew(session: Path, weights: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES)
    options = OutputOptions(video=False, rules=str(rules))
    items = collect([session], tmp_path / "out")

    def events() -> list[dict[str, object]]:
        return pq.read_table(tmp_path / "out" / "small" / "events.parquet").to_pylist()

    (item,) = run_batch(items, options=options, weights=weights).items
    assert item.outcome == "done", item.error
    (event,) = events()
    assert (event["name"], event["severity"], event["face"]) == ("somebody", "warning", None)
    assert event["end_ns"] > event["begin_ns"]
    run = json.loads((tmp_path / "out" / "small" / "run.json").read_text())
    assert run["events"] == {"somebody": 1}
    assert [i.outcome for i in run_batch(items, options=options, weights=weights).items] == ["skipped"]
    rules.write_text(RULES.replace("at_least = 1", "at_least = 9"))
    assert [i.outcome for i in run_batch(items, options=options, weights=weights).items] == ["done"]
    assert events() == []


def test_without_rules_there_are_no_events(session: Path, weights: Path, tmp_path: Path) -> None:
    run_batch(collect([session], tmp_path), options=OutputOptions(video=False), weights=weights)
    assert pq.read_table(tmp_path / "small" / "events.parquet").num_rows == 0
    assert "events" not in json.loads((tmp_path / "small" / "run.json").read_text())


def test_rules_that_cannot_be_read_fail_with_the_line(session: Path, weights: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES.replace("faces", "fases"))
    (item,) = run_batch(
        collect([session], tmp_path / "out"), options=OutputOptions(video=False, rules=str(rules)), weights=weights
    ).items
    assert item.outcome == "failed"
    assert "rules.toml:10:" in item.error
    assert "faces" in item.error
