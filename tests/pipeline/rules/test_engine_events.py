"""What an event carries, who acknowledged it, what the context changes, and other rules while it goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping

import pytest

from pipeline.rules.engine import REMEMBERED, RuleEngine, key_of
from pipeline.rules.load import RuleSet
from pipeline.rules.run import CHANGED, NOT_HERE, REMOVED, STOPPED
from pipeline.rules.trace import TRACE_S
from recordings.event import Clip, Event
from tests.pipeline.rules.tracks import (
    BEGIN_NS,
    CLOSED,
    RATES,
    SECOND,
    Said,
    closed_for,
    engine_of,
    face_of,
    kinds,
    observation_of,
    play,
    rule,
    rules_of,
    times,
)

# -- context ----------------------------------------------------------------------------------------------------------

TIERS = (
    'context = ["speed_kmh"]\n'
    + rule('signal = "off_road_s", above = 3.5', "clear_for_s = 0.0")
    + """
[[rule.tier]]
context = { speed_kmh = { below = 20 } }
off = true

[[rule.tier]]
context = { speed_kmh = { below = 50 } }
severity = "warning"
when = { signal = "off_road_s", above = 6.0 }
"""
)


@pytest.mark.parametrize(
    ("context", "limit_s"),
    [
        ({}, 3.5),
        ({"speed_kmh": float("nan")}, 3.5),
        ({"speed_kmh": 50.0}, 3.5),
        ({"speed_kmh": 49.9}, 6.0),
        ({"speed_kmh": 20.0}, 6.0),
        ({"speed_kmh": 19.9}, None),
        ({"speed_kmh": 130.0}, 3.5),
    ],
)
def test_the_context_chooses_the_tier_and_the_strictest_counts_where_it_is_unknown(
    context: Mapping[str, float], limit_s: float | None
) -> None:
    changes = play(engine_of(TIERS), lambda t: {"off_road_s": t}, 10, context=lambda _t: context)
    if limit_s is None:
        assert changes == []
    else:
        assert changes[0][0] == pytest.approx(limit_s, abs=0.05)


def test_a_context_that_changes_ends_or_softens_what_goes_on() -> None:
    def speed(t: float) -> Mapping[str, float]:
        return {"speed_kmh": 100.0 if t < 8 else 40.0 if t < 9 else 5.0}

    changes = play(engine_of(TIERS), lambda t: {"off_road_s": t}, 10, context=speed)
    assert kinds(changes) == ["begun it", "updated it", "ended it"]
    assert [change.event.severity for _, change in changes] == ["alarm", "warning", "warning"]
    assert changes[2][1].why == NOT_HERE


# -- evidence, acknowledging, other rules ------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", RATES)
def test_the_evidence_is_the_signals_before_and_bounded(fps: float) -> None:
    engine = engine_of(rule('signal = "perclos", above = 0.5', "for_s = 1.0"))
    changes = play(engine, lambda t: {"perclos": t / 100 if not 40 < t < 41 else None}, 60, fps)
    (evidence,) = changes[0][1].event.evidence
    assert (evidence.name, evidence.signal.value) == ("perclos", pytest.approx(0.51, abs=0.002))
    assert evidence.trace[0][0] == pytest.approx(-TRACE_S, abs=0.11)
    assert evidence.trace[-1][0] == 0.0 or evidence.trace[-1][0] >= -0.1
    assert len(evidence.trace) <= 101
    for ago, value in evidence.trace:
        at = changes[0][0] + ago
        if value is None:
            assert 40 < at < 41.01
        else:
            assert value == pytest.approx(at / 100, abs=0.002)


def test_an_event_with_its_evidence_survives_its_json() -> None:
    (_, change), *_ = play(engine_of(CLOSED), closed_for(5), 20)
    assert Event.from_json(json.loads(json.dumps(change.event.to_json()))) == change.event


def test_who_acknowledged_and_when_is_told_and_mutes_the_rule_for_that_face() -> None:
    engine = engine_of(CLOSED + "mute_s = 20.0\n")

    def track(t: float) -> Mapping[str, Said]:
        return {"eyes_closed": float(t % 10 < 5)}

    changes = play(engine, track, 4)
    engine.acknowledge(key_of(changes[0][1].event), "Ada")
    later = play(engine, track, 40, from_s=4.01)
    assert kinds(later)[:2] == ["updated it", "ended it"]
    updated, ended = later[0][1].event, later[1][1].event
    assert (updated.acknowledged_by, updated.acknowledged_ns) == ("Ada", BEGIN_NS + round(later[0][0] * SECOND))
    assert (ended.acknowledged_by, ended.begin_ns) == ("Ada", updated.begin_ns)
    assert kinds(later)[2] == "begun it"
    assert later[2][0] == pytest.approx(
        24.04, abs=0.1
    )  # muted until then, and the eyes have been closed for long enough


def test_the_mute_of_a_rule_stands_in_the_event_with_who_and_until_when() -> None:
    engine = engine_of(CLOSED + "mute_s = 20.0\n")
    changes = play(engine, closed_for(30), 6)
    engine.acknowledge(key_of(changes[0][1].event), "Ada", BEGIN_NS + 6 * SECOND)
    (told,) = engine.step(observation_of(BEGIN_NS + 6 * SECOND + 10**7, [face_of(1, {"eyes_closed": 1.0})]))
    assert (told.event.muted_by, told.event.muted_until_ns) == ("Ada", BEGIN_NS + 26 * SECOND)


@pytest.mark.parametrize("is_there", [True, False])
def test_a_late_acknowledge_says_a_mute_only_where_it_mutes_something(is_there: bool) -> None:
    """Of a face that is gone nothing is muted: one that comes has another number."""
    engine = engine_of(CLOSED + "mute_s = 20.0\n")
    changes = play(engine, closed_for(5), 20)
    faces = [face_of(1, {"eyes_closed": 0.0})] if is_there else []
    at = BEGIN_NS + 20 * SECOND + 10**7
    if not is_there:
        for number in range(40):  # it is forgotten
            engine.step(observation_of(at + number * SECOND // 10, []))
        at += 4 * SECOND
    engine.acknowledge(key_of(changes[-1][1].event), "Ada", at)
    (told,) = engine.step(observation_of(at, faces))
    assert told.event.acknowledged_by == "Ada"
    assert told.event.muted_until_ns == (at + 20 * SECOND if is_there else None)


def test_without_a_mute_nothing_is_said_of_one_and_without_a_wish_there_is_no_clip() -> None:
    engine = engine_of(CLOSED)
    (_, begun), (_, ended) = play(engine, closed_for(5), 20)
    assert (begun.event.clip, ended.event.muted_by, ended.event.muted_until_ns) == (None, "", None)


def test_a_rule_that_wants_a_clip_names_the_stretch_round_the_beginning() -> None:
    changes = play(engine_of(CLOSED + "clip_s = [5, 3]\n"), closed_for(5), 20)
    for _, change in changes:
        begin_ns = change.event.begin_ns
        assert change.event.clip == Clip(begin_ns - 5 * SECOND, begin_ns + 3 * SECOND)


def test_an_event_that_is_over_can_still_be_acknowledged_once() -> None:
    engine = engine_of(CLOSED)
    changes = play(engine, closed_for(5), 20)
    for _ in range(2):
        engine.acknowledge(key_of(changes[-1][1].event), "Ada", BEGIN_NS + 30 * SECOND)
    (told,) = engine.step(observation_of(BEGIN_NS + 20 * SECOND + 10**7))
    assert (told.kind, told.event.acknowledged_ns) == ("updated", BEGIN_NS + 30 * SECOND)
    assert told.event.end_ns == changes[-1][1].event.end_ns


def test_acknowledging_what_never_was_changes_nothing() -> None:
    engine = engine_of(CLOSED)
    engine.acknowledge(("nothing", 3, 4), "Ada")
    assert engine.step(observation_of(BEGIN_NS)) == []


def test_another_thread_may_acknowledge() -> None:
    engine = engine_of(CLOSED)
    changes = play(engine, lambda _t: {"eyes_closed": 1.0}, 5)
    thread = threading.Thread(target=engine.acknowledge, args=(key_of(changes[0][1].event), "Ada"), name="operator")
    thread.start()
    thread.join(20)
    (told,) = engine.step(observation_of(BEGIN_NS + 5 * SECOND + 10**7, [face_of(1, {"eyes_closed": 1.0})]))
    assert told.event.acknowledged_by == "Ada"


def test_rules_that_stay_the_same_go_on_while_others_change() -> None:
    first = (
        CLOSED
        + rule('signal = "yawn", at_least = 1', name="changed")
        + rule('signal = "yawn", at_least = 1', name="gone")
    )
    rules = RuleSet(rules_of(first))
    engine = RuleEngine(rules)

    def track(_t: float) -> Mapping[str, Said]:
        return {"eyes_closed": 1.0, "yawn": 1.0}

    play(engine, track, 5)
    assert {event.name for event in engine.running} == {"it", "changed", "gone"}
    rules.rules = rules_of(
        CLOSED
        + rule('signal = "yawn", at_least = 0.9', name="changed")
        + rule('signal = "yawn", above = 0', name="new")
    )
    changes = play(engine, track, 6, from_s=5.01)
    assert [(c.kind, c.event.name, c.why) for _, c in changes] == [
        ("ended", "changed", CHANGED),
        ("ended", "gone", REMOVED),
        ("begun", "changed", ""),
        ("begun", "new", ""),
    ]
    assert {event.name: event.begin_ns for event in engine.running}["it"] == BEGIN_NS + 3 * SECOND


def test_a_stopwatch_of_a_rule_that_stays_runs_on_over_a_reload() -> None:
    rules = RuleSet(rules_of(CLOSED))
    engine = RuleEngine(rules)
    play(engine, lambda _t: {"eyes_closed": 1.0}, 2)
    rules.rules = rules_of(CLOSED + rule('signal = "yawn", at_least = 1', name="other"))
    changes = play(engine, lambda _t: {"eyes_closed": 1.0}, 4, from_s=2.01)
    assert changes[0][0] == pytest.approx(3.0, abs=0.04)


def test_stopping_ends_what_goes_on() -> None:
    engine = engine_of(CLOSED + rule('signal = "faces", above = 0', 'per = "scene"', name="b"))
    play(engine, lambda _t: {"eyes_closed": 1.0}, 5)
    ended = engine.stop()
    assert {(c.kind, c.event.name, c.why) for c in ended} == {("ended", "it", STOPPED), ("ended", "b", STOPPED)}
    assert engine.running == ()
    assert engine.stop() == []


def test_the_same_observations_give_the_same_events() -> None:
    def once() -> list[str]:
        engine = engine_of(TIERS + CLOSED.replace('name = "it"', 'name = "closed"'))
        changes = play(engine, lambda t: {"eyes_closed": float(t % 7 < 4), "off_road_s": t % 5}, 60)
        return [json.dumps(change.event.to_json()) for _, change in changes]

    first = once()
    assert len(first) > 10
    assert first == once()


def test_a_night_of_passers_by_keeps_little_in_memory() -> None:
    engine = engine_of(CLOSED)
    for now in times(3600, 1):
        engine.step(observation_of(now, [face_of(now, {"eyes_closed": 1.0}, 100.0)]))
    assert len(engine._faces) <= 4
    assert len(engine._over) <= REMEMBERED
