"""The clock of frames goes on at its pace whatever somebody does to the machine's."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from drivers import host_clock
from drivers.frame import StreamInfo, StreamKind
from drivers.isolate import call
from drivers.streaming_camera import StreamingCamera
from pipeline.steps.synchronise import Synchronizer
from recordings.virtual_pace import RealPace

MS = 1_000_000
S = 1000 * MS
DEPTH = StreamInfo("depth", StreamKind.DEPTH, 4, 4, "uint16", 30.0, unit_m=0.001, clock="a")
THERMAL = StreamInfo("thermal", StreamKind.THERMAL, 4, 4, "uint16", 9.0, clock="b")


class Machine:
    """Both clocks of a machine; the wall clock can be set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.since_ns = 0
        self.set_by_ns = 0
        self._began = (time.monotonic_ns(), time.time_ns())
        monkeypatch.setattr(time, "monotonic_ns", lambda: self._began[0] + self.since_ns)
        monkeypatch.setattr(time, "time_ns", lambda: self._began[1] + self.since_ns + self.set_by_ns)


def test_frames_go_on_at_their_pace_when_the_wall_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    camera, told = StreamingCamera("fake:"), []
    for n in range(300):
        machine.since_ns = n * S // 30
        machine.set_by_ns = -20 * S if n >= 150 else 0
        told.append(camera._frame(DEPTH, np.zeros((4, 4), np.uint16), n, n * S // 30).host_ns)
    assert np.abs(np.diff(told) - S // 30).max() <= 1


def test_two_cameras_stay_side_by_side_when_the_wall_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    cameras = (StreamingCamera("one:"), StreamingCamera("two:"))
    # (when, which camera, its number)
    came = sorted(
        [(n * S // 30 + MS, 0, n) for n in range(40 * 30)] + [(n * S // 9 + 7 * MS, 1, n) for n in range(40 * 9)]
    )
    synchronizer = Synchronizer([DEPTH, THERMAL])
    pairs = 0
    for when, which, number in came:
        machine.since_ns, machine.set_by_ns = when, -20 * S if when > 10 * S else 0
        info = (DEPTH, THERMAL)[which]
        frame = cameras[which]._frame(info, np.zeros((4, 4), np.uint16), number, number * S // round(info.fps))
        pairs += sum(len(s.frames) == 2 for s in synchronizer.push(frame) if 12 * S < when < 30 * S)
    assert pairs >= 0.9 * 9 * 18, "as many as the slower camera gave"


def test_a_recorded_camera_plays_on_that_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    machine, pace = Machine(monkeypatch), RealPace()
    before = pace.wall_ns()
    machine.since_ns, machine.set_by_ns = S, -3600 * S
    assert pace.wall_ns() - before == S


def test_it_is_the_wall_clock_as_long_as_nobody_sets_that() -> None:
    in_a_new_process = "import time, drivers.host_clock as c; print(c.now_ns() - time.time_ns())"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", in_a_new_process], capture_output=True, cwd=root, timeout=30, check=True
    )
    assert abs(int(done.stdout)) < 50 * MS


def test_the_process_of_an_isolated_camera_has_the_same_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_clock, "_anchor_ns", host_clock.anchor_ns() + 20 * S)  # the wall clock was set back since
    before = host_clock.now_ns()
    told = call("drivers.host_clock:now_ns", (), 20.0)
    assert before < told < host_clock.now_ns()


@pytest.mark.parametrize("told", ["", "nonsense", "-"])
def test_a_variable_that_makes_no_sense_is_left_alone(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv(host_clock.ANCHOR, told)
    assert abs(host_clock._measured_ns() + time.monotonic_ns() - time.time_ns()) < 50 * MS
