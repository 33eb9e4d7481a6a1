"""Two observations of one FrameSet side by side: the first field that differs, and how far every field lies apart."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.tolerances import FREE, SIGNALS, WORDS, plain, tolerance_of

Mode = Literal["bytes", "tolerances"]
"""``bytes``: every byte counts; ``tolerances``: those of pipeline/tolerances.py."""

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Deviation:
    """The largest deviation of a field over a session.

    Attributes:
        field, unit: as in pipeline/tolerances.py; unit is '' for plain numbers.
        largest: in ``unit``.
        limit: what is allowed there.
        frame_set: where it was.
        beyond: how often the limit was passed.
    """

    field: str
    unit: str
    largest: float
    limit: float
    frame_set: int
    beyond: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "unit": self.unit,
            "largest": self.largest,
            "limit": self.limit,
            "frame_set": self.frame_set,
            "beyond": self.beyond,
        }


class Comparison:
    """Compares observation by observation and keeps count.

    Args:
        mode: what counts as a difference.

    Attributes:
        compared, different: how many.
        first: where and what, of the first that differs; '' while none does.
        generated_differ: images of models whose digests differ, which with other engines is no difference.
        signals_differ: signals that say something else, which with other engines is no difference either.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode: Mode = mode
        self.compared = self.different = self.generated_differ = self.signals_differ = 0
        self.first = ""
        self._deviations: dict[str, Deviation] = {}

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """Of every field with a tolerance that was not equal somewhere, by name."""
        return tuple(self._deviations[name] for name in sorted(self._deviations))

    def add(self, frame_set: int, stored: bytes | None, computed: bytes) -> None:
        """One FrameSet: its stored observation (None: there is none) and the one computed again."""
        self.compared += 1
        if stored is None:
            self.miss(frame_set, "it was processed, but no observation is stored")
        elif stored != computed:
            try:
                old = json.loads(stored)
            except ValueError:
                self.miss(frame_set, "the stored observation is no JSON")
                return
            walk = _Walk(self, frame_set)
            walk.look(old, json.loads(computed), "observation", "")
            self.signals_differ += walk.signals_differ
            if self.mode == "bytes":
                self.miss(frame_set, walk.exact or "the bytes differ, the values do not")
            elif walk.beyond:
                self.miss(frame_set, walk.beyond)

    def miss(self, frame_set: int, what: str) -> None:
        """Count a difference."""
        self.different += 1
        self.first = self.first or f"FrameSet {frame_set}: {what}"

    def note(self, field: str, unit: str, deviation: float, limit: float, frame_set: int) -> None:
        """Keep the largest deviation of a field (by how far it goes toward its limit)."""
        was = self._deviations.get(field)
        beyond = (0 if was is None else was.beyond) + (deviation > limit)
        if was is None or deviation / limit > was.largest / was.limit:
            was = Deviation(field, unit, deviation, limit, frame_set)
        self._deviations[field] = Deviation(field, unit, was.largest, was.limit, was.frame_set, beyond)


class _Walk:
    """One pass over two observations' JSON: the first unequal field, and the first that no tolerance allows."""

    def __init__(self, comparison: Comparison, frame_set: int) -> None:
        self.exact = ""
        self.beyond = ""
        self._comparison = comparison
        self._frame_set = frame_set
        self._face: dict[str, Any] = {}
        self._signals: set[str] = set()

    @property
    def signals_differ(self) -> int:
        """Signals of which anything differs."""
        return len(self._signals)

    def look(self, old: Any, new: Any, where: str, field: str) -> None:
        """``where`` is the place for people, with positions; ``field`` the same as the tolerances name it."""
        if isinstance(old, dict) and isinstance(new, dict):
            for key in sorted({*old, *new}):
                inner = f"{field}.{key}" if field else key
                if key in old and key in new:
                    self.look(old[key], new[key], f"{where}.{key}", inner)
                elif plain(inner) in SIGNALS:  # a label or a source stands there only where there is one
                    self._leaf(old.get(key, ""), new.get(key, ""), f"{where}.{key}", plain(inner))
                else:
                    self._differ(f"{where}.{key}", old.get(key), new.get(key))
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            for index, (a, b) in enumerate(zip(old, new, strict=True)):
                if field == "faces":
                    self._face = a if isinstance(a, dict) else {}
                self.look(a, b, f"{where}[{index}]", f"{field}[]")
        elif isinstance(old, list) and isinstance(new, list):
            self._differ(f"the number of {where}", len(old), len(new))
        elif old != new or isinstance(old, bool) != isinstance(new, bool):
            self._leaf(old, new, where, plain(field))

    def _leaf(self, old: Any, new: Any, where: str, field: str) -> None:
        text = f"{where} was {_short(old)}, is {_short(new)}"
        self.exact = self.exact or text
        if field in FREE:
            self._comparison.generated_differ += 1
            return
        if field in SIGNALS:
            self._signals.add(where.rpartition(".")[0])
            return
        tolerance = tolerance_of(field)
        if tolerance is not None and _is_number(old) and _is_number(new):
            apart = abs(float(new) - float(old))
            if tolerance.unit == "degrees":
                apart = min(apart % 360.0, 360.0 - apart % 360.0)
            limit = tolerance.limit(self._face, float(old))
            self._comparison.note(field, tolerance.unit, apart, limit, self._frame_set)
            if apart > limit:
                unit = f" {tolerance.unit}" if tolerance.unit else ""
                self.beyond = self.beyond or f"{text}: {apart:.4g}{unit} apart, {limit:.4g}{unit} is allowed"
            return
        words = field in WORDS and isinstance(old, str) and isinstance(new, str)
        if not words or _NUMBER.sub("#", old) != _NUMBER.sub("#", new):
            self.beyond = self.beyond or text

    def _differ(self, where: str, old: Any, new: Any) -> None:
        text = f"{where} was {_short(old)}, is {_short(new)}"
        self.exact, self.beyond = self.exact or text, self.beyond or text


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else text[:77] + "..."
