"""One session through the same steps as live, into a folder: tables, run.json and, when asked for, pictures.

Everything is written into ``.<name>.part`` beside the target and renamed at the end, so a folder under its final
name is always whole.
"""

from __future__ import annotations

import contextlib
import json
import queue
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xxhash
from pydantic import BaseModel, ConfigDict, Field

from drivers.channels import ChannelClosed, Lossless
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.errors import BatchError
from pipeline.meter import Meter
from pipeline.not_computed import NOT_COMPUTED, failed_in, told_again
from pipeline.offline_pictures import Pictures
from pipeline.offline_reading import PREFETCH, Planned, Prefetched
from pipeline.offline_rules import OfflineRules
from pipeline.process import Looked, Process
from pipeline.provenance import run_record
from pipeline.rules.load import RuleSet
from pipeline.schedule import all_frame_sets, rests_of, scheduled_frame_sets
from pipeline.session_context import SessionContext
from pipeline.tables import Tables
from recordings.reader import SessionReader
from recordings.series.index import INDEX
from recordings.series.store import series_folder

RUN_VERSION = 1
TABLES = {"observations.parquet", "frames.parquet", "signals.parquet", "events.parquet"}
RESULT_FILES = {*TABLES, "run.json", "overlay.mp4", "contact_sheet.png"}
"""What a result folder holds, and nothing else."""


class OutputOptions(BaseModel):
    """What a batch writes beside the tables, and which FrameSets it processes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    video: bool = Field(True, description="write overlay.mp4 and contact_sheet.png")
    video_width: int = Field(1280, ge=320, le=3840, description="px")
    video_height: int = Field(720, ge=240, le=2160, description="px")
    schedule: str = Field("all", pattern="^(all|stored)$", description="every FrameSet, or those a live run processed")
    rules: str = Field("", description="a ready set of rules, or a file of them, that makes events; '' for none")


@dataclass(frozen=True, slots=True)
class SessionResult:
    """What became of one session.

    ``seconds`` is wall time of the steps; ``realtime`` the recording's length over it.
    """

    session: str
    folder: Path
    frame_sets: int
    faces: int
    frames_with_faces: int
    seconds: float
    realtime: float
    digest: str

    def to_json(self) -> dict[str, Any]:
        return {
            "session": self.session,
            "folder": str(self.folder),
            "frame_sets": self.frame_sets,
            "faces": self.faces,
            "frames_with_faces": self.frames_with_faces,
            "seconds": round(self.seconds, 3),
            "realtime": round(self.realtime, 2),
            "observations_digest": self.digest,
        }


def fingerprint(session: Path, models: Models, config: PipelineConfig, options: OutputOptions) -> str:
    """What a finished folder was made from; a different one means the work must be done again."""
    stat = session.stat()
    run = run_record(models, config)
    rules = RuleSet.load(options.rules).rules.model_dump(mode="json") if options.rules else None
    identity = {
        "version": RUN_VERSION,
        "size": stat.st_size,
        "mtime_ns": stat.st_mtime_ns,
        "run": run,
        "options": options.model_dump(mode="json"),
        **({"rules": rules, "series": _series_stamp(session)} if rules is not None else {}),
    }
    return xxhash.xxh3_64(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def _series_stamp(session: Path) -> list[int]:
    """Size and time of what says which series lie beside a session: rules may ask for them."""
    try:
        stat = (series_folder(session) / INDEX).stat()
    except OSError:
        return []
    return [stat.st_size, stat.st_mtime_ns]


def finished(folder: Path, expected: str) -> bool:
    """Whether a folder already holds the result with this fingerprint."""
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(run, dict) and run.get("fingerprint") == expected


def working_folder(folder: Path) -> Path:
    """Where a result is written before it has its final name; no session's result can be named like this."""
    return folder.with_name(f".{folder.name}.part")


def process_session(
    session: Path,
    folder: Path,
    models: Models,
    config: PipelineConfig,
    options: OutputOptions,
    on_progress: Callable[[int, int], None] | None = None,
) -> SessionResult:
    """Process one session into ``folder``.

    Args:
        session: an MCAP session.
        folder: the result's final name; replaced when it is there.
        on_progress: called with (FrameSets done, expected) now and then.

    Raises:
        RecordingError: the session cannot be read. BatchError, PipelineError: it can't be processed or written.
    """
    _check_is_ours(folder)
    made_from = fingerprint(session, models, config, options)
    part = working_folder(folder)
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        result = _process_into(part, session, folder, models, config, options, made_from, on_progress)
        _replace(part, folder)
    except OSError as error:
        raise BatchError(f"cannot write {folder}: {error.strerror or error}; is the disk full or read-only?") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return result


def _process_into(
    part: Path,
    session: Path,
    folder: Path,
    models: Models,
    config: PipelineConfig,
    options: OutputOptions,
    made_from: str,
    on_progress: Callable[[int, int], None] | None,
) -> SessionResult:
    with SessionReader(session) as reader:
        streams = reader.streams
        if not streams:
            raise BatchError(f"{session} holds no stream of frames; there is nothing to process")
        steps = Process(streams, models, config)
        rules = RuleSet.load(options.rules, config.signals.zones.names) if options.rules else None
        expected = max(reader.count(s.name) for s in streams)
        pictures = (
            Pictures(part, (options.video_width, options.video_height), expected, _fps(reader))
            if options.video
            else None
        )
        tables = Tables(part, config.signals)
        started = time.perf_counter()
        watch = None
        if rules is not None:
            watch = OfflineRules(rules, SessionContext(session, reader, rules.rules.context), tables.add_event)
        sink = _Sink(steps, tables, pictures, on_progress, expected, watch)
        try:
            source = Prefetched(lambda: _frame_sets(reader, config, options, session))
            try:
                for frame_set, rests, not_computed in source:
                    if not_computed:
                        steps.reset()  # as the live run did
                        sink.put(Looked(frame_set, None, not_computed, (), {}))
                    else:
                        sink.put(steps.look(frame_set, rests))
            finally:
                source.close()
        finally:
            sink.close()
        sink.check()
        seconds = time.perf_counter() - started
        info = reader.info
    count, meter = sink.count, sink.meter
    length_s = (sink.last_ns - sink.first_ns) / 1e9 * count / max(count - 1, 1)
    result = SessionResult(
        session=session.name,
        folder=folder,
        frame_sets=count,
        faces=sink.faces,
        frames_with_faces=sink.with_faces,
        seconds=seconds,
        realtime=length_s / seconds if seconds > 0 else 0.0,
        digest=sink.digest.hexdigest(),
    )
    run = {
        "run_version": RUN_VERSION,
        "fingerprint": made_from,
        "session": {"file": session.name, "id": info.id, "title": info.title, "clock": info.clock},
        **run_record(models, config),
        "options": options.model_dump(mode="json"),
        "result": {k: v for k, v in result.to_json().items() if k not in ("folder", "seconds", "realtime")},
        **({} if watch is None else {"events": dict(sorted(watch.counts.items()))}),
        "speed": {
            "seconds": round(seconds, 3),
            "realtime": round(result.realtime, 2),
            "steps": {name: step.to_json() for name, step in meter.snapshot().steps.items()},
        },
    }
    (part / "run.json").write_text(json.dumps(run, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return result


def _frame_sets(
    reader: SessionReader, config: PipelineConfig, options: OutputOptions, session: Path
) -> Iterator[Planned]:
    """The FrameSets to process. Only where a stored schedule says so models rest, or nothing is computed."""
    if options.schedule == "all":
        return ((one, frozenset(), "") for one in all_frame_sets(reader, reader.streams, config.synchronize))
    schedule = reader.schedule()
    if not schedule:
        raise BatchError(
            f"{session} stores no schedule (no live run was recorded into it); use --schedule all for every frame"
        )
    frame_sets = scheduled_frame_sets(reader, schedule, reader.streams, config.synchronize)
    said = _said_of({entry.frame_set for entry in schedule if failed_in(entry)}, reader)
    return (
        (
            frame_set,
            rests_of(entry),
            told_again(frame_set, said.get(entry.frame_set)).status if failed_in(entry) else "",
        )
        for entry, frame_set in zip(schedule, frame_sets, strict=True)
    )


def _said_of(numbers: Collection[int], reader: SessionReader) -> dict[int, bytes]:
    """The stored observations of these FrameSets, of those that could not be computed then."""
    if not numbers:
        return {}
    found = {}
    for data in reader.observation_bytes():
        said = json.loads(data)
        if said["frame_set"] in numbers and str(said["status"]).startswith(NOT_COMPUTED):
            found[int(said["frame_set"])] = data
    return found


def _fps(reader: SessionReader) -> float:
    """FrameSets a second, from the times of the stream with most frames; 15 where there is one frame."""
    name = max((s.name for s in reader.streams), key=reader.count)
    times = np.asarray(reader.times(name)[1], np.int64)
    gaps = np.diff(times)
    gaps = gaps[gaps > 0]
    return float(np.clip(1e9 / np.median(gaps), 1.0, 240.0)) if len(gaps) else 15.0


def _replace(part: Path, folder: Path) -> None:
    """Put ``part`` under the final name; an earlier result there goes, anything else stays."""
    if not folder.exists():
        part.rename(folder)
        return
    old = part.with_name(part.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    try:
        part.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _check_is_ours(folder: Path) -> None:
    """Refuse a target that holds anything but a result of ours.

    Raises:
        BatchError: there is a file of that name, or a folder with something else in it.
    """
    if folder.is_dir():
        others = sorted({p.name for p in folder.iterdir()} - RESULT_FILES)
        if not others:
            return
        found = f"it holds {others[0]}"
    elif folder.exists():
        found = "it is a file"
    else:
        return
    raise BatchError(
        f"the result would replace {folder}, but that is no result of tapetum ({found}); choose another --out"
    )


class _Sink:
    """Finishes what the steps have looked at, and writes it, in one thread behind them, in order."""

    def __init__(
        self,
        steps: Process,
        tables: Tables,
        pictures: Pictures | None,
        on_progress: Callable[[int, int], None] | None,
        expected: int,
        rules: OfflineRules | None = None,
    ) -> None:
        self._rules = rules
        self.meter = Meter(window=100_000)
        self.digest = xxhash.xxh3_64()
        self.count = self.faces = self.with_faces = self.first_ns = self.last_ns = 0
        self._steps, self._tables, self._pictures = steps, tables, pictures
        self._on_progress, self._expected = on_progress, expected
        self._channel: Lossless[Looked] = Lossless(PREFETCH)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="tapetum-finish")
        self._thread.start()

    def put(self, looked: Looked) -> None:
        """Hand over one FrameSet; raises what went wrong with an earlier one."""
        try:
            while not self._channel.put_wait(looked, 0.2):
                self.check()
        except ChannelClosed:
            self.check()
            raise

    def check(self) -> None:
        """Raise what went wrong in the thread, if anything did."""
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Wait until everything handed over is written."""
        self._channel.close()
        self._thread.join()

    def _work(self) -> None:
        try:
            with contextlib.suppress(ChannelClosed):
                while True:
                    try:
                        self._write(self._channel.take(0.5))
                    except queue.Empty:
                        continue
        except Exception as error:  # noqa: BLE001 - carried to the thread that owns this one, which raises it
            self._error = error
            self._channel.close()
        closing = (
            *([self._rules.close] if self._rules is not None else []),
            self._tables.close,
            *([self._pictures.close] if self._pictures is not None else []),
        )
        for close in closing:
            # Most is written at closing: a disk that is full shows itself here, and must not pass for done.
            try:
                close()
            except Exception as error:  # noqa: BLE001 - carried, as above
                self._error = self._error or error

    def _write(self, looked: Looked) -> None:
        observation = self._steps.finish(looked)
        encoded = observation.to_bytes()
        self.digest.update(encoded)
        self._tables.add(observation, looked.frame_set.missing, xxhash.xxh3_64(encoded).hexdigest())
        if self._rules is not None:
            self._rules.step(observation, looked.frame_set)
        self.meter.times(looked.timings)
        self.faces += len(observation.faces)
        self.with_faces += bool(observation.faces)
        self.first_ns = self.first_ns if self.count else observation.device_ns
        self.last_ns = observation.device_ns
        if self._pictures is not None:
            self._pictures.add(looked.frame_set, observation)
        self.count += 1
        if self._on_progress is not None and self.count % 8 == 0:
            self._on_progress(self.count, self._expected)
