"""Commands that are watched by another program tell how far they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress

from commands.progress_json import ASKED, JsonProgress
from commands.session_repair import session_cut
from commands.terminal import GOOD, progress_bar
from recordings.samples import bundled_session


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]


def test_nothing_is_told_unless_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(ASKED, raising=False)
    bar = progress_bar("frames")
    assert type(bar) is Progress
    monkeypatch.setenv(ASKED, "rubbish")
    assert type(progress_bar("frames")) is Progress
    assert capsys.readouterr().err == ""


def test_a_cut_tells_its_beginning_its_end_and_what_it_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv(ASKED, "json")
    assert session_cut(bundled_session(), tmp_path / "a.mcap", 0.0, 1.0, None, False, True) == GOOD
    lines = told(capsys)
    progress = [line["progress"] for line in lines if "progress" in line]
    assert progress[0]["share"] in (None, 0.0)
    assert progress[-1]["share"] == 1.0
    assert progress[-1]["done"] == progress[-1]["of"]
    assert progress[-1]["unit"] == "frames"
    assert any("a.mcap" in line.get("answer", "") for line in lines)


def test_several_bars_are_like_shares_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ASKED, "json")
    with progress_bar("FrameSets", 4) as bars:
        first = bars.add_task("a", total=10)
        bars.update(first, completed=10)
        bars.remove_task(first)
        second = bars.add_task("b", total=10)
        bars.update(second, completed=10)
    shares = [line["progress"]["share"] for line in told(capsys)]
    assert shares == [0.0, 0.25, 0.25, 0.5]


def test_the_share_of_stages_of_different_kinds_is_not_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ASKED, "json")
    with JsonProgress("", 0) as bars:
        bars.update(bars.add_task("frames", total=2), completed=2)
    assert [line["progress"]["share"] for line in told(capsys)] == [None, None]


def test_few_lines_are_written_however_often_it_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ASKED, "json")
    with JsonProgress("frames") as bars:
        task = bars.add_task("a", total=100_000)
        for n in range(10_000):
            bars.update(task, completed=n)
    assert len(told(capsys)) < 100
