"""What lies behind (and beside) a person: procedural clutter in every modality, never plain.

Networks trained before empty walls swell over real clutter, so each background has structure in color, near infrared,
depth and temperature alike: rooms, car interiors, shelves, foliage, printed walls, windows, other people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Backdrop:
    """Planes (H, W) of everything behind the person."""

    color: NDArray[np.float32]
    """(H, W, 3) linear reflectance."""
    emission: NDArray[np.float32]
    """(H, W, 3) linear light of its own (windows, lamps, screens)."""
    nir: Plane
    """Near-infrared reflectance."""
    nir_emission: Plane
    depth_mm: Plane
    celsius: Plane


def fractal(rng: np.random.Generator, height: int, width: int, coarsest: int = 3, octaves: int = 5) -> Plane:
    """Return noise of mean about 0 and deviation about 1 whose detail weakens with its fineness."""
    total = np.zeros((height, width), np.float32)
    strength = 1.0
    cells = coarsest
    for _ in range(octaves):
        small = rng.standard_normal((min(cells, height) + 1, min(cells, width) + 1), dtype=np.float32)
        total += strength * cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
        strength *= 0.6
        cells *= 2
    return total / np.float32(1.25)


class Painter:
    """Paints surfaces, far ones first, onto the planes of a Backdrop."""

    def __init__(
        self, height: int, width: int, nearest_mm: float, ambient_celsius: float, rng: np.random.Generator
    ) -> None:
        self.height, self.width = height, width
        self.nearest_mm = nearest_mm
        self.ambient = ambient_celsius
        self.rng = rng
        self.grain = [fractal(rng, height, width, 4 * 2**i, 4 - i // 2) for i in range(3)]
        self.color = np.zeros((height, width, 3), np.float32)
        self.emission = np.zeros((height, width, 3), np.float32)
        self.nir = np.zeros((height, width), np.float32)
        self.nir_emission = np.zeros((height, width), np.float32)
        self.depth = np.full((height, width), 6000.0, np.float32)
        self.celsius = np.full((height, width), ambient_celsius, np.float32)

    def any_color(self) -> NDArray[np.float32]:
        """A reflectance: mostly dull, sometimes vivid."""
        gray = self.rng.uniform(0.03, 0.9) ** 1.6
        tint = 1 + self.rng.choice([0.06, 0.2, 0.6]) * self.rng.uniform(-1, 1, 3)
        return np.clip(gray * tint, 0.01, 0.95).astype(np.float32)

    def paint(
        self,
        mask: NDArray[np.uint8] | None,
        depth_mm: float | Plane,
        color: NDArray,
        *,
        nir: float | None = None,
        celsius: float | None = None,
        emission: NDArray | float = 0.0,
        texture: float = 0.1,
    ) -> None:
        """Fill `mask` (H, W, nonzero inside; None is everything) with a surface."""
        left, top, width, height = (0, 0, self.width, self.height) if mask is None else cv2.boundingRect(mask)
        if not width or not height:
            return
        part = np.s_[top : top + height, left : left + width]  # only what the mask touches, for speed
        inside = np.ones((height, width), bool) if mask is None else mask[part] > 0
        rng = self.rng
        grain = self.grain[rng.integers(3)][part][inside] * texture
        self.color[part][inside] = np.clip(np.asarray(color) * (1 + grain[:, None]), 0.005, 1)
        mean = float(np.mean(color))
        # Dyes that look dark are often bright in near infrared.
        reflect = np.clip(mean * rng.uniform(0.6, 1.4) + rng.uniform(0, 0.35), 0.03, 0.9) if nir is None else nir
        self.nir[part][inside] = np.clip(reflect * (1 + grain), 0.01, 1)
        self.emission[part][inside] = emission
        self.nir_emission[part][inside] = np.mean(emission) * rng.uniform(0.0, 0.8)
        depth = depth_mm[part][inside] if isinstance(depth_mm, np.ndarray) else depth_mm
        self.depth[part][inside] = np.maximum(depth, self.nearest_mm)
        warm = self.ambient + rng.normal(0, 1.2) if celsius is None else celsius
        self.celsius[part][inside] = warm + 2.0 * grain

    def slanted(self, depth_mm: float, slope: float = 1.5) -> Plane:
        """A plane at about `depth_mm`, slanted at random by up to `slope` mm of depth per mm across."""
        y, x = np.mgrid[: self.height, : self.width].astype(np.float32)
        reach = 0.15 * depth_mm * slope / self.width
        along = self.rng.uniform(-reach, reach, 2)
        return (depth_mm + along[0] * (x - self.width / 2) + along[1] * (y - self.height / 2)).astype(np.float32)

    def polygon(self, corners: NDArray) -> NDArray[np.uint8]:
        """Mask of a polygon with corners (K, 2) in pixels."""
        mask = np.zeros((self.height, self.width), np.uint8)
        cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 1)
        return mask

    def rectangle(self, x: float, y: float, width: float, height: float, tilt: float = 0.0) -> NDArray[np.uint8]:
        """Mask of a rectangle centered at (x, y), turned by `tilt` radians."""
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [width / 2, height / 2]
        c, s = np.cos(tilt), np.sin(tilt)
        return self.polygon(corners @ np.array([[c, s], [-s, c]]) + [x, y])

    def ellipse(self, x: float, y: float, a: float, b: float, tilt_deg: float = 0.0) -> NDArray[np.uint8]:
        """Mask of an ellipse with half axes a, b."""
        mask = np.zeros((self.height, self.width), np.uint8)
        cv2.ellipse(mask, (int(x), int(y)), (max(int(a), 1), max(int(b), 1)), tilt_deg, 0, 360, 1, -1)
        return mask

    def bulge(self, x: float, y: float, a: float, b: float, depth_mm: float, thick_mm: float) -> Plane:
        """Depth of an ellipsoid's front that comes `thick_mm` nearer than `depth_mm` in its middle."""
        v, u = np.mgrid[: self.height, : self.width].astype(np.float32)
        inside = 1 - ((u - x) / a) ** 2 - ((v - y) / b) ** 2
        return (depth_mm - thick_mm * np.sqrt(np.clip(inside, 0, 1))).astype(np.float32)

    def finish(self) -> Backdrop:
        """Return the planes; color and temperature are softened a little by the lens."""
        return Backdrop(
            cv2.GaussianBlur(self.color, (0, 0), 0.6),
            cv2.GaussianBlur(self.emission, (0, 0), 0.8),
            cv2.GaussianBlur(self.nir, (0, 0), 0.6),
            cv2.GaussianBlur(self.nir_emission, (0, 0), 0.8),
            self.depth,
            self.celsius,
        )


def _wall(p: Painter) -> None:
    p.paint(None, p.slanted(p.rng.uniform(1.2, 4.0) * max(p.nearest_mm, 500), 3.0), p.any_color(), texture=0.12)


def _boxes(p: Painter, count: int) -> None:
    """Furniture, pictures, doors: upright rectangles with edges."""
    rng = p.rng
    for depth in np.sort(rng.uniform(1.0, 3.0, count))[::-1] * p.nearest_mm:
        width, height = rng.uniform(0.08, 0.9, 2) * p.width
        x, y = rng.uniform(-0.1, 1.1, 2) * p.width
        tilt = rng.normal(0, 0.04) if rng.random() < 0.7 else rng.uniform(-0.8, 0.8)
        p.paint(p.rectangle(x, y, width, height, tilt), p.slanted(depth), p.any_color(), texture=rng.uniform(0, 0.3))
        if rng.random() < 0.5:
            inner = rng.uniform(0.6, 0.94)
            mask = p.rectangle(x, y, width * inner, height * inner, tilt)
            p.paint(mask, p.slanted(depth + 5), p.any_color(), texture=rng.uniform(0, 0.4))


def _room(p: Painter) -> None:
    _wall(p)
    floor = p.rng.uniform(0.6, 1.3) * p.height
    corners = np.array([[0, floor], [p.width, floor + p.rng.normal(0, 15)], [p.width, p.height], [0, p.height]])
    p.paint(p.polygon(corners), p.slanted(1.8 * p.nearest_mm, 4), p.any_color(), texture=0.2)
    _boxes(p, int(p.rng.integers(3, 9)))
    if p.rng.random() < 0.5:
        _lamps(p, int(p.rng.integers(1, 4)))


def _lamps(p: Painter, count: int) -> None:
    rng = p.rng
    for _ in range(count):
        x, y = rng.uniform(0, p.width), rng.uniform(0, 0.8 * p.height)
        size = rng.uniform(1.5, 9)
        hue = np.array([1.0, rng.uniform(0.5, 1.0), rng.uniform(0.2, 1.0)])
        mask = p.ellipse(x, y, size * rng.uniform(0.6, 1.6), size)
        p.paint(
            mask,
            rng.uniform(1.2, 3) * p.nearest_mm,
            [0.6] * 3,
            emission=hue * rng.uniform(0.5, 3),
            celsius=p.ambient + rng.uniform(2, 22),
        )


def _window(p: Painter) -> None:
    """A bright window with bars and something outside."""
    rng = p.rng
    _wall(p)
    x, y = rng.uniform(0.1, 0.9, 2) * p.width
    width, height = rng.uniform(0.4, 1.2, 2) * p.width
    bright = rng.choice([0.05, 0.5, 1.5]) * rng.uniform(0.5, 1.5)
    outside = np.clip(0.5 + 0.35 * p.grain[1], 0.05, 1.5)[..., None] * np.array([0.9, 1.0, 1.1]) * bright
    mask = p.rectangle(x, y, width, height)
    p.paint(mask, 6500.0, [0.1] * 3, celsius=p.ambient - rng.uniform(0, 9))
    inside = mask > 0
    p.emission[inside] = outside[inside]
    p.nir_emission[inside] = outside[inside].mean(axis=1) * rng.uniform(0.3, 1.2)
    bar = p.any_color()
    for offset in np.linspace(-0.5, 0.5, rng.integers(2, 5)):
        p.paint(p.rectangle(x + offset * width, y, 4, height), 1.5 * p.nearest_mm, bar)
        p.paint(p.rectangle(x, y + offset * height, width, 4), 1.5 * p.nearest_mm, bar)
    _boxes(p, int(rng.integers(1, 5)))


def _shelf(p: Painter) -> None:
    """Rows of book backs or goods."""
    rng = p.rng
    depth = rng.uniform(1.1, 2.5) * p.nearest_mm
    p.paint(None, p.slanted(depth + 220, 2), p.any_color() * 0.5)
    y = rng.uniform(-20, 10)
    while y < p.height:
        row = rng.uniform(18, 55)
        x = rng.uniform(-10, 0)
        while x < p.width:
            width = rng.uniform(3, 20)
            height = row * rng.uniform(0.6, 0.92)
            tilt = rng.normal(0, 0.03)
            p.paint(
                p.rectangle(x + width / 2, y + row - height / 2, width - 1, height, tilt),
                depth + rng.uniform(0, 120),
                p.any_color(),
                texture=0.25,
            )
            x += width * rng.choice([1, 1, 1, 1.6])
        p.paint(p.rectangle(p.width / 2, y + row + 1.5, p.width * 1.1, 4), depth, p.any_color())
        y += row + 4


def _foliage(p: Painter) -> None:
    """Leaves in near infrared are bright, in thermal near the air."""
    rng = p.rng
    p.paint(
        None,
        p.slanted(rng.uniform(1.5, 4) * p.nearest_mm, 4),
        rng.uniform(0.05, 0.7) * np.array([0.7, 0.9, 1.1]),
        celsius=p.ambient - rng.uniform(0, 12),
    )
    for depth in np.sort(rng.uniform(1.0, 2.6, 70))[::-1] * p.nearest_mm:
        x, y = rng.uniform(0, p.width), rng.uniform(0, p.height)
        a = rng.uniform(3, 17)
        green = rng.uniform(0.03, 0.3) * np.array([rng.uniform(0.5, 1.0), 1.0, rng.uniform(0.1, 0.5)])
        p.paint(
            p.ellipse(x, y, a, a * rng.uniform(0.25, 0.8), rng.uniform(0, 180)),
            depth,
            green,
            nir=rng.uniform(0.35, 0.75),
            texture=0.2,
        )


def _printed(p: Painter) -> None:
    """A poster, sign or screen with writing on it."""
    rng = p.rng
    _wall(p)
    x, y = rng.uniform(0.2, 0.8, 2) * p.width
    width, height = rng.uniform(0.5, 1.3, 2) * p.width
    depth = p.slanted(rng.uniform(1.05, 2.2) * p.nearest_mm)
    glowing = rng.random() < 0.3
    paper, ink = p.any_color(), p.any_color()
    p.paint(
        p.rectangle(x, y, width, height), depth, paper, emission=paper * 0.5 * glowing, celsius=p.ambient + 5 * glowing
    )
    letters = "ABCDEFGHKLMNOPRSTUVWXYZ0123456789"
    mask = np.zeros((p.height, p.width), np.uint8)
    for line in range(rng.integers(3, 10)):
        text = "".join(rng.choice(list(letters), rng.integers(3, 14)))
        where = (int(x - width / 2 + 3), int(y - height / 2 + 12 + line * rng.integers(10, 22)))
        cv2.putText(mask, text, where, int(rng.integers(0, 8)), rng.uniform(0.25, 1.1), 1, int(rng.integers(1, 3)))
    p.paint(mask, depth, ink, emission=ink * 0.5 * glowing)
    _boxes(p, int(rng.integers(1, 4)))


def _crowd(p: Painter) -> None:
    """Other people out of focus: heads and shoulders without features, warm."""
    rng = p.rng
    _room(p)
    for depth in np.sort(rng.uniform(1.15, 2.8, rng.integers(1, 5)))[::-1] * p.nearest_mm:
        scale = 0.42 * p.width * p.nearest_mm / depth
        x, y = rng.uniform(-0.1, 1.1) * p.width, rng.uniform(0.2, 0.8) * p.height
        cloth = p.any_color()
        shoulders = p.ellipse(x, y + scale * 1.15, scale * 1.05, scale * 0.62)
        shoulders |= p.rectangle(x, y + scale * 2.0, scale * 2.0, scale * 1.6)
        p.paint(
            shoulders,
            p.bulge(x, y + scale * 1.6, scale * 1.2, scale * 1.8, depth, 90),
            cloth,
            celsius=p.ambient + rng.uniform(3, 7),
            texture=0.2,
        )
        skin = np.array([0.55, 0.36, 0.27]) * rng.uniform(0.3, 1.2)
        a, b = 0.36 * scale, 0.5 * scale
        p.paint(p.ellipse(x, y + b, 0.5 * a, 0.6 * b), depth, skin, celsius=33.0)
        hair = rng.uniform(0.02, 0.3) * np.array([1.0, 0.8, 0.6])
        p.paint(
            p.ellipse(x, y - 0.12 * b, a * 1.12, b * 1.05),
            p.bulge(x, y, a * 1.2, b * 1.2, depth, 100),
            hair,
            celsius=p.ambient + 4,
        )
        if rng.random() < 0.6:
            p.paint(
                p.ellipse(x + rng.uniform(-0.25, 0.25) * a, y + 0.12 * b, a * 0.85, b * 0.8),
                p.bulge(x, y, a, b, depth, 115),
                skin,
                nir=0.5,
                celsius=rng.uniform(32, 35),
            )
        if rng.random() < 0.4:
            _boxes(p, 1)


def _car(p: Painter) -> None:
    """The inside of a car: rear window, pillars, back seat, the seat and headrest behind the person."""
    rng = p.rng
    nearest = p.nearest_mm
    trim = rng.uniform(0.02, 0.35) * np.array([1.0, rng.uniform(0.85, 1.05), rng.uniform(0.7, 1.1)])
    p.paint(None, p.slanted(nearest + rng.uniform(500, 1100), 2), trim, texture=0.15)
    x, y = rng.uniform(0.2, 0.8) * p.width, rng.uniform(0.15, 0.5) * p.height
    width, height = rng.uniform(0.5, 1.2) * p.width, rng.uniform(0.25, 0.6) * p.height
    window = p.polygon(
        np.array(
            [
                [x - width / 2, y - height / 2],
                [x + width / 2, y - height / 2],
                [x + width * 0.6, y + height / 2],
                [x - width * 0.6, y + height / 2],
            ]
        )
    )
    day = rng.random() < 0.4
    glow = rng.uniform(0.4, 2.0) if day else rng.uniform(0.0, 0.05)
    p.paint(window, 7000.0, [0.03] * 3, celsius=p.ambient - rng.uniform(1, 12))
    outside = np.clip(0.6 + 0.3 * p.grain[0], 0.05, 1.4) * glow
    p.emission[window > 0] = (outside[..., None] * np.array([0.9, 1.0, 1.15]))[window > 0]
    p.nir_emission[window > 0] = outside[window > 0] * 0.7
    if not day:
        for _ in range(rng.integers(1, 7)):
            spot = (
                p.ellipse(
                    x + rng.uniform(-0.5, 0.5) * width,
                    y + rng.uniform(-0.5, 0.5) * height,
                    rng.uniform(1, 5),
                    rng.uniform(1, 4),
                )
                & window
            )
            hue = np.array([[1.0, 0.8, 0.5], [1.0, 0.15, 0.08], [0.9, 0.95, 1.0], [0.2, 1.0, 0.4]])[rng.integers(4)]
            p.paint(spot, 7000.0, [0.1] * 3, emission=hue * rng.uniform(0.5, 3))
    for side in (-1, 1):
        pillar = x + side * width * rng.uniform(0.5, 0.75)
        p.paint(
            p.rectangle(pillar, p.height / 2, rng.uniform(6, 18), 1.5 * p.height, side * rng.uniform(0.1, 0.5)),
            nearest + rng.uniform(150, 600),
            trim * rng.uniform(0.6, 1.4),
        )
    seat = rng.uniform(0.02, 0.4) * np.array([1.0, rng.uniform(0.8, 1.0), rng.uniform(0.6, 1.0)])
    warm = p.ambient + rng.uniform(0, 5)
    for depth, scale in ((nearest + rng.uniform(400, 700), 0.6), (nearest + rng.uniform(0, 90), 1.0)):
        cx = p.width * rng.uniform(0.35, 0.65) if scale == 1.0 else p.width * rng.uniform(0.0, 1.0)
        top = p.height * rng.uniform(0.72, 0.95)
        a = 0.33 * p.width * scale * rng.uniform(0.8, 1.2)
        p.paint(
            p.ellipse(cx, top + 0.9 * p.height * scale, a * 2.1, 0.95 * p.height * scale),
            p.bulge(cx, top + 0.9 * p.height, a * 2.2, p.height, depth + 60, 60),
            seat,
            texture=0.12,
            celsius=warm,
        )
        rest_y = top - 0.30 * p.height * scale
        b = 0.24 * p.height * scale * rng.uniform(0.7, 1.2)
        for rod in (-0.4, 0.4):
            p.paint(p.rectangle(cx + rod * a, rest_y + b, 3 * scale, 0.3 * p.height * scale), depth + 40, [0.3] * 3)
        p.paint(
            p.ellipse(cx, rest_y, a, b),
            p.bulge(cx, rest_y, a * 1.05, b * 1.05, depth + 70, 70),
            seat * rng.uniform(0.8, 1.2),
            texture=0.12,
            celsius=warm,
        )
    if rng.random() < 0.5:  # the belt's upper end
        belt = rng.choice([0.05, 0.95]) * p.width
        p.paint(
            p.rectangle(belt, 0.7 * p.height, 7, p.height, rng.uniform(-0.4, 0.4)),
            nearest + 30,
            [0.04] * 3,
            texture=0.3,
        )


def _blobs(p: Painter) -> None:
    """Smooth gradients and round things of about a head's size: cushions, balls, bags, lamps shades."""
    rng = p.rng
    _wall(p)
    p.color *= np.clip(1 + 0.6 * p.grain[0], 0.2, 2)[..., None]
    for depth in np.sort(rng.uniform(1.02, 2.0, rng.integers(2, 7)))[::-1] * p.nearest_mm:
        a, b = rng.uniform(0.1, 0.42, 2) * p.width
        x, y = rng.uniform(0, p.width), rng.uniform(0, p.height)
        p.paint(
            p.ellipse(x, y, a, b),
            p.bulge(x, y, a, b, depth + 80, rng.uniform(20, 130)),
            p.any_color(),
            texture=rng.uniform(0, 0.4),
            celsius=p.ambient + rng.choice([0, 0, 6, 12]) * rng.random(),
        )
    _boxes(p, int(rng.integers(1, 4)))


PLACES: tuple[tuple[Callable[[Painter], None], float], ...] = (
    (_room, 0.2),
    (_car, 0.2),
    (_shelf, 0.1),
    (_foliage, 0.08),
    (_printed, 0.12),
    (_crowd, 0.12),
    (_window, 0.09),
    (_blobs, 0.09),
)


def draw_backdrop(
    rng: np.random.Generator, height: int, width: int, nearest_mm: float, ambient_celsius: float
) -> Backdrop:
    """Draw one of the places; nothing in it is nearer than `nearest_mm`."""
    painter = Painter(height, width, nearest_mm, ambient_celsius, rng)
    place = rng.choice(len(PLACES), p=[weight for _, weight in PLACES])
    PLACES[place][0](painter)
    return painter.finish()
