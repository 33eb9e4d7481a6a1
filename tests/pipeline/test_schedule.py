"""A schedule's frame numbers lead to the frames that were meant, also when a camera counted from zero again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from drivers.frame import Frame, StreamInfo, StreamKind
from pipeline.schedule import DamagedFrameError, MissingFrameError, scheduled_frame_sets
from pipeline.steps.synchronise import SynchronizeConfig
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry, SessionInfo
from recordings.stored import encode_frame
from recordings.writer import SessionWriter

DEPTH = StreamInfo("depth", StreamKind.DEPTH, 8, 6, "uint16", 10.0, unit_m=0.001)
COLOR = StreamInfo("color", StreamKind.COLOR, 8, 6, "uint8", 10.0)
BEGIN = 1_700_000_000 * 10**9
STEP = 100_000_000


def write(
    path: Path,
    depth: Sequence[int],
    color: Sequence[int],
    entries: Sequence[ScheduleEntry],
    observations: Sequence[Observation] = (),
) -> Path:
    """Frames of these numbers, one of each stream every 100 ms; the i-th frame's pixels are i."""
    info = SessionInfo.create([COLOR, DEPTH], title="test", source="tests")
    with SessionWriter(path, info) as writer:
        for stream, numbers in ((DEPTH, depth), (COLOR, color)):
            for i, number in enumerate(numbers):
                pixels = np.full(stream.shape, i, stream.dtype)
                # The device clock starts again with the count.
                writer.write_frame(Frame(stream, pixels, number, 10**9 + number * STEP, BEGIN + i * STEP))
        for entry in entries:
            writer.write_schedule(entry)
        for observation in observations:
            writer.write_observation(observation)
    return path


def entry(frame_set: int, depth: int, color: int | None = None) -> ScheduleEntry:
    return ScheduleEntry(frame_set, {"depth": depth} if color is None else {"color": color, "depth": depth})


def lone(color: int) -> ScheduleEntry:
    return ScheduleEntry(1, {"color": color})


def places(path: Path) -> list[tuple[int, ...]]:
    """Of every scheduled FrameSet, the positions of its depth and colour frames in their streams."""
    with SessionReader(path) as reader:
        sets = scheduled_frame_sets(reader, reader.schedule(), reader.streams, SynchronizeConfig())
        return [tuple(int(s.frames[n].pixels.flat[0]) for n in ("depth", "color") if n in s.frames) for s in sets]


def test_the_frames_of_a_plain_session(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mcap", range(5), range(5), [entry(0, 0, 0), entry(2, 2, 1), entry(3, 3, 3)])
    assert places(path) == [(0, 0), (2, 1), (3, 3)]


def test_a_camera_that_counted_from_zero_again_gives_its_later_frames(tmp_path: Path) -> None:
    numbers = [0, 1, 2, 3, 0, 1, 2, 3]
    path = write(
        tmp_path / "a.mcap",
        numbers,
        numbers,
        [entry(0, 0, 0), entry(2, 2, 2), entry(4, 0, 0), entry(6, 2, 1), entry(7, 3, 3)],
    )
    assert places(path) == [(0, 0), (2, 2), (4, 4), (6, 5), (7, 7)]


def test_one_camera_of_two_counted_from_zero_again(tmp_path: Path) -> None:
    """The follower's number names two frames; the one beside the leader's is meant."""
    path = write(tmp_path / "a.mcap", range(8), [0, 1, 2, 3, 0, 1, 2, 3], [entry(5, 5, 1), entry(7, 7, 3)])
    assert places(path) == [(5, 5), (7, 7)]


def test_where_the_order_does_not_tell_the_stored_observation_does(tmp_path: Path) -> None:
    """After FrameSet 1 the run skipped to the second time the camera counted to 3."""
    numbers = [0, 1, 2, 3, 0, 1, 2, 3]
    plain = [entry(1, 1), entry(7, 3)]
    assert places(write(tmp_path / "without.mcap", numbers, [], plain)) == [(1,), (3,)]
    with_times = [4, 5, 6, 7, 8, 9, 10, 3]  # another device clock, as a camera's that goes on counting time
    info = SessionInfo.create([DEPTH], title="test", source="tests")
    with SessionWriter(tmp_path / "with.mcap", info) as writer:
        for i, (number, t) in enumerate(zip(numbers, with_times, strict=True)):
            frame = Frame(DEPTH, np.full(DEPTH.shape, i, np.uint16), number, t * STEP, BEGIN + i * STEP)
            writer.write_frame(frame)
        for e in plain:
            writer.write_schedule(e)
        writer.write_observation(Observation(1, 5 * STEP, BEGIN, 0, {"depth": 1}))
        writer.write_observation(Observation(7, 3 * STEP, BEGIN, 0, {"depth": 3}))
    assert places(tmp_path / "with.mcap") == [(1,), (7,)]


def test_a_slow_follower_serves_two_instants(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mcap", range(4), [0, 1], [entry(0, 0, 0), entry(1, 1, 0), entry(2, 2, 1)])
    assert places(path) == [(0, 0), (1, 0), (2, 1)]


def test_where_depth_was_silent_another_stream_led(tmp_path: Path) -> None:
    """The camera counted anew while depth was away: colour's second frame 1 is meant, since its first one led."""
    path = write(
        tmp_path / "a.mcap", [0, 7], [0, 1, 2, 1, 2], [entry(0, 0, 0), *(lone(n) for n in (1, 2, 1)), entry(4, 7, 2)]
    )
    with SessionReader(path) as reader:
        sets = list(scheduled_frame_sets(reader, reader.schedule(), reader.streams, SynchronizeConfig()))
    assert [int(s.frames["color"].pixels.flat[0]) for s in sets] == [0, 1, 2, 3, 4]
    assert sets[1].missing == ("depth",)
    assert sets[1].device_ns == sets[1].frames["color"].device_ns


def test_what_several_clocks_said_then_is_said_again(tmp_path: Path) -> None:
    """The instant and the skew are those of the live run, and the instant tells frames of one number apart."""
    numbers = [0, 1, 2, 3, 0, 1, 2, 3]
    told = ScheduleEntry(6, {"color": 2, "depth": 2}, instant_ns=BEGIN + 6 * STEP - 9_000_000, skew_ns=1_234_567)
    path = write(tmp_path / "a.mcap", numbers, numbers, [entry(0, 0, 0), told])
    with SessionReader(path) as reader:
        sets = list(scheduled_frame_sets(reader, reader.schedule(), reader.streams, SynchronizeConfig()))
    assert (sets[1].device_ns, sets[1].skew_ns) == (BEGIN + 6 * STEP - 9_000_000, 1_234_567)
    assert {int(f.pixels.flat[0]) for f in sets[1].frames.values()} == {6}
    assert sets[0].device_ns == 10**9


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([entry(0, 0), entry(1, 9)], "FrameSet 1.*no frame number 9"),
        ([entry(0, 0, 7)], "color has no frame number 7"),
        ([entry(0, 2), entry(1, 1)], "no frame number 1 from there on"),
        ([ScheduleEntry(0, {"sonar": 1})], "no frame of any of the session's streams, only sonar"),
        ([ScheduleEntry(0, {"depth": 1, "sonar": 1})], "no stream 'sonar'"),
    ],
)
def test_a_frame_that_is_not_there_is_named(tmp_path: Path, entries: list[ScheduleEntry], words: str) -> None:
    path = write(tmp_path / "a.mcap", range(3), range(3), entries)
    with pytest.raises(MissingFrameError, match=words):
        places(path)


def test_a_frame_that_is_damaged_is_not_called_missing(tmp_path: Path) -> None:
    info = SessionInfo.create([DEPTH], title="test", source="tests")
    with SessionWriter(tmp_path / "a.mcap", info) as writer:
        stored = encode_frame(Frame(DEPTH, np.zeros(DEPTH.shape, np.uint16), 4, 0, BEGIN))
        writer.write_stored(replace(stored, checksum=stored.checksum ^ 1))
        writer.write_schedule(entry(0, 4))
    with pytest.raises(DamagedFrameError, match=r"frame 4 of stream depth \(FrameSet 0\) cannot be read"):
        places(tmp_path / "a.mcap")
