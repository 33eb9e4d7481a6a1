"""Words painted into pixels: outlined text, and the mark without which no generated image is ever shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.colormap import Rgb
from pipeline.relief import shade_relief
from recordings.observation import GeneratedImage

Color = tuple[int, int, int]

WHITE: Color = (255, 255, 255)
DARK: Color = (0, 0, 0)
BLUE: Color = (86, 180, 233)  # what was measured
ORANGE: Color = (255, 176, 0)  # what needs attention, and what was generated
GRAY: Color = (176, 182, 190)  # what is not believed
YELLOW: Color = (240, 228, 66)
CORAL: Color = (255, 140, 105)
BAR: Color = (70, 76, 86)  # what is empty of a bar

INKS: tuple[Color, ...] = (WHITE, BLUE, ORANGE, GRAY, YELLOW, CORAL)
"""Blue against orange, as in palettes chosen for color-blind eyes (Okabe and Ito; IBM). Every ink is so bright, and its
outline or plate so dark, that on whatever color either the one or the other has a contrast of at least 3 : 1."""

PLATE = 0.8
"""How much of the picture a plate under text takes away."""

GENERATED = "GENERATED"

_FONT = cv2.FONT_HERSHEY_DUPLEX
_CAP_UNITS = 21.0  # height of a capital letter of OpenCV's Hershey fonts at scale 1, in px
_CAP_SHARE = 0.72  # of a font's size


@dataclass(frozen=True, slots=True)
class TextBox:
    """What a line of text covers: width, height above the baseline, depth below it, in px."""

    width: int
    height: int
    below: int


def _scale(size: float) -> float:
    return max(size, 4.0) * _CAP_SHARE / _CAP_UNITS


def _stroke(size: float) -> int:
    return max(1, round(size / 18))


def text_box(text: str, size: float) -> TextBox:
    """What ``text`` in a font of ``size`` px covers when :func:`put_text` paints it."""
    degree = _degree_width(size)
    width = 0
    for part in _parts(text):
        width += degree if part == "°" else cv2.getTextSize(part, _FONT, _scale(size), _stroke(size))[0][0]
    return TextBox(width, round(size * _CAP_SHARE), round(size * 0.24))


def put_text(
    image: Rgb, text: str, x: float, y: float, size: float, color: Color = WHITE, outline: Color | None = DARK
) -> None:
    """Paint one line of text in place, its baseline starting at (x, y), with a dark outline round it.

    The font knows ASCII and the degree sign; other characters come out as question marks.
    """
    passes: list[tuple[Color, int]] = [(color, 0)]
    if outline is not None:
        passes.insert(0, (outline, max(2, round(size / 8))))
    for ink, extra in passes:
        at = x
        for part in _parts(text):
            stroke = _stroke(size) + extra
            if part == "°":
                radius = max(1, round(size * 0.10))
                center = (round(at + _degree_width(size) / 2), round(y - size * _CAP_SHARE + radius))
                cv2.circle(image, center, radius, ink, stroke, cv2.LINE_AA)
                at += _degree_width(size)
            else:
                cv2.putText(image, part, (round(at), round(y)), _FONT, _scale(size), ink, stroke, cv2.LINE_AA)
                at += cv2.getTextSize(part, _FONT, _scale(size), _stroke(size))[0][0]


def _degree_width(size: float) -> int:
    return max(3, round(size * 0.34))


def _parts(text: str) -> list[str]:
    out: list[str] = []
    rest = text
    while "°" in rest:
        before, rest = rest.split("°", 1)
        out += [before, "°"] if before else ["°"]
    return [*out, rest] if rest else out


def fit_size(text: str, width: float, largest: float, smallest: float = 7.0) -> float:
    """The largest font size in px, down from ``largest``, in which ``text`` is at most ``width`` px wide."""
    size = largest
    while size > smallest and text_box(text, size).width > width:
        size -= 0.5
    return size


def shorten(text: str, width: float, size: float) -> str:
    """``text``, cut with two dots at its end when it is wider than ``width`` px in a font of ``size`` px."""
    if text_box(text, size).width <= width:
        return text
    while text and text_box(text + "..", size).width > width:
        text = text[:-1]
    return text.rstrip() + ".."


def darken(image: Rgb, x: int, y: int, w: int, h: int, strength: float = 0.65) -> None:
    """Darken a rectangle of an image in place, as a plate under text; what lies outside is cut off."""
    x0, y0 = max(x, 0), max(y, 0)
    x1, y1 = min(x + w, image.shape[1]), min(y + h, image.shape[0])
    if x1 > x0 and y1 > y0:
        patch = image[y0:y1, x0:x1]
        plate = np.array(DARK, np.float32) * strength
        patch[:] = (patch * np.float32(1.0 - strength) + plate).astype(np.uint8)


def mark_generated(image: NDArray[np.uint8], note: str = "", ink: Color = ORANGE) -> Rgb:
    """A copy of a generated image with the word GENERATED on its pixels. There is no way to have it without.

    A dark band along the lower edge carries the word; an orange frame goes round the picture.

    Args:
        image: uint8 (H, W, 3) RGB; made at least 56 px wide and high, since the word must be readable.
        note: what the picture shows, before the word when there is room.
        ink: of the word and the frame; it must be bright.
    """
    h, w = image.shape[:2]
    grow = max(1.0, 56.0 / w, 56.0 / h)
    if grow > 1.0:
        size = (max(56, round(w * grow)), max(56, round(h * grow)))
        out = np.ascontiguousarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    else:
        out = np.array(image, dtype=np.uint8, order="C")
    h, w = out.shape[:2]
    band = _mark_band(w, h, note, ink)
    out[h - band.shape[0] :] = band
    cv2.rectangle(out, (0, 0), (w - 1, h - 1), ink, 1)
    return out


@lru_cache(maxsize=64)
def _mark_band(w: int, h: int, note: str, ink: Color) -> Rgb:
    """The band with the word for a picture of ``w`` x ``h`` px, read-only: writing it takes longer than the picture."""
    text = f"{note}  {GENERATED}" if note and text_box(f"{note}  {GENERATED}", 11).width <= w - 8 else GENERATED
    font = fit_size(text, w - 8, min(22.0, max(9.0, h * 0.10)))
    box = text_box(text, font)
    high = box.height + max(6, round(font * 0.6))
    band = np.empty((high, w, 3), np.uint8)
    band[:] = DARK
    put_text(band, text, (w - box.width) / 2, high - (high - box.height) / 2, font, ink)
    band.flags.writeable = False
    return band


def generated_picture(
    image: GeneratedImage,
    size: int,
    turn_deg: tuple[float, float] = (0.0, 0.0),
    shade: Callable[[Rgb], Rgb] | None = None,
    ink: Color = ORANGE,
) -> Rgb:
    """A generated image as it may be shown: uint8 (size, size, 3) RGB with GENERATED on it.

    A relief is shown as a lit surface that lies in fog where its model is unsure, a color image as it is.

    Args:
        size: side in px, at least 56.
        turn_deg: how far a relief is turned to its own left, and up.
        shade: gives the picture other colors before it is marked, for a screen at night; the mark has ``ink``.
    """
    side = max(size, 56)
    if image.relief_mm is not None:
        rgb = shade_relief(image.relief_mm, side, image.confidence, turn_deg)
    elif image.pixels.ndim == 2:
        gray = cv2.resize(image.pixels, (side, side), interpolation=cv2.INTER_CUBIC)
        rgb = np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    else:
        rgb = np.asarray(cv2.resize(image.pixels, (side, side), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    return mark_generated(rgb if shade is None else shade(rgb), image.name, ink)
