"""What a recorder asks of the disk beside writing: syncing, finishing segments, keeping the quota, how much is left."""

from __future__ import annotations

import logging
import math
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from recordings.config import RecordConfig
from recordings.disk_space import DiskOutlook, DiskWatch
from recordings.errors import RecordingError, SessionWriteError
from recordings.retention import apply_retention
from recordings.writer import SessionWriter

log = logging.getLogger(__name__)

_MIB: Final = 1 << 20
_GIB: Final = 1 << 30
_DAY_S: Final = 86400.0
_CHECK_EVERY_S: Final = 1.0
_QUOTA_EVERY_S: Final = 60.0


class DiskWorker:
    """One thread, ``tapetum-disk``, so that neither cameras nor the recorder's thread wait for a disk to sync.

    Raises:
        SessionWriteError: the disk has too little room to begin with.
    """

    def __init__(self, path: Path, config: RecordConfig, on_trouble: Callable[[str], None]) -> None:
        self._path = path
        self._folder = path.parent
        self._config = config
        self._on_trouble = on_trouble
        self._jobs: queue.SimpleQueue[tuple[str, SessionWriter | None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._syncing = False
        self._problem = ""
        self._watch = DiskWatch(self._folder)
        self._used_bytes = 0
        self._told = ""
        self._checked_s = -math.inf
        self._check_space()
        if self._problem:
            raise SessionWriteError(self._problem)
        self._thread = threading.Thread(target=self._run, name="tapetum-disk")
        self._thread.start()

    def sync(self, writer: SessionWriter) -> None:
        """Bring what was flushed to the disk itself. Asked for again while it runs, it runs once more."""
        with self._lock:
            if self._syncing:
                return
            self._syncing = True
        self._jobs.put(("sync", writer))

    def finish(self, writer: SessionWriter) -> None:
        """Close a segment that is complete."""
        self._jobs.put(("finish", writer))

    def problem(self) -> str:
        """Why the recording must end; '' while all is well."""
        with self._lock:
            return self._problem

    def outlook(self, bytes_written: int) -> DiskOutlook:
        """How long the disk will do, given what the recording has written in all."""
        quota = round(self._config.quota_gib * _GIB) or None
        with self._lock:
            self._watch.update(bytes_written)
            return self._watch.outlook(
                reserve_bytes=round(self._config.min_free_mib * _MIB),
                quota_bytes=quota,
                used_bytes=min(max(self._used_bytes, bytes_written), quota or 0),
            )

    def stop(self, deadline_s: float) -> bool:
        """Do what was asked for, then end; False when that took longer."""
        self._jobs.put(("stop", None))
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        quota_s = -math.inf
        while True:
            self._check_space()
            if time.monotonic() - quota_s > _QUOTA_EVERY_S:
                # By time, too: clips and the other recordings of the folder grow without segments of this one.
                quota_s = time.monotonic()
                self._try(self._keep_quota)
            try:
                job, writer = self._jobs.get(timeout=_CHECK_EVERY_S)
            except queue.Empty:
                continue
            if job == "stop":
                return
            if writer is not None and job == "sync":
                with self._lock:
                    self._syncing = False
                self._try(writer.sync)
            elif writer is not None:
                self._try(writer.close)
                self._try(self._keep_quota)

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (RecordingError, OSError) as error:
            with self._lock:
                self._problem = self._problem or str(error)
        except Exception as error:  # the edge of a thread: whatever it was must reach the status
            log.exception("the disk's thread failed")
            with self._lock:
                self._problem = self._problem or f"{type(error).__name__}: {error}"

    def _check_space(self) -> None:
        now = time.monotonic()
        if now - self._checked_s < _CHECK_EVERY_S:
            return
        self._checked_s = now
        with self._lock:
            free = self._watch.free_bytes()
            if free is not None and free < self._config.min_free_mib * _MIB and not self._problem:
                self._problem = (
                    f"only {free / _MIB:.0f} MiB are left on the disk of {self._folder} (the limit is "
                    f"{self._config.min_free_mib:.0f}); free some space or choose another place with -o"
                )

    def _keep_quota(self) -> None:
        """Recordings of earlier nights in the same folder count, and go, too."""
        config = self._config
        if not (config.quota_gib or config.max_age_days):
            return
        report = apply_retention(
            self._folder,
            round(config.quota_gib * _GIB) or None,
            config.max_age_days * _DAY_S or None,
        )
        with self._lock:
            self._used_bytes = report.left_bytes
        if report.deleted:
            log.info("retention: deleted %s", ", ".join(p.name for p in report.deleted))
        if report.problem and report.problem != self._told:
            self._on_trouble(report.problem)
        self._told = report.problem
