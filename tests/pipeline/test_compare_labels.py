"""Events against what people labelled."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compare_labels import Label, Told, check_sessions, read_labels, score
from pipeline.compare_sources import CompareError
from tests.pipeline.compare_cases import BEGIN_NS, EVENTS, LABELS, at, found, run, write_run

# -- labels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("begin_s", "end_s", "met"), [(16.0, 17.0, True), (16.1, 17.0, False), (5.0, 8.0, True)])
def test_an_event_may_come_a_little_beside_its_label(begin_s: float, end_s: float, met: bool) -> None:
    told = {"s": Told([found(begin_s, end_s, "asleep")], (BEGIN_NS, at(100)))}
    (one,) = score(LABELS[:1], told, 1.0)
    assert (one.hit, one.true) == (int(met), int(met))


def test_several_events_of_one_label_are_all_right_but_count_once(tmp_path: Path) -> None:
    told = {"s": Told([found(10, 11, "asleep"), found(12, 13, "asleep")], (BEGIN_NS, at(100)))}
    (one,) = score(LABELS[:1], told, 0.0)
    assert (one.hit, one.true, one.delay_s) == (1, 2, 1.0)


def test_a_label_that_no_event_is_called_is_pointed_out(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", EVENTS)
    words = "\n".join(run(a, a, Label("asleeep", 1, 2)).lines())
    assert "no event of either run is called asleeep" in words


def test_without_a_beginning_labels_cannot_be_placed(tmp_path: Path) -> None:
    a = write_run(tmp_path / "a", EVENTS, until_s=None)
    with pytest.raises(CompareError, match="nothing tells when the session a begins"):
        run(a, a, *LABELS)


@pytest.mark.parametrize(
    ("suffix", "text", "words"),
    [
        ("csv", "name,begin_s\na,1\n", "labels.csv:1: .*end_s is missing"),
        ("csv", "name,begin,end_s\na,1,2\n", "labels.csv:1: there is no 'begin' .* did you mean begin_s"),
        ("csv", "name,begin_s,end_s\na,1,2\nb,x,3\n", "labels.csv:3: begin_s is a number of seconds, found 'x'"),
        ("csv", "name,begin_s,end_s\na,5,2\n", "labels.csv:2: the label ends at 2 s, before"),
        ("csv", "name,begin_s,end_s\na,5\n", "labels.csv:2: this line has other columns"),
        ("csv", "name,begin_s,end_s\na,5,6,7\n", "labels.csv:2: this line has other columns"),
        ("csv", "name,begin_s,end_s\n,5,6\n", "labels.csv:2: the label has no name"),
        ("csv", "name,begin_s,end_s\na,nan,6\n", "labels.csv:2: begin_s is a number"),
        ("csv", 'name,begin_s,end_s\n"a"b,1,2\n', "labels.csv:2: no CSV"),
        ("csv", "", "end_s is missing|name, begin_s"),
        ("csv", "name,begin_s,end_s\n", "holds no label"),
        ("toml", "[[label]]\nname = 'a'\nbegin_s = 1\n", "labels.toml:1: .*end_s is missing"),
        ("toml", "[[label]]\nname='a'\nbegin_s = true\nend_s = 2\n", "labels.toml:1: begin_s is a number"),
        ("toml", "[[lable]]\nname = 'a'\n", "labels.toml:1: .*found 'lable'"),
        ("toml", "label = 3\n", "labels.toml:1: "),
        ("toml", "label = [3]\n", "labels.toml:1: a label is a table, found 3"),
        ("toml", "x = \n", "labels.toml:1:5: no TOML"),
    ],
)
def test_labels_that_are_wrong_are_told_with_their_line(tmp_path: Path, suffix: str, text: str, words: str) -> None:
    path = tmp_path / f"labels.{suffix}"
    path.write_text(text)
    with pytest.raises(CompareError, match=words):
        read_labels(path)


def test_labels_as_toml_and_csv_are_the_same(tmp_path: Path) -> None:
    toml, table = tmp_path / "l.toml", tmp_path / "l.csv"
    toml.write_text("[[label]]\nname = 'a'\nbegin_s = 1\nend_s = 2.5\nsession = 'night'\n")
    table.write_text("\ufeffsession,end_s,begin_s,name\r\nnight,2.5,1,a\r\n", encoding="utf-8")
    assert read_labels(toml) == read_labels(table) == [Label("a", 1.0, 2.5, "night")]


def test_labels_that_are_not_there_or_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(CompareError, match="cannot read the labels"):
        read_labels(tmp_path / "none.csv")
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CompareError, match="no UTF-8"):
        read_labels(tmp_path / "x.csv")


def test_labels_must_name_sessions_that_were_run() -> None:
    with pytest.raises(CompareError, match="names no session, and there are 2"):
        check_sessions([Label("a", 1, 2)], ["one", "two"])
    with pytest.raises(CompareError, match="did you mean night-1"):
        check_sessions([Label("a", 1, 2, "nigth-1")], ["night-1", "night-2"])


@settings(max_examples=20)
@given(st.binary(max_size=200))
def test_whatever_a_file_of_labels_holds_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"name,begin_s,end_s\n" + data)
    try:
        assert read_labels(path)
    except CompareError:
        return
