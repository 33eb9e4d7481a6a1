"""How far a signal of two runs lies apart, and where only one of them knows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.compare import compare
from pipeline.compare_signals import SignalTally, join
from pipeline.compare_sources import Column
from recordings.observation import Box, Face, Observation, SignalValue
from tests.pipeline.compare_cases import at, run, seen, write_run

KEPT = 20_000


# -- signals --------------------------------------------------------------------------------------------------------


def test_how_far_a_signal_lies_apart_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write_run(tmp_path / "a", (), [seen(n / 10, distance=2.0) for n in range(101)])
    b = write_run(tmp_path / "b", (), [seen(n / 10, distance=2.0 + n / 1000) for n in range(101)])
    assert compare(a, b, None, 2.0, 1.0, 1e-6, False) == 1
    assert "signals: 0 the same, 1 different" in capsys.readouterr().out
    (told,) = run(a, b).signals
    assert (told.n, told.unit, told.different) == (101, "m", 100)
    assert told.mean == pytest.approx(0.05)
    assert told.p95 == pytest.approx(0.095)
    assert told.largest == pytest.approx(0.1)
    assert run(a, b, tolerance=0.5).is_same


def test_what_one_run_alone_knows_is_told(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", (), [seen(0, x=1.0), seen(1, x=None), seen(2, x=3.0), seen(3, x=None)])
    b = write_run(tmp_path / "b", (), [seen(0, x=1.0), seen(1, x=2.0), seen(2, x=None), seen(4, x=1.0), seen(5, y=1.0)])
    told = {one.name: one for one in run(a, b).signals}
    assert (told["x"].n, told["x"].known_only_a, told["x"].known_only_b) == (1, 1, 1)
    assert (told["x"].rows_only_a, told["x"].rows_only_b) == (1, 1)
    assert (told["y"].n, told["y"].rows_only_b, told["y"].mean) == (0, 1, None)


def test_another_word_or_unit_is_a_difference(tmp_path: Path) -> None:
    def zone(word: str, unit: str) -> list[Observation]:
        signals = {"gaze_zone": SignalValue(1.0, unit, 0.9, "", word)}
        return [Observation(0, at(0), at(0), 0, {}, (Face(1, "gray", Box(0, 0, 9, 9), 0.9, signals=signals),))]

    plain = write_run(tmp_path / "a", (), zone("road", ""))
    (told,) = run(plain, write_run(tmp_path / "b", (), zone("lap", ""))).signals
    assert (told.labels_differ, told.is_same) == (1, False)
    (told,) = run(plain, write_run(tmp_path / "c", (), zone("road", "deg"))).signals
    assert (told.unit, told.unit_b, told.is_same) == ("", "deg", False)


def test_faces_that_are_numbered_otherwise_are_joined_in_their_order(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", (), [seen(t, face, x=float(face)) for t in (0, 1) for face in (1, 2)])
    b = write_run(tmp_path / "b", (), [seen(t, face, x=face - 6.0) for t in (0, 1) for face in (7, 8)])
    (told,) = run(a, b).signals
    assert (told.n, told.largest) == (4, 0.0)


def column(rows: list[tuple[int, int]]) -> Column:
    rows = sorted(rows)
    times, faces = (np.array([row[i] for row in rows], np.int64) for i in (0, 1))
    return Column(times, faces, np.arange(len(rows), dtype=np.float64), np.full(len(rows), "", object))


rows_of = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=25)


@given(rows_of, rows_of)
def test_no_value_is_joined_twice_and_only_those_of_one_instant(
    a: list[tuple[int, int]], b: list[tuple[int, int]]
) -> None:
    """Also where a clock stands still, so that an instant has many rows of one face."""
    first, second = column(a), column(b)
    at_a, at_b = join(first, second)
    assert len(set(at_a.tolist())) == len(at_a) == len(at_b) == len(set(at_b.tolist()))
    assert (first.device_ns[at_a] == second.device_ns[at_b]).all()
    same = sum(min(a.count(row), b.count(row)) for row in set(a))
    assert len(at_a) >= same
    if a == b:
        assert len(at_a) == len(a)
        assert (first.values[at_a] == second.values[at_b]).all()


def test_a_percentile_of_very_many_differences_stays_near_and_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.compare_signals.KEPT", KEPT)
    tally = SignalTally("x", 1e-6)
    tally.units("", "")
    count = KEPT // 2
    for _ in range(5):
        times = np.arange(count, dtype=np.int64)
        none = np.full(count, "", object)
        face = np.zeros(count, np.int64)
        zero = Column(times, face, np.zeros(count), none)
        tally.add(zero, Column(times, face, np.linspace(0, 1, count), none))
    told = tally.result()
    assert told.n == 5 * count
    assert told.p95 == pytest.approx(0.95, abs=0.001)
    assert told.mean == pytest.approx(0.5, abs=0.001)
    assert sum(len(kept) for kept in tally._sizes) <= KEPT
