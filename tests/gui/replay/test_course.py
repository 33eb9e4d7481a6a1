"""Where a replay goes and when, on a clock of the test's own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.replay.course import LONGEST_GAP_S, SPEEDS, Course
from gui.replay.marks import Marks

S = 1_000_000_000
COUNT = 25
GAP_AFTER, GAP_S = 11, 30.0


def recording() -> Marks:
    """25 positions, 0.1 s apart, with a pause of 30 s."""
    device_ns = np.array([n * S // 10 + (round(GAP_S * S) if n > GAP_AFTER else 0) for n in range(COUNT)])
    members = np.arange(COUNT)[:, None]
    return Marks(device_ns, device_ns + 5, members, ["depth"], {"depth": np.arange(COUNT)})


MARKS = recording()


class Clock:
    """A player whose steps take no time, or as much as it is told."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.now = 100.0
        self.seen: list[tuple[int, float]] = []

    def arrive(self, step_s: float = 0.0) -> int | None:
        """The next position that is shown, however long that takes; None when nothing comes by itself."""
        while (wait := self.course.wait_s(self.now, MARKS)) != 0.0:
            if wait is None:
                return None
            assert wait > 0
            self.now += wait
        target = self.course.take()
        self.now += step_s
        self.course.arrived(target, self.now, MARKS)
        self.seen.append((target, self.now))
        return target


def opened(**how: object) -> Clock:
    clock = Clock(Course(**how))  # type: ignore[arg-type]  # by name
    assert clock.arrive() == 0
    return clock


@pytest.mark.parametrize("speed", SPEEDS)
def test_positions_come_in_recorded_time_and_long_pauses_are_shortened(speed: float) -> None:
    clock = opened(speed=speed)
    began = clock.now
    while clock.arrive() is not None:
        pass
    assert [p for p, _ in clock.seen] == list(range(COUNT))
    steps = np.diff([began, *(t for _, t in clock.seen[1:])])
    expected = [LONGEST_GAP_S if n == GAP_AFTER else 0.1 for n in range(COUNT - 1)]
    np.testing.assert_allclose(steps, np.array(expected) / speed, atol=1e-6)
    assert (clock.course.playing, clock.course.at_end) == (False, True)


def test_slow_steps_show_every_position_and_tell_the_speed_that_is_reached() -> None:
    clock = opened(speed=16.0)
    while clock.course.playing and clock.arrive(step_s=0.5) is not None:
        if clock.seen[-1][0] == 10:
            assert clock.course.reached_speed() == pytest.approx(0.2, rel=0.05)
    assert [p for p, _ in clock.seen] == list(range(COUNT))


def test_a_late_course_never_hurries_to_make_up() -> None:
    clock = opened()
    clock.arrive()
    clock.now += 5.0
    times = [clock.now]
    for _ in range(4):
        clock.arrive()
        times.append(clock.now)
    assert times[1] == times[0], "what is late comes at once"
    np.testing.assert_allclose(np.diff(times[1:]), 0.1, atol=1e-6)


def test_a_part_loops_and_what_lies_after_it_leads_back_into_it() -> None:
    clock = opened(loop=True, speed=math.inf)
    clock.course.part = (3, 6)
    assert [clock.arrive() for _ in range(12)] == [1, 2, 3, 4, 5, 6, 3, 4, 5, 6, 3, 4]
    clock.course.aim(22, COUNT)
    assert [clock.arrive() for _ in range(5)] == [22, 23, 24, 3, 4]
    clock.course.loop = False
    assert [clock.arrive() for _ in range(4)] == [5, 6, 7, 8], "a part that does not loop is played through"


def test_playing_at_the_end_begins_again() -> None:
    clock = opened()
    clock.course.aim(10**9, COUNT)
    clock.arrive()
    assert clock.arrive() is None
    clock.course.play()
    assert clock.arrive() == 0


class Model:
    """The next position, said in the plainest way."""

    def __init__(self) -> None:
        self.shown, self.target, self.playing, self.loop, self.at_end = 0, None, True, False, False
        self.part: tuple[int, int] | None = None

    def next(self) -> int | None:
        if self.target is None:
            if not self.playing:
                return None
            looped = self.part if self.loop and self.part and self.shown <= self.part[1] else (0, COUNT - 1)
            if self.shown < looped[1]:
                self.target = self.shown + 1
            elif self.loop:
                self.target = self.part[0] if self.part else 0
            else:
                self.playing, self.at_end = False, True
                return None
        self.shown, self.target = self.target, None
        self.at_end = self.shown == COUNT - 1 and not self.playing
        return self.shown


asked = st.lists(
    st.one_of(
        st.tuples(st.just("run"), st.integers(1, 40)),
        st.tuples(st.just("wait"), st.integers(0, 60)),
        st.tuples(st.sampled_from(["play", "pause"]), st.just(0)),
        st.tuples(st.just("step"), st.integers(-12, 12)),
        st.tuples(st.just("seek"), st.integers(-3, COUNT + 3)),
        st.tuples(st.just("speed"), st.sampled_from(SPEEDS)),
        st.tuples(st.just("loop"), st.booleans()),
        st.tuples(st.just("part"), st.none() | st.tuples(st.integers(0, 11), st.integers(12, COUNT - 1))),
    ),
    max_size=40,
)


@given(asked)
def test_whatever_is_asked_the_positions_are_those_that_should_come(commands: list[tuple[str, object]]) -> None:
    clock, model = opened(), Model()
    course = clock.course
    for what, value in commands:
        if what == "run":
            for _ in range(int(value)):  # type: ignore[call-overload]  # a number here
                assert clock.arrive() == model.next()
        elif what == "wait":
            clock.now += float(value)  # type: ignore[arg-type]  # a number here
        elif what == "play":
            if course.at_end and course.target is None:
                model.target = model.part[0] if model.loop and model.part else 0
            course.play()
            model.playing = True
        elif what == "pause":
            course.pause()
            model.playing = False
        elif what in ("step", "seek"):
            base = 0
            if what == "step":
                course.pause()
                model.playing = False
                base = course.shown if course.target is None else course.target
            course.aim(base + int(value), COUNT)  # type: ignore[call-overload]  # a number here
            model.target = min(max(base + int(value), 0), COUNT - 1)  # type: ignore[call-overload]  # drawn by hypothesis
        elif what == "speed":
            course.speed = value  # type: ignore[assignment]  # a speed here
            course.changed()
        elif what == "loop":
            course.loop = model.loop = bool(value)
            course.changed()
        else:
            course.part = model.part = value  # type: ignore[assignment]  # a part here
            course.changed()
        assert (course.playing, course.at_end) == (model.playing, model.at_end)


def test_a_command_counts_from_where_the_last_one_leads_even_while_that_picture_is_being_made() -> None:
    clock = opened(playing=False)
    course = clock.course
    course.aim(course.aimed + 4, COUNT)
    assert course.take() == 4
    assert course.aimed == 4, "not what is still on the screen"
    course.aim(course.aimed + 1, COUNT)
    assert course.aimed == 5
    course.arrived(4, clock.now, MARKS)
    assert course.aimed == 5
    assert course.take() == 5
    course.arrived(5, clock.now, MARKS)
    assert course.aimed == course.shown == 5


def test_while_it_plays_a_step_counts_from_what_is_seen() -> None:
    clock = opened(speed=math.inf)
    assert clock.course.wait_s(clock.now, MARKS) == 0.0
    assert clock.course.take() == 1
    assert clock.course.aimed == 0


def test_nothing_is_taken_where_nothing_is_asked_for() -> None:
    clock = opened(playing=False)
    with pytest.raises(LookupError):
        clock.course.take()
