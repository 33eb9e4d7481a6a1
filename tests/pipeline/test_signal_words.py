"""What is said in passing of what is measured: little, and what matters first."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.signal_words import PHRASES, Brief, briefs_of
from pipeline.signals.names import NAMES
from recordings.observation import SignalValue


def value(number: float, label: str = "", reason: str = "") -> SignalValue:
    return SignalValue(number, "", 0.9, reason, label)


GAZE = frozenset({"off_road_s"})


def words(asked: frozenset[str] = GAZE, **signals: SignalValue) -> list[str]:
    return [brief.words for brief in briefs_of(signals, asked=asked)]


def test_what_is_usual_is_not_said() -> None:
    usual = {
        "eye_openness": 0.9,
        "eyes_closed_s": 0.1,
        "yawn": 0.0,
        "face_covered": 0.1,
        "liveness": 0.97,
        "motion": 0.1,
    }
    assert words(**{name: value(number) for name, number in usual.items()}) == []


def test_what_matters_stands_first() -> None:
    told = briefs_of({"breathing_rate": value(14), "eyes_closed_s": value(1.23), "perclos": value(0.21)})
    assert told == [
        Brief("eyes closed for 1.2 s", True),
        Brief("PERCLOS 21 %", True),
        Brief("breathes 14 a minute", False),
    ]


def test_a_glance_away_tells_where_and_for_how_long() -> None:
    assert words(gaze_zone=value(0, "lap"), off_road_s=value(2.44)) == ["looks away for 2.4 s: lap"]
    assert words(gaze_zone=value(1, "road"), off_road_s=value(1.7)) == ["looks away for 1.7 s"]
    assert words(gaze_zone=value(1, "road"), off_road_s=value(0)) == ["looks at: road"]


def test_where_people_look_is_told_only_where_rules_ask_for_it() -> None:
    looks = {"gaze_zone": value(0, "lap"), "off_road_s": value(2.4)}
    assert words(asked=frozenset({"distance"}), **looks) == []
    assert briefs_of(looks) == []


def test_the_temperature_stands_in_the_readers_unit() -> None:
    told = briefs_of(
        {"canthus_temperature": value(35.0)}, in_unit=lambda c: (f"{0 if c is None else c * 1.8 + 32:.1f}", "°F")
    )
    assert told == [Brief("skin at the eyes 95.0 °F (corrected)")]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_known_is_never_said_as_a_number(name: str) -> None:
    assert words(**{name: value(0.9, "mask", "the face is turned too far")}) == []
    assert words(**{name: value(math.nan)}) == []


def test_closed_eyes_look_nowhere_and_what_was_measured_before_smoothing_is_for_tables() -> None:
    closed = {"eyes_closed_s": value(1.0), "gaze_zone": value(0, "lap"), "off_road_s": value(1.0)}
    assert words(**closed, head_yaw_raw=value(3.0)) == ["eyes closed for 1.0 s"]


def test_a_signal_of_other_software_is_told_as_it_is() -> None:
    assert words(pulse=SignalValue(71.0, "1/min", 0.8)) == ["pulse 71.0 1/min  80 %"]


@given(st.dictionaries(st.sampled_from(NAMES), st.floats(-100, 100)))
def test_every_sentence_can_be_translated(signals: dict[str, float]) -> None:
    said: list[str] = []

    def say(text: str, /, **values: object) -> str:
        said.append(text)
        return text.format(**values)

    briefs_of({name: value(number, "mask") for name, number in signals.items()}, say)
    assert set(said) <= set(PHRASES)
