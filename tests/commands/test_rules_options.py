"""`--rules` and `--on-alarm` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recordings.reader import SessionReader
from recordings.told_events import joined
from tapetum import app

RULES = """
name = "presence"
text = "somebody is there"

[[rule]]
name = "somebody"
text = "Somebody is there"
severity = "alarm"
per = "scene"
when = { signal = "faces", at_least = 1 }
for_s = 0.1
"""


@pytest.mark.parametrize("command", ["record", "watch", "batch"])
def test_rules_that_are_none_are_told_before_anything_begins(command: str, tmp_path: Path) -> None:
    given = ["-o", str(tmp_path / "x.mcap")] if command == "record" else []
    result = CliRunner().invoke(app, [command, "virtual:", *given, "--rules", "in-cra"])
    assert result.exit_code != 0
    assert "in-car" in str(result.exception) + result.output
    assert list(tmp_path.iterdir()) == []


def test_nobody_to_tell_is_told_before_anything_begins(tmp_path: Path) -> None:
    given = ["-o", str(tmp_path / "x.mcap"), "--on-alarm", "/no/such/program"]
    result = CliRunner().invoke(app, ["record", "virtual:", *given])
    assert result.exit_code != 0
    assert "/no/such/program" in str(result.exception) + result.output


def test_a_recording_holds_the_events_and_somebody_is_told(tmp_path: Path) -> None:
    rules, told, tell = tmp_path / "rules.toml", tmp_path / "told.json", tmp_path / "tell.sh"
    rules.write_text(RULES)
    tell.write_text(f"#!/bin/sh\ncat > {told}.part && mv {told}.part {told}\n")
    tell.chmod(0o755)
    out = tmp_path / "out.mcap"
    options = ["--seconds", "6", "--rules", str(rules), "--on-alarm", str(tell)]
    result = CliRunner().invoke(app, ["record", "virtual:", "-o", str(out), *options])
    assert result.exit_code == 0, result.output
    with SessionReader(out) as session:
        events = [e for e in joined(session.events()) if e.severity]
    assert {(e.name, e.severity) for e in events} == {("somebody", "alarm")}
    assert all(e.end_ns is not None and e.evidence[0].name == "faces" for e in events)
    assert "somebody" in json.dumps(json.loads(told.read_text()))


def test_several_are_told_and_where_the_recording_shows_it(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES + "clip_s = [1, 1]\n")
    told = [tmp_path / "one.json", tmp_path / "two.json"]
    options = ["--seconds", "6", "--rules", str(rules)]
    for each in told:
        tell = each.with_suffix(".sh")
        tell.write_text(f"#!/bin/sh\ncat > {each}.part && mv {each}.part {each}\n")
        tell.chmod(0o755)
        options += ["--on-alarm", str(tell)]
    out = tmp_path / "out.mcap"
    result = CliRunner().invoke(app, ["record", "virtual:", "-o", str(out), *options])
    assert result.exit_code == 0, result.output
    with SessionReader(out) as session:
        event = next(e for e in joined(session.events()) if e.severity)
    assert event.clip is not None
    assert event.clip.path(out) == out
    assert [json.loads(each.read_text())["clip"] for each in told] == [str(out)] * 2


@pytest.mark.parametrize(("script", "delivered", "failed"), [("cat > /dev/null", 1, 0), ("exit 3", 0, 1)])
def test_at_the_end_it_is_told_what_became_of_the_alarms(
    tmp_path: Path, script: str, delivered: int, failed: int
) -> None:
    rules, tell, config = tmp_path / "rules.toml", tmp_path / "tell.sh", tmp_path / "tapetum.toml"
    rules.write_text(RULES)
    tell.write_text(f"#!/bin/sh\n{script}\n")
    tell.chmod(0o755)
    config.write_text("[watch.delivery]\ntries = 1\n")
    options = ["--seconds", "6", "--rules", str(rules), "--on-alarm", str(tell), "--config", str(config), "--json"]
    result = CliRunner().invoke(app, ["record", "virtual:", "-o", str(tmp_path / "out.mcap"), *options])
    assert result.exit_code == 0, result.output
    alarms = json.loads(result.stdout.splitlines()[-1])["alarms"]
    assert (alarms["left_out"], alarms["delivered"] > 0, alarms["failed"] > 0) == (0, delivered > 0, failed > 0)
    assert f"{alarms['delivered']} alarms told, {alarms['failed']} could not be told, 0 left out" in result.stderr
    assert ("ended with 3" in result.stderr) is bool(failed)


def test_where_nobody_is_told_there_are_no_counts_of_alarms(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["record", "virtual:", "-o", str(tmp_path / "a.mcap"), "--seconds", "1", "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout.splitlines()[-1])["alarms"] is None
    assert "alarms told" not in result.stderr
