"""The vehicle's speed, and what else rules ask for, as it is read from two metres. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from gui.alarms.context_words import is_missing, lines, number_of, title_of
from gui.words import tr
from pipeline.context.live import NOBODY, ContextNow, ValueNow
from pipeline.context.units import SPEED


@dataclass(frozen=True, slots=True)
class ContextCell:
    """Of the readouts: name above, value large, detail under it, tone and all of it as a tip."""

    name: str
    value: str
    detail: str
    tone: str
    tip: str


def context_cell(context: ContextNow) -> ContextCell | None:
    """The speed where rules ask for it, else the first value that they ask for; None where they ask for nothing."""
    asked = [value for value in context.values if value.is_asked]
    if not asked:
        return None
    shown = next((value for value in asked if value.name == SPEED), asked[0])
    tip = "\n".join([tr("What rules know beside the pictures: it chooses their limits."), *lines(context)])
    name = title_of(shown.name)
    if shown.value is None:
        tone = "warn" if is_missing(context) else "dim"
        return ContextCell(name, tr("unknown"), tr("strictest limits"), tone, tip)
    return ContextCell(name, number_of(shown), _detail(shown, asked), "warn" if is_missing(context) else "", tip)


def _detail(shown: ValueNow, asked: list[ValueNow]) -> str:
    """How old it is; or first what is not known any more beside it."""
    gone = [value for value in asked if value.value is None and value.reason != NOBODY]
    if gone:
        return tr("{name} unknown", name=title_of(gone[0].name))
    return tr("{s} s old", s=f"{shown.age_s or 0.0:.1f}")
