"""The files of one recording: when a new one begins, and what it is called."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Final

from drivers.frame import StreamInfo
from recordings.config import RecordConfig
from recordings.disk_worker import DiskWorker
from recordings.session import SessionInfo
from recordings.stored import StoredFrame
from recordings.writer import SessionWriter

_GIB: Final = 1 << 30
_MINUTE_NS: Final = 60 * 10**9

RECORDING_NOTE: Final = "recording"
"""Note of a session: the id that all segments of one recording share."""

SEGMENT_NOTE: Final = "segment"
"""Note of a session: which segment of its recording it is, from 1."""


class Segments:
    """Gives the writer for each frame. For the recorder's thread; ``bytes_written`` and ``count`` for all.

    A new file begins between two frames: what comes before is in the old one, what comes after in the new one, and
    nothing is in both or neither. The old one is finished by the disk's thread meanwhile.
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
    ) -> None:
        self._path = path
        self._info = info
        self._config = config
        self._run = run
        self._packers = packers
        self._disk = disk
        self._begun_ns: int | None = None
        self._done_bytes = 0
        self.count = 0
        self.writer = self._open()

    @property
    def bytes_written(self) -> int:
        """Of all files so far."""
        return self._done_bytes + self.writer.bytes_written

    def writer_for(self, stored: StoredFrame) -> SessionWriter:
        """The writer that takes this frame; a new one when its segment is full.

        Raises:
            SessionWriteError: the new file cannot be made.
        """
        if self._begun_ns is None:
            self._begun_ns = stored.host_ns
        elif self._is_full(stored.host_ns - self._begun_ns):
            # The new file first: if it cannot be made, the old one goes on to its end.
            old, new = self.writer, self._open()
            self._done_bytes += old.bytes_written
            self.writer, self._begun_ns = new, stored.host_ns
            self._disk.finish(old)
        return self.writer

    def close(self) -> None:
        """Finish the present file.

        Raises:
            SessionWriteError: the disk refuses.
        """
        self.writer.close()

    def end(self, reason: str) -> Mapping[str, int]:
        """Finish the present file after trouble; stream -> frames that could not be kept.

        Raises:
            SessionWriteError: the file could not be finished.
        """
        return self.writer.end(reason).frames

    def _is_full(self, lasted_ns: int) -> bool:
        minutes, gib = self._config.segment_minutes, self._config.segment_gib
        return bool(
            (minutes and lasted_ns >= minutes * _MINUTE_NS) or (gib and self.writer.bytes_written >= gib * _GIB)
        )

    def _open(self) -> SessionWriter:
        number = self.count + 1
        path = self._path if number == 1 else self._path.with_stem(f"{self._path.stem}-{number:04d}")
        info = self._info
        if number > 1:
            now = SessionInfo.create(info.streams, title=info.title, source=info.source)
            info = dataclasses.replace(now, notes={**info.notes, SEGMENT_NOTE: str(number)})
        writer = SessionWriter(path, info, self._config.layout, packers=self._packers, reserve=True)
        try:
            if self._run is not None:
                # The steps remember: what they said in a later segment depends on the segments before it.
                writer.write_run({**self._run, "replayable": number == 1 and self._config.profile == "evidence"})
        except BaseException:
            writer.abort()
            raise
        self.count = number
        return writer


def recording_info(path: Path, streams: Sequence[StreamInfo], config: RecordConfig, source: str) -> SessionInfo:
    """The description of a recording's first segment; its clips and later segments are described after it."""
    info = SessionInfo.create(streams, title=path.stem, source=source)
    notes = {RECORDING_NOTE: info.id, SEGMENT_NOTE: "1", "profile": config.profile}
    return dataclasses.replace(info, notes=notes)
