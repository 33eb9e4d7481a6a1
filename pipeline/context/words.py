"""What is known beside the pictures, in one line for people."""

from __future__ import annotations

from typing import Final

from pipeline.context.live import NOBODY, ContextNow, ValueNow
from pipeline.context.units import SPEED

STRICT: Final = "the strictest limits count"


def title_of(name: str) -> str:
    """A name of the context as people say it: ``speed``, ``poor conditions``."""
    return "speed" if name == SPEED else name.replace("_", " ")


def number_words(name: str, value: float) -> str:
    """As it is read at a glance; a slow speed with its tenths, since limits lie there."""
    if name == SPEED:
        return f"{value:.0f}" if value >= 20 else f"{value:.1f}"
    return f"{value:.4g}"


def value_words(value: ValueNow) -> str:
    """``speed 63 km/h (0.4 s old)``, or ``speed unknown: nobody tells it``; with what is wrong where that is why."""
    title = title_of(value.name)
    if value.value is None:
        return ": ".join(filter(None, (f"{title} unknown", value.reason, value.wrong)))
    unit = f" {value.unit}" if value.unit else ""
    return f"{title} {number_words(value.name, value.value)}{unit} ({value.age_s or 0.0:.1f} s old)"


def line_words(context: ContextNow) -> str:
    """What is worth a line: what rules ask for and somebody tells or ever told, and always the speed they ask for."""
    shown = [v for v in context.values if v.is_asked and (v.reason != NOBODY or v.name == SPEED)]
    if not shown:
        return ""
    words = "; ".join(map(value_words, shown))
    return f"{words}; {STRICT}" if any(v.value is None for v in shown) else words


def untold(context: ContextNow) -> tuple[str, ...]:
    """The names that rules ask for and of which nothing is known."""
    return tuple(v.name for v in context.values if v.is_asked and v.value is None)
