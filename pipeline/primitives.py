"""What an overlay is made of.

Positions are in pixels of the named stream (pixel centers at integers). Widths of lines and radii are in points: one
point is one pixel of a picture 720 rows high, so that they look the same on every size of picture.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.colormap import Rgb
from pipeline.labels import WHITE, Color, generated_picture
from recordings.observation import GeneratedImage

DASHES = 9
"""Of each side of a dashed rectangle, those at the corners whole."""

CORNER = 0.22
"""Length of a drawn corner as a share of a rectangle's side."""


class Rank(enum.Enum):
    """How far off a line of text is read."""

    MAIN = "main"  # from across the room: who, how far, eyes, temperature
    SIDE = "side"  # in passing: angles, signals
    NOTE = "note"  # from the chair: reasons


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; drawn over a dark, wider one unless ``outline`` is off."""

    stream: str
    x0: float
    y0: float
    x1: float
    y1: float
    color: Color
    width: float = 2.0
    outline: bool = True
    arrow: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """Discs of one kind, or rings of ``width`` points when ``filled`` is off, with a dark rim.

    ``points`` float32 (N, 2), finite, in stream px; ``radius`` in points, and at most 1/50 of ``span`` (stream px, the
    width of what they belong to; 0 for no limit).
    """

    stream: str
    points: NDArray[np.float32]
    radius: float
    color: Color
    filled: bool = True
    width: float = 1.4
    span: float = 0.0

    def radius_px(self, point: float, scale: float) -> float:
        """Of a disc, for px a point and px a stream px."""
        largest = self.span * scale / 50.0 if self.span > 0 else self.radius * point
        return max(min(self.radius * point, largest), 0.9)


class Edge(enum.Enum):
    """How a rectangle is drawn."""

    WHOLE = "whole"
    CORNERS = "corners"  # a thin whole one with heavy corners
    DASHED = "dashed"


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An upright rectangle from (x, y), ``w`` x ``h`` stream px."""

    stream: str
    x: float
    y: float
    w: float
    h: float
    color: Color
    width: float = 2.0
    edge: Edge = Edge.WHOLE

    def lines(self) -> list[Line]:
        """The lines it is drawn with."""
        x0, y0, x1, y1 = self.x, self.y, self.x + self.w, self.y + self.h
        around = ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0))
        if self.edge is Edge.DASHED:
            parts = 2 * DASHES - 1
            return [
                self._line(
                    a + i / parts * (c - a),
                    b + i / parts * (d - b),
                    a + (i + 1) / parts * (c - a),
                    b + (i + 1) / parts * (d - b),
                )
                for a, b, c, d in around
                for i in range(0, parts, 2)
            ]
        if self.edge is Edge.WHOLE:
            return [self._line(*ends) for ends in around]
        thin = [Line(self.stream, *ends, self.color, self.width / 3) for ends in around]
        a, b = CORNER * self.w, CORNER * self.h
        for x, dx in ((x0, a), (x1, -a)):
            for y, dy in ((y0, b), (y1, -b)):
                thin += [self._line(x, y, x + dx, y), self._line(x, y, x, y + dy)]
        return thin

    def _line(self, x0: float, y0: float, x1: float, y1: float) -> Line:
        return Line(self.stream, x0, y0, x1, y1, self.color, self.width)


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text at (x, y) stream px on a dark plate that is kept inside the picture.

    Attributes:
        upward: the plate stands above (x, y), and moves up where another is in its way; else below, and down.
        align: where x lies: ``left``, ``center`` or ``right`` of the line.
        room: stream px that it may take in width, beside other faces: it shrinks to that, and where it then is too
            small to be read, ``short`` stands in its place, or nothing. 0: as much as it needs.
        short: what is left of it where there is no room.
        stays: it is painted even where another text is.
        whose: the face's id; a line that has to stand away from its face begins with it.
    """

    stream: str
    x: float
    y: float
    text: str
    color: Color = WHITE
    rank: Rank = Rank.MAIN
    upward: bool = False
    align: str = "left"
    room: float = 0.0
    short: str = ""
    stays: bool = False
    whose: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Inset:
    """A small square picture at (x, y), ``size`` stream px wide: a measured one (``pixels``), or a generated one.

    A generated one is painted with the word GENERATED on it; nothing here can leave that out. Painters never let
    insets overlap, since one could hide another's mark: an inset without room is moved, or left out.

    ``slot`` counts insets that stand under each other: each painter moves the inset down by as many of its own sizes.
    """

    stream: str
    x: float
    y: float
    size: float
    image: GeneratedImage | NDArray[np.uint8]
    slot: int = 0

    @property
    def generated(self) -> bool:
        return isinstance(self.image, GeneratedImage)

    def picture(self, size_px: int) -> Rgb:
        """uint8 (H, W, 3) RGB about ``size_px`` wide, never below 56 px where it is generated."""
        if isinstance(self.image, GeneratedImage):
            return generated_picture(self.image, size_px)
        side = max(size_px, 1)
        return np.asarray(cv2.resize(self.image, (side, side), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


Primitive = Line | Dots | Rectangle | Text | Inset
