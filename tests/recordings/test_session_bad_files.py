"""A file that is no session, or no longer a whole one, is told in one sentence."""

from __future__ import annotations

import dataclasses
import json
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.writer import Writer

from drivers.frame import StreamInfo, StreamKind
from recordings import frame_index
from recordings.errors import RecordingError, SessionFormatError, SessionNotFoundError
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry, SessionInfo
from recordings.writer import SessionWriter
from tests.recordings.sessions import COLOR, DEPTH, frame_of, info_of, simple_session, write_session


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SessionNotFoundError, match=r"nothing\.mcap"):
        SessionReader(tmp_path / "nothing.mcap")
    with pytest.raises(SessionNotFoundError, match="tapetum session import"):
        SessionReader(tmp_path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (cv2.imencode(".png", np.zeros((4, 4), np.uint8))[1].tobytes(), "a PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "a JPEG image"),
        (b"SQLite format 3\0" + bytes(100), "SQLite"),
        (b"hello, this is a text", "no session"),
        (b"\x89MC", "torn"),
        (b"\x89MCAP0\r\n", "torn"),
        (b"\x89MCAP0\r\n" + bytes(10), "torn"),
        (b"\x89MCAP0\r\n" + bytes(1000), "torn"),
        (b"\x89MCAP0\r\n" + bytes(1000) + b"\x89MCAP0\r\n", "torn"),
    ],
)
def test_a_wrong_file_is_named_for_what_it_is(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "wrong.mcap"
    path.write_bytes(data)
    with pytest.raises(SessionFormatError, match=words) as caught:
        SessionReader(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_recording_that_was_cut_off_is_called_torn(tmp_path: Path, part: float) -> None:
    data = simple_session(tmp_path / "whole.mcap").read_bytes()
    torn = tmp_path / "torn.mcap"
    torn.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(SessionFormatError, match=r"torn.*tapetum session recover .*torn\.mcap -o"):
        SessionReader(torn)


def test_an_mcap_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.mcap"
    with path.open("wb") as stream:
        writer = Writer(stream)
        writer.start()
        schema = writer.register_schema("x", "jsonschema", b"{}")
        channel = writer.register_channel("/x", "json", schema)
        writer.add_message(channel, 1, b"{}", 1)
        writer.finish()
    with pytest.raises(SessionFormatError, match="no Tapetum session"):
        SessionReader(path)


def write_with_description(path: Path, text: str) -> Path:
    with path.open("wb") as stream:
        writer = Writer(stream)
        writer.start()
        writer.add_metadata("tapetum.session", {"schema_version": "1", "json": text})
        writer.finish()
    return path


def test_a_session_of_a_newer_version(tmp_path: Path) -> None:
    newer = dataclasses.replace(info_of([COLOR]), schema_version=2)
    with SessionWriter(tmp_path / "new.mcap", newer):
        pass
    with pytest.raises(SessionFormatError, match=r"schema version 2.*update tapetum"):
        SessionReader(tmp_path / "new.mcap")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"schema_version": "1"}',
        '{"schema_version": true}',
        json.dumps(info_of([COLOR]).to_json() | {"streams": [{"name": "x"}]}),
        json.dumps(info_of([COLOR]).to_json() | {"streams": 7}),
        json.dumps(info_of([COLOR]).to_json() | {"clock": "sundial"}),
        json.dumps(info_of([COLOR]).to_json() | {"notes": None}),
    ],
)
def test_a_session_whose_description_is_broken(tmp_path: Path, text: str) -> None:
    path = write_with_description(tmp_path / "broken.mcap", text)
    with pytest.raises(SessionFormatError, match="broken"):
        SessionReader(path)


def big_session(path: Path) -> Path:
    info = StreamInfo("depth", StreamKind.DEPTH, 200, 200, "uint16", unit_m=0.001)
    return write_session(path, [info], (frame_of(info, n) for n in range(30)), compression="none")


def test_a_changed_pixel_is_found_by_its_checksum(tmp_path: Path) -> None:
    """With the chunk's own checksum made right again, ours still tells."""
    path = simple_session(tmp_path / "a.mcap", 1, [DEPTH])
    with SessionWriter(tmp_path / "b.mcap", info_of([DEPTH]), compression="none") as writer:
        writer.write_frame(frame_of(DEPTH, 0))
    data = bytearray((tmp_path / "b.mcap").read_bytes())
    at = data.index(frame_of(DEPTH, 0).pixels.tobytes())
    data[at + 5] ^= 1
    chunk = data.index(b"\x06", data.index(b"tapetum.session"))
    while struct.unpack_from("<Q", data, chunk + 1)[0] > len(data):  # a 6 in some text
        chunk = data.index(b"\x06", chunk + 1)
    struct.pack_into("<I", data, chunk + 9 + 24, 0)  # 0: the chunk has no checksum
    (tmp_path / "b.mcap").write_bytes(data)
    with (
        SessionReader(tmp_path / "b.mcap") as session,
        pytest.raises(SessionFormatError, match="frame 0 of stream depth"),
    ):
        session.frame("depth", 0)
    with SessionReader(tmp_path / "b.mcap", check=False) as session:
        assert session.frame("depth", 0).pixels.tobytes() == bytes(data[at : at + DEPTH.width * DEPTH.height * 2])
    with SessionReader(path) as session:
        session.frame("depth", 0)


def test_a_damaged_chunk_costs_its_own_frames_only(tmp_path: Path) -> None:
    path = big_session(tmp_path / "a.mcap")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)
    good = 0
    with SessionReader(path) as session:
        for n in range(session.count("depth")):
            try:
                good += session.frame("depth", n).number == n
            except SessionFormatError as error:
                assert "damaged" in str(error)  # noqa: PT017 - most frames must not raise
    assert 15 <= good < 30


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = big_session(tmp_path / "a.mcap")
    with SessionReader(path) as session:
        session.frame("depth", 0)
        with path.open("r+b") as stream:
            stream.truncate(100_000)
        with pytest.raises(SessionFormatError, match="shorter"):
            session.frame("depth", 29)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_ends_in_anything_but_our_errors(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "fuzz.mcap"
    if not (tmp_path / "whole").exists():
        simple_session(tmp_path / "whole", 5)
    raw = bytearray((tmp_path / "whole").read_bytes())
    kind = data.draw(st.sampled_from(("flip", "zero", "cut", "repeat")))
    at = data.draw(st.integers(0, len(raw) - 1))
    length = data.draw(st.integers(1, 2000))
    if kind == "flip":
        raw[at] ^= 1 << data.draw(st.integers(0, 7))
    elif kind == "zero":
        raw[at : at + length] = bytes(len(raw[at : at + length]))
    elif kind == "cut":
        del raw[at : at + length]
    else:
        raw[at:at] = raw[at : at + length]
    path.write_bytes(raw)
    try:
        with SessionReader(path) as session:
            for info in session.streams:
                for n in range(session.count(info.name)):
                    try:
                        frame = session.frame(info.name, n)
                    except RecordingError:
                        continue
                    # What is read without an error is what was written.
                    np.testing.assert_array_equal(frame.pixels, frame_of(info, n).pixels)
            list(session.observations())
            session.run()
    except RecordingError:
        pass


def test_a_frame_index_that_is_none() -> None:
    with pytest.raises(SessionFormatError, match="decompress"):
        frame_index.unpack(b"nothing of the kind")
    whole = frame_index.pack(frame_index.FrameIndexBuilder().records())
    assert len(frame_index.unpack(whole)) == 0


@pytest.mark.parametrize("data", [{}, {"schema_version": 1}, {"schema_version": 1, "frame_set": 0, "frames": 3}])
def test_a_broken_schedule_entry(data: dict[str, object]) -> None:
    with pytest.raises(SessionFormatError, match="schedule entry"):
        ScheduleEntry.from_json(data)


def test_a_session_description_without_a_version() -> None:
    with pytest.raises(SessionFormatError, match="no schema version"):
        SessionInfo.from_json({})
