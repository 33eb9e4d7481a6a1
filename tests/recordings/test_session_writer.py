"""A session is there whole or not at all, and what cannot be kept is refused in words."""

from __future__ import annotations

import dataclasses
import errno
import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.frame import Frame, StreamInfo, StreamKind
from recordings.errors import SessionWriteError
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.writer import SessionWriter
from tests.recordings.sessions import COLOR, DEPTH, EPOCH, GRAY, frame_of, info_of, simple_session

BIG = StreamInfo("depth", StreamKind.DEPTH, 400, 400, "uint16", unit_m=0.001)


def test_the_final_name_appears_only_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    writer = SessionWriter(path, info_of([COLOR]))
    writer.write_frame(frame_of(COLOR, 0))
    assert os.listdir(tmp_path) == ["a.mcap.part"]  # noqa: PTH208 - names only
    writer.close()
    writer.close()
    assert os.listdir(tmp_path) == ["a.mcap"]  # noqa: PTH208 - names only


def test_an_exception_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with SessionWriter(tmp_path / "a.mcap", info_of([BIG])) as writer:
            for n in range(5):
                writer.write_frame(frame_of(BIG, n))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_abort_leaves_nothing_and_may_come_twice(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "a.mcap", info_of([COLOR]))
    writer.abort()
    writer.abort()
    writer.close()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SessionWriteError, match="already finished"):
        writer.write_frame(frame_of(COLOR, 0))


def test_aborting_after_closing_keeps_the_session(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "a.mcap", info_of([COLOR]))
    writer.close()
    writer.abort()
    with SessionReader(tmp_path / "a.mcap"):
        pass


def test_an_existing_session_is_kept_unless_asked(tmp_path: Path) -> None:
    path = simple_session(tmp_path / "a.mcap", 2)
    before = path.read_bytes()
    with pytest.raises(SessionWriteError, match="exists already"):
        SessionWriter(path, info_of([COLOR]))
    assert path.read_bytes() == before
    with SessionWriter(path, info_of([GRAY]), overwrite=True):
        pass
    with SessionReader(path) as session:
        assert session.streams == (GRAY,)


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    writer = SessionWriter(path, info_of([COLOR]))
    path.write_text("mine")
    with pytest.raises(SessionWriteError, match="appeared"):
        writer.close()
    assert path.read_text() == "mine"
    assert not path.with_name("a.mcap.part").exists()


def test_what_an_unfinished_recording_left_is_kept_unless_asked(tmp_path: Path) -> None:
    part = tmp_path / "a.mcap.part"
    part.write_text("evidence")
    with pytest.raises(SessionWriteError, match="did not finish"):
        SessionWriter(tmp_path / "a.mcap", info_of([COLOR]))
    assert part.read_text() == "evidence"
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR]), overwrite=True):
        pass
    assert not part.exists()


def test_a_folder_that_is_missing_or_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(SessionWriteError, match="does not exist"):
        SessionWriter(tmp_path / "no" / "a.mcap", info_of([COLOR]))
    (tmp_path / "dir").mkdir()
    with pytest.raises(SessionWriteError, match="dir"):
        SessionWriter(tmp_path / "dir", info_of([COLOR]))
    with pytest.raises(SessionWriteError, match="folder"):
        SessionWriter(tmp_path / "dir", info_of([COLOR]), overwrite=True)


class FullDisk:
    """Passes writes on to the file until it has taken `room` bytes."""

    def __init__(self, file: Any, room: int) -> None:
        self._file, self._room = file, room

    def write(self, data: memoryview) -> int:
        if len(data) > self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._room -= len(data)
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.mark.parametrize("room", [200_000, 1_500_000])
def test_a_full_disk_is_told_at_once_and_leaves_nothing(
    tmp_path: Path, room: int, capfd: pytest.CaptureFixture[str]
) -> None:
    frames = [frame_of(BIG, n) for n in range(10)]  # 320 kB of noise each

    def record() -> None:
        with SessionWriter(tmp_path / "a.mcap", info_of([BIG])) as writer:
            writer._file._file = FullDisk(writer._file._file, room)  # type: ignore[assignment]  # stands in for a disk
            for frame in frames:
                writer.write_frame(frame)

    with pytest.raises(SessionWriteError, match="No space left"):
        record()
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr().err == ""


def test_a_disk_that_fills_with_the_last_bytes(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "a.mcap", info_of([COLOR]))
    writer.write_frame(frame_of(COLOR, 0))  # still in memory
    writer._file._file = FullDisk(writer._file._file, 10)  # type: ignore[assignment]  # stands in for a disk
    with pytest.raises(SessionWriteError, match="No space left"):
        writer.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_that_is_always_full(tmp_path: Path) -> None:
    (tmp_path / "a.mcap.part").symlink_to("/dev/full")

    def record() -> None:
        with SessionWriter(tmp_path / "a.mcap", info_of([BIG]), overwrite=True) as writer:
            for n in range(5):
                writer.write_frame(frame_of(BIG, n))

    with pytest.raises(SessionWriteError, match="No space left"):
        record()
    assert not (tmp_path / "a.mcap").exists()


def other_size(info: StreamInfo) -> StreamInfo:
    return dataclasses.replace(info, width=info.width + 1, intrinsics=None)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (frame_of(GRAY, 1), "no stream 'gray'"),
        (frame_of(other_size(COLOR), 1), "describes 'color' otherwise"),
        (frame_of(COLOR, 1, host_ns=EPOCH), "must rise"),
        (frame_of(COLOR, 1, host_ns=EPOCH - 1), "must rise"),
        (frame_of(COLOR, 1, host_ns=-1), "between 1970 and 2106"),
        (frame_of(COLOR, 1, host_ns=2**63), "between 1970 and 2106"),
        (frame_of(COLOR, 2**63, seed=0, host_ns=EPOCH + 1, device_ns=0), "64 bits"),
    ],
)
def test_a_frame_that_does_not_belong_is_refused_and_harms_nothing(tmp_path: Path, frame: Frame, words: str) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR])) as writer:
        writer.write_frame(frame_of(COLOR, 0))
        with pytest.raises(SessionWriteError, match=words):
            writer.write_frame(frame)
        writer.write_frame(frame_of(COLOR, 2))
    with SessionReader(tmp_path / "a.mcap") as session:
        assert [f.number for f in session.frames()] == [0, 2]


def test_a_stream_keeps_one_way_of_storing(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR, GRAY])) as writer:
        writer.write_frame(frame_of(COLOR, 0))
        with pytest.raises(SessionWriteError, match="one way of storing"):
            writer.write_frame(frame_of(COLOR, 1), encoded=b"\xff\xd8")
        with pytest.raises(SessionWriteError, match="jpeg"):
            writer.write_frame(frame_of(GRAY, 1), encoded=b"\xff\xd8", encoding="gif")  # type: ignore[arg-type]  # wrong on purpose


def test_wrong_codecs_and_compressions_are_refused(tmp_path: Path) -> None:
    wrong: Any = "mp4"
    with pytest.raises(SessionWriteError, match="raw, png and compact"):
        SessionWriter(tmp_path / "a.mcap", info_of([COLOR]), codecs={"color": wrong})
    with pytest.raises(SessionWriteError, match="no stream of"):
        SessionWriter(tmp_path / "a.mcap", info_of([COLOR]), codecs={"depht": "png"})
    with pytest.raises(SessionWriteError, match="zstd, lz4, none"):
        SessionWriter(tmp_path / "a.mcap", info_of([COLOR]), compression=wrong)
    with pytest.raises(SessionWriteError, match="viewable, compact"):
        SessionWriter(tmp_path / "a.mcap", info_of([COLOR]), wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_no_json_and_an_observation_without_a_time(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR])) as writer:
        with pytest.raises(SessionWriteError, match="no JSON"):
            writer.write_run({"path": Path()})
        with pytest.raises(SessionWriteError, match="no JSON"):
            writer.write_run({"mean": float("nan")})
        with pytest.raises(SessionWriteError, match="impossible host time"):
            writer.write_observation(Observation(0, 0, -5, 0, {"color": 0}))


def test_a_flush_brings_everything_to_the_disk(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR])) as writer:
        before = writer.bytes_written
        writer.write_frame(frame_of(COLOR, 0))
        writer.flush()
        size = (tmp_path / "a.mcap.part").stat().st_size
        assert size == writer.bytes_written > before
        writer.write_frame(frame_of(COLOR, 1))
    with SessionReader(tmp_path / "a.mcap") as session:
        assert session.count("color") == 2


def test_a_thread_for_each_stream(tmp_path: Path) -> None:
    count = 50
    with SessionWriter(tmp_path / "a.mcap", info_of([COLOR, DEPTH]), codecs={"depth": "png"}) as writer:

        def write(info: StreamInfo) -> None:
            for n in range(count):
                writer.write_frame(frame_of(info, n))

        threads = [threading.Thread(target=write, args=(s,)) for s in (COLOR, DEPTH)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with SessionReader(tmp_path / "a.mcap") as session:
        for info in (COLOR, DEPTH):
            assert session.times(info.name).number.tolist() == list(range(count))
            for n in range(count):
                np.testing.assert_array_equal(session.frame(info.name, n).pixels, frame_of(info, n).pixels)
