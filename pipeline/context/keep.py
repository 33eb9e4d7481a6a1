"""What a recording keeps of the context: series beside its files, which tell rules later what they were told live.

A series lies beside every file of the recording: its segments and its clips (docs/series.md). While it is recorded,
what has come so far is written from time to time, so that a machine that loses its power loses little of it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pipeline.context.book import SECOND, ContextBook, Steps, within
from recordings.errors import RecordingError
from recordings.recorder import Recorder
from recordings.series.index import SourceEntry
from recordings.series.series import Series, Timeline
from recordings.series.store import SeriesStore

log = logging.getLogger(__name__)

EVERY_S: Final = 30.0
_NO_FILE: Final = "0" * 16
"""In place of a file's checksum: what is told live stands in none."""
_SLACK_S: Final = 5.0


class KeptContext:
    """Of one recording; for its thread.

    Args:
        book: of the run.
        recorder: whose files it lies beside.
    """

    def __init__(self, book: ContextBook, recorder: Recorder) -> None:
        self._book = book
        self._path = recorder.path
        self._writes_main = recorder.config.profile != "events"  # else there are clips only, named after it
        self._track = book.open_track()
        self._begun_s = time.time()
        self._next_s = time.monotonic() + EVERY_S
        self._told: set[str] = set()

    def turn(self) -> None:
        """Now and then, while frames are recorded."""
        if not self._writes_main or time.monotonic() < self._next_s:
            return
        self._next_s = time.monotonic() + EVERY_S
        # A long recording's first file may be gone by now: nothing is written beside a file that is not there.
        if self._path.exists() or self._path.with_name(f"{self._path.name}.part").exists():
            self._write(self._path, self._book.steps_of(self._track))

    def finish(self) -> str:
        """The files are finished. Says what could not be stored; '' where all could."""
        self._book.close_track(self._track)
        steps = self._book.steps_of(self._track)
        if self._track.is_full:
            self._say("more was told of the context than a recording keeps: its end is not stored")
        try:
            for file in self._files() if steps else ():
                self._write(file, steps, is_whole=True)
        except OSError as error:
            self._say(f"the context could not be stored: {error}")
        return "; ".join(sorted(self._told))

    def _write(self, file: Path, steps: Sequence[Steps], is_whole: bool = False) -> None:
        """Beside a file; where that is whole, what tells of its time alone."""
        try:
            timeline = Timeline.read(file) if is_whole else Timeline("", 0, 0)
            write_beside(file, _of(steps, timeline) if is_whole else steps, timeline, self._book.max_age_ns)
        except (RecordingError, OSError) as error:
            self._say(f"the context could not be stored beside {file.name}: {error}")
        except Exception as error:  # a recording is finished whatever becomes of what lies beside it
            log.exception("the context could not be stored")
            self._say(f"the context could not be stored beside {file.name}: {type(error).__name__}: {error}")

    def _files(self) -> Iterator[Path]:
        """Of this recording: they are named after it, and were written meanwhile."""
        pattern = re.compile(re.escape(self._path.stem) + r"(-\d{4,})?(-clip-.+)?\.mcap")
        for file in sorted(self._path.parent.glob("*.mcap")):
            if pattern.fullmatch(file.name) and file.stat().st_mtime >= self._begun_s - _SLACK_S:
                yield file

    def _say(self, words: str) -> None:
        if words not in self._told:
            self._told.add(words)
            log.warning("%s", words)


def keep_beside(book: ContextBook, session: Path) -> None:
    """The context that is still held, beside a session of the last seconds.

    Raises:
        RecordingError: the session cannot be read, or the disk refuses.
    """
    track = book.open_track()
    book.close_track(track)
    timeline = Timeline.read(session)
    write_beside(session, _of(book.steps_of(track), timeline), timeline, book.max_age_ns)


def write_beside(session: Path, steps: Sequence[Steps], timeline: Timeline, max_age_ns: int) -> None:
    """Series beside a session, in place of those of the same names.

    Raises:
        SeriesError: the disk refuses, or what lies there is none.
    """
    if not steps:
        return
    store = SeriesStore(session, timeline)
    store.add([(_series(one, max_age_ns), _source(one)) for one in steps], overwrite=True)


def _of(steps: Sequence[Steps], timeline: Timeline) -> list[Steps]:
    return [part for one in steps if (part := within(one, timeline.begin_ns, timeline.end_ns)) is not None]


def _series(steps: Steps, max_age_ns: int) -> Series:
    return Series(steps.name, steps.unit, steps.t_ns, steps.values, max_gap_s=max_age_ns / SECOND, method="previous")


def _source(steps: Steps) -> SourceEntry:
    return SourceEntry(file=f"live: {', '.join(steps.sources)}", xxh3=_NO_FILE, column=steps.name)
