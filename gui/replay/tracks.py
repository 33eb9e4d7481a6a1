"""Signals over the recorded time: the lowest and highest value of every bin, in memory that does not grow with the
recording. No Qt here."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.replay.track_values import FACES, MOST_NAMED, UNSURE, FaceValues

Floats = NDArray[np.float32]

MOST_BINS = 1 << 16
"""Positions are told apart up to so many; in longer recordings neighbours share a bin."""

LANES = 4
"""Faces that are told apart at one time."""

SURE, UNTOLD = 200, 255
"""Confidence 1 as it is kept, and that nobody tells it."""

MOST_TEXTS = 253
"""Words and reasons that are told apart; of more, only that there is one."""

OTHER_REASONS = "another reason"

_NUMBER = re.compile(r"\d+(?:\.\d+)?")

JOIN_S = 0.5
"""Values farther apart than this, and than some usual steps, are not joined by a line."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A track as it is drawn, one item a column or less; arrays (N,).

    Attributes:
        x: place, 0 at the left end and ``width`` at the right one.
        low, high: NaN where the value is not known.
        joined: whether a line leads to the next one.
        unsure: whether all that is known there is of little confidence.
    """

    x: NDArray[np.float64]
    low: Floats
    high: Floats
    joined: NDArray[np.bool_]
    unsure: NDArray[np.bool_]

    def only(self, those: NDArray[np.bool_]) -> Columns:
        """Some of its columns, and the lines that begin at them."""
        ends = np.concatenate(([False], (self.joined & those)[:-1]))
        kept = those | ends
        low, high = np.where(kept, self.low, np.nan), np.where(kept, self.high, np.nan)
        return Columns(self.x, low, high, self.joined & those, self.unsure)


class Tracks:
    """One thread adds, another one draws.

    Args:
        elapsed_ns: recorded time of every position, never falling, int64 (N,).
        most_bins: see :data:`MOST_BINS`.
    """

    def __init__(self, elapsed_ns: NDArray[np.int64], most_bins: int = MOST_BINS) -> None:
        self.count = len(elapsed_ns)
        self.bins = max(1, min(self.count, most_bins))
        first = -(-np.arange(self.bins, dtype=np.int64) * self.count // self.bins)
        self._times = elapsed_ns[first] if self.count else np.zeros(1, np.int64)
        self._lock = threading.Lock()
        self._nothing = np.broadcast_to(np.float32(np.nan), (self.bins,))
        self._low: dict[tuple[str, int], Floats] = {}
        self._high: dict[tuple[str, int], Floats] = {}
        self._sure: dict[tuple[str, int], NDArray[np.uint8]] = {}
        self._text: dict[tuple[str, int], NDArray[np.uint8]] = {}
        self._texts: list[str] = ["", OTHER_REASONS]
        self._text_of: dict[str, int] = {"": 0}
        self._looked = np.zeros(self.bins, np.bool_)
        self._ids: dict[int, NDArray[np.int64]] = {}
        self._last: dict[int, int] = {}  # face -> lane, at the last position that was added
        self.units: dict[str, str] = {}
        self.version = 0
        """Another one than before says that something was added."""
        self.not_drawn = 0
        """The most faces at one time that had no lane."""

    @property
    def is_empty(self) -> bool:
        return self.version == 0

    @property
    def is_exact(self) -> bool:
        """Every position has a bin of its own."""
        return self.bins == self.count

    def names(self) -> tuple[str, ...]:
        """What there is, also where it was never known, in the order in which it came."""
        with self._lock:
            return tuple(self.units)

    def was_known(self, name: str) -> bool:
        """Whether a quantity had a value at any time."""
        with self._lock:
            return any(n == name for n, _ in self._low)

    def lanes(self, name: str) -> tuple[int, ...]:
        """In which lanes a quantity has values, rising."""
        with self._lock:
            return tuple(sorted(lane for n, lane in self._low if n == name))

    def forget_faces(self) -> None:
        """What comes next has no track in common with what came before."""
        self._last.clear()

    def add(self, position: int, faces: Mapping[int, FaceValues]) -> None:
        """What is known at a position.

        Args:
            faces: a face's id -> its values by name; one that is not known is None.
        """
        at = self._bin(position)
        lanes = self._lanes_of(sorted(faces))
        with self._lock:
            if self.is_exact and self._looked[at]:
                self._forget(at)
            self._looked[at] = True
            self._put(FACES, 0, at, float(len(faces)), "")
            for face, values in faces.items():
                lane = lanes.get(face)
                if lane is None:
                    continue
                if lane not in self._ids:
                    self._ids[lane] = np.full(self.bins, -1, np.int64)
                self._ids[lane][at] = face
                for name, told in values.items():
                    value, unit = told[0], told[1]
                    self._put(name, lane, at, math.nan if value is None else value, unit)
                    if len(told) == 4:
                        self._put_more(name, lane, at, value is not None, told[2], told[3])
            self.not_drawn = max(self.not_drawn, len(faces) - len(lanes))
            self.version += 1

    def at(self, name: str, lane: int, position: int) -> tuple[float, float, int] | None:
        """Lowest and highest value and the face's id at a position; None where nothing is known of it."""
        low = self._low.get((name, lane))
        if low is None or not 0 <= position < self.count:
            return None
        at = self._bin(position)
        found = float(low[at])
        if not self._looked[at] or math.isnan(found):
            return None
        ids = self._ids.get(lane)
        return found, float(self._high[(name, lane)][at]), -1 if ids is None or name == FACES else int(ids[at])

    def confidence(self, name: str, lane: int, position: int) -> float | None:
        """The lowest confidence at a position, 0..1; None where nobody tells it."""
        found = self._sure.get((name, lane))
        if found is None or not 0 <= position < self.count:
            return None
        sure = int(found[self._bin(position)])
        return None if sure == UNTOLD else sure / SURE

    def text(self, name: str, lane: int, position: int) -> str:
        """The word of the value at a position, or the reason why there is none; its numbers are left out."""
        found = self._text.get((name, lane))
        return "" if found is None or not 0 <= position < self.count else self._texts[found[self._bin(position)]]

    def reason(self, name: str) -> str:
        """The last reason why a quantity was not known that anybody gave; '' where there is none."""
        with self._lock:
            told = [array for (n, _), array in self._text.items() if n == name]
        for array in told:
            given = np.flatnonzero(array)
            if len(given):
                return self._texts[array[given[-1]]]
        return ""

    def looked_at(self, position: int) -> bool:
        """Whether a position was looked at, with whatever result."""
        return bool(0 <= position < self.count and self._looked[self._bin(position)])

    def range_of(self, name: str) -> tuple[float, float] | None:
        """Lowest and highest value of all; None while there is none."""
        with self._lock:
            arrays = [(self._low[key], self._high[key]) for key in self._low if key[0] == name]
        lows = [float(np.fmin.reduce(low)) for low, _ in arrays]
        highs = [float(np.fmax.reduce(high)) for _, high in arrays]
        known = [v for v in (*lows, *highs) if not math.isnan(v)]
        return (min(known), max(known)) if known else None

    def columns(self, name: str, lane: int, begin_ns: int, end_ns: int, width: int) -> Columns | None:
        """A track between two recorded times over so many columns; None where it has nothing there.

        Every value is within the lowest and highest one of its column, and both of these are values.
        """
        low, high = self._low.get((name, lane), self._nothing), self._high.get((name, lane), self._nothing)
        if name not in self.units or end_ns <= begin_ns or width < 1:
            return None
        first = max(int(np.searchsorted(self._times, begin_ns, "left")) - 1, 0)
        last = min(int(np.searchsorted(self._times, end_ns, "right")) + 1, self.bins)
        seen = first + np.flatnonzero(self._looked[first:last])
        if not len(seen):
            return None
        times = self._times[seen]
        x = (times - begin_ns) * (width / (end_ns - begin_ns))
        lows, highs = low[seen], high[seen]
        sure = self._sure.get((name, lane))
        unsure = np.zeros(len(seen), np.bool_) if sure is None else sure[seen] < UNSURE * SURE
        known = ~np.isnan(lows)
        steps = np.diff(times)
        limit = max(JOIN_S * 1e9, 6.0 * float(np.median(steps))) if len(steps) else 0.0
        joined = np.append(known[:-1] & known[1:] & (steps <= limit), False)
        if len(seen) <= 2 * width:
            return Columns(x, lows, highs, joined, unsure)
        column = np.floor(x).astype(np.int64)
        begins = np.concatenate(([0], np.flatnonzero(np.diff(column)) + 1))
        ends = np.append(begins[1:], len(column)) - 1
        return Columns(
            column[begins] + 0.5,
            np.fmin.reduceat(lows, begins),
            np.fmax.reduceat(highs, begins),
            joined[ends],
            np.logical_and.reduceat(unsure | ~known, begins),
        )

    # -- within -----------------------------------------------------------------------------------------------------

    def _bin(self, position: int) -> int:
        return min(max(position, 0), max(self.count - 1, 0)) * self.bins // max(self.count, 1)

    def _lanes_of(self, faces: list[int]) -> dict[int, int]:
        """A lane for each face: the one it had, else the first that no other has now."""
        kept = {face: self._last[face] for face in faces if face in self._last}
        free = [lane for lane in range(LANES) if lane not in kept.values()]
        for face in faces:
            if face not in kept and free:
                kept[face] = free.pop(0)
        # Faces that are away for a moment find their lane again, unless another one took it.
        taken = set(kept.values())
        self._last = {f: lane for f, lane in self._last.items() if lane not in taken} | kept
        return kept

    def _put(self, name: str, lane: int, at: int, value: float, unit: str) -> None:
        key = (name, lane)
        if name not in self.units:
            if len(self.units) >= MOST_NAMED:
                return
            self.units[name] = unit
        if key not in self._low:
            if math.isnan(value):
                return
            self._high[key] = np.full(self.bins, np.nan, np.float32)
            self._low[key] = np.full(self.bins, np.nan, np.float32)
        self._low[key][at] = np.fmin(self._low[key][at], np.float32(value))
        self._high[key][at] = np.fmax(self._high[key][at], np.float32(value))

    def _put_more(self, name: str, lane: int, at: int, known: bool, confidence: float | None, text: str) -> None:
        """How sure a value is, and its word or the reason why there is none."""
        if name not in self.units:
            return
        key = (name, lane)
        if known and confidence is not None:
            if key not in self._sure:
                self._sure[key] = np.full(self.bins, UNTOLD, np.uint8)
            self._sure[key][at] = min(int(self._sure[key][at]), round(min(max(confidence, 0.0), 1.0) * SURE))
        number = self._number_of(text)
        if number or key in self._text:
            if key not in self._text:
                self._text[key] = np.zeros(self.bins, np.uint8)
            self._text[key][at] = number

    def _number_of(self, text: str) -> int:
        if text in self._text_of:
            return self._text_of[text]
        bare = _NUMBER.sub("…", text)
        if bare in self._texts:
            number = self._texts.index(bare)
        elif len(self._texts) > MOST_TEXTS:
            number = 1
        else:
            number = len(self._texts)
            self._texts.append(bare)
        if len(self._text_of) < MOST_TEXTS * 16:
            self._text_of[text] = number
        return number

    def _forget(self, at: int) -> None:
        for sure in self._sure.values():
            sure[at] = UNTOLD
        for told in self._text.values():
            told[at] = 0
        for array in (*self._low.values(), *self._high.values()):
            array[at] = np.nan
        for ids in self._ids.values():
            ids[at] = -1
