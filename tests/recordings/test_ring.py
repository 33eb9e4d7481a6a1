"""The ring holds what it says it holds, for as long as it says, and never more bytes than allowed."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.ring import OVERHEAD_BYTES, FrameRing, RingFollower
from recordings.stored import StoredFrame
from tests.recordings.sessions import DEPTH, EPOCH, MS, THERMAL
from tests.recordings.stored_frames import mixed_frames, stored_of

ALL = 1 << 62


def ids(frames: list[StoredFrame]) -> list[tuple[str, int]]:
    return [(f.info.name, f.host_ns) for f in frames]


@given(mixed_frames(), st.floats(0.01, 3.0), st.integers(0, 1500))
@settings(max_examples=60)
def test_it_holds_all_of_the_last_seconds(frames: list[StoredFrame], seconds: float, back_ms: int) -> None:
    ring = FrameRing(seconds, 1 << 30)
    for frame in frames:
        assert ring.push(frame)
    newest = max(f.host_ns for f in frames)
    reach = ring.status().reaches_back_ns
    assert reach is not None
    assert reach <= max(newest - round(seconds * 1e9), min(f.host_ns for f in frames[:1]))
    since = max(reach, newest - back_ms * MS)
    expected = sorted((f for f in frames if f.host_ns >= since), key=lambda f: f.host_ns)
    assert ids(ring.since(since)) == ids(expected)
    assert ring.status().cut_short == 0


@given(mixed_frames(), st.integers(1, 6000))
@settings(max_examples=60)
def test_it_keeps_to_its_bytes_and_says_how_far_it_still_reaches(frames: list[StoredFrame], max_bytes: int) -> None:
    ring = FrameRing(1e6, max_bytes)
    for n, frame in enumerate(frames, 1):
        ring.push(frame)
        status = ring.status()
        held = ring.since(0)
        assert status.bytes == sum(len(f.data) + OVERHEAD_BYTES for f in held) <= max_bytes
        assert status.frames == len(held)
        assert status.cut_short == n - len(held)
        assert status.bound == ("bytes" if status.cut_short else "begin")
        reach = status.reaches_back_ns
        assert reach is not None
        # true: everything from there on is held; and tight: what lies just before it is not
        assert {f.host_ns for f in frames[:n] if f.host_ns >= reach} <= {f.host_ns for f in held}
        if status.cut_short:
            assert reach - 1 in {f.host_ns for f in frames[:n]} - {f.host_ns for f in held} | {frames[0].host_ns - 1}


def test_what_is_older_goes_by_age() -> None:
    ring = FrameRing(1.0, 1 << 30)
    for n in range(100):
        ring.push(stored_of(DEPTH, n, EPOCH + n * 100 * MS))
    assert [f.number for f in ring.since(0)] == list(range(89, 100))
    status = ring.status()
    assert (status.bound, status.cut_short) == ("age", 0)
    assert status.reaches_back_ns == EPOCH + 88 * 100 * MS + 1


def test_a_host_time_that_does_not_rise_is_refused_and_counted() -> None:
    ring = FrameRing(1.0, 1 << 20)
    assert ring.push(stored_of(DEPTH, 0, EPOCH))
    assert not ring.push(stored_of(DEPTH, 1, EPOCH))
    assert not ring.push(stored_of(DEPTH, 2, EPOCH - 1))
    assert ring.push(stored_of(THERMAL, 0, EPOCH - 1))
    assert ring.status().refused == 2
    assert ids(ring.since(0)) == [("thermal", EPOCH - 1), ("depth", EPOCH)]


def test_a_frame_larger_than_the_ring_is_not_held() -> None:
    ring = FrameRing(1.0, 1000)
    ring.push(stored_of(DEPTH, 0, EPOCH, size=2000))
    status = ring.status()
    assert (status.frames, status.bytes, status.cut_short) == (0, 0, 1)
    assert status.reaches_back_ns == EPOCH + 1


def test_an_empty_ring() -> None:
    ring = FrameRing(1.0, 1000)
    assert ring.since(0) == []
    assert ring.newest_ns is None
    assert ring.status().reaches_back_ns is None
    assert ring.bytes_per_second() == 0
    with pytest.raises(ValueError, match="some seconds"):
        FrameRing(0, 1000)


def test_the_rate_is_that_of_the_images() -> None:
    ring = FrameRing(5.0, 1 << 30)
    for n in range(301):
        ring.push(stored_of(DEPTH, n, EPOCH + n * 20 * MS, size=1000))
    assert ring.bytes_per_second() == pytest.approx(50_000, rel=0.01)


@given(mixed_frames(), st.integers(0, 40), st.integers(1, 5), st.integers(1, 500))
@settings(max_examples=60)
def test_a_follower_gets_every_frame_once(frames: list[StoredFrame], start: int, every: int, batch: int) -> None:
    ring = FrameRing(0.2, 1 << 30)
    begin = frames[min(start, len(frames) - 1)].host_ns
    follower: RingFollower | None = None
    reach = None
    got: list[StoredFrame] = []
    for n, frame in enumerate(frames):
        ring.push(frame)
        if n == start or (follower is None and n == len(frames) - 1):
            reach = ring.status().reaches_back_ns
            follower = ring.follow(begin)
            assert follower.reaches_back_ns == reach
        if follower is not None and n % every == 0:
            got += follower.take(ALL, batch)
    assert follower is not None
    assert reach is not None
    got += follower.take_rest(ALL)
    expected = [f for f in frames if f.host_ns >= begin]
    if reach <= begin:
        assert ids(got) == ids(expected)
    assert len(set(ids(got))) == len(got)
    assert follower.lost(ALL) == []


def test_what_a_follower_needs_outlives_its_time_but_not_the_bytes() -> None:
    ring = FrameRing(0.1, 20 * (100 + OVERHEAD_BYTES))
    follower = ring.follow(EPOCH)
    for n in range(15):
        ring.push(stored_of(DEPTH, n, EPOCH + n * 100 * MS))
    assert ring.status().frames == 15
    for n in range(15, 30):
        ring.push(stored_of(DEPTH, n, EPOCH + n * 100 * MS))
    assert ring.status().frames == 20
    assert ring.status().behind == 20
    assert ring.status().cut_short == 10
    assert [f.number for f in follower.take(ALL, 1 << 30)] == list(range(10, 30))
    lost = follower.lost(EPOCH + 4 * 100 * MS)
    assert [(f.stream, f.host_ns) for f in lost] == [("depth", EPOCH + n * 100 * MS) for n in range(5)]
    assert ring.status().behind == 0
    assert len(follower.lost(ALL)) == 5  # each told once
    follower.close()
    follower.close()
    ring.push(stored_of(DEPTH, 30, EPOCH + 3000 * MS))
    assert ring.status().frames == 2


def test_a_follower_waits_at_the_first_frame_that_is_too_late() -> None:
    ring = FrameRing(10, 1 << 30)
    follower = ring.follow(EPOCH + 100 * MS)
    for at in (0, 100, 300, 500):
        ring.push(stored_of(DEPTH, at, EPOCH + at * MS))
    ring.push(stored_of(THERMAL, 0, EPOCH + 250 * MS))
    assert [f.host_ns - EPOCH for f in follower.take(EPOCH + 299 * MS, 1 << 30)] == [100 * MS]
    assert follower.take(EPOCH + 299 * MS, 1 << 30) == []
    assert [f.host_ns - EPOCH for f in follower.take(EPOCH + 300 * MS, 1 << 30)] == [300 * MS]
    assert [f.info.name for f in follower.take_rest(EPOCH + 499 * MS)] == ["thermal"]


def test_snapshots_while_frames_come() -> None:
    ring = FrameRing(1.0, 1 << 30)
    done = threading.Event()

    def push() -> None:
        for n in range(20_000):
            ring.push(stored_of(DEPTH, n, EPOCH + n * MS))
        done.set()

    pusher = threading.Thread(target=push)
    pusher.start()
    while not done.is_set():
        numbers = [f.number for f in ring.since(0)]
        assert all(b == a + 1 for a, b in pairwise(numbers))
        assert len(numbers) <= 1001
    pusher.join()
    assert [f.number for f in ring.since(0)] == list(range(18_999, 20_000))
