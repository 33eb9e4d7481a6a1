"""A live run looks at one FrameSet while it finishes the one before: nothing else changes by it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from drivers.registry import open_camera
from engines.loading import Models
from pipeline.live_rules import LiveRules
from pipeline.process import Process
from pipeline.run import LiveRun
from recordings.reader import SessionReader
from tests.helpers.sessions import write_session


def run_whole(session: Path, models: Models, out: Path | None = None) -> LiveRun:
    run = LiveRun([open_camera(f"virtual:{session}")], models, record=out)
    run.start()
    assert run.wait(60.0)
    assert run.stop()
    return run


def test_the_next_frame_set_is_looked_at_while_one_is_finished(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual_look, usual_finish = Process.look, Process.finish
    looks = threading.Semaphore(0)
    together: list[bool] = []

    def look(self: Process, *given: Any) -> Any:
        looks.release()
        return usual_look(self, *given)

    def finish(self: Process, looked: Any) -> Any:
        if not together:
            looks.acquire()  # its own
            together.append(looks.acquire(timeout=20))  # the next one, before this one is finished
        return usual_finish(self, looked)

    monkeypatch.setattr(Process, "look", look)
    monkeypatch.setattr(Process, "finish", finish)
    run = run_whole(write_session(tmp_path / "s.mcap", 12), models)
    assert together == [True]
    assert run.status().errors == ()


def test_what_is_said_comes_in_the_order_of_the_frame_sets(models: Models, tmp_path: Path) -> None:
    out = tmp_path / "out.mcap"
    run = run_whole(write_session(tmp_path / "s.mcap", 30), models, out)
    with SessionReader(out) as reader:
        numbers = [observation.frame_set for observation in reader.observations()]
        assert [entry.frame_set for entry in reader.schedule()] == numbers
    assert numbers == sorted(set(numbers))
    assert len(numbers) == run.status().processed


def test_an_unexpected_error_while_finishing_is_told_and_the_recording_goes_on(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, calls = Process.finish, iter(range(10**9))

    def finish(self: Process, looked: Any) -> Any:
        if next(calls) == 3:
            raise ValueError("on purpose")
        return usual(self, looked)

    monkeypatch.setattr(Process, "finish", finish)
    out = tmp_path / "out.mcap"
    run = run_whole(write_session(tmp_path / "s.mcap", 30), models, out)
    assert [error for error in run.status().errors if "processing stopped: ValueError: on purpose" in error]
    assert run.status().processed == 3
    with SessionReader(out) as reader:
        assert {stream.name: reader.count(stream.name) for stream in reader.streams} == {
            stream.name: 30 for stream in reader.streams
        }
        assert len(list(reader.observations())) == 3


def test_rules_that_fail_at_every_call_keep_no_recording_from_being_finished(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise ValueError("rules on purpose")

    monkeypatch.setattr(LiveRules, "step", fail)
    monkeypatch.setattr(LiveRules, "stop", fail)
    out = tmp_path / "out.mcap"
    run = run_whole(write_session(tmp_path / "s.mcap", 12), models, out)
    assert [error for error in run.status().errors if "no more alarms come of them" in error]
    assert run.status().ended
    with SessionReader(out) as reader:
        assert len(list(reader.observations())) == run.status().processed > 0


def test_what_fails_at_the_end_is_told_and_the_recording_is_finished(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Any:
        raise ValueError("at the end, on purpose")

    monkeypatch.setattr(LiveRules, "stop", fail)
    out = tmp_path / "out.mcap"
    run = run_whole(write_session(tmp_path / "s.mcap", 12), models, out)
    assert [error for error in run.status().errors if "at the end, on purpose" in error]
    with SessionReader(out) as reader:
        assert len(list(reader.observations())) == run.status().processed > 0


def test_no_thread_is_left(models: Models, tmp_path: Path) -> None:
    run_whole(write_session(tmp_path / "s.mcap", 5), models)
    assert not [
        t.name for t in threading.enumerate() if t.name in ("tapetum-finish", "tapetum-beside", "tapetum-process")
    ]
