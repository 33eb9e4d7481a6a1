"""Spots and areas: where a picture is read out, and what stands there. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from drivers.frame import Frame, FrameFlag, StreamKind
from gui.looks.scale import Scale, zero_is_hole
from gui.words import tr

_TOP_16 = 65535
_TOP_8 = 255


@dataclass(frozen=True, slots=True)
class Spot:
    """One pixel that is read out: column ``x`` and row ``y`` of its stream, from 0."""

    name: str
    x: int
    y: int

    def moved(self, dx: int, dy: int, width: int, height: int) -> Spot:
        """Moved by pixels, kept within a picture of ``width`` x ``height``."""
        return replace(self, x=_within(self.x + dx, width), y=_within(self.y + dy, height))

    def to_json(self) -> list[Any]:
        return [self.name, self.x, self.y]


@dataclass(frozen=True, slots=True)
class Area:
    """An upright rectangle of pixels that is read out, from (x0, y0) to (x1, y1), both in it."""

    name: str
    x0: int
    y0: int
    x1: int
    y1: int

    def moved(self, dx: int, dy: int, width: int, height: int) -> Area:
        """Moved by pixels, kept within a picture of ``width`` x ``height`` as far as it fits in."""
        dx = max(min(dx, width - 1 - self.x1), -self.x0)
        dy = max(min(dy, height - 1 - self.y1), -self.y0)
        return replace(self, x0=self.x0 + dx, x1=self.x1 + dx, y0=self.y0 + dy, y1=self.y1 + dy)

    def to_json(self) -> list[Any]:
        return [self.name, self.x0, self.y0, self.x1, self.y1]


Mark = Spot | Area


def area_between(name: str, ax: float, ay: float, bx: float, by: float, width: int, height: int) -> Area:
    """The area between two corners in picture pixels, in any order, kept within the picture."""
    x0, x1 = sorted((_within(round(ax), width), _within(round(bx), width)))
    y0, y1 = sorted((_within(round(ay), height), _within(round(by), height)))
    return Area(name, x0, y0, x1, y1)


def mark_from_json(data: object) -> Mark | None:
    """What ``to_json`` gave; None where it is broken."""
    if not isinstance(data, list) or len(data) not in (3, 5) or not isinstance(data[0], str):
        return None
    numbers = data[1:]
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < 65536 for n in numbers):
        return None
    name = data[0].strip()[:12]
    if not name:
        return None
    if len(numbers) == 2:
        return Spot(name, *numbers)
    return Area(name, *numbers) if numbers[0] <= numbers[2] and numbers[1] <= numbers[3] else None


def free_name(prefix: str, marks: tuple[Mark, ...]) -> str:
    """The first of ``Sp1``, ``Sp2``, ... that no mark has."""
    taken = {m.name for m in marks}
    return next(f"{prefix}{n}" for n in range(1, len(marks) + 2) if f"{prefix}{n}" not in taken)


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands at a spot, in an area, or at a follower, in the scale's unit (m, degrees Celsius, counts).

    Attributes:
        name: of its mark, or ``max`` and ``min`` of a follower.
        low, mean, high: the same three times for a spot; None where nothing can be read, and ``why`` says why.
        at: pixels of the lowest and of the highest value.
        share: of the pixels that have a reading, 0..1.
        is_area: whether low, mean and high may differ.
    """

    name: str
    low: float | None = None
    mean: float | None = None
    high: float | None = None
    at: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
    share: float = 1.0
    why: str = ""
    is_area: bool = False


def read(frame: Frame, scale: Scale, mark: Mark) -> Reading:
    """What a mark reads in a frame. Pixels without a reading (0, or the top count) do not count."""
    h, w = frame.pixels.shape[:2]
    is_area = isinstance(mark, Area)
    if why := why_no_reading(frame):
        return Reading(mark.name, why=why, is_area=is_area)
    if isinstance(mark, Spot):
        x0 = x1 = mark.x
        y0 = y1 = mark.y
    else:
        x0, y0, x1, y1 = mark.x0, mark.y0, min(mark.x1, w - 1), min(mark.y1, h - 1)
    if x0 >= w or y0 >= h:
        return Reading(mark.name, why=tr("outside the picture"), is_area=is_area)
    return _read(frame, scale, mark.name, x0, y0, x1, y1, is_area)


def followers(frame: Frame, scale: Scale, hottest: bool, coldest: bool) -> list[Reading]:
    """The highest and the lowest value of the whole picture and where they are; empty when neither is asked for."""
    if not (hottest or coldest) or frame.kind is StreamKind.COLOR:
        return []
    h, w = frame.pixels.shape[:2]
    if why := why_no_reading(frame):
        found = Reading("", why=why)
    else:
        found = _read(frame, scale, "", 0, 0, w - 1, h - 1, True)
    out = []
    if hottest:
        at = (found.at[1], found.at[1])
        out.append(replace(found, name="max", low=found.high, mean=found.high, at=at, is_area=False))
    if coldest:
        at = (found.at[0], found.at[0])
        out.append(replace(found, name="min", high=found.low, mean=found.low, at=at, is_area=False))
    return out


def why_no_reading(frame: Frame) -> str:
    """Why the whole frame gives no numbers; empty where it does."""
    if frame.flags & FrameFlag.SHUTTER:
        return tr("shutter closed")
    if frame.flags & FrameFlag.GENERATED:
        return tr("generated, not measured")
    if frame.kind is StreamKind.COLOR:
        return tr("color is not measured")
    return ""


def _read(frame: Frame, scale: Scale, name: str, x0: int, y0: int, x1: int, y1: int, is_area: bool) -> Reading:
    part = np.asarray(frame.pixels)[y0 : y1 + 1, x0 : x1 + 1]
    top = _TOP_8 if part.dtype == np.uint8 else _TOP_16
    holes = zero_is_hole(frame.kind, scale)
    lowest, highest, at_low, at_high = cv2.minMaxLoc(part)
    valid = None
    if highest >= top or (holes and lowest <= 0):
        valid = cv2.inRange(part, 1 if holes else 0, top - 1)
        count = cv2.countNonZero(valid)
        if not count:
            why = tr("saturated") if lowest >= top else tr("no reading")
            return Reading(name, share=0.0, why=why, is_area=is_area)
        lowest, highest, at_low, at_high = cv2.minMaxLoc(part, valid)
        share = count / part.size
    else:
        share = 1.0
    mean = cv2.mean(part, valid)[0]
    values = [scale.value(v) for v in (lowest, mean, highest)]
    places = [(x0 + int(at[0]), y0 + int(at[1])) for at in (at_low, at_high)]
    if scale.gain < 0:
        values.reverse()
        places.reverse()
    if any(not scale.is_possible(v) for v in values):
        return Reading(name, share=share, why=tr("no temperature that can be"), is_area=is_area)
    return Reading(name, values[0], values[1], values[2], (places[0], places[1]), share, "", is_area)


def _within(value: int, size: int) -> int:
    return min(max(value, 0), size - 1)
