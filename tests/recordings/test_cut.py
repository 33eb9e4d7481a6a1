"""A cut holds precisely the frames of its span, byte for byte, and says of everything else what became of it."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from recordings.cut import SessionCutError, cut_session
from recordings.errors import SessionFormatError, SessionNotFoundError, SessionWriteError
from recordings.event import Event
from recordings.merge import merge_sessions
from recordings.reader import SessionReader
from recordings.series.errors import SeriesError
from recordings.series.series import Series, Timeline
from recordings.series.store import SeriesStore, source_entry
from recordings.session import ScheduleEntry, SessionInfo
from recordings.writer import SessionWriter
from tests.recordings.part_cases import (
    RUN,
    STEP,
    device,
    entry,
    host,
    observation,
    others,
    stored,
    topic_counts,
    write_live,
)
from tests.recordings.sessions import (
    ALL_KINDS,
    COLOR,
    DEPTH,
    EPOCH,
    MS,
    frame_of,
    info_of,
    simple_session,
    write_session,
)


def seconds(n: float) -> float:
    """The time of frame ``n`` on the session's clock."""
    return n * STEP / 1e9


@pytest.mark.parametrize("layout", ["viewable", "compact"])
def test_the_whole_is_the_same_frame_for_frame(layout: str, tmp_path: Path) -> None:
    events = (Event("blink", device(2), device(4), 1), Event("nod", device(5)))
    live = write_live(tmp_path / "live.mcap", events=events, layout=layout)
    report = cut_session(live, tmp_path / "cut.mcap")
    assert stored(report.path) == stored(live)
    assert others(report.path) == others(live)
    assert topic_counts(report.path) == topic_counts(live)
    assert report.replayable is True
    with SessionReader(report.path) as cut, SessionReader(live) as session:
        assert cut.compression == session.compression
        assert cut.info.id != session.info.id
        assert cut.info.notes["cut_of"] == session.info.id
        assert cut.info.notes["weather"] == "night"
        assert cut.info.streams == session.info.streams


def test_a_span_holds_its_frames_both_ends_included(tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 10)
    report = cut_session(whole, tmp_path / "cut.mcap", from_s=seconds(3), to_s=seconds(6))
    assert report.frames == {"color": 4, "depth": 4}
    assert stored(report.path) == [f for f in stored(whole) if host(3) <= f.host_ns <= host(6)]
    with SessionReader(report.path) as cut:
        assert cut.info.notes["cut_from_s"] == "0.099000000"
        assert cut.info.notes["cut_host_ns"] == f"{host(3)} {host(6)}"


def test_every_kind_of_stream_and_codec(tmp_path: Path) -> None:
    frames = [frame_of(s, n, host_ns=host(n) + k) for n in range(6) for k, s in enumerate(ALL_KINDS)]
    whole = write_session(
        tmp_path / "whole.mcap", ALL_KINDS, frames, codecs={"color": "png", "depth": "compact"}, compression="lz4"
    )
    report = cut_session(whole, tmp_path / "cut.mcap", from_s=seconds(1))
    assert stored(report.path) == [f for f in stored(whole) if f.host_ns >= host(1)]
    with SessionReader(report.path) as cut:
        assert [cut.codec(s.name) for s in ALL_KINDS] == ["png", "compact", "raw", "raw", "raw"]
        assert cut.compression == "lz4"
        assert len(list(cut.frames())) == 25  # decoded, checksums compared


def test_streams_that_are_left_out(tmp_path: Path) -> None:
    live = write_live(tmp_path / "live.mcap")
    report = cut_session(live, tmp_path / "cut.mcap", streams=["color"])
    assert stored(report.path) == stored(live, ["color"])
    counts = topic_counts(report.path)
    assert "/depth/annotations" not in counts  # drawn over pixels that are not there
    assert "/tapetum/schedule" not in counts  # it names frames that are not there
    assert counts["/tapetum/observations"] == 12  # what was measured then stays known
    assert report.replayable is False
    run = others(report.path)["run"]
    assert run["replayable"] is False
    assert "without some of the streams" in run["not_replayable"]
    with SessionReader(report.path) as cut:
        assert cut.info.notes["cut_streams"] == "color"


def test_the_beginning_keeps_results_that_can_be_computed_again(tmp_path: Path) -> None:
    live = write_live(tmp_path / "live.mcap")
    report = cut_session(live, tmp_path / "cut.mcap", to_s=seconds(5.5))
    found = others(report.path)
    assert found["schedule"] == [0, 1, 2, 3, 4, 5]
    assert found["observations"] == [observation(n).to_bytes() for n in range(6)]
    assert found["run"] == RUN
    assert report.replayable is True


def test_at_the_edge_no_observation_is_kept_whose_frames_are_not(tmp_path: Path) -> None:
    """FrameSet 4 waited for a frame that is after the cut; 5 is in the cut, but nothing can be said of it without 4."""
    with SessionWriter(tmp_path / "live.mcap", info_of((COLOR, DEPTH))) as writer:
        writer.write_run(RUN)
        for n in range(8):
            late = {4: 30 * MS, 5: -20 * MS}.get(n, 0)
            writer.write_frame(frame_of(DEPTH, n, host_ns=host(n) + min(late, 0)))
            if n != 5:
                writer.write_frame(frame_of(COLOR, n, host_ns=host(n) + max(late, 0)))
            writer.write_schedule(entry(n) if n != 5 else ScheduleEntry(5, {"depth": 5}, entry(5).engines))
            writer.write_observation(observation(n, host_ns=host(n) + late))
    report = cut_session(tmp_path / "live.mcap", tmp_path / "cut.mcap", to_s=seconds(4.5))
    found = others(report.path)
    assert report.frames == {"color": 4, "depth": 6}
    assert found["schedule"] == [0, 1, 2, 3]
    assert found["observations"] == [observation(n, host_ns=host(n)).to_bytes() for n in range(4)]
    counts = topic_counts(report.path)
    assert (counts["/tapetum/signals"], counts["/depth/annotations"]) == (4, 4)
    assert report.replayable is True
    assert report.notes[0].endswith("not all they depend on is in the span: 1")


def test_the_middle_says_that_its_results_depend_on_what_was_before(tmp_path: Path) -> None:
    live = write_live(tmp_path / "live.mcap")
    report = cut_session(live, tmp_path / "cut.mcap", from_s=seconds(4), to_s=seconds(7.5))
    found = others(report.path)
    assert found["schedule"] == [4, 5, 6, 7]
    assert found["observations"] == [observation(n).to_bytes() for n in range(4, 8)]
    assert found["run"] == {
        **RUN,
        "replayable": False,
        "not_replayable": "it is a cut out of the middle of another session: the steps remember what came before it",
    }
    assert report.replayable is False


def test_numbers_that_began_anew_are_told_apart_by_time(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "live.mcap", info_of((COLOR, DEPTH))) as writer:
        writer.write_run(RUN)
        for n in range(12):
            for k, stream in enumerate((COLOR, DEPTH)):
                writer.write_frame(frame_of(stream, n % 6, host_ns=host(n) + k, device_ns=device(n % 6)))
            frames = {"color": n % 6, "depth": n % 6}
            writer.write_schedule(ScheduleEntry(n, frames))
            if n % 2:
                writer.write_observation(observation(n))
        writer.write_event(Event("late", device(4), device(4)))
    report = cut_session(tmp_path / "live.mcap", tmp_path / "cut.mcap", from_s=seconds(7), to_s=seconds(10.5))
    assert others(report.path)["schedule"] == [7, 8, 9, 10]
    assert others(report.path)["events"] == [Event("late", device(4), device(4))]


def test_events_that_overlap_the_span(tmp_path: Path) -> None:
    inside, across, before, after = (
        Event("inside", device(5), device(5)),
        Event("across", device(1), device(11)),
        Event("before", device(0), device(2)),
        Event("after", device(9), device(10)),
    )
    lasting, later = Event("lasting", device(3)), Event("later", device(9))
    elsewhere = Event("no camera's clock", 7)  # told by when it was written: at the end
    events = (inside, across, before, after, lasting, later, elsewhere)
    live = write_live(tmp_path / "live.mcap", events=events)
    report = cut_session(live, tmp_path / "cut.mcap", from_s=seconds(4), to_s=seconds(7))
    assert set(others(report.path)["events"]) == {inside, across, lasting}
    with SessionReader(report.path) as cut:
        statistics = cut._file.statistics
        assert statistics is not None
        # what was written down later makes the cut no longer than its frames are
        assert (statistics.message_start_time, statistics.message_end_time) == (host(4), host(7))


def test_log_attachments_and_topics_of_others(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "live.mcap", info_of((DEPTH,))) as writer:
        for n in range(10):
            writer.write_frame(frame_of(DEPTH, n))
            writer.write_log("info", f"line {n}")
            writer.write_message(
                "/imu",
                host(n),
                f"{{{n}}}".encode(),
                message_encoding="json",
                schema_name="",
                schema_encoding="",
                schema_data=b"",
                metadata={"axis": "z"},
            )
        writer.write_attachment("calibration.yml", "text/yaml", b"fx: 20.0\n")
    report = cut_session(tmp_path / "live.mcap", tmp_path / "cut.mcap", from_s=seconds(2), to_s=seconds(5))
    counts = topic_counts(report.path)
    assert (counts["/imu"], counts["/tapetum/log"], counts["/depth/image"]) == (4, 4, 4)
    assert report.messages["/imu"] == 4
    with SessionReader(report.path) as cut:
        assert cut.attachment("calibration.yml") == b"fx: 20.0\n"


def test_results_without_a_run_do_not_become_a_fault(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "live.mcap", info_of((COLOR, DEPTH))) as writer:
        for n in range(6):
            writer.write_frame(frame_of(DEPTH, n))
            writer.write_observation(observation(n))
    report = cut_session(tmp_path / "live.mcap", tmp_path / "cut.mcap", from_s=seconds(3))
    assert others(report.path)["run"]["replayable"] is False


# -- series ----------------------------------------------------------------------------------------------------------


def add_series(session: Path, source: Path, **changes: object) -> None:
    """Speed at 100 Hz, from a second before the session to a second after it."""
    t = np.arange(-1000 * MS, 2000 * MS, 10 * MS, dtype=np.int64)
    absolute = Series("speed", "km/h", EPOCH + t, t / 1e9, max_gap_s=0.5, offset_s=0.25)
    relative = Series("steer", "deg", t, t / 1e9, "relative", EPOCH, -0.125, 0.5)
    store = SeriesStore.open(session)
    store.add([(one, source_entry(source, one.name)) for one in (absolute, relative)])


def test_series_lie_at_the_same_times(tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 30)
    add_series(whole, whole)
    report = cut_session(whole, tmp_path / "cut.mcap", from_s=seconds(10), to_s=seconds(20))
    was, now = SeriesStore.open(whole), SeriesStore.open(report.path)
    assert now.is_of_this_session
    times = np.arange(host(10), host(20), MS, dtype=np.int64)
    for name in ("speed", "steer"):
        np.testing.assert_array_equal(now.get(name).at(times), was.get(name).at(times))
        assert len(now.get(name).t_ns) < 60
    assert now.get("speed").offset_s == 0.25
    assert now.get("steer").offset_s == pytest.approx(-0.125 - seconds(10), abs=1e-9)
    assert now.entries[0].source == was.entries[0].source


def test_series_that_say_nothing_of_the_span_are_told(tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 30)
    early = Series("early", "", np.array([EPOCH, EPOCH + MS]), np.zeros(2))
    SeriesStore.open(whole).add([(early, source_entry(whole, "early"))])
    report = cut_session(whole, tmp_path / "cut.mcap", from_s=seconds(10))
    assert not (tmp_path / "cut.mcap.series").exists()
    assert report.notes == ("the series 'early' beside whole.mcap says nothing of this time",)


def test_damaged_series_do_not_hold_up_the_cut(tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 5)
    (tmp_path / "whole.mcap.series").mkdir()
    (tmp_path / "whole.mcap.series" / "series.json").write_text("{")
    report = cut_session(whole, tmp_path / "cut.mcap")
    assert "are not carried over" in report.notes[0]
    assert stored(report.path) == stored(whole)


def test_series_of_another_session_are_in_the_way(tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 30)
    add_series(whole, whole)
    (tmp_path / "cut.mcap.series").mkdir()
    (tmp_path / "cut.mcap.series" / "mine.txt").write_text("mine")
    with pytest.raises(SeriesError, match="series of another session"):
        cut_session(whole, tmp_path / "cut.mcap")
    assert not (tmp_path / "cut.mcap").exists()


def test_overwriting_replaces_the_old_series(tmp_path: Path) -> None:
    whole, old = simple_session(tmp_path / "whole.mcap", 30), simple_session(tmp_path / "cut.mcap", 3)
    add_series(whole, whole)
    t = np.array([EPOCH, EPOCH + MS])
    SeriesStore.open(old).add([(Series("old", "", t, np.zeros(2)), source_entry(old, "old"))])
    cut_session(whole, old, overwrite=True)
    assert SeriesStore.open(old).names == ("speed", "steer")
    assert SeriesStore(old, Timeline.read(old)).is_of_this_session


# -- what cannot be cut ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"from_s": 0.2, "to_s": 0.1}, "nothing lies from 0.2 to 0.1 s.*lasts 0.297 s"),
        ({"from_s": 0.1, "to_s": 0.1}, "nothing lies from 0.1 to 0.1 s"),
        ({"from_s": 0.5}, "lasts 0.297 s, so nothing lies from 0.5 s on"),
        ({"from_s": 0.04, "to_s": 0.05}, "no frame from 0.040 to 0.050 s: color has them from 0.000 to 0.297 s, depth"),
        ({"from_s": -1.0}, "--from-s takes seconds"),
        ({"to_s": math.nan}, "--to-s takes seconds"),
        ({"to_s": math.inf}, "--to-s takes seconds"),
        ({"streams": ["thermal"]}, "no stream 'thermal'; its streams: color, depth"),
    ],
)
def test_bad_spans_are_refused_in_words(options: dict[str, object], words: str, tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 10)
    with pytest.raises(SessionCutError, match=words):
        cut_session(whole, tmp_path / "cut.mcap", **options)  # type: ignore[arg-type]  # wrong on purpose
    assert [p.name for p in tmp_path.iterdir()] == ["whole.mcap"]


def test_a_span_beyond_the_end_is_told(tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 10)
    report = cut_session(whole, tmp_path / "cut.mcap", to_s=1e6)
    assert report.notes == ("the session ends at 0.297 s",)
    assert stored(report.path) == stored(whole)


def test_a_stream_without_frames_in_the_span_is_told(tmp_path: Path) -> None:
    frames = [frame_of(DEPTH, n) for n in range(10)] + [frame_of(COLOR, n) for n in range(2)]
    whole = write_session(tmp_path / "whole.mcap", (COLOR, DEPTH), frames)
    report = cut_session(whole, tmp_path / "cut.mcap", from_s=seconds(5))
    assert report.frames == {"color": 0, "depth": 5}
    assert "stream color has no frame in this span" in report.notes


def test_the_session_itself_is_never_written_to(tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 10)
    data = whole.read_bytes()
    with pytest.raises(SessionWriteError, match="one of the files to read"):
        cut_session(whole, whole, overwrite=True)
    part = whole.rename(tmp_path / "x.mcap.part")
    with pytest.raises(SessionWriteError, match=r"x\.mcap\.part would be written while x\.mcap is written"):
        cut_session(part, tmp_path / "x.mcap", overwrite=True)
    assert part.read_bytes() == data


def test_what_is_there_is_only_replaced_when_that_is_said(tmp_path: Path) -> None:
    whole, there = simple_session(tmp_path / "whole.mcap", 10), simple_session(tmp_path / "there.mcap", 2)
    with pytest.raises(SessionWriteError, match="--overwrite"):
        cut_session(whole, there)
    cut_session(whole, there, overwrite=True)
    assert stored(there) == stored(whole)


def test_no_session_and_no_frames(tmp_path: Path) -> None:
    with pytest.raises(SessionNotFoundError):
        cut_session(tmp_path / "nowhere.mcap", tmp_path / "cut.mcap")
    with pytest.raises(SessionCutError, match="no frames"):
        cut_session(write_session(tmp_path / "empty.mcap", (DEPTH,), ()), tmp_path / "cut.mcap")


def test_damage_in_the_span_leaves_nothing_behind(tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 10)
    data = bytearray(whole.read_bytes())
    data[len(data) // 3] ^= 0x40
    whole.write_bytes(data)
    with pytest.raises(SessionFormatError, match="session recover"):
        cut_session(whole, tmp_path / "cut.mcap")
    assert [p.name for p in tmp_path.iterdir()] == ["whole.mcap"]


def test_progress_ends_with_all_frames(tmp_path: Path) -> None:
    whole = simple_session(tmp_path / "whole.mcap", 70)
    told: list[tuple[int, int]] = []
    cut_session(whole, tmp_path / "cut.mcap", on_progress=lambda done, of: told.append((done, of)))
    assert told == [(64, 140), (128, 140), (140, 140)]


# -- parts put together again ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Streams of several rates, one that begins late, events, in many chunks."""
    path = tmp_path_factory.mktemp("whole") / "whole.mcap"
    info = SessionInfo.create(ALL_KINDS, title="x", source="tests")
    with SessionWriter(path, info) as writer:
        writer.write_run(RUN)
        for n in range(40):
            there = [s for k, s in enumerate(ALL_KINDS) if n % (k + 1) == 0 and (k != 2 or n > 20)]
            for stream in there:
                writer.write_frame(frame_of(stream, n, host_ns=host(n) + ALL_KINDS.index(stream) * MS))
            writer.write_schedule(ScheduleEntry(n, {s.name: n for s in there}, entry(n).engines))
            writer.write_observation(observation(n))
            if n % 5 == 0:
                writer.write_event(Event("blink", device(max(0, n - 3)), device(n), n))
            if n % 7 == 0:
                writer.flush(sync=False)
    return path


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(cuts=[132000002], overlap=0)
@example(cuts=[1, 500013], overlap=499987)
@given(cuts=st.lists(st.integers(1, 39 * STEP), max_size=3, unique=True), overlap=st.integers(0, 3 * STEP))
def test_cuts_merged_again_are_the_whole(
    recorded: Path, tmp_path_factory: pytest.TempPathFactory, cuts: list[int], overlap: int
) -> None:
    """Adjacent or overlapping, at any times: every frame, observation and event is there again, and once."""
    folder = tmp_path_factory.mktemp("parts")
    edges = [None, *(c / 1e9 for c in sorted(cuts)), None]
    parts = []
    for k, (a, b) in enumerate(itertools.pairwise(edges)):
        try:
            end = None if b is None else b + overlap / 1e9
            parts.append(cut_session(recorded, folder / f"{k}.mcap", from_s=a, to_s=end).path)
        except SessionCutError:
            continue  # between two cuts that lie close there is no frame
    if len(parts) < 2:
        return
    report = merge_sessions(parts[::-1], folder / "again.mcap")
    assert stored(report.path) == stored(recorded)
    assert not report.holes or len(parts) < len(cuts) + 1
    events = [e for e in others(report.path)["events"] if e.name != "part missing"]
    assert events == others(recorded)["events"]
    # an observation of a FrameSet across an edge may be in neither part, and none is in the whole twice
    found = others(report.path)["observations"]
    assert len(set(found)) == len(found)
    assert set(found) <= set(others(recorded)["observations"])
    assert len(found) >= 40 - 3 * len(cuts)
