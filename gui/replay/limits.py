"""The limits that rules have for signals, as the time line draws them. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from gui.words import mark, tr
from pipeline.rules.model import RulesFile, condition_of
from pipeline.signals.names import BY_NAME

_COMPARES = {
    "above": mark("above {value}"),
    "at_least": mark("at least {value}"),
    "below": mark("below {value}"),
    "at_most": mark("at most {value}"),
    "equals": mark("equal to {value}"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that a rule has for a signal.

    Attributes:
        words: how it compares, e.g. ``above 0.3``.
    """

    rule: str
    severity: str
    value: float
    words: str


def limits_of(rules: RulesFile | None) -> dict[str, tuple[Limit, ...]]:
    """Signal -> the limits that rules have for it, each once; those of the tiers, too."""
    out: dict[str, list[Limit]] = {}
    for rule in () if rules is None else rules.rule:
        for table in (rule, *rule.tier):
            found = condition_of(table)
            severity = str(table.severity or rule.severity)
            for one in () if found is None else found[1]:
                for key, words in _COMPARES.items():
                    value = getattr(one, key)
                    if value is None:
                        continue
                    limit = Limit(rule.name, severity, float(value), tr(words, value=f"{value:g}"))
                    if limit not in out.setdefault(one.signal, []):
                        out[one.signal].append(limit)
    return {name: tuple(limits) for name, limits in out.items()}


def signals_of(rules: RulesFile | None) -> tuple[str, ...]:
    """The signals that rules ask for, in the order of the rules, each once."""
    tables = [table for rule in (() if rules is None else rules.rule) for table in (rule, *rule.tier)]
    found = [condition_of(table) for table in tables]
    named = (one.signal for condition in found if condition for one in condition[1])
    return tuple(dict.fromkeys(name for name in named if name in BY_NAME))  # a series of the context is no signal
