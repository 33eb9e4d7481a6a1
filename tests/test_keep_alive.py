"""A window that records and is killed is open again soon, and so is the recording."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commands.keep_alive import KEPT, recording_of_this_start
from recordings.reader import SessionReader
from recordings.recover import recover_session

PATIENCE_S = 60.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds the window's process by /proc: Linux only")


def wait_for(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end, f"waited {PATIENCE_S:g} s in vain for {what}"
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-P", "-m", "tapetum", "watch", "virtual:", "--record", str(tmp_path / "night.mcap")]
    clean = {key: value for key, value in os.environ.items() if key != KEPT}
    process = subprocess.Popen(
        command, env={**clean, "QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, stderr=subprocess.PIPE, text=True
    )
    with process:
        yield process
        if process.poll() is None:
            for pid in (*children(process.pid), process.pid):
                os.kill(pid, signal.SIGKILL)


def test_a_killed_window_is_opened_again_and_the_recording_goes_on(
    keeper: subprocess.Popen[str], tmp_path: Path
) -> None:
    first, second = tmp_path / "night.mcap.part", tmp_path / "night-again2.mcap.part"
    wait_for(lambda: first.exists() and first.stat().st_size > 300_000, "frames in the first recording")
    (window,) = children(keeper.pid)
    os.kill(window, signal.SIGKILL)
    wait_for(lambda: second.exists() and second.stat().st_size > 300_000, "frames in the second recording")
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(PATIENCE_S) == 0
    assert keeper.stderr is not None
    assert "ended by SIGKILL; it is opened again" in " ".join(keeper.stderr.read().split())
    with SessionReader(tmp_path / "night-again2.mcap") as reader:
        assert reader.count("depth") > 0
    whole = tmp_path / "whole.mcap"
    recover_session(first, whole)
    with SessionReader(whole) as reader:
        assert reader.count("depth") > 0
    assert not Path(f"/proc/{window}").exists()


def test_each_start_records_to_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "night.mcap"
    monkeypatch.setenv(KEPT, "1")
    assert recording_of_this_start(path) == path
    monkeypatch.setenv(KEPT, "3")
    assert recording_of_this_start(path) == tmp_path / "night-again3.mcap"
    (tmp_path / "night-again3.mcap").touch()
    assert recording_of_this_start(path) == tmp_path / "night-again4.mcap"
