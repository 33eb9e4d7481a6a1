"""Which tier of a rule counted when an event began, and why: told in the event beside its signals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipeline.context.units import unit_of
from pipeline.rules.model import Rule, Tier
from recordings.event import Event, Evidence
from recordings.observation import SignalValue

AS_WRITTEN: Final = "the rule as written"
NOT_KNOWN: Final = "nothing told it then: the strictest limits count"
_WORDS: Final = (("above", "above"), ("at_least", "at least"), ("below", "below"), ("at_most", "at most"))
_PREFIX: Final = "tier "


def circumstances(rule: Rule, tier: int, context: Mapping[str, float]) -> tuple[Evidence, ...]:
    """What the series said that the rule's tiers ask for; ``label`` of each tells the tier that counted.

    Args:
        tier: from 1; 0 for the rule as it is written.
        context: series -> value; absent where not known.
    """
    if not rule.tier:
        return ()
    words = f"{_PREFIX}{tier}: {tier_words(rule.tier[tier - 1])}" if tier else AS_WRITTEN
    names = dict.fromkeys(name for one in rule.tier for name in one.context)
    return tuple(Evidence(name, _said(name, context.get(name), words)) for name in names)


def tier_words(tier: Tier) -> str:
    """The context that a tier is for: ``speed_kmh below 50``."""
    return ", ".join(
        f"{name} {word} {limit:g}"
        for name, fits in tier.context.items()
        for key, word in _WORDS
        if (limit := getattr(fits, key)) is not None
    )


def of_context(event: Event) -> tuple[Evidence, ...]:
    """Of an event's evidence that which says what was known beside the pictures."""
    return tuple(
        one for one in event.evidence if one.signal.label == AS_WRITTEN or one.signal.label.startswith(_PREFIX)
    )


def _said(name: str, value: float | None, words: str) -> SignalValue:
    if value is None:
        return SignalValue(0.0, unit_of(name), 0.0, NOT_KNOWN, words)
    return SignalValue(value, unit_of(name), 1.0, "", words)
