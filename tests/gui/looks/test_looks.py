"""Looks by stream: remembered, changed within reason, and never seen by anything but the eye."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.frame import KelvinMap, StreamKind
from gui.looks.look import DEPTH_PALETTES, Beyond, Isotherm, Look, next_palette
from gui.looks.looks import Looks
from gui.looks.render import render
from gui.looks.scale import Scale, scale_of, shown_value, stored_value, why_no_degrees, words
from gui.looks.spots import Area, Spot
from gui.settings import Settings
from pipeline.colormap import CountRange
from tests.gui.looks.made import frame_of, warm

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("palette", "locked", "isotherm", "unit", "gamma", "clahe", "marks", "hottest", "coldest", "red")


@given(st.dictionaries(st.sampled_from(FIELDS), json_values) | json_values, st.sampled_from(StreamKind))
def test_a_broken_look_in_the_settings_is_the_default_and_nothing_worse(data: object, kind: StreamKind) -> None:
    look = Look.from_json(data, kind)
    assert Look.from_json(look.to_json(), kind) == look
    assert not look.red


def test_one_broken_value_does_not_take_the_others_with_it() -> None:
    data: Any = {
        "palette": "arctic",
        "gamma": "bright",
        "locked": [40, 20],
        "hottest": True,
        "marks": [["Sp1", 3, 4], 7],
    }
    look = Look.from_json(data, StreamKind.THERMAL)
    assert look == Look(palette="arctic", hottest=True, marks=(Spot("Sp1", 3, 4),))


def test_a_look_comes_back_at_the_next_start() -> None:
    store = Settings()
    shown = warm(20.0)
    looks = Looks(store)
    looks.counts(shown)
    it = Isotherm(Beyond.ABOVE, 25.0, 30.0)
    assert looks.change(shown.info, palette="rainbow", isotherm=it, marks=(Area("Ar1", 1, 2, 3, 4),), coldest=True)
    assert looks.set_range(shown.info, 20.0, 35.0)
    again = Looks(store)
    assert again.look(shown.info) == looks.look(shown.info)
    counts = again.counts(shown)
    assert counts is not None
    assert scale_of(shown.info).range_of(counts) == pytest.approx((20.0, 35.0))


def test_locked_degrees_rest_where_the_counts_are_no_degrees() -> None:
    looks = Looks(Settings())
    shown = warm(20.0)
    looks.counts(shown)
    looks.set_range(shown.info, 20.0, 35.0)
    plain = warm(20.0, kelvin=None)
    counts = looks.counts(plain)
    assert counts is not None
    assert counts.low > 20_000
    assert not looks.is_locked(plain.info)


def test_the_range_follows_until_it_is_locked_and_again_after() -> None:
    looks = Looks(Settings())
    first = warm(20.0)
    before = looks.counts(first)
    assert looks.counts(first) == before
    looks.lock(first.info, True)
    locked = looks.values(first.info)
    looks.counts(warm(60.0))
    assert looks.values(first.info) == pytest.approx(locked)
    looks.lock(first.info, False)
    looks.counts(warm(60.0))
    after = looks.values(first.info)
    assert after is not None
    assert after[1] > 65.0


@settings(max_examples=60)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_range_that_is_asked_for_is_one_that_the_camera_can_say(low: float, high: float) -> None:
    for shown in (warm(20.0), frame_of(StreamKind.DEPTH, np.full((8, 8), 900, np.uint16))):
        looks = Looks(Settings())
        looks.counts(shown)
        was_set = looks.set_range(shown.info, low, high)
        assert was_set == (low < high)
        values = looks.values(shown.info)
        assert values is not None
        first, last = looks.scale(shown.info).range_of(CountRange(0, 65535))
        assert first - 1e-6 <= values[0] < values[1] <= last + 1e-6


def test_level_and_span_are_worked_as_thermographers_do() -> None:
    looks = Looks(Settings())
    shown = warm(20.0)
    looks.counts(shown)
    looks.set_range(shown.info, 20.0, 30.0)
    looks.shift(shown.info, 0.5)
    assert looks.values(shown.info) == pytest.approx((25.0, 35.0))
    looks.stretch(shown.info, 2.0)
    assert looks.values(shown.info) == pytest.approx((20.0, 40.0))
    for _ in range(40):
        looks.stretch(shown.info, 0.5)
    low, high = looks.values(shown.info) or (0, 0)
    assert high - low == pytest.approx(0.5)


@given(st.floats(1e-4, 1.0), st.floats(-300, 300), st.booleans(), st.floats(-200, 3000), st.floats(0.5, 500))
def test_values_and_counts_are_there_and_back(gain: float, offset: float, falls: bool, low: float, span: float) -> None:
    scale = Scale(-gain if falls else gain, offset, "°C")
    counts = scale.counts_of(low, low + span)
    assert counts is not None
    assert scale.range_of(counts) == pytest.approx((low, low + span), rel=1e-6, abs=1e-6)


@given(st.floats(-200, 3000), st.sampled_from(("°C", "°F", "K")))
def test_degrees_of_every_unit_are_the_same_degrees(value: float, unit: str) -> None:
    assert stored_value(shown_value(value, "°C", unit), "°C", unit) == pytest.approx(value)


def test_values_are_written_as_people_write_them() -> None:
    assert words(37.0, "°C") == "37.0 °C"
    assert words(37.0, "°C", "°F") == "98.6 °F"
    assert words(37.0, "°C", "K") == "310.1 K" or words(37.0, "°C", "K") == "310.2 K"
    assert words(-0.01, "°C") == "0.0 °C"
    assert words(1.234, "m", "°F") == "1.23 m"
    assert words(12.34, "m") == "12.3 m"
    assert words(None, "°C") == words(float("nan"), "°C") == "–"


def test_counts_that_are_no_temperatures_are_never_called_degrees() -> None:
    plain = warm(20.0, kelvin=None)
    looks = Looks(Settings())
    looks.counts(plain)
    assert looks.scale(plain.info).unit == "counts"
    assert why_no_degrees(plain) == "not radiometric"
    picture = frame_of(StreamKind.THERMAL, np.full((20, 20), 200, np.uint16), KelvinMap(1.0, 173.0))
    looks.counts(picture)
    assert looks.scale(picture.info).unit == "counts"
    assert "8-bit picture" in why_no_degrees(picture)
    broken = warm(20.0, kelvin=KelvinMap(float("nan")))
    looks.counts(broken)
    assert looks.scale(broken.info).unit == "counts"
    assert why_no_degrees(warm(20.0)) == ""


def test_what_is_done_for_the_eye_never_reaches_the_frame() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (48, 64)).astype(np.uint8)
    shown = frame_of(StreamKind.INFRARED, pixels)
    looks = Looks(Settings())
    before, was = shown.pixels.tobytes(), shown.pixels
    looks.counts(shown)
    looks.change(shown.info, gamma=2.2, clahe=5.0)
    rgb = render(shown, looks.look(shown.info), looks.counts(shown), None).rgb
    assert not np.array_equal(rgb[..., 0], shown.pixels)
    assert shown.pixels is was
    assert shown.pixels.tobytes() == before
    assert not np.shares_memory(rgb, shown.pixels)


def test_pictures_are_red_at_night_unless_the_operator_says_otherwise() -> None:
    looks = Looks(Settings())
    shown = warm(20.0)
    assert not looks.look(shown.info).red
    looks.set_night(True)
    assert looks.look(shown.info).red
    looks.change(shown.info, palette="arctic")
    looks.red_at_night = False
    assert not looks.look(shown.info).red
    assert looks.look(shown.info).palette == "arctic"


class Ear:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def hear(self, stream: str) -> None:
        self.heard.append(stream)


def test_whoever_shows_a_stream_is_told_of_changes_and_of_nothing_else() -> None:
    looks, ear = Looks(Settings()), Ear()
    looks.watch(ear.hear)
    shown = warm(20.0)
    looks.change(shown.info, palette="arctic")
    looks.change(shown.info, palette="arctic")
    assert ear.heard == ["thermal"]
    assert not looks.change(shown.info, gamma=99.0)
    looks.temperatures = "K"
    looks.temperatures = "furlongs"
    assert ear.heard == ["thermal", ""]
    del ear
    looks.change(shown.info, palette="rainbow")


def test_every_palette_of_a_kind_comes_once_round() -> None:
    look, seen = Look(), []
    for _ in DEPTH_PALETTES:
        look = next_palette(look, StreamKind.DEPTH)
        seen.append(look.palette)
    assert sorted(seen) == sorted(DEPTH_PALETTES)
    assert next_palette(look, StreamKind.COLOR) == look


def test_who_watched_and_is_gone_takes_no_memory_though_no_look_changes() -> None:
    heard: list[str] = []

    class Ear:
        def hear(self, stream: str) -> None:
            heard.append(stream)

    looks = Looks(Settings())
    kept = Ear()
    looks.watch(kept.hear)
    for _ in range(50):
        looks.watch(Ear().hear)
    assert len(looks._watchers) <= 2, "the one that is there, and the last that came"
    looks.refresh("depth")
    assert heard == ["depth"]
