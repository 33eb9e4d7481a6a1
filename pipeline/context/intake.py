"""One source of the context at work: lines come in, values go into the book. A thread of its own, and no frame waits.

What is wrong with a line is counted and told now and then; it never ends the source.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.clock import ClockMap
from drivers.host_clock import now_ns
from pipeline.context.book import MOST_NAMES, SECOND, ContextBook, Refusal
from pipeline.context.lines import Told, reader_of
from pipeline.context.ports import Port, open_port
from pipeline.context.source import Source
from pipeline.context.units import ContextError

log = logging.getLogger(__name__)

MOST_A_SECOND: Final = 500
"""Lines of one source; what comes faster is left out, so that no frame waits for the reading of it."""
_WINDOW_S: Final = 0.1
_AGAIN_S: Final = 2.0
"""Until a line that went is opened again."""
_TELL_AGAIN_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class SourceNow:
    """What one source does.

    Attributes:
        source: as it is written.
        lines: that came; values: that were taken.
        bad: lines, or values in them, that say what cannot be.
        late: values that came too late, or after newer ones.
        doubled: values of names that another source tells.
        left_out: lines beyond :data:`MOST_A_SECOND`, at least.
        clock_jumps: of the sender's clock.
        silent_s: since the last line, or since it was opened.
        problem: why nothing can come; '' otherwise.
        wrong: what was wrong last; '' for nothing.
        unused: lines in a row of which nothing could be used, up to now.
    """

    source: str
    lines: int = 0
    values: int = 0
    bad: int = 0
    late: int = 0
    doubled: int = 0
    left_out: int = 0
    clock_jumps: int = 0
    silent_s: float = 0.0
    problem: str = ""
    wrong: str = ""
    unused: int = 0


class Intake:
    """Listens from when it is made until :meth:`close`.

    Args:
        source: where.
        book: what is told goes there.
        on_name: called with each name that is told, in the intake's thread.

    Raises:
        ContextError: it cannot be listened at, or a package is missing.
    """

    def __init__(self, source: Source, book: ContextBook, on_name: Callable[[str], None] = lambda name: None) -> None:
        self._source = source
        self._words = str(source)
        self._book = book
        self._on_name = on_name
        self._read = reader_of(source.form)
        self._clock = ClockMap()
        self._clock_count = 0
        self._last_time_s: float | None = None
        self._counts = dict.fromkeys(("lines", "values", "bad", "late", "doubled", "left_out"), 0)
        self._problem = self._wrong = ""
        self._unused = 0
        self._wrong_of: dict[str, tuple[float, str]] = {}
        """Name -> when it was told last in a way that cannot be used, and why that is so."""
        self._told: dict[str, float] = {}
        self._heard_s = time.monotonic()
        self._closing = threading.Event()
        self._port: Port | None = open_port(source)
        self._thread = threading.Thread(target=self._run, name=f"tapetum-context-{self._words}")
        self._thread.start()

    def status(self) -> SourceNow:
        """Never blocks."""
        silent_s = max(0.0, time.monotonic() - self._heard_s)
        return SourceNow(
            self._words,
            **self._counts,
            clock_jumps=self._clock.jumps,
            silent_s=silent_s,
            problem=self._problem,
            wrong=self._wrong,
            unused=self._unused,
        )

    def why_unused(self, name: str, within_s: float) -> str:
        """Why what came within that time tells nothing of a name, or nothing at all; '' where none came, or some of it
        could be used and none of it was of that name. Never blocks."""
        now = time.monotonic()
        wrong_s, why = self._wrong_of.get(name, (-math.inf, ""))
        if now - wrong_s < within_s:
            return why
        return self._wrong if self._unused and now - self._heard_s < within_s else ""

    def request_close(self) -> None:
        """Let the thread end; does not wait."""
        self._closing.set()

    def join(self, timeout_s: float) -> bool:
        """Whether the thread has ended within that time."""
        self._thread.join(max(0.0, timeout_s))
        return not self._thread.is_alive()

    # -- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                try:
                    if self._port is None:
                        self._port = open_port(self._source)
                        self._problem = ""
                        log.warning("%s is there again", self._words)
                    self._listen(self._port)
                except (OSError, ContextError) as error:
                    self._gone(str(error))
        except Exception as error:  # the edge of a thread: whatever it was must be seen
            log.exception("listening at %s ended", self._words)
            self._problem = f"{type(error).__name__}: {error}"
        finally:
            self._close_port()

    def _listen(self, port: Port) -> None:
        until, left = 0.0, 0
        while not self._closing.is_set():
            lines = port.lines()
            now = time.monotonic()
            if now >= until:
                until, left = now + _WINDOW_S, round(MOST_A_SECOND * _WINDOW_S)
            for line in lines[:left]:
                self._take(line)
            self._leave_out(len(lines) - left)
            left = max(0, left - len(lines))
            if not left:  # what waits meanwhile would be old, and the system leaves out what finds its queue full
                self._closing.wait(max(0.0, until - now))
                self._leave_out(port.skip())

    def _leave_out(self, count: int) -> None:
        if count > 0:
            self._counts["left_out"] += count
            self._tell("left out", f"more than {MOST_A_SECOND} lines a second come: the rest is left out")

    def _gone(self, why: str) -> None:
        self._close_port()
        if not self._problem:
            log.warning("%s: %s; it is tried again", self._words, why)
        self._problem = why
        self._closing.wait(_AGAIN_S)

    def _close_port(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            port.close()

    def _take(self, data: bytes) -> None:
        if not data.strip():
            return
        self._counts["lines"] += 1
        self._heard_s = time.monotonic()
        found = self._read(data)
        for words in found.wrong:
            self._bad(words)
        for name, words in found.refused:
            self._not_of(name, words)
        is_used = False
        for told in found.told:
            if told.wrong:
                self._bad(told.wrong)
            is_used = self._put(told) or is_used
        if is_used:
            self._unused = 0
        elif found.told or found.wrong:  # a receiver's other sentences are for others
            self._unused += 1

    def _put(self, told: Told) -> bool:
        """Whether it could be used, or another source tells it already."""
        self._on_name(told.name)
        measured = None if told.time_s is None else self._mapped(told.time_s)
        refused = self._book.put(self._words, told.name, told.value, measured)
        if refused is None:
            self._counts["values"] += 0 if told.wrong else 1
        elif refused.why is Refusal.DOUBLED:
            self._counts["doubled"] += 1
            self._tell(f"doubled {told.name}", f"{told.name} is not taken from here: {refused.words}")
            return True
        elif refused.why is Refusal.FULL:
            self._bad(refused.words)
        else:
            self._counts["late"] += 1
            self._tell("late", refused.words)
        why = told.wrong or ("" if refused is None else refused.words)
        if why:
            self._not_of(told.name, why)
        else:
            self._wrong_of.pop(told.name, None)
        return not why

    def _not_of(self, name: str, why: str) -> None:
        """What came of a name cannot be used."""
        self._wrong_of[name] = (time.monotonic(), why)
        while len(self._wrong_of) > MOST_NAMES:
            del self._wrong_of[next(iter(self._wrong_of))]

    def _mapped(self, time_s: float) -> int:
        """A time of the sender's clock on ours; what came on the quickest way came without delay."""
        device_ns = round(time_s * SECOND)
        if time_s == self._last_time_s:
            return self._clock.to_host(device_ns)
        self._last_time_s = time_s
        self._clock_count += 1
        jumps = self._clock.jumps
        host_ns = self._clock.push(device_ns, now_ns(), self._clock_count)
        if self._clock.jumps != jumps:
            self._tell("clock", "the clock of who sends leapt")
        return host_ns

    def _bad(self, words: str) -> None:
        self._counts["bad"] += 1
        self._tell("bad", words)

    def _tell(self, kind: str, words: str) -> None:
        """In the status; in the log the first time, and again when it has been a while."""
        self._wrong = words
        now = time.monotonic()
        if now - self._told.get(kind, -_TELL_AGAIN_S) >= _TELL_AGAIN_S:
            self._told[kind] = now
            log.warning("%s: %s", self._words, words)
