"""What becomes an event, when it begins and when it ends, and what never does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from pipeline.rules.run import UNKNOWN
from recordings.observation import SignalValue
from tests.pipeline.rules.tracks import (
    BEGIN_NS,
    CLOSED,
    RATES,
    SECOND,
    Said,
    closed_for,
    engine_of,
    kinds,
    play,
    rule,
)

# -- timers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize(("for_s", "short_s", "long_s"), [(3.0, 2.9, 3.15), (10.0, 9.9, 10.15)])
def test_timers_are_exact_at_their_borders(fps: float, for_s: float, short_s: float, long_s: float) -> None:
    text = CLOSED.replace("for_s = 3.0", f"for_s = {for_s}", 1)
    assert play(engine_of(text), closed_for(short_s), 20, fps) == []
    changes = play(engine_of(text), closed_for(long_s), 20, fps)
    assert kinds(changes) == ["begun it", "ended it"]
    begun_s = changes[0][0]
    assert 0 <= begun_s - (2.0 + for_s) <= 1 / fps + 1e-6


@pytest.mark.parametrize("fps", RATES)
def test_an_event_begins_when_the_condition_has_held_and_ends_when_it_first_did_not(fps: float) -> None:
    changes = play(engine_of(CLOSED), closed_for(5.0), 20, fps)
    begun, ended = (change.event for _, change in changes)
    assert begun.end_ns is None
    assert begun.begin_ns == BEGIN_NS + round(changes[0][0] * SECOND)
    assert ended.begin_ns == begun.begin_ns
    assert ended.end_ns is not None
    assert (ended.end_ns - BEGIN_NS) / SECOND == pytest.approx(7.0, abs=1.01 / fps)
    assert changes[1][0] == pytest.approx(7.5, abs=1.01 / fps)
    assert (ended.name, ended.face, ended.severity, ended.note) == ("it", 1, "alarm", "It happens")


@pytest.mark.parametrize("fps", RATES)
def test_what_needs_no_time_begins_within_300_ms(fps: float) -> None:
    engine = engine_of(rule('signal = "eyes_closed_s", at_least = 1'))
    changes = play(engine, lambda t: {"eyes_closed_s": 5.0 if t >= 4.0 else 0.0}, 5, fps)
    assert kinds(changes) == ["begun it"]
    assert 4.0 <= changes[0][0] <= 4.0 + 1 / fps + 1e-6
    at_once = play(engine_of(rule('signal = "eyes_closed_s", at_least = 1')), lambda _t: {"eyes_closed_s": 5.0}, 2, fps)
    assert kinds(at_once) == ["begun it"]
    assert at_once[0][0] <= 0.3


def test_one_picture_of_somebody_begins_nothing() -> None:
    engine = engine_of(rule('signal = "presence_s", at_least = 0'))
    assert play(engine, lambda t: {"presence_s": t} if t == 0 else None, 10, 30) == []


@pytest.mark.parametrize("fps", RATES)
def test_an_interruption_sets_the_time_back_unless_the_rule_bridges_it(fps: float) -> None:
    def with_break(seconds: float) -> Callable[[float], Mapping[str, Said]]:
        return lambda t: {"eyes_closed": float(2.0 <= t < 4.0 or 4.0 + seconds <= t < 6.5)}

    bridging = CLOSED + "reset_s = 1.0\n"
    assert play(engine_of(CLOSED), with_break(0.3), 10, fps) == []
    assert kinds(play(engine_of(bridging), with_break(0.9), 10, fps)) == ["begun it", "ended it"]
    assert play(engine_of(bridging), with_break(1.25), 10, fps) == []


def test_an_event_ends_at_its_looser_limit_only() -> None:
    text = rule('signal = "perclos", above = 0.15, clear_below = 0.10', "clear_for_s = 1.0")

    def track(t: float) -> Mapping[str, Said]:
        return {"perclos": 0.05 if t < 2 else 0.2 if t < 4 else 0.12 if t < 8 else 0.05 if t < 12 else 0.12}

    changes = play(engine_of(text), track, 20)
    assert kinds(changes) == ["begun it", "ended it"]
    assert changes[1][1].event.end_ns == pytest.approx(BEGIN_NS + 8 * SECOND, abs=0.04 * SECOND)


def test_the_looser_limit_works_upside_down() -> None:
    text = rule('signal = "distance", below = 3, clear_above = 3.5', "clear_for_s = 0.0")
    changes = play(engine_of(text), lambda t: {"distance": 4.0 if t < 1 else 2.9 if t < 2 else 3.0 + (t - 2) / 4}, 6)
    assert kinds(changes) == ["begun it", "ended it"]
    assert changes[1][0] == pytest.approx(4.0, abs=0.07)


# -- what is not known ----------------------------------------------------------------------------------------------


def test_a_signal_that_is_not_sure_begins_nothing() -> None:
    unsure = SignalValue(1.0, "", 0.2)
    assert play(engine_of(CLOSED), lambda _t: {"eyes_closed": unsure}, 10) == []
    text = CLOSED.replace("at_least = 1", "at_least = 1, min_confidence = 0.1")
    assert kinds(play(engine_of(text), lambda _t: {"eyes_closed": unsure}, 10)) == ["begun it"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_no_number_is_not_known(value: float) -> None:
    assert play(engine_of(CLOSED), lambda _t: {"eyes_closed": value}, 10) == []


def test_a_signal_that_nobody_computes_begins_nothing() -> None:
    assert play(engine_of(CLOSED), lambda _t: {}, 10) == []


@pytest.mark.parametrize("fps", RATES)
def test_under_70_percent_of_valid_time_nothing_begins(fps: float) -> None:
    def known_for(share: float) -> Callable[[float], Mapping[str, Said]]:
        return lambda t: {"eyes_closed": None if t % 0.5 + 1e-6 > 0.5 * share else 1.0}

    long_for = CLOSED.replace("for_s = 3.0", "for_s = 1.0", 1)
    assert play(engine_of(long_for), known_for(0.6), 30, fps) == []
    assert kinds(play(engine_of(long_for), known_for(0.8), 30, fps)) == ["begun it"]


@pytest.mark.parametrize("fps", RATES)
def test_what_comes_up_out_of_mostly_unknown_time_must_wait(fps: float) -> None:
    """Without a time of its own, too: the two seconds before must be known."""
    engine = engine_of(rule('signal = "off_road_s", above = 3'))
    changes = play(engine, lambda t: {"off_road_s": None if t < 10 else 5.0}, 20, fps)
    assert kinds(changes) == ["begun it"]
    assert changes[0][0] == pytest.approx(11.4, abs=0.15)


def test_an_event_of_which_nothing_is_known_any_more_ends_where_it_was_last_known() -> None:
    changes = play(engine_of(CLOSED), lambda t: {"eyes_closed": 1.0 if t < 5 else None}, 20)
    assert kinds(changes) == ["begun it", "ended it"]
    ended = changes[1][1]
    assert ended.why == UNKNOWN
    assert ended.event.note == f"It happens ({UNKNOWN})"
    assert ended.event.end_ns == pytest.approx(BEGIN_NS + 5 * SECOND, abs=0.04 * SECOND)
    assert changes[1][0] == pytest.approx(7.0, abs=0.1)


def test_a_short_doubt_ends_nothing() -> None:
    changes = play(engine_of(CLOSED), lambda t: {"eyes_closed": None if 5 < t < 6.5 else 1.0}, 20)
    assert kinds(changes) == ["begun it"]


# -- all, any, words ------------------------------------------------------------------------------------------------

BOTH = """[[rule]]
name = "it"
text = "t"
severity = "notice"
{key} = [
  {{ signal = "distance", below = 4 }},
  {{ signal = "face_covered", at_least = 0.6, label = "mask" }},
]
"""
NEAR, FAR = 3.0, 9.0
MASK, HAND, BARE = (0.9, "mask"), (0.9, "hand"), (0.1, "mask")


@pytest.mark.parametrize(
    ("key", "distance", "covered", "begins"),
    [
        ("all", NEAR, MASK, True),
        ("all", NEAR, HAND, False),
        ("all", NEAR, BARE, False),
        ("all", FAR, MASK, False),
        ("all", NEAR, None, False),
        ("any", NEAR, None, True),
        ("any", None, MASK, True),
        ("any", FAR, None, False),
        ("any", FAR, HAND, False),
    ],
)
def test_all_and_any(key: str, distance: Said, covered: Said, begins: bool) -> None:
    changes = play(engine_of(BOTH.format(key=key)), lambda _t: {"distance": distance, "face_covered": covered}, 3)
    assert bool(changes) == begins


def test_a_word_that_is_not_meant() -> None:
    text = rule('signal = "gaze_zone", not_label = ["road", "mirror"]', "for_s = 1.0")
    assert kinds(play(engine_of(text), lambda _t: {"gaze_zone": (0.0, "lap")}, 3)) == ["begun it"]
    assert play(engine_of(text), lambda _t: {"gaze_zone": (1.0, "road")}, 3) == []
