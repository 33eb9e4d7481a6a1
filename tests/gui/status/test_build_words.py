"""How long a build takes, as it is said: measured here, or unknown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.build import BuildProgress
from engines.build_times import BuildTime
from gui.status.build_words import before_words, build_words, left_of, time_words
from tests.gui.status.engine_states import building, state

LAST = BuildTime(60.0, 40.0, 90.0, 3, True)
OTHERS = BuildTime(60.0, 40.0, 90.0, 3, False)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (None, "how long that takes is unknown, none of its kind was built on this machine"),
        (LAST, "the last one took 1 min 0 s here"),
        (replace(OTHERS, builds=1), "that of another model took 1 min 0 s here"),
        (OTHERS, "those of other models took 40 s to 1 min 30 s here"),
        (BuildTime(40.1, 40.0, 40.2, 2, False), "those of other models took 40 s here"),
    ],
)
def test_what_was_measured_is_told_as_what_it_is(time: BuildTime | None, words: str) -> None:
    assert time_words(time) == words


def test_a_choice_that_may_need_a_build_says_what_that_takes() -> None:
    told = state(build_times={"int8": LAST})
    assert before_words(told, "openvino:int8") == "Where it must be built first: the last one took 1 min 0 s here."
    assert "unknown" in before_words(told, "tensorrt:fp16")
    assert before_words(told, "openvino") == "", "nothing is ever built for it"
    assert before_words(told, "abacus") == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (10.0, "about 50 s left (the last one took 1 min 0 s here)"),
        (58.0, "a few seconds left (the last one took 1 min 0 s here)"),
        (75.0, "longer than the last one, which took 1 min 0 s"),
        (100.0, "longer than any before it, at most 1 min 30 s"),
    ],
)
def test_what_is_left_comes_from_the_last_build_and_never_falls_below_nothing(seconds: float, words: str) -> None:
    assert left_of(BuildProgress("building", 0.5, "calibrating", seconds, usual=LAST)) == words


def test_without_a_build_of_the_same_model_nothing_is_said_to_be_left() -> None:
    for usual in (None, OTHERS):
        build = BuildProgress("building", 0.99, "calibrating", 5.0, usual=usual)
        assert "left" not in build_words(build)
        assert time_words(usual) in build_words(build)


def test_while_it_waits_for_another_process_nothing_is_said_to_be_left() -> None:
    assert "left" not in left_of(BuildProgress("waiting", 0.0, "waiting", 50.0, usual=LAST))


def test_one_line_says_what_how_far_and_since_when() -> None:
    build = building(0.42, LAST).build
    assert build is not None
    words = build_words(build)
    assert words.startswith("measuring in float32   ·   42\u00a0%   ·   12\u00a0s   ·   about")


@given(
    st.floats(0, 1e6),
    st.floats(0, 1),
    st.none() | st.builds(BuildTime, *[st.floats(0.01, 1e6)] * 3, st.integers(1, 9), st.booleans()),
)
def test_no_number_is_ever_negative(seconds: float, fraction: float, usual: BuildTime | None) -> None:
    words = build_words(BuildProgress("building", fraction, "x", seconds, usual=usual))
    assert not re.search(r"-\d|nan|inf", words)
