"""What is known beside the pictures, and what limits count of it, in the operator's language. No Qt here."""

from __future__ import annotations

from typing import Final

from gui.alarms.problem_words import context_problem_words
from gui.words import mark, tr
from pipeline.context.live import NOBODY, ContextNow, ValueNow
from pipeline.context.units import SPEED
from pipeline.context.words import number_words
from pipeline.rules.tiers import AS_WRITTEN, of_context
from recordings.event import Event

REASONS: Final[tuple[str, ...]] = (
    mark("nobody tells it"),
    mark("nothing has come for a while"),
    mark("who tells it does not know it"),
    mark("somebody speaks, but nothing of it can be used"),
    mark("nothing told it then: the strictest limits count"),
)
"""Why something is not known: pipeline/context/live.py and pipeline/rules/tiers.py."""
TITLES: Final = {SPEED: mark("vehicle speed"), "poor_conditions": mark("poor conditions")}
"""Names that ready sets ask for; others are said as they are written."""


def title_of(name: str) -> str:
    """A name of the context as the operator reads it."""
    return tr(TITLES[name]) if name in TITLES else name.replace("_", " ")


def number_of(value: ValueNow) -> str:
    """``63 km/h``; empty where it is not known."""
    if value.value is None:
        return ""
    return f"{number_words(value.name, value.value)} {value.unit}".rstrip()


def value_line(value: ValueNow) -> str:
    """All of one value: how much, whose, and how old where that is worth a word; or why it is not known."""
    title = title_of(value.name)
    if value.value is None:
        why = tr(value.reason) if value.reason in REASONS else value.reason
        if value.wrong:
            why = tr("{reason}; the last: {why}", reason=why, why=context_problem_words(value.wrong))
        return tr("{name} unknown ({why}): the strictest limits count", name=title, why=why)
    words = {"name": title, "value": number_of(value), "source": value.source}
    if value.age_s is None or value.age_s < 1:
        return tr("{name} {value}, from {source}", **words)
    return tr("{name} {value}, {age} s old, from {source}", **words, age=f"{value.age_s:.0f}")


def lines(context: ContextNow) -> list[str]:
    """What rules ask for, what else comes, and what is wrong with who tells it."""
    told = [_sentence(value_line(value)) for value in context.values if value.is_asked]
    told += [
        _sentence(tr("{line} (no rule asks for it)", line=value_line(value)))
        for value in context.values
        if not value.is_asked and value.value is not None
    ]
    if told and not context.sources:
        told.append(tr("The program was started without --context: nobody can tell it."))
    for source in context.sources:
        if source.problem:
            problem = context_problem_words(source.problem)
            told.append(tr("{source}: {problem}", source=source.source, problem=problem))
        elif source.wrong:
            refused = source.bad + source.late + source.doubled + source.left_out
            of, why = source.lines + source.left_out, context_problem_words(source.wrong)
            words = {"source": source.source, "n": refused, "of": of, "why": why}
            told.append(tr("{source}: {n} of {of} lines were of no use, the last: {why}", **words))
    return told


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def is_missing(context: ContextNow) -> bool:
    """Whether somebody is to tell what rules ask for, and does not now."""
    return any(v.is_asked and v.value is None and (v.name == SPEED or v.reason != NOBODY) for v in context.values) and (
        bool(context.sources)
    )


def event_line(event: Event) -> str:
    """Which limits counted when an event began, and why; empty where its rule knows one only."""
    told = []
    for one in of_context(event):
        said = one.signal
        title = title_of(one.name)
        if said.reason:
            told.append(tr("{name} not known", name=title))
        else:
            told.append(f"{title} {number_words(one.name, said.value)} {said.unit}".rstrip())
    if not told:
        return ""
    is_strict = of_context(event)[0].signal.label == AS_WRITTEN
    known = ", ".join(told)
    if is_strict:
        return tr("the strictest limits counted: {known}", known=known)
    return tr("milder limits counted: {known}", known=known)
