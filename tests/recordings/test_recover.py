"""What a damaged session gives back, by the accident that it had (test_recover_damage.py has them at random)."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from mcap.reader import make_reader

from drivers.frame import FrameFlag
from recordings import frame_index, schemas
from recordings.errors import SessionFormatError, SessionNotFoundError, SessionWriteError
from recordings.event import Event
from recordings.integrity import check_session
from recordings.losses import RecoverReport
from recordings.parts import origin_of
from recordings.reader import SessionReader
from recordings.recover import recover_session
from recordings.writer import SessionWriter
from tests.recordings.damaged import LAYOUTS, RUN, SETS, STREAMS, write_damageable
from tests.recordings.part_cases import entry, host, observation, stored, write_live
from tests.recordings.sessions import COLOR, DEPTH, assert_same, frame_of, info_of


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("whole")
    return {name: write_damageable(folder / f"{name}.mcap", name) for name in LAYOUTS}


def summary_of(path: Path) -> Any:
    with path.open("rb") as file:
        return make_reader(file).get_summary()


def saved_by(data: bytes, folder: Path) -> tuple[RecoverReport, Path]:
    damaged, out = folder / "damaged.mcap", folder / "saved.mcap"
    damaged.write_bytes(data)
    report = recover_session(damaged, out)
    assert damaged.read_bytes() == data
    return report, out


def check_result(out: Path, original: Path, report: RecoverReport) -> None:
    """Every frame is one of the original's, pixel for pixel; the reader, `verify` and the mcap package take it."""
    with SessionReader(original) as session:
        truth = {(f.stream, f.host_ns): f for f in session.frames()}
    with SessionReader(out) as session:
        found = list(session.frames())
        assert check_session(session).is_whole
        assert [e.name for e in session.events()][-1] == "recovered"
        assert session.info.notes["recovered_from"] == origin_of(session.info)
    for frame in found:
        assert_same(frame, truth[frame.stream, frame.host_ns])
    with out.open("rb") as file:
        messages = sum(channel.topic.endswith("/image") for _, channel, _ in make_reader(file).iter_messages())
    assert messages == len(found) == sum(s.count.saved for s in report.streams.values())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_torn_tail_costs_what_came_after_it(layout: str, wholes: dict[str, Path], tmp_path: Path) -> None:
    data = wholes[layout].read_bytes()
    chunks = summary_of(wholes[layout]).chunk_indexes
    cut = chunks[6].chunk_start_offset + chunks[6].chunk_length // 2
    report, out = saved_by(data[:cut], tmp_path)
    check_result(out, wholes[layout], report)
    assert not report.is_ended
    assert not report.is_whole
    assert "the recording was not finished: what had not reached the file cannot be counted" in report.lines()
    for name, loss in report.streams.items():
        assert loss.count.saved >= (24 if name != "thermal" else 12)
        assert not any(gap.before_ns is not None for gap in loss.gaps)
    with SessionReader(out) as session:
        assert session.run() == RUN  # what was processed before is all there: it can be computed again


def test_a_file_that_ends_between_two_chunks_gives_back_all_that_reached_it(
    wholes: dict[str, Path], tmp_path: Path
) -> None:
    data = wholes["zstd"].read_bytes()
    chunk = summary_of(wholes["zstd"]).chunk_indexes[6]
    end = chunk.chunk_start_offset + chunk.chunk_length + chunk.message_index_length
    report, out = saved_by(data[:end], tmp_path)
    check_result(out, wholes["zstd"], report)
    assert report.is_whole
    assert report.lines()[-1] == "everything that had reached the file is saved"


def test_a_part_file_that_is_still_written(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "night.mcap", info_of((COLOR, DEPTH))) as writer:
        for n in range(10):
            writer.write_frame(frame_of(DEPTH, n))
        writer.flush()
        report = recover_session(tmp_path / "night.mcap.part", tmp_path / "saved.mcap")
        writer.write_frame(frame_of(DEPTH, 10))
    assert report.streams["depth"].count.saved == 10
    assert not report.is_ended
    assert len(stored(tmp_path / "saved.mcap")) == 10
    assert len(stored(tmp_path / "night.mcap")) == 11


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_damaged_chunk_in_the_middle_costs_its_frames_and_is_told(
    layout: str, wholes: dict[str, Path], tmp_path: Path
) -> None:
    data = bytearray(wholes[layout].read_bytes())
    chunk = summary_of(wholes[layout]).chunk_indexes[4]
    at = chunk.chunk_start_offset + chunk.chunk_length // 2
    data[at : at + 64] = bytes(64)
    report, out = saved_by(bytes(data), tmp_path)
    check_result(out, wholes[layout], report)
    assert not report.is_whole
    assert report.is_ended
    for name, loss in report.streams.items():
        total = SETS // 2 if name == "thermal" else SETS
        assert loss.count.is_exact
        assert loss.count.saved + loss.count.lost == total
        assert loss.count.lost <= 4
        for gap in loss.gaps:  # it lies where the chunk was
            assert gap.after_ns is not None
            assert gap.before_ns is not None
            assert chunk.message_start_time <= gap.before_ns
            assert gap.after_ns <= chunk.message_end_time
    lost = sum(loss.count.lost for loss in report.streams.values())
    # of an uncompressed chunk single frames are saved; what no checksum proves is lost
    assert lost or sum(count.lost for count in report.messages.values())
    assert report.lines()[-1] == "something was lost; what was saved reads"


def test_results_of_which_something_is_lost_promise_nothing(wholes: dict[str, Path], tmp_path: Path) -> None:
    data = bytearray(wholes["zstd"].read_bytes())
    chunk = summary_of(wholes["zstd"]).chunk_indexes[4]
    data[chunk.chunk_start_offset + chunk.chunk_length // 2] ^= 0xFF
    _, out = saved_by(bytes(data), tmp_path)
    with SessionReader(out) as session:
        run = session.run()
    assert run == {
        **RUN,
        "replayable": False,
        "not_replayable": "it was recovered from a damaged file, and some of what was processed is lost",
    }


@pytest.mark.parametrize("cut", ["in the index", "without any"])
def test_a_lost_index_is_built_again_and_nothing_is_lost(cut: str, wholes: dict[str, Path], tmp_path: Path) -> None:
    data = wholes["zstd"].read_bytes()
    end = len(data) - 200 if cut == "in the index" else data.rindex(b"\x0f\x04\0\0\0\0\0\0\0") + 13  # after DataEnd
    report, out = saved_by(data[:end], tmp_path)
    check_result(out, wholes["zstd"], report)
    assert report.is_whole
    assert report.is_ended
    assert report.lines()[-1] == "nothing is lost"
    with SessionReader(out) as session:
        assert session.attachment("calibration.yml") == b"fx: 20.0\n"
        assert session.run() == RUN
        assert session.observation_count() == SETS


def test_a_lost_description_is_taken_from_the_end_and_without_that_found_out(
    wholes: dict[str, Path], tmp_path: Path
) -> None:
    data = bytearray(wholes["zstd"].read_bytes())
    first = data.index(b"tapetum.session")
    data[first : first + 300] = bytes(300)
    report, out = saved_by(bytes(data), tmp_path)
    check_result(out, wholes["zstd"], report)
    assert report.unsaid == ()
    with SessionReader(out) as session:
        assert session.streams == STREAMS
        assert session.info.title == "a test"
    while (at := data.find(b"tapetum.session")) >= 0:
        data[at : at + 300] = bytes(300)
    (tmp_path / "again").mkdir()
    report, out = saved_by(bytes(data), tmp_path / "again")
    assert not report.is_whole
    assert report.unsaid
    with SessionReader(wholes["zstd"]) as session:
        truth = {(f.stream, f.host_ns): f for f in session.frames()}
    with SessionReader(out) as session:
        kinds = {s.name: (s.kind, s.width, s.height, s.dtype) for s in session.streams}
        assert kinds == {s.name: (s.kind, s.width, s.height, s.dtype) for s in STREAMS}
        for frame in session.frames():
            assert (frame.pixels == truth[frame.stream, frame.host_ns].pixels).all()


def test_a_whole_session_comes_out_as_it_went_in(wholes: dict[str, Path], tmp_path: Path) -> None:
    report = recover_session(wholes["compact"], tmp_path / "saved.mcap")
    assert report.is_whole
    assert report.is_ended
    assert stored(tmp_path / "saved.mcap") == stored(wholes["compact"])


def test_chunks_that_are_there_twice_are_kept_once(wholes: dict[str, Path], tmp_path: Path) -> None:
    data = wholes["zstd"].read_bytes()
    chunk = summary_of(wholes["zstd"]).chunk_indexes[3]
    at, end = chunk.chunk_start_offset, chunk.chunk_start_offset + chunk.chunk_length
    report, out = saved_by(data[:end] + data[at:], tmp_path)
    check_result(out, wholes["zstd"], report)
    assert report.duplicates == 1
    assert stored(out) == stored(wholes["zstd"])


def test_a_flipped_bit_in_an_uncompressed_chunk_is_put_right(wholes: dict[str, Path], tmp_path: Path) -> None:
    data = bytearray(wholes["compact"].read_bytes())
    chunk = summary_of(wholes["compact"]).chunk_indexes[5]
    data[chunk.chunk_start_offset + chunk.chunk_length // 2] ^= 0x10
    report, out = saved_by(bytes(data), tmp_path)
    check_result(out, wholes["compact"], report)
    assert report.repaired_bits == 1
    assert report.is_whole
    assert stored(out) == stored(wholes["compact"])


def test_a_schedule_entry_at_the_torn_end_whose_observation_is_not_there_is_left_out(tmp_path: Path) -> None:
    """Without this, the recovered session would be said to give other results."""
    writer = SessionWriter(tmp_path / "night.mcap", info_of((COLOR, DEPTH)))
    writer.write_run(RUN)
    for n in range(6):
        for k, stream in enumerate((COLOR, DEPTH)):
            writer.write_frame(frame_of(stream, n, host_ns=host(n) + k))
        writer.write_schedule(entry(n))
        writer.flush()
        if n < 5:
            writer.write_observation(observation(n))
    report = recover_session(tmp_path / "night.mcap.part", tmp_path / "saved.mcap")
    writer.abort()
    with SessionReader(tmp_path / "saved.mcap") as session:
        assert [e.frame_set for e in session.schedule()] == [0, 1, 2, 3, 4]
        assert session.observation_count() == 5
        assert session.run() == RUN
    assert any("left out: their observations are not there" in line for line in report.lines())
    assert not report.is_whole


def test_flags_numbers_and_gaps_are_not_made_up(tmp_path: Path) -> None:
    """Numbers that the recorder itself lost are no losses of the file."""
    with SessionWriter(tmp_path / "night.mcap", info_of((DEPTH,))) as writer:
        for n in (0, 1, 7, 8):
            flags = FrameFlag.DROPPED_BEFORE if n == 7 else FrameFlag.NONE
            writer.write_frame(frame_of(DEPTH, n, flags=flags))
    report = recover_session(tmp_path / "night.mcap", tmp_path / "saved.mcap")
    assert report.is_whole
    assert stored(tmp_path / "saved.mcap") == stored(tmp_path / "night.mcap")


def test_the_indexes_of_the_result_are_its_own(wholes: dict[str, Path], tmp_path: Path) -> None:
    data = wholes["zstd"].read_bytes()
    report, out = saved_by(data[: len(data) // 2], tmp_path)
    with SessionReader(out) as session:
        packed = session.attachment(schemas.INDEX_ATTACHMENT + "depth")
        assert packed is not None
        assert len(frame_index.unpack(packed)) == report.streams["depth"].count.saved


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "a PNG image"),
        (b"#ROSBAG V2.0\n" + bytes(500), "a ROS bag"),
        (b"this is no session" * 40, "is no MCAP file"),
        (os.urandom(5000), "is no MCAP file"),
    ],
)
def test_foreign_files_are_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "foreign.bin"
    path.write_bytes(content)
    with pytest.raises(SessionFormatError, match=words):
        recover_session(path, tmp_path / "saved.mcap")
    assert [p.name for p in tmp_path.iterdir()] == ["foreign.bin"]


def test_an_mcap_file_of_another_program_is_refused(tmp_path: Path) -> None:
    from mcap.writer import Writer

    buffer = io.BytesIO()
    writer = Writer(buffer)
    writer.start("ros2")
    channel = writer.register_channel("/imu", "cdr", 0)
    writer.add_message(channel, 1, b"\0" * 32, 1)
    writer.finish()  # type: ignore[no-untyped-call]  # mcap is not typed
    (tmp_path / "foreign.mcap").write_bytes(buffer.getvalue())
    with pytest.raises(SessionFormatError, match=r"no session|of a session|not a session|nothing"):
        recover_session(tmp_path / "foreign.mcap", tmp_path / "saved.mcap")
    assert not (tmp_path / "saved.mcap").exists()


def test_nothing_that_could_be_saved_is_no_result(wholes: dict[str, Path], tmp_path: Path) -> None:
    data = bytearray(wholes["zstd"].read_bytes())
    for chunk in summary_of(wholes["zstd"]).chunk_indexes:
        at, end = chunk.chunk_start_offset, chunk.chunk_start_offset + chunk.chunk_length
        data[at:end] = bytes(end - at)
    (tmp_path / "damaged.mcap").write_bytes(data)
    with pytest.raises(SessionFormatError, match="could be saved"):
        recover_session(tmp_path / "damaged.mcap", tmp_path / "saved.mcap")
    assert [p.name for p in tmp_path.iterdir()] == ["damaged.mcap"]


def test_the_damaged_file_is_never_written_to(wholes: dict[str, Path], tmp_path: Path) -> None:
    data = wholes["zstd"].read_bytes()[:-100]
    for name in ("x.mcap", "x.mcap.recovering", "x.mcap.recovering.part"):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SessionWriteError, match="one of the files to read"):
            recover_session(tmp_path / name, tmp_path / "x.mcap", overwrite=True)
        assert (tmp_path / name).read_bytes() == data
        (tmp_path / name).unlink()
    (tmp_path / "x.mcap.part").write_bytes(data)
    recover_session(tmp_path / "x.mcap.part", tmp_path / "x.mcap")  # as one does after a power cut
    assert (tmp_path / "x.mcap.part").read_bytes() == data


def test_what_is_there_is_only_replaced_when_that_is_said(wholes: dict[str, Path], tmp_path: Path) -> None:
    there = write_live(tmp_path / "there.mcap", 3, events=[Event("x", 0)])
    before = there.read_bytes()
    with pytest.raises(SessionWriteError, match="--overwrite"):
        recover_session(wholes["zstd"], there)
    assert there.read_bytes() == before
    recover_session(wholes["zstd"], there, overwrite=True)
    assert stored(there) == stored(wholes["zstd"])


def test_no_file_and_no_folder(tmp_path: Path, wholes: dict[str, Path]) -> None:
    with pytest.raises(SessionNotFoundError):
        recover_session(tmp_path / "nowhere.mcap", tmp_path / "saved.mcap")
    with pytest.raises(SessionWriteError, match="does not exist"):
        recover_session(wholes["zstd"], tmp_path / "no" / "saved.mcap")
    with pytest.raises(SessionWriteError, match="is a folder"):
        recover_session(wholes["zstd"], tmp_path)


def test_progress_rises_to_its_end(wholes: dict[str, Path], tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    recover_session(wholes["zstd"], tmp_path / "saved.mcap", on_progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] == 3 * wholes["zstd"].stat().st_size
