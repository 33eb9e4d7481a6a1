"""Rules over a session from the command line: what is told, written, and refused."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from commands.session_app import session_app
from commands.session_rules import session_rules
from engines.loading import shipped
from pipeline.errors import ConfigError
from pipeline.rules.errors import RulesError
from recordings.errors import RecordingError
from tests.helpers.onnx_models import write_tiny_models
from tests.helpers.sessions import write_session

RULES = """
name = "presence"

[[rule]]
name = "somebody"
text = "Somebody is there"
severity = "warning"
when = { signal = "distance", below = 2.0, min_confidence = 0.0 }
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    return path


def test_events_are_told_and_written(tmp_path: Path, rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = write_tiny_models(tmp_path / "weights")
    session = write_session(tmp_path / "night.mcap")
    before = session.read_bytes()
    assert session_rules(session, str(rules), None, False, None, None, weights, False) == 0
    said = capsys.readouterr().out
    assert said.startswith("1 event\n")
    assert "warning somebody face 1: Somebody is there" in " ".join(said.split())
    assert said.splitlines()[1].split()[0] == "0.233", "seconds from the session's beginning"
    table, keep = tmp_path / "events.parquet", tmp_path / "kept.gz"
    assert session_rules(session, str(rules), table, False, keep, None, weights, True) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["events"] == {"somebody": 1}
    assert told["observations"] == "computed"
    assert told["output"] == str(table)
    assert pq.read_table(table).column("name").to_pylist() == ["somebody"]
    session_rules(session, str(rules), table, False, keep, None, weights, True)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["observations"] == "kept"
    assert session.read_bytes() == before


def test_what_is_wrong_is_told_before_the_session_is_read(tmp_path: Path, rules: Path) -> None:
    rules.write_text(RULES.replace("distance", "distanse"))
    with pytest.raises(RulesError, match=r"rules\.toml:8:19: "):
        session_rules(tmp_path / "absent.mcap", str(rules), None, False, None, None, None, False)
    rules.write_text(RULES)
    with pytest.raises(RecordingError):
        session_rules(tmp_path / "absent.mcap", str(rules), None, False, None, None, None, False)


@pytest.mark.parametrize("option", ["--output", "--keep"])
def test_no_file_that_is_read_is_written_over(tmp_path: Path, rules: Path, option: str) -> None:
    weights = write_tiny_models(tmp_path / "weights")
    session, config = write_session(tmp_path / "night.mcap"), tmp_path / "config.toml"
    config.write_text("")
    (tmp_path / "other-name.mcap").hardlink_to(session)
    asked = ["rules", str(session), "--rules", str(rules), "--config", str(config), "--weights", str(weights)]
    for path in (session, rules, config, tmp_path / "other-name.mcap"):
        before = path.read_bytes()
        with pytest.raises(ConfigError, match=f"{option} .*{path.name} is another file"):
            CliRunner().invoke(session_app, [*asked, option, str(path)], catch_exceptions=False)
        assert path.read_bytes() == before
    both = tmp_path / "both"
    with pytest.raises(ConfigError, match=r"--keep .*both is another file"):
        session_rules(session, str(rules), both, False, both, None, weights, False)
    assert not both.exists()


def test_what_was_kept_counts_for_the_models_that_made_it_alone(
    tmp_path: Path, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = write_tiny_models(tmp_path / "weights")
    session, keep, table = write_session(tmp_path / "night.mcap"), tmp_path / "kept.gz", tmp_path / "events.parquet"

    def observations() -> str:
        table.unlink(missing_ok=True)
        session_rules(session, str(rules), table, False, keep, None, weights, True)
        told: str = json.loads(capsys.readouterr().out.splitlines()[-1])["observations"]
        return told

    assert [observations(), observations()] == ["computed", "kept"]
    card = shipped("face_landmarks", weights)
    card.write_text(json.dumps({**json.loads(card.read_text()), "version": "9.9.9"}))  # a newer one, in its place
    assert [observations(), observations()] == ["computed", "kept"]
    (weights / json.loads(card.read_text())["file"]).unlink()
    card.write_text(json.dumps({**json.loads(card.read_text()), "version": "9.9.10"}))
    assert [observations(), observations()] == ["computed", "computed"], "a model that is missing may be there again"


def test_the_command_is_there_as_the_window_calls_it(tmp_path: Path, rules: Path) -> None:
    weights = write_tiny_models(tmp_path / "weights")
    session, table = write_session(tmp_path / "night.mcap"), tmp_path / "events.parquet"
    asked = ["rules", str(session), "--rules", str(rules), "-o", str(table), "--weights", str(weights)]
    found = CliRunner().invoke(session_app, asked, catch_exceptions=False)
    assert found.exit_code == 0, found.output
    assert found.output.startswith("1 event")
    assert table.exists()
