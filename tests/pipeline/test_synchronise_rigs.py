"""Rigs of cameras that run at their own rates, on their own clocks, and go silent when they like."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.frame import Frame, FrameFlag, FrameSet, StreamInfo, StreamKind
from pipeline.steps.synchronise import MOST_WAITING, SynchronizeConfig, Synchronizer

MS, S = 1_000_000, 1_000_000_000
EPOCH = 1_790_000_000 * S
DEPTH = StreamInfo("depth", StreamKind.DEPTH, 4, 3, "uint16", fps=30.0, unit_m=0.001)
GRAY = StreamInfo("gray", StreamKind.GRAY, 4, 3, "uint8", fps=60.0)
THERMAL = StreamInfo("thermal", StreamKind.THERMAL, 4, 3, "uint16", fps=9.0)
OWN = [dataclasses.replace(info, clock=info.name) for info in (DEPTH, GRAY, THERMAL)]
"""The same, each on its own clock."""

Numbers = list[dict[str, int]]


def frame(info: StreamInfo, number: int, at_ns: int, host_ns: int | None = None) -> Frame:
    return Frame(info, np.zeros(info.shape, info.dtype), number, at_ns, EPOCH + at_ns if host_ns is None else host_ns)


def stream(
    info: StreamInfo, seconds: float, *, phase: float = 0.0, fps: float = 0.0, first_s: float = 0.0
) -> list[Frame]:
    """Regular frames, as they are taken."""
    step = S / (fps or info.fps)
    count = int(seconds * S / step)
    return [frame(info, i, int(first_s * S + (i + phase) * step)) for i in range(count)]


def in_order(*streams: list[Frame]) -> list[Frame]:
    return sorted((f for one in streams for f in one), key=lambda f: (f.host_ns, f.stream))


def run(synchronizer: Synchronizer, frames: list[Frame]) -> list[FrameSet]:
    return [s for f in frames for s in synchronizer.push(f)] + synchronizer.flush()


def numbers(sets: list[FrameSet]) -> Numbers:
    return [{n: f.number for n, f in s.frames.items()} for s in sets]


def leader(one: FrameSet, rank: Sequence[str] = ("depth", "gray", "thermal")) -> str:
    return next(name for name in rank if name in one.frames)


def check_conservation(sets: list[FrameSet], frames: list[Frame], synchronizer: Synchronizer) -> None:
    """What holds whatever comes: every frame is in a set or counted, and every set is led by one frame of its own."""
    assert [s.number for s in sets] == list(range(len(sets)))
    lead = Counter(id(s.frames[leader(s, synchronizer.rank)]) for s in sets)
    assert set(lead.values()) <= {1}, "a frame led two FrameSets"
    used = {id(f) for s in sets for f in s.frames.values()}
    for name in synchronizer.rank:
        came = [f for f in frames if f.stream == name]
        left_over = sum(id(f) not in used for f in came)
        assert left_over == synchronizer.unmatched.get(name, 0), name
    assert synchronizer.unmatched.get("depth", 0) == 0
    for one in sets:
        assert set(one.frames) | set(one.missing) == set(synchronizer.rank)


@pytest.mark.parametrize("depth_fps", [9.0, 30.0, 120.0])
@pytest.mark.parametrize("gray_fps", [9.0, 25.0, 60.0, 120.0])
@pytest.mark.parametrize("phase", [0.0, 0.3, 0.49])
def test_any_two_rates_are_matched_within_half_a_period_of_the_faster(
    depth_fps: float, gray_fps: float, phase: float
) -> None:
    depth, gray = dataclasses.replace(DEPTH, fps=depth_fps), dataclasses.replace(GRAY, fps=gray_fps)
    frames = in_order(stream(depth, 4), stream(gray, 4, phase=phase))
    synchronizer = Synchronizer([depth, gray])
    sets = run(synchronizer, frames)
    check_conservation(sets, frames, synchronizer)
    half_ns = 0.5 * S / max(depth_fps, gray_fps)
    matched = [s for s in sets if len(s.frames) == 2]
    assert max(s.skew_ns for s in matched) <= half_ns + 1
    # Every frame of the slower stream finds its mate, but for those at the ends.
    assert len(matched) >= 4 * min(depth_fps, gray_fps) - 2


def test_while_depth_is_silent_the_next_stream_leads_until_it_is_back() -> None:
    depth = stream(DEPTH, 2) + [dataclasses.replace(f, number=f.number + 200) for f in stream(DEPTH, 2, first_s=5.0003)]
    frames = in_order(depth, stream(GRAY, 7), stream(THERMAL, 7))
    synchronizer = Synchronizer([GRAY, DEPTH, THERMAL])
    sets = run(synchronizer, frames)
    check_conservation(sets, frames, synchronizer)
    assert synchronizer.leader_changes == 2
    led_by_gray = [s for s in sets if leader(s) == "gray"]
    assert len(led_by_gray) == pytest.approx(60 * 3, abs=3)
    assert all(1.98 < s.device_ns / S <= 5.0 for s in led_by_gray), "at 5.0 nobody knew yet that depth is back"
    assert all(b.device_ns > a.device_ns for a, b in pairwise(sets))
    assert sum("thermal" in s.frames for s in led_by_gray) == pytest.approx(27, abs=2)


def test_a_leader_that_never_comes_holds_nobody_up() -> None:
    synchronizer = Synchronizer([DEPTH, GRAY, THERMAL], SynchronizeConfig(wait_ms=100))
    out: list[FrameSet] = []
    for f in in_order(stream(GRAY, 3), stream(THERMAL, 3)):
        newest = f.device_ns
        out += synchronizer.push(f)
        assert all(len(q.frames) < 64 for q in synchronizer._queues.values())
        if out and newest > S:
            assert newest - out[-1].device_ns < 150 * MS, "a frame waits for 100 ms at most"
    assert out[0].frames["gray"].number == 0
    assert len(out) > 150


def test_where_two_are_silent_the_third_leads() -> None:
    frames = in_order(stream(DEPTH, 1), stream(GRAY, 0.98), stream(THERMAL, 4))
    synchronizer = Synchronizer([DEPTH, GRAY, THERMAL])
    sets = run(synchronizer, frames)
    check_conservation(sets, frames, synchronizer)
    assert [leader(s) for s in sets[-20:]] == ["thermal"] * 20
    assert synchronizer.leader_changes == 1


def test_a_slow_leader_is_not_silent_between_its_frames() -> None:
    slow = dataclasses.replace(DEPTH, fps=2.0)
    frames = in_order(stream(slow, 8), stream(GRAY, 8))
    sets = run(Synchronizer([slow, GRAY]), frames)
    assert {leader(s) for s in sets} == {"depth"}
    assert len(sets) == 16


def test_nobody_waits_for_a_slow_camera_whose_next_frame_is_not_due() -> None:
    synchronizer = Synchronizer([DEPTH, THERMAL])
    held: list[float] = []
    for f in in_order(stream(DEPTH, 4), stream(THERMAL, 4)):
        held += [(f.device_ns - s.device_ns) / MS for s in synchronizer.push(f)]
    assert np.median(held) == 0.0
    assert max(held) < 50


def test_frames_of_a_closed_shutter_are_matched_like_others() -> None:
    thermal = [dataclasses.replace(f, flags=FrameFlag.SHUTTER | FrameFlag.STALE) for f in stream(THERMAL, 2)]
    sets = run(Synchronizer([DEPTH, THERMAL]), in_order(stream(DEPTH, 2), thermal))
    assert sum("thermal" in s.frames for s in sets) == len(thermal)


def test_times_that_make_no_sense_fill_no_memory() -> None:
    stuck = [frame(GRAY, i, 0) for i in range(3 * MOST_WAITING)]
    synchronizer = Synchronizer([DEPTH, GRAY])
    sets = run(synchronizer, stuck)
    assert max(len(q.frames) for q in synchronizer._queues.values()) == 0
    check_conservation(sets, stuck, synchronizer)
    peak = 0
    synchronizer = Synchronizer([DEPTH, GRAY])
    for f in stuck:
        synchronizer.push(f)
        peak = max(peak, *(len(q.frames) for q in synchronizer._queues.values()))
    assert peak <= MOST_WAITING


# -- several clocks ----------------------------------------------------------------------------------------------------


def own_clock(
    info: StreamInfo, seconds: float, *, first_s: float, ppm: float, late_ms: float, seed: int
) -> list[Frame]:
    """Frames on a clock that began anywhere and runs away, arriving late; taken at ``number / fps`` on ours."""
    rng = np.random.default_rng(seed)
    out: list[Frame] = []
    came = 0
    for i in range(int(seconds * info.fps)):
        t = i * S / info.fps
        came = max(came + 1, int(EPOCH + t + rng.exponential(late_ms) * MS))
        out.append(frame(info, i, int(first_s * S + t * (1 + ppm * 1e-6)), came))
    return out


def test_cameras_with_clocks_of_their_own_are_matched_on_ours() -> None:
    depth, gray, thermal = OWN
    frames = in_order(
        own_clock(depth, 60, first_s=3, ppm=150, late_ms=2, seed=1),
        own_clock(gray, 60, first_s=77_000, ppm=-150, late_ms=2, seed=2),
        own_clock(thermal, 60, first_s=0, ppm=80, late_ms=3, seed=3),
    )
    synchronizer = Synchronizer(OWN)
    sets = run(synchronizer, frames)
    check_conservation(sets, frames, synchronizer)
    assert synchronizer.is_mapped
    late = [s for s in sets if s.frames["depth"].number > 60]
    assert all(s.frames["gray"].number == 2 * s.frames["depth"].number for s in late[:-1])
    assert all(b.device_ns > a.device_ns for a, b in pairwise(sets))
    for one in late:
        assert one.device_ns == pytest.approx(EPOCH + one.frames["depth"].number * S / 30, abs=1.5 * MS)
    assert max(s.skew_ns for s in late[300:] if "thermal" not in s.frames) < MS
    assert max(s.skew_ns for s in late if "thermal" in s.frames) < 0.5 * S / 30 + MS
    assert synchronizer.clocks()["gray"].drift_ppm == pytest.approx(-150, abs=20)


def test_a_clock_that_leaps_is_matched_on_and_told() -> None:
    depth, gray, _ = OWN
    leaping = [
        dataclasses.replace(f, device_ns=f.device_ns + (5 * S if f.number >= 900 else 0))
        for f in own_clock(gray, 30, first_s=50, ppm=20, late_ms=2, seed=4)
    ]
    frames = in_order(own_clock(depth, 30, first_s=3, ppm=-20, late_ms=2, seed=5), leaping)
    synchronizer = Synchronizer([depth, gray])
    sets = run(synchronizer, frames)
    assert synchronizer.clock_jumps == 1
    late = [s for s in sets[:-1] if s.frames["depth"].number > 60]
    assert all(s.frames["gray"].number == 2 * s.frames["depth"].number for s in late)
    assert all(b.device_ns > a.device_ns for a, b in pairwise(sets))


def test_a_camera_that_was_opened_again_is_matched_on() -> None:
    """Its clock and its count begin at zero after four seconds; the others lose nothing."""
    depth, gray, _ = OWN
    before = own_clock(gray, 15, first_s=50, ppm=40, late_ms=2, seed=8)
    after = [
        dataclasses.replace(f, host_ns=f.host_ns + 19 * S)
        for f in own_clock(gray, 15, first_s=0, ppm=40, late_ms=2, seed=9)
    ]
    frames = in_order(own_clock(depth, 34, first_s=3, ppm=-20, late_ms=2, seed=10), before + after)
    synchronizer = Synchronizer([depth, gray])
    sets = run(synchronizer, frames)
    check_conservation(sets, frames, synchronizer)
    assert len(sets) == 34 * 30
    assert synchronizer.clock_jumps == 1
    assert synchronizer.clocks()["gray"].last_jump == "restart"
    back = [s for s in sets if s.frames["depth"].number >= 19 * 30 + 3]
    assert all(s.frames["gray"].number == 2 * (s.frames["depth"].number - 19 * 30) for s in back[:-1])


def test_streams_of_one_clock_are_compared_by_it_beside_another_camera() -> None:
    """What the mapping is unsure of does not part frames that one device took together."""
    depth = dataclasses.replace(DEPTH, clock="kinect")
    infrared = StreamInfo("infrared", StreamKind.INFRARED, 4, 3, "uint16", fps=30.0, clock="kinect")
    _, _, thermal = OWN
    taken = own_clock(depth, 20, first_s=9, ppm=100, late_ms=6, seed=6)
    beside = [frame(infrared, f.number, f.device_ns + 1234, f.host_ns + 5 * MS) for f in taken]
    frames = in_order(taken, beside, own_clock(thermal, 20, first_s=1, ppm=0, late_ms=4, seed=7))
    sets = run(Synchronizer([depth, infrared, thermal]), frames)
    assert all(s.skew_ns == 1234 for s in sets if set(s.frames) == {"depth", "infrared"})
    assert sum("infrared" in s.frames for s in sets) == len(taken)


def test_where_all_share_a_clock_nothing_is_mapped() -> None:
    shared = [dataclasses.replace(info, clock="one") for info in (DEPTH, GRAY)]
    synchronizer = Synchronizer(shared)
    sets = run(synchronizer, in_order(stream(shared[0], 1), stream(shared[1], 1)))
    assert not synchronizer.is_mapped
    assert synchronizer.clocks() == {}
    assert sets[3].device_ns == sets[3].frames["depth"].device_ns == 100 * MS


# -- whatever comes ----------------------------------------------------------------------------------------------------

gaps = st.lists(st.tuples(st.integers(0, 2_000), st.integers(1, 900)), max_size=2)


@dataclasses.dataclass(frozen=True)
class Part:
    """One stream of a rig: of any rate, with jitter, gaps, and a way of its own length."""

    place: int
    fps: float
    way_ms: int
    jitter_ms: int
    silent: list[tuple[int, int]]
    seed: int

    def info(self, own: bool) -> StreamInfo:
        return dataclasses.replace((OWN if own else [DEPTH, GRAY, THERMAL])[self.place], fps=self.fps)

    def frames(self, own: bool) -> list[Frame]:
        rng, info, out = np.random.default_rng(self.seed), self.info(own), []
        for i in range(int(self.fps * 2)):
            t = int(i * S / self.fps) + int(rng.integers(0, self.jitter_ms + 1)) * MS // 4
            late = (self.way_ms + int(rng.integers(0, self.jitter_ms + 1))) * MS
            if not any(begin * MS <= t < (begin + long) * MS for begin, long in self.silent):
                out.append(frame(info, i, t, EPOCH + t + late))
        return out


def parts(place: int) -> st.SearchStrategy[Part]:
    rates = st.sampled_from([9.0, 15.0, 30.0, 60.0, 120.0])
    return st.builds(Part, st.just(place), rates, st.integers(0, 120), st.integers(0, 12), gaps, st.integers(0, 99))


@given(st.tuples(parts(0), parts(1), parts(2)).flatmap(st.permutations), st.booleans())
@settings(max_examples=30, deadline=None)
def test_no_frame_is_lost_or_led_with_twice_and_a_replay_gives_the_same(rig: list[Part], own: bool) -> None:
    infos = [part.info(own) for part in rig]
    frames = in_order(*(part.frames(own) for part in rig))
    synchronizer = Synchronizer(infos)
    sets: list[FrameSet] = []
    for f in frames:
        sets += synchronizer.push(f)
        assert all(len(q.frames) <= 200 for q in synchronizer._queues.values())
    sets += synchronizer.flush()
    check_conservation(sets, frames, synchronizer)
    assert numbers(run(Synchronizer(infos), frames)) == numbers(sets)
    if synchronizer.is_mapped:
        return
    fps = {i.name: i.fps for i in infos}
    for one in sets:
        instant = one.device_ns
        first = leader(one, synchronizer.rank)
        assert instant == one.frames[first].device_ns
        for name, f in one.frames.items():
            apart = abs(f.device_ns - instant)
            assert apart <= 0.6 * S / max(fps[name], fps[first]) or name == first
            assert apart <= one.skew_ns


def test_a_pause_of_all_streams_tears_no_frame_set() -> None:
    first = [*stream(DEPTH, 2), *stream(GRAY, 2)]
    second = [dataclasses.replace(f, number=f.number + 500) for f in stream(DEPTH, 2, first_s=9.0003)]
    second += [dataclasses.replace(f, number=f.number + 500) for f in stream(GRAY, 2, first_s=9.0)]
    frames = in_order(first, second)
    synchronizer = Synchronizer([DEPTH, GRAY])
    sets = run(synchronizer, frames)
    after = [s for s in sets if s.device_ns > 5 * S]
    assert all(set(s.frames) == {"depth", "gray"} for s in after[:-1]), "none of them waits for the other in vain"
