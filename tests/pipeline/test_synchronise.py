"""Frames that belong to one instant end up in one FrameSet, whatever order the cameras deliver them in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import Frame, FrameSet, StreamInfo, StreamKind
from pipeline.errors import PipelineError
from pipeline.steps.synchronise import SynchronizeConfig, Synchronizer, frame_set_of

DEPTH = StreamInfo("depth", StreamKind.DEPTH, 4, 3, "uint16", fps=30.0, unit_m=0.001)
GRAY = StreamInfo("gray", StreamKind.GRAY, 4, 3, "uint8", fps=30.0)
THERMAL = StreamInfo("thermal", StreamKind.THERMAL, 4, 3, "uint16", fps=9.0)
MS = 1_000_000


def frame(info: StreamInfo, number: int, ms: float) -> Frame:
    ns = int(ms * MS)
    return Frame(info, np.zeros(info.shape, info.dtype), number, ns, ns + 5)


def run(synchronizer: Synchronizer, frames: list[Frame]) -> list[FrameSet]:
    out = [s for f in frames for s in synchronizer.push(f)]
    return out + synchronizer.flush()


def numbers(sets: list[FrameSet]) -> list[dict[str, int]]:
    return [{n: f.number for n, f in s.frames.items()} for s in sets]


def test_depth_leads_and_each_set_holds_the_nearest_frames() -> None:
    frames = [f for i in range(5) for f in (frame(DEPTH, i, i * 33.3), frame(GRAY, i, i * 33.3 + 4))]
    sets = run(Synchronizer([GRAY, DEPTH]), frames)
    assert numbers(sets) == [{"gray": i, "depth": i} for i in range(5)]
    assert [s.number for s in sets] == list(range(5))
    assert all(abs(s.skew_ns - 4 * MS) <= 1 for s in sets)


def test_a_set_is_given_out_as_soon_as_no_nearer_frame_can_come() -> None:
    synchronizer = Synchronizer([DEPTH, GRAY])
    assert synchronizer.push(frame(DEPTH, 0, 0)) == []
    assert len(synchronizer.push(frame(GRAY, 0, 1))) == 1


def test_a_lost_frame_is_missing_and_never_replaced_by_a_neighbour() -> None:
    frames = [frame(DEPTH, i, i * 33.3) for i in range(3)] + [frame(GRAY, 0, 0), frame(GRAY, 2, 66.6)]
    sets = run(Synchronizer([DEPTH, GRAY]), frames)
    assert numbers(sets) == [{"depth": 0, "gray": 0}, {"depth": 1}, {"depth": 2, "gray": 2}]
    assert sets[1].missing == ("gray",)


def test_a_slow_thermal_camera_serves_the_one_instant_nearest_to_its_frame() -> None:
    frames = [frame(DEPTH, i, i * 33.3) for i in range(30)] + [frame(THERMAL, i, i * 111.0) for i in range(9)]
    frames.sort(key=lambda f: f.device_ns)
    sets = run(Synchronizer([DEPTH, THERMAL]), frames)
    served = [(s.frames["depth"].number, s.frames["thermal"].number) for s in sets if "thermal" in s.frames]
    assert served == [(round(n * 111.0 / 33.3), n) for n in range(9)]
    assert max(s.skew_ns for s in sets) <= 0.5 * 33.4 * MS


def test_with_a_tolerance_of_ones_own_a_slow_camera_serves_every_instant_within_it() -> None:
    frames = [frame(DEPTH, i, i * 33.3) for i in range(10)] + [frame(THERMAL, i, i * 111.0) for i in range(3)]
    frames.sort(key=lambda f: f.device_ns)
    sets = run(Synchronizer([DEPTH, THERMAL], SynchronizeConfig(tolerance_ms=67)), frames)
    assert all("thermal" in s.frames for s in sets[:9])
    assert max(s.skew_ns for s in sets[:9]) <= 67 * MS


def test_a_stream_that_went_silent_does_not_hold_the_others_back() -> None:
    synchronizer = Synchronizer([DEPTH, GRAY], SynchronizeConfig(wait_ms=100))
    out = [s for i in range(20) for s in synchronizer.push(frame(DEPTH, i, i * 33.3))]
    assert len(out) == 20, "nobody waits for a stream that is silent"
    queue = synchronizer.push(frame(GRAY, 0, 20 * 33.3))
    assert not queue
    assert not synchronizer.push(frame(DEPTH, 21, 21 * 33.3)), "it is back: it is waited for again"
    assert [set(s.frames) for s in synchronizer.push(frame(GRAY, 1, 21 * 33.3))] == [{"depth", "gray"}]


def test_an_unknown_stream_or_leader_is_told() -> None:
    with pytest.raises(PipelineError, match="gray"):
        Synchronizer([DEPTH]).push(frame(GRAY, 0, 0))
    with pytest.raises(PipelineError, match="sonar"):
        Synchronizer([DEPTH], SynchronizeConfig(leader="sonar"))
    with pytest.raises(PipelineError, match="nothing to synchronise"):
        Synchronizer([])
    with pytest.raises(PipelineError, match="no frame of any stream"):
        frame_set_of(0, {}, "depth", ["depth", "gray"])


def test_a_frame_set_made_again_is_led_by_the_first_of_its_members() -> None:
    names = ["gray", "thermal", "depth"]
    gray, thermal, depth = frame(GRAY, 0, 10), frame(THERMAL, 0, 13), frame(DEPTH, 0, 5)
    assert frame_set_of(0, {"depth": depth, "gray": gray}, "thermal", names).device_ns == 5 * MS
    assert frame_set_of(0, {"thermal": thermal, "gray": gray}, "depth", names).device_ns == 10 * MS
    again = frame_set_of(3, {"thermal": thermal, "gray": gray}, "thermal", names)
    assert (again.number, again.device_ns, again.skew_ns, again.missing) == (3, 13 * MS, 3 * MS, ("depth",))
    told = frame_set_of(3, {"thermal": thermal, "gray": gray}, "thermal", names, instant_ns=99, skew_ns=7)
    assert (told.device_ns, told.skew_ns) == (99, 7)


def test_the_skew_of_a_frame_set_made_again_is_that_of_times_that_can_be_compared() -> None:
    members = {"gray": frame(GRAY, 0, 10), "thermal": frame(THERMAL, 0, 13)}
    far = frame(replace(DEPTH, clock="another"), 0, 9_000_000)
    assert frame_set_of(0, {**members, "depth": far}, "gray", ["gray", "thermal", "depth"]).skew_ns == 3 * MS


@given(
    gray_times=st.lists(st.integers(0, 600), max_size=25, unique=True).map(sorted),
    order=st.randoms(use_true_random=False),
)
def test_delivery_order_between_streams_never_changes_the_sets(gray_times: list[int], order) -> None:  # type: ignore[no-untyped-def]  # hypothesis hands in a Random
    """Within the wait, whichever camera delivers first, the FrameSets are the same."""
    depth = [frame(DEPTH, i, i * 33) for i in range(15)]
    gray = [frame(GRAY, i, t) for i, t in enumerate(gray_times)]
    config = SynchronizeConfig(wait_ms=10_000)
    reference = numbers(run(Synchronizer([DEPTH, GRAY], config), depth + gray))
    mixed: list[Frame] = []
    a, b = list(depth), list(gray)
    while a or b:
        source = a if a and (not b or order.random() < 0.5) else b
        mixed.append(source.pop(0))
    assert numbers(run(Synchronizer([DEPTH, GRAY], config), mixed)) == reference
    assert len(reference) == 15


def test_cameras_whose_clocks_begin_anew_are_matched_again() -> None:
    def both(first: int, ms: float, count: int) -> list[Frame]:
        return [
            f
            for i in range(count)
            for f in (frame(DEPTH, first + i, ms + i * 33.3), frame(GRAY, first + i, ms + i * 33.3 + 4))
        ]

    sets = run(Synchronizer([DEPTH, GRAY]), both(0, 90_000, 5) + both(0, 10, 5))
    assert numbers(sets) == [{"depth": i, "gray": i} for i in range(5)] * 2
    assert [s.number for s in sets] == list(range(10))


def test_a_frame_that_waited_when_a_clock_began_anew_is_given_out_and_never_matched_across_it() -> None:
    synchronizer = Synchronizer([DEPTH, GRAY])
    assert synchronizer.push(frame(DEPTH, 7, 90_000)) == []
    sets = [*synchronizer.push(frame(DEPTH, 0, 10)), *synchronizer.push(frame(GRAY, 0, 12))]
    assert numbers(sets) == [{"depth": 7}, {"depth": 0, "gray": 0}]


def test_a_frame_a_little_out_of_order_is_no_new_beginning() -> None:
    frames = [frame(DEPTH, 0, 0), frame(DEPTH, 2, 66), frame(GRAY, 1, 33), frame(DEPTH, 1, 33), frame(GRAY, 0, 0)]
    sets = run(Synchronizer([DEPTH, GRAY]), frames)
    assert sorted(s.frames["depth"].number for s in sets) == [0, 1, 2]
