"""What the overlay says in words."""

from __future__ import annotations

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.overlay import SWITCHES, OverlayOptions, Text, draw_plan
from pipeline.overlay_words import PHRASES, degrees, eye_state, eyes_text, metres, percent, signal_text
from recordings.observation import EyeOpenness, SignalValue
from tests.pipeline.pictures import face, frame_set, observation


@pytest.mark.parametrize(
    ("right", "left", "said"),
    [
        (0.9, 0.94, "eyes open 92 %"),
        (0.1, 0.0, "eyes CLOSED 5 %"),
        (0.9, 0.1, "right open 90 %, left CLOSED 10 %"),
        (0.1, 0.9, "right CLOSED 10 %, left open 90 %"),
        (math.nan, 0.9, "right eye unknown, left open 90 %"),
        (0.05, math.inf, "right CLOSED 5 %, left eye unknown"),
        (math.nan, math.nan, "eyes unknown"),
    ],
)
def test_eyes_are_open_closed_or_unknown_with_percent(right: float, left: float, said: str) -> None:
    assert eyes_text(face(1, eyes=EyeOpenness(right, left))) == said


def test_without_eyes_they_are_unknown_and_not_open() -> None:
    assert eyes_text(face(1, eyes=None)) == "eyes unknown"
    assert eye_state(None) == "unknown"
    assert eye_state(7.0) == "unknown"


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_is_ever_written_as_nan_or_inf(value: float) -> None:
    for words in (metres(value), percent(value), degrees(value), signal_text("x", SignalValue(value, "/s", value))):
        assert "nan" not in words
        assert "inf" not in words


def test_a_share_beyond_its_limits_is_no_share() -> None:
    assert percent(1.0) == "100 %"
    assert percent(7.3) == percent(-1.0) == percent(None) == "– %"
    assert metres(-1.0) == metres(None) == "– m"


@given(st.sampled_from([None, 0.0, 0.1, 0.5, 1.0, math.nan]), st.sampled_from([None, 0.0, 0.1, 0.5, 1.0, math.nan]))
def test_every_sentence_about_eyes_is_one_that_translations_know(right: float | None, left: float | None) -> None:
    said: list[str] = []

    def listen(text: str, /, **values: object) -> str:
        said.append(text)
        return text.format(**values)

    eyes = None if right is None or left is None else EyeOpenness(right, left)
    eyes_text(face(1, eyes=eyes), listen)
    assert set(said) <= set(PHRASES)


def test_every_sentence_of_a_plan_goes_through_the_translator() -> None:
    said: list[str] = []

    def shout(text: str, /, **values: object) -> str:
        said.append(text)
        return text.format(**values).upper()

    options = OverlayOptions(say=shout)
    for one in (face(1), face(2, confidence=0.2), face(3, invalid={"face": "flat"}), face(4, eyes=None)):
        draw_plan(frame_set(), observation(one, status="stale"), options)
    cut = "cut by the border"
    plan = draw_plan(frame_set(), observation(face(5, invalid={"landmarks": cut})), options)
    assert set(said) <= set(PHRASES)
    assert {"uncertain", "no real face", "not believed", "hottest {value} {unit}"} <= set(said)
    assert any("NOT BELIEVED" in p.text for p in plan if isinstance(p, Text))
    for phrase in PHRASES:
        assert all(name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(phrase))


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_takes_something_away_and_nothing_else_comes(switch: str) -> None:
    signals = {"perclos": SignalValue(0.28, "", 0.8)}
    one = face(1, signals=signals, invalid={"crop": "because"})
    on = OverlayOptions(generated=True)
    off = OverlayOptions(**{**{name: getattr(on, name) for name in SWITCHES}, switch: False})

    def seen(options: OverlayOptions) -> list[str]:
        plan = draw_plan(frame_set(), observation(one), options)
        return [f"{type(p).__name__} {getattr(p, 'text', '')}" for p in plan]

    with_it, without = seen(on), seen(off)
    assert with_it != without
    label = ("id", "distance", "confidence")
    assert len(without) <= len(with_it) if switch in label else len(without) < len(with_it)
    nothing = OverlayOptions(**dict.fromkeys(SWITCHES, False))
    assert draw_plan(frame_set(), observation(one), nothing) == []


def test_the_label_holds_the_parts_that_are_switched_on() -> None:
    def label(**off: bool) -> str:
        plan = draw_plan(frame_set(), observation(face(3)), OverlayOptions(**off))
        return next((p.text for p in plan if isinstance(p, Text) and p.upward and p.stream == "color"), "")

    assert label() == "#3  1.00 m  90 %"
    assert label(distance=False) == "#3  90 %"
    assert label(id=False, confidence=False) == "1.00 m"
    assert label(id=False, distance=False, confidence=False) == ""
