"""`tapetum watch`: what is said of a recording reaches it, and what makes no sense is told before a window opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import gui.app
import pipeline.doctor
from tapetum import app


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["watch", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the window would have been opened with."""
    seen: list[tuple[Any, ...]] = []

    def run_watch(sources: list[str], config: Any, *, record: Path | None, weights_dir: Path | None, rig: Any) -> int:
        seen.append((sources, config.record, record))
        return 0

    monkeypatch.setattr(gui.app, "run_watch", run_watch)
    monkeypatch.setattr(pipeline.doctor, "window_problem", lambda: "")
    return seen


def test_a_recording_beside_the_window_is_set_as_that_of_the_command_record(
    opened: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    path = tmp_path / "night.mcap"
    run("virtual:", "--record", path, "--profile", "watch", "--layout", "compact", "--quota-gib", "5", "--no-clips")
    ((sources, settings, record),) = opened
    assert (sources, record) == (["virtual:"], path)
    assert (settings.profile, settings.layout, settings.quota_gib, settings.clips) == ("watch", "compact", 5.0, False)


def test_settings_of_a_recording_without_one_are_refused(opened: list[tuple[Any, ...]]) -> None:
    words = run("virtual:", "--profile", "watch", "--before-s", "3", code=2)
    assert "--profile, --before-s is about a recording: say --record FILE, too" in " ".join(words.split())
    assert not opened


def test_a_wrong_setting_is_told_before_a_window_opens(opened: list[tuple[Any, ...]], tmp_path: Path) -> None:
    assert "--profile" in run("virtual:", "--record", tmp_path / "a.mcap", "--profile", "everything", code=2)
    assert not opened
