"""Keeps a folder's recordings within their quota while one is made: now and then, and when a file is finished."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from recordings.config import RecordConfig
from recordings.errors import RecordingError
from recordings.retention import apply_retention

log = logging.getLogger(__name__)

_GIB: Final = 1 << 30
_DAY_S: Final = 86400.0
_EVERY_S: Final = 10.0
_TELL_AFTER_S: Final = 25.0
"""Files that are only being finished may be too much for a moment."""

_FIGURES: Final = re.compile(r"[\d.]+")


class QuotaKeeper:
    """A thread of its own, ``tapetum-quota``: looking into thousands of files must not keep any from being synced.

    What it cannot do is told, and ends no recording. Ages are counted by the clock as it was at the beginning: a clock
    that is set forward makes no file old.
    """

    def __init__(self, folder: Path, config: RecordConfig, on_trouble: Callable[[str], None]) -> None:
        self._folder = folder
        self._quota_bytes = round(config.quota_gib * _GIB) or None
        self._max_age_s = config.max_age_days * _DAY_S or None
        self._on_trouble = on_trouble
        self._begun_s = time.time() - time.monotonic()
        self._changed = threading.Condition()
        self._asked = 1
        self._done = 0
        self._stopping = False
        self._used_bytes = 0
        self._has_deleted = False
        self._problem = ""
        self._since_s = 0.0
        self._told = ""
        self._thread: threading.Thread | None = None
        if self._quota_bytes or self._max_age_s:
            self._thread = threading.Thread(target=self._run, name="tapetum-quota")
            self._thread.start()

    def ask(self) -> int:
        """Look soon; gives a number for :meth:`has_looked`."""
        with self._changed:
            self._asked += 1
            self._changed.notify_all()
            return self._asked

    def has_looked(self, number: int) -> bool:
        """Whether a look that was asked for is over; True also where nothing is ever deleted."""
        with self._changed:
            return self._thread is None or self._stopping or self._done >= number

    @property
    def has_deleted(self) -> bool:
        """Whether the last look made room."""
        return self._has_deleted

    def state(self) -> tuple[int | None, int]:
        """The quota where it can be held (None where not, or where there is none), and what there was of it in use."""
        with self._changed:
            return (None if self._problem else self._quota_bytes), self._used_bytes

    def stop(self, deadline_s: float) -> bool:
        """Look once more where that was asked for, then end; False when that took longer."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is None:
            return True
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._done >= self._asked and not self._stopping:
                    self._changed.wait(_EVERY_S)
                if self._done >= self._asked and self._stopping:
                    return
                asked = self._asked
            problem = self._look()
            now = time.monotonic()
            with self._changed:
                if not self._problem:
                    self._since_s = now
                self._problem, self._done = problem, asked
            kind = _FIGURES.sub("", problem)  # which change from look to look
            if problem and now - self._since_s >= _TELL_AFTER_S and kind != self._told:
                self._told = kind
                self._on_trouble(problem)
            elif not problem:
                self._told = ""

    def _look(self) -> str:
        """Recordings of earlier nights in the same folder count, and go, too. Gives what is wrong."""
        self._has_deleted = False
        now_s = min(time.time(), self._begun_s + time.monotonic())
        try:
            report = apply_retention(self._folder, self._quota_bytes, self._max_age_s, now_s)
        except (RecordingError, OSError) as error:
            return f"the quota is not kept: {error}"
        except Exception as error:  # the edge of a thread: whatever it was, the recording goes on
            log.exception("the quota could not be kept")
            return f"the quota is not kept: {type(error).__name__}: {error}"
        with self._changed:
            self._used_bytes = report.left_bytes
        self._has_deleted = bool(report.deleted)
        if report.deleted:
            log.info("retention: deleted %s", ", ".join(p.name for p in report.deleted))
        return report.problem
