"""The last seconds of a live run, saved as sessions while it goes on: each in a thread of its own."""

from __future__ import annotations

import enum
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drivers.frame import StreamInfo
from pipeline.config import KeepConfig
from pipeline.errors import LiveError
from pipeline.heap import give_back
from pipeline.live_recording import free_name
from recordings.errors import RecordingError
from recordings.last_seconds import LastSeconds
from recordings.save_last import Saved, save_held

log = logging.getLogger(__name__)

MOST_AT_ONCE: Final = 2
"""Each holds the memory of what it has still to write."""
_TOLD: Final = 8
_MIB: Final = 1 << 20


class SaveState(enum.StrEnum):
    """How far a saving is."""

    SAVING = "saving"
    SAVED = "saved"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SaveNow:
    """A snapshot of one saving.

    Attributes:
        number: counts the savings of a run, from 1.
        asked_s: the seconds that were asked for.
        saved: what was written; None before.
        reason: why it failed; '' otherwise.
    """

    number: int
    path: Path
    asked_s: float
    state: SaveState
    saved: Saved | None = None
    reason: str = ""


class LiveSaves:
    """Holds the last seconds, and saves them when asked.

    Args:
        streams: of the run.
        config: how much is held.
        source: what is live, for people.
        run: gives what results are made with, in the saving's thread.
        beside: writes what belongs beside a session that was saved, in that thread; raises a RecordingError.
    """

    def __init__(
        self,
        streams: tuple[StreamInfo, ...],
        config: KeepConfig,
        source: str,
        run: Callable[[], Mapping[str, Any]],
        beside: Callable[[Path], None] | None = None,
    ) -> None:
        self._beside = beside
        self.last = LastSeconds(streams, config.seconds, round(config.mib * _MIB))
        self._source = source
        self._run = run
        self._lock = threading.Lock()
        self._count = 0
        self._told: dict[int, SaveNow] = {}
        self._threads: dict[int, threading.Thread] = {}
        self._closing = False
        self._stopping = threading.Event()

    def save(self, seconds: float, path: Path, fresh: bool = False) -> int:
        """Save so many seconds before the newest frame, or as many as are held. Returns at once.

        Args:
            fresh: make the folder where there is none, and take another name where this one is taken.

        Returns:
            The saving's number, for :meth:`status`.

        Raises:
            LiveError: nothing is held, or others are being saved.
        """
        with self._lock:
            self._threads = {n: thread for n, thread in self._threads.items() if thread.is_alive()}
            if self._closing:
                raise LiveError("nothing can be saved: the cameras have ended")
            if len(self._threads) >= MOST_AT_ONCE:
                raise LiveError(f"{MOST_AT_ONCE} files are being saved already: wait until one of them is done")
            held = self.last.held(seconds)
            if not held.items:
                raise LiveError("nothing can be saved: no frame has come yet")
            self._count += 1
            number = self._count
            self._tell(SaveNow(number, path, seconds, SaveState.SAVING))

            def work() -> None:
                target = path
                try:
                    if fresh:
                        path.parent.mkdir(parents=True, exist_ok=True)
                        target = free_name(path)
                    saved = save_held(
                        held, self.last, target, seconds, source=self._source, run=self._run(), stop=self._stopping
                    )
                    if self._beside is not None:
                        self._beside(target)
                    told = SaveNow(number, target, seconds, SaveState.SAVED, saved)
                except (RecordingError, OSError) as error:
                    told = SaveNow(number, target, seconds, SaveState.FAILED, None, str(error))
                except Exception as error:  # the edge of a thread: whatever it was must reach the status
                    log.exception("the last seconds could not be saved")
                    reason = f"{type(error).__name__}: {error}"
                    told = SaveNow(number, target, seconds, SaveState.FAILED, None, reason)
                held.items.clear()
                with self._lock:
                    self._tell(told)
                give_back()

            thread = self._threads[number] = threading.Thread(target=work, name=f"tapetum-save-{number}")
            thread.start()
            return number

    def status(self) -> tuple[SaveNow, ...]:
        """Of the newest few, in their order."""
        with self._lock:
            return tuple(self._told.values())

    def close(self, deadline_s: float) -> bool:
        """Let what is being saved be finished, within most of the time; what takes longer is given up, and leaves no
        file. False when a disk hangs. Safe to call twice."""
        end = time.monotonic() + deadline_s
        with self._lock:
            self._closing = True
            threads = list(self._threads.values())
        for thread in threads:
            thread.join(max(0.0, end - deadline_s / 5 - time.monotonic()))
        self._stopping.set()
        for thread in threads:
            thread.join(max(0.05, end - time.monotonic()))
        down = self.last.close(max(0.1, end - time.monotonic()))
        return down and not any(thread.is_alive() for thread in threads)

    def _tell(self, now: SaveNow) -> None:
        """Under the lock."""
        self._told[now.number] = now
        while len(self._told) > _TOLD:
            del self._told[min(self._told)]
