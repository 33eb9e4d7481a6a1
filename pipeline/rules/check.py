"""What no single key tells: contradictions, unknown names, tiers that are stricter than their rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

from pipeline.rules.model import Comparison, Fits, Rule, RulesFile, Tier, condition_of
from pipeline.signals.names import BY_NAME, NAMES, SignalName, nearest
from pipeline.toml_places import Path

Finding: TypeAlias = tuple[Path, str]
"""Where in the data, and what is wrong there."""

_LIMITS = ("above", "at_least", "below", "at_most", "equals")
_TESTS = (*_LIMITS, "label", "not_label")


def findings(rules: RulesFile, zones: Collection[str] | None = None) -> list[Finding]:
    """All contradictions of a file whose single keys are right.

    Args:
        zones: names of all zones of gaze that are defined; None where nobody knows, so that any is taken.
    """
    out: list[Finding] = []
    seen: dict[str, int] = {}
    for index, rule in enumerate(rules.rule):
        here: Path = ("rule", index)
        if rule.name in seen:
            out.append(((*here, "name"), f"a rule {rule.name!r} is there before; each name may stand once"))
        seen.setdefault(rule.name, index)
        out += _condition(rule, here, rule.per, zones, needed=True)
        for number, tier in enumerate(rule.tier):
            out += _tier(rules, rule, tier, (*here, "tier", number), zones)
    used = {name for rule in rules.rule for tier in rule.tier for name in tier.context}
    for index, name in enumerate(rules.context):
        if name in rules.context[:index]:
            out.append((("context", index), f"the series {name!r} is named twice"))
        elif name not in used:
            out.append((("context", index), f"no tier asks for the series {name!r}; take it away, or use it"))
    return out


def _condition(
    table: Rule | Tier, here: Path, per: str, zones: Collection[str] | None, needed: bool
) -> Iterator[Finding]:
    given = [key for key in ("when", "all", "any") if getattr(table, key) is not None]
    if len(given) > 1:
        yield (*here, given[1]), f"{given[0]} and {given[1]} are both given; a rule has one of when, all, any"
    if not given and needed:
        yield here, "it has no condition; give one of when, all, any"
    for key in given:
        value = getattr(table, key)
        comparisons: Sequence[Comparison] = (value,) if key == "when" else value
        for index, comparison in enumerate(comparisons):
            at: Path = (*here, key) if key == "when" else (*here, key, index)
            yield from _comparison(comparison, at, per, zones)
        if key == "all":
            yield from _against_each_other(comparisons, (*here, key))


def _comparison(one: Comparison, at: Path, per: str, zones: Collection[str] | None) -> Iterator[Finding]:
    known = BY_NAME.get(one.signal)
    if known is None:
        near = nearest(one.signal, NAMES)
        hint = f"did you mean {near}?" if near else "the signals are " + ", ".join(NAMES)
        yield (*at, "signal"), f"there is no signal {one.signal!r}; {hint}"
        return
    if per == "scene" and known.of == "face":
        yield (
            (*at, "signal"),
            f'{one.signal} is said of each face, but the rule is per = "scene"; take per = "face", or the signal faces',
        )
    if all(getattr(one, key) is None for key in _TESTS):
        yield at, f"{one.signal} is compared with nothing; give one of {', '.join(_TESTS)}"
    yield from _limits(one, at, known)
    yield from _hysteresis(one, at, known)
    yield from _labels(one, at, known, zones)


def _limits(one: Comparison, at: Path, known: SignalName) -> Iterator[Finding]:
    unit = f" {known.unit}" if known.unit else ""
    for key in _LIMITS:
        limit = getattr(one, key)
        if limit is None:
            continue
        edge = {"above": limit >= known.highest, "below": limit <= known.lowest}.get(key, False)
        if edge or not known.lowest <= limit <= known.highest:
            yield (
                (*at, key),
                f"{one.signal} ({known.meaning}) lies in {known.lowest:g} to {known.highest:g}{unit}, found {limit:g}",
            )
    for first, second in (("above", "at_least"), ("below", "at_most")):
        if getattr(one, first) is not None and getattr(one, second) is not None:
            yield (*at, second), f"{first} and {second} are both given; one of them is enough"
    if one.equals is not None and any(getattr(one, key) is not None for key in _LIMITS[:-1]):
        yield (*at, "equals"), "equals is given beside another limit; one of them is enough"
    low = one.above if one.above is not None else one.at_least
    high = one.below if one.below is not None else one.at_most
    if low is not None and high is not None:
        both = one.at_least is not None and one.at_most is not None
        if low > high or (low == high and not both):
            name = "below" if one.below is not None else "at_most"
            yield (*at, name), f"no {one.signal} is greater than {low:g} and less than {high:g}; the limits are crossed"


def _hysteresis(one: Comparison, at: Path, known: SignalName) -> Iterator[Finding]:
    low = one.above if one.above is not None else one.at_least
    high = one.below if one.below is not None else one.at_most
    if one.clear_below is not None:
        if low is None:
            yield (*at, "clear_below"), "clear_below belongs to above or at_least, and neither is given"
        elif one.clear_below > low:
            yield (
                (*at, "clear_below"),
                f"it would end below {one.clear_below:g} but begin above {low:g}: clear_below must not be greater",
            )
        elif one.clear_below <= known.lowest:
            yield (*at, "clear_below"), f"no {one.signal} is less than {known.lowest:g}: it would never end"
    if one.clear_above is not None:
        if high is None:
            yield (*at, "clear_above"), "clear_above belongs to below or at_most, and neither is given"
        elif one.clear_above < high:
            yield (
                (*at, "clear_above"),
                f"it would end above {one.clear_above:g} but begin below {high:g}: clear_above must not be less",
            )
        elif one.clear_above >= known.highest:
            yield (*at, "clear_above"), f"no {one.signal} is greater than {known.highest:g}: it would never end"


def _labels(one: Comparison, at: Path, known: SignalName, zones: Collection[str] | None) -> Iterator[Finding]:
    words = zones if known.name == "gaze_zone" else known.labels
    for key in ("label", "not_label"):
        wanted = getattr(one, key)
        if wanted is None:
            continue
        if not known.has_labels:
            named = ", ".join(s.name for s in BY_NAME.values() if s.has_labels)
            yield (*at, key), f"{one.signal} is a number without a word; those with one are {named}"
            continue
        for word in wanted:
            if words is not None and word not in words:
                near = nearest(word, words)
                hint = f"did you mean {near}?" if near else "its words are " + ", ".join(sorted(words))
                yield (*at, key), f"{one.signal} is never {word!r}; {hint}"
    both = set(one.label or ()) & set(one.not_label or ())
    if both:
        yield (*at, "not_label"), f"{sorted(both)[0]!r} stands in label and in not_label"


def _against_each_other(comparisons: Sequence[Comparison], at: Path) -> Iterator[Finding]:
    """Limits on one signal in different comparisons that never hold together."""
    for index, one in enumerate(comparisons):
        for earlier in comparisons[:index]:
            if earlier.signal != one.signal:
                continue
            for low, high in ((one, earlier), (earlier, one)):
                least = low.above if low.above is not None else low.at_least
                most = high.below if high.below is not None else high.at_most
                if least is not None and most is not None and least > most:
                    yield (*at, index), f"no {one.signal} is greater than {least:g} and less than {most:g} at once"


def _tier(rules: RulesFile, rule: Rule, tier: Tier, here: Path, zones: Collection[str] | None) -> Iterator[Finding]:
    for name, fits in tier.context.items():
        at: Path = (*here, "context", name)
        if name not in rules.context:
            near = nearest(name, rules.context)
            hint = f"did you mean {near}?" if near else f'add context = ["{name}"] at the head of the file'
            yield at, f"the file does not name a series {name!r}; {hint}"
        yield from _fits(fits, at)
    changed = [k for k in ("severity", "for_s", "when", "all", "any") if getattr(tier, k) is not None]
    if tier.off and changed:
        yield (*here, changed[0]), f"the rule is off in this tier, so {changed[0]} means nothing"
    if not tier.off and not changed:
        yield here, "the tier changes nothing; give off, severity, for_s, when, all or any"
    yield from _condition(tier, here, rule.per, zones, needed=False)
    yield from _stricter(rule, tier, here)


def _fits(fits: Fits, at: Path) -> Iterator[Finding]:
    given = {key: getattr(fits, key) for key in ("above", "at_least", "below", "at_most")}
    if all(limit is None for limit in given.values()):
        yield at, "it has no range; give above, at_least, below or at_most"
    for first, second in (("above", "at_least"), ("below", "at_most")):
        if given[first] is not None and given[second] is not None:
            yield (*at, second), f"{first} and {second} are both given; one of them is enough"
    low = fits.above if fits.above is not None else fits.at_least
    high = fits.below if fits.below is not None else fits.at_most
    if low is not None and high is not None and low >= high:
        yield at, f"nothing is greater than {low:g} and less than {high:g}; the limits are crossed"


def _stricter(rule: Rule, tier: Tier, here: Path) -> Iterator[Finding]:
    """The rule itself is what counts where the context is unknown: it must be the strictest."""
    why = "the rule itself counts where the context is unknown, so it must be the strictest: swap them"
    if tier.for_s is not None and tier.for_s < rule.for_s:
        yield (*here, "for_s"), f"the tier waits for {tier.for_s:g} s, the rule for {rule.for_s:g} s; {why}"
    if tier.severity is not None and tier.severity.rank > rule.severity.rank:
        yield (*here, "severity"), f"the tier is of severity {tier.severity}, the rule {rule.severity}; {why}"
    ours, its = condition_of(rule), condition_of(tier)
    if ours is None or its is None or len(ours[1]) != 1 or len(its[1]) != 1 or ours[1][0].signal != its[1][0].signal:
        return  # other conditions cannot be told stricter from each other
    base, other = ours[1][0], its[1][0]
    at: Path = (*here, its[0]) if its[0] == "when" else (*here, its[0], 0)
    for keys, sign in ((("above", "at_least"), 1.0), (("below", "at_most"), -1.0)):
        limits = [next((getattr(c, k) for k in keys if getattr(c, k) is not None), None) for c in (base, other)]
        if limits[0] is not None and limits[1] is not None and sign * limits[1] < sign * limits[0]:
            key = next(k for k in keys if getattr(other, k) is not None)
            yield (*at, key), f"the tier begins at {limits[1]:g} already, the rule at {limits[0]:g}; {why}"
