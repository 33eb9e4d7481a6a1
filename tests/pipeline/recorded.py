"""Sessions as a live run records them, without the threads: frames, schedule, observations, the run's record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.frame import Frame
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.provenance import run_record, schedule_engines
from pipeline.schedule import all_frame_sets
from recordings.event import Event
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry
from recordings.stored import encode_frame
from recordings.writer import SessionWriter


def write_recorded(
    path: Path,
    source: Path,
    models: Models,
    config: PipelineConfig | None = None,
    *,
    skip: Collection[int] = (),
    run: Mapping[str, Any] | None = None,
    keep_frame: Callable[[Frame], bool] = lambda _: True,
    spoil_frame: Callable[[Frame], bool] = lambda _: False,
    change: Callable[[Observation], Observation | None] = lambda o: o,
    rests: Callable[[int], Collection[str]] = lambda _: (),
    change_entry: Callable[[ScheduleEntry], ScheduleEntry | None] = lambda e: e,
    events: Collection[Event] = (),
) -> Path:
    """A recording of ``source``.

    Args:
        skip: numbers of FrameSets that the screen did not wait for.
        run: fields that replace those of the run's record; None as a value takes the field away.
        keep_frame: False for frames that the recorder lost.
        spoil_frame: True for frames whose pixels are not those of their checksum.
        rests: number of a FrameSet -> models that rest on it.
        change, change_entry: what is stored in place of an observation or a schedule entry; None for nothing.
        events: written at the end.
    """
    config = config or PipelineConfig()
    engines = schedule_engines(models)
    with SessionReader(source) as reader:
        steps = Process(reader.streams, models, config)
        sets = [s for s in all_frame_sets(reader, reader.streams, config.synchronize) if s.number not in skip]
        with SessionWriter(path, reader.info) as writer:
            record = {**run_record(models, config), **(run or {})}
            writer.write_run({k: v for k, v in record.items() if v is not None})
            for frame in reader.frames():
                if keep_frame(frame):
                    stored = encode_frame(frame)
                    writer.write_stored(replace(stored, checksum=1) if spoil_frame(frame) else stored)
            for frame_set in sets:
                frames = {name: f.number for name, f in frame_set.frames.items()}
                resting = frozenset(rests(frame_set.number))
                ran = {name: {**how, "rested": 1} if name in resting else how for name, how in engines.items()}
                entry = change_entry(ScheduleEntry(frame_set.number, frames, ran))
                observation = change(steps(frame_set, resting))
                if entry is not None:
                    writer.write_schedule(entry)
                if observation is not None:
                    writer.write_observation(observation)
            for event in events:
                writer.write_event(event)
    return path
