"""Conditions as small objects that answer yes, no, or not known."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from pipeline.rules.model import Comparison, Rule, Tier, condition_of
from recordings.observation import SignalValue

Answer: TypeAlias = bool | None
"""None: not known."""
Values: TypeAlias = Mapping[str, SignalValue | None]

_HUGE: Final = sys.float_info.max
_TESTS: Final[tuple[tuple[str, Callable[[float, float], bool]], ...]] = (
    ("above", operator.gt),
    ("at_least", operator.ge),
    ("below", operator.lt),
    ("at_most", operator.le),
    ("equals", operator.eq),
)


class Test:
    """One comparison.

    Args:
        one: as it is written.
        min_confidence: where it says none itself.
    """

    __slots__ = ("_holding", "_labels", "_never", "_starting", "confidence", "signal")

    def __init__(self, one: Comparison, min_confidence: float) -> None:
        self.signal = one.signal
        self.confidence = min_confidence if one.min_confidence is None else one.min_confidence
        given = [(key, test, getattr(one, key)) for key, test in _TESTS if getattr(one, key) is not None]
        self._starting = tuple((test, limit) for _, test, limit in given)
        self._holding = tuple(_loosened(one, key, test, limit) for key, test, limit in given)
        self._labels = None if one.label is None else frozenset(one.label)
        self._never = frozenset(one.not_label or ())

    def ask(self, values: Values, has_begun: bool) -> Answer:
        """Whether it holds. ``has_begun``: by the looser limits of an event that is there."""
        said = values.get(self.signal)
        if said is None or said.reason or not said.confidence >= self.confidence:
            return None
        value = said.value
        if not -_HUGE < value < _HUGE:
            return None
        for test, limit in self._holding if has_begun else self._starting:
            if not test(value, limit):
                return False
        return (self._labels is None or said.label in self._labels) and said.label not in self._never


def _loosened(
    one: Comparison, key: str, test: Callable[[float, float], bool], limit: float
) -> tuple[Callable[[float, float], bool], float]:
    """What began above a limit holds while the value is not less than ``clear_below``; the same upside down."""
    if key in ("above", "at_least") and one.clear_below is not None:
        return operator.ge, one.clear_below
    if key in ("below", "at_most") and one.clear_above is not None:
        return operator.le, one.clear_above
    return test, limit


class Condition:
    """All, or any, of some comparisons.

    A false one decides over ``all`` whatever is not known beside it, and a true one over ``any``; otherwise what is
    not known makes the whole not known.
    """

    __slots__ = ("_decides", "_tests", "confidences", "signals")

    def __init__(self, table: Rule | Tier, min_confidence: float) -> None:
        found = condition_of(table)
        assert found is not None  # the check of the file has seen to that
        key, comparisons = found
        self._tests = tuple(Test(one, min_confidence) for one in comparisons)
        self._decides = key == "any"
        self.signals = tuple(dict.fromkeys(test.signal for test in self._tests))
        self.confidences = tuple(test.confidence for test in self._tests)

    def ask(self, values: Values, has_begun: bool = False) -> Answer:
        """Whether it holds; None where that is not known."""
        decides = self._decides
        out: Answer = not decides
        for test in self._tests:
            answer = test.ask(values, has_begun)
            if answer is decides:
                return decides
            if answer is None:
                out = None
        return out


class Ranges:
    """The context that a tier is for."""

    __slots__ = ("_ranges",)

    def __init__(self, tier: Tier) -> None:
        self._ranges = tuple(
            (name, test, limit)
            for name, ranged in tier.context.items()
            for key, test in _TESTS[:4]
            if (limit := getattr(ranged, key)) is not None
        )

    def fit(self, context: Mapping[str, float]) -> bool:
        """Whether this is that context; a series that is not known never fits."""
        for name, test, limit in self._ranges:
            value = context.get(name)
            if value is None or not -_HUGE < value < _HUGE or not test(value, limit):
                return False
        return True
