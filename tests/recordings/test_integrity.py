"""Everything that is damaged in a session is found and listed, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from drivers.errors import DriverError
from recordings.errors import RecordingError
from recordings.event import Event
from recordings.integrity import IntegrityReport, check_session
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry
from recordings.stored import encode_frame
from recordings.writer import SessionWriter
from tests.recordings.sessions import COLOR, DEPTH, EPOCH, frame_of, info_of, simple_session


def check(path: Path) -> IntegrityReport:
    with SessionReader(path) as reader:
        return check_session(reader)


def full_session(path: Path) -> Path:
    with SessionWriter(path, info_of([COLOR, DEPTH])) as writer:
        for n in range(10):
            writer.write_frame(frame_of(COLOR, n))
            writer.write_frame(frame_of(DEPTH, n))
            writer.write_schedule(ScheduleEntry(n, {"depth": n}))
            writer.write_observation(Observation(n, n, EPOCH + n, 0, {"depth": n}))
            if n % 5 == 4:
                writer.flush()
        writer.write_event(Event("yawn", 5))
        writer.write_attachment("notes", "text/plain", b"a whole attachment")
    return path


def chunks_of(path: Path) -> list[tuple[int, int]]:
    from mcap.reader import make_reader

    with path.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    return [(c.chunk_start_offset, c.chunk_length) for c in summary.chunk_indexes]


def spoil(path: Path, at: int, value: int | None = None) -> None:
    data = bytearray(path.read_bytes())
    data[at] = data[at] ^ 0x55 if value is None else value
    path.write_bytes(data)


def test_a_whole_session(tmp_path: Path) -> None:
    progress: list[tuple[int, int]] = []
    with SessionReader(full_session(tmp_path / "a.mcap")) as reader:
        report = check_session(reader, lambda n, of: progress.append((n, of)))
    assert report.is_whole, report
    assert report.frames == {"color": 10, "depth": 10}
    assert report.messages == 20 + 10 + 10 + 1
    assert progress[-1] == (20, 20)


def test_a_damaged_chunk_costs_what_is_in_it_and_no_more(tmp_path: Path) -> None:
    path = full_session(tmp_path / "a.mcap")
    (first, length), *_ = chunks_of(path)
    spoil(path, first + length // 2)
    report = check(path)
    assert report.bad_by_stream == {"color": 5, "depth": 5}
    assert [b.number for b in report.bad_frames if b.stream == "depth"] == [0, 1, 2, 3, 4]
    assert report.unreadable == {
        "/tapetum/observations": 5,
        "/tapetum/schedule": 5,
        "/color/image": 5,
        "/color/frame": 5,
        "/color/calibration": 1,
        "/depth/image": 5,
        "/depth/frame": 5,
        "/depth/calibration": 1,
    }
    assert any(f"the chunk at byte {first} is damaged" in problem for problem in report.problems)
    assert str(path) not in report.bad_frames[0].reason


def test_frames_whose_pixels_are_not_those_of_their_checksum(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([DEPTH])) as writer:
        for n in range(5):
            stored = encode_frame(frame_of(DEPTH, n + 100))
            writer.write_stored(replace(stored, checksum=0) if n in (1, 3) else stored)
    report = check(tmp_path / "a.mcap")
    assert [(b.stream, b.index, b.number) for b in report.bad_frames] == [("depth", 1, 101), ("depth", 3, 103)]
    assert not report.problems


def test_messages_that_do_not_parse(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([DEPTH])) as writer:
        writer.write_frame(frame_of(DEPTH, 0))
        writer.write_observation_bytes(b"{no json", EPOCH)
        writer.write_observation_bytes(b"[]", EPOCH + 1)
        writer.write_observation_bytes(json.dumps({"schema_version": 1, "frame_set": 0}).encode(), EPOCH + 2)
        writer.write_observation_bytes(Observation(0, 0, EPOCH, 0, {}).to_bytes(), EPOCH + 3)
        writer.write_message(
            "/their/topic", EPOCH, b"\xff", message_encoding="json", schema_name="", schema_encoding="",
            schema_data=b"", metadata={},
        )  # fmt: skip
    report = check(tmp_path / "a.mcap")
    assert report.unreadable == {"/tapetum/observations": 3, "/their/topic": 1}
    assert not report.is_whole
    assert not report.bad_frames
    assert len(report.problems) == 4


def test_a_damaged_attachment(tmp_path: Path) -> None:
    path = full_session(tmp_path / "a.mcap")
    spoil(path, path.read_bytes().index(b"a whole attachment"))
    assert check(path).problems == ("the attachment notes is damaged (checksum)",)


def test_a_stream_whose_index_is_damaged_is_named(tmp_path: Path) -> None:
    path = full_session(tmp_path / "a.mcap")
    spoil(path, path.read_bytes().index(b"tapetum.index/depth") + 100)
    report = check(path)
    assert not report.is_whole
    assert any("depth" in problem for problem in report.problems)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return simple_session(tmp_path_factory.mktemp("s") / "a.mcap", 3).read_bytes()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(at=299, value=33)  # the name of a stream in the description
@given(at=st.integers(0, 10**9), value=st.integers(0, 255))
def test_any_changed_byte_ends_in_a_report_or_a_clear_error(small: bytes, tmp_path: Path, at: int, value: int) -> None:
    data = bytearray(small)
    data[at % len(data)] = value
    path = tmp_path / "a.mcap"
    path.write_bytes(data)
    try:
        report = check(path)
    except (RecordingError, DriverError) as error:
        assert "a.mcap" in str(error)  # noqa: PT017 - an error is one of two good ends here
    else:
        assert set(report.frames) <= {"color", "depth"}
