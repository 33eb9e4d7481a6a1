"""Where texts and insets of an overlay stand, so that none hides another: the same for every painter.

Sizes of text follow from how far off it is read. ISO 9241-303 asks for capitals at least 16 minutes of arc high, and
prefers 20 to 22 (NUREG-0700 1.3.1-4 says the same): at two metres from a 24 inch screen of 1920 x 1080 px, 42 px.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.primitives import Rank, Rectangle, Text

Area = tuple[float, float, float, float]
"""Left, top, width, height in px of the picture that is painted on."""

CAPITAL = 0.72
"""Height of a capital letter as a share of a font's size."""

_SCREEN_MM_PER_PX = 24 * 25.4 * 16 / math.hypot(16, 9) / 1920
_ARC_MIN = {Rank.MAIN: 20.0, Rank.SIDE: 16.0, Rank.NOTE: 11.0}
_FULL_PX = 840.0  # height of a tile that fills such a screen, beside bars and titles
_LEAST_PX = {Rank.MAIN: 13.0, Rank.SIDE: 12.0, Rank.NOTE: 11.0}
_LARGEST = 1.25  # of the sizes at _FULL_PX

_SHARE = 0.34  # of a text's room that its size takes at most
_OVER = 1.2  # times its room a text may be wide
_FURTHEST = 4.0  # its own heights that a text among others may stand from where it belongs
_TRIES = 12
_TOUCHING = 2.0  # px from line to line of one block
_PAD = 0.22  # of the size, round a text


def arc_minutes_px(minutes: float, distance_m: float = 2.0) -> float:
    """What an angle covers on the screen, in px of a 24 inch 1920 x 1080 one."""
    return 1000.0 * distance_m * math.tan(math.radians(minutes / 60.0)) / _SCREEN_MM_PER_PX


def text_px(rank: Rank, width: float, height: float) -> float:
    """The font's size in px for a tile of this size: text grows with its tile, and stays readable in a small one."""
    share = min(height, 0.8 * width) / _FULL_PX
    return max(arc_minutes_px(_ARC_MIN[rank]) / CAPITAL * min(share, _LARGEST), _LEAST_PX[rank])


@dataclass(frozen=True, slots=True)
class Extent:
    """What a line of text covers in px: width, height above the baseline, depth below it."""

    width: float
    above: float
    below: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of text in its place: ``plate`` under it, and where its baseline starts, in px."""

    text: str
    source: Text
    size: float
    plate: Area
    x: float
    y: float


class Layout:
    """Places texts one after the other, in px of the picture that is painted on.

    Args:
        room: what they stay inside of.
        at: stream px to px.
        scale: px a stream px.
        size: a rank's size in px.
        measure: what a text covers in a font of a size.
    """

    def __init__(
        self,
        room: Area,
        at: Callable[[float, float], tuple[float, float]],
        scale: float,
        size: Callable[[Rank], float],
        measure: Callable[[str, float], Extent],
    ) -> None:
        self._room, self._at, self._scale = room, at, scale
        self._size, self._measure = size, measure
        self._taken: list[Area] = []
        self._boxes: list[Area] = []
        self._insets: list[Area] = []
        self._blocks: dict[tuple[str, str], Area] = {}

    def avoid(self, box: Rectangle) -> None:
        """Keep texts off a face, where they have room elsewhere."""
        (x0, y0), (x1, y1) = self._at(box.x, box.y), self._at(box.x + box.w, box.y + box.h)
        self._boxes.append((x0, y0, x1 - x0, y1 - y0))

    def place_inset(self, x: float, y: float, w: float, h: float) -> tuple[int, int] | None:
        """Where an inset stands, as :func:`free_place` says; texts keep off it. Insets are placed before texts."""
        place = free_place(x, y, w, h, self._room, self._insets)
        if place is not None:
            self._insets.append((*place, w, h))
        return place

    def place(self, text: Text) -> Placed | None:
        """Where a text stands, whole, smaller, or cut short; None where it gives way."""
        size = self._size(text.rank)
        for words in (text.text, text.short):
            if words and (fitting := self._fit(text, words, size)) is not None:
                placed = self._try(text, words, fitting)
                if placed is not None and self._is_away(text, placed.plate):
                    # Between it and its face stands something else: it must say whose it is, or be left out.
                    self._taken.remove(placed.plate)
                    named = f"{text.whose} {words}"
                    fitting = self._fit(text, named, size)
                    placed = None if fitting is None else self._try(text, named, fitting)
                if placed is not None:
                    if text.whose:
                        self._blocks[text.stream, text.whose] = placed.plate
                    return placed
        return None

    def _is_away(self, text: Text, plate: Area) -> bool:
        """Whether a line that belongs to a face stands neither where it belongs nor under the last one of its face."""
        if not text.whose:
            return False
        y = self._at(text.x, text.y)[1] - (plate[3] if text.upward else 0.0)
        if abs(plate[1] - y) <= _TOUCHING:
            return False
        last = self._blocks.get((text.stream, text.whose))
        if last is None:
            return True
        gap = last[1] - plate[1] - plate[3] if plate[1] < last[1] else plate[1] - last[1] - last[3]
        return gap > _TOUCHING

    def _fit(self, text: Text, words: str, size: float) -> float | None:
        """The size in which words have room beside other faces; None where that is too small to be read."""
        if text.room <= 0:
            return size
        widest = _OVER * text.room * self._scale
        least = min(_LEAST_PX[Rank.NOTE], size)
        size = max(min(size, _SHARE * text.room * self._scale), least)
        width = self._measure(words, size).width
        if width > widest:
            size = math.floor(size * widest / width)
        if size >= least:
            return size
        return least if words == text.short else None

    def _try(self, text: Text, words: str, size: float) -> Placed | None:
        extent = self._measure(words, size)
        pad = max(2.0, _PAD * size)
        w, h = extent.width + 2 * pad, extent.above + extent.below + 1.2 * pad
        x, y = self._at(text.x, text.y)
        left = x - {"left": 0.0, "center": w / 2, "right": w}[text.align]
        top = y - h if text.upward else y
        busy = [*self._taken, *self._insets, *self._boxes]
        plate, free = place_text(left, top, w, h, self._room, busy, text.upward)
        if text.room > 0:
            free = free and abs(plate[1] - top) <= _FURTHEST * h  # further off it seems to speak of another face
        elif not free:  # alone in the picture: rather on the face than nowhere
            plate, free = place_text(left, top, w, h, self._room, self._taken, text.upward)
        if not free and not text.stays:
            return None
        self._taken.append(plate)
        return Placed(words, text, size, plate, plate[0] + pad, plate[1] + 0.6 * pad + extent.above)


def place_text(
    x: float, y: float, w: float, h: float, room: Area, taken: Sequence[Area], upward: bool
) -> tuple[Area, bool]:
    """Where a plate of text that wants its top left corner at (x, y) goes, inside the room, and whether no other text
    is there.

    It moves up (or down) past what is in the way; at the room's edge it turns round.
    """
    top, bottom = room[1], room[1] + max(room[3] - h, 0.0)
    x = min(max(x, room[0]), room[0] + max(room[2] - w, 0.0))
    if y > bottom or y < top:
        upward = y > bottom
    wanted = min(max(y, top), bottom)
    column = [t for t in taken if x < t[0] + t[2] and t[0] < x + w]
    for direction in (upward, not upward):
        y = wanted
        for _ in range(_TRIES):
            hit = next((t for t in column if y + 1 < t[1] + t[3] and t[1] + 1 < y + h), None)
            if hit is None:
                break
            y = hit[1] - h if direction else hit[1] + hit[3]
        if hit is None and top <= y <= bottom:
            return (x, y, w, h), True
    return (x, min(max(y, top), bottom), w, h), False


def free_place(x: float, y: float, w: float, h: float, room: Area, taken: Sequence[Area]) -> tuple[int, int] | None:
    """Where an inset of ``w`` x ``h`` px that wants to be at (x, y) can stand in ``room`` clear of what is taken.

    The wanted place if it is free; else the nearest of those beside, above and below what is in the way; None when
    there is none.
    """

    def inside(u: float, v: float) -> tuple[int, int]:
        return (
            int(min(max(u, room[0]), max(room[0] + room[2] - w, room[0]))),
            int(min(max(v, room[1]), max(room[1] + room[3] - h, room[1]))),
        )

    def is_free(place: tuple[int, int]) -> bool:
        u, v = place
        return all(u + w <= a or a + c <= u or v + h <= b or b + d <= v for a, b, c, d in taken)

    wanted = inside(x, y)
    if is_free(wanted):
        return wanted
    if (len(taken) + 1) * w * h > room[2] * room[3]:
        return None  # there cannot be room, and looking for it takes long
    candidates = []
    for a, b, c, d in taken:
        candidates += [inside(u, v) for u, v in ((x, b + d + 1), (x, b - h - 1), (a + c + 1, y), (a - w - 1, y))]
    free = [place for place in candidates if is_free(place)]
    return min(free, key=lambda place: abs(place[0] - x) + abs(place[1] - y), default=None)
