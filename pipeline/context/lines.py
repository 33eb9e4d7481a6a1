"""What a line tells: JSON of a program, or a sentence of a receiver of satellites (NMEA 0183)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from pipeline.context.source import Form
from pipeline.context.units import SPEED, SPOKEN_SPEED, ContextError, named, why_impossible

MOST_BYTES: Final = 1024
MOST_NAMES: Final = 32
"""Values of one line."""
_SENTENCES: Final = (b"RMC", b"VTG")
_KMH_OF_KNOTS: Final = 1.852
_NO_FIX: Final = frozenset("NMS")
"""Modes in which a receiver measures no speed: nothing, by hand, a simulator."""
_FURTHEST_S: Final = 1e11


@dataclass(frozen=True, slots=True)
class Told:
    """One value of a line.

    Attributes:
        name: under which it is kept.
        value: in the unit of that name; NaN where the sender says that it does not know, or says what cannot be.
        wrong: why it cannot be; '' where it can.
        time_s: by the sender's clock; None where it tells none.
    """

    name: str
    value: float
    wrong: str = ""
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What a line tells, and what of it cannot be read.

    Attributes:
        refused: of what cannot be read, names under which it would be kept, and why.
    """

    told: tuple[Told, ...] = ()
    wrong: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def reader_of(form: Form) -> Callable[[bytes], Line]:
    """What reads the lines of a source. It raises nothing.

    Raises:
        ContextError: a package is missing.
    """
    return read_json if form == "json" else _nmea_reader()


def read_json(data: bytes) -> Line:
    """``{"name": "speed", "value": 17.5, "unit": "m/s", "time": 12.3}`` or ``{"speed_kmh": 63, "time": 12.3}``.

    ``time``, in seconds of the sender's clock, may be left out; ``null`` for a value says that it is not known.
    """
    if len(data) > MOST_BYTES:
        return Line(wrong=(f"a line of more than {MOST_BYTES} bytes",))
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        return Line(wrong=(f"no JSON: {error}: {_shown(data)}",))
    if not isinstance(found, dict):
        return Line(wrong=(f"no object in JSON: {_shown(data)}",))
    time_s, wrong = _time(found.pop("time", None))
    values = _values(found)
    if not values:
        return Line(wrong=(*wrong, f"it tells no value: {_shown(data)}"))
    if len(values) > MOST_NAMES:
        return Line(wrong=(f"{len(values)} values in one line, {MOST_NAMES} at most",))
    told, refused = [], []
    for name, value, unit in values:
        try:
            told.append(_told(name, value, unit, time_s))
        except ContextError as error:
            wrong.append(str(error))
            refused.append((SPEED if name == SPOKEN_SPEED else name, str(error)))
    return Line(tuple(told), tuple(wrong), tuple(refused))


def _values(found: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    if "name" in found and "value" in found:
        return [(str(found["name"]), found["value"], found.get("unit") or "")]
    return [(name, value, "") for name, value in found.items()]


def _time(said: Any) -> tuple[float | None, list[str]]:
    if said is None:
        return None, []
    if isinstance(said, bool) or not isinstance(said, int | float) or not abs(said) <= _FURTHEST_S:
        return None, [f"its time is {str(said)[:40]!r}, not seconds: it counts from when it came"]
    return float(said), []


def _told(name: str, value: Any, unit: Any, time_s: float | None) -> Told:
    kept, factor = named(name, unit if isinstance(unit, str) else str(unit))
    if value is None:
        return Told(kept, math.nan, time_s=time_s)
    # No speed is a switch: false is not standing still.
    if not isinstance(value, int | float) or (isinstance(value, bool) and kept == SPEED):
        return Told(kept, math.nan, f"{name} is {str(value)[:40]!r}, no number", time_s)
    try:
        number = float(value) * factor
    except OverflowError:
        number = math.inf
    wrong = why_impossible(kept, number)
    return Told(kept, math.nan if wrong else number, wrong, time_s)


def _nmea_reader() -> Callable[[bytes], Line]:
    try:
        from pynmeagps import VALCKSUM, NMEAReader
    except ImportError as error:
        raise ContextError(
            f'sentences of a receiver need the package pynmeagps: pip install "tapetum[gps]" ({error})'
        ) from error

    def read(data: bytes) -> Line:
        """Speed over ground of RMC and VTG sentences; the others are for others."""
        if len(data) > MOST_BYTES:
            return Line(wrong=(f"a line of more than {MOST_BYTES} bytes",))
        words = data.strip()
        if not words:
            return Line()
        if not words.startswith((b"$", b"!")) or b"*" not in words[-3:]:
            return Line(wrong=(f"no sentence with a checksum: {_shown(words)}",))
        if words[3:6] not in _SENTENCES:
            return Line()
        try:
            sentence = NMEAReader.parse(words + b"\r\n", validate=VALCKSUM)
        except Exception as error:  # noqa: BLE001 - whatever comes over a line, and however the package takes it
            return Line(wrong=(f"{error}: {_shown(words)}",))
        return Line() if sentence is None else _speed(sentence)

    return read


def _speed(sentence: Any) -> Line:
    """As the sentence has it: knots in RMC, km/h in VTG."""
    mode = str(getattr(sentence, "posMode", "") or "A")
    is_fixed = mode not in _NO_FIX and str(getattr(sentence, "status", "A")) == "A"
    if hasattr(sentence, "sogk"):
        said, factor = sentence.sogk, 1.0
    else:
        said, factor = getattr(sentence, "spd", ""), _KMH_OF_KNOTS
    if not is_fixed or isinstance(said, bool) or not isinstance(said, int | float):
        return Line((Told(SPEED, math.nan),))
    wrong = why_impossible(SPEED, said * factor)
    return Line((Told(SPEED, math.nan if wrong else said * factor, wrong),))


def _shown(data: bytes) -> str:
    return repr(data[:60].decode("utf-8", "replace"))
