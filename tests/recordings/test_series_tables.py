"""Series from tables, as loggers, spreadsheets and pandas write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.series.errors import SeriesError
from recordings.series.registry import read_source
from recordings.series.series import SECOND
from recordings.series.source import SourceOptions, SourceRead, SourceSeries

BEGIN = 1_700_000_000


def read(path: Path, text: str | bytes, **options: Any) -> SourceRead:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_source(path, SourceOptions(**options))


def by_name(found: SourceRead) -> dict[str, SourceSeries]:
    return {s.name: s for s in found.series}


def notes(found: SourceRead) -> str:
    return "\n".join(found.notes)


def test_a_plain_table(tmp_path: Path) -> None:
    found = read(tmp_path / "a.csv", "t,speed,steer\n0,50,-1.5\n0.5,51,0\n1,52,2.25\n")
    speed = by_name(found)["speed"]
    assert (found.times, found.time_column, speed.unit, speed.column) == ("relative", "t", "", "speed")
    np.testing.assert_array_equal(speed.t_ns, [0, SECOND // 2, SECOND])
    np.testing.assert_array_equal(by_name(found)["steer"].values, [-1.5, 0, 2.25])
    assert "taken as seconds" in notes(found)
    assert "from the session's beginning" in notes(found)


def test_units_come_from_the_heading_or_are_given(tmp_path: Path) -> None:
    text = "Time [ms],Speed (km/h),Steering angle\n0,50,1\n20,51,2\n"
    found = by_name(read(tmp_path / "a.csv", text, columns=["Speed", "steering angle:deg"]))
    assert [(s.name, s.unit) for s in found.values()] == [("Speed", "km/h"), ("Steering angle", "deg")]
    np.testing.assert_array_equal(found["Speed"].t_ns, [0, 20_000_000])
    renamed = by_name(read(tmp_path / "a.csv", text, columns=["v=Speed:m/s", "angle=Steering angle"]))
    assert [(s.name, s.unit) for s in renamed.values()] == [("v", "m/s"), ("angle", "")]


@pytest.mark.parametrize(
    ("heading", "value", "unit"),
    [("timestamp_ns", BEGIN * SECOND + 7, None), ("t_us", BEGIN * 10**6, None), ("utc_ms", BEGIN * 1000, None),
     ("time_s", BEGIN, None), ("Time", BEGIN * 1000, "ms"), ("epoch [µs]", BEGIN * 10**6, None)],
)  # fmt: skip
def test_unix_times_in_any_unit(tmp_path: Path, heading: str, value: int, unit: Any) -> None:
    found = read(tmp_path / "a.csv", f"{heading},v\n{value},1\n", time_unit=unit)
    expected = BEGIN * SECOND + (7 if heading == "timestamp_ns" else 0)
    assert (found.times, found.series[0].t_ns.tolist()) == ("absolute", [expected])


def test_times_in_another_unit_than_said_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SeriesError, match="look like ms: say so with --time-unit ms"):
        read(tmp_path / "a.csv", f"time,v\n{BEGIN * 1000},1\n")


@pytest.mark.parametrize("text", ["2023-11-14T22:13:20.25Z", "2023-11-14 22:13:20.250", "2023-11-14T23:13:20.25+01:00"])
def test_dates(tmp_path: Path, text: str) -> None:
    found = read(tmp_path / "a.csv", f"timestamp,v\n{text},1\n")
    assert found.series[0].t_ns.tolist() == [BEGIN * SECOND + SECOND // 4]
    assert found.times == "absolute"
    assert ("taken as UTC" in notes(found)) == (not text.endswith(("Z", "+01:00")))
    with pytest.raises(SeriesError, match="leave out --time-unit"):
        read(tmp_path / "a.csv", f"timestamp,v\n{text},1\n", time_unit="ms")


@pytest.mark.parametrize(
    "data",
    [
        b"# logger 3\r\n\r\n# made in a car\r\nt;v\r\n0,5;1,25\r\n1,5;2,25\r\n",
        b"t\tv\n0.5\t1.25\n1.5\t2.25",
        b"\xef\xbb\xbft,v\n0.5,1.25\n1.5,2.25\n",
        "t|v\n0.5|1.25\n1.5|2.25\n".encode("utf-16"),
        b"t,v,temp [\xb0C]\n0.5,1.25,20\n1.5,2.25,20\n",
        b't,v,"a name, with a comma"\n 0.5, 1.25,x\n1.5 ,2.25 ,y\n',
    ],
)
def test_what_spreadsheets_and_loggers_make_of_a_table(tmp_path: Path, data: bytes) -> None:
    v = by_name(read(tmp_path / "a.csv", data))["v"]
    np.testing.assert_array_equal(v.t_ns, [SECOND // 2, 3 * SECOND // 2])
    np.testing.assert_array_equal(v.values, [1.25, 2.25])


def test_holes_are_no_samples_and_words_are_no_readings(tmp_path: Path) -> None:
    text = "t,fast,slow,odd,word\n" + "".join(
        f"{i},{i},{i if i % 4 == 0 else ''},{'n/a' if i == 2 else i},here\n" for i in range(9)
    )
    found = by_name(read(tmp_path / "a.csv", text))
    assert set(found) == {"fast", "slow", "odd"}
    assert found["slow"].t_ns.tolist() == [0, 4 * SECOND, 8 * SECOND]
    assert np.isnan(found["odd"].values[2])
    assert np.isfinite(np.delete(found["odd"].values, 2)).all()
    said = notes(read(tmp_path / "a.csv", text))
    assert "odd: 1 of 9 entries are no numbers" in said
    assert "left out: word" in said


def test_whole_numbers_first_and_fractions_far_down(tmp_path: Path) -> None:
    """A type guessed from the first rows would refuse the last one."""
    rows = "".join(f"{i},{i}\n" for i in range(200_000))
    v = read(tmp_path / "a.csv", f"t,v\n{rows}200000.5,0.5\n").series[0]
    assert (len(v.values), v.values[-1], v.t_ns[-1]) == (200_001, 0.5, 200_000 * SECOND + SECOND // 2)


def test_times_that_go_back_or_stand_still(tmp_path: Path) -> None:
    found = read(tmp_path / "a.csv", "t,v\n0,0\n2,2\n1,1\n1,9\n3,inf\n")
    v = found.series[0]
    assert v.t_ns.tolist() == [0, SECOND, 2 * SECOND, 3 * SECOND]
    np.testing.assert_array_equal(v.values, [0, 9, 2, np.nan])
    for words in ("went back 1 times", "1 samples have the time of the next", "1 of 4 samples say no number"):
        assert words in notes(found)


def test_a_file_that_was_cut_off_loses_its_last_row(tmp_path: Path) -> None:
    rows = "".join(f"{i},{i},{i}\n" for i in range(100))
    found = read(tmp_path / "a.csv", f"t,v,w\n{rows}100,1")
    assert len(found.series[0].values) == 100
    assert "1 rows have another number of columns" in notes(found)


def test_unix_times_may_be_laid_on_the_sessions_beginning(tmp_path: Path) -> None:
    text = f"t,v,w\n{BEGIN + 5},,1\n{BEGIN + 7},1,1\n"
    found = read(tmp_path / "a.csv", text, times="relative")
    assert {n: s.t_ns.tolist() for n, s in by_name(found).items()} == {"v": [2 * SECOND], "w": [0, 2 * SECOND]}
    assert read(tmp_path / "a.csv", "t,v\n5,1\n", times="absolute").times == "absolute"


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("", {}, "is empty"),
        ("t,v\n", {}, "no rows"),
        ("only words\nand more\n", {}, "is no table"),
        ("0,50\n1,51\n", {}, "first line holds numbers"),
        ("a,b\n1,2\n", {}, "--time-column; its columns: a, b"),
        ("a,b\n1,2\n", {"time_column": "c"}, "no column 'c'"),
        ("t,speed\n1,2\n", {"columns": ["sped"]}, "did you mean 'speed'"),
        ("t,v,v\n1,2,3\n", {"columns": ["v"]}, "2 columns named 'v'"),
        ("t,v\n1,x\n2,y\n", {"columns": ["v"]}, "'v' holds no numbers"),
        ("t,v\n1,x\n2,y\n", {}, "no column of numbers beside the time"),
        ("t,v\nnoon,1\n", {}, "neither numbers nor dates.*'noon'"),
        ("t,v\n12:30:01.5,1\n", {}, "neither numbers nor dates"),
        ("t,v\n,1\n", {}, "is empty"),
        ("t,v\n1,2\n3\n4,5,6\n7\n8\n", {}, "4 of 5 rows have another number of columns"),
        ("t\0v", {}, "zero bytes"),
        ("t,v\n1,2\n", {"dbc": Path("x.dbc")}, "takes --columns, not --dbc"),
    ],
)
def test_what_is_no_table_of_series_is_told(tmp_path: Path, text: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(SeriesError, match=words) as told:
        read(tmp_path / "a.csv", text, **options)
    assert "a.csv" in str(told.value)


def write_parquet(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_keeps_every_digit(tmp_path: Path) -> None:
    path = write_parquet(
        tmp_path / "a.parquet",
        t_ns=pa.array([BEGIN * SECOND + 1, BEGIN * SECOND + 2], pa.int64()),
        on=pa.array([True, None]),
        v=pa.array([0.1, np.nan]),
        name=pa.array(["a", "b"]),
        nested=pa.array([[1], [2]]),
    )
    found = read_source(path, SourceOptions())
    assert set(by_name(found)) == {"on", "v"}
    assert by_name(found)["v"].t_ns.tolist() == [BEGIN * SECOND + 1, BEGIN * SECOND + 2]
    np.testing.assert_array_equal(by_name(found)["v"].values, [0.1, np.nan])
    assert by_name(found)["on"].values.tolist() == [1.0]


@pytest.mark.parametrize(
    "times",
    [
        pa.array([BEGIN * 10**6], pa.timestamp("us", "Europe/Berlin")),
        pa.array([BEGIN], pa.timestamp("s")),
        pa.array([BEGIN * SECOND], pa.timestamp("ns", "UTC")),
        pa.array([float(BEGIN)]),
        pa.array([BEGIN], pa.uint32()),
    ],
)
def test_parquet_times_of_any_kind(tmp_path: Path, times: pa.Array) -> None:
    path = write_parquet(tmp_path / "a.parquet", time=times, v=pa.array([1], pa.int8()))
    assert read_source(path, SourceOptions()).series[0].t_ns.tolist() == [BEGIN * SECOND]


def test_what_is_no_parquet_and_what_no_reader_takes(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(SeriesError, match=r"a\.parquet cannot be read as Parquet"):
        read_source(tmp_path / "a.parquet", SourceOptions())
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    with pytest.raises(SeriesError, match=r"series come from \.csv.*found \.xlsx"):
        read_source(tmp_path / "a.xlsx", SourceOptions())
    with pytest.raises(SeriesError, match="no file"):
        read_source(tmp_path / "b.csv", SourceOptions())
    with pytest.raises(SeriesError, match="is a folder"):
        read_source(tmp_path, SourceOptions())


@given(data=st.binary(max_size=400))
def test_any_bytes_give_series_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "a.csv"
    path.write_bytes(b"t,v\n0,1\n" + data)
    try:
        found = read_source(path, SourceOptions())
    except SeriesError as error:
        assert "a.csv" in str(error)  # noqa: PT017 - an error is one of two good ends here
    else:
        for series in found.series:
            assert (np.diff(series.t_ns) > 0).all()
            assert len(series.t_ns) == len(series.values) > 0


@given(
    rows=st.lists(
        st.tuples(st.floats(-1e9, 1e9), st.one_of(st.none(), st.floats(allow_nan=False))), min_size=1, max_size=30
    ).filter(lambda rows: any(v is not None for _, v in rows))
)
def test_every_sample_of_a_table_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    text = "t,v\n" + "".join(f"{t!r},{'' if v is None else repr(v)}\n" for t, v in rows)
    found = read(tmp_path_factory.mktemp("any") / "a.csv", text, times="absolute").series[0]
    expected: dict[int, float] = {}
    for t, v in rows:
        if v is not None:
            whole = int(np.floor(t))
            expected[whole * SECOND + round((t - whole) * SECOND)] = v if np.isfinite(v) else np.nan
    assert found.t_ns.tolist() == sorted(expected)
    np.testing.assert_array_equal(found.values, [expected[t] for t in sorted(expected)])
