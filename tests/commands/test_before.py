"""What is said before a command counts for it, or is refused: nothing is heard and forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import commands.about
import commands.batch
import commands.doctor_camera
import commands.doctor_context
import commands.training
from tapetum import app

FOLDER = {"batch": 1, "doctor": 3, "train": 4, "evaluate-real": 2}
"""The commands that take a folder for results -> which argument of their work it is."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Any, ...]]:
    """What each command was to do, in place of its work."""
    seen: dict[str, tuple[Any, ...]] = {}

    def note(name: str) -> Any:
        def work(*given: Any) -> int:
            seen[name] = given
            return 0

        return work

    monkeypatch.setattr(commands.batch, "batch", note("batch"))
    monkeypatch.setattr(commands.doctor_camera, "doctor_camera", note("doctor"))
    monkeypatch.setattr(commands.training, "train", note("train"))
    monkeypatch.setattr(commands.training, "evaluate_real", note("evaluate-real"))
    return seen


CALLS = {
    "batch": ("batch", "a.mcap"),
    "doctor": ("doctor", "--camera", "virtual:"),
    "train": ("train", "relief"),
    "evaluate-real": ("evaluate-real", "--data", "d"),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("option", ["-o", "--out"])
def test_a_folder_for_results_counts_before_the_command_as_behind_it(
    done: dict[str, tuple[Any, ...]], name: str, option: str
) -> None:
    for arguments in ((option, "there", *CALLS[name]), (*CALLS[name], option, "there")):
        done.clear()
        result = run(*arguments)
        assert result.exit_code == 0, result.output
        assert done[name][FOLDER[name]] == Path("there")


def test_behind_the_command_wins(done: dict[str, tuple[Any, ...]]) -> None:
    assert run("-o", "there", "batch", "a.mcap", "-o", "here").exit_code == 0
    assert done["batch"][1] == Path("here")
    assert run("batch", "a.mcap").exit_code == 0
    assert done["batch"][1] == Path("out")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("record", "virtual:", "-o", "x.mcap"), "write --output behind record"),
        (("watch", "virtual:"), "watch has no folder of results"),
        (("replay", "x.mcap"), "replay has no folder of results"),
        (("devices",), "devices has no folder of results"),
        (("session", "info", "x.mcap"), "session has no folder of results"),
        (("engines", "list"), "engines has no folder of results"),
    ],
)
def test_a_command_that_would_not_heed_it_says_so_and_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("--out", "there", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "instead"), [("watch", "tapetum record"), ("replay", "tapetum batch")])
def test_a_window_is_not_opened_headless(name: str, instead: str) -> None:
    result = run("--headless", name, "x.mcap")
    assert result.exit_code == 2
    assert f"{name} is a window; without one: {instead}" in result.stderr


def test_what_is_no_window_may_be_called_headless(done: dict[str, tuple[Any, ...]]) -> None:
    assert run("--headless", "batch", "a.mcap").exit_code == 0
    assert done["batch"][0] == ["a.mcap"]


@pytest.mark.parametrize("options", [("--out", "there"), ("--seconds", "3"), ("--unplug",)])
def test_what_is_about_a_camera_is_refused_where_none_is_named(
    monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setattr(commands.about, "doctor", lambda _: pytest.fail("it went on"))
    result = run("doctor", *options)
    assert result.exit_code == 2
    assert f"{options[0]} means nothing without --camera" in result.stderr
    before = run("--out", "there", "doctor")
    assert before.exit_code == 2


def test_an_unknown_command_is_told_as_ever() -> None:
    result = run("--out", "there", "no-such-command")
    assert result.exit_code == 2
    assert "no-such-command" in result.stderr


@pytest.mark.parametrize("options", [("--camera", "kinect2:"), ("--out", "there"), ("--unplug",)])
def test_what_is_about_a_camera_is_refused_where_a_source_of_the_speed_is_listened_at(
    monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setattr(commands.doctor_context, "doctor_context", lambda *_: pytest.fail("it listened"))
    result = run("doctor", "--context", "udp://127.0.0.1:5005", *options)
    assert result.exit_code == 2
    assert f"{options[0]} means nothing beside --context" in result.stderr
