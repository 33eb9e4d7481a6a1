"""Which part of a picture a tile shows, and where: zoom about a point, moving, the whole picture. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass, field

LARGEST = 40.0
"""Screen px a picture px at most, unless the whole picture needs more."""


@dataclass(slots=True)
class Viewport:
    """From picture px (corners: the first pixel covers 0..1) to tile px.

    Attributes:
        picture: width and height of the picture in px.
        room: width and height of the tile's picture area in px.
        zoom: 1 shows the whole picture, larger values a part of it.
    """

    picture: tuple[int, int] = (1, 1)
    room: tuple[int, int] = (1, 1)
    zoom: float = 1.0
    _center: tuple[float, float] = (0.5, 0.5)  # of what is seen, as a share of the picture
    _stand: tuple[object, tuple[tuple[int, int, int, int], tuple[float, float], float]] | None = field(
        default=None, compare=False, repr=False
    )

    @property
    def scale(self) -> float:
        """Tile px a picture px."""
        return self.whole * self.zoom

    @property
    def whole(self) -> float:
        """The scale at which the whole picture is seen."""
        return max(min(self.room[0] / self.picture[0], self.room[1] / self.picture[1]), 1e-6)

    @property
    def origin(self) -> tuple[float, float]:
        """Tile px of the picture's left top corner."""
        scale = self.scale
        return self._start(0, scale), self._start(1, scale)

    def _start(self, axis: int, scale: float) -> float:
        size = self.picture[axis] * scale
        if size <= self.room[axis] + 1e-6:
            return (self.room[axis] - size) / 2
        start = self.room[axis] / 2 - self._center[axis] * size
        return min(max(start, self.room[axis] - size), 0.0)

    @property
    def is_whole(self) -> bool:
        return self.zoom == 1.0

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Tile px to picture px with pixel centres at integers."""
        (left, top), s = self.origin, self.scale
        return (x - left) / s - 0.5, (y - top) / s - 0.5

    def to_tile(self, x: float, y: float) -> tuple[float, float]:
        """Picture px with pixel centres at integers to tile px."""
        (left, top), s = self.origin, self.scale
        return left + (x + 0.5) * s, top + (y + 0.5) * s

    def seen(self) -> tuple[int, int, int, int]:
        """The whole pixels that are seen, at least in part: left, top, width, height."""
        (left, top), s = self.origin, self.scale
        x0, y0 = max(int(-left / s), 0), max(int(-top / s), 0)
        x1 = min(int((self.room[0] - left) / s) + 1, self.picture[0])
        y1 = min(int((self.room[1] - top) / s) + 1, self.picture[1])
        return x0, y0, max(x1 - x0, 1), max(y1 - y0, 1)

    def stand(self) -> tuple[tuple[int, int, int, int], tuple[float, float], float]:
        """:meth:`seen`, ``origin`` and ``scale``; reckoned once as long as nothing of it changes: asked twice for each
        picture that is painted."""
        state = (self.picture, self.room, self.zoom, self._center)
        if self._stand is None or self._stand[0] != state:
            self._stand = state, (self.seen(), self.origin, self.scale)
        return self._stand[1]

    def zoom_at(self, x: float, y: float, factor: float) -> None:
        """Zoom so that what is at (x, y) tile px stays there, as far as the picture's edges allow."""
        u, v = self.to_picture(x, y)
        self.zoom = min(max(self.zoom * factor, 1.0), max(LARGEST / self.whole, 1.0))
        if self.zoom < 1.0 + 1e-6:
            self.reset()
            return
        self._hold(u, v, x, y)

    def move(self, dx: float, dy: float) -> None:
        """Move the picture by so many tile px, as far as its edges allow."""
        left, top = self.origin
        s = self.scale
        u, v = (self.room[0] / 2 - left - dx) / s, (self.room[1] / 2 - top - dy) / s
        self._aim(u, v)

    def reset(self) -> None:
        """The whole picture."""
        self.zoom, self._center = 1.0, (0.5, 0.5)

    def _hold(self, u: float, v: float, x: float, y: float) -> None:
        s = self.scale
        self._aim(u + 0.5 + (self.room[0] / 2 - x) / s, v + 0.5 + (self.room[1] / 2 - y) / s)

    def _aim(self, u: float, v: float) -> None:
        """What is in the middle, in picture px, kept so that no edge leaves the tile needlessly."""
        out = []
        for axis, at in ((0, u), (1, v)):
            half = self.room[axis] / 2 / self.scale
            size = self.picture[axis]
            out.append(0.5 if 2 * half >= size else min(max(at, half), size - half) / size)
        self._center = (out[0], out[1])
