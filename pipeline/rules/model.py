"""What a file of rules says.

    name = "in-car"
    context = ["speed_kmh"]              # series beside the pictures that the tiers may ask for

    [[rule]]
    name = "glance-away"
    text = "Looks away from the road"    # for people
    severity = "warning"                 # notice, warning, alarm
    when = { signal = "off_road_s", above = 3.5, clear_below = 0.5 }   # or: all = [...], any = [...]
    for_s = 0.0                          # it must hold for so long
    clear_for_s = 1.0                    # and be over for so long
    clip_s = [5, 3]                      # seconds before and after its beginning are kept as a clip

    [[rule.tier]]                        # the first tier whose context is known and fits changes the rule
    context = { speed_kmh = { below = 50 } }
    when = { signal = "off_road_s", above = 6.0, clear_below = 0.5 }

Without a tier that fits, and where the context is not known, the rule stands as it is written; so what is written in
the rule itself is the strictest. Nothing begins out of what is not known: a comparison of a signal that is invalid, or
less confident than ``min_confidence``, is neither true nor false.
"""

from __future__ import annotations

import enum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

NAME_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
DAY_S: Final = 86_400.0
LONGEST_CLIP_S: Final = 600.0
LEAST_VALID_SHARE: Final = 0.7
"""Under this share of valid time nothing is known, and no file may ask for less."""

Per = Literal["face", "scene"]


class Severity(enum.StrEnum):
    """How bad it is. The order is that of the members."""

    NOTICE = "notice"
    WARNING = "warning"
    ALARM = "alarm"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _words(value: Any) -> Any:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


def _tables(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _before_and_after(value: Any) -> Any:
    """Two numbers of seconds."""
    if value is None:
        return None
    pair = tuple(value) if isinstance(value, list | tuple) else ()
    sound = [one for one in pair if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(pair) != 2 or len(sound) != 2 or not all(0 <= one <= LONGEST_CLIP_S for one in sound) or not any(sound):
        raise PydanticCustomError(
            "clip_s", f"must be seconds before and after, such as [5, 3], up to {LONGEST_CLIP_S:g} each"
        )
    return tuple(float(one) for one in sound)


Number = Annotated[float | None, Field(strict=True)]
Words = Annotated[tuple[str, ...] | None, BeforeValidator(_words)]


class Comparison(_Table):
    """A signal against a number or a word. Several of these keys together must all hold."""

    signal: str = Field(description="its name")
    above: Number = Field(None, description="holds where the value is greater")
    at_least: Number = Field(None, description="holds where it is greater or equal")
    below: Number = Field(None, description="holds where it is less")
    at_most: Number = Field(None, description="holds where it is less or equal")
    equals: Number = Field(None, description="holds where it is this number")
    label: Words = Field(None, description="holds where the value's word is this one, or one of these")
    not_label: Words = Field(None, description="holds where it is none of these")
    clear_below: Number = Field(
        None, description="with above or at_least: once begun, it holds until the value is less"
    )
    clear_above: Number = Field(None, description="with below or at_most: once begun, it holds until it is greater")
    min_confidence: Annotated[float | None, Field(strict=True, ge=0, le=1)] = Field(
        None, description="a value that is less sure counts as not known; as in the file's head where it is not given"
    )


Comparisons = Annotated[tuple[Comparison, ...] | None, BeforeValidator(_tables), Field(min_length=1, max_length=16)]


class Fits(_Table):
    """A range of a series of the context. The series is unknown: it does not fit."""

    above: Number = Field(None, description="fits where it is greater")
    at_least: Number = Field(None, description="fits where it is greater or equal")
    below: Number = Field(None, description="fits where it is less")
    at_most: Number = Field(None, description="fits where it is less or equal")


class Tier(_Table):
    """What of a rule is other in a context. What is not given stays as in the rule."""

    context: dict[str, Fits] = Field(min_length=1, max_length=8, description="series -> range; all of them must fit")
    off: bool = Field(False, strict=True, description="the rule does not apply")
    severity: Severity | None = None
    for_s: Annotated[float | None, Field(strict=True, ge=0, le=DAY_S)] = None
    when: Comparison | None = None
    all: Comparisons = None
    any: Comparisons = None


class Rule(_Table):
    """When an event begins, how bad it is, and when it ends. Times are of the camera's clock."""

    name: str = Field(pattern=NAME_PATTERN, max_length=60, description="small letters, digits, single hyphens")
    text: str = Field(min_length=1, max_length=120, description="one short sentence for people")
    severity: Severity
    per: Per = Field("face", description="face: an event for each face; scene: one for all")
    when: Comparison | None = Field(None, description="the condition; exactly one of when, all, any")
    all: Comparisons = Field(None, description="all of these must hold")
    any: Comparisons = Field(None, description="one of these must hold")
    for_s: Annotated[float, Field(strict=True, ge=0, le=DAY_S)] = Field(0.0, description="it must hold for so long")
    reset_s: Annotated[float, Field(strict=True, ge=0, le=60)] = Field(
        0.0, description="so long an interruption halts the time of for_s, a longer one sets it back to zero"
    )
    clear_for_s: Annotated[float, Field(strict=True, ge=0, le=DAY_S)] = Field(
        0.5, description="the event ends when it has not held for so long"
    )
    mute_s: Annotated[float, Field(strict=True, ge=0, le=DAY_S)] = Field(
        0.0, description="after somebody acknowledged it, it does not begin again for so long"
    )
    clip_s: Annotated[tuple[float, float] | None, BeforeValidator(_before_and_after)] = Field(
        None,
        description="seconds before and after its beginning that are kept as a clip, such as [5, 3]; none: no clip",
    )
    tier: Annotated[tuple[Tier, ...], BeforeValidator(_tables), Field(max_length=16)] = ()


class RulesFile(_Table):
    """A whole file."""

    name: str = Field(pattern=NAME_PATTERN, max_length=60)
    text: str = Field("", max_length=400, description="what the set is for")
    context: Annotated[tuple[str, ...], BeforeValidator(_tables)] = Field(
        (), description="names of series that tiers ask for, such as speed_kmh"
    )
    min_confidence: Annotated[float, Field(strict=True, ge=0, le=1)] = Field(
        0.3, description="of a value that counts as known, where a comparison says nothing else"
    )
    min_valid_share: Annotated[float, Field(strict=True, ge=LEAST_VALID_SHARE, le=1)] = Field(
        LEAST_VALID_SHARE, description="of the time before an event in which its condition must have been known"
    )
    lost_s: Annotated[float, Field(strict=True, ge=0, le=600)] = Field(
        2.0, description="an event ends when its face is gone, or its condition not known, for longer"
    )
    rule: Annotated[tuple[Rule, ...], BeforeValidator(_tables), Field(max_length=500)] = ()


def condition_of(table: Rule | Tier) -> tuple[str, tuple[Comparison, ...]] | None:
    """The key of a rule's or tier's condition (``when``, ``all``, ``any``), and its comparisons; None without one."""
    if table.when is not None:
        return "when", (table.when,)
    if table.all is not None:
        return "all", table.all
    if table.any is not None:
        return "any", table.any
    return None
