"""Alarms told to other programs in threads of their own: nobody who looks at a picture ever waits for that.

A target is told of one alarm after the other for as long as it is quick. Where a call takes longer than
``overtake_s``, the next alarm begins beside it, up to ``at_once``: a command that hangs delays nobody. What is told of
one event stays in its order.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from pipeline.delivery.attempt import CalledOff, Failure, Patience, post, run_command
from pipeline.delivery.target import CommandTarget, Target
from pipeline.rules.model import Severity
from pipeline.rules.run import Change
from recordings.event import Event

_log = logging.getLogger(__name__)

PAYLOAD_VERSION: Final = 1
_LONGEST: Final = 4096
"""Characters of an environment variable: a system takes so much and no more. The JSON has all."""
THREAD: Final = "tapetum-alarms"


class DeliveryConfig(BaseModel):
    """How alarms are told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    least: Severity = Field(Severity.ALARM, description="what is milder is not told: notice, warning or alarm")
    tell_end: bool = Field(False, description="tell also when an event ends")
    waiting: int = Field(64, ge=1, le=10_000, description="that may wait; more push out the mildest, then the oldest")
    at_once: int = Field(4, ge=1, le=32, description="alarms that are told to one target at the same time, at most")
    overtake_s: float = Field(
        0.5, ge=0, le=60, description="an alarm that is being told for so long is no longer waited for by the next"
    )
    timeout_s: float = Field(5.0, gt=0, le=300, description="for one try")
    tries: int = Field(4, ge=1, le=100, description="of one alarm; a command that does not end is not run again")
    backoff_s: float = Field(0.5, ge=0, le=60, description="between the first tries; each time twice as long")
    longest_backoff_s: float = Field(10.0, ge=0, le=600, description="between two tries")
    close_s: float = Field(3.0, ge=0, le=60, description="for what still waits when the program ends")


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What became of the alarms.

    Attributes:
        delivered, failed, dropped: told; given up after the last try; pushed out, or still waiting at the end.
        waiting: now, those that are being told among them.
        problem: why the last try failed; '' when it did not.
        target: whom that was to tell.
    """

    delivered: int = 0
    failed: int = 0
    dropped: int = 0
    waiting: int = 0
    problem: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class _Message:
    data: bytes
    variables: dict[str, str]
    severity: int
    event: tuple[str, int | None, int]
    """Whose order is kept."""


class AlarmDelivery:
    """Tells alarms to one target.

    Args:
        target: where to; :func:`pipeline.delivery.target.parse_target` makes one of words.
        config: how patiently.
        session: who tells it, for the other side: the recording's or the rig's name.
    """

    def __init__(self, target: Target, config: DeliveryConfig | None = None, session: str = "") -> None:
        self.target = target
        self._config = config or DeliveryConfig()
        self._session = session
        self._queue: deque[_Message] = deque()
        self._active: dict[int, _Message] = {}
        """Thread's number -> what it tells now."""
        self._idle = 0
        self._begun_s = 0.0
        """When the newest of those was begun."""
        self._closing_s: float | None = None
        self._status = DeliveryStatus()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []

    def offer(self, change: Change, clip: Path | None = None) -> bool:
        """Hand over what a rule told; False where that is not to be told. Never waits for the other side.

        Args:
            clip: the whole path of the session that shows it, or will when the event's clip is complete.
        """
        event, config = change.event, self._config
        severity = Severity(event.severity) if event.severity else Severity.NOTICE
        told = change.kind == "begun" or (change.kind == "ended" and config.tell_end)
        if not told or severity.rank < config.least.rank:
            return False
        data = payload(event, change.kind, self._session, clip)
        key = (event.name, event.face, event.begin_ns)
        message = _Message(json.dumps(data).encode(), variables_of(data), severity.rank, key)
        left_out = 0
        with self._changed:
            if self._closing_s is not None:
                self._count(dropped=1)
                return False
            self._queue.append(message)
            if len(self._queue) > config.waiting:
                mildest = min(waiting.severity for waiting in self._queue)
                oldest = next(i for i, waiting in enumerate(self._queue) if waiting.severity == mildest)
                del self._queue[oldest]
                self._count(dropped=1)
                left_out = self._status.dropped
            self._add_threads()
            self._changed.notify_all()
        if left_out and not left_out & (left_out - 1):  # 1, 2, 4, 8...: a flood of alarms is no flood of words
            _log.warning("alarms come faster than %s takes them: %d were left out so far", self.target, left_out)
        return True

    @property
    def status(self) -> DeliveryStatus:
        """What became of the alarms so far. Any thread may ask."""
        with self._changed:
            return replace(self._status, waiting=len(self._queue) + len(self._active))

    def begin_to_close(self, within_s: float | None = None) -> None:
        """Take nothing more; what waits has so long. Returns at once."""
        with self._changed:
            if self._closing_s is None:
                self._closing_s = time.monotonic() + (self._config.close_s if within_s is None else within_s)
            self._changed.notify_all()

    def close(self, within_s: float | None = None) -> DeliveryStatus:
        """End: what waits is told if there is time, the rest is dropped and counted. Safe to call twice."""
        self.begin_to_close(within_s)
        for thread in self._threads:  # they never wait longer than a slice for anything, and a moment for a program
            thread.join()
        return self.status

    # -- in the threads -----------------------------------------------------------------------------------------------

    def _add_threads(self) -> None:
        """As many as what waits may need; each is idle until it has found something."""
        while self._idle < len(self._queue) and len(self._threads) < self._config.at_once:
            self._threads.append(threading.Thread(target=self._work, args=(len(self._threads),), name=THREAD))
            self._idle += 1
            self._threads[-1].start()

    def _work(self, number: int) -> None:
        while (message := self._next(number)) is not None:
            try:
                failure = self._deliver(message)
                delivered, failed, dropped = int(failure is None), int(failure is not None), 0
            except CalledOff:
                failure, delivered, failed, dropped = None, 0, 0, 1
            except Exception as error:  # noqa: BLE001 - the edge of a thread: the next alarm must be told all the same
                _log.exception("telling an alarm failed")
                failure, delivered, failed, dropped = Failure(f"{type(error).__name__}: {error}"), 0, 1, 0
            with self._changed:
                del self._active[number]
                self._idle += 1
                self._count(delivered, failed, dropped)
                self._changed.notify_all()
            if failure is not None:
                _log.warning("an alarm was not told to %s: %s", self.target, failure.why)

    def _next(self, number: int) -> _Message | None:
        """What this thread is to tell next; None at the end."""
        with self._changed:
            while True:
                if self._is_off():
                    self._count(dropped=len(self._queue))
                    self._queue.clear()
                message, wait_s = self._ready()
                if message is not None:
                    self._queue.remove(message)
                    self._active[number] = message
                    self._idle -= 1
                    self._begun_s = time.monotonic()
                    return message
                if not self._queue and self._closing_s is not None:
                    return None
                if self._closing_s is not None:
                    left_s = max(0.0, self._closing_s - time.monotonic())
                    wait_s = left_s if wait_s is None else min(wait_s, left_s)
                self._changed.wait(wait_s)

    def _ready(self) -> tuple[_Message | None, float | None]:
        """What may be told now, or for how long to wait for that at most; None: until something changes."""
        told_now = {message.event for message in self._active.values()}
        first = next((message for message in self._queue if message.event not in told_now), None)
        if first is None or not self._active:
            return first, None
        wait_s = self._begun_s + self._config.overtake_s - time.monotonic()
        return (first, None) if wait_s <= 0 else (None, wait_s)

    def _deliver(self, message: _Message) -> Failure | None:
        config = self._config
        pause_s = config.backoff_s
        for number in range(config.tries):
            if number:
                self._pause(min(pause_s, config.longest_backoff_s))
                pause_s *= 2
            failure = self._try(message)
            with self._changed:
                why = "" if failure is None else failure.why
                self._status = replace(self._status, problem=why, target=str(self.target) if why else "")
            if failure is None or failure.is_final:
                return failure
            if number == 0 and config.tries > 1:
                _log.warning("an alarm is not told to %s yet, it is tried again: %s", self.target, failure.why)
        return failure

    def _try(self, message: _Message) -> Failure | None:
        patience = Patience(self._config.timeout_s, self._is_off)
        try:
            if isinstance(self.target, CommandTarget):
                return run_command(self.target, message.data, message.variables, patience)
            return post(self.target, message.data, patience)
        except OSError as error:  # a full disk, no more files: the next try may find them
            return Failure(f"{error.strerror or error}")

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        with self._changed:
            while (rest := end - time.monotonic()) > 0:
                if self._is_off():
                    raise CalledOff
                closing = self._closing_s
                self._changed.wait(rest if closing is None else min(rest, max(0.0, closing - time.monotonic())))

    def _is_off(self) -> bool:
        return self._closing_s is not None and time.monotonic() >= self._closing_s

    def _count(self, delivered: int = 0, failed: int = 0, dropped: int = 0) -> None:
        was = self._status
        self._status = replace(
            was, delivered=was.delivered + delivered, failed=was.failed + failed, dropped=was.dropped + dropped
        )


def payload(event: Event, state: str, session: str = "", clip: Path | None = None) -> dict[str, Any]:
    """What is told: the event's JSON, and ``state`` (begun, ended), ``text`` for people, ``session``, and ``clip``: the
    whole path of the session that shows it, null where there is none. A clip has that name once it is complete."""
    return {
        "tapetum": PAYLOAD_VERSION,
        "state": state,
        "text": event.note,
        "session": session,
        "clip": None if clip is None else str(clip),
        "event": event.to_json(),
    }


def variables_of(data: dict[str, Any]) -> dict[str, str]:
    """The same in short, as environment variables ``TAPETUM_...``."""
    event = data["event"]
    told = {
        "STATE": data["state"],
        "TEXT": data["text"],
        "SESSION": data["session"],
        "CLIP": data["clip"] or "",
        "EVENT": event["name"],
        "SEVERITY": event.get("severity", ""),
        "FACE": "" if event["face"] is None else str(event["face"]),
        "BEGIN_NS": str(event["begin_ns"]),
        "END_NS": "" if event["end_ns"] is None else str(event["end_ns"]),
    }
    return {f"TAPETUM_{name}": value.replace("\0", "")[:_LONGEST] for name, value in told.items()}
