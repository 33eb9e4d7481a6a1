"""FrameSets that come in pairs, since a stream loses every second frame: all are processed where there is time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from drivers.frame import Frame, FrameSet, KelvinMap, StreamInfo, StreamKind
from drivers.registry import open_camera
from engines.loading import Models
from pipeline.live_sets import fullest_in_turn
from pipeline.run import LiveRun
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.helpers.sessions import DEPTH, START_NS

HEAT = StreamInfo("thermal", StreamKind.THERMAL, 80, 60, "uint16", fps=30.0, kelvin=KelvinMap(0.01))
COUNT = 60
STEP_NS = 33_333_333


def record(path: Path, *infos: StreamInfo, heat_ns: int = 8_000_000, every: int = 1) -> Path:
    """Depth at 30 frames/s and thermal after it (or before), of which every so many-th frame is there."""
    described = SessionInfo.create(infos, title="pairs", source="tests", clock="synthetic")
    with SessionWriter(path, described) as writer:
        for n in range(COUNT):
            frames = []
            for info in infos:
                if info is DEPTH or n % every == 0:
                    at_ns = START_NS + n * STEP_NS + (0 if info is DEPTH else heat_ns)
                    frames.append(Frame(info, np.full(info.shape, 900, info.dtype), n, at_ns, at_ns + 1000))
            for one in sorted(frames, key=lambda frame: frame.host_ns):
                writer.write_frame(one)
    return path


def run_of(sources: list[str], models: Models, delay_s: float = 0.0) -> tuple[LiveRun, list[FrameSet]]:
    """A run, and what its steps see while each FrameSet takes them so long."""
    seen: list[FrameSet] = []

    def see(frame_set: FrameSet) -> None:
        seen.append(frame_set)
        time.sleep(delay_s)

    return LiveRun([open_camera(source) for source in sources], models, on_frame_set=see), seen


def has_heat(frame_set: FrameSet) -> bool:
    return any(name.endswith("thermal") for name in frame_set.frames)


def watch(run: LiveRun, for_s: float = 3.0) -> None:
    run.start()
    threading.Event().wait(for_s)
    assert run.stop()


def test_two_cameras_one_of_which_loses_every_second_frame_are_both_seen_as_often_as_they_come(
    tmp_path: Path, models: Models
) -> None:
    depth, heat = record(tmp_path / "depth.mcap", DEPTH), record(tmp_path / "heat.mcap", HEAT)
    run, seen = run_of([f"virtual:{depth}?loop=1", f"virtual:{heat}?loop=1&drop_every=2"], models)
    watch(run)
    count = run.status().channels["process"]
    assert len(seen) > 40
    assert count.dropped <= count.put // 4, "nothing is overtaken while there is time for all"
    assert sum(map(has_heat, seen)) > 0.35 * len(seen)
    numbers = [frame_set.number for frame_set in seen]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("heat_ns", [-8_000_000, 8_000_000], ids=["before depth", "after depth"])
@pytest.mark.parametrize("delay_s", [0.0, 0.12], ids=["in time", "too slow"])
def test_a_stream_of_which_every_second_frame_is_lost_is_never_taken_for_old(
    tmp_path: Path, models: Models, heat_ns: int, delay_s: float
) -> None:
    path = record(tmp_path / "both.mcap", DEPTH, HEAT, heat_ns=heat_ns, every=2)
    run, seen = run_of([f"virtual:{path}?loop=1"], models, delay_s)
    watch(run)
    count = run.status().channels["process"]
    if delay_s:
        assert count.dropped > 0
        seen = seen[2:]
        assert len(seen) > 8
    else:
        assert count.dropped <= count.put // 4
    without = "".join("h" if has_heat(one) else "-" for one in seen)
    assert "---" not in without, "every second or third one has it at least"


def frame_set(number: int, *infos: StreamInfo) -> FrameSet:
    return FrameSet(
        number, number, {i.name: Frame(i, np.zeros(i.shape, i.dtype), number, number, number + 1) for i in infos}
    )


@pytest.mark.parametrize(
    ("last", "waiting", "kept"),
    [
        (None, [(1, DEPTH, HEAT), (2, DEPTH)], 2),
        ((0, DEPTH), [(1, DEPTH, HEAT), (2, DEPTH)], 1),
        ((0, DEPTH, HEAT), [(1, DEPTH, HEAT), (2, DEPTH)], 2),
        ((0, DEPTH), [(1, DEPTH, HEAT), (2, DEPTH, HEAT)], 2),
        ((0, DEPTH), [(1, DEPTH), (2, DEPTH)], 2),
        ((0, HEAT), [(1, DEPTH), (2, HEAT)], 1),
        ((0, DEPTH), [(1, DEPTH, HEAT), (2, DEPTH, HEAT), (3, DEPTH)], 2),
    ],
)
def test_of_those_that_find_no_time_the_newest_is_kept_unless_a_stream_would_never_be_seen(
    last: tuple[int, StreamInfo] | None, waiting: list[tuple[int, StreamInfo]], kept: int
) -> None:
    taken = None if last is None else frame_set(*last)
    assert fullest_in_turn([frame_set(*one) for one in waiting], taken).number == kept
