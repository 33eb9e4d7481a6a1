"""Play, pause, step, seek, speed and loop, with a clock that the test moves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.errors import RecordingError
from recordings.reader import SessionReader
from recordings.replay import Replay
from tests.recordings.sessions import DEPTH, EPOCH, MS, THERMAL, frame_of, write_session

TIMES = [EPOCH + n * 100 * MS for n in range(10)]


class Clock:
    def __init__(self) -> None:
        self.now = 777

    def __call__(self) -> int:
        return self.now

    def go(self, seconds: float) -> None:
        self.now += round(seconds * 1e9)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def replay(clock: Clock) -> Replay:
    return Replay(TIMES, clock=clock)


def test_it_starts_paused_at_the_beginning(replay: Replay, clock: Clock) -> None:
    clock.go(5)
    assert (replay.position(), replay.is_playing, replay.count) == (0, False, 10)
    assert replay.duration_ns == 900 * MS
    assert replay.time_ns() == EPOCH
    assert replay.until_next_s() is None


def test_it_plays_in_real_time_and_stops_at_the_end(replay: Replay, clock: Clock) -> None:
    replay.play()
    positions = []
    for _ in range(12):
        positions.append(replay.position())
        clock.go(0.1)
    assert positions == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9]
    assert not replay.is_playing
    assert replay.is_at_end
    replay.play()  # from the beginning again
    assert (replay.position(), replay.is_playing) == (0, True)


def test_pausing_holds_and_playing_goes_on_from_there(replay: Replay, clock: Clock) -> None:
    replay.play()
    clock.go(0.35)
    replay.pause()
    clock.go(100)
    assert replay.position() == 3
    replay.toggle()
    clock.go(0.1)
    assert replay.position() == 4
    replay.toggle()
    assert not replay.is_playing


def test_stepping_pauses_and_stays_within(replay: Replay, clock: Clock) -> None:
    replay.play()
    clock.go(0.25)
    assert replay.step() == 3
    assert not replay.is_playing
    clock.go(1)
    assert replay.step(-2) == 1
    assert replay.step(-5) == 0
    assert replay.step(100) == 9
    assert replay.time_ns() == TIMES[9]
    assert replay.elapsed_ns() == 900 * MS


def test_seeking_by_position_and_time(replay: Replay, clock: Clock) -> None:
    assert replay.seek(4) == 4
    assert replay.seek(-3) == 0
    assert replay.seek(99) == 9
    assert replay.seek_time(TIMES[6]) == 6
    assert replay.seek_time(TIMES[6] - 1) == 5
    assert replay.seek_time(0) == 0
    assert replay.seek_elapsed(750 * MS) == 7
    assert not replay.is_playing
    replay.seek(2)
    replay.play()
    clock.go(0.1)
    replay.seek(6)
    assert replay.is_playing
    clock.go(0.1)
    assert replay.position() == 7


@pytest.mark.parametrize(("speed", "kept"), [(0.1, 0.1), (4.0, 4.0), (16.0, 16.0), (100.0, 16.0), (0.0, 0.1)])
def test_speed(clock: Clock, speed: float, kept: float) -> None:
    replay = Replay([n * 1000 * MS for n in range(100)], clock=clock)
    replay.set_speed(speed)
    assert replay.speed == kept
    replay.play()
    clock.go(5.05)
    assert replay.position() == min(int(5.05 * kept), 99)


def test_a_change_of_speed_does_not_jump(replay: Replay, clock: Clock) -> None:
    replay.play()
    clock.go(0.35)
    replay.set_speed(0.5)
    assert replay.position() == 3
    clock.go(0.1)
    assert replay.position() == 4
    with pytest.raises(ValueError, match="number"):
        replay.set_speed(float("nan"))


def test_a_loop_begins_again(clock: Clock) -> None:
    replay = Replay(TIMES, clock=clock, loop=True)
    replay.play()
    positions = []
    for _ in range(25):
        clock.go(0.1)
        positions.append(replay.position())
    assert positions == [n % 10 for n in range(1, 26)]
    assert replay.is_playing
    replay.set_loop(False)
    clock.go(10)
    assert replay.position() == 9
    assert not replay.is_playing


def test_it_tells_when_to_look_again(replay: Replay, clock: Clock) -> None:
    replay.set_speed(2)
    replay.play()
    clock.go(0.12)  # 240 ms of the session
    assert replay.until_next_s() == pytest.approx(0.03)
    clock.go(0.03)
    assert replay.position() == 3


def test_a_clock_that_jumps_back_still_reaches_every_position(clock: Clock) -> None:
    replay = Replay(np.array([0, 100, 50, 60, 200]) * MS, clock=clock)
    replay.play()
    clock.go(0.15)
    assert replay.position() == 3
    clock.go(0.06)
    assert replay.position() == 4


def test_one_instant_and_none() -> None:
    alone = Replay([5])
    alone.play()
    assert alone.position() == 0
    assert not alone.is_playing
    with pytest.raises(RecordingError, match="nothing to play"):
        Replay([])


def test_the_instants_of_a_session(tmp_path: Path) -> None:
    frames = [frame_of(DEPTH, n) for n in range(4)] + [frame_of(THERMAL, 0)]
    path = write_session(tmp_path / "a.mcap", [DEPTH, THERMAL], frames)
    with SessionReader(path) as session:
        assert Replay(session).count == 4
        assert Replay(session, stream="thermal").count == 1
        with pytest.raises(KeyError):
            Replay(session, stream="nothing")
    with SessionReader(write_session(tmp_path / "b.mcap", [DEPTH], [])) as session, pytest.raises(RecordingError):
        Replay(session)


@given(
    st.lists(st.integers(0, 10**10), min_size=1, max_size=50),
    st.lists(st.tuples(st.sampled_from("psk+-tle"), st.integers(-60, 60)), max_size=30),
)
def test_whatever_is_done_the_position_is_one_that_exists(gaps: list[int], actions: list[tuple[str, int]]) -> None:
    clock = Clock()
    replay = Replay(np.cumsum(gaps), clock=clock)
    for action, n in actions:
        clock.now += abs(n) * 10**8
        {
            "p": replay.play,
            "s": replay.pause,
            "k": lambda n=n: replay.seek(n),
            "+": lambda n=n: replay.step(n),
            "-": lambda n=n: replay.set_speed(abs(n) + 0.1),
            "t": lambda n=n: replay.seek_elapsed(n * 10**9),
            "l": lambda n=n: replay.set_loop(n > 0),
            "e": replay.toggle,
        }[action]()
        before = replay.position()
        assert 0 <= before < len(gaps)
        wait = replay.until_next_s()
        assert (wait is not None) == replay.is_playing
        assert wait is None or wait >= 0
