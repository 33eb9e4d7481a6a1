"""The files of one recording: when a new one begins, and what it is called."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Final

from drivers.frame import StreamInfo
from recordings.config import RecordConfig
from recordings.disk_worker import DiskWorker
from recordings.errors import SessionWriteError
from recordings.run_record import REPLAYABLE, unreplayable
from recordings.session import SessionInfo
from recordings.stored import StoredFrame
from recordings.writer import SessionWriter

_MINUTE_NS: Final = 60 * 10**9

RECORDING_NOTE: Final = "recording"
"""Note of a session: the id that all segments of one recording share."""

SEGMENT_NOTE: Final = "segment"
"""Note of a session: which segment of its recording it is, from 1."""


class Segments:
    """Gives the writer for each frame. For the recorder's thread; ``bytes_written`` and ``count`` for all.

    A new file begins between two frames: what comes before is in the old one, what comes after in the new one, and
    nothing is in both or neither. The old one is finished by the disk's thread meanwhile.

    Raises:
        SessionWriteError: the first file cannot be made.
    """

    def __init__(
        self,
        path: Path,
        info: SessionInfo,
        config: RecordConfig,
        *,
        run: Mapping[str, Any] | None,
        packers: Executor,
        disk: DiskWorker,
        on_trouble: Callable[[str], None],
    ) -> None:
        self._path = path
        self._info = info
        self._config = config
        self._run = run
        self._packers = packers
        self._disk = disk
        self._on_trouble = on_trouble
        self._begun_ns: int | None = None
        self._retry_ns = 0
        self._named = 1
        self.count = 0
        self._now = (self._open(), 0)

    @property
    def writer(self) -> SessionWriter:
        """Of the present file."""
        return self._now[0]

    @property
    def bytes_written(self) -> int:
        """Of all files so far."""
        writer, before = self._now
        return before + writer.bytes_written

    def writer_for(self, stored: StoredFrame) -> SessionWriter:
        """The writer that takes this frame; a new one when its segment is full and a new file can be made."""
        if self._begun_ns is None:
            self._begun_ns = stored.host_ns
        elif self._is_full(stored.host_ns - self._begun_ns) and stored.host_ns >= self._retry_ns:
            # The new file first: if it cannot be made, the old one goes on.
            try:
                new = self._open()
            except SessionWriteError as error:
                self._retry_ns = stored.host_ns + _MINUTE_NS
                self._on_trouble(f"no new file could be begun, {self.writer.path.name} goes on: {error}")
                return self.writer
            old, before = self._now
            self._now, self._begun_ns = (new, before + old.bytes_written), stored.host_ns
            self._disk.finish(old)
        return self.writer

    def close(self) -> None:
        """Finish the present file.

        Raises:
            SessionWriteError: the disk refuses; :meth:`end` keeps what was written.
        """
        self.writer.close(keep=True)

    def end(self, reason: str) -> Mapping[str, int]:
        """Finish the present file after trouble; stream -> frames that could not be kept.

        Raises:
            SessionWriteError: the file could not be finished.
        """
        return self.writer.end(reason).frames

    def _is_full(self, lasted_ns: int) -> bool:
        minutes, size = self._config.segment_minutes, self._config.segment_bytes
        return bool((minutes and lasted_ns >= minutes * _MINUTE_NS) or (size and self.writer.bytes_written >= size))

    def _free_path(self) -> Path:
        """The next name that no file has: an earlier night may have left some of these."""
        while True:
            self._named += 1
            path = self._path.with_stem(f"{self._path.stem}-{self._named:04d}")
            if not path.exists() and not path.with_name(path.name + ".part").exists():
                return path

    def _open(self) -> SessionWriter:
        number = self.count + 1
        path = self._path if number == 1 else self._free_path()
        info = self._info
        if number > 1:
            now = SessionInfo.create(info.streams, title=info.title, source=info.source)
            info = dataclasses.replace(now, notes={**info.notes, SEGMENT_NOTE: str(number)})
        writer = SessionWriter(path, info, self._config.layout, packers=self._packers, reserve=True)
        try:
            if self._run is not None:
                # The steps remember: what they said in a later segment depends on the segments before it.
                writer.write_run(self._run_of(number))
        except BaseException:  # whatever it was, also an interrupt: nothing may stay behind
            writer.abort()
            raise
        self.count = number
        return writer

    def _run_of(self, number: int) -> dict[str, Any]:
        assert self._run is not None
        if self._config.profile != "evidence":
            return unreplayable(self._run, f"profile {self._config.profile} does not keep every frame as it was")
        # The steps remember: what they said in a later segment depends on the segments before it. No reason is stored,
        # since it is none any more when the segments are merged.
        return {**self._run, REPLAYABLE: number == 1 and self._run.get(REPLAYABLE) is not False}


def recording_info(path: Path, streams: Sequence[StreamInfo], config: RecordConfig, source: str) -> SessionInfo:
    """The description of a recording's first segment; its clips and later segments are described after it."""
    info = SessionInfo.create(streams, title=path.stem, source=source)
    notes = {RECORDING_NOTE: info.id, SEGMENT_NOTE: "1", "profile": config.profile}
    return dataclasses.replace(info, notes=notes)
