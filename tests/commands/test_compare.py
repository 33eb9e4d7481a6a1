"""`tapetum compare`: what changed between two runs, and how right both are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commands.compare import compare
from pipeline.compare_labels import Label
from pipeline.compare_sources import CompareError
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from tests.pipeline.compare_cases import EVENTS, TRACK, event, run, write_run

# -- the same, and events ---------------------------------------------------------------------------------------------


def test_a_run_is_the_same_as_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = write_run(tmp_path / "a", EVENTS, TRACK)
    assert compare(one, one, None, 2.0, 1.0, 1e-6, True) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["same"] is True
    assert told["counts"] == {"same": 3, "moved": 0, "gained": 0, "lost": 0}
    assert told["events"] == []
    assert [(s["name"], s["n"], s["max"]) for s in told["signals"]] == [("distance", 100, 0.0)]


def test_what_is_gained_lost_and_moved_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write_run(tmp_path / "a", EVENTS, TRACK)
    b = write_run(
        tmp_path / "b", [event("asleep", 10.5, 14.5), event("drowsy", 30, 90, "warning"), event("yawn", 50, 51)], TRACK
    )
    assert compare(a, b, None, 2.0, 1.0, 1e-6, False) == 1
    words = capsys.readouterr().out
    assert "events: 1 the same, 1 moved, 1 gained, 1 lost" in words
    found = [line.split() for line in words.splitlines()]
    moved, gained, lost = (next(x for x in found if x[:1] == [w]) for w in ("moved", "gained", "lost"))
    assert " ".join(moved) == "moved asleep a 10.000 s 10.500 s +0.500 s -0.500 s"
    assert " ".join(gained) == "gained yawn a 50.000 s"
    assert " ".join(lost) == "lost asleep a 100.000 s"
    assert "the runs differ" in words


def test_an_event_of_another_severity_is_not_the_same(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", [event("asleep", 10, 15)])
    b = write_run(tmp_path / "b", [event("asleep", 10, 15, "warning")])
    assert run(a, b).count("moved") == 1


def test_another_number_of_the_face_is_no_difference(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", [event("asleep", 10, 15)])
    b = write_run(tmp_path / "b", [event("asleep", 10, 15, face=7)])
    assert run(a, b).is_same


def test_precision_recall_and_delay_are_told_for_both_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write_run(tmp_path / "a", [event("asleep", 10, 15), event("asleep", 101, 104), event("asleep", 300, 301)])
    b = write_run(tmp_path / "b", [event("asleep", 9.5, 15)])
    labels = tmp_path / "labels.csv"
    labels.write_text("name, begin_s, end_s\nasleep, 9, 15\nasleep, 99, 104\nasleep, 200, 205\n")
    assert compare(a, b, labels, 2.0, 1.0, 1e-6, True) == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])["labels"]
    assert told["a"] == [
        {
            "name": "asleep",
            "labels": 3,
            "events": 3,
            "hit": 2,
            "true": 2,
            "precision": pytest.approx(2 / 3),
            "recall": pytest.approx(2 / 3),
            "false_per_hour": pytest.approx(1.0),
            "delay_s": pytest.approx(1.5),
            "delay_p95_s": pytest.approx(1.95),
            "delay_max_s": pytest.approx(2.0),
        }
    ]
    assert (told["b"][0]["precision"], told["b"][0]["recall"]) == (1.0, pytest.approx(1 / 3))
    compare(a, b, labels, 2.0, 1.0, 1e-6, False)
    assert "against the labels:" in capsys.readouterr().out


# -- where runs lie ---------------------------------------------------------------------------------------------------


def test_folders_of_many_sessions_are_compared_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for where, names in (("a", ("one", "two", "three")), ("b", ("two", "three", "four"))):
        for name in names:
            shift = 0.5 if (where, name) == ("b", "three") else 0.0
            write_run(tmp_path / where / name, [event("asleep", 10 + shift, 15)], TRACK)
    assert compare(tmp_path / "a", tmp_path / "b", None, 2.0, 1.0, 1e-6, False) == 1
    words = capsys.readouterr().out
    assert "2 sessions are in both runs" in words
    assert "only in A: one" in words
    assert "only in B: four" in words
    assert "events: 1 the same, 1 moved, 0 gained, 0 lost" in words


def test_labels_of_many_sessions(tmp_path: Path) -> None:
    for where in ("a", "b"):
        for name in ("one", "two"):
            write_run(tmp_path / where / name, [event("asleep", 10, 15)])
    report = run(tmp_path / "a", tmp_path / "b", Label("asleep", 9, 15, "one"), Label("asleep", 50, 55, "two"))
    (told,) = report.scores["a"]
    assert (told.hit, told.true, told.labels, told.events) == (1, 1, 2, 2)
    assert report.is_same


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p / "none", "there is no file or folder"),
        (lambda p: p, "holds no results"),
    ],
)
def test_what_is_no_run_is_told(tmp_path: Path, make: Any, words: str) -> None:
    good = write_run(tmp_path / "x" / "a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CompareError, match=words):
        run(make(tmp_path / "empty"), good)


def test_files_of_other_kinds_and_torn_ones_are_told(tmp_path: Path) -> None:
    good = write_run(tmp_path / "a", EVENTS, TRACK)
    text = tmp_path / "notes.txt"
    text.write_text("x")
    with pytest.raises(CompareError, match="is no folder of results, no table"):
        run(text, good)
    torn = write_run(tmp_path / "torn", EVENTS, TRACK)
    data = (torn / "events.parquet").read_bytes()
    (torn / "events.parquet").write_bytes(data[: len(data) // 2])
    with pytest.raises(CompareError, match="no Parquet that can be read"):
        run(good, torn)
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"x": [1]}), other)
    with pytest.raises(CompareError, match="is no table of signals or events; its columns are x"):
        run(other, good)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    pq.write_table(pa.table({"name": ["a"]}), foreign / "events.parquet")
    with pytest.raises(CompareError, match="lacks the columns begin_ns, end_ns"):
        run(foreign, good)
    with pytest.raises(CompareError, match="no session in common"):
        run(_many(tmp_path / "m", "one", "two"), _many(tmp_path / "n", "three", "four"))
    with pytest.raises(CompareError, match="signals only, the other events only"):
        run(good / "events.parquet", good / "signals.parquet")


def _many(folder: Path, *names: str) -> Path:
    for name in names:
        write_run(folder / name)
    return folder


def test_single_tables_are_compared_as_well(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", EVENTS, TRACK)
    b = write_run(tmp_path / "b", EVENTS[:2], TRACK)
    assert run(a / "events.parquet", b / "events.parquet").count("lost") == 1
    assert run(a / "signals.parquet", b / "signals.parquet").is_same
    assert run(a / "events.parquet", b).count("lost") == 1


def test_tables_of_before_words_were_known_are_read(tmp_path: Path) -> None:
    a, b = (write_run(tmp_path / name, EVENTS, TRACK) for name in "ab")
    for table, extra in (("signals", ["label", "source"]), ("events", ["severity", "evidence", "acknowledged_by"])):
        path = b / f"{table}.parquet"
        pq.write_table(pq.read_table(path).drop_columns(extra), path)
    report = run(a, b)
    assert all(signal.is_same for signal in report.signals)
    assert report.count("moved") == len(EVENTS)  # nobody knows how severe they were


def test_two_sessions_with_results_are_compared(tmp_path: Path) -> None:
    def session(name: str, shift_s: float) -> Path:
        path = tmp_path / f"{name}.mcap"
        with SessionWriter(path, SessionInfo.create([], title=name, source="tests", clock="synthetic")) as writer:
            for one in TRACK:
                writer.write_observation(one)
            writer.write_event(event("asleep", 5 + shift_s, 8))
        return path

    report = run(session("a", 0.0), session("b", 0.25))
    assert report.signals[0].is_same
    (pair,) = report.events
    assert (pair.what, pair.begin_shift_s, pair.end_shift_s) == ("moved", 0.25, 0.0)
