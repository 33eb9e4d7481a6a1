"""Events of two runs are paired with what they became."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare_events import pair_events
from tests.pipeline.compare_cases import BEGIN_NS, found


@pytest.mark.parametrize(
    ("a", "b", "whats"),
    [
        ([(0, 5)], [(4, 9)], ["moved"]),  # they overlap
        ([(0, 1)], [(1.9, 3)], ["moved"]),  # they begin near each other
        ([(0, 1)], [(2.1, 3)], ["lost", "gained"]),
        ([(0, 1), (3, 4)], [(3, 4)], ["lost", "same"]),  # the nearest is taken
        ([(0, 100)], [(0, 10), (50, 60)], ["moved", "gained"]),  # torn into two
        ([(0, None)], [(0, None)], ["same"]),
        ([(0, None)], [(50, 60)], ["moved"]),
        ([], [], []),
    ],
)
def test_events_are_paired_with_what_they_became(
    a: list[tuple[float, float | None]], b: list[tuple[float, float | None]], whats: list[str]
) -> None:
    pairs = pair_events("s", [found(*e) for e in a], [found(*e) for e in b], BEGIN_NS, 2.0)
    assert [pair.what for pair in pairs] == whats


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20), st.sampled_from("xy")), max_size=12)


@given(spans, spans)
def test_every_event_stands_in_one_pair(a: list[tuple[int, int, str]], b: list[tuple[int, int, str]]) -> None:
    first = sorted((found(t, t + d, n) for t, d, n in a), key=lambda e: (e.begin_ns, e.name))
    second = sorted((found(t, t + d, n) for t, d, n in b), key=lambda e: (e.begin_ns, e.name))
    pairs = pair_events("s", first, second, BEGIN_NS, 2.0)
    key = lambda e: (e.begin_ns, e.name, e.end_ns)  # noqa: E731 - a sort key in one line
    assert sorted((p.a for p in pairs if p.a), key=key) == sorted(first, key=key)
    assert sorted((p.b for p in pairs if p.b), key=key) == sorted(second, key=key)
    assert all(p.a is None or p.b is None or p.a.name == p.b.name for p in pairs)
    if first == second:
        assert all(pair.what == "same" for pair in pairs)
