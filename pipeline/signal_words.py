"""Of all that is measured of a face, what is worth saying in passing: beside the picture and on a card.

Forty numbers beside a face are none that anybody reads. What is usual is left out (open eyes, a road that is looked
at for a second); what is not known is left out, too, unless it stands in for something that was asked for. Tables,
plots and rules have everything.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from pipeline.overlay_words import InUnit, Say, in_celsius, in_english, percent, signal_text
from pipeline.signals.names import BY_NAME, RAW
from recordings.observation import SignalValue

CLOSED_S: Final = 0.5
"""Eyes that are closed for longer are no blink any more."""
AWAY_S: Final = 1.0
DROWSY: Final = 0.15
"""PERCLOS from which on it is notable; warnings begin between 0.10 and 0.15 (Wierwille 1994 and after)."""
APPROACH_M_S: Final = 0.3
SURE: Final = 0.5
"""Of something that is there or not."""
NOT_ALIVE: Final = 0.5

PHRASES: Final[tuple[str, ...]] = (
    "eyes closed for {s} s",
    "PERCLOS {share}",
    "yawns",
    "looks at: {zone}",
    "looks away for {s} s",
    "looks away for {s} s: {zone}",
    "face covered: {what}",
    "face covered",
    "wears glasses",
    "perhaps no living face ({share})",
    "comes closer, {speed} m/s",
    "goes away, {speed} m/s",
    "skin at the eyes {value} {unit} (corrected)",
    "breathes {rate} a minute",
)
"""Every sentence that is put through ``say``, so that translations can be checked against them."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A few words, and whether they ask for a look."""

    words: str
    is_notable: bool = False


_OF_GAZE: Final = frozenset({"gaze_zone", "off_road_s", "off_road_sum_s", "attention_s"})

Tell = Callable[[Mapping[str, SignalValue], Say, InUnit], Brief | None]


def briefs_of(
    signals: Mapping[str, SignalValue],
    say: Say = in_english,
    in_unit: InUnit = in_celsius,
    asked: AbstractSet[str] = frozenset(),
) -> list[Brief]:
    """What is worth saying now, the notable first. Signals that the product does not know itself are all told.

    Args:
        asked: signals that rules ask for. Where people look is told only then: a driver has a road, others have none.
    """
    told = [brief for tell in _TELLERS if (brief := tell(signals, say, in_unit)) is not None]
    if asked & _OF_GAZE and (looks := _gaze(signals, say, in_unit)) is not None:
        told.append(looks)
    told += [Brief(signal_text(name, signal)) for name, signal in signals.items() if not _is_known(name)]
    return sorted(told, key=lambda brief: not brief.is_notable)


def _is_known(name: str) -> bool:
    return name in BY_NAME or name.removesuffix(RAW) in BY_NAME


def _value(signals: Mapping[str, SignalValue], name: str) -> float | None:
    """A valid number; None otherwise."""
    signal = signals.get(name)
    if signal is None or not signal.is_valid or not math.isfinite(signal.value):
        return None
    return signal.value


def _label(signals: Mapping[str, SignalValue], name: str) -> str:
    signal = signals.get(name)
    return signal.label if signal is not None and signal.is_valid else ""


def _eyes(signals: Mapping[str, SignalValue], say: Say, _in_unit: InUnit) -> Brief | None:
    closed = _value(signals, "eyes_closed_s")
    if closed is None or closed < CLOSED_S:
        return None
    return Brief(say("eyes closed for {s} s", s=f"{closed:.1f}"), is_notable=True)


def _perclos(signals: Mapping[str, SignalValue], say: Say, _in_unit: InUnit) -> Brief | None:
    share = _value(signals, "perclos")
    return None if share is None else Brief(say("PERCLOS {share}", share=percent(share)), share >= DROWSY)


def _yawn(signals: Mapping[str, SignalValue], say: Say, _in_unit: InUnit) -> Brief | None:
    yawn = _value(signals, "yawn")
    return Brief(say("yawns"), is_notable=True) if yawn is not None and yawn >= SURE else None


def _gaze(signals: Mapping[str, SignalValue], say: Say, _in_unit: InUnit) -> Brief | None:
    zone = _label(signals, "gaze_zone")
    closed = _value(signals, "eyes_closed_s")
    if not zone or (closed is not None and closed >= CLOSED_S):  # closed eyes are told, and look nowhere
        return None
    away = _value(signals, "off_road_s")
    if away is not None and away >= AWAY_S:
        if _value(signals, "gaze_zone") == 1.0:  # the time goes on while eyes are shut, and the head may look ahead
            return Brief(say("looks away for {s} s", s=f"{away:.1f}"), is_notable=True)
        return Brief(say("looks away for {s} s: {zone}", s=f"{away:.1f}", zone=zone), is_notable=True)
    return Brief(say("looks at: {zone}", zone=zone))


def _cover(signals: Mapping[str, SignalValue], say: Say, _in_unit: InUnit) -> Brief | None:
    covered = _value(signals, "face_covered")
    if covered is None or covered < SURE:
        return None
    what = _label(signals, "face_covered")
    return Brief(say("face covered: {what}", what=what) if what else say("face covered"), is_notable=True)


def _glasses(signals: Mapping[str, SignalValue], say: Say, _in_unit: InUnit) -> Brief | None:
    glasses = _value(signals, "glasses")
    return Brief(say("wears glasses")) if glasses is not None and glasses >= SURE else None


def _liveness(signals: Mapping[str, SignalValue], say: Say, _in_unit: InUnit) -> Brief | None:
    alive = _value(signals, "liveness")
    if alive is None or alive >= NOT_ALIVE:
        return None
    return Brief(say("perhaps no living face ({share})", share=percent(alive)), is_notable=True)


def _approach(signals: Mapping[str, SignalValue], say: Say, _in_unit: InUnit) -> Brief | None:
    speed = _value(signals, "approach")
    if speed is None or abs(speed) < APPROACH_M_S:
        return None
    told = f"{abs(speed):.1f}"
    return Brief(
        say("comes closer, {speed} m/s", speed=told) if speed > 0 else say("goes away, {speed} m/s", speed=told)
    )


def _skin(signals: Mapping[str, SignalValue], say: Say, in_unit: InUnit) -> Brief | None:
    celsius = _value(signals, "canthus_temperature")
    if celsius is None:
        return None
    value, unit = in_unit(celsius)
    return Brief(say("skin at the eyes {value} {unit} (corrected)", value=value, unit=unit))


def _breathing(signals: Mapping[str, SignalValue], say: Say, _in_unit: InUnit) -> Brief | None:
    rate = _value(signals, "breathing_rate")
    return None if rate is None else Brief(say("breathes {rate} a minute", rate=f"{rate:.0f}"))


_TELLERS: Final[tuple[Tell, ...]] = (
    _eyes,
    _yawn,
    _cover,
    _liveness,
    _perclos,
    _approach,
    _breathing,
    _skin,
    _glasses,
)
