"""The script of what goes wrong with a virtual camera: a TOML file, one ``[[fault]]`` table a fault.

    seed = 7

    [[fault]]
    kind = "stall"
    stream = "depth"
    at_s = 2
    for_s = 1.5

docs/virtual-camera.md describes all of it. Times are seconds of the session from its first frame, as it is played:
loops add up. Only how long a disconnect and a slow opening last are seconds of the clock on the wall.
"""

from __future__ import annotations

import bisect
import enum
import math
import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from drivers.errors import UnsupportedFeatureError, UnusableSourceError

_LONGEST_S: Final = 1e9
_SHORTEST_S: Final = 0.001


class FaultKind(enum.StrEnum):
    """What goes wrong."""

    STALL = "stall"
    DROP = "drop"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    CLOCK_JUMP = "clock_jump"
    WRONG_SIZE = "wrong_size"
    DISCONNECT = "disconnect"
    SLOW_OPEN = "slow_open"
    SHUTTER = "shutter"


class _Keys(NamedTuple):
    needed: tuple[str, ...]
    allowed: tuple[str, ...]


_WHEN: Final = ("at_s", "every_s", "random_s", "times")
_KEYS: Final[Mapping[FaultKind, _Keys]] = {
    FaultKind.STALL: _Keys(("for_s",), ("stream", *_WHEN)),
    FaultKind.DROP: _Keys((), ("count", "stream", *_WHEN)),
    FaultKind.DUPLICATE: _Keys((), ("count", "stream", *_WHEN)),
    FaultKind.REORDER: _Keys((), ("by", "stream", *_WHEN)),
    FaultKind.CLOCK_JUMP: _Keys(("by_s",), ("for_s", "stream", *_WHEN)),
    FaultKind.WRONG_SIZE: _Keys((), ("count", "stream", *_WHEN)),
    FaultKind.DISCONNECT: _Keys(("for_s",), _WHEN),
    FaultKind.SLOW_OPEN: _Keys(("for_s",), ("times",)),
    FaultKind.SHUTTER: _Keys(("for_s",), ("gives", "stream", *_WHEN)),
}
_COUNTS: Final[Mapping[str, tuple[int, int]]] = {"times": (1, 1_000_000), "count": (1, 10_000), "by": (1, 100)}
_SECONDS: Final[Mapping[str, tuple[float, float]]] = {
    "at_s": (0.0, _LONGEST_S),
    "for_s": (_SHORTEST_S, _LONGEST_S),
    "every_s": (_SHORTEST_S, _LONGEST_S),
    "random_s": (_SHORTEST_S, _LONGEST_S),
    "by_s": (-_LONGEST_S, _LONGEST_S),
}
_GIVES: Final = ("flagged", "nothing")


@dataclass(frozen=True, slots=True)
class Fault:
    """One table of the script.

    Attributes:
        kind: what goes wrong.
        stream: for this one alone; None is all of them.
        at_s: when first; None when only ``every_s`` or ``random_s`` says so.
        for_s: how long; None for ever (a clock that jumped), or for what takes no time.
        every_s: again and again, from one beginning to the next.
        random_s: again and again, from one end to the next beginning, on average.
        times: how often at most; None is once, or without end when it repeats.
        count: frames.
        by: frames of its stream that a late frame comes behind.
        by_s: what the device clock jumps by; back when negative.
        gives: what comes while the shutter is closed: the frozen picture ``flagged``, or ``nothing``.
    """

    kind: FaultKind
    stream: str | None = None
    at_s: float | None = None
    for_s: float | None = None
    every_s: float | None = None
    random_s: float | None = None
    times: int | None = None
    count: int = 1
    by: int = 1
    by_s: float = 0.0
    gives: str = "flagged"


@dataclass(frozen=True, slots=True)
class FaultScript:
    """All of them, in the order of the file, and the seed of what is random."""

    faults: tuple[Fault, ...]
    seed: int = 0

    @classmethod
    def load(cls, path: Path) -> FaultScript:
        """Read a script.

        Raises:
            UnusableSourceError: there is no such file, or it cannot be read.
            UnsupportedFeatureError: it is no TOML, or says what cannot be; the message names the fault and the key.
        """
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError as error:
            raise UnusableSourceError(f"there is no script of faults at {path}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise UnusableSourceError(f"the script of faults {path} cannot be read ({error})") from error
        return cls.parse(text, path.name)

    @classmethod
    def parse(cls, text: str, name: str) -> FaultScript:
        """From TOML; ``name`` stands in errors.

        Raises:
            UnsupportedFeatureError: as :meth:`load`.
        """
        try:
            data = tomllib.loads(text)
        except ValueError as error:  # no TOML, or a number of thousands of digits
            raise UnsupportedFeatureError(f"{name} is no TOML: {error}") from error
        unknown = sorted(set(data) - {"seed", "fault"})
        if unknown:
            raise UnsupportedFeatureError(
                f"{name}: there is no key {unknown[0]!r}; a script has seed and [[fault]] tables"
            )
        seed = data.get("seed", 0)
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise UnsupportedFeatureError(f"{name}: the key seed takes a whole number, found {seed!r}")
        tables = data.get("fault")
        if not isinstance(tables, list) or not tables:
            raise UnsupportedFeatureError(f"{name} holds no fault; write each as a table that begins with [[fault]]")
        return cls(tuple(_fault(table, f"{name}: fault {n}") for n, table in enumerate(tables, 1)), seed)

    def schedule(self, number: int) -> Schedule:
        """When the fault of that place in the script happens."""
        return Schedule(self.faults[number], f"{self.seed}/{number}")


class Schedule:
    """When one fault happens: times in ns that rise, the same for the same seed."""

    def __init__(self, fault: Fault, seed: str) -> None:
        self._fault = fault
        self._random = random.Random(seed)
        self._times: list[int] = []
        self._last_s: float | None = None
        repeats = fault.every_s is not None or fault.random_s is not None
        self._limit = fault.times if fault.times is not None else None if repeats else 1

    def __getitem__(self, number: int) -> int:
        return self._times[number]

    def before(self, at_ns: int) -> int:
        """How often it happens before that time."""
        self._grow(at_ns)
        return bisect.bisect_left(self._times, at_ns)

    def until(self, at_ns: int) -> int:
        """How often it happens until that time, then included."""
        self._grow(at_ns)
        return bisect.bisect_right(self._times, at_ns)

    def window(self, at_ns: int) -> tuple[int, int] | None:
        """Beginning and end of the time in which it goes on at ``at_ns``, for a fault that lasts."""
        happened = self.until(at_ns)
        if not happened or self._fault.for_s is None:
            return None
        end = self._times[happened - 1] + round(self._fault.for_s * 1e9)
        return (self._times[happened - 1], end) if at_ns < end else None

    def _grow(self, at_ns: int) -> None:
        while (self._limit is None or len(self._times) < self._limit) and (not self._times or self._times[-1] <= at_ns):
            self._last_s = self._next_s()
            self._times.append(round(self._last_s * 1e9))

    def _next_s(self) -> float:
        fault, last_s = self._fault, self._last_s
        if fault.random_s is not None:
            begin_s = (fault.at_s or 0.0) if last_s is None else last_s + (fault.for_s or 0.0)
            return begin_s + max(_SHORTEST_S, self._random.expovariate(1 / fault.random_s))
        if last_s is None:
            return fault.at_s if fault.at_s is not None else fault.every_s or 0.0
        return last_s + (fault.every_s or _LONGEST_S)


def _fault(table: Any, where: str) -> Fault:
    if not isinstance(table, dict):
        raise UnsupportedFeatureError(f"{where} is no table; write it below a line [[fault]]")
    kinds = ", ".join(FaultKind)
    if "kind" not in table:
        raise UnsupportedFeatureError(f"{where} has no kind; write kind = one of {kinds}")
    try:
        kind = FaultKind(table["kind"])
    except ValueError as error:
        raise UnsupportedFeatureError(f"{where}: the key kind takes one of {kinds}, found {table['kind']!r}") from error
    where = f"{where} ({kind})"
    keys = _KEYS[kind]
    unknown = sorted(set(table) - {"kind", *keys.needed, *keys.allowed})
    if unknown:
        raise UnsupportedFeatureError(
            f"{where}: there is no key {unknown[0]!r}; a {kind} has {', '.join((*keys.needed, *keys.allowed))}"
        )
    for key in keys.needed:
        if key not in table:
            raise UnsupportedFeatureError(f"{where} needs the key {key}, which takes {_takes(key)}")
    values = {key: _value(key, value, where) for key, value in table.items() if key != "kind"}
    _check_when(kind, values, where)
    return Fault(kind, **values)


def _check_when(kind: FaultKind, values: Mapping[str, Any], where: str) -> None:
    if kind is FaultKind.SLOW_OPEN:
        return
    repeats = [key for key in ("every_s", "random_s") if key in values]
    if len(repeats) == 2:
        raise UnsupportedFeatureError(f"{where} repeats either every_s or random_s, not both")
    if not repeats and "at_s" not in values:
        raise UnsupportedFeatureError(f"{where} does not say when: write at_s, every_s or random_s")
    if not repeats and "times" in values:
        raise UnsupportedFeatureError(f"{where}: times belongs to every_s or random_s; at_s alone is once")
    if "every_s" in values and values.get("for_s", 0.0) >= values["every_s"]:
        raise UnsupportedFeatureError(
            f"{where} lasts {values['for_s']:g} s, but begins again every {values['every_s']:g} s; make for_s shorter"
        )


def _value(key: str, value: Any, where: str) -> Any:
    right = False
    if key in _COUNTS:
        low, high = _COUNTS[key]
        right = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    elif key in _SECONDS:
        least, most = _SECONDS[key]
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            value = float(value)
            right = least <= value <= most and not (key == "by_s" and value == 0)
    elif key == "gives":
        right = value in _GIVES
    else:
        right = isinstance(value, str) and bool(value)
    if not right:
        raise UnsupportedFeatureError(f"{where}: the key {key} takes {_takes(key)}, found {value!r}")
    return value


def _takes(key: str) -> str:
    if key in _COUNTS:
        return "a whole number from {} to {}".format(*_COUNTS[key])
    if key == "by_s":
        return "seconds, forth or back (negative), not 0"
    if key in _SECONDS:
        least, most = _SECONDS[key]
        return f"seconds from {least:g} to {most:.0e}"
    if key == "gives":
        return " or ".join(f'"{g}"' for g in _GIVES)
    return "the name of a stream"
