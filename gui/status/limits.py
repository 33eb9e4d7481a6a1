"""From where on a number stands out, and from where on it is an alarm. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Protocol


class Remembers(Protocol):
    """:class:`gui.settings.Settings`, as far as it is needed here."""

    def get(self, name: str, default: Any = None) -> Any: ...

    def watch(self, name: str, call: Callable[[Any], object]) -> None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Each stands in the settings as ``limits.<name>``.

    Attributes:
        latency_ms: camera to screen, 95th percentile.
        latency_s: for so long it must be over its limit to be an alarm, s; longer than the numbers look back, so
            that one slow moment is none.
        rate_share: of the rate that a stream should have.
        lost_share: of the frames of the last seconds.
        disk_warn_min, disk_alarm_min: minutes until the disk is full.
        old_s: the age of a picture of a camera that says it streams, s.
        silent_s: for so long a camera may give nothing before that is severe, s.
    """

    latency_ms: float = 250.0
    latency_s: float = 8.0
    rate_share: float = 0.7
    lost_share: float = 0.05
    disk_warn_min: float = 60.0
    disk_alarm_min: float = 10.0
    old_s: float = 3.0
    silent_s: float = 5.0


def limits_from(settings: Remembers) -> Limits:
    """As the settings say; what is no number above zero there has its default."""
    found = {}
    for field in fields(Limits):
        value = settings.get(f"limits.{field.name}")
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0:
            found[field.name] = float(value)
    return Limits(**found)


def watch_limits(settings: Remembers, call: Callable[[Any], object]) -> None:
    """Call whenever one of them changes in the settings, so that it holds at once."""
    for field in fields(Limits):
        settings.watch(f"limits.{field.name}", call)
