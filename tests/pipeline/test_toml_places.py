"""Every key and value of a TOML file is found where it stands."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from pipeline.toml_places import Place, TomlError, TomlPlaces

TEXT = '''\
# a comment with [brackets] and key = "value"
name = "first"   # behind a value
"quoted key" = 3
dotted.inner = { a = 1, b = { c = [10, 20] } }

[table]
long = """
[not.a.table]
key = "no key" \\"""
"""
literal = \'\'\'
x = \'1\'\'\'\'\'
list = [
  1,   # one ]
  "two, ]",
  { deep = true },
]

[table.nested."with.dot"]
when = 1979-05-27 07:32:00

[[rule]]
name = "a"

[[rule.tier]]
for_s = 1.5

[[rule.tier]]
for_s = 2.5

[[rule]]
name = "b"
  [[rule.tier]]
  off = true
  [rule.tier.context]
  speed = 3
'''


@pytest.fixture
def places() -> TomlPlaces:
    return TomlPlaces(TEXT)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("name",), 2, 8),
        (("quoted key",), 3, 16),
        (("dotted", "inner"), 4, 16),
        (("dotted", "inner", "a"), 4, 22),
        (("dotted", "inner", "b", "c", 1), 4, 40),
        (("table",), 6, 2),
        (("table", "long"), 7, 8),
        (("table", "literal"), 11, 11),
        (("table", "list"), 13, 8),
        (("table", "list", 0), 14, 3),
        (("table", "list", 1), 15, 3),
        (("table", "list", 2, "deep"), 16, 12),
        (("table", "nested", "with.dot"), 19, 15),
        (("table", "nested", "with.dot", "when"), 20, 8),
        (("rule", 0), 22, 3),
        (("rule", 0, "tier", 1, "for_s"), 29, 9),
        (("rule", 1), 31, 3),
        (("rule", 1, "name"), 32, 8),
        (("rule", 1, "tier", 0, "off"), 34, 9),
        (("rule", 1, "tier", 0, "context", "speed"), 36, 11),
    ],
)
def test_a_value_is_found_in_its_line_and_column(
    places: TomlPlaces, path: tuple[str | int, ...], line: int, column: int
) -> None:
    assert places.value(path) == Place(line, column)


def test_a_key_is_found_where_its_name_begins(places: TomlPlaces) -> None:
    assert places.key(("quoted key",)) == Place(3, 1)
    assert places.key(("dotted", "inner")) == Place(4, 8)
    assert places.key(("dotted", "inner", "b", "c")) == Place(4, 31)
    assert places.key(("rule", 1, "tier", 0, "off")) == Place(34, 3)


def test_what_is_not_in_the_text_is_told_at_what_is_round_it(places: TomlPlaces) -> None:
    assert places.value(("rule", 0, "tier", 1, "missing")) == places.value(("rule", 0, "tier", 1))
    assert places.value(("nothing",)) == Place(1, 1)
    assert places.value(()) == Place(1, 1)


def test_line_ends_of_windows_change_no_place(places: TomlPlaces) -> None:
    other = TomlPlaces(TEXT.replace("\n", "\r\n"))
    assert [other.value(path) for path in other.paths] == [places.value(path) for path in places.paths]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a = 1\nb = \n", 2, 5), ("a = 1\na = 2\n", 2, 6), ("[a\n", 1, 3), ('a = "', 1, 6), ("x", 1, 2), ("= 1", 1, 1)],
)
def test_what_is_no_toml_is_told_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(TomlError) as caught:
        TomlPlaces(text)
    assert (caught.value.place.line, caught.value.place.column) == (line, column)


def test_tables_that_lie_too_deep_are_an_error() -> None:
    with pytest.raises(TomlError, match="too deep"):
        TomlPlaces("a = " + "[" * 100_000 + "]" * 100_000)


names = st.text(st.sampled_from("ab-_ .\"'#[]{}=,é"), min_size=1, max_size=5)
texts = st.text(st.sampled_from("ab \"'#[]{}=,.\\\né"), max_size=12)
scalars = st.one_of(st.integers(-(10**6), 10**6), st.booleans(), st.floats(-1e3, 1e3), texts)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=12,
)


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Any]:
    """Every value that is no table and no list, by its path."""
    if isinstance(data, dict):
        return {k: v for key, inner in data.items() for k, v in leaves(inner, (*path, key)).items()}
    if isinstance(data, list):
        return {k: v for index, inner in enumerate(data) for k, v in leaves(inner, (*path, index)).items()}
    return {path: data}


def value_at(text: str, place: Place) -> Any:
    """What TOML itself reads from a place on: the shortest text there that is a value."""
    rest = "\n".join(text.split("\n")[place.line - 1 :])[place.column - 1 :]
    for end in range(1, len(rest) + 1):
        if end < len(rest) and rest[end] not in ",]} \n#":
            continue
        try:
            return tomllib.loads(f"v = {rest[:end]}")["v"]
        except tomllib.TOMLDecodeError:
            continue
    raise AssertionError(f"nothing at {place}: {rest[:40]!r}")


@given(st.dictionaries(names, values, max_size=4))
def test_at_the_place_of_every_value_stands_that_value(data: dict[str, Any]) -> None:
    text = tomlkit.dumps(data)
    places = TomlPlaces(text)
    for path, value in leaves(places.data).items():
        found = value_at(text, places.value(path))
        assert found == value
        assert type(found) is type(value)


@pytest.mark.parametrize("number", ["1" + 5000 * "0", "-1" + 5000 * "0", "0x" + 5000 * "f", str(2**63)])
def test_a_number_that_is_too_long_is_told_with_its_place(number: str) -> None:
    with pytest.raises(TomlError, match=r"number|digits") as caught:
        TomlPlaces(f"a = 1\n[b]\nlist = [1, {{ c = {number} }}]\n")
    assert caught.value.place in (Place(3, 18), Place(3, 19)), "the digits, or the sign before them"


def test_the_longest_numbers_of_64_bits_are_read() -> None:
    assert TomlPlaces(f"a = {2**63 - 1}\nb = {-(2**63)}\n").data == {"a": 2**63 - 1, "b": -(2**63)}
