"""What lines tell: speeds in one unit, and nothing that cannot be."""

from __future__ import annotations

import functools
import json
import math
import operator
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.context.lines import MOST_NAMES, Line, read_json, reader_of
from pipeline.context.units import HIGHEST, HIGHEST_KMH, ContextError


def told(words: str | bytes) -> dict[str, float]:
    line = read_json(words if isinstance(words, bytes) else words.encode())
    assert not line.wrong
    assert not any(one.wrong for one in line.told)
    return {one.name: one.value for one in line.told}


def sentence(body: str) -> bytes:
    checksum = functools.reduce(operator.xor, body.encode())
    return f"${body}*{checksum:02X}\r\n".encode()


@pytest.mark.parametrize(
    ("unit", "kmh"),
    [("m/s", 36.0), ("km/h", 10.0), ("KPH", 10.0), ("mph", 16.09344), ("kn", 18.52), (" knots ", 18.52)],
)
def test_a_speed_in_any_known_unit_is_kept_in_kmh(unit: str, kmh: float) -> None:
    line = json.dumps({"name": "speed", "value": 10, "unit": unit})
    assert told(line) == {"speed_kmh": pytest.approx(kmh)}


def test_several_names_stand_in_one_line_switches_are_numbers_and_null_is_not_known() -> None:
    found = told('{"speed_kmh": 63, "poor_conditions": true, "time": 12.5}')
    assert found == {"speed_kmh": 63.0, "poor_conditions": 1.0}
    assert [one.time_s for one in read_json(b'{"speed_kmh": 63, "time": 12.5}').told] == [12.5]
    assert math.isnan(told('{"speed_kmh": null}')["speed_kmh"])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"63", "no object"),
        (b"speed 63", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"[" * 900, "no JSON"),
        (b"{}", "tells no value"),
        (b'{"time": 3}', "tells no value"),
        (b'{"speed": 63}', "a speed needs its unit (km/h, m/s, mph, kn), none is told; or call it speed_kmh"),
        (b'{"name": "speed", "value": 63, "unit": "furlongs"}', "found 'furlongs'"),
        (b'{"name": "speed_kmh", "value": 63, "unit": "mph"}', "speed_kmh is in km/h, found the unit 'mph'"),
        (b'{"Speed!": 63}', "is no name of a series"),
        (b'{"' + b"s" * 61 + b'": 1}', "is no name of a series"),
        (b'{"speed_kmh": ' + b" " * 1024 + b"1}", "more than 1024 bytes"),
        (json.dumps({f"n{i}": 1 for i in range(MOST_NAMES + 1)}).encode(), "values in one line"),
    ],
)
def test_a_line_that_tells_nothing_says_why(line: bytes, words: str) -> None:
    found = read_json(line)
    assert found.told == ()
    assert words in " ".join(found.wrong)


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "-1", "1001", "true", "false", '"fast"', "[1]", "1e999", "1" + "0" * 400]
)
def test_a_value_that_cannot_be_makes_its_name_unknown(value: str) -> None:
    (one,) = read_json(f'{{"speed_kmh": {value}}}'.encode()).told
    assert one.name == "speed_kmh"
    assert math.isnan(one.value)
    assert "speed_kmh is" in one.wrong


def test_a_wrong_time_is_told_and_the_value_counts_from_when_it_came() -> None:
    for time in ('"noon"', "NaN", "true", "1e300"):
        found = read_json(f'{{"speed_kmh": 63, "time": {time}}}'.encode())
        assert [(one.value, one.time_s) for one in found.told] == [(63.0, None)]
        assert "not seconds" in found.wrong[0]


def test_what_is_right_in_a_line_counts_beside_what_is_wrong() -> None:
    found = read_json(b'{"speed_kmh": 63, "Bad Name": 1}')
    assert [(one.name, one.value) for one in found.told] == [("speed_kmh", 63.0)]
    assert len(found.wrong) == 1


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=6),
    max_leaves=12,
)
_NAMES = st.sampled_from(["speed", "speed_kmh", "name", "value", "unit", "time", "rain"])


@given(st.binary(max_size=200) | _ANYTHING.map(lambda a: json.dumps(a).encode()))
def test_no_line_whatever_it_holds_ends_the_reading(line: bytes) -> None:
    _is_sound(read_json(line))


@given(st.dictionaries(_NAMES, _ANYTHING, max_size=6))
def test_no_value_whatever_it_is_becomes_one_that_cannot_be(found: dict[str, Any]) -> None:
    _is_sound(read_json(json.dumps(found).encode()))


def _is_sound(line: Line) -> None:
    for one in line.told:
        assert math.isnan(one.value) or -HIGHEST <= one.value <= HIGHEST
        assert one.name != "speed_kmh" or math.isnan(one.value) or 0 <= one.value <= HIGHEST_KMH
        assert not one.wrong or math.isnan(one.value)


@pytest.mark.parametrize(
    ("body", "kmh"),
    [
        ("GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W", 22.4 * 1.852),
        ("GNRMC,123519,A,4807.038,N,01131.000,E,0.02,,230394,,,D", 0.02 * 1.852),
        ("GPVTG,054.7,T,034.4,M,005.5,N,010.2,K", 10.2),
        ("GNVTG,,T,,M,0.050,N,0.093,K,A", 0.093),
    ],
)
def test_the_speed_over_ground_of_a_receiver_is_kept_in_kmh(body: str, kmh: float) -> None:
    (one,) = reader_of("nmea")(sentence(body)).told
    assert (one.name, one.wrong) == ("speed_kmh", "")
    assert one.value == pytest.approx(kmh)


@pytest.mark.parametrize(
    "body",
    [
        "GNRMC,123519,V,,,,,,,230394,,,N",
        "GNRMC,123519,V,4807.038,N,01131.000,E,22.4,84.4,230394,,,N",
        "GNRMC,123519,A,4807.038,N,01131.000,E,,,230394,,,A",
        "GNRMC,123519,A,4807.038,N,01131.000,E,22.4,84.4,230394,,,S",
        "GNVTG,,,,,,,,,N",
    ],
)
def test_a_receiver_without_a_fix_does_not_know_the_speed(body: str) -> None:
    (one,) = reader_of("nmea")(sentence(body)).told
    assert math.isnan(one.value)
    assert one.wrong == "", "that is no fault"


def test_sentences_for_others_are_passed_over_and_broken_ones_told() -> None:
    read = reader_of("nmea")
    assert read(sentence("GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,")) == Line()
    assert read(b"\r\n") == Line()
    good = sentence("GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W")
    for broken in (good.replace(b"022.4", b"922.4"), good[:30], b"$GPRMC*zz\r\n", b'{"speed_kmh": 63}', b"\xff" * 40):
        found = read(broken)
        assert found.told == ()
        assert found.wrong
    impossible = read(sentence("GPRMC,123519,A,4807.038,N,01131.000,E,-22.4,084.4,230394,003.1,W"))
    assert "not negative" in impossible.told[0].wrong


@given(st.binary(max_size=120))
def test_nothing_that_comes_over_a_serial_line_ends_the_reading(line: bytes) -> None:
    _is_sound(reader_of("nmea")(line))
    _is_sound(reader_of("nmea")(b"$GPRMC," + line + b"*00"))


def test_without_the_package_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynmeagps", None)
    with pytest.raises(ContextError, match=r'pip install "tapetum\[gps\]"'):
        reader_of("nmea")
