"""A compact session becomes one that viewers show, and nothing of it is lost on the way."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from mcap.reader import make_reader

from pipeline.verify import verify_session
from recordings import schemas
from recordings.container import McapFile
from recordings.exporters.viewable import EXPORTER
from recordings.reader import SessionReader
from recordings.writer import SessionWriter
from tests.recordings.export_cases import FRAMES, STREAMS, export, full_session
from tests.recordings.sessions import COLOR, DEPTH, GRAY, THERMAL, assert_same, frame_of, info_of

MADE_ANEW = tuple(f"/{s.name}/{what}" for s in STREAMS for what in ("image", "frame", "calibration"))


def other_messages(path: Path) -> Counter[tuple[str, str, str, int, bytes]]:
    """Topic, schema, encoding, time and data of every message that is no frame, by the plain `mcap` library."""
    with path.open("rb") as file:
        return Counter(
            (channel.topic, schema.name if schema else "", channel.message_encoding, message.log_time, message.data)
            for schema, channel, message in make_reader(file).iter_messages()
            if channel.topic not in MADE_ANEW
        )


@pytest.mark.parametrize("layout", ["compact", "viewable"])
def test_nothing_is_lost(layout: str, tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap", layout)  # type: ignore[arg-type]  # parametrized words
    report = export(EXPORTER, source, tmp_path / "out.mcap")
    assert report.frames == {s.name: FRAMES for s in STREAMS}
    assert report.bytes == (tmp_path / "out.mcap").stat().st_size
    with SessionReader(source) as a, SessionReader(tmp_path / "out.mcap") as b:
        assert b.info == a.info
        assert b.run() == a.run()
        for info in STREAMS:
            assert b.codec(info.name) == ("jpeg" if info.name == "webcam" else "raw")
            for index in range(FRAMES):
                assert_same(a.frame(info.name, index), b.frame(info.name, index))
                assert a.stored(info.name, index).checksum == b.stored(info.name, index).checksum
        assert a.stored("webcam", 1).data == b.stored("webcam", 1).data
        assert list(b.observation_bytes()) == list(a.observation_bytes())
        assert list(b.events()) == list(a.events())
        assert b.schedule() == a.schedule()
    kept = other_messages(tmp_path / "out.mcap")
    assert kept == other_messages(source)
    topics = {topic for topic, *_ in kept}
    assert {"/car/speed", "/tapetum/log", "/color/annotations", "/tapetum/events"} <= topics


def test_attachments_come_along(tmp_path: Path) -> None:
    export(EXPORTER, full_session(tmp_path / "in.mcap", "compact"), tmp_path / "out.mcap")
    with (tmp_path / "out.mcap").open("rb") as file:
        found = {a.name: (a.media_type, a.data) for a in make_reader(file).iter_attachments()}
    assert found.pop("truth.json") == ("application/json", b'{"a": 1}')
    assert set(found) == {schemas.INDEX_ATTACHMENT + s.name for s in STREAMS}


def test_messages_stand_between_the_frames_they_stood_between(tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap", "compact")
    export(EXPORTER, source, tmp_path / "out.mcap")
    with (tmp_path / "out.mcap").open("rb") as file:
        in_file = [
            (c.topic, m.log_time)
            for _, c, m in make_reader(file).iter_messages(log_time_order=False)
            if c.topic in ("/depth/image", "/tapetum/observations")
        ]
    assert in_file == sorted(in_file, key=lambda both: both[1])
    assert len(in_file) == 2 * FRAMES


def test_png_stays_where_viewers_show_all_its_bits(tmp_path: Path) -> None:
    """Browsers decode PNG of 16 bits to 8."""
    with SessionWriter(
        tmp_path / "in.mcap",
        info_of([COLOR, DEPTH, THERMAL]),
        codecs=dict.fromkeys(["color", "depth", "thermal"], "png"),
    ) as writer:
        for n in range(2):
            for info in (COLOR, DEPTH, THERMAL):
                writer.write_frame(frame_of(info, n))
    report = export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out.mcap")
    assert report.notes == ("stored as raw pixels now: depth, thermal",)
    with SessionReader(tmp_path / "in.mcap") as a, SessionReader(tmp_path / "out.mcap") as b:
        assert [b.codec(s.name) for s in b.streams] == ["png", "raw", "raw"]
        assert a.stored("color", 0).data == b.stored("color", 0).data
        assert_same(a.frame("thermal", 1), b.frame("thermal", 1))


def test_a_part_is_a_session_of_its_own(tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap", "compact")
    report = export(EXPORTER, source, tmp_path / "out.mcap", streams=("depth", "gray"), from_s=0.033, to_s=0.07)
    assert report.frames == {"depth": 2, "gray": 2}
    with SessionReader(source) as a, SessionReader(tmp_path / "out.mcap") as b:
        assert [s.name for s in b.streams] == ["depth", "gray"]
        assert b.info.id != a.info.id
        assert b.info.notes["part of"] == f"session {a.info.id}"
        assert b.info.created_utc == a.info.created_utc
        assert_same(b.frame("depth", 0), a.frame("depth", 1))
        assert [o.frame_set for o in b.observations()] == [1, 2]
    file = McapFile(tmp_path / "out.mcap")
    assert "/color/annotations" not in file.channels  # of a stream that is not in it
    assert file.count("/car/speed") == 2
    file.close()


@pytest.mark.parametrize("part", [{"from_s": 0.033}, {"to_s": 0.07}, {"streams": ("depth",)}])
def test_a_part_says_that_its_results_cannot_be_computed_again(part: dict[str, Any], tmp_path: Path) -> None:
    source = full_session(tmp_path / "in.mcap")
    report = export(EXPORTER, source, tmp_path / "out.mcap", **part)
    assert "from a part they cannot be computed again" in report.notes[-1]
    with SessionReader(source) as a, SessionReader(tmp_path / "out.mcap") as b:
        why = {"replayable": False, "not_replayable": "it is a part of a session"}
        assert b.run() == {**(a.run() or {}), **why}
    found = verify_session(tmp_path / "out.mcap")
    assert (found.is_good, found.results) == (True, "not verified")


def test_streams_without_frames_are_kept_as_streams(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "in.mcap", info_of([DEPTH, GRAY]), "compact") as writer:
        writer.write_frame(frame_of(DEPTH, 0))
    report = export(EXPORTER, tmp_path / "in.mcap", tmp_path / "out.mcap")
    assert report.frames == {"depth": 1}
    with SessionReader(tmp_path / "out.mcap") as session:
        assert [s.name for s in session.streams] == ["depth", "gray"]
        assert session.count("gray") == 0
