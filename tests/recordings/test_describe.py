"""`tapetum session info` tells what is in a session, and what is missing from it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from drivers.frame import FrameFlag
from recordings.cut import cut_session
from recordings.describe import describe
from recordings.describe_words import lines
from recordings.errors import SessionFormatError, SessionNotFoundError
from recordings.event import Event
from recordings.reader import SessionReader
from recordings.retention import mark_keep
from recordings.samples import bundled_session
from recordings.series.index import SourceEntry
from recordings.series.series import Series
from recordings.series.store import SeriesStore
from recordings.session import ScheduleEntry
from recordings.writer import SessionWriter
from tests.recordings.sessions import DEPTH, EPOCH, GRAY, MS, THERMAL, frame_of, info_of, write_session


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "a.mcap"
    with SessionWriter(path, info_of([DEPTH, THERMAL, GRAY]), codecs={"thermal": "png"}) as writer:
        for n in (0, 1, 2, 5, 6):  # 3 and 4 were lost
            flags = FrameFlag.DROPPED_BEFORE if n == 5 else FrameFlag.NONE
            writer.write_frame(frame_of(DEPTH, n, flags=flags))
        writer.write_frame(frame_of(THERMAL, 0, flags=FrameFlag.SHUTTER | FrameFlag.STALE))
        writer.write_event(Event("yawn", 5))
        writer.write_schedule(ScheduleEntry(0, {"depth": 0}))
        writer.write_run({"models": {"face_landmarks": {"version": "1", "backend": "openvino", "reasons": {}}}})
    return path


def test_the_numbers(session: Path) -> None:
    data = describe(session)
    json.dumps(data)
    depth, thermal, gray = data["streams"]
    assert data["duration_s"] == pytest.approx(0.198)
    assert (data["observations"], data["events"], data["schedule_entries"]) == (0, 1, 1)
    assert data["bytes"] == session.stat().st_size
    assert data["raw_bytes"] == 5 * 16 * 12 * 2 + 8 * 6 * 2
    assert data["compression_ratio"] == pytest.approx(data["raw_bytes"] / data["bytes"])
    assert (depth["frames"], depth["dropped"], depth["codec"]) == (5, 2, "raw")
    assert depth["fps_measured"] == pytest.approx(4 / 0.198)
    assert depth["longest_gap_s"] == pytest.approx(0.099)
    assert depth["flagged"] == {"dropped_before": 1}
    assert (depth["unit_m"], depth["calibrated"], depth["registered_to"]) == (0.001, True, "color")
    assert (thermal["radiometric"], thermal["codec"], thermal["fps_measured"]) == (True, "png", None)
    assert thermal["flagged"] == {"stale": 1, "shutter": 1}
    assert (gray["frames"], gray["codec"], gray["calibrated"], gray["radiometric"]) == (0, "", False, None)


def test_the_words(session: Path) -> None:
    text = "\n".join(lines(describe(session)))
    for words in (
        "20.20 (of 30)",
        "1 frames dropped before",
        "1 gap over 50 ms, the longest 99 ms at 0.07 s",
        "too short to tell its clock's drift",
        "radiometric",
        "not calibrated",
        "1 mm a count",
        "registered to color",
        "events     1: 1 x yawn",
        "?\u0020s  yawn",
        "face_landmarks 1 openvino",
        "weather: night",
        "device clock",
        "layout viewable",
        "2023-11-14 22:13:20 to 22:13:20 UTC",
    ):
        assert words in text, text
    for row in text.splitlines():
        assert row == row.rstrip()


def test_gaps_and_where_they_are(tmp_path: Path) -> None:
    frames = [frame_of(DEPTH, n) for n in range(100) if n not in (10, 40, 41, 42)]
    write_session(tmp_path / "a.mcap", [DEPTH], frames)
    (depth,) = describe(tmp_path / "a.mcap")["streams"]
    assert depth["dropped"] == 4
    assert depth["gaps"]["count"] == 2
    assert depth["gaps"]["longest_s"] == pytest.approx(4 * 0.033)
    assert depth["gaps"]["longest_at_s"] == pytest.approx(39 * 0.033)


def watched(path: Path, notes: dict[str, str]) -> Path:
    """As profile watch writes: every tenth frame, and the camera lost one before frame 30."""
    with SessionWriter(path, dataclasses.replace(info_of([DEPTH]), notes=notes)) as writer:
        for n in range(0, 50, 10):
            flags = FrameFlag.LOSSY | (FrameFlag.DROPPED_BEFORE if n == 30 else FrameFlag.NONE)
            writer.write_frame(frame_of(DEPTH, n, flags=flags))
    return path


def test_frames_that_profile_watch_left_out_on_purpose_are_not_called_lost(tmp_path: Path) -> None:
    data = describe(watched(tmp_path / "a.mcap", {"profile": "watch"}))
    (depth,) = data["streams"]
    assert (depth["dropped"], depth["left_out"]) == (1, 35)
    text = "\n".join(lines(data))
    assert "at least 1" in text
    assert "35 left out on purpose" in text


@pytest.mark.parametrize("notes", [{}, {"profile": "evidence"}, {"profile": "watch", "clip_of": "night"}])
def test_what_should_be_complete_and_is_not_has_lost_frames(tmp_path: Path, notes: dict[str, str]) -> None:
    (depth,) = describe(watched(tmp_path / "a.mcap", notes))["streams"]
    assert (depth["dropped"], depth["left_out"]) == (36, 0)


def test_a_camera_that_was_opened_again_has_a_gap_on_our_clock(tmp_path: Path) -> None:
    first = [frame_of(DEPTH, n) for n in range(10)]
    second = [frame_of(DEPTH, n, host_ns=EPOCH + 60_000 * MS + n * 33 * MS) for n in range(10)]
    write_session(tmp_path / "a.mcap", [DEPTH], first + second)
    (depth,) = describe(tmp_path / "a.mcap")["streams"]
    assert (depth["dropped"], depth["gaps"]["count"], depth["device_clock"]["breaks"]) == (0, 1, 1)
    assert depth["gaps"]["longest_s"] == pytest.approx(60 - 9 * 0.033)
    assert depth["fps_measured"] == pytest.approx(19 / (60 + 9 * 0.033))
    assert "its clock jumped 1 times" in "\n".join(lines(describe(tmp_path / "a.mcap")))


def test_the_drift_of_a_cameras_clock(tmp_path: Path) -> None:
    frames = [
        frame_of(THERMAL, n, device_ns=n * 100 * MS, host_ns=EPOCH + round(n * 100 * MS * (1 - 50e-6)))
        for n in range(200)
    ]
    write_session(tmp_path / "a.mcap", [THERMAL], frames)
    data = describe(tmp_path / "a.mcap")
    assert data["streams"][0]["device_clock"]["drift_ppm"] == pytest.approx(50, abs=0.1)
    assert "its clock runs 50.00 ± 0.00 ppm fast" in "\n".join(lines(data))


def test_events_are_counted_by_name_and_placed(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([DEPTH])) as writer:
        for n in range(30):
            writer.write_frame(frame_of(DEPTH, n))
        for n in range(7):
            writer.write_event(Event("yawn", 5_000 * MS + n * 99 * MS, 5_000 * MS + n * 99 * MS + 50 * MS, 1, "wide"))
        writer.write_event(Event("recording ended", 5_000 * MS, None, None, "the disk is full"))
    data = describe(tmp_path / "a.mcap")
    assert data["events_by_name"] == {"yawn": 7, "recording ended": 1}
    assert [e["at_s"] for e in data["first_events"]] == pytest.approx([0, 0.099, 0.198, 0.297, 0.396])
    assert data["recording"]["ended"] == "the disk is full"
    text = "\n".join(lines(data))
    for words in ("7 x yawn, 1 x recording ended", "0.10 s  yawn (0.05 s): wide", "and 3 more", "ended      the disk"):
        assert words in text


def test_what_lies_beside_a_session_and_what_it_is_part_of(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    notes = {"recording": "abc", "segment": "2", "profile": "watch", "clip_of": "night", "car": "blue"}
    with SessionWriter(path, dataclasses.replace(info_of([DEPTH]), notes=notes), "compact") as writer:
        writer.write_frame(frame_of(DEPTH, 0, flags=FrameFlag.LOSSY))
        writer.write_run({"models": {}, "replayable": False})
    mark_keep(path)
    store = SeriesStore.open(path)
    series = Series("speed", "km/h", np.array([0, 1]), np.array([1.0, 2.0]))
    store.add([(series, SourceEntry(file="a.csv", xxh3="0" * 16, column="v"))])
    data = describe(path)
    assert (data["kept"], data["layout"], data["replayable"], data["chunks"]) == (True, "compact", False, 1)
    assert data["streams"][0]["flagged"] == {"lossy": 1}
    text = "\n".join(lines(data))
    for words in (
        "segment 2 of recording abc, a clip of night, profile watch",
        "marked to keep",
        "speed km/h (2, offset +0 s)",
        "1 frames lossy",
        "not replayable",
        "car: blue",
    ):
        assert words in text
    assert "note       segment" not in text
    (store.folder / "series.json").write_text("{")
    assert "is no JSON" in "\n".join(lines(describe(path)))


def test_a_part_says_of_what_and_why_its_results_cannot_be_computed_again(session: Path, tmp_path: Path) -> None:
    out = tmp_path / "part.mcap"
    cut_session(session, out, from_s=0.05, to_s=60.0)
    data = describe(out)
    with SessionReader(session) as whole:
        assert data["recording"]["cut_of"] == whole.info.id
    assert data["recording"]["cut_from_s"] == 0.05
    assert data["not_replayable"]
    text = "\n".join(lines(data))
    assert f"0.05 to {data['recording']['cut_to_s']} s of session {data['recording']['cut_of']}" in text
    assert f"because {data['not_replayable']}" in text
    assert "note       cut" not in text


def test_counts_that_start_again_are_no_losses(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([DEPTH])) as writer:
        for k, n in enumerate((7, 8, 0, 1, 1, 2)):
            writer.write_frame(frame_of(DEPTH, n, host_ns=(k + 1) * MS))
    assert describe(tmp_path / "a.mcap")["streams"][0]["dropped"] == 0


def test_an_empty_session(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([])):
        pass
    data = describe(tmp_path / "a.mcap")
    assert (data["duration_s"], data["streams"], data["compression"]) == (0.0, [], "none")
    assert lines(data)


def test_what_is_no_session(tmp_path: Path) -> None:
    with pytest.raises(SessionNotFoundError):
        describe(tmp_path / "a.mcap")
    (tmp_path / "a.mcap").write_text("hello")
    with pytest.raises(SessionFormatError):
        describe(tmp_path / "a.mcap")


def test_a_missing_bundled_session_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recordings.samples.BUNDLED", ("not-there",))
    with pytest.raises(SessionNotFoundError, match="install tapetum again"):
        bundled_session("not-there")
