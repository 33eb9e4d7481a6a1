"""How the pictures of a stream are shown: its palette, the values that its colours stand for, and what is done for
the eye. No Qt here."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from drivers.frame import StreamKind
from gui.looks.spots import Area, Spot, mark_from_json
from gui.words import mark

DEPTH_PALETTES = ("viridis", "cividis", "turbo", "inferno", "white hot")
THERMAL_PALETTES = ("ironbow", "white hot", "black hot", "rainbow", "arctic", "inferno")
GRAY_PALETTES = ("white hot",)

PALETTE_WORDS = {
    "ironbow": mark("Ironbow"),
    "white hot": mark("White hot"),
    "black hot": mark("Black hot"),
    "rainbow": mark("Rainbow"),
    "arctic": mark("Arctic"),
    "inferno": mark("Inferno"),
    "viridis": mark("Viridis"),
    "cividis": mark("Cividis"),
    "turbo": mark("Turbo"),
}
"""For lists and tooltips; translated where they are shown."""

GAMMA_RANGE = (0.3, 4.0)
CLAHE_RANGE = (1.0, 8.0)
CLAHE_USUAL = 3.0
MOST_MARKS = 12


class Beyond(enum.StrEnum):
    """Which values an isotherm paints."""

    ABOVE = "above"
    BELOW = "below"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Isotherm:
    """One colour over the palette for the values of an interval, its ends included.

    ``low`` and ``high`` are in the stream's unit (m, degrees Celsius, counts); ``above`` needs ``low`` alone, ``below``
    needs ``high`` alone.

    Raises:
        ValueError: the ends are no interval.
    """

    beyond: Beyond
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError(f"an isotherm runs from a lower to a higher value, found {self.low} to {self.high}")

    @property
    def ends(self) -> tuple[float, float]:
        """What it paints, with infinity where it has no end."""
        low = -math.inf if self.beyond is Beyond.BELOW else self.low
        return low, math.inf if self.beyond is Beyond.ABOVE else self.high


@dataclass(frozen=True, slots=True)
class Look:
    """How one stream is shown.

    Attributes:
        palette: of depth and thermal; None for the usual one of its kind.
        locked: the values of the first and the last colour in the stream's unit (m, degrees Celsius, counts); None
            follows the picture.
        isotherm: None paints none.
        unit: what ``locked`` and ``isotherm`` are in; they rest while the stream has another. Empty: in its own.
        gamma: of gray and infrared; above 1 lifts the shadows, 1 does nothing.
        clahe: contrast limit of the local equalisation of gray and infrared; 0 is off.
        marks: spots and areas that are read out.
        hottest, coldest: followers of the highest and the lowest value (in depth: farthest and nearest).
        red: in shades of red only, for eyes that are used to the dark; never stored.

    Raises:
        ValueError: a value makes no sense.
    """

    palette: str | None = None
    locked: tuple[float, float] | None = None
    isotherm: Isotherm | None = None
    unit: str = ""
    gamma: float = 1.0
    clahe: float = 0.0
    marks: tuple[Spot | Area, ...] = ()
    hottest: bool = False
    coldest: bool = False
    red: bool = False

    def __post_init__(self) -> None:
        if self.locked is not None:
            low, high = self.locked
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise ValueError(f"a range runs from a lower to a higher value, found {low} to {high}")
        if not GAMMA_RANGE[0] <= self.gamma <= GAMMA_RANGE[1]:
            raise ValueError(f"gamma lies between {GAMMA_RANGE[0]} and {GAMMA_RANGE[1]}, found {self.gamma}")
        if self.clahe and not CLAHE_RANGE[0] <= self.clahe <= CLAHE_RANGE[1]:
            raise ValueError(f"the limit of CLAHE lies between {CLAHE_RANGE[0]} and {CLAHE_RANGE[1]}, or is 0 for off")

    def holds_in(self, unit: str) -> bool:
        """Whether its range and its isotherm mean something in a unit."""
        return self.unit in ("", unit)

    @property
    def is_plain(self) -> bool:
        """Whether gray values are shown without anything done for the eye beyond a window."""
        return self.gamma == 1.0 and self.clahe == 0.0

    def to_json(self) -> dict[str, Any]:
        """What is stored: the values that are not the default."""
        out: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name == "red" or value == f.default:
                continue
            if isinstance(value, Isotherm):
                value = [value.beyond.value, value.low, value.high]
            elif f.name == "marks":
                value = [m.to_json() for m in value]
            elif f.name == "locked":
                value = list(value)
            out[f.name] = value
        return out

    @classmethod
    def from_json(cls, data: object, kind: StreamKind) -> Look:
        """What :meth:`to_json` gave; each value that is broken, or that the kind of stream cannot have, is the
        default."""
        look = cls()
        if not isinstance(data, Mapping):
            return look
        for name, value in data.items():
            try:
                found = _value(str(name), value, kind)
                look = replace(look, **found)
            except (TypeError, ValueError, KeyError, IndexError, OverflowError):
                continue
        return look


def palettes_of(kind: StreamKind) -> tuple[str, ...]:
    """The palettes that are offered for a kind of stream, the usual one first; none for colour."""
    if kind is StreamKind.COLOR:
        return ()
    return {StreamKind.DEPTH: DEPTH_PALETTES, StreamKind.THERMAL: THERMAL_PALETTES}.get(kind, GRAY_PALETTES)


def palette_of(look: Look, kind: StreamKind) -> str:
    """The palette that a look means for a kind of stream."""
    offered = palettes_of(kind)
    return look.palette if look.palette in offered else (offered or GRAY_PALETTES)[0]


def next_palette(look: Look, kind: StreamKind) -> Look:
    """The same look in the next palette."""
    offered = palettes_of(kind)
    if len(offered) < 2:
        return look
    now = offered.index(palette_of(look, kind))
    return replace(look, palette=offered[(now + 1) % len(offered)])


def _value(name: str, value: Any, kind: StreamKind) -> dict[str, Any]:
    """One stored value, checked."""
    if name == "palette":
        return {name: value} if value in palettes_of(kind) else {}
    if name == "locked":
        low, high = value
        return {name: (float(low), float(high))}
    if name == "isotherm":
        beyond, low, high = value
        return {name: Isotherm(Beyond(beyond), float(low), float(high))}
    if name == "unit":
        return {name: value} if value in ("m", "°C", "counts") else {}
    if name in ("gamma", "clahe"):
        return {name: float(value)}
    if name == "marks":
        marks = [m for m in map(mark_from_json, list(value)[:MOST_MARKS]) if m is not None]
        return {name: tuple(m for i, m in enumerate(marks) if m.name not in {n.name for n in marks[:i]})}
    if name in ("hottest", "coldest"):
        return {name: value is True}
    return {}
