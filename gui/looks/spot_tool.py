"""Spots and areas, placed and moved with the mouse on a picture. No Qt here.

A tile gives it what the mouse does, in picture pixels with pixel centres at integers.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gui.looks.look import MOST_MARKS
from gui.looks.spots import Area, Mark, Spot, area_between, free_name

_SMALLEST = 2  # px; a smaller drag is a slip of the hand


class Placing(enum.Enum):
    """What the next press makes."""

    NOTHING = "nothing"
    SPOT = "spot"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Field:
    """The picture that is worked on: its size in px and its marks; ``reach`` is how near a press must be, in px."""

    width: int
    height: int
    marks: tuple[Mark, ...]
    reach: float = 8.0


class SpotTool:
    """Takes presses on marks, and all presses while something is to be placed; all others it leaves to the tile.

    Args:
        field: says what is worked on now; None where nothing can be placed.
        put: is given the new marks, and the name of the one that was touched.
        placed: is called when something was placed: the mouse moves the picture again.
    """

    def __init__(
        self,
        field: Callable[[], Field | None],
        put: Callable[[tuple[Mark, ...], str], None],
        placed: Callable[[], None] = lambda: None,
    ) -> None:
        self._field, self._put, self._placed = field, put, placed
        self.placing = Placing.NOTHING
        self._held = ""
        self._corner = -1
        self._at = (0.0, 0.0)
        self._is_new = False

    @property
    def held(self) -> str:
        """Name of the mark that the mouse holds; empty for none."""
        return self._held

    def press(self, x: float, y: float, modifiers: object = None) -> bool:
        """Take hold of a mark, or place one; False where neither."""
        field = self._field()
        self._held = ""
        if field is None or not (-0.5 <= x < field.width - 0.5 and -0.5 <= y < field.height - 0.5):
            return False
        self._at, self._is_new, self._corner = (x, y), False, -1
        if self.placing is not Placing.NOTHING:
            return self._place(field, x, y)
        found = nearest(field.marks, x, y, field.reach)
        if found is None:
            return False
        self._held, self._corner = found
        self._put(field.marks, self._held)
        return True

    def move(self, x: float, y: float, modifiers: object = None) -> bool:
        """Move what is held, or draw the new area larger."""
        field = self._field()
        mark = self._mark(field)
        if field is None or mark is None:
            return False
        if isinstance(mark, Area) and self._corner >= 0:
            moved: Mark = _reshaped(mark, self._corner, self._at, (x, y), field)
            if self._is_new:
                moved = area_between(mark.name, *self._at, x, y, field.width, field.height)
        else:
            dx, dy = round(x - self._at[0]), round(y - self._at[1])
            moved = mark.moved(dx, dy, field.width, field.height)
            # Only what it really moved, so that a mark at the edge does not run away from the mouse.
            self._at = (self._at[0] + dx, self._at[1] + dy)
        if moved != mark:
            self._put(tuple(moved if m.name == mark.name else m for m in field.marks), mark.name)
        if self._corner >= 0 and not self._is_new:
            self._at = (x, y)
        return True

    def release(self, x: float, y: float, modifiers: object = None) -> bool:
        """Let go; an area that is too small to be meant is taken away again."""
        field = self._field()
        mark = self._mark(field)
        self._held = ""
        if field is None or mark is None:
            return False
        if self._is_new:
            self._is_new = False
            if isinstance(mark, Area) and (mark.x1 - mark.x0 < _SMALLEST or mark.y1 - mark.y0 < _SMALLEST):
                self._put(tuple(m for m in field.marks if m.name != mark.name), "")
                return True
            self.placing = Placing.NOTHING
            self._placed()
        return True

    def cancel(self) -> None:
        """Place nothing, hold nothing."""
        self._held, self._is_new = "", False
        self.placing = Placing.NOTHING

    def _place(self, field: Field, x: float, y: float) -> bool:
        if len(field.marks) >= MOST_MARKS:
            self.cancel()
            self._placed()
            return True
        if self.placing is Placing.SPOT:
            mark: Mark = Spot(free_name("Sp", field.marks), round(x), round(y))
        else:
            mark = area_between(free_name("Ar", field.marks), x, y, x, y, field.width, field.height)
            self._corner = 3
        self._held, self._is_new = mark.name, True
        self._put((*field.marks, mark), mark.name)
        return True

    def _mark(self, field: Field | None) -> Mark | None:
        if field is None or not self._held:
            return None
        return next((m for m in field.marks if m.name == self._held), None)


def nearest(marks: Sequence[Mark], x: float, y: float, reach: float) -> tuple[str, int] | None:
    """The mark at (x, y): its name, and which corner of an area (0..3 by rows), -1 for its inside or a spot."""
    spots = [(abs(m.x - x) + abs(m.y - y), m.name) for m in marks if isinstance(m, Spot)]
    near = [s for s in spots if s[0] <= 1.5 * reach]
    if near:
        return min(near)[1], -1
    for m in reversed(marks):
        if isinstance(m, Area):
            for corner, (cx, cy) in enumerate(((m.x0, m.y0), (m.x1, m.y0), (m.x0, m.y1), (m.x1, m.y1))):
                if abs(cx - x) <= reach and abs(cy - y) <= reach:
                    return m.name, corner
            if m.x0 <= x <= m.x1 and m.y0 <= y <= m.y1:
                return m.name, -1
    return None


def _reshaped(mark: Area, corner: int, was: tuple[float, float], now: tuple[float, float], field: Field) -> Area:
    """An area with one corner moved; it is never turned inside out."""
    dx, dy = round(now[0]) - round(was[0]), round(now[1]) - round(was[1])
    if corner % 2 == 0:
        mark = replace(mark, x0=min(max(mark.x0 + dx, 0), mark.x1))
    else:
        mark = replace(mark, x1=max(min(mark.x1 + dx, field.width - 1), mark.x0))
    if corner < 2:
        return replace(mark, y0=min(max(mark.y0 + dy, 0), mark.y1))
    return replace(mark, y1=max(min(mark.y1 + dy, field.height - 1), mark.y0))
