"""The ready sets: silent with an attentive driver and an empty street, awake when there is something to tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from pipeline.rules.engine import RuleEngine
from pipeline.rules.load import RuleSet
from pipeline.rules.run import Change
from tests.pipeline.rules.driver import Driver
from tests.pipeline.rules.tracks import BEGIN_NS, SECOND, Said, face_of, kinds, observation_of, play, signal, times


def engine(name: str = "in-car") -> RuleEngine:
    return RuleEngine(RuleSet.load(name, zones=("road",)))


def drive(driver: Driver, until_s: float, context: Mapping[str, float]) -> list[Change]:
    """What began beside notices."""
    rules = engine()
    return [
        change
        for observation in driver.observations(until_s)
        for change in rules.step(observation, context)
        if change.kind == "begun" and change.event.severity != "notice"
    ]


@pytest.mark.parametrize("fps", [10.0, 30.0])
def test_five_minutes_with_an_attentive_driver_are_silent(fps: float) -> None:
    assert drive(Driver(7, fps), 300, {"speed_kmh": 100.0}) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2])
def test_in_ten_hours_with_an_attentive_driver_there_is_at_most_one_false_alarm(seed: int) -> None:
    begun = drive(Driver(seed, 30.0), 36_000, {})
    assert len(begun) <= 1, [(c.event.name, (c.event.begin_ns - BEGIN_NS) / SECOND) for c in begun]


SPELLS = {"long blink": [(60.0, 64.0)], "glance": [(135.0, 138.7), (150.0, 153.2)], "dropout": [(240.0, 252.0)]}


NO_TROUBLE = ("sun", "dropout", "glare", "wrong reading", "wrong gaze")
"""What keeps a camera from reading right would change when these spells are told, not whether."""


def test_in_the_same_drive_what_should_be_told_is_told() -> None:
    begun = drive(Driver(7, 30.0, SPELLS, NO_TROUBLE), 300, {"speed_kmh": 100.0})
    found = [(c.event.name, (c.event.begin_ns - BEGIN_NS) / SECOND) for c in begun]
    assert [name for name, _ in found] == [
        "microsleep",
        "asleep",
        "long-glance",
        "distracted",
        "long-glance",
        "no-face",
    ]
    expected = [61.0, 63.0, 138.0, 138.5, 153.0, 250.0]
    for (_, at), wanted in zip(found, expected, strict=True):
        assert wanted - 0.4 <= at <= wanted + 0.3  # a mirror may come right before a glance


def begun_by(
    track: Callable[[float], Mapping[str, Said] | None],
    until_s: float,
    context: Mapping[str, float],
    name: str = "in-car",
) -> list[str]:
    changes = play(engine(name), track, until_s, context=lambda _t: context)
    return [words.removeprefix("begun ") for words in kinds(changes) if words.startswith("begun")]


@pytest.mark.parametrize(("glance_s", "begins"), [(2.9, False), (3.1, True)])
def test_a_long_glance_is_one_of_three_seconds(glance_s: float, begins: bool) -> None:
    told = begun_by(lambda t: {"off_road_s": max(0.0, min(t, 5 + glance_s) - 5) if t < 5 + glance_s else 0.0}, 12, {})
    assert ("long-glance" in told) == begins


@pytest.mark.parametrize(("most_s", "begins"), [(9.9, False), (10.1, True)])
def test_repeated_glances_are_ten_seconds_of_thirty(most_s: float, begins: bool) -> None:
    assert ("repeated-glances" in begun_by(lambda t: {"off_road_sum_s": min(t, most_s)}, 15, {})) == begins


@pytest.mark.parametrize(
    ("context", "limit_s"),
    [
        ({}, 3.5),
        ({"speed_kmh": 130.0}, 3.5),
        ({"speed_kmh": 50.0}, 3.5),
        ({"speed_kmh": 49.0}, 6.0),
        ({"speed_kmh": 20.0}, 6.0),
        ({"speed_kmh": 19.0}, None),
        ({"speed_kmh": 130.0, "poor_conditions": 1.0}, 5.0),
        ({"speed_kmh": 30.0, "poor_conditions": 1.0}, 7.5),
        ({"poor_conditions": 1.0}, 5.0),
        ({"speed_kmh": 10.0, "poor_conditions": 1.0}, None),
    ],
)
def test_distraction_is_told_by_speed(context: Mapping[str, float], limit_s: float | None) -> None:
    changes = play(engine(), lambda t: {"off_road_s": t}, 12, context=lambda _t: context)
    told = [at for at, change in changes if change.event.name == "distracted" and change.kind == "begun"]
    assert told == ([] if limit_s is None else [pytest.approx(limit_s, abs=0.05)])


def test_who_sleeps_in_a_parked_car_is_left_alone() -> None:
    asleep = lambda t: {"eyes_closed_s": t, "perclos": 0.9}  # noqa: E731 - a track in one line reads best here
    assert begun_by(asleep, 20, {"speed_kmh": 0.0}) == []
    assert begun_by(asleep, 20, {}) == ["microsleep", "asleep", "drowsy", "very-drowsy", "unresponsive"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"perclos": 0.17}, "drowsy"),
        ({"perclos": 0.25}, "very-drowsy"),
        ({"long_blink_rate": 5.0}, "long-blinks"),
        ({"yawn_rate": 18.0}, "yawning"),
        ({"attention_s": 0.0}, "no-attention-left"),
        ({"face_covered": (0.9, "hand")}, "face-hidden"),
    ],
)
def test_each_rule_of_the_car_begins(said: Mapping[str, Said], name: str) -> None:
    assert name in begun_by(lambda _t: said, 8, {"speed_kmh": 80.0})


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"presence_s": 1.0}, "person-appears"),
        ({"presence_s": 61.0}, "loiters"),
        ({"distance": 2.5}, "comes-close"),
        ({"distance": 5.0, "approach": 2.0}, "comes-fast"),
        ({"face_covered": (0.8, "mask")}, "masked"),
        ({"face_covered": (0.8, "mask"), "distance": 3.5}, "masked-and-close"),
        ({"liveness": 0.1}, "heat-pattern"),
        ({"canthus_temperature": 45.0}, "heat-pattern"),
    ],
)
def test_each_rule_of_the_watch_begins(said: Mapping[str, Said], name: str) -> None:
    assert name in begun_by(lambda _t: said, 6, {}, "night-watch")


def test_many_people_and_a_covered_camera_are_told_at_night() -> None:
    rules, told = engine("night-watch"), []
    for now in times(6, 30):
        faces = [face_of(n, {}, 150.0 * n) for n in range(5)]
        told += rules.step(observation_of(now, faces), scene={"picture": signal(0.0)})
    assert sorted(change.event.name for change in told) == ["camera-covered", "many-people"]


def test_an_empty_street_is_silent() -> None:
    rules = engine("night-watch")
    for now in times(120, 10):
        assert rules.step(observation_of(now), scene={"picture": signal(1.0)}) == []
