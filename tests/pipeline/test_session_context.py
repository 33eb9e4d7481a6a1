"""What rules know beside the pictures of a session."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.session_context import SessionContext
from recordings.reader import SessionReader
from recordings.series.index import SourceEntry
from recordings.series.series import SECOND, Series
from recordings.series.store import SeriesStore
from tests.recordings.sessions import EPOCH, simple_session


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return simple_session(tmp_path / "drive.mcap")


def add(session: Path, name: str, unit: str, values: list[float]) -> None:
    times = EPOCH + np.arange(len(values), dtype=np.int64) * SECOND
    source = SourceEntry(file="drive.csv", xxh3="0" * 16, column=name, time_column="t")
    SeriesStore.open(session).add([(Series(name, unit, times, np.array(values)), source)])


def context(session: Path, *names: str) -> SessionContext:
    with SessionReader(session) as reader:
        return SessionContext(session, reader, names)


def test_a_series_of_that_name_tells_its_value_of_the_moment(session: Path) -> None:
    add(session, "poor_conditions", "", [0.0, 1.0])
    known = context(session, "poor_conditions", "speed_kmh")
    assert known.names == ("poor_conditions",)
    assert known.at(EPOCH + SECOND // 2) == {"poor_conditions": pytest.approx(0.5)}


@pytest.mark.parametrize(("unit", "kmh"), [("m/s", 36.0), ("km/h", 10.0), ("MPH", 16.09344)])
def test_a_speed_in_a_known_unit_is_the_speed_in_kmh(session: Path, unit: str, kmh: float) -> None:
    add(session, "speed", unit, [10.0, 10.0])
    assert context(session, "speed_kmh").at(EPOCH) == {"speed_kmh": pytest.approx(kmh)}


def test_a_speed_in_an_unknown_unit_is_not_guessed(session: Path) -> None:
    add(session, "speed", "", [10.0, 10.0])
    assert context(session, "speed_kmh").at(EPOCH) == {}


def test_a_speed_that_cannot_be_is_not_known_and_a_unit_that_is_not_the_names_is_not_taken(session: Path) -> None:
    add(session, "speed_kmh", "km/h", [-5.0, -5.0])
    assert context(session, "speed_kmh").at(EPOCH) == {}, "who drives backwards does not stand"
    store = SeriesStore.open(session)
    store.remove("speed_kmh")
    add(session, "speed_kmh", "m/s", [30.0, 30.0])
    assert context(session, "speed_kmh").names == ()


def test_where_the_series_tells_nothing_the_name_is_absent(session: Path) -> None:
    add(session, "speed_kmh", "", [10.0, 10.0])
    known = context(session, "speed_kmh")
    assert known.at(EPOCH + 60 * SECOND) == {}
    assert known.at(EPOCH - SECOND) == {}


def test_a_session_without_series_knows_nothing(session: Path) -> None:
    assert context(session, "speed_kmh").names == ()
    assert context(session).at(EPOCH) == {}
