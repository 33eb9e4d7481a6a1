"""Where the tiles of an arrangement stand, in px. No Qt here."""

from __future__ import annotations

import math

from gui.tiles.layout import Arrangement

Rect = tuple[int, int, int, int]
"""Left, top, width, height in px."""

GAP = 8

_COLUMNS = {Arrangement.ONE: 1, Arrangement.TWO: 2, Arrangement.FOUR: 2, Arrangement.SIX: 3, Arrangement.NINE: 3}

_SIDE = {1: 0.38, 2: 0.33, 3: 0.29}
"""Share of the width that so many small tiles may have, at least."""

_SIDE_OF_MANY = 0.3
_SIDE_COLUMNS = 3

_ASPECT = 4 / 3  # of most pictures

_HEAD = 60.0  # px of a tile that are no picture: its head, and its colour bar


def rects(arrangement: Arrangement, count: int, width: int, height: int) -> list[Rect]:
    """A place for each of ``count`` tiles in an area of this size, none smaller than one px.

    Two tiles, and main and side, stand beside each other in a wide area and above each other in a high one.
    """
    if count <= 0:
        return []
    if arrangement is Arrangement.MAIN:
        return _main(count, width, height)
    columns = _COLUMNS[arrangement]
    if arrangement is Arrangement.TWO and height > width:
        columns = 1
    rows = math.ceil(arrangement.count / columns)
    if arrangement is Arrangement.SIX and height > width:
        columns, rows = rows, columns
    return _grid(count, columns, rows, (0, 0, width, height))


def _grid(count: int, columns: int, rows: int, area: Rect) -> list[Rect]:
    left, top, width, height = area
    xs, ys = _cuts(width, columns), _cuts(height, rows)
    places = [(left + x, top + y, w, h) for y, h in ys for x, w in xs]
    return places[:count]


def _cuts(length: int, parts: int) -> list[tuple[int, int]]:
    """Begin and length of equal parts with gaps between; the px that are left over go to the first ones."""
    room = max(length - GAP * (parts - 1), parts)
    at, out = 0, []
    for i in range(parts):
        size = room // parts + (i < room % parts)
        out.append((at, size))
        at += size + GAP
    return out


def _main(count: int, width: int, height: int) -> list[Rect]:
    """The first large; the others in a column or several at its right, or in rows below it."""
    small = count - 1
    if not small:
        return [(0, 0, max(width, 1), max(height, 1))]
    if height > width:
        columns = min(small, 3)
        rows = math.ceil(small / columns)
        below = min(round(height * 0.45), round((width / columns * 0.75 + _HEAD) * rows))
        large = max(height - below - GAP, 1)
        return [(0, 0, max(width, 1), large), *_grid(small, columns, rows, (0, large + GAP, width, below))]
    # The others get what the large picture cannot use in this height, in the columns that make them largest.
    useful = (height - _HEAD / 2) * _ASPECT
    limit = min(max(width * _SIDE.get(small, _SIDE_OF_MANY), width - GAP - useful), width * 0.5)
    cells = {
        columns: min(limit / columns, (height / math.ceil(small / columns) - _HEAD) * _ASPECT + 2 * GAP)
        for columns in range(1, min(small, _SIDE_COLUMNS) + 1)
    }
    columns = max(cells, key=lambda c: cells[c])
    rows = math.ceil(small / columns)
    beside = max(round(columns * cells[columns]), min(160 * columns, width // 3), 1)
    large = max(width - beside - GAP, 1)
    return [(0, 0, large, max(height, 1)), *_grid(small, columns, rows, (large + GAP, 0, beside, height))]


def neighbour(places: list[Rect], index: int, dx: int, dy: int) -> int:
    """The tile that the eye finds in a direction from another: the nearest whose middle lies that way; itself when
    there is none. ``dx`` and ``dy`` are -1, 0 or 1."""
    x, y = _middle(places[index])
    best, found = math.inf, index
    for other, place in enumerate(places):
        u, v = _middle(place)
        along, across = (u - x) * dx + (v - y) * dy, abs((u - x) * dy) + abs((v - y) * dx)
        if other != index and along > 1 and along + 2 * across < best:
            best, found = along + 2 * across, other
    return found


def _middle(place: Rect) -> tuple[float, float]:
    return place[0] + place[2] / 2, place[1] + place[3] / 2
