"""What a recorder asks of the disk beside writing: syncing, finishing segments, keeping the quota, how much is left."""

from __future__ import annotations

import functools
import logging
import math
import queue
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from recordings.config import RecordConfig
from recordings.disk_space import DiskOutlook, DiskWatch
from recordings.errors import RecordingError, SessionWriteError
from recordings.quota_keeper import QuotaKeeper
from recordings.writer import SessionWriter

log = logging.getLogger(__name__)

_MIB: Final = 1 << 20
_CHECK_EVERY_S: Final = 1.0
_LOW_CHECK_EVERY_S: Final = 0.1
"""While the quota is looking for something to delete."""


class DiskWorker:
    """One thread, ``tapetum-disk``, so that neither cameras nor the recorder's thread wait for a disk to sync.

    Args:
        path: the recording's first file.
        config: settings.
        on_trouble: called with words, in another thread.
        on_lost: called with stream -> frames that a segment could not keep, in another thread.

    Raises:
        SessionWriteError: the disk has too little room to begin with.
    """

    def __init__(
        self,
        path: Path,
        config: RecordConfig,
        on_trouble: Callable[[str], None],
        on_lost: Callable[[Mapping[str, int]], None],
    ) -> None:
        self._folder = path.parent
        self._least_free = round(config.min_free_mib * _MIB)
        self._on_lost = on_lost
        self._jobs: queue.SimpleQueue[tuple[str, SessionWriter | threading.Event | None]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._syncing = False
        self._problem = ""
        self._free: int | None = None
        # A disk may take long to say what is free: it is asked by the thread, never by whoever wants to know.
        self._watch = DiskWatch(self._folder, free=lambda folder: self._known_free())
        self._disk = DiskWatch(self._folder)
        self._checked_s = -math.inf
        self._low_since: int | None = None
        self._free = self._disk.free_bytes()
        if self._is_low():
            raise SessionWriteError(self._low_words())
        self._quota = QuotaKeeper(self._folder, config, on_trouble)
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

    def settle(self, deadline_s: float) -> None:
        """Wait until everything asked for so far is done, for so long at most."""
        done = threading.Event()
        self._jobs.put(("settle", done))
        done.wait(deadline_s)

    def problem(self) -> str:
        """Why the recording must end; '' while all is well."""
        with self._lock:
            return self._problem

    def outlook(self, bytes_written: int) -> DiskOutlook:
        """How long the disk will do, given what the recording has written in all. Never waits for the disk."""
        quota, used = self._quota.state()
        with self._lock:
            self._watch.update(bytes_written)
            return self._watch.outlook(
                reserve_bytes=self._least_free,
                quota_bytes=quota,
                used_bytes=min(max(used, bytes_written), quota or 0),
            )

    def stop(self, deadline_s: float) -> bool:
        """Do what was asked for, then end; False when that took longer."""
        until = time.monotonic() + deadline_s
        self._jobs.put(("stop", None))
        self._thread.join(deadline_s)
        return self._quota.stop(max(0.0, until - time.monotonic())) and not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            self._check_space()
            try:
                job, subject = self._jobs.get(timeout=_CHECK_EVERY_S if self._low_since is None else _LOW_CHECK_EVERY_S)
            except queue.Empty:
                continue
            if job == "stop":
                return
            if isinstance(subject, threading.Event):
                subject.set()
            elif subject is not None and job == "sync":
                with self._lock:
                    self._syncing = False
                self._try(subject.sync)
            elif subject is not None:
                self._try(functools.partial(self._finish, subject))
                self._quota.ask()

    def _finish(self, writer: SessionWriter) -> None:
        try:
            writer.close(keep=True)
        except SessionWriteError as error:
            self._on_lost(writer.end(str(error)).frames)
            raise

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (RecordingError, OSError) as error:
            self._end(str(error))
        except Exception as error:  # the edge of a thread: whatever it was must reach the status
            log.exception("the disk's thread failed")
            self._end(f"{type(error).__name__}: {error}")

    def _end(self, problem: str) -> None:
        with self._lock:
            self._problem = self._problem or problem

    def _check_space(self) -> None:
        now = time.monotonic()
        if now - self._checked_s < (_CHECK_EVERY_S if self._low_since is None else _LOW_CHECK_EVERY_S):
            return
        self._checked_s = now
        free = self._disk.free_bytes()
        with self._lock:
            self._free = free
        if not self._is_low():
            self._low_since = None
            return
        if self._low_since is None:
            self._low_since = self._quota.ask()  # it may have something to delete
        if not self._quota.has_looked(self._low_since):
            return
        if self._quota.has_deleted:
            self._low_since = self._quota.ask()  # and more, while that helps
        else:
            self._end(self._low_words())

    def _is_low(self) -> bool:
        return self._free is not None and self._free < self._least_free

    def _low_words(self) -> str:
        return (
            f"only {(self._free or 0) / _MIB:.0f} MiB are left on the disk of {self._folder} (the limit is "
            f"{self._least_free / _MIB:.0f}); free some space or choose another place with -o"
        )

    def _known_free(self) -> int:
        if self._free is None:
            raise OSError(f"nobody knows what is free on the disk of {self._folder}")
        return self._free
