"""Series beside a session: what is added is there again, the session is untouched, hand edits are understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recordings.errors import SessionNotFoundError
from recordings.series.errors import SeriesError
from recordings.series.index import SourceEntry
from recordings.series.series import SECOND, Series, Timeline
from recordings.series.store import SeriesStore
from tests.recordings.sessions import DEPTH, EPOCH, MS, simple_session, write_session

SOURCE = SourceEntry(file="drive.csv", xxh3="0" * 16, column="v", time_column="t")


@pytest.fixture
def session(tmp_path: Path) -> Path:
    return simple_session(tmp_path / "night.mcap", 30)


def one(name: str = "speed", **more: Any) -> Series:
    t = EPOCH + np.arange(11, dtype=np.int64) * 100 * MS
    values = np.arange(11, dtype=np.float64)
    values[3] = np.nan
    return Series(name, "km/h", t, values, **more)


def index_of(session: Path) -> tuple[Path, dict[str, Any]]:
    path = session.with_name(session.name + ".series") / "series.json"
    return path, json.loads(path.read_text())


def edit(session: Path, **changes: Any) -> None:
    path, data = index_of(session)
    data["series"][0].update(changes)
    path.write_text(json.dumps(data))


def test_what_was_added_is_there_again_and_the_session_is_as_it_was(session: Path) -> None:
    before = session.read_bytes()
    choices = {0.0: "park", 3.0: "drive"}
    SeriesStore.open(session).add([(one(choices=choices, offset_s=0.5, max_gap_s=2.0), SOURCE)])
    store = SeriesStore.open(session)
    (again,) = store.series()
    assert (again.name, again.unit, again.times, again.choices) == ("speed", "km/h", "absolute", choices)
    assert (again.offset_s, again.max_gap_s, again.begin_ns) == (0.5, 2.0, EPOCH)
    np.testing.assert_array_equal(again.t_ns, one().t_ns)
    np.testing.assert_array_equal(again.values, one().values)
    assert store.entries[0].source == SOURCE
    assert session.read_bytes() == before
    assert {p.name for p in store.folder.iterdir()} == {"series.json", "001-speed.parquet"}


def test_how_a_series_is_read_is_stored_and_what_older_programs_understand_is_written_for_them(session: Path) -> None:
    SeriesStore.open(session).add([(one("interpolated"), SOURCE)])
    _, data = index_of(session)
    assert data["version"] == 1
    assert "method" not in data["series"][0]
    SeriesStore.open(session).add([(one("held", method="previous"), SOURCE)])
    _, data = index_of(session)
    assert data["version"] == 2
    assert [s["method"] for s in data["series"]] == ["linear", "previous"]
    store = SeriesStore.open(session)
    between = EPOCH + 150 * MS
    assert [store.get(name).at(between) for name in ("interpolated", "held")] == [1.5, 1.0]


def test_the_offset_is_changed_for_good(session: Path) -> None:
    store = SeriesStore.open(session)
    store.add([(one(), SOURCE), (one("steer"), SOURCE)])
    store.set_offset("speed", -1.25)
    assert store.get("speed").offset_s == -1.25
    reopened = SeriesStore.open(session)
    assert (reopened.get("speed").offset_s, reopened.get("steer").offset_s) == (-1.25, 0.0)


def test_the_folder_goes_with_the_last_series(session: Path) -> None:
    store = SeriesStore.open(session)
    store.add([(one(), SOURCE), (one("steer"), SOURCE)])
    store.remove("speed")
    assert SeriesStore.open(session).names == ("steer",)
    assert len(list(store.folder.iterdir())) == 2
    store.remove("steer")
    assert not store.folder.exists()
    assert SeriesStore.open(session).names == ()


def test_a_folder_with_something_else_in_it_stays(session: Path) -> None:
    store = SeriesStore.open(session)
    store.add([(one(), SOURCE)])
    theirs = store.folder / "2024-drive.parquet"
    theirs.write_bytes(b"mine")
    store.remove("speed")
    assert [p.name for p in store.folder.iterdir()] == ["2024-drive.parquet"]


def test_a_name_that_is_taken(session: Path) -> None:
    store = SeriesStore.open(session)
    store.add([(one(), SOURCE)])
    with pytest.raises(SeriesError, match=r"named 'speed'.*--overwrite"):
        store.add([(one("steer"), SOURCE), (one(), SOURCE)])
    assert store.names == ("speed",)
    with pytest.raises(SeriesError, match="two series named 'a'"):
        store.add([(one("a"), SOURCE), (one("a"), SOURCE)])
    store.add([(one(offset_s=3.0), SOURCE)], overwrite=True)
    assert SeriesStore.open(session).get("speed").offset_s == 3.0
    assert len(list(store.folder.iterdir())) == 2


def test_any_name_gets_a_file(session: Path) -> None:
    store = SeriesStore.open(session)
    names = ["../up", "a/b", "Geschwindigkeit über Grund", "速度", "x" * 200, ".hidden", "con"]
    store.add([(one(name), SOURCE) for name in names])
    again = SeriesStore.open(session)
    assert [s.name for s in again.series()] == names
    assert all(p.parent == store.folder for p in store.folder.iterdir())
    with pytest.raises(SeriesError, match="cannot be stored"):
        store.add([(one("y" * 201), SOURCE)])
    assert len(list(store.folder.iterdir())) == 1 + len(names)


def test_there_is_none_of_that_name(session: Path) -> None:
    store = SeriesStore.open(session)
    for call in (lambda: store.get("x"), lambda: store.remove("x"), lambda: store.set_offset("x", 1)):
        with pytest.raises(SeriesError, match=r"no series 'x' beside night\.mcap"):
            call()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"offset_s": "soon"}, "series 'speed', offset_s: .*found 'soon'"),
        ({"offset_s": float("nan")}, "series 'speed', offset_s"),
        ({"offset_s": 1e300}, "series 'speed', offset_s"),
        ({"max_gap_s": 0}, "series 'speed', max_gap_s"),
        ({"times": "whenever"}, "series 'speed', times"),
        ({"data": "../../etc/passwd.parquet"}, "series 'speed', data"),
        ({"ofset_s": 1}, "series 'speed', ofset_s"),
        ({"choices": {"three": "drive"}}, "series 'speed', choices"),
        ({"name": "steer"}, "two series have the name 'steer'"),
    ],
)
def test_a_wrong_hand_edit_is_named(session: Path, changes: dict[str, Any], words: str) -> None:
    SeriesStore.open(session).add([(one(), SOURCE), (one("steer"), SOURCE)])
    edit(session, **changes)
    with pytest.raises(SeriesError, match=words):
        SeriesStore.open(session)


def test_a_right_hand_edit_counts(session: Path) -> None:
    SeriesStore.open(session).add([(one(), SOURCE)])
    edit(session, offset_s=-3, unit="m/s", name="ground speed")
    (again,) = SeriesStore.open(session).series()
    assert (again.name, again.unit, again.offset_s) == ("ground speed", "m/s", -3.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no JSON"),
        ("[]", "is wrong"),
        ("{}", "version"),
        ('{"version": 3, "series": "of a later kind"}', "version 3.*update tapetum"),
        ('{"version": 1, "series": [1]}', "is wrong"),
    ],
)
def test_a_series_json_that_is_none(session: Path, text: str, words: str) -> None:
    SeriesStore.open(session).add([(one(), SOURCE)])
    index_of(session)[0].write_text(text)
    with pytest.raises(SeriesError, match=words):
        SeriesStore.open(session)


def test_samples_that_are_gone_or_changed(session: Path) -> None:
    store = SeriesStore.open(session)
    store.add([(one(), SOURCE)])
    path = store.folder / "001-speed.parquet"
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)
    with pytest.raises(SeriesError, match=r"not those that were stored.*drive\.csv"):
        SeriesStore.open(session).get("speed")
    path.unlink()
    with pytest.raises(SeriesError, match=r"cannot be read.*add it again"):
        SeriesStore.open(session).get("speed")


def test_a_full_disk_leaves_what_was_there(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SeriesStore.open(session)
    store.add([(one(), SOURCE)])
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "series.json":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SeriesError, match="No space left"):
        store.add([(one("steer"), SOURCE)])
    with pytest.raises(SeriesError, match="No space left"):
        store.set_offset("speed", 5.0)
    monkeypatch.undo()
    again = SeriesStore.open(session)
    assert (again.names, again.get("speed").offset_s) == (("speed",), 0.0)
    assert {p.name for p in store.folder.iterdir()} == {"series.json", "001-speed.parquet"}


def test_series_of_another_session_of_the_same_name_are_told(session: Path) -> None:
    SeriesStore.open(session).add([(one(), SOURCE)])
    assert SeriesStore.open(session).is_of_this_session
    session.unlink()
    simple_session(session, 30)
    assert not SeriesStore.open(session).is_of_this_session


def test_a_session_without_frames_has_no_timeline(tmp_path: Path) -> None:
    with pytest.raises(SeriesError, match="no frames"):
        SeriesStore.open(write_session(tmp_path / "a.mcap", [DEPTH], []))
    with pytest.raises(SessionNotFoundError):
        SeriesStore.open(tmp_path / "b.mcap")


def test_a_player_with_an_open_session_needs_no_second_look(session: Path) -> None:
    from recordings.reader import SessionReader

    with SessionReader(session) as reader:
        timeline = Timeline.of(reader)
    assert timeline == Timeline.read(session)
    assert (timeline.end_ns - timeline.begin_ns) / SECOND == pytest.approx(29 * 0.033)
    assert SeriesStore(session, timeline).names == ()
