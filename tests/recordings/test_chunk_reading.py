"""Chunks come ahead of time to who reads on, and exactly as to who asks for them one by one."""

from __future__ import annotations

import contextlib
import struct
import threading
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from recordings.chunk_reading import ReadAhead, chunk_places, unpack_chunk
from recordings.container import McapFile
from recordings.errors import SessionFormatError
from recordings.reader import SessionReader
from tests.recordings.damaged import LAYOUTS, write_damageable


@pytest.fixture(scope="module", params=list(LAYOUTS))
def session(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_damageable(tmp_path_factory.mktemp("ahead") / "a.mcap", request.param)


def unpacked(path: Path) -> list[bytes]:
    file = McapFile(path)
    try:
        data, decompressor = path.read_bytes(), zstandard.ZstdDecompressor()
        return [unpack_chunk(data[p.offset : p.offset + p.length], decompressor) for p in file._chunks]
    finally:
        file.close()


def threads() -> int:
    return sum(t.name.startswith("tapetum-read-ahead") for t in threading.enumerate())


def test_what_comes_ahead_is_what_lies_there(session: Path) -> None:
    wanted = unpacked(session)
    assert len(wanted) >= 8
    file = McapFile(session)
    ahead = ReadAhead(session, file._chunks)
    came = [ahead.take(k) for k in range(len(wanted))]
    ahead.close()
    file.close()
    assert [k for k, data in enumerate(came) if data is None] == [0, 1]
    assert came[2:] == wanted[2:]
    assert threads() == 0


@given(jumps=st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_whoever_jumps_about_gets_the_same(session: Path, jumps: list[int]) -> None:
    wanted = unpacked(session)
    file = McapFile(session, cache_bytes=1)
    try:
        for start in jumps:
            for k in range(start % len(wanted), len(wanted)):
                assert file._chunk(k) == wanted[k]
    finally:
        file.close()
    file.close()
    assert threads() == 0


def test_a_damaged_chunk_is_told_by_who_asks_for_it(tmp_path: Path) -> None:
    path = write_damageable(tmp_path / "a.mcap", "zstd")
    file = McapFile(path)
    place = file._chunks[6]
    file.close()
    data = bytearray(path.read_bytes())
    data[place.offset + place.length // 2] ^= 0x10
    path.write_bytes(data)
    words = f"the chunk at byte {place.offset} is damaged"
    with SessionReader(path) as reader, pytest.raises(SessionFormatError, match=words):
        list(reader.frames())
    assert threads() == 0
    with SessionReader(path) as reader:
        frames = reader.frames()
        assert len([next(frames) for _ in range(60)]) == 60, "those before it come"
    assert threads() == 0


def test_a_reader_that_is_closed_while_it_reads_ahead_ends_its_thread(session: Path) -> None:
    reader = SessionReader(session)
    frames = reader.frames()
    for _ in range(100):
        next(frames)
    reader.close()
    assert threads() == 0


@given(turns=st.lists(st.tuples(st.integers(0, 1999), st.integers(0, 7)), min_size=1, max_size=4))
def test_any_damage_to_an_index_is_refused_or_read(whole: bytes, turns: list[tuple[int, int]]) -> None:
    torn = bytearray(whole[-2000:])
    for at, bit in turns:
        torn[at] ^= 1 << bit
    with contextlib.suppress(ValueError, struct.error):
        chunk_places(bytes(torn))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_damageable(tmp_path_factory.mktemp("whole") / "a.mcap", "zstd").read_bytes()
