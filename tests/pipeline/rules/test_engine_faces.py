"""Faces that vanish and swap numbers, clocks that leap, and the scene: never a false alarm."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.run import ANOTHER, LEAPT, LOST, NO_PICTURE
from recordings.event import Event
from tests.pipeline.rules.tracks import (
    BEGIN_NS,
    CLOSED,
    RATES,
    SECOND,
    engine_of,
    face_of,
    kinds,
    observation_of,
    play,
    rule,
    signal,
    times,
)

# -- faces that go, and swap ----------------------------------------------------------------------------------------


def test_a_face_that_vanishes_ends_its_events_after_a_while() -> None:
    changes = play(engine_of(CLOSED), lambda t: {"eyes_closed": 1.0} if t < 5 else None, 20)
    assert kinds(changes) == ["begun it", "ended it"]
    assert changes[1][1].why == LOST
    assert changes[1][0] == pytest.approx(7.0, abs=0.1)
    assert changes[1][1].event.end_ns == pytest.approx(BEGIN_NS + 5 * SECOND, abs=0.04 * SECOND)


def test_a_face_that_is_missed_for_a_moment_keeps_its_event_but_not_its_stopwatch() -> None:
    engine = engine_of(CLOSED)
    assert kinds(play(engine, lambda t: None if 5 < t < 6.5 else {"eyes_closed": 1.0}, 10)) == ["begun it"]
    missed = play(engine_of(CLOSED), lambda t: None if 2 < t < 2.8 else {"eyes_closed": 1.0}, 5.7)
    assert missed == []


def two_faces(swap_s: float, x: tuple[float, float]) -> list[tuple[float, str, Event]]:
    """Two people; the one at x[0] has closed eyes. At a time they swap numbers."""
    engine, out = engine_of(CLOSED), []
    for now in times(8, 30):
        t = (now - BEGIN_NS) / SECOND
        asleep, awake = {"eyes_closed": 1.0}, {"eyes_closed": 0.0}
        first, second = (1, 2) if t < swap_s else (2, 1)
        faces = sorted((face_of(first, asleep, x[0]), face_of(second, awake, x[1])), key=lambda f: f.id)
        out += [(t, c.kind, c.event) for c in engine.step(observation_of(now, faces))]
    return out


def test_faces_that_swap_numbers_carry_no_stopwatch_over() -> None:
    changes = two_faces(2.0, (100.0, 400.0))
    assert [(kind, event.face) for _, kind, event in changes] == [("begun", 2)]
    assert changes[0][0] >= 5.0  # 3 s after the swap, though the eyes have been closed for 5


def test_a_number_that_another_face_took_ends_its_event() -> None:
    changes = two_faces(5.0, (100.0, 400.0))
    assert [(kind, event.face) for _, kind, event in changes] == [("begun", 1), ("ended", 1), ("begun", 2)]
    assert ANOTHER in changes[1][2].note
    assert changes[1][0] == pytest.approx(5.0, abs=0.04)


def test_a_swap_to_a_sleeper_of_the_same_number_begins_anew() -> None:
    """Number 1 has closed eyes all the time, but it is two people after each other."""
    engine, begun = engine_of(CLOSED), []
    for now in times(8, 30):
        t = (now - BEGIN_NS) / SECOND
        face = face_of(1, {"eyes_closed": 1.0}, 100.0 if t < 2.0 else 500.0)
        begun += [t for c in engine.step(observation_of(now, [face])) if c.kind == "begun"]
    assert begun == [pytest.approx(5.0, abs=0.04)]


def test_who_walks_through_the_picture_stays_the_same() -> None:
    engine, begun = engine_of(CLOSED), []
    for now in times(8, 10):
        t = (now - BEGIN_NS) / SECOND
        face = face_of(1, {"eyes_closed": 1.0}, 100.0 + 300.0 * t)
        begun += [t for c in engine.step(observation_of(now, [face])) if c.kind == "begun"]
    assert begun == [pytest.approx(3.0, abs=0.1)]


# -- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leap_s", [-3600.0, -0.2, 0.7, 2.9, 3600.0])
@pytest.mark.parametrize("fps", RATES)
def test_a_leap_of_the_clock_begins_nothing(leap_s: float, fps: float) -> None:
    engine, begun = engine_of(CLOSED), []
    for now in times(6, fps):
        t = (now - BEGIN_NS) / SECOND
        leapt = now if t < 2 else now + round(leap_s * SECOND)
        face = face_of(1, {"eyes_closed": float(t > 0.5)})
        begun += [t for c in engine.step(observation_of(leapt, [face])) if c.kind == "begun"]
    assert begun == [pytest.approx(5.0, abs=0.3)]  # 3 s after the leap


def test_a_clock_that_stands_still_begins_nothing() -> None:
    engine = engine_of(CLOSED + rule('signal = "eyes_closed", at_least = 1', name="now"))
    for _ in range(1000):
        assert engine.step(observation_of(0, [face_of(1, {"eyes_closed": 1.0})])) == []


def test_a_clock_that_goes_back_ends_what_went_on() -> None:
    engine = engine_of(CLOSED)
    play(engine, lambda _t: {"eyes_closed": 1.0}, 5)
    (change,) = engine.step(observation_of(SECOND, [face_of(1, {"eyes_closed": 1.0})]))
    assert (change.kind, change.why) == ("ended", LEAPT)
    assert change.event.end_ns == BEGIN_NS + 5 * SECOND
    assert engine.running == ()


def test_a_short_silence_of_the_camera_ends_nothing_a_long_one_does() -> None:
    engine = engine_of(CLOSED)
    play(engine, lambda _t: {"eyes_closed": 1.0}, 5)
    face = face_of(1, {"eyes_closed": 1.0})
    assert engine.step(observation_of(BEGIN_NS + round(6.5 * SECOND), [face])) == []
    (change,) = engine.step(observation_of(BEGIN_NS + 12 * SECOND, [face]))
    assert (change.kind, change.why) == ("ended", NO_PICTURE)


stretches = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0, None]), st.integers(1, 60), st.sampled_from([0, 0, 0, -5, 1, 40])),
    min_size=1,
    max_size=12,
)


@given(stretches, st.sampled_from(RATES))
def test_no_event_begins_unless_it_held_for_three_seconds_without_a_leap(
    made: list[tuple[float | None, int, int]], fps: float
) -> None:
    """Whatever comes: an event that began had its condition true, or in doubt for a moment, for three seconds."""
    engine, now = engine_of(CLOSED), BEGIN_NS
    held: list[int] = []
    for value, count, leap_s in made:
        now += leap_s * SECOND
        if leap_s:
            held.clear()
        for _ in range(count):
            now += round(SECOND / fps)
            if value == 0.0:
                held.clear()
            elif value == 1.0:
                held.append(now)
            changes = engine.step(observation_of(now, [face_of(1, {"eyes_closed": value})]))
            for change in changes:
                if change.kind == "begun":
                    assert held
                    assert held[-1] == now
                    assert now - held[0] >= 3 * SECOND
                if change.kind == "ended":
                    assert change.event.end_ns is not None
                    assert change.event.end_ns >= change.event.begin_ns


# -- the scene ---------------------------------------------------------------------------------------------------------


def test_more_than_n_people_is_one_event_of_the_scene() -> None:
    engine = engine_of(rule('signal = "faces", above = 3', 'per = "scene"\nfor_s = 2.0'))
    changes = []
    for now in times(6, 30):
        faces = [face_of(n, {}, 150.0 * n) for n in range(4 if now > BEGIN_NS + SECOND else 3)]
        changes += engine.step(observation_of(now, faces))
    (change,) = changes
    assert (change.event.face, change.kind) == (None, "begun")
    assert change.event.evidence[0].signal.value == 4


def test_what_is_no_face_is_not_counted() -> None:
    engine = engine_of(rule('signal = "faces", above = 3', 'per = "scene"'))
    for now in times(3, 30):
        faces = [face_of(n, {}, 150.0 * n, {"face": "flat"} if n else None) for n in range(5)]
        assert engine.step(observation_of(now, faces)) == []


def test_no_face_is_an_event_only_while_somebody_looks() -> None:
    engine = engine_of(rule('signal = "faces", below = 1', 'per = "scene"\nfor_s = 3.0'))
    for now in times(10, 30):
        assert engine.step(observation_of(now, status="stale")) == []
    begun = [c for now in times(20, 30)[310:] for c in engine.step(observation_of(now))]
    assert [c.kind for c in begun] == ["begun"]
    assert begun[0].event.begin_ns >= BEGIN_NS + 13 * SECOND


def test_a_camera_that_shows_nothing_is_an_event() -> None:
    text = rule('signal = "picture", below = 0.5', 'per = "scene"\nfor_s = 3.0')
    engine = engine_of(text)
    changes = [c for now in times(5, 30) for c in engine.step(observation_of(now, status="no frame of gray"))]
    assert [c.kind for c in changes] == ["begun"]
    engine = engine_of(text)
    told = {"picture": signal(0.0)}
    changes = [c for now in times(5, 30) for c in engine.step(observation_of(now), scene=told)]
    assert [c.kind for c in changes] == ["begun"]
    engine = engine_of(text)  # nobody says whether the picture is covered
    assert [c for now in times(5, 30) for c in engine.step(observation_of(now))] == []


def test_a_face_itself_tells_its_distance_where_no_signal_does() -> None:
    engine = engine_of(
        rule('signal = "distance", below = 3') + rule('signal = "face_confidence", above = 0.5', name="b")
    )
    changes = []
    for now in times(2, 30):
        changes += engine.step(observation_of(now, [replace(face_of(1, {}), distance_m=2.0)]))
    assert sorted(c.event.name for c in changes) == ["b", "it"]
    engine = engine_of(rule('signal = "distance", below = 3'))
    for now in times(2, 30):
        doubted = replace(face_of(1, {}, invalid={"distance_m": "guessed"}), distance_m=2.0)
        assert engine.step(observation_of(now, [doubted])) == []
