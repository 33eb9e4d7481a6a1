"""A signal of two runs side by side: how far its values lie apart, and where only one run knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.compare_sources import Column

KEPT: Final = 2_000_000
"""Differences that a percentile is taken of exactly; of more every second, every fourth..., in their order."""


@dataclass(frozen=True, slots=True)
class SignalDifference:
    """Of one signal over all sessions. Differences are B - A, in the signal's unit.

    Attributes:
        n: values that both runs know.
        mean: of the differences; p95, largest: of their sizes.
        known_only_a, known_only_b: values at the same instant of the same face that one run alone knows.
        rows_only_a, rows_only_b: instants of a face that one run alone has.
        labels_differ: values whose words differ.
        different: values that lie farther apart than was allowed.
    """

    name: str
    unit: str
    n: int
    mean: float | None
    p95: float | None
    largest: float | None
    known_only_a: int
    known_only_b: int
    rows_only_a: int
    rows_only_b: int
    labels_differ: int
    different: int
    unit_b: str

    @property
    def is_same(self) -> bool:
        counts = (self.known_only_a, self.known_only_b, self.rows_only_a, self.rows_only_b)
        return not any((*counts, self.labels_differ, self.different)) and self.unit == self.unit_b

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "unit": self.unit,
            "unit_b": self.unit_b,
            "n": self.n,
            "mean": self.mean,
            "p95": self.p95,
            "max": self.largest,
            "known_only_a": self.known_only_a,
            "known_only_b": self.known_only_b,
            "rows_only_a": self.rows_only_a,
            "rows_only_b": self.rows_only_b,
            "labels_differ": self.labels_differ,
            "different": self.different,
            "same": self.is_same,
        }


class SignalTally:
    """Adds one signal up, session by session.

    Args:
        tolerance: two values are the same where they lie at most so far apart, times 1 + their size.
    """

    def __init__(self, name: str, tolerance: float) -> None:
        self._name = name
        self._tolerance = tolerance
        self._units: tuple[set[str], set[str]] = (set(), set())
        self._n = self._different = self._labels = 0
        self._known_only = [0, 0]
        self._rows_only = [0, 0]
        self._sum = self._largest = 0.0
        self._sizes: list[NDArray[np.float64]] = []
        self._stride = 1

    def units(self, unit_a: str | None, unit_b: str | None) -> None:
        """What the runs say of its unit; None where a run does not have it."""
        for found, unit in zip(self._units, (unit_a, unit_b), strict=True):
            if unit is not None:
                found.add(unit)

    def add(self, a: Column | None, b: Column | None) -> None:
        """One session; None where a run does not have the signal there."""
        if a is None or b is None:
            for index, column in enumerate((a, b)):
                self._rows_only[index] += 0 if column is None else len(column.values)
            return
        at_a, at_b = join(a, b)
        self._rows_only[0] += len(a.values) - len(at_a)
        self._rows_only[1] += len(b.values) - len(at_b)
        was, now = a.values[at_a], b.values[at_b]
        knows_a, knows_b = np.isfinite(was), np.isfinite(now)
        self._known_only[0] += int((knows_a & ~knows_b).sum())
        self._known_only[1] += int((knows_b & ~knows_a).sum())
        both = knows_a & knows_b
        self._labels += int((a.labels[at_a][both] != b.labels[at_b][both]).sum())
        was, apart = was[both], now[both] - was[both]
        sizes = np.abs(apart)
        self._n += len(sizes)
        self._different += int((sizes > self._tolerance * (1.0 + np.abs(was))).sum())
        self._sum += float(apart.sum())
        self._largest = max(self._largest, float(sizes.max(initial=0.0)))
        self._keep(sizes)

    def _keep(self, sizes: NDArray[np.float64]) -> None:
        self._sizes.append(sizes[:: self._stride])
        while sum(len(kept) for kept in self._sizes) > KEPT:
            self._stride *= 2
            self._sizes = [np.concatenate(self._sizes)[::2]]

    def result(self) -> SignalDifference:
        """All that was added."""
        units = [next(iter(sorted(found, reverse=True)), "") for found in self._units]
        has = [bool(found) for found in self._units]
        unit_a = units[0] if has[0] else units[1]
        return SignalDifference(
            self._name,
            unit_a,
            self._n,
            self._sum / self._n if self._n else None,
            float(np.percentile(np.concatenate(self._sizes), 95)) if self._n else None,
            self._largest if self._n else None,
            self._known_only[0],
            self._known_only[1],
            self._rows_only[0],
            self._rows_only[1],
            self._labels,
            self._different,
            units[1] if has[1] else unit_a,
        )


def join(a: Column, b: Column) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions in A and in B of the values that belong together.

    First those of the same instant and the same face; of what is left at an instant, where both runs have as many
    faces, the first with the first and so on: another run may number faces otherwise.
    """
    keys_a, keys_b = _keys(a, b)
    _, at_a, at_b = np.intersect1d(keys_a, keys_b, assume_unique=True, return_indices=True)
    rest_a = np.setdiff1d(np.arange(len(keys_a)), at_a, assume_unique=True)
    rest_b = np.setdiff1d(np.arange(len(keys_b)), at_b, assume_unique=True)
    if len(rest_a) and len(rest_b):
        instants_a, which_a, counts_a = np.unique(a.device_ns[rest_a], return_inverse=True, return_counts=True)
        instants_b, which_b, counts_b = np.unique(b.device_ns[rest_b], return_inverse=True, return_counts=True)
        _, here_a, here_b = np.intersect1d(instants_a, instants_b, assume_unique=True, return_indices=True)
        equal = counts_a[here_a] == counts_b[here_b]
        more_a = rest_a[np.isin(which_a, here_a[equal])]
        more_b = rest_b[np.isin(which_b, here_b[equal])]
        at_a, at_b = np.concatenate([at_a, more_a]), np.concatenate([at_b, more_b])
    return at_a, at_b


def _keys(a: Column, b: Column) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number for each (instant, face, how many times before): the same in both, and once in each."""
    device = np.concatenate([a.device_ns, b.device_ns])
    face = np.concatenate([a.face, b.face])
    repeat = np.concatenate([_repeats(a), _repeats(b)])
    _, at = np.unique(device, return_inverse=True)
    faces, which = np.unique(face, return_inverse=True)
    keys = (at.astype(np.int64) * max(len(faces), 1) + which) * (int(repeat.max(initial=0)) + 1) + repeat
    return keys[: len(a.values)], keys[len(a.values) :]


def _repeats(column: Column) -> NDArray[np.int64]:
    """How many rows of the same instant and face stand before each: a clock that stands still has many."""
    count = len(column.values)
    if not count:
        return np.zeros(0, np.int64)
    new = np.ones(count, bool)
    new[1:] = (np.diff(column.device_ns) != 0) | (np.diff(column.face) != 0)
    position = np.arange(count, dtype=np.int64)
    return position - np.maximum.accumulate(np.where(new, position, 0))
