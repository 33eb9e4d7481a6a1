"""`tapetum record` as an operator treats it: signals, closed terminals, wrong settings, marks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import commands.live
from drivers.errors import CameraNotFoundError
from pipeline.errors import LiveError
from recordings.reader import SessionReader
from recordings.virtual import VirtualCamera
from tests.helpers.onnx_models import write_tiny_models
from tests.helpers.sessions import write_session

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_models(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A camera that never ends."""
    return f"virtual:{write_session(tmp_path_factory.mktemp('camera') / 'small.mcap', 20)}?loop=1"


@pytest.fixture
def helper() -> Iterator[list[threading.Thread]]:
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join(20)


def soon(helper: list[threading.Thread], part: Path, *signals: int) -> None:
    """Send these signals to this process as soon as the recording has begun to be written, a moment apart."""

    def send() -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and (not part.exists() or part.stat().st_size < 20_000):
            time.sleep(0.01)
        for one in signals:
            os.kill(os.getpid(), one)
            time.sleep(0.3)

    thread = threading.Thread(target=send)
    thread.start()
    helper.append(thread)


def record(source: str, output: Path, weights: Path, **given: Any) -> int:
    return commands.live.record([source], output, 20.0, given, None, weights, True)


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_whoever_asks_for_the_end_gets_a_whole_session(
    source: str, weights: Path, tmp_path: Path, helper: list[threading.Thread], capsys: Any, how: str
) -> None:
    number = getattr(signal, how)
    handlers = {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    soon(helper, tmp_path / "a.mcap.part", number)
    assert record(source, tmp_path / "a.mcap", weights) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [p.name for p in tmp_path.iterdir()] == ["a.mcap"]
    with SessionReader(tmp_path / "a.mcap") as session:
        assert sum(session.count(s.name) for s in session.streams) == told["frames"] > 0
    assert {s: signal.getsignal(s) for s in handlers} == handlers


def test_what_a_shell_lets_it_ignore_does_not_end_it(
    source: str, weights: Path, tmp_path: Path, helper: list[threading.Thread]
) -> None:
    """``nohup tapetum record``: closing the terminal is no reason to end."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        soon(helper, tmp_path / "a.mcap.part", signal.SIGHUP, signal.SIGINT)
        began = time.monotonic()
        assert record(source, tmp_path / "a.mcap", weights) == 0
        assert time.monotonic() - began > 0.3, "the second one ended it"
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_mark_makes_a_clip_and_stands_in_it(
    source: str, weights: Path, tmp_path: Path, helper: list[threading.Thread], capsys: Any
) -> None:
    soon(helper, tmp_path / "a.mcap.part", signal.SIGUSR1, signal.SIGINT)
    assert record(source, tmp_path / "a.mcap", weights, profile="watch", after_s=0.1) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["clips"] >= 1
    (clip,) = tmp_path.glob("*-mark.mcap")
    for path in (clip, tmp_path / "a.mcap"):
        with SessionReader(path) as session:
            assert "mark" in [e.name for e in session.events()], path


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"profile": "all"}, "--profile"),
        ({"layout": "small"}, "--layout"),
        ({"quota_gib": float("inf")}, "--quota-gib: Input should be a finite number"),
        ({"segment_gib": -1.0}, "--segment-gib"),
        ({"before_s": 9999.0}, "--before-s"),
    ],
)
def test_a_wrong_setting_is_named_before_a_camera_is_opened(
    tmp_path: Path, capsys: Any, given: dict[str, Any], words: str
) -> None:
    assert record("virtual:nowhere.mcap", tmp_path / "a.mcap", tmp_path, **given) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_log_whose_reader_has_ended_ends_no_recording(source: str, weights: Path, tmp_path: Path) -> None:
    """``tapetum record ... 2>&1 | head``: words that nobody reads are not worth the evidence."""
    told, end = os.pipe()
    os.close(told)
    script = (
        "import commands.live, sys; from pathlib import Path; commands.live._TELL_EVERY_S = 0.0\n"
        "import recordings.disk_space as d; d._LEAST_S = d._APART_S = 0.05\n"
        f"sys.exit(commands.live.record([{source!r}], Path({str(tmp_path / 'a.mcap')!r}), 2.5, {{}}, None, "
        f"Path({str(weights)!r}), False))"
    )
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=end, stderr=end, timeout=60, check=False)
    os.close(end)
    assert time.monotonic() - began > 2.5
    with SessionReader(tmp_path / "a.mcap") as session:
        times = session.times("depth").host_ns
        assert times[-1] - times[0] > 2 * 10**9


class PluggedInLater(VirtualCamera):
    """A recorded camera that is there from a moment on."""

    there_s = 0.0

    def is_present(self) -> bool | None:
        return time.monotonic() > self.there_s

    def open(self) -> None:
        if not self.is_present():
            raise CameraNotFoundError("there is no such camera; plug it in")
        super().open()


def test_a_camera_that_is_not_there_yet_is_waited_for_where_one_asks_for_it(
    source: str, weights: Path, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.opening.OPEN_S", 0.5)
    monkeypatch.setattr("drivers.registry.open_camera", lambda s: PluggedInLater.from_source(s.partition(":")[2]))
    monkeypatch.setattr(PluggedInLater, "there_s", time.monotonic() + 3600.0)
    with pytest.raises(LiveError, match="there is no such camera; plug it in"):
        record(source, tmp_path / "a.mcap", weights)
    capsys.readouterr()
    monkeypatch.setattr(PluggedInLater, "there_s", time.monotonic() + 3.0)
    assert commands.live.record([source], tmp_path / "a.mcap", 0.5, {}, None, weights, True, wait=True) == 0
    told = capsys.readouterr()
    assert told.err.count("waiting for virtual:") == 1
    assert "there is no such camera" in told.err
    assert json.loads(told.out.splitlines()[-1])["frames"] > 0


def test_a_recording_ends_when_its_only_camera_is_given_up(
    source: str, weights: Path, tmp_path: Path, capsys: Any
) -> None:
    config = tmp_path / "tapetum.toml"
    config.write_text("[cameras]\nattempts = 1\n")
    lost = f"{source.partition('?')[0]}?lose_at=0.3&lose_s=60"
    began = time.monotonic()
    assert commands.live.record([lost], tmp_path / "a.mcap", 40.0, {}, config, weights, True) == 1
    assert time.monotonic() - began < 30.0
    assert "was given up" in capsys.readouterr().err
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.count("depth") > 0
