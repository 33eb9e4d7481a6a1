"""`tapetum session info` tells what is in a session, and what is missing from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drivers.frame import FrameFlag
from recordings.describe import describe, lines
from recordings.errors import SessionFormatError, SessionNotFoundError
from recordings.observation import Event
from recordings.samples import bundled_session
from recordings.session import ScheduleEntry
from recordings.writer import SessionWriter
from tests.recordings.sessions import DEPTH, GRAY, MS, THERMAL, frame_of, info_of


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
        "2 dropped",
        "1 dropped before",
        "20.20 frames/s (nominal 30)",
        "radiometric",
        "not calibrated",
        "no frames",
        "1 mm a count",
        "registered to color",
        "1 events",
        "face_landmarks 1 openvino",
        "weather: night",
        "device clock",
    ):
        assert words in text


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
    monkeypatch.setattr("recordings.samples.NIGHT_DRIVE", "not-there.mcap")
    with pytest.raises(SessionNotFoundError, match="install tapetum again"):
        bundled_session()
