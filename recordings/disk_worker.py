"""What a recorder asks of the disk beside writing: syncing, finishing segments, keeping the quota, how much is left."""

from __future__ import annotations

import logging
import queue
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from recordings.config import RecordConfig
from recordings.errors import RecordingError, SessionWriteError
from recordings.writer import SessionWriter

log = logging.getLogger(__name__)

_MIB: Final = 1 << 20
_GIB: Final = 1 << 30
_CHECK_EVERY_S: Final = 1.0
_RATE_OVER_S: Final = 60.0
_RATE_FROM_S: Final = 2.0
"""A rate is told once this much was seen."""


class DiskWorker:
    """One thread, ``tapetum-disk``, so that neither cameras nor the recorder's thread wait for a disk to sync.

    Raises:
        SessionWriteError: the disk has too little room to begin with.
    """

    def __init__(self, folder: Path, config: RecordConfig, on_trouble: Callable[[str], None]) -> None:
        self._folder = folder
        self._config = config
        self._on_trouble = on_trouble
        self._jobs: queue.SimpleQueue[tuple[str, SessionWriter | None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._syncing = False
        self._problem = ""
        self._free: int | None = None
        self._checked_s = 0.0
        self._rates: deque[tuple[float, int]] = deque()
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

    def outlook(self, bytes_written: int) -> tuple[float | None, int | None, float | None]:
        """Bytes a second, free bytes, hours left: None where not known (yet)."""
        now = time.monotonic()
        with self._lock:
            if not self._rates or now - self._rates[-1][0] >= 0.5:
                self._rates.append((now, bytes_written))
            while now - self._rates[0][0] > _RATE_OVER_S:
                self._rates.popleft()
            (t0, b0), (t1, b1) = self._rates[0], self._rates[-1]
            free = self._free
        rate = (b1 - b0) / (t1 - t0) if t1 - t0 >= _RATE_FROM_S else None
        if rate is None or free is None or rate <= 0:
            return rate, free, None
        left = free - self._config.min_free_mib * _MIB
        quota = self._config.quota_gib * _GIB
        if quota and quota <= left + bytes_written:
            return rate, free, float("inf")  # the oldest files go before the disk is full
        return rate, free, max(0.0, left) / rate / 3600

    def stop(self, deadline_s: float) -> bool:
        """Do what was asked for, then end; False when that took longer."""
        self._jobs.put(("stop", None))
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            self._check_space()
            try:
                job, writer = self._jobs.get(timeout=_CHECK_EVERY_S)
            except queue.Empty:
                continue
            if job == "stop":
                return
            try:
                if writer is not None and job == "sync":
                    with self._lock:
                        self._syncing = False
                    writer.sync()
                elif writer is not None:
                    writer.close()
                    self._keep_quota()
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
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError:
            return  # the writes will tell what is wrong
        with self._lock:
            self._free = free
            if free < self._config.min_free_mib * _MIB and not self._problem:
                self._problem = (
                    f"only {free / _MIB:.0f} MiB are left on the disk of {self._folder} (the limit is "
                    f"{self._config.min_free_mib:.0f}); free some space or choose another place with -o"
                )

    def _keep_quota(self) -> None:
        if not (self._config.quota_gib or self._config.max_age_days):
            return
        from recordings.retention import apply_retention

        raise SessionWriteError(str(apply_retention))
