"""The pipeline's reasons in the language of the window, and in its unit of temperatures. No Qt is used here.

The pipeline writes English sentences into observations and recordings. Those that are known are said anew; any other
one stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from gui.reason_phrases import FIELDS, REASONS
from gui.words import tr

InUnit = Callable[[float], tuple[str, str]]
"""A temperature in degrees Celsius as it is written in the reader's unit: ``93``, ``°F``."""

_PLACE = re.compile(r"\{(\w+)\}")
_WHOLE = frozenset(text for text in REASONS if "{" not in text)
_CELSIUS = "{celsius} °C is no face's temperature"


def reason_words(reason: str, in_unit: InUnit | None = None) -> str:
    """A reason as the operator reads it.

    Args:
        reason: as the pipeline says it; several stand with a semicolon between.
        in_unit: writes temperatures; degrees Celsius without it.
    """
    said = _known(reason, in_unit)
    if said is None and "; " in reason:
        return "; ".join(reason_words(part, in_unit) for part in reason.split("; "))
    if said is None and ": " in reason:  # of another camera, which stands before it
        name, _, why = reason.partition(": ")
        told = _known(why, in_unit)
        return reason if told is None else f"{name}: {told}"
    return reason if said is None else said


def line_words(line: str, in_unit: InUnit | None = None) -> str:
    """A line of ``pipeline.overlay_words.reasons_of``: what is unsure or missing, and the reason.

    Args:
        line: ``unsure pose; no eyes: no landmarks``, or ``no real face: ...``.
        in_unit: as in :func:`reason_words`.
    """
    names, colon, reason = line.partition(": ")
    if not colon:
        return reason_words(line, in_unit)
    if names == "no real face":
        return tr("no real face: {why}", why=reason_words(reason, in_unit))
    parts = []
    for part in names.split("; "):
        word, _, fields = part.partition(" ")
        keys = fields.split(", ")
        if word not in ("no", "unsure") or not all(key in FIELDS for key in keys):
            return reason_words(line, in_unit)
        told = ", ".join(tr(FIELDS[key]) for key in keys)
        parts.append(tr("unsure: {what}", what=told) if word == "unsure" else tr("not known: {what}", what=told))
    return tr("{what} – {why}", what="; ".join(parts), why=reason_words(reason, in_unit))


def _known(reason: str, in_unit: InUnit | None) -> str | None:
    if reason in _WHOLE:
        return tr(reason)
    for pattern, text in _patterns():
        found = pattern.fullmatch(reason)
        if found is not None:
            return _said(text, found.groupdict(), in_unit)
    return None


def _said(text: str, values: dict[str, str], in_unit: InUnit | None) -> str:
    if "why" in values:
        values["why"] = reason_words(values["why"], in_unit)
    if text == _CELSIUS and in_unit is not None:
        value, unit = in_unit(float(values["celsius"]))
        return tr("{value} {unit} is no face's temperature", value=value, unit=unit)
    return tr(text, **values)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with the most words first: what is said after a colon may be anything."""
    texts = sorted((text for text in REASONS if "{" in text), key=lambda text: -len(_PLACE.sub("", text)))
    return tuple((re.compile(_pattern_of(text)), text) for text in texts)


def _pattern_of(text: str) -> str:
    """A number, a name, or for ``why`` anything, in each place."""
    out, end = "", 0
    for place in _PLACE.finditer(text):
        name = place.group(1)
        kind = {"why": ".+", "name": r"[\w.]+"}.get(name, r"[+-]?(?:\d[\d.]*|nan|inf)")
        out += re.escape(text[end : place.start()]) + f"(?P<{name}>{kind})"
        end = place.end()
    return out + re.escape(text[end:])
