"""A recorded schedule: which FrameSets a run processed, and their frames taken from a session again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drivers.frame import FrameSet, StreamInfo
from pipeline.errors import PipelineError
from pipeline.steps.synchronise import SynchronizeConfig, Synchronizer, frame_set_of, leader_of
from recordings.errors import RecordingError
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry


def all_frame_sets(
    reader: SessionReader, streams: Sequence[StreamInfo], config: SynchronizeConfig
) -> Iterator[FrameSet]:
    """Every FrameSet of a session, in order, as a run that drops nothing would see them."""
    synchronizer = Synchronizer(streams, config)
    names = [s.name for s in streams]
    for frame in reader.frames(names):
        yield from synchronizer.push(frame)
    yield from synchronizer.flush()


def scheduled_frame_sets(
    reader: SessionReader,
    schedule: Sequence[ScheduleEntry],
    streams: Sequence[StreamInfo],
    config: SynchronizeConfig,
) -> Iterator[FrameSet]:
    """Exactly the FrameSets that a stored schedule names.

    Raises:
        PipelineError: the session lacks a frame that the schedule names (the recorder lost it).
    """
    leader = leader_of(streams, config)
    names = [s.name for s in streams]
    for entry in schedule:
        try:
            members = {name: reader.frame_by_number(name, number) for name, number in entry.frames.items()}
        except (RecordingError, KeyError) as error:
            raise PipelineError(
                f"the schedule names frames that the session does not hold (FrameSet {entry.frame_set}): {error}"
            ) from error
        yield frame_set_of(entry.frame_set, members, leader, names)
