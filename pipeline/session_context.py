"""What is known beside a session's pictures, for rules: its series by the names that rules ask for."""

from __future__ import annotations

import logging
from collections.abc import Collection
from pathlib import Path

from pipeline.context.units import SPEED, SPOKEN_SPEED, to_kmh, why_impossible
from recordings.reader import SessionReader
from recordings.series.series import Series, Timeline
from recordings.series.store import SeriesStore

log = logging.getLogger(__name__)


class SessionContext:
    """Values of series at moments of a session.

    A name is that of a series; ``speed_kmh`` is also taken from one named ``speed`` whose unit is known. One whose unit
    is another than its name says is not taken, and a value that cannot be (a speed below zero) is not known.

    Args:
        session: the session's file, beside which its series lie.
        reader: of it.
        names: what rules ask for.

    Raises:
        SeriesError: a series is damaged.
    """

    def __init__(self, session: Path, reader: SessionReader, names: Collection[str]) -> None:
        self._series: list[tuple[str, Series, float]] = []
        if not names:
            return
        store = SeriesStore(session, Timeline.of(reader))
        units = {entry.name: entry.unit for entry in store.entries}
        for name in sorted(names):
            if name == SPEED and name in units and units[name].strip() and to_kmh(units[name]) != 1.0:
                log.warning(
                    "the series %s is in %r: it is not taken, and the strictest limits count", name, units[name]
                )
            elif name in units:
                self._series.append((name, store.get(name), 1.0))
            elif name == SPEED and (factor := to_kmh(units.get(SPOKEN_SPEED, ""))) is not None:
                self._series.append((name, store.get(SPOKEN_SPEED), factor))

    @property
    def names(self) -> tuple[str, ...]:
        """Those that there is a series of."""
        return tuple(name for name, _, _ in self._series)

    def at(self, host_ns: int) -> dict[str, float]:
        """Name -> value at a host time; what no sample tells is absent."""
        found = {name: series.at(host_ns) * factor for name, series, factor in self._series}
        return {name: value for name, value in found.items() if not why_impossible(name, value)}
