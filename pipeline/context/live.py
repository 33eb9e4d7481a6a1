"""The context of a live run: its sources, what is known now, and what a recording keeps of it."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.context.book import ContextBook
from pipeline.context.intake import Intake, SourceNow
from pipeline.context.source import Source
from pipeline.context.units import unit_of

log = logging.getLogger(__name__)

MAX_AGE_S: Final = 2.5
"""A receiver that tells once a second may miss one."""
NOBODY: Final = "nobody tells it"
SILENT: Final = "nothing has come for a while"
NOT_KNOWN_THERE: Final = "who tells it does not know it"
UNUSED: Final = "somebody speaks, but nothing of it can be used"


@dataclass(frozen=True, slots=True)
class ValueNow:
    """One name of the context.

    Attributes:
        value: None where it is not known: the strictest limits count.
        age_s: of the last value; None where there never was one.
        reason: why it is not known; '' where it is.
        is_asked: whether rules that count ask for it.
        wrong: where somebody speaks and it cannot be used, why not, as of the last that came.
    """

    name: str
    unit: str
    value: float | None
    age_s: float | None
    source: str
    reason: str
    is_asked: bool
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ContextNow:
    """What is known beside the pictures: what rules ask for first, then what else is told."""

    values: tuple[ValueNow, ...] = ()
    sources: tuple[SourceNow, ...] = ()


class LiveContext:
    """Listens from when it is made until :meth:`close`.

    Args:
        sources: where values come from.
        max_age_s: after that a value is not known any more.
        keep_s: what is held for recordings that begin later.
        asked: the names that rules ask for; None while no rules count. Called in any thread.

    Raises:
        ContextError: a source cannot be listened at; none is left open.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        max_age_s: float = MAX_AGE_S,
        keep_s: float = 120.0,
        asked: Callable[[], Collection[str] | None] = lambda: None,
    ) -> None:
        self.book = ContextBook(max_age_s, keep_s)
        self.max_age_s = max_age_s
        self._asked = asked
        self._unasked: set[str] = set()
        self._intakes: list[Intake] = []
        try:
            for source in sources:
                self._intakes.append(Intake(source, self.book, self._heard))
        except BaseException:  # whatever it was: those that are open already must not go on
            self.close()
            raise

    @property
    def has_sources(self) -> bool:
        return bool(self._intakes)

    def at(self, host_ns: int) -> dict[str, float]:
        """Name -> value at a moment of our clock that is past; what is not known then is absent."""
        return self.book.at(host_ns) if self._intakes else {}

    def status(self) -> ContextNow:
        """Never blocks for long."""
        asked = tuple(self._asked() or ())
        newest = self.book.newest()
        names = dict.fromkeys((*asked, *sorted(newest)))
        values = tuple(self._value(name, newest.get(name), name in asked) for name in names)
        return ContextNow(values, tuple(intake.status() for intake in self._intakes))

    def close(self, timeout_s: float = 2.0) -> bool:
        """Nothing is listened to any more; False when a thread took longer."""
        end = time.monotonic() + timeout_s
        for intake in self._intakes:
            intake.request_close()
        return all([intake.join(end - time.monotonic()) for intake in self._intakes])  # noqa: C419 - each is waited for

    def _value(self, name: str, newest: tuple[float, float, str] | None, is_asked: bool) -> ValueNow:
        value, age_s, source = (math.nan, None, "") if newest is None else newest
        if age_s is not None and age_s < self.max_age_s and not math.isnan(value):
            return ValueNow(name, unit_of(name), value, age_s, source, "", is_asked)
        wrong = next(filter(None, (intake.why_unused(name, self.max_age_s) for intake in self._intakes)), "")
        if wrong:
            reason = UNUSED
        elif age_s is None:
            reason = SILENT if any(intake.status().unused for intake in self._intakes) else NOBODY
        else:
            reason = SILENT if age_s >= self.max_age_s else NOT_KNOWN_THERE
        return ValueNow(name, unit_of(name), None, age_s, source, reason, is_asked, wrong)

    def _heard(self, name: str) -> None:
        asked = self._asked()
        if asked is None or name in asked or name in self._unasked:
            return
        self._unasked.add(name)
        known = ", ".join(asked) or "nothing"
        log.warning("no rule asks for %s (the rules ask for %s): it is recorded only", name, known)
